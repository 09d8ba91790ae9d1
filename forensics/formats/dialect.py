"""What one dialect of planning and reporting has to say for itself; each is a folder that exports one `Dialect`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from forensics.model.plan import Plan
from forensics.model.report import StepReport
from forensics.model.source import Document, Kind


def _nowhere(_: Document) -> tuple[str, ...]:
    return ()


def _never_moved(_: str) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one way of planning and reporting is recognised and read.

    `sniff` recognises its files by their path in the repository, `kind_of` classifies a path inside the plan's folder,
    and `root_of` returns the folder of the plan that a file belongs to. `read_plan` gets every document of the folder,
    `read_report` those of kind report. `elsewhere` returns the documents that a report names as its plan, as written.
    `former` returns the paths at which a file may have stood before it was archived. In a `single` dialect one document
    is both plan and report.
    """

    name: str
    holds: str
    sniff: Callable[[str], bool]
    kind_of: Callable[[str], Kind]
    root_of: Callable[[str], str]
    read_plan: Callable[[str, str, Sequence[Document]], Plan]
    read_report: Callable[[Document], tuple[StepReport, ...]]
    elsewhere: Callable[[Document], tuple[str, ...]] = _nowhere
    former: Callable[[str], tuple[str, ...]] = _never_moved
    single: bool = False


def folder_of(name: str) -> str:
    """Return the folder a file lies in, empty for the repository's root."""
    return name.rpartition("/")[0]
