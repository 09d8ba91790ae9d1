"""Rebuilt commits as text: how surely each file is known, what the trial showed, and the commands that apply them."""

from collections.abc import Iterator, Mapping, Sequence

from forensics.model.prose import count, listing, quote, short
from forensics.model.rebuilt import Offer, RebuiltFile, Sureness
from forensics.model.recovery import Command, Outcome

TITLE = "Rebuilt from transcripts"
# Files per commit that are listed with their reasons: a commit of a generator has hundreds.
_LISTED = 12
_OUTCOMES: Mapping[Outcome | None, str] = {
    None: "not tried",
    Outcome.APPLIED: "applies",
    Outcome.THERE_ALREADY: "the branch already has its content",
    Outcome.CONFLICT: "left out, conflicts",
    Outcome.REFUSED: "left out, does not apply",
}


def rebuilt_entries(offers: Sequence[Offer]) -> Iterator[tuple[str, list[str]]]:
    """Yield each commit as a sentence, and its files as further ones: those that are not exact with the reason."""
    for offer in offers:
        yield _sentence(offer), [*_files(offer.commit.files, offer.identical), *_unknown(offer)]


def _sentence(offer: Offer) -> str:
    commit = offer.commit
    step = f" step {commit.step}," if commit.step else ""
    sure = "identical, its id came out the same" if offer.identical else str(commit.sureness)
    conflicts = f" in {listing(map(quote, offer.conflicts))}" if offer.conflicts else ""
    base = f"on {', '.join([short(commit.base), *map(short, commit.on)])}"
    notes = "".join(f"; {note}" for note in offer.remarks)
    outcome = _OUTCOMES[offer.outcome] if offer.made else "nothing of it could be rebuilt"
    return (
        f"`{commit.sha}`{step} {quote(commit.subject, 80)}: {sure}; {outcome}{conflicts} "
        f"({base}; {quote(str(commit.record))}{notes})."
    )


def _files(files: Sequence[RebuiltFile], identical: bool) -> Iterator[str]:
    exact = [file for file in files if file.sureness is Sureness.EXACT]
    rest = [] if identical else [file for file in files if file.sureness is not Sureness.EXACT]
    if exact and not identical:
        yield f"exact: {listing((quote(file.path) for file in exact), limit=_LISTED)}"
    for file in rest[:_LISTED]:
        yield f"{file.sureness}: {quote(file.path)}, {file.why}"
    if len(rest) > _LISTED:
        yield f"{count(len(rest) - _LISTED, 'more file')} not exact"


def _unknown(offer: Offer) -> Iterator[str]:
    if unknown := offer.commit.unknown:
        verb = "is" if unknown == 1 else "are"
        yield f"gap: {count(unknown, 'file')} that git counted {verb} named nowhere in the transcript"


def rebuilt_commands(offers: Sequence[Offer], onto: str, branch: str, plan: str) -> Iterator[Command]:
    """Yield the commands that put rebuilt commits onto a branch of their own; picks come first, if there are any."""
    if not any(offer.patch for offer in offers):
        return
    yield Command(
        "Write the rebuilt commits that apply as a file of patches (with the other options of this call)",
        f"forensics recover {'' if plan == '.' else f'{plan} '}--from-transcripts --patch rebuilt.mbox",
    )
    yield Command(
        "Apply them to a branch of their own (after the picks, if there are any)",
        f"git switch {branch} 2>/dev/null || git switch -c {branch} {onto}; git am --3way rebuilt.mbox",
    )
