"""Paths that a message says were created, updated, renamed or deleted; a bare description is only a weak claim."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from forensics.formats.markdown import Line
from forensics.formats.messages.unclaimed import is_claimed
from forensics.formats.pattern_rows import Row, compiled

# Verbs as they say that the agent did it: perfect, or a mark beside the path. An imperative is as often a plan.
VERBS: tuple[tuple[str, tuple[Row, ...]], ...] = (
    (
        "created",
        (
            Row(r"created|wrote|generated|scaffolded|saved|logged", "Created `a.py`", "final messages"),
            Row(r"added(?! to)|new file|(?<=\()new(?=\))|(?<=\*)new(?=\*)|new(?= —| –| -)", "`a.py` (new)", "tables of files"),
        ),
    ),
    (
        "deleted",
        (Row(r"deleted|(?<=\()removed(?=\))|dropped", "Deleted `a.py`", "final messages"),),
    ),
    (
        "renamed",
        (Row(r"renamed|moved(?= (?:from|to|into|it)\b)", "Renamed from `a.py`", "final messages"),),
    ),
    (
        "updated",
        (
            Row(
                r"updated|modified|changed|edited|refactored|fixed|extended|replaced|rewrote|reworked|simplified|cleaned|"
                r"raised|registered|switched|removed|extracted|moved|hoisted|inlined|scrubbed|regenerated|resolved|patched|"
                r"bumped|wired|adjusted|migrated|converted|renumbered|zeroed|narrowed|applied|enforced|split|kept|took",
                "Updated `a.py`",
                "final messages",
            ),
        ),
    ),
)  # fmt: skip
_VERBS = tuple((name, compiled(rows, r"(?<![\w-])(?:I |I've |we )?", r"(?![\w-])")) for name, rows in VERBS)
# Headings and leads that make the items below them files that were changed.
HEADINGS = (
    Row(r"files? (?:\w+ )?(?:changed|modified|updated|touched|edited)", "Files changed", "final messages"),
    Row(r"(?:changes|what (?:I |was )?changed|modified files|changed files)", "What I changed:", "final messages"),
)
NEW_HEADINGS = (Row(r"(?:new files?|files? (?:\w+ )?(?:created|added)|created files?)", "New files", "final messages"),)
_UPDATED_BELOW = compiled(HEADINGS, r"\b", r"\b")
_CREATED_BELOW = compiled(NEW_HEADINGS, r"\b", r"\b")
# `I read the full modified files:`
_READ = re.compile(r"\b(?:read|reviewed|looked at|checked|examined)\b", re.IGNORECASE)
# A path in a code span, or bold, or first in a table's cell: a name with an ending, or folders that end in a slash.
_PATH = re.compile(
    r"(?:`|\*\*|(?:^|(?<=\|))\s*)(?P<path>(?!\.\.?/?[`*|])(?:~?/|\./)?(?:[\w@.+\[\]()-]+/){0,12}(?:[\w@+\[\]()-]*[\w\])-]\.(?!\d)[A-Za-z]\w{0,9}(?:\.\w{1,10}){0,2}|\.[a-z][\w.-]{2,30}|(?:Docker|Make|Just|Gem|Rake|Proc|Task|Jenkins)file|(?<=/)(?=[`*|])))"
    r"(?::(?:\d+(?:-\d+)?|[A-Za-z_][\w.]{0,60}\(\)))?(?=`|\*\*|\s*(?:\||$)|\s`|:\*\*|,\s)"
)
# Codex links each file that it names: `[src/tax.py](/srv/shop/src/tax.py:12)`. Its words count, and its target does not.
_LINK = re.compile(r"(?<!!)\[`?(?P<text>[\w./@+-]{1,200}(?::\d{1,6})?)`?\]\([^()\s]{1,400}\)")
# A name without marks right behind the verb: `1. **Updated README.md**: …`. *Updated Node.js* has that form too.
_BARE = re.compile(
    r"(?<![\w-])(?:created|wrote|added|updated|modified|edited|deleted|renamed|rewrote|refactored) (?:the |a |new ){0,2}"
    r"(?P<path>(?:[\w.@+-]{1,60}/){0,12}[\w.@+-]{0,60}\w\.[A-Za-z]\w{0,9})(?![\w/(])",
    re.IGNORECASE,
)
# `**logs.py, events.py** — …`: several names in one bold span.
_BOLD_LIST = re.compile(r"\*\*(?P<names>[\w./-]+\.\w{1,8}(?:, [\w./-]+\.\w{1,8})+)\*\*")
# A dotted word that is a call, a module, a domain or a version is not a path: `json.dumps`, `example.com`.
_ENDINGS = re.compile(
    r"\.(?:py|pyi|ipynb|tsx?|jsx?|mjs|cjs|mts|cts|vue|svelte|astro|css|scss|less|html?|go|mod|sum|rs|toml|lock|json[c5l]?|ya?ml|md|mdx|"
    r"rst|txt|sh|bash|zsh|fish|ps1|bat|rb|erb|php|java|kts?|gradle|swift|m|mm|c|cc|cpp|h|hpp|cs|fs|ex|exs|erl|hs|ml|scala|clj|lua|r|jl|"
    r"dart|zig|nim|sql|graphql|gql|proto|xml|svg|png|jpe?g|gif|ico|csv|env|ini|cfg|conf|example|template|j2|tmpl|snap|tf|dockerfile|"
    r"gitignore|dockerignore|npmrc|nvmrc|editorconfig|prettierrc|eslintrc|gitattributes|pen|plist|entitlements|lean|sol|move|wgsl|glsl)$|(?:^|/)(?:Docker|Make|Just|Gem|Rake|Proc|Task|Jenkins)file$",
    re.IGNORECASE,
)
# Files whose name begins with a dot; other such words are endings and calls: `.jsonl`, `.map`.
_DOT_FILES = (".env", ".npmrc", ".nvmrc", ".git", ".docker", ".editorconfig", ".prettier", ".eslint")
# Behind these, a path is where something was added, and was there before: `added a guard in \`app.py\``.
_INSIDE = re.compile(r"\b(?:in|into|to|from|of|for|inside|within|across)\W{0,3}$", re.IGNORECASE)
# The paths before one in its list: the preposition stands before the first of them.
_LISTED = re.compile(r"(?:`?[\w@./-]+\.\w+`(?:,(?: and)?| and| or)\s*)+`?$")
# What is *written to* or *saved at* a path is the file itself.
_WRITTEN_TO = re.compile(
    r"\b(?:wrote|written|saved|logged|generated|created)\b[^.;]{0,60}\b(?:to|at|as|under)\W{0,3}$", re.IGNORECASE
)
# The old name of what was renamed is not a file any more.
_FORMER = re.compile(r"\b(?:renamed|moved|extracted|split|copied) (?:\w+ )?from\W{0,3}$", re.IGNORECASE)
# Right behind the path: `(new)`, `**New** —`, `created`. *Added* has an object there, and the file is older.
_NEW = re.compile(r"^[`*:\s|(—–-]*(?:new\b(?!\s+\w)|new file\b|created\b)", re.IGNORECASE)
# Right behind the path and with no object of its own: `` `a.py` — deleted the helper `` is a change of the file.
_GONE = re.compile(
    r"^\W*(?:was |is |now )?(?:deleted|removed|dropped)\**\s*(?:$|[.,;:()|—–→-]|(?:entirely|completely|as|since|because|after)\b)",
    re.IGNORECASE,
)
# Words on how files come to be, and on what tests cover, name files that others wrote: `Files created via \`create()\``.
_DESCRIBED_BEFORE = re.compile(
    r"\b(?:created|written|generated|updated) (?:via|by|through|when|during)\b", re.IGNORECASE
)
_DESCRIBED_AFTER = re.compile(
    r"^`(?: and `[^`]{1,200}`)?,? (?:now )?(?:covers?|tests?|checks?|exercises?|verif(?:y|ies)|asserts?)\b",
    re.IGNORECASE,
)

# For each path the words before it are read, so hundreds of paths in one long line would take quadratic time. No
# sentence lists so many files; a generated line that does is read as far as this.
_MOST_PATHS = 30
# A clause that is longer is not a sentence's: it is searched for the end of a list from each of its places.
_LONGEST_CLAUSE = 600

# A sentence's first words that leave the agent its subject: `I updated`, `Also removed`.
_AGENT = frozenset({"i", "i've", "we", "also", "then", "and", "done", "finally", "just", "both", "the"})


class PathClaim(NamedTuple):
    """A path and what is said to have been done to it; `weak` if the form is also that of a description."""

    verb: str
    path: str
    weak: bool


def paths_in(lines: Iterable[Line]) -> Iterator[tuple[Line, str, PathClaim]]:
    """Yield the path claims of a message with their line and the words around them."""
    lead = ""
    for line in lines:
        if line.kind == "code":
            continue
        text = _LINK.sub(r"`\g<text>`", line.text)
        for place, path, bare in islice(_named(text), _MOST_PATHS):
            before, after = text[:place], text[place + len(path) :]
            if _FORMER.search(before):
                continue
            if is_claimed(before, "") or line.kind == "row":
                claim = _claim(path, before, after, _above(line, lead))
                yield line, line.text, claim._replace(weak=claim.weak or bare)
        if line.kind not in {"item", "row"} and line.text:
            lead = line.text


def _named(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield the paths of a line with their places, and whether they stand there without any mark."""
    for match in _BOLD_LIST.finditer(text):
        place = match.start("names")
        for name in match["names"].split(", "):
            yield place, name, False
            place += len(name) + len(", ")
    for match in _PATH.finditer(text):
        path = match["path"].rstrip(":")
        if looks_like_path(path):
            yield match.start("path"), path, False
    for match in _BARE.finditer(text):
        if looks_like_path(match["path"]):
            yield match.start("path"), match["path"], True


