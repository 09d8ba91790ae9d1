"""OpenCode's sessions as AgentRuns and Usage, once all files are read."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from forensics.formats.transcripts.opencode.documents import EPOCH, Documents, MessageFacts, SessionFacts
from forensics.formats.transcripts.opencode.parts import PartFacts
from forensics.formats.transcripts.opencode.records import Cache, Counts, moment_of, real
from forensics.formats.transcripts.shell import joined
from forensics.model.prose import quote
from forensics.model.source import Gap
from forensics.model.transcript import (
    AgentRun,
    Command,
    CommitMade,
    Event,
    FileRead,
    FileWrite,
    Launch,
    Message,
    TestRun,
    Todo,
    Tokens,
    Transcripts,
    Usage,
)

# Seconds, as for other agents: a longer pause before a person's message is waiting for that person.
_PAUSE = 300.0
# After these the model goes on, or was stopped: what it wrote is not what it ended with.
_GOES_ON = frozenset({"tool-calls", "length", "content-filter", "unknown", "error"})


def joined_documents(documents: Documents) -> Transcripts:
    """Return what all of OpenCode's files together say."""
    found = {
        session.id: (session, _messages(session, documents.loose))
        for session in sorted(documents.sessions.values(), key=lambda session: session.id)
    }
    answers = {
        launch.agent: launch
        for session, messages in found.values()
        for launch in _events(session, messages)
        if isinstance(launch, Launch) and launch.agent
    }
    gaps = [
        Gap(f"the transcript of agent {quote(name)} is missing", launch.ref)
        for name, launch in answers.items()
        if name not in found
    ]
    agents = [_run(session, messages, answers.get(session.id)) for session, messages in found.values() if messages]
    return Transcripts(
        tuple(sorted(agents, key=lambda agent: (agent.start, agent.id))),
        tuple(row for session, messages in found.values() for row in _usage(session, messages)),
        tuple(sorted([*documents.gaps, *gaps], key=lambda gap: (str(gap.ref), gap.what))),
        tuple(sorted(documents.paths)),
    )


def _messages(session: SessionFacts, loose: dict[str, dict[str, PartFacts]]) -> list[MessageFacts]:
    """Return a session's messages in order of time, with their parts; ids of parts are in the order of their making."""
    for message in session.messages.values():
        stored = loose.get(message.info.id or "", {})
        if stored and not message.parts:
            message.parts = [_timed(stored[name], message.moment) for name in sorted(stored)]
            session.paths |= dict.fromkeys(part.ref.path for part in message.parts)
    return sorted(session.messages.values(), key=lambda message: (message.moment, message.info.id or ""))


def _timed(part: PartFacts, moment: datetime) -> PartFacts:
    """Return a stored part whose events have a time: their message's, where the part itself has none."""
    events = tuple(replace(event, moment=moment) if event.moment == EPOCH else event for event in part.events)
    return replace(part, events=events)


def _run(session: SessionFacts, messages: list[MessageFacts], launch: Launch | None) -> AgentRun:
    said = tuple(_said(messages))
    if not said and launch and launch.answer:
        said = (launch.answer,)
    asked = tuple(_asked(messages))
    parent = real(session.info.parent)
    models = Counter(message.info.model for message in messages if message.info.model)
    active, waited = _spans(messages)
    ends = [_end(message) for message in messages]
    return AgentRun(
        id=session.id,
        parent=parent,
        tool="opencode",
        path=min(session.paths),
        model=min(models, key=lambda name: (-models[name], name)) if models else None,
        cwd=session.info.directory or "",
        branch=None,
        start=messages[0].moment,
        end=max(ends),
        prompt=asked[0].text if asked else "",
        events=tuple(sorted(_events(session, messages), key=lambda event: event.moment)),
        active_seconds=active,
        waited_for_person=waited,
        versions=(version,) if (version := real(session.info.version)) else (),
        asked=() if parent else asked,
        said=said,
        todos=_todos(messages),
        paths=tuple(sorted(session.paths)),
    )


def _events(session: SessionFacts, messages: Iterable[MessageFacts]) -> Iterator[Event]:
    """Yield what a session did; folders of calls are completed by their message's, else the session's."""
    for message in messages:
        base = (message.info.path and message.info.path.cwd) or session.info.directory or ""
        for part in message.parts:
            for event in part.events:
                yield _placed(event, base)


def _placed(event: Event, base: str) -> Event:
    match event:
        case Command() | TestRun() | CommitMade():
            return replace(event, cwd=joined(base, event.cwd))
        case FileRead() | FileWrite():
            return replace(event, path=joined(base, event.path))
    return event


def _asked(messages: Iterable[MessageFacts]) -> Iterator[Message]:
    """Yield what a person wrote, or the agent that launched this one; OpenCode marks the texts it adds itself."""
    for message in messages:
        texts = [part for part in message.parts if part.text]
        if message.info.role == "user" and texts:
            yield Message(message.moment, texts[0].ref, "\n".join(part.text for part in texts))


def _said(messages: Iterable[MessageFacts]) -> Iterator[Message]:
    """Yield the texts that ended a turn: those after a message's last tool call, if it was completed."""
    for message in messages:
        info = message.info
        done = moment_of(info.time.completed if info.time else None)
        if info.role != "assistant" or done is None or info.finish in _GOES_ON or memoryview(info.error):
            continue
        last = max((place for place, part in enumerate(message.parts) if part.is_tool), default=-1)
        texts = [part for part in message.parts[last + 1 :] if part.text.strip()]
        if texts:
            yield Message(done, texts[-1].ref, "\n\n".join(part.text for part in texts))


def _todos(messages: Iterable[MessageFacts]) -> tuple[Todo, ...]:
    """Return the list of tasks as it was written last."""
    written = [part.todos for message in messages for part in message.parts if part.todos is not None]
    return written[-1] if written else ()


def _end(message: MessageFacts) -> datetime:
    return moment_of(message.info.time.completed if message.info.time else None) or message.moment


def _spans(messages: list[MessageFacts]) -> tuple[float, float]:
    """Return the seconds in which the agent answered, and those for which it waited for a person."""
    active = waited = 0.0
    before: datetime | None = None
    for message in messages:
        if message.info.role == "assistant":
            active += (_end(message) - message.moment).total_seconds()
        elif before and (pause := (message.moment - before).total_seconds()) > _PAUSE:
            waited += pause
        before = _end(message)
    return active, waited


def _usage(session: SessionFacts, messages: Iterable[MessageFacts]) -> Iterator[Usage]:
    """Yield each answer's tokens; those of its steps are the same ones again."""
    for message in messages:
        info = message.info
        if info.role == "assistant" and info.tokens and (tokens := _tokens(info.tokens)).total:
            # A subscription's messages cost 0 by OpenCode's records, which says nothing of what they would cost.
            usd = info.cost or None
            complete = bool(info.time and info.time.completed)
            yield Usage(session.id, info.model, message.moment, tokens, lower_bound=not complete, usd=usd)


def _tokens(counts: Counts) -> Tokens:
    """Return the counts by kind; of some providers the reasoning is inside the output, of others the total shows it aside."""
    cache = counts.cache or Cache()
    outside = (counts.total or 0) - counts.input - cache.read - cache.write
    return Tokens(counts.input, max(counts.output, outside), cache.read, cache.write)
