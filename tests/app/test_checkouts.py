"""What this clone itself tells of checkouts: its reflog, its work trees, and what nothing reaches."""

import json
from pathlib import Path

from forensics.app.analyze import analyze
from forensics.app.evidence import Scope
from forensics.formats.tickets import Tickets
from forensics.render.documents.postmortem import render_postmortem_json
from tests.unpack import commit, git, repository


def _lines(name: str, many: int = 9) -> str:
    return "".join(f"result_{name}_{number} = compute_{name}({number})\n" for number in range(many))


def _found(folder: Path) -> dict[str, dict[str, object]]:
    scope = Scope(".", folder, read_transcripts=False, tickets=Tickets(r"R\d+"))
    return {one["code"]: one for one in json.loads(render_postmortem_json(analyze(scope)))["findings"]}


def test_the_reflog_shows_whose_branch_was_checked_out(tmp_path: Path) -> None:
    folder = repository(tmp_path / "shop")
    commit(folder, "Begin", {"README.md": "x"}, authored="09:00")
    git(folder, "switch", "-q", "-c", "claude/r50-queue")
    below = commit(folder, "R50: Queue", {"src/queue.py": _lines("queue")}, authored="09:12")
    stray = commit(folder, "R11: Intents", {"src/intents.py": _lines("intents")}, authored="09:13")
    git(folder, "switch", "-q", "main")
    hit = _found(folder)["ISO002"]
    assert hit["commits"] == [stray, below]
    assert hit["steps"] == ["R11", "R50"]
    assert "with `claude/r50-queue` checked out" in str(hit["message"])


def test_two_tickets_on_a_branch_that_is_nobody_s_are_no_fault(tmp_path: Path) -> None:
    folder = repository(tmp_path / "shop")
    commit(folder, "Begin", {"README.md": "x"}, authored="09:00")
    git(folder, "switch", "-q", "-c", "night")
    commit(folder, "R50: Queue", {"src/queue.py": _lines("queue")}, authored="09:12")
    commit(folder, "R11: Intents", {"src/intents.py": _lines("intents")}, authored="09:13")
    git(folder, "switch", "-q", "main")
    assert _found(folder) == {}


def test_a_stack_has_a_branch_of_its_own(tmp_path: Path) -> None:
    folder = repository(tmp_path / "shop")
    commit(folder, "Begin", {"README.md": "x"}, authored="09:00")
    git(folder, "switch", "-q", "-c", "claude/r50-queue")
    commit(folder, "R50: Queue", {"src/queue.py": _lines("queue")}, authored="09:12")
    git(folder, "switch", "-q", "-c", "claude/r11-intents")
    commit(folder, "R11: Intents", {"src/intents.py": _lines("intents")}, authored="09:13")
    git(folder, "switch", "-q", "main")
    assert _found(folder) == {}


def test_work_that_a_reset_dropped_is_named(tmp_path: Path) -> None:
    folder = repository(tmp_path / "shop")
    commit(folder, "R1: Begin", {"README.md": "x"}, authored="09:00")
    lost = commit(folder, "R12: Scopes", {"src/scopes.py": _lines("scopes")}, authored="09:12")
    git(folder, "reset", "-q", "--hard", "HEAD^")
    hit = _found(folder)["ISO010"]
    assert hit["commits"] == [lost]
    assert f"git branch rescued {lost[:12]}" in str(hit["message"])


def test_the_work_trees_there_are_now_are_named(tmp_path: Path) -> None:
    folder = repository(tmp_path / "shop")
    commit(folder, "R1: Begin", {"README.md": "x"}, authored="09:00")
    git(folder, "worktree", "add", "-q", "../shop-r11")
    scope = Scope(".", folder, read_transcripts=False, tickets=Tickets(r"R\d+"))
    tree = json.loads(render_postmortem_json(analyze(scope)))["impact"]["tree"]
    assert "2 work trees now: `shop` and `shop-r11`" in tree
    assert str(tmp_path) not in tree
