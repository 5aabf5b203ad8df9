"""Data that a pipeline hands to its steps by name: the output of the step before, or an entry of a data catalogue.

`node(train, inputs=["X_train", "y_train"], outputs="model")` calls `train` with what another node returns under these
names. A name that no step makes is read from the catalogue, and so the call that wires the step is a read of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.configuration.data_catalogue import stored_name
from mltradeoff_lint.resolve.configuration.step_parameters import is_parameter
from mltradeoff_lint.resolve.domain import FunctionRef, Items, Library, Mapping, Values, known_texts
from mltradeoff_lint.resolve.flow.flow_steps import Route
from mltradeoff_lint.resolve.flow.slices import FlowNode, Hop, Slice, Step
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.sites import Sites, Use

CATALOGUE = "catalog"
"""The scheme of a read by the name of an entry in a project's data catalogue."""


class _Wiring(NamedTuple):
    """One step: the call that wires it, its function, and the names it takes, in order or by parameter."""

    use: Use
    function: FunctionRef
    inputs: tuple[str, ...]
    named: tuple[tuple[str, str], ...]
    outputs: tuple[tuple[str, Route], ...]
    """The names it makes, each with where the data stands in what the function returns."""


class NamedData:
    """Answers what the parameters of a step are given by name."""

    def __init__(self, resolver: Resolver, sites: Sites) -> None:
        self._resolver = resolver
        self._sites = sites
        self._meanings: dict[str, Meaning] = {}

    @cached_property
    def _by_function(self) -> dict[FunctionRef, list[_Wiring]]:
        index: dict[FunctionRef, list[_Wiring]] = {}
        for use in self._sites.of_kind("workflow"):
            if use.meaning.selectors("inputs"):
                inputs = self._sites.setting(use, "inputs")
                outputs = _outputs(self._sites.setting(use, "outputs"))
                for function in self._sites.functions(self._sites.setting(use, "steps")):
                    one = _Wiring(use, function, _names(inputs), _keyed(inputs), outputs)
                    index.setdefault(function, []).append(one)
        return index

    @cached_property
    def _makers(self) -> dict[str, list[_Wiring]]:
        index: dict[str, list[_Wiring]] = {}
        for wirings in self._by_function.values():
            for one in wirings:
                for name, _ in one.outputs:
                    index.setdefault(stored_name(name), []).append(one)
        return index

    def given(
        self, result: Slice, function: FunctionRef, position: int, route: Route, trail: Sequence[Hop]
    ) -> list[Step]:
        """The steps to what makes a parameter; a read of a catalogue entry is noted in the slice."""
        steps: list[Step] = []
        for one in self._by_function.get(function, ()):
            name = self._name(one, function, position)
            if not name or is_parameter(name):
                continue
            hop = Hop(self._site(one.use), f"the pipeline passes `{name}` to `{self._resolver.scope(function).name}`")
            makers = [maker for maker in self._makers.get(stored_name(name), ()) if self._are_together(maker, one)]
            for maker in makers:
                steps += [(node, hop) for node in self._returned(maker, name, route)]
            if not makers:
                read = Use(one.use.ref, self._meaning(name), Library(one.use.meaning.path))
                result.uses.setdefault(read, (*trail, hop))
                result.frames.setdefault(read, {}).setdefault(None, (*trail, hop))
        return steps

    def _name(self, one: _Wiring, function: FunctionRef, position: int) -> str:
        parameter = self._resolver.scope(function).parameters[position].name
        for key, name in one.named:
            if key == parameter:
                return name
        return one.inputs[position] if not one.named and position < len(one.inputs) else ""

    def _are_together(self, first: _Wiring, second: _Wiring) -> bool:
        project = self._resolver.program.modules.project_of
        return project(first.use.ref.path) == project(second.use.ref.path)

    def _returned(self, maker: _Wiring, name: str, route: Route) -> list[FlowNode]:
        scope, path = self._resolver.scope(maker.function), maker.function.path
        part = next(part for output, part in maker.outputs if stored_name(output) == stored_name(name))
        values = [one.value for one in (*scope.returns, *scope.yields) if one.value != NONE]
        return [FlowNode(path, value, None, (*part, *route)) for value in values]

    def _meaning(self, name: str) -> Meaning:
        if name not in self._meanings:
            settings = {"location": name, "scheme": CATALOGUE}
            self._meanings[name] = Meaning("pipeline input", "dataset-read", "pipeline", settings)
        return self._meanings[name]

    def _site(self, use: Use) -> Site:
        return Site(use.ref.path, self._resolver.call(use.ref).span)


def _outputs(values: Values) -> tuple[tuple[str, Route], ...]:
    """The names of what a step makes: by the keys of the dict that its function returns, else in order."""
    keyed, names = _keyed(values), _names(values)
    if keyed:
        return tuple((name, (key,)) for key, name in keyed)
    return tuple((name, (place,) if len(names) > 1 else ()) for place, name in enumerate(names))


def _names(values: Values) -> tuple[str, ...]:
    """The names of a text, a list of texts or the values of a dict, in order; empty when one of them is not known."""
    found: list[str] = []
    for value in values:
        parts = value.items if isinstance(value, Items) else ((value,),)
        parts = tuple(held for _, held in value.entries) if isinstance(value, Mapping) else parts
        for part in parts:
            texts = known_texts(part)
            if len(texts) != 1:
                return ()
            found += texts
    return tuple(found)


def _keyed(values: Values) -> tuple[tuple[str, str], ...]:
    """The names of a dict by the parameters they are passed as."""
    return tuple(
        (key, text)
        for value in values
        if isinstance(value, Mapping)
        for key, held in value.entries
        for text in known_texts(held)
    )
