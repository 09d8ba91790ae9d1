"""Which run of the record a case is, and in which state of its inputs."""

import hashlib
from collections.abc import Iterable, Mapping

from forensics.model.case import Case, Run, RunKind, StepDossier
from forensics.model.history import Commit
from forensics.model.record import State
from forensics.model.source import Kind, Source

KEPT = "kept"


def state_of(case: Case, transcripts_read: str = KEPT) -> State:
    """Return which run this is and in which state of its inputs; `transcripts_read`: stored, named or none."""
    run, history = case.run, case.history
    own = [source for source in case.sources if source.kind is not Kind.TRANSCRIPT]
    sources = sources_digest(run, history.head, own, transcripts_read)
    read = sorted(source.sha256 for source in case.sources if source.kind is Kind.TRANSCRIPT)
    inputs = digest(sources, *read, f"{len(case.transcripts.agents)} agents")
    name = f"tickets {run.since or ''}..{run.until or ''}" if run.kind is RunKind.TICKETS else run.path
    return State(repository_id(history.commits, history.on_branch), name, sources, inputs, _head_time(case))


def unit_states(case: Case, transcripts_read: str = KEPT) -> Mapping[str, State]:
    """Return the state of each session, pull request and branch of a run without a plan, by its name in the record.

    The window is not part of it: the same session, looked at from another one, is the same run.
    """
    repository = repository_id(case.history.commits, case.history.on_branch)
    files = {source.path: source.sha256 for source in case.sources if source.kind is Kind.TRANSCRIPT}
    read: dict[str, set[str]] = {}
    runs = runs_of_units(case)
    for dossier in case.dossiers:
        own = read.setdefault(runs[dossier.id], set())
        own |= {files.get(path, path) for agent in dossier.agents for path in (agent.path, *agent.paths)}
        own |= {f"agent {agent.id}" for agent in dossier.agents}
    states = {}
    for name, own in read.items():
        sources = digest(name, case.history.head, str(case.run.revision), transcripts_read)
        states[name] = State(repository, name, sources, digest(sources, *sorted(own)), _head_time(case))
    return states


def runs_of_units(case: Case) -> Mapping[str, str]:
    """Return the name under which the record keeps each unit: a subagent is part of its session."""
    parents = {agent.id: agent.parent for agent in case.transcripts.agents}
    return {dossier.id: _run_of_unit(dossier, parents) for dossier in case.dossiers}


def titles_of_units(case: Case) -> Mapping[str, str]:
    """Return what each unit was asked for, by its name in the record, which itself keeps no such words."""
    runs = runs_of_units(case) if case.run.kind is RunKind.SESSIONS else {}
    roots = {agent.id for agent in case.transcripts.agents if agent.parent is None}
    own = (found for found in case.dossiers if not found.agents or found.agents[0].id in roots)
    return {runs[found.id]: found.title for found in own if found.id in runs}


def _run_of_unit(dossier: StepDossier, parents: Mapping[str, str | None]) -> str:
    if not dossier.agents:
        return f"{dossier.spec.kind if dossier.spec else 'unit'} {dossier.id}"
    name, seen = dossier.agents[0].id, set[str]()
    while name not in seen and (parent := parents.get(name)):
        seen.add(name)
        name = parent
    return f"session {name}"


def _head_time(case: Case) -> int:
    return max(int(case.history.commits[case.history.head].commit_time.timestamp()), 0)


def sources_digest(run: Run, head: str, sources: Iterable[Source], transcripts_read: str = KEPT) -> str:
    """Return a digest of what is known of a run before anything is joined.

    It covers head, window, the plan's own files (unless read from a revision), and which transcripts are read.
    """
    files = [] if run.revision else sorted(f"{source.path}\0{source.sha256}" for source in sources)
    return digest(run.path, head, str(run.revision), str(run.since), str(run.until), transcripts_read, *files)


def repository_id(commits: Mapping[str, Commit], on_branch: Iterable[str]) -> str:
    """Return a digest of the oldest root commit that a branch reaches: clones share it, and a merged-in history adds none."""
    roots = ((commits[sha].commit_time, sha) for sha in on_branch if not commits[sha].parents)
    return digest(min(roots, default=(None, ""))[1])


def digest(*parts: str) -> str:
    """Return a short digest of some strings."""
    # 64 bits: short enough for every row of the record, and long enough that no two runs or claims share one by accident.
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
