"""Claude Code's file tools and shell commands with the content they show; what agents did in all is read by `reader.py`."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Raw, Struct

from forensics.formats.transcripts.claude.calls import text_in
from forensics.formats.transcripts.claude.records import RECORDS, BadLines, Block, Nested, Record, decoded, records
from forensics.formats.transcripts.claude.runs import time_of
from forensics.formats.transcripts.shell import joined
from forensics.model.file_acts import Act, FileEdited, FileSet, FileShown, FileUnclear, Replacement, ShellRan
from forensics.model.source import TranscriptRef

# `     7→text`, newer logs `7<tab>text`: how Read numbers the lines that the agent sees.
_NUMBERED = re.compile(r" *(?P<number>\d+)(?:→|\t)(?P<text>.*)")
_WANTED = frozenset({"Read", "Edit", "Write", "MultiEdit", "NotebookEdit", "Bash"})


class _Change(Struct, gc=False):
    old_string: str = ""
    new_string: str = ""
    replace_all: bool = False


class _Input(_Change, gc=False):
    file_path: str | None = None
    notebook_path: str | None = None
    command: str | None = None
    content: str | None = None
    edits: list[_Change] | None = None


class _Shown(Struct, gc=False, rename={"start": "startLine", "lines": "numLines", "total": "totalLines"}):
    content: str | None = None
    start: int = 1
    lines: int | None = None
    total: int | None = None


class _Found(
    Struct,
    gc=False,
    rename={
        "old": "oldString",
        "new": "newString",
        "original": "originalFile",
        "originals": "originalFileContents",
        "modified": "userModified",
    },
):
    """A tool's own result beside what the agent saw; older logs call the file before an edit by another name."""

    file: _Shown | None = None
    old: str | None = None
    new: str | None = None
    original: str | None = None
    originals: str | None = None
    modified: bool | None = None
    updated_file: str | None = None
    type: str | None = None


class _Call:
    """A call that waits for its result."""

    __slots__ = ("branch", "cwd", "moment", "name", "said")

    def __init__(self, name: str, record: Record, moment: datetime, said: _Input) -> None:
        self.name, self.moment, self.said = name, moment, said
        self.cwd, self.branch = record.cwd or "", record.branch


class FileActs:
    """The acts of a set of files; a call that several files hold, as after a resume, counts once."""

    def __init__(self) -> None:
        self._calls: dict[str, _Call] = {}
        self._found: dict[str, tuple[bool, list[Act]]] = {}

    def acts(self) -> Iterator[Act]:
        """Yield the acts, in no order."""
        for _, found in self._found.values():
            yield from found

    def take(self, path: str, chunks: Iterable[bytes]) -> None:
        """Read one transcript: its chunks end at line ends. Lines that cannot be read are left out."""
        last: datetime | None = None
        for line, record in records(chunks, BadLines(), RECORDS):
            inner = record
            if record.type == "progress":
                nested = decoded(record.data, Nested)
                relayed = nested.relayed_by(record) if nested else None
                if relayed is None:
                    continue
                relayed.cwd, relayed.branch = record.cwd, record.branch
                inner = relayed
            last = time_of(inner.timestamp) or last
            if last is not None:
                self._record(inner, last, TranscriptRef(path, line), relayed=inner is not record)

    def _record(self, record: Record, moment: datetime, ref: TranscriptRef, *, relayed: bool) -> None:
        """Read one record. What a parent relays of a subagent lacks the files' content: the agent's own record is better."""
        content = record.message.content if record.message else None
        for block in content if isinstance(content, list) else ():
            if not isinstance(block, Block):
                continue
            if block.type == "tool_use" and block.id and block.name in _WANTED:
                said = decoded(block.input, _Input)
                if said is not None:
                    self._calls.setdefault(block.id, _Call(block.name, record, moment, said))
            elif block.type == "tool_result" and block.tool_use_id in self._calls:
                known = self._found.get(block.tool_use_id)
                if known is None or (known[0] and not relayed):
                    acts = list(_acts(self._calls[block.tool_use_id], block, record.result, moment, ref))
                    self._found[block.tool_use_id] = (relayed, acts)


def _acts(call: _Call, block: Block, result: Raw, moment: datetime, ref: TranscriptRef) -> Iterator[Act]:
    said, failed = call.said, bool(block.is_error)
    if call.name == "Bash":
        if said.command:
            text = text_in(block.content)
            yield ShellRan(moment, ref, call.moment, said.command, call.cwd, text, failed, call.branch)
        return
    named = said.file_path or said.notebook_path
    if failed or not named:
        return
    path = joined(call.cwd, named)
    found = decoded(result, _Found) or _Found()
    match call.name:
        case "Read":
            yield from _read(path, block, found, moment, ref)
        case "Write" if said.content is not None:
            yield FileSet(moment, ref, path, said.content)
        case "Edit" | "MultiEdit":
            yield _edit(path, said, found, moment, ref)
        case "NotebookEdit" if found.updated_file is not None:
            yield FileSet(moment, ref, path, found.updated_file)
        case "NotebookEdit":
            yield FileUnclear(moment, ref, path, "a cell of the notebook was edited")


def _read(path: str, block: Block, found: _Found, moment: datetime, ref: TranscriptRef) -> Iterator[Act]:
    shown = found.file
    if shown is not None and shown.content is not None:
        if found.type == "text":
            whole = shown.start <= 1 and shown.total is not None and shown.lines == shown.total
            yield FileShown(moment, ref, path, shown.content, max(shown.start, 1), whole)
        return
    rows = [match for line in text_in(block.content).split("\n") if (match := _NUMBERED.fullmatch(line))]
    if rows:  # a subagent's result that its parent relays: the lines as the agent saw them, perhaps cut
        yield FileShown(
            moment, ref, path, "".join(f"{row['text']}\n" for row in rows), int(rows[0]["number"]), whole=False
        )


def _edit(path: str, said: _Input, found: _Found, moment: datetime, ref: TranscriptRef) -> Act:
    before = found.original if found.original is not None else found.originals
    if found.modified:
        return FileUnclear(moment, ref, path, "a person changed the edit before it was applied")
    if said.edits is not None:
        changes = tuple(Replacement(edit.old_string, edit.new_string, edit.replace_all) for edit in said.edits)
        return FileEdited(moment, ref, path, changes, before)
    # The result has the strings as they were found in the file: the agent's own may differ in quotation marks.
    old = said.old_string if found.old is None else found.old
    new = said.new_string if found.new is None else found.new
    return FileEdited(moment, ref, path, (Replacement(old, new, said.replace_all),), before)
