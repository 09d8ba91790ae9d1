"""One file is one detector: its page, its examples, its rule and its function."""
