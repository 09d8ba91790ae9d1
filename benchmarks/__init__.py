"""Benchmarks: ratios, printed by one command; never a timed test."""
