"""Ticket ids, pull-request numbers and closed issues in commit messages and branch names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from forensics.errors import UsageError
from forensics.formats.numbers import as_number
from forensics.formats.user_patterns import UserPattern, user_pattern
from forensics.model.prose import quote

# GitHub's `refs/pull/7/head`, GitLab's `refs/merge-requests/7/head`, and either as fetched from a remote.
PULL_HEAD = re.compile(
    r"^refs/(?:remotes/(?P<remote>[^/]+)/)?(?:pull|pr|merge-requests)/(?P<number>\d{1,7})(?:/head)?$"
)
# At the end only, as GitHub writes it into a squash's subject: elsewhere `(#7)` is an issue.
_PULL = re.compile(r"(?<!\s)\s*+\(#(\d{1,7})\)\s*$")
# GitHub's own wording. The bounds keep a forged subject from being a number or a name of any length.
_MERGED = re.compile(r"^Merge pull request #(?P<number>\d{1,7}) from (?P<branch>\S{1,300})")
# `Merge branch 'main' into fix/12-gate`: git names the branch on which the work was done, which may have no ref any
# more.
_INTO = re.compile(r"^Merge .* into (?P<branch>\S{1,300})$")
# The words by which GitHub closes an issue. `#12` without one is a mention.
_CLOSES = re.compile(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d{1,7})\b", re.IGNORECASE)
# What may stand around an id in the brackets at a subject's end: `(Closes #12)`, `(issue #12)`, `(R09 follow-up)`.
_BEFORE = r"(?:(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?|refs?|issue|ticket|task):?\s+)?"
_AFTER = r"(?:\s+follow[- ]?ups?)?"
# Trailers with an id that is not an issue's number: `Ticket: R09`, `Refs: R09`. Without the colon, there may be nothing but
# ids behind the word: `fix R09's crash` is a line of prose.
_TRAILER = re.compile(
    r"^(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?|refs?|issue|ticket|task)(?:-id)?"
    r"(?P<ids>:\s+\S.{0,80}|\s+[\w#-]+(?:(?:,\s*|\s+(?:and|&)\s+)[\w#-]+)*\.?)$",
    re.I | re.M,
)
# `issue/2183-slug`, `fix/2183-slug`: a branch cannot well be called `#2183`. A bare number in front is a feature's in spec-kit.
_ISSUE_BRANCH = re.compile(
    r"(?:^|/)(?:issues?|gh|bug|(?:bug|hot)?fix|feat(?:ure)?)[/_-]#?(?P<number>\d{1,7})(?![\d.])", re.I
)
# At the line's beginning, as GitHub lists the commits of a squash; indented bullets are a message's own list.
_BULLET = re.compile(r"^\* (?P<subject>\S.*)$", re.MULTILINE)
# A pattern of the user's may match a sentence; an id is one short word.
_PLAIN = re.compile(r"[\w.#-]{1,40}")
# The pattern is repeated within one expression, where two groups of one name are an error.
_NAMED_GROUP = re.compile(r"\(\?P<\w+>")
# A pattern that fits such words, or nothing at all, would make a ticket of every commit.
_WORDS = ("fix", "feat", "merge", "main", "update", "release")
# `deleteAnime`, `MainActivity`: words that only code writes.
_CODE_WORD = re.compile(r"\b(?:[a-z]+[A-Z]\w+|[A-Z][a-z0-9]+[A-Z]\w+)\b")


_EXAMPLE = r"'R\d+'"
# In front of an id: what it would be the rest of a word of, as `R7` in `CLEAR7` is.
_IN_WORD = re.compile(r"[A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class Tickets:
    """How this run's tickets are written: `pattern` is a regular expression for an id, ignoring case.

    `aliases` map an id to the id to show instead. An id may have an epic's suffix (`R236-F`).
    """

    pattern: str
    aliases: tuple[tuple[str, str], ...] = ()
    _forms: tuple[UserPattern, ...] = field(init=False, repr=False)
    _id: UserPattern = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Compile the forms; raises UsageError for an invalid or unusable pattern."""
        own = self._compiled(self.pattern)
        if any(own.fullmatch(word) for word in ("", *_WORDS)):
            raise UsageError(f"--tickets {quote(self.pattern)} matches everything.", try_=rf"Try --tickets {_EXAMPLE}.")
        pattern = _NAMED_GROUP.sub("(", self.pattern)  # a form repeats it, and a group's name may occur once
        ticket = rf"(?:{pattern})(?:-[A-Za-z]\d?)?"
        several = rf"(?P<ids>{ticket}(?:\s*[,+&/]\s*{ticket})*)"
        texts = (
            rf"^\[?{several}\]?(?::|\.\s|\s+[-–—]\s)",
            rf"\({_BEFORE}{several}{_AFTER}\)\s*$",
            rf"^\w+!?\({several}\)!?:",
            rf"^\[{several}\]",
        )
        forms = tuple(self._compiled(text) for text in texts)
        # An id is a word of its own. This engine has no lookarounds, so that what stands around it is part of the match.
        lone = self._compiled(rf"(?:^|[^A-Za-z0-9])({ticket})(?:$|[^A-Za-z0-9])")
        object.__setattr__(self, "_forms", forms)
        object.__setattr__(self, "_id", lone)

    def _compiled(self, text: str) -> UserPattern:
        return user_pattern(text, "--tickets", self.pattern, _EXAMPLE)

    def of_subject(self, subject: str, pull: int | None = None) -> tuple[str, ...]:
        """Return the tickets a subject is about: `R10: …`, `R10. …`, `… (R10) (#138)`, `fix(r10): …`, `… (Closes #10)`.

        A mere mention does not count, nor does the number of the pull request at the end. Where the number of its `pull`
        request is known, any other number there is an issue's: a merge's title says `(#71)` of the issue it closes.
        """
        bare = without_pull(subject, pull)
        for form in self._forms:
            if match := form.search(bare):
                return self.among(match["ids"])
        issues = closed_issues(bare)
        return self.of_issue(issues[0]) if len(issues) == 1 else ()

    def of_body(self, body: str) -> tuple[str, ...]:
        """Return the tickets that a message's trailers and closing words name: `Closes #12`, `Ticket: R09`."""
        stated = (ticket for match in _TRAILER.finditer(body) for ticket in self.among(match["ids"]))
        closed = (ticket for issue in closed_issues(body) for ticket in self.of_issue(issue))
        return tuple(dict.fromkeys((*stated, *closed)))

    def of_issue(self, number: int) -> tuple[str, ...]:
        """Return an issue's or pull request's number as a ticket, where ids are written `GH#12` or `#12`."""
        return self.among(f"GH#{number}") or self.among(f"#{number}")

    def among(self, text: str) -> tuple[str, ...]:
        """Return every ticket that a text names, in order."""
        found = (self.known(ticket) for ticket in self._lone(text))
        return tuple(dict.fromkeys(ticket for ticket in found if _PLAIN.fullmatch(ticket)))

    def _lone(self, text: str) -> Iterator[str]:
        """Yield the ids that stand alone in a text; what ends one may begin the next."""
        place = 0
        while match := self._id.search(text[place:]):
            begin = place + match.start(1)
            if match[1] and not (begin and _IN_WORD.match(text[begin - 1])):
                yield match[1]
            place += max(match.end(1), match.start(1) + 1)

    def of_branch(self, name: str) -> str | None:
        """Return the ticket a branch is named after (`claude/r10-download`); None if it names none or several."""
        found = self.among(re.sub(r"[-/_]", " ", name))
        if not found and (issue := _ISSUE_BRANCH.search(name)):
            found = self.of_issue(as_number(issue["number"]))
        return found[0] if len(found) == 1 else None

    def known(self, text: str) -> str:
        """Return an id as it is shown: in capitals, and under its alias."""
        written = text.upper()
        return dict(self.aliases).get(written, written)


