"""Uncommitted edits that a command threw away, as commits that never were."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from forensics.casework.isolation.lost_edits import LostEdits
from forensics.formats.transcripts.commit_calls import CommitCall, PrintedSummary
from forensics.formats.transcripts.discarding_calls import Deed
from forensics.model.file_acts import Act, ShellRan
from forensics.model.transcript import Command
from forensics.recovery.rebuild.heads import heads
from forensics.recovery.rebuild.made_commits import MadeCommit, runs_by_root
from forensics.recovery.rebuild.trees import Trees

# Agents' logs date a command by its call or by its result.
_SLACK = timedelta(seconds=2)
# The work was there until the command ended; what it did is dated by its end.
_BEFORE = timedelta(microseconds=1)


def discarded_edits(lost: Sequence[LostEdits], acts: Sequence[Act], trees: Trees) -> list[MadeCommit]:
    """Return one for each command that threw edits away, unless a stash still has them or their own agent meant to."""
    return [
        made
        for number, each in enumerate((each for each in lost if not each.kept and not _is_meant(each)), start=1)
        for made in _as_commit(each, number, acts, trees)
    ]


def _is_meant(lost: LostEdits) -> bool:
    """Return whether an agent removed what it had written itself, by name: a script it tried, a file it took back."""
    own = all(edit.agent.id == lost.by.id for edit in lost.edits)
    return own and (lost.discard.named or lost.discard.deed in {Deed.CLEANS, Deed.REMOVES})


def _as_commit(lost: LostEdits, number: int, acts: Sequence[Act], trees: Trees) -> Iterator[MadeCommit]:
    places = [place for edit in lost.edits if (place := trees.of(f"{lost.tree}/{edit.path}"))]
    if not places:
        return
    root = places[0][0]
    known = heads(runs_by_root(acts, trees).get(root, []))
    for ran, (_, head) in known:
        if _is_same(ran, lost.ran):
            moment = ran.moment - _BEFORE
            if lost.discard.deed is Deed.DROPS:
                # A stash has the files as they were when it was made, which is before the next command.
                moment = max(edit.write.moment for edit in lost.edits)
                head = next((place for each, (_, place) in known if each.moment >= moment), head)
            paths = tuple(sorted({path for place, path in places if place == root}))
            call = CommitCall(f"Edits thrown away by {lost.discard.words}\n", False, False, paths, ())
            printed = PrintedSummary(f"edits-{number}", None, f"Edits thrown away by {lost.discard.words}")
            yield MadeCommit(printed, call, ran, root, head, None, moment, discarded=True)
            return


def _is_same(ran: ShellRan, command: Command) -> bool:
    return ran.command == command.command and (ran.began - _SLACK <= command.moment <= ran.moment + _SLACK)
