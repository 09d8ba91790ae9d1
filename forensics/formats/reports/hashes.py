"""Strings in a report that may name a commit, and what the report uses each of them for."""

import re
from collections.abc import Iterable, Iterator

from forensics.formats.markdown import Line
from forensics.formats.pattern_rows import Row, compiled
from forensics.formats.reports.hex_words import hex_words, ranges_in
from forensics.formats.step_ids import steps_in, steps_of_subject
from forensics.model.report import HashMention, Role
from forensics.model.source import FileRef
from forensics.model.steps import same_step

_SAYS_COMMIT = re.compile(r"\bcommit(?:s|ted)?\b|\bhash(?:es)?\b|\bsha\b|\bwip\b|\bHEAD\b", re.IGNORECASE)
COMMIT_LABELS = (
    Row(
        r"^(?:\w+ )?(?:wip )?(?:commits?|commit (?:hash|sha|id|details|created|info)|hash|sha|git commit)\b",
        "WIP Commit",
        "step reports",
    ),
    Row(r"^(?:wip|git)$", "WIP", "step reports"),
    Row(
        r"^(?:parent|main|submodule|clean|final|amended)(?: (?:repo|repository|commit))?$",
        "Submodule",
        "step reports with a commit in two repositories",
    ),
)
_COMMIT_SECTION = re.compile(r"\bcommits?\b|\bgit\b", re.IGNORECASE)
# Sections that look back: the hashes in them are others' work, whatever the label beside them.
_ASIDE_SECTION = re.compile(
    r"histor|investigat|background|context|related|reference|analysis|root cause|findings?\b|timeline|evidence|prior",
    re.IGNORECASE,
)
BASES = (
    Row(r"base(?:line|d on)?", "Base commit: ", "step reports"),
    Row(r"parent commit", "parent commit ", "step reports"),
    Row(r"previous(?: commit| HEAD)?|prior(?: commit)?|before|pre-(?:edit|change|step)", "before ", "step reports"),
    Row(r"start(?:ing|ed)?(?: commit| at| from)?", "Starting commit: ", "GSD summaries"),
    Row(r"rollback|restore[sd]? (?:to|from)|reset to", "reset to ", "GSD summaries, rollback points of step reports"),
    Row(r"diff(?:ed)? against|compared? (?:to|with)|since", "Changes since commit ", "step reports"),
)
OTHERS_WORK = (
    Row(
        r"implemented|added|introduced|fixed|done|created|enforced|landed", "was implemented in commit ", "step reports"
    ),
    Row(r"shows?|from|by|see|in|via|per", "as seen in ", "step reports"),
)
_COMMIT_LABEL = compiled(COMMIT_LABELS)
_BASE = compiled(BASES, r"\b", r"\b[^.;]{0,40}$")
_OTHERS_WORK = compiled(OTHERS_WORK, r"\b", r"\s+(?:in |by |at |the )?(?:\w+ ){0,2}(?:commit )?[`(\"*\s]*$")
# `aaaaaaa (later amended to bbbbbbb)`: the report itself says that the first is gone.
_AMENDED_AWAY = re.compile(
    r"^[`)*\s]*(?:created )?\(?(?:later |then |subsequently )?(?:amended|squashed|rebased)\b", re.IGNORECASE
)
# The commit's subject: behind the hash in parentheses, quotes or after a dash, or in quotes before it.
_AFTER = re.compile(r"^[`*)\]]*\s*(?:\((?P<paren>[^)]{3,200})\)|(?:[-—–:]+\s*)?[\"“']?(?P<text>[^\"”]{3,200}))")
_BEFORE = re.compile(r"[`\"“](?P<text>[^`\"”]{6,200})[`\"”]\s*\($")
_BRANCHED = re.compile(
    r"\[[^\]\s]+(?: \([^)]*\))? (?P<sha>[0-9a-f]{7,40})\]\s*(?P<subject>.*)"
)  # output of `git commit`
_SUBJECT_LINE = re.compile(  # output of `git log --oneline`, and the first line of `git show`
    r"^(?:\*\s*|[Cc]ommit:? )?(?P<sha>[0-9a-f]{7,40})(?:\s+\([^)]*\))?(?:\s+(?P<subject>\S.*))?$"
)
_PRESENTS = re.compile(r"\bcommit(?:ted)?\b[^.;]{0,30}:?\W*$", re.IGNORECASE)
# A text beside a hash is a subject if it begins like one, not like a sentence's next word.
_SUBJECT_START = re.compile(
    r"^[^A-Za-z0-9]*(?:wip\b|cycle\b|step\b|task\b|phase\b|feat|fix|docs|test|chore|refactor|merge|[A-Z🀀-🿿☀-⟿])",
    re.IGNORECASE,
)


def mentions_in(lines: Iterable[Line], path: str, own: tuple[str, ...]) -> tuple[HashMention, ...]:
    """Return the hash mentions of one report about the steps `own`, in reading order."""
    found: list[HashMention] = []
    lead = ""
    for line in lines:
        if line.kind == "code":
            found += _in_code(line, path, own, lead)
        else:
            found += _in_text(line, path, own)
            lead = line.text or lead
    return tuple(found)


