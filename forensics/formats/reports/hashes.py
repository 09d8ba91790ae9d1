"""Strings in a report that may name a commit, and what the report uses each of them for."""

import re
from collections.abc import Iterator, Sequence

from forensics.formats.markdown import Line
from forensics.formats.pattern_rows import Row, compiled
from forensics.formats.reports.hex_words import hex_words, ranges_in
from forensics.formats.reports.quoted_output import about_own, context_of, quoted_in
from forensics.formats.reports.tables import Row as TableRow
from forensics.formats.reports.tables import rows_in
from forensics.formats.step_ids import steps_in, steps_of_subject
from forensics.model.report import HashMention, Role
from forensics.model.source import FileRef
from forensics.model.steps import same_step

# Words near a hash that call it a commit, in whatever section. 提交 is *commit*, and counts only as a label here.
_SAYS_COMMIT = re.compile(
    r"\bcommit(?:s|ted)?\b|提交[^，。]{0,8}[:：]|\bhash(?:es)?\b|\bsha\b|\bwip\b|\bHEAD\b", re.IGNORECASE
)
# Labels whose value is the step's own commit, unless it is a base. A repository's part is one, because work in a
# submodule is reported as two commits. Not `id` or `build` alone: those label other hex words.
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
# A label with code or several words: `\`sensor-lib\` submodule: `, `Parent update: `, `Commit of the gate: `.
_LONG_LABEL = re.compile(
    r"^[^:.;]{0,50}\b(?:commit|submodule|parent (?:repo|repository|update|pointer)|main repo)s?\b[^:.;]{0,25}:[\s*`]*$",
    re.IGNORECASE,
)
# `the limit was raised in Cycle 1.3 (commit a1b2c3d)`: right before the hash only. An id elsewhere in the sentence does
# not say whose it is.
_OWNER_AHEAD = re.compile(
    r"\b(?:in|by|from|of|during)\s+\W{0,2}(?P<step>(?:cycle|step|task)s?\s*[\w.-]+)\W{0,4}(?:commits?\W{1,3})?$",
    re.IGNORECASE,
)
# `(enforced by a1b2c3d)` names another's commit, in any section.
_ENFORCED_BY = re.compile(
    r"\b(?:enforced|introduced|implemented|reverted|caused|broken) (?:in|by|with) [(`]*$", re.IGNORECASE
)
# "`git show a1b2c3d --stat` confirms it", "`git log` shows `a1b2c3d` as HEAD": reviews look at a task's commit so. It is
# looked at, and not claimed.
_LOOKED_AT = re.compile(r"`git (?:show|log|cat-file)\b[^`]*(?:` (?:shows|lists|has) `)?$")
# 提交 is *commit*: agents report in the user's language, and this one occurs in many agents' reports.
_COMMIT_SECTION = re.compile(r"\bcommits?\b|\bgit\b|提交", re.IGNORECASE)
# The text above a fence that makes its output the step's commits: `Committed as:`, `The commits were`.
_PRESENTS = re.compile(r"\bcommit(?:s|ted)?\b[^.;]{0,30}:?\W*$", re.IGNORECASE)
# A line of its own above a list, as agents write headings in plain text.
_ALONE = re.compile(r"(?:git )?commit(?:s|\(s\))?(?: (?:created|made))?:?", re.IGNORECASE)
# Sections that look back: the hashes in them are others' work, whatever the label beside them.
_ASIDE_SECTION = re.compile(
    r"histor|investigat|background|context|related|reference|analysis|root cause|findings?\b|timeline|evidence|prior",
    re.IGNORECASE,
)
# Words for what the work started from, or was compared with. Such a commit was there before the step and is not its
# claim.
BASES = (
    Row(r"base(?:line|d on)?", "Base commit: ", "step reports"),
    Row(r"parent commit", "parent commit ", "step reports"),
    Row(r"previous(?: commit| HEAD)?|prior(?: commit)?|before|pre-(?:edit|change|step)", "before ", "step reports"),
    Row(r"start(?:ing|ed)?(?: commit| at| from)?", "Starting commit: ", "GSD summaries"),
    Row(r"rollback|restore[sd]? (?:to|from)|reset to", "reset to ", "GSD summaries, rollback points of step reports"),
    Row(r"diff(?:ed)? against|compared? (?:to|with)|since", "Changes since commit ", "step reports"),
)
# Words that name a commit as the source of something. Only beside running text, because below a label or in a list the
# same words are the step's own (`created in`).
OTHERS_WORK = (
    Row(
        r"implemented|added|introduced|fixed|done|created|enforced|landed", "was implemented in commit ", "step reports"
    ),
    Row(r"shows?|from|by|see|in|via|per", "as seen in ", "step reports"),
)
# Every row has its own anchor: `Files to commit` is not such a label.
_COMMIT_LABEL = compiled(COMMIT_LABELS)
# Within 40 characters before the hash: `Base commit of the branch: `. Further away, another hash may stand between.
_BASE = compiled(BASES, r"\b", r"\b[^.;]{0,40}$")
# Right before the hash, with two words between at most: `from the merged commit a1b2c3d`.
_OTHERS_WORK = compiled(OTHERS_WORK, r"\b", r"\s++(?:in |by |at |the )?(?:\w+ ){0,2}(?:commit )?[`(\"*\s]*$")
# `aaaaaaa (later amended to bbbbbbb)`: the report itself says that the first is gone.
_AMENDED_AWAY = re.compile(
    r"^[`)*\s]*(?:created )?\(?(?:later |then |subsequently )?(?:amended|squashed|rebased)\b", re.IGNORECASE
)
# `git log a1b2c3d..HEAD`: the work began there. `a1b2c3d^..HEAD` begins with it.
_RANGE_TO = re.compile(r"^\.\.\.?\w")
# The commit's subject: behind the hash in parentheses, quotes or after a dash, or in quotes before it.
_AFTER = re.compile(r"^[`*)\]]*\s*(?:\((?P<paren>[^)]{3,200})\)|(?:[-—–:]+\s*)?[\"“']?(?P<text>[^\"”]{3,200}))")
# Only directly before the hash's bracket: other code spans of a line are files and commands.
_BEFORE = re.compile(r"[`\"“](?P<text>[^`\"”]{6,200})[`\"”]\s*\($")
# A text beside a hash is a subject if it begins like one, not like a sentence's next word.
_SUBJECT_START = re.compile(
    r"^[^A-Za-z0-9]*(?:(?i:wip\b|cycle\b|step\b|task\b|phase\b|feat|fix|docs|test|chore|refactor|merge)|[A-Z🀀-🿿☀-⟿])"
)
# Behind a hash without a dash or quotes, running text goes on: only these words begin a subject there. `Commit a1b2c3d
# changed the loader that Cycle 1.4 needs` does not say that it is Cycle 1.4's.
_BARE_SUBJECT = re.compile(
    r"^\W*(?:wip\b|(?:cycle|step|task|phase)\s*[\d(]|(?:feat|fix|docs|test|chore|refactor|style|perf)(?:\([^)]*\))?!?:)",
    re.IGNORECASE,
)
# Characters before a hash in which it is called a commit: a line may hold a hundred hashes, and each looks back.
_NEAR = 60
# Marks that introduce a subject behind a hash. Without one, the sentence goes on: `a1b2c3d changed the loader`.
_INTRODUCED = re.compile(r"^[`*)\]]*\s*[-—–:(\"“']")
# What precedes a hash at a line's beginning: marks, a box, a word with a colon (`Parent: `).
_LEADS = re.compile(r"[\s`*\"(\[\]xX✓✔✅]*(?:[\w-]+:\s*[`*]*)?")
# `- Cycle 1.4: the title (a1b2c3d)`: a hash at a line's end, in brackets or behind a dash.
_ENDS_BEFORE, _ENDS_AFTER = (
    re.compile(r"(?:[(\[]|\s[-—–:])\s*(?:commit:?\s*)?[`*]*$"),
    re.compile(r"^[`*)\]]*[\s.✓✔✅]*$"),
)


