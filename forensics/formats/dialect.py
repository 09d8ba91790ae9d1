"""What a dialect of planning and reporting is; each is a folder that exports one `Dialect`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from forensics.model.plan import Plan
from forensics.model.report import StepReport
from forensics.model.source import Document, Kind

MAX_STEPS = 2_000  # a limit for hostile input: every step is compared with every commit


def _none(_: object) -> tuple[str, ...]:
    return ()


def _never(_: str) -> bool:
    return False


def folder_of(name: str) -> str:
    """Return the folder that holds a file, empty for the repository's root."""
    return name.rpartition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one way of planning and reporting is recognised and read.

    `holds` names its files for a message. `sniff` recognises its files by their path in the repository, `kind_of`
    classifies a path inside the plan's folder, and `root_of` returns the folder of the plan that a file belongs to.
    `read_plan` gets every document of the folder, `read_report` those of kind report. Step ids are shown as these
    two return them.

    `beside` recognises reports on work beside the steps' own: they are read for their commits, and make no plan.
    `single`: one document is both plan and report. `home`: the folder in which its tool keeps all plans.
    `plans_named` returns the documents that a report names as its plan, as written. `former` returns the paths a file
    may have had before it was archived. `steps_of_subject` returns the steps that a commit's subject names in a form
    of the dialect's own, beyond those that every dialect shares.
    """

    name: str
    holds: str
    sniff: Callable[[str], bool]
    kind_of: Callable[[str], Kind]
    read_plan: Callable[[str, str, Sequence[Document]], Plan]
    read_report: Callable[[Document], tuple[StepReport, ...]]
    root_of: Callable[[str], str] = folder_of
    beside: Callable[[str], bool] = _never
    single: bool = False
    home: str | None = None
    plans_named: Callable[[Document], tuple[str, ...]] = _none
    former: Callable[[str], tuple[str, ...]] = _none
    steps_of_subject: Callable[[str], tuple[str, ...]] = _none
