"""What a unit of work is called in sentences: rules speak of steps, and in a run without a plan these are sessions and others."""

import re
from collections.abc import Collection, Mapping

from forensics.model.case import Case, RunKind
from forensics.model.plan import UnitKind

_NAMES: Mapping[UnitKind, tuple[str, str]] = {
    UnitKind.SESSION: ("session", "sessions"),
    UnitKind.AGENT: ("agent", "agents"),
    UnitKind.PULL: ("pull request", "pull requests"),
    UnitKind.BRANCH: ("branch", "branches"),
}
_ANY = ("unit", "units")
# Foreign text stands between backticks, and stays as it is.
_QUOTED = re.compile(r"(`[^`]*`)")
_WORD = re.compile(r"\b(?P<word>[Ss]teps?)\b")


def in_units(sentence: str, ids: Collection[str], case: Case) -> str:
    """Return a rule's sentence with its steps called what they are; `ids` are those it may name."""
    if case.run.kind is not RunKind.SESSIONS:
        return sentence
    kinds = {spec.id: spec.kind for spec in case.plan.steps if spec.id in ids}
    parts = _QUOTED.split(sentence)
    return "".join(part if part.startswith("`") else _renamed(part, kinds) for part in parts)


def _renamed(text: str, kinds: Mapping[str, UnitKind]) -> str:
    if kinds:
        name = "|".join(sorted(map(re.escape, kinds), key=len, reverse=True))
        listed = rf"(?:{name})(?:(?:, | and )(?:{name}))*"
        # "Step S1's agent" and "the agents of steps S1 and S2" did it: sessions and agents do things themselves.
        pattern = re.compile(
            rf"(?P<of>\b[Tt]he agents of )?\b(?P<word>[Ss]teps?) (?P<ids>{listed})(?![\w/-])(?P<agent>'s agent\b(?!'))?"
        )
        text = pattern.sub(lambda match: _called(match, kinds), text)
    return _WORD.sub(lambda match: _as_written(match["word"], _ANY[match["word"].endswith("s")]), text)


def _called(match: re.Match[str], kinds: Mapping[str, UnitKind]) -> str:
    ids = re.split(r", | and ", match["ids"])
    found = {kinds[name] for name in ids if name in kinds}
    names = _NAMES.get(found.pop(), _ANY) if len(found) == 1 else _ANY
    acts = names[0] in {"session", "agent"}
    before, after = ("", "") if acts else (match["of"] or "", match["agent"] or "")
    first = match["of"] if acts and match["of"] else match["word"]
    word = _as_written(first, names[match["word"].endswith("s")])
    return f"{before}{word} {match['ids']}{after}"


def _as_written(word: str, name: str) -> str:
    return name.capitalize() if word[0].isupper() else name
