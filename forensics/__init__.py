"""Hold what coding agents reported against the evidence that exists."""

__version__ = "0.1.0"
