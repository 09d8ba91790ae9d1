"""Whether a command's output can be a program's result: not where the command printed its own words, or read a text."""

import posixpath
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

from forensics.formats.transcripts.git_calls import git_call, is_committing
from forensics.formats.transcripts.idle_calls import is_idle
from forensics.formats.transcripts.shell import Link, Words, links
from forensics.formats.transcripts.test_commands import unwrapped

# These print what they are given. Without a file, `cat` and `tee` print what stands in the command, or came by a pipe.
_PRINTERS = frozenset(
    ["echo", "printf", "print", "cowsay", "figlet", "banner", "yes", "seq", "say", "Write-Output", "Write-Host"]
)
# These print what a file or another program says.
_READERS = frozenset(["cat", "tac", "head", "tail", "less", "more", "bat", "nl", "sed", "awk", "gawk", "grep", "egrep", "rg", "ag", "sort", "uniq", "cut", "tr", "tee", "jq", "strings", "column", "fold"])  # fmt: skip
# These run no tests and no checks, whatever they print.
_PLAIN = frozenset(
    [
        "git",
        "cd",
        "ls",
        "pwd",
        "mkdir",
        "rmdir",
        "rm",
        "cp",
        "mv",
        "ln",
        "touch",
        "chmod",
        "chown",
        "true",
        "false",
        "test",
        "[",
        "[[",
        ":",
        "sleep",
        "date",
        "export",
        "unset",
        "set",
        "alias",
        "source",
        ".",
        "which",
        "type",
        "whereis",
        "find",
        "fd",
        "file",
        "wc",
        "diff",
        "cmp",
        "stat",
        "du",
        "df",
        "tree",
        "basename",
        "dirname",
        "realpath",
        "readlink",
        "env",
        "whoami",
        "uname",
        "hostname",
        "id",
        "ps",
        "kill",
        "wait",
        "exit",
        "read",
        "local",
        "return",
        "done",
        "fi",
        "esac",
        "?",
        "curl",
        "wget",
        "xxd",
        "md5sum",
        "sha256sum",
        "shasum",
        "history",
        "clear",
        "dirs",
        "pushd",
        "popd",
        "break",
        "continue",
        "for",
        "while",
        "until",
        "case",
        "select",
        "function",
    ]
)
# Code that stands in the command itself. It may run the tests of a project, if it calls for a runner or a program.
_INLINE = re.compile(
    r"(?:python[\d.]*|node|ruby|perl|php|deno|bun)(?:\s+-\S+)*?\s+(?:-[a-zA-Z]*[ceEpr]|eval|--eval|--print)(?=\s|$)"
)
_CALLS_RUNNER = re.compile(
    r"pytest|unittest|doctest|nose|subprocess|os\.system|child_process|spawn|exec[FS(]|run_?tests?"
)
# Files that hold what programs printed: by their ending, by a folder of passing things, or named by a variable.
_LOGS = re.compile(r"\.(?:log|txt|out|output|err|tap|xml|json|jsonl|html)$|^/(?:tmp|var|dev|private)/|^\$")
# Of these, the first word is what they look for or do, not a file.
_WITH_SCRIPT = frozenset(["sed", "awk", "gawk", "grep", "egrep", "rg", "ag", "jq"])
_SHELLS = frozenset({"bash", "sh", "zsh", "dash", "eval"})
# What the shell puts in: a text with it is known only in part. A bracket that is never closed is read no further than this.
_EXPANDED = re.compile(r"\$\(\([^)]{0,300}\)\)|\$\([^)]{0,300}\)|\$\{[^}]{0,300}\}|\$\w+|\$\?|`[^`]*`|%[-\d.]*[sdif]")
# Letters without which a template of `echo` would take any line away: `echo "$out"` passes on what was printed before.
_LETTERS = re.compile(r"[a-z]{3}", re.IGNORECASE)
# A failure counts, whoever words it.
_FAILURE = re.compile(r"fail|error|panic", re.IGNORECASE)
# Lines of an output that are looked at, and characters of a command: more is a log, or data.
_MOST_LINES, _LIMIT = 20_000, 20_000


