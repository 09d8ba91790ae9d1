"""Write the figures as Markdown: `docs/accuracy.md`, and what the terminal shows."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from accuracy.agreement import Agreement, Compared, Judged, is_accusation
from accuracy.injected import ANY, WAYS, Rate
from accuracy.scores import Scores, score

ABOUT = """\
# Accuracy

`make accuracy CLONES=DIR` writes this page: how often `forensics` is right on public repositories whose history was read
by hand, and on generated histories with injected faults. Its misses are listed too.

## What is measured

The labels are in `accuracy/labels/`, one file per repository and one fact per line: the revision, the run, the place, the
subject, the label and the reason for it. They were made by reading git and the reports before looking at the tool's output. The
exception are findings that no label covered: some were checked in git afterwards, and labelled true or false. There are four sorts:

| sort | the fact | labels |
|---|---|---|
| claim | what a hash in a report is | confirmed, elsewhere, rewritten, missing: claimed as the run's own work, and that is the truth; other: the commit of another plan, a base, context; nothing: not a commit id |
| finding | whether a step did what a rule accuses it of | true; false: it looks alike but is innocent |
| red | whether the test of a step failed before its code was written | violated, kept, not told |
| step | what became of a step | landed, partly, elsewhere, not started |

Each labelled run is analysed once, without transcripts. Precision counts the labelled findings of medium severity or above
that are true. One that blames another step than the label does is false. Recall counts the labelled faults that are found.
Findings that no label covers are listed apart and never counted as right. Each proportion has its Wilson interval at 95 %.

There are two figures for everything. The rules were developed with the **tuned** repositories, so they are expected to be right
there. Files named `OWNER+NAME+named.csv` hold cases that the tool once got wrong: they are not a fair sample, and count against it until
each is fixed. The repositories set **aside** were labelled as well, but nobody looked at their output while rules changed. Expect the
second figure on a repository of yours.

