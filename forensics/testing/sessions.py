"""The `session` lines of a case script and the lines of what each session does, made into transcripts without a plan."""

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from forensics.formats.test_lines import weakened
from forensics.formats.transcripts.printed_commits import printed_commits
from forensics.formats.transcripts.shell import folder_of
from forensics.formats.transcripts.test_runs import as_test_run
from forensics.model.source import TranscriptRef
from forensics.model.transcript import (
    AgentRun,
    Command,
    CommitMade,
    Event,
    FileRead,
    FileWrite,
    Launch,
    Message,
    Transcripts,
)
from forensics.testing.words import HASH, PATH, ScriptLine, moment

_ID = r"[A-Za-z]\w*"
_TREE = r"/[\w./-]+"
_BRANCH = r"[\w./-]+"


@dataclass(slots=True)
class _Session:
    """What is known of one session or subagent so far; line 1 of its transcript is its prompt."""

    id: str
    parent: str | None
    prompt: str
    tree: str
    branch: str
    begun: datetime | None = None
    ended: datetime | None = None
    lines: int = 1
    events: list[Event] = field(default_factory=list)
    asked: list[Message] = field(default_factory=list)
    said: list[Message] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"{self.id}.jsonl"

    def note(self, at: datetime) -> TranscriptRef:
        """Return the address of the next record, written at this moment."""
        self.lines += 1
        self.begun = min(self.begun or at, at)
        self.ended = max(self.ended or at, at)
        return TranscriptRef(self.path, self.lines)


@dataclass(slots=True)
class Sessions:
    """The sessions of a script, by id, in the order of their first lines."""

    known: dict[str, _Session] = field(default_factory=dict)

    def begin(self, line: ScriptLine) -> None:
        """Read `session ID: "prompt" [, in /tree] [, on BRANCH]`, the word `session` already taken."""
        name = self._new(line)
        line.take("a colon", ":")
        session = _Session(name, None, line.quoted("the person's prompt"), "/tree", "main")
        for fact in line.facts(("in", "on")):
            if fact == "in":
                session.tree = line.take("a work tree", _TREE)
            else:
                session.branch = line.take("a branch", _BRANCH)
        self.known[name] = session

    def act(self, line: ScriptLine, block: str) -> None:
        """Read what a session does: its id, a time, a verb, and what belongs to the verb."""
        session, at = self.known[line.take("a session's id", _ID)], line.clock()
        verbs: dict[str, Callable[[ScriptLine, _Session, datetime, str], None]] = {
            "asked": _asked,
            "says": _says,
            "reads": _touches,
            "writes": _touches,
            "runs": _runs,
            "commits": _commits,
            "launches": self._launches,
            "hears": self._hears,
        }
        verb = line.choose(verbs)
        line.check(not block or verb in {"asked", "says", "runs", "hears"}, "an indented text below what has one")
        verbs[verb](line, session, at, block)
        line.end()

    def transcripts(self) -> Transcripts:
        """Return all sessions and their subagents."""
        agents = tuple(_run(session) for session in self.known.values())
        return Transcripts(agents=agents, files=tuple(agent.path for agent in agents))

    def _new(self, line: ScriptLine) -> str:
        name = line.take("a session's id", _ID)
        line.check(name not in self.known, "no second session of this id")
        return name

    def _launches(self, line: ScriptLine, session: _Session, at: datetime, _: str) -> None:
        """Read `launches ID [in /tree] [on BRANCH]: "prompt"`: the subagent begins with what it does first."""
        name = self._new(line)
        tree = line.take("a work tree", _TREE) if line.accept("in") else session.tree
        branch = line.take("a branch", _BRANCH) if line.accept("on") else session.branch
        line.take("a colon", ":")
        prompt = line.quoted("the subagent's prompt")
        ref = session.note(at)
        self.known[name] = _Session(name, session.id, prompt, tree, branch)
        session.events.append(Launch(at, ref, f"call {ref}", str(ref), prompt, prompt, name, False, None))

    def _hears(self, line: ScriptLine, session: _Session, at: datetime, block: str) -> None:
        """Read `hears ID: "answer"`: the launch ends, and the answer is the subagent's last message if it has none."""
        name = line.take("the id of a subagent", _ID)
        place = next(
            (n for n, event in enumerate(session.events) if isinstance(event, Launch) and event.agent == name), None
        )
        line.check(place is not None, "a subagent that this session launched")
        answer = Message(at, session.note(at), _text(line, block))
        launch = session.events[place or 0]
        if isinstance(launch, Launch):
            session.events[place or 0] = replace(launch, ended=at, answer=answer)
        agent = self.known[name]
        agent.said = agent.said or [answer]


def _asked(line: ScriptLine, session: _Session, at: datetime, block: str) -> None:
    session.asked.append(Message(at, session.note(at), _text(line, block)))


def _says(line: ScriptLine, session: _Session, at: datetime, block: str) -> None:
    session.said.append(Message(at, session.note(at), _text(line, block)))


def _touches(line: ScriptLine, session: _Session, at: datetime, _: str) -> None:
    """Read `reads PATH`, or `writes PATH [replacing "old line" by "new line"]`."""
    reads = line.before == "reads"
    path = posixpath.normpath(posixpath.join(session.tree, line.take("a path", PATH)))
    if reads:
        session.events.append(FileRead(at, session.note(at), path))
        return
    weakens: tuple[tuple[str, str], ...] = ()
    if line.accept("replacing"):
        old = line.quoted("the old line")
        line.choose(["by"])
        weakens = weakened([old], [line.quoted("the new line")])
    session.events.append(FileWrite(at, session.note(at), path, weakens))


def _commits(line: ScriptLine, session: _Session, at: datetime, _: str) -> None:
    sha = line.take("a commit's hash", HASH)
    session.events.append(CommitMade(at, session.note(at), sha, session.branch, "", session.tree))


def _runs(line: ScriptLine, session: _Session, at: datetime, block: str) -> None:
    """Read `runs [exit CODE|unknown] [in /tree]: COMMAND`, with the output below it, as a transcript's reader does."""
    code: int | None = 0
    if line.accept("exit"):
        code = None if line.accept("unknown") else int(line.take("an exit code", r"\d+"))
    tree = line.take("a work tree", _TREE) if line.accept("in") else session.tree
    line.take("a colon", ":")
    command = line.rest("a command")
    ref, where = session.note(at), folder_of(command, tree)
    ran = Command(at, ref, command, where, code, block)
    session.events.append(as_test_run(ran) or ran)
    for made in printed_commits(command, block):
        session.events.append(CommitMade(at, ref, made.sha, made.branch, made.subject, where))


def _text(line: ScriptLine, block: str) -> str:
    """Return a message: between quotation marks behind a colon, or the indented text below the line."""
    line.take("a colon", ":")
    return block or line.quoted("a message")


def _run(session: _Session) -> AgentRun:
    begun, ended = session.begun or moment("10:00"), session.ended or moment("10:00")
    prompt = Message(begun, TranscriptRef(session.path, 1), session.prompt)
    return AgentRun(
        session.id, session.parent, "claude-code", session.path, "large", session.tree, session.branch, begun, ended,
        session.prompt, tuple(sorted(session.events, key=lambda event: event.moment)),
        asked=(prompt, *session.asked) if session.parent is None else (),
        said=tuple(session.said),
        paths=(session.path,),
    )  # fmt: skip
