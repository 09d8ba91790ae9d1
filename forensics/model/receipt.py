"""What one unit of work said, shown, and left open: the receipt."""

from dataclasses import dataclass
from datetime import datetime

from forensics.model.claim import JudgedClaim
from forensics.model.plan import UnitKind


@dataclass(frozen=True, slots=True)
class Receipt:
    """One session, agent, pull request or branch: its claims with their verdicts, and what its messages leave out.

    `claims` are those of its last message and of its commits' messages. `unmentioned` are files that it changed and no
    message names, `uncommitted` files that it wrote and no later commit has, `unpushed` commits that no remote branch has
    (full ids). `start` and `end` are its agent's, else its
    commits'; None without either.
    """

    unit: str
    kind: UnitKind
    title: str
    tool: str
    start: datetime | None
    end: datetime | None
    claims: tuple[JudgedClaim, ...]
    commits: tuple[str, ...]
    unmentioned: tuple[str, ...]
    uncommitted: tuple[str, ...]
    unpushed: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show: it only read, and claimed nothing that can be checked."""
        return not (self.claims or self.commits or self.uncommitted)
