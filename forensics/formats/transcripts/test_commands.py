"""Which shell commands run tests, or may: by the program and its words, not by texts that it quotes."""

import re
from functools import lru_cache

from forensics.formats.pattern_rows import Row, compiled
from forensics.formats.transcripts.idle_calls import is_idle
from forensics.formats.transcripts.shell import Words, simple_commands

# Which package a JavaScript command is for: `pnpm --filter web test`, `npm --prefix app test`, `yarn workspace web test`.
PACKAGE = r"(?:\s+(?:(?:--(?:filter|prefix|workspace|dir|cwd)|-F|-C)(?:=|\s+)\S++|workspace\s+\S++|-\S++))*+"
# Programs that run the program named after them.
WRAPPERS = (
    Row(r"npx(?:\s+(?:(?:--prefix|--package|-p)(?:=|\s+)\S++|-\S++))++", "npx --prefix web", "JavaScript projects"),
    Row(r"\w+=\S*", "PYTHONPATH=.", "assignments after env"),
    Row(r"timeout(?:\s+-\S+)*+\s+[\d.]+[smhd]?", "timeout 60", "agents guarding against hanging tests"),
    Row(
        r"(?:env|time|command|exec|sudo|nice|npx|bunx|nohup|xvfb-run|dotenv|uvx|then|do|if|!)(?=\s|$)",
        "npx",
        "JavaScript projects, shell keywords",
    ),
    Row(r"(?:yarn|bundle) exec|npm exec(?: --)?", "npm exec --", "JavaScript and Ruby projects"),
    Row(rf"pnpm{PACKAGE} (?:exec|dlx)", "pnpm --filter web exec", "JavaScript projects with several packages"),
    Row(r"coverage run(?:\s+-[\w=.,/-]++)*+", "coverage run --branch", "coverage.py: followed by -m pytest"),
    Row(
        r"(?:uv|poetry|pdm|hatch|rye|pipenv) run(?:\s+(?:--?(?:with|extra|group|python|p|project|directory)\s+\S++|-\S++))*+",
        "uv run --with x",
        "Python project managers, some options with a value",
    ),
)
# At a command's start only, after wrappers: `grep pytest`, `pip install pytest` and commit messages are not runs.
TEST_CALLS = (
    Row(r"pytest|py\.test|vitest|jest|mocha|ava|tox|nox|rspec|phpunit|ctest|nextest", "pytest", "runners by name"),
    Row(r"-m (?:pytest|unittest)", "-m pytest", "what coverage run leaves over"),
    Row(
        r"python[\d.]*(?:\s+-[A-Za-z](?:\s+(?:error|default|ignore|dev|utf8))?)*?\s+-m\s+(?:pytest|unittest|nose2)",
        "python3.12 -W error -m unittest",
        "Python modules, with interpreter options",
    ),
    Row(
        r"(?:just|make|mise|task|rake|nox|invoke|inv|gradle|gradlew|mvn|mvnw|sbt)\b(?:\s+-\S+)*\s+(?:\S+\s+)*?"
        r"(?:test|tests|check)(?:[:_-][\w:-]+)?",
        "make -C lib test-unit",
        "recipes named after tests",
    ),
    Row(
        rf"(?:npm|pnpm|yarn|bun){PACKAGE}\s+(?:run\s+|run-script\s+)?(?:t|tst|test)(?:[:_-][\w:-]+)?",
        "npm run test:unit",
        "package.json scripts",
    ),
    Row(r"playwright\s+test|cypress\s+run", "playwright test", "end-to-end tests"),
    Row(r"(?:turbo|nx|lerna)\s+(?:run\s+|run-many\s+(?:-\S+\s+)*)?test", "turbo run test", "JavaScript monorepos"),
    Row(
        r"(?:go|cargo|mix|dotnet|swift|deno|flutter|dart|zig|rails)\s+(?:test|nextest)",
        "go test",
        "compilers with a test verb",
    ),
    Row(r"node\s+(?:\S+\s+)*?--test", "node --test", "Node's own runner"),
)
# What runs something of the project whose name does not say what: it may run the tests.
RECIPES = (
    Row(
        r"(?:just|make|mise|task|rake|tox|nox|inv|invoke|gradlew?|mvnw?|sbt|npm|pnpm|yarn|bun|bazel|poe)(?=$|\s)",
        "just precommit",
        "recipes",
    ),
    Row(r"(?:pre-?commit|prek)(?=$|\s)", "pre-commit run --all-files", "hooks that run tests"),
    Row(r"(?:node|bash|sh|python[\d.]*|docker)(?=$|\s)|[\w.-]+\.(?:sh|py)(?=$|\s)", "bash run-all.sh", "scripts"),
)
# With this, Go's runner builds the tests and runs none.
_ONLY_BUILDS = re.compile(r"go test (?:(?!-c\b)\S+ )*+-c\b")
# Possessive: a hostile command must not make the expression try every way of taking wrappers off.
_WRAPPED = compiled(WRAPPERS, r"^(?:(?>", r")\s+)++", re.NOFLAG)
# A path may lead to the program (`.venv/bin/pytest`), and its name must end there: `pytest-watch` and `test.sh` are
# others. Case counts, because programs' names do.
_TEST_CALL = compiled(TEST_CALLS, r"^(?:\S*/)?", r"(?=$|\s)", re.NOFLAG)
# A script by its path (`./run`) may run anything, whatever it is called.
_RECIPE_NAMES = compiled(RECIPES[:2], r"^(?:\S*/)?", flags=re.NOFLAG)
_RECIPE = compiled(RECIPES, r"^\./\S|^(?:\S*/)?", flags=re.NOFLAG)
# Commands looked at again and again: each claim of a session asks about every command before it.
_KEPT = 8_192
# The program and its first words decide; a list of thousands of files costs time and adds nothing.
_LIMIT = 2_000


def runs_tests(command: str) -> bool:
    """Return whether a command runs tests; texts that it quotes or feeds to other programs do not count."""
    return any(map(is_test_call, simple_commands(command)))


@lru_cache(_KEPT)
def test_calls(command: str) -> tuple[Words, ...]:
    """Return the simple commands of a command that run tests."""
    return tuple(words for words in simple_commands(command) if is_test_call(words))


@lru_cache(_KEPT)
def runs_tests_or_recipe(command: str) -> bool:
    """Return whether a command runs tests, or a recipe or script that may run them."""
    return runs_tests(command) or any(_RECIPE.match(unwrapped(words)) for words in simple_commands(command))


@lru_cache(_KEPT)
def runs_recipe(command: str) -> bool:
    """Return whether a command runs a recipe, a package's script or hooks, which print each command that they run."""
    return any(_RECIPE_NAMES.match(unwrapped(words)) for words in simple_commands(command))


def is_test_call(words: Words) -> bool:
    """Return whether a simple command runs tests."""
    text = unwrapped(words)
    return _TEST_CALL.match(text) is not None and not (is_idle(text) or _ONLY_BUILDS.match(text))


@lru_cache(_KEPT)
def unwrapped(words: Words) -> str:
    """Return a command as text, without its wrappers; a quoted text is `""`, and so cannot look like words."""
    text = " ".join(word if word and not re.search(r"\s", word) else '""' for word in words)
    return _WRAPPED.sub("", text[:_LIMIT])
