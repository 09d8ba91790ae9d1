"""What part of a project a test run or a check covers, by its command: folder, packages, language, chosen tests."""

import re
from dataclasses import dataclass
from functools import lru_cache

from forensics.formats.transcripts.checks import check_of
from forensics.formats.transcripts.shell import Words, simple_commands
from forensics.formats.transcripts.test_commands import is_test_call, unwrapped

# Options whose value names a package of the project, or its folder.
_PACKAGE = re.compile(r"(?:--filter|-F|--workspace|-w|--prefix|-C|--dir|--cwd|--package|--manifest-path|--project|-p)")
# These mean a package behind the runner's name too; `-w` is there vitest's *watch*, `-p` pytest's plugin.
_PACKAGE_BEHIND = frozenset({"--package", "--workspace", "--prefix", "--manifest-path", "--project"})
# Options whose value says how, not what; the value would look like a test's name.
_VALUED = re.compile(
    r"--features|-n|-c|-W|-o|--config|--reporter|--maxWorkers|--max-workers|--timeout|--seed|--tb|--cov|-j"
)
# Options whose value chooses some of the tests. `-m` is pytest's marker there, and Python's module elsewhere.
_CHOICE = re.compile(
    r"-k|-t|-g|-run|--run|--grep|--filter|--testNamePattern|--test-name-pattern|--testPathPatterns?|--lf|--last-failed|"
    r"--changed|--onlyChanged|--only-changed|--shard|--only|--related|--findRelatedTests"
)
# Words that choose no tests: `./...` and `.` are all of them, `run` is vitest's and a package manager's.
_ALL = frozenset(
    {".", "./...", "...", "run", "--", "all", "discover", "tests", "test", "tests/", "test/", "src", "src/"}
)
# The file endings that a program of a language reads; an edit of any other file does not change its result.
_FAMILIES = (
    (re.compile(r"(?:^|/)(?:cargo|rustc|clippy)\b"), ("rs", "toml")),
    (re.compile(r"(?:^|/)(?:go|golangci-lint|gofmt)\b"), ("go", "mod", "sum")),
    (re.compile(r"(?:^|/)(?:pytest|py\.test|python[\d.]*|tox|nox|ruff|mypy|black|flake8|pyright)\b"), ("py", "toml", "cfg", "ini")),
    (
        re.compile(r"(?:^|/)(?:vitest|jest|mocha|ava|playwright|npm|pnpm|yarn|bun|node|tsc|vue-tsc|eslint|prettier|next|vite)\b"),
        ("ts", "tsx", "js", "jsx", "mjs", "cjs", "mts", "cts", "vue", "svelte", "astro", "json", "css", "scss", "html"),
    ),
)  # fmt: skip
_NAME = re.compile(r"[\w.@/-]+")


@dataclass(frozen=True, slots=True)
class RunScope:
    """What a command covers: `packages` as named, `targets` the files and tests named, `chosen` if a filter picked some.

    `endings` are those of the files that its programs read, empty where that is not known.
    """

    packages: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    chosen: bool = False
    endings: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing of a package's tests was left out."""
        return not (self.targets or self.chosen)


@lru_cache(maxsize=4_096)
def scope_of(command: str) -> RunScope:
    """Return what the tests or checks of a command cover; several in one command cover what each does."""
    calls = [words for words in simple_commands(command) if is_test_call(words) or check_of(words)]
    found = [_scope(words) for words in calls]
    if not found:
        return RunScope()
    return RunScope(
        frozenset().union(*(scope.packages for scope in found)),
        frozenset().union(*(scope.targets for scope in found)),
        all(scope.chosen for scope in found),
        tuple(dict.fromkeys(ending for scope in found for ending in scope.endings))
        if all(scope.endings for scope in found)
        else (),
    )


def _scope(words: Words) -> RunScope:
    text = unwrapped(words)
    program = text.split(" ", 1)[0]
    endings = next((known for pattern, known in _FAMILIES if pattern.search(text[:200])), ())
    start = _first_argument(words)
    packages: set[str] = set()
    targets: set[str] = set()
    chosen = False
    skip = ""
    for place, word in enumerate(words):
        option, _, value = word.partition("=")
        if skip:
            packages |= {word} if skip == "package" else set()
            skip = ""
        elif _PACKAGE.fullmatch(option) and (place < start or option in _PACKAGE_BEHIND or program in {"cargo", "tsc"}):
            packages |= {value} if value else set()
            skip = "" if value else "package"
        elif place < start:
            continue
        elif _VALUED.fullmatch(word):
            skip = "value"
        elif program == "cargo" and not word.startswith("-"):
            chosen = True  # `cargo test NAME`
        elif _CHOICE.fullmatch(option) and not (option == "--run" and "ts" in endings):  # vitest's: once, and no watch
            chosen, skip = True, "" if value else "choice"
        elif not word.startswith("-") and word not in _ALL and _NAME.match(word):
            targets.add(word)
    return RunScope(frozenset(packages), frozenset(targets), chosen, endings)


def _first_argument(words: Words) -> int:
    """Return the place behind the runner's own words: behind `test`, `pytest`, `-m unittest`."""
    for place, word in enumerate(words):
        name = word.rsplit("/", 1)[-1]
        if re.fullmatch(
            r"(?:t|tst|test|tests|check|lint|build|typecheck)(?:[:_-][\w:-]+)?|py\.?test|unittest|vitest|jest|mocha|ava|nextest|tsc|eslint|ruff|mypy|vet|clippy",
            name,
        ):
            return place + 1
    return len(words)
