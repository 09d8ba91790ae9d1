"""Codex's patches and shell commands with the content they show; what agents did in all is read by `reader.py`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from forensics.formats.transcripts.apply_patches import FilePatch, file_patches
from forensics.formats.transcripts.codex.calls import CALLS, Call, asked_in
from forensics.formats.transcripts.codex.outputs import Output, arguments_of, output_of, script_of, text_of, within
from forensics.formats.transcripts.codex.records import Item, SessionMeta, TurnContext, lines, moment_of
from forensics.model.file_acts import Act, FilePatched, FileSet, FileUnclear, ShellRan
from forensics.model.source import TranscriptRef

# A patch that worked says so; a refused one says what was not found.
_WORKED = "Success. Updated"


@dataclass(frozen=True, slots=True)
class _Begun:
    """A call that waits for its output."""

    call: Call
    source: str
    cwd: str
    branch: str | None
    moment: datetime


class FileActs:
    """The acts of a set of rollouts; a call that a fork copies from its parent counts once."""

    def __init__(self) -> None:
        self._begun: dict[str, _Begun] = {}
        self._found: dict[str, list[Act]] = {}

    def acts(self) -> Iterator[Act]:
        """Yield the acts, in no order."""
        for found in self._found.values():
            yield from found

    def take(self, path: str, chunks: Iterable[bytes]) -> None:
        """Read one rollout: its chunks end at line ends."""
        cwd, branch, last = "", None, None
        for number, line, body in lines(chunks, []):
            last = moment_of(line.timestamp) or last
            ref = TranscriptRef(path, number)
            match body:
                case SessionMeta(cwd=str(cwd), git=git) if last:
                    branch = git.branch if git else None
                    if git and git.commit_hash:  # where HEAD was when the session began
                        ran = ShellRan(last, ref, last, "git rev-parse HEAD", cwd, git.commit_hash, False, branch)
                        self._found.setdefault(f"{path}:{number}", [ran])
                case TurnContext(cwd=str(cwd)):
                    pass
                case Item(call_id=str(call)) if last:
                    self._item(body, call, _Place(cwd, branch, last, ref))

    def _item(self, item: Item, identity: str, place: "_Place") -> None:
        if item.type in CALLS:
            asked = asked_in(item)
            if isinstance(asked, Call) and (asked.command or asked.writes):
                where = within(place.cwd, asked.workdir)
                self._begun.setdefault(identity, _Begun(asked, _source(item), where, place.branch, place.moment))
        elif item.type.endswith("_output") and identity in self._begun and identity not in self._found:
            output = output_of(item.output)
            self._found[identity] = list(_acts(self._begun[identity], output, place))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where and when a record was written."""

    cwd: str
    branch: str | None
    moment: datetime
    ref: TranscriptRef


def _source(item: Item) -> str:
    """Return the text of a call that may hold a patch: its free text, its input, or its shell command."""
    free = text_of(item.input)
    arguments = arguments_of(item.arguments, item.action)
    if arguments is None:
        return free
    words = arguments.command or arguments.cmd
    script = "\n".join(words) if isinstance(words, list) and words[:1] == ["apply_patch"] else script_of(words)
    return free or arguments.input or script


def _acts(begun: _Begun, output: Output, place: _Place) -> Iterator[Act]:
    call, moment, ref = begun.call, place.moment, place.ref
    failed = bool(output.exit_code)
    patches = file_patches(begun.source)
    if call.command and not patches:
        yield ShellRan(moment, ref, begun.moment, call.command, begun.cwd, output.text, failed, begun.branch)
    if failed or (call.writes and output.exit_code is None and _WORKED not in output.text):
        return
    if patches:
        yield from (act for patch in patches for act in acts_of_patch(patch, begun.cwd, moment, ref))
    else:
        why = "a script patched it"
        yield from (FileUnclear(moment, ref, within(begun.cwd, path), why) for path in call.writes)


def acts_of_patch(patch: FilePatch, cwd: str, moment: datetime, ref: TranscriptRef) -> Iterator[Act]:
    """Yield what one file's part of a patch did."""
    path = within(cwd, patch.path)
    if patch.hunks:
        yield FilePatched(moment, ref, path, patch.hunks, within(cwd, patch.to) if patch.to else "")
    else:
        yield FileSet(moment, ref, path, patch.text)
