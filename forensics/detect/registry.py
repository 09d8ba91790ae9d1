"""Where detectors come from: the modules of `forensics.detectors`, and third parties' entry points."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import entry_points

from forensics.detect.resolver import check_parameters
from forensics.model.finding import Hit, Rule

GROUP = "forensics.detectors"


@dataclass(frozen=True, slots=True)
class Detector:
    """A rule, its pure function, and its page (the module docstring).

    The parameters of `detect` name what it is called with: `case`, or one of `forensics.casework.fixtures.FIXTURES`.
    """

    rule: Rule
    detect: Callable[..., Iterable[Hit]]
    page: str


def load_detectors() -> tuple[Detector, ...]:
    """Return every detector, sorted by code.

    Raises:
        ValueError: two detectors have the same code, or one has a parameter that names no fixture.
    """
    found: dict[str, Detector] = {}
    package = importlib.import_module(GROUP)
    own = (importlib.import_module(f"{GROUP}.{info.name}") for info in pkgutil.iter_modules(package.__path__))
    foreign = (point.load() for point in sorted(entry_points(group=GROUP), key=lambda point: point.name))
    for module in (*own, *foreign):
        detector = Detector(module.RULE, module.detect, inspect.getdoc(module) or "")
        if detector.rule.code in found:
            raise ValueError(f"two detectors have the code {detector.rule.code}")
        check_parameters(detector.detect, f"detector {detector.rule.code} ({module.__name__})")
        found[detector.rule.code] = detector
    return tuple(found[code] for code in sorted(found))
