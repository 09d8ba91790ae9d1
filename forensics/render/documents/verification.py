"""`forensics.check/1`: what `forensics check` and `forensics verify` print with `--format json`."""

from typing import Literal

from forensics.render.documents import recovery
from forensics.render.documents.parts import Part, joined, written
from forensics.render.documents.postmortem import Claim, Fault, Finding
from forensics.render.verification import Verification

SCHEMA: Literal["forensics.check/1"] = "forensics.check/1"


class CheckDocument(Part, frozen=True):
    """The claims of one text (`path`, `<stdin>` if it was piped in) with their verdicts, and the findings at it.

    `session` is the session whose tool results were read, null if there was none. `faults` are rules that crashed.
    """

    schema: Literal["forensics.check/1"]
    path: str
    session: str | None
    claims: list[Claim]
    findings: list[Finding]
    faults: list[Fault]


def render_check_json(checked: Verification) -> str:
    """Return a check as JSON."""
    return written(
        joined(
            CheckDocument,
            checked,
            schema=SCHEMA,
            session=getattr(checked, "session", None),
            claims=[joined(Claim, judged.claim, judged, at=judged.claim.ref) for judged in checked.claims],
            findings=[
                joined(Finding, finding, foreign=list(map(recovery.foreign_of, finding.foreign)))
                for finding in checked.findings
            ],
        )
    )
