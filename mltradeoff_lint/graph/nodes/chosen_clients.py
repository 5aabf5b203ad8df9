"""Whether the runs of a repository choose a client: what the name that its branch tests is set to.

`if name == "text-embedding-3-small": OpenAIEmbeddings(...)` beside a model on one's own machines is a paid call only
where something that is operated passes that name. Notebooks, tests and evaluations try names out and are not asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import CallRef, Frame, FunctionRef, Literal, Made, Value, Values, union
from mltradeoff_lint.resolve.folders import is_aside
from mltradeoff_lint.resolve.running.region_tests import tests_around
from mltradeoff_lint.resolve.values.outcomes import outcome, subjects

MAX_CALLS = 6
"""How many calls up the setting of a name is looked for."""

UNSET = Unknown("nothing that is operated sets the name")
USER = "request:"
"""The source of what a user chooses while the application runs: every branch is open to them."""


class _Asked(NamedTuple):
    """A test in a module, the outcome under which a client is made, and the call it is looked at through."""

    path: str
    test: int
    expected: bool
    frame: Frame | None


class ChosenClients:
    """Judges the branches in which clients are made."""

    def __init__(self, work: Workspace) -> None:
        self._work = work

    def is_run(self, made: Made) -> bool | None:
        """Whether operated code comes to where a client is made; None where a name that decides it is unknown."""
        outcomes = [self._holds(*asked) for asked in self._asked(made)]
        return False if False in outcomes else None if None in outcomes else True

    def is_switched(self, made: Made, use: CallRef) -> bool:
        """Whether a client is made under a switch that is off by default, and that nothing operated sets.

        A switch that stands around the use of the client as well chooses no client.
        """
        region = self._work.resolver.call(use).region
        shared = {(use.path, *one) for one in tests_around(self._work.resolver.facts(use.path), region)}
        return any(asked[:3] not in shared and self._is_unset(*asked) for asked in self._asked(made))

    def _asked(self, made: Made) -> Iterator[_Asked]:
        """The tests around the making of a client, and around the calls through which it is looked at."""
        call, frame = made.call, made.frame
        while True:
            region = self._work.resolver.call(call).region
            for test, expected in tests_around(self._work.resolver.facts(call.path), region):
                yield _Asked(call.path, test, expected, frame)
            if frame is None:
                return
            call, frame = frame.call, frame.outer

    def _is_unset(self, path: str, test: int, expected: bool, frame: Frame | None) -> bool:
        facts = self._work.resolver.facts(path)
        for place, load in subjects(facts, test).items():
            values = self._set_to(path, load, frame)
            got = [(outcome(facts, test, place, value), value) for value in values]
            is_open = any(isinstance(value, Unknown) and value.source.startswith(USER) for value in values)
            is_off = any(found is not expected and found is not None and _is_switch(value) for found, value in got)
            if is_off and not is_open and all(found is not expected for found, _ in got):
                return True
        return False

    def _holds(self, path: str, test: int, expected: bool, frame: Frame | None) -> bool | None:
        """Whether a test of a name has its outcome for one of the values that runs set; True where it asks of none."""
        facts = self._work.resolver.facts(path)
        found: list[bool | None] = []
        for place, load in subjects(facts, test).items():
            values = self._set_to(path, load, frame)
            got = [outcome(facts, test, place, value) for value in values]
            is_open = any(isinstance(value, Unknown) and value.source.startswith(USER) for value in values)
            found.append(True if is_open or expected in got else None if None in got or not got else False)
        return False if False in found else None if None in found else True

    def _set_to(self, path: str, index: int, frame: Frame | None, hops: int = MAX_CALLS) -> Values:
        """What operated code sets a name to: a parameter by the calls that pass it, anything else by its own values."""
        resolver = self._work.resolver
        facts = resolver.facts(path)
        expr = facts.exprs[index]
        bound = [facts.definitions[one] for one in expr[2]] if expr[0] == "name" else []
        if len(bound) != 1 or bound[0].kind != "param" or not hops:
            return _told(resolver.values(path, index, frame))
        function, position = FunctionRef(path, bound[0].scope), bound[0].value
        found = [
            self._passed(call, function, position, outer, hops - 1) for call, outer in self._calls(function, frame)
        ]
        if not found and not resolver.callers(function):
            return _told(resolver.values(path, index, frame))
        return union(*found) if found else (UNSET,)

    def _calls(self, function: FunctionRef, frame: Frame | None) -> list[tuple[CallRef, Frame | None]]:
        """The operated calls of a function, or the one by which it is looked at."""
        if frame is not None and frame.function == function:
            return [(frame.call, frame.outer)]
        return [(call, None) for call in self._work.resolver.callers(function) if not is_aside(call.path)]

    def _passed(self, call: CallRef, function: FunctionRef, position: int, outer: Frame | None, hops: int) -> Values:
        resolver = self._work.resolver
        given = resolver.argument(call, function, position)
        if given is not None:
            return self._set_to(*given, outer, hops)
        default = resolver.scope(function).parameters[position].default
        return resolver.values(function.path, default) if default != NONE else resolver.passed(call, function, position)


def _is_switch(value: Value) -> bool:
    """Whether a value is that of a switch."""
    return isinstance(value, Literal) and isinstance(value.value, bool)


def _is_off(value: Value) -> bool:
    """Whether a value is the default of a switch."""
    return isinstance(value, Literal) and _is_switch(value) and value.provenance == "default"


def _told(values: Values) -> Values:
    """What a name is set to: of a switch that may be anything, its default, and not what it is set to on some way."""
    is_open = any(not isinstance(one, Literal) for one in values)
    if not is_open or not any(map(_is_off, values)):
        return values
    return tuple(one for one in values if not isinstance(one, Literal) or _is_off(one))
