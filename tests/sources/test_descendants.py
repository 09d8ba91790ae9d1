"""Nothing that a test command starts is left running, however it detaches itself."""

import os
import sys
import time
from pathlib import Path

import pytest

from forensics.sources.user_command import run_command

DETACHED = {
    "in the background": "sleep 300 & echo $! > {pid}",
    "in a session of its own": "setsid sleep 300 & echo $! > {pid}",
    "by a double fork": "{python} {program} {pid}",
    "by a double fork, and the parent runs on": "{python} {program} {pid}; sleep 300",
}
DOUBLE_FORK = """
import os, sys, time
if os.fork():
    os.wait()
    sys.exit()
os.setsid()
if os.fork():
    sys.exit()
for number in range(3):
    os.close(number)
with open(sys.argv[1], "w") as stream:
    stream.write(str(os.getpid()))
time.sleep(300)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere only the process group is ended")
@pytest.mark.parametrize("way", sorted(DETACHED))
def test_a_detached_process_is_ended(tmp_path: Path, way: str) -> None:
    (tmp_path / "tree").mkdir()
    program, pid = tmp_path / "program.py", tmp_path / "pid"
    program.write_text(DOUBLE_FORK)
    command = DETACHED[way].format(pid=pid, python=sys.executable, program=program)
    run_command(f"{command}; while [ ! -s {pid} ]; do sleep 0.01; done", tmp_path / "tree", dict(os.environ), 3.0)
    assert not _lives(int(pid.read_text()))


def test_processes_from_before_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    own = os.fork()
    if own == 0:
        time.sleep(60)
        os._exit(0)
    try:
        assert run_command("true", tmp_path / "tree", dict(os.environ), 10.0).code == 0
        assert _lives(own)
    finally:
        os.kill(own, 9)
        os.waitpid(own, 0)


def _lives(process: int) -> bool:
    """Return whether a process runs; one that has ended may wait to be told of."""
    try:
        return ") Z" not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
