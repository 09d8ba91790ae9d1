"""Whether a shell command can only look: none of its programs writes, and nothing is redirected into a file."""

import re

from forensics.formats.transcripts.shell import simple_commands

# Programs that print and change nothing. An interpreter, a build or a script may write, so none is listed.
_LOOKS = """
ls cat cd pwd grep egrep fgrep rg ag find fd head tail less more wc nl sort uniq cut tr diff stat du df tree file which type whereis
basename dirname realpath echo printf true false test [ [[ date env printenv whoami uname hostname jq yq column strings xxd hexdump
cksum md5sum sha1sum sha256sum ps sleep man help curl
"""
_GIT_LOOKS = """
annotate blame branch cat-file check-ignore count-objects describe diff diff-tree for-each-ref fsck grep help log ls-files ls-remote
ls-tree merge-base name-rev range-diff reflog rev-list rev-parse shortlog show show-ref status var version whatchanged
"""
_LOOKING, _GIT_LOOKING = (frozenset(words.split()) for words in (_LOOKS, _GIT_LOOKS))
_GH_LOOKING = frozenset({"view", "list", "status", "diff", "checks"})
# `2>/dev/null` and `2>&1` write no file; `> out.txt` does. Quoted text does not redirect.
_QUOTED = re.compile(r"""'[^']*'|"(?:\\.|[^"\\])*+\"""", re.DOTALL)
_INTO_FILE = re.compile(r">(?!\s*(?:/dev/null|&\d))")
# Characters: a longer command mostly feeds a file to a program, and long ones take long to search for quotations.
_LIMIT = 4_000
_WRITES = frozenset({"-delete", "-exec", "-execdir", "-o", "-O", "--output", "-fprint"})


def only_looks(command: str) -> bool:
    """Return whether a command cannot have written a file."""
    if len(command) > _LIMIT:
        return False
    return not _INTO_FILE.search(_QUOTED.sub("''", command)) and all(map(_looks, simple_commands(command)))


def _looks(words: tuple[str, ...]) -> bool:
    if words[0] == "git":
        return _verb(words) in _GIT_LOOKING
    if words[0] == "gh":
        return len(words) > 2 and words[2] in _GH_LOOKING
    return words[0] in _LOOKING and _WRITES.isdisjoint(words)


def _verb(words: tuple[str, ...]) -> str:
    """Return a git call's verb, behind git's own options and the values that two of them have."""
    place = 1
    while place < len(words) and words[place].startswith("-"):
        place += 2 if words[place] in {"-C", "-c"} else 1
    return words[place] if place < len(words) else ""
