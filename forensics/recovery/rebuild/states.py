"""A file's content at one moment, replayed from what tool calls show of it; an edit applies exactly or leaves a gap."""

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from forensics.formats.transcripts.apply_patches import patched
from forensics.formats.transcripts.shell_effects import Does, Effect
from forensics.model.file_acts import FileAct, FileEdited, FilePatched, FileSet, FileShown, FileUnclear, Replacement
from forensics.model.rebuilt import FileState, Sureness
from forensics.model.source import TranscriptRef
from forensics.recovery.rebuild.trees import REDACTED

# A longer line may have been cut when the file was shown.
_LONGEST_LINE = 2_000
_UNSHOWN = "no tool call shows its content"
# A patch was applied to a file that the session never showed: a person may have changed the file before. What git counts in
# the whole commit would then be more (`proofs.checked`).
UNSEEN = "the session never shows the whole file, so it may have had uncommitted changes"
# `mv a b`, `mv b c`, …: a longer chain is not worth following.
_DEEPEST = 8
_TOO_LONG = "it was moved or copied too many times"


@dataclass(frozen=True, slots=True)
class ShellEffect:
    """What a shell command did, and when; a path is inside the tree, empty for any file."""

    moment: datetime
    ref: TranscriptRef
    effect: Effect
    failed: bool = False


Entry = FileAct | ShellEffect


@dataclass(frozen=True, slots=True)
class Base:
    """What git has: the content of files in the commit that HEAD was at from `moment` on; None for a file that does not exist.

    `doubt` is prose, empty if the transcript itself shows that HEAD was there; `changed` are the files that this commit
    changed, so that they were as git has them when it was made, whatever a hook had done to them; `made` is when that was,
    None if it was at `moment`.
    """

    moment: datetime
    contents: Mapping[str, str | None]
    doubt: str = ""
    changed: frozenset[str] = frozenset()
    made: datetime | None = None


class Timeline:
    """All entries of one work tree, by path, in order of time."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._by_path: dict[str, list[Entry]] = {}
        self._anywhere: list[ShellEffect] = []
        for entry in sorted(entries, key=lambda entry: entry.moment):
            for path in _paths(entry):
                self._by_path.setdefault(path, []).append(entry)
            if isinstance(entry, ShellEffect) and not entry.effect.path:
                self._anywhere.append(entry)

    def touched(self, since: datetime | None, until: datetime) -> set[str]:
        """Return the paths that something was done to in a time, reading aside."""
        return {
            path
            for path, entries in self._by_path.items()
            for entry in entries
            if not isinstance(entry, FileShown) and (since is None or entry.moment > since) and entry.moment <= until
        }

    def state(self, path: str, until: datetime, base: Base, *, ahead: bool = True, doubt: str = "") -> FileState:
        """Return a file's content at a moment; what happens to it at that very moment counts.

        With `ahead`, the next look at the file settles doubts about it: not for work that was thrown away at that moment.
        `doubt` is why something may have changed it then, empty if nothing did.
        """
        replay = _Replay(self, path, base)
        later: list[Entry] = []
        for entry in self._entries(path):
            if entry.moment <= until:
                replay.take(entry)
            else:
                later.append(entry)
        replay.at(until)
        if doubt:
            replay.doubt(doubt)
        return replay.confirmed(later if ahead else ())

    def before(self, path: str, entry: Entry, base: Base, known: "_Known") -> FileState:
        """Return a file's content just before an entry; what `known` has of the same base is not replayed again."""
        key = (path, id(entry))
        if key not in known.states:
            known.states[key] = self._before(path, entry, base, replace(known, depth=known.depth + 1))
        return known.states[key]

    def _before(self, path: str, entry: Entry, base: Base, known: "_Known") -> FileState:
        if known.depth > _DEEPEST:
            return FileState(None, Sureness.GAP, _TOO_LONG)
        replay = _Replay(self, path, base, known)
        # Entries of one command have one time: what comes before is what is listed before.
        for earlier in self._entries(path):
            if earlier is entry or earlier.moment > entry.moment:
                break
            replay.take(earlier)
        replay.at(entry.moment)
        return replay.confirmed(())

    def _entries(self, path: str) -> list[Entry]:
        own = self._by_path.get(path, [])
        # A script counts only for files that it names, because most that agents run only read something.
        name = posixpath.basename(path)
        shared = [
            entry for entry in self._anywhere if not entry.effect.text or (name in entry.effect.text and len(name) > 2)
        ]
        return sorted([*own, *shared], key=lambda entry: entry.moment)


