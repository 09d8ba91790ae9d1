"""Where HEAD was when an agent committed, as far as the transcript shows it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from forensics.formats.transcripts.commit_calls import printed_summaries
from forensics.formats.transcripts.git_calls import git_calls, switched_to
from forensics.formats.transcripts.shell_effects import Does, effects
from forensics.model.file_acts import ShellRan

# `git log --oneline` names HEAD first, perhaps behind `* ` of a graph and before its refs.
_ONELINE = re.compile(r"\A(?:\* )?(?P<sha>[0-9a-f]{7,40}) ")
# `git log` without a format begins with the full id.
_LONG = re.compile(r"\Acommit (?P<sha>[0-9a-f]{40})\b")
# `git rev-parse HEAD`, with or without `--short`.
_BARE = re.compile(r"\A(?P<sha>[0-9a-f]{7,40})\Z")
# `git reset --hard` says where it went, `git pull` and `git merge` from where to where.
_NOW = re.compile(r"^HEAD is now at (?P<sha>[0-9a-f]{7,40})\b", re.MULTILINE)
_UNMOVED = re.compile(r"^Already up to date\.|^Current branch \S+ is up to date\.", re.MULTILINE)
# These end at a commit that only the remote or the merge knows.
_MERGING = frozenset({"pull", "merge", "rebase", "cherry-pick", "revert", "am"})
_UPDATED = re.compile(r"^Updating [0-9a-f]{7,40}\.\.(?P<sha>[0-9a-f]{7,40})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Head:
    """The commit that HEAD was at, as printed, and since when that is known."""

    sha: str
    moment: datetime


def head_after(ran: ShellRan, head: Head | None, tips: dict[str, Head] | None = None) -> Head | None:
    """Return where HEAD is after a command; None if that is not known.

    `tips` is where each branch was when a commit was last made on it, and grows: a branch that is checked out again is there.
    """
    tips = {} if tips is None else tips
    made = printed_summaries(ran.command, ran.output)
    if made:
        found = Head(made[-1].sha, ran.moment)
        if made[-1].branch:
            tips[made[-1].branch] = found
        return found
    if "git" not in ran.command:
        return head
    if moved := [*_NOW.finditer(ran.output), *_UPDATED.finditer(ran.output)]:
        return Head(moved[-1]["sha"], ran.moment)
    does = {effect.does for effect in effects(ran.command, ran.cwd)}
    undone = any(words[0] == "reset" and {"--soft", "--mixed"} & set(words) for words in git_calls(ran.command))
    if undone or any(
        words[0] == "reset" and re.search(r"HEAD[~^@]", " ".join(words)) for words in git_calls(ran.command)
    ):
        head = None
    if Does.LEAVES in does or switched_to(ran.command):
        head = _checked_out(ran, head, tips)
    return _shown(ran) or head


def stays(ran: ShellRan) -> bool:
    """Return whether a command that could have moved HEAD says that it had nothing to bring: the tree is as it was."""
    moving = {words[0] for words in git_calls(ran.command)} & {*_MERGING, "checkout", "switch", "reset"}
    return bool(_UNMOVED.search(ran.output)) and moving <= _MERGING


def _checked_out(ran: ShellRan, head: Head | None, tips: dict[str, Head]) -> Head | None:
    """Return where a command's checkouts lead: to a tip that is known, or to a new branch where HEAD is."""
    unmoved = _UNMOVED.search(ran.output)
    for words in git_calls(ran.command):
        if words[0] in _MERGING and unmoved:
            continue
        if words[0] in _MERGING or (words[0] == "reset" and "--hard" in words):
            head = None
        for branch in switched_to(" ".join(("git", *words))) if words[0] in {"checkout", "switch"} else ():
            if {"-b", "-B", "-c", "-C"} & set(words):
                begins = [word for word in words[1:] if not word.startswith("-") and word != branch]
                head = head if not begins else None
                if head:
                    tips[branch] = head
            else:
                head = tips.get(branch)
    return Head(head.sha, ran.moment) if head else None


def _shown(ran: ShellRan) -> Head | None:
    """Return HEAD where a command's first output is its id: `git log` without a revision or a path, `git rev-parse HEAD`."""
    calls = git_calls(ran.command)
    if not calls or not ran.output:
        return None
    verb, rest = calls[0][0], calls[0][1:]
    text = ran.output.lstrip()
    if verb == "log" and all(word.startswith("-") and word not in {"--all", "--reverse"} for word in rest):
        if any(word.startswith(("--format", "--pretty", "--grep", "--author", "--skip", "-S", "-G")) for word in rest):
            return None
        found = _ONELINE.match(text) if "--oneline" in rest else _LONG.match(text)
        return Head(found["sha"], ran.moment) if found else None
    if verb == "rev-parse" and [word for word in rest if not word.startswith("-")] == ["HEAD"]:
        found = _BARE.match(text.split("\n")[0].strip())
        return Head(found["sha"], ran.moment) if found else None
    return None


def same(sha: str, other: str) -> bool:
    """Return whether one id begins with the other."""
    return sha.startswith(other) or other.startswith(sha)


def heads(runs: Iterable[ShellRan]) -> list[tuple[ShellRan, tuple[Head | None, Head | None]]]:
    """Return each command of one tree, in order of time, with HEAD before it: where it was, and where it is now."""
    before: Head | None = None
    head: Head | None = None
    tips: dict[str, Head] = {}
    found = []
    for ran in runs:
        found.append((ran, (before, head)))
        after = head_after(ran, head, tips)
        if after is None or head is None or not same(after.sha, head.sha):
            before = head
        elif after.moment > head.moment and not printed_summaries(ran.command, ran.output):
            after = head  # shown again: it has been there since
        head = after
    return found
