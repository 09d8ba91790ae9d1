"""Commands that a task runner or a hook prints before it runs them, and the checks among them with their ends."""

import re
from functools import lru_cache

from forensics.formats.pattern_rows import Row, compiled
from forensics.formats.transcripts.checks import CheckRun, check_of, checks_in
from forensics.formats.transcripts.git_calls import commits, pushes
from forensics.formats.transcripts.shell import Words, ends_with_another, simple_commands
from forensics.formats.transcripts.test_commands import is_test_call, runs_recipe

# What stands before the command in the line that a runner prints.
ECHOES = (
    Row(r"\$ ", "$ tsc --noEmit", "bun, yarn, and hooks that call them"),
    Row(r"\[[\w:./-]{1,60}\] \$ ", "[lint] $ golangci-lint run ./...", "mise"),
    Row(r"> (?!\S{1,200}@\d)", "> eslint .", "npm, pnpm: the line under the one with the package's version"),
    Row(r"task: \[[^\]\n]{1,60}\] ", "task: [lint] golangci-lint run", "Task"),
)
_ECHO = compiled(ECHOES, r"^", r"(?P<command>[\w./][^\n]{0,300})$", re.MULTILINE | re.NOFLAG)
# Characters: an echo stands before what its command prints, and hooks print little else in front.
_LIMIT = 400_000
# git prints this of a commit that was made; its hook had passed then, whatever came behind the commit in the same call.
_COMMITTED = re.compile(r"^\[[^\]\n]{1,300} [0-9a-f]{7,64}\] ", re.MULTILINE)


@lru_cache(maxsize=1_024)
def echoed(command: str, output: str) -> tuple[Words, ...]:
    """Return the commands that a runner or hook of a command printed; nothing where the command runs neither.

    What an agent's own `echo` prints is not one.
    """
    if not (commits(command) or pushes(command) or runs_recipe(command)):
        return ()
    return tuple(
        words for match in _ECHO.finditer(output[:_LIMIT]) for words in simple_commands(match["command"]) if words
    )


def all_passed(command: str, exit_code: int | None, output: str) -> bool:
    """Return whether all that a runner or hook ran succeeded: the exit code is its own, or git made the commit."""
    if exit_code == 0 and not ends_with_another(command):
        return True
    return commits(command) and _COMMITTED.search(output) is not None


def echoed_checks(command: str, exit_code: int | None, output: str) -> tuple[CheckRun, ...]:
    """Return the checks that a runner or hook ran, of kinds that the command does not name; how one failed is not known."""
    passed = True if all_passed(command, exit_code, output) else None
    named = checks_in(command)
    found = ((check_of(words), words) for words in echoed(command, output))
    return tuple(CheckRun(check, passed, words) for check, words in found if check and check not in named)


def echoed_tests(command: str, output: str) -> tuple[Words, ...]:
    """Return the commands among those that run tests, for a command that names none itself."""
    if any(map(is_test_call, simple_commands(command))):
        return ()
    return tuple(filter(is_test_call, echoed(command, output)))
