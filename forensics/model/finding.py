"""Rules with their consequences, what a detector yields, and what becomes of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from forensics.model.claim import Confidence
from forensics.model.source import Kind, Ref

if TYPE_CHECKING:  # a case is a large part of the model, and `--help` needs severities only
    from forensics.model.case import Case


class Severity(StrEnum):
    """How bad a finding is if it is true."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Return 0 for info to 4 for critical."""
        return list(reversed(Severity)).index(self)


class Family(StrEnum):
    """What a rule asks about: a rule's code begins with its family's letters."""

    CLAIMS = "CLM"
    TEST_FIRST = "RED"
    ORDER = "ORD"
    ISOLATION = "ISO"
    REPORTS = "REP"
    HISTORY = "HIS"
    COST = "CST"

    def has(self, code: str) -> bool:
        """Return whether the rule with this code belongs to the family."""
        return code.startswith(self)


class Effect(StrEnum):
    """What a finding of high or critical severity does to the verdict on the step at fault."""

    CONTRADICTS = "contradicts"
    MISPLACES = "misplaces"
    VIOLATES = "violates"
    NOTHING = "nothing"


class Fate(StrEnum):
    """What became of the work in a finding's first commit; recovery acts on it.

    Destroyed work is picked back, reverted work is left out with the command that restores it. Lost work is listed with
    the transcript records that show it; the finding's address is the record of the commit.
    """

    DESTROYED = "destroyed"
    REVERTED = "reverted"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Symptom:
    """How a finding reads as an effect in the causal chain: `effect` is a clause, `because` the reason for it.

    `caused_by` are codes of rules whose findings can be the cause, beside those whose `Cause` names this rule.
    `shown` returns a better reason and its evidence where the case has them, else None.
    """

    effect: "Callable[[Finding], str]"
    because: str
    confidence: Confidence
    caused_by: frozenset[str] = frozenset()
    shown: "Callable[[Case, Finding], tuple[str, tuple[Ref, ...]] | None] | None" = None


@dataclass(frozen=True, slots=True)
class Cause:
    """How the findings of a rule can be the root cause.

    `explains` are codes of rules in causal order: of findings whose steps are all among the cause's, or, with `nearby`,
    that share a step with it. `statement` makes one sentence of all serious findings of the rule. It infers more than
    the findings show where `at_most` is less than certain.
    """

    statement: "Callable[[Case, Sequence[Finding]], str]"
    explains: tuple[str, ...] = ()
    nearby: bool = False
    at_most: Confidence = Confidence.CERTAIN


@dataclass(frozen=True, slots=True)
class Rule:
    """A detector's code, name, default severity, the kinds of source it needs, and the consequences of its findings.

    `effect` applies to the step at fault, with `every_step` to all steps of the finding; `if_landed` replaces it where
    the step's own work is on the branch all the same. `summary` is a clause with {} for the steps (default: the rule's
    name), `remedy` a sentence on what to change, given for findings of `remedy_from` or worse.
    """

    code: str
    name: str
    severity: Severity
    needs: frozenset[Kind] = frozenset({Kind.PLAN})
    effect: Effect = Effect.VIOLATES  # a serious finding counts unless its rule says otherwise: no false all-clear
    if_landed: Effect | None = None
    every_step: bool = False
    summary: str = ""
    symptom: Symptom | None = None
    cause: Cause | None = None
    remedy: str = ""
    remedy_from: Severity = Severity.INFO
    fate: Fate | None = None


@dataclass(frozen=True, slots=True)
class MisplacedWork:
    """Work where it does not belong: what `commit` holds of step `owner`'s, and `home`, the commit where it belongs.

    `files` are paths with the number of foreign lines, None where only the file is known; `home` None where no commit
    has it yet.
    """

    commit: str
    owner: str
    home: str | None
    files: tuple[tuple[str, int | None], ...] = ()

    @property
    def lines(self) -> int:
        """Return the number of foreign lines known, in all files."""
        return sum(number or 0 for _, number in self.files)


@dataclass(frozen=True, slots=True)
class CausalLink:
    """One step of the chain from the root cause to a symptom."""

    effect: str
    because: str
    confidence: Confidence
    evidence: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """What a detector yields. A hit without `at` cannot be made: every finding has an address.

    `culprit` is the step at fault, None where no single step is. `victim` is the step whose work suffers from it, where
    that is another: then the finding can change the victim's verdict, else the culprit's. `steps` are the others concerned.
    """

    at: Ref
    message: str
    culprit: str | None = None
    steps: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    confidence: Confidence = Confidence.LIKELY
    severity: Severity | None = None
    related: tuple[Ref, ...] = ()
    foreign: tuple[MisplacedWork, ...] = ()
    victim: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A hit with its rule and a fingerprint that survives moved lines and reworded messages.

    `steps` are all steps concerned, the step at fault first. `link` is how it reads in the causal chain, None where its
    rule does not say; `statement` how all serious findings of the rule read as the root cause, empty where they cannot be.
    """

    rule: Rule
    severity: Severity
    confidence: Confidence
    message: str
    at: Ref
    culprit: str | None
    steps: tuple[str, ...]
    commits: tuple[str, ...]
    files: tuple[str, ...]
    related: tuple[Ref, ...]
    fingerprint: str
    foreign: tuple[MisplacedWork, ...] = ()
    link: CausalLink | None = None
    statement: str = ""
    victim: str | None = None

    @property
    def code(self) -> str:
        """Return the rule's code."""
        return self.rule.code

    @property
    def name(self) -> str:
        """Return the rule's name."""
        return self.rule.name

    @property
    def serious(self) -> bool:
        """Return whether it is of high or critical severity: only then it changes verdicts."""
        return self.severity.rank >= Severity.HIGH.rank

    @property
    def affected(self) -> str | None:
        """Return the step whose verdict the finding can change; None where it is every step concerned."""
        return self.victim or self.culprit

    def affects(self, step: str) -> bool:
        """Return whether the finding can change a step's verdict."""
        return step == self.affected or (step in self.steps and (self.rule.every_step or self.affected is None))


@dataclass(frozen=True, slots=True, order=True)
class Skip:
    """A detector that could not apply, and why."""

    code: str
    why: str


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A detector that crashed, and on what."""

    code: str
    what: str
