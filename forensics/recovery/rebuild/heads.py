"""Where HEAD was when an agent committed, as far as the transcript shows it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from forensics.formats.transcripts.commit_calls import printed_summaries
from forensics.formats.transcripts.git_calls import git_calls
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
_UPDATED = re.compile(r"^Updating [0-9a-f]{7,40}\.\.(?P<sha>[0-9a-f]{7,40})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Head:
    """The commit that HEAD was at, as printed, and since when that is known."""

    sha: str
    moment: datetime


def head_after(ran: ShellRan, head: Head | None) -> Head | None:
    """Return where HEAD is after a command; None if that is not known."""
    made = printed_summaries(ran.command, ran.output)
    if made:
        return Head(made[-1].sha, ran.moment)
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
    if Does.LEAVES in does:
        head = None
    return _shown(ran) or head


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
    found = []
    for ran in runs:
        found.append((ran, (before, head)))
        after = head_after(ran, head)
        if after is None or head is None or not same(after.sha, head.sha):
            before = head
        elif after.moment > head.moment and not printed_summaries(ran.command, ran.output):
            after = head  # shown again: it has been there since
        head = after
    return found
