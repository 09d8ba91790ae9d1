"""OpenCode's file tools and shell commands with the content they show, out of exported sessions and its storage."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from forensics.formats.transcripts.apply_patches import file_patches
from forensics.formats.transcripts.codex.file_acts import acts_of_patch
from forensics.formats.transcripts.opencode.documents import STORED
from forensics.formats.transcripts.opencode.records import (
    Entry,
    Export,
    MessageInfo,
    Part,
    State,
    decoded,
    moment_of,
    real,
)
from forensics.formats.transcripts.shell import joined
from forensics.model.file_acts import Act, FileEdited, FileSet, FileShown, Replacement, ShellRan
from forensics.model.source import TranscriptRef

# `12: text` in the content of a read, `00012| text` in older versions; a file may hold such lines itself.
_NUMBERED = re.compile(r"(?:<content>)?(?P<number>\d+)(?:: |\| )(?P<text>.*)")


class _Input(
    Struct,
    gc=False,
    rename={"file": "filePath", "old": "oldString", "new": "newString", "every": "replaceAll", "patch": "patchText"},
):
    file: str | None = None
    content: str | None = None
    old: str | None = None
    new: str | None = None
    every: bool | None = None
    patch: str | None = None
    command: str | None = None
    workdir: str | None = None


class _Change(Struct, gc=False, rename={"path": "filePath", "moved": "movePath"}):
    path: str | None = None
    file: str | None = None
    moved: str | None = None
    type: str | None = None
    before: str | None = None
    after: str | None = None


class _Noted(Struct, gc=False):
    """What a tool notes beside its output."""

    exit: int | None = None
    files: list[_Change] | None = None
    filediff: _Change | None = None


class FileActs:
    """The acts of a set of exports; a call that a later export repeats counts once."""

    def __init__(self) -> None:
        self._found: dict[str, list[Act]] = {}
        self._folders: dict[str, str] = {}

    def acts(self) -> Iterator[Act]:
        """Yield the acts, in no order."""
        for found in self._found.values():
            yield from found

    def take(self, path: str, chunks: Iterable[bytes]) -> None:
        """Read an export, or a file of the storage; a damaged document is left out."""
        content = b"".join(chunks)
        if stored := STORED.search(path):
            self._stored(stored["kind"], content, path)
            return
        export = decoded(content, Export)
        for raw in export.messages if export else ():
            entry = decoded(raw, Entry)
            info = decoded(entry.info, MessageInfo) if entry else None
            if entry is None or info is None:
                continue
            cwd = (info.path.cwd if info.path else None) or (export.info.directory if export else None) or ""
            for piece in entry.parts:
                part = decoded(piece, Part)
                if part:
                    self._part(part, cwd, path)

    def _stored(self, kind: str, content: bytes, path: str) -> None:
        """Read a file of the storage; a message's comes before its parts, and says in which folder they ran."""
        if kind == "message" and (info := decoded(content, MessageInfo)) and info.id:
            self._folders[info.id] = (info.path.cwd if info.path else None) or ""
        elif kind == "part" and (part := decoded(content, Part)):
            self._part(part, self._folders.get(part.message or "", ""), path)

    def _part(self, part: Part, cwd: str, path: str) -> None:
        state = part.state
        if part.type != "tool" or state is None or state.status != "completed":
            return
        moment = moment_of(state.time.end if state.time else None)
        began = moment_of(state.time.start if state.time else None)
        if moment is None:
            return
        ref = TranscriptRef(path)
        key = real(part.call) or f"{path}:{part.tool}:{moment.timestamp()}"
        self._found.setdefault(key, list(_acts(part.tool or "", state, cwd, began or moment, moment, ref)))


def _acts(tool: str, state: State, cwd: str, began: datetime, moment: datetime, ref: TranscriptRef) -> Iterator[Act]:
    said, noted = decoded(state.input, _Input) or _Input(), decoded(state.metadata, _Noted) or _Noted()
    path = joined(cwd, said.file) if said.file else ""
    match tool:
        case "bash" if said.command:
            where = joined(cwd, said.workdir) if said.workdir else cwd
            yield ShellRan(moment, ref, began, said.command, where, state.output or "", bool(noted.exit))
        case "read" if path:
            yield from _read(path, state.output or "", moment, ref)
        case "write" if path and said.content is not None:
            yield FileSet(moment, ref, path, said.content)
        case "edit" if path and noted.filediff and noted.filediff.after is not None:
            yield FileSet(moment, ref, path, noted.filediff.after)
        case "edit" if path and said.old is not None and said.new is not None:
            yield FileEdited(moment, ref, path, (Replacement(said.old, said.new, bool(said.every)),))
        case "apply_patch" | "patch":
            yield from _patch(said.patch or "", noted.files or [], cwd, moment, ref)


def _patch(source: str, files: list[_Change], cwd: str, moment: datetime, ref: TranscriptRef) -> Iterator[Act]:
    """Yield a patch's files, with their content after it where OpenCode notes it."""
    noted = [(change, change.path) for change in files if change.path and change.after is not None]
    if not noted or len(noted) < len(files):
        yield from (act for patch in file_patches(source) for act in acts_of_patch(patch, cwd, moment, ref))
        return
    for change, path in noted:
        # A moved file is noted under its old path, with the content it has under the new one.
        gone = change.type == "delete" or bool(change.moved)
        yield FileSet(moment, ref, joined(cwd, path), None if gone else change.after)
        if change.moved:
            yield FileSet(moment, ref, joined(cwd, change.moved), change.after)


def _read(path: str, output: str, moment: datetime, ref: TranscriptRef) -> Iterator[Act]:
    rows = [match for line in output.split("\n") if (match := _NUMBERED.fullmatch(line))]
    if rows:
        text = "".join(f"{row['text']}\n" for row in rows)
        yield FileShown(moment, ref, path, text, int(rows[0]["number"]), whole=False)
