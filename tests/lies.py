"""Runs that report invented commits, in every dialect, each with the cheapest thing that could explain the absence away."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.unpack import commit, git

TRUE = "Count axles"
_NOUNS = "barrier lamp fence bridge meter camera printer drawer siren mast cable radio scale kiosk ramp mirror pump relay fuse dial"
LIES = tuple(f"Mend the {noun}" for noun in _NOUNS.split())
OTHER_FILE = "engine/src/turbine.rs"


def invented(title: str) -> str:
    """Return 40 digits that no repository here has."""
    return hashlib.sha1(f"never {title}".encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Dialect:
    """How a run's plan, its reports and its commits are written."""

    path: str
    plan: Callable[[Sequence[str]], Mapping[str, str]]
    reports: Callable[[Mapping[str, str], str, str], Mapping[str, str]]
    subject: Callable[[int, str], str]


def _steps_plan(titles: Sequence[str]) -> Mapping[str, str]:
    steps = {f"plans/tolls/steps/step-1-{n}.md": f"# Cycle 1.{n}: {title}\n" for n, title in enumerate(titles, 1)}
    return {"plans/tolls/runbook.md": "# Tolls\n", **steps}


def _step_reports(hashes: Mapping[str, str], note: str, file: str) -> Mapping[str, str]:
    return {
        f"plans/tolls/reports/step-1-{n}-execution.md": f"# Cycle 1.{n}: {title}\n\n**Status:** GREEN_VERIFIED\n\n"
        f"- Commit: `{sha}`{note}\n\n## Files Modified\n- {file}\n"
        for n, (title, sha) in enumerate(hashes.items(), 1)
    }


PHASE = ".planning/phases/03-tolls"


def _gsd_plan(titles: Sequence[str]) -> Mapping[str, str]:
    return {
        f"{PHASE}/03-{n:02d}-PLAN.md": f"---\nphase: 03-tolls\n---\n<objective>\n{title}\n</objective>\n"
        for n, title in enumerate(titles, 1)
    }


def _gsd(hashes: Mapping[str, str], note: str, file: str) -> Mapping[str, str]:
    return {
        f"{PHASE}/03-{n:02d}-SUMMARY.md": f"---\nkey-files:\n  created:\n    - {file}\n---\n# Phase 3 Plan {n:02d}: Summary\n\n"
        f"## Task Commits\n\n1. **Task 1: {title}** - `{sha}` (feat){note}\n"
        for n, (title, sha) in enumerate(hashes.items(), 1)
    }


def _ledger_plan(titles: Sequence[str]) -> Mapping[str, str]:
    tasks = "".join(f"### Task {n}: {title}\n\n" for n, title in enumerate(titles, 1))
    return {"docs/plans/tolls.md": f"# Tolls\n\n{tasks}"}


def _ledger(hashes: Mapping[str, str], note: str, file: str) -> Mapping[str, str]:
    rows = "".join(f"Task {n}: complete (commit {sha}, {file}){note}\n" for n, sha in enumerate(hashes.values(), 1))
    return {".superpowers/sdd/progress.md": f"# SDD ledger — plan: docs/plans/tolls.md\n\n{rows}"}


TRACK = "conductor/tracks/tolls_20260304"


def _track(titles: Sequence[str]) -> Mapping[str, str]:
    rows = "".join(f"- [ ] Task: {title}\n" for title in titles)
    return {f"{TRACK}/plan.md": f"# Plan: Tolls\n\n## Phase 1: Axles\n{rows}"}


def _conductor(hashes: Mapping[str, str], note: str, file: str) -> Mapping[str, str]:
    rows = "".join(f"- [x] Task: {title} in {file}{note} [{sha}]\n" for title, sha in hashes.items())
    return {f"{TRACK}/plan.md": f"# Plan: Tolls\n\n## Phase 1: Axles\n{rows}"}


DIALECTS = {
    "step-reports": Dialect("plans/tolls", _steps_plan, _step_reports, lambda n, title: f"Cycle 1.{n}: {title}"),
    "gsd": Dialect(PHASE, _gsd_plan, _gsd, lambda n, title: f"feat(03-{n:02d}): {title.lower()}"),
    "ledger": Dialect(".superpowers/sdd", _ledger_plan, _ledger, lambda n, title: f"feat: {title.lower()} (Task {n})"),
    "conductor": Dialect(TRACK, _track, _conductor, lambda n, title: f"feat(tolls): {title}"),
}


