"""Where detectors come from: the modules of `forensics.detectors`, and third parties' entry points."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import entry_points
from types import ModuleType

from forensics.detect.resolver import check_parameters
from forensics.errors import RuleError
from forensics.model.finding import Hit, Rule
from forensics.model.prose import quote

GROUP = "forensics.detectors"


@dataclass(frozen=True, slots=True)
class Detector:
    """A rule, its pure function, and the docstring of its module, which is its page.

    The parameters of `detect` name what it is called with: `case`, or one of `forensics.casework.fixtures.FIXTURES`.
    """

    rule: Rule
    detect: Callable[..., Iterable[Hit]]
    docstring: str

    @property
    def page(self) -> str:
        """Return the rule's page; only who prints or tests it pays for removing its indentation."""
        return inspect.cleandoc(self.docstring)


def load_detectors() -> tuple[Detector, ...]:
    """Return every detector, sorted by code. Raises RuleError naming the module that cannot be loaded as a rule."""
    found: dict[str, Detector] = {}
    for name, load in (*_own_modules(), *_foreign_modules()):
        try:
            detector = _detector(load())
            if detector.rule.code in found:
                raise ValueError(f"another rule has the code {detector.rule.code}")
        except (Exception, SystemExit) as error:  # a rule file can raise anything while it is imported
            what = f"The rule in {quote(name)} cannot be loaded ({type(error).__name__}: {error})."
            raise RuleError(what, try_="Correct it, or uninstall its package.") from error
        found[detector.rule.code] = detector
    return tuple(found[code] for code in sorted(found))


def _detector(module: ModuleType) -> Detector:
    check_parameters(module.detect, f"`detect` of {module.RULE.code}")
    return Detector(module.RULE, module.detect, module.__doc__ or "")


def _own_modules() -> Iterator[tuple[str, Callable[[], ModuleType]]]:
    package = importlib.import_module(GROUP)
    for info in pkgutil.iter_modules(package.__path__):
        name = f"{GROUP}.{info.name}"
        yield name, partial(importlib.import_module, name)


def _foreign_modules() -> Iterator[tuple[str, Callable[[], ModuleType]]]:
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        yield point.value, point.load
