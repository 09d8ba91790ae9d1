"""Agents at work at the same time: against the plan's order, and on the same files."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from forensics.casework.agents.test_first import is_test
from forensics.casework.agents.ties import Together, unordered
from forensics.casework.files import is_document
from forensics.casework.order import must_precede
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
    for pair in overlaps:
        if pair.one.cwd != pair.other.cwd:
            continue
        found = [race for roles in pair.roles for race in _between(*roles, step_of, surely_tied)]
        if found:
            yield min(found, key=lambda race: (not isinstance(race.access, TestRun), race.access.moment, race.path))


def written_under(case: Case, step: str) -> tuple[Race, ...]:
    """Return what agents of later steps wrote into a step's tree before its first test run, if that run passed.

    The first write of each such step, in order of time; what the plan has come before the step belongs there.
    """
    step_of = {tie.agent: tie.step for tie in case.ties}
    sure = surely_tied(case)
    found: list[Race] = []
    for pair in at_once(case):
        for writer, reader in pair.roles:
            first = next(reader.of(TestRun), None)
            if step_of[reader.id] != step or writer.cwd != reader.cwd or not first:
                continue
            if first.outcome is TestOutcome.PASSED and not must_precede(case.plan, step_of[writer.id], step):
                found += [race for race in _between(writer, reader, step_of, sure) if race.access is first]
    found.sort(key=lambda race: (race.write.moment, race.path))
    return tuple({race.writer_step: race for race in reversed(found)}.values())[::-1]


def at_once(case: Case) -> tuple[Together, ...]:
    """Return the unordered pairs of agents that are surely or likely tied to different steps and do not just look."""
    step_of = {tie.agent: tie.step for tie in case.ties if tie.confidence is not Confidence.POSSIBLE}
    agents = [agent for agent in case.transcripts.agents if agent.id in step_of and not just_looks(agent)]
    pairs = unordered(agents, case.transcripts)
    return tuple(pair for pair in pairs if step_of[pair.one.id] != step_of[pair.other.id])


def _between(
    writer: AgentRun, reader: AgentRun, step_of: Mapping[str, str], surely_tied: frozenset[str]
) -> Iterator[Race]:
    """Yield the first access of `reader` after each write of `writer` to a file that both touch.

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
        for access in reader.events:
            how = _how(access, write.path) if access.moment > write.moment else ""
            if how and isinstance(access, FileRead | FileWrite | TestRun):
                path = write.path.removeprefix(f"{writer.cwd}/")
                yield Race(writer.cwd, path, step_of[writer.id], step_of[reader.id], write, access, how, sure)
                break


def _how(access: object, path: str) -> str:
    """Say what an access did to a file: a test run uses every file below it that is not a test itself."""
    match access:
        case FileWrite(path=other) if other == path:
            return "wrote it too"
        case FileRead(path=other) if other == path:
            return "read it"
        case TestRun(cwd=place) if not is_test(path) and (path[:1] != "/" or path.startswith(f"{place.rstrip('/')}/")):
            return "ran its tests on it"
    return ""


def just_looks(agent: AgentRun) -> bool:
    """Return whether an agent read, and neither wrote nor committed: a review may run beside the next step."""
    return any(isinstance(event, FileRead) for event in agent.events) and not any(
        isinstance(event, FileWrite | CommitMade) for event in agent.events
    )


def surely_tied(case: Case) -> frozenset[str]:
    """Return the agents that are tied to their steps beyond doubt."""
    return frozenset(tie.agent for tie in case.ties if tie.confidence is Confidence.CERTAIN)
