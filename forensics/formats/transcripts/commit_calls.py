"""What a `git commit` in a shell command asks for, and what git prints when it is made: message, files, numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from forensics.formats.numbers import as_number
from forensics.formats.transcripts.git_calls import git_call
from forensics.formats.transcripts.printed_commits import printed_commits
from forensics.formats.transcripts.shell import Words, joined, simple_commands

# `-m "$(cat <<'EOF' … EOF)"`: how agents write messages of several lines.
_CAT = re.compile(
    r"\$\(\s*cat\s*<<-?\s*(['\"]?)(?P<mark>\w++)\1[^\n]*\n(?P<body>.*?)^[^\S\n]*(?P=mark)[^\S\n]*\n?\s*\)",
    re.DOTALL | re.MULTILINE,
)
# `git commit -F - <<'EOF'`: the message comes on standard input. A line has room for some options between the words;
# without a bound, a line of thousands of `commit -F -` would take a minute.
_STDIN = re.compile(
    r"\bcommit\b[^\n]{0,300}?(?:-F|--file[= ])[^\S\n]*-[^\n]{0,300}?<<-?[^\S\n]*(['\"]?)(?P<mark>\w++)\1[^\n]*\n(?P<body>.*?)"
    r"^[^\S\n]*(?P=mark)[^\S\n]*$",
    re.DOTALL | re.MULTILINE,
)
# As in `shell.py`: what is longer feeds a file to a program, and looking for the end of each heredoc would take long.
_LIMIT = 20_000
# While words are read, a message stands as a number between two characters that are taken out of the command first: a
# hostile one may contain them.
_MARK = "\ufdd0"
_HOLE = f"{_MARK}{{}}{_MARK}"
_FILLED = re.compile(f"{_MARK}(\\d+){_MARK}")
# Without these, the value of `--author "Bo <b@x>"` would be taken for a path to commit.
_WITH_VALUE = frozenset({"-m", "--message", "-F", "--file", "--author", "--date", "-C", "-c", "--fixup", "--squash", "-t", "--trailer", "--cleanup"})  # fmt: skip
# Among the short flags of `git commit`, one that takes the next word as the message: `-m`, `-am`, `-qm`.
_MESSAGE = re.compile(r"-[a-zA-Z]*m")
# `-a` among short flags, as in `-qam`; the letters leave `-m` and `-t` aside, which take a value.
_EVERYTHING = re.compile(r"-[b-ln-su-z]*a[a-zA-Z]*")
# The line with a commit's id, as in `printed_commits.py`: `[main 1a2b3c4] Add a parser`, `[detached HEAD 1a2b3c4] …`.
_HEAD = re.compile(r"^\[[^\]\n]{1,300} (?P<sha>[0-9a-f]{7,64})\] ", re.MULTILINE)
# The line under a commit: ` 2 files changed, 27 insertions(+)`; git leaves out what is zero.
_FILES = re.compile(
    r"^ (?P<files>\d+) files? changed(?:, (?P<added>\d+) insertions?\(\+\))?(?:, (?P<removed>\d+) deletions?\(-\))?",
    re.MULTILINE,
)
_MADE = re.compile(r"^ (?P<what>create|delete) mode (?P<mode>\d{6}) (?P<path>.+)$", re.MULTILINE)
_RENAMED = re.compile(r"^ rename (?P<path>.+) \(\d+%\)$", re.MULTILINE)
# git names the author and the date only where they differ from the committer's: an amend, another identity.
_AUTHOR = re.compile(r"^ Author: (?P<name>.{1,200}?) <(?P<mail>[^>\n]{0,200})>$", re.MULTILINE)
_DATE = re.compile(r"^ Date: (?P<date>\w{3} \w{3} {1,2}\d{1,2} [\d:]{8} \d{4} [+-]\d{4})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class CommitCall:
    """One `git commit` with what its command staged before it; paths are joined with the folder it ran in.

    `everything`: all changes of the tree (`-a`, `git add -A`). `message` None where the command does not show it.
    """

    message: str | None
    amends: bool
    everything: bool
    paths: tuple[str, ...]
    unstaged: tuple[str, ...]
    author: str | None = None


@dataclass(frozen=True, slots=True)
class PrintedSummary:
    """What git printed of a commit; numbers None where it printed none. `date` is the author's, printed by an amend."""

    sha: str
    branch: str | None
    subject: str
    files: int | None = None
    added: int = 0
    removed: int = 0
    created: tuple[tuple[str, str], ...] = ()
    deleted: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    author: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Staging:
    """What a command stages (`git add`), without committing: everything, paths, and paths it takes back."""

    everything: bool = False
    paths: tuple[str, ...] = ()
    unstaged: tuple[str, ...] = ()


def commit_calls(command: str, cwd: str) -> tuple[CommitCall, ...]:
    """Return the commits that a command makes, in order, each with what was staged before it in the same command."""
    return tuple(call for call in _walk(command, cwd) if isinstance(call, CommitCall))


def staging(command: str, cwd: str) -> Staging:
    """Return what a command leaves staged after its last commit."""
    last = list(_walk(command, cwd))[-1]
    return last if isinstance(last, Staging) else Staging()


