"""Which tickets a pull request is openly for: by its title, the issues it closes, and the name under which it was begun."""

import re
from collections.abc import Iterator, Sequence

from forensics.formats.tickets import Tickets, closed_issues, related
from forensics.model.history import Commit, History
from forensics.model.pull import Pull

# The title of a revert names whose work it takes out, and is not for that ticket.
_REVERT = re.compile(r"^\W*(?:revert|undo)", re.IGNORECASE)
# A single commit at the bottom of a branch may be what another agent made there by mistake.
_FEWEST = 2


def title_ticket(pull: Pull, tickets: Tickets) -> str | None:
    """Return the ticket that a pull request's title is about, else the one its branch is named after."""
    branch = [tickets.of_branch(pull.branch)] if pull.branch else []
    return next(iter((*tickets.of_subject(pull.title, pull.number), *branch)), None)


def further_tickets(
    pull: Pull, step: str | None, own: Sequence[Commit], history: History, tickets: Tickets
) -> tuple[str, ...]:
    """Return the tickets besides `step` that a pull request is openly for, first named first.

    `own` are its commits, oldest first, of which no other pull request has a copy.
    """
    found = (*_titled(pull, tickets), *_closed(pull, history, tickets), *_begun_as(pull, own, tickets))
    return tuple(dict.fromkeys(ticket for ticket in found if ticket != step))


def _titled(pull: Pull, tickets: Tickets) -> tuple[str, ...]:
    """Return what the title names anywhere: `GH#9: t3: …`, `t3: … (GH#9)` give the task and its issue."""
    return () if _REVERT.match(pull.title) else tickets.among(pull.title)


def _closed(pull: Pull, history: History, tickets: Tickets) -> Iterator[str]:
    """Yield the tickets that are the issues it closes: `Resolves #9` where ids are written `GH#9` or `#9`.

    The squash of a stack lists the lower branch's messages too, and what these close is the lower branch's.
    """
    landing = history.get(pull.landing)
    for issue in closed_issues(landing.body) if landing and len(pull.bullets) <= 1 else ():
        yield from tickets.among(f"GH#{issue}") or tickets.among(f"#{issue}")


def _begun_as(pull: Pull, own: Sequence[Commit], tickets: Tickets) -> tuple[str, ...]:
    """Return the other name of its ticket under which it was begun: an epic's part, say, that became an issue later.

    That is the name in its first commits, or in all of them where none names the title's ticket.
    """
    titled = title_ticket(pull, tickets)
    named = [ids for commit in own if (ids := tickets.of_subject(commit.subject))]
    if titled is None or not named or any(related(titled, ticket) for ticket in named[0]):
        return ()
    first = [ids for ids in named if related(ids[0], named[0][0])]
    is_titled = any(related(titled, ticket) for ids in named for ticket in ids)
    return tuple(ticket for ids in first for ticket in ids) if len(first) >= _FEWEST or not is_titled else ()
