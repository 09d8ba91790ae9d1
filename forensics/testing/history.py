"""The `commit` lines of a case script, made into a History."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from forensics.casework.clock import needles
from forensics.model.history import Change, Commit, History, Lookup, Searched, reachable
from forensics.model.patch import Line, Patch
from forensics.model.report import StepReport
from forensics.testing.words import HASH, PATH, ScriptLine, moment, written_lines

_ROOT = "0" * 40
# `x1-9` stands for nine distinctive lines, `-x1-9` for removing them; a file may have several such ranges.
_LINES = r"conflict|shown|created|deleted|imports-[a-z]+\.[a-z]+|-?[a-z]+\d+-\d+"
_FILE = rf"{PATH}(?:\[(?:{_LINES})(?:;(?:{_LINES}))*\])?(?:=\w+)?|reports"
_RANGE = re.compile(r"\{(?P<first>\d+)-(?P<last>\d+)\}")
_STATUS = {"created": "A", "deleted": "D"}
_FENCED = "```"
_CONFLICT = ("<<<<<<< HEAD", "ours", "=======", "theirs", ">>>>>>> other")
_FACTS = ("at", "authored", "committed", "on", "dangling", "after", "reverts", "lists", "closes")
_EXCLUDED = {
    "at": {"authored", "committed"}, "authored": {"at"}, "committed": {"at"}, "on": {"dangling"}, "dangling": {"on"}
}  # fmt: skip


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


@dataclass(slots=True)
class _Facts:
    """What stands behind a commit's files: its times, parents, ref and the lines of its message."""

    authored: datetime
    committed: datetime
    parents: tuple[str, ...]
    ref: str = ""
    dangling: bool = False
    body: list[str] = field(default_factory=list)


def read_commit(line: ScriptLine, made: Repository, reports: Sequence[str]) -> None:
    """Add the commit that a line describes; `reports` are the paths of all reports."""
    sha = line.take("a commit's hash", HASH).ljust(40, "0")
    line.check(sha not in made.commits, "a hash that no commit has so far")
    line.take("a colon", ":")
    subject = line.quoted("a subject")
    words = [word for file in line.distinct("a changed file", _FILE, least=0) for word in _each(file)]
    line.check(reports or "reports" not in words, "no `reports` in a script without reports")
    facts = _facts(line, made)
    added, removed = dict[str, tuple[Line, ...]](), dict[str, tuple[Line, ...]]()
    files = [_change(word, added, removed) for word in words if word != "reports"]
    changes = (*files, *(Change("M", path, "0") for path in reports if "reports" in words))
    merge = len(facts.parents) > 1
    line.check(not merge or not (added or removed), "no lines in a merge's files")
    made.commits[sha] = Commit(
        sha, facts.parents, facts.authored, facts.committed, subject, "\n".join(facts.body), None if merge else changes
    )  # fmt: skip
    if merge:
        made.merged[sha] = changes
    else:
        made.patches[sha] = Patch(added, removed)
    if "reports" in words:
        made.holding.append(sha)
    if facts.ref:
        made.refs[facts.ref] = sha
    elif not facts.dangling:
        made.head = sha


def read_patch(line: ScriptLine, patch: str, made: Repository) -> None:
    """Add the lines below a commit to the newest one: a file's path, then lines that begin with `+` or `-`."""
    if not patch:
        return
    commit = next(reversed(made.commits.values()))
    sides: dict[str, dict[str, tuple[Line, ...]]] = {"+": {}, "-": {}}
    path = ""
    for row in patch.splitlines():
        if row[:1] in sides:
            line.check(path, "a file's path above its lines")
            known = sides[row[0]].setdefault(path, ())
            sides[row[0]][path] = (*known, Line(len(known) + 1, row[1:]))
        elif row:
            path = row.strip()
            line.check(path in commit.paths(), f"a file of the commit, not {path!r}, below the line")
    before = made.patches.get(commit.sha, Patch())
    made.patches[commit.sha] = Patch({**before.added, **sides["+"]}, {**before.removed, **sides["-"]})


def _facts(line: ScriptLine, made: Repository) -> _Facts:
    facts = _Facts(moment("10:00"), moment("10:00"), (made.head,))
    said: set[str] = set()
    for name in line.facts(_FACTS):
        line.check(said.isdisjoint(_EXCLUDED.get(name, ())), f"no `{name}` beside what is before it")
        said.add(name)
        match name:
            case "at":
                facts.authored = facts.committed = line.clock()
            case "authored":
                facts.authored = line.clock()
            case "committed":
                facts.committed = line.clock()
            case "on":
                facts.ref = line.take("a ref such as refs/heads/x", r"refs/[\w./-]+")
            case "dangling":
                facts.dangling = True
            case "after":
                facts.parents = tuple(_known(made, line, start) for start in line.listed("a hash", HASH, "and"))
            case _:
                facts.body += _message_lines(line, made, name)
    return facts


def _message_lines(line: ScriptLine, made: Repository, name: str) -> list[str]:
    if name == "closes":
        return ["Closes " + line.take("an issue such as #7", r"#\d+")]
    if name == "reverts":
        start = line.take("a hash", HASH)
        _known(made, line, start)
        return [f"This reverts commit {start}."]
    subjects: list[str] = []
    while not subjects or line.accept("and"):
        subjects.append(line.quoted("a subject"))
        line.check(subjects[-1] not in subjects[:-1], "no subject twice")
    return [f"* {subject}" for subject in subjects]


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


def _each(word: str) -> tuple[str, ...]:
    """Return the files that a word stands for: `src/a{1-3}.py` for three."""
    found = _RANGE.search(word)
    if found is None:
        return (word,)
    numbers = range(int(found["first"]), int(found["last"]) + 1)
    return tuple(f"{word[: found.start()]}{number}{word[found.end() :]}" for number in numbers)


def _change(word: str, lines_added: dict[str, tuple[Line, ...]], lines_removed: dict[str, tuple[Line, ...]]) -> Change:
    """Read `src/a.py[x1-9;-y1-3]=blob`: lines x1 to x9 added, y1 to y3 removed, and the content's id.

    `[conflict]` adds an unresolved merge conflict, `[shown]` the same between fences, as an example. `[created]` and
    `[deleted]`, alone or among the lines, are about the whole file: a new one's content has the path as its id if none is
    given.
    """
    head, _, blob = word.partition("=")
    path, _, ranges = head.rstrip("]").partition("[")
    added: list[str] = []
    removed: list[str] = []
    status = "M"
    for part in ranges.split(";") if ranges else ():
        if part in _STATUS:
            status = _STATUS[part]
            continue
        if part in {"conflict", "shown"}:
            added += _CONFLICT if part == "conflict" else (_FENCED, *_CONFLICT, _FENCED)
            continue
        if part.startswith("imports-"):
            added.append(f"import {part.removeprefix('imports-')}")
            continue
        side = removed if part.startswith("-") else added
        side += written_lines(part)
    for lines, texts in ((lines_added, added), (lines_removed, removed)):
        if texts:
            lines[path] = tuple(Line(number, text) for number, text in enumerate(texts, start=1))
    return Change(status, path, {"A": blob or path, "D": ""}.get(status, blob or "0"))
