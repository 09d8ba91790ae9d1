"""The recovery plan as text for a terminal."""

import shlex
from collections.abc import Mapping, Sequence
from textwrap import wrap

from forensics.model.finding import MisplacedWork
from forensics.model.postmortem import Rescue
from forensics.model.prose import count, duration, listing, quote, short, steps_named
from forensics.model.recovery import Kept, LeftOut, Lost, Outcome, Pick, Recovery, TestResult
from forensics.render.recovery_rebuilt import TITLE, rebuilt_commands, rebuilt_entries

# Columns: wide enough for a path, narrow enough for a terminal beside an editor.
WIDTH = 100
_GAPS = 6  # a store of months has dozens of unreadable lines; the document has all of them
_RECORDS = 4  # addresses per lost commit: transcripts can name it dozens of times
_OUTCOMES: Mapping[Outcome | None, str] = {
    None: "not tried",
    Outcome.APPLIED: "applies",
    Outcome.THERE_ALREADY: "changes nothing: the branch already has its content",
    Outcome.CONFLICT: "left out, conflicts",
    Outcome.REFUSED: "left out, does not apply",
}


def render_recovery(rescue: Rescue, width: int = WIDTH) -> str:
    """Return the plan as plain text; only commands may be wider than `width`."""
    plan = rescue.recovery
    where = f" on {quote(rescue.run.branch)}" if rescue.run.branch else ""
    lines = [f"{rescue.run.name}, checked against {rescue.run.head[:10]}{where}", "", *wrap(plan.note, width)]
    for title, entries in (("Stays on the branch", _kept(plan.stays)), *paragraphs(plan)):
        lines += ["", title] if entries else []
        for number, text in enumerate(entries, start=1):
            mark = f"{number:>3}. " if title.startswith("Pick") else "  "
            lines += _entry(text, width, mark)
    lines += [*_rebuilt(rescue, width), *_unread(rescue, width)]
    if plan.test:
        lines += ["", "Tests", *_entry(_test(plan.test, rescue), width, "  ")]
        lines += [] if plan.test.passed else ["", *(f"  | {line}" for line in plan.test.output)]
    rebuilding = rebuilt_commands(rescue.rebuilt or (), plan.onto, plan.branch, shlex.quote(rescue.run.plan))
    if commands := (*plan.commands, *rebuilding):
        lines += ["", "Commands"]
        for command in commands:
            lines += [f"  # {_flat(command.purpose)}", f"  {_flat(command.line)}"]
    lines += ["", *wrap(f"Claimed commits: {rescue.searched}.", width)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _rebuilt(rescue: Rescue, width: int) -> list[str]:
    """Return the paragraph on rebuilt commits; nothing if they were not asked for."""
    if rescue.rebuilt is None:
        return []
    lines = ["", f"{TITLE}, onto {rescue.recovery.onto[:10]}"]
    for number, (text, files) in enumerate(rebuilt_entries(rescue.rebuilt), start=1):
        lines += _entry(text, width, f"{number:>3}. ")
        for file in files:
            lines += _entry(file, width, "       ")
    return (
        lines
        if rescue.rebuilt
        else [*lines, *_entry("the transcripts that were read show no commit that git lacks", width, "  ")]
    )


def _unread(rescue: Rescue, width: int) -> list[str]:
    """Return what could not be examined, where transcripts were asked for: what they show is then not all there is."""
    if rescue.rebuilt is None or not rescue.gaps:
        return []
    lines = ["", "Not examined"]
    for gap in rescue.gaps[:_GAPS]:
        lines += _entry(gap.what, width, "  ")
    return [*lines, f"  and {count(len(rescue.gaps) - _GAPS, 'more gap')}"] if len(rescue.gaps) > _GAPS else lines


def _entry(text: str, width: int, mark: str) -> list[str]:
    """Return one entry of a list, wrapped, its further lines indented."""
    indent = " " * (len(mark) + 2)
    return wrap(text, width, initial_indent=mark, subsequent_indent=indent, break_on_hyphens=False)


def paragraphs(plan: Recovery) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what the plan says about single commits, as titles with prose; the postmortem has them too."""
    everything = (
        (f"Pick onto {plan.onto[:10]}, in this order", tuple(map(_pick, plan.picks))),
        ("Stays in another step's commit", tuple(map(_misplaced, plan.foreign))),
        ("Not picked", tuple(map(_left, plan.left))),
        ("Not in this clone", tuple(map(_lost, plan.lost))),
    )
    return tuple((title, entries) for title, entries in everything if entries)


def _kept(stays: Sequence[Kept]) -> list[str]:
    """Return one paragraph per verdict, with its steps and their commits."""
    groups: dict[str, list[str]] = {}
    for kept in stays:
        groups.setdefault(kept.verdict, []).append(f"{kept.step} ({' '.join(map(short, kept.commits))})")
    return [f"{verdict}: {listing(steps, limit=len(steps))}" for verdict, steps in groups.items()]


def _where(source: str | None) -> str:
    return f"on {quote(source)}" if source else "no ref reaches it"


def _pick(pick: Pick) -> str:
    files = f" in {listing(map(quote, pick.files))}" if pick.files else ""
    note = f"; {pick.note}" if pick.note else ""
    return f"{_named(pick)}: {_OUTCOMES[pick.outcome]}{files}{note} ({_where(pick.source)}; {pick.why})."


def _named(commit: Pick | LeftOut) -> str:
    steps = steps_named(commit.steps) if commit.steps else "plan and reports"
    return f"{short(commit.commit)} {steps}, {quote(commit.subject, 80)}"


def _misplaced(work: MisplacedWork) -> str:
    files = listing(
        f"{quote(path)} ({count(lines, 'line')})" if lines is not None else quote(path) for path, lines in work.files
    )
    home = f"belongs to {short(work.home)}" if work.home else "has no commit of its own"
    return f"{short(work.commit)} holds work of step {work.owner} that {home}{': ' + files if files else ''}. Keep it."


def _left(commit: LeftOut) -> str:
    return f"{_named(commit)}: {commit.why} ({_where(commit.source)})."


def _lost(lost: Lost) -> str:
    subject = f" {quote(lost.subject, 80)}" if lost.subject else ""
    step = f", step {lost.step}" if lost.step else ""
    records = listing((quote(str(ref)) for ref in lost.records), limit=_RECORDS)
    return f"{quote(lost.value, 12)}{subject}{step}: its message and content are described in {records}."


def _test(test: TestResult, rescue: Rescue) -> str:
    plan = rescue.recovery
    tried = [
        *(["the picks"] if any(pick.proven for pick in plan.picks) else []),
        *(["the rebuilt commits"] if any(offer.patch for offer in rescue.rebuilt or ()) else []),
    ]
    on = f"with {' and '.join(tried)}" if tried else f"on {plan.onto[:10]}"
    ended = f"did not finish in {duration(test.seconds)}" if test.code is None else f"exited with {test.code}"
    without = "" if test.on_base is None else f"; without them it {'passes' if test.on_base == 0 else 'fails too'}"
    return f"{quote(test.command)} {ended} {on}{without}."


def _flat(text: str) -> str:
    return " ".join(text.split())
