"""Step ids as headings, file names, commit subjects and sentences write them."""

import re

from forensics.formats.pattern_rows import Row, compiled
from forensics.model.steps import canonical, expand

_ID = r"(?:FR[-_ ]?\d{1,3}(?:\.\d{1,3})?|[A-Za-z]\.?\d{1,3}|\d{1,3}(?:\.\d{1,3}){0,2}[a-z]?)"
# Words that make the number behind them a step's id: alone it may be a version, a count or a section.
_WORD = r"(?:cycles?|steps?|tasks?)"
# What joins the ids of one list, so that `Cycle 1.6 + 1.7` is two steps.
_JOIN = r"\s*(?:\+|&|,|and|/)\s*"
# A range must end in an id (`Steps 1-3`), a list may repeat the word (`Cycle 1.4 + Cycle 1.5`), and *recycle 3* is no
# step.
_NAMED = re.compile(
    rf"(?<![A-Za-z])(?P<word>{_WORD})[ _]?\s*(?P<first>{_ID})(?![A-Za-z])"
    rf"(?:(?P<dash>\s*(?:–|—|-|to|through)\s*)(?P<last>{_ID})(?![\w.]*\w)|"
    rf"(?P<more>(?:{_JOIN}(?:{_WORD}\s*)?{_ID}(?![\w]|\.\d))+))?",
    re.IGNORECASE,
)
# The words are taken out of a list first: the end of `step2` would be an id with a letter (`p2`).
_ONE = re.compile(_ID)
# How files are named after a step, at the name's beginning: `notes-on-step-3.md` is about a step, and not the step's.
FILES = (
    Row(
        r"(?:execution[-_])?(?:step|cycle|task)[-_]?(?P<id>(?:fr)?\d+(?:[.\-_]\d+){0,2}(?:[a-z](?![a-z]))?|[a-z]\d+)",
        "cycle-1.3-execution.md",
        "step reports",
    ),
    Row(r"(?P<requirement>fr[-_]?\d+(?:[.\-_]\d+)?)", "fr-6.1.md", "plans by requirement"),
    Row(r"phase[-_]?(?P<phase>\d+)[-_](?:step|cycle)[-_]?(?P<within>\d+)", "phase1-step7.md", "older step reports"),
)
# The number must be whole: an expression that fails further on would else give digits back.
_FILE = compiled(FILES, "^", "(?![0-9])")
# Scopes of conventional commits that name a step. Two numbers, or the word *quick*: `fix(3)` and `feat(v2)` may be
# anything.
SCOPES = (
    Row(
        r"(?:phase[-_ ]?|plan[-_ ]?)?(?P<phase>\d{1,3}(?:\.\d{1,3})*[A-Za-z]?)-(?P<plans>\d{1,3}[a-z]?(?:\s*,\s*\d{1,3})*)",
        "12.6-01",
        "commits of GSD plans",
    ),
    Row(r"quick-(?P<quick>\d{1,3})", "quick-7", "commits of GSD quick tasks"),
)
# The whole scope, behind any type: `chore(2026-03-02)` is a day.
_SCOPE = compiled(SCOPES, r"^\W*\w+\(", r"\)!?:")
# `Update the hooks (Phase 3.1)`: without a word for the step, a phase's number with a point is the step's. GSD's phases may have
# a point too (`Phase 12.1: …`), which no id of its steps equals.
_PHASED = re.compile(r"\bphase\s+(?P<id>\d{1,3}\.\d{1,3})(?![\w.-]*\d)", re.IGNORECASE)
# `(Phase 4 Step 3 - …)`: a plan that numbers its steps from 1 in each phase calls it 4.3, one that counts through calls it 3.
_IN_PHASE = re.compile(rf"\bphase\s+(?P<phase>\d{{1,3}})[\s,:/–—-]+{_WORD}\s+(?P<id>\d{{1,3}})(?![\w.])", re.IGNORECASE)
# `Phase 2 (tasks 1-4)`: the same for several steps of a phase.
_MANY_IN_PHASE = re.compile(r"\bphase\s+(?P<phase>\d{1,3})\s*\((?=(?:cycles|steps|tasks)\s)", re.IGNORECASE)
# Not `Phase 4.1`, which is a step.
_PHASE = re.compile(r"\bphase\s+(?P<phase>\d{1,3})(?![\w.]*\d)", re.IGNORECASE)
# How launches name a plan of a phase. Both numbers are needed: `plan 2` alone is one in every phase.
PLANS_IN_WORDS = (
    Row(
        r"plan\s+(?P<plan>\d{1,3})\s+(?:of|in|for|from)\s+phase\s+(?P<phase>\d{1,3}(?:\.\d{1,3})?)",
        "plan 01 of phase 12.2",
        "launches of GSD executors",
    ),
    Row(
        r"phase\s+(?P<first>\d{1,3}(?:\.\d{1,3})?)(?:\s*[,:(–-]\s*|\s+)plan\s+(?P<then>\d{1,3})(?!-|\.?\d)",
        "Phase 12.2, plan 01",
        "launches of GSD executors",
    ),
    Row(
        r"plan\s+`?(?P<id>\d{1,3}(?:\.\d{1,3})?-\d{1,3})(?:-PLAN(?:\.md)?)?(?![\w-]|\.\d)",
        "plan 12.2-01",
        "launches of GSD executors",
    ),
)
# Each row ends by itself: `plan 2026-03-04` is a day.
_PLAN_IN_WORDS = compiled(PLANS_IN_WORDS, r"\b", "")
# An id without a word, with a point and a mark behind it: `1.2: Extract the helper`. `1.2.3 is out` and `3 files` are
# not ids.
_LEADING = re.compile(r"^\W*(?P<id>\d{1,3}\.\d{1,3}(?:\.\d{1,3})?)\s*[:\-–—]\s")


