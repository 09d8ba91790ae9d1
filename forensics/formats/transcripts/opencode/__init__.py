"""OpenCode: exported sessions (one JSON document each) and the small files of its own storage."""
