"""What a tool block of SpecStory's shows: a command with its output, a file, a launch, or the list of tasks."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from forensics.formats.pattern_rows import Row, compiled
from forensics.formats.transcripts.specstory.documents import ToolBlock

# Editors escape the summary, and the first versions have none: there, a line of its own names the file.
_SUMMARY = re.compile(r"\s*+(?:<details>)?\s*+<summary>(?P<text>.*?)</summary>|(?P<plain>Read file: .*)")
# Newer writers make a fence longer than any inside it, so that its length says where it ends.
_FENCE = re.compile(r"(?P<ticks>`{3,})(?P<info>[\w+.-]*)\s*")
# A command of one line; it may hold backticks itself, so that the outermost two count.
_CODE = re.compile(r"`(?P<code>.+)`\s*")
_EXIT = compiled(
    (
        Row(r"(?:Error: )?Exit code (-?\d{1,5})\b", "Exit code 1", "Claude Code, a failed command"),
        Row(r"Process exited with code (-?\d{1,5})\b", "Process exited with code 0", "Codex, behind an id and a time"),
        Row(r"Exit Code: (-?\d{1,5})\b", "Exit Code: 2", "Gemini CLI and older Codex"),
        Row(r'"exit_code":\s?(-?\d{1,5})\b', '{"output":"","metadata":{"exit_code":0}}', "the oldest Codex, as JSON"),
    ),
    before=r"^",
    flags=re.MULTILINE,
)
# An exit code stands in the first lines of what a tool prints; further down it is the command's own text.
_EXIT_LINES = 6
_NOT_RUN = compiled(
    (
        Row("<tool_use_error>", "<tool_use_error>File does not exist.</tool_use_error>", "a call that was refused"),
        Row("The user doesn['’]t want to proceed", "The user doesn't want to proceed with this", "a rejected call"),
        Row(r"\[Request interrupted by user", "[Request interrupted by user for tool use]", "a stopped call"),
        Row("Command running in background", "Command running in background with ID: b1", "its end is not here"),
        Row(r"(?:.*\n){0,4}?Process running with session", "Process running with session ID 7", "it still runs"),
    ),
    before=r"\A\s*+",
)
_CHANGED = compiled(
    (
        Row(r"The file (?P<one>\S.*?) has been (?:updated|created)", "The file /a b.py has been updated", "edits"),
        Row(r"File created successfully at: (?P<two>\S.*)", "File created successfully at: /a.py", "new files"),
        Row(
            r"\*\*(?:Add|Update|Modify|Delete): `(?P<three>[^`\n]+)`\*\*",
            "**Add: `a.py`**",
            "patches, a heading per file",
        ),
    ),
    before="^",
    flags=re.MULTILINE,
)
_FAILED_EDIT = compiled(
    (
        Row(r"\*\*Apply failed\*\*", "**Apply failed**", "an editor's change that did not fit"),
        Row(r"Status: \*\*(?!completed)\w+\*\*", "Status: **cancelled**", "an editor's change that was stopped"),
        Row(r"\*\*Error:\*\*", "**Error:**", "a generic call that failed"),
    ),
    flags=re.MULTILINE,
)
# Editors name the file in the summary only. Both bounds are those of a path.
_OF_SUMMARY = re.compile(r"(?:• |^)(?:Edit file|Read file|Write file|Apply patch for):? (?P<path>[^\n<]{1,1000}?)\s*$")
_LONGEST_PATH = 1_000
# A call that its writer does not know is shown as a list of its arguments.
_INPUT = re.compile(r"- (?P<key>\w+): `(?P<value>.*)`\s*")
# A task's state is a sign in its box, and its priority a picture before its text.
_TASK = re.compile(r"- \[(?P<state>.{1,2})\] (?:[🔥❄🌡]\ufe0f? )?(?P<text>\S.*)")
_TASKS = "**Agent task list:**"


@dataclass(frozen=True, slots=True)
class ToolText:
    """A tool block's parts: the summary, the lines before any output, and what the tool printed (None: nothing is shown)."""

    summary: str
    before: tuple[str, ...]
    given: str | None
    output: str | None


def text_of(block: ToolBlock) -> ToolText:
    """Take a tool block apart. The last fence is the output; older writers do not lengthen it around fences inside it."""
    found = next((match for line in block.lines[:6] if (match := _SUMMARY.match(line))), None)
    summary = html.unescape(found["text"] or found["plain"] or "") if found else ""
    lines = [
        line for line in block.lines if not line.startswith(("<summary>", "<details>", "</details>", "Tool use: **"))
    ]
    opened = _opening(lines, 0)
    if opened is None:
        return ToolText(summary, tuple(lines), None, None)
    before = tuple(lines[:opened])
    info = _info(lines[opened])
    if info in {"", "text"}:
        return ToolText(summary, before, None, "\n".join(lines[opened + 1 : _last_close(lines, opened)]))
    closed = _first_close(lines, opened)
    given = "\n".join(lines[opened + 1 : closed])
    again = _opening(lines, closed + 1)
    if again is None or _info(lines[again]) not in {"", "text"}:
        return ToolText(summary, tuple(lines), given, None)
    output = "\n".join(lines[again + 1 : _last_close(lines, again)])
    return ToolText(summary, (*before, *lines[closed + 1 : again]), given, output)


