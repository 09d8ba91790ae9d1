"""Readers of agents' transcripts, one tool a module; pure: bytes in, values out."""
