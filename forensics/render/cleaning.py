"""The last thing before any view: secrets are redacted, and hidden characters written out, in every string."""

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import TypeVar

from forensics.render.visible import shown
from forensics.secrets.redaction import redact

T = TypeVar("T")


def clean(value: T) -> T:
    """Return the same value with every string in it cleaned; dataclasses, collections and mappings are walked, bytes are not."""
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return clean_text(value)  # type: ignore[return-value]
    if isinstance(value, tuple | list | frozenset):
        before = list(value)
        items = [clean(item) for item in before]
        make = getattr(value, "_make", type(value))  # a named tuple stays one
        return make(items) if any(new is not old for new, old in zip(items, before, strict=True)) else value
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}  # type: ignore[return-value]
    if is_dataclass(value) and not isinstance(value, type):
        held = {field.name: getattr(value, field.name) for field in fields(value)}
        after = {name: clean(item) for name, item in held.items()}
        return replace(value, **after) if any(after[name] is not held[name] for name in held) else value
    return value


@lru_cache(maxsize=10_000)  # paths and reasons recur hundreds of times
def clean_text(text: str) -> str:
    """Redact secrets, and write out what a reader cannot see."""
    return shown(redact(text))
