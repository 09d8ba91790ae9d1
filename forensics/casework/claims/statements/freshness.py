"""Whether code changed after the run that shows a claim: then it was true of the code as it was."""

import shlex
from collections.abc import Iterator

from forensics.casework.claims.statements.ci import looked_after
from forensics.casework.claims.statements.witnessed import Ran, Witnessed, shown, unknown
from forensics.casework.files import is_bookkeeping, is_generated
from forensics.casework.paths import in_tree
from forensics.formats.transcripts.checks import Check, check_of, checks_in
from forensics.formats.transcripts.run_scope import RunScope, scope_of
from forensics.formats.transcripts.shell import links
from forensics.formats.transcripts.shell_effects import Does, effects
from forensics.formats.transcripts.test_commands import is_test_call, runs_tests
from forensics.model.claim import Claim, Confidence, JudgedClaim, Verdict
from forensics.model.prose import clock, quote
from forensics.model.transcript import FileWrite

# What gives a file other contents. What removes or moves one is not among them: scratch files go that way.
_EDITS = frozenset({Does.SETS, Does.APPENDS, Does.CHANGES})
_BACK = frozenset({Does.RESTORES, Does.MOVES, Does.COPIES})
_TREES = frozenset({Does.LEAVES, Does.STASHES, Does.UNSTASHES})


def fresh(
    claim: Claim, reason: str, run: Ran, seen: Witnessed, confidence: Confidence = Confidence.CERTAIN
) -> JudgedClaim:
    """Confirm a claim by a run, unless code that the run covers changed between it and the message."""
    write = changed_after(run, seen)
    if write is None:
        return shown(claim, reason, run, confidence=confidence)
    if again := _again(run, write, seen):
        return unknown(claim, f"{reason}, and how it ended again at {clock(again.moment)} is not known", run, again)
    if look := looked_after(write.moment, seen):
        return unknown(claim, f"{reason}, and {quote(look.command, 40)} showed CI at {clock(look.moment)}", run, look)
    if _is_undone(write, run, seen):
        return unknown(
            claim, f"{reason}, and a file was edited and perhaps put back at {clock(write.moment)}", run, write
        )
    why = f"{reason}, and {quote(write.path.rsplit('/', 1)[-1])} was edited at {clock(write.moment)}"
    return shown(claim, why, run, write, verdict=Verdict.STALE, confidence=Confidence.LIKELY)


def _again(run: Ran, write: FileWrite, seen: Witnessed) -> Ran | None:
    """Return a later run of the same kind after an edit, of which no result was read: it may have shown the claim again."""
    checks = checks_in(run.command)
    tests = runs_tests(run.command) or Check.BUILD in checks  # tests that run were built
    later = (other for other in seen.ran if other.moment > write.moment)
    return next(
        (other for other in later if (tests and runs_tests(other.command)) or checks & checks_in(other.command)), None
    )


def changed_after(run: Ran, seen: Witnessed) -> FileWrite | None:
    """Return the last edit of code that a run covers and that came after it, by a tool call or by a shell command.

    What a formatter or a hook writes never counts: it changes how code looks, and not what it does.
    """
    scope = scope_of(run.command)
    later = (write for write in seen.writes if write.moment > run.moment)
    found = [write for write in (*later, *_by_shell(run, seen)) if _covers(run, scope, write, seen)]
    return max(found, key=lambda write: write.moment, default=None)


def _by_shell(run: Ran, seen: Witnessed) -> Iterator[FileWrite]:
    """Yield the edits by shell commands after a run, those behind it in its own command included, as writes.

    A file that is taken away again was scratch: agents write a test, run it by hand, and remove it.
    """
    gone = {effect.path for _, effect in seen.shell_effects if effect.does is Does.REMOVES}
    found = [(event, effect) for event, effect in seen.shell_effects if event.moment > run.moment]
    found += [(run, effect) for effect in effects(_behind(run.command), run.cwd)]
    for event, effect in found:
        if effect.does in _EDITS and effect.path not in gone:
            yield FileWrite(event.moment, event.ref, effect.path)


def _behind(command: str) -> str:
    """Return the part of a command behind its last test or check: `pytest && sed -i s/a/b/ tax.py`."""
    chain = links(command)
    places = [place for place, link in enumerate(chain) if is_test_call(link.words) or check_of(link.words)]
    return "; ".join(shlex.join(link.words) for link in chain[places[-1] + 1 :]) if places else ""


def _is_undone(write: FileWrite, run: Ran, seen: Witnessed) -> bool:
    """Return whether an edit by the shell may have been taken back: code is broken to see that a test fails, then mended.

    That is so where the file was put back, or edited by the shell more than once since the run.
    """
    if write in seen.writes:
        return False
    later = [(event, effect) for event, effect in seen.shell_effects if event.moment > run.moment]
    edits = [effect for _, effect in later if effect.does in _EDITS and effect.path == write.path]
    back = (effect for event, effect in later if event.moment >= write.moment and event.ref != write.ref)
    return len(edits) > 1 or any(
        effect.does in _TREES or (effect.does in _BACK and write.path == (effect.to or effect.path)) for effect in back
    )


def _covers(run: Ran, scope: RunScope, write: FileWrite, seen: Witnessed) -> bool:
    """Return whether a run reads a file, as far as paths show: documents, settings and other packages are not code of it."""
    path = edited_code(run, write, seen)
    return path is not None and _in_folder(run, write, seen) and _in_package(scope, path)


def edited_code(run: Ran, write: FileWrite, seen: Witnessed) -> str | None:
    """Return the path of a written file from where a run began, None if it is not code that its programs read."""
    path = in_tree(write.path, run.cwd) or in_tree(write.path, seen.agent.cwd)
    if path is None or is_bookkeeping(path, "") or is_generated(path) or path.startswith("."):
        return None
    endings = scope_of(run.command).endings
    ending = path.rsplit("/", 1)[-1].rpartition(".")[2].lower()
    return None if endings and ending not in endings else path


def _in_folder(run: Ran, write: FileWrite, seen: Witnessed) -> bool:
    """Return whether a file lies below the folder in which a run began, if that is a part of the project."""
    folder = in_tree(run.cwd, seen.agent.cwd)
    return not folder or in_tree(write.path, run.cwd) is not None


def _in_package(scope: RunScope, path: str) -> bool:
    """Return whether a file lies in a package that a run names: `@shop/tax-api` is in `apps/api`, `apps/tax-api`."""
    folders = [part.lower() for part in path.split("/")[:-1]]
    names = {name.strip("./{}").rsplit("/", 1)[-1].lower() for name in scope.packages}
    roots = {name.strip("./{}").lower() for name in scope.packages if "/" in name and not name.startswith("@")}
    if not names or any(path.lower().startswith(f"{root.rsplit('.', 1)[0]}") for root in roots):
        return True
    return any(folder == name or name.endswith(f"-{folder}") for folder in folders for name in names)
