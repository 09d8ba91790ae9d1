"""Check what coding agents reported against git and transcripts, and write the postmortem."""

__version__ = "0.1.0"
