"""The case-script language: a run in a few lines, read by the same parsers and judged by the same code as a real one.

    plan [sequential] [total N]: ID "Title" [expects Error [or Error] | expects "text"] [exempt] [files a.py b.py]
        [tests test_x test_y] [code x1-9], …
    before [sequential]: ID "Title" …   (the plan before the run changed it to what `plan` says, in the newest commit)
    parallel: ID, ID
    tickets: PATTERN                (instead of plan and reports: commit subjects and pull requests are the source)
    report ID: STATUS, RED passed|failed Error, commit HASH ["subject"], cites HASH "subject", files a.py b.py, 280/280 passed
    report ID:                      (or: the report itself, indented)
        # Cycle ID: …
    file plans/run/PATH:            (another file of the plan's folder; what it says, if that counts, indented)
        # …
    commit HASH: "subject" [path …] [reports], at 10:00 | authored 09:40, committed 09:46, on REF | dangling, reverts HASH,
        after HASH [and HASH], lists 'subject' [and 'subject'], closes #N
    submodule absent: NAME
    agent ID STEP [unlaunched]: 10:00-10:10 [in /tree] [on BRANCH], EVENT, EVENT
    launched together: ID, ID
    session ID: "prompt" [, in /tree] [, on BRANCH]     (instead of plan and reports: what agents did and said is the source)
    ID 10:00 DEED                   (what a session, or a subagent that one launched, does)

A session's DEED is one of these. What it runs may print the lines indented below it, and a message may stand there:

    reads PATH · writes PATH [replacing "old line" by "new line"] · commits HASH
    runs [exit CODE | exit unknown] [in /tree]: COMMAND
    asked: "a person's message" · says: "the text that ends a turn"
    launches ID [in /tree] [on BRANCH]: "prompt" · hears ID: "answer" (the subagent's last message, unless it says one itself)

A session's transcript is `ID.jsonl`: its line 1 is the prompt, and each deed is one line, from 2 on.

An agent's EVENT is one of these, each with its time behind it:

    reads PATH · writes PATH · tests passed|failed|none|unclear [Error] [N] [in /tree] · runs COMMAND [EXIT CODE]
    commits HASH ["subject"] [on BRANCH] [in /tree] · scratch HASH (a commit in another repository)
    switches BRANCH · sees BRANCH (its log names that branch, and a minute before named another)

Every line above is one line in a script; `…` and line breaks are only for this page. STATUS is GREEN_VERIFIED or STOP_CONDITION, or
missing; other statuses need an indented report. A word that is unknown, doubled, missing or left over raises FormatError with its column.

An agent's prompt names the step's file. Agents are launched by one message each, at their start, unless launched together
or `unlaunched`: a session of its own, whose launch no transcript shows.
`code x1-9` writes the lines x1 to x9 of a commit's file into the plan. A path may say which lines it adds and removes, and
its content's id: `src/a.py[x1-9;-y1-3]=blob`; the id `created` or `deleted` is about the whole file, `imports-a.b` a line that
imports `a/b`, and `src/a{1-9}.py` stands for nine files. Or the lines stand below the commit, indented: a file's path, then
lines that begin with `+` or `-`. A commit without `after`
is made on top of the branch's last one; `on refs/pull/7/head` makes it a pull request's head, which a later subject's
`(#7)` merges. A commit is printed on the branch that the agent switched to or saw last; a command runs where its `cd` or
`-C` puts it. Times are on 2026-03-04, UTC. `reports` puts all reports into that commit; without it they are uncommitted.
"""

import re
from dataclasses import dataclass, field, replace

