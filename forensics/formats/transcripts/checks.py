"""Commands that check code without running its tests (linters, type checkers, builds, formatters), and how they ended."""

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise, takewhile

from forensics.formats.pattern_rows import Row, compiled
from forensics.formats.transcripts.idle_calls import is_idle
from forensics.formats.transcripts.printed_ends import printed_end
from forensics.formats.transcripts.shell import Link, Words, links
from forensics.formats.transcripts.test_commands import PACKAGE, is_test_call, unwrapped
from forensics.formats.transcripts.test_output import result_of

_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Check(StrEnum):
    """What a command checks."""

    LINT = "lint"
    TYPES = "types"
    BUILD = "build"
    FORMAT = "format"


@dataclass(frozen=True, slots=True)
class CheckRun:
    """One check of a command; `passed` None where neither the exit code nor the output decides."""

    check: Check
    passed: bool | None
    words: Words


# A script of a package, or one of several recipes: not `npm test -- lint`, whose last word is an argument.
_SCRIPT = (
    rf"(?:(?:npm|pnpm|yarn|bun|turbo|nx){PACKAGE}\s+(?:run(?:-script)?\s+)?|(?:make|just|mise|task)\s+(?:\S+\s+)*?)"
)
# At a command's start, after wrappers such as `npx`; the first that fits decides.
PROGRAMS: tuple[tuple[Check, tuple[Row, ...]], ...] = (
    (
        Check.FORMAT,
        (
            Row(r"ruff format|prettier|black|gofmt|cargo fmt|biome format|dprint", "prettier --check .", "formatters"),
            Row(rf"{_SCRIPT}(?:format|fmt)(?:[:_-][\w:-]+)?", "npm run format:check", "package scripts, recipes"),
        ),
    ),
    (
        Check.LINT,
        (
            Row(
                r"ruff|eslint|flake8|pylint|golangci-lint|oxlint|biome|stylelint|shellcheck|rubocop|swiftlint|ktlint",
                "ruff check .",
                "linters",
            ),
            Row(r"cargo clippy|go vet|next lint|git diff (?:\S+ )*--check", "cargo clippy", "linters behind a verb"),
            Row(rf"{_SCRIPT}lint(?:[:_-][\w:-]+)?", "pnpm --filter web lint", "package scripts, recipes"),
        ),
    ),
    (
        Check.TYPES,
        (
            Row(r"tsc|vue-tsc|mypy|pyright|basedpyright|pyre|flow check", "tsc --noEmit", "type checkers"),
            Row(r"cargo check|deno check|svelte-check|astro check", "cargo check", "type checkers behind a verb"),
            Row(
                rf"{_SCRIPT}(?:type-?check|check-types|types|tsc)(?:[:_-][\w:-]+)?",
                "npm run typecheck",
                "package scripts, recipes",
            ),
        ),
    ),
    (
        Check.BUILD,
        (
            Row(
                r"(?:go|cargo|next|vite|nest|dotnet|swift|tauri|docker|astro|nuxt|ng|zig|mix|uv|hatch|poetry) "
                r"(?:build|compile)",
                "go build ./...",
                "compilers, bundlers",
            ),
            Row(r"tsup|webpack|rollup|esbuild|xcodebuild|cmake --build|(?:\S*/)?gradlew? \S*(?:assemble|build)|mvn (?:\S+ )*(?:compile|package)", "tsup", "bundlers, build tools"),
            Row(r"go test (?:\S+ )*?-c|cargo (?:test|nextest run) (?:\S+ )*?--no-run", "go test -c ./e2e", "tests that are compiled and not run"),
            Row(rf"{_SCRIPT}build(?:[:_-][\w:-]+)?", "pnpm -r build", "package scripts, recipes"),
        ),
    ),
)  # fmt: skip
_PROGRAMS = tuple((check, compiled(rows, r"^(?:\S*/)?+", r"(?=$|\s)", re.NOFLAG)) for check, rows in PROGRAMS)
# What such programs print when they find something. The counts must not be 0.
FAILED = (
    Row(r"\berror TS\d+", "a.ts(3,1): error TS2322: Type", "tsc"),
    Row(r"✖ \d+ problems? \((?!0 errors)", "✖ 3 problems (1 error, 2 warnings)", "eslint"),
    Row(r"\bFound [1-9]\d* errors?\b", "Found 3 errors in 2 files", "mypy, ruff, vue-tsc"),
    Row(r"^[1-9]\d* issues?:", "2 issues:", "golangci-lint"),
    Row(r"^error(?:\[E\d+\])?: ", "error[E0308]: mismatched types", "cargo"),
    Row(r"^\S+\.go:\d+:\d+: ", "./tax.go:3:2: undefined: rate", "go build, go vet"),
    Row(r"Failed to compile|[Bb]uild failed|BUILD FAILED|error during build", "error during build:", "bundlers"),
    Row(
        r"ERR_PNPM_RECURSIVE_RUN_FIRST_FAIL|\bELIFECYCLE\b|^npm (?:ERR!|error) (?:code|Lifecycle)",
        " ELIFECYCLE  Command failed with exit code 2.",
        "package managers",
    ),
    Row(r"Code style issues found|^[Ww]ould reformat", "would reformat a.py", "formatters"),
)
# What they print when they find nothing.
PASSED = (
    Row(r"✓ built in|Build success|[Cc]ompiled successfully|BUILD SUCCESSFUL", "✓ built in 3.2s", "bundlers"),
    Row(r"All checks passed|Success: no issues found|\b0 issues\b|Found 0 errors", "0 issues.", "linters, type checkers"),
    Row(r"^Checked \d+ files? in .{1,20}\. No fixes applied", "Checked 4 files in 9ms. No fixes applied.", "biome"),
    Row(r"No ESLint warnings or errors|All files pass linting|ound 0 warnings and 0 errors|found 0 errors and 0 warnings", "✔ No ESLint warnings or errors", "linters of frameworks, oxlint, svelte-check"),
    Row(r"^ +Finished `?(?:dev|release|test)", "    Finished `dev` profile", "cargo"),
    Row(r"✖ \d+ problems? \(0 errors", "✖ 3 problems (0 errors, 3 warnings)", "eslint: warnings fail nothing"),
    Row(r"All matched files use Prettier|files? (?:already formatted|left unchanged)", "3 files left unchanged", "formatters"),
)  # fmt: skip
# The check never ran: nothing is known of the code.
NOT_RUN = (
    Row(r"command not found|[Mm]issing script|None of the selected packages has a", "sh: tsc: command not found", "shells, pnpm"),
    Row(r"No such file or directory|Cannot find module|No projects matched|^go: (?:cannot|no )|could not find `Cargo.toml`", "ls: x: No such file or directory", "shells, wrong folders"),
    Row(r"error TS(?:5\d{3}|6053|6310|18003)\b", "error TS5058: The specified path does not exist", "tsc called wrongly"),
    Row(r"running in background|moved to the background", "Command running in background with ID: b1", "agents' shells"),
)  # fmt: skip
_FAILED, _PASSED, _NOT_RUN = (compiled(rows, flags=re.MULTILINE | re.NOFLAG) for rows in (FAILED, PASSED, NOT_RUN))
# These print a line of this form for whatever they find, and so their silence is success, wherever they stand in a
# command whose exit code is another program's.
SPEAKING = (
    # Not what `go mod tidy` says in the same call: `go: downloading …` was taken for a build that failed.
    (
        "go (?:build|vet|install)",
        Row(
            r"^\S+\.go:\d+(?::\d+)?: |^# \S+|^go: (?!downloading |finding |extracting |added |upgraded |removed )",
            "./tax.go:3:2: undefined: rate",
            "Go",
        ),
    ),
    ("golangci-lint", Row(r"^[1-9]\d* issues?:|^\S+\.go:\d+:\d+: |^level=error", "2 issues:", "Go")),
    ("(?:vue-)?tsc", Row(r"\berror TS\d+", "a.ts(3,1): error TS2322: Type", "TypeScript")),
    ("eslint", Row(r"✖ \d+ problems? \((?!0 errors)", "✖ 3 problems (1 error, 2 warnings)", "JavaScript")),
    ("ruff check|mypy|pyright", Row(r"\b(?:Found )?[1-9]\d* errors?\b", "Found 3 errors.", "Python")),
)
_SPEAKING = tuple(
    (re.compile(rf"^(?:\S*/)?(?:{program})(?=$|\s)"), re.compile(row.pattern, re.MULTILINE))
    for program, row in SPEAKING
)
# What was printed is not all seen: a reader cut it, or the shell threw errors away.
_CUT = "\n…\n"
_PART = re.compile(r"\|\|?|&&|[;\n]")
_HIDDEN = re.compile(r"(?:2|&)?>\s*/dev/null")
# Package managers repeat the script they run: `> web@1.0.0 lint /srv/web`. It is not the program's output.
_ECHO = re.compile(r"^(?:>.*|\$ .*|\s*)$", re.MULTILINE)
# The first line of a script's echo names the package with its version, and the script.
_SCRIPT_HEAD = re.compile(r"^> \S{1,200}@\S{1,60} (?P<name>[\w:.-]{1,80})\b.*$", re.MULTILINE)
# These show all of an output, or its end: silence stays silence.
_SHOWS = frozenset({"tail", "head", "cat", "tee"})
# These change nothing and fail seldom: a failure is the check's.
_TRIVIAL = frozenset({"cd", "export", "source", ".", "echo", "sleep", "set", "pwd", "true"})


