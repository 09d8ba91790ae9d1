"""Finding transcripts and reading them in pieces."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import pytest

from forensics.errors import NothingToExamine, UsageError
from forensics.model.source import Gap
from forensics.sources import transcripts
from forensics.sources.transcripts import TranscriptFile, begun_after, chunks, find, stored


def _write(path: Path, text: str = "{}\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_folders_files_and_patterns_are_found_sessions_first(tmp_path: Path) -> None:
    _write(tmp_path / "logs/agent-1.jsonl")
    _write(tmp_path / "logs/s.jsonl")
    _write(tmp_path / "logs/s/subagents/agent-2.jsonl")
    _write(tmp_path / "logs/readme.md")
    shown = [one.shown for one in find(["logs"], tmp_path, {})]
    assert shown == ["logs/s.jsonl", "logs/agent-1.jsonl", "logs/s/subagents/agent-2.jsonl"]
    assert [one.shown for one in find(["logs/*.jsonl", "logs/s.jsonl"], tmp_path, {})] == shown[:2]
    assert find([str(tmp_path / "logs")], tmp_path / "logs" / "s", {})[0].shown == "logs/s.jsonl"


def test_names_that_lead_nowhere(tmp_path: Path) -> None:
    folder = tmp_path / "[odd] name"
    _write(folder / "logs/s.jsonl")
    assert [one.shown for one in find(["lo*/**/*.jsonl"], folder, {})] == ["logs/s.jsonl"]
    assert [one.shown for one in find([str(tmp_path / "*" / "logs" / "*")], folder, {})] == ["logs/s.jsonl"]
    assert [one.shown for one in find([str(tmp_path / "?odd? name" / "logs" / "*")], folder, {})] == ["logs/s.jsonl"]
    for name in ("~nobody-here/x", "none/*.jsonl", "none"):
        with pytest.raises(NothingToExamine):
            find([name], folder, {})
    with pytest.raises(UsageError):
        find(["a**b/*"], folder, {})


def test_links_and_pipes_are_left_alone(tmp_path: Path) -> None:
    secret = _write(tmp_path / "outside/secret.jsonl")
    _write(tmp_path / "logs/s.jsonl")
    (tmp_path / "logs/link.jsonl").symlink_to(secret)
    (tmp_path / "logs/folder").symlink_to(secret.parent)
    os.mkfifo(tmp_path / "logs/pipe.jsonl")
    assert [one.shown for one in find(["logs"], tmp_path, {})] == ["logs/s.jsonl"]


def test_the_agents_own_store_is_found_by_the_folder(tmp_path: Path) -> None:
    work = tmp_path / "me/my.shop_1"
    work.mkdir(parents=True)
    name = "".join(one if one.isalnum() else "-" for one in str(work))
    _write(tmp_path / "home/.claude/projects" / name / "s.jsonl")
    _write(tmp_path / "home/.claude/projects/-other/s.jsonl")
    _write(tmp_path / "own/projects" / name / "t.jsonl")
    assert [one.path.name for one in find([], work, {"HOME": str(tmp_path / "home")})] == ["s.jsonl"]
    assert [one.path.name for one in find([], work, {"CLAUDE_CONFIG_DIR": str(tmp_path / "own")})] == ["t.jsonl"]
    with pytest.raises(NothingToExamine):
        find([], tmp_path, {"HOME": str(tmp_path / "home")})


def test_codex_sessions_of_several_folders_are_found_in_one_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trees = [tmp_path / "shop", tmp_path / "shop-2"]
    for name, cwd in (("a", trees[0]), ("b", trees[1]), ("c", tmp_path / "other")):
        _write(tmp_path / f".codex/sessions/2026/rollout-{name}.jsonl", json.dumps({"cwd": str(cwd)}))
    opened: list[str] = []
    opens = Path.open

    def noted(path: Path, mode: str = "r") -> IO[Any]:
        opened.append(path.name)
        return opens(path, mode)

    monkeypatch.setattr(Path, "open", noted)
    found = stored(trees, {"HOME": str(tmp_path)})
    assert [one.shown for one in found] == ["rollout-a.jsonl", "rollout-b.jsonl"]
    assert opened == ["rollout-a.jsonl", "rollout-b.jsonl", "rollout-c.jsonl"]
    assert stored([], {"HOME": str(tmp_path)}) == ()


def test_a_codex_session_is_found_by_a_folder_of_any_script(tmp_path: Path) -> None:
    folder = tmp_path / 'Bücher "店"'
    text = json.dumps({"cwd": str(folder)}, ensure_ascii=False)
    _write(tmp_path / ".codex/sessions/rollout-a.jsonl", text)
    assert [one.shown for one in stored([folder], {"HOME": str(tmp_path)})] == ["rollout-a.jsonl"]
    assert stored([tmp_path / "\udcff"], {"HOME": str(tmp_path)}) == ()


def test_pieces_end_at_line_ends_and_overlong_lines_are_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcripts, "CHUNK", 10)
    monkeypatch.setattr(transcripts, "LONGEST_LINE", 3_000)
    lines = ["a" * 25, "b", "", "c" * 9_000, "d" * 9, "e"]
    path = _write(tmp_path / "s.jsonl", "\n".join(lines))
    pieces = list(chunks(TranscriptFile("s.jsonl", path), []))
    assert all(piece.endswith(b"\n") for piece in pieces[:-1])
    read = b"".join(pieces).decode().split("\n")
    assert [line[:9] for line in read] == [line[:9] for line in lines]
    assert len(read[3]) == 1_000


def test_a_file_that_cannot_be_read_is_a_gap(tmp_path: Path) -> None:
    gaps: list[Gap] = []
    assert list(chunks(TranscriptFile("gone.jsonl", tmp_path / "gone.jsonl"), gaps)) == []
    assert gaps[0].what == "`gone.jsonl` could not be read: No such file or directory"


@pytest.mark.parametrize(
    ("content", "age", "kept"),
    [
        ('{"a": 1}\n{"b": ', 60, '{"a": 1}\n'),
        ('{"a": 1}\n{"b": ', 86_400, '{"a": 1}\n{"b": '),
        ('{"a": 1}\n{"b": 2}', 60, '{"a": 1}\n{"b": 2}'),
        ("# Words\nwithout an end", 60, "# Words\nwithout an end"),
        ('{\n  "a": 1\n}', 60, '{\n  "a": 1\n}'),
    ],
)
def test_a_record_that_is_being_written_is_left_out(tmp_path: Path, content: str, age: int, kept: str) -> None:
    path = _write(tmp_path / "s.jsonl", content)
    os.utime(path, (1_000_000, 1_000_000))
    assert b"".join(chunks(TranscriptFile("s.jsonl", path, live=True), [], now=1_000_000 + age)).decode() == kept


def test_a_copy_that_was_named_is_read_as_it_is(tmp_path: Path) -> None:
    """A fresh clone or an unpacked archive was written a moment ago, too."""
    path = _write(tmp_path / "s.jsonl", '{"a": 1}\n{"b": ')
    assert b"".join(chunks(TranscriptFile("s.jsonl", path), [])) == path.read_bytes()


def test_codex_sessions_outside_the_time_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = tmp_path / "shop"
    for day, written in (("2026/02/01", 1), ("2026/02/02", 5), ("2026/02/09", 9)):
        path = _write(tmp_path / f".codex/sessions/{day}/rollout-{written}.jsonl", json.dumps({"cwd": str(tree)}))
        moment = datetime(2026, 2, written, 12, tzinfo=UTC).timestamp()
        os.utime(path, (moment, moment))
    opened: list[str] = []
    opens = Path.open

    def noted(path: Path, mode: str = "r") -> IO[Any]:
        opened.append(path.name)
        return opens(path, mode)

    monkeypatch.setattr(Path, "open", noted)
    window = (datetime(2026, 2, 4, tzinfo=UTC), datetime(2026, 2, 6, tzinfo=UTC))
    assert [file.shown for file in stored([tree], {"HOME": str(tmp_path)}, window)] == ["rollout-5.jsonl"]
    assert opened == ["rollout-5.jsonl"]


def test_a_session_is_known_to_begin_after_a_time_by_its_first_record_with_one(tmp_path: Path) -> None:
    path = _write(tmp_path / "s.jsonl", '{"type":"summary"}\n{"timestamp":"2026-02-03T10:00:00.000Z"}\n')
    assert begun_after(path, datetime(2026, 2, 3, 9, tzinfo=UTC))
    assert not begun_after(path, datetime(2026, 2, 3, 11, tzinfo=UTC))
    assert not begun_after(path, None)
    assert not begun_after(_write(tmp_path / "t.jsonl"), datetime(2026, 2, 3, 9, tzinfo=UTC))


def test_other_agents_files_below_a_folder_are_found_by_their_names(tmp_path: Path) -> None:
    for name in ("history/2026-07-01_12-53-16Z-sort.md", "storage/session/p/ses_a.json", "notes.md", "package.json"):
        _write(tmp_path / "logs" / name)
    found = [file.shown for file in find(["logs"], tmp_path, {})]
    assert found == ["logs/history/2026-07-01_12-53-16Z-sort.md", "logs/storage/session/p/ses_a.json"]
