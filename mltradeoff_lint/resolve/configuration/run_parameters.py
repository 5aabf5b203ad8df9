"""Parameters of steps and pipelines that the configuration of a run gives: `steps.train.parameters.rate` of ZenML.

A run stops where its configuration and the call of a step in code give one parameter two values, and older versions
prefer the configuration (https://docs.zenml.io/concepts/steps_and_pipelines/yaml_configuration, and "What can be
configured"). So both count; only the default of the function gives way, where every run is configured.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Index
from typing import NamedTuple, TypeAlias

from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.configuration.config_documents import document, provenance_of_file
from mltradeoff_lint.resolve.configuration.run_documents import Marked, RunDocuments, Selected, is_key
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Frame,
    FunctionRef,
    Literal,
    Value,
    Values,
    marked_default,
    union,
    unknown,
)
from mltradeoff_lint.resolve.folders import in_use, is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.model_data import typed

MAX_OUTER = 40
"""Functions around the call of a step that are looked at for the pipeline it belongs to."""

MAX_DOCUMENTS = 8
"""Documents of the runs of one function that are told apart."""

_REFERENCE = "${"


class Given(NamedTuple):
    """What configurations give a parameter, and whether each run has one that does."""

    values: Values = ()
    is_always: bool = False


_NOTHING = Given()

_Runs: TypeAlias = tuple[Selected, "tuple[str, ...] | None"]
Row: TypeAlias = tuple[tuple[tuple[int, ...], Values], ...]


class RunParameters:
    """Answers what configurations of runs give the parameters of steps and pipelines."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._documents = RunDocuments(resolver)

    def given(self, function: FunctionRef, position: int, site: CallRef | None) -> Given:
        """What a parameter is given in any run, or in what one call of a step runs."""
        scope = self._resolver.scope(function)
        mark = self._documents.marked(function) if scope.decorators else None
        if mark is None or scope.parameters[position].kind in ("*", "**"):
            return _NOTHING
        key = (function, position, site)
        return self._resolver.program.ask("run-parameter", key, lambda: self._typed(function, position, site, mark))

    def _typed(self, function: FunctionRef, position: int, site: CallRef | None, mark: Marked) -> Given:
        """What a parameter is given, as its annotation makes objects of mappings."""
        found = self._find(function, position, site, mark)
        return Given(self._as_annotated(function, position, found.values), found.is_always)

    def _as_annotated(self, function: FunctionRef, position: int, values: Values) -> Values:
        note = self._resolver.scope(function).parameters[position].annotation
        return values if note == NONE else typed(self._resolver, values, function.path, note)

    def _find(self, function: FunctionRef, position: int, site: CallRef | None, mark: Marked) -> Given:
        name = self._resolver.scope(function).parameters[position].name
        found = [self._of_runs(*run, name, mark) for run in self._runs(function, site, mark)]
        return Given(union(*(one.values for one in found)), bool(found) and all(one.is_always for one in found))

    def _runs(self, function: FunctionRef, site: CallRef | None, mark: Marked) -> Iterator[_Runs]:
        """The documents of the runs that a function is part of, with the keys of a step there."""
        if mark.kind == "flow":
            yield self._documents.selected(function), None
            return
        sites = (site,) if site is not None else self._resolver.callers(function)
        for one in in_use(function.path, sites):
            for pipeline in self._pipelines(one):
                yield self._documents.selected(pipeline), self._documents.keys(one, mark)

    # -- one document after another

    def by_document(self, function: FunctionRef) -> tuple[Frame, ...]:
        """A step or pipeline once for each document of its runs; empty where a call passes what a document sets."""
        scope = self._resolver.scope(function)
        mark = self._documents.marked(function) if scope.decorators else None
        sites = in_use(function.path, self._resolver.callers(function)) if mark is not None else ()
        runs = list(self._runs(function, None, mark)) if mark is not None and len(sites) == 1 else []
        documents = {path: keys for selected, keys in runs for path in selected.documents}
        if mark is None or not documents or len(documents) > MAX_DOCUMENTS:
            return ()
        set_by = [self._set_by(function, path, keys, mark) for path, keys in documents.items()]
        set_by += [] if all(selected.is_every for selected, _ in runs) else [{}]
        positions = sorted({position for one in set_by for position in one})
        if any(self._may_pass(sites[0], function, position) for position in positions):
            return ()
        found = dict.fromkeys(self._row(function, one, positions) for one in set_by)
        return tuple(Frame(function, sites[0], None, None, row, n) for n, row in enumerate(found))

    def _set_by(
        self, function: FunctionRef, path: str, keys: tuple[str, ...] | None, mark: Marked
    ) -> dict[int, Values]:
        """What one document gives the parameters of a function, by their positions."""
        parts = list(_parts(self._documents.root(path), keys, mark))
        found: dict[int, Values] = {}
        for position, parameter in enumerate(self._resolver.scope(function).parameters):
            held = [entry for one in parts if (entry := one.get(parameter.name)) is not None]
            if held and parameter.kind not in ("*", "**"):
                values = union(*(_values(entry, path) for entry in held))
                found[position] = self._as_annotated(function, position, values)
        return found

    def _may_pass(self, site: CallRef, function: FunctionRef, position: int) -> bool:
        call, exprs = self._resolver.call(site), self._resolver.facts(site.path).exprs
        has_splat = any(name is None for name, _ in call.keywords) or any(
            exprs[one][0] == "star" for one in call.arguments
        )
        return has_splat or self._resolver.argument(site, function, position) is not None

    def _row(self, function: FunctionRef, given: Index[int, Values], positions: Sequence[int]) -> Row:
        """What the parameters hold that some document sets: what this one gives them, else their defaults."""
        facts, row = self._resolver.facts(function.path), list[tuple[tuple[int, ...], Values]]()
        for number, one in enumerate(facts.definitions):
            if one.kind == "param" and one.scope == function.scope and one.value in positions:
                default = facts.scopes[one.scope].parameters[one.value].default
                usual = marked_default(self._resolver.values(function.path, default))
                row.append(((number,), given.get(one.value) or usual))
        return tuple(row)

    def _of_runs(self, selected: Selected, keys: tuple[str, ...] | None, name: str, mark: Marked) -> Given:
        """What the documents of runs hold; without the keys of a step, what they say of the pipeline itself."""
        found: list[Values] = []
        is_always = selected.is_every
        for path in selected.documents:
            root = self._documents.root(path)
            held = [entry for one in _parts(root, keys, mark) if (entry := one.get(name)) is not None]
            found += [_values(entry, path) for entry in held]
            is_always = is_always and bool(held)
        return Given(union(*found), is_always)

    def _pipelines(self, site: CallRef) -> tuple[FunctionRef, ...]:
        """The pipelines that a call of a step is part of, from the inside out."""
        found: dict[FunctionRef, None] = {}
        pending = [self._documents.around(site)]
        seen = set(pending)
        while pending and len(seen) < MAX_OUTER:
            function = pending.pop()
            mark = self._documents.marked(function) if function.scope > 0 else None
            outer = {self._documents.around(one) for one in self._callers(function)}
            inside = {one for one in outer if self._is_pipeline(one)}
            if (
                mark is not None
                and mark.kind == "flow"
                and (not inside or self._documents.selected(function).documents)
            ):
                found[function] = None
            following = sorted((inside if mark is not None else outer) - seen)
            seen.update(following)
            pending += following
        return tuple(found)

    def _callers(self, function: FunctionRef) -> Iterator[CallRef]:
        if function.scope > 0:
            yield from (one for one in self._resolver.callers(function) if not is_test(one.path))

    def _is_pipeline(self, function: FunctionRef) -> bool:
        mark = self._documents.marked(function) if function.scope > 0 else None
        return mark is not None and mark.kind == "flow"


def _parts(root: Entry | None, keys: tuple[str, ...] | None, mark: Marked) -> Iterator[Entry]:
    """The parameters that a document gives the pipeline, or a step under one of its keys."""
    parameters = mark.row.literal("parameters")
    if root is None:
        return
    if keys is None:
        owners = [root]
    else:
        steps = root.get(mark.row.literal("steps"))
        entries = steps.entries if steps is not None else ()
        owners = [entry for name, _, entry in entries if any(is_key(name, key) for key in keys)]
    for owner in owners:
        found = owner.get(parameters)
        if found is not None:
            yield found


def _values(entry: Entry, path: str) -> Values:
    values = document(entry, provenance_of_file(path))
    return unknown("a reference in the configuration of a run") if any(map(_refers, values)) else values


def _refers(value: Value) -> bool:
    return isinstance(value, Literal) and isinstance(value.value, str) and _REFERENCE in value.value
