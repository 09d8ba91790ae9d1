"""Whether code changed after the run that shows a claim: then it was true of the code as it was."""

from forensics.casework.claims.statements.ci import looked_after
from forensics.casework.claims.statements.witnessed import Ran, Witnessed, shown, unknown
from forensics.casework.files import is_bookkeeping, is_generated
from forensics.casework.paths import in_tree
from forensics.formats.transcripts.checks import Check, checks_in
from forensics.formats.transcripts.run_scope import RunScope, scope_of
from forensics.formats.transcripts.test_commands import runs_tests
from forensics.model.claim import Claim, Confidence, JudgedClaim, Verdict
from forensics.model.prose import clock, quote
from forensics.model.transcript import FileWrite


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
    """Return the last edit of code that a run covers and that came after it, by a tool call of an agent.

    What a formatter or a hook writes never counts, because no tool call shows it.
    """
    scope = scope_of(run.command)
    later = (write for write in seen.writes if write.moment > run.moment and _covers(run, scope, write, seen))
    return max(later, key=lambda write: write.moment, default=None)


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
