"""What the tool says of a run is compared with labels as a reader would compare it."""

from dataclasses import replace

from accuracy.agreement import Agreement, Compared, compare
from accuracy.labels import Label
from accuracy.runs import Run, Said, SaidClaim, SaidFinding, SaidStep
from accuracy.scores import SEVERE, Share, score
from forensics.model.finding import Severity

REPORT = "plans/x/reports/step-1-3.md"
RUN = Run("ada/things", "a" * 40, "plans/x")
SWEPT = SaidFinding(
    "ISO003",
    Severity.HIGH,
    "likely",
    ("1.3", "1.4"),
    frozenset({"1.3"}),
    ("b" * 40,),
    (("b" * 40, None),),
    "1.3 swept it",
)
PASSED = SaidFinding(
    "RED001", Severity.CRITICAL, "certain", ("1.3",), frozenset({"1.3"}), (), ((REPORT, 6),), "it passed"
)
CLAIM = SaidClaim(REPORT, 9, "abc1234", "1.3", True, "missing", "likely", None, "not in this clone")
MISSING = SaidFinding(
    "CLM001",
    Severity.CRITICAL,
    "likely",
    ("1.3",),
    frozenset({"1.3"}),
    ("abc1234",),
    ((REPORT, 9),),
    "it does not exist",
)


def label(place: str, sort: str, subject: str, word: str) -> Label:
    return Label(*RUN, place, sort, subject, word, "read in git", "ada+things.csv:2")


def compared(*labels: Label, **said: tuple[object, ...]) -> Compared:
    into = Compared()
    compare(Said(RUN, **said), labels, into)  # type: ignore[arg-type]
    return into


def only(into: Compared) -> Agreement:
    (agreement,) = into.agreements
    return agreement


def test_a_fault_is_told_of_the_step_that_did_it() -> None:
    into = compared(label("1.3", "finding", "ISO003", "true"), findings=(SWEPT,))
    assert only(into).right
    assert [found.true for found in into.judged] == [True]


def test_a_step_may_be_written_as_gsd_writes_it() -> None:
    assert only(compared(label("01-03", "finding", "ISO003", "true"), findings=(SWEPT,))).right


def test_a_finding_that_blames_the_victim_is_false() -> None:
    into = compared(label("1.4", "finding", "ISO003", "true"), findings=(SWEPT,))
    assert not only(into).right
    assert only(into).said.startswith("blames 1.3")
    assert [found.true for found in into.judged] == [False]


def test_a_second_finding_beside_the_right_one_is_not_judged_by_it() -> None:
    other = replace(SWEPT, steps=("1.5", "1.3"), at_fault=frozenset({"1.5"}))
    into = compared(label("1.3", "finding", "ISO003", "true"), findings=(SWEPT, other))
    assert [found.true for found in into.judged] == [True, None]


def test_a_label_that_names_the_commit_counts_for_that_finding_only() -> None:
    other = replace(SWEPT, commits=("c" * 40,), places=(("c" * 40, None),))
    labels = (label("1.3", "finding", "ISO003 bbbbbbb", "true"), label("1.3", "finding", "ISO003 ccccccc", "false"))
    into = compared(*labels, findings=(SWEPT, other))
    assert [found.true for found in into.judged] == [True, False]
    assert [agreement.right for agreement in into.agreements] == [True, False]


def test_an_innocent_step_is_accused_from_medium_severity_on() -> None:
    innocent = label("1.3", "finding", "ISO003", "false")
    assert only(compared(innocent, findings=(SWEPT,))).accused
    low = replace(SWEPT, severity=Severity.LOW)
    assert only(compared(innocent, findings=(low,))).right


def test_a_commit_called_missing_that_is_there_is_a_false_accusation() -> None:
    into = compared(label(f"{REPORT}:9", "claim", "abc1234", "confirmed"), claims=(CLAIM,), findings=(MISSING,))
    assert only(into).accused
    assert only(into).seen
    assert [found.true for found in into.judged] == [False]
    right = compared(label(f"{REPORT}:9", "claim", "abc1234", "missing"), claims=(CLAIM,), findings=(MISSING,))
    assert only(right).right
    assert [found.true for found in right.judged] == [True]


def test_a_claim_that_is_not_seen_is_a_miss() -> None:
    wanted = label(f"{REPORT}:9", "claim", "abc1234", "confirmed")
    assert not only(compared(wanted)).seen
    other = replace(CLAIM, own=False, verdict="confirmed")
    assert only(compared(wanted, claims=(other,))).right
    assert not only(compared(wanted, claims=(other,))).own
    gone = label(f"{REPORT}:9", "claim", "abc1234", "missing")
    assert not only(compared(gone, claims=(replace(CLAIM, own=False),))).right
    assert only(compared(label(f"{REPORT}:9", "claim", "abc1234", "other"), claims=(other,))).right


def test_a_word_that_is_not_a_commit_must_not_be_judged() -> None:
    nothing = label(f"{REPORT}:9", "claim", "abc1234", "nothing")
    assert only(compared(nothing)).right
    assert only(compared(nothing, claims=(CLAIM,))).accused


def test_red_is_violated_where_a_rule_says_so_at_that_report() -> None:
    assert only(compared(label("1.3", "red", f"{REPORT}:6", "violated"), findings=(PASSED,))).right
    kept = compared(label("1.3", "red", f"{REPORT}:6", "kept"), findings=(PASSED,))
    assert only(kept).accused
    assert [found.true for found in kept.judged] == [False]
    assert only(compared(label("1.3", "red", "plans/x/reports/other.md:6", "kept"), findings=(PASSED,))).right


def test_a_landed_step_is_not_called_not_started() -> None:
    landed = label("1.3", "step", "b" * 40, "landed")
    assert only(compared(landed, steps=(SaidStep("1.3", "sound", ()),))).right
    assert only(compared(landed, steps=(SaidStep("1.3", "not-started", ()),))).accused
    unproven = only(compared(landed, steps=(SaidStep("1.3", "unproven", ()),)))
    assert (unproven.right, unproven.accused, unproven.open) == (False, False, True)
    assert not only(compared(label("1.3", "step", "", "not started"), steps=(SaidStep("1.3", "sound", ()),))).right


def test_the_scores_count_each_finding_once() -> None:
    into = compared(
        label("1.3", "finding", "ISO003", "true"),
        label("1.4", "finding", "ISO005", "true"),
        label("1.3", "red", f"{REPORT}:6", "kept"),
        findings=(SWEPT, PASSED, MISSING),
    )
    counted = score(into)
    assert counted.by_severity[SEVERE] == Share(1, 2)
    assert {rule.code: (rule.precision, rule.recall, rule.unlabelled) for rule in counted.by_rule} == {
        "CLM001": (Share(0, 0), Share(0, 0), 1),
        "ISO003": (Share(1, 1), Share(1, 1), 0),
        "ISO005": (Share(0, 0), Share(0, 1), 0),
        "RED001": (Share(0, 1), Share(0, 0), 0),
    }
    assert counted.by_confidence["certain"] == Share(0, 1)


def test_a_share_has_its_interval() -> None:
    assert str(Share(8, 10)) == "8 of 10: 0.80 (0.49 to 0.94)"  # Wilson's interval: a textbook's example
    assert str(Share(0, 20)) == "0 of 20: 0.00 (0.00 to 0.16)"
    assert str(Share(0, 0)) == "none"
