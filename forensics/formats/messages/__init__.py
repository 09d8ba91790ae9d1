"""What agents say at the end of a turn: their claims, read by form and not by sense."""

from forensics.formats.messages.reader import read_commit_message, read_message

__all__ = ["read_commit_message", "read_message"]