def printed_summaries(command: str, output: str) -> tuple[PrintedSummary, ...]:
    """Return what git printed of each commit that a command made."""
    texts = _texts_below(output)
    return tuple(
        _summary(made.sha, made.branch, made.subject, texts.get(made.sha, ""))
        for made in printed_commits(command, output)
    )


def _texts_below(output: str) -> dict[str, str]:
    """Return the lines that follow each line with a commit's id, up to the next commit's; one reading for all of them."""
    heads = list(_HEAD.finditer(output))
    ends = [*(head.start() for head in heads[1:]), len(output)]
    texts: dict[str, str] = {}
    for head, end in zip(heads, ends, strict=False):
        texts.setdefault(head["sha"], output[head.end() : end])
    return texts


def cleaned(message: str) -> str:
    """Return a message as git keeps it: no blank lines at the ends, none doubled, no spaces at line ends."""
    lines = "\n".join(line.rstrip() for line in message.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n") + "\n"


def _walk(command: str, cwd: str) -> Iterator[CommitCall | Staging]:
    """Yield each commit, and at the end what is still staged."""
    command = command[:_LIMIT].replace(_MARK, "")
    bodies = [match["body"] for match in _CAT.finditer(command)]
    places = iter(range(len(bodies)))
    held = _CAT.sub(lambda _: _HOLE.format(next(places)), command)
    stdin = next((match["body"] for match in _STDIN.finditer(held)), None)
    everything, paths, unstaged, where = False, [], [], cwd
    for words in simple_commands(held):
        if words[0] == "cd" and len(words) > 1:
            where = joined(where, words[1])
        if words[0] != "git":
            continue
        place = joined(where, words[words.index("-C") + 1]) if "-C" in words[:-1] else where
        call = git_call(words)
        if call[0] in {"add", "stage"}:
            named = [word for word in call[1:] if not word.startswith("-")]
            everything |= (
                not named or named == ["."] or ":/" in named or bool({"-A", "--all", "-u"} & set(call) and not named)
            )
            paths += [joined(place, word) for word in named]
        elif call[0] in {"rm", "mv"}:
            paths += [joined(place, word) for word in call[1:] if not word.startswith("-")]
        elif call[0] in {"reset", "restore"} and not {"--hard", "--soft"} & set(call):
            unstaged += [joined(place, word) for word in call[1:] if not word.startswith("-")]
        elif call[0] == "commit":
            yield _commit(call, place, everything, tuple(paths), tuple(unstaged), bodies, stdin)
            everything, paths, unstaged = False, [], []
    yield Staging(everything, tuple(paths), tuple(unstaged))


def _commit(
    call: Words,
    place: str,
    everything: bool,
    paths: tuple[str, ...],
    unstaged: tuple[str, ...],
    bodies: list[str],
    stdin: str | None,
) -> CommitCall:
    messages, named, author, words = [], [], None, list(call[1:])
    while words:
        word = words.pop(0)
        option, has_value, value = word.partition("=")
        if word in _WITH_VALUE or (_MESSAGE.fullmatch(word) and not word.startswith("--")):
            value = words.pop(0) if words else ""
        elif not (has_value and option in _WITH_VALUE):
            everything |= word == "--all" or bool(_EVERYTHING.fullmatch(word))
            named += [joined(place, word)] if not word.startswith("-") else []
            continue
        if _MESSAGE.fullmatch(option) or option == "--message":
            messages.append(_FILLED.sub(lambda match: bodies[int(match[1])].rstrip("\n"), value))
            everything |= bool(re.fullmatch(r"-[b-ln-z]*a[a-z]*m", option))
        elif option in {"-F", "--file"} and value == "-" and stdin is not None:
            messages.append(stdin)
        elif option == "--author":
            author = value
    message = cleaned("\n\n".join(messages)) if messages else None
    return CommitCall(message, "--amend" in call, everything, (*paths, *named), unstaged, author)


def _summary(sha: str, branch: str | None, subject: str, text: str) -> PrintedSummary:
    """Read the lines that follow the one with a commit's id."""
    numbers, made = _FILES.search(text), list(_MADE.finditer(text))
    author, date = _AUTHOR.search(text), _DATE.search(text)
    return PrintedSummary(
        sha,
        branch,
        subject,
        as_number(numbers["files"]) if numbers else None,
        as_number(numbers["added"] or "0") if numbers else 0,
        as_number(numbers["removed"] or "0") if numbers else 0,
        tuple((match["path"], match["mode"]) for match in made if match["what"] == "create"),
        tuple(match["path"] for match in made if match["what"] == "delete"),
        tuple(map(_rename, _RENAMED.finditer(text))),
        f"{author['name']} <{author['mail']}>" if author else None,
        date["date"] if date else None,
    )


def _rename(match: re.Match[str]) -> tuple[str, str]:
    """Return the old and the new path of `a/{b => c}/d` or `a => b`; git writes the common parts of a rename once."""
    old, _, new = match["path"].partition(" => ")
    head, opened, last = old.rpartition("{")
    first, closed, tail = new.partition("}")
    if not (opened and closed):
        return old, new
    return f"{head}{last}{tail}".replace("//", "/"), f"{head}{first}{tail}".replace("//", "/")
