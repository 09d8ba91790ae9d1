"""Readers of plans, one dialect a module."""
