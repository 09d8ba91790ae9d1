"""Whether a command makes git commit or push past the repository's hooks."""

import re
from collections.abc import Iterator

from forensics.formats.transcripts.shell import Words, simple_commands

# What is quoted is text: a commit message may well say `HUSKY=0`.
_QUOTED = re.compile(r"""'[^']*'|"(?:\\.|[^"\\])*+\"""", re.DOTALL)
# Husky, Lefthook and pre-commit each have a variable that switches them off; `SKIP=lint` leaves out one hook only.
# It counts before git itself or exported: `HUSKY=0 npm ci && git commit` commits with hooks.
_SWITCHED_OFF = re.compile(
    r"(?:(?:^|[\n;&|(])[^\S\n]*(?P<exported>export\s+)?|(?<=\s))(?P<said>HUSKY=0|HUSKY_SKIP_HOOKS=(?:1|true)|LEFTHOOK=(?:0|false)|"
    r"PRE_COMMIT_ALLOW_NO_CONFIG=1|SKIP=[\w,-]+)(?(exported)(?=[\s;&|])|(?=(?:\s+\w+=[^\s;&|]*){0,8}\s+git\s))"
)
# `-n` is `--no-verify` for a commit (also among others: `-nm`), and `--dry-run` for a push.
_SHORT = re.compile(r"-[a-bd-zA-Z]*n[a-zA-Z]*")
# Characters of a command: an unclosed quotation mark is looked for from each mark on, so a long text would take long.
_LIMIT = 4_000
# Files in which repositories keep hooks that a clone gets.
_HOOK_FILES = re.compile(
    r"(?:^|/)(?:\.husky|\.githooks|\.git-hooks|\.hooks)/|(?:^|/)(?:\.pre-commit-config\.ya?ml|\.?lefthook\.(?:ya?ml|toml|json)|"
    r"\.overcommit\.yml|\.simple-git-hooks\.\w+)$"
)


def bypassed(command: str) -> tuple[str, ...]:
    """Return the words with which a command goes past hooks when it commits or pushes, each once, in order."""
    calls = [words for words in simple_commands(command) if words[0] == "git"]
    found = [said for words in calls for said in _in_call(words)]
    if any({"commit", "push", "merge", "rebase", "cherry-pick"} & set(words[1:]) for words in calls):
        found += [match["said"] for match in _SWITCHED_OFF.finditer(_QUOTED.sub("''", command[:_LIMIT]))]
    return tuple(dict.fromkeys(found))


def keeps_hooks(path: str) -> bool:
    """Return whether a file belongs to a tool that runs a repository's hooks."""
    return bool(_HOOK_FILES.search(path))


def _in_call(words: Words) -> Iterator[str]:
    own, call = _parted(words)
    if not call or call[0] not in {"commit", "push", "merge", "cherry-pick", "am", "rebase"}:
        return
    for word in own:
        if word.lower().startswith("core.hookspath="):
            yield f"-c {word}"
    if "--no-verify" in call:
        yield "--no-verify"
    elif call[0] == "commit" and any(_SHORT.fullmatch(word) for word in _flags(call)):
        yield "-n"


def _parted(words: Words) -> tuple[Words, Words]:
    """Return git's own options, and the call from its verb on."""
    place = 1
    while place < len(words) and words[place].startswith("-"):
        place += 2 if words[place] in {"-C", "-c"} else 1
    return words[1:place], words[place:]


def _flags(call: Words) -> Iterator[str]:
    """Yield a commit's short options, without the values that `-m` and others take."""
    skip = False
    for word in call[1:]:
        if not skip and word.startswith("-") and not word.startswith("--"):
            yield word
        # `-m text` and `-am text`: the next word is the message.
        skip = not skip and word[:1] == "-" and word[:2] != "--" and word[-1:] in set("mFCct")