def _paths(entry: Entry) -> tuple[str, ...]:
    if isinstance(entry, FilePatched) and entry.to:
        return entry.path, entry.to
    if not isinstance(entry, ShellEffect):
        return (entry.path,)
    return tuple(path for path in (entry.effect.path, entry.effect.to) if path)


@dataclass(frozen=True, slots=True)
class _Known:
    """States before entries, by path and the entry's identity, and how many moves lead to the file that is replayed.

    An agent that tries mutations copies a file to its backup and back dozens of times: replaying the source of each copy again
    takes exponential time.
    """

    states: dict[tuple[str, int], FileState]
    depth: int = 0


class _Replay:
    """One file's content while the entries pass by; `known` with `text` None: the file does not exist."""

    def __init__(self, timeline: Timeline, path: str, base: Base, states: _Known | None = None) -> None:
        self.timeline, self.path, self.base, self.states = timeline, path, base, states or _Known({})
        self.moment = base.moment
        self.known = False
        self.text: str | None = None
        self.doubts: list[str] = []
        self.gap = _UNSHOWN
        self.ref: TranscriptRef | None = None
        self.doubted: datetime | None = None
        self.stashed: tuple[bool, str | None, list[str]] | None = None
        self.before_base = path in base.changed and not base.doubt
        self.written: datetime | None = None
        self.left = ""

    def take(self, entry: Entry) -> None:
        """Apply one entry."""
        self.at(entry.moment)
        self.moment = entry.moment
        self.ref = entry.ref
        if isinstance(entry, FileSet | FileEdited | FilePatched):
            self.written = entry.moment
        match entry:
            case FileSet(text=text):
                self._set(text)
            case FileEdited():
                self._edit(entry)
            case FilePatched():
                self._patch(entry)
            case FileShown():
                self._show(entry)
            case FileUnclear(why=why):
                self._lose(why)
            case ShellEffect(effect=effect):
                self._effect(effect, entry)

    def at(self, moment: datetime) -> None:
        """Fall back to what git has, once HEAD is there and nothing else is known."""
        if moment <= self.base.moment:
            return
        if self.before_base:
            self.before_base = False
            if self.path in self.base.contents and not self._written_since():
                self._set(self.base.contents[self.path])
                self.doubts = [self.left] if self.left else []
        if not self.known and self.path in self.base.contents and not self._lost:
            self._fall_back()

    def _written_since(self) -> bool:
        """Return whether the file was written after the base was made, before the session shows HEAD there."""
        return bool(self.base.made and self.written and self.base.made < self.written <= self.base.moment)

    def _fall_back(self) -> None:
        """Take what git has: sure only once the session shows the file, because the work tree may have been dirty."""
        self.text, self.known = self.base.contents[self.path], True
        self.doubts = [each for each in (self.base.doubt, self.left) if each] or [UNSEEN]

    @property
    def _lost(self) -> bool:
        """Return whether something changed the file in a way that is not shown."""
        return self.gap != _UNSHOWN

    def _set(self, text: str | None) -> None:
        self.text, self.known, self.doubts = text, True, []
        self.gap = _UNSHOWN
        if text is not None and REDACTED in text:
            self._redacted()

    def _redacted(self) -> None:
        """Give up a file of a transcript that is kept in git, where tools redact; elsewhere the word is just doubtful."""
        why = "its transcript has REDACTED where the file may have something else"
        if self.ref is not None and self.ref.path.startswith("refs/"):
            self._lose(why)
        else:
            self.doubt(why)

    def _lose(self, why: str) -> None:
        self.text, self.known, self.gap, self.doubts = None, False, why, []

    def doubt(self, why: str) -> None:
        """Note that something may have changed the file."""
        if self.known and why not in self.doubts:
            self.doubts.append(why)
        self.doubted = self.moment

    def _edit(self, edit: FileEdited) -> None:
        if edit.before is not None and not (self.known and self.text is not None and _agree(self.text, edit.before)):
            self._set(edit.before)
        elif edit.before is not None:
            self._settle(edit.before)
        if not self.known and not self._is_uncommitted(edit):
            return
        text: str | None = self.text or ""
        for change in edit.replacements:
            text = replaced(text, change) if text is not None else None
        if text is None:
            self._lose("the text that an edit replaces is not in it")
        else:
            self.text, self.gap = text, _UNSHOWN
            if not all(change.old for change in edit.replacements):  # the tool makes a file only where there is none
                self.doubts = []
            if any(REDACTED in change.new for change in edit.replacements):
                self._redacted()

    def _patch(self, patch: FilePatched) -> None:
        """Apply a patch; one that also moves the file is applied where the file goes to."""
        if patch.to and patch.path == self.path:
            self._set(None)
            return
        if patch.path != self.path:
            source = self.timeline.before(patch.path, patch, self.base, self.states)
            self._take_over(source, patch.path)
        if not self.known or self.text is None:
            return
        text = patched(self.text, patch.hunks)
        if text is None:
            self._lose("a patch does not fit it")
        else:
            self.text, self.gap = text, _UNSHOWN
            if any(REDACTED in line for hunk in patch.hunks for line in hunk.new):
                self._redacted()

    def _is_uncommitted(self, edit: FileEdited) -> bool:
        """Return whether an edit from before the base was made is not in the base, and start from the base if so.

        Of two agents in one work tree, one commits while the other has edited another file already.
        """
        text = self.base.contents[self.path] if self.path in self.base.contents and not self._lost else None
        if text is None or not all(change.old in text and change.new not in text for change in edit.replacements):
            return False
        self._fall_back()
        return True

    def _show(self, shown: FileShown) -> None:
        if shown.whole:
            if not (self.known and self.text is not None and _agree(self.text, shown.text)):
                self._set(shown.text)
            else:
                self._settle(shown.text)
        elif self.known and self.text is not None and not _holds(self.text, shown):
            self._lose("it was changed in a way that the transcript does not show")

    def _settle(self, shown: str) -> None:
        """Drop the doubts about a file that was shown as it is here; redacted words may hide what a formatter did to them."""
        self.doubts = [why for why in self.doubts if why != UNSEEN] if REDACTED in shown else []

    def _effect(self, effect: Effect, entry: ShellEffect) -> None:
        match effect.does:
            case Does.SETS if effect.path == self.path:
                self._set(effect.text)
            case Does.APPENDS if self.known:
                self.text = (self.text or "") + effect.text
            case Does.REMOVES:
                self._set(None)
            case Does.MOVES | Does.COPIES:
                self._move(effect, entry)
            case Does.CHANGES:
                self._lose(effect.why)
            case Does.MAY_CHANGE:
                self.doubt(effect.why)
            case Does.RESTORES | Does.LEAVES:
                self._leave(effect, entry)
            case Does.STASHES:
                self.stashed = (self.known, self.text, self.doubts)
                self.text, self.known, self.gap = None, False, _UNSHOWN
            case Does.UNSTASHES if self.stashed:
                self.known, self.text, self.doubts = self.stashed
                self.doubt(f"{effect.why} brought it back")
                self.stashed = None
        if entry.failed and effect.does not in {Does.LEAVES, Does.RESTORES}:
            self.doubt("a command that wrote it failed")

    def _leave(self, effect: Effect, entry: ShellEffect) -> None:
        """Forget the content when a command puts the file, or the whole tree, back to what a commit has.

        That is the base only if HEAD came there by this command. `git rebase` and `git merge` after it bring what others did,
        and one that stops at a conflict leaves half of that in the tree.
        """
        self.text, self.known, self.gap, self.doubts = None, False, _UNSHOWN, []
        if effect.does is Does.LEAVES and entry.moment <= self.base.moment:
            self.left = ""
        if entry.failed or (effect.does is Does.LEAVES and entry.moment > self.base.moment):
            self.left = f"{effect.why} may have left it otherwise than git has it"

    def _take_over(self, source: FileState, path: str) -> None:
        """Take the content of the file that was moved or copied here."""
        if source.sureness is Sureness.GAP:
            self._lose(f"it was moved from {path}, whose content is not known")
        else:
            self._set(source.text)
            self.doubts = [source.why] if source.why else []

    def _move(self, effect: Effect, entry: ShellEffect) -> None:
        if effect.to == self.path:
            source = self.timeline.before(effect.path, entry, self.base, self.states)
            self._take_over(source, effect.path)
        elif effect.does is Does.MOVES and effect.path == self.path:
            self._set(None)

    def confirmed(self, later: Sequence[Entry]) -> FileState:
        """Return the state, with what the next look at the file says about it."""
        if not self.known:
            return FileState(None, Sureness.GAP, self.gap, self.ref)
        after = _next_look(later)
        if self.doubts and self.text is not None and after is not None and REDACTED not in after:
            if after == self.text:
                self.doubts = []
            else:
                self.text = after
                self.doubt("it is as the agent next saw it")
        why = "; ".join(dict.fromkeys(self.doubts))
        return FileState(self.text, Sureness.PROBABLE if why else Sureness.EXACT, why, self.ref, self.doubted)


