"""Calls a function with the facts of a case that its parameters name."""

import inspect
from collections.abc import Callable, Mapping
from typing import TypeVar

from forensics.casework.fixtures import FIXTURES
from forensics.model.case import Case

Result = TypeVar("Result")


class Resolver:
    """The facts of one case. Each fixture is computed at most once, when it is first asked for."""

    def __init__(self, case: Case, fixtures: Mapping[str, Callable[..., object]] = FIXTURES) -> None:
        self._fixtures = fixtures
        self._values: dict[str, object] = {"case": case}
        self._begun: set[str] = set()

    def call(self, function: Callable[..., Result]) -> Result:
        """Call a function with the facts that it asks for. Raises what the function or a fixture raises."""
        parameters = _parameters(function)
        positional = [self._value(each.name) for each in parameters if each.kind is not each.KEYWORD_ONLY]
        named = {each.name: self._value(each.name) for each in parameters if each.kind is each.KEYWORD_ONLY}
        return function(*positional, **named)

    def _value(self, name: str) -> object:
        if name not in self._values:
            if name in self._begun:
                raise RuntimeError(
                    f"it needs the fixture `{name}`, which crashed for an earlier rule or asks for itself"
                )
            self._begun.add(name)
            self._values[name] = self.call(self._fixtures[name])
        return self._values[name]


def check_parameters(function: Callable[..., object], owner: str) -> None:
    """Raise ValueError if a function asks for something that is neither the case nor a fixture."""
    known = ("case", *sorted(FIXTURES))
    unknown = [parameter.name for parameter in _parameters(function) if parameter.name not in known]
    if unknown:
        raise ValueError(f"{owner} asks for {', '.join(unknown)}; a rule can ask for {', '.join(known)}")


def _parameters(function: Callable[..., object]) -> tuple[inspect.Parameter, ...]:
    """Return the parameters that need a value; `*args` and those with a default do not."""
    needless = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    parameters = inspect.signature(function).parameters.values()
    return tuple(each for each in parameters if each.kind not in needless and each.default is each.empty)
