"""The commit lines of a case script, made into a History."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from forensics.casework.clock import needles
from forensics.errors import FormatError
from forensics.model.history import Change, Commit, History, Lookup, Searched, reachable
from forensics.model.patch import Line, Patch
from forensics.model.report import StepReport

_COMMIT = re.compile(r'^commit (?P<sha>[0-9a-f]+): "(?P<subject>[^"]*)"(?P<rest>.*)$')
_FILE = re.compile(r"(?P<path>[^\[\]=\s]+)(?:\[(?P<lines>[^\]]*)\])?(?:=(?P<blob>\w+))?$")
_RANGE = re.compile(r"(?P<gone>-)?(?P<name>[a-z]+)(?P<first>\d+)-(?P<last>\d+)$")
_FENCED = "```"
_CONFLICT = ("<<<<<<< HEAD", "ours", "=======", "theirs", ">>>>>>> other")


@dataclass(slots=True)
class _Repository:
    """What the commit lines have said so far."""

    head: str
    commits: dict[str, Commit] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    patches: dict[str, Patch] = field(default_factory=dict)
    merged: dict[str, tuple[Change, ...]] = field(default_factory=dict)
    holding: list[str] = field(default_factory=list)


def history_of(
    lines: Sequence[str], reports: Sequence[StepReport], paths: Sequence[str], absent: tuple[str, ...]
) -> History:
    """Return the history that commit lines tell; `paths` are the reports' files, `absent` submodules that are not here."""
    root = "0" * 40
    made = _Repository(root)
    made.commits[root] = Commit(
        root, (), moment("08:00"), moment("08:00"), "Root", changes=(Change("A", "README.md", "0"),)
    )
    for line in lines:
        _say(made, line, paths)
    made.refs["refs/heads/main"] = made.head
    first_seen: dict[tuple[str, str], str] = {}
    for sha in made.holding:
        first_seen |= {(path, ""): sha for path in paths}
        first_seen |= {(report.ref.path, needle): sha for report in reports for needle in needles(report)}
    values = {mention.value for report in reports for mention in report.hashes}
    lookups = {
        value: Lookup("commit", fits[0]) if len(fits) == 1 else Lookup(None)
        for value in values
        for fits in [[sha for sha in made.commits if sha.startswith(value)]]
    }
    return History(
        commits=made.commits,
        head=made.head,
        branch="main",
        on_branch=reachable(made.commits, [made.head]),
        refs=made.refs,
        lookups=lookups,
        first_seen=first_seen,
        searched=Searched(len(made.refs), len(made.commits), reflog=True, submodules_absent=absent),
        patches=made.patches,
        merged=made.merged,
    )


def moment(clock: str) -> datetime:
    """Return a time of the scripts' day, in UTC."""
    return datetime.strptime(f"2026-03-04 {clock}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def _say(made: _Repository, line: str, paths: Sequence[str]) -> None:
    match = _COMMIT.match(line)
    if not match:
        raise FormatError(f"Not a commit line: {line!r}.")
    changed, *facts = (part.strip() for part in match["rest"].split(","))
    told: dict[str, str] = {fact.partition(" ")[0]: fact.partition(" ")[2] for fact in facts}
    names = changed.split()
    parents = tuple(_id(made, one) for one in told["after"].split(" and ")) if "after" in told else (made.head,)
    files = [_file(name) for name in names if name != "reports"]
    changes = (*(change for change, _, _ in files), *(Change("M", path, "0") for path in paths if "reports" in names))
    at = told.get("at", "10:00")
    commit = Commit(
        match["sha"].ljust(40, "0"),
        parents,
        moment(told.get("authored", at)),
        moment(told.get("committed", at)),
        match["subject"],
        "\n".join(_body(told)),
        changes if len(parents) < 2 else None,
    )
    made.commits[commit.sha] = commit
    if len(parents) > 1:
        made.merged[commit.sha] = changes
    else:
        added = {change.path: lines for change, lines, _ in files if lines}
        removed = {change.path: lines for change, _, lines in files if lines}
        made.patches[commit.sha] = Patch(added, removed)
    if "reports" in names:
        made.holding.append(commit.sha)
    if "on" in told:
        made.refs[told["on"]] = commit.sha
    elif "dangling" not in told:
        made.head = commit.sha


def _body(told: dict[str, str]) -> Iterator[str]:
    if "reverts" in told:
        yield f"This reverts commit {told['reverts']}."
    if "lists" in told:
        yield from (f"* {one}" for one in told["lists"].strip("'").split("' and '"))
    if "closes" in told:
        yield f"Closes {told['closes']}"


def _id(made: _Repository, start: str) -> str:
    found = [sha for sha in made.commits if sha.startswith(start.strip())]
    if len(found) != 1:
        raise FormatError(f"No single commit {start!r} so far.")
    return found[0]


def _file(word: str) -> tuple[Change, tuple[Line, ...], tuple[Line, ...]]:
    """Return a file's change with the lines it adds and removes: `src/a.py[x1-9;-y1-3]=blob`; `[conflict]` for one unresolved.

    `[shown]` is such a conflict as an example between fences.
    """
    match = _FILE.match(word)
    if not match:
        raise FormatError(f"Not a changed file: {word!r}.")
    added: list[Line] = []
    removed: list[Line] = []
    for part in (match["lines"] or "").split(";") if match["lines"] else ():
        if part == "conflict":
            added += [Line(place, text) for place, text in enumerate(_CONFLICT, start=1)]
            continue
        if part == "shown":
            added += [Line(place, text) for place, text in enumerate((_FENCED, *_CONFLICT, _FENCED), start=1)]
            continue
        span = _RANGE.match(part)
        if not span:
            raise FormatError(f"Not a range of lines: {part!r}.")
        texts = [
            f"result_{span['name']}_{number} = work_{span['name']}({number})"
            for number in range(int(span["first"]), int(span["last"]) + 1)
        ]
        side = removed if span["gone"] else added
        side += [Line(len(side) + place, text) for place, text in enumerate(texts, start=1)]
    return Change("M", match["path"], match["blob"] or "0"), tuple(added), tuple(removed)
