"""The case-script language: every typo raises with its line and column, and every word of a script counts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.casework.agents.ties import launches
from forensics.detect.registry import load_detectors
from forensics.errors import FormatError
from forensics.model.case import Case
from forensics.model.source import Kind
from forensics.testing.pages import examples_of
from forensics.testing.script import case_of

TYPOS = [
    # plan
    ('pln: 1.1 "One"', 1, "expected one of plan"),
    ('plan 1.1 "One"', 6, "expected a colon"),
    ('plan sequentiel: 1.1 "One"', 6, "expected a colon"),
    ('plan sequential sequential: 1.1 "One"', 17, "expected a colon"),
    ('plan total x: 1.1 "One"', 12, "expected a number"),
    ("plan: 1.1 One", 11, "title between quotation marks"),
    ('plan: 1.1 "One', 11, "quotation mark"),
    ('plan: 1.1 "One" exempted', 17, "end of the line"),
    ('plan: 1.1 "One" expects AttributError2', 25, "expected an error"),
    ('plan: 1.1 "One" expects AError or', 34, "expected an error"),
    ('plan: 1.1 "One" files src/a.py tests', 37, "expected a test"),
    ('plan: 1.1 "One" files src/a.py excempt', 32, "expected a path"),
    ('plan: 1.1 "One" exempt exempt', 24, "no fact twice"),
    ('plan: 1.1 "One", 1.1 "Two"', 18, "no step twice"),
    ('plan: 1.1 "One",', 17, "expected a step's id"),
    # report
    ('plan: 1.1 "One"\nreport 1.1: GREEN_VERIFED', 13, "expected one of GREEN_VERIFIED"),
    ('plan: 1.1 "One"\nreport 1.1: GREEN_VERIFIED, comit aaa1111', 29, "expected one of"),
    ('plan: 1.1 "One"\nreport 1.1: commit f3050g2', 20, "commit's hash"),
    ('plan: 1.1 "One"\nreport 1.1: commit f3050e2 Done', 28, "end of the line"),
    ('plan: 1.1 "One"\nreport 1.1: cites f3050e2', 26, "a subject between"),
    ('plan: 1.1 "One"\nreport 1.1: RED pased', 17, "passed, failed"),
    ('plan: 1.1 "One"\nreport 1.1: RED failed', 23, "expected an error"),
    ('plan: 1.1 "One"\nreport 1.1: 28/28 pased', 19, "expected one of passed"),
    ('plan: 1.1 "One"\nreport 1.1: 28 passed', 13, "counts"),
    ('plan: 1.1 "One"\nreport 1.1:', 12, "expected one of"),
    ('plan: 1.1 "One"\nreport 1.1: STOP_CONDITION\n    # Cycle', 13, "end of the line"),
    ('plan: 1.1 "One"\nreport 1.1: STOP_CONDITION\nreport 1.1: RED passed', 8, "no second report"),
    # commit
    ('commit aaa: "One" src/a.py, autored 10:00', 29, "expected one of at, authored"),
    ('commit aaa: "One" src/a.py, dangeling', 29, "expected one of at, authored"),
    ('commit aaa: "One" src/a.py dangling', 28, "expected a changed file"),
    ('commit aaa: "One" src/a.py src/a.py', 28, "no word twice"),
    ('commit aaa: "One" src/a.py[x1-]', 19, "expected a changed file"),
    ("commit aaa: One src/a.py", 13, "a subject between"),
    ('commit aaa: "One", at 25:00', 23, "a time such as"),
    ('commit aaa: "One", at 10:00, at 10:00', 30, "no fact twice"),
    ('commit aaa: "One", at 10:00, committed 10:00', 30, "no `committed`"),
    ('commit aaa: "One", on heads/x', 23, "a ref such as"),
    ('commit aaa: "One", on refs/heads/x, dangling', 37, "no `dangling`"),
    ('commit aaa: "One", after bbb', 26, "one commit above"),
    ('commit aaa: "One", reverts bbb', 28, "one commit above"),
    ('commit aaa: "One", lists One', 26, "a subject between"),
    ('commit aaa: "One", closes 7', 27, "an issue such as"),
    ('commit aaa: "One" reports', 19, "no `reports`"),
    ('commit aaa: "One"\ncommit aaa: "One"', 8, "a hash that no commit has"),
    ('commit aaa: "One", at 10:00 on refs/heads/x', 29, "a comma"),
    ('commit aaa: "One"\ncommit bbb: "Two" a.py[x1-2], after aaa and 000', 45, "no lines in a merge"),
    # agent
    ("agent a3 1.3: 10:00", 15, "a time span"),
    ("agent a3 1.3: 10:10-10:00", 15, "ends after it starts"),
    ("agent main 1.3: 10:00-10:10", 7, "the agent's id"),
    ("agent a3 1.3: 10:00-10:10 within /x", 27, "end of the line"),
    ("agent a3 1.3: 10:00-10:10, wirtes a.py 10:01", 28, "expected one of reads"),
    ("agent a3 1.3: 10:00-10:10, writes a.py b.py 10:01", 40, "a time such as"),
    ("agent a3 1.3: 10:00-10:10, writes 10:01", 35, "expected a path"),
    ("agent a3 1.3: 10:00-10:10, tests pased 10:01", 34, "expected one of passed"),
    ("agent a3 1.3: 10:00-10:10, tests passed 3 4 10:01", 43, "a time such as"),
    ("agent a3 1.3: 10:00-10:10, runs 10:01", 33, "a command and its time"),
    ("agent a3 1.3: 10:00-10:10, runs git add", 37, "a time such as"),
    ("agent a3 1.3: 10:00-10:10, commits aaa Tidy 10:01", 40, "a time such as"),
    ("agent a3 1.3: 10:00-10:10\nagent a3 1.4: 10:00-10:10", 26, "no second agent"),
    ("agent a3 1.3: 10:00-10:10\nlaunched together: a3, a4", 24, "a launched agent of this script"),
    ("agent a3 1.3: 10:00-10:10\nlaunched together: a3", 20, "at least two agents"),
    ("agent a3 1.3: 10:00-10:10\nlaunched togther: a3", 10, "expected one of together"),
    ("agent a3 1.3 unlaunched: 10:00-10:10\nagent a4 1.4: 10:00-10:10\nlaunched together: a3, a4", 20, "a launched agent"),
    ("agent a3 1.3 launched: 10:00-10:10", 14, "expected a colon"),
    # session
    ("session S1 Fix it", 12, "expected a colon"),
    ("session S1: Fix", 13, "prompt between quotation marks"),
    ('session S1: "Fix"\nsession S1: "Fix"', 9, "no second session"),
    ('session S1: "Fix"\nS2 10:00 says: "Done"', 1, "expected one of plan"),
    ('session S1: "Fix"\nS1 says: "Done"', 4, "a time such as"),
    ('session S1: "Fix"\nS1 10:00 said: "Done"', 10, "expected one of asked"),
    ('session S1: "Fix"\nS1 10:00 says: Done', 16, "a message between"),
    ('session S1: "Fix"\nS1 10:00 says: "Done" twice', 23, "end of the line"),
    ('session S1: "Fix"\nS1 10:00 runs git push', 15, "expected a colon"),
    ('session S1: "Fix"\nS1 10:00 runs exit one: git push', 20, "an exit code"),
    ('session S1: "Fix"\nS1 10:00 writes a.py\n    x', 10, "an indented text below"),
    ('session S1: "Fix"\nS1 10:00 writes a.py replacing "x" with "y"', 36, "expected one of by"),
    ('session S1: "Fix"\nS1 10:00 hears a1: "Done"', 16, "a subagent that this session launched"),
    ('plan: 1.1 "One"\nsession S1: "Fix"', 1, "a plan, tickets or sessions"),
    # file
    ('plan: 1.1 "One"\nfile notes:', 6, "expected a path"),
    ('plan: 1.1 "One"\nfile docs/notes.md:', 6, "a path below plans/run"),
    ('plan: 1.1 "One"\nfile plans/run/notes.md', 24, "expected a colon"),
    ('plan: 1.1 "One"\nfile plans/run/notes.md: # Notes', 26, "end of the line"),
    ('plan: 1.1 "One"\nfile plans/run/a.md:\nfile plans/run/a.md:', 6, "no second file"),
    ('plan: 1.1 "One"\nfile plans/run/reports/step-1-1.md:', 6, "a `report` line"),
    ('tickets: R\nfile plans/run/notes.md:', 1, "a plan, tickets or sessions, one of them"),
    # the others
    ('plan: 1.1 "One", 1.2 "Two"\nparallel: 1.1, 1.3', 16, "steps of the plan"),
    ("tickets:", 9, "a regular expression"),
    ("tickets: R(", 12, "a regular expression"),
    ('tickets: R\nplan: 1.1 "One"', 1, "a plan, tickets or sessions, one of them"),
    ('plan: 1.1 "One"\nplan: 1.2 "Two"', 1, "no second `plan`"),
    ("submodule: x", 10, "expected one of absent"),
    ('    plan: 1.1 "One"', 1, "no indentation"),
    ('commit aaa: "One" src/a.py\n    src/b.py\n    +x', 19, "a file of the commit"),
    ('commit aaa: "One" src/a.py\n    +x', 19, "a file's path above"),
    ('tickets: R\n    src/a.py', 1, "an indented text below a `report`"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("script", "column", "expected"), TYPOS, ids=[script.splitlines()[-1] for script, _, _ in TYPOS]
)
def test_a_typo_raises_with_its_line_and_column(script: str, column: int, expected: str) -> None:
    with pytest.raises(FormatError) as raised:
        case_of(script)
    found = re.match(r"Case script, line (\d+), column (\d+): (.*)", str(raised.value))
    assert found
    assert int(found[2]) == column
    assert expected in found[3]
    assert repr(script.splitlines()[int(found[1]) - 1]) in found[3]


SCRIPTS = [example.script for detector in load_detectors() for example in examples_of(detector.page)]
CASES: dict[str, Case] = {}


def _line_words(script: str) -> list[tuple[int, int]]:
    """Return start and end of each word in the script's own lines, not in indented reports."""
    spans = []
    offset = 0
    for row in script.splitlines(keepends=True):
        if not row.startswith("    "):
            spans += [(offset + match.start(), offset + match.end()) for match in re.finditer(r"\S+", row)]
        offset += len(row)
    return spans


