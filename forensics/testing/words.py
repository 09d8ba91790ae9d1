"""Takes one script line apart; whatever is missing, left over or unknown raises FormatError with line and column."""

import re
from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from forensics.errors import FormatError

# A quoted string, a comma, a colon that ends a word, or a word. `10:05` and `src/a.py[x1-9;-y1-3]` are one word each.
_TOKEN = re.compile(r"""\s*("[^"]*"(?=[\s,]|$)|'[^']*'(?=[\s,]|$)|,|:(?=\s|$)|[^\s,"'](?:[^\s,:]|:(?!\s|$))*)""")
# 24 hours: `25:00` is a typing error and must not become the next day.
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
# Three digits keep a script short; zeros fill a commit's id up to 40, so a longer one is a typing error.
HASH = r"[0-9a-f]{3,40}"
PATH = r"[^\s:\[\]=]*[./][^\s:\[\]=]*"  # a word without a dot or slash is a fact whose comma was forgotten


class ScriptLine:
    """The words of one script line, taken one after the other."""

    def __init__(self, text: str, number: int) -> None:
        self.text = text
        self.number = number
        self._tokens: list[tuple[str, int]] = []
        self._next = 0
        if text[:1].isspace():
            raise self._error("expected no indentation here", 0)
        position, end = 0, len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position)
            if not match:
                start = end - len(text[position:end].lstrip())
                raise self._error("a quotation mark is not closed or not followed by a space", start)
            self._tokens.append((match[1], match.start(1)))
            position = match.end()

    @property
    def next(self) -> str:
        """Return the next token, an empty string at the end of the line."""
        return self._tokens[self._next][0] if self._next < len(self._tokens) else ""

    @property
    def before(self) -> str:
        """Return the token taken last, an empty string at the beginning."""
        return self._tokens[self._next - 1][0] if self._next else ""

    def error(self, expected: str, *, back: int = 0) -> FormatError:
        """Return the error that something else was expected here, or `back` tokens earlier."""
        tokens = [*self._tokens, ("the end of the line", len(self.text.rstrip()))]
        token, column = tokens[self._next - back]
        return self._error(f"expected {expected}, found {token}", column)

    def take(self, expected: str, pattern: str = r'[^\s,"\':].*') -> str:
        """Return the next word, which has to match a pattern as a whole."""
        if not re.fullmatch(pattern, self.next):
            raise self.error(expected)
        self._next += 1
        return self._tokens[self._next - 1][0]

    def accept(self, *words: str) -> str:
        """Return the next token and go past it if it is one of these, else an empty string."""
        return self.take("", ".*") if self.next in words else ""

    def choose(self, words: Collection[str]) -> str:
        """Return the next word, one of these."""
        return self.accept(*words) or self.take(f"one of {', '.join(words)}", r"(?!)")

    def quoted(self, expected: str) -> str:
        """Return the next token, a string between quotation marks, without them."""
        return self.take(f"{expected} between quotation marks", r""""[^"]*"|'[^']*'""")[1:-1]

    def clock(self) -> datetime:
        """Return the next word, a time of the scripts' day."""
        return moment(self.take("a time such as 10:05", _CLOCK.pattern))

    def span(self) -> tuple[datetime, datetime]:
        """Return the next word, two times such as `10:00-10:10`."""
        word = self.take("a time span such as 10:00-10:10", f"{_CLOCK.pattern}-{_CLOCK.pattern}")
        start, end = map(moment, word.split("-"))
        self.check(start <= end, "a span that ends after it starts")
        return start, end

    def distinct(self, expected: str, pattern: str, stop: Collection[str] = (), *, least: int = 1) -> list[str]:
        """Return the words up to a comma, a colon, a stop word or the end, each of which may occur only once."""
        words: list[str] = []
        while len(words) < least or (self.next not in {"", ",", ":"} and self.next not in stop):
            self._add(words, expected, pattern)
        return words

    def listed(self, expected: str, pattern: str, separator: str) -> list[str]:
        """Return at least one word, and one more after each separator; no word may occur twice."""
        words: list[str] = []
        while not words or self.accept(separator):
            self._add(words, expected, pattern)
        return words

    def _add(self, words: list[str], expected: str, pattern: str) -> None:
        words.append(self.take(expected, pattern))
        self.check(words[-1] not in words[:-1], "no word twice")

    def command(self) -> tuple[str, int, datetime]:
        """Return a shell command as it is written, the exit code behind it (default: 0), and the time behind that."""
        last = self._next
        while last < len(self._tokens) and self._tokens[last][0] != ",":
            last += 1
        words = self._tokens[self._next : last]
        coded = len(words) > 2 and words[-2][0].isdigit()
        self._next = max(self._next, last - 1 - coded)
        code = int(self.take("an exit code")) if coded else 0
        if len(words) < 2:
            raise self.error("a command and its time")
        return self.text[words[0][1] : words[-1 - coded][1]].rstrip(), code, self.clock()

    def facts(self, known: Collection[str], *, again: Collection[str] = ()) -> Iterator[str]:
        """Yield the first word of each fact, a comma before each, up to the end; only those of `again` may occur twice."""
        used: set[str] = set()
        while self.accept(","):
            fact = self.choose(known)
            self.check(fact not in used or fact in again, "no fact twice")
            used.add(fact)
            yield fact
        self.end()

    def rest(self, expected: str) -> str:
        """Return the rest of the line as it is written."""
        if not self.next:
            raise self.error(expected)
        text = self.text[self._tokens[self._next][1] :].rstrip()
        self._next = len(self._tokens)
        return text

    def end(self) -> None:
        """Raise FormatError unless every word has been taken."""
        if self.next:
            raise self.error("a comma or the end of the line")

    def check(self, holds: object, expected: str, *, back: int = 1) -> None:
        """Raise FormatError unless something holds of the token just taken."""
        if not holds:
            raise self.error(expected, back=back)

    def _error(self, what: str, position: int) -> FormatError:
        return FormatError(f"Case script, line {self.number}, column {position + 1}: {what}: {self.text!r}.")


def moment(clock: str) -> datetime:
    """Return a time of the scripts' day, in UTC."""
    return datetime.strptime(f"2026-03-04 {clock}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def written_lines(part: str) -> list[str]:
    """Return the lines that `x1-9` stands for; the dash in front of `-x1-9` is the side, and not counted."""
    name, first, last = re.findall(r"[a-z]+|\d+", part)
    return [f"result_{name}_{number} = work_{name}({number})" for number in range(int(first), int(last) + 1)]
