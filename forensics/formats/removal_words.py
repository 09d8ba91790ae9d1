"""Words with which a commit's message says that it takes lines out: then it is a decision, and no accident."""

from forensics.formats.pattern_rows import Row, compiled

# Stems of words by which lines are taken out on purpose. Not *fix*, *update* or *improve*: commits that lose others'
# lines by accident have such subjects.
ROWS = (
    Row("remov", "Remove the beta settings", "a ticket that ends an experiment"),
    Row("revert", "Revert the queue", "a revert without the hash"),
    Row("delet", "Delete the old reader", "clean-ups"),
    Row(r"\bdrop", "Drop the second cache", "clean-ups"),
    Row("replac", "Replace the parser", "rewrites"),
    Row("re-?writ", "Rewrite the reader in Go", "rewrites"),
    Row("refactor", "Refactor the engine", "rewrites"),
    Row("re-?work", "Rework the menu", "rewrites"),
    Row("re-?design", "Redesign the cover page", "rewrites"),
    Row("re-?name", "Rename the store", "moves whose lines change too"),
    Row(r"\bmov(?:e|ing)", "Move the tests", "moves whose lines change too"),
    Row("migrat", "Migrate settings to Compose", "moves to another library"),
    Row("convert", "Convert to TypeScript", "moves to another language"),
    Row("consolidat", "Consolidate the two clients", "two things become one"),
    Row("simplif", "Simplify the loop", "clean-ups"),
    Row(r"\bclean", "Clean up flags", "clean-ups"),
    Row("dedup", "Deduplicate helpers", "clean-ups"),
    Row(r"\bextract", "Extract the client", "moves whose lines change too"),
    Row(r"\bsplit", "Split the module", "moves whose lines change too"),
    Row(r"\bswitch(?:es|ed|ing)? ", "Switch to the new client", "replacements"),
    Row(r"\bswap", "Swap the font", "replacements"),
    Row(r"\binstead of", "Use a set instead of a list", "replacements"),
    Row(r"\bsuperse", "Superseded by the new flow", "replacements"),
    Row(r"\bdeprecat", "Deprecate the endpoint", "clean-ups"),
    Row(r"\bretir", "Retire the old job", "clean-ups"),
    Row(r"\bundo", "Undo the last change", "reverts in other words"),
    Row(r"\broll(?:s|ed|ing)? ?back", "Roll back the cache", "reverts in other words"),
    Row(r"\bbump", "Bump the version", "generated and vendored files"),
    Row(r"\bregenerat", "Regenerate fixtures", "generated files"),
    Row(r"\bunif(?:y|ied)", "Unify the checks", "two things become one"),
    Row(r"\btrim", "Trim the docs", "clean-ups"),
    Row(r"\bshorten", "Shorten the guide", "clean-ups"),
    Row(r"\btid(?:y|ies|ied)", "Tidy up old files", "clean-ups"),
    Row(r"\barchiv", "Archive the finished phases", "plan folders that are put away"),
    Row(r"\b(?:revamp|overhaul)", "Revamp the player", "rewrites"),
    Row(r"\brewrote", "Rewrote the theme", "rewrites"),
    Row(r"\b(?:reorgani[sz]|restructur)", "Reorganize layouts by feature", "moves whose lines change too"),
    Row(r"\b(?:untrack|uncommit|stop tracking)", "Stop tracking local settings", "files that stay on disk alone"),
    Row(r"\b(?:prun|purg)(?:e|ing)", "Prune old fixtures", "clean-ups"),
    Row(r"\bcompress", "Compress the prompt", "clean-ups"),
)
# Anywhere in subject or body: squashes say so in one of their bullets.
_MEANT = compiled(ROWS)


def means_to_remove(message: str) -> bool:
    """Return whether a message says that lines are taken out, replaced or moved."""
    return bool(_MEANT.search(message))