@given(st.sampled_from(SCRIPTS), st.sampled_from(["drop", "double", "alter"]), st.data())
def test_every_word_of_a_script_counts(script: str, change: str, data: st.DataObject) -> None:
    start, end = data.draw(st.sampled_from(_line_words(script)))
    word = script[start:end]
    other = {"drop": "", "double": f"{word} {word}", "alter": f"z{word}"}[change]
    changed = script[:start] + other + script[end:]
    try:
        case = case_of(changed)
    except FormatError:
        return
    if script not in CASES:
        CASES[script] = case_of(script)
    assert case != CASES[script], f"{change} {word!r} changes nothing in:\n{changed}"


def test_a_file_belongs_to_the_plan_or_is_only_listed() -> None:
    case = case_of(
        'plan: 1.1 "One"\n'
        "file plans/run/steps/step-1-2.md:\n    # Cycle 1.2: Two\n    **Report Path**: plans/run/two.md\n"
        "file plans/run/two.md:\n    # Two"
    )
    assert [(spec.id, spec.title, spec.report_path) for spec in case.plan.steps] == [
        ("1.1", "One", None),
        ("1.2", "Two", "plans/run/two.md"),
    ]
    assert [(source.path, source.kind) for source in case.sources] == [("plans/run/two.md", Kind.OTHER)]


