"""Codex token counters as typed records."""

from msgspec import Struct

from forensics.formats.transcripts.claude.records import Count


class Counts(Struct, frozen=True):
    """A token counter. Cached and written are inside input, reasoning is inside output."""

    input_tokens: Count | None = None
    cached_input_tokens: Count | None = None
    cache_write_input_tokens: Count | None = None
    output_tokens: Count | None = None

    @property
    def figures(self) -> tuple[int, int, int, int]:
        """Return input, cached, written and output."""
        return (
            self.input_tokens or 0,
            self.cached_input_tokens or 0,
            self.cache_write_input_tokens or 0,
            self.output_tokens or 0,
        )


class Counted(Struct):
    """What a token count tells: the session's total, and what its last request used."""

    total_token_usage: Counts | None = None
    last_token_usage: Counts | None = None
