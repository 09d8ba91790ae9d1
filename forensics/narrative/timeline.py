"""The run's moments in order, by git's clock and the transcripts', with the reports' own times beside them."""

from collections.abc import Iterable

from forensics.model.lane import MarkKind
from forensics.model.postmortem import Moment
from forensics.model.prose import quote
from forensics.narrative.happenings import Happening

# Where an agent begins or ends, its id tells it from the step's other agents; its other moments need none.
_NAMED = {MarkKind.LAUNCH, MarkKind.END, MarkKind.STOP, None}


def timeline(happened: Iterable[Happening]) -> tuple[Moment, ...]:
    """Return what happened to steps, each moment once; writes are left to the lanes, and agents without a step too."""
    return tuple(
        sorted(
            {
                Moment(happening.moment, _sentence(happening), str(happening.ref))
                for happening in happened
                if happening.text
                and happening.kind is not MarkKind.WRITE
                and (happening.agent is None or happening.step)
            }
        )
    )


def _sentence(happening: Happening) -> str:
    if happening.agent is None:
        return f"{happening.text}."
    named = f" {quote(happening.agent.id, 20)}" if happening.kind in _NAMED else ""
    return f"Step {happening.step}'s agent{named} {happening.text}."
