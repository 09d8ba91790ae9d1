"""Which agent worked on which step, and which agents were at work at the same time."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from forensics.casework.paths import locate
from forensics.formats.step_ids import plans_in, step_of_file, steps_in
from forensics.model.case import Attribution, Run, Tie
from forensics.model.claim import Confidence
from forensics.model.plan import Plan, StepSpec
from forensics.model.prose import quote
from forensics.model.steps import same_step
from forensics.model.transcript import AgentRun, CommitMade, FileWrite, Launch, Transcripts

# Pairs of agents grow with the square of their number, so each is compared with the next hundred only.
AT_ONCE = 100
# A prompt that says `Execute plans/x/steps/step-1-3.md`, with any folder or none before `steps/`.
_STEP_FILE = re.compile(r"(?:^|[\s`'\"(/])(?P<folder>[\w./-]{0,300}?)steps/(?P<name>(?:step|cycle)[-_]?[\w.-]+?\.md)")
# Characters of a prompt that are searched for a step's file: bounds the time that one very long prompt can take.
_MOST_READ = 20_000
# Characters that are searched for a bare step number, which is weaker than a file: only a prompt's beginning says what
# the task is, and its context, further down, may number other steps.
_BEGINNING = 2_000
# What an agent writes is committed within a working day. The same file, written weeks before or after, was written by the
# sessions of other runs: in one repository these were 95 of 97 agents tied by a file alone.
_BEFORE_COMMIT = timedelta(hours=24)
# A report in the plan's own folder, `<plan>/reports/step-1-3.md`; another plan's reports tie to nothing here.
_REPORT = re.compile(r"(?P<plan>[\w.-]{1,200})/reports/(?P<name>[\w.-]+\.md)$")


def tie(
    transcripts: Transcripts, plan: Plan, run: Run, commits: Mapping[str, tuple[Attribution, ...]]
) -> tuple[Tie, ...]:
    """Tie agents to steps: by the prompt they were launched with, the report they wrote, the commits they made, and
    last, only possibly, by the files they wrote.

    An agent is tied to one step. One that names several is an orchestrator, and one that names none stays untied.
    """
    launched = launches(transcripts)
    found = (next(_ties(agent, launched.get(agent.id), plan, run, commits), None) for agent in transcripts.agents)
    return tuple(filter(None, found))


def in_its_tree(event: CommitMade, agent: AgentRun) -> bool:
    """Return whether a commit was made in the agent's own work tree, and not in a scratch repository elsewhere."""
    return event.cwd == agent.cwd or event.cwd.startswith(f"{agent.cwd}/")


def launches(transcripts: Transcripts) -> Mapping[str, Launch]:
    """Return the first event that launched each agent; an agent whose launch no transcript shows has none."""
    found = [event for agent in transcripts.agents for event in agent.of(Launch)]
    return {event.agent: event for event in reversed(found) if event.agent}


def _ties(
    agent: AgentRun, launch: Launch | None, plan: Plan, run: Run, commits: Mapping[str, tuple[Attribution, ...]]
) -> Iterator[Tie]:
    known = [spec.id for spec in plan.steps]
    if any(agent.of(Launch)):
        return  # whoever launches others orchestrates them
    texts = [*([launch.prompt, launch.description] if launch else []), agent.prompt]
    named = _files_named(texts, run, known) or _own_files_named(texts, plan)
    if len(named) == 1:
        yield Tie(agent.id, named[0], Confidence.CERTAIN, "its prompt names the step's file")
    reported = _reported(agent, run, known) or _own_reports(agent, plan)
    if len(reported) == 1:
        yield Tie(agent.id, reported[0], Confidence.CERTAIN, "it wrote the step's report")
    committed = _committed(agent, commits)
    if len(committed) == 1:
        yield Tie(agent.id, committed[0], Confidence.LIKELY, "it made the step's commit")
    beginnings = [text[:_BEGINNING] for text in texts]
    said = _known({step for text in beginnings for step in (*steps_in(text), *plans_in(text))}, known)
    if len(said) == 1:
        place = "its prompt" if launch is None else f"its launch, {quote(launch.description, 60)},"
        yield Tie(agent.id, said[0], Confidence.LIKELY, f"{place} names the step")
    owning = [spec.id for spec in plan.steps if _wrote_in_time(agent, spec, commits)]
    if len(owning) == 1:
        yield Tie(agent.id, owning[0], Confidence.POSSIBLE, "it wrote files that only this step names")


def _wrote_in_time(agent: AgentRun, spec: StepSpec, commits: Mapping[str, tuple[Attribution, ...]]) -> bool:
    """Return whether an agent wrote one of a step's files shortly before the step's commits, or the run's if it has none.

    Without any commit, the time of the run is not known, and a file's name alone ties nobody.
    """
    work = commits.get(spec.id) or tuple(found for each in commits.values() for found in each)
    made = [found.commit.author_time for found in work]
    near = [
        event
        for event in agent.of(FileWrite)
        if any(timedelta() <= moment - event.moment <= _BEFORE_COMMIT for moment in made)
    ]
    files = frozenset(spec.files)
    return any(locate(event.path, files) for event in near)


