"""The run's moments in order, by git's clock and the transcripts', with the reports' own times beside them."""

from collections.abc import Iterable

from forensics.model.lane import MarkKind
from forensics.model.postmortem import Moment
from forensics.model.prose import quote
from forensics.narrative.happenings import Happening


def timeline(happened: Iterable[Happening]) -> tuple[Moment, ...]:
    """Return what happened to steps, each moment once; writes are left to the lanes, and agents without a step too."""
    return tuple(
        sorted(
            {
                Moment(one.moment, _sentence(one), str(one.ref))
                for one in happened
                if one.text and one.kind is not MarkKind.WRITE and (one.agent is None or one.step)
            }
        )
    )


def _sentence(one: Happening) -> str:
    if one.agent is None:
        return f"{one.text}."
    named = f" {quote(one.agent.id, 20)}" if one.kind in {MarkKind.LAUNCH, MarkKind.END, MarkKind.STOP, None} else ""
    return f"Step {one.step}'s agent{named} {one.text}."
