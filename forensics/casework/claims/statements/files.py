"""Paths said created, updated, renamed or deleted, and numbers of files, against writes, commits and commands."""

import re
from collections.abc import Iterator

from forensics.casework.claims.statements.witnessed import (
    Ran,
    Witnessed,
    contradicted,
    is_changing,
    is_deleting,
    shown,
    unknown,
)
from forensics.casework.files import is_generated
from forensics.casework.paths import locate
from forensics.formats.transcripts.shell import redirected, simple_commands
from forensics.formats.transcripts.shell_effects import Does
from forensics.model.claim import Claim, ClaimKind, Confidence, JudgedClaim, Verdict
from forensics.model.history import Commit
from forensics.model.prose import clock, count, quote, short
from forensics.model.report import Statement

# `3 files changed, 4 insertions(+)`: of a commit, or of `git diff --stat`.
_STAT = re.compile(r"^ ?(?P<files>\d{1,6}) files? changed", re.MULTILINE)
# git's own words for a commit's size.
_CHANGED = re.compile(r"\bfiles? changed\b", re.IGNORECASE)
_HASH = re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b")
_SPAN = re.compile(r"`([^`\s]{1,200})`")
_TEST_FILE = re.compile(r"(?:^|[/_.-])(?:tests?|specs?)(?:[/_.-]|$)", re.IGNORECASE)


def judge_file(claim: Claim, statement: Statement, seen: Witnessed) -> JudgedClaim:
    """Check a path against the agents' writes, the unit's commits, and commands that name it."""
    verb, _, path = claim.value.partition(" ")
    gone = verb == "deleted"  # an edit takes nothing away: `round_up` was deleted from a file, and the file is there
    writes = {event.path.replace("\\", "/"): event for event in seen.writes if event.deletes or not gone}
    if not gone and (removal := _removed_again(path, seen)):
        return unknown(claim, f"{quote(removal.command, 60)} removed it again at {clock(removal.moment)}", removal)
    if found := _find(path, frozenset(writes)):
        return shown(claim, f"a tool call {'deleted' if gone else 'wrote'} it", writes[found])
    for commit in seen.commits:
        if _find(path, _deleted(commit) if gone else commit.paths()):
            judged = shown(claim, f"{short(commit.sha)} {'deletes' if gone else 'changes'} it")
            return JudgedClaim(claim, judged.verdict, judged.confidence, judged.reasons, commit=commit.sha)
    if named := _named_by(verb, path, seen):
        return shown(claim, f"{quote(named.command, 60)} changed it", named, confidence=Confidence.LIKELY)
    return unknown(claim)


def _removed_again(path: str, seen: Witnessed) -> Ran | None:
    """Return the command that removed a file, if no tool call and no command made it again after that."""
    removed, made = None, max((e.moment for e in seen.writes if not e.deletes and _find(path, {e.path})), default=None)
    for event, effect in seen.shell_effects:
        if effect.does is Does.REMOVES and _is_named(path, effect.path):
            removed = event
        elif removed and effect.does is not Does.MAY_CHANGE and _is_named(path, effect.to or effect.path):
            removed = None
    return removed if removed and (made is None or made < removed.moment) else None


def _deleted(commit: Commit) -> frozenset[str]:
    return frozenset(change.path for change in commit.changes or () if change.status == "D")


def _find(path: str, known: frozenset[str] | set[str]) -> str | None:
    """Return the known path that is meant; of several files with a bare name, any: the message does not say which."""
    bare = path.rstrip("/").removeprefix("./")
    found = locate(bare, known)
    if found:
        return found
    return next(
        (
            each
            for each in sorted(known)
            if f"/{each}".endswith(f"/{bare}") or (path.endswith("/") and f"/{bare}/" in f"/{each}")
        ),
        None,
    )


