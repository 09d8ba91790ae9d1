"""What a text says behind its escapes: percent signs, entities, backslashes, colour codes and invisible characters taken away."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from typing import NamedTuple

from forensics.secrets.engine import compiled

# One escape each. A backslash before a quote may be doubled any number of times: JSON in JSON in JSON. The last line is what a
# reader does not see: control characters, soft hyphens, joiners, marks of direction, fillers, tags, variation selectors.
_ESCAPE = compiled(
    r"%[0-9A-Fa-f]{2}"
    r"|&(?:quot|apos|amp|lt|gt|nbsp|#\d{1,5}|#[xX][0-9A-Fa-f]{1,4});"
    r"|(?:\x1b|\\+(?:x1[bB]|u001[bB]|033|e))\[[0-9;?]{0,40}[A-Za-z]"
    r"|\\+(?:[\"'/nrt]|u00[0-7][0-9A-Fa-f]|x[2-7][0-9A-Fa-f])"
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{9f}\x{ad}\x{61c}\x{115f}\x{1160}\x{180e}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}-\x{206f}"
    r"\x{3164}\x{fe00}-\x{fe0f}\x{feff}\x{fff9}-\x{fffb}\x{e0000}-\x{e01ef}]"
)
_ENTITIES = {b"quot": b'"', b"apos": b"'", b"amp": b"&", b"lt": b"<", b"gt": b">", b"nbsp": b" "}
_LETTERS = {b"n": b"\n", b"r": b"\n", b"t": b"\t"}
# Rounds of decoding: JSON in an address in a page has three.
_ROUNDS = 4


class View(NamedTuple):
    """A decoded text, and how its places map to the original: pairs of places, one behind each escape."""

    text: bytes
    places: tuple[int, ...] = (0,)
    origins: tuple[int, ...] = (0,)

    def begin(self, place: int) -> int:
        """Return the place in the original where a decoded byte begins, behind an escape that means nothing."""
        index = bisect_right(self.places, place) - 1
        return self.origins[index] + place - self.places[index]

    def end(self, place: int) -> int:
        """Return the place in the original where a decoded span ends, before such an escape."""
        index = bisect_left(self.places, place)
        if index == len(self.places) or self.places[index] > place:
            index -= 1
        return self.origins[index] + place - self.places[index]


def views(text: bytes) -> Iterator[View]:
    """Yield the text itself, then each round of decoding that changes it."""
    view = View(text)
    yield view
    for _ in range(_ROUNDS):
        decoded = _decoded(view)
        if decoded is None:
            return
        view = decoded
        yield view


def _decoded(view: View) -> View | None:
    """Return the view with one layer of escapes taken away; None if it has none."""
    pieces, places, origins = [], [0], [0]
    length = last = 0
    for match in _ESCAPE.finditer(view.text):
        meant = _meaning(match[0])
        if meant is None:
            continue
        pieces += [view.text[last : match.start()], meant]
        length += match.start() - last
        places += [length, length + len(meant)]
        origins += [view.end(match.start()), view.begin(match.end())]
        length += len(meant)
        last = match.end()
    if not pieces:
        return None
    return View(b"".join([*pieces, view.text[last:]]), tuple(places), tuple(origins))


def _meaning(escape: bytes) -> bytes | None:
    """Return what an escape stands for; None if it is not an ASCII character."""
    decode = _DECODERS.get(escape[:1])
    return decode(escape) if decode else b""


def _number(digits: bytes, radix: int) -> bytes | None:
    value = int(digits, radix)
    return bytes([value]) if 9 <= value <= 126 else None


def _entity(escape: bytes) -> bytes | None:
    name = escape[1:-1]
    if not name.startswith(b"#"):
        return _ENTITIES[name]
    return _number(name[2:], 16) if name[1:2] in b"xX" else _number(name[1:], 10)


def _backslashed(escape: bytes) -> bytes | None:
    end = escape.lstrip(b"\\")
    if end[1:2] == b"[" or b"[" in end[:6]:
        return b""
    if end[:1] in b"ux" and len(end) > 1:
        return _number(end[1:], 16)
    return _LETTERS.get(end, end)


_DECODERS: dict[bytes, Callable[[bytes], bytes | None]] = {
    b"%": lambda escape: _number(escape[1:], 16),
    b"&": _entity,
    b"\\": _backslashed,
}
