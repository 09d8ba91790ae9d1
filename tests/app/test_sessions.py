"""Runs without a plan: real git, and transcripts in the agents' store."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from forensics.app.analyze import analyze
from forensics.app.check import Text, Witnesses, check, text_of
from forensics.app.evidence import Scope
from forensics.app.sessions import open_sessions
from forensics.casework.attribution.sessions import Selection
from forensics.casework.isolation.lineage import Lineage
from forensics.errors import NothingToExamine, UsageError
from forensics.model.claim import ClaimKind, Verdict
from forensics.model.plan import UnitKind
from forensics.model.postmortem import Postmortem
from forensics.render.html import render_html
from forensics.render.markdown import render_markdown
from forensics.render.text import render_text
from tests.formats.transcript_lines import assistant, call, result, user
from tests.unpack import commit, git

DAY = "2026-03-04"
ONE, TWO = "5e550001-0000-4000-8000-000000000001", "5e550002-0000-4000-8000-000000000002"


def _at(clock: str) -> str:
    return f"{DAY}T{clock}:00.000Z"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    commit(folder, "Start", {"src/a.py": "one\n"}, authored="08:00")
    return folder


def _store(shop: Path, name: str, lines: Iterable[bytes]) -> None:
    """Keep a session where Claude Code would, with the folder it was begun in."""
    place = shop.parent / ".claude" / "projects" / "".join(c if c.isalnum() else "-" for c in str(shop))
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{name}.jsonl").write_bytes(b"".join(lines))


def _session(shop: Path, name: str, begin: str, *, ran: list[tuple[str, str, str]], says: str, end: str) -> None:
    """Keep a session: a prompt, shell calls as (clock, command, output), and its last words."""
    own: dict[str, Any] = {"sessionId": name, "cwd": str(shop)}
    lines = [user(1, "Make the total right", timestamp=_at(begin), uuid=f"{name}-u", **own)]
    for number, (clock, command, printed) in enumerate(ran):
        made = call(f"{name}-{number}", "Bash", command=command)
        lines.append(
            assistant(
                2,
                made,
                message=f"{name}-m{number}",
                timestamp=_at(clock),
                uuid=f"{name}-a{number}",
                stop="tool_use",
                **own,
            )
        )
        lines.append(result(3, f"{name}-{number}", printed, timestamp=_at(clock), uuid=f"{name}-r{number}", **own))
    lines.append(
        assistant(
            9, {"type": "text", "text": says}, message=f"{name}-end", timestamp=_at(end), uuid=f"{name}-end", **own
        )
    )
    _store(shop, name, lines)


def _receipts(shop: Path, selection: Selection | None = None, *, since: str | None = None) -> Postmortem:
    start = datetime.fromisoformat(f"{DAY}T{since}:00").replace(tzinfo=UTC) if since else None
    environment = {"HOME": str(shop.parent)}
    return analyze(Scope(".", shop, since=start, environment=environment, sessions=selection or Selection()))


def _verdicts(found: Postmortem, unit: str) -> dict[tuple[ClaimKind, str], Verdict]:
    return {
        (judged.claim.kind, judged.claim.value): judged.verdict for judged in found.claims if judged.claim.step == unit
    }


def test_a_session_is_a_unit_with_its_commits_and_its_claims(shop: Path) -> None:
    sha = commit(shop, "Round the total", {"src/a.py": "two\n"}, authored="09:10")
    _session(
        shop, ONE, "09:00", end="09:20",
        ran=[("09:05", "pytest -q", "42 passed in 1.0s"), ("09:10", "git commit -am 'Round the total'", f"[main {sha[:7]}] Round the total\n 1 file changed")],
        says=f"Done. All 42 tests pass. Committed as {sha[:7]}.",
    )  # fmt: skip
    found = _receipts(shop)
    (receipt,) = found.receipts
    assert (receipt.unit, receipt.kind, receipt.title, receipt.commits) == (
        ONE[:8],
        UnitKind.SESSION,
        "Make the total right",
        (sha,),
    )
    verdicts = _verdicts(found, ONE[:8])
    assert verdicts[ClaimKind.COMMIT, sha[:7]] is Verdict.CONFIRMED
    assert verdicts[ClaimKind.TESTS, "42"] is Verdict.CONFIRMED
    assert [step.kind for step in found.steps] == [UnitKind.SESSION]
    assert "Make the total right" in render_text(found)


def test_a_session_that_only_read_is_no_postmortem_of_a_plan(shop: Path) -> None:
    _session(shop, ONE, "09:00", end="09:20", ran=[("09:05", "cat src/a.py", "one")], says="It says one.")
    found = _receipts(shop)
    for text in (render_markdown(found), render_html(found)):
        assert "No unit changed anything or claimed anything that can be checked." in text
        assert "Sources compared" not in text
        assert "Plan" not in text


def test_a_commit_that_was_amended_has_another_id_now(shop: Path) -> None:
    sha = commit(shop, "Round the total", {"src/a.py": "two\n"}, authored="09:10")
    git(
        shop,
        "commit",
        "-q",
        "--amend",
        "-m",
        "Round the total",
        "--date",
        f"{DAY}T09:10:00Z",
        env={"GIT_COMMITTER_DATE": f"{DAY}T09:30:00Z"},
    )
    now = git(shop, "rev-parse", "HEAD")
    git(shop, "reflog", "expire", "--expire=all", "--all")
    git(shop, "gc", "-q", "--prune=now")
    _session(
        shop,
        ONE,
        "09:00",
        end="09:20",
        ran=[("09:10", "git commit -am x", f"[main {sha[:7]}] Round the total\n 1 file changed")],
        says=f"Committed as {sha[:7]}.",
    )
    found = _receipts(shop)
    (judged,) = (judged for judged in found.claims if judged.claim.kind is ClaimKind.COMMIT)
    assert (judged.verdict, judged.twin) == (Verdict.REWRITTEN, now)
    assert not [finding for finding in found.findings if finding.serious]


@pytest.mark.parametrize(
    ("command", "owned"),
    [
        ("git commit -qm fix", 1),
        ("git commit -qm 'prefix the names'", 0),
        ("git commit -q -F - <<'END'\nfix\n\nBecause.\nEND", 1),
        ('M=fix; git commit -qm "$M"', 0),
    ],
)
def test_a_short_subject_is_no_part_of_another_one(shop: Path, command: str, owned: int) -> None:
    """Somebody else commits `fix` while the session's own commit, which printed nothing, has a longer subject."""
    commit(shop, "fix", {"src/b.py": "b\n"}, authored="09:10")
    _session(shop, ONE, "09:00", end="09:20", ran=[("09:10", command, "")], says="Done.")
    case, _ = open_sessions(Scope(".", shop, environment={"HOME": str(shop.parent)}), Selection())
    assert [len(dossier.commits) for dossier in case.dossiers if dossier.agents] == [owned]


