"""Agents at work at the same time: against the plan's order, and on the same files."""

from collections.abc import Iterable, Iterator
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
    step_of = {first.agent: first.step for first in case.ties}
    precede = cache(lambda early, late: must_precede(case.plan, early, late))
    for pair in overlaps:
        first, other = step_of[pair.one.id], step_of[pair.other.id]
        for early, late in ((first, other), (other, first)):
            rule = precede(early, late)
            if rule:
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
        found = [
            race
            for writer, reader in ((pair.one, pair.other), (pair.other, pair.one))
            for race in _between(
                writer, reader, step_of[writer.id], step_of[reader.id], sure={writer.id, reader.id} <= surely_tied
            )
        ]
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
        for writer, reader in ((pair.one, pair.other), (pair.other, pair.one)):
            first = next((event for event in reader.events if isinstance(event, TestRun)), None)
            if step_of[reader.id] != step or writer.cwd != reader.cwd or first is None:
                continue
            if must_precede(case.plan, step_of[writer.id], step):
                continue
            certain = {writer.id, reader.id} <= sure
            found += [
                race
                for race in _between(writer, reader, step_of[writer.id], step, sure=certain)
                if race.access is first and first.outcome is TestOutcome.PASSED
            ]
    found.sort(key=lambda race: (race.write.moment, race.path))
    return tuple({race.writer_step: race for race in reversed(found)}.values())[::-1]


def at_once(case: Case) -> Iterator[Together]:
    """Yield the unordered pairs of agents that are surely or likely tied to different steps and do not just look."""
    step_of = {tie.agent: tie.step for tie in case.ties if tie.confidence is not Confidence.POSSIBLE}
    agents = [agent for agent in case.transcripts.agents if agent.id in step_of and not just_looks(agent)]
    for pair in unordered(agents, case.transcripts):
        if step_of[pair.one.id] != step_of[pair.other.id]:
            yield pair


def _between(writer: AgentRun, reader: AgentRun, writer_step: str, reader_step: str, *, sure: bool) -> Iterator[Race]:
    touched = {event.path for event in reader.events if isinstance(event, FileRead | FileWrite)}
    tree = f"{writer.cwd.rstrip('/')}/"
    for write in writer.events:
        if not isinstance(write, FileWrite) or write.path not in touched or is_document(write.path):
            continue
        if write.path.startswith("/") and not write.path.startswith(tree):
            continue
        for access in reader.events:
            if access.moment <= write.moment:
                continue
            how = _how(access, write.path)
            if how and isinstance(access, FileRead | FileWrite | TestRun):
                path = write.path.removeprefix(f"{writer.cwd}/")
                yield Race(writer.cwd, path, writer_step, reader_step, write, access, how, sure)
                break


def _how(access: object, path: str) -> str:
    """Say what an access did to a file: a test run uses every file below it that is not a test itself."""
    match access:
        case FileWrite(path=other) if other == path:
            return "wrote it too"
        case FileRead(path=other) if other == path:
            return "read it"
        case TestRun(cwd=place) if not is_test(path) and _below(path, place):
            return "ran its tests on it"
    return ""


def _below(path: str, place: str) -> bool:
    return not path.startswith("/") or path.startswith(f"{place.rstrip('/')}/")


def just_looks(agent: AgentRun) -> bool:
    """Return whether an agent read, and neither wrote nor committed: a review may run beside the next step."""
    return any(isinstance(event, FileRead) for event in agent.events) and not any(
        isinstance(event, FileWrite | CommitMade) for event in agent.events
    )


def surely_tied(case: Case) -> frozenset[str]:
    """Return the agents that are tied to their steps beyond doubt."""
    return frozenset(tie.agent for tie in case.ties if tie.confidence is Confidence.CERTAIN)