def looks_like_path(text: str) -> bool:
    """Return whether a word is a path: a folder, or a name with a file's ending."""
    if "@" in text.rsplit("/", 1)[-1] and "/" not in text:
        return False  # an address
    if _ENDINGS.search(text):
        return not text.startswith(".") or "/" in text or text.startswith(_DOT_FILES)
    return (text.endswith("/") and len(text) > 1) or text.startswith(_DOT_FILES)


def _above(line: Line, lead: str) -> str:
    """Return what stands above a line and says what its paths are: the line that leads a list in, and the heading."""
    return f"{lead if line.kind in {'item', 'row'} else ''}\n{line.section[-1] if line.section else ''}"


def _claim(path: str, before: str, after: str, above: str) -> PathClaim:
    """Return what is claimed of a path: by the verb before it in its clause, behind it, or above its list."""
    clause = re.split(r"[.;]\s|:\s+(?=\S)|\|| \+ ", before[-_LONGEST_CLAUSE:].rstrip("`*( "))[-1]
    if _NEW.match(after):
        return PathClaim("created", path, weak=False)
    if verb := _verb(clause[-120:]):
        listed = _LISTED.sub("", clause)
        inside = verb in {"created", "deleted"} and _INSIDE.search(listed) and not _WRITTEN_TO.search(listed)
        return PathClaim("updated" if inside else verb, path, weak=_begins_late(clause) or _is_described(clause, after))
    if verb := _verb_at(after[:60]):
        inside = verb == "created" or (verb == "deleted" and not _GONE.match(after))
        return PathClaim("updated" if inside else verb, path, weak=False)
    late = bool(before.strip("`*|- "))
    if _CREATED_BELOW.search(above):
        return PathClaim("created", path, weak=late or bool(_READ.search(above)))
    return PathClaim("updated", path, weak=late or not _UPDATED_BELOW.search(above) or bool(_READ.search(above)))


def _is_described(clause: str, after: str) -> bool:
    """Return whether a sentence says how files come to be, or what tests cover, and not that the agent made them."""
    return bool(_DESCRIBED_BEFORE.search(clause) or _DESCRIBED_AFTER.match(after))


def _begins_late(clause: str) -> bool:
    """Return whether a clause's verb has a subject that is not the agent: `the loader created in`."""
    words = clause.strip("`*-– ").split()
    if words and words[0].lower().rstrip(",") in _AGENT:
        words = words[1:]
    first = 2 if clause.rstrip().endswith(":") else 1  # `Todo saved:`
    return bool(words) and _verb(" ".join(words[:first])) is None


def _verb(text: str) -> str | None:
    """Return the name of the last verb in a text."""
    found = [(match.end(), name) for name, pattern in _VERBS for match in pattern.finditer(text)]
    return max(found)[1] if found else None


def _verb_at(text: str) -> str | None:
    """Return the verb with which a text begins, marks, a count in brackets and more names left out."""
    start = re.sub(r"^(?:[`*:|\s—–-]|\(\d+\)|, [\w./-]+\.\w+)+", "", text)
    for name, pattern in _VERBS:
        match = pattern.search(start)
        if match and match.start() <= 1:
            return name
    return None
