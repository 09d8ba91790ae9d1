"""Git's log as commits, read once per repository."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from forensics.model.history import Change, Commit

# SHA-1 or SHA-256. With -z, git puts a newline before the next commit after a list of changes.
_SHA = re.compile(rb"\n?[0-9a-f]{40}(?:[0-9a-f]{24})?")
# The file mode of a submodule.
_LINK = "160000"
# Characters. Longer messages are generated (squashed logs, pasted output) and only cost memory.
_BODY_LIMIT = 20_000
# Expressions run over every subject, and a hostile one may be a megabyte.
_SUBJECT_LIMIT = 500
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


class HistoryLog:
    """Every commit that refs and reflogs reach, children before parents, from the output of `Repository.log`.

    In a damaged repository, `unread` are commits that others name and git cannot read, and `unlisted` those whose changes
    it cannot.
    """

    def __init__(self, log: bytes) -> None:
        self.commits: Mapping[str, Commit] = {commit.sha: commit for commit in parse_log(log)}
        self.undated: tuple[str, ...] = ()
        self._date()
        self.unread: tuple[str, ...] = ()
        self.unlisted: tuple[str, ...] = ()

    @classmethod
    def of(cls, commits: Mapping[str, Commit], zoneless: Iterable[str]) -> "HistoryLog":
        """Return the log of these commits, of which some have times without their zones."""
        log = cls(b"")
        log.commits = commits
        log._date()
        log.undated = tuple(sorted({*log.undated, *(sha for sha in zoneless if sha in commits)}))
        return log

    def _date(self) -> None:
        """Give commits whose times cannot be true the time of the latest commit that they stand on."""
        wrong = [sha for sha, commit in self.commits.items() if _EPOCH in (commit.author_time, commit.commit_time)]
        if not wrong:
            return
        commits = dict(self.commits)
        for sha in reversed(wrong):  # parents before children
            commit = commits[sha]
            before = max(
                (commits[parent].commit_time for parent in commit.parents if parent in commits), default=_EPOCH
            )
            known = max(commit.author_time, commit.commit_time)
            moment = known if known > _EPOCH else before
            authored, committed = (
                time if time > _EPOCH else moment for time in (commit.author_time, commit.commit_time)
            )
            commits[sha] = replace(commit, author_time=authored, commit_time=committed)
        self.commits, self.undated = commits, tuple(sorted(wrong))


def parse_log(output: bytes, *, merges: bool = False) -> Iterator[Commit]:
    """Yield commits out of NUL-separated log output; a merge has no changes listed and gets None, unless `merges` has them."""
    fields = output.split(b"\0")
    index, last = 0, len(fields)
    while index + 4 < last:
        if not _SHA.fullmatch(fields[index]):
            index += 1
            continue
        sha, parents, authored, committed, message = fields[index : index + 5]
        index += 5
        changes: list[Change] = []
        while index + 1 < last and fields[index].lstrip(b"\n").startswith(b":"):
            changes.append(_change(fields[index].lstrip(b"\n"), fields[index + 1]))
            index += 2
        lineage = tuple(parents.decode().split())
        subject, _, body = message.decode("utf-8", "replace").strip("\n").partition("\n")
        yield Commit(
            sha=sha.strip().decode(),
            parents=lineage,
            author_time=_time(authored),
            commit_time=_time(committed),
            subject=subject[:_SUBJECT_LIMIT],
            body=body.strip()[:_BODY_LIMIT],
            changes=tuple(changes) if merges or len(lineage) < 2 else None,
        )


def _time(text: bytes) -> datetime:
    """Read a time as git prints it; one that cannot be true (before 1970, after 2200, malformed) is 1970."""
    said = text.decode()
    try:
        moment = datetime.fromtimestamp(int(said[1:]), UTC) if said.startswith("@") else datetime.fromisoformat(said)
    except (ValueError, OverflowError, OSError):
        return _EPOCH
    return moment if 1970 < moment.year < 2200 else _EPOCH


def _change(facts: bytes, path: bytes) -> Change:
    before, after, _, blob, status = facts.decode().split()
    return Change(status[0], path.decode("utf-8", "replace"), blob, after == _LINK or before == f":{_LINK}")
