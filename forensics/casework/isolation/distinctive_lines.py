"""The added lines that identify a commit: two people hardly ever write them alike."""

import re
from collections.abc import Iterator

from forensics.casework.files import has_recurring_lines, is_bookkeeping
from forensics.model.patch import Patch

# Two steps that use one library write the same imports and decorators.
_IMPORT = re.compile(r"^(?:import|package|from|using|#include|require|use|@\w+|export \*)\b")
# Separators, `# TODO`, `- done` and the borders of tables recur; a whole sentence in a comment does not.
_COMMENT = re.compile(r"^(?://|#|/?\*|--|<!--|\"\"\"|- |> |\|)")
# Words, not characters: a border of a table is long and says nothing.
_WORD = re.compile(r"\w+")
# Five words are a sentence of somebody's own; fewer are a label that any file has.
_FEWEST_WORDS = 5
# Shorter lines are `return None`, `else:`, `});` and the like.
_SHORTEST = 12
# Eight letters or digits: a long line of brackets, dashes or quotes is punctuation, and identifies nothing either.
_LETTERS = re.compile(r"(?:[\W_]*+[^\W_]){8}")


def distinctive_lines(patch: Patch, plan: str) -> frozenset[tuple[str, str]]:
    """Return the added lines of a patch that identify it, as (path, line); lines that it only moved are excluded.

    `plan` is the plan's folder: its files are about the work, and not the work.
    """
    return frozenset(_distinctive(patch, plan))


def _distinctive(patch: Patch, plan: str) -> Iterator[tuple[str, str]]:
    removed = {line.text.strip() for lines in patch.removed.values() for line in lines}
    for path, lines in patch.added.items():
        if has_recurring_lines(path) or (plan not in {"", "."} and is_bookkeeping(path, plan)):
            continue
        for text in {line.text.strip() for line in lines}:
            if text not in removed and _is_distinctive(text):
                yield path, text


def _is_distinctive(text: str) -> bool:
    if _IMPORT.match(text):
        return False
    if _COMMENT.match(text):
        return len(_WORD.findall(text)) >= _FEWEST_WORDS
    return len(text) >= _SHORTEST and _LETTERS.match(text) is not None
