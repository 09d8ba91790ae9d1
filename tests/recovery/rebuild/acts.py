"""Short ways to write what tools show of files."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from forensics.formats.transcripts.shell_effects import effects
from forensics.model.file_acts import FileEdited, FileSet, FileShown, Replacement, ShellRan
from forensics.model.history import Change, Commit
from forensics.model.source import TranscriptRef
from forensics.recovery.rebuild.states import Base, Entry, ShellEffect

START = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
ROOT = "/home/ada/tally"


def moment(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def ref(minute: float) -> TranscriptRef:
    return TranscriptRef("s.jsonl", int(minute))


def wrote(minute: float, path: str, text: str | None) -> FileSet:
    return FileSet(moment(minute), ref(minute), path, text)


def edited(
    minute: float, path: str, old: str, new: str, before: str | None = None, *, every: bool = False
) -> FileEdited:
    return FileEdited(moment(minute), ref(minute), path, (Replacement(old, new, every),), before)


def shown(minute: float, path: str, text: str, start: int = 1, *, whole: bool = True) -> FileShown:
    return FileShown(moment(minute), ref(minute), path, text, start, whole)


def ran(minute: float, command: str, output: str = "", *, cwd: str = ROOT, branch: str | None = "main") -> ShellRan:
    began = moment(minute) - timedelta(seconds=2)
    return ShellRan(moment(minute), ref(minute), began, command, cwd, output, failed=False, branch=branch)


def did(minute: float, command: str) -> list[Entry]:
    """Return what a command does, as entries with paths inside the tree."""
    return [ShellEffect(moment(minute), ref(minute), effect) for effect in effects(command, "")]


def base(contents: Mapping[str, str | None], minute: float = 0, doubt: str = "", changed: str = "") -> Base:
    return Base(moment(minute), contents, doubt, frozenset(changed.split()))


def known(sha: str, minute: float, *paths: str, parents: tuple[str, ...] = (), subject: str = "x") -> Commit:
    """Return a commit that git has; the id is filled up to 40 digits."""
    full = tuple(parent.ljust(40, "0") for parent in parents)
    changes = tuple(Change("M", path, "b" * 40) for path in paths)
    return Commit(sha.ljust(40, "0"), full, moment(minute), moment(minute), subject, changes=changes)
