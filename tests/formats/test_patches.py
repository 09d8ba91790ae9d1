"""Patches as git really prints them, for names and contents that are odd."""

from pathlib import Path

import pytest

from forensics.formats.patches import parse_patches
from forensics.model.patch import Patch
from forensics.sources.repository import Repository
from tests.unpack import git, repository


def patches(folder: Path) -> dict[str, Patch]:
    """Return every commit's patch by its subject."""
    rows = [row.split(" ", 1) for row in git(folder, "log", "--format=%H %s").splitlines()]
    found = dict(parse_patches(Repository.discover(folder).patches([sha for sha, _ in rows])))
    return {subject: found[sha] for sha, subject in rows}


def save(folder: Path, subject: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", subject)


def texts(lines: dict[str, object]) -> dict[str, list[str]]:
    return {path: [line.text for line in ones] for path, ones in lines.items()}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "name",
    [
        "plain.py", "with space.py", "tab\there.py", "new\nline.py", 'quote"inside.py', 'quote at the end"', '"', "back\\slash",
        "umlaut-ä-日本.py", "a/b/c d/e.py", "dev/null", "\x01bell\x07", "trailing ", "-dash", "b/b/b", "+++ b/x", "é\\303",
    ],
)  # fmt: skip
def test_a_path_is_the_one_that_the_log_names(tmp_path: Path, name: str) -> None:
    folder = repository(tmp_path)
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("one\ntwo\n")
    save(folder, "add")
    (folder / name).write_text("two\n")
    save(folder, "change")
    (folder / name).unlink()
    save(folder, "delete")
    found = patches(folder)
    assert texts(dict(found["add"].added)) == {name: ["one", "two"]}
    assert texts(dict(found["change"].removed)) == {name: ["one"]}
    assert texts(dict(found["delete"].removed)) == {name: ["two"]}


def test_contents_that_look_like_a_patch_stay_contents(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    lines = [
        "++ b/other",
        "-- a/other",
        "@@ -1 +1,9 @@",
        "diff --git a/x b/x",
        "\\ No newline at end of file",
        "\0"[:0],
        "+",
        "-",
    ]
    (folder / "a.txt").write_text("\n".join(lines))
    (folder / "b.txt").write_text("after\n")
    save(folder, "add")
    (folder / "a.txt").write_text("\n".join(["-- x", *lines[1:], ""]))
    save(folder, "change")
    found = patches(folder)
    assert texts(dict(found["add"].added)) == {"a.txt": lines, "b.txt": ["after"]}
    assert texts(dict(found["change"].added)) == {"a.txt": ["-- x", "-"]}
    assert texts(dict(found["change"].removed)) == {"a.txt": ["++ b/other", "-"]}


def test_what_has_no_lines_has_an_empty_patch(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    (folder / "data.bin").write_bytes(b"\0\1\2" * 50)
    save(folder, "binary")
    save(folder, "empty")
    (folder / "data.bin").chmod(0o755)
    save(folder, "mode")
    (folder / "empty.txt").write_text("")
    save(folder, "empty file")
    (folder / "large.txt").write_text("a line of it\n" * 60_000)
    save(folder, "large")
    found = patches(folder)
    assert all(found[one] == Patch() for one in ("binary", "empty", "mode", "empty file", "large"))


def test_a_rename_is_a_removal_and_an_addition(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    (folder / "old.py").write_text("one = 1\ntwo = 2\n")
    save(folder, "add")
    (folder / "old.py").rename(folder / "new.py")
    save(folder, "rename")
    (folder / "link").symlink_to("new.py")
    save(folder, "link")
    found = patches(folder)
    assert texts(dict(found["rename"].removed)) == {"old.py": ["one = 1", "two = 2"]}
    assert texts(dict(found["rename"].added)) == {"new.py": ["one = 1", "two = 2"]}
    assert texts(dict(found["link"].added)) == {"link": ["new.py"]}


def test_line_ends_and_encodings_are_kept_apart(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    (folder / "dos.txt").write_bytes(b"one\r\ntwo\r\n")
    (folder / "latin.txt").write_bytes(b"caf\xe9\n" + b"x" * 9_000 + b"\n")
    save(folder, "add")
    added = patches(folder)["add"].added
    assert [line.text for line in added["dos.txt"]] == ["one\r", "two\r"]
    assert added["latin.txt"][0].text == "caf�"
    assert len(added["latin.txt"][1].text) < 2_000


def test_numbers_are_those_of_each_side(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    (folder / "a.txt").write_text("1\n2\n3\n4\n5\n6\n7\n")
    save(folder, "add")
    (folder / "a.txt").write_text("0\n1\n2\n4\n5\nsix\nmore\n7\n")
    save(folder, "change")
    patch = patches(folder)["change"]
    assert [(line.number, line.text) for line in patch.added["a.txt"]] == [(1, "0"), (6, "six"), (7, "more")]
    assert [(line.number, line.text) for line in patch.removed["a.txt"]] == [(3, "3"), (6, "6")]


def test_a_submodule_is_one_line(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    save(folder, "root")
    sha = git(folder, "rev-parse", "HEAD")
    git(folder, "update-index", "--add", "--cacheinfo", f"160000,{sha},vendor")
    git(folder, "commit", "-q", "-m", "link")
    assert texts(dict(patches(folder)["link"].added)) == {"vendor": [f"Subproject commit {sha}"]}


def test_settings_of_the_repository_change_nothing(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    (folder / "a.txt").write_text("one\n")
    save(folder, "add")
    for key, value in {
        "diff.noprefix": "true", "diff.mnemonicPrefix": "true", "color.ui": "always", "diff.context": "9",
        "diff.renames": "copies", "log.diffMerges": "on", "diff.submodule": "log", "format.pretty": "oneline",
        "core.quotePath": "true", "log.showSignature": "true", "diff.algorithm": "histogram",
    }.items():  # fmt: skip
        git(folder, "config", key, value)
    found = dict(parse_patches(Repository.discover(folder).patches([git(folder, "rev-list", "HEAD")])))
    assert [texts(dict(one.added)) for one in found.values()] == [{"a.txt": ["one"]}]
