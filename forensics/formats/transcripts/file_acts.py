"""The file tools and shell commands of transcripts of any known format, with the content they show."""

from collections.abc import Iterable

from forensics.formats.transcripts.claude.file_acts import FileActs
from forensics.formats.transcripts.readers import File, by_format
from forensics.model.file_acts import Act


def read_acts(files: Iterable[File]) -> tuple[Act, ...]:
    """Return what agents did to files, in order of time. Their whole contents are kept: this is for a few sessions."""
    acts = FileActs()
    for path, chunks in by_format(files, lambda path, chunks: None):
        acts.take(path, chunks)
    return tuple(sorted(acts.acts(), key=lambda act: act.moment))
