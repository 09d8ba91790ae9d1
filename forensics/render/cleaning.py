"""The last thing before any view: secrets are redacted, and hidden characters written out, in every string."""

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import TypeVar

from forensics.model.redaction import redact
from forensics.render.visible import bare, shown

T = TypeVar("T")


def clean(value: T) -> T:
    """Return the same value with every string in it cleaned; dataclasses and tuples are walked."""
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return clean_text(value)  # type: ignore[return-value]
    if isinstance(value, tuple):
        items = tuple(clean(item) for item in value)
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value  # type: ignore[return-value]
    if is_dataclass(value) and not isinstance(value, type):
        before = {field.name: getattr(value, field.name) for field in fields(value)}
        after = {name: clean(item) for name, item in before.items()}
        return replace(value, **after) if any(after[name] is not before[name] for name in before) else value
    return value


@lru_cache(maxsize=10_000)  # paths and reasons recur hundreds of times
def clean_text(text: str) -> str:
    """Redact secrets, and write out what a reader cannot see. A secret with hidden characters inside is a secret, too."""
    plain = bare(text)
    if plain != text and redact(plain) != plain:
        return shown(redact(plain))
    return shown(redact(text))