def command_of(block: ToolBlock, text: ToolText) -> str:
    """Return the command that a block shows; empty if it shows none."""
    inputs = _inputs(text)
    if named := inputs.get("command") or inputs.get("cmd"):
        return re.sub(r"\A\[(?:bash|sh|zsh) -l?c (.*)\]\Z", r"\1", named, flags=re.DOTALL)
    if block.type != "shell" and block.name not in {"Bash", "shell", "exec_command"}:
        return ""
    if text.given is not None:
        return text.given
    plain = next((match["code"] for line in text.before if (match := _CODE.fullmatch(line))), None)
    named = text.summary.partition("** `")[2].rstrip()
    return plain or (named[:-1] if named.endswith("`") else "")


def result_of(text: ToolText, agent: str) -> tuple[int | None, bool]:
    """Return a command's exit code, None if unknown, and whether it ran to its end as far as the text shows.

    Claude Code says it where a command failed; of other agents, silence says nothing.
    """
    if text.output is None or _NOT_RUN.match(text.output):
        return None, False
    top = "\n".join(text.output.split("\n", _EXIT_LINES)[:_EXIT_LINES])
    if found := _EXIT.search(top):
        return int(next(code for code in found.groups() if code)), True
    return (0 if agent == "claude-code" else None), True


def changed_by(block: ToolBlock, text: ToolText) -> tuple[str, ...]:
    """Return the files that a writing tool changed, as far as its result says so."""
    whole = "\n".join(text.before)
    if _FAILED_EDIT.search(whole) or (text.output and _NOT_RUN.match(text.output)):
        return ()
    said = f"{whole}\n{text.output or ''}" if block.name != "apply_patch" else "\n".join(block.lines)
    found = [next(name for name in match.groups() if name) for match in _CHANGED.finditer(said)]
    if not found and (match := _OF_SUMMARY.search(text.summary[: 2 * _LONGEST_PATH])):
        found = [match["path"]]
    return tuple(dict.fromkeys(found))


def read_by(text: ToolText) -> str | None:
    """Return the file that a reading tool read; None if it failed or names none."""
    if text.output and _NOT_RUN.match(text.output):
        return None
    if match := _OF_SUMMARY.search(text.summary[: 2 * _LONGEST_PATH]):
        return match["path"]
    inputs = _inputs(text)
    named = inputs.get("file_path") or inputs.get("path") or inputs.get("target_file")
    return named or next((match["code"] for line in text.before if (match := _CODE.search(line))), None)


def tasks_in(block: ToolBlock) -> tuple[tuple[str, bool], ...] | None:
    """Return the list of tasks that a block shows, each with whether it is done; None if it shows no list."""
    if block.type != "task" and not any(line.startswith(_TASKS) for line in block.lines):
        return None
    found = (_TASK.fullmatch(line) for line in block.lines)
    return tuple((match["text"], match["state"] in {"X", "x"}) for match in found if match)


def description_in(text: ToolText) -> str:
    """Return the first line of a block, in which the agent says what the call is for."""
    return next((line.strip() for line in text.before if line.strip() and not _CODE.fullmatch(line)), "")


def _inputs(text: ToolText) -> dict[str, str]:
    return {match["key"]: match["value"] for line in text.before if (match := _INPUT.fullmatch(line))}


def _opening(lines: Sequence[str], begin: int) -> int | None:
    return next((place for place in range(begin, len(lines)) if _FENCE.fullmatch(lines[place])), None)


def _info(line: str) -> str:
    match = _FENCE.fullmatch(line)
    return match["info"] if match else ""


def _ticks(line: str) -> str:
    match = _FENCE.fullmatch(line)
    return match["ticks"] if match else ""


def _first_close(lines: Sequence[str], opened: int) -> int:
    ticks = _ticks(lines[opened])
    return next((place for place in range(opened + 1, len(lines)) if lines[place].rstrip() == ticks), len(lines))


def _last_close(lines: Sequence[str], opened: int) -> int:
    ticks = _ticks(lines[opened])
    return next((place for place in range(len(lines) - 1, opened, -1) if lines[place].rstrip() == ticks), len(lines))