def steps_in(text: str) -> tuple[str, ...]:
    """Return the steps a text names with a word (`Cycle 1.3`, `Steps 5.2-5.8`, `Cycle 1.6 + 1.7`), in order."""
    found: list[str] = []
    for match in _NAMED.finditer(text):
        first, plural = canonical(match["first"]), match["word"].lower().endswith("s")
        if match["last"] and (plural or "." in match["first"]):
            found += expand(match["first"], match["last"])
        elif match["last"] and match["dash"] == "-":
            found.append(canonical(f"{first}.{match['last']}"))
        else:
            found.append(first)
            found += [other for other in _more(match["more"] or "") if _is_id(other, first, plural=plural)]
    return tuple(dict.fromkeys(found))


def plans_in(text: str) -> tuple[str, ...]:
    """Return the steps that a text names as plans of phases: `12.2.1` of *plan 01 of phase 12.2*."""
    found = (
        match["id"] or f"{match['phase'] or match['first']}-{match['plan'] or match['then']}"
        for match in _PLAN_IN_WORDS.finditer(text)
    )
    return tuple(dict.fromkeys(map(canonical, found)))


def _more(text: str) -> list[str]:
    return [canonical(step) for step in _ONE.findall(re.sub(_WORD, " ", text, flags=re.IGNORECASE))]


def _is_id(text: str, first: str, *, plural: bool) -> bool:
    """Return whether a number after an id is another id: `Cycle 1.4, 3 tests` names one step."""
    return text.count(".") == first.count(".") and (plural or "." in first)


def step_of_heading(title: str) -> tuple[str, ...]:
    """Return the steps a heading is about: those before its colon or dash, not those it mentions later."""
    head = re.split(r":\s|\s[—–-]\s", title, maxsplit=1)[0]
    if re.match(r"^(?:execution report|report|notes)$", head.strip(), re.IGNORECASE):
        head = title
    steps = steps_in(head)
    if steps:
        return steps
    leading = _LEADING.match(title)
    return (canonical(leading["id"]),) if leading else ()


# `Title [2026-01-30]`, `Title (2026-01-30 12:00)`: what a heading has behind its title.
_BEHIND_TITLE = re.compile(r"(?<!\s)\s*+(?:\[[^\]]{0,100}\]\s*|\(?\d{4}-\d\d-\d\d[T \d:Z)]*+\W*)$|^PHASE_BOUNDARY$")


def title_of_heading(title: str) -> str:
    """Return what a step heading says after its id: `title` of `Cycle 1.4: title [2026-01-30]`."""
    parts = re.split(r":\s+|\s[—–-]\s", title, maxsplit=1)
    text = parts[1] if len(parts) > 1 else title
    text = _BEHIND_TITLE.sub("", text)
    return text.strip(" ✓✅*")


def step_of_file(name: str) -> str | None:
    """Return the step a file is named after: `1.3` of `step-1-3-execution.md`, `1.7` of `phase1-step7.md`."""
    match = _FILE.match(name)
    if not match:
        return None
    return (
        canonical(found)
        if (found := match["id"] or match["requirement"])
        else canonical(f"{match['phase']}.{match['within']}")
    )


def steps_of_subject(subject: str) -> tuple[str, ...]:
    """Return the steps a commit subject names: `Cycle 1.2: …`, `WIP: Step 3 …`, `1.2: …`, `feat(12.6-01): …`.

    A scope outranks the rest: `feat(03-01): Task 2 …` is the second task of step 3.1.
    """
    scoped = scopes_in(subject)
    if scoped:
        return scoped
    if inside := _IN_PHASE.search(subject):
        return canonical(f"{inside['phase']}.{inside['id']}"), canonical(inside["id"])
    named = steps_in(subject)
    if named and (many := _MANY_IN_PHASE.search(subject)):
        return *(canonical(f"{many['phase']}.{step}") for step in named if "." not in step), *named
    if named:
        return named
    leading = _LEADING.match(subject) or _PHASED.search(subject)
    return (canonical(leading["id"]),) if leading else ()


def phase_in(subject: str) -> str | None:
    """Return the phase that a subject names: `4` of `Phase 4: …`; None for `Phase 4.1`, which is a step."""
    found = _PHASE.search(subject)
    return found["phase"] if found else None


def scopes_in(subject: str) -> tuple[str, ...]:
    """Return the steps a conventional commit's scope names: `12.6.1` of `feat(12.6-01): …`, none of `feat(ui): …`."""
    scope = _SCOPE.match(subject)
    if scope is None:
        return ()
    if scope["quick"]:
        return (canonical(scope["quick"]),)
    return tuple(canonical(f"{scope['phase']}-{plan}") for plan in scope["plans"].split(","))
