"""References inside a configuration as OmegaConf reads them: `${a.b}`, `${.sibling}`, `${oc.env:NAME,default}`.

https://omegaconf.readthedocs.io/en/latest/usage.html#variable-interpolation. A reference that leads back to itself, or
to nothing, stays a hole.
"""

from __future__ import annotations

import re

from mltradeoff_lint.resolve.domain import Hole, Items, Literal, Mapping, Template, Value, Values, union
from mltradeoff_lint.resolve.environment.environment import environment_value
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.strings import concatenate

_REFERENCE = re.compile(r"\$\{([^${}]{1,300})\}")
_ENVIRONMENT = ("oc.env:", "env:")
_BUDGET = 4000
MAX_HOPS = 12
"""References that lead to references further than this stay holes."""

Route = tuple[str, ...]


def interpolated(resolver: Resolver, values: Values, path: str, root: Values | None = None) -> Values:
    """Values with every reference filled that the document itself, or the environment of a module, tells."""
    return _Filling(resolver, root if root is not None else values, path).every(values, ())


class _Filling:
    """Fills the references of one document."""

    def __init__(self, resolver: Resolver, root: Values, path: str) -> None:
        self._resolver = resolver
        self._root = root
        self._path = path
        self._left = _BUDGET

    def every(self, values: Values, route: Route, hops: int = 0) -> Values:
        return union(*(self._one(value, route, hops) for value in values))

    def _one(self, value: Value, route: Route, hops: int) -> Values:
        self._left -= 1
        if self._left < 0:
            return (value,)
        if isinstance(value, Mapping):
            entries = tuple((name, self.every(held, (*route, name), hops)) for name, held in value.entries)
            return (Mapping(entries, value.is_open, value.rest),)
        if isinstance(value, Items):
            items = tuple(self.every(held, (*route, str(at)), hops) for at, held in enumerate(value.items))
            return (Items(items, value.is_open, value.least),)
        if isinstance(value, Literal) and isinstance(value.value, str) and "${" in value.value:
            return self._text(value.value, value.provenance, route, hops)
        return (value,)

    def _text(self, text: str, provenance: str, route: Route, hops: int) -> Values:
        whole = _REFERENCE.fullmatch(text)
        if whole is not None:
            return self._referred(whole[1].strip(), provenance, route, hops)
        pieces: list[tuple[Values, str]] = []
        end = 0
        for reference in _REFERENCE.finditer(text):
            pieces.append(((Literal(text[end : reference.start()], provenance),), ""))
            pieces.append((self._referred(reference[1].strip(), provenance, route, hops), reference[1].strip()))
            end = reference.end()
        pieces.append(((Literal(text[end:], provenance),), ""))
        return concatenate(pieces)

    def _referred(self, name: str, provenance: str, route: Route, hops: int) -> Values:
        hole: Values = (Template((Hole(name),), provenance),)
        if hops >= MAX_HOPS:
            return hole
        for prefix in _ENVIRONMENT:
            if name.startswith(prefix):
                variable, comma, default = name.removeprefix(prefix).partition(",")
                fallback: Values = (Literal(default.strip().strip("'\"")),) if comma else ()
                return environment_value(self._resolver, variable.strip(), fallback, self._path)
        if ":" in name:
            return hole
        target = _target(name, route)
        found = None if target is None else _at(self._root, target)
        return hole if found is None or target is None else self.every(found, target, hops + 1) or hole


def _target(name: str, route: Route) -> Route | None:
    """The absolute route of a reference; a leading dot is the parent of its place, each further one a step above."""
    steps = name.lstrip(".")
    up = len(name) - len(steps)
    if up > len(route):
        return None
    base = route[:-up] if up else ()
    return (*base, *(step for step in re.split(r"[.\[\]]+", steps) if step))


def _at(values: Values, route: Route) -> Values | None:
    """What stands under a route; None when nothing does."""
    for step in route:
        found: list[Values] = []
        for value in values:
            if isinstance(value, Mapping):
                held = value.get(step)
                found += [held] if held is not None else []
            elif isinstance(value, Items) and step.isdecimal() and int(step) < len(value.items):
                found.append(value.items[int(step)])
        if not found:
            return None
        values = union(*found)
    return values
