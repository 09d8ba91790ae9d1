"""How a part of a command ended, where the command prints it: `&& echo OK`, `; echo exit=$?`, or the program's own line."""

import re
from itertools import takewhile

from forensics.formats.pattern_rows import Row
from forensics.formats.transcripts.shell import Link
from forensics.formats.transcripts.test_commands import unwrapped

# The line that a program prints if, and only if, it found nothing. A session that built, linted and tested in one call
# was said to have left its last edit unchecked, because the call's exit code was the last part's.
CLEAN_LINES = (
    ("golangci-lint", Row(r"^0 issues\.?$", "0 issues.", "Go")),
    ("ruff check", Row(r"^All checks passed!$", "All checks passed!", "Python")),
    ("mypy", Row(r"^Success: no issues found\b", "Success: no issues found in 3 source files", "Python")),
)
_CLEAN = tuple(
    (re.compile(rf"^(?:\S*/)?{program}(?=$|\s)"), re.compile(row.pattern, re.MULTILINE)) for program, row in CLEAN_LINES
)
# These end with 0 whatever they list, so what is echoed behind `&&` says nothing of them.
_ALWAYS_ZERO = re.compile(r"^(?:\S*/)?gofmt\b")
# The shell's names for the exit code of the command before, and of a pipe's first program.
_LAST = re.compile(r"\$\?|\$\{\?\}")
_OF_PIPE = re.compile(r"\$\{PIPESTATUS\[0\]\}")
# 126 and 127 are the shell's: the program could not be run, and nothing is known of the code.
_NOT_RUN = frozenset({126, 127})


def printed_end(chain: tuple[Link, ...], place: int, text: str) -> bool | None:
    """Return whether the program at a place in a command passed, as far as the output says it in so many words."""
    code = _printed_code(chain, place, text)
    if code is not None:
        return None if code in _NOT_RUN else code == 0
    return True if _is_marked(chain, place, text) or _says_clean(chain, place, text) else None


def _printed_code(chain: tuple[Link, ...], place: int, text: str) -> int | None:
    """Return the exit code that an `echo` right behind a program, or behind its pipe, printed."""
    pipe = len(list(takewhile(lambda link: link.after == "|", chain[place:])))
    first = place == 0 or chain[place - 1].after != "|"
    end = place + pipe
    if end + 1 >= len(chain) or chain[end].after != ";" or chain[end + 1].words[0] != "echo":
        return None
    words = " ".join(chain[end + 1].words[1:])
    name = _OF_PIPE if first and _OF_PIPE.search(words) else _LAST
    if len(name.findall(words)) != 1 or (pipe and name is _LAST):
        return None
    before, after = name.split(words)
    found = re.findall(rf"^{re.escape(before)}(\d{{1,3}}){re.escape(after)}$", text, re.MULTILINE)
    return int(found[0]) if len(found) == 1 else None


def _is_marked(chain: tuple[Link, ...], place: int, text: str) -> bool:
    """Return whether `PROGRAM && … && echo WORDS` printed its words, which stand nowhere else in the command."""
    if chain[place].after != "&&" or (place and chain[place - 1].after in {"|", "||"}):
        return False
    if _ALWAYS_ZERO.match(unwrapped(chain[place].words)):
        return False
    joined = len(list(takewhile(lambda link: link.after in {"&&", "|"}, chain[place:])))
    echoes = [" ".join(link.words[1:]) for link in chain if link.words[0] == "echo"]
    lines = text.split("\n")
    return any(
        link.words[0] == "echo" and echoes.count(marker := " ".join(link.words[1:])) == 1 and marker in lines
        for link in chain[place + 1 : place + joined + 1]
    )


def _says_clean(chain: tuple[Link, ...], place: int, text: str) -> bool:
    """Return whether a program's own line says that it found nothing, where it ran once."""
    for program, clean in _CLEAN:
        if program.match(unwrapped(chain[place].words)):
            return sum(bool(program.match(unwrapped(link.words))) for link in chain) == 1 and bool(clean.search(text))
    return False
