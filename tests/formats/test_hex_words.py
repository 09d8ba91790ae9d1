"""Hexadecimal words: which can name a commit, and which are digests, times, names and test data."""

import time

import pytest

from forensics.formats.reports import hex_words as module
from forensics.formats.reports.hex_words import hex_words

SHA1 = "70e05c6b4f1d4f7a9c570f3f3a7f9b11d2c3e4f5"
SHA256 = f"{SHA1}a1b2c3d4e5f6a7b8c9d0e1f2"


def _found(text: str) -> list[str]:
    return [match[0] for match in hex_words(text)]


@pytest.mark.parametrize(
    "text",
    [
        "- `70e05c6` - read the sensor",
        "Task 1 (70e05c6b)",
        f"commit {SHA1}",
        "5048097 is all digits, and git abbreviates so",
        # the task's own words are not about the hash
        "**Task 1: Write the checksum** - `70e05c6` (feat)",
        "**Task 2: Make the dumps byte-identical** - `70e05c6`",
        "**Task 3: Store the digest, hashes match the manifest** - commit `70e05c6`",
        "Commit SHA: 70e05c6",
        "sha256 of the image was checked; commit 70e05c6 has it",
        # unusual lengths, but the text calls them a commit
        "commit 70e05c6b4f1d4f7a",
        f"Commit: {SHA256}",
    ],
)
def test_what_can_be_a_commit(text: str) -> None:
    assert len(_found(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "(when=1778830973182)",
        "created at 1778830973",
        "idx 15, when: 17788309",
        "ran ssh-keygen -t ed25519 for the test",
        f"sha256: `{SHA256}`",
        f"the archive's digest is {SHA256}",
        f"both files are byte-identical ({SHA1})",
        f"All three copies' hashes match ({SHA1})",
        "All three copies' hashes match (70e05c6)",
        "sha256=70e05c6b",
        "the checksum is 70e05c6b",
        "70e05c6b (sha256) of the archive",
        "bytes 0x01 to 0123456789abcdef were masked",
        "payload cdef0123456789abcdef",
        "key 2c2022608febaa99",
        "a defaced facade",
        "1000000 widgets",
        "Committed as 12345678",
        "released on 20260304",
    ],
)
def test_what_cannot(text: str) -> None:
    assert _found(text) == []


def test_a_list_of_commits_is_read_to_its_end() -> None:
    assert _found("Commits 7de50fa, eb801db, 5070039 exist") == ["7de50fa", "eb801db", "5070039"]


def test_hostile_lines_cost_no_time() -> None:
    started = time.monotonic()
    for text in ("a1b2c3d " * 250, "sha256 " * 280, "when=" * 400, "hash hashes " * 160, f"digest {SHA256} " * 27):
        _found(text)
    assert time.monotonic() - started < 2


def test_every_row_is_used() -> None:
    for row in (*module.DIGESTS, *module.TIMES, *module.DIGESTED):
        assert _found(f"{row.example} {SHA256}") == []