def check_of(words: Words) -> Check | None:
    """Return what a simple command checks, None if it checks nothing: `ruff --version` and `make -n build` do not."""
    text = unwrapped(words)
    found = next((check for check, pattern in _PROGRAMS if pattern.match(text)), None)
    return None if found and is_idle(text) else found


def checks_in(command: str) -> frozenset[Check]:
    """Return what a command checks."""
    return frozenset(check for link in links(command) if (check := check_of(link.words)))


def check_runs(command: str, exit_code: int | None, output: str) -> tuple[CheckRun, ...]:
    """Return each check of a command with how it ended, by its place in the command, the exit code and the output."""
    chain = links(command)
    found = [(place, check) for place, link in enumerate(chain) if (check := check_of(link.words))]
    if not found:
        return ()
    text = _ANSI.sub("", output)
    alone = len(found) == 1 and not any(is_test_call(link.words) for link in chain)
    return tuple(
        CheckRun(
            check,
            _ended(chain, place, exit_code, text, alone=alone, whole=_is_whole(command, chain[place].words, text)),
            chain[place].words,
        )
        for place, check in found
    )


def _is_whole(command: str, words: Words, text: str) -> bool:
    """Return whether all that a program of a command printed is in its output: nothing cut, nothing thrown away."""
    own = (part for part in _PART.split(command) if words[0] in part)
    return _CUT not in text and not any(_HIDDEN.search(part) for part in own)


