"""What a shell command does to files, as far as its words show: nothing of it is ever run."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from forensics.formats.pattern_rows import Row, compiled
from forensics.formats.transcripts.git_calls import git_call
from forensics.formats.transcripts.shell import UNREADABLE, Words, joined, redirected, simple_commands

# `cat > path <<'END'`, `cat <<END >> path` and `tee path <<END`: how agents write files without the file tool. The body is
# literal if the mark is quoted; else the shell would replace `$x`, backquotes and backslashes in it.
# Behind the mark stand a target and perhaps a pipe; a line of heredocs would be read to its end from each of them.
# A new line begins a command by itself, so blanks before it are those of one line: thousands of empty lines cost no more.
_WRITTEN = re.compile(
    r"(?:^|[\n;&|(]|\bthen\b|\bdo\b)[^\S\n]*(?:cat|tee)\b(?P<head>[^\n|;&<]*?)<<(?P<tabs>-?)\s*(?P<quote>['\"]?)(?P<mark>\w++)(?P=quote)"
    r"(?P<tail>[^\n]{0,2000})\n",
)
# The file that a heredoc goes to, before or after `<<`; one with a variable or a command in its name is not known.
_TARGET = re.compile(
    r"(?P<more>>)?>\s*(?P<path>'[^'\n]+'|\"[^\"\n$`]+\"|[^\s'\"$`|;&<>]+)|^\s+(?P<tee>[^\s'\"$`|;&<>-][^\s'\"$`|;&<>]*)\s*$"
)
# `git checkout src/a.py` without `--`: a branch's name rarely ends like a file's.
_FILE = re.compile(r"\.[a-z]{1,5}$")
# The shell replaces these in a heredoc whose mark is not quoted: `cat > run.sh <<END` with `$1` in it.
_EXPANDED = re.compile(r"[$`\\]")
# A script of an agent writes a few files; a hostile one could make thousands of beginnings without an end.
_MOST_HEREDOCS = 100
# A formatter's options stand near its name; behind it, thousands of files may follow.
_CALL = 1_000
# Longer commands feed data to a program.
_LIMIT = 400_000
# Programs that rewrite files in their own style.
_FORMATTERS = compiled(
    (
        Row(r"prettier\b.*(?:--write|\s-w)\b", "npx prettier --write src", "JavaScript projects"),
        Row(r"eslint\b.*--fix\b", "pnpm eslint --fix .", "JavaScript projects"),
        Row(r"biome\b.*(?:--write|--apply|--fix)", "biome check --write", "JavaScript projects"),
        Row(r"markdownlint\S*\b.*--fix\b", "markdownlint --fix docs", "hooks of documentation"),
        Row(r"ruff\b.*(?:--fix\b|\bformat\b(?!.*--check))", "ruff check --fix", "Python projects"),
        Row(r"\b(?:black|isort|autopep8|yapf)\b(?!.*--check)", "black src", "Python projects"),
        Row(r"\b(?:gofmt|goimports|shfmt)\b.*-w\b", "gofmt -w .", "Go projects"),
        Row(r"\bgo (?:fmt|generate|mod tidy)\b", "go fmt ./...", "Go projects"),
        Row(r"\bcargo (?:fmt|fix)\b(?!.*--check)", "cargo fmt", "Rust projects"),
        Row(r"\b(?:rustfmt|dart format|swiftformat|ktlint -F|mix format|terraform fmt|clang-format -i)\b", "mix format", "other languages"),
        Row(r"^(?:npm|pnpm|yarn|bun|just|make|task|poe|turbo|nx)\b.*?(?<![-\w])(?:[\w-]+:)?(?:format|fmt|lint[:-]fix|fix|codegen|generate)(?![\w:-]*check)\b", "npm run format", "recipes named after what they run"),
        Row(r"\bpre-commit run\b", "pre-commit run --all-files", "Python projects"),
    )
)  # fmt: skip
# Programs that read a script and may do anything, so a file that the script names may have been changed.
_INTERPRETERS = frozenset({"python", "python3", "node", "perl", "ruby", "bash", "sh", "zsh", "awk", "deno", "bun", "php", "osascript", "xargs", "find", "patch", "dd", "jq", "yq", "ed", "ex", "vim"})  # fmt: skip
# git verbs after which the work tree is that of another commit.
_LEAVING = frozenset({"merge", "pull", "rebase", "cherry-pick", "revert", "am", "read-tree", "filter-branch", "bisect", UNREADABLE})  # fmt: skip


class Does(StrEnum):
    """What happens to a file."""

    SETS = "sets"
    APPENDS = "appends"
    REMOVES = "removes"
    MOVES = "moves"
    COPIES = "copies"
    CHANGES = "changes"
    MAY_CHANGE = "may change"
    RESTORES = "restores"
    LEAVES = "leaves"
    STASHES = "stashes"
    UNSTASHES = "unstashes"


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that a command does: to `path`, or to any file if it is empty; `to` is a move's target; `why` is prose.

    `later`: it comes after a commit that the same command makes.
    """

    does: Does
    path: str = ""
    to: str = ""
    text: str = ""
    why: str = ""
    later: bool = False


