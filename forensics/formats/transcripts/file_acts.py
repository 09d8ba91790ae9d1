"""The file tools and shell commands of transcripts of any known format, with the content they show."""

from collections.abc import Iterable, Mapping

from forensics.formats.transcripts.claude.file_acts import FileActs as ClaudeActs
from forensics.formats.transcripts.codex.file_acts import FileActs as CodexActs
from forensics.formats.transcripts.opencode.file_acts import FileActs as OpenCodeActs
from forensics.formats.transcripts.readers import Agent, File, by_agent
from forensics.model.file_acts import Act


def read_acts(files: Iterable[File]) -> tuple[Act, ...]:
    """Return what agents did to files, in order of time. Their whole contents are kept: this is for a few sessions."""
    readers: Mapping[Agent, ClaudeActs | CodexActs | OpenCodeActs] = {
        Agent.CLAUDE: ClaudeActs(),
        Agent.CODEX: CodexActs(),
        Agent.OPENCODE: OpenCodeActs(),
    }
    for agent, path, chunks in by_agent(files):
        readers[agent].take(path, chunks)
    found = (act for reader in readers.values() for act in reader.acts())
    return tuple(sorted(found, key=lambda act: act.moment))
