"""Which commits are which step's."""
