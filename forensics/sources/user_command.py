"""The user's shell command, run in a folder with a time limit."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from forensics.sources.descendants import none_left

# Bytes and lines: the end of a test run, which holds its summary.
_TAIL = 4_000
_LINES = 20
# Seconds that a command gets to end by itself after SIGTERM.
_GRACE = 3.0


@dataclass(frozen=True, slots=True)
class CommandResult:
    """How a command ended: its exit code, None if it ran out of time, and the last lines it printed, paths relative to the folder."""

    code: int | None
    output: tuple[str, ...]


def run_command(command: str, folder: Path, environment: Mapping[str, str], seconds: float) -> CommandResult:
    """Run a command in a shell of its own process group; whatever happens, nothing that it started is left running.

    Processes that left the group are found on Linux only (`descendants.py`).
    """
    with none_left(), (folder.parent / "output").open("w+b") as output:
        process = subprocess.Popen(  # noqa: S602  (the user's own command, at the user's request)
            command,
            shell=True,
            cwd=folder,
            env={**environment, "PWD": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code: int | None = process.wait(seconds)
        except subprocess.TimeoutExpired:
            code = None
            _signal(process, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_GRACE)
        finally:
            _signal(process, signal.SIGKILL)
            process.wait()
        output.seek(max(0, output.seek(0, os.SEEK_END) - _TAIL))
        said = output.read().decode("utf-8", "replace").replace(f"{folder}/", "").replace(str(folder), ".")
        return CommandResult(code, tuple(said.splitlines()[-_LINES:]))


def _signal(process: "subprocess.Popen[bytes]", number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
