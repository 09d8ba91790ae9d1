"""Calls by which a program does nothing of what it is named for: it explains itself, lists, or only tries something out."""

import re

from forensics.formats.pattern_rows import Row, compiled
from forensics.formats.transcripts.shell import Words

# Behind a program's name, after wrappers. Each stands for a session that could call its code checked by a run of nothing.
IDLE_CALLS = (
    Row(r"\S++(?:\s+\S++)*?\s--(?:version|help|usage)", "tsc --noEmit --version", "any program, also behind `--`"),
    Row(
        r"(?:vue-)?(?:tsc|eslint|prettier|jest|vitest|stylelint|webpack|rollup|vite|next)\b(?:\s+\S++)*?\s-[vh]",
        "tsc -v",
        "JavaScript programs: `-v` is their version, and elsewhere *verbose*",
    ),
    Row(
        r"(?:ruff|mypy|black|isort|flake8|pyright|py\.?test|cargo)\b(?:\s+\S++)*?\s-[Vh]",
        "ruff -V",
        "Python and Rust programs: `-V` is their version, and *verbose* of ctest",
    ),
    Row(r"(?:ruff|cargo|go|npm|pnpm|yarn) (?:version|help|rule|config|list|ls)", "ruff rule E501", "verbs that explain"),
    Row(
        r"\S++(?:\s+\S++)*?\s--(?:dry-?run|just-print|recon|question|show-?config|print-config|list-?files-?only|"
        r"show-files|show-settings|env-info|no-run|dry)(?:=\S*)?",
        "just --dry-run test",
        "trying out, and printing settings",
    ),
    Row(
        r"\S++(?:\s+\S++)*?\s--(?:collect-?only|co|fixtures(?:-per-test)?|markers|setup-plan|setup-only|"
        r"list(?:-?tests|-files|envs)?|show-only|notest)(?:=\S*)?",
        "pytest --co -q",
        "runners that collect or list",
    ),
    Row(r"(?:g?make)\b(?:\s+\S++)*?\s-(?=[bBdeikprRsSw]*[nqt])[bBdeiknpqrRsStw]*+", "make -n build", "make prints its commands"),
    Row(r"(?:just|task|gradlew?|ninja|nox|tox|ctest)\b(?:\s+\S++)*?\s-[nlmN]", "just -n test", "other recipes, runners of lists"),
    Row(r"go (?:test|build|vet)\b(?:\s+\S++)*?\s-(?:n|list(?:[= ]\S+)?)", "go test -list .", "Go"),
    Row(r"vitest list", "vitest list", "JavaScript projects"),
)  # fmt: skip
# Case counts, as it does for options.
_IDLE = compiled(IDLE_CALLS, r"^(?:\S*/)?+", r"(?=$|\s)", re.NOFLAG)
# What git only tries out, by verb: `-n` of `commit` is `--no-verify`. The states that `commit` prints imply a dry run.
_DRY = {
    "push": re.compile(r"-[a-z]*n[a-z]*|--dry-run"),
    "add": re.compile(r"-[a-zA-Z]*n[a-zA-Z]*|--dry-run"),
    "rm": re.compile(r"-[a-z]*n[a-z]*|--dry-run"),
    "mv": re.compile(r"-[a-z]*n[a-z]*|--dry-run"),
    "commit": re.compile(r"--dry-run|--short|--porcelain|--long"),
}
_HELP = frozenset({"-h", "--help"})


def is_idle(text: str) -> bool:
    """Return whether a call, as text without its wrappers, runs nothing of what its program is for."""
    return _IDLE.match(text) is not None


def is_tried_out(call: Words) -> bool:
    """Return whether a git call, from its verb on, only shows what it would do, or prints its help."""
    dry = _DRY.get(call[0])
    return any(word in _HELP or (dry is not None and dry.fullmatch(word)) for word in call[1:])
