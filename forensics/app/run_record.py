"""Which record an analysis belongs to, and the appending to it; docs/adr/0006 says who may name the place."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from forensics.app.analyze import Examined
from forensics.app.brought_links import refuse_to_write
from forensics.errors import UsageError
from forensics.model.prose import quote
from forensics.model.record import Fact, State
from forensics.record.facts import recorded_runs
from forensics.render.cleaning import clean
from forensics.sources.links import link_inside
from forensics.sources.repository import Repository
from forensics.sources.stores import FolderStore, RemoteStore, Store

# Bytes. A larger pyproject.toml is not a configuration.
_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class RecordChoice:
    """The user's choice of a record: its place (a folder or a URL), or none."""

    place: str | None
    cwd: Path
    environment: Mapping[str, str]
    none: bool = False


def store_of(wish: RecordChoice, repository: Repository) -> tuple[Store | None, str]:
    """Return where the record lies (None: nowhere), and a warning about a place that was ignored, or "".

    The first that says so: --no-record, FORENSICS_NO_RECORD, --record, FORENSICS_RECORD, the project's own
    pyproject.toml, and the user's data folder. Raises UsageError for a URL after --record
    that cannot be opened.
    """
    if wish.none or (wish.place is None and wish.environment.get("FORENSICS_NO_RECORD", "0") not in {"", "0"}):
        return None, ""
    if wish.place:
        return _opened(wish.place, wish.cwd, repository), ""
    if named := wish.environment.get("FORENSICS_RECORD"):
        try:
            return _opened(named, wish.cwd, repository), ""
        except UsageError as error:  # it is set for every call, so it must not make this one fail
            return None, error.what
    place, warning = _of_project(wish.cwd, repository)
    return FolderStore(place or _data_folder()), warning


def append_to_record(store: Store, examined: Examined) -> str:
    """Append a run's facts to the record; return "" or why that failed: the analysis must not be lost with it."""
    for state, facts in facts_to_record(examined):
        if warning := append_facts(store, state, facts):
            return warning
    return ""


def facts_to_record(examined: Examined) -> tuple[tuple[State, tuple[Fact, ...]], ...]:
    """Return the examined runs' states, each with its facts, clean: without secrets and control characters."""
    return clean(recorded_runs(examined.case, examined.outcome.findings, examined.transcripts_read))


def append_facts(store: Store, state: State, facts: tuple[Fact, ...]) -> str:
    """Write facts; return "" or why that failed."""
    from forensics.sources.record_files import append

    try:
        append(store, state, facts)
    except (OSError, ValueError) as error:
        return f"The record was not written: {getattr(error, 'strerror', None) or error}. Try --record DIR, or --no-record."
    return ""


def _opened(named: str, cwd: Path, repository: Repository) -> Store:
    if "://" not in named:
        try:
            place = cwd / Path(named).expanduser()
        except RuntimeError:  # `~name` of an unknown user
            place = cwd / named
        refuse_to_write([place], cwd, repository)
        return FolderStore(place)
    try:
        return RemoteStore(named)
    except OSError as error:
        what = f"The record {quote(named)} cannot be opened: {quote(str(error))}."
        raise UsageError(what, try_="Try --record DIR, or --no-record.") from None


def _data_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("forensics", appauthor=False) / "record"


def _of_project(cwd: Path, repository: Repository) -> tuple[Path | None, str]:
    """Return the folder that the examined project names for its record, if the call is made in it; no link may lead there.

    An examined repository is hostile input: it may choose a folder of its own, and nothing else.
    """
    root = repository.root
    if root is None or not cwd.resolve().is_relative_to(root.resolve()):
        return None, ""
    wanted = _setting(root / "pyproject.toml")
    if wanted is None:
        return None, ""
    parts = PurePosixPath(wanted.replace("\\", "/")).parts
    place = (root / wanted).resolve() if "\0" not in wanted else root
    inside = place.is_relative_to(root.resolve()) and place != root.resolve()
    inside = inside and link_inside(root / wanted, (root,)) is None
    if "://" in wanted or not inside or {"..", ".git"} & {part.lower() for part in parts} or ".git" in place.parts:
        return None, f"Ignored record = {quote(wanted)} in pyproject.toml: not a folder inside this project."
    return place, ""


def _setting(file: Path) -> str | None:
    """Return `record` of `[tool.forensics]`; None where there is none, or the file cannot be read."""
    try:
        if file.is_symlink() or not file.is_file() or file.stat().st_size > _LIMIT:
            return None
        with file.open("rb") as stream:
            tool = tomllib.load(stream).get("tool", {})
    except (OSError, ValueError, RecursionError):
        return None
    own = tool.get("forensics", {}) if isinstance(tool, dict) else {}
    wanted = own.get("record") if isinstance(own, dict) else None
    return wanted if isinstance(wanted, str) and wanted.strip() else None
