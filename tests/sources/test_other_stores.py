"""The stores of OpenCode and SpecStory: which files are of a repository's sessions, and of a time."""

import hashlib
import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forensics.formats.transcripts.readers import read
from forensics.model.source import Gap
from forensics.sources.gemini import gemini_files
from forensics.sources.opencode import opencode_files
from forensics.sources.opencode_database import database_sessions
from forensics.sources.repository import Repository
from forensics.sources.specstory import can_be_of, histories
from tests.unpack import git

NONE = (None, None)


def _write(path: Path, text: str = "x\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _store(home: Path, session: str, folder: str) -> None:
    storage = home / ".local/share/opencode/storage"
    _write(storage / f"session/p/{session}.json", json.dumps({"id": session, "directory": folder}))
    _write(storage / f"message/{session}/msg_{session}.json", "{}")
    _write(storage / f"part/msg_{session}/prt_1.json", "{}")


def test_opencodes_files_of_a_folder_and_a_time(tmp_path: Path) -> None:
    _store(tmp_path, "ses_a", "/srv/shop")
    _store(tmp_path, "ses_b", "/srv/other")
    _store(tmp_path, "ses_c", "/srv/shop")
    _write(tmp_path / ".local/share/opencode/storage/session/p/ses_d.json", "{")
    os.utime(tmp_path / ".local/share/opencode/storage/session/p/ses_c.json", (0, 0))
    start = datetime(2020, 1, 1, tzinfo=UTC)
    found = opencode_files([Path("/srv/shop")], {"HOME": str(tmp_path)}, (start, None))
    assert [file.shown for file in found] == [
        "storage/session/p/ses_a.json",
        "storage/message/ses_a/msg_ses_a.json",
        "storage/part/msg_ses_a/prt_1.json",
    ]
    data = {"HOME": "/nowhere", "XDG_DATA_HOME": str(tmp_path / ".local/share")}
    assert len(opencode_files([Path("/srv/shop")], data, NONE)) == 6


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    for name in (
        ".specstory/history/2026-07-01_12-53-16Z-sort.md",
        ".specstory/history/2026-07-20_12-53-16Z-late.md",
        "cli/.specstory/history/2026-07-02_10-00Z-cli.md",
        "tests/data/one/.specstory/history/2026-07-02_10-00Z-fixture.md",
    ):
        _write(folder / name)
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "Add sessions")
    _write(folder / ".specstory/history/2026-07-03_12-00-00Z-new.md")
    return folder


def test_documents_of_the_work_tree_and_of_a_revision(repository: Path) -> None:
    found = Repository.discover(repository)
    committed = [
        ".specstory/history/2026-07-01_12-53-16Z-sort.md",
        ".specstory/history/2026-07-20_12-53-16Z-late.md",
        "cli/.specstory/history/2026-07-02_10-00Z-cli.md",
    ]
    here = [shown for shown, _ in histories(found, None, NONE, [])]
    assert sorted(here) == sorted([*committed, ".specstory/history/2026-07-03_12-00-00Z-new.md"])
    kept = histories(found, "HEAD", NONE, [])
    assert [shown for shown, _ in kept] == committed
    assert [b"".join(content) for _, content in kept] == [b"x\n"] * 3
    week = (datetime(2026, 7, 2, tzinfo=UTC), datetime(2026, 7, 4, tzinfo=UTC))
    assert len(histories(found, "HEAD", week, [])) == 2


def test_links_are_not_followed(repository: Path, tmp_path: Path) -> None:
    secret = _write(tmp_path / "elsewhere/2026-07-01_12-53-16Z-secret.md")
    (repository / ".specstory/history/2026-07-01_12-53-17Z-link.md").symlink_to(secret)
    (repository / "app/.specstory").mkdir(parents=True)
    (repository / "app/.specstory/history").symlink_to(secret.parent)
    _write(tmp_path / "project/.specstory/history/2026-07-01_12-53-18Z-secret.md")
    (repository / "project").symlink_to(tmp_path / "project")
    shown = [shown for shown, _ in histories(Repository.discover(repository), None, NONE, [])]
    assert not [name for name in shown if "link" in name or "secret" in name]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2026-07-10_12-53-16Z-sort.md", True),
        ("2026-07-04_12-53Z-sort.md", True),
        ("2026-07-01_12-53Z-sort.md", False),
        ("2026-07-14_12-53-16Z-sort.md", False),
        ("2026-99-99_12-53-16Z-sort.md", True),
        ("notes.md", True),
    ],
)
def test_a_name_holds_when_a_session_began(name: str, *, expected: bool) -> None:
    assert can_be_of(name, (datetime(2026, 7, 10, tzinfo=UTC), datetime(2026, 7, 11, tzinfo=UTC))) is expected


