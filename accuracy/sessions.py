"""The page's sections on runs without a plan: final messages against their labels, and commits rebuilt from transcripts."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from accuracy.message_labels import read_message_labels
from accuracy.messages import figures
from accuracy.rebuilt import Figures, measured, summary
from accuracy.runs import clone_of
from accuracy.sets import NAMES

_MESSAGES = """## Final messages

Final messages of agents were drawn at random from sessions that public repositories keep in git, and every claim in them was
labelled by somebody who had never seen the tool. A claim that is *decided* has a verdict other than *not shown* and *not known*.
A *false accusation* says *not true*, *stale*, *left out* or *no such commit* where the label says otherwise."""
_REBUILT = """## Commits rebuilt from transcripts

Each commit that a session in git shows being made, and that the clone has, is hidden together with all that follows it, and rebuilt from
the session. A file is *right* if it comes out byte for byte. *Exact* and *probable* are what the tool says of it."""


def sections(clones: Path, labels: Path, sets: Mapping[str, str], only: str) -> str:
    """Return both sections as Markdown; what a repository's text says is not quoted."""
    names = [name for name in NAMES if only in ("", name)]
    return "\n".join((*_messages(clones, labels, sets, names), *_rebuilt(clones, sets, names)))


def _messages(clones: Path, labels: Path, sets: Mapping[str, str], names: list[str]) -> Iterator[str]:
    yield f"\n{_MESSAGES}\n"
    known = read_message_labels(labels)
    for name in names:
        wanted = [label for label in known if sets.get(label.repository) == name]
        lines = figures(wanted, clones, verbose=False) if wanted else ()
        shown = [line for line in lines if not line.startswith("  ") or ": seen " in line]
        yield f"### {name.capitalize()}: {len(wanted)} labels\n"
        yield from (f"- {line.strip()}" for line in shown)
        yield ""


def _rebuilt(clones: Path, sets: Mapping[str, str], names: list[str]) -> Iterator[str]:
    yield f"{_REBUILT}\n"
    for name in names:
        total = Figures()
        for repository in sorted(repository for repository, own in sets.items() if own == name):
            clone = clone_of(repository, clones)
            found = measured(clone, prove=True) if clone.is_dir() else Figures()
            total.files += found.files
            total.commits += found.commits
        yield f"### {name.capitalize()}\n"
        yield from (f"- {line.strip()}" for line in summary(total).splitlines() if line.strip())
        yield ""
