"""Hostile repositories, plans and transcripts: each changes a world in which everything else is ordinary."""

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hostile.world import LISTENER, PLAN, REPORT, WORDS, World, report_on

ATTACKS: dict[str, Callable[[World], None]] = {}


def attack(function: Callable[[World], None]) -> Callable[[World], None]:
    """Register an attack under its name."""
    ATTACKS[function.__name__.replace("_", " ")] = function
    return function


@attack
def nothing_but_words(_: World) -> None:
    """The world itself: hostile words in subjects, authors, plans, reports and sessions."""


@attack
def programs_in_the_configuration(world: World) -> None:
    keys = [
        "core.fsmonitor",
        "core.pager",
        "pager.log",
        "pager.show",
        "core.editor",
        "core.askPass",
        "core.sshCommand",
        "core.gitProxy",
        "core.alternateRefsCommand",
        "diff.external",
        "diff.x.textconv",
        "diff.x.command",
        "filter.x.clean",
        "filter.x.smudge",
        "filter.x.process",
        "merge.x.driver",
        "gpg.program",
        "gpg.ssh.program",
        "credential.helper",
        "sequence.editor",
        "interactive.diffFilter",
        "uploadpack.packObjectsHook",
        "trailer.x.command",
        "alias.log",
        "alias.cat-file",
        "alias.rev-parse",
        "alias.for-each-ref",
        "remote.origin.uploadpack",
        "remote.origin.vcs",
        "browser.x.cmd",
        "web.browser",
    ]
    world.config(
        dict.fromkeys(keys, str(world.program))
        | {"log.showSignature": "true", "filter.x.required": "true", "core.fsyncMethod": "batch"}
    )
    world.write(".gitattributes", "* filter=x diff=x merge=x\n")
    (world.repository / ".git/info/attributes").write_text("* filter=x diff=x merge=x\n")
    world.write("src/a.py", "3\n")


@attack
def an_included_configuration(world: World) -> None:
    world.write(
        "hidden.cfg",
        f"[core]\n\tfsmonitor = {world.program}\n\thooksPath = {world.repository}/hooks\n[diff]\n\texternal = {world.program}\n",
    )
    world.config({"include.path": "../hidden.cfg", f"includeIf.gitdir:{world.folder}/.path": "../hidden.cfg"})
    world.config({"extensions.worktreeConfig": "true"})
    (world.repository / ".git/config.worktree").write_text(
        f"[core]\n\tpager = {world.program}\n\tfsmonitor = {world.program}\n"
    )


@attack
def hooks(world: World) -> None:
    names = [
        "post-checkout",
        "post-index-change",
        "reference-transaction",
        "pre-auto-gc",
        "post-rewrite",
        "pre-commit",
        "commit-msg",
        "prepare-commit-msg",
        "post-commit",
        "applypatch-msg",
        "pre-applypatch",
        "post-applypatch",
        "fsmonitor-watchman",
        "p4-changelist",
        "pre-rebase",
        "sendemail-validate",
        "post-merge",
        "pre-push",
    ]
    for name in names:
        hook = world.repository / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\n{world.touch}\n")
        hook.chmod(0o755)


@attack
def settings_that_point_outside(world: World) -> None:
    path = str(world.secret)
    world.config(
        {
            "core.attributesFile": path,
            "core.excludesFile": path,
            "mailmap.file": path,
            "blame.ignoreRevsFile": path,
            "commit.template": path,
        }
    )
    world.config(
        {
            "diff.orderFile": path,
            "log.mailmap": "true",
            "i18n.logOutputEncoding": "UTF-16",
            "core.quotePath": "false",
            "color.ui": "always",
        }
    )


@attack
def a_work_tree_elsewhere(world: World) -> None:
    world.config({"core.worktree": str(world.secret.parent)})


