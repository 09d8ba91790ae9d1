"""Agents' edits that a command threw away before any commit had them, and that nobody made again."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from forensics.casework.agents.work_trees import Trees, by_digits, commit_of, inside, place_of
from forensics.formats.transcripts.discarding_calls import Deed, Discard, brings_back, discards
from forensics.formats.transcripts.git_calls import commits
from forensics.model.case import Case
from forensics.model.grouping import grouped
from forensics.model.transcript import AgentRun, Command, CommitMade, FileWrite, TestRun

# What an agent leaves uncommitted, it or a person commits within a working day; after that, what became of an edit
# (a person's own commit under another name, a copy of the folder) is not shown by anything that is read.
_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Edit:
    """A write of a file that no commit had yet; `path` from its work tree."""

    agent: AgentRun
    write: FileWrite
    path: str


@dataclass(frozen=True, slots=True)
class LostEdits:
    """What one command threw away: the edits, the last of each agent and file. `kept` where a stash still has them.

    `new` are the paths that no commit had had until then.
    """

    by: AgentRun
    ran: Command
    discard: Discard
    tree: str
    edits: tuple[Edit, ...]
    kept: bool = False
    new: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Stash:
    by: AgentRun
    ran: Command
    discard: Discard
    edits: tuple[Edit, ...]


@dataclass(slots=True)
class _Tree:
    """What is uncommitted in one work tree, by absolute path, and what its stashes hold, the newest last."""

    root: str
    edits: dict[str, list[Edit]] = field(default_factory=dict)
    stashes: list[_Stash] = field(default_factory=list)


def lost_edits(case: Case, work_trees: Trees) -> tuple[LostEdits, ...]:
    """Return what was thrown away, in order of time; edits that a commit or a later write of the file has are left out."""
    walk = _Walk(case, work_trees)
    acts = ((event.moment, number, agent, event) for number, agent in enumerate(case.transcripts.agents)
            for event in agent.events if isinstance(event, FileWrite | Command | TestRun | CommitMade))  # fmt: skip
    found = [lost for _, _, agent, event in sorted(acts, key=lambda act: act[:2]) for lost in walk.take(agent, event)]
    return tuple(filter(None, map(walk.still_lost, (*found, *walk.left_in_stashes()))))


class _Walk:
    """One walk over all agents' acts in order of time."""

    def __init__(self, case: Case, work_trees: Trees) -> None:
        self._case = case
        self._work_trees = work_trees
        self._trees: dict[str, _Tree] = {}
        self._known = by_digits(case.history)
        # An amended commit has its first version's author time, and may hold what was written after that.
        self._commits = _moments(
            (path, moment)
            for commit in case.history.commits.values()
            for path in commit.paths()
            for moment in (commit.author_time, commit.commit_time)
        )
        self._writes: dict[str, list[datetime]] = {}

    def take(self, agent: AgentRun, event: FileWrite | Command | TestRun | CommitMade) -> Iterator[LostEdits]:
        """Take one act; yield what it throws away."""
        place = place_of(event, agent)
        root = self._work_trees.of(place) if place else None
        if place is None or root is None:
            return
        tree = self._trees.setdefault(root, _Tree(root))
        match event:
            case FileWrite():
                self._writes.setdefault(place, []).append(event.moment)
                tree.edits.setdefault(place, []).append(Edit(agent, event, inside(place, root)))
            case CommitMade():
                if commit_of(event, self._known) is None:
                    tree.edits.clear()  # which files it has, nobody can say any more
            case TestRun():
                if brings_back(event.command):
                    _pop(tree, 0)
            case Command():
                yield from self._ran(agent, event, tree)

    def left_in_stashes(self) -> Iterator[LostEdits]:
        """Yield what stashes still hold at the end."""
        for tree in self._trees.values():
            for stash in tree.stashes:
                yield LostEdits(stash.by, stash.ran, stash.discard, tree.root, stash.edits, kept=True)

    def still_lost(self, lost: LostEdits) -> LostEdits | None:
        """Return what is left without the edits that a commit has, or that were made again; None if nothing is."""
        last = {(edit.agent.id, edit.path): edit for edit in lost.edits if not self._is_saved(edit, lost)}
        edits = tuple(last.values())
        new = frozenset(edit.path for edit in edits if not self._is_tracked(edit.path, lost.ran.moment))
        return replace(lost, edits=edits, new=new) if edits else None

    def _is_saved(self, edit: Edit, lost: LostEdits) -> bool:
        """Return whether a commit of the next day has the file, or somebody wrote it again, or nobody can know."""
        after = self._writes[place_of(edit.write, edit.agent) or ""]
        again = bisect_right(after, lost.ran.moment) < len(after)
        moments = self._commits.get(edit.path, [])
        # git keeps whole seconds: a commit of the same second counts.
        next_one = bisect_right(moments, edit.write.moment - timedelta(seconds=1))
        committed = next_one < len(moments) and moments[next_one] <= lost.ran.moment + _DAY
        return again or committed or lost.ran.moment - edit.write.moment > _DAY

    def _ran(self, agent: AgentRun, ran: Command, tree: _Tree) -> Iterator[LostEdits]:
        for discard in discards(ran):
            if discard.deed is Deed.POPS:
                _pop(tree, discard.place or 0)
            elif discard.deed is Deed.DROPS:
                edits = tuple(edit for stash in _dropped(tree, discard) for edit in stash.edits)
                if edits:
                    yield LostEdits(agent, ran, discard, tree.root, edits)
            else:
                yield from self._thrown_away(agent, ran, discard, tree)
        # A quiet commit prints no id: what it has, nobody can say.
        if commits(ran.command) and ran.exit_code in {0, None} and not any(_printed(agent, ran)):
            tree.edits.clear()

    def _thrown_away(self, agent: AgentRun, ran: Command, discard: Discard, tree: _Tree) -> Iterator[LostEdits]:
        # A work tree is removed, and `rm -rf ../other` run, from another one.
        elsewhere = discard.deed in {Deed.REMOVES, Deed.REMOVES_TREE}
        for each in tuple(self._trees.values()) if elsewhere else (tree,):
            places = [place for place in each.edits if self._hits(discard, place, each, ran)]
            edits = tuple(edit for place in places for edit in each.edits.pop(place))
            if discard.deed is Deed.STASHES:
                each.stashes.append(_Stash(agent, ran, discard, edits))
            elif edits:
                yield LostEdits(agent, ran, discard, each.root, edits)

    def _hits(self, discard: Discard, place: str, tree: _Tree, ran: Command) -> bool:
        """Return whether a deed is about a file: `reset` and `stash` leave files alone that no commit has."""
        if discard.paths and not any(place == path or place.startswith(f"{path}/") for path in discard.paths):
            return False
        if discard.deed in {Deed.CLEANS, Deed.REMOVES, Deed.REMOVES_TREE}:
            return True
        untracked_too = {"-u", "--include-untracked", "-a", "--all"} & set(discard.words.split())
        return bool(untracked_too) or self._is_tracked(inside(place, tree.root), ran.moment)

    def _is_tracked(self, path: str, moment: datetime) -> bool:
        moments = self._commits.get(path, [])
        return bool(moments) and moments[0] <= moment


def _pop(tree: _Tree, place: int) -> None:
    """Bring a stash's edits back; an applied one, which stays, is only counted once."""
    if place < len(tree.stashes):
        for edit in tree.stashes.pop(-1 - place).edits:
            path = place_of(edit.write, edit.agent) or ""
            tree.edits.setdefault(path, []).append(edit)


def _dropped(tree: _Tree, discard: Discard) -> list[_Stash]:
    if discard.place is None:
        gone, tree.stashes = tree.stashes, []
        return gone
    return [tree.stashes.pop(-1 - discard.place)] if discard.place < len(tree.stashes) else []


def _printed(agent: AgentRun, ran: Command) -> Iterator[CommitMade]:
    return (event for event in agent.of(CommitMade) if event.ref == ran.ref)


def _moments(pairs: Iterable[tuple[str, datetime]]) -> Mapping[str, list[datetime]]:
    return {path: sorted(moments) for path, moments in grouped(pairs).items()}
