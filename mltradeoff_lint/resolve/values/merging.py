"""Settings merged over one another: the keys of both, and where both have a key the later value."""

from __future__ import annotations

from mltradeoff_lint.resolve.domain import Mapping, Value, Values, union

MAX_DEPTH = 24


def merged(base: Values, over: Values, depth: int = 0) -> Values:
    """Each base with each value laid over it, key by key where both are mappings; any other value replaces."""
    if not base:
        return over
    if not over:
        return base
    return union(*((_two(one, other, depth),) for one in base for other in over))


def _two(base: Value, over: Value, depth: int) -> Value:
    if not isinstance(base, Mapping) or not isinstance(over, Mapping) or depth > MAX_DEPTH:
        return over
    entries = dict(base.entries)
    for name, values in over.entries:
        entries[name] = merged(entries[name], values, depth + 1) if name in entries else values
    return Mapping(tuple(entries.items()), base.is_open or over.is_open, union(base.rest, over.rest))


def placed(route: tuple[str, ...], values: Values) -> Values:
    """Values under a route of keys, as a mapping to merge."""
    for name in reversed(route):
        values = (Mapping(((name, values),)),)
    return values