@lru_cache(2_048)  # each message of a session asks about every command before it
def effects(command: str, cwd: str) -> tuple[Effect, ...]:
    """Return what a command does to files; paths are joined with the folder it runs in."""
    if len(command) > _LIMIT:
        return (Effect(Does.MAY_CHANGE, why="a very long command"),)
    written = list(_heredocs(command, cwd))
    known = {effect.path for effect in written}
    rest = [effect for effect in _redirections(command, cwd) if effect.path not in known]
    where, later = cwd, False
    for words in simple_commands(command):
        if words[0] == "cd" and len(words) > 1:
            where = joined(where, words[1])
            continue
        rest += (replace(effect, later=later) for effect in _of_words(words, where, command))
        later |= words[0] == "git" and git_call(words)[0] == "commit"
    return (*written, *(effect for effect in rest if effect.path not in known or effect.does is not Does.CHANGES))


def _heredocs(command: str, cwd: str) -> Iterator[Effect]:
    """Yield the files written by heredocs; `cd x && cat > y` writes below x."""
    first = simple_commands(command)[:1]
    where = joined(cwd, first[0][1]) if first and first[0][0] == "cd" and len(first[0]) > 1 else cwd
    place = 0
    for _ in range(_MOST_HEREDOCS):
        match = _WRITTEN.search(command, place)
        end = _end_of(command, match) if match else None
        if match is None or end is None:
            return
        place, body = end, command[match.end() : end]
        found = _TARGET.search(match["head"]) or _TARGET.search(match["tail"])
        if not found:
            continue
        path = joined(where, (found["path"] or found["tee"]).strip("'\""))
        if match["tabs"] or (not match["quote"] and _EXPANDED.search(body)):
            yield Effect(Does.CHANGES, path, why="the shell expanded the text it wrote")
        else:
            yield Effect(Does.APPENDS if found["more"] else Does.SETS, path, text=body)


def _end_of(command: str, match: re.Match[str]) -> int | None:
    """Return where a heredoc's text ends: at a line that is its mark, with tabs before it after `<<-`; None if it is cut."""
    place = match.end()
    while place <= len(command):
        end = command.find("\n", place)
        line = command[place:] if end < 0 else command[place:end]
        if (line.lstrip("\t") if match["tabs"] else line) == match["mark"]:
            return place
        if end < 0:
            return None
        place = end + 1
    return None


def _redirections(command: str, cwd: str) -> Iterator[Effect]:
    first = simple_commands(command)[:1]
    where = joined(cwd, first[0][1]) if first and first[0][0] == "cd" and len(first[0]) > 1 else cwd
    for _, target in redirected(command):
        yield Effect(Does.CHANGES, joined(where, target), why="a command's output was written to it")


