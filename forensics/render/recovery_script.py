"""The picks that apply, as a POSIX shell script for a person to read and then run."""

import re
from collections.abc import Iterator, Sequence
from shlex import quote as shell

from forensics.model.postmortem import Rescue
from forensics.model.prose import count, steps_named

MARK = "# Written by forensics recover"
# Refs that a remote serves by name: a pull request's head (GitHub, GitLab) and a remote's branch.
_PULL = re.compile(r"refs/(?:pull|merge-requests)/\d+/head")
# A branch may contain slashes, a remote's name rarely does: git itself cannot tell them apart from the ref alone.
_REMOTE = re.compile(r"refs/remotes/(?P<remote>[^/]+)/(?P<branch>.+)")


def render_script(rescue: Rescue) -> str:
    """Return the script. It makes one branch, and stops at the first command that fails."""
    return "\n".join(_lines(rescue)) + "\n"


def _lines(rescue: Rescue) -> Iterator[str]:
    plan = rescue.recovery
    picks = [pick for pick in plan.picks if pick.proven]
    yield "#!/bin/sh"
    yield _comment(f"{MARK[2:]} for the plan {rescue.run.plan}")
    yield _comment(f"{count(len(picks), 'commit')} onto {plan.onto}; when tried, they made the tree {plan.tree}.")
    if plan.test:
        ended = "ran out of time" if plan.test.code is None else f"exited with {plan.test.code}"
        yield _comment(f"There, {plan.test.command} {ended}.")
    yield _comment(f"Creates the branch {plan.branch} and changes no other; `git switch -` goes back.")
    yield "set -eu"
    yield "git diff --quiet HEAD -- || { echo 'Commit or stash your changes first.' >&2; exit 1; }"
    for source in dict.fromkeys(pick.source for pick in picks):
        yield from _at_hand(source, [pick.commit for pick in picks if pick.source == source])
    yield f"git switch -c {shell(plan.branch)} {shell(plan.onto)}"
    for pick in plan.picks:
        yield ""
        yield _comment(f"{steps_named(pick.steps) if pick.steps else 'plan and reports'}: {pick.subject}")
        yield _comment(f"{pick.why}; {f'on {pick.source}' if pick.source else 'no ref reaches it'}".replace("`", ""))
        if pick.proven:
            yield f"git cherry-pick -x --allow-empty-message {shell(pick.commit)}"
        else:
            files = f" in {', '.join(pick.files)}" if pick.files else ""
            yield _comment(f"not picked: {pick.outcome}{files}; it is {pick.commit}")
    if plan.resume_at:
        yield ""
        yield _comment(f"Then resume at step {plan.resume_at}.")


def _at_hand(source: str | None, commits: Sequence[str]) -> Iterator[str]:
    """Yield the lines that check that commits are in the clone, and fetch those that are not."""
    yield f"for commit in {' '.join(map(shell, commits))}; do"
    yield f'  git cat-file -e "$commit^{{commit}}" 2>/dev/null || {_fetch(source)}'
    yield "done"


def _fetch(source: str | None) -> str:
    remote = _REMOTE.fullmatch(source or "")
    if remote and not remote["remote"].startswith("-"):
        return f"git fetch {shell(remote['remote'])} {shell('refs/heads/' + remote['branch'])}"
    if source and (_PULL.fullmatch(source) or source.startswith("refs/heads/")):
        return f"git fetch origin {shell(source)}"
    return '{ echo "$commit is not in this clone; it was found in the clone that was examined." >&2; exit 1; }'


def _comment(text: str) -> str:
    """Return foreign text as one comment line, without control characters."""
    flat = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return f"# {flat[:300]}"