The six repositories that were set aside first are among the tuned ones since somebody looked at them. Those set aside now were
labelled before the rules last changed, by people who had never seen the tool, and measured on 2026-11-21. After that run the
instrument alone learned to read labels such as `Phase 1 Task 2`. Some runs were chosen because their hashes are broken, which makes
the figures worse than a random draw would.
"""
INJECTED = """\
A run of tickets is generated, the fault is put into it, and the repository is analysed as a real one. *Told* counts the faults
that a finding of medium severity or above reports; *right step*, those where it also blames the right step. The clean pair is the same run
without the fault; *silent* counts those without any finding of medium severity or above. Where the
owner has no copy, its work and the swept file import each other. Git cannot show whose a file is that nothing imports.
"""
Comparisons = Mapping[str, Compared]


def page(comparisons: Comparisons, rates: Sequence[Rate]) -> str:
    """Return the whole page."""
    return "\n".join([ABOUT, *_figures(comparisons, rates), *_lists(comparisons, quoting=False)]).rstrip() + "\n"


def summary(comparisons: Comparisons, rates: Sequence[Rate]) -> str:
    """Return what the terminal shows: the figures, and every disagreement."""
    return "\n".join([*_figures(comparisons, rates), *_lists(comparisons, quoting=True)]).rstrip() + "\n"


def _figures(comparisons: Comparisons, rates: Sequence[Rate]) -> Iterator[str]:
    scores = {name: score(compared) for name, compared in comparisons.items()}
    for name, counted in scores.items():
        yield f"## {name.capitalize()}: {counted.labels} labels in {counted.repositories} repositories\n"
        yield from _one_set(counted)
    if rates:
        yield "## Injected faults\n"
        yield INJECTED
        totals = [rate for rate in rates if ANY in (rate.fault, rate.way)]
        yield from _table(
            ("fault", "landed by", "told", "right step", "clean pair silent"),
            [(rate.fault, rate.way, rate.told, rate.right, rate.silent) for rate in totals],
        )
        cells = {(rate.fault, rate.way): f"{rate.right.part}/{rate.right.whole}" for rate in rates}
        faults = dict.fromkeys(rate.fault for rate in rates if rate.fault != ANY)
        yield from _table(
            ("right step, by fault and landing", *WAYS),
            [(fault, *(cells[fault, way] for way in WAYS)) for fault in faults],
        )


def _one_set(counted: Scores) -> Iterator[str]:
    yield from _table(
        ("measure", "result"),
        [
            *((f"precision, {name}", found) for name, found in counted.by_severity.items()),
            *((f"precision, *{word}*", found) for word, found in counted.by_confidence.items()),
            ("innocent look-alikes not accused", counted.innocent_cleared),
            ("RED violations found", counted.red_recall),
            ("RED violations reported that are real", counted.red_precision),
            ("claimed commits seen", counted.claims_seen),
            ("claimed commits checked as the run's own work", counted.claims_own),
            ("claims with the right verdict", counted.claims_right),
            *((f"verdicts on claims, *{word}*, right", found) for word, found in counted.claims_by_confidence.items()),
            ("commits wrongly called missing or another step's", counted.claims_accused),
            ("steps with the right verdict", counted.steps_right),
            ("steps said to be not known", counted.steps_open),
            ("started steps called not started", counted.steps_called_not_started),
        ],
    )
    rules = [(rule.code, rule.precision, rule.recall, rule.unlabelled) for rule in counted.by_rule]
    yield from _table(("rule", "precision", "recall", "findings without a label"), rules)
    yield from _crossed("claims", counted.claims)
    yield from _crossed("steps", counted.steps)


def _crossed(what: str, counts: Counter[tuple[str, str]]) -> Iterator[str]:
    """Yield a table of labels by what the tool said."""
    said = sorted({said for _, said in counts})
    rows = [
        (label, *(counts[label, verdict] or "" for verdict in said)) for label in sorted({label for label, _ in counts})
    ]
    if rows:
        yield from _table((f"{what} by label", *(f"said: {verdict}" for verdict in said)), rows)


def _lists(comparisons: Comparisons, *, quoting: bool) -> Iterator[str]:
    """Yield what differs; the published page is not `quoting`, because the repositories' texts are not ours to publish."""
    for name, compared in comparisons.items():
        wrong = [found for found in compared.agreements if not found.right and not found.open]
        yield f"## {name.capitalize()}: {len(wrong)} disagreements\n"
        yield from (_disagreement(found, quoting=quoting) for found in wrong)
        unknown = [found for found in compared.agreements if found.open]
        if unknown:
            yield f"\n## {name.capitalize()}: {len(unknown)} facts that the tool says it does not know\n"
            yield from (_disagreement(found, quoting=quoting) for found in unknown)
        unlabelled = [found for found in compared.judged if found.true is None and is_accusation(found.finding)]
        yield f"\n## {name.capitalize()}: {len(unlabelled)} findings of medium or above without a label\n"
        yield from (_unlabelled(found, quoting=quoting) for found in unlabelled)
        if compared.left_out:
            yield f"\n## {name.capitalize()}: not measured\n"
            yield from (f"- {what}: {why}" for what, why in compared.left_out.items())
        yield ""


def _disagreement(found: Agreement, *, quoting: bool) -> str:
    label = found.label
    said = found.said if quoting else found.said.partition(":")[0]
    at = f"{label.repository} {label.revision[:10]} {label.run} · {label.place}"
    return (
        f"- `{_plain(at)}`: {label.sort} `{_plain(label.subject)}` is **{label.label}** ({_quoted(label.why)});"
        f" said: {_quoted(said)}"
    )


def _unlabelled(found: Judged, *, quoting: bool) -> str:
    run, finding = found.said.run, found.finding
    at = f"{run.repository} {run.revision[:10]} {run.run} · {', '.join(finding.steps[:3])}"
    message = f": {_quoted(finding.message)}" if quoting else ""
    return f"- `{_plain(at)}`: {finding.code} {finding.severity}, {finding.confidence}{message}"


def _quoted(text: str) -> str:
    """Return foreign text as a quotation of bounded length: Markdown must not act on it."""
    words = _plain(" ".join(text.split()))
    return f"`{words[:260]}{'…' if len(words) > 260 else ''}`" if words else "–"


def _plain(text: str) -> str:
    return text.replace("`", "'").replace("|", "¦")


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(str(cell) for cell in row) + " |"
    yield ""
