"""The way back as text for a terminal, and as `forensics.recovery/1`, documented in docs/json.md."""

import json
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

from forensics.model.finding import MisplacedWork
from forensics.model.postmortem import Rescue
from forensics.model.prose import count, listing, quote, short, steps_named
from forensics.model.recovery import Kept, LeftOut, Lost, Outcome, Pick, Recovery, TestResult
from forensics.model.source import Ref

SCHEMA = "forensics.recovery/1"
WIDTH = 100
_RECORDS = 4
_OUTCOMES: Mapping[Outcome | None, str] = {
    None: "not tried",
    Outcome.APPLIED: "applies",
    Outcome.THERE_ALREADY: "changes nothing: what it brings is there already",
    Outcome.CONFLICT: "left out, conflicts",
    Outcome.REFUSED: "left out, does not apply",
}


def render_recovery(rescue: Rescue, width: int = WIDTH) -> str:
    """Return the plan as plain text; only commands may be wider than `width`."""
    plan = rescue.recovery
    where = f" on {quote(rescue.run.branch)}" if rescue.run.branch else ""
    lines = [f"{rescue.run.name}, held against {rescue.run.head[:10]}{where}", "", *wrap(plan.note, width)]
    for title, told in (("Stays on the branch", _kept(plan.stays)), *paragraphs(plan)):
        if told:
            lines += ["", title]
        for number, text in enumerate(told, start=1):
            mark = f"{number:>3}. " if title.startswith("Pick") else "  "
            rest = " " * (len(mark) + 2)
            lines += wrap(text, width, initial_indent=mark, subsequent_indent=rest, break_on_hyphens=False)
    if plan.test:
        lines += ["", "Tests", *wrap(_test(plan.test, plan), width, initial_indent="  ", subsequent_indent="    ")]
    if plan.test and not plan.test.passed:
        lines += ["", *(f"  | {line}" for line in plan.test.output)]
    if plan.commands:
        lines += ["", "Commands"]
        for command in plan.commands:
            lines += [f"  # {_flat(command.purpose)}", f"  {_flat(command.line)}"]
    lines += ["", *wrap(f"For commits, this {rescue.searched}.", width)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def paragraphs(plan: Recovery) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what the plan says of single commits, as titles with prose; the postmortem has them too."""
    everything = (
        (f"Pick onto {plan.onto[:10]}, in this order", tuple(_pick(one) for one in plan.picks)),
        ("Stays in another step's commit", tuple(_foreign(one) for one in plan.foreign)),
        ("Stays out", tuple(_left(one) for one in plan.left)),
        ("Not here", tuple(_lost(one) for one in plan.lost)),
    )
    return tuple((title, told) for title, told in everything if told)


def _kept(stays: Sequence[Kept]) -> list[str]:
    """Return one paragraph for each way in which steps stand."""
    groups: dict[str, list[str]] = {}
    for one in stays:
        groups.setdefault(one.verdict, []).append(f"{one.step} ({' '.join(short(sha) for sha in one.commits)})")
    return [f"{verdict}: {listing(told, limit=len(told))}" for verdict, told in groups.items()]


def _where(source: str | None) -> str:
    return f"on {quote(source)}" if source else "reached by no ref"


def _pick(one: Pick) -> str:
    files = f" in {listing(map(quote, one.files))}" if one.files else ""
    note = f"; {one.note}" if one.note else ""
    return f"{_named(one)}: {_OUTCOMES[one.outcome]}{files}{note} ({_where(one.source)}; {one.why})."


def _named(one: Pick | LeftOut) -> str:
    return f"{short(one.commit)} {steps_named(one.steps) if one.steps else 'paperwork'}, {quote(one.subject, 80)}"


def _foreign(one: MisplacedWork) -> str:
    files = listing(
        f"{quote(path)} ({count(lines, 'line')})" if lines is not None else quote(path) for path, lines in one.files
    )
    home = f"belongs to {short(one.home)}" if one.home else "is in no commit of its own"
    return f"{short(one.commit)} holds work of step {one.owner} that {home}{': ' + files if files else ''}. Keep it."


def _left(one: LeftOut) -> str:
    return f"{_named(one)}: {one.why} ({_where(one.source)})."


def _lost(one: Lost) -> str:
    said = f" {quote(one.subject, 80)}" if one.subject else ""
    records = listing((quote(str(ref)) for ref in one.records), limit=_RECORDS)
    return f"{quote(one.value, 12)}{said}{f', step {one.step}' if one.step else ''}: what is known of it stands in {records}."


def _test(test: TestResult, plan: Recovery) -> str:
    on = "with the picks" if any(one.proven for one in plan.picks) else f"on {plan.onto[:10]}"
    ended = f"ran out of its {count(test.seconds, 'second')}" if test.code is None else f"ended with {test.code}"
    without = "" if test.on_base is None else f"; without them it {'passes' if test.on_base == 0 else 'fails too'}"
    return f"{quote(test.command)} {ended} {on}{without}."


def _flat(text: str) -> str:
    return " ".join(text.split())


def render_recovery_json(rescue: Rescue) -> str:
    """Return the document as indented JSON in UTF-8."""
    run = rescue.run
    document = {
        "schema": SCHEMA,
        "run": {
            "name": run.name,
            "plan": run.plan,
            "head": run.head,
            "branch": run.branch,
            "revision": run.revision,
        },
        **dict(recovery_fields(rescue.recovery)),
        "searched": rescue.searched,
        "gaps": [{"what": gap.what, "at": _at(gap.ref) if gap.ref else None} for gap in rescue.gaps],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def recovery_fields(plan: Recovery) -> Iterator[tuple[str, Any]]:
    """Yield the plan's public fields; the postmortem has the same under `recovery`."""
    yield "resume_at", plan.resume_at
    yield "base", plan.base
    yield "sound", plan.sound
    yield "note", plan.note
    yield "commands", [{"purpose": one.purpose, "command": one.line} for one in plan.commands]
    yield "onto", plan.onto
    yield "proposed_branch", plan.branch
    yield "stays", [{"step": one.step, "verdict": one.verdict, "commits": one.commits} for one in plan.stays]
    yield (
        "picks",
        [{**_off(one), "outcome": one.outcome, "files": one.files, "note": one.note or None} for one in plan.picks],
    )
    yield "foreign", [foreign_fields(one) for one in plan.foreign]
    yield "left_out", [_off(one) for one in plan.left]
    yield (
        "lost",
        [
            {
                "value": one.value,
                "step": one.step or None,
                "subject": one.subject,
                "records": [_at(ref) for ref in one.records],
            }
            for one in plan.lost
        ],
    )
    yield "tree", plan.tree
    yield "test", _test_fields(plan.test) if plan.test else None
    yield "failure", plan.failure or None


def foreign_fields(one: MisplacedWork) -> dict[str, Any]:
    """Return the public fields of work that lies in another step's commit."""
    return {
        "commit": one.commit,
        "owner": one.owner,
        "home": one.home,
        "files": [{"path": path, "lines": lines} for path, lines in one.files],
    }


def _off(one: Pick | LeftOut) -> dict[str, Any]:
    return {"commit": one.commit, "steps": one.steps, "subject": one.subject, "source": one.source, "why": one.why}


def _test_fields(test: TestResult) -> dict[str, Any]:
    return {
        "command": test.command,
        "exit_code": test.code,
        "timed_out": test.code is None,
        "seconds": test.seconds,
        "exit_code_on_base": test.on_base,
        "output": test.output,
    }


def _at(ref: Ref) -> dict[str, Any]:
    return {"path": ref.place, "line": ref.line}
