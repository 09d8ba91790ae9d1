"""The `commit` lines of a case script, made into a History."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from forensics.casework.clock import needles
from forensics.model.history import Change, Commit, History, Lookup, Searched, reachable
from forensics.model.patch import Line, Patch
from forensics.model.report import StepReport
from forensics.testing.words import HASH, PATH, ScriptLine, moment

_ROOT = "0" * 40
_LINES = r"conflict|shown|-?[a-z]+\d+-\d+"
_FILE = rf"{PATH}(?:\[(?:{_LINES})(?:;(?:{_LINES}))*\])?(?:=\w+)?|reports"
_FENCED = "```"
_CONFLICT = ("<<<<<<< HEAD", "ours", "=======", "theirs", ">>>>>>> other")
_FACTS = ("at", "authored", "committed", "on", "dangling", "after", "reverts", "lists", "closes")


@dataclass(frozen=True, slots=True)
class _File:
    """A changed file of a commit line with the lines that it adds and removes."""

    change: Change
    added: tuple[Line, ...]
    removed: tuple[Line, ...]


@dataclass(slots=True)
class Repository:
    """The commits read so far; `holding` are those that contain all reports."""

    commits: dict[str, Commit]
    head: str = _ROOT
    refs: dict[str, str] = field(default_factory=dict)
    patches: dict[str, Patch] = field(default_factory=dict)
    merged: dict[str, tuple[Change, ...]] = field(default_factory=dict)
    holding: list[str] = field(default_factory=list)


def new_repository() -> Repository:
    """Return a repository of one root commit, made at 08:00."""
    root = Commit(_ROOT, (), moment("08:00"), moment("08:00"), "Root", changes=(Change("A", "README.md", "0"),))
    return Repository({_ROOT: root})


def read_commit(line: ScriptLine, made: Repository, reports: Sequence[str]) -> None:
    """Add the commit that a line describes; `reports` are the paths of all reports."""
    sha = line.take("a commit's hash", HASH).ljust(40, "0")
    line.check(sha not in made.commits, "a hash that no commit has so far")
    line.take("a colon", ":")
    subject = line.quoted("a subject")
    words = line.distinct("a changed file", _FILE, least=0)
    line.check(reports or "reports" not in words, "no `reports` in a script without reports")
    times = dict.fromkeys(("authored", "committed"), moment("10:00"))
    parents: tuple[str, ...] = (made.head,)
    body: list[str] = []
    told: set[str] = set()
    for fact in line.facts(_FACTS) if line.accept(",") else ():
        clash = {"at": {"authored", "committed"}, "authored": {"at"}, "committed": {"at"}}
        clash |= {"on": {"dangling"}, "dangling": {"on"}}
        line.check(told.isdisjoint(clash.get(fact, ())), f"no `{fact}` beside what was said before")
        told.add(fact)
        match fact:
            case "at":
                times = dict.fromkeys(times, line.clock())
            case "authored" | "committed":
                times[fact] = line.clock()
            case "on":
                made.refs[line.take("a ref such as refs/heads/x", r"refs/[\w./-]+")] = sha
            case "after":
                parents = tuple(_known(made, line, start) for start in line.listed("a hash", HASH, "and"))
            case "reverts":
                body.append(f"This reverts commit {_reverted(made, line)}.")
            case "lists":
                body += [f"* {subject}" for subject in _subjects(line)]
            case "closes":
                body.append("Closes " + line.take("an issue such as #7", r"#\d+"))
    line.end()
    files = [_file(word) for word in words if word != "reports"]
    changes = (*(file.change for file in files), *(Change("M", path, "0") for path in reports if "reports" in words))
    merge = len(parents) > 1
    line.check(not merge or not any(file.added or file.removed for file in files), "no lines in a merge's files")
    made.commits[sha] = Commit(
        sha, parents, times["authored"], times["committed"], subject, "\n".join(body), None if merge else changes
    )  # fmt: skip
    if merge:
        made.merged[sha] = changes
    else:
        added = {file.change.path: file.added for file in files if file.added}
        made.patches[sha] = Patch(added, {file.change.path: file.removed for file in files if file.removed})
    if "reports" in words:
        made.holding.append(sha)
    if not told & {"on", "dangling"}:
        made.head = sha


def history_of(
    made: Repository, reports: Sequence[StepReport], paths: Sequence[str], absent: tuple[str, ...]
) -> History:
    """Return the commits as a history; `paths` are the reports' files, `absent` submodules that are not here."""
    made.refs["refs/heads/main"] = made.head
    first_seen: dict[tuple[str, str], str] = {}
    for sha in made.holding:
        first_seen |= {(path, ""): sha for path in paths}
        first_seen |= {(report.ref.path, needle): sha for report in reports for needle in needles(report)}
    values = {mention.value for report in reports for mention in report.hashes}
    found = {value: [sha for sha in made.commits if sha.startswith(value)] for value in values}
    return History(
        commits=made.commits,
        head=made.head,
        branch="main",
        on_branch=reachable(made.commits, [made.head]),
        refs=made.refs,
        lookups={value: Lookup("commit", shas[0]) if len(shas) == 1 else Lookup(None) for value, shas in found.items()},
        first_seen=first_seen,
        searched=Searched(len(made.refs), len(made.commits), reflog=True, submodules_absent=absent),
        patches=made.patches,
        merged=made.merged,
    )


def _known(made: Repository, line: ScriptLine, start: str) -> str:
    found = [sha for sha in made.commits if sha.startswith(start)]
    line.check(len(found) == 1, "the hash of one commit above")
    return found[0]


def _reverted(made: Repository, line: ScriptLine) -> str:
    start = line.take("a hash", HASH)
    _known(made, line, start)
    return start


def _subjects(line: ScriptLine) -> list[str]:
    subjects = [line.quoted("a subject")]
    while line.accept("and"):
        subjects.append(line.quoted("a subject"))
        line.check(subjects[-1] not in subjects[:-1], "no subject twice")
    return subjects


def _file(word: str) -> _File:
    """Read `src/a.py[x1-9;-y1-3]=blob`: lines x1 to x9 added, y1 to y3 removed, and the content's id.

    `[conflict]` adds an unresolved merge conflict, `[shown]` the same between fences, as an example.
    """
    head, _, blob = word.partition("=")
    path, _, ranges = head.rstrip("]").partition("[")
    added: list[str] = []
    removed: list[str] = []
    for part in ranges.split(";") if ranges else ():
        if part in {"conflict", "shown"}:
            added += _CONFLICT if part == "conflict" else (_FENCED, *_CONFLICT, _FENCED)
            continue
        name, first, last = re.sub(r"^(-?)([a-z]+)(\d+)-(\d+)$", r"\2 \3 \4", part).split()
        side = removed if part.startswith("-") else added
        side += [f"result_{name}_{number} = work_{name}({number})" for number in range(int(first), int(last) + 1)]
    return _File(Change("M", path, blob or "0"), _numbered(added), _numbered(removed))


def _numbered(texts: Sequence[str]) -> tuple[Line, ...]:
    return tuple(Line(number, text) for number, text in enumerate(texts, start=1))
