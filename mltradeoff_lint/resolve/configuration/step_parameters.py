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
from mltradeoff_lint.resolve.domain import Mapping, Values, union
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.merging import merged

_ALL = "parameters"
_ONE = "params:"
_BASE = "base"
_FILE = re.compile(r"conf/(?P<environment>[^/]+)/(?:.+/)?parameters(?:[^/]*|/.+)\.(?:ya?ml|json)")


def is_parameter(name: str) -> bool:
    """Whether a name among the inputs of a step stands for parameters, and for no data."""
    return name == _ALL or name.startswith(_ONE)


def configured(resolver: Resolver, name: str, seen_from: str) -> Values:
    """What the configuration holds under the name of parameters, for a pipeline of a file."""
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
