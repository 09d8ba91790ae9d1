"""The derived facts that rules ask for by parameter name: pure functions of the case, or of each other."""

from collections.abc import Callable, Mapping

from forensics.casework.agents.concurrency import at_once, surely_tied
from forensics.casework.agents.idle_agents import idle_agents
from forensics.casework.agents.test_first import Cycle, cycle_of
from forensics.casework.agents.ties import launches
from forensics.casework.agents.weakened_tests import weakened_tests
from forensics.casework.agents.work_trees import ancestry, trees_of
from forensics.casework.claims.shared_claims import shared_claims
from forensics.casework.claims.shared_unit_claims import shared_unit_claims
from forensics.casework.isolation.deleted_branches import deleted_branches
from forensics.casework.isolation.dropped_work import dropped_work
from forensics.casework.isolation.foreign_commits import foreign_commits
from forensics.casework.isolation.gone_files import gone_files
from forensics.casework.isolation.head_moves import head_moves
from forensics.casework.isolation.hollow_merges import hollow_merges
from forensics.casework.isolation.lineage import Lineage
from forensics.casework.isolation.lost_edits import lost_edits
from forensics.casework.isolation.overwritten_pushes import overwritten_pushes
from forensics.casework.isolation.overwritten_work import overwritten_work
from forensics.casework.isolation.removed_work import inverses, removed_work
from forensics.casework.isolation.shared_checkouts import shared_checkouts
from forensics.casework.isolation.shared_trees import shared_trees
from forensics.casework.isolation.swept_files import swept_files
from forensics.casework.isolation.swept_lines import swept_lines
from forensics.casework.isolation.taken_plan_files import taken_plan_files
from forensics.casework.isolation.taken_plan_lines import taken_plan_lines
from forensics.casework.isolation.unlanded_bases import unlanded_bases
from forensics.casework.isolation.unnamed_deletions import unnamed_deletions
from forensics.casework.isolation.wrong_bases import wrong_bases
from forensics.casework.repairs import repairs
from forensics.model.case import Case
from forensics.model.transcript import Launch


def _launches(case: Case) -> Mapping[str, Launch]:
    return launches(case.transcripts)


def _cycles(case: Case) -> Mapping[str, Cycle]:
    """Return the cycle of each agent that worked on its step alone: of several agents, none has the whole RED and GREEN."""
    alone = [dossier.agents[0] for dossier in case.dossiers if len(dossier.agents) == 1]
    return {agent.id: cycle_of(agent) for agent in alone}


# Each is computed at most once per case and shared by all that ask, so it returns no iterator. It asks only for those above it.
FIXTURES: Mapping[str, Callable[..., object]] = {
    "launches": _launches,
    "cycles": _cycles,
    "surely_tied": surely_tied,
    "overlaps": at_once,
    "launchers": ancestry,
    "work_trees": trees_of,
    "shared_trees": shared_trees,
    "head_moves": head_moves,
    "wrong_bases": wrong_bases,
    "idle_agents": idle_agents,
    "weakened_tests": weakened_tests,
    "lost_edits": lost_edits,
    "deleted_branches": deleted_branches,
    "overwritten_pushes": overwritten_pushes,
    "shared_claims": shared_claims,
    "shared_unit_claims": shared_unit_claims,
    "lineage": Lineage,
    "inverses": inverses,
    "swept_lines": swept_lines,
    "swept_files": swept_files,
    "taken_plan_files": taken_plan_files,
    "taken_plan_lines": taken_plan_lines,
    "hollow_merges": hollow_merges,
    "foreign_commits": foreign_commits,
    "unlanded_bases": unlanded_bases,
    "removed_work": removed_work,
    "overwritten_work": overwritten_work,
    "unnamed_deletions": unnamed_deletions,
    "gone_files": gone_files,
    "repairs": repairs,
    "dropped_work": dropped_work,
    "shared_checkouts": shared_checkouts,
}
