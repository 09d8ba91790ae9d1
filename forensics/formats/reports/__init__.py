"""Readers of agents' reports, one dialect a module."""
