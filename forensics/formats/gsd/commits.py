"""Hashes in a GSD summary, and what the summary uses each of them for."""

import re
from collections.abc import Iterator, Sequence

from forensics.formats.front_matter import Field
from forensics.formats.markdown import Line
from forensics.formats.pattern_rows import Row, compiled
from forensics.formats.reports.hashes import continues_list, opens_list, role_in_words
from forensics.formats.reports.hex_words import hex_words
from forensics.formats.reports.quoted_output import context_of
from forensics.formats.reports.tables import Row as TableRow
from forensics.formats.reports.tables import rows_in
from forensics.formats.step_ids import scopes_in
from forensics.model.report import HashMention, Role
from forensics.model.source import FileRef
from forensics.model.steps import canonical, same_step

# Places made for commits, where a hash needs no other word. The self-check lists those that the agent itself looked up.
_SECTION = re.compile(r"\bcommits?\b|\btasks? (?:completed|executed|done)\b|self[- ]check", re.IGNORECASE)
# Labels that make a hash beside them the plan's own claim. Only names that commits alone have: beside `Build` or `Key`
# other hex words stand.
LABELS = (
    Row(r"^(?:\w+ )?commits?(?: (?:hash|sha|id)(?:es)?)?$", "Task commits", "GSD summaries"),
    Row(r"^committed(?: in| as)?$", "Committed in", "GSD summaries"),
    Row(r"^hash(?:es)?$", "Hash", "GSD summaries"),
    Row(r"^plan metadata$", "Plan metadata", "GSD summaries"),
    Row(r"^(?:red|green|refactor) (?:gate|commit)$", "RED gate", "GSD summaries of test-first plans"),
    Row(r"^found(?: commits?)?$", "FOUND commit", "self-checks of GSD summaries"),
    Row(r"^(?:task )?\d+$|^task\b", "Task 1", "GSD summaries"),
)
# Words that call a hash a commit in running text. Such a hash is judged and accuses nobody, so the rows may be wide.
SAYS_COMMIT = (
    # Possessive: hundreds of brackets that nothing closes would be tried in every split.
    Row(r"\bcommits?\b[^\w(]*+(?:\([^)]*+\)?)?\W*+$", "see commit (feat) ", "GSD summaries"),
    Row(r"\bcommit(?:s|ted)?\b[^.;]{0,40}$", "committed with the tests as ", "GSD summaries"),
    Row(r"\bhash(?:es)?\b\W*$", "hash: ", "GSD summaries"),
)
# Keys for commits at any depth (`commits: - hash:`, `task_commit:`). Below other keys hex words are ids of something else.
_FIELD = re.compile(r"commit.*|.*-commits?|hash|sha")
# `src/axles.py (Task 1 commit 70e05c6, the counter)`: in a list of files, only these words make a hash a commit.
_TASK_COMMIT = re.compile(r"\btasks? [\d.+ ]+commits? $", re.IGNORECASE)
# A line that begins with the word and its hash (`Commit 70e05c6 exists`) claims it, in whatever section.
_ALONE = re.compile(r"\W*(?:final |task )?commits?(?: created| made| hash| sha)?\W*", re.IGNORECASE)
# `FOUND: a1b2c3d (Task 1)` and `git log --oneline | grep -c a1b2c3d → 1` in a fence of the self-check.
_CHECKED = re.compile(r"(?:\bFOUND\b:?(?: commit)?|\bgit (?:log|show|cat-file)\b.*)\W*$")
# The self-check says itself that a commit is not there: `MISSING: abc1234`, `abc1234 — not found`.
_GONE_BEFORE = re.compile(r"\b(?:missing|not found|absent)\b\W{0,4}(?:commit\W*)?$", re.IGNORECASE)
# Possessive: a run of tabs behind a hash would be tried in every split.
_GONE_AFTER = re.compile(r"^[`*)\]]*+\s*+[-—–:(]*+\s*+(?:missing|not found|absent)\b", re.IGNORECASE)
# The commit is another repository's, or only named by a message: this history can neither confirm nor miss it. The
# words of the subject beside a hash are not searched, because tasks themselves are about submodules and reverts.
ELSEWHERE = (
    Row(r"\.\./[\w.-]+", "in ../sibling", "GSD summaries of work in two repositories"),
    Row(
        r"\b(?:submodule|another repo\w*|other repo\w*|upstream|sibling repo\w*)\b",
        "in the submodule",
        "GSD summaries of work in two repositories or on a fork",
    ),
    Row(
        r"\bmessages? (?:contains?|cites?|mentions?|names?|references?)\b",
        "Commit message contains ",
        "self-checks of GSD summaries",
    ),
    Row(r"\b(?:cherry-pick\w*|reverted|superseded|originally)\b", "cherry-picked from", "GSD summaries"),
)
# What a file is searched for, names, or says of another repository: `grep -c "a1b2c3d" STATE.md`, `upstream_sha: a1b2c3d`.
# Self-checks list files together with what they say: `FOUND: STATE.md (references a1b2c3d as the last merge)`.
_IN_A_FILE = re.compile(
    r"`(?:grep|rg) [^`]*$|\bupstream_\w+\W*$|\b(?:references?|refers to|mentions?|cites?) (?:commits? )?[`*]*$",
    re.IGNORECASE,
)
# `03-01` is a plan; `2026-01-30` and `1.03-01.2` are not.
_PLAN_ID = re.compile(r"(?<![\w.-])(\d{1,3}(?:\.\d{1,3})?-\d{2})(?![\w-]|\.\d)")
# `from phase 2`, `during wave 1`: both in one clause give a commit to others. Alone neither does: `phase 2 is
# complete`, `from the sensor`.
_OTHER_PLAN = re.compile(
    r"\b(?:from|by|in|of|since|during|prior|previous|earlier|existing|after)\b[^.;]{0,60}$", re.IGNORECASE
)
# The units that GSD numbers; a task's number is the plan's own.
_OTHER_UNIT = re.compile(r"\b(?:plan|phase|wave|milestone)s?\s+\d", re.IGNORECASE)
# `Phase 26 commit a1b2c3d`: a plan's own commits are called its task's. `Plan 03's commits` names the plan itself by
# its number in the phase.
_UNIT_S_COMMIT = re.compile(
    r"\b(?P<unit>plan|phase|wave|milestone)\s+(?P<id>[\d.]+)(?:'s)?\s+commits?\W*$", re.IGNORECASE
)
# `SKIPPED: a1b2c3d already shipped it`: the task was not done here, so the commit is not its own. In capitals, because
# `count skipped tests` is a task's own words.
_DONE_BEFORE = re.compile(
    r"^[`*)\]]*\s*(?:\([^)]*\)\s*)?(?:had |has |was )?already (?:shipped|landed|did|done|committed|covers|implemented)\b",
    re.IGNORECASE,
)
# Only to the sentence's end: the next one may be about another task.
_SKIPPED = re.compile(r"\bSKIPPED\b[^.;]{0,80}$|\((?:skipped|not needed)\)[^.;]{0,80}$")
# `created in a1b2c3d by Plan 03-01; the entry of Plan 03-02 is there`: the nearest owner behind the hash decides.
_OWNER_BEHIND = re.compile(
    r"^[`*)\s]*\(?(?:by|from|of|in) (?:plan )?(?P<id>\d{1,3}(?:\.\d{1,3})?-\d{2})(?![\w-]|\.\d)", re.IGNORECASE
)
# `Commit a1b2c3d restored the gate, …` tells a story; `Commit a1b2c3d exists` checks a claim.
_RUNS_ON = re.compile(
    r"^[`*]*\s+(?!(?:exists?|verified|found|present|confirmed|in|on|is|was|has|created|made|and|reachable|landed|pushed)\b)[a-z]"
)
# Characters before a hash that can say whose it is: bounds the time that a line of many hashes takes.
_NEAR = 300
# Characters before a hash in which it is called a commit: `commit (feat, with the tests)` at the longest.
_SAID = 80
# Characters before a hash in which its sentence can say that the work was skipped.
_CLAUSE = 100
# The earlier hashes of a list: `(Commits from Plan 03-01: a1b2c3d, d4e5f6a)` says of each whose it is.
# Each bound is above what any list has; without them, a line of hashes or backticks is read again from each place in it.
_LISTED_BEFORE = re.compile(
    r"(?:[`*]{0,6}[0-9a-f]{7,40}[`*]{0,6}(?: \([^)]{0,100}\))?(?:\s{0,4}[,+&/]\s{0,4}(?:and )?|\s{1,4}and\s{1,4})){1,40}[`*]{0,6}$"
)
# `Commits from Plan 03-01` is about the hashes behind it; it is not their subject.
_COMMITS_OF = re.compile(r"\bcommits? (?:from|of|by|in)\b", re.IGNORECASE)
# Anchors are in the rows themselves: a label is matched whole, words stand right before the hash, and a place anywhere.
_LABEL, _SAYS, _ELSEWHERE = map(compiled, (LABELS, SAYS_COMMIT, ELSEWHERE))
# The subject before a hash is a task's bold name, or a code span with a type and a scope; other spans are files and
# commands.
_BOLD = re.compile(r"\*\*(?P<text>[^*]{3,200})\*\*")
# Other code spans before a hash are files and commands.
_TICKED = re.compile(r"`(?P<text>\w+\([^`)]*\)!?:[^`]{3,200})`")
# The brackets of a task's heading hold its claim: `### Task 1: Read the sensor (commit a1b2c3d)`, `### Fix 1 (a1b2c3d)`.
_WORK_HEADING = re.compile(
    r"^\W*(?:(?:task|fix|step|part|deviation|commit|red|green|refactor)\b|\d{1,2}[.)]\s|\[rule)", re.IGNORECASE
)
# Between the bracket and the hash only what lists of commits hold: in `(cache key 70e05c6)` the hash is something else.
_BRACKET = re.compile(
    r"(?<!\s)\s*[(\[](?:[\s`*,;:+&/]|and\b|commits?\b|feat\b|test\b|fix\b|docs\b|refactor\b|chore\b|[0-9a-f]{7,40}\b)*$",
    re.IGNORECASE,
)
# Commit subjects repeat a task's words, not its number.
_TASK_NAME = re.compile(r"^\W*(?:Task|Step)\s*[\d.]+\s*+(?:\([^)]*\)\s*+)?[:—–-]\s*", re.IGNORECASE)


