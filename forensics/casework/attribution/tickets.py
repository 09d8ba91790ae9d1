"""Which commits are which ticket's in a run without a plan, by subjects, branches and pull requests."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile

from forensics.casework.attribution.pull_tickets import further_tickets, title_ticket
from forensics.casework.attribution.steps import oldest_first
from forensics.formats.tickets import Tickets, branch_merged_into, closed_issues, related, without_pull
from forensics.model.case import Attribution
from forensics.model.claim import Confidence
from forensics.model.grouping import grouped
from forensics.model.history import Commit, History
from forensics.model.prose import quote
from forensics.model.pull import Pull

# The last brackets of a subject: `fix: read empty files (t12)`.
_BRACKETS = re.compile(r"(?<!\s)\s*+\([^()]*\)\s*$")
Window = tuple[datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class TicketWork:
    """Each ticket's commits, oldest first, and the pull requests with their tickets, None where it is not known."""

    commits: Mapping[str, tuple[Attribution, ...]]
    pulls: tuple[Pull, ...]


def in_window(commit: Commit, window: Window) -> bool:
    """Return whether a commit was written or made within a window."""
    start, end = window
    return (start is None or max(commit.commit_time, commit.author_time) >= start) and (
        end is None or min(commit.author_time, commit.commit_time) <= end
    )


def near(history: History, pulls: Sequence[Pull], window: Window) -> frozenset[str]:
    """Return the commits to look at: those of the window, and everything that a pull request of the window brought."""
    shas = {sha for sha, commit in history.commits.items() if in_window(commit, window)}
    for pull in pulls:
        whole = {*pull.commits, *([pull.landing] if pull.landing else [])}
        if whole & shas:
            shas |= whole
    return frozenset(shas)


def work_of_tickets(history: History, pulls: Sequence[Pull], tickets: Tickets, shas: frozenset[str]) -> TicketWork:
    """Return the tickets' work among `shas`.

    A subject in one of the strict forms makes it certain; a mention (`unneeded after R314`) does not count. A commit
    without an id belongs to the ticket whose issue it closes, else to that of the only pull request that brought it.
    """
    only = _only_pull(pulls)
    strict = {sha: tickets.of_subject(history.commits[sha].subject) for sha in shas}
    picked = _picked(pulls, history)
    stated = _by_landings(pulls, history, tickets)
    named = _named(pulls, history, tickets, stated, strict, picked)
    landings = {pull.landing: named[pull.number] for pull in pulls if pull.squashed and pull.number in stated}
    strict |= {sha: (ticket,) for sha, ticket in landings.items() if sha and strict.get(sha) == ()}
    issues = _issues(history, pulls, named)
    obeying = {
        sha for pull in pulls if (step := named.get(pull.number)) for sha in _obeying(pull, step, history, tickets)
    }
    first = {sha: pull.number for pull in reversed(pulls) for sha in pull.commits if strict.get(sha)}
    found = grouped(
        (ticket, Attribution(history.commits[sha], confidence, reason))
        for sha in shas
        if history.commits[sha].changes is not None
        for ticket, confidence, reason in _tickets_of(
            history.commits[sha],
            strict[sha] if sha not in obeying else (),
            only.get(sha, first.get(sha)),
            named,
            issues,
        )
    )
    return TicketWork(
        {ticket: oldest_first(attributions) for ticket, attributions in found.items()},
        tuple(
            replace(pull, step=step, also=further_tickets(pull, step, own, history, tickets))
            for pull in pulls
            for step, own in [(named.get(pull.number), _own(pull, only, picked, history))]
        ),
    )


def _named(
    pulls: Sequence[Pull],
    history: History,
    tickets: Tickets,
    stated: Mapping[int, str],
    strict: Mapping[str, tuple[str, ...]],
    picked: frozenset[str],
) -> dict[int, str]:
    """Return the ticket of each pull request: by its title, else by what it merged, its commits or its landing."""
    titled = {pull.number: ticket for pull in pulls if (ticket := title_ticket(pull, tickets))}
    top = _top(pulls)
    return {**stated, **_by_commits(top, picked, strict), **_by_merges(top, history, tickets), **titled}


def _by_landings(pulls: Sequence[Pull], history: History, tickets: Tickets) -> dict[int, str]:
    """Return the ticket of pull requests by the one that their landing's message closes, else by their own number."""
    found: dict[int, str] = {}
    for pull in pulls:
        landing = history.get(pull.landing)
        closed = tickets.of_body(landing.body) if landing and len(pull.bullets) <= 1 else ()
        ids = closed or tickets.among(f"#{pull.number}")  # `GH#9` means an issue, never a pull request
        if landing and len(ids) == 1:
            found[pull.number] = ids[0]
    return found


