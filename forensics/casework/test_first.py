"""RED and GREEN as they ran: an agent's test runs in order with its edits."""

from dataclasses import dataclass

from forensics.model.transcript import AgentRun, FileWrite, TestOutcome, TestRun

_CODE = (
    ".py",
    ".ts",
    ".tsx",
    ".js",
    ".jsx",
    ".go",
    ".rs",
    ".java",
    ".rb",
    ".ex",
    ".exs",
    ".c",
    ".cc",
    ".cpp",
    ".cs",
    ".sh",
)
FAILED = frozenset({TestOutcome.ASSERTION, TestOutcome.EXCEPTION, TestOutcome.IMPORT, TestOutcome.COLLECTION})


@dataclass(frozen=True, slots=True)
class Cycle:
    """One agent's RED and GREEN: the run that stands for RED, the last run of all, and its edits."""

    red: TestRun | None
    green: TestRun | None
    first_test: FileWrite | None
    first_code: FileWrite | None
    last_edit: FileWrite | None
    changed_test: FileWrite | None
    runs: tuple[TestRun, ...]


def cycle_of(agent: AgentRun) -> Cycle:
    """Read an agent's cycle from its events.

    `red` is the first failing test run after the test was written that code was written after: an empty function may
    stand before it, so that the test reaches its assertion. Without one it is the last run before the first code. Where
    the transcript does not show both writes (a shell may have made them), there is no telling, and `first_code` or
    `first_test` is None.
    """
    runs = tuple(event for event in agent.events if isinstance(event, TestRun))
    writes = [event for event in agent.events if isinstance(event, FileWrite) and event.path.endswith(_CODE)]
    code = [event for event in writes if not is_test(event.path)]
    tests = [event for event in writes if is_test(event.path)]
    test = tests[0] if tests else None
    after = [one for one in runs if test and one.moment >= test.moment]
    failing = [one for one in after if one.outcome in FAILED and any(write.moment > one.moment for write in code)]
    before = [one for one in after if code and one.moment <= code[0].moment]
    red = failing[0] if failing else before[-1] if before else None
    last = runs[-1] if runs else None
    changed = [one for one in tests if red and last and code and red.moment < one.moment < last.moment]
    return Cycle(
        red=red,
        green=last,
        first_test=test,
        first_code=code[0] if code else None,
        last_edit=writes[-1] if writes else None,
        changed_test=changed[0] if changed else None,
        runs=runs,
    )


def is_test(path: str) -> bool:
    """Tell a test file by its name or folder."""
    name = path.rsplit("/", 1)[-1]
    return (
        name.startswith("test_")
        or "/tests/" in f"/{path}"
        or any(mark in name for mark in ("_test.", ".test.", ".spec.", "conftest."))
    )