def mentions_in(lines: Sequence[Line], fields: Sequence[Field], path: str, step: str) -> tuple[HashMention, ...]:
    """Return the hash mentions of one summary, in reading order.

    A hash is the step's own claim in a place made for commits (a label, a column, a section, the self-check) unless
    its words give it to another plan. A hash that running text calls a commit is another plan's work; the rest are not mentions.
    """
    found = list(_in_fields(fields, path, step))
    found += [mention for row in rows_in(lines) for mention in _in_row(row, path, step)]
    listing = False
    for line in lines:
        listing = opens_list(line) or (listing and continues_list(line))
        if line.kind == "code":
            found += _in_code(line, path, step)
        elif line.kind != "row":
            found += _in_text(line, path, step, listed=listing)
    return tuple(sorted(found, key=lambda mention: mention.ref.line or 0))


def _in_fields(fields: Sequence[Field], path: str, step: str) -> Iterator[HashMention]:
    """Read fields for commits, whose keys may be hashes (`a1b2c3d: feat(03-02): …`), and files said to be of a task's commit."""
    for field in fields:
        whole = ": ".join((*field.keys, field.value))
        named = any(_FIELD.fullmatch(key) for key in field.keys)
        for match in hex_words(whole):
            if named or (field.keys[:1] == ("key-files",) and _TASK_COMMIT.search(whole[: match.start()])):
                yield HashMention(match[0], Role.OWN, step, "", FileRef(path, field.line), whole)


