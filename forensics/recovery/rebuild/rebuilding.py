"""Lost commits out of transcripts: which files of which base git is to be asked for, and the commits that come of it."""

import fnmatch
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from forensics.casework.isolation.lost_edits import LostEdits
from forensics.formats.transcripts.commit_calls import cleaned
from forensics.model.file_acts import Act
from forensics.model.history import Commit
from forensics.model.rebuilt import FileState, Numbers, RebuiltCommit, RebuiltFile, Sureness
from forensics.recovery.rebuild.bases import BasedCommit, Bases, based
from forensics.recovery.rebuild.commit_hooks import CommitHook, hook_of
from forensics.recovery.rebuild.discarded import discarded_edits
from forensics.recovery.rebuild.made_commits import MadeCommit, entries_of, made_commits
from forensics.recovery.rebuild.proofs import PrintedBlobs, printed_blobs, when_printed
from forensics.recovery.rebuild.states import Base, Timeline
from forensics.recovery.rebuild.trees import Trees, trees_of

# What git gives a file that nobody made executable.
_NEW_FILE = "100644"
# A link or a submodule that a transcript names is not made: it could lead anywhere.
_FILES = frozenset({"100644", "100755"})


@dataclass(frozen=True, slots=True)
class GitFile:
    """A file as git has it in a commit."""

    mode: str
    content: bytes


Contents = Mapping[str, Mapping[str, GitFile]]  # by the commit's full id, then by path


@dataclass(frozen=True, slots=True)
class Rebuilding:
    """The lost commits that a set of transcripts shows, before git was asked for the files they changed."""

    commits: tuple[BasedCommit, ...]
    timelines: Mapping[str, Timeline]
    printed: PrintedBlobs

    def asked(self) -> dict[str, set[str]]:
        """Return the paths to read from git, by the full id of the commit."""
        found: dict[str, set[str]] = {}
        for commit in self.commits:
            wanted = found.setdefault(commit.base.sha, set())
            for each in _chain(commit):
                wanted |= _candidates(each, self.timelines[each.root], commit.base.commit_time).all
            if isinstance(commit.amended, Commit):
                wanted |= commit.amended.paths()
        return found

    def rebuilt(self, contents: Contents) -> list[RebuiltCommit]:
        """Return the commits, with what git has of their bases."""
        found = [self._rebuilt(commit, contents.get(commit.base.sha, {})) for commit in self.commits]
        return [commit for commit in found if commit.files or not commit.discarded]

    def _rebuilt(self, commit: BasedCommit, contents: Mapping[str, GitFile]) -> RebuiltCommit:
        made, timeline = commit.made, self.timelines[commit.made.root]
        base = Base(
            commit.moment,
            _Texts(contents),
            commit.why and "its base is not certain",
            commit.base.paths(),
            commit.base.commit_time,
        )
        hook = hook_of(made.ran.output)
        found = _Files(commit, timeline, base, contents, hook, self.printed).chosen()
        printed = made.printed
        numbers = Numbers(printed.files, printed.added, printed.removed) if printed.files is not None else None
        lacking = max((numbers.files if numbers else 0) - _counted(found, printed.renamed), 0)
        message = made.call.message or cleaned(printed.subject)
        zone = commit.base.author_time.tzinfo
        return RebuiltCommit(
            made.sha, printed.subject, message, printed.author or made.call.author, made.moment.astimezone(zone),
            made.printed.branch or made.ran.branch, made.ran.ref, commit.base.sha, commit.why,
            tuple(each.sha for each in commit.on), tuple(found), lacking, numbers, made.call.amends, printed.date, made.ran.began,
            made.discarded,
        )  # fmt: skip


def lost_commits(
    acts: Sequence[Act], bases: Bases, known_paths: frozenset[str], lost: Sequence[LostEdits] = ()
) -> Rebuilding:
    """Return the commits that agents made and git does not have, nor under another id, and edits that were thrown away.

    `known_paths` are the paths that any commit has; they show where the repository lay on the machine of the transcripts.
    """
    trees = trees_of(acts, known_paths)
    made = made_commits(acts, trees)
    # What was amended lives on in the commit that came of it.
    amended = {each.head.sha[:7] for each in made if each.call.amends and each.head}
    wanted = [
        each
        for each in made
        if each.sha[:7] not in amended and bases.find(each.sha) is None and bases.twin(each) is None
    ]
    return rebuilding(acts, [*wanted, *discarded_edits(lost, acts, trees)], made, trees, bases)