@dataclass
class Run:
    """One run with one true piece of work and some that were never done; a cover changes what its reports say."""

    folder: Path
    dialect: Dialect
    lies: tuple[str, ...]
    true: str = ""
    hashes: dict[str, str] = field(default_factory=dict)
    note: str = ""
    file: str = "src/axles.py"
    brings: Mapping[str, str] = field(default_factory=dict)
    orphan: bool = False
    times: Mapping[str, str] = field(default_factory=lambda: {"authored": "12:02"})

    def subject(self, title: str) -> str:
        return self.dialect.subject([TRUE, *self.lies].index(title) + 1, title)

    def texts(self) -> Mapping[str, str]:
        return self.dialect.reports({TRUE: self.true, **self.hashes}, self.note, self.file)


def _empty(run: Run, subject: str, body: str = "") -> str:
    return commit(run.folder, f"{subject}\n\n{body}".strip(), {}, authored="11:00")


def plain(run: Run) -> None:
    """Nothing explains anything."""


def picked(run: Run) -> None:
    for sha in run.hashes.values():
        _empty(run, "Pick it", f"(cherry picked from commit {sha})")


def reverted(run: Run) -> None:
    for sha in run.hashes.values():
        _empty(run, "Revert it", f"This reverts commit {sha}.")


def link(run: Run) -> None:
    """Git keeps a submodule's commit by its hash alone."""
    for place, sha in enumerate(run.hashes.values()):
        git(run.folder, "update-index", "--add", "--cacheinfo", f"160000,{sha},libs/part{place}")
    git(
        run.folder,
        "commit",
        "-q",
        "-m",
        "Pin the parts",
        env=dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "2026-03-04T11:00:00Z"),
    )


def submodule(run: Run) -> None:
    git(run.folder, "update-index", "--add", "--cacheinfo", f"160000,{invented('a part')},libs/part")
    git(
        run.folder,
        "commit",
        "-q",
        "-m",
        "Pin the part",
        env=dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "2026-03-04T11:00:00Z"),
    )
    run.note = " in the submodule"


def orphan(run: Run) -> None:
    run.orphan = True


def altered(run: Run) -> None:
    run.hashes = {title: run.true[:7] + invented(title)[7:] for title in run.lies}


def tree(run: Run) -> None:
    run.hashes = {}
    for title in run.lies:
        blob = git(run.folder, "hash-object", "-w", "--stdin", stdin=title.encode())
        run.hashes[title] = git(run.folder, "mktree", stdin=f"100644 blob {blob}\ta\n".encode())


def long_digest(run: Run) -> None:
    run.hashes = {title: invented(title) + "0123456789abcdef01234567" for title in run.lies}


def other_repository(run: Run) -> None:
    run.file = OTHER_FILE


def folded(run: Run) -> None:
    run.brings = {"src/axles.py": "x = 2\n"}


def provisional(run: Run) -> None:
    run.note = " (WIP, amended and squashed later)"


def exempt(run: Run) -> None:
    run.note = " (the release script rewrote all hashes, ignore if absent)"


def empty(run: Run) -> None:
    run.hashes = {title: _empty(run, run.subject(title)) for title in run.lies}


def empty_aside(run: Run) -> None:
    git(run.folder, "checkout", "-q", "-b", "aside")
    empty(run)
    git(run.folder, "checkout", "-q", "main")


def rebased(run: Run) -> None:
    """The report's commit was rebased together with the true work."""
    run.times = {"authored": "10:15", "committed": "12:02"}


COVERS = {
    cover.__name__: cover
    for cover in (
        plain,
        picked,
        reverted,
        link,
        submodule,
        orphan,
        altered,
        tree,
        long_digest,
        other_repository,
        folded,
        provisional,
        exempt,
        empty,
        empty_aside,
        rebased,
    )
}


def make(folder: Path, dialect: str, cover: str, number: int) -> Run:
    """Make a run in an empty repository; return it with its reports committed."""
    run = Run(folder, DIALECTS[dialect], LIES[:number])
    commit(folder, "Begin", {"README.md": "Tolls\n"}, authored="08:00")
    commit(folder, "Plan", run.dialect.plan([TRUE, *run.lies]), authored="09:00")
    late = {"committed": "11:30"} if cover == "rebased" else {}
    run.true = commit(
        folder,
        run.subject(TRUE),
        {"src/axles.py": "x = 1\n", "tests/test_axles.py": "y = 1\n"},
        authored="10:10",
        **late,
    )
    run.hashes = {
        title: invented(title)[:10] if cover not in {"picked", "reverted", "link"} else invented(title)
        for title in run.lies
    }
    if cover == "rebased":
        run.true = invented("the true one")[:7]
    COVERS[cover](run)
    if run.orphan:
        git(folder, "checkout", "-q", "--orphan", "reports")
        git(folder, "rm", "-rqf", ".")
        commit(folder, "Reports", run.texts(), **run.times)
        git(folder, "checkout", "-q", "main")
        git(folder, "merge", "-q", "--allow-unrelated-histories", "-X", "theirs", "-m", "Merge", "reports")
    else:
        commit(folder, "docs: report", {**run.texts(), **run.brings}, **run.times)
    return run
