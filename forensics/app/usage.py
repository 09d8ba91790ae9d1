"""What agents used and what it cost, from their transcripts."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from forensics.casework.costs import by_model, price
from forensics.errors import NothingToExamine
from forensics.formats.transcripts.dialects import read
from forensics.model.source import Gap
from forensics.model.transcript import Transcripts
from forensics.render.cleaning import clean
from forensics.render.usage import UsageReport
from forensics.sources.transcripts import chunks, find


def usage(named: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> UsageReport:
    """Return the usage in the named transcripts, or in those the agents themselves keep of work in `cwd`.

    Raises NothingToExamine if a name leads nowhere, or no file holds an agent's record.
    """
    told = transcripts(named, cwd, environment)
    if not told.agents:
        why = f": {told.gaps[0].what.rstrip('.')}." if told.gaps else "."
        raise NothingToExamine(
            f"No file there is an agent's transcript{why}", try_="Try the folder that holds the session."
        )
    rows = price(told.usage)
    return clean(UsageReport(rows, by_model(rows), told.gaps, told.files, told.left_out))


def transcripts(named: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> Transcripts:
    """Read all transcripts there are; files that cannot be opened are gaps like lines that cannot be read."""
    unreadable: list[Gap] = []
    files = ((file.shown, chunks(file, unreadable)) for file in find(named, cwd, environment))
    told = read(files, launches_only=True)
    return Transcripts(told.agents, told.usage, (*unreadable, *told.gaps), told.files, told.left_out)