def related(one: str, other: str) -> bool:
    """Return whether two tickets are the same, or one is a part of the other (`R236` and `R236-F`, `T20` and `T20.6`)."""
    return one == other or one.startswith((f"{other}-", f"{other}.")) or other.startswith((f"{one}-", f"{one}."))


def pull_of_subject(subject: str) -> tuple[int, str | None] | None:
    """Return the pull request that a commit landed, with its branch where a merge names it."""
    if merged := _MERGED.match(subject):
        return as_number(merged["number"]), merged["branch"].partition("/")[2] or merged["branch"]
    found = _PULL.search(subject)
    return (as_number(found[1]), None) if found else None


def branch_merged_into(subject: str) -> str | None:
    """Return the branch that a merge was made on, where its subject names it."""
    found = _INTO.search(subject)
    return found["branch"] if found else None


def without_pull(subject: str, number: int | None = None) -> str:
    """Return a subject without the number of its pull request, which is any number at the end where it is not known."""
    found = _PULL.search(subject)
    return subject[: found.start()] if found and number in (None, as_number(found[1])) else subject


def closed_issues(message: str) -> tuple[int, ...]:
    """Return the issues a message closes."""
    return tuple(dict.fromkeys(as_number(number) for number in _CLOSES.findall(message)))


def bullets(body: str) -> tuple[str, ...]:
    """Return the subjects a squash lists as `* subject`."""
    return tuple(match["subject"].strip() for match in _BULLET.finditer(body))


def sections(body: str) -> tuple[tuple[str, str], ...]:
    """Return each listed subject of a squash with the text up to the next."""
    found = list(_BULLET.finditer(body))
    ends = [*(match.start() for match in found[1:]), len(body)][: len(found)]
    return tuple((match["subject"].strip(), body[match.start() : end]) for match, end in zip(found, ends, strict=True))


def code_words(text: str) -> frozenset[str]:
    """Return the identifiers in a text that can only be code: `MainActivity`, `deleteAnime`."""
    return frozenset(_CODE_WORD.findall(text))