def test_only_the_last_message_of_a_session_counts(shop: Path) -> None:
    own: dict[str, Any] = {"sessionId": ONE, "cwd": str(shop)}
    _store(shop, ONE, [
        user(1, "Do it", timestamp=_at("09:00"), uuid="1", **own),
        assistant(2, {"type": "text", "text": "All 9 tests pass."}, message="m1", timestamp=_at("09:01"), uuid="2", **own),
        user(3, "Really?", timestamp=_at("09:02"), uuid="3", **own),
        assistant(4, {"type": "text", "text": "All 8 tests pass."}, message="m2", timestamp=_at("09:03"), uuid="4", **own),
    ])  # fmt: skip
    found = _receipts(shop)
    superseded = {judged.claim.value: judged.claim.superseded for judged in found.claims}
    assert superseded["9"]
    assert not superseded["8"]


def test_a_window_a_session_a_branch_and_a_pull_request_choose(shop: Path) -> None:
    early = commit(shop, "Early", {"src/b.py": "b\n"}, authored="08:30")
    _session(
        shop,
        ONE,
        "08:20",
        end="08:40",
        ran=[("08:30", "git commit -m Early", f"[main {early[:7]}] Early")],
        says=f"Committed {early[:7]}.",
    )
    git(shop, "checkout", "-q", "-b", "total")
    late = commit(shop, "Late", {"src/c.py": "c\n"}, authored="11:00")
    git(shop, "update-ref", "refs/pull/7/head", late)
    git(shop, "checkout", "-q", "main")
    assert [each.unit for each in _receipts(shop).receipts] == [ONE[:8], "#7"]
    assert [each.unit for each in _receipts(shop, since="10:30").receipts] == ["#7"]
    assert [each.unit for each in _receipts(shop, Selection(session=ONE[:6])).receipts] == [ONE[:8]]
    assert [each.unit for each in _receipts(shop, Selection(pull=7)).receipts] == ["#7"]
    assert [each.unit for each in _receipts(shop, Selection(branch="total")).receipts] == ["#7"]
    with pytest.raises(NothingToExamine, match=r"Nothing is known of `none`"):
        _receipts(shop, Selection(branch="none"))