def rebuilding(
    acts: Sequence[Act], wanted: Sequence[MadeCommit], made: Sequence[MadeCommit], trees: Trees, bases: Bases
) -> Rebuilding:
    """Return chosen commits with their bases and everything that happened in their trees."""
    roots = {each.root for each in (*made, *wanted)}
    timelines = {root: Timeline(entries) for root, entries in entries_of(acts, trees).items() if root in roots}
    timelines |= {root: Timeline(()) for root in roots - set(timelines)}
    return Rebuilding(tuple(based(wanted, made, bases)), timelines, printed_blobs(acts))


@dataclass(frozen=True, slots=True)
class _Candidates:
    """The paths that a commit names, and those that were touched and so may be in it."""

    named: frozenset[str]
    touched: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        return self.named | self.touched


def _candidates(made: MadeCommit, timeline: Timeline, since: datetime) -> _Candidates:
    """Return a commit's candidates: what it names, folders and patterns as the touched paths that they mean."""
    touched = timeline.touched(made.since or since, made.moment)
    ever = timeline.touched(None, made.moment)
    named = {path for word in made.call.paths for path in _meant(word, ever)}
    printed = made.printed
    named |= (
        {path for path, _ in printed.created}
        | set(printed.deleted)
        | {path for pair in printed.renamed for path in pair}
    )
    return _Candidates(frozenset(named | (touched if made.call.everything else set())), frozenset(touched))


def _meant(word: str, touched: Iterable[str]) -> Iterator[str]:
    """Yield what a path in `git add` means: itself, the touched files below it, or those that fit its pattern."""
    folder = f"{word.rstrip('/')}/"
    below = [path for path in touched if path.startswith(folder) or ("*" in word and fnmatch.fnmatch(path, word))]
    yield from below
    if not below and not word.endswith("/") and "*" not in word:
        yield word


def _chain(commit: BasedCommit) -> tuple[MadeCommit, ...]:
    """Return the lost commits from the base to this one, the one it amends included."""
    amended = (commit.amended,) if isinstance(commit.amended, MadeCommit) else ()
    return (*commit.on, *amended, commit.made)


def _counted(files: Sequence[RebuiltFile], renamed: Sequence[tuple[str, str]]) -> int:
    """Return the number of files as git counts them: a renamed one counts once."""
    paths = {file.path for file in files}
    return len(files) - sum(1 for old, new in renamed if old in paths and new in paths)


class _Texts(dict[str, str | None]):
    """What git has as text; a file that is not UTF-8 cannot be edited here."""

    def __init__(self, contents: Mapping[str, GitFile]) -> None:
        super().__init__()
        self._contents = contents

    def __contains__(self, path: object) -> bool:
        return path not in self._contents or _text(self._contents[str(path)].content) is not None

    def __missing__(self, path: str) -> str | None:
        return _text(self._contents[path].content) if path in self._contents else None


def _text(content: bytes) -> str | None:
    """Return a file as the tools show it, with plain line ends; None if it is not text."""
    try:
        # The tools read and write files with plain line ends, and put back those that the file had.
        return content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None


