"""Numbers that foreign texts print."""

# Digits. Python refuses to convert thousands of digits, which one line of an output can hold; no count has as many as these.
_MOST = 18


def as_number(digits: str) -> int:
    """Return a printed number; of one that counts nothing, because it is too long, only the beginning."""
    return int(digits[:_MOST])
