"""The registry of dialects, and what depends on all of them: which one a file speaks, and what a path or a subject means."""

import re
from collections.abc import Iterable

from forensics.formats.conductor import CONDUCTOR
from forensics.formats.dialect import Dialect
from forensics.formats.gsd import GSD
from forensics.formats.spec_kit import SPEC_KIT
from forensics.formats.step_reports import STEP_REPORTS
from forensics.formats.superpowers import LEDGER
from forensics.model.source import Kind

# The first that claims a file reads it, so STEP_REPORTS, which claims every file, is last.
DIALECTS = (
    GSD,
    LEDGER,
    CONDUCTOR,
    SPEC_KIT,
    STEP_REPORTS,
)
_HOME = re.compile(
    rf"(?:.*?/)?(?:{'|'.join(re.escape(dialect.home) for dialect in DIALECTS if dialect.home)})(?=/)"
)  # anywhere in the path: a monorepo keeps its `.planning` below a package


def dialect_of(names: Iterable[str], folder: str | None = None) -> Dialect:
    """Return the dialect of files by their paths in the repository; step reports if no other dialect claims them.

    If several dialects claim files in and below `folder`, the dialect of the folder's own files wins.
    """
    paths = tuple(names)
    claimed = [(dialect, name) for dialect in DIALECTS for name in paths if dialect.sniff(name)]
    here = [
        dialect
        for dialect, name in claimed
        if dialect.root_of(name) == folder and dialect.kind_of(name) is not Kind.OTHER
    ]
    return here[0] if here else next((dialect for dialect, _ in claimed), STEP_REPORTS)


def plan_of(name: str) -> str | None:
    """Return the folder of the plan that a file belongs to, by its path in the repository; None if there is none."""
    dialect = dialect_of([name])
    makes = dialect.kind_of(name) is not Kind.OTHER and not dialect.beside(name)
    return (dialect.root_of(name) or ".") if makes else None


def home_of(plan_path: str) -> str:
    """Return the folder in which the plan's tool keeps all its files, the plan's own folder if it has no such home."""
    match = _HOME.match(plan_path)
    return match[0] if match else plan_path


def steps_of_commit(subject: str) -> tuple[str, ...]:
    """Return the steps that a commit's subject names in any dialect: plans of several may share a repository."""
    return tuple(dict.fromkeys(step for dialect in DIALECTS for step in dialect.steps_of_subject(subject)))
