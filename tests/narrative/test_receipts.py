"""Receipts that were wrong on real sessions: files of which no commit was found. Each test fails until its cause is mended."""

import pytest

from forensics.narrative.receipts import receipts
from forensics.testing.script import case_of

COMMITTED = {
    # The session began in a subfolder whose files once stood at the top: its `tax.py` is `cli/tax.py` in git.
    "begun in a subfolder": """
session S1: "Round the tax", in /tree/cli
S1 10:05 writes tax.py
commit aaa1111: "Begin" tax.py, at 09:00
commit bbb2222: "Move" cli/tax.py, at 09:30
commit ccc3333: "Round the tax" cli/tax.py, at 10:10
""",
    # Only the snapshots that a tool keeps of the work tree have the file, because git ignores it: it was never to be committed.
    # The refs of such tools are left out where refs are read, so that no ref reaches these commits.
    "kept by snapshots alone": """
session S1: "Start the service", in /tree
commit aaa1111: "Begin" src/a.py, at 09:00
commit bbb2222: "Start the service" api/.env, at 09:30, dangling
S1 10:05 writes api/.env
""",
}


@pytest.mark.parametrize("script", COMMITTED.values(), ids=COMMITTED.keys())
def test_a_file_is_not_called_uncommitted(script: str) -> None:
    assert receipts(case_of(script))[0].uncommitted == ()