def test_no_transcript_shows_the_launch_of_an_unlaunched_agent() -> None:
    case = case_of("agent a3 1.3 unlaunched: 10:00-10:10\nagent a4 1.4: 10:00-10:10")
    assert {agent.id: agent.parent for agent in case.transcripts.agents} == {"main": None, "a3": None, "a4": "main"}
    assert list(launches(case.transcripts)) == ["a4"]


def test_sessions_do_and_say_what_their_lines_tell() -> None:
    case = case_of(
        """
commit aaa1111: "Add a parser" src/a.py[created], at 10:06
session S1: "Add a parser", in /work, on topic
S1 10:01 launches a1 in /work-2: "Review it"
a1 10:02 reads src/a.py
S1 10:03 hears a1: "Looks fine."
S1 10:04 runs: pytest
    === 3 passed in 0.1s ===
S1 10:05 runs exit 1: git push
    ! [rejected] topic -> topic
S1 10:06 runs: git commit -m "Add a parser"
    [topic aaa1111] Add a parser
S1 10:07 says: "3 tests pass."
""".strip()
    )
    session, agent = case.transcripts.agents
    kinds = [type(event).__name__ for event in session.events]
    assert kinds == ["Launch", "TestRun", "Command", "Command", "CommitMade"]
    assert (session.cwd, session.branch, agent.cwd, agent.parent) == ("/work", "topic", "/work-2", "S1")
    assert [getattr(event, "exit_code", None) for event in session.events] == [None, 0, 1, 0, None]
    assert [message.text for message in agent.said] == ["Looks fine."]
    assert [str(message.ref) for message in session.said] == ["S1.jsonl:7"]
    dossier = case.dossier("S1")
    assert dossier
    assert [found.commit.sha[:7] for found in dossier.commits] == ["aaa1111"]
    assert [(judged.claim.value, str(judged.verdict)) for judged in dossier.claims] == [("3", "confirmed")]