def _named_by(verb: str, path: str, seen: Witnessed) -> Ran | None:
    """Return the last command that succeeded and whose changing program names a path, or that printed a change of it."""
    name = path.rstrip("/").rsplit("/", 1)[-1]
    modes = "delete mode \\d+|rename" if verb == "deleted" else "create mode \\d+|rename|delete mode \\d+"
    said = re.compile(rf"(?:{modes}) (?:[^\n]*[/{{ ])?{re.escape(name)}(?![\w.-])")
    changing = is_deleting if verb == "deleted" else is_changing
    for event in reversed(seen.ran):
        if name not in event.command and name not in event.output:
            continue
        if said.search(event.output):
            return event
        if event.exit_code != 0:
            continue
        if any(
            changing(words) and any(_is_named(path, word) for word in words) for words in simple_commands(event.command)
        ):
            return event
        if verb != "deleted" and any(_is_named(path, target) for _, target in redirected(event.command)):
            return event
    return None


def _is_named(path: str, word: str) -> bool:
    """Return whether a word of a command is a path: whole, from its folder on, or a file below it.

    A part of a word is another name: `git add plans/12-tax-registry/` was taken for a change of `src/registry/`.
    """
    said, given = path.strip("/").removeprefix("./"), word.rstrip("/").removeprefix("./")
    if not given:
        return False
    below = path.endswith("/") and f"/{said}/" in f"/{given}"
    return below or f"/{given}".endswith(f"/{said}") or f"/{said}".endswith(f"/{given}")


def judge_file_count(claim: Claim, statement: Statement, seen: Witnessed) -> JudgedClaim:
    """Check a number of files against commits, what git printed of them, and the distinct files written."""
    number = int(claim.value)
    for reason, found in _groups(claim, seen):
        if found == number:
            return shown(claim, reason, confidence=Confidence.LIKELY)
    named = _commit_named(claim.said, seen)
    if named and named.changes is not None and _is_too_many(number, claim.said, named):
        reason = f"{short(named.sha)} changes {count(len(named.paths()), 'file')}"
        judged = contradicted(claim, reason)
        return JudgedClaim(claim, Verdict.CONTRADICTED, judged.confidence, judged.reasons, commit=named.sha)
    return unknown(claim, "neither commits nor writes have that number of files")


def _is_too_many(number: int, said: str, commit: Commit) -> bool:
    """Return whether a commit cannot be what is counted: it has fewer files, or another number than *files changed* gives.

    `9 fixes across 7 files` was said of a commit that also holds files that a generator wrote.
    """
    sizes = _sizes(commit)
    return number not in sizes and (number > max(sizes) or _CHANGED.search(said) is not None)


def _sizes(commit: Commit) -> set[int]:
    """Return how many files a commit changes: all, and those that no program wrote. Of 22 files half were regenerated."""
    paths = commit.paths()
    return {len(paths), sum(not is_generated(path) for path in paths)}


def _groups(claim: Claim, seen: Witnessed) -> Iterator[tuple[str, int]]:
    """Yield what can be counted, each with its words."""
    for commit in seen.commits:
        yield f"{short(commit.sha)} changes that number", len(commit.paths())
    for event in seen.ran:
        for match in _STAT.finditer(event.output):
            yield f"git printed it: {match[0].strip()}", int(match["files"])
    session = {event.path for event in seen.writes}
    turn = {event.path for event in seen.writes if event.moment >= seen.turn}
    committed = {path for commit in seen.commits for path in commit.paths()}
    for words, paths in (("this turn", turn), ("this session", session), ("its commits", committed)):
        yield f"that many files were written in {words}", len(paths)
        yield f"that many test files were written in {words}", sum(bool(_TEST_FILE.search(path)) for path in paths)
        for span in _SPAN.findall(claim.said):
            inside = [path for path in paths if f"/{span.strip('/')}/" in f"/{path}" or path.endswith(f"/{span}")]
            yield f"that many files of {quote(span)} were written in {words}", len(inside)
    listed = {
        each.value.partition(" ")[2]
        for each in seen.statements
        if each.kind is ClaimKind.FILE and each.value.partition(" ")[0] in claim.said.lower()
    }
    known = frozenset({*session, *committed})
    yield "the message lists as many, and they were written", sum(_find(path, known) is not None for path in listed)


def _commit_named(said: str, seen: Witnessed) -> Commit | None:
    """Return the commit that the same sentence names."""
    for match in _HASH.finditer(said):
        lookup = seen.history.lookups.get(match[0])
        if lookup and (commit := seen.history.get(lookup.sha)):
            return commit
    return None
