"""The `plan`, `parallel` and `report` lines of a case script, written out as the documents that the parsers read."""

from collections.abc import Collection, Iterator

from forensics.testing.words import HASH, PATH, ScriptLine, written_lines

_STATUSES = ("GREEN_VERIFIED", "STOP_CONDITION")
_STEP_FACTS = ("expects", "exempt", "files", "tests", "code")
# Ids such as `1.3`, `7` and `R11`. Colons and commas end the word.
_STEP = r"\w+(?:\.\w+)*"
# Any other word behind `expects` or `FAIL` is taken for a typing error; the plan quotes what is not an exception.
_ERROR = r"[A-Z]\w*(?:Error|Exception)"


def read_plan_line(line: ScriptLine) -> tuple[list[str], list[str]]:
    """Return the ids of a plan's steps and the lines of its runbook."""
    rows = ["# Runbook", ""]
    if line.accept("total"):
        rows.append("**Total Steps**: " + line.take("a number", r"\d+"))
    line.take("a colon", ":")
    ids: list[str] = []
    while not ids or line.accept(","):
        ids.append(line.take("a step's id", _STEP))
        line.check(ids[-1] not in ids[:-1], "no step twice")
        rows += _step(line, ids[-1])
    line.end()
    return ids, rows


def _step(line: ScriptLine, step: str) -> Iterator[str]:
    title = line.quoted("the step's title")
    said: dict[str, list[str]] = {}
    while line.next in _STEP_FACTS:
        fact = line.choose(_STEP_FACTS)
        line.check(fact not in said, "no fact twice")
        match fact:
            case "expects":
                quoted = line.next[:1] == '"'
                said[fact] = [line.quoted("a text")] if quoted else line.listed("an error", _ERROR, "or")
            case "files":
                said[fact] = line.distinct("a path", PATH, _STEP_FACTS)
            case "tests":
                said[fact] = line.distinct("a test such as test_x", r"test_\w+", _STEP_FACTS)
            case "code":
                said[fact] = line.distinct("lines such as x1-9", r"[a-z]+\d+-\d+", _STEP_FACTS)
            case "exempt":
                said[fact] = []
    yield f"\n## Cycle {step}: {title}{' [REGRESSION]' if 'exempt' in said else ''}\n"
    if "expects" in said:
        yield f"**Expected failure:** {' or '.join(said['expects'])}\n"
    if "tests" in said:
        yield f"**Verify RED:** `pytest {' '.join(f'tests/test_all.py::{name}' for name in said['tests'])}`\n"
    yield from (f"- File: {path}\n  Action: change it" for path in said.get("files", ()))
    if "code" in said:
        yield "\n".join(("\n```", *(text for part in said["code"] for text in written_lines(part)), "```"))


def read_parallel(line: ScriptLine, steps: Collection[str]) -> str:
    """Return the sentence of a plan that allows steps to run in parallel."""
    ids = line.listed("a step's id", _STEP, ",")
    line.check(len(ids) > 1, "at least two steps")
    line.check(set(ids) <= set(steps), "steps of the plan only")
    line.end()
    return f"\nSteps {', '.join(ids)} can run in parallel."


def read_report_line(line: ScriptLine, step: str) -> str:
    """Write the canonical short report: its status on line 3, then two lines per fact, the first fact on line 6."""
    status = ""
    rows: list[str] = []
    facts = (*_STATUSES, "RED", "commit", "cites", "files", "NUMBER/NUMBER passed")
    used: set[tuple[str, str]] = set()
    while not used or line.accept(","):
        start = line.next
        if start[:1].isdigit():
            counts = line.take("counts such as 280/280", r"\d+/\d+")
            rows += ["### Regression Check", f"- Result: {counts} {line.choose(['passed'])}"]
            start = "passed"
        elif line.accept(*_STATUSES):
            line.check(not status, "no second status")
            status = start
        else:
            line.choose(facts)
            rows += _report_fact(line, start)
        key = (start, rows[-1] if start in {"commit", "cites"} else "")
        line.check(key not in used, "no fact twice")
        used.add(key)
    line.end()
    return "\n".join([f"# Cycle {step}", "", f"**Status:** {status}" if status else "", "", *rows])


def _report_fact(line: ScriptLine, fact: str) -> list[str]:
    match fact:
        case "RED":
            if line.choose(("passed", "failed")) == "passed":
                return ["### RED Phase", "- Result: passed unexpectedly"]
            return ["### RED Phase", f"- Result: FAIL as expected ({line.take('an error', _ERROR)})"]
        case "commit":
            sha = line.take("a commit's hash", HASH)
            subject = f" - {line.quoted('a subject')}" if line.next[:1] == '"' else ""
            return ["## Commits", f"- `{sha}`{subject}"]
        case "cites":
            sha = line.take("a commit's hash", HASH)
            return ["### Git History", f"- Commit {sha}: {line.quoted('a subject')}"]
    return ["## Files Modified", *(f"- `{name}`" for name in line.distinct("a path", PATH))]
