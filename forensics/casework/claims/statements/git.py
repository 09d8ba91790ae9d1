"""Pushed, committed, branches and pull requests, against the session's commands and git's refs."""

import re
from collections.abc import Iterator
from dataclasses import replace

from forensics.casework.claims.statements.pulls import is_host
from forensics.casework.claims.statements.witnessed import Ran, Witnessed, contradicted, shown, unknown
from forensics.formats.transcripts.git_calls import commits, git_calls, pushes
from forensics.formats.transcripts.printed_results import without_own_words
from forensics.formats.transcripts.shell import UNREADABLE, simple_commands
from forensics.model.claim import Claim, ClaimKind, Confidence, JudgedClaim
from forensics.model.prose import clock, listing, quote, short
from forensics.model.report import Statement

# A commit that fails with this says that all is committed already, as a hook or another agent had done.
_NOTHING_LEFT = re.compile(r"\bnothing (?:added )?to commit\b|\bno changes added to commit\b")
# What git prints of a push that was refused, whatever exit code the pipe behind it left.
_REFUSED = re.compile(r"\[(?:remote )?rejected\]|^error: failed to push|^fatal: ", re.MULTILINE)
# `a1b2c3d..d4e5f6a  main -> main`, ` * [new branch]`, ` + a1b2c3d...d4e5f6a (forced update)`, and what a hook had pushed.
_PUSHED = re.compile(
    r"^ ?[ +*-]? ?(?:[0-9a-f]{7,40}\.\.\.?[0-9a-f]{7,40}|\[new (?:branch|tag)\])\s+\S+\s+->|Everything up-to-date",
    re.MULTILINE,
)


def judge_pushed(claim: Claim, statement: Statement, seen: Witnessed) -> JudgedClaim:
    """Check that a push, or a pull request's creation, succeeded after the last commit."""
    tries = [event for event in seen.here if pushes(event.command) or _creates_pull(event.command)]
    # Without any remote branch, a push of which git printed nothing has left no trace here: `git push -q || true`.
    nowhere = not any(ref.startswith(("refs/remotes/", "refs/pull/")) for ref in seen.history.refs)
    done = [event for event in tries if _succeeded(event) and not (nowhere and _is_unseen(event))]
    if claim.value != "pushed":
        return _not_pushed(claim, tries, done, seen)
    last = seen.made[-1].moment if seen.made else None
    if done and (last is None or done[-1].moment >= last):
        return shown(claim, f"a push succeeded at {clock(done[-1].moment)}", done[-1])
    if _on_remote(seen):
        return shown(claim, "a remote branch has its commits", confidence=Confidence.LIKELY)
    if done:
        return unknown(claim, f"the last push, at {clock(done[-1].moment)}, was before the last commit", done[-1])
    if tries and _REFUSED.search(tries[-1].output):
        return contradicted(claim, f"the last push, at {clock(tries[-1].moment)}, was refused", tries[-1])
    return unknown(claim, "this clone has no remote branch, and no push was seen") if nowhere else unknown(claim)


def _is_unseen(event: Ran) -> bool:
    return not _creates_pull(event.command) and not _PUSHED.search(event.output)


def _not_pushed(claim: Claim, tries: list[Ran], done: list[Ran], seen: Witnessed) -> JudgedClaim:
    """Check that no push succeeded since the last commit, or, for *nothing*, in this turn."""
    since = seen.made[-1].moment if seen.made else seen.turn
    later = [event for event in done if event.moment >= (seen.turn if claim.value == "nothing pushed" else since)]
    if not later:
        refused = [event for event in tries if _REFUSED.search(event.output)]
        reason = f"the push at {clock(refused[-1].moment)} was refused" if refused else "no push of it succeeded since"
        return shown(claim, reason, *refused[-1:], confidence=Confidence.LIKELY)
    pushed = [event for event in later if _PUSHED.search(event.output) and str(event.ref) in seen.own_ids]
    if claim.value == "nothing pushed" and pushed and not _claims(ClaimKind.PUSHED, "pushed", seen):
        return contradicted(claim, f"a push succeeded at {clock(pushed[-1].moment)}", pushed[-1])
    return unknown(claim, f"a push succeeded at {clock(later[-1].moment)}", later[-1])


def _claims(kind: ClaimKind, value: str, seen: Witnessed) -> bool:
    """Return whether the message also says that the thing was done: what it denies is then something else."""
    return any(each.kind is kind and each.value == value for each in seen.statements)


