"""Lines that the plan writes out for one step alone, and that only another step's commit contains."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from forensics.casework.isolation.between import is_between
from forensics.casework.isolation.lineage import Lineage, is_same_step
from forensics.casework.isolation.taken_plan_files import named_files
from forensics.model.case import Case, StepDossier
from forensics.model.claim import Confidence
from forensics.model.history import Commit
from forensics.model.steps import canonical

# As for swept lines: two steps that fix the same bug write three or four equal lines, whatever their plans say.
_FEWEST = 5
# Words of a commit message that may be a step's id: `03-02`, `1.4`.
_ID = re.compile(r"\w+(?:[.-]\w+)*")


@dataclass(frozen=True, slots=True)
class TakenPlanLines:
    """`carrier`, certainly `step`'s commit, adds lines of `owner`'s plan; `files` are (path, number of these lines)."""

    carrier: Commit
    step: str
    owner: str
    files: tuple[tuple[str, int], ...]


def taken_plan_lines(case: Case, lineage: Lineage) -> tuple[TakenPlanLines, ...]:
    """Return the taken lines by carrier: the owner committed before and after it, so both worked at the same time."""
    alone = _written_out(case)
    found = [
        taken
        for owner in case.dossiers
        if alone.get(owner.id)
        for taken in _taken(case, lineage, owner, alone[owner.id])
    ]
    return tuple(sorted(found, key=lambda taken: (taken.carrier.place_in_time, taken.step, taken.owner)))


def _written_out(case: Case) -> Mapping[str, Set[str]]:
    """Return the lines of code that the plan writes out for each step and for no other one."""
    specs = (*case.plan.steps, *case.plan.alternatives)
    times = Counter(line for spec in specs for line in spec.code)
    return {spec.id: {line for line in spec.code if times[line] == 1} for spec in case.plan.steps}


def _taken(case: Case, lineage: Lineage, owner: StepDossier, lines: Set[str]) -> Iterator[TakenPlanLines]:
    own, named = [work.commit for work in (*owner.commits, *owner.elsewhere)], named_files(owner)
    written = {line for work in own for line in lineage.distinctive_lines(work.sha)}
    for step, commit in _others(case, owner):
        if commit in own or not is_between(commit, own):
            continue
        added = lineage.distinctive_lines(commit.sha) - written
        # in a file that the owner has nothing to do with, equal lines are the language's own: `try {`, a query's columns
        taken = [path for path, text in added if text in lines and path in named]
        if len(taken) >= _FEWEST and not _speaks_of(commit, owner.id):
            yield TakenPlanLines(commit, step, owner.id, tuple(sorted(Counter(taken).items())))


def _others(case: Case, owner: StepDossier) -> Iterator[tuple[str, Commit]]:
    """Yield the commits that are certainly another step's, with that step."""
    for step in case.dossiers:
        if not is_same_step(owner.id, step.id):
            yield from ((step.id, work.commit) for work in step.commits if work.confidence is Confidence.CERTAIN)


def _speaks_of(commit: Commit, step: str) -> bool:
    """Return whether a commit's message names a step: who says that it has another step's work hides nothing."""
    return any(canonical(word) == step for word in _ID.findall(f"{commit.subject}\n{commit.body}"))
