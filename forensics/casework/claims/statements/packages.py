"""The package that a sentence about tests names, and how its own tests ended where a run printed each package."""

import re

from forensics.casework.claims.statements.witnessed import Witnessed
from forensics.model.transcript import TestRun

# A message said that one package's tests passed and named another's failure; the run as a whole had failed.
_NAMED = re.compile(
    r"`(?P<span>[\w./@-]{2,120})`(?= (?:packages?|modules?|tests?|suites?)\b)"
    r"|\b(?:package|module) `?(?P<behind>[\w./@-]{2,120})`?|\btests (?:in|of|for) `(?P<of>[\w./@-]{2,120})`"
)
# `go test` prints a line for each package, with the module's path before the folder's.
_PACKAGE = re.compile(r"^(?P<how>ok|FAIL)[^\S\n]+(?P<name>\S+)", re.MULTILINE)


def named_packages(said: str) -> frozenset[str]:
    """Return the packages whose tests a sentence speaks of, as it names them."""
    return frozenset(next(filter(None, match.groups())).strip("./") for match in _NAMED.finditer(said)) - {""}


def passed_packages(names: frozenset[str], seen: Witnessed) -> TestRun | None:
    """Return the last run that printed how the packages ended, if it printed of each that it passed."""
    for run in reversed(seen.tests) if names else ():
        ended = [(match["name"], match["how"]) for match in _PACKAGE.finditer(run.output)]
        found = {name: {how for package, how in ended if f"/{package}".endswith(f"/{name}")} for name in names}
        if any(found.values()):
            return run if all(how == {"ok"} for how in found.values()) else None
    return None
