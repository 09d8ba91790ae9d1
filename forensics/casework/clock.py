"""When reports were written, bounded by the commits that contain them."""

from datetime import datetime, timedelta
from operator import attrgetter

from forensics.model.history import Commit, History
from forensics.model.report import StatedTime, StepReport

# How long a step may take from the date in its report's head to the commit that the report then cites.
_BEGUN = timedelta(days=2)


def container_of(report: StepReport, history: History) -> Commit | None:
    """Return the first commit that holds this account as it reads now, None if no commit does."""
    path = report.ref.path
    seen = [history.get(history.first_seen.get((path, needle))) for needle in {"", *needles(report)}]
    holders = [commit for commit in seen if commit]
    return max(holders, key=attrgetter("place_in_time")) if len(holders) == len(seen) else None


def needles(report: StepReport) -> frozenset[str]:
    """Return the strings that date an account: its file was first committed earlier if it was rewritten since."""
    title = report.title if report.cumulative else ""
    status = report.status.text if report.status else ""
    return frozenset({title, status, report.tick, *(mention.value for mention in report.hashes)} - {""})


def written_by(report: StepReport, history: History) -> datetime | None:
    """Return the latest moment the report can have been written: its commit's committer time; None if uncommitted."""
    container = container_of(report, history)
    return container.commit_time if container else None


def as_local(stated: StatedTime, container: Commit) -> datetime:
    """Read a stated clock time as local time where the commit was made, whatever offset it claims."""
    return stated.moment.replace(tzinfo=container.author_time.tzinfo)


def stated_before_cited(stated: StatedTime, cited: Commit) -> timedelta | None:
    """Return how long before a commit that it cites by its very hash a report claims to be written; None if it does not.

    A hash cannot be known before its commit is made. Reports are begun on one day and ended on another, and a date alone
    has a day more for the rest of the day, and one for time zones.
    """
    early = cited.commit_time - stated.moment
    return early if early > _BEGUN + (timedelta(days=2) if stated.day_only else timedelta()) else None


def stated_after_commit(stated: StatedTime, container: Commit) -> timedelta | None:
    """Return how long after its own commit's author time a report claims to be written; None if it does not.

    Days are compared as days, with one day's grace for time zones; a time without an offset is read as local.
    """
    # A date alone may be the day before or after in the author's time zone, so it has a day's grace.
    # Two minutes allow for a report that rounds its time up, and for seconds between writing it and committing.
    late, grace = stated.moment.date() - container.commit_time.date(), timedelta(days=1)
    if not stated.day_only:
        moment = stated.moment if stated.zoned else as_local(stated, container)
        late, grace = moment - container.author_time, timedelta(minutes=2)
    return late if late > grace else None
