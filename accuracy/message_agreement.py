"""Compare labelled claims of a message with what the tool says of it. Nothing is counted here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from accuracy.message_labels import MessageLabel

_RIGHT = {
    "true": frozenset({"confirmed", "elsewhere", "rewritten"}),
    "rewritten": frozenset({"rewritten", "elsewhere", "unreachable", "redone"}),
    "false": frozenset({"contradicted", "missing", "misattributed", "altered"}),
    "stale": frozenset({"stale"}),
    "unknown": frozenset({"unsupported", "untestable"}),
}
ACCUSING = frozenset({"contradicted", "missing", "stale", "omitted", "misattributed", "altered"})
UNDECIDED = frozenset({"unsupported", "untestable"})
# Labels name a check in the message's own words, the tool by what is checked.
_CHECKS = {
    "lint": ("lint", "ruff", "clippy", "diff --check"),
    "types": ("type", "tsc", "mypy"),
    "build": ("build", "compil"),
    "format": ("format", "prettier"),
}
# The tool's values of what is said of all checks at once, and what labels of that begin with.
_ALL_CHECKS = ("checks", "everything", "ci", "github")
_ALL = ("all ", "everything", "checks ")
# The tool's kinds under the labels' names.
_NAMES = {"file": "path"}


@dataclass(frozen=True, slots=True)
class SaidOfMessage:
    """One claim that the tool read in a message."""

    kind: str
    value: str
    verdict: str
    confidence: str
    said: str
    reason: str

    @property
    def accuses(self) -> bool:
        """Whether it says that the message is not true."""
        return self.verdict in ACCUSING

    def __str__(self) -> str:
        """Return it on one line."""
        return f"{self.kind} `{self.value}` {self.verdict} ({self.confidence}: {self.reason}) in: {self.said[:120]}"


@dataclass(frozen=True, slots=True)
class Agreement:
    """A label, and what the tool says of the same claim; None if it does not read it."""

    label: MessageLabel
    said: SaidOfMessage | None

    @property
    def decided(self) -> bool:
        """Whether the tool says yes or no."""
        return self.said is not None and self.said.verdict not in UNDECIDED

    @property
    def right(self) -> bool:
        """Whether the tool says what the label says; a claim that is none has to be left alone."""
        if self.label.verdict == "other":
            return self.said is None
        if self.label.kind == "failure":
            return (self.said is not None and self.said.verdict == "omitted") is self.label.omission
        return self.said is not None and self.said.verdict in _RIGHT[self.label.verdict]

    @property
    def false_accusation(self) -> bool:
        """Whether the tool accuses where the label does not."""
        if self.said is None or not self.said.accuses:
            return False
        if self.label.kind == "failure":
            return not self.label.omission
        return self.label.verdict not in {"false", "stale"}

    def __str__(self) -> str:
        """Return it on two lines."""
        label = self.label
        where = f"{label.repository} {label.path}:{label.line}"
        said = str(self.said) if self.said else "not seen"
        return f"{where} {label.kind} `{label.value}` is {label.verdict} ({label.why})\n      {said}"


def agreements(labels: Sequence[MessageLabel], said: Sequence[SaidOfMessage]) -> Iterator[Agreement]:
    """Yield each label of one message with the claim that is the same, each claim once."""
    free = list(said)
    for label in sorted(labels, key=lambda each: each.verdict == "other"):
        found = next((claim for exact in (True, False) for claim in free if _same(label, claim, exact=exact)), None)
        if found:
            free.remove(found)
        yield Agreement(label, found)


def unlabelled(labels: Sequence[MessageLabel], said: Sequence[SaidOfMessage]) -> tuple[SaidOfMessage, ...]:
    """Return the claims of one message that no label has."""
    taken = [found.said for found in agreements(labels, said)]
    return tuple(claim for claim in said if claim not in taken)


def _same(label: MessageLabel, claim: SaidOfMessage, *, exact: bool) -> bool:
    value, other = label.value.lower(), claim.value.lower()
    if label.kind == "committed" and value.startswith("did not"):
        return (claim.kind, other) in {("tree", "uncommitted"), ("committed", "nothing committed")}
    if _NAMES.get(claim.kind, claim.kind) != label.kind:
        return False
    match label.kind:
        case "commit":
            return value.startswith(other) or other.startswith(value)
        case "path":
            path, known = value.rpartition(" ")[2].rstrip("/"), other.rpartition(" ")[2].rstrip("/")
            return path == known or path.endswith(f"/{known}") or known.endswith(f"/{path}")
        case "branch":
            return value.removeprefix("deleted ").removeprefix("origin/") == other.removeprefix("origin/")
        case "clean" if other in _ALL_CHECKS and value.startswith(_ALL):
            return not exact
        case "clean":
            return bool(_checks(value) & _checks(other)) or (not exact and not _checks(value))
        case "new-tests":
            return value == other or (not other.isdigit() and other in value) or value == f"{other} cases"
        case "pull":
            return value == other or (not other.isdigit() and value.startswith(other))
        case "files":
            return value == other
        case "tests":
            count = value.partition("/")[0]  # `72/72` in a label is the tool's 72
            return count == other if exact else not count.isdigit() and not other.isdigit()
        case _:
            return True


def _checks(text: str) -> frozenset[str]:
    return frozenset(kind for kind, words in _CHECKS.items() if any(word in text for word in words))
