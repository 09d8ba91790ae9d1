"""`forensics.recovery/1`: what `forensics recover --format json` prints. The postmortem holds the same plan."""

from typing import Literal

import msgspec

from forensics.model import finding as model
from forensics.model import rebuilt
from forensics.model import recovery as plan
from forensics.model.postmortem import Rescue
from forensics.render.documents.parts import Address, Gap, Part, joined, written

SCHEMA = "forensics.recovery/1"


class Run(Part, frozen=True):
    """The run: its plan's folder, and the full id of the commit that the plan was checked against.

    `branch` is null if HEAD is detached or `--at` was given; `revision` is what `--at` named.
    """

    name: str
    plan: str
    head: str
    branch: str | None
    revision: str | None


class Command(Part, frozen=True):
    """A shell command and what it is for."""

    purpose: str
    line: str = msgspec.field(name="command")


class Kept(Part, frozen=True):
    """A step whose work is on the branch and can stay there, with its commits' full ids."""

    step: str
    verdict: str
    commits: list[str]


class LeftOut(Part, frozen=True):
    """A commit that is not picked. `steps` is empty if it only updates plans and reports; `source` is a ref that reaches it."""

    commit: str
    steps: list[str]
    subject: str
    source: str | None
    why: str


class Pick(LeftOut, frozen=True):
    """A commit to cherry-pick.

    `outcome` is null if it was not tried; `files` are in conflict; `note` says what else is known of a failure.
    """

    outcome: plan.Outcome | None
    files: list[str]
    note: str | None


class ForeignFile(Part, frozen=True):
    """A file with the number of another step's lines in it, null where only the file is known."""

    path: str
    lines: int | None


class Foreign(Part, frozen=True):
    """Work of step `owner` in another step's `commit`; `home` is the commit where it belongs, or null."""

    commit: str
    owner: str
    home: str | None
    files: list[ForeignFile]


class Lost(Part, frozen=True):
    """A commit that is not in this clone (`value` as claimed), and where its message and content can be read."""

    value: str
    step: str | None
    subject: str
    records: list[Address]


class TestResult(Part, frozen=True):
    """How the test command ended; `exit_code` is null if it ran out of time (`seconds` is the limit).

    `exit_code_on_base` is its exit code without the picks, null if it was not needed. `output` has the last lines.
    """

    command: str
    code: int | None = msgspec.field(name="exit_code")
    timed_out: bool
    seconds: int
    on_base: int | None = msgspec.field(name="exit_code_on_base")
    output: list[str]


class Recovery(Part, frozen=True):
    """The plan to get work back.

    `resume_at`: the step to continue with, null if none is open. `base`: the full id to start it from, null for the branch
    as it is. `onto`: the commit that picks go onto. `tree`: the tree that the picks make, null if nothing was tried.
    `test`: null without `--test`. `failure`: why nothing could be tried, or null.
    """

    resume_at: str | None
    base: str | None
    sound: list[str]
    note: str
    commands: list[Command]
    onto: str
    proposed_branch: str
    stays: list[Kept]
    picks: list[Pick]
    foreign: list[Foreign]
    left_out: list[LeftOut]
    lost: list[Lost]
    tree: str | None
    test: TestResult | None
    failure: str | None


class RebuiltFile(Part, frozen=True):
    """A file of a rebuilt commit; `why` says why it is not exact. A `deleted` one is removed by the commit."""

    path: str
    sureness: rebuilt.Sureness
    why: str | None
    deleted: bool


class Rebuilt(Part, frozen=True):
    """A lost commit rebuilt from a transcript; `commit` is the id that git printed when it was made.

    It is null for edits that a command threw away before they were committed; `record` is then that command.

    `base`: the full id of the commit in git that it was rebuilt on, `after`: the rebuilt commits between. `identical`: all of
    it came out byte for byte, id included. `unknown_files`: files that git counted and the transcript does not name.
    `outcome`: null if nothing of it could be tried.
    """

    commit: str | None
    step: str | None
    subject: str
    sureness: rebuilt.Sureness
    identical: bool
    base: str
    after: list[str]
    files: list[RebuiltFile]
    unknown_files: int
    outcome: plan.Outcome | None
    conflicts: list[str]
    notes: list[str]
    record: Address


_FIELDS = [(field.name, field.type) for field in msgspec.structs.fields(Recovery)]
# Defined by its fields, because the plan's lie between those of the document: a base class would put them first.
RecoveryDocument = msgspec.defstruct(
    "RecoveryDocument",
    [
        ("schema", Literal["forensics.recovery/1"]),
        ("run", Run),
        *_FIELDS,
        ("rebuilt", list[Rebuilt] | None),
        ("searched", str),
        ("gaps", list[Gap]),
    ],
    namespace={
        "__doc__": f"{Recovery.__doc__}\n    `searched`: what was searched for commits, and what this clone lacks.\n    `rebuilt`: null without `--from-transcripts`.\n    "
    },
    module=__name__,
    frozen=True,
)


def render_recovery_json(rescue: Rescue) -> str:
    """Return the plan as JSON."""
    found = recovery_of(rescue.recovery)
    plain = {name: getattr(found, name) for name, _ in _FIELDS}
    offers = None if rescue.rebuilt is None else list(map(_rebuilt, rescue.rebuilt))
    return written(joined(RecoveryDocument, rescue, schema=SCHEMA, rebuilt=offers, **plain))


def _rebuilt(offer: rebuilt.Offer) -> Rebuilt:
    commit = offer.commit
    return joined(
        Rebuilt,
        offer,
        commit=None if commit.discarded else commit.sha,
        step=commit.step or None,
        subject=commit.subject,
        sureness=rebuilt.Sureness.EXACT if offer.identical else commit.sureness,
        base=commit.base,
        after=list(commit.on),
        files=[joined(RebuiltFile, file, why=file.why or None) for file in commit.files],
        unknown_files=commit.unknown,
        notes=list(offer.remarks),
        record=commit.record,
    )


def recovery_of(found: plan.Recovery) -> Recovery:
    """Return the plan's public fields; the postmortem has the same under `recovery`."""
    return joined(
        Recovery,
        found,
        proposed_branch=found.branch,
        picks=[joined(Pick, pick, note=pick.note or None) for pick in found.picks],
        foreign=list(map(foreign_of, found.foreign)),
        left_out=found.left,
        lost=[joined(Lost, lost, step=lost.step or None) for lost in found.lost],
        test=joined(TestResult, found.test, timed_out=found.test.code is None) if found.test else None,
        failure=found.failure or None,
    )


def foreign_of(work: model.MisplacedWork) -> Foreign:
    """Return work of one step that another step's commit holds."""
    return joined(Foreign, work, files=[ForeignFile(*file) for file in work.files])