@attack
def a_clone_that_fetches_what_it_lacks(world: World) -> None:
    _lacking(world, f"ext::sh -c {world.program}")
    world.config({"protocol.ext.allow": "always", "remote.origin.uploadpack": str(world.program)})


@attack
def a_clone_that_fetches_by_a_helper(world: World) -> None:
    _lacking(world, "evil://x")
    world.config({"protocol.allow": "always", "core.gitProxy": str(world.program)})


def _lacking(world: World, url: str) -> None:
    """Make a partial clone that lacks a blob and a commit that a report names."""
    blob = world.git("rev-parse", "HEAD~1:src/a.py")
    world.config(
        {
            "remote.origin.url": url,
            "remote.origin.promisor": "true",
            "extensions.partialClone": "origin",
            "core.repositoryFormatVersion": "1",
        }
    )
    world.loose(blob).unlink()


@attack
def a_clone_that_fetches_over_the_network(world: World) -> None:
    _lacking(world, f"http://127.0.0.1:{LISTENER.getsockname()[1]}/x.git")


@attack
def a_remote_that_is_an_option(world: World) -> None:
    world.config(
        {
            "remote.origin.url": "ssh://-oProxyCommand=x/y",
            "remote.origin.fetch": "+refs/*:refs/*",
            "branch.main.remote": "origin",
            "branch.main.merge": "refs/heads/main",
        }
    )


@attack
def submodules(world: World) -> None:
    inner = world.repository / "inner"
    inner.mkdir()
    world.git("-C", str(inner), "init", "-q")
    world.git("-C", str(inner), "commit", "-q", "--allow-empty", "-m", WORDS)
    world.git("-C", str(inner), "config", "core.fsmonitor", str(world.program))
    modules = f'[submodule "inner"]\n\tpath = inner\n\turl = ext::{world.program}\n\tupdate = !{world.program}\n'
    modules += f'[submodule "../../outside"]\n\tpath = ../outside\n\turl = -u{world.program}\n[submodule "x"]\n\tpath = -x\n\turl = x\n'
    world.write(".gitmodules", modules)
    world.config(
        {
            "submodule.inner.update": f"!{world.program}",
            "submodule.inner.active": "true",
            "submodule.recurse": "true",
            "status.submoduleSummary": "true",
        }
    )
    world.commit("submodules")


@attack
def a_submodule_that_is_elsewhere(world: World) -> None:
    world.write(".gitmodules", '[submodule "x"]\n\tpath = x\n\turl = y\n')
    world.write("x/.git", f"gitdir: {world.secret.parent}\n")
    world.git("update-index", "--add", "--cacheinfo", f"160000,{world.git('rev-parse', 'HEAD')},x")
    world.git("commit", "-q", "-m", "x")


@attack
def odd_refs(world: World) -> None:
    head = world.git("rev-parse", "HEAD")
    names = (
        "--upload-pack=x",
        "-x",
        "a$(x)",
        "a`x`",
        "z\u2028refs",
        "\u202ex",
        "deadbee1",
        "a1b2c3d",
        "@x",
        "x;y",
        "a'b",
        'a"b',
        "pull/12/head",
    )
    packed = "".join(f"{head} refs/heads/{name}\n" for name in names)
    (world.repository / ".git/packed-refs").write_text(
        f"# pack-refs with: peeled fully-peeled sorted \n{packed}{head} refs/remotes/--exec=x/main\n", encoding="utf-8"
    )


@attack
def thousands_of_refs(world: World) -> None:
    head = world.git("rev-parse", "HEAD")
    (world.repository / ".git/packed-refs").write_text(
        "".join(f"{head} refs/pull/{number}/head\n" for number in range(30_000))
    )


@attack
def broken_refs(world: World) -> None:
    for name, text in {
        "a": "junk\n",
        "b": "0" * 40,
        "c": "12345678" * 5 + "\n",
        "d": "ref: refs/heads/d\n",
        "e\n": "x",
    }.items():
        (world.repository / ".git/refs/heads" / name).write_text(text)
    (world.repository / ".git/logs/HEAD").write_bytes(b"junk\n\xff\xfe\0\n" + b"0" * 40 + b" x\n")


