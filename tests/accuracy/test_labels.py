"""Label files are read strictly: a word that means nothing is an error with its file and line."""

from pathlib import Path

import pytest

import accuracy
from accuracy.labels import COLUMNS, LabelError, read_labels
from accuracy.sets import check_listed, read_sets

HEADER = ",".join(COLUMNS)
SHA = "a" * 40
GOOD = f"{SHA},plans/x,plans/x/reports/a.md:3,claim,abc1234,confirmed,on the branch"


def written(folder: Path, *rows: str) -> Path:
    (folder / "ada+things.csv").write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return folder


def test_a_label_is_read(tmp_path: Path) -> None:
    (label,) = read_labels(written(tmp_path, GOOD))
    assert (label.repository, label.path, label.line) == ("ada/things", "plans/x/reports/a.md", 3)
    assert label.origin.endswith("ada+things.csv:2")


def test_a_finding_may_name_several_codes_and_a_commit(tmp_path: Path) -> None:
    (label,) = read_labels(written(tmp_path, f"{SHA},plans/x,1.3,finding,ISO003|ISO004 abc1234,true,it swept them"))
    assert label.codes == {"ISO003", "ISO004"}
    assert label.commit == "abc1234"


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (GOOD.replace("confirmed", "real"), "unknown label `real` for a claim"),
        (GOOD.replace(",claim,", ",hash,"), "unknown sort `hash`"),
        (GOOD.replace(SHA, "abc1234"), "is not a full commit id"),
        (GOOD.replace(":3", ""), "the place of a claim is PATH:LINE"),
        (GOOD.replace("abc1234", "the last one"), "is not a hash as written"),
        (GOOD.replace("on the branch", ""), "must be given"),
        (GOOD + ",more", "8 fields instead of 7"),
        (f"{SHA},plans/x,1.3,finding,swept,true,why", "is a rule's code"),
        (f"{SHA},plans/x,1.3,red,,kept,why", "is REPORT:LINE"),
    ],
)
def test_a_wrong_label_is_an_error_with_its_line(tmp_path: Path, row: str, wrong: str) -> None:
    with pytest.raises(LabelError) as error:
        read_labels(written(tmp_path, GOOD.replace(":3", ":4"), row))
    assert wrong in str(error.value)
    assert "ada+things.csv:3" in str(error.value)


def test_two_people_may_agree_on_a_fact_but_not_disagree(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    second = tmp_path / "ada+things+bob.csv"
    second.write_text(f"{HEADER}\n{GOOD}\n", encoding="utf-8")
    assert len(read_labels(tmp_path)) == 1
    second.write_text(f"{HEADER}\n{GOOD.replace('confirmed', 'missing')}\n", encoding="utf-8")
    with pytest.raises(LabelError, match=r"things\.csv:2: confirmed, but .*bob\.csv:2 says missing"):
        read_labels(tmp_path)


def test_a_foreign_header_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "ada+things.csv").write_text("revision,place\n", encoding="utf-8")
    with pytest.raises(LabelError, match="the header must be"):
        read_labels(tmp_path)


def test_a_repository_is_in_one_set(tmp_path: Path) -> None:
    file = tmp_path / "sets.toml"
    file.write_text('tuned = ["ada/things"]\naside = ["ada/things"]\n')
    with pytest.raises(LabelError, match="is in both sets"):
        read_sets(file)
    file.write_text('tuned = ["ada/things"]\nlater = []\n')
    with pytest.raises(LabelError, match="unknown set `later`"):
        read_sets(file)


def test_the_project_s_labels_are_valid() -> None:
    folder = Path(accuracy.__file__).parent
    labels = read_labels(folder / "labels")
    check_listed({label.repository for label in labels}, read_sets(folder / "sets.toml"))
