"""What is refused because a repository's own link leads there: neither read nor written through, in any command."""

from collections.abc import Iterable
from pathlib import Path

from forensics.errors import UsageError
from forensics.model.prose import quote
from forensics.sources.links import link_inside, link_out
from forensics.sources.repository import Repository


def refuse_to_read(named: str, place: Path) -> None:
    """Refuse a place that a link leads to out of its repository; raises UsageError. `named` is what the user wrote."""
    if link := link_out(place):
        where = "is a symbolic link" if link.name == place.name else f"lies behind the symbolic link {quote(link.name)}"
        raise UsageError(
            f"{quote(named)} {where} that leads out of the repository. It was not followed.",
            try_="Use the real path, if you mean what is there.",
        )


def refuse_to_write(paths: Iterable[Path], cwd: Path, repository: Repository) -> None:
    """Refuse files that a link in the examined repository leads to; raises UsageError. The user's own links are followed."""
    roots = (*repository.work_trees(), repository.common_dir)
    for path in paths:
        if link := link_inside(cwd / path, roots):
            raise UsageError(
                f"{quote(str(path))} leads through {quote(link.name)}, a symbolic link in the examined repository. It was "
                f"not followed.",
                try_="Choose another file.",
            )
