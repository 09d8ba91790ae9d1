"""The engine of regular expressions for foreign text: its time grows linearly, whatever the text."""

from typing import Any

import re2

_OPTIONS = re2.Options()
_OPTIONS.log_errors = False  # standard error is for people


def compiled(pattern: str) -> Any:
    """Return an expression to search bytes with. Compared with `re`, it also compiles several times faster."""
    return re2.compile(pattern, _OPTIONS)


def keyword_set(words: "list[str]") -> Any:
    """Return what finds, in one pass and in any case, which of the words a text has."""
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    found = re2.Set.SearchSet(options)
    for word in words:
        found.Add(re2.escape(word))
    found.Compile()
    return found
