"""Parameters of steps and pipelines that the configuration of a run gives: `steps.train.parameters.rate` of ZenML.

A run stops where its configuration and the call of a step in code give one parameter two values, and older versions
prefer the configuration (https://docs.zenml.io/concepts/steps_and_pipelines/yaml_configuration, and "What can be
configured"). So both count; only the default of the function gives way, where every run is configured.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.configuration.config_documents import document, provenance_of_file
from mltradeoff_lint.resolve.configuration.run_documents import Marked, RunDocuments, Selected, is_key
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef, Literal, Value, Values, union, unknown
from mltradeoff_lint.resolve.folders import in_use, is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.model_data import typed

MAX_OUTER = 40
"""Functions around the call of a step that are looked at for the pipeline it belongs to."""

_REFERENCE = "${"


class Given(NamedTuple):
    """What configurations give a parameter, and whether each run has one that does."""

    values: Values = ()
    is_always: bool = False


_NOTHING = Given()


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
        found, note = self._find(function, position, site, mark), self._resolver.scope(function).parameters[position]
        if note.annotation == NONE:
            return found
        return Given(typed(self._resolver, found.values, function.path, note.annotation), found.is_always)

    def _find(self, function: FunctionRef, position: int, site: CallRef | None, mark: Marked) -> Given:
        name = self._resolver.scope(function).parameters[position].name
        if mark.kind == "flow":
            return self._of_runs(self._documents.selected(function), None, name, mark)
        sites = (site,) if site is not None else self._resolver.callers(function)
        found = [
            self._of_runs(self._documents.selected(pipeline), self._documents.keys(one, mark), name, mark)
            for one in in_use(function.path, sites)
            for pipeline in self._pipelines(one)
        ]
        return Given(union(*(one.values for one in found)), bool(found) and all(one.is_always for one in found))

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
