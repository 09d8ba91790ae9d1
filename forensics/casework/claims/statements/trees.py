"""The state of the work tree: clean, ahead, up to date, staged, uncommitted, against the last `git status` and later calls."""

import re
from collections.abc import Iterator

from forensics.casework.claims.statements.witnessed import Ran, Witnessed, changes_files, contradicted, shown, unknown
from forensics.formats.transcripts.git_calls import commits, git_calls, reads_git
from forensics.formats.transcripts.printed_results import without_own_words
from forensics.model.claim import Claim, Confidence, JudgedClaim
from forensics.model.prose import clock
from forensics.model.report import Statement

_CLEAN = re.compile(r"working tree clean|nothing to commit, working directory clean")
_DIRTY = re.compile(r"^Changes (?:to be committed|not staged for commit)|^ ?[MADRC]{1,2} +\S", re.MULTILINE)
_AHEAD = re.compile(r"ahead (?:of '[^']*' )?by (?P<commits>\d+) commits?|\[ahead (?P<short>\d+)")
_BEHIND = re.compile(r"behind (?:'[^']*' )?by (?P<commits>\d+) commits?|\[(?:ahead \d+, )?behind (?P<short>\d+)")
# The lines of `git status --short`, and those of the long form: letters or words, then the path.
_LISTED = re.compile(
    r"^(?:[ MADRCU?!]{2} (?P<short>\S.*)|\t(?:modified|new file|deleted|renamed|both modified): +(?P<long>\S.*))$",
    re.MULTILINE,
)
_SHORT = re.compile(r"\s(?:-sb?|-bs|--short|--porcelain)\b")
_SPAN = re.compile(r"`([^`\s]{1,200})`")
_UP_TO_DATE = re.compile(r"up[ -]to[ -]date|^Fast-forward$", re.MULTILINE)
_STAGED = re.compile(r"^Changes to be committed|^[MADRC]  ?\S", re.MULTILINE)


def judge_tree(claim: Claim, statement: Statement, seen: Witnessed) -> JudgedClaim:
    """Check what is said of the work tree."""
    status = [event for event in seen.here if _calls(event, "status")]
    match claim.value.split(" ")[0]:
        case "clean":
            return _clean(claim, status, seen)
        case "ahead":
            return _distance(claim, status, _AHEAD)
        case "behind":
            return _distance(claim, status, _BEHIND)
        case "dirty" | "only":
            return _dirty(claim, status)
        case "unmodified":
            return _unmodified(claim, seen)
        case "up-to-date":
            return _printed(claim, seen, _UP_TO_DATE)
        case "staged":
            return _staged(claim, seen)
        case _:
            return _uncommitted(claim, seen)


def _calls(event: Ran, *verbs: str) -> bool:
    return any(words[0] in verbs for words in git_calls(event.command))


def _clean(claim: Claim, status: list[Ran], seen: Witnessed) -> JudgedClaim:
    if not status:
        return _printed(claim, seen, _CLEAN)
    last = status[-1]
    silent = _lists_nothing(last)
    changed = max(seen.changes, default=last.moment) > last.moment
    if (_CLEAN.search(last.output) or silent) and not changed:
        return shown(claim, f"git status at {clock(last.moment)} shows it", last)
    later = any(event.moment > last.moment and (git_calls(event.command)) for event in seen.here)
    # A message that also tells of uncommitted files means a later state: what it will be once its commands were run.
    told = any(each.value in {"uncommitted", "staged"} for each in seen.statements)
    if _DIRTY.search(last.output) and not (changed or later or told):
        return contradicted(claim, f"git status at {clock(last.moment)} lists changes", last)
    return unknown(claim, f"the last git status was at {clock(last.moment)}", last)


def _lists_nothing(event: Ran) -> bool:
    """Return whether a short status listed no file: it printed nothing, or at the end of its command only the branch."""
    if not _SHORT.search(event.command):
        return False
    lines = event.output.split("\n")
    last = next((line for line in reversed(lines) if line.strip()), "")
    calls = git_calls(event.command)
    return not last or (last.startswith("## ") and calls[-1][0] == "status")


