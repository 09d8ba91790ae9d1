"""Agents at work at the same time: against the plan's order, and on the same files."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from forensics.casework.agents.test_first import is_test
from forensics.casework.agents.ties import Together, launches, unordered
from forensics.casework.agents.work_trees import ancestry
from forensics.casework.files import is_document
from forensics.casework.order import must_precede
from forensics.formats.transcripts.test_scopes import is_in_packages, packages_of
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.plan import Constraint
from forensics.model.transcript import AgentRun, CommitMade, FileRead, FileWrite, TestOutcome, TestRun


def ordered_but_together(case: Case, overlaps: Iterable[Together]) -> Iterator[tuple[str, str, Together, Constraint]]:
    """Yield (earlier step, later step, the two agents, the rule) where the plan orders what ran together."""
    step_of = {tie.agent: tie.step for tie in case.ties}
    precede = cache(lambda early, late: must_precede(case.plan, early, late))
    for pair in overlaps:
        for first, other in pair.roles:
            early, late = step_of[first.id], step_of[other.id]
            if rule := precede(early, late):
                yield early, late, pair, rule


@dataclass(frozen=True, slots=True)
class Race:
    """A write and another agent's access to the same file that nothing ordered.

    `how` says what the access was, `sure` whether both agents surely worked on these steps.
    """

    tree: str
    path: str
    writer_step: str
    reader_step: str
    write: FileWrite
    access: FileRead | FileWrite | TestRun
    how: str
    sure: bool


def races(case: Case, overlaps: Iterable[Together], surely_tied: frozenset[str]) -> Iterator[Race]:
    """Yield at most one race for each pair of agents: the first access after a write, tests before reads."""
    step_of = {tie.agent: tie.step for tie in case.ties}
    without_order = spans_without_order(case, overlaps)
    for pair in overlaps:
        span = without_order.get(frozenset({pair.one.id, pair.other.id}))
        if pair.one.cwd != pair.other.cwd:
            continue
        found = [race for roles in pair.roles for race in _between(*roles, step_of, surely_tied, span)]
        if found:
            yield min(found, key=lambda race: (not isinstance(race.access, TestRun), race.access.moment, race.path))


Span = tuple[datetime, datetime]


def spans_without_order(case: Case, overlaps: Iterable[Together]) -> Mapping[frozenset[str], Span]:
    """Return when an agent and one that it launched, itself or through others, were at work side by side.

    The launch orders the two: what the launcher did before it, or after the other had ended, the other could not meet.
    Each of five sessions that edited files and had a subagent review them was accused of a race without this.
    """
    lines, launched = ancestry(case), launches(case.transcripts)
    found = {}
    for pair in overlaps:
        for above, below in pair.roles:
            line = lines[below.id]
            if above.id in line[1:] and (launch := launched.get(line[line.index(above.id) - 1])):
                found[frozenset({above.id, below.id})] = (launch.moment, launch.ended or below.end)
    return found


def written_under(case: Case, step: str) -> tuple[Race, ...]:
    """Return what agents of later steps wrote into a step's tree before its first test run, if that run passed.

    The first write of each such step, in order of time; what the plan has come before the step belongs there.
    """
    step_of = {tie.agent: tie.step for tie in case.ties}
    sure = surely_tied(case)
    found: list[Race] = []
    overlaps = at_once(case)
    without_order = spans_without_order(case, overlaps)
    for pair in overlaps:
        span = without_order.get(frozenset({pair.one.id, pair.other.id}))
        for writer, reader in pair.roles:
            first = next(reader.of(TestRun), None)
            if step_of[reader.id] != step or writer.cwd != reader.cwd or not first:
                continue
            if first.outcome is TestOutcome.PASSED and not must_precede(case.plan, step_of[writer.id], step):
                found += [race for race in _between(writer, reader, step_of, sure, span) if race.access is first]
    found.sort(key=lambda race: (race.write.moment, race.path))
    return tuple({race.writer_step: race for race in reversed(found)}.values())[::-1]


def at_once(case: Case) -> tuple[Together, ...]:
    """Return the unordered pairs of agents that are surely or likely tied to different steps and do not just look."""
    step_of = {tie.agent: tie.step for tie in case.ties if tie.confidence is not Confidence.POSSIBLE}
    agents = [agent for agent in case.transcripts.agents if agent.id in step_of and not just_looks(agent)]
    pairs = unordered(agents, case.transcripts)
    return tuple(pair for pair in pairs if step_of[pair.one.id] != step_of[pair.other.id])


def _between(
    writer: AgentRun, reader: AgentRun, step_of: Mapping[str, str], surely_tied: frozenset[str], span: Span | None
) -> Iterator[Race]:
    """Yield the first access of `reader` after each write of `writer` to a file that both touch, both within the span.

    An absolute path outside the tree (a scratch folder) is left out, and so are documents: neither is tested.
    """
    sure = {writer.id, reader.id} <= surely_tied
    touched = {event.path for event in reader.events if isinstance(event, FileRead | FileWrite)}
    tree = f"{writer.cwd.rstrip('/')}/"
    for write in writer.of(FileWrite):
        if write.path not in touched or is_document(write.path):
            continue
        if write.path.startswith("/") and not write.path.startswith(tree):
            continue
        if span and not span[0] <= write.moment <= span[1]:
            continue
        for access in reader.events:
            how = _how(access, write.path) if access.moment > write.moment else ""
            if span and access.moment > span[1]:
                break
            if how and _asked_later(reader, access.moment, writer, write.moment):
                break
            if how and isinstance(access, FileRead | FileWrite | TestRun):
                path = write.path.removeprefix(f"{writer.cwd}/")
                yield Race(writer.cwd, path, step_of[writer.id], step_of[reader.id], write, access, how, sure)
                break


def _asked_later(later: AgentRun, at: datetime, earlier: AgentRun, moment: datetime) -> bool:
    """Return whether a person asked one session for something only after the other's turn was over.

    Many people keep a session open all day and go on in a second one beside it: their turns do not overlap.
    """
    over = next((said.moment for said in earlier.said if said.moment >= moment), earlier.end)
    begun = next((asked.moment for asked in reversed(later.asked) if asked.moment <= at), later.start)
    return bool(earlier.asked and later.asked) and over <= begun


def _how(access: object, path: str) -> str:
    """Say what an access did to a file: a test run uses every file below it that is not a test itself."""
    match access:
        case FileWrite(path=other) if other == path:
            return "wrote it too"
        case FileRead(path=other) if other == path:
            return "read it"
        case TestRun(cwd=place, command=command) if not is_test(path):
            below = f"{place.rstrip('/')}/"
            packages = packages_of(command)
            # `go test ./pkg/rows` does not build `main.go`, which another session was editing.
            built = packages is None or is_in_packages(path.removeprefix(below), packages)
            return "ran its tests on it" if built and (path[:1] != "/" or path.startswith(below)) else ""
    return ""


def just_looks(agent: AgentRun) -> bool:
    """Return whether an agent read, and neither wrote nor committed: a review may run beside the next step."""
    return any(isinstance(event, FileRead) for event in agent.events) and not any(
        isinstance(event, FileWrite | CommitMade) for event in agent.events
    )


def surely_tied(case: Case) -> frozenset[str]:
    """Return the agents that are tied to their steps beyond doubt."""
    return frozenset(tie.agent for tie in case.ties if tie.confidence is Confidence.CERTAIN)
