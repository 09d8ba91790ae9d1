"""A form of a statement, as a row with the kind of claim that it makes."""

from typing import NamedTuple

from forensics.formats.pattern_rows import Row
from forensics.model.claim_kind import ClaimKind

# Numbers of tests have seven digits at most; a longer one is an id. Small ones are written as words.
NUMBER = r"(?P<value>\d{1,3}(?:,\d{3}){1,3}|\d{1,7}|one|two|both|three|four|five|six|seven|eight|nine|ten)"


class Form(NamedTuple):
    """A form of a statement: the kind of the claim, its row, and the claim's value where the text does not give it.

    A `weak` one is also the form of what is not a claim; it is one only where evidence shows it.
    """

    kind: ClaimKind
    row: Row
    value: str = ""
    weak: bool = False