def _distance(claim: Claim, status: list[Ran], printed: re.Pattern[str]) -> JudgedClaim:
    """Check by how many commits the branch is ahead or behind; without a number, that it is."""
    number = claim.value.partition(" ")[2]
    for event in reversed(status):
        if match := printed.search(event.output):
            if number in {"", match["commits"] or match["short"]}:
                return shown(claim, f"git status at {clock(event.moment)} shows it", event)
            return unknown(claim, f"git status at {clock(event.moment)} says {match[0]}", event)
    return unknown(claim)


def _dirty(claim: Claim, status: list[Ran]) -> JudgedClaim:
    """Check that the last look at the work tree listed changes, and for *only*, no other files than are named."""
    for event in reversed(status):
        listed = {(match["short"] or match["long"]).strip('"') for match in _LISTED.finditer(event.output)}
        named = _SPAN.findall(claim.said)
        only = claim.value == "only"
        if listed and (not only or (named and all(_is_any(path, named) for path in listed))):
            return shown(claim, f"git status at {clock(event.moment)} lists it", event)
        break
    return unknown(claim)


def _is_any(path: str, named: list[str]) -> bool:
    return any(f"/{path}".endswith(f"/{name}") or path.startswith(f"{name.rstrip('/')}/") for name in named)


def _unmodified(claim: Claim, seen: Witnessed) -> JudgedClaim:
    """Check that nothing was written in this turn: no tool call, no commit, no command that changes files."""
    wrote = [event for event in seen.writes if event.moment >= seen.turn]
    ran = [event for event in seen.ran if event.moment >= seen.turn and changes_files(event.command)]
    made = [event for event in seen.made if event.moment >= seen.turn]
    unclear = [event for event in seen.ran if event.moment >= seen.turn and event.exit_code is None]
    if wrote or ran or made or unclear:
        return unknown(
            claim, "something was, or may have been, written in this turn", *wrote[-1:], *ran[-1:], *made[-1:]
        )
    return shown(claim, "no tool call of this turn wrote anything", confidence=Confidence.LIKELY)


def _printed(claim: Claim, seen: Witnessed, words: re.Pattern[str]) -> JudgedClaim:
    """Confirm a claim by the last git command that printed its words, if nothing was written or committed after it."""
    for event in reversed(seen.here):
        if reads_git(event.command) and words.search(without_own_words(event.command, event.output)):
            if any(made.moment > event.moment for made in seen.made):
                break
            return shown(claim, f"git printed it at {clock(event.moment)}", event)
    return unknown(claim)


def _staged(claim: Claim, seen: Witnessed) -> JudgedClaim:
    for event in _since_commit(seen):
        softly = any(words[0] == "reset" and "--soft" in words for words in git_calls(event.command))
        adds = _calls(event, "add", "stage", "rm", "mv")
        if event.exit_code == 0 and (softly or adds or (_calls(event, "status") and _STAGED.search(event.output))):
            return shown(claim, f"it staged them at {clock(event.moment)}", event, confidence=Confidence.LIKELY)
        if adds and commits(event.command):  # `git add x && git commit` that failed at the commit
            return shown(claim, f"it staged them at {clock(event.moment)}", event, confidence=Confidence.LIKELY)
    return unknown(claim)


def _uncommitted(claim: Claim, seen: Witnessed) -> JudgedClaim:
    """Check that something was left uncommitted: no commit succeeded after the last write, or git status lists it."""
    last = max((event.moment for event in seen.writes), default=seen.turn)
    done = [event for event in seen.here if commits(event.command) and event.exit_code == 0]
    moments = [*(event.moment for event in seen.made), *(event.moment for event in done)]
    if after := [moment for moment in moments if moment > last]:
        listed = [event for event in seen.here if _calls(event, "status") and event.moment > max(after)]
        if listed and _DIRTY.search(listed[-1].output):
            return shown(claim, f"git status at {clock(listed[-1].moment)} lists changes", listed[-1])
        return unknown(claim, f"it committed at {clock(max(after))}")
    return shown(claim, "no command of it committed since", confidence=Confidence.LIKELY)


def _since_commit(seen: Witnessed) -> Iterator[Ran]:
    """Yield the commands since the last commit, the newest first."""
    last = seen.made[-1].moment if seen.made else None
    yield from (event for event in reversed(seen.here) if last is None or event.moment > last)