@attack
def a_broken_head(world: World) -> None:
    (world.repository / ".git/HEAD").write_text("junk\x1b[31m\n")


@attack
def names_of_files(world: World) -> None:
    for name in (
        "-rf",
        "--output=x",
        "a\nb\x1b[31m",
        "\u202egpj",
        "<img src=x onerror=alert(1)>",
        "@name fixes #12",
        "::error::x",
        "a" * 250,
        "$(x)",
        "\udcff\udcfe",
    ):
        world.write(f"src/{name}", "1\n")
        world.write(f"{PLAN}/reports/step-1-2-{name[:200]}.md", report_on("a1b2c3d"))
    world.commit("names")


@attack
def commits_that_git_would_not_make(world: World) -> None:
    tree = world.git("rev-parse", "HEAD^{tree}")
    parent = world.git("rev-parse", "HEAD")
    who = "a <a@e.example>"
    for head in (
        f"author {who} 99999999999999999999 +9999\ncommitter {who} 1 -9999\n",
        f"author {who} -5 +0000\ncommitter {who} 0 +0000\nencoding UTF-99\n",
        "author \x1b[31m<<>> x y\ncommitter\n",
        f"author {who} 1770000000 +0000\ncommitter {who} 1770000000 +0000\ngpgsig -----BEGIN PGP SIGNATURE-----\n x\n -----END PGP SIGNATURE-----\n",
    ):
        text = f"tree {tree}\nparent {parent}\n{head}\nCycle 1.2: second {WORDS}\n".encode()
        parent = world.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=text)
    world.git("update-ref", "refs/heads/main", parent)


@attack
def a_commit_without_its_tree(world: World) -> None:
    text = f"tree {'1' * 40}\nauthor a <a@e.example> 1 +0000\ncommitter a <a@e.example> 1 +0000\n\nx\n".encode()
    world.git(
        "update-ref",
        "refs/heads/other",
        world.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=text),
    )


@attack
def a_commit_without_its_parent(world: World) -> None:
    tree = world.git("rev-parse", "HEAD^{tree}")
    text = f"tree {tree}\nparent {'2' * 40}\nauthor a <a@e.example> 1 +0000\ncommitter a <a@e.example> 1 +0000\n\nx\n".encode()
    world.git(
        "update-ref",
        "refs/heads/other",
        world.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=text),
    )


@attack
def damaged_objects(world: World) -> None:
    for name in ("HEAD~1:src/a.py", f"HEAD:{REPORT}"):
        loose = world.loose(world.git("rev-parse", name))
        loose.chmod(0o644)
        loose.write_bytes(b"x\x9c junk")


@attack
def a_truncated_pack(world: World) -> None:
    world.git("repack", "-adq")
    (pack,) = (world.repository / ".git/objects/pack").glob("*.pack")
    pack.chmod(0o644)
    pack.write_bytes(pack.read_bytes()[:-200])


@attack
def junk_beside_the_objects(world: World) -> None:
    info = world.repository / ".git/objects/info"
    info.mkdir(exist_ok=True)
    (info / "commit-graph").write_bytes(b"CGPH\1\1\1\0junk")
    (info / "alternates").write_text(f"{world.repository}/.git/objects\n{world.secret.parent}\n/proc\n../../../..\n")
    (world.repository / ".git/objects/pack").mkdir(exist_ok=True)
    (world.repository / ".git/objects/pack/multi-pack-index").write_bytes(b"MIDX junk")
    (world.repository / ".git/index").write_bytes(b"DIRC junk")
    (world.repository / ".git/shallow").write_text("junk\n")
    (world.repository / ".git/info/grafts").write_text(f"{world.repository}\n")


