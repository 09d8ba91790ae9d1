"""Proof that rebuilt content is what was committed: ids that the transcript prints come out again."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from itertools import product

from forensics.model.file_acts import Act, ShellRan
from forensics.model.prose import count
from forensics.model.rebuilt import Numbers, RebuiltCommit, Sureness
from forensics.recovery.rebuild.states import UNSEEN

# `git diff` prints the ids of a file's blobs before and after: `index 1a2b3c4..5d6e7f8 100644`. Only the last ` b/` of a line is
# tried: a line of nothing else would take quadratic time.
_DIFF = re.compile(
    r"^diff --git a/(?>[^\n]+ b/)(?P<path>[^\n]+)\n(?:[^\n@]*\n){0,4}?index (?P<before>[0-9a-f]{7,64})\.\.(?P<after>[0-9a-f]{7,64})",
    re.MULTILINE,
)
# Seconds around a commit's call and result; a clock of whole seconds, and a result that is written down late.
_SLACK = timedelta(seconds=2)
# `…:35/dd7d024663/0/full.jsonl`: where Entire keeps the session of the checkpoint 35dd7d024663.
_CHECKPOINT = re.compile(r"(?P<start>[0-9a-f]{2})/(?P<rest>[0-9a-f]{10})/\d+/full\.jsonl$")
# The last paragraph of a message, if all of it is trailers: `Co-Authored-By: …`.
_TRAILERS = re.compile(r"\n\n(?:[A-Za-z][A-Za-z0-9-]*: [^\n]+\n)+\Z")
# More seconds than this would let a short id come out by chance.
_LONGEST = 900
_DATE = "%a %b %d %H:%M:%S %Y %z"  # as git prints an author's date when it amends


PrintedBlobs = Mapping[str, tuple[tuple[datetime, str], ...]]


def printed_blobs(acts: Iterable[Act]) -> PrintedBlobs:
    """Return the (short) blob ids that diffs in the transcripts show of each path, with the time."""
    found: dict[str, list[tuple[datetime, str]]] = {}
    for act in acts:
        if isinstance(act, ShellRan) and "diff --git" in act.output:
            for match in _DIFF.finditer(act.output):
                blobs = {match["before"], match["after"]}
                found.setdefault(match["path"], []).extend((act.moment, blob) for blob in sorted(blobs))
    return {path: tuple(blobs) for path, blobs in found.items()}


def when_printed(path: str, content: bytes, printed: PrintedBlobs) -> tuple[datetime, ...]:
    """Return when diffs in the transcripts show this very content of a file."""
    own = (_id(b"blob", content, 40), _id(b"blob", content, 64))
    return tuple(moment for moment, blob in printed.get(path, ()) if any(each.startswith(blob) for each in own))


@dataclass(frozen=True, slots=True)
class Identity:
    """Who may have made a commit, as `Name <mail>`, and the zone of their clock."""

    name: str
    zone: tzinfo | None


def identical(
    commit: RebuiltCommit, tree: str, parents: Sequence[str], began: datetime, identities: Iterable[Identity]
) -> bytes | None:
    """Return the commit object whose id is the one that git printed; None if none of the possible ones has it.

    The transcript shows all of it but the second and the author, who is one of those who commit here: few enough to try.
    """
    for content in _possible(commit, tree, parents, began, identities):
        if _id(b"commit", content, len(tree)).startswith(commit.sha):
            return content
    return None


def _possible(
    commit: RebuiltCommit, tree: str, parents: Sequence[str], began: datetime, identities: Iterable[Identity]
) -> Iterator[bytes]:
    start, end = began - _SLACK, commit.moment + _SLACK
    seconds = min(int((end - start).total_seconds()), _LONGEST)
    head = "".join([f"tree {tree}\n", *(f"parent {parent}\n" for parent in parents)])
    messages = tuple(_messages(commit))
    for who in identities:
        for moment, message in product((end - timedelta(seconds=back) for back in range(seconds + 1)), messages):
            made = _stamp(moment.astimezone(who.zone))
            authored = _stamp(datetime.strptime(commit.authored, _DATE)) if commit.authored else made
            author = commit.author or who.name
            text = f"{head}author {author} {authored}\ncommitter {who.name} {made}\n\n{message}"
            yield text.encode("utf-8", "replace")


def _messages(commit: RebuiltCommit) -> Iterator[str]:
    """Yield the message as the command has it, and as Entire's hook leaves it: with the checkpoint that holds the session."""
    yield commit.message
    if kept := _CHECKPOINT.search(commit.record.path):
        yield f"{with_trailers(commit.message)}Entire-Checkpoint: {kept['start']}{kept['rest']}\n"


def with_trailers(message: str) -> str:
    """Return a message that a trailer may follow: after other trailers directly, else after a blank line."""
    return message if _TRAILERS.search(message) else f"{message}\n"


def _stamp(moment: datetime) -> str:
    return f"{int(moment.timestamp())} {moment.strftime('%z')}"


def _id(kind: bytes, content: bytes, digits: int) -> str:
    digest = hashlib.sha256 if digits == 64 else hashlib.sha1
    return digest(kind + b" %d\0" % len(content) + content).hexdigest()


def checked(commit: RebuiltCommit, found: Numbers) -> tuple[RebuiltCommit, tuple[str, ...]]:
    """Return a commit as sure as git's own count of its lines allows, and what differs.

    Where a file is in doubt, that explains a difference. Where none is, the base or a file is wrong, and none is exact any
    more. Equal counts do not prove what a formatter left, because rewriting a new line changes none of them. They do prove that
    a file was as git has it before a patch: lines that somebody else had changed would count, too.
    """
    if commit.printed is None:
        return commit, ()
    if commit.printed == found:
        return _clean(commit), ()
    said, own = commit.printed, found
    note = (
        f"git printed {count(said.files, 'file')}, +{said.added} and -{said.removed} lines; "
        f"rebuilt are {count(own.files, 'file')}, +{own.added} and -{own.removed}"
    )
    why = "the commit's line count differs from what git printed"
    if any(file.sureness is not Sureness.EXACT for file in commit.files) or commit.unknown:
        return commit, (note,)
    files = tuple(replace(file, sureness=Sureness.PROBABLE, why=why) for file in commit.files)
    return replace(commit, files=files), (note,)


def _clean(commit: RebuiltCommit) -> RebuiltCommit:
    """Return a commit whose only doubt is whether its files had uncommitted changes, without that doubt."""
    doubted = [file for file in commit.files if file.sureness is not Sureness.EXACT]
    if commit.base_why or commit.unknown or any(file.why != UNSEEN for file in doubted):
        return commit
    files = tuple(replace(file, sureness=Sureness.EXACT, why="") for file in commit.files)
    return replace(commit, files=files)
