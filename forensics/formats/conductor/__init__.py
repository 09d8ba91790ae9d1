"""The Conductor dialect: a track's `plan.md` with ticked tasks."""

from forensics.formats.conductor import tasks, tracks
from forensics.formats.dialect import Dialect, folder_of

CONDUCTOR = Dialect(
    "Conductor",
    "plan.md",
    tracks.sniff,
    tracks.kind_of,
    folder_of,
    tracks.read_plan,
    tasks.read_report,
    former=tracks.former,
    single=True,
)
