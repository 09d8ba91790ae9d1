"""How many commits were rebuilt, and how surely, in a sentence or two."""

from collections import Counter
from collections.abc import Sequence

from forensics.model.prose import count, listing, upper_first
from forensics.model.rebuilt import Offer, Sureness
from forensics.model.recovery import Outcome

_WORDS = {Sureness.EXACT: "exact", Sureness.PROBABLE: "probable", Sureness.GAP: "with gaps"}


def in_words(offers: Sequence[Offer]) -> str:
    """Return what was rebuilt and what of it applies; a sentence that says so if there is nothing to rebuild."""
    if not offers:
        return "The transcripts that were read show no commit that git lacks."
    kinds = Counter("identical" if offer.identical else _WORDS[offer.commit.sureness] for offer in offers)
    shown = listing(f"{kinds[kind]} {kind}" for kind in ("identical", *_WORDS.values()) if kinds[kind])
    text = f"{_what(offers)} rebuilt from transcripts: {shown}."
    outcomes = Counter(offer.outcome for offer in offers)
    parts = [
        (outcomes[Outcome.APPLIED], "applies to the branch", "apply to the branch"),
        (outcomes[Outcome.THERE_ALREADY], "has nothing that the branch lacks", "have nothing that the branch lacks"),
        (outcomes[Outcome.CONFLICT] + outcomes[Outcome.REFUSED], "does not apply", "do not apply"),
    ]
    told = [f"{number} {single if number == 1 else several}" for number, single, several in parts if number]
    return f"{text} {listing(told)}." if told else text


def _what(offers: Sequence[Offer]) -> str:
    """Return what was rebuilt, commits apart from edits that never were in one, with its verb."""
    edits = sum(offer.commit.discarded for offer in offers)
    commits = len(offers) - edits
    parts = [
        *([f"{count(commits, 'commit')} that git lacks"] if commits else []),
        *(["edits that a command threw away"] if edits == 1 else []),
        *([f"edits that {edits} commands threw away"] if edits > 1 else []),
    ]
    return f"{upper_first(listing(parts))} {'was' if commits == 1 and not edits else 'were'}"
