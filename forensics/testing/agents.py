"""The case-script language's agents: lines to transcripts' values."""

import posixpath
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from forensics.errors import FormatError
from forensics.formats.transcripts.shell import folder_of
from forensics.model.source import TranscriptRef
from forensics.model.transcript import (
    AgentRun,
    BranchSeen,
    Command,
    CommitMade,
    Event,
    FileRead,
    FileWrite,
    Launch,
    TestOutcome,
    TestRun,
    Transcripts,
)

_MAIN = "main"
_OUTCOMES = {
    "passed": TestOutcome.PASSED,
    "failed": TestOutcome.ASSERTION,
    "none": TestOutcome.NONE_COLLECTED,
    "unclear": TestOutcome.UNKNOWN,
}


def transcripts_of(lines: Sequence[str], together: Sequence[str]) -> Transcripts:
    """Return the agents that script lines describe, and the main session that launched them."""
    if not lines:
        return Transcripts()
    agents = [_agent(line, number) for number, line in enumerate(lines, start=1)]
    launches = tuple(_launch(agent, number, together) for number, agent in enumerate(agents, start=1))
    start, end = min(agent.start for agent in agents), max(agent.end for agent in agents)
    main = AgentRun(_MAIN, None, "claude-code", "main.jsonl", "large", "/tree", "main", start, end, "Run it", launches)
    return Transcripts(agents=(main, *agents), files=("main.jsonl",))


def _agent(line: str, number: int) -> AgentRun:
    head, _, rest = line.partition(":")
    _, name, step = head.split()
    times, *facts = (part.strip() for part in rest.split(","))
    times, _, branch = times.partition(" on ")
    span, _, folder = times.partition(" in ")
    begin, _, finish = span.strip().partition("-")
    tree = folder.strip() or "/tree"
    path = f"agent-{name}.jsonl"
    branch = branch.strip() or "main"
    events, on = [], branch
    for number, fact in enumerate(facts, start=2):
        events.append(_event(fact, TranscriptRef(path, number), tree, on))
        on = fact.split()[1] if fact.startswith(("switches ", "sees ")) else on
    return AgentRun(
        name, _MAIN, "claude-code", path, "small", tree, branch, _moment(begin), _moment(finish),
        f"Do plans/run/steps/step-{step.replace('.', '-')}.md", tuple(sorted(events, key=lambda one: one.moment)),
    )  # fmt: skip


def _launch(agent: AgentRun, number: int, together: Sequence[str]) -> Launch:
    message = "together" if agent.id in together else f"message {number}"
    return Launch(
        agent.start,
        TranscriptRef("main.jsonl", number),
        f"call {number}",
        message,
        agent.prompt,
        agent.prompt,
        agent.id,
        False,
        agent.end,
    )


def _event(fact: str, ref: TranscriptRef, tree: str, on: str) -> Event:
    verb, *words, clock = fact.split()
    moment = _moment(clock)
    if verb == "sees":
        return BranchSeen(moment, ref, words[0], tree, on, moment - timedelta(minutes=1))
    if verb == "switches":
        return Command(moment, ref, f"git switch {words[0]}", tree, 0, "")
    if verb == "reads":
        return FileRead(moment, ref, f"{tree}/{words[0]}")
    if verb == "writes":
        return FileWrite(moment, ref, posixpath.normpath(f"{tree}/{words[0]}"))
    if verb == "scratch":
        return CommitMade(moment, ref, words[0], "main", "", "/scratch")
    if verb == "commits":
        said = {words[place]: words[place + 1] for place in (-4, -2) if words[place : place + 1] in (["in"], ["on"])}
        subject = " ".join(words[1 : len(words) - 2 * len(said)])
        return CommitMade(moment, ref, words[0], said.get("on", on), subject, said.get("in", tree))
    if verb == "runs":
        code = int(words.pop()) if words[-1].isdigit() else 0
        return Command(moment, ref, " ".join(words), folder_of(" ".join(words), tree), code, "")
    if verb == "tests":
        where = words[-1] if words[-2:-1] == ["in"] else tree
        numbers = [int(word) for word in words if word.isdigit()]
        errors = tuple(word for word in words if word.endswith("Error"))
        passed = numbers[0] if numbers else None
        return TestRun(moment, ref, "pytest", where, _OUTCOMES[words[0]], passed, None, errors)
    raise FormatError(f"Not an agent's event: {fact!r}.")


def _moment(clock: str) -> datetime:
    return datetime.strptime(f"2026-03-04 {clock}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