def test_a_written_file_that_no_commit_has_is_left_open(shop: Path) -> None:
    own: dict[str, Any] = {"sessionId": ONE, "cwd": str(shop)}
    written = call("w", "Write", file_path=f"{shop}/src/a.py", content="three\n")
    _store(shop, ONE, [
        user(1, "Do it", timestamp=_at("09:00"), uuid="1", **own),
        assistant(2, written, message="m1", timestamp=_at("09:01"), uuid="2", stop="tool_use", **own),
        result(3, "w", "ok", timestamp=_at("09:01"), uuid="3", **own),
        assistant(4, {"type": "text", "text": "Done."}, message="m2", timestamp=_at("09:03"), uuid="4", **own),
    ])  # fmt: skip
    (receipt,) = _receipts(shop).receipts
    assert receipt.uncommitted == ("src/a.py",)
    commit(shop, "Three", {"src/a.py": "three\n"}, authored="09:30")
    (receipt,) = _receipts(shop, Selection(session=ONE)).receipts
    assert receipt.uncommitted == ()


def test_nothing_found_says_where_it_looked(shop: Path) -> None:
    with pytest.raises(NothingToExamine) as caught:
        _receipts(shop, since="23:00")
    assert "the agents' stores on this machine" in str(caught.value)
    assert caught.value.exit_code == 3


def test_a_text_is_checked_against_git_alone(shop: Path) -> None:
    sha = git(shop, "rev-parse", "HEAD")
    checked = check(
        Text(f"Committed as {sha[:7]}, and then as 1badb002.\n", "message.md"), Witnesses(shop, read_transcripts=False)
    )
    verdicts = {
        judged.claim.value: judged.verdict for judged in checked.claims if judged.claim.kind is ClaimKind.COMMIT
    }
    assert verdicts == {sha[:7]: Verdict.CONFIRMED, "1badb002": Verdict.MISSING}
    assert [finding.code for finding in checked.findings] == ["CLM001"]
    assert checked.session is None


def test_a_text_without_end_is_refused(shop: Path) -> None:
    """Nothing is read past the limit, and a pipe that nobody writes to is not waited for."""
    os.mkfifo(shop / "pipe")
    assert text_of("pipe", shop, None).content == ""
    with pytest.raises(UsageError):
        text_of("/dev/zero", shop, None)
    with pytest.raises(NothingToExamine):
        text_of("src", shop, None)


def test_a_text_is_checked_against_its_session(shop: Path) -> None:
    _session(
        shop,
        ONE,
        "09:00",
        end="09:20",
        ran=[("09:05", "pytest -q", "41 passed, 1 failed in 1.0s")],
        says="Working on it.",
    )
    _session(shop, TWO, "09:00", end="09:20", ran=[("09:05", "pytest -q", "42 passed in 1.0s")], says="Done.")
    text = Text("All 42 tests pass.\n", "message.md")
    environment = {"HOME": str(shop.parent)}
    for session, expected in ((ONE, Verdict.CONTRADICTED), (TWO, Verdict.CONFIRMED)):
        checked = check(text, Witnesses(shop, session=session, environment=environment))
        verdicts = {
            judged.claim.value: judged.verdict for judged in checked.claims if judged.claim.kind is ClaimKind.TESTS
        }
        assert verdicts["42"] is expected, session
        assert checked.session == session


def test_a_hash_that_a_tool_printed_is_not_invented(shop: Path) -> None:
    """Long outputs are kept shortened: the hash is looked for in the whole file."""
    long = "x" * 9_000 + " 1badb002 Fetched " + "y" * 9_000
    _session(
        shop,
        ONE,
        "09:00",
        end="09:20",
        ran=[("09:05", "cat notes", long)],
        says="The fetched commit 1badb002 is in. Committed as 2badb002.",
    )
    found = _receipts(shop)
    verdicts = {judged.claim.value: judged.verdict for judged in found.claims if judged.claim.kind is ClaimKind.COMMIT}
    assert verdicts == {"1badb002": Verdict.UNSUPPORTED, "2badb002": Verdict.MISSING}


def test_a_hash_that_its_agent_typed_itself_is_invented(shop: Path) -> None:
    ran = [
        ("09:05", "echo 'fetched 1badb002'", "fetched 1badb002"),
        ("09:06", "git show 1badb002", "fatal: bad object"),
    ]
    _session(shop, ONE, "09:00", end="09:20", ran=ran, says="Committed as 1badb002.")
    found = _receipts(shop)
    assert [each.verdict for each in found.claims if each.claim.kind is ClaimKind.COMMIT] == [Verdict.MISSING]


