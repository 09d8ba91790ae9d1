"""One SpecStory document as a session: its turns become events, texts and the list of tasks."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from forensics.formats.transcripts.excerpts import cut
from forensics.formats.transcripts.printed_commits import printed_commits
from forensics.formats.transcripts.prompts import given_by_person, typed_by_person, words_of_person
from forensics.formats.transcripts.shell import folder_of, joined
from forensics.formats.transcripts.specstory.documents import TIMED, Head, ToolBlock, Turn
from forensics.formats.transcripts.specstory.sections import CANCELLED, sections_of, text_in
from forensics.formats.transcripts.specstory.subagents import LAUNCHES, divided
from forensics.formats.transcripts.specstory.tools import (
    ToolText,
    changed_by,
    command_of,
    description_in,
    read_by,
    result_of,
    tasks_in,
    text_of,
)
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
    TestRun,
    Todo,
)

# Characters, as for other agents.
_OUTPUT, _TEXT = 4_000, 20_000
# A call's result comes before the agent's next words, if these come soon: without them, nothing says when it came.
_SOON = timedelta(minutes=10)
# Seconds, as for other agents: a longer pause is a person away or a machine asleep.
_PAUSE = 300.0
# Where no mark has a time, the turns are this far apart, so that an edit after a test run stays after it; the parts of one
# message, which other agents write with one time, are then less than this apart.
_NEXT, _APART = timedelta(microseconds=1), timedelta(milliseconds=1)
# Sessions of one agent have one name here, whoever wrote them down.
_AGENTS = {"Claude Code": "claude-code", "Codex CLI": "codex", "Cursor IDE": "cursor", "Cursor CLI": "cursor"}
# Characters. Every folder of a path is tried, so that a line of megabytes taken for a path would cost its square.
_LONGEST_PATH = 1_000
# Characters of the note that Claude Code puts behind a launched agent's answer.
_NOTE = 1_000
_IN_BACKGROUND = "Async agent launched"
# What Claude Code prints about an agent that it launched; the id stands near the end of the answer.
_LAUNCHED = re.compile(r"\bagentId: (?P<id>[\w@.-]{2,80})")
# What the shell prints where a command left the session's folder: the only place that names it.
_RESET = re.compile(r"^Shell cwd was reset to (?P<folder>/\S[^\n]{0,400})$", re.MULTILINE)
_INTERRUPTED = "[Request interrupted by user"
# The first is the model of messages that Claude Code writes itself, the second what such a message says.
_SYNTHETIC, _API_ERROR = "<synthetic>", "API Error:"


@dataclass(slots=True)
class Session:
    """What the turns of one document have shown so far; `folders` are folders that an output names as the session's."""

    path: str
    head: Head
    agent: str
    events: list[Event] = field(default_factory=list)
    asked: list[Message] = field(default_factory=list)
    said: list[Message] = field(default_factory=list)
    todos: tuple[Todo, ...] = ()
    prompt: str = ""
    typed: str = ""
    ending: Message | None = None
    models: Counter[str] = field(default_factory=Counter)
    folders: Counter[str] = field(default_factory=Counter)

    def take(self, turn: Turn, moment: datetime, done: datetime) -> None:
        """Take one turn; `done` is when its calls had returned."""
        if turn.mark.by_user and not turn.mark.sidechain and not any(line.strip("- ") for _, line in _lines(turn)):
            self.close()  # an editor's way to go on: a message without words
        by_cli = turn.mark.by_user or self.head.agent in TIMED
        for piece in _merged(turn, text_in if by_cli else sections_of):
            ref = TranscriptRef(self.path, (piece.line if isinstance(piece, ToolBlock) else piece[0]) + 1)
            if isinstance(piece, ToolBlock):
                self._call(piece, moment, done, ref)
                self.ending = self.ending if turn.mark.sidechain else None
            elif turn.mark.sidechain:
                continue  # a subagent's words are its launcher's to judge: the call that launched it holds its answer
            elif turn.mark.by_user:
                self._person(piece[1], moment, ref)
            elif piece[1] == CANCELLED:
                self.ending = None
            elif turn.mark.model != _SYNTHETIC and not piece[1].startswith(_API_ERROR):
                self._words(piece[1], moment, ref)
        if turn.mark.model and turn.mark.model != _SYNTHETIC and not turn.mark.sidechain:
            self.models[turn.mark.model] += 1

    def close(self) -> None:
        """End a turn of the agent: the words that nothing followed were its last."""
        if self.ending:
            self.said.append(self.ending)
        self.ending = None

    def _person(self, text: str, moment: datetime, ref: TranscriptRef) -> None:
        if text.startswith(_INTERRUPTED):
            self.ending = None
        if not typed_by_person(text):
            return
        self.close()
        given = given_by_person(text)
        self.prompt = self.prompt or words_of_person(text)
        self.typed = self.typed or given
        if given:
            self.asked.append(Message(moment, ref, cut(given, _TEXT)))

    def _words(self, text: str, moment: datetime, ref: TranscriptRef) -> None:
        if self.ending and moment - self.ending.moment < _APART:  # one message of the agent's, written as several
            text = f"{self.ending.text}\n\n{text}"
        self.ending = Message(moment, ref, cut(text, _TEXT))

    def _call(self, block: ToolBlock, moment: datetime, done: datetime, ref: TranscriptRef) -> None:
        text = text_of(block)
        self.folders.update(match["folder"].strip() for match in _RESET.finditer(text.output or ""))
        if (tasks := tasks_in(block)) is not None:
            self.todos = tuple(Todo(done, ref, words, ticked) for words, ticked in tasks)
        elif block.name in LAUNCHES:
            self.events.append(_launch(text, moment, done, ref))
        elif command := command_of(block, text):
            self.events += _shell(command, text, self.agent, done, ref, went_on=done > moment)
        elif block.type == "read" and (path := read_by(text)):
            self.events.append(FileRead(done, ref, path))
        elif block.type == "write":
            self.events += [FileWrite(done, ref, path) for path in changed_by(block, text)]


