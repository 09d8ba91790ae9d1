"""What happened when, by git's clock, with the reports' own times beside it."""

from collections.abc import Iterator
from datetime import timedelta

from forensics.casework.attribution import own_work
from forensics.casework.clock import container_of
from forensics.model.case import Case
from forensics.model.postmortem import Moment
from forensics.model.prose import quote, short, steps_named

_NOTABLE = timedelta(minutes=1)


def timeline(case: Case) -> tuple[Moment, ...]:
    """Return the run's moments in order: commits at their author time, reports where they say and where they landed."""
    return tuple(sorted({*_commits(case), *_reports(case)}))


def _commits(case: Case) -> Iterator[Moment]:
    for dossier in case.dossiers:
        for one in own_work(dossier.commits):
            commit = one.commit
            late = commit.commit_time - commit.author_time
            amended = f"; rewritten at {commit.commit_time.isoformat()}" if late > _NOTABLE else ""
            yield Moment(
                commit.author_time,
                f"Step {dossier.id} committed as {short(commit.sha)}, {quote(commit.subject)}{amended}.",
                commit.sha,
            )


def _reports(case: Case) -> Iterator[Moment]:
    brought: dict[str, list[str]] = {}
    for dossier in case.dossiers:
        for report in dossier.reports:
            status = quote(report.status.text, 40) if report.status else "no status"
            if report.time and not report.time.day_only:
                yield Moment(
                    report.time.moment,
                    f"The report on step {dossier.id} was written, by its own clock: {status}.",
                    str(report.ref),
                )
            holder = container_of(report, case.history)
            if holder:
                brought.setdefault(holder.sha, []).append(dossier.id)
    for sha, steps in brought.items():
        commit = case.history.commits[sha]
        reports = "The report" if len(steps) == 1 else "Reports"
        yield Moment(
            commit.commit_time,
            f"{reports} on {steps_named(tuple(dict.fromkeys(steps)))} committed in {short(sha)}, "
            f"{quote(commit.subject)}.",
            sha,
        )