def test_a_commit_message_is_checked_against_what_ran_before_it(shop: Path) -> None:
    sha = commit(shop, "Round the total\n\nAll 42 tests pass.", {"src/a.py": "two\n"}, authored="09:10")
    ran = [
        ("09:05", "pytest -q", "41 passed, 1 failed in 1.0s"),
        ("09:10", "git commit -a", f"[main {sha[:7]}] Round the total\n 1 file changed"),
        ("09:15", "pytest -q", "42 passed in 1.0s"),
    ]
    _session(shop, ONE, "09:00", end="09:20", ran=ran, says="All 42 tests pass.")
    found = _receipts(shop)
    verdicts = {
        (judged.claim.ref.path.partition(":")[2] == "message", judged.claim.value): judged.verdict
        for judged in found.claims
        if judged.claim.kind is ClaimKind.TESTS
    }
    assert verdicts[True, "42"] is Verdict.CONTRADICTED
    assert verdicts[False, "42"] is Verdict.CONFIRMED


def test_somebody_else_s_text_is_not_judged_by_the_last_session_here(shop: Path) -> None:
    says = "The total is rounded now, and all 42 tests pass."
    _session(shop, ONE, "09:00", end="09:20", ran=[("09:05", "pytest -q", "41 passed, 1 failed in 1.0s")], says=says)
    environment = {"HOME": str(shop.parent)}
    for text, session in ((f"## Summary\n\n{says}\n", ONE), ("Another change. All 42 tests pass.\n", None), ("", None)):
        checked = check(Text(text, "body.md"), Witnesses(shop, environment=environment))
        assert checked.session == session, text
        assert bool(checked.findings) is (session is not None), text


def test_a_signature_that_every_text_has_makes_nobody_its_author(shop: Path) -> None:
    """Another person's description ends as the session's commit does, and shares one line of the project's template."""
    signed = "Generated with [Some Agent](https://agent.example)\n\nCo-Authored-By: Some Agent <agent@example.com>"
    template = "What was tested, and by whom:"
    command = f"git commit -m 'Round the total, and say so in the log\n\n{template}\n\n{signed}'"
    ran = [("09:05", "pytest -q", "41 passed, 1 failed in 1.0s"), ("09:06", command, "")]
    _session(shop, ONE, "09:00", end="09:20", ran=ran, says="Working on it.")
    text = Text(
        f"Sort the list before it is shown.\n\n{template}\n\nAll 42 tests pass on my side.\n\n{signed}\n", "body.md"
    )
    checked = check(text, Witnesses(shop, environment={"HOME": str(shop.parent)}))
    assert checked.session is None
    assert checked.findings == ()


def test_a_session_that_is_not_there_is_an_error(shop: Path) -> None:
    """Part of its folder's name does not name a session: git alone would be another check than was asked for."""
    _session(shop, ONE, "09:00", end="09:20", ran=[], says="Working on it.")
    for session in ("shop", "5e559"):
        with pytest.raises(NothingToExamine):
            check(Text("Done.\n", "body.md"), Witnesses(shop, session=session, environment={"HOME": str(shop.parent)}))


@pytest.mark.parametrize(("name", "own"), [(".git/COMMIT_EDITMSG", False), ("body.md", True)])
def test_only_git_s_own_remarks_are_left_out(shop: Path, name: str, own: bool) -> None:
    remarks = "# On branch main, 1badb002\n# ------ >8 ------\n+Committed as 2badb002.\n"
    checked = check(Text(f"Round the total\n\n{remarks}", name), Witnesses(shop, read_transcripts=False))
    assert bool(checked.claims) is own


def test_the_time_of_unmerged_branches_is_that_of_their_commits(shop: Path) -> None:
    git(shop, "switch", "-q", "-c", "round")
    commit(shop, "Round the total", {"src/a.py": "two\n"}, authored="11:00")
    git(shop, "switch", "-q", "main")
    found = _receipts(shop)
    assert [receipt.unit for receipt in found.receipts] == ["round"]
    assert found.run.end
    assert (found.run.start, found.run.end.hour) == (found.receipts[0].start, 11)


def test_pull_requests_without_tickets_own_no_lines(shop: Path) -> None:
    """One author begins a piece of work, lays it aside, and lands it in a second pull request."""
    shas = []
    for number, clock in ((7, "09:00"), (8, "10:00")):
        git(shop, "checkout", "-q", "-b", f"try-{number}", "main")
        shas.append(commit(shop, f"Add the values, take {number}", {"src/values.py": f"{number}\n"}, authored=clock))
        git(shop, "update-ref", f"refs/pull/{number}/head", shas[-1])
        git(shop, "checkout", "-q", "main")
    case, _ = open_sessions(Scope(".", shop, sessions=Selection()), Selection())
    assert {"#7", "#8"} == {dossier.id for dossier in case.dossiers}
    assert [Lineage(case).owner(sha) for sha in shas] == ["", ""]
