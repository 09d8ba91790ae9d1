"""Nothing that a repository configures is run, also where git would need it: a missing object, an included file, a hook."""

from pathlib import Path

import pytest

from forensics.sources.git_settings import GitError
from forensics.sources.repository import Repository
from forensics.sources.work_tree import changed_files
from tests.unpack import git


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    for text in ("a", "b"):
        (folder / "a").write_text(text)
        git(folder, "add", "a")
        git(folder, "commit", "-qm", text)
    return folder


def ask_all(folder: Path) -> None:
    """Ask what the use cases ask."""
    repository = Repository.discover(folder)
    head = repository.head() or ""
    blobs = [blob for _, blob, _ in repository.tree(head, "")]
    for ask in (
        lambda: repository.log([]),
        lambda: repository.patches([head]),
        lambda: repository.blobs(blobs, 1_000),
        lambda: repository.check([head[:7], "0" * 40]),
        repository.all_commits,
        repository.head_log,
        lambda: changed_files(repository),
    ):
        try:
            ask()
        except GitError:
            continue


def test_no_object_is_fetched_from_a_remote(repo: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    for key, value in (
        ("core.repositoryFormatVersion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.url", f"ext::touch {mark}"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.uploadpack", f"touch {mark}"),
        ("protocol.ext.allow", "always"),
        ("protocol.allow", "always"),
    ):
        git(repo, "config", key, value)
    blob = git(repo, "rev-parse", "HEAD:a").strip()
    (repo / ".git/objects" / blob[:2] / blob[2:]).unlink()
    ask_all(repo)
    assert not mark.exists()


@pytest.mark.parametrize("included", [False, True], ids=["itself", "in an included file"])
def test_no_command_of_the_configuration_runs(repo: Path, tmp_path: Path, *, included: bool) -> None:
    mark, script = tmp_path / "ran", tmp_path / "script"
    script.write_text(f"#!/bin/sh\ntouch '{mark}'\n")
    script.chmod(0o755)
    keys = (
        "core.fsmonitor", "core.sshCommand", "core.gitProxy", "core.editor", "core.askPass", "core.alternateRefsCommand", "core.pager",
        "credential.helper", "diff.external", "diff.x.textconv", "diff.x.command", "filter.x.clean", "filter.x.smudge", "filter.x.process",
        "gpg.program", "gpg.ssh.program", "merge.x.driver", "pager.log", "uploadpack.packObjectsHook", "sequence.editor", "trailer.x.command",
    )  # fmt: skip
    target = tmp_path / "included" if included else repo / ".git/config"
    for key in keys:
        git(repo, "config", "--file", str(target), key, str(script))
    git(repo, "config", "--file", str(target), "log.showSignature", "true")
    if included:
        git(repo, "config", "include.path", str(target))
    (repo / ".git/info/attributes").write_text("* diff=x filter=x merge=x\n")
    for hook in ("post-checkout", "pre-commit", "post-index-change", "reference-transaction", "fsmonitor-watchman"):
        (repo / ".git/hooks").mkdir(exist_ok=True)
        (repo / ".git/hooks" / hook).symlink_to(script)
    (repo / "a").write_text("changed")
    ask_all(repo)
    assert not mark.exists()
