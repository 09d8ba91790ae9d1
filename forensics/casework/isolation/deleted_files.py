"""Another step's new files that a landing deletes, though nothing in it says so and nothing in it takes their place."""

import posixpath
import re
from collections.abc import Collection, Iterable, Sequence

from forensics.casework.files import has_recurring_lines, is_document
from forensics.casework.isolation.lineage import Lineage
from forensics.model.history import Commit

# Names of code; shorter words are keywords and the like, which any two files share.
_WORD = re.compile(r"\w{5,}")
# A message writes `QueueStore.kt` and `queue_store.py` as "queue store".
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
# A rewrite in another file keeps the names of what it replaces. Two unrelated files share some words of the language.
_REWRITTEN = 1 / 3


def files_deleted_silently(
    lineage: Lineage, by: Commit, own: Sequence[Commit], works: Collection[Commit]
) -> frozenset[str]:
    """Return the files that `works` created and `by`, whose pull request has the commits `own`, deletes without a word.

    Documents and data are left out: notes and generated files come and go with every step.
    """
    landing = (by, *own)
    gone = {change.path for change in by.changes or () if change.status == "D"}
    created = {change.path for work in works for change in work.changes or () if change.status == "A"} & gone
    files = {path for path in created if not has_recurring_lines(path) and not is_document(path)}
    if not files or _names(lineage, landing, works, files):
        return frozenset()
    kept = {_stem(path) for commit in landing for path in commit.paths() - gone}
    added = words_of(
        line.text for commit in landing for lines in lineage.patch(commit.sha).added.values() for line in lines
    )
    return frozenset(
        path
        for path in files
        if _stem(path) not in kept  # moved to another folder, or written in another language
        and not is_rewritten(words_of(line.text for line in lineage.patch(by.sha).removed.get(path, ())), added)
    )


def _names(lineage: Lineage, landing: Collection[Commit], works: Collection[Commit], files: Collection[str]) -> bool:
    """Return whether a landing's messages name the work: its ticket, its commit, its pull request or one of its files."""
    message = "\n".join(f"{commit.subject}\n{commit.body}" for commit in landing)
    said = _parts(message)
    names = [owner for work in works for owner in lineage.owners[work.sha]]
    names += [str(pull.number) for work in works for pull in lineage.pulls_with(work.sha)]
    names += [_stem(path) for path in files]
    return any(_parts(name) <= said for name in names) or any(work.sha[:7] in message for work in works)


def _parts(name: str) -> frozenset[str]:
    return frozenset(part.lower() for part in _PART.findall(name))


def is_rewritten(gone: frozenset[str], added: frozenset[str]) -> bool:
    """Return whether enough of the words that are gone from one file are in what was added to say that it was rewritten."""
    return len(gone & added) >= _REWRITTEN * len(gone)


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """Return the words of code in these lines."""
    return frozenset(word for text in texts for word in _WORD.findall(text))


def _stem(path: str) -> str:
    """Return a file's name without its last ending."""
    return posixpath.splitext(posixpath.basename(path))[0]