from forensics.casework.attribute import attribute_plan, attribute_sessions, attribute_tickets
from forensics.casework.attribution.pulls import find_pulls
from forensics.casework.attribution.sessions import Selection, units_of
from forensics.casework.attribution.tickets import work_of_tickets
from forensics.casework.join import Join
from forensics.casework.pipeline import build_case
from forensics.formats.step_reports import STEP_REPORTS
from forensics.formats.step_reports.plans import read_plan
from forensics.formats.step_reports.reports import read_report
from forensics.formats.tickets import Tickets
from forensics.model.case import Case, PlanEdit, Run, RunKind
from forensics.model.history import History
from forensics.model.plan import Plan
from forensics.model.source import Document, Kind, Source
from forensics.model.transcript import AgentRun, Transcripts
from forensics.testing.agents import read_agent, read_together, transcripts_of
from forensics.testing.documents import read_parallel, read_plan_line, read_report_line
from forensics.testing.history import Repository, history_of, new_repository, read_commit, read_patch
from forensics.testing.pages import indented_blocks
from forensics.testing.sessions import Sessions
from forensics.testing.words import PATH, ScriptLine

PLAN = "plans/run"
_KINDS = (
    "plan",
    "before",
    "parallel",
    "tickets",
    "report",
    "file",
    "commit",
    "submodule",
    "agent",
    "launched",
    "session",
)
# What makes a run: lines of one kind exclude those that make another run of it.
_APART = (
    ({"tickets"}, {"plan", "before", "parallel", "report", "file"}),
    ({"session"}, {"plan", "before", "parallel", "report", "file", "tickets", "agent", "launched"}),
)
_ONCE = frozenset({"plan", "before", "tickets", "launched"})


@dataclass(slots=True)
class _Scene:
    """What a script has said so far."""

    steps: list[str] = field(default_factory=list)
    runbook: list[str] = field(default_factory=list)
    before: list[str] | None = None
    former_orders: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    reports: dict[str, str] = field(default_factory=dict)
    files: list[Document] = field(default_factory=list)
    absent: tuple[str, ...] = ()
    agents: list[AgentRun] = field(default_factory=list)
    together: tuple[str, ...] = ()
    tickets: str = ""
    commits: list[tuple[ScriptLine, str]] = field(default_factory=list)
    sessions: Sessions = field(default_factory=Sessions)


def case_of(script: str) -> Case:
    """Build the Case a script describes; raises FormatError naming line and column of what is not understood."""
    scene = _read(script)
    documents = [_document("runbook.md", "\n".join(scene.runbook), Kind.PLAN)]
    documents.append(_document("orchestrator-plan.md", "\n".join(["# Orchestrator Plan", *scene.orders]), Kind.PLAN))
    documents += [document for document in scene.files if document.source.kind is not Kind.OTHER]
    texts = [
        _document(f"reports/step-{step.replace('.', '-')}-execution.md", text, Kind.REPORT, root="")
        for step, text in scene.reports.items()
    ]
    plan = read_plan("run", PLAN, documents)
    reports = [report for document in texts for report in read_report(document)]
    paths = [document.source.path for document in texts]
    repository = new_repository()
    for line, patch in scene.commits:
        read_commit(line, repository, paths)
        read_patch(line, patch, repository)
    history = history_of(repository, reports, paths, scene.absent)
    transcripts = transcripts_of(scene.agents, scene.together)
    if scene.sessions.known:
        transcripts = scene.sessions.transcripts()
        join = _sessions(transcripts, repository, history)
    elif scene.tickets:
        pulls = find_pulls(history)
        work = work_of_tickets(history, pulls, Tickets(scene.tickets), frozenset(history.commits))
        join = attribute_tickets(Run("tickets", ".", None, None, None, kind=RunKind.TICKETS), history, work)
    else:
        join = attribute_plan(Run("run", PLAN, None, None, None), plan, reports, history)
    others = tuple(document.source for document in scene.files if document.source.kind is Kind.OTHER)
    join = replace(join, plan_edit=_edit(scene, plan, history))
    return build_case(replace(join, transcripts=transcripts, sources=others))


def _edit(scene: _Scene, plan: Plan, history: History) -> PlanEdit | None:
    """Return the change of the plan from the `before` line to the `plan` line, made by the newest commit."""
    if scene.before is None:
        return None
    documents = [_document("runbook.md", "\n".join(scene.before), Kind.PLAN)]
    documents.append(
        _document("orchestrator-plan.md", "\n".join(["# Orchestrator Plan", *scene.former_orders]), Kind.PLAN)
    )
    return PlanEdit(read_plan("run", PLAN, documents), plan, (history.head,))