def _in_row(row: TableRow, path: str, step: str) -> Iterator[HashMention]:
    line = row.line
    for index, cell in enumerate(row.cells):
        for match in hex_words(cell):
            before, after = cell[: match.start()], cell[match.end() :]
            strong = index in row.commits or _in_commit_section(line)
            if not (strong or _says_commit(before)):
                continue
            subject = row.subject_beside(index) if strong else ""
            role, about = _role(line, step, subject, before, after, strong=strong)
            yield HashMention(match[0], role, about, _plain(subject), FileRef(path, line.number), context_of(line))


def _in_text(line: Line, path: str, step: str, *, listed: bool) -> Iterator[HashMention]:
    for match in hex_words(line.text):
        before, after = line.text[: match.start()], line.text[match.end() :]
        bracket = _heading_bracket(line, before)
        subject = _subject(before[: bracket.start()] if bracket else before, after)
        labelled = line.label is not None and _LABEL.match(line.label[0].strip("* ")) is not None
        strong = (
            labelled
            or (listed and not before.strip(" *`"))
            or bracket is not None
            or _in_commit_section(line)
            or (_ALONE.fullmatch(before) is not None and not _RUNS_ON.match(after))
            or bool(scopes_in(subject))
        )
        if strong or _says_commit(before):
            role, about = _role(line, step, subject, before, after, strong=strong)
            yield HashMention(match[0], role, about, subject, FileRef(path, line.number), context_of(line))


