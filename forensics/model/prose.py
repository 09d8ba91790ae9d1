"""Sentences that carry foreign text safely.

A sentence is a plain string in which `quote` has put all foreign text between backticks.
Renderers split at the backticks and escape both halves, so a sentence can be shown anywhere.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from forensics.secrets.redaction import redact

# Subjects and commands hold newlines and tabs, which would break a table row or a list item.
_SPACE = re.compile(r"\s+")
# Characters: a quoted subject or command still fits on a line or two.
QUOTE_LIMIT = 120
# Characters that are searched for secrets: far more than is shown, so that no secret is cut in half.
_WHOLE = 5_000


def quote(text: str, limit: int = QUOTE_LIMIT) -> str:
    """Return foreign `text` as one backticked span on one line, shortened to `limit` characters.

    Secrets are redacted before it is cut: half a secret is no longer recognised.
    """
    flat = redact(_SPACE.sub(" ", text[:_WHOLE].replace("`", "'")).strip())
    return f"`{flat if len(flat) <= limit else flat[: limit - 1] + '…'}`"


def short(sha: str) -> str:
    """Return a commit's customary seven digits, quoted."""
    return f"`{sha[:7]}`"


def listing(items: Iterable[str], limit: int = 6) -> str:
    """Join items as a person would: `a, b and c`, or `a, b, c and 4 more`."""
    parts: Sequence[str] = list(items)
    if len(parts) > limit:
        return f"{', '.join(parts[: limit - 1])} and {len(parts) - limit + 1} more"
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def upper_first(text: str) -> str:
    """Return a sentence's beginning with a capital, and the rest as it is: ids keep theirs."""
    return text[:1].upper() + text[1:]


def count(number: int, noun: str, plural: str | None = None) -> str:
    """Return `1 step`, `2 steps`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def steps_named(steps: Sequence[str]) -> str:
    """Return `step 1.3` or `steps 1.3, 1.4 and 1.5`."""
    return f"step{'s' if len(steps) != 1 else ''} {listing(steps, limit=12)}"


def duration(length: timedelta | float) -> str:
    """Return a duration, in seconds if a number, in its largest sensible unit: `66 s`, `11 min`, `3 h 5 min`, `4 days`."""
    seconds = length.total_seconds() if isinstance(length, timedelta) else length
    # Below two minutes seconds still matter: "1 min" for 66 s would hide how close two agents' commits are.
    if round(seconds) < 120:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours >= 48:
        return f"{round(seconds / 86_400)} days"
    return " ".join(f"{number} {unit}" for number, unit in ((hours, "h"), (minutes, "min")) if number)


def clock(moment: datetime, after: datetime | None = None) -> str:
    """Return a moment as UTC: `08:51:58` if `after`, named just before it, is of the same day, else `2026-03-04 08:51`."""
    moment = moment.astimezone(UTC)
    same_day = after is not None and after.astimezone(UTC).date() == moment.date()
    return moment.strftime("%H:%M:%S" if same_day else "%Y-%m-%d %H:%M")
