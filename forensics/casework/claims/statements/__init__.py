"""Statements of an agent's message, checked against what its own and its subagents' tool calls showed until then."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from forensics.casework.claims.statements.checks import judge_clean
from forensics.casework.claims.statements.failures import omissions
from forensics.casework.claims.statements.files import judge_file, judge_file_count
from forensics.casework.claims.statements.git import judge_branch, judge_committed, judge_pushed
from forensics.casework.claims.statements.git_alone import judge_by_git
from forensics.casework.claims.statements.new_tests import judge_new_tests
from forensics.casework.claims.statements.pulls import judge_pull
from forensics.casework.claims.statements.tests import judge_tests
from forensics.casework.claims.statements.todos import judge_todos
from forensics.casework.claims.statements.trees import judge_tree
from forensics.casework.claims.statements.witnessed import Witnessed, witnessed_by
from forensics.casework.join import Account, Join
from forensics.model.claim import Claim, ClaimKind, JudgedClaim, Verdict
from forensics.model.report import Statement

__all__ = ["judge_statements"]

_SHOWN = frozenset({Verdict.CONFIRMED})
_BY_KIND: dict[ClaimKind, Callable[[Claim, Statement, Witnessed], JudgedClaim]] = {
    ClaimKind.TESTS: judge_tests,
    ClaimKind.NEW_TESTS: judge_new_tests,
    ClaimKind.CLEAN: judge_clean,
    ClaimKind.FILE: judge_file,
    ClaimKind.FILES: judge_file_count,
    ClaimKind.PUSHED: judge_pushed,
    ClaimKind.COMMITTED: judge_committed,
    ClaimKind.BRANCH: judge_branch,
    ClaimKind.PULL: judge_pull,
    ClaimKind.TREE: judge_tree,
    ClaimKind.TODO: judge_todos,
}


def judge_statements(account: Account, join: Join) -> Iterator[JudgedClaim]:
    """Judge what a message says, statement by statement, and at a unit's last message what it leaves out.

    A weak statement that nothing shows is a description, and no claim.
    """
    report = account.report
    if report.sent is None:
        return
    seen = witnessed_by(account, join)
    for statement in report.statements:
        claim = replace(account.claim(statement.kind, statement.value, statement.ref), said=statement.said)
        judge = _BY_KIND.get(statement.kind)
        judged = judge(claim, statement, seen) if judge and seen else judge_by_git(claim, account, join)
        weak = statement.weak or (seen is not None and seen.only_read and _describes(statement))
        if not weak or judged.verdict in _SHOWN:
            yield judged
    if seen and seen.is_last:
        yield from omissions(account, seen)


def _describes(statement: Statement) -> bool:
    r"""Return whether an agent that changed nothing can only mean others' work: `\`x.ts\` updated: it now takes a list`."""
    return statement.kind is ClaimKind.FILES or (
        statement.kind is ClaimKind.FILE and statement.value.startswith("updated ")
    )
