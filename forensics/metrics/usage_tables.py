"""What a run cost: tables by step and by model, totals, and the shares of retries and recovery."""

from collections.abc import Sequence

import pandas as pd

from forensics.casework.agents.asked import launched_unasked
from forensics.metrics.periods import most_at_once
from forensics.model.case import Case
from forensics.model.finding import Finding
from forensics.model.postmortem import Metrics, UsageLine, UsageTotal
from forensics.model.steps import step_key
from forensics.model.transcript import AgentRun, Tokens
from forensics.narrative.standing import first_violation

UNATTRIBUTED = "unattributed"
_KINDS = ["input", "output", "cache_read", "cache_write_5m", "cache_write_1h"]


def measure(case: Case, lines: Sequence[UsageLine], later: Sequence[UsageLine], findings: Sequence[Finding]) -> Metrics:
    """Return a run's metrics. `lines` is all usage, `later` the part after the first violation.

    Sums add up to the whole: usage without a step is "unattributed".
    """
    frame = _frame(lines)
    agents = case.transcripts.agents
    total = _total("all", frame)
    launched = frozenset(agent.id for agent in agents if agent.parent is not None)
    unasked = launched_unasked(case.transcripts)
    return Metrics(
        total=total,
        by_step=tuple(
            _total(str(name), rows)
            for name, rows in sorted(frame.groupby("step", sort=False), key=lambda group: _order(str(group[0])))
        ),
        by_model=tuple(_total(str(name), rows) for name, rows in frame.groupby("model", sort=True)),
        wall_seconds=(max(agent.end for agent in agents) - min(agent.start for agent in agents)).total_seconds(),
        active_seconds=sum(agent.active_seconds for agent in agents),
        waited_for_person=sum(agent.waited_for_person for agent in agents),
        waited_for_api=sum(agent.waited_for_api for agent in agents),
        agents=len(agents),
        most_at_once=_most_at_once(agents),
        retry_share=_share(_frame(_retries(case, lines)), total),
        recovery_share=_share(_frame(later), total) if first_violation(case, findings) else None,
        launched_share=_share(_frame([line for line in lines if line.agent in launched]), total),
        unasked_share=_share(_frame([line for line in lines if line.agent in unasked]), total),
        launches=len(launched),
        unasked_launches=len(unasked),
    )


def _frame(lines: Sequence[UsageLine]) -> pd.DataFrame:
    rows = [
        {
            "step": line.step or UNATTRIBUTED,
            "model": line.model or "unknown",
            "cost": line.cost_usd,
            "lower_bound": line.lower_bound,
            **{kind: getattr(line.tokens, kind) for kind in _KINDS},
        }
        for line in lines
    ]
    return pd.DataFrame(rows, columns=["step", "model", "cost", "lower_bound", *_KINDS])


def _total(name: str, rows: pd.DataFrame) -> UsageTotal:
    """Add rows up; the cost is None only if no row has one, and the models without a price are named."""
    costs = pd.to_numeric(rows["cost"])
    return UsageTotal(
        name=name,
        tokens=Tokens(*(int(rows[kind].sum()) for kind in _KINDS)),
        cost_usd=float(costs.sum()) if costs.notna().any() else None,
        unpriced=tuple(sorted(set(rows.loc[costs.isna(), "model"]))),
        lower_bound=bool(rows["lower_bound"].any()),
    )


def _order(step: str) -> tuple[bool, tuple[tuple[int, int, str], ...]]:
    return step == UNATTRIBUTED, step_key(step)


def _retries(case: Case, lines: Sequence[UsageLine]) -> list[UsageLine]:
    """Return the usage of agents that another one followed on the same step."""
    earlier = {
        agent.id for dossier in case.dossiers for agent in sorted(dossier.agents, key=lambda run: run.start)[:-1]
    }
    return [line for line in lines if line.agent in earlier]


def _share(part: pd.DataFrame, total: UsageTotal) -> float | None:
    if not total.cost_usd or (len(part) and part["cost"].isna().all()):
        return None
    return round(float(pd.to_numeric(part["cost"]).sum()) / total.cost_usd, 4)


def _most_at_once(agents: Sequence[AgentRun]) -> int:
    """Return how many agents were at work at the same time, those that launched them not counted."""
    parents = {agent.parent for agent in agents}
    workers = [agent for agent in agents if agent.id not in parents] or list(agents)
    return most_at_once((agent.start, agent.end) for agent in workers)