@attack
def replaced_commits(world: World) -> None:
    first, last = world.git("rev-parse", "HEAD~2"), world.git("rev-parse", "HEAD")
    world.git("replace", last, first)


@attack
def links_out_of_the_repository(world: World) -> None:
    (world.repository / PLAN / "reports/step-1-2-execution.md").symlink_to(world.secret)
    (world.repository / PLAN / "steps").symlink_to(world.secret.parent)
    (world.repository / PLAN / "notes.md").symlink_to("/dev/zero")
    (world.repository / PLAN / "loop.md").symlink_to("loop.md")
    (world.repository / ".specstory").symlink_to(world.secret.parent)
    (world.repository / "src/b.py").symlink_to("/proc/self/environ")
    world.commit("links")


@attack
def a_plan_that_is_a_link(world: World) -> None:
    (world.repository / PLAN).rename(world.secret.parent / "x")
    (world.secret.parent / "x/reports/step-1-2-execution.md").write_text(world.secret.read_text())
    (world.repository / PLAN).symlink_to(world.secret.parent / "x")


@attack
def pipes_in_the_work_tree(world: World) -> None:
    for place in (f"{PLAN}/reports/step-1-2-execution.md", f"{PLAN}/pipe.md", "src/pipe.py", ".gitattributes", ".gitignore", ".mailmap",
                  ".gitmodules", ".specstory/history/2026-03-04_09-15-00Z-x.md"):  # fmt: skip
        (world.repository / place).parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(world.repository / place)
    with socket.socket(socket.AF_UNIX) as listening:
        os.chdir(world.repository / PLAN)  # a socket's path may not be longer than a hundred letters
        listening.bind("socket.md")
        os.chdir("/")


def _pipe_in_git(name: str) -> None:
    def make(world: World) -> None:
        place = world.repository / ".git" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        os.mkfifo(place)

    ATTACKS[f"a pipe as .git/{name}"] = make


for _name in ("refs/heads/x", "packed-refs", "info/attributes", "info/exclude", "info/grafts", "logs/HEAD", "shallow", "index",
              "objects/info/alternates", "objects/info/commit-graph", "config.worktree", "HEAD", "config", "FETCH_HEAD", "commondir"):  # fmt: skip
    _pipe_in_git(_name)


@attack
def a_plan_like_a_repository(world: World) -> None:
    for name in ("HEAD", "config"):
        world.write(
            f"{PLAN}/{name}",
            f"[core]\n\tfsmonitor = {world.program}\n" if name == "config" else "ref: refs/heads/main\n",
        )
    for name in ("objects", "refs"):
        (world.repository / PLAN / name).mkdir()


@attack
def enormous_files(world: World) -> None:
    with world.write(f"{PLAN}/reports/step-1-2-execution.md", "# Cycle 1.2\n").open("r+b") as file:
        file.truncate(20_000_000_000)
    world.write(f"{PLAN}/notes.md", "- [x] Task 1: x a1b2c3d\n" * 400_000)
    world.write("src/long.py", "x = 1 " * 3_000_000)


@attack
def thousands_of_files(world: World) -> None:
    for number in range(4_000):
        world.write(f"{PLAN}/reports/step-1-{number}-execution.md", report_on("a1b2c3d"))
    world.write("/".join(["d"] * 200).replace("/", "", 1) + "/x.md", "x")


@attack
def front_matter_that_grows(world: World) -> None:
    rows = [
        "a0: &a0 [x,x,x,x,x,x,x,x,x]",
        *(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)),
        "depends_on: *a11",
    ]
    world.write(f"{PLAN}/steps/step-1-2.md", "---\n" + "\n".join(rows) + "\n---\n# Step 1.2\n")
    world.write(f"{PLAN}/steps/step-1-3.md", "---\na: !!python/object/apply:os.system ['touch x']\n---\n# Step 1.3\n")


