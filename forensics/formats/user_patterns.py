"""Regular expressions that a user writes, in an engine whose time is linear: nobody can be asked to write none that is slow.

Python's own engine takes exponential time for `(a+)+b`, and which patterns do cannot be told from outside.
"""

from typing import Protocol

from forensics.errors import UsageError
from forensics.model.prose import quote


class UserMatch(Protocol):
    """One match of a user's pattern."""

    def start(self, group: int = 0) -> int:
        """Return where a group begins."""

    def end(self, group: int = 0) -> int:
        """Return where a group ends."""

    def __getitem__(self, group: int | str) -> str:
        """Return the text of a group."""


class UserPattern(Protocol):
    """A compiled pattern."""

    def search(self, text: str) -> UserMatch | None:
        """Return the first match."""

    def fullmatch(self, text: str) -> UserMatch | None:
        """Return the match of the whole text."""


def user_pattern(text: str, option: str, wanted: str, example: str) -> UserPattern:
    """Compile a pattern, ignoring case; `wanted` is what the user wrote, if `text` adds to it. Raises UsageError."""
    import re2  # 50 ms, and needed only where a user gives a pattern

    options = re2.Options()
    options.log_errors = False  # it would write to standard error
    options.case_sensitive = False
    try:
        compiled: UserPattern = re2.compile(text, options)
    except re2.error as error:
        reason = error.args[0].decode("utf-8", "replace") if error.args and isinstance(error.args[0], bytes) else error
        raise UsageError(
            f"{option} {quote(wanted)} is not a regular expression that RE2 can run: {reason}.",
            try_=f"Try {option} {example}. Lookarounds and backreferences are not supported.",
        ) from None
    return compiled
