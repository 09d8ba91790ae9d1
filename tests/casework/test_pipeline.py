"""Each stage of the join, on a run of a few lines."""

from dataclasses import replace

from forensics.casework.assemble import assemble
from forensics.casework.attribute import attribute_plan
from forensics.casework.join import Join
from forensics.casework.pipeline import build_case, judge, read_transcripts, reconcile_rewrites
from forensics.model.claim import Confidence, Verdict
from forensics.testing.script import case_of

SCRIPT = """
plan: 1.3 "Empty issues", 1.4 "Plan mode needs a key"
report 1.3: GREEN_VERIFIED, commit aaa1111, files src/a.py
report 1.4: GREEN_VERIFIED, commit f3050e2 "Cycle 1.4: Plan mode needs a key", files src/a.py
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py
agent a4 1.4: 10:00-10:10, tests passed 10:05
"""


def _attributed(script: str = SCRIPT) -> Join:
    case = case_of(script)
    reports = [report for dossier in case.dossiers for report in dossier.reports]
    return replace(attribute_plan(case.run, case.plan, reports, case.history), transcripts=case.transcripts)


def _verdicts(join: Join) -> dict[str, Verdict]:
    return {judged.claim.value: judged.verdict for judged in join.claims() if judged.claim.kind == "commit"}


def test_attribute_gives_commits_to_steps_and_judges_nothing() -> None:
    join = _attributed()
    assert {step: [found.commit.sha[:7] for found in work] for step, work in join.commits.items()} == {
        "1.3": ["aaa1111"]
    }
    assert [account.step for account in join.accounts] == ["1.3", "1.4"]
    assert join.claims() == ()


def test_judge_gives_each_claim_one_verdict_and_leaves_the_attribution_as_it_was() -> None:
    before = _attributed()
    after = judge(before)
    assert _verdicts(after) == {"aaa1111": Verdict.CONFIRMED, "f3050e2": Verdict.MISSING}
    assert [len(account.claims) for account in after.accounts] == [len({*account.claims}) for account in after.accounts]
    assert before.claims() == ()


def test_reconcile_doubts_what_is_missing_where_most_live_on_under_other_hashes() -> None:
    steps = range(1, 7)
    rows = [f"report 1.{step}: GREEN_VERIFIED, commit {step}aaabbb, files src/a.py" for step in steps]
    plan = "plan: " + ", ".join(f'1.{step} "Part number {step}"' for step in steps)
    rewritten = [
        f'commit bbb000{step}: "Cycle 1.{step}: Part number {step}" src/a.py, authored 09:0{step}, committed 11:00'
        for step in steps
    ]
    judged = judge(_attributed("\n".join([plan, *rows, *rewritten[:5]])))
    assert [*_verdicts(judged).values()] == [Verdict.REWRITTEN] * 5 + [Verdict.MISSING]
    after = reconcile_rewrites(judged)
    assert _verdicts(after) == _verdicts(judged)
    assert after.rewrite
    assert (after.rewrite.gone, after.rewrite.replaced) == (6, 5)
    (missing,) = [claim for claim in after.claims() if claim.verdict is Verdict.MISSING]
    assert missing.confidence is Confidence.POSSIBLE


def test_absent_hashes_alone_are_no_rewrite() -> None:
    steps = range(1, 7)
    rows = [f"report 1.{step}: GREEN_VERIFIED, commit {step}aaabbb, files src/a.py" for step in steps]
    plan = "plan: " + ", ".join(f'1.{step} "Part number {step}"' for step in steps)
    judged = judge(_attributed("\n".join([plan, *rows, 'commit fff0000: "Start" src/a.py, at 08:30'])))
    assert set(_verdicts(judged).values()) == {Verdict.MISSING}
    assert reconcile_rewrites(judged) == judged


def test_transcripts_add_a_reason_and_say_nothing_twice() -> None:
    heard = read_transcripts(judge(_attributed()))
    (missing,) = [judged for judged in heard.claims() if judged.verdict is Verdict.MISSING]
    assert [reason.split()[0] for reason in missing.reasons] == ["searched", "the"]
    assert missing.reason == "; ".join(missing.reasons)


def test_assemble_sorts_everything_by_step() -> None:
    case = assemble(read_transcripts(judge(_attributed())))
    assert [(dossier.id, len(dossier.reports), len(dossier.agents)) for dossier in case.dossiers] == [
        ("1.3", 1, 0),
        ("1.4", 1, 1),
    ]


def test_the_stages_together_are_the_case_of_the_script() -> None:
    assert build_case(_attributed()) == case_of(SCRIPT)
