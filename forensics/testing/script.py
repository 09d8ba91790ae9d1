"""The case-script language: a run in a few lines, read by the same parsers and judged by the same code as a real one.

    plan [sequential] [total N]: ID "Title" [expects Error [or Error]] [exempt] [files a b] [tests test_x], …
    parallel: ID, ID
    report ID: STATUS, RED passed|failed Error, commit HASH ["subject"], cites HASH "subject", files a b, 280/280 passed
    report ID:                      (or: the report itself, indented)
        # Cycle ID: …
    commit HASH: "subject" path path [reports], at 10:00 | authored 09:40, committed 09:46, on REF, dangling, reverts HASH,
        after HASH [and HASH], lists 'subject' and 'subject', closes #N
    tickets: PATTERN                (instead of a plan: subjects and pull requests tell)
    submodule absent: NAME
    agent ID STEP: 10:00-10:10 [in /tree] [on BRANCH], reads PATH 10:01, writes PATH 10:02, tests passed|failed|none|unclear [Error] [N] [in /tree] 10:03,
        runs COMMAND [EXIT CODE] 10:04, commits HASH [SUBJECT] [on BRANCH] [in /tree] 10:05, scratch HASH 10:06 (a commit in another
        repository), switches BRANCH 10:07, sees BRANCH 10:08 (its log is on that branch, and a minute before was not)
    launched together: ID, ID

An agent's prompt names the step's file. Agents are launched one a message, at their start, unless launched together.
A path may say which lines it adds and removes, and its content's id: `src/a.py[x1-9;-y1-3]=blob`. A commit without `after`
comes from the branch's last one; `on refs/pull/7/head` makes it a pull request's head, which a later subject's `(#7)` lands.
A commit is printed on the branch that the agent switched to or saw last; a command runs where its `cd` or `-C` puts it.
Times are on 2026-03-04, UTC. `reports` puts all reports into that commit; without such a commit they are uncommitted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from forensics.casework.attribute import attribute_plan, attribute_tickets
from forensics.casework.attribution.pulls import find_pulls
from forensics.casework.attribution.tickets import work_of_tickets
from forensics.casework.pipeline import build_case
from forensics.errors import FormatError
from forensics.formats.step_reports.plans import read_plan
from forensics.formats.step_reports.reports import read_report
from forensics.formats.tickets import Tickets
from forensics.model.case import Case, Run
from forensics.model.source import Document, Kind, Source
from forensics.testing.agents import transcripts_of
from forensics.testing.history import history_of
from forensics.testing.pages import indented_blocks

PLAN = "plans/run"
_STEP = re.compile(r'(?P<id>[\w.]+)\s+"(?P<title>[^"]*)"(?P<rest>(?:[^,"]|,(?!\s*[\w.]+\s+"))*)')


@dataclass(slots=True)
class _Scene:
    """What a script has said so far."""

    runbook: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    reports: dict[str, str] = field(default_factory=dict)
    commits: list[str] = field(default_factory=list)
    absent: tuple[str, ...] = ()
    agents: list[str] = field(default_factory=list)
    together: tuple[str, ...] = ()
    tickets: str = ""


def case_of(script: str) -> Case:
    """Build the Case a script describes; raises FormatError naming the line that is not understood."""
    scene = _Scene()
    for line, block in indented_blocks(script):
        _say(scene, line, block)
    documents = [_document("runbook.md", "\n".join(scene.runbook), Kind.PLAN)]
    documents.append(_document("orchestrator-plan.md", "\n".join(["# Orchestrator Plan", *scene.orders]), Kind.PLAN))
    texts = [
        _document(f"reports/step-{step.replace('.', '-')}-execution.md", text, Kind.REPORT, root="")
        for step, text in scene.reports.items()
    ]
    plan = read_plan("run", PLAN, documents)
    reports = [report for document in texts for report in read_report(document)]
    history = history_of(scene.commits, reports, [document.source.path for document in texts], scene.absent)
    transcripts = transcripts_of(scene.agents, scene.together)
    if scene.tickets:
        pulls = find_pulls(history)
        work = work_of_tickets(history, pulls, Tickets(scene.tickets), frozenset(history.commits))
        join = attribute_tickets(Run("tickets", ".", None, None, None), history, work)
    else:
        join = attribute_plan(Run("run", PLAN, None, None, None), plan, reports, history)
    return build_case(replace(join, transcripts=transcripts))


def _document(name: str, text: str, kind: Kind, root: str = f"{PLAN}/") -> Document:
    return Document(Source(name, kind, root + name, "", len(text)), text)


def _say(scene: _Scene, line: str, block: str) -> None:
    head, _, rest = line.partition(":")
    words = head.split()
    if words[:1] == ["plan"]:
        scene.runbook += _runbook(words, rest)
        if "sequential" in words:
            scene.orders.append("\nExecute steps sequentially, one agent a step.")
    elif head == "parallel":
        scene.orders.append(f"\nSteps {rest.strip()} can run in parallel.")
    elif words[:1] == ["report"] and len(words) == 2:
        scene.reports[words[1]] = block or _report(words[1], rest)
    elif words[:1] == ["commit"]:
        scene.commits.append(line)
    elif words[:1] == ["agent"] and len(words) == 3:
        scene.agents.append(line)
    elif head == "tickets":
        scene.tickets = rest.strip()
    elif head == "launched together":
        scene.together = tuple(part.strip() for part in rest.split(","))
    elif head == "submodule absent":
        scene.absent = (*scene.absent, rest.strip())
    else:
        raise FormatError(f"Not a case-script line: {line!r}.")


def _runbook(words: list[str], rest: str) -> Iterator[str]:
    yield "# Runbook"
    yield ""
    if "total" in words:
        yield f"**Total Steps**: {words[words.index('total') + 1]}"
    for match in _STEP.finditer(rest):
        yield from _step(match["id"], match["title"], match["rest"])


def _step(step: str, title: str, rest: str) -> Iterator[str]:
    yield f"\n## Cycle {step}: {title}{' [REGRESSION]' if 'exempt' in rest.split() else ''}\n"
    expects = re.search(r"expects ((?:\w+)(?: or \w+)*)", rest)
    tests = re.search(r"tests ((?:test_\w+ ?)+)", rest)
    files = re.search(r"files ((?:[\w./-]+ ?)+?)(?=$| tests| expects| exempt)", rest)
    if expects:
        yield f"**Expected failure:** {expects[1].replace(' exempt', '')}\n"
    if tests:
        names = " ".join(f"tests/test_all.py::{name}" for name in tests[1].split())
        yield f"**Verify RED:** `pytest {names}`\n"
    for file in files[1].split() if files else ():
        yield f"- File: {file}\n  Action: change it"


def _report(step: str, rest: str) -> str:
    """Write the canonical short report: its status on line 3, then two lines a fact, the first fact on line 6."""
    lines: list[str] = []
    status = "GREEN_VERIFIED"
    for part in re.split(r",\s*(?=(?:RED|commit|cites|files|[A-Z_]+\b|\d+/))", rest.strip()):
        lines += _report_lines(part.strip())
        if re.fullmatch(r"[A-Z_]{4,}", part.strip()):
            status = part.strip()
    return "\n".join([f"# Cycle {step}", "", f"**Status:** {status}", "", *lines])


def _report_lines(part: str) -> list[str]:
    words = part.split()
    if words[:1] == ["RED"]:
        said = {"passed": "passed unexpectedly", "failed": f"FAIL as expected ({' '.join(words[2:])})"}[words[1]]
        return ["### RED Phase", f"- Result: {said}"]
    if words[:1] == ["commit"]:
        return ["## Commits", f"- `{words[1]}` - {part.partition(chr(34))[2].strip(chr(34))}".rstrip(" -")]
    if words[:1] == ["cites"]:
        return ["### Git History", f"- Commit {words[1]}: {part.partition(chr(34))[2].strip(chr(34))}"]
    if words[:1] == ["files"]:
        return ["## Files Modified", *(f"- `{name}`" for name in words[1:])]
    if re.match(r"\d+/\d+", part):
        return ["### Regression Check", f"- Result: {part}"]
    return []