def _in_code(line: Line, path: str, own: tuple[str, ...], lead: str) -> Iterator[HashMention]:
    """Read `git log --oneline` and `git commit` output; `lead` is the text above the fence.

    Output is the step's own claim where it is presented as its commit; a quoted log shows what was there, no more.
    """
    match = _BRANCHED.search(line.text) or _SUBJECT_LINE.match(line.text)
    if (
        not match
        or not (match["subject"] or line.text.lower().startswith("commit"))
        or not any(hex_words(match["sha"]))
    ):
        return
    subject = match["subject"] or ""
    about = _about(subject, own)
    titles = [title for title in line.section[-2:] if not _ASIDE_SECTION.search(title)]
    presented = any(_COMMIT_SECTION.search(title) for title in titles) or bool(_PRESENTS.search(lead))
    alone = not subject and presented
    mine = (about is not None and (presented or "[" in line.text)) or alone
    role = Role.OWN if mine else Role.QUOTATION
    yield HashMention(
        match["sha"],
        role,
        about or (own[0] if alone and own else None),
        subject,
        FileRef(path, line.number),
        context_of(line),
    )


def _in_text(line: Line, path: str, own: tuple[str, ...]) -> Iterator[HashMention]:
    bases = set(ranges_in(line.text).values())
    for match in hex_words(line.text):
        before, after = line.text[: match.start()], line.text[match.end() :]
        subject = _subject(before, after)
        if not _says_commit(line, before, subject):
            continue
        role = Role.BASE if match[0] in bases else _role(line, before, after)
        about = _about(subject, own)
        named = steps_of_subject(subject)
        if named and about is None:
            role, about = (Role.OTHER if role is not Role.BASE else role), named[0]
        elif role is Role.OTHER:
            others = [step for step in steps_in(before) if not any(same_step(step, other) for other in own)]
            if named and about:
                role = Role.OWN
            else:
                about = others[-1] if others else None
        elif role is Role.OWN and about is None:
            about = own[0] if own else None
        yield HashMention(match[0], role, about, subject, FileRef(path, line.number), context_of(line))


def role_in_words(before: str, after: str) -> Role | None:
    """Return the role that the words around a hash state, None if only its place can tell.

    A hash that was amended, squashed or rebased away is a quotation. A commit that the work started from, or was
    compared with, is its base.
    """
    if _AMENDED_AWAY.match(after):
        return Role.QUOTATION
    return Role.BASE if _BASE.search(_sentence(before)) else None


def context_of(line: Line) -> str:
    """Return the headings and the line around a hash, at most 400 characters."""
    return " / ".join((*line.section[-2:], line.text))[:400]


def _sentence(before: str) -> str:
    return re.split(r"[.;]\s", before)[-1]


def _says_commit(line: Line, before: str, subject: str) -> bool:
    label = line.label
    if label and _COMMIT_LABEL.search(label[0]):
        return True
    if _SAYS_COMMIT.search(before[-60:]) or (line.kind == "heading" and _COMMIT_SECTION.search(line.text)):
        return True
    in_section = any(_COMMIT_SECTION.search(title) for title in line.section[-2:])
    leads = re.fullmatch(r"[\s`*\"(\[\]xX]*(?:\w+:\s*[`*]*)?", before) is not None
    return (in_section and leads) or (
        leads and bool(subject) and bool(_SUBJECT_START.match(subject)) and bool(steps_of_subject(subject))
    )


def _role(line: Line, before: str, after: str) -> Role:
    """Return what a hash in running text is used for: by the words around it, its label, and its section."""
    if stated := role_in_words(before, after):
        return stated
    sentence = _sentence(before)
    labelled = line.label is not None and _COMMIT_LABEL.search(line.label[0]) is not None
    if line.label and not labelled and _BASE.search(line.label[0]):
        return Role.BASE
    aside = any(_ASIDE_SECTION.search(title) for title in line.section[-2:])
    if not labelled and (aside or (_OTHERS_WORK.search(sentence) and line.kind != "heading")):
        created = re.search(r"\b(?:created|made|committed)\b[^.]{0,30}$", sentence, re.IGNORECASE)
        return Role.OWN if created and not aside else Role.OTHER
    if labelled or any(_COMMIT_SECTION.search(title) for title in line.section[-2:]):
        return Role.OWN
    return Role.OWN if re.search(r"\bcommit(?:ted)?\b|\bhash\b", sentence[-50:], re.IGNORECASE) else Role.OTHER


def _subject(before: str, after: str) -> str:
    """Return the commit subject a report gives beside a hash, empty if it gives none."""
    match = _AFTER.match(after)
    text = (match["paren"] or match["text"] or "").strip(" `*.\"'") if match else ""
    if text and _SUBJECT_START.match(text):
        return text
    ahead = _BEFORE.search(before)
    return ahead["text"].strip() if ahead else ""


def _about(subject: str, own: tuple[str, ...]) -> str | None:
    """Return which of the report's own steps a subject names, None if it names another one or none."""
    named = steps_of_subject(subject)
    return next((mine for mine in own for step in named if same_step(step, mine)), None)
