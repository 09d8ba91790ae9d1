"""One git process with limits: its time and its output are bounded, whatever the repository makes git do."""

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NamedTuple

from git.cmd import Git
from git.exc import GitCommandNotFound

from forensics.errors import NothingToExamine, UsageError
from forensics.model.prose import quote
from forensics.sources.git_settings import GitError, GitLimit, said_by

# Bytes. A larger pipe means fewer switches between git and us.
_PIPE = 1 << 20
# Bytes. Git's first error is what is shown; a broken repository can give one per object.
_SAID = 64_000
# Seconds and bytes for one call. The log of the largest history tried takes a tenth of either. Without a limit, an
# included configuration file that is a named pipe keeps git waiting for ever, and one huge file fills the memory.
_SECONDS, _BYTES = "FORENSICS_GIT_SECONDS", "FORENSICS_GIT_BYTES"
_LIMITS = {_SECONDS: 300.0, _BYTES: 2e9}


class Place(NamedTuple):
    """Where git runs, and the environment added to our own. The folder is never left to chance: git takes it for the work tree."""

    folder: Path
    environment: Mapping[str, str]


def limit(name: str) -> float:
    """Return a limit: the user's, from the environment, or the usual one. Raises UsageError for what is not a number."""
    wished = os.environ.get(name, "").strip()
    try:
        found = float(wished) if wished else _LIMITS[name]
    except ValueError:
        found = 0.0
    if not 0 < found < float("inf"):
        raise UsageError(f"{name} is {quote(wished)}, not a positive number.", try_=f"Try {name}={_LIMITS[name]:.0f}.")
    return found


def call_git(arguments: Sequence[str], place: Place, asked: bytes = b"", into: IO[bytes] | None = None) -> bytes:
    """Run git and return its output, or write it to `into`; `asked` is its standard input.

    Raises GitError where git fails, GitLimit where it takes too long or says too much, and NothingToExamine without git.
    """
    conversation = _Conversation(asked, into, limit(_BYTES))
    try:
        process = _started(arguments, place, fed=bool(asked))
    except GitCommandNotFound:
        raise NothingToExamine("git is not installed or not on the PATH.", try_="Install git.") from None
    seconds = limit(_SECONDS)
    try:
        code = conversation.hold(process, time.monotonic() + seconds)
    except TimeoutError:
        what = f"{_named(arguments)} did not end within {seconds:g} seconds and was stopped."
        raise GitLimit(what, try_=f"Set {_SECONDS} to allow more.") from None
    except OverflowError:
        what = f"{_named(arguments)} gave more than {conversation.most:,.0f} bytes and was stopped."
        raise GitLimit(what, try_=f"Set {_BYTES} to allow more.") from None
    finally:
        _end(process)
    if code:
        raise GitError(said_by(conversation.said.decode("utf-8", "replace")) or "it ended early")
    return b"".join(conversation.output)


def _started(arguments: Sequence[str], place: Place, *, fed: bool) -> "subprocess.Popen[bytes]":
    interrupting = Git(place.folder).execute(
        ["git", *arguments],
        istream=subprocess.PIPE if fed else None,
        as_process=True,
        env=dict(place.environment),
        start_new_session=True,  # without a terminal nothing can be prompted for, and the whole group can be ended
        pipesize=_PIPE,
    )
    process, interrupting.proc = interrupting.proc, None  # otherwise it is ended with the wrapper
    assert process is not None  # noqa: S101
    return process


@dataclass(slots=True)
class _Conversation:
    """What is said to a process and what it answers, without waiting longer for either than is allowed."""

    asked: bytes
    into: IO[bytes] | None
    most: float
    output: list[bytes] = field(default_factory=list)
    said: bytearray = field(default_factory=bytearray)
    size: int = 0
    sent: int = 0

    def hold(self, process: "subprocess.Popen[bytes]", end: float) -> int:
        """Feed and read a process until it ends; return its exit code. Raises TimeoutError and OverflowError."""
        with selectors.DefaultSelector() as waiting:
            for stream, event in (
                (process.stdin, selectors.EVENT_WRITE),
                (process.stdout, selectors.EVENT_READ),
                (process.stderr, selectors.EVENT_READ),
            ):
                if stream:
                    os.set_blocking(stream.fileno(), False)
                    waiting.register(stream, event)
            while waiting.get_map():
                ready = waiting.select(max(0.0, end - time.monotonic()))
                if not ready or time.monotonic() > end:
                    raise TimeoutError
                for key, _ in ready:
                    stream = key.fileobj  # type: ignore[assignment]
                    going = (
                        self._send(key.fd) if stream is process.stdin else self._take(key.fd, stream is process.stderr)
                    )
                    if stream and not going:
                        waiting.unregister(stream)
                        stream.close()
        try:
            return process.wait(max(0.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise TimeoutError from None

    def _send(self, pipe: int) -> bool:
        """Send the next piece of the input; return whether there is more."""
        try:
            self.sent += os.write(pipe, memoryview(self.asked)[self.sent : self.sent + _PIPE])
        except BlockingIOError:
            return True
        except BrokenPipeError:  # git ended early; its exit code says whether that is an error
            return False
        return self.sent < len(self.asked)

    def _take(self, pipe: int, error: bool) -> bool:
        """Take the next piece of output, or of error messages; return whether there is more."""
        try:
            piece = os.read(pipe, _PIPE)
        except BlockingIOError:
            return True
        if error:
            self.said += piece[: _SAID - len(self.said)]
            return bool(piece)
        self.size += len(piece)
        if self.size > self.most:
            raise OverflowError
        if self.into is not None:
            self.into.write(piece)
        else:
            self.output.append(piece)
        return bool(piece)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Leave nothing of a process running, and no pipe open."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            with contextlib.suppress(OSError):
                stream.close()


def _named(arguments: Sequence[str]) -> str:
    """Return `git log` of its arguments: the first that is neither an option nor the value of one."""
    words = iter(arguments)
    for word in words:
        if word in {"-c", "-C"}:
            next(words, "")
        elif not word.startswith("-"):
            return f"git {word}"
    return "git"