def _files_named(texts: Sequence[str], run: Run, known: Sequence[str]) -> list[str]:
    """Return the steps whose files the texts name, of this plan or of a plan they do not name."""
    found = set()
    for match in (match for text in texts for match in _STEP_FILE.finditer(text[:_MOST_READ])):
        folder = match["folder"].rstrip("/")
        if not folder or folder.endswith(run.path) or run.path.endswith(folder):
            found.add(step_of_file(match["name"]))
    return _known(found, known)


def _reported(agent: AgentRun, run: Run, known: Sequence[str]) -> list[str]:
    name = run.path.rsplit("/", 1)[-1]
    matches = (_REPORT.search(event.path) for event in agent.of(FileWrite))
    return _known({step_of_file(match["name"]) for match in matches if match and match["plan"] == name}, known)


def _own_files_named(texts: Sequence[str], plan: Plan) -> list[str]:
    """Return the steps whose whole file, plan's folder and name, the texts name; a step inside a longer plan has none."""
    whole = {_tail(spec.ref.place): spec.id for spec in plan.steps if spec.ref.line == 1}
    return [step for name, step in whole.items() if any(name in text[:_MOST_READ] for text in texts)]


def _own_reports(agent: AgentRun, plan: Plan) -> list[str]:
    """Return the steps whose report, where the plan says it will stand, the agent wrote."""
    wrote = {_tail(event.path) for event in agent.of(FileWrite)}
    return [
        spec.id for spec in plan.steps if spec.ref.line == 1 and spec.report_path and _tail(spec.report_path) in wrote
    ]


def _tail(path: str) -> str:
    return "/".join(path.rsplit("/", 2)[-2:])


def _committed(agent: AgentRun, commits: Mapping[str, tuple[Attribution, ...]]) -> list[str]:
    shas = tuple(event.sha for event in agent.of(CommitMade) if in_its_tree(event, agent))
    return [step for step, work in commits.items() if any(known.commit.sha.startswith(shas) for known in work)]


def _known(found: set[str | None], known: Sequence[str]) -> list[str]:
    return [step for step in known if any(named and same_step(step, named) for named in found)]


@dataclass(frozen=True, slots=True)
class Together:
    """Two agents whose lives are not ordered: launched in one message, or overlapping."""

    one: AgentRun
    other: AgentRun
    launched: tuple[Launch, Launch] | None

    @property
    def roles(self) -> tuple[tuple[AgentRun, AgentRun], tuple[AgentRun, AgentRun]]:
        """Return both orders of the two, for questions that are not symmetric."""
        return (self.one, self.other), (self.other, self.one)


def unordered(agents: Sequence[AgentRun], transcripts: Transcripts) -> Iterator[Together]:
    """Yield each pair of agents neither of which ended before the other was launched.

    Launches and ends come from the launching transcript where it shows them: a background launch returns at once, and
    its agent ends at its notification. Without a launch, first and last record stand for them. An agent is compared
    with the `AT_ONCE` that began next: where all run at once, pairs grow with the square.
    """
    launched = launches(transcripts)
    ordered = _by_beginning(agents, launched)
    for index, agent in enumerate(ordered):
        first = launched.get(agent.id)
        end = _over(agent, first)
        for other in ordered[index + 1 : index + 1 + AT_ONCE]:
            second = launched.get(other.id)
            same = first and second and first.message == second.message and first.call != second.call
            if same or not (end <= _begun(other, second) or _over(other, second) <= _begun(agent, first)):
                yield Together(agent, other, (first, second) if first and second and same else None)


def crowded(agents: Sequence[AgentRun], transcripts: Transcripts) -> bool:
    """Return whether so many agents were at work at once that `unordered` leaves pairs out."""
    launched = launches(transcripts)
    ordered = _by_beginning(agents, launched)
    return any(
        _over(agent, launched.get(agent.id)) > _begun(other, launched.get(other.id))
        for agent, other in zip(ordered, ordered[AT_ONCE + 1 :], strict=False)
    )


def _by_beginning(agents: Sequence[AgentRun], launched: Mapping[str, Launch]) -> list[AgentRun]:
    return sorted(agents, key=lambda agent: _begun(agent, launched.get(agent.id)))


def _begun(agent: AgentRun, launch: Launch | None) -> float:
    return min(agent.start, launch.moment).timestamp() if launch else agent.start.timestamp()


def _over(agent: AgentRun, launch: Launch | None) -> float:
    """Return when an agent had ended for its launcher: what it does later, it was resumed for."""
    ended = launch.ended if launch else None
    return min(agent.end, ended).timestamp() if ended else agent.end.timestamp()
