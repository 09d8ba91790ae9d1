"""What all public documents share: how they are made from the model, how they are written, and the parts they have in common.

A document's field names are public: programs read them. Fields may be added within a version; none is renamed or removed.
"""

import json
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar, cast

import msgspec

from forensics.model.postmortem import UsageLine

T = TypeVar("T")
Time = Annotated[datetime, msgspec.Meta(tz=True)]
Number = int | float  # a whole number is written without a decimal point


class Part(msgspec.Struct, frozen=True):
    """A JSON object: its attributes are named as in the model, its JSON fields as in the document."""


class Address(Part, frozen=True):
    """Where a fact is: a file's path with a line from 1, or a commit's full id as `path`, with `line` null."""

    place: str = msgspec.field(name="path")
    line: int | None


class Gap(Part, frozen=True):
    """Evidence that is missing or could not be read, and where."""

    what: str
    ref: Address | None = msgspec.field(name="at")


class UsageRow(Part, frozen=True):
    """Tokens by kind that one agent used of one model.

    `step` is null if the usage belongs to no known step, `cost_usd` if the model's price is not known. `lower_bound`: some
    message was logged before it was complete, or sessions of the run could not be read, so the output is at least this.
    """

    step: str | None
    agent: str
    model: str | None
    input: int
    output: int
    cache_read: int
    cache_write_5m: int
    cache_write_1h: int
    cost_usd: Number | None
    lower_bound: bool


def part(kind: type[T], value: Any) -> T:
    """Return a value of the model as a part (or a list of values as a list of parts), field by field."""
    return msgspec.convert(value, kind, from_attributes=True)


def joined(kind: type[T], *values: Any, **more: Any) -> T:
    """Return a part made of the attributes of several values and of `more` (by JSON name); of equal names the last counts."""
    given = {
        field.encode_name: getattr(value, field.name)
        for value in values
        for field in msgspec.structs.fields(cast("type[msgspec.Struct]", kind))
        if hasattr(value, field.name)
    }
    return msgspec.convert(given | more, kind, from_attributes=True)


def usage_row(line: UsageLine) -> UsageRow:
    """Return one row of usage."""
    return joined(UsageRow, line.tokens, line)


def written(document: msgspec.Struct) -> str:
    """Return a document as indented JSON, times in UTC to the second."""
    plain = msgspec.to_builtins(document, builtin_types=(datetime,))
    return json.dumps(plain, indent=2, ensure_ascii=False, default=_time) + "\n"


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
