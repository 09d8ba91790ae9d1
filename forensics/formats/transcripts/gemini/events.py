"""Gemini CLI's tool calls as events."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from forensics.formats.transcripts.excerpts import cut
from forensics.formats.transcripts.gemini.records import Arguments, Call, decoded, moment_of, output_of
from forensics.formats.transcripts.printed_commits import printed_commits
from forensics.formats.transcripts.shell import folder_of
from forensics.formats.transcripts.test_runs import as_test_run
from forensics.model.source import TranscriptRef
from forensics.model.transcript import Command, CommitMade, Event, FileRead, FileWrite

# Characters of an output, as for other agents.
_OUTPUT = 4_000
_WRITES = frozenset({"write_file", "replace", "edit"})
# What a command printed stands between labels, of which versions write different ones.
_PRINTED = re.compile(r"^(?:Output|Stdout): ", re.MULTILINE)
_LABEL = re.compile(r"^(?:Error|Stderr|Exit Code|Signal|Background PIDs|Process Group PGID): ", re.MULTILINE)
# Newer versions write the code only where it is not 0, older ones always: its absence says nothing that is sure.
_EXIT = re.compile(r"^Exit Code: (-?\d{1,5})\s*$", re.MULTILINE)


def events_of(call: Call, at: datetime, ref: TranscriptRef) -> Iterator[Event]:
    """Yield what a tool call did; a file is written or read if the call succeeded."""
    said = decoded(call.args, Arguments) or Arguments()
    done = moment_of(call.timestamp) or at
    path = said.file_path or said.absolute_path
    if call.name == "run_shell_command" and said.command:
        yield from _shell(call, said, done, ref)
    elif call.status == "success" and path and call.name == "read_file":
        yield FileRead(done, ref, path)
    elif call.status == "success" and path and call.name in _WRITES:
        yield FileWrite(done, ref, path)


def _shell(call: Call, said: Arguments, done: datetime, ref: TranscriptRef) -> Iterator[Event]:
    """Yield the command, or the test run it is, and the commits it made."""
    command, whole = said.command or "", output_of(call.result) or ""
    codes = _EXIT.findall(whole)
    where = folder_of(command, said.dir_path or said.directory or "")
    output = _printed(whole)
    ran = Command(done, ref, command, where, int(codes[-1]) if codes else None, output)
    ended = call.status in {"success", "error"} and whole
    yield (as_test_run(ran) if ended else None) or replace(ran, output=cut(output, _OUTPUT))
    for made in printed_commits(command, output):
        yield CommitMade(done, ref, made.sha, made.branch, made.subject, where)


def _printed(text: str) -> str:
    """Return what a command printed, without the labels around it."""
    found = _PRINTED.search(text)
    if found is None:
        return text
    rest = text[found.end() :]
    labels = list(_LABEL.finditer(rest))
    errors = next((rest[label.end() :] for label in labels if label[0].startswith(("Error", "Stderr"))), "")
    printed = rest[: labels[0].start()] if labels else rest
    error = _LABEL.split(errors)[0].strip()
    return printed.rstrip("\n") + (f"\n{error}" if error and error != "(none)" else "")
