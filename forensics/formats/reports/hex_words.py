"""Words of hexadecimal digits that can name a commit: by their form, and by the words beside them."""

import re
from collections.abc import Iterator

from forensics.formats.pattern_rows import Row, compiled

# Seven digits are git's shortest abbreviation, 64 a SHA-256 id. Parts of paths, UUIDs, cache keys and file names with a
# hash in them are left out by the characters beside them.
_HEX = re.compile(
    r"(?<![0-9A-Za-z_./#-])(?:[0-9a-f]{64}|[0-9a-f]{7,40})(?![0-9A-Za-z_/])(?!-[0-9A-Za-z])(?!\.[0-9A-Za-z])"
)
# Two dots or three, also with each hash in its own code span: `a1b2c3d`..`d4e5f6a`.
_RANGE = re.compile(r"\b(?P<base>[0-9a-f]{7,40})`?\s*\.\.\.?\s*`?(?P<head>[0-9a-f]{7,40})\b")
# Git abbreviates to 7 digits, to 12 in the largest repositories, or writes a whole id: 40 digits of SHA-1 or 64 of
# SHA-256. Other lengths are test bytes, cache keys and digests, unless the text calls them a commit.
_ABBREVIATED, _FULL = range(7, 13), (40, 64)
# A number of 7 to 9 digits can be an abbreviated hash (1 in 27 has no letter at 7 digits). Longer numbers are
# timestamps: 10 digits in seconds, 13 in milliseconds.
_LONGEST_NUMBER = 9
_ROUND_NUMBER = "0000"
# Eight digits that are a day: `20260304`, in names of releases, migrations and logs.
_DAY = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
# A key type, in reports on code that signs and encrypts.
_NAMES = frozenset({"ed25519"})
# Test data counts upwards; 1 in 4,000,000 hashes has such a run by chance.
_COUNTED_UP = re.compile(r"01234567|12345678|23456789|456789ab|89abcdef|cdef0123")
# Right before the word: of a line that speaks of commits somewhere, an odd length is still a key.
_CALLED_COMMIT = re.compile(
    r"\b(?:commit(?:s|ted)?|HEAD|sha|hash)\b(?: (?:sha|hash|id))?[\s:=`*\"'(\[]*$", re.IGNORECASE
)
# Without its end, for *commits* and *committed*: `sha256 was checked; commit a1b2c3d has it`.
_COMMIT = re.compile(r"\bcommit", re.IGNORECASE)
# Names whose value is a digest or another object of git. Not `sha` and `hash` alone: reports call commits so.
DIGESTS = (
    Row(r"sha-?(?:1|256|384|512)(?:sum)?", "sha256: ", "GSD summaries that compare installed files"),
    Row(r"md5(?:sum)?|checksum|digest|fingerprint|etag", "checksum: ", "GSD summaries that compare files"),
    Row(r"blob|tree", "blob ", "summaries that quote `git ls-tree`"),
)
# Names whose value is a time: as eight digits it has an abbreviated hash's form.
TIMES = (Row(r"when|timestamp|epoch|mtime|[a-z]+_at", "when=", "GSD summaries of database migrations"),)
# Words that make a long word near them a digest. Not for git's short form: `**Task 1: Write a checksum** - a1b2c3d`.
DIGESTED = (
    Row(r"sha-?(?:1|256|384|512)\b", "sha256", "GSD summaries that compare installed files"),
    Row(r"md5|checksum|digest|fingerprint|byte-(?:identical|exact)", "byte-identical: hash ", "GSD summaries"),
)
# `hash` and `hashes` are said of commits as well as of files, but nobody writes that two commits' hashes match.
_SAME_FILES = re.compile(r"\bhash(?:es)? (?:all )?(?:match|are (?:identical|equal)|is identical)", re.IGNORECASE)
# A name and its value, with `:`, `=` or *is* between: without them it may be a task's word, as in `Write the checksum -
# a1b2c3d`.
_VALUE_OF = compiled((*DIGESTS, *TIMES), r"(?:\b|_)", r"\s*(?:\bis\b|[:=])\s*[`\"'(]*$")
# For words of a digest's length, a name in the same clause is enough: `the archive's digest, as printed, …`.
_LONG_VALUE_OF = compiled((*DIGESTS, *TIMES), r"(?:\b|_)", r"\b[^.;|]{0,40}$")
# The name may follow: `a1b2c3d4 (sha256) of the archive`.
_FOLLOWED = re.compile(r"^[`\"')\s]{0,3}\(?(?:sha-?(?:1|256|384|512)|md5|checksum|digest)\b", re.IGNORECASE)
# From a word's beginning, and without its end: *checksums* and *digests* are meant too.
_DIGESTED = compiled(DIGESTED, r"\b")
# A line without any of these words needs no look at each of its hashes, of which a list may have a hundred.
_ANY_WORD = compiled((*DIGESTS, *TIMES, *DIGESTED), r"=|\bhash|(?:\b|_)")
# Characters before a string in which its name stands (`sha256 is: "`): a longer search costs time at each hash of a line.
_BESIDE = 60
# What stands in another clause or cell is about another string.
_CLAUSE_END = re.compile(r"[.;|]\s")


def hex_words(text: str) -> Iterator[re.Match[str]]:
    """Yield the strings in a text that can be a commit's hash.

    Left out are parts of paths and UUIDs, numbers, names, test bytes, and what the words beside it call a digest or a time.
    """
    found = list(_HEX.finditer(text.replace("..", "  ")))
    doubtful = bool(found) and _ANY_WORD.search(text) is not None
    for match in found:
        before, after = text[: match.start()], text[match.end() :]
        if _has_form(match[0], before) and not (doubtful and _is_something_else(match[0], before, after)):
            yield match


def ranges_in(text: str) -> dict[str, str]:
    """Return the ranges in a text (`a1b2c3d..d4e5f6a`): their heads with their bases."""
    return {match["head"]: match["base"] for match in _RANGE.finditer(text)}


def _has_form(value: str, before: str) -> bool:
    """Return whether a string looks like a hash, and not like a word (`defaced`), a number or a name."""
    if not any(character.isdigit() for character in value) or value in _NAMES:
        return False
    if value.isdigit() and len(value) not in _FULL:
        if _DAY.fullmatch(value) or _COUNTED_UP.search(value):  # a day, or an example
            return False
        return len(value) <= _LONGEST_NUMBER and not value.endswith(_ROUND_NUMBER)
    if len(value) in _ABBREVIATED or len(value) in _FULL:
        return True
    return _CALLED_COMMIT.search(before[-40:]) is not None and not _COUNTED_UP.search(value)


def _is_something_else(value: str, before: str, after: str) -> bool:
    """Return whether the words beside a string make it a digest or a time; the word *commit* in its clause outweighs them."""
    clause = _CLAUSE_END.split(before[-200:])[-1]
    rest = _CLAUSE_END.split(after[:80], maxsplit=1)[0]
    if before.endswith("=") or _VALUE_OF.search(clause[-_BESIDE:]) or _FOLLOWED.match(after):
        return True
    if _COMMIT.search(clause):
        return False
    if _SAME_FILES.search(clause) or _SAME_FILES.search(rest):
        return True
    return len(value) not in _ABBREVIATED and bool(
        _LONG_VALUE_OF.search(clause[-_BESIDE:]) or _DIGESTED.search(clause + rest)
    )
