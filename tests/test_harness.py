"""The harness notices each kind of breach: a harness that sees nothing finds nothing."""

import time
from pathlib import Path

import pytest

from hostile.attack import table
from hostile.examine import PROMISES, examine
from hostile.fuzz import fuzz, report
from hostile.mutations import LONGEST, mutated
from hostile.repositories import ATTACKS
from hostile.seeds import (
    claude_transcripts,
    codex_transcripts,
    gemini_transcripts,
    opencode_transcripts,
    specstory_transcripts,
)
from hostile.targets import Target, targets
from hostile.world import LISTENER, SECRET, World, build


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return build(tmp_path_factory.mktemp("attack") / "w")


def _tool(world: World, body: str) -> Path:
    tool = world.folder.parent / "tool"
    tool.write_text(f"#!/usr/bin/env python3\nimport os, pathlib, socket, sys\n{body}\n", encoding="utf-8")
    tool.chmod(0o755)
    return tool


@pytest.mark.parametrize(
    ("body", "promise"),
    [
        ("pathlib.Path('{canary}').touch()", "runs"),
        ("pathlib.Path('new').touch()", "writes"),
        ("pathlib.Path('../home/new').touch()", "writes"),
        ("os.utime('src/a.py')", "writes"),
        ("print('{secret}')", "reads"),
        ("pathlib.Path('../out/x.json').write_text('\"{secret}\"')", "reads"),
        ("socket.create_connection({listener}).close()", "fetches"),
        ("sys.exit(5)", "answers"),
        ("raise ValueError", "answers"),
        ("print('\\x1b[31m')", "shows"),
        ("print('x\\ufe01')", "shows"),
        ("print('  ::add-mask::x')", "shows"),
        ("pathlib.Path('../out/x.md').write_text('ask @name')", "shows"),
        ("pathlib.Path('../out/x.md').write_text('<b>')", "shows"),
        ("pathlib.Path('../out/x.html').write_text('<img src=x>')", "shows"),
        ("print('::error title=X1 x::y')", ""),
        ("pathlib.Path('../out/x.md').write_text('nothing but words')", ""),
    ],
)
def test_a_breach_is_noticed(world: World, body: str, promise: str) -> None:
    body = (
        body.replace("{canary}", str(world.canary))
        .replace("{secret}", SECRET)
        .replace("{listener}", str(LISTENER.getsockname()))
    )
    found = list(examine(world, ("analyze", "x"), _tool(world, body)))
    assert {breach.promise for breach in found} == ({promise} if promise else set())
    for new in (world.repository / "new", world.home / "new"):
        new.unlink(missing_ok=True)


def test_the_table_has_a_row_per_promise(world: World) -> None:
    found = list(examine(world, ("analyze", "x"), _tool(world, "sys.exit(5)")))
    rows = table(3, [("an attack", breach) for breach in found]).splitlines()
    assert len(rows) == 1 + len(PROMISES) + len(found)
    assert sum(row.split()[-2:] == ["3", "1"] for row in rows) == 1


def test_every_attack_can_be_built(tmp_path: Path) -> None:
    for place, name in enumerate(
        ["odd refs", "damaged objects", "checkpoints of strangers", "commits that git would not make"]
    ):
        ATTACKS[name](build(tmp_path / str(place)))


def test_a_crash_and_a_hang_are_noticed(tmp_path: Path) -> None:
    def crash(content: bytes) -> None:
        if b"{" in content:
            raise KeyError(content)

    def hang(content: bytes) -> None:
        while content:
            time.process_time()

    chosen = (Target("crash", (b'{"a": [1]}',), crash), Target("hang", (b"x",), hang, 1))
    results = fuzz(chosen, seconds=0, runs=40, seed=1, limit=0.02, keep=tmp_path / "found")
    assert results["crash"].failures
    assert all(where.startswith("Hang") for where in results["hang"].failures)
    assert list((tmp_path / "found").glob("crash-*.input"))
    assert "failures" in report(results)


def test_every_target_takes_its_own_seeds() -> None:
    found = targets()
    assert len(found) > 20
    for target in found:
        for seed in target.seeds[:3]:
            target.run(seed)


def test_the_seeds_of_transcripts_are_sessions() -> None:
    from forensics.formats.transcripts.readers import read

    for path, contents in (
        ("s.jsonl", claude_transcripts()),
        ("rollout.jsonl", codex_transcripts()),
        ("x.json", opencode_transcripts()[:1]),
        ("session-1.json", gemini_transcripts()),
        (".specstory/history/2026-03-04_09-15-00Z-x.md", specstory_transcripts()),
    ):
        assert all(read([(path, [content])]).agents for content in contents[-1:]), path


def test_mutations_are_the_same_for_the_same_seed() -> None:
    import random

    seeds = claude_transcripts()
    one, two = ([mutated(random.Random(7), seed, seeds) for seed in seeds[:5]] for _ in range(2))  # noqa: S311
    assert one == two
    assert all(len(text) <= LONGEST for text in one)
