"""Facts that several runs share, kept in one of them: no commit, agent, cost or finding counts twice."""

import pandas as pd

from forensics.model.record import FactKind

# Where a commit is claimed by several: the plan's step that it is for, the session that made it, then what git alone shows.
_RANK = {"session": 1, "pull": 2, "branch": 3}
_SAME_FINDING = ["repository", "name", "moment"]


def each_once(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep what several runs have in one of them. `frame` needs `run_id`, and gets `is_unit`: of a session's run.

    It also gets `has_agents`: of a session's run with a transcript, even if its agents are then counted for a plan.
    """
    units = set(frame.loc[frame["kind"] == str(FactKind.UNIT), "run_id"])
    frame["is_unit"] = frame["run_id"].isin(units)
    at_work = set(frame.loc[frame["is_unit"] & (frame["kind"] == str(FactKind.AGENT)), "run_id"])
    frame["has_agents"] = frame["run_id"].isin(at_work)
    return _each_unit_once(_each_agent_once(_each_ticket_once(frame)), at_work)


def _each_ticket_once(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep facts that several windows of tickets share in one of them."""
    alike = ["repository", "kind", "step", "agent", "model", "name", "fingerprint", "moment"]
    again = frame.sort_values("run", kind="stable").duplicated(alike)
    return frame[~(again & frame["run"].astype("str").str.startswith("tickets "))].copy()


def _each_agent_once(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep an agent and its usage in one run: in a plan's if its session was at work for it, else in its session's.

    An agent that only a plan's time has in common with the plan counts for the first such plan, if no session is recorded.
    """
    shown = frame["kind"].isin(["agent", "usage"])
    agents = frame.assign(untied=frame["step"].isna())[shown]
    theirs = _at_work_for_plans(frame, agents)
    agents["rank"] = [
        0 if not (unit or untied) else 1 if not unit and agent in theirs else 2 if unit else 3
        for unit, untied, agent in zip(agents["is_unit"], agents["untied"], agents["agent"], strict=True)
    ]
    owners = agents.sort_values(["rank", "run"], kind="stable").drop_duplicates(["repository", "agent"])
    owner = owners.set_index(["repository", "agent"])["run_id"]
    own = pd.MultiIndex.from_frame(frame[["repository", "agent"]]).map(owner.to_dict())
    return frame[~shown | (frame["run_id"] == pd.Series(own, index=frame.index, dtype="object"))].copy()


def _at_work_for_plans(frame: pd.DataFrame, agents: pd.DataFrame) -> set[str]:
    """Return the agents of sessions that worked on a step, or that made no commit beside a plan's.

    In a plan's time the latter are orchestrators, and the sessions in which somebody asks how far the plan is.
    """
    of_plans = agents[~agents["is_unit"]]
    working = set(of_plans.loc[~of_plans["untied"], "agent"])
    stepping = set(agents.loc[agents["is_unit"] & agents["agent"].isin(working), "run_id"])
    commits = frame[frame["kind"] == str(FactKind.COMMIT)]
    planned = set(commits.loc[~commits["is_unit"], "name"])
    others = set(commits.loc[commits["is_unit"] & ~commits["name"].isin(planned), "run_id"])
    theirs = agents["is_unit"] & (agents["run_id"].isin(stepping) | ~agents["run_id"].isin(others))
    return set(agents.loc[theirs, "agent"])


def _each_unit_once(frame: pd.DataFrame, at_work: set[str]) -> pd.DataFrame:
    """Keep a commit and a finding in one run, and leave out units whose whole work is another run's.

    `at_work` are the units' runs that had agents before these were given to plans.
    """
    sort = frame["run"].astype("str").str.split(" ").str[0]
    frame["rank"] = sort.map(_RANK).where(frame["is_unit"], 0).fillna(1)
    ordered = frame.sort_values(["rank", "run"], kind="stable")
    commits = ordered[ordered["kind"] == str(FactKind.COMMIT)]
    taken = pd.Series(False, index=frame.index)
    taken[commits.index] = commits.duplicated(["repository", "name"]) & commits["is_unit"]
    # A session's row shows what it made, also for a plan; a pull request's commits are the session's that made them.
    again = taken & (frame["rank"] > _RANK["session"])
    # A race of two sessions that worked on steps is found in the plan's run too: there is no other sign that it is the same.
    found = ordered[(ordered["kind"] == str(FactKind.FINDING)) & ordered["moment"].notna()]
    seen = pd.MultiIndex.from_frame(found.loc[~found["is_unit"], _SAME_FINDING])
    again[found.index] = found["is_unit"] & pd.MultiIndex.from_frame(found[_SAME_FINDING]).isin(seen)
    left, others = frame[~again], frame[~(again | taken)]
    # What a unit did: its agents and commits. Where others have all of it, the unit is theirs, unless its messages claim
    # something: what it said is shown although it was at work for a plan.
    works = frame["kind"].isin(["agent", "commit"]) & frame["is_unit"]
    does = set(others.loc[works[others.index], "run_id"])
    claims = set(left.loc[left["is_unit"] & (left["kind"] == str(FactKind.CLAIM)), "run_id"])
    planned = (at_work | set(frame.loc[works, "run_id"])) - does
    idle = (left["kind"] == str(FactKind.UNIT)) & left["run_id"].isin(planned - claims)
    # A commit that is lost is lost once, in the plan's report and in the last message of the agent that made it.
    idle |= (left["kind"] == str(FactKind.FINDING)) & left["run_id"].isin(planned)
    return left[~idle].drop(columns="rank").copy()