def agents_of(path: str, head: Head, turns: Sequence[Turn]) -> Iterator[AgentRun]:
    """Yield the session that a document shows, and its subagents; nothing if it shows nothing said or done."""
    own, aside = divided(turns)
    session = _run_of(path, head, own)
    if session is None:
        return
    launched = {launch.ref.line: launch.agent for launch in session.of(Launch)}
    names = {each.line + 1: launched.get(each.line + 1) or each.name(session.id) for each in aside}
    yield replace(session, events=tuple(_named(event, names) for event in session.events))
    for each in aside:
        if run := _run_of(path, head, each.turns):
            yield replace(run, id=names[each.line + 1], parent=session.id, cwd=run.cwd or session.cwd)


def _named(event: Event, names: Mapping[int, str]) -> Event:
    """Return a launch with the id of the agent that it launched."""
    known = names.get(event.ref.line or 0) if isinstance(event, Launch) else None
    return replace(event, agent=known) if isinstance(event, Launch) and known else event


def _run_of(path: str, head: Head, turns: Sequence[Turn]) -> AgentRun | None:
    """Return what some turns show as one agent's; None if nothing was said or done."""
    agent = _AGENTS.get(head.agent, head.agent.lower().replace(" ", "-") or "specstory")
    session = Session(path, head, agent)
    times = _times(turns, head.began)
    for place, (turn, moment) in enumerate(zip(turns, times, strict=True)):
        session.take(turn, moment, _returned(turns, times, place))
    session.close()
    if not (session.events or session.asked or session.said):
        return None
    cwd = _folder(session)
    marks = sorted(zip(times, turns, strict=True), key=lambda mark: mark[0])
    active, waited = _spans([(moment, turn.mark.by_user) for moment, turn in marks])
    return AgentRun(
        id=head.id or "specstory-" + path.rsplit("/", 1)[-1].removesuffix(".md"),
        parent=None,
        tool=agent,
        path=path,
        model=min(session.models, key=lambda name: (-session.models[name], name)) if session.models else None,
        cwd=cwd,
        branch=None,
        start=min(times, default=head.began),
        end=max(times, default=head.began),
        prompt=session.prompt or session.typed,
        events=tuple(sorted((_placed(event, cwd) for event in session.events), key=lambda event: event.moment)),
        active_seconds=active,
        waited_for_person=waited,
        asked=tuple(session.asked),
        said=tuple(session.said),
        todos=session.todos,
        paths=(path,),
    )


def _lines(turn: Turn) -> list[tuple[int, str]]:
    return [piece for piece in turn.pieces if isinstance(piece, tuple)]


