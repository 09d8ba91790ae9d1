"""One lane per agent with what it did when, above git's lane; findings are marked on their evidence."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from forensics.model.case import Case
from forensics.model.finding import Finding
from forensics.model.lane import Lane, Mark, MarkKind
from forensics.model.plan import UnitKind
from forensics.model.prose import upper_first
from forensics.model.source import CommitRef, Ref
from forensics.model.transcript import AgentRun, Launch
from forensics.narrative.happenings import Happening

# One drawing holds all marks, and a run of thousands of agents has more than a browser draws.
MOST = 2_000
# What is left out first: writes are many and alike. Unnamed kinds rank 1, marks with findings 0.
_RANKS = {MarkKind.WRITE: 3, MarkKind.RED: 2, MarkKind.GREEN: 2, MarkKind.TESTS: 2}


@dataclass(frozen=True, slots=True)
class _Draft:
    """A mark of the lane with this number, and the reports that a commit added: findings may cite them."""

    lane: int
    mark: Mark
    reports: frozenset[str] = frozenset()


def lanes(case: Case, happened: Iterable[Happening], findings: Sequence[Finding], most: int = MOST) -> tuple[Lane, ...]:
    """Return one lane per agent in order of their start, and git's last; at most `most` marks in all.

    Beyond the limit, writes are left out first, then test runs; marks that a finding cites are left out last.
    """
    agents = sorted(case.transcripts.agents, key=lambda agent: (agent.start, agent.id))
    steps = {tie.agent: tie.step for tie in case.ties}
    number_of = {agent.id: number for number, agent in enumerate(agents)}
    kinds = {spec.id: spec.kind for spec in case.plan.steps}
    heads = [_head(agent, steps.get(agent.id), kinds) for agent in agents]
    heads += [Lane("git", None, None, None, None, ())] if case.dossiers else []
    drafts = [
        _Draft(
            number_of[happening.agent.id] if happening.agent else len(agents),
            Mark(happening.moment, happening.kind, _sentence(happening.text), happening.ref),
            happening.reports,
        )
        for happening in happened
        if happening.kind
    ]
    left_out = Counter(draft.lane for draft in drafts)
    kept: dict[int, list[Mark]] = {}
    for draft in sorted(_marked(drafts, findings), key=_worth)[:most]:
        kept.setdefault(draft.lane, []).append(draft.mark)
        left_out[draft.lane] -= 1
    return tuple(
        replace(head, marks=tuple(sorted(kept.get(number, []), key=_order)), left_out=left_out[number])
        for number, head in enumerate(heads)
    )


def _sentence(text: str) -> str:
    return f"{upper_first(text.removeprefix('was '))}."


def _order(mark: Mark) -> tuple[float, str, str, int, str]:
    return mark.moment.timestamp(), mark.kind, mark.ref.place, mark.ref.line or 0, mark.text


def _worth(draft: _Draft) -> tuple[int, float, int, str, str, int, str]:
    rank = 0 if draft.mark.findings else _RANKS.get(draft.mark.kind, 1)
    moment, *rest = _order(draft.mark)
    return rank, moment, draft.lane, *rest  # type: ignore[return-value]


def _head(agent: AgentRun, step: str | None, kinds: Mapping[str, UnitKind]) -> Lane:
    launching = any(isinstance(event, Launch) for event in agent.events)
    role = f"step {step}, agent" if step else "orchestrator" if launching else "agent"
    kind = kinds.get(step or "")
    if kind in {UnitKind.SESSION, UnitKind.AGENT}:  # the unit is the agent
        role = str(kind)
    # Agents' ids are hashes or UUIDs, told apart by their first 8 digits; the lane's name has no room for all of one.
    return Lane(f"{role} {agent.id[:8]}", agent.id, step, agent.start, agent.end, ())


def _marked(drafts: Sequence[_Draft], findings: Sequence[Finding]) -> list[_Draft]:
    """Add each finding's fingerprint to the marks it cites; if it cites none, to the commit of its report."""
    exact: dict[Ref, list[str]] = {}
    for finding in findings:
        for ref in (finding.at, *finding.related, *map(CommitRef, finding.commits)):
            exact.setdefault(ref, []).append(finding.fingerprint)
    there = {fingerprint for draft in drafts for fingerprint in exact.get(draft.mark.ref, ())}
    homeless: dict[str, list[str]] = {}
    for finding in findings:
        if finding.fingerprint not in there:
            homeless.setdefault(finding.at.place, []).append(finding.fingerprint)
    return [replace(draft, mark=_with_findings(draft, exact, homeless)) for draft in drafts]


def _with_findings(draft: _Draft, exact: Mapping[Ref, list[str]], homeless: Mapping[str, list[str]]) -> Mark:
    late = (fingerprint for path in sorted(draft.reports) for fingerprint in homeless.get(path, ()))
    found = tuple(dict.fromkeys([*exact.get(draft.mark.ref, ()), *late]))
    return replace(draft.mark, findings=found) if found else draft.mark
