"""Shell commands as words: the one parser of what agents ran. It never raises, whatever the text."""

import posixpath
import re
import shlex
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

UNREADABLE = "?"
# Commands are far shorter; what is longer feeds a file to a program, and its text is not of interest.
_LIMIT = 20_000
# What is fed to a program is text, not commands: `cat > x.sh <<'END'` runs nothing of it. A cut one goes on to the end.
# A heredoc on the last line has no text; it matches all the same, or each of thousands would read the line to its end.
_HEREDOC = re.compile(
    r"<<-?\s*(['\"]?)(\w+)\1(?P<rest>[^\n]*)(?:\n.*?(?:^[^\S\n]*\2[^\S\n]*$|\Z)|\Z)", re.DOTALL | re.MULTILINE
)
# Possessive, so that a hostile command cannot make the expression try every split of a word.
_TOKEN = re.compile(
    r"""(?P<space>[\x20\t\r]+ | (?<=\s)\d*>&\d | (?<=\s)\d(?=>))  # `2>&1` and the 2 of `2>file` are not words
      | (?P<comment>(?<![^\s;&|()<>])\#[^\n]*)                 # its apostrophes open no quotation: `# don't`
      | (?P<operator>[();<>|&\n]+)
      | (?P<word>(?:[^\x20\t\r\n'"\\();<>|&] | \\. | '[^']*' | "(?:\\.|[^"\\])*+")++)
      | (?P<unreadable>.)                                      # a quotation that never ends""",
    re.VERBOSE | re.DOTALL,
)
# `FOO=1 pytest` runs pytest; a value may span lines in quotes.
_ASSIGNED = re.compile(r"\w+=.*", re.DOTALL)
# git's variables for another repository than the folder's; the options say the same: `GIT_DIR=/srv/other/.git git log`.
_REPOSITORY = re.compile(r"(GIT_DIR|GIT_WORK_TREE)=(.*)", re.DOTALL)
_OPTIONS = {"GIT_DIR": "--git-dir", "GIT_WORK_TREE": "--work-tree"}
# These say how a program runs, and are not the program: `FOO=1 sudo git push`, `then git push`.
_BEFORE = frozenset({"sudo", "env", "time", "command", "exec", "nice", "nohup", "then", "do", "else", "if", "!", "{"})
# A program that runs the one named behind it and shortens what it prints; some of its own verbs stand between: `rtk git
# add`, `rtk test bun test`. Sessions that did all their work through it seemed to run no git and no tests.
_PROXY = "rtk"
_PROXY_VERBS = frozenset({"proxy", "test", "lint", "err", "summary"})
# Agents on Windows write `C:\work` where others write `/work`; joined to a folder it would be neither.
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")

Words = tuple[str, ...]


class _Token(NamedTuple):
    kind: str
    text: str


class Link(NamedTuple):
    """A simple command, the operator after it (`&&`, `||`, `|`, `;`, `&`, or nothing at the end) and the files it prints into."""

    words: Words
    after: str
    into: Words = ()


@lru_cache(maxsize=4_096)
def simple_commands(command: str) -> tuple[Words, ...]:
    """Return the words of each simple command, unquoted, without redirections, assignments and heredocs.

    A text that ends within a quotation gives what stands before it, and a last command of one word, `?`.
    """
    return tuple(link.words for link in links(command))


@lru_cache(maxsize=4_096)
def links(command: str) -> tuple[Link, ...]:
    """Return the simple commands with the operators that join them; one at the very end joins nothing."""
    found = [link._replace(words=_without_proxy(link.words)) for link in _split(_tokens(command))]
    return (*found[:-1], found[-1]._replace(after="")) if found else ()


def redirected(command: str) -> tuple[tuple[bool, str], ...]:
    """Return the files that a command's output goes to, as (appended, path); `>&2` and `/dev/null` are not files."""
    tokens = list(_tokens(command))
    return tuple(
        (operator.text.endswith(">>"), target.text)
        for operator, target in pairwise(tokens)
        if operator.kind == "operator" and operator.text.endswith(">") and target.kind == "word"
        if not target.text.startswith("/dev/")
    )


