"""The replacement of secrets in a text."""

from collections.abc import Iterator

REDACTED = "[redacted]"
_MARK = REDACTED.encode()
_SHORTEST = 8  # characters: no secret of a known shape is shorter, and most texts that come here are ids and statuses
# A replacement can lay the next secret bare (`k=…,…`): rounds until nothing changes, which makes redaction stable.
_ROUNDS = 4


def redact(text: str) -> str:
    """Return text with every secret of a known shape replaced. Its time grows linearly with the text."""
    if len(text) < _SHORTEST:
        return text
    # Half a surrogate pair comes out of broken escapes in transcripts.
    before = after = text.encode("utf-8", "surrogatepass")
    for _ in range(_ROUNDS):
        spans = _merged(_secrets(after))
        if not spans:
            break
        after = _replaced(after, spans)
    return text if after is before else after.decode("utf-8", "surrogatepass")


def _secrets(text: bytes) -> Iterator[tuple[int, int]]:
    """Yield where secrets stand, in the text itself or behind its escapes."""
    from forensics.secrets.recognition import shapes  # 10 ms that `--help` need not wait for
    from forensics.secrets.views import views

    for view in views(text):
        for shape in shapes().about(view.text):
            for begin, end in shape.spans(view.text):
                yield view.begin(begin), view.end(end)


def _merged(spans: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans in order, overlapping ones joined; what stands between is one secret, too."""
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((begin, end))
    return merged


def _replaced(text: bytes, spans: list[tuple[int, int]]) -> bytes:
    pieces, last = [], 0
    for begin, end in spans:
        pieces += [text[last:begin], _MARK]
        last = end
    return b"".join([*pieces, text[last:]])
