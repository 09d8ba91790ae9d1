"""One report checked against plan and git, for hooks and CI."""

from pathlib import Path, PurePosixPath

from forensics.app.evidence import Scope, open_case
from forensics.detect.registry import load_detectors
from forensics.detect.runner import run_detectors
from forensics.errors import NothingToExamine
from forensics.model.prose import quote
from forensics.model.source import Kind
from forensics.render.cleaning import clean
from forensics.render.verification import Verification
from forensics.sources.plan_folder import classify


def verify(report: Path, cwd: Path, *, at: str | None = None, repo: Path | None = None) -> Verification:
    """Check one report file; its plan is the folder above `reports/`.

    Raises NothingToExamine where there is no such report.
    """
    folder = _plan_folder(PurePosixPath(report.as_posix()))
    if at is None and not ((cwd / repo if repo else cwd) / report).is_file():
        raise NothingToExamine(
            f"No report at {quote(str(report))}.",
            try_="Name a file such as plans/x/reports/step-1-4-execution.md.",
        )
    case, _ = open_case(Scope(str(folder), cwd, at=at, repo=repo, compare_lines=False))
    paths = {claim.claim.ref.path for claim in case.claims} | {
        account.ref.path for dossier in case.dossiers for account in dossier.reports
    }
    wanted = next(
        (
            path
            for path in sorted(paths)
            if path.endswith("/".join(report.parts[-2:])) and PurePosixPath(path).name == report.name
        ),
        None,
    )
    if wanted is None:
        why = "" if classify(report.as_posix()) is Kind.REPORT else " Its name is not that of an execution report."
        raise NothingToExamine(f"{quote(str(report))} contains no readable step report.{why}")
    outcome = run_detectors(case, load_detectors())
    return clean(
        Verification(
            wanted,
            tuple(claim for claim in case.claims if claim.claim.ref.path == wanted),
            tuple(finding for finding in outcome.findings if finding.at.place == wanted),
            outcome.faults,
        )
    )


def _plan_folder(report: PurePosixPath) -> PurePosixPath:
    parts = report.parts
    if "reports" in parts[:-1]:
        last = len(parts) - 2 - parts[:-1][::-1].index("reports")
        return PurePosixPath(*parts[:last]) if last else PurePosixPath(".")
    return report.parent
