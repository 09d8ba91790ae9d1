"""The run's moments in order, by git's clock and the transcripts', with the reports' own times beside them."""

from collections.abc import Iterable

from forensics.casework.unit_words import in_units
from forensics.model.case import Case
from forensics.model.lane import MarkKind
from forensics.model.postmortem import Moment
from forensics.model.prose import quote
from forensics.narrative.happenings import Happening

# Where an agent begins or ends, its id tells it from the step's other agents; its other moments need none.
_NAMED = {MarkKind.LAUNCH, MarkKind.END, MarkKind.STOP, None}


def timeline(case: Case, happened: Iterable[Happening]) -> tuple[Moment, ...]:
    """Return what happened to steps, or to sessions where there is no plan, each moment once; writes are left to the lanes, and agents without a step too."""
    return tuple(
        sorted(
            {
                Moment(happening.moment, _in_units(happening, case), str(happening.ref))
                for happening in happened
                if happening.text
                and happening.kind is not MarkKind.WRITE
                and (happening.agent is None or happening.step)
            }
        )
    )


def _in_units(happening: Happening, case: Case) -> str:
    return in_units(_sentence(happening), (happening.step,) if happening.step else (), case)


def _sentence(happening: Happening) -> str:
    if happening.agent is None:
        return f"{happening.text}."
    named = f" {quote(happening.agent.id, 20)}" if happening.kind in _NAMED else ""
    return f"Step {happening.step}'s agent{named} {happening.text}."