class _Files:
    """The files of one commit, by the states that its candidates had when it was made."""

    def __init__(
        self,
        commit: BasedCommit,
        timeline: Timeline,
        base: Base,
        contents: Mapping[str, GitFile],
        hook: CommitHook | None,
        printed: PrintedBlobs,
    ) -> None:
        self.printed = printed
        self.commit, self.timeline, self.base, self.contents, self.hook = commit, timeline, base, contents, hook
        self.before = {path: self._state(path, each) for each in commit.on for path in self._named(each)}

    def _named(self, made: MadeCommit) -> frozenset[str]:
        return _candidates(made, self.timeline, self.commit.base.commit_time).named

    def _state(self, path: str, made: MadeCommit) -> FileState:
        doubt = self.hook.doubt(path) if self.hook and made is self.commit.made else ""
        return self.timeline.state(path, made.moment, self.base, ahead=not made.discarded, doubt=doubt)

    def chosen(self) -> list[RebuiltFile]:
        """Return the files that the commit names and that differ from before; what it may also hold if the count says so."""
        made = self.commit.made
        candidates = _candidates(made, self.timeline, self.commit.base.commit_time)
        named = set(candidates.named)
        if isinstance(self.commit.amended, Commit):
            named |= self.commit.amended.paths()
        elif self.commit.amended is not None:
            named |= self._named(self.commit.amended)
        found = {path: list(self._changed(path)) for path in sorted(named)}
        files = [file for every in found.values() for file in every]
        lacking = (made.printed.files or 0) - _counted(files, made.printed.renamed)
        if lacking > 0 and not made.call.paths:
            more = [file for path in sorted(candidates.touched - named) for file in self._changed(path)]
            if len(more) == lacking:
                files += [_doubted(file, "no command shows it being staged, but the count fits") for file in more]
        elif lacking > 0:
            files += self._unshown([path for path, every in found.items() if not every], lacking)
        elif lacking < 0 and made.printed.files:
            known = [file for file in files if file.sureness is not Sureness.GAP]
            files = known if _counted(known, made.printed.renamed) == made.printed.files else files
        return sorted(files, key=lambda file: file.path)

    def _unshown(self, unchanged: Sequence[str], lacking: int) -> list[RebuiltFile]:
        """Return the named files of which no change is shown, if git counted as many: a generator may have written them."""
        if len(unchanged) > lacking:
            return []
        why = "the commit names it, but no tool call shows how it changed"
        return [RebuiltFile(path, Sureness.GAP, None, self._mode(path), why) for path in unchanged]

    def _changed(self, path: str) -> Iterator[RebuiltFile]:
        """Yield a file if the commit changed it, or may have."""
        made = self.commit.made
        if path in made.printed.deleted:
            yield RebuiltFile(path, Sureness.EXACT, None, _NEW_FILE, "git printed that it was deleted")
            return
        state = self._state(path, made)
        renamed = next((old for old, new in made.printed.renamed if new == path), None)
        if state.sureness is Sureness.GAP and renamed and renamed in self.contents:
            state = FileState(
                self.base.contents[renamed], Sureness.PROBABLE, f"git printed that it was renamed from {renamed}"
            )
        if state.sureness is Sureness.GAP:
            yield RebuiltFile(path, Sureness.GAP, None, self._mode(path), state.why, state.ref)
            return
        created = next((mode for each, mode in made.printed.created if each == path), None)
        if created is not None and (state.text is None or created not in _FILES):
            why = "no tool call shows its content" if created in _FILES else "it is a link"
            yield RebuiltFile(path, Sureness.GAP, None, _NEW_FILE, why, state.ref)
            return
        earlier = self.before.get(path)
        known_before = earlier.text if earlier and earlier.sureness is not Sureness.GAP else self.base.contents[path]
        if state.text == known_before:
            return
        file = RebuiltFile(path, state.sureness, self._bytes(path, state.text), self._mode(path), state.why, state.ref)
        yield self._proven(file, state.doubted)

    def _proven(self, file: RebuiltFile, doubted: datetime | None) -> RebuiltFile:
        """Return a file without the doubts that a printed id removes; what a hook does shows only after the commit."""
        if file.content is None:
            return file
        printed = when_printed(file.path, file.content, self.printed)
        if any(moment > self.commit.made.ran.moment for moment in printed):
            return replace(file, sureness=Sureness.EXACT, why="")
        after = any(doubted is None or moment > doubted for moment in printed)
        sure = replace(file, sureness=Sureness.EXACT, why="") if after else file
        why = self.hook.doubt(file.path) if self.hook else ""
        return _doubted(sure, why) if after and why and why in file.why else sure

    def _bytes(self, path: str, text: str | None) -> bytes | None:
        """Return a text as bytes, with the line ends that git has: the tools show plain ones."""
        if text is None:
            return None
        old = self.contents[path].content if path in self.contents else b""
        ends = text.replace("\n", "\r\n") if b"\r\n" in old and "\r\n" not in text else text
        return ends.encode("utf-8", "surrogatepass")

    def _mode(self, path: str) -> str:
        made = next((mode for created, mode in self.commit.made.printed.created if created == path), None)
        return made or (self.contents[path].mode if path in self.contents else _NEW_FILE)


def _doubted(file: RebuiltFile, why: str) -> RebuiltFile:
    sureness = Sureness.GAP if file.sureness is Sureness.GAP else Sureness.PROBABLE
    return replace(file, sureness=sureness, why="; ".join(filter(None, (file.why, why))))
