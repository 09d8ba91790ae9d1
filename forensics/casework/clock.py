"""When reports were written, bounded by the commits that contain them."""

from datetime import datetime, timedelta

from forensics.model.history import Commit, History
from forensics.model.report import StatedTime, StepReport


def container_of(report: StepReport, history: History) -> Commit | None:
    """Return the first commit that holds this account, None if it was never committed."""
    path = report.ref.path
    if report.cumulative:
        return history.get(history.first_seen.get((path, heading_needle(report))))
    return history.get(history.first_seen.get((path, "")))


def heading_needle(report: StepReport) -> str:
    """Return the string that dates an account inside a cumulative log: its title."""
    return report.title


def written_by(report: StepReport, history: History) -> datetime | None:
    """Return the latest moment the report can have been written: its commit's committer time; None if uncommitted."""
    container = container_of(report, history)
    return container.commit_time if container else None


def as_local(stated: StatedTime, container: Commit) -> datetime:
    """Read a stated clock time as local time where the commit was made, whatever offset it claims."""
    return stated.moment.replace(tzinfo=container.author_time.tzinfo)


def stated_after_commit(stated: StatedTime, container: Commit) -> timedelta | None:
    """Return how long after its own commit's author time a report claims to be written; None if it does not.

    Days are compared as days, with one day's grace for time zones.
    """
    if stated.day_only:
        late = stated.moment.date() - container.commit_time.date()
        return late if late > timedelta(days=1) else None
    late = stated.moment - container.author_time
    return late if late > timedelta(minutes=2) else None