def is_quoting(words: Words) -> bool:
    """Return whether a simple command prints only what stands in it."""
    name = posixpath.basename(words[0])
    if name in _PRINTERS:
        return True
    if name in _SHELLS and (name == "eval" or any(re.fullmatch("-[a-z]*c", word) for word in words[1:2])):
        return not runs_something(words[-1])
    return bool(_INLINE.match(unwrapped(words))) and not any(map(_CALLS_RUNNER.search, words))


@lru_cache(8_192)
def files_read(command: str) -> tuple[str, ...]:
    """Return the files whose text a command prints, as it names them: `tail -5 /tmp/test.log`."""
    found: list[str] = []
    for link in links(command):
        name = posixpath.basename(link.words[0])
        named = [word for word in link.words[1:] if not word.startswith("-")]
        if name in _READERS:
            found += filter(_LOGS.search, named[name in _WITH_SCRIPT :])
    return tuple(found)


@lru_cache(8_192)
def runs_something(command: str) -> bool:
    """Return whether a command runs a program of which it is not known that it only prints, reads, lists or tries out."""
    return any(map(_may_run, links(command)))


def _may_run(link: Link) -> bool:
    words = link.words
    name = posixpath.basename(words[0])
    if name == "git":
        return is_committing(git_call(words)) or git_call(words)[0] == "push"  # their hooks run tests
    if name == "gh":
        return words[1:2] in {("run",)} or words[1:3] == ("pr", "checks")
    if name in _PLAIN or name in _READERS or is_quoting(words):
        return False
    return not is_idle(unwrapped(words))


def can_show_result(command: str, texts: frozenset[str]) -> bool:
    """Return whether an output can hold a program's result; `texts` are the files that an agent wrote by hand.

    `cat` of a log may, if no agent wrote the log: a run in the background prints into one.
    """
    read = files_read(command)
    if any(is_among(file, texts) for file in read):
        return False
    return runs_something(command) or bool(read)


def is_among(file: str, texts: frozenset[str]) -> bool:
    """Return whether a file as a command names it is one of some paths, which may be longer."""
    name = file.removeprefix("./").removeprefix("~/").lstrip("/")
    return any(fnmatchcase(f"/{text}", f"*/{name}") for text in texts)


def written_texts(command: str) -> Iterator[str]:
    """Yield the files that a command wrote its own words into: `echo "42 passed" > test.log`."""
    for before, link in zip((None, *links(command)), links(command), strict=False):
        quoted = is_quoting(link.words) or link.words in {("cat",), ("tee",)}
        yield from link.into if quoted else ()
        if before and before.after == "|" and is_quoting(before.words) and posixpath.basename(link.words[0]) == "tee":
            yield from (word for word in link.words[1:] if not word.startswith("-"))


def without_own_words(command: str, output: str) -> str:
    """Return an output without the lines that stand in its command: `pytest | grep -c x; echo "42 passed in 0.1s"`."""
    if len(command) > _LIMIT or output.count("\n") > _MOST_LINES:
        return output
    made_up = [parts for link in links(command) if is_quoting(link.words) for parts in _templates(link.words)]
    return "\n".join(line for line in output.split("\n") if not _is_own(line.strip(), command, made_up))


def _is_own(line: str, command: str, made_up: Sequence[Sequence[str]]) -> bool:
    """Return whether a line is the command's own, and tells no failure: `go test | grep FAIL` prints `FAIL`."""
    return (line in command or any(_fits(line, parts) for parts in made_up)) and not _FAILURE.search(line)


def _fits(line: str, parts: Sequence[str]) -> bool:
    """Return whether a line begins and ends with a template's fixed parts and has the others between, in order."""
    if not (line.startswith(parts[0]) and line.endswith(parts[-1])):
        return False
    place = 0
    for part in parts:
        place = line.find(part, place) + len(part)
        if place < len(part):
            return False
    return True


def _templates(words: Words) -> Iterator[tuple[str, ...]]:
    """Yield the fixed parts of each line that a command prints and that the shell completes: `echo "$n passed in 0.1s"`."""
    for line in " ".join(words[1:]).replace("\\n", "\n").split("\n"):
        parts = tuple(part.strip() for part in _EXPANDED.split(line))
        if len(parts) > 1 and _LETTERS.search("".join(parts)):
            yield parts