def _database(home: Path) -> Path:
    path = home / ".local/share/opencode/opencode.db"
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as made:
        made.executescript("""
            CREATE TABLE session (id, parent_id, directory, version, time_created INTEGER, time_updated INTEGER);
            CREATE TABLE message (id, session_id, time_created INTEGER, data);
            CREATE TABLE part (id, message_id, session_id, data);
            INSERT INTO session VALUES ('ses_a', NULL, '/srv/shop', '1.3', 1770000000000, 1770000009000);
            INSERT INTO session VALUES ('ses_b', 'ses_a', '/srv/shop', '1.3', 1770000001000, 1770000002000);
            INSERT INTO session VALUES ('ses_c', NULL, '/srv/other', '1.3', 1770000001000, 1770000002000);
            INSERT INTO message VALUES ('msg_1', 'ses_a', 1770000000000, '{"role":"user","time":{"created":1770000000000}}');
            INSERT INTO message VALUES ('msg_2', 'ses_a', 1770000001000,
                '{"role":"assistant","finish":"stop","time":{"created":1770000001000,"completed":1770000002000}}');
            INSERT INTO message VALUES ('msg_3', 'ses_a', 1770000003000, 'no object');
            INSERT INTO part VALUES ('prt_1', 'msg_1', 'ses_a', '{"type":"text","text":"Sort"}');
            INSERT INTO part VALUES ('prt_2', 'msg_2', 'ses_a', '{"type":"text","text":"Sorted."}');
        """)
        made.commit()
    return path


def test_opencodes_database_is_read_like_an_export(tmp_path: Path) -> None:
    path = _database(tmp_path)
    before = path.read_bytes()
    gaps: list[Gap] = []
    environment = {"HOME": str(tmp_path)}
    files = database_sessions([Path("/srv/shop")], environment, NONE, gaps)
    assert [shown for shown, _ in files] == ["opencode.db/ses_a", "opencode.db/ses_b"]
    found = read(files)
    (run,) = found.agents
    assert (run.id, run.cwd, run.prompt) == ("ses_a", "/srv/shop", "Sort")
    assert [(message.text, message.ref.line) for message in run.said] == [("Sorted.", 5)]
    assert [gap.what for gap in found.gaps] == ["1 record of `opencode.db/ses_a` could not be read"]
    assert path.read_bytes() == before
    assert sorted(file.name for file in path.parent.iterdir()) == ["opencode.db"]
    late = (datetime(2026, 3, 1, tzinfo=UTC), None)
    assert database_sessions([Path("/srv/shop")], environment, late, gaps) == ()
    assert not gaps


def test_a_damaged_database_is_a_gap(tmp_path: Path) -> None:
    _write(tmp_path / ".local/share/opencode/opencode.db", "no database " * 1_000)
    gaps: list[Gap] = []
    assert database_sessions([Path("/srv/shop")], {"HOME": str(tmp_path)}, NONE, gaps) == ()
    assert [gap.what for gap in gaps] == ["`opencode.db` could not be read: file is not a database"]


def test_geminis_sessions_are_found_by_digest_or_marker(tmp_path: Path) -> None:
    store = tmp_path / ".gemini/tmp"
    digest = hashlib.sha256(b"/srv/shop").hexdigest()
    _write(store / digest / "chats/session-1.json")
    _write(store / "shop-2/chats/session-2.jsonl")
    _write(store / "shop-2/.project_root", "/srv/shop\n")
    _write(store / "other/chats/session-3.json")
    os.utime(_write(store / digest / "chats/session-0.json"), (0, 0))
    window = (datetime(2020, 1, 1, tzinfo=UTC), None)
    found = gemini_files([Path("/srv/shop")], {"HOME": str(tmp_path)}, window)
    assert sorted(file.path.name for file in found) == ["session-1.json", "session-2.jsonl"]
