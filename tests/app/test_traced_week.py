"""One week of a real repository, followed with git log and written down in other words: what each number rests on.

Two of that week's plans, at their true times. The first was archived on Monday evening in one commit: four steps, reports on three
of them, and two of the three files that the first of these names and that can be looked for; it was deleted on Wednesday.
The second was planned on Tuesday morning in two commits, nine steps and then three cycles. Reports on the nine came with the second, whose
subject names steps 6 and 7, and which holds four of the five files that report 9 names. It was deleted the same day. So 4 + 12 steps were
planned, 3 + 9 reported, 1 + 3 verified, and 2 of 3 and 4 of 5 claims hold.
"""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from forensics.app.run_record import RecordChoice
from forensics.app.weekly import WeeklyPeriods, WeeklyScope, weekly
from forensics.metrics.periods import weeks
from tests.unpack import git, repository

NOW = datetime(2026, 3, 1, tzinfo=UTC)
COUNTED: dict[str, tuple[float | None, int]] = {
    "steps_planned": (16, 16),
    "steps_reported": (12, 12),
    "steps_verified": (4, 4),
    "truthfulness": (round(6 / 8, 4), 8),
    "plan_completion": (round(4 / 16, 4), 16),
    "attempts_per_step": (1, 12),
}
FIRST, SECOND = "plans/archive/once", "plans/second"


def _commit(repo: Path, when: str, subject: str, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = repo / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(repo, "add", "-A")
    dates = {"GIT_AUTHOR_DATE": f"{when}+01:00", "GIT_COMMITTER_DATE": f"{when}+01:00"}
    git(repo, "commit", "-q", "-m", subject, env={**os.environ, **dates})


def _step(number: str) -> str:
    return f"# Step {number}: Part {number} of the tool\n\nDo part {number}.\n"


def _report(number: str, status: str, *files: str) -> str:
    named = "".join(f"- `{name}`\n" for name in files)
    return f"# Step {number}: Part {number} of the tool\n\n**Status:** {status}\n\n## Files Modified\n{named}"


def _repository(folder: Path) -> Path:
    repo = repository(folder)
    _commit(repo, "2026-01-12T09:00:00", "Begin", {"README.md": "A tool.\n"})
    _commit(
        repo,
        "2026-01-19T18:33:14",
        "Archive the first plan",
        {
            **{f"{FIRST}/steps/step-1-{number}.md": _step(f"1.{number}") for number in range(1, 5)},
            f"{FIRST}/reports/step-1-2-execution.md": _report(
                "1.2", "Complete", "bin/tool.py", "bin/shape.py", "README.md"
            ),
            f"{FIRST}/reports/step-1-3-execution.md": _report("1.3", "Complete"),
            f"{FIRST}/reports/step-1-4-execution.md": _report("1.4", "Blocked"),
            "bin/tool.py": "1\n",
            "bin/shape.py": "1\n",
        },
    )
    steps = {f"{SECOND}/steps/step-{number}.md": _step(str(number)) for number in range(1, 10)}
    _commit(repo, "2026-01-20T10:27:03", "Plan the second", steps)
    named = {9: ("bin/six.py", "bin/seven.py", "bin/nine.py", "bin/ten.py", "README.md")}
    reports = {
        f"{SECOND}/reports/step-{number}-execution.md": _report(str(number), "Complete", *named.get(number, ()))
        for number in range(1, 10)
    }
    cycles = {
        f"{SECOND}/steps/cycle-{one}.md": f"# Cycle {one}: Also {one}\n\nDo it.\n" for one in ("10-1", "10-2", "11-1")
    }
    code = {f"bin/{name}.py": "1\n" for name in ("six", "seven", "nine", "ten")}
    _commit(repo, "2026-01-20T11:19:25", "Complete Steps 6-7: Part 6 and 7 of the tool", {**reports, **cycles, **code})
    git(repo, "rm", "-rq", SECOND)
    _commit(repo, "2026-01-20T13:43:46", "Clean up", {})
    git(repo, "rm", "-rq", FIRST)
    _commit(repo, "2026-01-21T19:02:59", "Remove the first plan", {})
    return repo


def test_the_numbers_of_a_real_week(tmp_path: Path) -> None:
    survey = WeeklyScope((), None, RecordChoice(None, _repository(tmp_path / "repo"), {}, none=True), history=True)
    told = weekly(survey, WeeklyPeriods(weeks("2026-W04", UTC, NOW, 13), "UTC", NOW))
    rows = {one.run: (one.planned, one.reported, one.verified, one.truthfulness.n, one.origin) for one in told.plans}
    assert rows == {FIRST: (4, 3, 1, 3, "history"), SECOND: (12, 9, 3, 5, "history")}
    figures = {one.now.name: (one.now.value, one.now.n) for one in told.metrics}
    assert {name: figures[name] for name in COUNTED} == COUNTED
    assert not told.without_time
    assert not told.unread


def test_a_week_that_is_not_over_counts_the_days_that_are(tmp_path: Path) -> None:
    survey = WeeklyScope((), None, RecordChoice(None, _repository(tmp_path / "repo"), {}, none=True), history=True)
    monday = datetime(2026, 1, 20, 9, tzinfo=UTC)
    told = weekly(survey, WeeklyPeriods(weeks("2026-W04", UTC, monday, 13), "UTC", monday))
    assert not told.complete
    per_day = next(one.now for one in told.metrics if one.now.name == "verified_per_day")
    assert per_day.value == round(4 / (33 / 24), 4)
