"""What a shell command makes git do: which branch it switches to, what it stages, and whether that can be told."""

import posixpath
import re
import shlex
from collections.abc import Iterator
from functools import lru_cache

from forensics.formats.transcripts.shell import HEREDOC, LIMIT, joined

ALL = ":/"
_ASSIGNED = re.compile(r"\w+=.*", re.DOTALL)
_OPERATOR = re.compile(r"[();<>|&\n]+")
_BEFORE = frozenset({"sudo", "env", "time", "command", "exec", "nice", "nohup", "then", "do", "else", "if", "!", "{"})
_UNTOLD = "?"
_ELSEWHERE = ("--git-dir", "--work-tree")
_DUPLICATED = re.compile(r"(?<=\s)\d*>&\d|(?<=\s)\d(?=>)")
_ALL_IN = re.compile(r"-[b-ln-su-z]*a[a-zA-Z]*")
_COMMIT_ID = re.compile(r"[0-9a-f]{7,64}|HEAD(?:[~^@].*)?")
_STAYING = """
add annotate archive blame branch cat-file check-ignore clone commit config count-objects describe diff diff-tree fetch
for-each-ref fsck gc grep help hash-object init log ls-files ls-remote ls-tree merge-base mv name-rev notes push range-diff
reflog remote rev-list rev-parse rm shortlog show show-ref status symbolic-ref tag var version whatchanged worktree
"""
_BRINGING = """
am apply checkout-index cherry-pick filter-branch merge pull read-tree rebase reset restore revert stash subtree
"""
_PLAIN = """
git gh cd ls cat cp mv rm mkdir touch chmod pwd echo printf true false test [ [[ : export set sleep date env which type xargs
head tail less grep egrep rg find fd file wc nl sort uniq cut tr sed awk jq diff stat du tee tree basename dirname realpath curl
pytest ruff mypy black isort flake8 pyright tsc eslint prettier jest vitest cargo go
"""
_STAYS, _BRINGS, _HARMLESS = (frozenset(words.split()) for words in (_STAYING, _BRINGING, _PLAIN))
_GH_SWITCHES = re.compile(r"\bpr (?:checkout|co|merge)\b|\bissue develop\b|\brepo (?:clone|sync)\b")


def switched_to(command: str) -> tuple[str, ...]:
    """Return the branches a command switches to, in order; `HEAD` for a detached one. What only the shell knows is left out."""
    found = [_target(words) for words in git_calls(command)]
    return tuple(one for one in found if one and not one.startswith(("-", "$")))


def may_switch(command: str) -> bool:
    """Tell whether a command moves HEAD to another branch, or may for all that its git and gh calls say."""
    return ("git" in command or "gh" in command) and (
        any(words[0] not in _STAYS and not _restores(words) for words in git_calls(command))
        or renames_branch(command)
        or any(_GH_SWITCHES.search(" ".join(words[1:4])) for words in programs(command) if words[0] == "gh")
    )


def renames_branch(command: str) -> bool:
    """Tell whether a command gives a branch another name, or points HEAD elsewhere by hand."""
    return any(
        (words[0] == "branch" and not {"-m", "-M", "--move"}.isdisjoint(words))
        or (words[0] in {"symbolic-ref", "update-ref"} and len(words) > 2)
        for words in git_calls(command)
    )


def is_plain(command: str) -> bool:
    """Tell whether every program a command runs is known not to switch branches: a recipe or script may do anything."""
    return all(posixpath.basename(words[0]) in _HARMLESS for words in programs(command))


def brings(command: str) -> bool:
    """Tell whether a command brings files from elsewhere, takes them back, or stages by pieces: a commit may then hold them rightly."""
    return any(
        words[0] in _BRINGS
        or words[0] == _UNTOLD
        or (words[0] == "checkout" and _target(words) is None)
        or (words[0] == "add" and not {"-p", "--patch", "-i", "--interactive", "-e", "--edit"}.isdisjoint(words))
        for words in git_calls(command)
    )


def staged(command: str) -> tuple[str, ...]:
    """Return what a command stages, as paths from where it runs; `:/` for all the tree's changes."""
    return tuple(path for words in git_calls(command) for path in _staged(words))


def worktrees_added(command: str, cwd: str) -> tuple[str, ...]:
    """Return the folders of work trees a command makes."""
    return tuple(
        joined(cwd, path) for words in git_calls(command) if words[:2] == ("worktree", "add") and (path := _new(words))
    )


