"""Parameters that a pipeline hands to its steps by name: `params:model.path` and `parameters` of Kedro.

They stand in `conf/<environment>/parameters*`. The files of one environment are one mapping, and another environment
may replace what `base` says (https://docs.kedro.org/en/stable/configuration/parameters.html).
"""

from __future__ import annotations

import re

from mltradeoff_lint.model.facts import Documents
from mltradeoff_lint.model.repository_path import folder_of, upwards
from mltradeoff_lint.resolve.configuration.config_documents import document
from mltradeoff_lint.resolve.configuration.interpolation import interpolated
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef, Items, Library, Mapping, Values, known_texts, union
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.selectors import pick
from mltradeoff_lint.resolve.values.merging import merged

_ALL = "parameters"
_ONE = "params:"
_BASE = "base"
_FILE = re.compile(r"conf/(?P<environment>[^/]+)/(?:.+/)?parameters(?:[^/]*|/.+)\.(?:ya?ml|json)")


def given(resolver: Resolver, wiring: CallRef, function: FunctionRef, position: int) -> Values:
    """What the call that wires a step hands to a parameter of it out of the configuration; empty when it is data."""
    found: list[Values] = []
    for value in resolver.values(wiring.path, resolver.call(wiring).function):
        rows = resolver.program.meanings("calls", value.path) if isinstance(value, Library) else ()
        for row in rows:
            for selector in row.selectors("inputs") if row.kind == "workflow" else ():
                expr = pick(resolver.facts(wiring.path), wiring, selector)
                name = _name(resolver, resolver.values(wiring.path, expr), function, position) if expr >= 0 else ""
                found.append(_parameters(resolver, name, wiring.path))
    return union(*found)


def _name(resolver: Resolver, inputs: Values, function: FunctionRef, position: int) -> str:
    """The name that stands for a parameter: alone, at its place in a list, or under its own name in a dict."""
    parameter = resolver.scope(function).parameters[position].name
    for value in inputs:
        held: Values | None = (value,) if position == 0 else None
        if isinstance(value, Mapping):
            held = value.get(parameter)
        elif isinstance(value, Items):
            held = value.items[position] if position < len(value.items) and not value.is_open else None
        texts = known_texts(held or ())
        if len(texts) == 1:
            return texts[0]
    return ""


def _parameters(resolver: Resolver, name: str, seen_from: str) -> Values:
    if name != _ALL and not name.startswith(_ONE):
        return ()
    values = resolver.program.ask("step-parameters", folder_of(seen_from), lambda: _configured(resolver, seen_from))
    for step in name.removeprefix(_ONE).split(".") if name != _ALL else ():
        found = [held for one in values if isinstance(one, Mapping) and (held := one.get(step)) is not None]
        values = union(*found)
    return values


def _configured(resolver: Resolver, seen_from: str) -> Values:
    """The parameters of the nearest project around a file: one mapping of the base and one an environment over it."""
    for folder in upwards(folder_of(seen_from)):
        start = f"{folder}/" if folder else ""
        layers: dict[str, Values] = {}
        for path in resolver.program.documents_inside(f"{start}conf"):
            match = _FILE.fullmatch(path, len(start))
            file = resolver.program.file(path)
            if match is None or is_test(path[len(start) :]) or file is None or not isinstance(file.content, Documents):
                continue
            for root in file.content.roots:
                content = document(root, "configured")
                before = layers.get(match["environment"])
                layers[match["environment"]] = content if before is None else merged(before, content)
        if layers:
            base = layers.pop(_BASE, ())
            whole = [base, *(merged(base, layer) if base else layer for layer in layers.values())]
            return union(*(interpolated(resolver, one, seen_from) for one in whole))
    return ()
