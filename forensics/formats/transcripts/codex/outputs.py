"""What a Codex tool call ran and what it printed, out of the many shapes the versions wrote."""

import posixpath
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import msgspec
from msgspec import Raw, Struct

from forensics.formats.transcripts.codex.records import UNREADABLE
from forensics.formats.transcripts.shell import joined

_SHELLS = {"bash", "sh", "zsh", "fish", "dash", "pwsh", "powershell", "powershell.exe", "cmd", "cmd.exe"}
# Codex puts these lines before what a command printed; which of them depends on its version.
_HEADER = re.compile(
    r"\A(?:(?:Command|Chunk ID|Wall time|Exit code|Process|Original token count|Total output lines|Script)\b[^\n]*\n?)+"
    r"(?:Output:(?:\n|\Z))?"
)
# Two wordings, by version. It is searched in the header only: commands print such lines themselves.
_EXIT = re.compile(r"^(?:Exit code:|Process exited with code) (-?\d{1,9})\b", re.MULTILINE)
# A command that outlives its call has no exit code yet: a later poll of the same session or cell has it.
_RUNNING = re.compile(r"^(?:Process running with (session) ID|Script running with (cell) ID) (\S{1,80})", re.MULTILINE)
# The headers of the `apply_patch` format. Inside a script they end at the literal's quote or escape.
_PATCHED = re.compile(r"\*\*\* (?:Add File|Update File|Delete File|Move to): ([^\n]+)")
_DELETED = re.compile(r"^\*\*\* Delete File: ([^\n]+)", re.MULTILINE)
# Inside a script the literal's quote or escape ends the path; in a call of its own, only the line does.
_PATCHED_IN_SCRIPT = re.compile(r"\*\*\* (?:Add File|Update File|Delete File|Move to): ([^\n\\\"'`]+)")
# The `exec` tool runs JavaScript that calls other tools; only commands given as literals can be read.
_RUNS = re.compile(r"\btools\.(?:exec_command|shell_command|shell)\(")
# Without the session, a script that polls would count as a command of its own, and its run would never end.
_POLLS = re.compile(r"\btools\.write_stdin\(\s*\{[^}]{0,500}?\bsession_id[\"']?\s*:\s*[\"']?(\w{1,80})")
# Keys are quoted or bare, and values use any of JavaScript's three quotes: models write all of them.
_COMMAND = re.compile(
    r"\b(?:cmd|command)[\"']?\s*:\s*(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)", re.DOTALL
)
# The bound keeps a literal that never closes from reading the whole script again at each start.
_WORKDIR = re.compile(r"\bworkdir[\"']?\s*:\s*([\"'])((?:(?!\1).){1,1000})\1")
# A literal of JavaScript: `\u0041`, or one character behind the backslash, which may be a line end.
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0", "\n": ""}
_PATCH_WORKED = "Success. Updated"
# Lines that cannot announce a commit: they do not begin with a bracket. The first and last line may continue elsewhere.
_OTHER_LINES = re.compile(r"\n(?!\[)[^\n]*(?=\n)")
# Nor can the rest of a line this long: a branch name has at most 250 bytes.
_LONG_LINE = re.compile(r"([^\n]{2000})[^\n]+")
# Characters of an output that are kept. Its ends tell what ran and how it ended; logs of hundreds of megabytes exist.
CUT = 4000


class Arguments(Struct):
    """The arguments of a tool call, as far as they are read."""

    command: str | list[str] | None = None
    cmd: str | list[str] | None = None
    workdir: str | None = None
    working_directory: str | None = None
    session_id: int | str | None = None
    cell_id: int | str | None = None
    message: str | None = None
    task_name: str | None = None
    agent_type: str | None = None
    input: str | None = None

    @property
    def follows(self) -> str:
        """Return which session or cell the call asks for more output."""
        return f"session {self.session_id}" if self.cell_id is None else f"cell {self.cell_id}"


class _Metadata(Struct):
    exit_code: int | None = None


class _Wrapped(Struct):
    output: str | None = None
    content: str | None = None
    metadata: _Metadata | None = None
    exit_code: int | None = None
    session_id: int | str | None = None


class _Part(Struct):
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """What a call printed; `running` names the session or cell in which it goes on, None once it has ended."""

    text: str
    exit_code: int | None = None
    running: str | None = None


@dataclass(frozen=True, slots=True)
class KeptOutput:
    """What is kept of a printed text: the text, cut; the lines that may tell a commit; whether a patch was applied."""

    text: str = ""
    lines: str = ""
    patched: bool = False

    def __add__(self, more: "KeptOutput") -> "KeptOutput":
        """Return what is kept of both texts, printed one after the other."""
        text, patched = self.text + more.text, self.patched or more.patched
        return KeptOutput(cut(text), _may_commit(self.lines + more.lines), patched or _PATCH_WORKED in text)


NOTHING_PRINTED = KeptOutput()


def printed(text: str) -> KeptOutput:
    """Return what is kept of a text."""
    return KeptOutput(cut(text), _may_commit(text), _PATCH_WORKED in text)