def _next_look(later: Sequence[Entry]) -> str | None:
    """Return the file as a whole when a tool next saw it, None if something else happened first."""
    # What happens first decides: after another write, a look says nothing about the state before it.
    for entry in later:
        match entry:
            case FileEdited(before=str(before)):
                return before
            case FileShown(whole=True, text=text):
                return text
            case FileShown():
                continue
            case _:
                return None
    return None


def replaced(text: str, change: Replacement) -> str | None:
    """Return a text after an edit, None if the old text is not in it."""
    old, new = change.old, change.new
    if not old:
        return new if not text else None
    # The tool takes the line end away with a line that is replaced by nothing.
    if not new and not old.endswith("\n") and f"{old}\n" in text:
        old = f"{old}\n"
    if old not in text:
        return None
    return text.replace(old, new) if change.everywhere else text.replace(old, new, 1)


def _agree(text: str, shown: str) -> bool:
    """Return whether a shown text is this one, words that were redacted aside."""
    if text == shown:
        return True
    if REDACTED not in shown:
        return False
    # Part by part, each at the first place it fits: an expression with many gaps could take for ever.
    parts = shown.split(REDACTED)
    if not text.startswith(parts[0]):
        return False
    place = len(parts[0])
    for part in parts[1:]:
        found = text.find(part, place) if part else _word_end(text, place)
        if found < 0 or any(letter.isspace() for letter in text[place:found]):
            return False
        place = found + len(part)
    return place == len(text)


def _word_end(text: str, place: int) -> int:
    """Return where the word at a place ends: what was redacted has no spaces."""
    while place < len(text) and not text[place].isspace():
        place += 1
    return place


def _holds(text: str, shown: FileShown) -> bool:
    """Return whether some shown lines are those of the text; cut and redacted lines are not compared."""
    lines = text.split("\n")
    for number, line in enumerate(shown.text.removesuffix("\n").split("\n"), shown.start - 1):
        if len(line) >= _LONGEST_LINE or REDACTED in line:
            continue
        if number >= len(lines) or lines[number].rstrip("\r") != line.rstrip("\r"):
            return False
    return True
