"""The files of one plan, out of the work tree or out of a revision, with their digests."""

import hashlib
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from forensics.errors import NothingToExamine
from forensics.formats.dialect import Dialect
from forensics.formats.dialects import dialect_of
from forensics.model.prose import listing, quote
from forensics.model.source import Document, FileRef, Gap, Kind, Source
from forensics.sources.repository import Repository
from forensics.sources.special_files import regular_bytes

# Bytes, and files per plan: limits for hostile input, far above any plan or report.
MAX_BYTES = 1_000_000
MAX_FILES = 5_000
# Bytes of all files of one plan, for the same reason. The largest plans seen have 3 MB.
MAX_TOTAL = 100_000_000
_BEYOND = f"was not read: the plan's files together are over the limit of {MAX_TOTAL} bytes."


class SeveralPlans(NothingToExamine):
    """The named folder holds several plans and is not a plan itself."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A plan's folder as read: its dialect, the documents to parse, every source seen, and what is missing."""

    dialect: Dialect
    documents: tuple[Document, ...]
    sources: tuple[Source, ...]
    gaps: tuple[Gap, ...]


def read_folder(repository: Repository, path: str, revision: str | None) -> Folder:
    """Read a plan folder, and the documents outside it that its reports name as their plan.

    `path` is relative to the repository. Only `.md` files are read; symbolic links are not followed.
    """
    gaps: list[Gap] = []
    raw = _raw(repository, path, revision, gaps)
    dialect = dialect_of(raw, "" if path in {"", "."} else path)
    raw = _without_nested_plans(raw, path, dialect, gaps)
    documents: list[Document] = []
    sources: list[Source] = []
    for name, content in sorted(raw.items()):
        kind = dialect.kind_of(_inside(name, path))
        sources.append(_source(len(sources), kind, name, content, revision))
        if kind is not Kind.OTHER:
            documents.append(Document(sources[-1], _decoded(content, name, gaps)))
    for name, content in _named_elsewhere(repository, dialect, documents, revision, gaps).items():
        sources.append(_source(len(sources), Kind.PLAN, name, content, revision))
        documents.append(Document(sources[-1], _decoded(content, name, gaps)))
    return Folder(dialect, tuple(documents), tuple(sources), tuple(gaps))


def read_below(repository: Repository, path: str, revision: str | None, dialect: Dialect) -> tuple[Document, ...]:
    """Read every report of a dialect in and below a folder, whatever plan it belongs to; unreadable files are skipped."""
    found: list[Document] = []
    for name, content in sorted(_raw(repository, path, revision, []).items()):
        if dialect.sniff(name) and dialect.kind_of(name) is Kind.REPORT:
            found.append(
                Document(_source(len(found), Kind.REPORT, name, content, revision), _decoded(content, name, []))
            )
    return tuple(found)


def classify(path: str) -> Kind:
    """Classify a path inside a plan folder, or in the repository, by the dialect that its name belongs to."""
    return dialect_of([path]).kind_of(path)


def _inside(name: str, path: str) -> str:
    return name[len(path) :].strip("/") if path not in {"", "."} else name


def _source(number: int, kind: Kind, name: str, content: bytes, revision: str | None) -> Source:
    return Source(f"S{number + 1}", kind, name, hashlib.sha256(content).hexdigest(), len(content), revision)


def _raw(repository: Repository, path: str, revision: str | None, gaps: list[Gap]) -> dict[str, bytes]:
    return _from_revision(repository, path, revision, gaps) if revision else _from_work_tree(repository, path, gaps)


def _named_elsewhere(
    repository: Repository, dialect: Dialect, documents: Sequence[Document], revision: str | None, gaps: list[Gap]
) -> dict[str, bytes]:
    """Read the plan documents that reports name; a path of another machine is found by its tail."""
    found: dict[str, bytes] = {}
    for document in documents:
        for written in dialect.plans_named(document):
            parts = PurePosixPath(written.replace("\\", "/").replace("//", "/")).parts
            tails = [
                "/".join(parts[start:]) for start in range(len(parts)) if ".." not in parts and parts[start] != "/"
            ]
            read = next(
                (found_here for tail in tails[:-1] or tails if (found_here := _document(repository, tail, revision))),
                None,
            )
            if read:
                found |= read
            else:
                gaps.append(Gap(f"The plan {quote(written)} is missing.", FileRef(document.source.path)))
    return found


def _document(repository: Repository, name: str, revision: str | None) -> dict[str, bytes]:
    """Read one document by its path, like a folder; empty if there is none."""
    if revision:
        return {path: text for path, text in _from_revision(repository, name, revision, []).items() if path == name}
    found: dict[str, bytes] = {}
    root = repository.root
    linked = root is None or any(
        (root / parent).is_symlink() for parent in (name, *map(str, PurePosixPath(name).parents))
    )
    if root and not linked and (root / name).is_file():
        _read_file(root / name, name, found, [], MAX_TOTAL)
    return found


