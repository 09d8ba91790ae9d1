"""Commands that check code without running its tests: linters, type checkers, builds and formatters."""

from forensics.formats.transcripts.shell import simple_commands

# By the first four letters of the words that agents use for them: `lint`, `linter` and `linting` are one.
_PROGRAMS = {
    "ruff": "lint", "eslint": "lint", "flake8": "lint", "pylint": "lint", "clippy": "lint", "golangci-lint": "lint",
    "tsc": "type", "mypy": "type", "pyright": "type", "build": "buil", "vite": "buil", "next": "buil",
    "compile": "comp", "lint": "lint", "typecheck": "type", "type-check": "type", "check": "comp",
}  # fmt: skip


def checks_in(command: str) -> frozenset[str]:
    """Return what a command checks: the checks' kinds, and the programs, by their first four letters."""
    found: set[str] = set()
    for words in simple_commands(command):
        for word in words[:5]:
            name = word.rsplit("/", 1)[-1].lower()
            for part in (name, *name.split(":")):
                if part in _PROGRAMS:
                    found |= {_PROGRAMS[part], part[:4]}
    return frozenset(found)