def _in_code(line: Line, path: str, step: str) -> Iterator[HashMention]:
    """Read a quoted log: a line whose subject names this step is its own, every other shows what was there.

    What a fence shows of the self-check is judged, but accuses no step: the commits are claimed in the text.
    """
    for match in hex_words(line.text):
        before, subject = line.text[: match.start()], line.text[match.end() :].strip(" :")
        scoped = scopes_in(subject) if not before.strip(" *✓✔-") else ()
        if not scoped and not (_CHECKED.search(before) and _in_commit_section(line)):
            continue
        mine = any(same_step(scope, step) for scope in scoped)
        role = Role.OWN if mine else Role.QUOTATION if scoped else Role.OTHER
        yield HashMention(
            match[0], role, step if mine else None, _plain(subject), FileRef(path, line.number), context_of(line)
        )


def _says_commit(before: str) -> bool:
    """Return whether the words before a hash, or before the list that it stands in, call it a commit."""
    return bool(_SAYS.search(before[-_SAID:]) or _SAYS.search(_without_list(before[-_NEAR:])[-_SAID:]))


def _heading_bracket(line: Line, before: str) -> re.Match[str] | None:
    """Return the opening of the bracket in which a task's heading names its commits."""
    return _BRACKET.search(before) if line.kind == "heading" and _WORK_HEADING.match(line.text) else None


def _in_commit_section(line: Line) -> bool:
    """Return whether a section lists commits; a task's heading with a commit in it claims that one, and no word below it."""
    return any(
        _SECTION.search(title) and not (_WORK_HEADING.match(title) and any(hex_words(title)))
        for title in line.section[-1:]
    )


def _role(line: Line, step: str, subject: str, before: str, after: str, *, strong: bool) -> tuple[Role, str | None]:
    """Return what a hash is used for, and whose work it is; words of the subject beside it do not count."""
    whole = _without_list(before[-_NEAR:])
    words = _without_list((before.replace(subject, "") if subject else before)[-_NEAR:])
    clause = re.split(r"[.;,]\s", words)[-1]
    if _GONE_BEFORE.search(words[-_SAID:]) or _GONE_AFTER.match(after):
        return Role.QUOTATION, None
    if _IN_A_FILE.search(whole) or _ELSEWHERE.search(f"{clause} {after.replace(subject, '')[:80]}"):
        return Role.QUOTATION, None
    if stated := role_in_words(words, after):
        return stated, None
    if _SKIPPED.search(whole[-_CLAUSE:]) or _DONE_BEFORE.match(after):
        return Role.OTHER, None
    owner = _OWNER_BEHIND.match(after)
    if owner and not same_step(canonical(owner["id"]), step):
        return Role.OTHER, canonical(owner["id"])
    named = scopes_in(subject) or tuple(canonical(plan) for plan in _PLAN_ID.findall(f"{clause} {after[:60]}"))
    if any(same_step(other, step) for other in named):
        return (Role.OWN, step) if strong else (Role.OTHER, step)
    if named:
        return Role.OTHER, named[0]
    if _names_other_unit(clause, step):
        return Role.OTHER, None
    return (Role.OWN, step) if strong else (Role.OTHER, None)


def _without_list(text: str) -> str:
    """Return the text before a hash without the hashes that are listed with it."""
    # What joins a list stands at its end: most hashes stand alone, and the expression is slow.
    joined = text.rstrip("`*").rstrip().endswith((",", "+", "&", "/", "and"))
    return _LISTED_BEFORE.sub("", text) if joined else text


def _names_other_unit(clause: str, step: str) -> bool:
    """Return whether a clause gives the commit to another plan or phase by its number alone."""
    owner = _UNIT_S_COMMIT.search(clause[-_SAID:])
    if owner:
        phase, _, plan = step.rpartition(".")
        own = plan if owner["unit"].lower() == "plan" else phase
        return canonical(owner["id"]) not in {canonical(own), step} if own else False
    return bool(_OTHER_UNIT.search(clause) and _OTHER_PLAN.search(clause))


def _subject(before: str, after: str) -> str:
    """Return the task or commit subject beside a hash, empty if there is none."""
    # The next hash of a list does not count as a subject.
    behind = re.match(r"^[`*)\]]*\s*(?![,+&/])(?:[-—–:]\s*)?(?P<text>[^`\n]{8,200})", after)
    bold = _BOLD.search(before) or _TICKED.search(before)
    ahead = bold["text"] if bold else re.sub(r"(?<![-—–:`(\s])[-—–:`(\s]+$", "", before)
    if len(ahead) >= 8 and not _SAYS.search(before[-_SAID:]) and not _COMMITS_OF.search(ahead):
        return _plain(ahead)
    text = behind["text"].strip(" `()*") if behind else ""
    return _plain(text)


def _plain(text: str) -> str:
    return _TASK_NAME.sub("", text).strip(" `*()|:")[:200]
