"""Reported test counts that are higher than the steps up to then can explain."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from forensics.casework.readings import is_superseded, sure_work
from forensics.model.case import Case, StepDossier
from forensics.model.claim import ClaimKind, Verdict
from forensics.model.prose import steps_named
from forensics.model.report import StepReport, TestCount
from forensics.model.source import Ref

# The tests that a step adds, from the command in its RED section: `pytest tests/test_a.py::test_b`.
_TEST = re.compile(r"::(test_\w+)")


@dataclass(frozen=True, slots=True)
class ExcessCount:
    """A step's count, the count of the last step that landed, and by how much more the count is than can be.

    `between` are the steps since `base_step`, which can add `room` tests; `others` later steps that left tests in the work
    tree; `printed` the runs in the transcript that printed the count.
    """

    step: str
    count: TestCount
    base_step: str
    base: TestCount
    between: tuple[str, ...]
    room: int
    others: tuple[str, ...]
    printed: tuple[Ref, ...]

    @property
    def excess(self) -> int:
        """Return how many tests nothing explains."""
        return self.count.total - self.base.total - self.room

    def arithmetic(self) -> str:
        """Return the sentence with the numbers."""
        return f"Step {self.base_step}, the last that landed, has {self.base.total}, and {steps_named(self.between)} can add {self.room}."


def excess_counts(case: Case) -> Iterator[ExcessCount]:
    """Compare each unlanded step's count with the nearest landed step's and the tests that may lie between."""
    base: tuple[StepDossier, TestCount] | None = None
    between: list[StepDossier] = []
    for dossier in (dossier for dossier in case.dossiers if dossier.spec):
        report = dossier.report
        count = _whole(report) if report and not is_superseded(dossier, report) else None
        if count and sure_work(dossier):
            base, between = (dossier, count), []
            continue
        between.append(dossier)
        if base is None or count is None or report is None:
            continue
        found = ExcessCount(
            dossier.id,
            count,
            base[0].id,
            base[1],
            tuple(added.id for added in between),
            sum(max(1, len(_tests(added))) for added in between),
            _ran_beside(case, dossier),
            _printed(dossier, count),
        )
        # A report that names more tests than its plan may have added them all.
        own = len(_tests(dossier) | report.test_names) > max(1, len(_tests(dossier)))
        if found.excess > 0 and found.others and not own:
            yield found


def _ran_beside(case: Case, dossier: StepDossier) -> tuple[str, ...]:
    """Return the later steps that ran without landing: only they can have left tests in the work tree."""
    place = case.dossiers.index(dossier)
    return tuple(other.id for other in case.dossiers[place + 1 :] if other.started and not sure_work(other))


def _printed(dossier: StepDossier, count: TestCount) -> tuple[Ref, ...]:
    """Return the runs that printed a step's count."""
    return next(
        (
            judged.evidence
            for judged in dossier.claims
            if judged.claim.kind is ClaimKind.COUNT
            and judged.claim.ref == count.ref
            and judged.verdict is Verdict.CONFIRMED
        ),
        (),
    )


def _whole(report: StepReport) -> TestCount | None:
    return next((count for count in report.counts if count.whole_suite), None)


def _tests(dossier: StepDossier) -> frozenset[str]:
    red = dossier.spec and dossier.spec.red
    return frozenset(_TEST.findall((red and red.command) or ""))
