"""Which agent worked on which step, when, where, and at what cost."""
