"""Tests that a commit weakens, in the same change with which an agent turned a failing run green."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from forensics.casework.agents.requests import asked_to_change_tests
from forensics.casework.agents.test_first import is_test
from forensics.casework.paths import in_tree, locate
from forensics.formats.test_lines import comparison, defined_in, is_assertion, is_skip, name_of_test
from forensics.formats.transcripts.shell import Words, simple_commands
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.history import Commit
from forensics.model.patch import Line, Patch
from forensics.model.transcript import AgentRun, FileWrite, TestOutcome, TestRun

# Programs around a test run that do not say what it tests: `cd app && pytest | tail -5` is `pytest`.
_AROUND = frozenset({"cd", "tail", "head", "grep", "echo", "tee", "cat", "export", "source", "sleep"})


class How(StrEnum):
    """In which way tests became weaker; the last may well be a test rewritten in fewer lines."""

    SKIPPED = "skipped"
    REMOVED = "removed"
    LOOSENED = "loosened"
    FEWER = "fewer"


@dataclass(frozen=True, slots=True)
class Weaker:
    """What a commit made weaker in one test file; `said` are names of tests, or lines as they were and as they are."""

    path: str
    how: How
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WeakenedTest:
    """A weaker test, the commit that has it, the run that failed before the edit, and the one that passed after it."""

    agent: AgentRun
    step: str
    commit: Commit
    weaker: Weaker
    failed: TestRun
    passed: TestRun


def weakened_tests(case: Case) -> tuple[WeakenedTest, ...]:
    """Return the tests that agents weakened on their way from a failing run to a passing one, and that nobody asked for."""
    agents = {agent.id: agent for agent in case.transcripts.agents}
    patches = case.history.patches.values()
    added = {
        name for patch in patches for name in _names(lines for path, lines in patch.added.items() if is_test(path))
    }
    return tuple(
        WeakenedTest(agents[tie.agent], tie.step, attributed.commit, weaker, *runs)
        for tie in case.ties
        if (dossier := case.dossier(tie.step)) and tie.agent in agents and tie.confidence is not Confidence.POSSIBLE
        for attributed in (*dossier.commits, *dossier.elsewhere)
        if (patch := case.history.patches.get(attributed.commit.sha))
        and attributed.confidence is not Confidence.POSSIBLE
        for weaker in _weaker(patch, added)
        if (runs := _turned_green(agents[tie.agent], attributed.commit, weaker.path))
        and not asked_to_change_tests(agents[tie.agent], runs[1].moment)
    )


def _weaker(patch: Patch, added_anywhere: set[str]) -> Iterator[Weaker]:
    """Yield what a commit weakens; tests of code that it removes, and tests that move, are not weaker."""
    gone = _defined(patch.removed) - _defined(patch.added)
    moved = {line.text.strip() for lines in patch.added.values() for line in lines}
    for path in sorted(filter(is_test, {*patch.added, *patch.removed})):
        new, old = patch.added.get(path, ()), patch.removed.get(path, ())
        # A removed line that names code which the commit removes, too, is no loss.
        lost = [line for line in old if line.text.strip() not in moved and not any(name in line.text for name in gone)]
        skips = [line.text for line in new if is_skip(line.text)]
        if len(skips) > sum(is_skip(line.text) for line in old):
            yield Weaker(path, How.SKIPPED, tuple(skips))
        elif names := [name for name in _names([lost]) if name not in added_anywhere]:
            if len(names) > sum(1 for _ in _names([new])):  # as many new ones took their place
                yield Weaker(path, How.REMOVED, tuple(names))
        elif pairs := tuple(_loosened(lost, new)):
            yield Weaker(path, How.LOOSENED, pairs)
        elif fewer := _fewer(lost, new):
            yield Weaker(path, How.FEWER, fewer)


def _loosened(old: Iterable[Line], new: Iterable[Line]) -> Iterator[str]:
    """Yield what was compared with one value, and now is only there, or one of several."""
    weak = {found.subject: line.text for line in new if (found := comparison(line.text)) and not found.exact}
    for line in old:
        before = comparison(line.text)
        if before and before.exact and before.subject in weak:
            yield f"{line.text.strip()} → {weak[before.subject].strip()}"


def _fewer(lost: Iterable[Line], new: Iterable[Line]) -> tuple[str, ...]:
    """Return the assertions that went, where none came and no test is new."""
    gone = tuple(line.text.strip() for line in lost if is_assertion(line.text))
    came = any(is_assertion(line.text) or name_of_test(line.text) for line in new)
    return () if came else gone


def _turned_green(agent: AgentRun, commit: Commit, path: str) -> tuple[TestRun, TestRun] | None:
    """Return the failing run before the agent's edit of a file, and the like run that passed after it, else None."""
    edits = [
        event.moment
        for event in agent.of(FileWrite)
        if event.moment <= commit.author_time
        and (in_tree(event.path, agent.cwd) == path or locate(event.path, frozenset({path})))
    ]
    runs = list(agent.of(TestRun))
    for moment in reversed(edits):
        before = [run for run in runs if run.moment < moment]
        after = [run for run in runs if run.moment > moment]
        if before and after and _has_failed(before[-1]):
            passed = after[0]
            if passed.outcome is TestOutcome.PASSED and _is_like(before[-1], passed, path):
                return before[-1], passed
    return None


def _has_failed(run: TestRun) -> bool:
    return bool(run.failed) or run.outcome in {TestOutcome.ASSERTION, TestOutcome.EXCEPTION}


def _is_like(failed: TestRun, passed: TestRun, path: str) -> bool:
    """Return whether the passing run covers what failed: the same command, or one that names the file."""
    return _core(failed.command) == _core(passed.command) or path.rsplit("/", 1)[-1] in passed.command


def _core(command: str) -> tuple[Words, ...]:
    return tuple(words for words in simple_commands(command) if words[0] not in _AROUND)


def _names(files: Iterable[Iterable[Line]]) -> Iterator[str]:
    return (name for lines in files for line in lines if (name := name_of_test(line.text)))


def _defined(files: Mapping[str, tuple[Line, ...]]) -> set[str]:
    return {
        name for path, lines in files.items() if not is_test(path) for line in lines if (name := defined_in(line.text))
    }
