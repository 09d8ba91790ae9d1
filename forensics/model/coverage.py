"""How much of the work in a run's time belongs to a step, and what may be the work of steps without a trace."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from forensics.model.history import Commit
from forensics.model.pull import Pull


@dataclass(frozen=True, slots=True)
class Candidate:
    """A commit that no evidence ties to any step, and why it may be a step's: `reason` follows "it"."""

    commit: Commit
    reason: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many commits and pull requests of the run's time belong to a step; `untied` and `untied_pulls` do not.

    Of commits, those on the branch count that hold work: no merges, no records of the run, no other plan's. `complete`
    is set where nothing else was committed after the plan either, so that a step without a trace cannot have landed.
    `candidates` has, by step without a trace, the commits that may be its work, the likeliest first.
    """

    commits: int = 0
    untied: tuple[Commit, ...] = ()
    pulls: int = 0
    untied_pulls: tuple[Pull, ...] = ()
    complete: bool = False
    candidates: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)

    @property
    def tied(self) -> int:
        """Return how many of the commits belong to a step."""
        return self.commits - len(self.untied)
