"""Tests that a commit weakens, in the same change with which an agent turned a failing run green."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from forensics.casework.agents.fallen_counts import fallen_count
from forensics.casework.agents.requests import asked_to_change_tests
from forensics.casework.agents.test_first import is_test
from forensics.casework.paths import in_tree, locate
from forensics.formats.test_lines import defined_in, is_assertion, is_skip, name_of_test, weakened
from forensics.formats.transcripts.failing_files import failing_files
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
    LEFT_OUT = "left-out"
    FEWER = "fewer"


@dataclass(frozen=True, slots=True)
class Weaker:
    """What a commit made weaker in one test file; `said` are names of tests, or lines as they were and as they are."""

    path: str
    how: How
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WeakenedTest:
    """A weaker test, the run that failed before the edit, and the one that passed after it.

    `commit` is the one that has it, `edit` the tool call that made it where no commit shows it.
    """

    agent: AgentRun
    step: str
    commit: Commit | None
    edit: FileWrite | None
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
    found = [
        WeakenedTest(agents[tie.agent], tie.step, attributed.commit, None, weaker, *runs)
        for tie in case.ties
        if (dossier := case.dossier(tie.step)) and tie.agent in agents and tie.confidence is not Confidence.POSSIBLE
        for attributed in (*dossier.commits, *dossier.elsewhere)
        if (patch := case.history.patches.get(attributed.commit.sha))
        and attributed.confidence is not Confidence.POSSIBLE
        for weaker in _weaker(patch, added)
        if (runs := _turned_green(agents[tie.agent], attributed.commit, weaker.path))
        and not asked_to_change_tests(agents[tie.agent], runs[1].moment)
    ]
    found += _in_edits(case, found)
    return (*found, *_left_out(case, {weak.agent.id for weak in found}))


def _left_out(case: Case, known: Collection[str]) -> Iterator[WeakenedTest]:
    """Yield edits after which the same command ran fewer tests and passed, of agents of which no weaker line is known."""
    shown = {path for patch in case.history.patches.values() for path in (*patch.added, *patch.removed)}

    def is_older(edit: FileWrite) -> bool:
        return any(
            commit.author_time < edit.moment and locate(edit.path, commit.paths())
            for commit in case.history.commits.values()
        )

    for tie in case.ties:
        agent = next((agent for agent in case.transcripts.agents if agent.id == tie.agent), None)
        if agent is None or agent.id in known or tie.confidence is Confidence.POSSIBLE:
            continue
        for failed, passed in pairwise(agent.of(TestRun)):
            green = _has_failed(failed) and passed.outcome is TestOutcome.PASSED
            if not green or _core(failed.command) != _core(passed.command) or failed.cwd != passed.cwd:
                continue
            fell = fallen_count(agent, failed, passed, shown, is_older)
            if fell and not asked_to_change_tests(agent, passed.moment):
                said = (f"{fell.before} tests → {fell.after}",)
                yield WeakenedTest(
                    agent, tie.step, None, fell.edit, Weaker(fell.path, How.LEFT_OUT, said), failed, passed
                )
                break


def _in_edits(case: Case, in_commits: Iterable[WeakenedTest]) -> Iterator[WeakenedTest]:
    """Yield what edits weaken and no commit shows: a test that is new, or work that is not committed.

    A new test that failed was loosened until it passed, and the commit has it as if it had always been so.
    """
    known = {(found.agent.id, found.weaker.path) for found in in_commits}
    step_of = {tie.agent: tie.step for tie in case.ties if tie.confidence is not Confidence.POSSIBLE}
    later = [
        (commit, case.history.patches[sha])
        for sha, commit in case.history.commits.items()
        if sha in case.history.patches
    ]
    for agent in case.transcripts.agents:
        for edit in agent.of(FileWrite):
            path = in_tree(edit.path, agent.cwd) or edit.path
            if not edit.weakens or agent.id not in step_of or not is_test(path) or (agent.id, path) in known:
                continue
            runs = _around(list(agent.of(TestRun)), edit.moment, path)
            if runs and not _taken_back(edit, path, later) and not asked_to_change_tests(agent, edit.moment):
                known.add((agent.id, path))
                how = How.LOOSENED if edit.weakens[0][0] else How.SKIPPED
                said = tuple(f"{old} → {new}" if old else new for old, new in edit.weakens)
                yield WeakenedTest(agent, step_of[agent.id], None, edit, Weaker(path, how, said), *runs)


def _taken_back(edit: FileWrite, path: str, later: Iterable[tuple[Commit, Patch]]) -> bool:
    """Return whether the next commit of the file has none of the weaker lines: the edit was undone before it."""
    patches = [
        (commit.author_time, patch.added[path])
        for commit, patch in later
        if path in patch.added and commit.author_time >= edit.moment
    ]
    if not patches:
        return False
    lines = {line.text.strip() for line in min(patches, key=lambda found: found[0])[1]}
    return not any(new in lines for _, new in edit.weakens)


def _weaker(patch: Patch, added_anywhere: set[str]) -> Iterator[Weaker]:
    """Yield what a commit weakens; tests of code that it removes, and tests that move, are not weaker."""
    gone = _defined(patch.removed) - _defined(patch.added)
    moved = {line.text.strip() for lines in patch.added.values() for line in lines}
    for path in sorted(filter(is_test, {*patch.added, *patch.removed})):
        new, old = patch.added.get(path, ()), patch.removed.get(path, ())
        # Nothing is lost where a removed line names code that the commit removes, too.
        lost = [line for line in old if line.text.strip() not in moved and not any(name in line.text for name in gone)]
        skips = [line.text for line in new if is_skip(line.text)]
        if len(skips) > sum(is_skip(line.text) for line in old):
            yield Weaker(path, How.SKIPPED, tuple(skips))
        elif names := [name for name in _names([lost]) if name not in added_anywhere]:
            if len(names) > sum(1 for _ in _names([new])):  # as many new ones took their place
                yield Weaker(path, How.REMOVED, tuple(names))
        elif pairs := weakened((line.text for line in lost), (line.text for line in new)):
            yield Weaker(path, How.LOOSENED, tuple(f"{before} → {after}" for before, after in pairs))
        elif fewer := _fewer(lost, new):
            yield Weaker(path, How.FEWER, fewer)


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
    return next(filter(None, (_around(runs, moment, path) for moment in reversed(edits))), None)


def _around(runs: Sequence[TestRun], moment: datetime, path: str) -> tuple[TestRun, TestRun] | None:
    """Return the last run before an edit, if it failed, and the first one after it, if it is like that one and passed."""
    before = next((run for run in reversed(runs) if run.moment < moment), None)
    after = next((run for run in runs if run.moment > moment), None)
    green = before and after and _has_failed(before) and after.outcome is TestOutcome.PASSED
    return (before, after) if before and after and green and _is_like(before, after, path) else None


def _may_have_failed(run: TestRun, path: str) -> bool:
    """Return whether a failing run may have failed in a file: it names the file, or names none at all."""
    named = failing_files(run.output)
    return not named or path.rsplit("/", 1)[-1] in named


def _has_failed(run: TestRun) -> bool:
    return bool(run.failed) or run.outcome in {TestOutcome.ASSERTION, TestOutcome.EXCEPTION}


def _is_like(failed: TestRun, passed: TestRun, path: str) -> bool:
    """Return whether the passing run covers what failed: the same command, or one that names the file."""
    like = _core(failed.command) == _core(passed.command) or path.rsplit("/", 1)[-1] in passed.command
    return like and _may_have_failed(failed, path)


def _core(command: str) -> tuple[Words, ...]:
    return tuple(words for words in simple_commands(command) if words[0] not in _AROUND)


def _names(files: Iterable[Iterable[Line]]) -> Iterator[str]:
    return (name for lines in files for line in lines if (name := name_of_test(line.text)))


def _defined(files: Mapping[str, tuple[Line, ...]]) -> set[str]:
    return {
        name for path, lines in files.items() if not is_test(path) for line in lines if (name := defined_in(line.text))
    }
