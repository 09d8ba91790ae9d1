"""The files of one plan, out of the work tree or out of a revision, with their digests."""

import hashlib
import os
import stat
from pathlib import Path

from forensics.errors import NothingToExamine
from forensics.formats.plans.step_files import kind_of
from forensics.formats.reports.step_reports import is_report
from forensics.model.prose import listing, quote
from forensics.model.source import Document, Gap, Kind, Ref, Source
from forensics.sources.repository import Repository

MAX_BYTES = 1_000_000
MAX_FILES = 5_000


def read_folder(
    repository: Repository, path: str, revision: str | None
) -> tuple[tuple[Document, ...], tuple[Source, ...], tuple[Gap, ...]]:
    """Read a plan folder: the documents to parse, every source seen, and what could not be read.

    `path` is relative to the repository. Only `.md` files are read; symbolic links are not followed.
    """
    gaps: list[Gap] = []
    raw = _from_revision(repository, path, revision, gaps) if revision else _from_work_tree(repository, path, gaps)
    raw = _without_nested_plans(raw, path, gaps)
    documents: list[Document] = []
    sources: list[Source] = []
    for name, content in sorted(raw.items()):
        kind = classify(name[len(path) :].strip("/") if path not in {"", "."} else name)
        source = Source(f"S{len(sources) + 1}", kind, name, hashlib.sha256(content).hexdigest(), len(content), revision)
        sources.append(source)
        if kind is Kind.OTHER:
            continue
        text = _decoded(content, name, gaps)
        documents.append(Document(source, text))
    return tuple(documents), tuple(sources), tuple(gaps)


def classify(path: str) -> Kind:
    """Class a path inside a plan folder."""
    return Kind.REPORT if is_report(path) else kind_of(path)


def _without_nested_plans(raw: dict[str, bytes], path: str, gaps: list[Gap]) -> dict[str, bytes]:
    """Leave out folders below that are plans of their own, unless the named folder holds nothing itself."""
    roots = {name: _plan_root(name) for name in raw if classify(name) is not Kind.OTHER}
    here = "" if path in {"", "."} else path
    nested = sorted({root for root in roots.values() if root != here})
    own = {classify(name) for name, root in roots.items() if root == here}
    if len(nested) > 1 and not own & {Kind.PLAN, Kind.STEP}:
        raise NothingToExamine(
            f"{quote(path)} holds several plans.", try_=f"Name one of them: {listing(map(quote, nested))}."
        )
    if here not in roots.values():
        return raw
    gaps += [Gap(f"{quote(root)} is a plan of its own and was left out.", Ref(root)) for root in nested]
    return {name: content for name, content in raw.items() if not any(name.startswith(f"{root}/") for root in nested)}


def _plan_root(name: str) -> str:
    """Return the plan folder a runbook, step or report belongs to."""
    parts = name.split("/")[:-1]
    for mark in ("steps", "reports"):
        if mark in parts:
            return "/".join(parts[: parts.index(mark)])
    return "/".join(parts)


def _from_work_tree(repository: Repository, path: str, gaps: list[Gap]) -> dict[str, bytes]:
    root = repository.root
    found: dict[str, bytes] = {}
    if root is None:
        return found
    for folder, names, files in os.walk(root / path, followlinks=False):
        for name in names:
            if (Path(folder) / name).is_symlink():
                shown = (Path(folder) / name).relative_to(root).as_posix()
                gaps.append(Gap(f"{quote(shown)} is a symbolic link and was not followed.", Ref(shown)))
        names[:] = sorted(name for name in names if not name.startswith(".git"))
        for name in sorted(files):
            file = Path(folder) / name
            shown = file.relative_to(root).as_posix()
            if not name.endswith(".md"):
                continue
            if file.is_symlink():
                gaps.append(Gap(f"{quote(shown)} is a symbolic link and was not followed.", Ref(shown)))
            elif len(found) >= MAX_FILES:
                gaps.append(
                    Gap(
                        f"More than {MAX_FILES} files: {quote(shown)} and later ones were not read.",
                        Ref(shown),
                    )
                )
                return found
            else:
                _read_file(file, shown, found, gaps)
    return found


def _read_file(file: Path, shown: str, found: dict[str, bytes], gaps: list[Gap]) -> None:
    try:
        facts = file.lstat()
        if not stat.S_ISREG(facts.st_mode):
            gaps.append(Gap(f"{quote(shown)} is no regular file and was not read.", Ref(shown)))
        elif facts.st_size > MAX_BYTES:
            gaps.append(Gap(f"{quote(shown)} is over the limit of {MAX_BYTES} bytes; it was not read.", Ref(shown)))
        else:
            found[shown] = file.read_bytes()
    except OSError as error:
        gaps.append(Gap(f"{quote(shown)} could not be read: {error.strerror}.", Ref(shown)))


def _from_revision(repository: Repository, path: str, revision: str, gaps: list[Gap]) -> dict[str, bytes]:
    entries = {
        name: blob
        for mode, blob, name in repository.tree(revision, path)
        if name.endswith(".md") and mode.startswith("100")
    }
    contents = repository.blobs(list(entries.values())[:MAX_FILES], MAX_BYTES)
    found: dict[str, bytes] = {}
    for name, blob in entries.items():
        if blob in contents:
            found[name] = contents[blob]
        else:
            gaps.append(
                Gap(f"{quote(name)} is missing or over the limit of {MAX_BYTES} bytes; it was not read.", Ref(name))
            )
    return found


def _decoded(content: bytes, name: str, gaps: list[Gap]) -> str:
    """Decode a text: UTF-8 with or without a mark, UTF-16 with one; bad bytes become U+FFFD and a Gap."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = content.decode("utf-16" if wide else "utf-8-sig", "replace")
    if "\ufffd" in text and (wide or b"\xef\xbf\xbd" not in content):
        gaps.append(Gap(f"{quote(name)} has bytes that are no text; they are shown as U+FFFD.", Ref(name)))
    return text
