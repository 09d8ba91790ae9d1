"""The table of output formats: every view exists, and commands, help and errors say the same."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from forensics.app.outputs import FORMATS, check_name, check_path, endings, names
from forensics.errors import UsageError

RESULTS = {result for one in FORMATS for result in one.views}


def test_every_view_exists() -> None:
    for one in FORMATS:
        for place in one.views.values():
            module, _, function = place.partition(":")
            assert callable(getattr(import_module(module), function)), place


@pytest.mark.parametrize("result", sorted(RESULTS))
def test_a_format_s_ending_chooses_it(result: str) -> None:
    assert [check_path(result, Path(f"x{ending.upper()}")) for ending in endings(result)] == [
        one.name for one in FORMATS if one.ending and result in one.views
    ]
    assert [check_name(result, name) for name in names(result)] == names(result)


@pytest.mark.parametrize(("result", "name"), [("Postmortem", "csv"), ("Rescue", "md"), ("WeeklyReport", "parquet")])
def test_what_a_result_cannot_be_printed_as_is_refused(result: str, name: str) -> None:
    with pytest.raises(UsageError, match=names(result)[-1]):
        check_name(result, name)


def test_an_unknown_ending_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"Try \.txt, \.md, \.html or \.json\."):
        check_path("Postmortem", Path("x.pdf"))


@pytest.mark.parametrize(("command", "result"), [("analyze", "Postmortem"), ("recover", "Rescue"), ("usage", "UsageReport"),
                                                 ("weekly", "WeeklyReport")])  # fmt: skip
def test_help_and_completion_offer_the_same_formats(command: str, result: str) -> None:
    def run(*arguments: str, **environment: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", "import sys; sys.argv[0] = 'forensics'; from forensics.cli import main; main()", *arguments],
            capture_output=True, text=True, check=True, env={"PATH": "", **environment},
        ).stdout  # fmt: skip

    assert f"--format {'|'.join(names(result))} " in run(command, "--help")
    words = f"forensics {command} --format "
    offered = run(_FORENSICS_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD="3")
    assert offered.split() == names(result)
