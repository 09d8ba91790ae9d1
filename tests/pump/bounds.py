"""Patterns that are slow on long texts and never get one: where the bound is, and of how many characters."""

BOUNDS = {
    "forensics.formats.messages.enumerations._NAMES": (500, "parts of a list in a sentence, each matched whole"),
    "forensics.formats.messages.paths._LISTED": (600, "`_LONGEST_CLAUSE` in `messages/paths.py`"),
    "forensics.formats.spec_kit.tasks._NOT_DONE": (400, "`_TAIL` in `spec_kit/tasks.py`"),
    "forensics.formats.test_lines._DEFINED": (500, "`_LIMIT` in `test_lines.py`"),
    "forensics.formats.test_lines._EXACT": (500, "`_LIMIT` in `test_lines.py`"),
    "forensics.formats.test_lines._WEAK": (500, "`_LIMIT` in `test_lines.py`"),
    "forensics.formats.transcripts.commit_calls._CAT": (20_000, "`_LIMIT` in `commit_calls.py`"),
    "forensics.formats.transcripts.commit_calls._STDIN": (20_000, "`_LIMIT` in `commit_calls.py`"),
    "forensics.formats.transcripts.shell_effects._FORMATTERS": (1_000, "`_CALL` in `shell_effects.py`"),
    "forensics.model.steps._RANGE": (100, "`_LONGEST` in `steps.py`"),
    "forensics.sources.work_tree._ENTRY": (
        1_000,
        "git writes an entry after the other, and each is found where it begins",
    ),
    "forensics.testing.pages._BLOCK": (5_000, "pages of rules, which are code"),
    "forensics.testing.words._TOKEN": (5_000, "case scripts, which are code"),
}
