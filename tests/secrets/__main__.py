"""Print how much of the corpus is redacted: `python -m tests.secrets [-v]`."""

import sys
from collections import Counter

from forensics.secrets.redaction import redact
from tests.secrets.forms import FORMS, remains
from tests.secrets.harmless import HARMLESS
from tests.secrets.kinds import kinds


def main(verbose: bool) -> None:
    """Print a table of the forms, then what was missed and what was redacted wrongly."""
    corpus = kinds()
    missed = [(kind, form) for kind in corpus for form in FORMS if remains(kind, form, redact(form.written(kind)))]
    sources = Counter(kind.source for kind in corpus)
    print(f"{len(corpus)} kinds ({', '.join(f'{n} {name}' for name, n in sources.items())}) in {len(FORMS)} forms")  # noqa: T201
    for form in FORMS:
        of = [kind for kind, missed_form in missed if missed_form is form]
        print(f"{form.name:16} {1 - len(of) / len(corpus):7.1%}")  # noqa: T201
        if verbose:
            for kind in of:
                print(f"    {kind.id:40} {redact(form.written(kind))[:150]!r}")  # noqa: T201
    print(f"{'all':16} {1 - len(missed) / len(corpus) / len(FORMS):7.1%}")  # noqa: T201
    wrong = [text for text in HARMLESS if redact(text) != text]
    print(f"{len(wrong)} of {len(HARMLESS)} harmless texts were changed")  # noqa: T201
    for text in wrong:
        print(f"    {text!r} {redact(text)!r}")  # noqa: T201


if __name__ == "__main__":
    main("-v" in sys.argv)