def _sessions(transcripts: Transcripts, repository: Repository, history: History) -> Join:
    """Join what sessions did with git, which looks up the hashes that their messages name."""
    pulls = find_pulls(history)
    units = units_of(transcripts, history, pulls, (None, None), Selection())
    history = history_of(repository, units.reports, [], ())
    return attribute_sessions(Run("sessions", ".", None, None, None, kind=RunKind.SESSIONS), history, units, pulls)


def _read(script: str) -> _Scene:
    """Read all lines; what refers to other lines (`parallel`, `launched together`, commits) is read after them."""
    scene = _Scene()
    later: list[tuple[str, ScriptLine]] = []
    seen: set[str] = set()
    for number, text, block in indented_blocks(script):
        line = ScriptLine(text, number)
        if line.next in scene.sessions.known:
            scene.sessions.act(line, block)
            continue
        kind = line.choose(_KINDS)
        line.check(kind not in seen or kind not in _ONCE, f"no second `{kind}` line")
        seen.add(kind)
        mixed = any(seen & ours and seen & others for ours, others in _APART)
        line.check(not mixed, "a plan, tickets or sessions, one of them")
        line.check(
            not block or kind in {"report", "file", "commit"},
            "an indented text below a `report`, `file` or `commit` line",
        )
        if kind in {"parallel", "launched"}:
            later.append((kind, line))
        else:
            _read_line(scene, kind, line, block)
    for kind, line in later:
        if kind == "launched":
            line.choose(["together"])
        line.take("a colon", ":")
        if kind == "parallel":
            scene.orders.append(read_parallel(line, scene.steps))
        else:
            scene.together = read_together(line, scene.agents)
    return scene


def _read_line(scene: _Scene, kind: str, line: ScriptLine, block: str) -> None:
    match kind:
        case "plan" | "before":
            order = ["\nExecute steps sequentially, one agent per step."] * bool(line.accept("sequential"))
            ids, rows = read_plan_line(line)
            if kind == "plan":
                scene.steps, scene.runbook, scene.orders = ids, rows, order
            else:
                scene.before, scene.former_orders = rows, order
        case "report":
            step = line.take("a step's id", r"\w+(?:\.\w+)*")
            line.check(step not in scene.reports, "no second report on a step")
            line.take("a colon", ":")
            if block:
                line.end()
            scene.reports[step] = block or read_report_line(line, step)
        case "file":
            path = line.take("a path", PATH)
            document = _document(path, block, STEP_REPORTS.kind_of(path), root="")
            line.check(path.startswith(f"{PLAN}/"), f"a path below {PLAN}")
            line.check(document.source.kind is not Kind.REPORT, "a `report` line for a report")
            line.check(path not in [known.source.path for known in scene.files], "no second file of this path")
            line.take("a colon", ":")
            line.end()
            scene.files.append(document)
        case "commit":
            scene.commits.append((line, block))
        case "session":
            scene.sessions.begin(line)
        case "agent":
            agent = read_agent(line)
            line.check(agent.id not in [other.id for other in scene.agents], "no second agent of this id", back=0)
            scene.agents.append(agent)
        case "tickets":
            line.take("a colon", ":")
            scene.tickets = _pattern(line)
        case "submodule":
            line.choose(["absent"])
            line.take("a colon", ":")
            scene.absent = (*scene.absent, line.take("a submodule's name"))
            line.end()


def _pattern(line: ScriptLine) -> str:
    text = line.rest("a regular expression")
    try:
        re.compile(text)
    except re.error as error:
        raise line.error(f"a regular expression ({error})") from error
    return text


def _document(name: str, text: str, kind: Kind, root: str = f"{PLAN}/") -> Document:
    return Document(Source(name, kind, root + name, "", len(text)), text)
