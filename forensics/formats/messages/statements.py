"""The statements of a message that evidence can decide, in reading order, each kind and value once."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from forensics.formats.markdown import Line
from forensics.formats.messages.enumerations import listed_in
from forensics.formats.messages.form import Form
from forensics.formats.messages.forms import ADDENDS, patterns, value_of
from forensics.formats.messages.named_tests import new_tests_in
from forensics.formats.messages.negations import negations_in
from forensics.formats.messages.paths import looks_like_path, paths_in
from forensics.formats.messages.ran_commands import ran_in
from forensics.formats.messages.unclaimed import is_claimed, sentences
from forensics.formats.transcripts.checks import checks_in
from forensics.formats.transcripts.test_commands import runs_tests
from forensics.model.claim_kind import ClaimKind
from forensics.model.report import Statement
from forensics.model.source import FileRef, TextRef

# A command and how it ended: `` `go test ./...` ✅ ``, `` `ruff check` → 0 issues ``, `` `make build` succeeds ``.
_COMMAND = re.compile(
    r"`(?P<command>[^`\n]{3,300})`(?P<how>\s*(?:✅|✓|✔|(?:(?:→|->|=>|:|—|–|-|now|also|still|is|all)\s*)*`?(?:all [\w ]{0,20})?"
    r"(?:(?:ran|run|runs|completes?d?|finishe[sd]|exit(?:ed|s)?(?: with)?(?: code)?) )?"
    r"(?:pass(?:es|ed|ing)?|succeed(?:s|ed)?|success(?:ful(?:ly)?)?|clean(?:ly)?|green|(?:with |without )?(?:0|no|any) (?:issues|errors|warnings|problems)|ok|(?<=exit )0|(?<=exited )0|(?<=exits )0|(?<=code )0)\b))",
    re.IGNORECASE,
)
# The denial in these words is that of a failure.
_NO_ERRORS = re.compile(r"\b(?:without any|without|with no|no) (?:issues|errors|warnings|problems)\b", re.IGNORECASE)
# Of one kind, forms may overlap; these are claims of their own beside a test's or a check's.
_SAME = {ClaimKind.CLEAN: ClaimKind.CLEAN, ClaimKind.TESTS: ClaimKind.TESTS}
# A line of nothing but a code span: agents write a branch, a path or a hash under the words that say what it is.
_SPAN = re.compile(r"`[^`]{2,200}`\.?")
Found = tuple[ClaimKind, str, bool]


def statements_in(lines: Sequence[Line], ref: TextRef) -> tuple[Statement, ...]:
    """Return the statements of a message; text in code fences is quoted, and an unticked box is still to be done."""
    lines = list(_joined([line for line in lines if not line.text.startswith("[ ]")]))
    found = [
        Statement(kind, value, said.strip(), at_line(ref, line.number), weak or _is_cell(line, kind, value))
        for line in lines
        if line.kind != "code"
        for said in sentences(line.text)
        for kind, value, weak in _in_sentence(said, cell=line.kind == "row" or line.text.startswith("|"))
    ]
    found += [
        Statement(ClaimKind.FILE, f"{claim.verb} {claim.path}", said.strip(), at_line(ref, line.number), claim.weak)
        for line, said, claim in paths_in(lines)
    ]
    found += [
        Statement(ClaimKind.NEW_TESTS, name, line.text.strip(), at_line(ref, line.number), weak=True)
        for line, name in new_tests_in(lines)
    ]
    found += [
        Statement(kind, command, line.text.strip(), at_line(ref, line.number), weak=True)
        for line, command in ran_in(lines)
        if (kind := _kind_of(command))
    ]
    return _once(found)


def _joined(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines; a code span that stands alone under a colon belongs to the words above: `on branch:`."""
    for before, line in pairwise([None, *lines]):
        if line is None:
            continue
        alone = line.kind in {"text", "item"} and _SPAN.fullmatch(line.text.strip())
        if before and alone and before.kind != "code" and before.text.rstrip().endswith(":"):
            line = replace(line, text=f"{before.text.rstrip()} {line.text.strip()}")
        yield line


def _is_cell(line: Line, kind: ClaimKind, value: str) -> bool:
    """Return whether words stand in a table, whose cells quote criteria as often as results; a number is a result."""
    return line.kind == "row" and kind in {ClaimKind.TESTS, ClaimKind.CLEAN} and not value.isdigit()


def at_line(ref: TextRef, line: int) -> TextRef:
    """Return the address of a line of a message: in a file it has one, in a transcript that of its record."""
    return FileRef(ref.path, line) if isinstance(ref, FileRef) else ref


def _once(found: Sequence[Statement]) -> tuple[Statement, ...]:
    """Return each claim once: a path under its firmest words, anything else where it is first said."""
    kept: dict[tuple[ClaimKind, str], Statement] = {}
    for statement in found:
        path = statement.kind is ClaimKind.FILE
        key = (statement.kind, statement.value.partition(" ")[2] if path else statement.value)
        if key not in kept or (kept[key].weak and not statement.weak):
            kept[key] = statement
    return tuple(kept.values())


def _is_no_result(form: Form, words: str) -> bool:
    """Return whether words in a cell are not a result: a transaction that is committed, *all five tests pass* as a criterion."""
    return form.kind is ClaimKind.COMMITTED or (
        form.kind is ClaimKind.TESTS and not form.value and not re.search(r"\d", words)
    )


def _kind_of(command: str) -> ClaimKind | None:
    """Return what a command's success claims; None if it neither tests nor checks."""
    if runs_tests(command):
        return ClaimKind.TESTS
    return ClaimKind.CLEAN if checks_in(command) else None


def _in_sentence(said: str, *, cell: bool) -> Iterator[Found]:
    taken: list[tuple[ClaimKind, int, int]] = []
    for match in _COMMAND.finditer(said):
        kind = _kind_of(match["command"])
        if kind and is_claimed(said[: match.start()], _NO_ERRORS.sub("", match["how"])):
            taken += [(other, *match.span()) for other in _SAME]
            yield kind, match["command"], False
    yield from negations_in(said)
    for (start, end), found in listed_in(said):
        taken += [(other, start, end) for other in _SAME]
        yield found
    for form, pattern in patterns():
        for match in pattern.finditer(said):
            if form.kind is not ClaimKind.PULL and any(
                kind is form.kind and match.start() < end and start < match.end() for kind, start, end in taken
            ):
                continue
            if cell and _is_no_result(form, match[0]):
                taken.append((form.kind, *match.span()))  # no shorter form finds it again
                continue
            if is_claimed(said[: match.start()], re.sub(r"without (?:errors|warnings)", "", match[0])):
                taken.append((form.kind, *match.span()))
                if form.kind is ClaimKind.BRANCH and looks_like_path(match["value"]):
                    continue
                yield form.kind, value_of(form, match), form.weak
                yield from _addends(form.kind, said[match.end() :])


def _addends(kind: ClaimKind, after: str) -> Iterator[Found]:
    """Yield the parts of a sum of tests: `703 tests pass (478 API + 225 unit)`."""
    if kind is ClaimKind.TESTS and (match := ADDENDS.match(after)):
        for number in re.findall(r"\d{1,7}", match["parts"]):
            yield ClaimKind.TESTS, number, True  # `(11 existing + 3 new)`: not each part is a run