def mentions_in(lines: Sequence[Line], path: str, own: tuple[str, ...]) -> tuple[HashMention, ...]:
    """Return the hash mentions of one report about the steps `own`, in reading order."""
    found = [mention for row in rows_in(lines) if row.commits for mention in _in_row(row, path, own)]
    tabled = {mention.ref.line for mention in found}
    lead, listing = "", False
    for line in lines:
        if line.kind == "code":
            found += quoted_in(line, path, own, presented=_presents_commits(line, lead))
            continue
        listing = opens_list(line) or (listing and continues_list(line))
        if line.number not in tabled:
            found += _in_text(line, path, own, listed=listing)
        lead = line.text or lead
    return tuple(sorted(found, key=lambda mention: mention.ref.line or 0))


def _in_row(row: TableRow, path: str, own: tuple[str, ...]) -> Iterator[HashMention]:
    """Read the commits of a row: the step's own, unless the row or the section names another step."""
    for index in sorted(row.commits & set(range(len(row.cells)))):
        subject = row.subject_beside(index)
        named = (*row.steps(), *steps_of_subject(subject))
        about = next((mine for mine in own for step in named if same_step(step, mine)), None)
        aside = any(_ASIDE_SECTION.search(title) for title in row.line.section[-2:])
        role = Role.OTHER if aside or (named and about is None) else Role.OWN
        for match in hex_words(row.cells[index]):
            whose = about or (named[0] if named else own[0] if own and role is Role.OWN else None)
            yield HashMention(match[0], role, whose, subject, FileRef(path, row.line.number), context_of(row.line))


def opens_list(line: Line) -> bool:
    """Return whether a line announces a list of commits: `**Commits created:**`, or `Commit(s)` alone."""
    if line.kind != "heading" and _ALONE.fullmatch(line.text):
        return True
    return line.label is not None and not line.label[1] and _COMMIT_LABEL.search(line.label[0]) is not None


def continues_list(line: Line) -> bool:
    """Return whether a line is an item of the list announced above it; `Files: …` is not."""
    return line.kind == "item" and (line.label is None or any(hex_words(line.text)))