def _creates_pull(command: str) -> bool:
    return any(
        words[0] == "gh" and words[1:3] in {("pr", "create"), ("pr", "merge")} for words in simple_commands(command)
    )


def _succeeded(event: Ran) -> bool:
    if _REFUSED.search(event.output):
        return False
    return event.exit_code == 0 or bool(_PUSHED.search(event.output))


def _on_remote(seen: Witnessed) -> bool:
    """Return whether remote branches have all commits of the unit."""
    tips = [tip for ref, tip in seen.history.refs.items() if ref.startswith(("refs/remotes/", "refs/pull/"))]
    if not seen.commits or not tips or len(seen.commits) < len({made.subject for made in seen.made}):
        return False
    there = seen.history.ancestors(tips)
    return all(commit.sha in there for commit in seen.commits)


def judge_committed(claim: Claim, statement: Statement, seen: Witnessed) -> JudgedClaim:
    """Check that commits were made, and for a number that there are as many."""
    if claim.value == "nothing committed":
        return _not_committed(claim, seen)
    number = int(claim.value) if claim.value.isdigit() else 1
    if len(seen.made) >= number:
        names = listing(quote(event.sha, 12) for event in seen.made[-max(number, 1) :])
        sure = Confidence.CERTAIN if number == 1 or number == len(seen.made) else Confidence.LIKELY
        return shown(claim, f"it made {names}", seen.made[-1], confidence=sure)
    if seen.commits and len(seen.commits) >= number:
        names = listing(short(commit.sha) for commit in seen.commits[-3:])
        judged = shown(claim, f"git has {names}", confidence=Confidence.LIKELY)
        return replace(judged, commit=seen.commits[-1].sha)
    tries = [event for event in seen.here if commits(event.command)]
    quiet = [event for event in tries if event.exit_code == 0]
    if number == 1 and quiet:
        return shown(claim, f"a commit succeeded at {clock(quiet[-1].moment)}", quiet[-1], confidence=Confidence.LIKELY)
    refused = all(event.exit_code and not _NOTHING_LEFT.search(event.output) for event in tries)
    if number == 1 and tries and not seen.made and refused:
        return contradicted(claim, f"the last commit, at {clock(tries[-1].moment)}, failed", tries[-1])
    return unknown(claim)


def _not_committed(claim: Claim, seen: Witnessed) -> JudgedClaim:
    """Check that no commit was made in this turn."""
    made = [event for event in seen.made if event.moment >= seen.turn]
    tried = [event for event in seen.ran if event.moment >= seen.turn and commits(event.command)]
    own = [event for event in made if str(event.ref) in seen.own_ids]
    if own and not _claims(ClaimKind.COMMITTED, "committed", seen):
        return contradicted(claim, f"it made {quote(own[-1].sha, 12)} at {clock(own[-1].moment)}", own[-1])
    if made or any(event.exit_code == 0 for event in tried):
        return unknown(claim, "something was committed in this turn", *made[-1:])
    return shown(claim, "no command of this turn committed anything", confidence=Confidence.LIKELY)


def judge_branch(claim: Claim, statement: Statement, seen: Witnessed) -> JudgedClaim:
    """Check that a branch exists, or existed as a command printed it."""
    for event in reversed(seen.made):
        if event.branch == claim.value:
            return shown(claim, f"it committed on it at {clock(event.moment)}", event)
    if claim.value in _branches(seen):
        return shown(claim, "git has it")
    if call := _printed_branch(claim.value, seen):
        return shown(claim, f"{quote(call.command, 40)} printed it", call, confidence=Confidence.LIKELY)
    return unknown(claim)


def _branches(seen: Witnessed) -> Iterator[str]:
    yield from (seen.history.branch or "", seen.agent.branch or "")
    for ref in seen.history.refs:
        if ref.startswith("refs/heads/"):
            yield ref.removeprefix("refs/heads/")
        elif ref.startswith("refs/remotes/"):
            yield ref.removeprefix("refs/remotes/").partition("/")[2]


def _printed_branch(name: str, seen: Witnessed) -> Ran | None:
    """Return a git or gh command that names a branch, or printed its name."""
    word = re.compile(rf"(?<![\w/.-])(?:origin/)?{re.escape(name)}(?![\w/-])")
    for event in reversed(seen.here):
        calls = [" ".join(call) for call in git_calls(event.command) if call[0] != UNREADABLE]
        calls += [" ".join(words) for words in simple_commands(event.command) if is_host(words)]
        named = event.exit_code == 0 and any(map(word.search, calls))
        if calls and (named or word.search(without_own_words(event.command, event.output))):
            return event
    return None