def repositories_made(command: str, cwd: str) -> tuple[str, ...]:
    """Return the folders that a command makes repositories of their own: `git init`, `git clone`."""
    found = []
    for words in git_calls(command):
        named = [word for word in words[1:] if not word.startswith("-")]
        if words[0] == "init":
            named = [one for one in named if not {"-b", "--initial-branch"} & set(words) or one != _after(words, "-b")]
            found.append(joined(cwd, named[0] if named else "."))
        if words[0] == "clone" and named:
            name = posixpath.basename(named[0].rstrip("/")).removesuffix(".git")
            found.append(joined(cwd, named[1] if len(named) > 1 else name))
    return tuple(found)


def in_one_place(command: str) -> bool:
    """Tell whether all of a command runs where its beginning says: no second `cd`, and one `-C` for all git calls or none."""
    ran = programs(command)
    moves = [place for place, words in enumerate(ran) if words[0] in {"cd", "pushd", "popd"}]
    inside = {_after(words, "-C") for words in ran if words[0] == "git"}
    return moves in ([], [0]) and len(inside) <= 1


def git_calls(command: str) -> tuple[tuple[str, ...], ...]:
    """Return each git call's verb and words; `?` for one that cannot be read or acts on a repository named by options."""
    return tuple(_verb(words) for words in programs(command) if words[0] in {"git", _UNTOLD})


@lru_cache(maxsize=4_096)
def programs(command: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of each simple command, without what is fed to them; one `?` for a command that cannot be read."""
    text = _DUPLICATED.sub(" ", HEREDOC.sub(r"\g<rest>\n", command[:LIMIT]).replace("\\\n", " "))
    lexer = shlex.shlex(text, posix=True, punctuation_chars="();<>|&\n")
    lexer.whitespace, lexer.commenters, lexer.whitespace_split = " \t\r", "", True
    try:
        words = list(lexer)
    except ValueError:
        return ((_UNTOLD,),)
    return tuple(_split(words))


def _split(words: list[str]) -> Iterator[tuple[str, ...]]:
    part: list[str] = []
    skip = False
    for word in [*words, ";"]:
        if _OPERATOR.fullmatch(word):
            skip = word[-1] in "<>" or word in {">&", "<&", "&>"}
            if not skip or word.startswith((";", "\n", "|")):
                yield from [tuple(part)] if part else []
                part = []
        elif skip:
            skip = False
        elif part or not (word in _BEFORE or _ASSIGNED.fullmatch(word)):
            part.append(word)


def _verb(words: tuple[str, ...]) -> tuple[str, ...]:
    rest = words[1:]
    while rest and rest[0].startswith("-"):
        if rest[0].startswith(_ELSEWHERE):
            return (_UNTOLD,)
        rest = rest[2:] if rest[0] in {"-C", "-c"} else rest[1:]
    return rest or (_UNTOLD if words[0] == _UNTOLD else "help",)


def _target(words: tuple[str, ...]) -> str | None:
    """Return the branch a git call switches to, None if it switches to none or to one it does not name."""
    if words[0] not in {"switch", "checkout"} or "--" in words[:-1]:
        return None
    made = {"-c", "-C", "--create", "--force-create"} if words[0] == "switch" else {"-b", "-B"}
    for option in (*sorted(made), "--orphan"):
        if option in words:
            return _after(words, option) or None
    named = [word for word in words[1:] if not word.startswith("-") or word == "-"]
    if len(named) != 1 or named[0] == "-":
        return None
    if {"--detach", "-d"} & set(words) or _COMMIT_ID.fullmatch(named[0]):
        return "HEAD"
    return named[0].partition("/")[2] if {"-t", "--track"} & set(words) else named[0]


def _restores(words: tuple[str, ...]) -> bool:
    """Tell whether a checkout names files, and so leaves HEAD where it is."""
    return words[0] in {"checkout", "restore"} and (words[0] == "restore" or "--" in words[:-1])


def _staged(words: tuple[str, ...]) -> Iterator[str]:
    if words[0] == "commit" and any(word == "--all" or _ALL_IN.fullmatch(word) for word in words):
        yield ALL
    if words[0] in {"add", "stage"}:
        named = [word for word in words[1:] if not word.startswith("-")]
        if not named and {"-A", "--all", "-u", "--update", "-Av", "-vA"} & set(words):
            yield ALL
        yield from named


def _new(words: tuple[str, ...]) -> str | None:
    """Return the folder of `git worktree add`: the first word that is neither an option nor an option's value."""
    skip = False
    for word in words[2:]:
        if skip or word.startswith("-"):
            skip = not skip and word in {"-b", "-B", "--reason"}
        else:
            return word
    return None


def _after(words: tuple[str, ...], option: str) -> str:
    place = words.index(option) + 1 if option in words else len(words)
    return words[place] if place < len(words) else ""
