"""What a shell command says: where it runs, whether it runs tests, and the commits its output prints."""

import posixpath
import re
from dataclasses import dataclass

LIMIT = 20_000
HEREDOC = re.compile(r"<<-?\s*(['\"]?)(\w+)\1(?P<rest>[^\n]*)\n.*?(?:^\s*\2\s*$|\Z)", re.DOTALL | re.MULTILINE)
_QUOTED = re.compile(r"'[^']*'|\"(?:\\.|[^\"\\])*\"", re.DOTALL)
_SEPARATOR = re.compile(r"&&|\|\||[;\n|&(){}]")
_CD = re.compile(r"\s*\(?\s*cd\s+(?P<to>'[^']*'|\"[^\"]*\"|[^\s;&|]+)\s*(?:&&|;|\n)")
_GIT_C = re.compile(r"(?:^|[\s;&|(])git\s+-C\s+(?P<to>'[^']*'|\"[^\"]*\"|[^\s;&|]+)")
_WRAPPER = re.compile(  # possessive throughout: a hostile command must not make it try every split
    r"^(?:(?>\w+=\S*|timeout(?:\s+-\S+)*+\s+[\d.]+[smhd]?|"
    r"(?:env|time|command|exec|sudo|nice|npx|bunx|nohup|xvfb-run|dotenv|uvx|then|do|if|!)(?=\s)|"
    r"pnpm exec|yarn exec|npm exec(?: --)?|bundle exec|"
    r"coverage run(?:\s+-[\w=.,/-]++)*+|"
    r"(?:uv|poetry|pdm|hatch|rye|pipenv) run(?:\s+(?:--?(?:with|extra|group|python|p|project|directory)\s+\S++|-\S++))*+)\s+)++"
)
_TESTS = re.compile(
    r"^(?:\S*/)?(?:pytest|py\.test|vitest|jest|mocha|ava|tox|nox|rspec|phpunit|ctest|nextest|"
    r"-m (?:pytest|unittest)|python[\d.]*(?:\s+-[A-Za-z](?:\s+(?:error|default|ignore|dev|utf8))?)*?\s+-m\s+(?:pytest|unittest|nose2)|"
    r"(?:just|make|task|rake|nox|invoke|inv|gradle|gradlew|mvn|mvnw|sbt)\b(?:\s+-\S+)*\s+(?:\S+\s+)*?(?:test|tests|check)(?:[:_-][\w:-]+)?|"
    r"(?:npm|pnpm|yarn|bun)(?:\s+-\S+)*\s+(?:run\s+|run-script\s+)?(?:t|tst|test)(?:[:_-][\w:-]+)?|"
    r"(?:go|cargo|mix|dotnet|swift|deno|flutter|dart|zig|rails)\s+(?:test|nextest)|node\s+(?:\S+\s+)*?--test)(?=$|\s)"
)
_RUNNER = re.compile(
    r"^(?:\S*/)?(?:just|make|task|rake|tox|nox|inv|invoke|gradlew?|mvnw?|sbt|npm|pnpm|yarn|bun|node|pre-?commit|prek|poe|bash|"
    r"sh|python[\d.]*|bazel|docker|[\w.-]+\.(?:sh|py))(?=$|\s)|^\./\S"
)
_NO_RUN = re.compile(r"\s--(?:collect-only|co|version|help|fixtures|markers|list(?:Tests|-tests)?|no-run|setup-plan)\b")
_PRINTED = re.compile(
    r"^\[(?P<branch>detached HEAD|[^\]\s]{1,250})(?P<root> \(root-commit\))? (?P<sha>[0-9a-f]{7,64})\] (?P<subject>.*)$",
    re.MULTILINE,
)
_COMMITS = re.compile(r"\b(?:commit|cherry-pick|revert|merge|rebase|am|ci|save|ship)\b")
_GIT_COMMIT = re.compile(r"^git(?:\s+-[cC]\s+\S+|\s+--?\w[\w=-]*)*+\s+(?:commit|cherry-pick|revert|merge|rebase|am)\b")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


@dataclass(frozen=True, slots=True)
class Printed:
    """A commit as `git commit` prints it; `branch` None if HEAD was detached."""

    sha: str
    branch: str | None
    subject: str


def place(command: str, cwd: str) -> str:
    """Return where a command acts: after a leading `cd X &&`, or in `git -C X`."""
    head = command[:LIMIT]
    where = cwd
    if leading := _CD.match(head):
        where = joined(where, leading["to"])
    if elsewhere := _GIT_C.search(HEREDOC.sub(" ", head)):
        where = joined(where, elsewhere["to"])
    return where


def runs_tests(command: str) -> bool:
    """Tell whether a command runs tests; texts it quotes or feeds to others do not count."""
    return any(_is_test(part) for part in _parts(command))


def runs_something(command: str) -> bool:
    """Tell whether a command runs tests, or a recipe or script that may."""
    return runs_tests(command) or any(_RUNNER.match(_WRAPPER.sub("", part[:2_000])) for part in _parts(command))


def pipes(command: str) -> bool:
    """Tell whether a command's exit code may be another program's than the tests': a pipe, `||` or `;`."""
    return re.search(r"[|;]|\n\s*\S", _QUOTED.sub('""', command[:LIMIT]).strip()) is not None


def commits(command: str) -> bool:
    """Tell whether a command makes git commit something."""
    return any(_GIT_COMMIT.match(part) for part in _parts(command))


def printed_commits(command: str, output: str) -> tuple[Printed, ...]:
    """Return the commits a committing command printed: `[branch sha] subject`, in order, each once."""
    if not _COMMITS.search(command[:LIMIT]):
        return ()
    found = {
        match["sha"]: Printed(
            match["sha"], None if match["branch"] == "detached HEAD" else match["branch"], match["subject"].strip()
        )
        for match in _PRINTED.finditer(output)
    }
    return tuple(found.values())


def _parts(command: str) -> list[str]:
    """Return a line's commands, without the texts they quote or feed to others."""
    bare = _QUOTED.sub('""', HEREDOC.sub(r"\g<rest>\n", command[:LIMIT])).replace("\\\n", " ")
    return [part.strip() for part in _SEPARATOR.split(bare)]


def _is_test(part: str) -> bool:
    words = _WRAPPER.sub("", part[:2_000])
    return _TESTS.match(words) is not None and _NO_RUN.search(words) is None


def joined(cwd: str, target: str) -> str:
    """Return a target seen from a folder; one that only the shell could resolve stays as it is."""
    to = target.strip("'\"")
    if to.startswith(("~", "$", "`")) or _DRIVE.match(to) or not cwd:
        return to
    return posixpath.normpath(posixpath.join(cwd, to))