def _presents_commits(line: Line, lead: str) -> bool:
    """Return whether the section, or the text above a fence, presents its output as the step's commits."""
    titles = [title for title in line.section[-2:] if not _ASIDE_SECTION.search(title)]
    return any(_COMMIT_SECTION.search(title) for title in titles) or bool(_PRESENTS.search(lead))


def _in_text(line: Line, path: str, own: tuple[str, ...], *, listed: bool) -> Iterator[HashMention]:
    bases = set(ranges_in(line.text).values())
    for match in hex_words(line.text):
        before, after = line.text[: match.start()], line.text[match.end() :]
        subject = _subject(before, after)
        if not _says_commit(line, before, after, subject, listed=listed):
            if _LOOKED_AT.search(before[-_NEAR:]):
                role = Role.BASE if match[0] in bases else role_in_words(before, after) or Role.OTHER
                yield HashMention(match[0], role, None, "", FileRef(path, line.number), context_of(line))
            continue
        role = Role.BASE if match[0] in bases else _role(line, before, after, listed=listed)
        about = about_own(subject, own)
        named = steps_of_subject(subject)
        if named and about is None:
            role, about = (Role.OTHER if role is not Role.BASE else role), named[0]
        elif (ahead := _owner_ahead(before)) and not any(same_step(step, mine) for step in ahead for mine in own):
            role, about = (Role.OTHER if role is not Role.BASE else role), ahead[-1]
        elif role is Role.OTHER:
            others = [step for step in steps_in(before) if not any(same_step(step, other) for other in own)]
            if named and about:
                role = Role.OWN
            else:
                about = others[-1] if others else None
        elif role is Role.OWN and about is None:
            about = own[0] if own else None
        yield HashMention(match[0], role, about, subject, FileRef(path, line.number), context_of(line))


def _owner_ahead(before: str) -> tuple[str, ...]:
    """Return the steps to which the words right before a hash give it: `raised in Cycle 3.1 (commit a1b2c3d)`."""
    match = _OWNER_AHEAD.search(before)
    return steps_in(match["step"]) if match else ()


def role_in_words(before: str, after: str) -> Role | None:
    """Return the role that the words around a hash state, None if only its place can tell.

    A hash that was amended, squashed or rebased away is a quotation. A commit that the work started from, or was
    compared with, is its base.
    """
    if _AMENDED_AWAY.match(after):
        return Role.QUOTATION
    if _RANGE_TO.match(after):
        return Role.BASE
    return Role.BASE if _BASE.search(_sentence(before)[-_NEAR:]) else None


def _sentence(before: str) -> str:
    return re.split(r"[.;]\s", before)[-1]


def _says_commit(line: Line, before: str, after: str, subject: str, *, listed: bool) -> bool:
    label = line.label
    if (label and _COMMIT_LABEL.search(label[0])) or _LONG_LABEL.search(before):
        return True
    if _SAYS_COMMIT.search(before[-_NEAR:]) or (line.kind == "heading" and _COMMIT_SECTION.search(line.text)):
        return True
    if _ENFORCED_BY.search(before[-_NEAR:]):
        return True
    in_section = listed or any(_COMMIT_SECTION.search(title) for title in line.section[-2:])
    leads = _LEADS.fullmatch(before) is not None
    ends = _ENDS_BEFORE.search(before[-_NEAR:]) is not None and _ENDS_AFTER.match(after) is not None
    return (in_section and (leads or ends)) or (
        leads and bool(subject) and bool(_SUBJECT_START.match(subject)) and bool(steps_of_subject(subject))
    )


def _role(line: Line, before: str, after: str, *, listed: bool) -> Role:
    """Return what a hash in running text is used for: by the words around it, its label, and its section."""
    if stated := role_in_words(before, after):
        return stated
    sentence = _sentence(before)
    labelled = line.label is not None and _COMMIT_LABEL.search(line.label[0]) is not None
    labelled = labelled or listed or _LONG_LABEL.search(before) is not None
    if line.label and not labelled and _BASE.search(line.label[0]):
        return Role.BASE
    aside = any(_ASIDE_SECTION.search(title) for title in line.section[-2:])
    if not labelled and (aside or (_OTHERS_WORK.search(sentence) and line.kind != "heading")):
        created = re.search(r"\b(?:created|made|committed)\b[^.]{0,30}$", sentence, re.IGNORECASE)
        return Role.OWN if created and not aside else Role.OTHER
    if labelled or any(_COMMIT_SECTION.search(title) for title in line.section[-2:]):
        return Role.OWN
    return Role.OWN if re.search(r"\bcommit(?:ted)?\b|\bhash\b|提交", sentence[-50:], re.IGNORECASE) else Role.OTHER


def _subject(before: str, after: str) -> str:
    """Return the commit subject a report gives beside a hash, empty if it gives none."""
    match = _AFTER.match(after)
    text = (match["paren"] or match["text"] or "").strip(" `*.\"'") if match else ""
    introduced = _INTRODUCED.match(after) or _LEADS.fullmatch(before)
    if text and (_SUBJECT_START if introduced else _BARE_SUBJECT).match(text):
        return text
    ahead = _BEFORE.search(before)
    return ahead["text"].strip() if ahead else ""