def _of_words(words: Words, cwd: str, command: str) -> Iterator[Effect]:
    """Yield what one simple command does."""
    name = posixpath.basename(words[0])
    named = [word for word in words[1:] if not word.startswith("-")]
    paths = [joined(cwd, word) for word in named]
    match name:
        case "git":
            yield from _of_git(words, cwd)
        case "rm" | "unlink" | "trash":
            yield from (Effect(Does.REMOVES, path) for path in paths)
        case "mv" | "cp":
            yield from _moved(Does.MOVES if name == "mv" else Does.COPIES, paths)
        case "sed" | "gsed" | "perl" if any(re.match(r"-[a-zA-Z]*i|--in-place", word) for word in words[1:]):
            # Without `-e`, the first word is what sed does, not a file.
            files = paths if {"-e", "-f"} & set(words) or name == "perl" else paths[1:]
            yield from (Effect(Does.CHANGES, path, why=f"`{name} -i` changed it") for path in files)
        case "tee" | "truncate" | "install" | "ln":
            yield from (Effect(Does.CHANGES, path, why=f"`{name}` wrote it") for path in paths)
        case _ if _FORMATTERS.search(" ".join(words)[:_CALL]):
            shown = " ".join(words)[:40]
            inside = [path for path in paths if "/" in path and "." in posixpath.basename(path)]
            yield from (Effect(Does.MAY_CHANGE, path, why=f"`{shown}` may have changed it") for path in inside or [""])
        case _ if name in _INTERPRETERS:
            yield Effect(Does.MAY_CHANGE, "", text=command, why=f"`{name}` ran a script that names it")


def _moved(does: Does, paths: list[str]) -> Iterator[Effect]:
    """Yield the moves of `mv a b` and `mv a b c/`; a target that ends like no file may be a folder."""
    *sources, target = paths or [""]
    for source in sources:
        into = len(sources) > 1 or "." not in posixpath.basename(target)
        yield Effect(does, source, posixpath.join(target, posixpath.basename(source)) if into else target)


def _of_git(words: Words, cwd: str) -> Iterator[Effect]:
    """Yield what a git command does to the work tree."""
    call = git_call(words)
    verb, arguments = call[0], call[1:]
    where = joined(cwd, words[words.index("-C") + 1]) if "-C" in words[:-1] else cwd
    named = [word for word in arguments if not word.startswith("-")]
    shown = " ".join(("git", *call))[:40]
    match verb:
        case "rm" if "--cached" not in arguments:
            yield from (Effect(Does.REMOVES, joined(where, word)) for word in named)
        case "mv":
            yield from _moved(Does.MOVES, [joined(where, word) for word in named])
        case "checkout" | "restore" | "switch" | "reset":
            yield from _checked_out(verb, arguments, where, shown)
        case "stash":
            kept = named[:1] in ([], ["push"], ["save"])
            if kept or named[:1] in (["pop"], ["apply"]):
                yield Effect(Does.STASHES if kept else Does.UNSTASHES, why=f"`{shown}`")
        case "apply" if not {"--check", "--stat", "--cached"} & set(arguments):
            yield Effect(Does.MAY_CHANGE, why=f"`{shown}` may have changed it")
        case _ if verb in _LEAVING:
            yield Effect(Does.LEAVES, why=f"`{shown}`")


def _checked_out(verb: str, arguments: Words, where: str, shown: str) -> Iterator[Effect]:
    """Yield what a checkout, restore, switch or reset does: files go back to a commit, or the whole tree to another."""
    options = set(arguments)
    named = [word for word in arguments if not word.startswith("-")]
    after = arguments[arguments.index("--") + 1 :] if "--" in arguments else ()
    if verb == "reset":
        if {"--hard", "--merge", "--keep"} & options:
            yield Effect(Does.LEAVES, why=f"`{shown}`")
        return
    if verb == "restore":
        after = tuple(after or named) if "--staged" not in options or "--worktree" in options else ()
    elif not after and verb == "checkout":
        after = tuple(word for word in named if _FILE.search(word) or word == ".")
    if after:
        yield from (Effect(Does.RESTORES, joined(where, word), why=f"`{shown}` restored it") for word in after)
    elif verb != "restore" and not {"-b", "-B", "-c", "-C", "--orphan"} & options:
        yield Effect(Does.LEAVES, why=f"`{shown}`")
