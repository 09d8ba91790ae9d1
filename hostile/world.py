"""A place to attack in: a repository with a plan, a report and a session, a file outside that nobody may read, and a canary."""

import json
import os
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

PLAN = "plans/x"
REPORT = f"{PLAN}/reports/step-1-1-execution.md"
# In the file outside; an output that holds it has read what it was not given.
SECRET = "OUTSIDE-7f3a9c-MARKER"  # noqa: S105
# Words that are more than words somewhere: in a terminal, a browser, a comment, a build log, a spreadsheet.
WORDS = (
    "\x1b[31m\u202e @name @org/team fixes #12 GH-12 <img src=x onerror=alert(1)> </script> ::error::x ##[error]y https://e.example/z "
    "[a](javascript:b) \u200b\ufe0f\U000e0041 =1+1"
)
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "FORENSICS_"))} | {
    "GIT_AUTHOR_NAME": f"a {WORDS}".replace("<", "(").replace(">", ")"), "GIT_AUTHOR_EMAIL": "a@e.example", "GIT_COMMITTER_NAME": "c",
    "GIT_COMMITTER_EMAIL": "c@e.example", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
}  # fmt: skip


# Whoever connects to it fetches something.
LISTENER = socket.create_server(("127.0.0.1", 0))
LISTENER.setblocking(False)


@dataclass(frozen=True, slots=True)
class World:
    """The folders of one attack; `folder` is deleted afterwards."""

    folder: Path

    @property
    def repository(self) -> Path:
        return self.folder / "repository"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def secret(self) -> Path:
        return self.folder / "outside" / "secret.md"

    @property
    def canary(self) -> Path:
        """Return the file that exists if anything of the attack was run."""
        return self.folder / "ran"

    @property
    def touch(self) -> str:
        """Return a shell command that shows that it was run."""
        return f"touch '{self.canary}'"

    @property
    def program(self) -> Path:
        """Return a program that shows that it was run."""
        return self.folder / "outside" / "program"

    def write(self, path: str, text: str | bytes) -> Path:
        """Write a file of the repository; its folders are made."""
        file = self.repository / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))
        return file

    def git(self, *arguments: str, stdin: bytes | None = None, env: Mapping[str, str] | None = None) -> str:
        """Run git in the repository and return what it prints."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.repository,
            env={**ENVIRONMENT, **(env or {})},
            input=stdin,
            capture_output=True,
            check=True,
        )
        return done.stdout.decode("utf-8", "replace").strip()

    def commit(self, subject: str, **more: str) -> str:
        """Commit all files and return the id."""
        self.git("add", "-A")
        self.git(
            "commit",
            "-q",
            "--allow-empty",
            "--allow-empty-message",
            "--cleanup=verbatim",
            "-F",
            "-",
            stdin=subject.encode("utf-8", "surrogateescape"),
            env=more,
        )
        return self.git("rev-parse", "HEAD")

    def loose(self, identity: str) -> Path:
        """Return the file of a loose object."""
        return self.repository / ".git/objects" / identity[:2] / identity[2:]

    def config(self, settings: Mapping[str, str]) -> None:
        """Write settings into the repository's own configuration."""
        for key, value in settings.items():
            self.git("config", "--add", key, value)


def report_on(sha: str) -> str:
    """Return a report on step 1.1 that names a commit."""
    return (
        f"# Cycle 1.1: first {WORDS}\n\n**Status:** GREEN_VERIFIED {WORDS}\n\n**Timestamp:** 2026-01-30 04:05\n\n"
        f"## Commits\n- `{sha[:7]}` - Cycle 1.1: first\n- `a1b2c3d` - Cycle 1.1: {WORDS}\n\n## GREEN\n\n12/12 pass\n"
    )


def build(folder: Path) -> World:
    """Return a world with a repository of three commits, and a session in the agent's store."""
    world = World(folder)
    for place in (world.repository, world.home, world.out, world.secret.parent, folder / "tmp"):
        place.mkdir(parents=True)
    world.secret.write_text(report_on(SECRET).replace("a1b2c3d", SECRET), encoding="utf-8")
    world.program.write_text(f"#!/bin/sh\n{world.touch}\ncat\n", encoding="utf-8")
    world.program.chmod(0o755)
    world.git("init", "-q", "-b", "main")
    steps = f"# Runbook {WORDS}\n\n## Cycle 1.1: first {WORDS}\n\n**Expected failure:** ValueError\n\n## Cycle 1.2: second\n"
    world.write(f"{PLAN}/runbook.md", steps)
    world.write("src/a.py", "1\n")
    world.commit("Add the plan")
    world.write("src/a.py", "2\n")
    made = world.commit(f"Cycle 1.1: first {WORDS}")
    world.write(REPORT, report_on(made))
    world.commit("report")
    session(world, made)
    return world


def session(world: World, sha: str) -> None:
    """Put a session of this repository into Claude Code's store."""
    place = "".join(letter if letter.isalnum() else "-" for letter in str(world.repository))
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    common = {
        "sessionId": "s1",
        "cwd": str(world.repository),
        "timestamp": now,
        "version": "2.1.50",
        "isSidechain": False,
    }
    said = f"All 42 tests pass {WORDS}. Committed as `{sha[:7]}` and `a1b2c3d`."
    text = [{"type": "text", "text": said}]
    usage = {"input_tokens": 3, "output_tokens": 5}
    lines = (
        {**common, "type": "user", "uuid": "u1", "message": {"role": "user", "content": f"Do {PLAN} {WORDS}"}},
        {**common, "type": "assistant", "uuid": "u2", "requestId": "r", "message": {
            "id": "m", "role": "assistant", "model": f"claude {WORDS}", "content": text, "stop_reason": "end_turn", "usage": usage}},
    )  # fmt: skip
    store = world.home / ".claude/projects" / place
    store.mkdir(parents=True)
    (store / "s1.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
