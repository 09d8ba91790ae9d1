"""The `agent` and `launched together` lines of a case script, made into transcripts."""

import posixpath
from collections.abc import Sequence
from datetime import timedelta

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
from forensics.testing.words import HASH, PATH, ScriptLine

_MAIN = "main"
_EVENTS = ("reads", "writes", "tests", "runs", "commits", "scratch", "switches", "sees")
# A leading slash is what tells a work tree from a branch or a file, so that `in` and `on` cannot be mixed up unseen.
_BRANCH = r"[\w./-]+"
_TREE = r"/[\w./-]+"
_OUTCOMES = {
    "passed": TestOutcome.PASSED,
    "failed": TestOutcome.ASSERTION,
    "none": TestOutcome.NONE_COLLECTED,
    "unclear": TestOutcome.UNKNOWN,
}


def read_agent(line: ScriptLine) -> AgentRun:
    """Return the agent that a line describes; each event's address is its place in the line, from line 2 on."""
    name = line.take("the agent's id", r"(?!main:?$)\w+")
    step = line.take("the step's id", r"[\w.]+")
    parent = None if line.accept("unlaunched") else _MAIN
    line.take("a colon", ":")
    start, end = line.span()
    tree, branch = _tree(line, "/tree"), _branch(line, "main")
    path = f"agent-{name}.jsonl"
    events: list[Event] = []
    on = branch
    for number, verb in enumerate(line.facts(_EVENTS, again=_EVENTS), start=2):
        switched = line.next if verb in {"switches", "sees"} else on
        events.append(_event(line, verb, TranscriptRef(path, number), tree, on))
        on = switched
    prompt = f"Do plans/run/steps/step-{step.replace('.', '-')}.md"
    ordered = tuple(sorted(events, key=lambda event: event.moment))
    return AgentRun(name, parent, "claude-code", path, "small", tree, branch, start, end, prompt, ordered)


def read_together(line: ScriptLine, agents: Sequence[AgentRun]) -> tuple[str, ...]:
    """Return the ids of the agents that one message launched."""
    known = "|".join(agent.id for agent in agents if agent.parent) or "(?!)"
    ids = line.listed("the id of a launched agent of this script", known, ",")
    line.check(len(ids) > 1, "at least two agents")
    line.end()
    return tuple(ids)


def transcripts_of(agents: Sequence[AgentRun], together: Sequence[str]) -> Transcripts:
    """Return the agents and the main session that launched them."""
    if not agents:
        return Transcripts()
    launched = [agent for agent in agents if agent.parent]
    launches = tuple(_launch(agent, number, together) for number, agent in enumerate(launched, start=1))
    start, end = min(agent.start for agent in agents), max(agent.end for agent in agents)
    main = AgentRun(_MAIN, None, "claude-code", "main.jsonl", "large", "/tree", "main", start, end, "Run it", launches)
    return Transcripts(agents=(main, *agents), files=("main.jsonl",))


def _launch(agent: AgentRun, number: int, together: Sequence[str]) -> Launch:
    message = "together" if agent.id in together else f"message {number}"
    ref, prompt = TranscriptRef("main.jsonl", number), agent.prompt
    return Launch(agent.start, ref, f"call {number}", message, prompt, prompt, agent.id, False, agent.end)


def _event(line: ScriptLine, verb: str, ref: TranscriptRef, tree: str, on: str) -> Event:
    """Return the event that a verb and the words behind it describe, of an agent in this work tree and on this branch."""
    match verb:
        case "reads":
            path = line.take("a path", PATH)
            return FileRead(line.clock(), ref, f"{tree}/{path}")
        case "writes":
            path = line.take("a path", PATH)
            return FileWrite(line.clock(), ref, posixpath.normpath(f"{tree}/{path}"))
        case "tests":
            outcome = _OUTCOMES[line.choose(_OUTCOMES)]
            error = (line.take("an error", r"\w+Error"),) if line.next.endswith("Error") else ()
            passed = int(line.take("a number")) if line.next.isdigit() else None
            where = _tree(line, tree)
            return TestRun(line.clock(), ref, "pytest", where, outcome, passed, None, error)
        case "runs":
            command, code, at = line.command()
            return Command(at, ref, command, folder_of(command, tree), code, "")
        case "commits":
            sha = line.take("a commit's hash", HASH)
            subject = line.quoted("a subject") if line.next[:1] in {'"', "'"} else ""
            branch, where = _branch(line, on), _tree(line, tree)
            return CommitMade(line.clock(), ref, sha, branch, subject, where)
        case "scratch":
            sha = line.take("a commit's hash", HASH)
            return CommitMade(line.clock(), ref, sha, "main", "", "/scratch")
        case "switches":
            branch = line.take("a branch", _BRANCH)
            return Command(line.clock(), ref, f"git switch {branch}", tree, 0, "")
    branch, at = line.take("a branch", _BRANCH), line.clock()
    return BranchSeen(at, ref, branch, tree, on, at - timedelta(minutes=1))


def _tree(line: ScriptLine, default: str) -> str:
    return line.take("a work tree", _TREE) if line.accept("in") else default


def _branch(line: ScriptLine, default: str) -> str:
    return line.take("a branch", _BRANCH) if line.accept("on") else default
