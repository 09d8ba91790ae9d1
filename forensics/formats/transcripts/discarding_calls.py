"""What a shell command throws away of a work tree: edits put back, files removed, stashes dropped. Only what succeeded."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from forensics.formats.numbers import as_number
from forensics.formats.transcripts.git_calls import git_calls
from forensics.formats.transcripts.shell import Words, ends_with_another, joined, simple_commands
from forensics.model.transcript import Command


class Deed(StrEnum):
    """What becomes of uncommitted work. A stash keeps it, a pop or apply brings it back."""

    REVERTS = "reverts"
    CLEANS = "cleans"
    REMOVES = "removes"
    REMOVES_TREE = "removes-tree"
    STASHES = "stashes"
    POPS = "pops"
    DROPS = "drops"


class Discard(NamedTuple):
    """One deed. `paths` are absolute, none for a whole tree; `named` whether the command itself names them.

    `place` is the stash's number, None for all stashes; `sha` the id that git printed of a dropped one.
    """

    deed: Deed
    words: str
    paths: tuple[str, ...] = ()
    named: bool = False
    place: int | None = 0
    sha: str = ""


# `HEAD is now at 1a2b3c4 …` is printed by a reset that happened, also where a later command fails.
_RESET = re.compile(r"^HEAD is now at ", re.MULTILINE)
# git restores paths and says how many; `0 paths` changed nothing. It says so on stderr, which some tools do not keep.
_UPDATED = re.compile(r"^Updated (?P<number>\d+) paths? from ", re.MULTILINE)
# With a branch's name the same command switches branches, and git refuses it where edits would be lost.
_SWITCHED = re.compile(r"^(?:Switched to|Already on|Your branch|HEAD is now at|Note: switching)", re.MULTILINE)
# `git checkout -q docs` says nothing, and may switch to the branch `docs`: only a word that no branch is called is a path.
_FILE = re.compile(r"\A\.{1,2}\Z|/\Z|\.[A-Za-z]\w{0,4}\Z")
_SAVED = re.compile(r"^Saved working directory and index state", re.MULTILINE)
_DROPPED = re.compile(r"^Dropped (?:refs/)?stash@\{\d+\} \((?P<sha>[0-9a-f]{7,64})\)", re.MULTILINE)
_REMOVING = re.compile(r"^Removing (?P<path>.+)$", re.MULTILINE)
_STASH = re.compile(r"(?:stash@\{)?(?P<number>\d{1,3})\}?")


def discards(ran: Command) -> tuple[Discard, ...]:
    """Return what a command threw away, in order; nothing for what was refused, found nothing to do, or may have failed."""
    return tuple(found for words in git_calls(ran.command) for found in _of_git(words, ran)) + tuple(_removed(ran))


def brings_back(command: str) -> bool:
    """Return whether a command pops or applies a stash, whatever it printed."""
    return any(words[:1] == ("stash",) and words[1:2] in {("pop",), ("apply",)} for words in git_calls(command))


def _of_git(words: Words, ran: Command) -> Iterator[Discard]:
    said = " ".join(("git", *words))
    match words[0]:
        case "reset" if "--hard" in words and (_RESET.search(ran.output) or _surely(ran)):
            yield Discard(Deed.REVERTS, said)
        case "checkout" | "restore" | "switch":
            yield from _restored(words, said, ran)
        case "clean" if not any(_has_flag(word, "n") or word == "--dry-run" for word in words[1:]):
            removed = tuple(joined(ran.cwd, match["path"].rstrip("/")) for match in _REMOVING.finditer(ran.output))
            if removed:
                yield Discard(Deed.CLEANS, said, removed)
        case "rm" if "--cached" not in words and _surely(ran):
            yield Discard(Deed.REMOVES, said, _paths(words[1:], ran.cwd), named=True)
        case "worktree" if words[1:2] == ("remove",) and {"--force", "-f"} & set(words) and _surely(ran):
            yield Discard(Deed.REMOVES_TREE, said, _paths(words[2:], ran.cwd), named=True)
        case "stash":
            yield from _stashed(words, said, ran)


def _restored(words: Words, said: str, ran: Command) -> Iterator[Discard]:
    """Yield what a checkout or restore put back: `checkout .`, `checkout -- PATH`, `restore PATH`, or all with force."""
    if words[0] != "restore" and {"-f", "--force", "--discard-changes"} & set(words):
        if _SWITCHED.search(ran.output) or _surely(ran):
            yield Discard(Deed.REVERTS, said)
        return
    if words[0] == "switch" or {"-b", "-B", "--orphan", "--detach", "-p", "--patch"} & set(words):
        return
    if words[0] == "restore" and {"--staged", "-S"} & set(words) and not {"--worktree", "-W"} & set(words):
        return
    named = words[words.index("--") + 1 :] if "--" in words else words[1:]
    paths = _paths(named, ran.cwd)
    updated = _UPDATED.search(ran.output)
    if words[0] == "checkout" and "--" not in words and not updated and len(paths) == 1:
        paths = paths if any(_FILE.search(word) for word in named) else ()
    done = as_number(updated["number"]) > 0 if updated else _surely(ran) and not _SWITCHED.search(ran.output)
    if paths and done:
        yield Discard(Deed.REVERTS, said, paths, named=ran.cwd not in paths)


def _stashed(words: Words, said: str, ran: Command) -> Iterator[Discard]:
    verb = words[1] if len(words) > 1 and not words[1].startswith("-") else "push"
    match = next(filter(None, map(_STASH.fullmatch, words[2:])), None)
    place = as_number(match["number"]) if match else 0
    dropped = _DROPPED.search(ran.output)
    if verb in {"push", "save"} and _SAVED.search(ran.output):
        after = words[words.index("--") + 1 :] if "--" in words else ()
        yield Discard(Deed.STASHES, said, _paths(after, ran.cwd), named=bool(after))
    elif verb in {"pop", "apply"} and (dropped or ran.exit_code in {0, None}):
        yield Discard(Deed.POPS, said, place=place)
    elif verb == "drop" and (dropped or _surely(ran)):
        yield Discard(Deed.DROPS, said, place=place, sha=dropped["sha"] if dropped else "")
    elif verb == "clear" and _surely(ran):
        yield Discard(Deed.DROPS, said, place=None)


def _removed(ran: Command) -> Iterator[Discard]:
    for words in simple_commands(ran.command):
        if words[0] == "rm" and _surely(ran):
            yield Discard(Deed.REMOVES, " ".join(words), _paths(words[1:], ran.cwd), named=True)


def _surely(ran: Command) -> bool:
    """Return whether the exit code shows that each part succeeded: after `;` or `|` it is that of another program."""
    return ran.exit_code == 0 and not ends_with_another(ran.command)


def _paths(words: Words, cwd: str) -> tuple[str, ...]:
    return tuple(joined(cwd, word) for word in words if not word.startswith("-"))


def _has_flag(word: str, flag: str) -> bool:
    return word[:1] == "-" and word[:2] != "--" and flag in word
