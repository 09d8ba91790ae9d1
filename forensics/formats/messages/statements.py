"""Statements in a message that evidence can decide, by the form of their words."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from forensics.formats.markdown import Line
from forensics.formats.pattern_rows import Row, compiled
from forensics.model.claim_kind import ClaimKind
from forensics.model.report import Statement
from forensics.model.source import FileRef, TextRef

# Words that make a sentence something else than a claim of what was done: a plan, a condition, a question, a negation.
NOT_CLAIMED = (
    Row(r"n't|not|never|no longer|without|cannot", "not pushed yet", "final messages"),
    Row(
        r"will|would|should|could|can|may|might|must|need(?:s|ed)? to|going to|want(?: me)? to|let me|I'll",
        "will push",
        "final messages",
    ),
    Row(
        r"if|once|when|until|unless|before|after (?:you|that|this|merging)|to be|todo|next",
        "once all tests pass",
        "final messages",
    ),
    Row(r"previously|was|were|had|used to|originally|earlier|expect(?:s|ed)?", "the build was clean", "final messages"),
)
_NOT_CLAIMED = compiled(NOT_CLAIMED, r"(?:\b|(?<=[a-z])(?=n't))", r"\b")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\s+[—–]\s+")
_SUCCESS = r"(?:are |is |now |all |still |were )*(?:pass(?:ed|ing|es)?|green|succeed(?:ed|s)?)"
_NUMBER = r"(?P<value>\d{1,3}(?:,\d{3})+|\d{1,7})"


class _Form(NamedTuple):
    """One form of a statement: what it claims, and the expression whose group `value` is compared, `fixed` if it has none."""

    kind: ClaimKind
    pattern: re.Pattern[str]
    fixed: str = ""


def _form(kind: ClaimKind, pattern: str, fixed: str = "") -> _Form:
    return _Form(kind, re.compile(pattern, re.IGNORECASE), fixed)


_FORMS = (
    _form(
        ClaimKind.TESTS,
        rf"\b(?:all )?{_NUMBER}(?:/(?P<total>\d{{1,7}}))? (?:\w+[ -]){{0,3}}(?:tests?|specs?)\b,? {_SUCCESS}\b",
    ),
    _form(ClaimKind.TESTS, rf"\b{_NUMBER}(?:/(?P<total>\d{{1,7}}))? (?:tests? )?pass(?:ed|ing)\b"),
    _form(ClaimKind.TESTS, rf"\ball (?:the |of the )?(?:\w+ ){{0,2}}tests (?:\w+ )?{_SUCCESS}\b", "all"),
    _form(ClaimKind.NEW_TESTS, rf"\b{_NUMBER} (?:new|additional) (?:\w+ ){{0,2}}tests?\b"),
    _form(ClaimKind.NEW_TESTS, rf"\badd(?:ed|s)? {_NUMBER} (?:\w+ ){{0,2}}tests?\b"),
    _form(ClaimKind.FILES, rf"\b{_NUMBER} files? (?:\w+ )?(?:changed|modified|updated|created|touched|edited)\b"),
    _form(
        ClaimKind.CLEAN,
        r"\b(?P<value>lint(?:er|ing)?|eslint|ruff|clippy|build|type-?check(?:s|ing)?|tsc|mypy|compil(?:es|ation|er))\b[^.\n]{0,25}?\b(?:clean(?:ly)?|pass(?:es|ed|ing)?|succeed(?:s|ed)|succeeded|successful(?:ly)?)\b",
    ),
    _form(ClaimKind.TREE, r"\bworking (?:tree|directory) (?:is )?(?P<value>clean)\b"),
    _form(ClaimKind.PUSHED, r"\b(?P<value>pushed)\b"),
    _form(ClaimKind.COMMITTED, r"\b(?P<value>committed)\b"),
    _form(ClaimKind.PULL, r"(?:\bPR ?|\bpull request ?|/pull/)#?(?P<value>\d{1,6})\b"),
    _form(ClaimKind.BRANCH, r"\bbranch `(?P<value>[\w./-]{2,120})`"),
)
# `created \`src/a.py\``, `\`src/a.py\` (new)`: a path with a verb beside it.
_PATH = re.compile(r"`(?P<path>[\w@.+-]+(?:/[\w@.+()\[\]-]+)*\.\w{1,8})(?::\d+(?:-\d+)?)?`")
_VERBS = {
    "created": r"creat(?:ed|e)|added|new file|wrote|\(new\)|\bnew\b",
    "updated": r"updat(?:ed|e)|modif(?:ied|y)|changed|edited|refactored|fixed",
    "deleted": r"delet(?:ed|e)|removed",
}
_VERB = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _VERBS.items()), re.IGNORECASE)


def statements_in(lines: Iterable[Line], ref: TextRef) -> tuple[Statement, ...]:
    """Return the statements of a message, each kind and value once, in reading order."""
    found = (
        statement for line in lines if line.kind != "code" for statement in _in_line(line, at_line(ref, line.number))
    )
    return tuple({(each.kind, each.value): each for each in reversed(list(found))}.values())[::-1]


def at_line(ref: TextRef, line: int) -> TextRef:
    """Return the address of a line of a message: in a file it has one, in a transcript that of its record."""
    return FileRef(ref.path, line) if isinstance(ref, FileRef) else ref


def _in_line(line: Line, ref: TextRef) -> Iterator[Statement]:
    for sentence in _SENTENCE.split(line.text):
        if sentence.rstrip("*_ ").endswith("?"):
            continue
        for form in _FORMS:
            for match in form.pattern.finditer(sentence):
                if not _NOT_CLAIMED.search(sentence[: match.end()]):
                    value = form.fixed or match["value"].replace(",", "").lower()
                    yield Statement(form.kind, value, sentence.strip(), ref)
        yield from _paths(sentence, line, ref)


def _paths(sentence: str, line: Line, ref: TextRef) -> Iterator[Statement]:
    """Yield the paths that a sentence, else the heading above it, says were created, updated or deleted."""
    paths = list(_PATH.finditer(sentence))
    if not paths or _NOT_CLAIMED.search(sentence):
        return
    verb = _VERB.search(sentence) or (_VERB.search(line.section[-1]) if line.section else None)
    if verb is None or verb.lastgroup is None:
        return
    for match in paths:
        yield Statement(ClaimKind.FILE, f"{verb.lastgroup} {match['path']}", sentence.strip(), ref)
