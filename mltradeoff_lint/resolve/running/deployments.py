"""Functions that a platform runs by itself, with the parameters that its configuration file gives them."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.declarations import Deployment
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.command_line.argument_parsers import as_default
from mltradeoff_lint.resolve.configuration.config_documents import document
from mltradeoff_lint.resolve.domain import FunctionRef, Values, union
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.running.timings import Timing
from mltradeoff_lint.resolve.values.rendered import rendered


class Deployments:
    """Answers what deployments pass to a function, and when they run it."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def given(self, function: FunctionRef, position: int) -> Values:
        """What the deployments of a function give a parameter; its default too where one of them leaves it out."""
        deployed = self._of(function)
        name = self._resolver.scope(function).parameters[position].name
        passed = [dict(one.parameters).get(name) for one in deployed]
        values = union(*(rendered(document(entry, "configured")) for entry in passed if entry is not None))
        default = self._resolver.scope(function).parameters[position].default
        if not values or default == NONE:
            return values
        return union(values, as_default(self._resolver.values(function.path, default)))

    def timings(self) -> Iterator[tuple[FunctionRef, Timing]]:
        """The schedules of deployments, by the function that is run."""
        for one in (one for deployed in self._by_path().values() for one in deployed):
            for function in self._functions(one):
                for schedule in one.schedules:
                    yield function, Timing(schedule.seconds, schedule.expression)

    def _by_path(self) -> dict[str, tuple[Deployment, ...]]:
        def find() -> dict[str, tuple[Deployment, ...]]:
            index: dict[str, list[Deployment]] = {}
            for one in self._resolver.program.declarations():
                if isinstance(one, Deployment):
                    index.setdefault(one.path, []).append(one)
            return {path: tuple(deployed) for path, deployed in index.items()}

        return self._resolver.program.ask("deployments", "", find)

    def _of(self, function: FunctionRef) -> tuple[Deployment, ...]:
        known = self._by_path().get(function.path, ())
        return tuple(one for one in known if one.function == self._resolver.scope(function).qualname)

    def _functions(self, one: Deployment) -> Iterator[FunctionRef]:
        if self._resolver.program.python(one.path) is None:
            return
        for number, scope in enumerate(self._resolver.facts(one.path).scopes):
            if scope.kind == "function" and scope.qualname == one.function:
                yield FunctionRef(one.path, number)
