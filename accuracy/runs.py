"""Analyse the labelled runs, each once, and keep what the tool said of them. Nothing is compared here."""

import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from accuracy.labels import Label
from forensics.app.analyze import analyze
from forensics.cli.options import RunOptions
from forensics.errors import ForensicsError
from forensics.model.claim import ClaimKind
from forensics.model.finding import Severity
from forensics.model.postmortem import Postmortem
from forensics.model.source import Ref

PARALLEL = 2


class Run(NamedTuple):
    """One analysis: the repository, the revision, and the plan's folder or `tickets REGEX SINCE UNTIL`."""

    repository: str
    revision: str
    run: str


@dataclass(frozen=True, slots=True)
class SaidClaim:
    """What the tool said of one hash in a report; `line` is its address."""

    path: str
    line: int | None
    value: str
    step: str | None
    own: bool
    verdict: str
    confidence: str
    commit: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class SaidFinding:
    """A finding; `at_fault` are the steps it blames, `places` its address and the related ones as (path, line)."""

    code: str
    severity: Severity
    confidence: str
    steps: tuple[str, ...]
    at_fault: frozenset[str]
    commits: tuple[str, ...]
    places: tuple[tuple[str, int | None], ...]
    message: str


@dataclass(frozen=True, slots=True)
class SaidStep:
    """The verdict on a step, and the commits attributed to it (full ids)."""

    id: str
    verdict: str
    commits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What the tool said of a run; `failure` is why it could not examine it, or nothing."""

    run: Run
    claims: tuple[SaidClaim, ...] = ()
    findings: tuple[SaidFinding, ...] = ()
    steps: tuple[SaidStep, ...] = ()
    failure: str = ""


def runs_of(labels: Sequence[Label]) -> tuple[Run, ...]:
    """Return the labelled runs, each once, sorted."""
    return tuple(sorted({Run(label.repository, label.revision, label.run) for label in labels}))


def clone_of(repository: str, clones: Path) -> Path:
    """Return where a repository's clone is expected."""
    return clones / repository.replace("/", "+", 1)


def absent(runs: Sequence[Run], clones: Path) -> dict[Run, str]:
    """Return the runs that cannot be analysed here, each with the reason: the clone or the revision is not there."""
    missing = {}
    for run in runs:
        clone = clone_of(run.repository, clones)
        if not clone.is_dir():
            missing[run] = "no clone"
        elif _git(clone, "cat-file", "-e", f"{run.revision}^{{commit}}").returncode:
            missing[run] = f"the clone lacks {run.revision[:10]}"
    return missing


def analysed(runs: Sequence[Run], clones: Path) -> Iterator[Said]:
    """Yield what the tool says of each run, in their order, two at a time."""
    with ProcessPoolExecutor(PARALLEL) as pool:
        yield from pool.map(said_of, runs, [clone_of(run.repository, clones) for run in runs])


def said_of(run: Run, clone: Path) -> Said:
    """Analyse one run as `forensics analyze` does, without transcripts and without the record."""
    plan, words = run.run, {}
    if run.run.startswith("tickets "):
        pattern, since, until = run.run.removeprefix("tickets ").rsplit(" ", 2)
        plan, words = ".", {"tickets": pattern, "since": since, "until": until}
    try:
        options = RunOptions(plan, run.revision, clone, no_transcripts=True, **words)  # type: ignore[arg-type]
        return said(run, analyze(options.scope()))
    except ForensicsError as error:
        return Said(run, failure=str(error))
    except Exception as error:  # a crash on one run must not hide the figures of all others
        return Said(run, failure=f"crashed: {type(error).__name__}: {error}")


def said(run: Run, postmortem: Postmortem) -> Said:
    """Return the part of a postmortem that labels speak of."""
    claims = tuple(
        SaidClaim(
            judged.claim.ref.path,
            judged.claim.ref.line,
            judged.claim.value,
            judged.claim.about,
            judged.claim.role == "own",
            judged.verdict,
            judged.confidence,
            judged.commit,
            judged.reason,
        )
        for judged in postmortem.claims
        if judged.claim.kind is ClaimKind.COMMIT
    )
    findings = tuple(
        SaidFinding(
            finding.code,
            finding.severity,
            finding.confidence,
            finding.steps,
            frozenset((finding.culprit,) if finding.culprit else finding.steps),
            finding.commits,
            tuple(_place(ref) for ref in (finding.at, *finding.related)),
            finding.message,
        )
        for finding in postmortem.findings
    )
    steps = tuple(SaidStep(step.id, step.verdict, step.commits) for step in postmortem.steps)
    return Said(run, claims, findings, steps)


def wrong_places(labels: Sequence[Label], clones: Path) -> dict[Label, str]:
    """Return the claims' labels whose line does not hold the hash at that revision: mistakes of the labels."""
    wrong, texts = {}, dict[tuple[str, str, str], list[str] | None]()
    for label in labels:
        if label.sort == "claim":
            key = (label.repository, label.revision, label.path)
            if key not in texts:
                shown = _git(clone_of(label.repository, clones), "show", f"{label.revision}:{label.path}")
                text = shown.stdout.decode("utf-8", "replace")
                texts[key] = None if shown.returncode else text.split("\n")
            lines = texts[key]
            if lines is None:
                wrong[label] = "no such file at that revision"
            elif label.subject.lower() not in "".join(lines[(label.line or 0) - 1 : label.line]).lower():
                wrong[label] = "that line does not hold the hash"
    return wrong


def _place(ref: Ref) -> tuple[str, int | None]:
    return ref.place, ref.line


def _git(clone: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", "-C", str(clone), *arguments], capture_output=True, check=False)
