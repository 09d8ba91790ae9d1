"""Labels of final messages are read strictly, and matched with what the tool says of the same claim."""

from pathlib import Path

import pytest

import accuracy
from accuracy.labels import LabelError
from accuracy.message_agreement import SaidOfMessage, agreements, unlabelled
from accuracy.message_labels import COLUMNS, MessageLabel, read_message_labels
from accuracy.messages import summary
from accuracy.sets import check_listed, read_sets

SHA = "a" * 40


def label(kind: str, value: str, verdict: str) -> MessageLabel:
    return MessageLabel("ada/things", SHA, "x.jsonl", "9", kind, value, verdict, "seen at 3", "x.csv:2")


def said(kind: str, value: str, verdict: str = "confirmed") -> SaidOfMessage:
    return SaidOfMessage(kind, value, verdict, "likely", "words", "reason")


def test_the_shipped_labels_are_read_and_their_repositories_are_listed() -> None:
    folder = Path(accuracy.__file__).parent
    labels = read_message_labels(folder / "labels" / "messages")
    assert len(labels) > 200
    check_listed({each.repository for each in labels}, read_sets(folder / "sets.toml"))


def test_a_bad_line_is_an_error_with_its_place(tmp_path: Path) -> None:
    rows = [",".join(COLUMNS), f"{SHA},x.jsonl,9,tests,3,perhaps,why"]
    (tmp_path / "ada+things.csv").write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(LabelError, match="unknown kind `tests` or verdict `perhaps`"):
        read_message_labels(tmp_path)


@pytest.mark.parametrize(
    ("own", "claim"),
    [
        (label("path", "created src/app/tax.py", "true"), said("file", "created tax.py")),
        (label("commit", "abc1234", "true"), said("commit", "abc1234def")),
        (label("tests", "all tests pass", "true"), said("tests", "all")),
        (label("clean", "TypeScript compiles clean", "true"), said("clean", "types")),
        (label("branch", "origin/topic", "true"), said("branch", "topic")),
    ],
)
def test_a_claim_is_found_under_the_words_of_its_label(own: MessageLabel, claim: SaidOfMessage) -> None:
    (found,) = agreements([own], [claim])
    assert found.said == claim
    assert found.right


def test_a_count_is_another_count_only_if_it_is_equal() -> None:
    (found,) = agreements([label("tests", "12", "true")], [said("tests", "13")])
    assert found.said is None
    assert unlabelled([found.label], [said("tests", "13")]) == (said("tests", "13"),)


@pytest.mark.parametrize(
    ("own", "verdict", "false"),
    [
        (label("tests", "12", "true"), "contradicted", True),
        (label("tests", "12", "unknown"), "stale", True),
        (label("tests", "12", "false"), "contradicted", False),
        (label("failure", "omitted", "true"), "omitted", False),
        (label("failure", "omitted", "unknown"), "omitted", True),
        (label("failure", "told", "true"), "omitted", True),
    ],
)
def test_an_accusation_is_false_unless_the_label_says_so(own: MessageLabel, verdict: str, *, false: bool) -> None:
    (found,) = agreements([own], [said(own.kind, own.value, verdict)])
    assert found.false_accusation is false
    assert ("false accusations: 1" in "\n".join(summary([found], []))) is false
