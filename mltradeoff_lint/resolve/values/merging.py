"""Settings merged over one another: the keys of both, and where both have a key the later value."""

from __future__ import annotations

from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Items, Library, Mapping, Value, Values, known_texts, union, unknown
from mltradeoff_lint.resolve.environment.process_environment import spread

MAX_DEPTH = 24


def merged(base: Values, over: Values, depth: int = 0) -> Values:
    """Each base with each value laid over it, key by key where both are mappings; any other value replaces."""
    if not base:
        return over
    if not over:
        return base
    return union(*((_two(one, other, depth),) for one in base for other in over))


def laid(base: Mapping, over: Value) -> Mapping:
    """The dict `{**base, **over}`; a key that `over` may hold unseen is not certain any more."""
    if isinstance(over, Mapping) and not over.is_open:
        return Mapping((*base.entries, *over.entries), base.is_open, base.rest, base.of)
    rest = over.rest if isinstance(over, Mapping) else spread((over,))
    may = rest or unknown("a key that later data may replace")
    kept = tuple((name, union(held, may)) for name, held in base.entries)
    return Mapping((*kept, *(over.entries if isinstance(over, Mapping) else ())), True, union(base.rest, rest))


def of_pairs(value: Value) -> Value:
    """What `dict(pairs)` makes of a list of keys with their values; any other value stays as it is."""
    if not isinstance(value, Items) or value.is_open:
        return value
    entries: list[tuple[str, Values]] = []
    for item in value.items:
        pair = item[0].items if len(item) == 1 and isinstance(item[0], Items) else ()
        keys = known_texts(pair[0]) if len(pair) == 2 else ()
        if len(keys) != 1:
            return value
        entries.append((keys[0], pair[1]))
    return Mapping(tuple(entries))


def _two(base: Value, over: Value, depth: int) -> Value:
    if isinstance(base, Mapping) and isinstance(over, (Library, Unknown)) and not depth:
        return laid(base, over)
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