def _without_nested_plans(raw: dict[str, bytes], path: str, dialect: Dialect, gaps: list[Gap]) -> dict[str, bytes]:
    """Leave out folders below that are plans of their own, unless the named folder holds no plan itself."""
    here = "" if path in {"", "."} else path
    kinds = {name: dialect.kind_of(name) for name in raw}
    roots = {name: dialect.root_of(name) for name, kind in kinds.items() if kind is not Kind.OTHER}
    nested = sorted({root for root in roots.values() if root != here})
    own = {kinds[name] for name, root in roots.items() if root == here}
    if len(nested) > 1 and not own & {Kind.PLAN, Kind.STEP} and not (own and dialect.single):
        raise SeveralPlans(
            f"{quote(path)} holds several plans.", try_=f"Name one of them: {listing(map(quote, nested))}."
        )
    if here not in roots.values():
        return raw
    gaps += [_gap(root, "is a plan of its own and was left out.") for root in nested]
    return {name: content for name, content in raw.items() if not any(name.startswith(f"{root}/") for root in nested)}


def _from_work_tree(repository: Repository, path: str, gaps: list[Gap]) -> dict[str, bytes]:
    root = repository.root
    found: dict[str, bytes] = {}
    spent = 0
    if root is None:
        return found
    for folder, names, files in os.walk(root / path, followlinks=False):
        for name in names:
            if (Path(folder) / name).is_symlink():
                shown = (Path(folder) / name).relative_to(root).as_posix()
                gaps.append(_gap(shown, "is a symbolic link and was not followed."))
        names[:] = sorted(name for name in names if not name.startswith(".git"))
        for name in sorted(files):
            file = Path(folder) / name
            shown = file.relative_to(root).as_posix()
            if not name.endswith(".md"):
                continue
            if file.is_symlink():
                gaps.append(_gap(shown, "is a symbolic link and was not followed."))
            elif len(found) >= MAX_FILES:
                what = f"More than {MAX_FILES} files: {quote(shown)} and later ones were not read."
                gaps.append(Gap(what, FileRef(shown)))
                return found
            else:
                spent += _read_file(file, shown, found, gaps, MAX_TOTAL - spent)
    return found


def _read_file(file: Path, shown: str, found: dict[str, bytes], gaps: list[Gap], left: int) -> int:
    """Read a file into `found`, if it has no more than `left` bytes; return how many it has."""
    try:
        facts = file.lstat()
        if not stat.S_ISREG(facts.st_mode):
            gaps.append(_gap(shown, "is not a regular file and was not read."))
        elif facts.st_size > MAX_BYTES:
            gaps.append(_gap(shown, f"is over the limit of {MAX_BYTES} bytes; it was not read."))
        elif facts.st_size > left:
            gaps.append(_gap(shown, _BEYOND))
        else:
            found[shown] = regular_bytes(file, MAX_BYTES)
    except OSError as error:
        gaps.append(_gap(shown, f"could not be read: {error.strerror}."))
    return len(found.get(shown, b""))


def _from_revision(repository: Repository, path: str, revision: str, gaps: list[Gap]) -> dict[str, bytes]:
    entries = {
        name: blob
        for mode, blob, name in repository.tree(revision, path)
        if name.endswith(".md") and mode.startswith("100")
    }
    contents = repository.blobs(list(entries.values())[:MAX_FILES], MAX_BYTES, MAX_TOTAL)
    found: dict[str, bytes] = {}
    spent = 0
    for name, blob in entries.items():
        if blob not in contents:
            gaps.append(_gap(name, f"is missing, damaged or over the limit of {MAX_BYTES} bytes; it was not read."))
        elif spent + len(contents[blob]) > MAX_TOTAL:
            gaps.append(_gap(name, _BEYOND))
        else:
            spent += len(contents[blob])
            found[name] = contents[blob]
    return found


def _gap(name: str, what: str) -> Gap:
    return Gap(f"{quote(name)} {what}", FileRef(name))


def _decoded(content: bytes, name: str, gaps: list[Gap]) -> str:
    """Decode a text: UTF-8, or UTF-16 with a byte order mark; bad bytes become U+FFFD and a Gap."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = content.decode("utf-16" if wide else "utf-8-sig", "replace")
    if "\ufffd" in text and (wide or b"\xef\xbf\xbd" not in content):
        gaps.append(_gap(name, "has bytes that are not UTF-8; they are shown as U+FFFD."))
    return text
