"""What a shell command makes git do: commit, switch to another branch, stage, make work trees."""

import posixpath
import re
from collections.abc import Iterator

from forensics.formats.transcripts.idle_calls import is_tried_out
from forensics.formats.transcripts.shell import UNREADABLE, Words, joined, simple_commands

ALL = ":/"
# With these, git acts on a repository that the folder does not show.
_ELSEWHERE = ("--git-dir", "--work-tree")
# `-a` among the short flags of `git commit`, as in `-qam`; not in `-m a`, whose value is a word of its own.
_ALL_IN = re.compile(r"-[b-ln-su-z]*a[a-zA-Z]*")
# `git checkout 1a2b3c4` and `HEAD~2` detach HEAD; a branch of that name is not known.
_COMMIT_ID = re.compile(r"[0-9a-f]{7,64}|HEAD(?:[~^@].*)?")
# Verbs that leave HEAD on its branch and the tracked files as they are.
_STAYING = """
add annotate archive blame branch cat-file check-ignore clone commit config count-objects describe diff diff-tree fetch
for-each-ref fsck gc grep help hash-object init log ls-files ls-remote ls-tree merge-base mv name-rev notes push range-diff
reflog remote rev-list rev-parse rm shortlog show show-ref status symbolic-ref tag var version whatchanged worktree
"""
# Verbs that change files without the agent having written them.
_BRINGING = """
am apply checkout-index cherry-pick filter-branch merge pull read-tree rebase reset restore revert stash subtree
"""
# Programs that cannot switch branches. A recipe, a script or an interpreter may, so none is listed.
_PLAIN = """
git gh cd ls cat cp mv rm mkdir touch chmod pwd echo printf true false test [ [[ : export set sleep date env which type xargs
head tail less grep egrep rg find fd file wc nl sort uniq cut tr sed awk jq diff stat du tee tree basename dirname realpath curl
pytest ruff mypy black isort flake8 pyright tsc eslint prettier jest vitest cargo go
"""
_COMMITTING = frozenset({"commit", "cherry-pick", "revert", "merge", "rebase", "am"})
_STAYS, _BRINGS, _HARMLESS = (frozenset(words.split()) for words in (_STAYING, _BRINGING, _PLAIN))
# `gh pr merge` checks out the base branch when it deletes the head.
_GH_SWITCHES = re.compile(r"\bpr (?:checkout|co|merge)\b|\bissue develop\b|\brepo (?:clone|sync)\b")


def commits(command: str) -> bool:
    """Return whether a command makes git commit something, in the repository of its folder."""
    return any(map(is_committing, git_calls(command)))


def is_committing(call: Words) -> bool:
    """Return whether a git call, from its verb on, commits something, and does not only try it out."""
    return call[0] in _COMMITTING and not is_tried_out(call)


def pushes(command: str) -> bool:
    """Return whether a command makes git push, from the repository of its folder."""
    return any(call[0] == "push" and not is_tried_out(call) for call in git_calls(command))


def reads_git(command: str) -> bool:
    """Return whether a command calls git in the repository of its folder."""
    return any(call[0] != UNREADABLE for call in git_calls(command))


def switched_to(command: str) -> tuple[str, ...]:
    """Return the branches a command switches to, in order; `HEAD` for a detached one. Shell variables are left out."""
    targets = map(_target, git_calls(command))
    return tuple(target for target in targets if target and not target.startswith(("-", "$")))


def may_switch(command: str) -> bool:
    """Return whether a command moves HEAD to another branch, or may, as far as its git and gh calls show."""
    return ("git" in command or "gh" in command) and (
        any(words[0] not in _STAYS and not _restores(words) for words in git_calls(command))
        or renames_branch(command)
        or any(_GH_SWITCHES.search(" ".join(words[1:4])) for words in simple_commands(command) if words[0] == "gh")
    )


def renames_branch(command: str) -> bool:
    """Return whether a command renames a branch, or points HEAD elsewhere by hand."""
    return any(
        (words[0] == "branch" and not {"-m", "-M", "--move"}.isdisjoint(words))
        or (words[0] in {"symbolic-ref", "update-ref"} and len(words) > 2)
        for words in git_calls(command)
    )


def is_plain(command: str) -> bool:
    """Return whether every program that a command runs is known not to switch branches."""
    return all(posixpath.basename(words[0]) in _HARMLESS for words in simple_commands(command))


def brings_files(command: str) -> bool:
    """Return whether a command brings files from elsewhere, restores them, or stages parts of them.

    A commit after it may rightly hold files that the agent did not write.
    """
    return any(
        words[0] in _BRINGS
        or words[0] == UNREADABLE
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
    """Return the folders in which a command makes repositories: `git init`, `git clone`."""
    found = []
    for words in git_calls(command):
        named = [word for word in words[1:] if not word.startswith("-")]
        if words[0] == "init":
            branch = _after(words, "-b") or _after(words, "--initial-branch")
            named = [word for word in named if word != branch]
            found.append(joined(cwd, named[0] if named else "."))
        if words[0] == "clone" and named:
            name = posixpath.basename(named[0].rstrip("/")).removesuffix(".git")
            found.append(joined(cwd, named[1] if len(named) > 1 else name))
    return tuple(found)


def in_one_place(command: str) -> bool:
    """Return whether all of a command runs in one folder: no second `cd`, and the same `-C` for all git calls or none."""
    commands = simple_commands(command)
    moves = [place for place, words in enumerate(commands) if words[0] in {"cd", "pushd", "popd"}]
    inside = {_after(words, "-C") for words in commands if words[0] == "git"}
    return moves in ([], [0]) and len(inside) <= 1


def git_calls(command: str) -> tuple[Words, ...]:
    """Return each git call's verb and words; `?` for one that cannot be read or whose repository is named by options."""
    return tuple(git_call(words) for words in simple_commands(command) if words[0] in {"git", UNREADABLE})


def git_call(words: Words) -> Words:
    """Return one git call's verb and words."""
    call = _verb(words)
    own = words[: len(words) - len(call)]
    return (UNREADABLE,) if any(word.startswith(_ELSEWHERE) for word in own) else call


def _verb(words: Words) -> Words:
    """Return a git call from its verb on, git's own options left out."""
    rest = words[1:]
    while rest and rest[0].startswith("-"):
        rest = rest[2:] if rest[0] in {"-C", "-c"} else rest[1:]
    return rest or (UNREADABLE if words[0] == UNREADABLE else "help",)


def _target(words: Words) -> str | None:
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


def _restores(words: Words) -> bool:
    """Return whether a checkout names files, and so leaves HEAD where it is."""
    return words[0] in {"checkout", "restore"} and (words[0] == "restore" or "--" in words[:-1])


def _staged(words: Words) -> Iterator[str]:
    if words[0] == "commit" and any(word == "--all" or _ALL_IN.fullmatch(word) for word in words):
        yield ALL
    if words[0] in {"add", "stage"}:
        named = [word for word in words[1:] if not word.startswith("-")]
        if not named and {"-A", "--all", "-u", "--update", "-Av", "-vA"} & set(words):
            yield ALL
        yield from named


def _new(words: Words) -> str | None:
    """Return the folder of `git worktree add`: the first word that is neither an option nor an option's value."""
    skip = False
    for word in words[2:]:
        if skip or word.startswith("-"):
            skip = not skip and word in {"-b", "-B", "--reason"}
        else:
            return word
    return None


def _after(words: Words, option: str) -> str:
    place = words.index(option) + 1 if option in words else len(words)
    return words[place] if place < len(words) else ""
