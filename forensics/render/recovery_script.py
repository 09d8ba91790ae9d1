"""The proven picks as a POSIX shell script, which a person reads and then runs."""

import re
from collections.abc import Iterator, Sequence
from shlex import quote as shell

from forensics.model.postmortem import Rescue
from forensics.model.prose import count, steps_named

MARK = "# Written by forensics recover"
_PULL = re.compile(r"refs/(?:pull|merge-requests)/\d+/head")
_REMOTE = re.compile(r"refs/remotes/(?P<remote>[^/]+)/(?P<branch>.+)")


def render_script(rescue: Rescue) -> str:
    """Return the script. It makes one branch, and stops at the first command that fails."""
    return "\n".join(_lines(rescue)) + "\n"


def _lines(rescue: Rescue) -> Iterator[str]:
    plan = rescue.recovery
    picks = [one for one in plan.picks if one.proven]
    yield "#!/bin/sh"
    yield _comment(f"{MARK[2:]} for the plan {rescue.run.plan}")
    yield _comment(f"{count(len(picks), 'commit')} onto {plan.onto}; tried, the result is the tree {plan.tree}.")
    if plan.test:
        ended = "ran out of time" if plan.test.code is None else f"ended with {plan.test.code}"
        yield _comment(f"On it, {plan.test.command} {ended}.")
    yield _comment(f"It makes the branch {plan.branch} and changes no other; `git switch -` goes back.")
    yield "set -eu"
    yield "git diff --quiet HEAD -- || { echo 'Commit or stash your changes first.' >&2; exit 1; }"
    for source in dict.fromkeys(one.source for one in picks):
        yield from _at_hand(source, [one.commit for one in picks if one.source == source])
    yield f"git switch -c {shell(plan.branch)} {shell(plan.onto)}"
    for one in plan.picks:
        yield ""
        yield _comment(f"{steps_named(one.steps) if one.steps else 'paperwork'}: {one.subject}")
        yield _comment(f"{one.why}; {f'on {one.source}' if one.source else 'reached by no ref'}".replace("`", ""))
        if one.proven:
            yield f"git cherry-pick -x --allow-empty-message {shell(one.commit)}"
        else:
            files = f" in {', '.join(one.files)}" if one.files else ""
            yield _comment(f"not picked: {one.outcome}{files}; it is {one.commit}")
    if plan.resume_at:
        yield ""
        yield _comment(f"Then resume at step {plan.resume_at}.")


def _at_hand(source: str | None, commits: Sequence[str]) -> Iterator[str]:
    """Yield the lines that make sure that commits are here, or fetch them from where a ref of their kind is served."""
    yield f"for one in {' '.join(map(shell, commits))}; do"
    yield f'  git cat-file -e "$one^{{commit}}" 2>/dev/null || {_fetch(source)}'
    yield "done"


def _fetch(source: str | None) -> str:
    remote = _REMOTE.fullmatch(source or "")
    if remote and not remote["remote"].startswith("-"):
        return f"git fetch {shell(remote['remote'])} {shell('refs/heads/' + remote['branch'])}"
    if source and (_PULL.fullmatch(source) or source.startswith("refs/heads/")):
        return f"git fetch origin {shell(source)}"
    return '{ echo "$one is not in this clone; it was found in the one that was examined." >&2; exit 1; }'


def _comment(text: str) -> str:
    """Return foreign text as one comment: no line end or control character comes through."""
    flat = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return f"# {flat[:300]}"
