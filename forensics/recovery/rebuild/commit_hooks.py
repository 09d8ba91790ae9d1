"""Which files the hook of a commit may have rewritten, by what it printed."""

import fnmatch
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from forensics.formats.pattern_rows import Row, compiled

# Hooks that rewrite files while they are being committed; what each prints.
_HOOKS = compiled(
    (
        Row(r"^\[COMPLETED\] (?:prettier|eslint|biome|ruff|black|rustfmt|gofmt|markdownlint)\b", "[COMPLETED] prettier --write", "lint-staged"),
        Row(r"^(?:✔|✅|❯) .*(?:prettier --write|eslint --fix|biome|format)", "✔ prettier --write", "lint-staged in a terminal"),
        Row(r"files were modified by this hook", "files were modified by this hook", "pre-commit"),
        Row(r"^(?:reformatted|Fixing) \S", "reformatted src/a.py", "pre-commit"),
        # Not git's own lines (the subject, files that are called so), and not checks that pre-commit found in order.
        Row(
            r"^(?!\[)(?! (?:create|delete|rename|rewrite|mode) )(?!.*\.\.(?:Passed|Skipped)).*\b(?:prettier|black|gofmt|goimports|rustfmt|cargo fmt|biome|dprint|ruff format|isort)\b",
            "> prettier --write .",
            "scripts that husky runs",
        ),
    ),
    flags=re.MULTILINE,
)  # fmt: skip
# lint-staged names each of its patterns with the number of files it fits: `[STARTED] *.{json,yml} — 1 file`.
_PATTERN = re.compile(r"^(?:\[STARTED\]|[✔✓❯→]) (?P<glob>\S+) — (?P<files>\d+) files?$", re.MULTILINE)
_BRACES = re.compile(r"\{([^{}]*)\}")
# Patterns with more alternatives than this are not written by people.
_MOST = 200


@dataclass(frozen=True, slots=True)
class CommitHook:
    """A hook that ran formatters; `patterns` are those it ran for, None if it does not name them."""

    patterns: tuple[str, ...] | None

    def doubt(self, path: str) -> str:
        """Return why a file may be other than it was staged; empty if the hook left it alone."""
        if self.patterns is not None and not any(_fits(path, pattern) for pattern in self.patterns):
            return ""
        return "the commit's hook may have reformatted it"


def hook_of(output: str) -> CommitHook | None:
    """Return the hook that a commit's output shows, None if it shows no program that rewrites files."""
    if not _HOOKS.search(output):
        return None
    found = [
        (match["glob"], int(match["files"]))
        for match in _PATTERN.finditer(output)
        if not {"*", "{"}.isdisjoint(match["glob"])
    ]
    return CommitHook(tuple(glob for glob, files in found if files) if found else None)


def _fits(path: str, pattern: str) -> bool:
    """Return whether a pattern means a file; one without a slash means files in every folder."""
    name = path if "/" in pattern else posixpath.basename(path)
    return any(fnmatch.fnmatchcase(name, plain.replace("**/", "*")) for plain in _expanded(pattern))


def _expanded(pattern: str) -> Iterator[str]:
    """Yield a pattern without braces: `*.{ts,tsx}` is `*.ts` and `*.tsx`."""
    todo, made = [pattern], 0
    while todo and made < _MOST:
        made += 1
        text = todo.pop()
        if match := _BRACES.search(text):
            todo += [text[: match.start()] + part + text[match.end() :] for part in match[1].split(",")]
        else:
            yield text
