"""The Conductor dialect: a track's `plan.md` with ticked tasks."""

from forensics.formats.conductor import tasks, tracks
from forensics.formats.dialect import Dialect

CONDUCTOR = Dialect(
    name="Conductor",
    holds="plan.md",
    sniff=tracks.sniff,
    kind_of=tracks.kind_of,
    read_plan=tracks.read_plan,
    read_report=tasks.read_report,
    home="conductor",
    former=tracks.former,
    single=True,
)