def _obeying(pull: Pull, step: str, history: History, tickets: Tickets) -> Iterator[str]:
    """Yield a pull request's commits that mend what its ticket's commits below wrote, and name in brackets what they obey.

    `fix: initialise all variables (t12)`: the rule that a review cites, not the ticket whose commit it is.
    """
    brought = [history.commits[sha] for sha in pull.commits if sha != pull.landing]
    ids = {commit.sha: tickets.of_subject(commit.subject) for commit in brought}
    for commit in brought:
        named = ids[commit.sha]
        bare = _BRACKETS.sub("", without_pull(commit.subject))
        if not named or tickets.of_subject(bare) == named or any(related(step, ticket) for ticket in named):
            continue
        before = brought[: brought.index(commit)]
        own = {path for other in before if step in tickets.among(other.subject) for path in other.paths()}
        if commit.changes and commit.paths() <= own:
            yield commit.sha


def _own(pull: Pull, only: Mapping[str, int], picked: frozenset[str], history: History) -> list[Commit]:
    """Return a pull request's commits, oldest first, of which no other one has a copy."""
    shas = (sha for sha in pull.commits if only.get(sha) == pull.number and sha not in {*picked, pull.landing})
    return [history.commits[sha] for sha in shas]


def _only_pull(pulls: Sequence[Pull]) -> dict[str, int]:
    """Return the commits that one pull request alone brought, with its number; a landing is its own."""
    many = Counter(sha for pull in pulls for sha in pull.commits)
    only = {sha: pull.number for pull in pulls for sha in pull.commits if many[sha] == 1}
    return only | {pull.landing: pull.number for pull in pulls if pull.landing}


def _top(pulls: Sequence[Pull]) -> dict[int, tuple[str, ...]]:
    """Return each pull request's own part, its head first: without what it was stacked on, which is another one's too."""
    holders = grouped((sha, pull.number) for pull in pulls for sha in pull.commits)
    return {
        pull.number: (pull.head, *(sha for sha in reversed(pull.commits) if sha != pull.head and holders[sha] == mine))
        for pull in pulls
        if pull.head and (mine := holders.get(pull.head))
    }


def _by_merges(top: Mapping[int, Sequence[str]], history: History, tickets: Tickets) -> dict[int, str]:
    """Return the ticket of pull requests on whose own line a merge names the branch, the last one."""
    found: dict[int, str] = {}
    for number, shas in top.items():
        for sha in takewhile(set(shas).__contains__, history.first_parents(shas[0])):
            commit = history.commits[sha]
            branch = branch_merged_into(commit.subject) if commit.changes is None else None
            if branch and (ticket := tickets.of_branch(branch)):
                found.setdefault(number, ticket)
    return found


def _by_commits(
    top: Mapping[int, Sequence[str]], picked: frozenset[str], strict: Mapping[str, Sequence[str]]
) -> dict[int, str]:
    """Return the ticket of pull requests by their own last commit that was not picked from another one."""
    heads = {number: next((sha for sha in shas if sha not in picked), shas[0]) for number, shas in top.items()}
    return {number: strict[head][0] for number, head in heads.items() if len(strict.get(head, ())) == 1}


def _picked(pulls: Sequence[Pull], history: History) -> frozenset[str]:
    """Return the commits of which pull requests have another copy: by what a rebase and a cherry-pick leave as it is."""
    brought = (history.commits[sha] for sha in {sha for pull in pulls for sha in pull.commits})
    copies = grouped(((commit.author_time, commit.subject), commit.sha) for commit in brought)
    return frozenset(sha for shas in copies.values() if len(shas) > 1 for sha in shas)


def _issues(history: History, pulls: Sequence[Pull], named: Mapping[int, str]) -> dict[int, str]:
    """Return the issues that pull requests of one ticket closed; a squash of several subjects may close another's."""
    found = grouped(
        (issue, named[pull.number])
        for pull in pulls
        if pull.landing and pull.number in named and len(pull.bullets) <= 1
        for issue in closed_issues(history.commits[pull.landing].body)
    )
    return {issue: ids[0] for issue, ids in found.items() if len(set(ids)) == 1}


def _tickets_of(
    commit: Commit,
    strict: Sequence[str],
    number: int | None,
    named: Mapping[int, str],
    issues: Mapping[int, str],
) -> Iterator[tuple[str, Confidence, str]]:
    for ticket in strict:
        yield ticket, Confidence.CERTAIN, f"its message {quote(commit.subject)} names {ticket}"
    if strict:
        return
    for issue in closed_issues(f"{commit.subject}\n{commit.body}"):
        if issue in issues:
            yield issues[issue], Confidence.LIKELY, f"it closes #{issue}, which is {issues[issue]}"
            return
    if number is not None and number in named:
        whose = "" if named[number] == f"#{number}" else f", which is {named[number]}'s"
        reason = f"only pull request #{number} brought it{whose}"
        # Where numbers of issues are the ids, commits hardly ever name them: the pull request's title or number tells.
        yield named[number], Confidence.CERTAIN if named[number].startswith("#") else Confidence.LIKELY, reason
