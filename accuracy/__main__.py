"""`python -m accuracy CLONES`: compare the tool with the labels and print the figures and every disagreement."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from accuracy.agreement import Compared, compare
from accuracy.injected import measured
from accuracy.labels import Label, LabelError, read_labels
from accuracy.page import page, summary
from accuracy.runs import Run, absent, analysed, runs_of, wrong_places
from accuracy.sessions import sections
from accuracy.sets import NAMES, check_listed, read_sets

_HERE = Path(__file__).parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison; return 2 for labels that cannot be read."""
    options = _parser().parse_args(arguments)
    try:
        sets = read_sets(_HERE / "sets.toml")
        labels = [label for label in read_labels(options.labels) if options.repository in ("", label.repository)]
        check_listed({label.repository for label in labels}, sets)
    except LabelError as error:
        print(error, file=sys.stderr)
        return 2
    comparisons = {
        name: compared(wanted, options.clones)
        for name in NAMES
        if options.only in ("", name) and (wanted := [label for label in labels if sets[label.repository] == name])
    }
    rates = measured(options.injected) if options.injected else ()
    more = sections(options.clones, options.labels / "messages", sets, options.only) if options.sessions else ""
    print(summary(comparisons, rates), more, sep="\n")
    if options.output:
        options.output.write_text(f"{page(comparisons, rates).rstrip()}\n{more}".rstrip() + "\n", encoding="utf-8")
    return 0


def compared(labels: Sequence[Label], clones: Path) -> Compared:
    """Analyse the labelled runs of one set and compare; what is not there is left out with the reason, never counted."""
    runs, found = runs_of(labels), Compared()
    missing = absent(runs, clones)
    found.left_out = {_named(run): why for run, why in missing.items()}
    there = [run for run in runs if run not in missing]
    usable = [label for label in labels if Run(label.repository, label.revision, label.run) in there]
    wrong = wrong_places(usable, clones)
    found.left_out |= {label.origin: why for label, why in wrong.items()}
    for said in analysed(there, clones):
        print(f"  {_named(said.run)}", file=sys.stderr)
        own = [label for label in usable if _run(label) == said.run and label not in wrong]
        if said.failure:
            found.left_out[_named(said.run)] = said.failure
        else:
            compare(said, own, found)
    return found


def _run(label: Label) -> Run:
    return Run(label.repository, label.revision, label.run)


def _named(run: Run) -> str:
    return f"{run.repository} {run.revision[:10]} {run.run}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m accuracy", description=main.__doc__)
    parser.add_argument("clones", type=Path, help="folder with the clones, each as OWNER+NAME")
    parser.add_argument("--only", choices=("", *NAMES), default="", help="measure only this set")
    parser.add_argument("--labels", type=Path, default=_HERE / "labels", help="folder with the label files")
    parser.add_argument("--repository", default="", help="measure only this repository (OWNER/NAME)")
    parser.add_argument("--injected", type=int, default=5, help="generated runs per fault and way of landing (0: none)")
    parser.add_argument("--sessions", action="store_true", help="also measure final messages and rebuilt commits")
    parser.add_argument("-o", "--output", type=Path, help="also write the page to this file")
    return parser


if __name__ == "__main__":
    sys.exit(main())