def _may_commit(text: str) -> str:
    """Return a long text's lines that begin with a bracket, its first and its last; long lines are cut."""
    return text if len(text) <= CUT else _LONG_LINE.sub(r"\1", _OTHER_LINES.sub("", text))


def text_of(raw: Raw) -> str:
    """Return the text of a string, of a list of parts, or of an object that holds it; "" for anything else."""
    try:
        found = msgspec.json.decode(raw, type=str | list[_Part] | _Wrapped | None)
    except UNREADABLE:
        return ""
    match found:
        case str():
            return found
        case list():
            return "".join(part.text or "" for part in found)
        case _Wrapped():
            return found.output or found.content or ""
    return ""


def arguments_of(*found: Raw) -> Arguments | None:
    """Return a call's arguments, which are an object or a string that holds one; None if they cannot be read."""
    for raw in found:
        try:
            held = msgspec.json.decode(raw, type=str | Arguments | None)
            if isinstance(held, str):
                held = msgspec.json.decode(held, type=Arguments)
        except UNREADABLE:
            return None
        if held is not None:
            return held
    return None


def script_of(command: str | list[str] | None) -> str:
    """Return the shell text of a command; `bash -lc TEXT` is TEXT."""
    if not isinstance(command, list):
        return command or ""
    if len(command) == 3 and posixpath.basename(command[0]) in _SHELLS:
        return command[2]
    return shlex.join(command)


def words_of(raw: Raw) -> str:
    """Return the shell text of a command given as a string or as a list of words."""
    try:
        return script_of(msgspec.json.decode(raw, type=str | list[str] | None))
    except UNREADABLE:
        return ""


def output_of(raw: Raw) -> Output:
    """Read an output: the header that Codex puts before it, or the JSON that wraps it, are taken off."""
    try:
        held = msgspec.json.decode(raw, type=_Wrapped)
    except UNREADABLE:
        return _read(text_of(raw))
    return _unwrapped(held)


def _read(text: str) -> Output:
    header = _HEADER.match(text)
    rest = text[header.end() :] if header else text
    if rest.startswith("{"):
        try:
            inner = _unwrapped(msgspec.json.decode(rest, type=_Wrapped))
        except UNREADABLE:
            inner = Output("")
        if inner.text or inner.exit_code is not None or inner.running:
            return inner
    if not header:
        return Output(text)
    code, running = _EXIT.search(header[0]), _RUNNING.search(header[0])
    going_on = f"{running[1] or running[2]} {running[3]}" if running else None
    return Output(rest, int(code[1]) if code else None, going_on)


def _unwrapped(held: _Wrapped) -> Output:
    code = held.exit_code if held.metadata is None else held.metadata.exit_code
    inner = _read(held.output or held.content or "")
    if code is None and held.session_id is not None:
        return Output(inner.text, None, f"session {held.session_id}")
    return Output(inner.text, inner.exit_code if code is None else code, inner.running)


def scripts_in(source: str) -> Iterator[tuple[str, str | None]]:
    """Yield the shell commands, with their directories, that a script of the `exec` tool runs with literal text."""
    starts = [match.end() for match in _RUNS.finditer(source)]
    for start, end in pairwise([*starts, len(source)]):
        part = source[start:end]
        if command := _COMMAND.search(part):
            workdir = _WORKDIR.search(part)
            yield _unquoted(command[1]), workdir[2] if workdir else None


def runs_commands(source: str) -> bool:
    """Return whether a script of the `exec` tool runs any shell command."""
    return bool(_RUNS.search(source))


def polled_in(source: str) -> str:
    """Return the session that a script of the `exec` tool asks for more output; "" for none."""
    match = _POLLS.search(source)
    return f"session {match[1]}" if match else ""


def _unquoted(literal: str) -> str:
    def plain(match: re.Match[str]) -> str:
        code = match[1]
        if code.startswith("u") and len(code) == 5:
            return chr(int(code[1:], 16)) if not 0xD800 <= int(code[1:], 16) <= 0xDFFF else "\ufffd"
        return _ESCAPED.get(code, code)

    return _ESCAPE.sub(plain, literal[1:-1])


def patched_in(text: str, *, in_script: bool = False) -> tuple[str, ...]:
    """Return the paths that a patch's headers name, each once; `in_script`: the patch is a quoted literal."""
    if "*** Begin Patch" not in text:
        return ()
    pattern = _PATCHED_IN_SCRIPT if in_script else _PATCHED
    return tuple(dict.fromkeys(match[1].strip() for match in pattern.finditer(text)))


def deleted_in(text: str) -> tuple[str, ...]:
    """Return the paths that a patch's headers say are deleted; inside a script they are not looked for."""
    return tuple(path.strip() for path in _DELETED.findall(text)) if "*** Begin Patch" in text else ()


def within(cwd: str, path: str) -> str:
    """Return a path as seen from `cwd`. Newer logs write a cwd as a `file://` URL."""
    cwd, path = cwd.removeprefix("file://"), path.removeprefix("file://")
    return joined(cwd, path) if path else cwd


def cut(text: str) -> str:
    """Return at most 4,000 characters; the middle is left out because results are printed last."""
    return text if len(text) <= CUT else f"{text[:1000]}\n…\n{text[len(text) - (CUT - 1003) :]}"
