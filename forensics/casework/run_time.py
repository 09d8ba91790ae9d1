"""The time in which a run's agents were at work, for the choice of its transcripts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from forensics.casework.attribution.steps import window
from forensics.casework.join import Join
from forensics.model.transcript import AgentRun, FileRead, FileWrite, Launch

# A squash hides when its work began. Few runs take longer than two weeks, and agents' stores reach back for months.
_BEFORE_LANDING = timedelta(days=14)
# A stated time further off is a template's date or another month's typing error.
_CREDIBLE = timedelta(days=30)
# Characters of a prompt that are searched for the plan's folder: bounds the time that one very long prompt can take.
_MOST_READ = 20_000


@dataclass(frozen=True, slots=True)
class RunTime:
    """From when to when a run's agents were at work, None where it is open.

    It may have begun before `start`, but not before `earliest`, if agents name its `folder` then. The two differ where
    the plan came onto the branch together with its work.
    """

    start: datetime | None
    end: datetime | None
    earliest: datetime | None = None
    folder: str = ""

    def began(self, agents: Iterable[AgentRun]) -> datetime | None:
        """Return when the run began: with the first agent that names its plan, if that was before `start`."""
        if self.start is None or self.earliest is None or self.earliest >= self.start:
            return self.start
        early = [agent.start for agent in agents if agent.start >= self.earliest and self._is_named_by(agent)]
        return min((self.start, *early))

    def _is_named_by(self, agent: AgentRun) -> bool:
        """Return whether an agent's prompt, launches, commands or files name the plan's folder."""
        texts = [agent.prompt, *(event.prompt for event in agent.of(Launch)), *(run.command for run in agent.ran())]
        paths = [event.path for event in agent.events if isinstance(event, FileRead | FileWrite)]
        named = (text[:_MOST_READ] for text in (*texts, *paths))
        return any(self.folder in text for text in named)


def run_time(join: Join) -> RunTime:
    """Return the run's time by its plan's commits on any ref, its steps' commits and its reports' own times.

    The branch alone does not show it: where pull requests are squashed, the plan's first commit there is the landing.
    """
    run, history = join.run, join.history
    start, end = window(run, history)
    if start is None or run.since:
        return RunTime(start, end, start, run.path)
    touched = [commit for commit in history.commits.values() if run.touches(commit)]
    made = [found.commit for work in (join.commits, join.elsewhere) for every in work.values() for found in every]
    first = min((start, *(commit.author_time for commit in (*touched, *made)), *_stated(join, start)))
    # The branch got the plan by the same commit as a step's work: nothing in git says when that work began.
    brought = {commit.sha for commit in touched if commit.author_time <= first}
    landed = any(found.commit.sha in brought and found.work for every in join.commits.values() for found in every)
    return RunTime(first, end, first - _BEFORE_LANDING if landed else first, run.path)


def _stated(join: Join, start: datetime) -> list[datetime]:
    times = [account.report.time.moment for account in join.accounts if account.report.time]
    return [moment for moment in times if abs(moment - start) <= _CREDIBLE]