def _ended(
    chain: tuple[Link, ...], place: int, exit_code: int | None, text: str, *, alone: bool, whole: bool
) -> bool | None:
    """Return whether a check passed; None where its part of the command's result is not known."""
    if (said := printed_end(chain, place, text)) is not None:
        return said
    if _tests_ran_behind(chain, place, text) or (whole and _is_silent_script(chain[place].words, text)):
        return True
    if _NOT_RUN.search(text) or exit_code is None:
        return None
    after = [link.after for link in chain[place:]]
    if exit_code == 0 and after[0] in {"&&", ""} and {"||", ";", "&"}.isdisjoint(after):
        return True
    program = unwrapped(chain[place].words)
    if finds := next((finds for pattern, finds in _SPEAKING if pattern.match(program)), None):
        if finds.search(text):
            return False
        return True if whole and _is_shown(chain, place) else None
    return _by_words(chain, place, exit_code, text, alone=alone, whole=whole)


def _is_silent_script(words: Words, text: str) -> bool:
    """Return whether a package's script printed nothing between its own head and that of the script behind it.

    npm prints an error for a script that fails. `npm run typecheck; npm run lint; npm test` showed each of them so.
    """
    heads = list(_SCRIPT_HEAD.finditer(text))
    own = [place for place, head in enumerate(heads[:-1]) if head["name"] in words]
    if len(own) != 1:
        return False
    return not _ECHO.sub("", text[heads[own[0]].end() : heads[own[0] + 1].start()]).strip()


def _tests_ran_behind(chain: tuple[Link, ...], place: int, text: str) -> bool:
    """Return whether tests ran that wait for a check to pass: `tsc && vitest run`, and the output has their counts.

    Editors' transcripts have no exit codes, and both programs are silent if they find nothing.
    """
    joined = len(list(takewhile(lambda link: link.after == "&&", chain[place:])))
    behind = [link.words for link in chain[place + 1 : place + joined + 1] if is_test_call(link.words)]
    calls = [link.words for link in chain if is_test_call(link.words)]
    return bool(behind) and behind == calls and result_of(text, None).passed is not None


def _by_words(
    chain: tuple[Link, ...], place: int, exit_code: int, text: str, *, alone: bool, whole: bool
) -> bool | None:
    """Judge a script or recipe, which may run anything, by what such programs print."""
    failed, passed = _FAILED.search(text), _PASSED.search(text)
    if failed and alone:
        return False
    if exit_code:
        others = [link for link in chain if link.words[0] not in _TRIVIAL]
        return False if alone and len(others) == 1 else None
    if passed and not failed and alone:
        return True
    silent = whole and _is_shown(chain, place) and not _ECHO.sub("", text).strip()
    return True if silent else None


def _is_shown(chain: tuple[Link, ...], place: int) -> bool:
    """Return whether what a program prints is seen: it goes through nothing, or through what shows a part of it all."""
    for before, link in pairwise(chain[place:]):
        if before.after != "|":
            break
        if link.words[0] not in _SHOWS:
            return False
    return True