def _merged(
    turn: Turn, divided: Callable[[Sequence[tuple[int, str]]], Iterator[ToolBlock | tuple[int, str]]]
) -> Iterator[ToolBlock | tuple[int, str]]:
    """Yield a turn's calls and, as one text each, the words between them. Only editors' words can be calls: `divided`."""
    words: list[tuple[int, str]] = []
    for piece in [*turn.pieces, None]:
        if isinstance(piece, tuple):
            words.append(piece)
            continue
        yield from divided(words)
        words = []
        if piece is not None:
            yield piece


def _times(turns: Sequence[Turn], began: datetime) -> list[datetime]:
    """Return each turn's time; one without a time comes just after the turn before it, so that their order is kept."""
    times: list[datetime] = []
    for turn in turns:
        times.append(turn.mark.moment or (times[-1] + _NEXT if times else began))
    return times


def _returned(turns: Sequence[Turn], times: Sequence[datetime], place: int) -> datetime:
    """Return when a turn's calls had returned: by the next words of the same agent."""
    mark = turns[place].mark
    for later in range(place + 1, len(turns)):
        if turns[later].mark.by_user:
            break
        if turns[later].mark.sidechain == mark.sidechain:
            return times[later] if timedelta() <= times[later] - times[place] <= _SOON else times[place]
    return times[place]


def _shell(
    command: str, text: ToolText, agent: str, done: datetime, ref: TranscriptRef, *, went_on: bool
) -> Iterator[Event]:
    """Yield the command, or the test run it is, and the commits it made; `went_on`: the agent's own words follow soon.

    Claude Code shows no block for a command that printed nothing and succeeded: `go build` of sound code seemed unknown.
    """
    code, ended = result_of(text, agent)
    if text.output is None and went_on and agent == "claude-code":
        code, ended = 0, True
    output = text.output or ""
    where = folder_of(command, "")
    ran = Command(done, ref, command, where, code, output)
    yield (as_test_run(ran) if ended else None) or replace(ran, output=cut(output, _OUTPUT))
    for made in printed_commits(command, output):
        yield CommitMade(done, ref, made.sha, made.branch, made.subject, where)


def _launch(text: ToolText, moment: datetime, done: datetime, ref: TranscriptRef) -> Launch:
    output = (text.output or "").strip()
    background = output.startswith(_IN_BACKGROUND)
    found = list(_LAUNCHED.finditer(output[-2_000:]))
    # The note on the agent names it by seven hexadecimal digits, which a reader of claims would take for a commit.
    place = output.rfind("\nagentId: ")
    told = output[:place].rstrip() if place >= 0 and len(output) - place <= _NOTE else output
    answer = Message(done, ref, cut(told, _TEXT)) if told and not background else None
    return Launch(
        moment, ref, str(ref), str(ref), description_in(text), "", found[-1]["id"] if found else None, background,
        done if answer else None, answer,
    )  # fmt: skip


def _folder(session: Session) -> str:
    """Return the folder of a session, which the format does not hold; empty if nothing shows it.

    The shell names it where a command left it. Else a file that was read as `./a/b.py`, and written under its whole path,
    shows what stands before.
    """
    if session.folders:
        return min(session.folders, key=lambda name: (-session.folders[name], len(name), name))
    short = {event.path[1:] for event in session.events if isinstance(event, FileRead) and event.path.startswith("./")}
    whole = {
        event.path
        for event in session.events
        if isinstance(event, FileWrite) and event.path.startswith("/") and len(event.path) < _LONGEST_PATH
    }
    found = Counter(path[: -len(tail)] for path in whole for tail in _tails(path) if tail in short)
    return min(found, key=lambda name: (-found[name], len(name), name)) if found else ""


def _tails(path: str) -> Iterator[str]:
    """Yield what follows each folder of a path, its slash included."""
    return (path[place:] for place, letter in enumerate(path) if letter == "/" and place)


def _placed(event: Event, cwd: str) -> Event:
    """Return an event with its folder, or its file's, seen from the session's."""
    match event:
        case Command() | TestRun() | CommitMade():
            return replace(event, cwd=joined(cwd, event.cwd) if event.cwd else cwd)
        case FileRead() | FileWrite():
            return replace(event, path=joined(cwd, event.path) if cwd else event.path.removeprefix("./"))
    return event


def _spans(marks: Sequence[tuple[datetime, bool]]) -> tuple[float, float]:
    """Return the seconds at work, and those of waiting for a person."""
    active = waited = 0.0
    for (before, _), (moment, by_user) in pairwise(marks):
        pause = (moment - before).total_seconds()
        if pause <= _PAUSE:
            active += pause
        elif by_user:
            waited += pause
    return active, waited
