"""How many commits were rebuilt, and how surely, in a sentence or two."""

from collections import Counter
from collections.abc import Sequence

from forensics.model.prose import count, listing
from forensics.model.rebuilt import Offer, Sureness
from forensics.model.recovery import Outcome

_WORDS = {Sureness.EXACT: "exact", Sureness.PROBABLE: "probable", Sureness.GAP: "with gaps"}


def in_words(offers: Sequence[Offer]) -> str:
    """Return what was rebuilt and what of it applies; a sentence that says so if there is nothing to rebuild."""
    if not offers:
        return "The transcripts that were read show no commit that git lacks."
    kinds = Counter("identical" if offer.identical else _WORDS[offer.commit.sureness] for offer in offers)
    shown = listing(f"{kinds[kind]} {kind}" for kind in ("identical", *_WORDS.values()) if kinds[kind])
    were = "was" if len(offers) == 1 else "were"
    text = f"{count(len(offers), 'commit')} that git lacks {were} rebuilt from transcripts: {shown}."
    outcomes = Counter(offer.outcome for offer in offers)
    parts = [
        (outcomes[Outcome.APPLIED], "applies to the branch", "apply to the branch"),
        (outcomes[Outcome.THERE_ALREADY], "has nothing that the branch lacks", "have nothing that the branch lacks"),
        (outcomes[Outcome.CONFLICT] + outcomes[Outcome.REFUSED], "does not apply", "do not apply"),
    ]
    told = [f"{number} {single if number == 1 else several}" for number, single, several in parts if number]
    return f"{text} {listing(told)}." if told else text
