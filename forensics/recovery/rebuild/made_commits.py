"""The commits that transcripts show being made: what was staged for each, and where HEAD was before it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from forensics.formats.transcripts.commit_calls import (
    CommitCall,
    PrintedSummary,
    commit_calls,
    printed_summaries,
    staging,
)
from forensics.formats.transcripts.shell import folder_of
from forensics.formats.transcripts.shell_effects import Does, effects
from forensics.model.file_acts import Act, FilePatched, ShellRan
from forensics.recovery.rebuild.heads import Head, heads, same, stays
from forensics.recovery.rebuild.states import Entry, ShellEffect
from forensics.recovery.rebuild.trees import REDACTED, Trees

_NOTHING_ASKED = CommitCall(None, amends=False, everything=False, paths=(), unstaged=())


@dataclass(frozen=True, slots=True)
class MadeCommit:
    """A commit that an agent made in the work tree `root`; paths of the call are inside it.

    `head` is where HEAD was before, None if that is not shown; `since` is when a commit was last made in that tree,
    `moment` when this one was. `discarded`: not a commit, but edits that a command threw away before there was one.
    """

    printed: PrintedSummary
    call: CommitCall
    ran: ShellRan
    root: str
    head: Head | None
    since: datetime | None
    moment: datetime
    discarded: bool = False

    @property
    def sha(self) -> str:
        """Return its id as git printed it."""
        return self.printed.sha


def made_commits(acts: Iterable[Act], trees: Trees) -> list[MadeCommit]:
    """Return the commits of all trees in order of time, each once."""
    found: dict[str, MadeCommit] = {}
    for root, runs in runs_by_root(acts, trees).items():
        for made in _of_tree(root, runs, trees):
            found.setdefault(made.sha, made)
    return sorted(found.values(), key=lambda made: made.moment)


def runs_by_root(acts: Iterable[Act], trees: Trees) -> dict[str, list[ShellRan]]:
    """Return the shell commands of each tree in order of time."""
    found: dict[str, list[ShellRan]] = {}
    for act in acts:
        if isinstance(act, ShellRan) and (root := trees.root_of(_where(act))):
            found.setdefault(root, []).append(act)
    return {root: sorted(runs, key=lambda ran: ran.moment) for root, runs in found.items()}


def _readable(printed: PrintedSummary) -> PrintedSummary:
    """Return what git printed without paths that were redacted."""
    return replace(
        printed,
        created=tuple(pair for pair in printed.created if REDACTED not in pair[0]),
        deleted=tuple(path for path in printed.deleted if REDACTED not in path),
        renamed=tuple(pair for pair in printed.renamed if REDACTED not in "".join(pair)),
    )


def _where(ran: ShellRan) -> str:
    return folder_of(ran.command, ran.cwd)


def _of_tree(root: str, runs: Sequence[ShellRan], trees: Trees) -> Iterator[MadeCommit]:
    """Yield one tree's commits; what earlier commands staged counts for the next commit."""
    held = _NOTHING_ASKED
    since: datetime | None = None
    for ran, (before, head) in heads(runs):
        summaries = printed_summaries(ran.command, ran.output)
        calls = commit_calls(ran.command, ran.cwd) if "git" in ran.command else ()
        for number, printed in enumerate(summaries):
            call = calls[number] if len(calls) == len(summaries) else (calls[-1] if calls else _NOTHING_ASKED)
            asked = _inside(_joined(held, call) if number == 0 else call, root, trees)
            printed = _readable(printed)
            # A hook can take a minute, and another agent's command shows the new commit before its own result comes.
            shown = head if head and same(head.sha, printed.sha) else None
            moment = shown.moment if shown else ran.moment
            yield MadeCommit(printed, asked, ran, root, before if shown else head, since, moment)
            before, head, since, held = head, Head(printed.sha, ran.moment), ran.moment, _NOTHING_ASKED
        if summaries or "git" not in ran.command:
            continue
        # A hook that fails, or a wrong folder, leaves the index as it is.
        for call in calls:  # it was not made: what it staged stays staged
            held = _joined(held, replace(call, message=None, amends=False))
        kept = staging(ran.command, ran.cwd)
        held = _joined(held, CommitCall(None, False, kept.everything, kept.paths, kept.unstaged))


def _joined(held: CommitCall, call: CommitCall) -> CommitCall:
    """Return a call with what was staged before it; a path that was taken back is not staged."""
    kept = tuple(path for path in held.paths if path not in call.unstaged)
    return replace(call, everything=held.everything or call.everything, paths=(*kept, *call.paths))


def _inside(call: CommitCall, root: str, trees: Trees) -> CommitCall:
    """Return a call with its paths inside the tree; the tree itself is everything."""
    placed = [trees.of(path) for path in call.paths if path.rstrip("/") != root]
    own = tuple(dict.fromkeys(found[1] for found in placed if found and found[0] == root))
    return replace(call, paths=own, everything=call.everything or any(path.rstrip("/") == root for path in call.paths))


def entries_of(acts: Iterable[Act], trees: Trees) -> dict[str, list[Entry]]:
    """Return what happened to the files of each tree, with paths inside it."""
    found: dict[str, list[Entry]] = {}
    for act in acts:
        if isinstance(act, ShellRan):
            for root, entry in _effects(act, trees):
                found.setdefault(root, []).append(entry)
        elif place := trees.of(act.path):
            moved = trees.of(act.to) if isinstance(act, FilePatched) and act.to else None
            own = replace(act, path=place[1])
            found.setdefault(place[0], []).append(
                replace(own, to=moved[1]) if moved and isinstance(own, FilePatched) else own
            )
    return found


def _effects(ran: ShellRan, trees: Trees) -> Iterator[tuple[str, ShellEffect]]:
    for effect in effects(ran.command, ran.cwd):
        if effect.does is Does.LEAVES and stays(ran):
            continue
        place = trees.of(effect.path) if effect.path else None
        target = trees.of(effect.to) if effect.to else None
        root = place[0] if place else target[0] if target else None if effect.path else trees.root_of(_where(ran))
        if root is None:
            continue
        inside = replace(effect, path=place[1] if place else "", to=target[1] if target else "")
        if effect.path and not place:  # moved in from elsewhere: what it holds is not known
            continue
        moment = ran.moment + timedelta(microseconds=1) if effect.later else ran.moment
        yield root, ShellEffect(moment, ran.ref, inside, ran.failed)