def ends_with_another(command: str) -> bool:
    """Return whether the exit code may be that of a later program than the first: after a pipe, `||`, `;` or a new line."""
    tokens = list(_tokens(command))
    while tokens and tokens[-1].kind == "operator":
        tokens.pop()
    return any(kind == "operator" and not {"|", ";", "\n"}.isdisjoint(text) for kind, text in tokens)


def folder_of(command: str, cwd: str) -> str:
    """Return where a command acts: after a leading `cd X &&`, or in `git -C X`."""
    commands = simple_commands(command)
    if len(commands) > 1 and commands[0][0] == "cd" and len(commands[0]) > 1:
        cwd = joined(cwd, commands[0][1])
    for words in commands:
        for place, pair in enumerate(pairwise(words)):
            if pair == ("git", "-C") and len(words) > place + 2:
                return joined(cwd, words[place + 2])
    return cwd


def joined(cwd: str, target: str) -> str:
    """Return a target as seen from a folder; one that only the shell could resolve stays as it is."""
    if target.startswith(("~", "$", "`")) or _DRIVE.match(target) or not cwd:
        return target
    return posixpath.normpath(posixpath.join(cwd, target))


def _tokens(command: str) -> Iterator[_Token]:
    """Yield words, unquoted, and operators; an `unreadable` token is the last."""
    text = _HEREDOC.sub(r"\g<rest>\n", command[:_LIMIT]).replace("\\\n", " ")
    for match in _TOKEN.finditer(text.strip()):
        kind = match.lastgroup or ""
        if kind == "word":
            plain = shlex.split(match[0])[0] if _is_quoted(match[0]) else match[0]
            yield _Token(kind, plain)
        elif kind == "operator":
            yield _Token(kind, match[0])
        elif kind == "unreadable":
            yield _Token(kind, match[0])
            return


def _is_quoted(word: str) -> bool:
    return "'" in word or '"' in word or "\\" in word


def _split(tokens: Iterator[_Token]) -> Iterator[Link]:
    """Part tokens into commands at operators; the word after a redirection is a file and belongs to none."""
    words: list[str] = []
    into: list[str] = []
    exported: list[str] = []
    own: list[str] = []
    redirection = ""
    for kind, text in tokens:
        if kind == "word":
            if redirection:
                into += [text] * redirection.endswith(">")
            elif words or not (text in _BEFORE or _ASSIGNED.fullmatch(text)):
                words.append(text)
            if not redirection and (named := _REPOSITORY.fullmatch(text)) and words in ([], ["export", text]):
                (exported if words else own).append(f"{_OPTIONS[named[1]]}={named[2]}")
            redirection = ""
            continue
        redirection = text if kind == "operator" and (text[-1] in "<>" or text == ">&" or text == "<&") else ""
        if not redirection or text[0] in ";\n|":
            if words:
                yield Link(_with_repository(words, exported + own), _joint(text), tuple(into))
            words, into, own = [], [], []
        if kind == "unreadable":
            yield Link((UNREADABLE,), "")
            return
    if words:
        yield Link(_with_repository(words, exported + own), "", tuple(into))


def _with_repository(words: list[str], repository: list[str]) -> Words:
    """Return a command's words; git is told by option which repository its variables name."""
    return (words[0], *repository, *words[1:]) if words[0] == "git" else tuple(words)


def _without_proxy(words: Words) -> Words:
    """Return the command that a proxy runs; a command of the proxy's own stays."""
    if words[0] != _PROXY or len(words) == 1:
        return words
    return words[2:] if words[1] in _PROXY_VERBS and len(words) > 2 else words[1:]


def _joint(operator: str) -> str:
    """Return what an operator means for what follows; `) &&` and a line's end behind it are one operator."""
    return next((joint for joint in ("&&", "||", "|", ";", "&") if joint in operator.replace("\n", ";")), "")
