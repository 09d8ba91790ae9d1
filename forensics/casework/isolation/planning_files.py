"""Files that say what is to be done: task lists, and briefs of tickets. Whoever files them does not do the ticket's work."""

import re
from collections.abc import Iterable

from forensics.casework.files import has_recurring_lines, is_document

# Where repositories keep briefs and task lists that agents of other tickets write too (`todo/tasks/t12-brief.md`).
_FOLDERS = frozenset({"todo", "todos", "task", "tasks", "tickets", "briefs", "backlog"})
# Task lists into which every agent files what it found on the way.
_LIST = re.compile(r"(?:^|/)(?:todos?|roadmap|backlog|tasks?|board|status|progress)\.(?:md|txt)$", re.IGNORECASE)


class PlanningFiles:
    """Which files are planning, given the tickets' ids."""

    def __init__(self, tickets: Iterable[str]) -> None:
        # a plan's step ids (`1.2`) are in versions and dates too; only ids with a letter name a file
        ids = "|".join(re.escape(ticket) for ticket in sorted(tickets) if any(map(str.isalpha, ticket)))
        self._named = re.compile(rf"(?<![a-z0-9])(?:{ids})(?![a-z0-9])", re.IGNORECASE) if ids else None

    def holds(self, path: str) -> bool:
        """Return whether a file is planning: a document named after a ticket, or in a folder of briefs, or a task list."""
        if not is_document(path):
            return False
        folders = path.lower().split("/")[:-1]
        named = self._named is not None and self._named.search(path) is not None
        return named or not _FOLDERS.isdisjoint(folders) or _LIST.search(path) is not None

    def are_all_of(self, paths: Iterable[str]) -> bool:
        """Return whether a change is planning alone; data that is generated beside it (a task list's state) counts with it."""
        found = tuple(paths)
        return any(map(self.holds, found)) and all(self.holds(path) or has_recurring_lines(path) for path in found)