@attack
def text_that_costs_time(world: World) -> None:
    pumps = (
        " " * 60_000,
        "\n" * 60_000,
        "- ```\n" * 20_000,
        "a/" * 30_000,
        "password=" * 10_000,
        "[" * 30_000,
        "*a_" * 20_000,
        "1/1 " * 20_000,
        "> " * 20_000,
    )
    world.write(
        f"{PLAN}/reports/step-1-2-execution.md", "# Cycle 1.2\n\n**Status:** GREEN_VERIFIED\n\n" + "\n\n".join(pumps)
    )
    world.commit("x " * 100_000)


@attack
def commands_in_plans(world: World) -> None:
    world.write(
        f"{PLAN}/steps/step-1-2.md",
        f"# Step 1.2\n\n**Verify RED:** `{world.program}`\n\n```bash\n{world.touch}\n```\n\nRun: `pytest; {world.touch}`\n",
    )
    world.write(
        "pyproject.toml", '[tool.forensics]\nrecord = "../../outside"\n[tool.pytest.ini_options]\naddopts = "x"\n'
    )
    world.write("conftest.py", f"import os\nos.system({world.touch!r})\n")
    for name in ("forensics.py", "git.py", "yaml.py", "typing.py", "json.py", "sitecustomize.py"):
        world.write(name, f"import os\nos.system({world.touch!r})\n")
    for name in ("git", "ssh"):
        world.write(name, f"#!/bin/sh\n{world.touch}\n").chmod(0o755)


_ODD: tuple[Any, ...] = (None, 1, [], "", {"usage": {"input_tokens": 10**30}})


@attack
def transcripts_that_are_not(world: World) -> None:
    (store,) = (world.home / ".claude/projects").iterdir()
    line = {"type": "assistant", "sessionId": "s2", "cwd": str(world.repository), "timestamp": "9999-12-31T23:59:59Z"}
    (store / "deep.jsonl").write_text("[" * 100_000 + "\n" + '{"a":' * 50_000 + "\n")
    (store / "long.jsonl").write_text(json.dumps({**line, "message": {"content": "a" * 30_000_000}}) + "\n")
    (store / "odd.jsonl").write_text(
        "".join(json.dumps({**line, "message": value, "uuid": value}) + "\n" for value in _ODD)
    )
    (store / "bytes.jsonl").write_bytes(bytes(range(256)) * 400)
    (store / "link.jsonl").symlink_to("/dev/zero")
    os.mkfifo(store / "pipe.jsonl")


@attack
def other_agents_stores(world: World) -> None:
    for place in (".codex/sessions/2026/03/04/rollout-2026-03-04T00-00-00-x.jsonl", ".gemini/tmp/x/chats/session-1.json", ".local/share/opencode/opencode.db",
                  ".local/share/opencode/storage/session/p/ses_a.json"):  # fmt: skip
        file: Path = world.home / place
        file.parent.mkdir(parents=True)
        os.mkfifo(file)


@attack
def an_order_of_time(world: World) -> None:
    for moment in ("@0 +0000", "@253402300799 -1200", "@2147483648 +1400"):
        world.commit(f"Cycle 1.2: {WORDS}", GIT_AUTHOR_DATE=moment, GIT_COMMITTER_DATE=moment)


@attack
def checkpoints_of_strangers(world: World) -> None:
    tree = world.git("mktree", stdin=b"")
    blob = world.git("hash-object", "-w", "--stdin", stdin=b'{"session_id": "../../x", "created_at": "9"}')
    entry = f"100644 blob {blob}\tmetadata.json\n100644 blob {blob}\tfull.jsonl\n".encode()
    inner = world.git("mktree", stdin=entry)
    tree = world.git("mktree", stdin=f"040000 tree {inner}\tab\n".encode())
    commit = world.git("commit-tree", tree, "-m", WORDS)
    world.git("update-ref", "refs/heads/entire/checkpoints/v1", commit)
