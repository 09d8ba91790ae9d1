"""What is promised of every command on every repository, and how a breach shows."""

import contextlib
import hashlib
import json
import os
import re
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from markdown_it import MarkdownIt

from forensics.render.visible import bare
from hostile.world import ENVIRONMENT, LISTENER, PLAN, REPORT, SECRET, WORDS, World
from tests.render.code_host import found

# As a user calls it: with `-m`, Python would search the current folder for modules.
FORENSICS = Path(sys.executable).with_name("forensics")
# Seconds of a clock: with nine others on two cores, an honest call takes ten.
PATIENCE = 60
# Bytes of memory: an honest call on these repositories takes 300 MB.
MEMORY = 3_000_000_000
PROMISES = {
    "runs": "nothing of the repository, its configuration or its plans is run",
    "writes": "nothing in the repository is changed, and nothing is written beside the named files",
    "reads": "nothing outside the repository is read by way of a link or a setting",
    "fetches": "nothing is fetched, and no other machine is asked",
    "ends": f"every command ends within {PATIENCE} s and {MEMORY // 10**9} GB",
    "answers": "every command ends with an answer or an error in a line: no crash",
    "shows": "what is printed holds no control character, order, link, mention, markup or script of others",
}
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("analyze", PLAN, "-o", "../out/p.md", "-o", "../out/p.html", "-o", "../out/p.json"),
    ("--all",),
    ("recover", PLAN, "--from-transcripts", "--script", "../out/r.sh"),
    ("check", "-", "--format", "llm"),
    ("weekly", "plans", "--since", "2026-01-01", "-o", "../out/w.md", "-o", "../out/w.csv", "-o", "../out/w.html"),
)
# What reads the same by the same ways: tried with `--thorough`.
MORE_COMMANDS: tuple[tuple[str, ...], ...] = (
    ("analyze", PLAN, "--at", "HEAD", "--no-transcripts", "--format", "md"),
    ("verify", REPORT),
    ("check", REPORT, "--format", "github"),
    ("usage", "--format", "csv"),
    ("weekly", "--history", "--since", "2026-01-01", "--format", "json"),
)


@dataclass(frozen=True, slots=True)
class Breach:
    """A promise that was broken, by which command, and what shows it."""

    promise: str
    command: str
    what: str


def examine(world: World, command: tuple[str, ...], tool: Path = FORENSICS) -> Iterator[Breach]:
    """Run a command of the tool on a world and yield what it should not have done."""
    before = _state(world)
    name = " ".join(command[:2])
    code, shown = _run(world, (str(tool), *command))
    if code is None:
        yield Breach("ends", name, f"no end after {PATIENCE} s")
    elif code not in {0, 1, 2, 3, 4} or "Traceback" in shown:
        yield Breach("answers", name, f"exit {code}: {shown[-300:]!r}")
    if world.canary.exists():
        world.canary.unlink()
        yield Breach("runs", name, "the canary exists")
    if _was_asked():
        yield Breach("fetches", name, "a connection was made")
    if before != (after := _state(world)):
        changed = sorted(str(path) for path in {*before, *after} if before.get(path) != after.get(path))
        yield Breach("writes", name, ", ".join(changed[:3]))
    for kind, text in (("text", shown), *_files(world)):
        if SECRET in text:
            yield Breach("reads", name, f"the file outside is in the {kind}")
        yield from (Breach("shows", name, f"{kind}: {what}") for what in _harm(kind, text))
    for file in world.out.iterdir():
        file.unlink()


def _run(world: World, command: tuple[str, ...]) -> tuple[int | None, str]:
    """Return the exit code, None if it had to be stopped, and what was printed."""
    environment = ENVIRONMENT | {
        "HOME": str(world.home),
        "TMPDIR": str(world.folder / "tmp"),
        "FORENSICS_NO_RECORD": "1",
    }
    with subprocess.Popen(
        command, cwd=world.repository, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=_limited,
    ) as process:  # fmt: skip
        try:
            printed, _ = process.communicate(
                f"All 42 tests pass {WORDS}. Committed as `a1b2c3d`.\n".encode(), timeout=PATIENCE
            )
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            printed, _ = process.communicate()
            return None, printed.decode("utf-8", "replace")
    return process.returncode, printed.decode("utf-8", "replace")


def _was_asked() -> bool:
    try:
        LISTENER.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


def _state(world: World) -> dict[Path, object]:
    """Return every file but those in the folder for outputs: kind, mode, time and content; nothing but files is opened."""
    found_here: dict[Path, object] = {}
    for folder, folders, files in os.walk(os.fsencode(world.folder)):
        for name in (*folders, *files):
            path = Path(os.fsdecode(folder)) / os.fsdecode(name)
            if path.is_relative_to(world.out) or path == world.canary:
                continue
            facts = path.lstat()
            content = ""
            if stat.S_ISREG(facts.st_mode) and facts.st_size < 5_000_000:
                content = hashlib.sha256(path.read_bytes()).hexdigest()
            moment = 0 if stat.S_ISDIR(facts.st_mode) and path.name == "tmp" else facts.st_mtime_ns
            found_here[path.relative_to(world.folder)] = (facts.st_mode, facts.st_size * bool(content), moment, content)
    return found_here


def _files(world: World) -> Iterator[tuple[str, str]]:
    for file in sorted(world.out.iterdir()):
        yield file.suffix.lstrip("."), file.read_text(encoding="utf-8", errors="replace")


def _harm(kind: str, text: str) -> Iterator[str]:
    """Yield what is more than words in an output."""
    flat = text.replace("\n", "").replace("\r", "")
    if bare(flat).replace("\u200b", "") != flat.replace("\u200b", "") and not {"\u200d", "\ufe0f"} & set(flat):
        yield "hidden characters"
    if "##[" in text:
        yield "an order to a build server"
    if kind == "text" and any(line.lstrip().startswith("::") and not _is_ours(line) for line in text.splitlines()):
        yield "an order to GitHub's runner"
    if kind == "md" or (kind == "text" and text.startswith("# ")):
        yield from _of_markdown(text)
    if kind == "html":
        yield from _of_html(text)
    if kind == "json":
        json.loads(text)


def _is_ours(line: str) -> bool:
    return re.match(r"::(?:error|warning|notice) (?:file=[^:]*,line=\d+,)?title=[^:]*::", line) is not None


def _of_markdown(text: str) -> Iterator[str]:
    made = found(text.replace("| SHA-256 |", ""))  # the title of a column
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    kinds = {one.type for token in tokens for one in (token, *(token.children or ()))}
    yield from sorted(made | (kinds & {"html_inline", "html_block", "link_open", "image"}))


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.harm: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            local = (value or "").startswith(("#", "data:image/png;base64,"))
            if name.startswith("on") or (name in {"src", "href", "action", "srcset"} and not local):
                self.harm.append(f"<{tag} {name}={(value or '')[:40]}>")
        if tag in {"iframe", "object", "embed", "img", "base", "form", "link"} and not any(name == "src" and (value or "").startswith("data:") for name, value in attrs):  # fmt: skip
            self.harm.append(f"<{tag}>")


def _of_html(text: str) -> Iterator[str]:
    if "Content-Security-Policy" not in text:
        yield "no policy"
    parser = _Elements()
    parser.feed(text)
    yield from parser.harm
