"""Use cases; the only place that joins I/O and logic."""
