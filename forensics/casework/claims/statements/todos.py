"""That all tasks of a list are done, against the agent's own list as it last wrote it."""

from forensics.casework.claims.statements.witnessed import Witnessed, shown, unknown
from forensics.model.claim import Claim, JudgedClaim
from forensics.model.prose import count
from forensics.model.report import Statement


def judge_todos(claim: Claim, statement: Statement, seen: Witnessed) -> JudgedClaim:
    """Check that every task is ticked, and that there are as many as said. An unticked one proves nothing."""
    items = [item for item in seen.agent.todos if item.moment <= seen.until]
    done = [item for item in items if item.done]
    if items and len(done) == len(items) and (not claim.value.isdigit() or int(claim.value) == len(items)):
        return shown(claim, f"all {count(len(items), 'task')} of its list are ticked", items[-1])
    return unknown(claim, f"{len(done)} of {count(len(items), 'task')} of its list are ticked")
