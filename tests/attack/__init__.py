"""Attacks that take longer than a test may; each is also a module to run, and its small version a test."""
