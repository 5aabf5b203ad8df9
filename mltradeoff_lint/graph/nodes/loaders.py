"""Which data a loader of a library fetches: told by the function that is called and by the name it is given."""

from __future__ import annotations

import json
from typing import NamedTuple

from mltradeoff_lint.graph.nodes.location_values import flat
from mltradeoff_lint.graph.nodes.places import reason_of_hole, short
from mltradeoff_lint.resolve.domain import Library, Literal, Value, Values, is_text, text_of
from mltradeoff_lint.resolve.sites import Use


class Fetched(NamedTuple):
    """What one call of a loader fetches."""

    identity: str
    label: str


def fetched(use: Use, names: Values, *, is_given: bool) -> tuple[Fetched, ...]:
    """What a loader fetches, for each of the `names` it can be given; `is_given` says whether it may be given one.

    A loader that is given none, such as `load_iris()` or one whose name is None, fetches what the function names. A
    name that did not resolve may be any, so that it joins no data of another module.
    """
    path = use.value.path
    written = [_written(name) for name in flat(names)] or ([""] if is_given and not names else [])
    found = dict.fromkeys(_fetched(path, one, use.ref.path) for one in written)
    return tuple(found) or (Fetched(f"{path}()", f"{path}()"),)


def _fetched(path: str, name: str, module: str) -> Fetched:
    label = f"{path}({name or '{name}'})"
    return Fetched(label if name else f"{module}:{label}", short(label))


def _written(name: Value) -> str:
    """A name as a call would hold it, with `{holes}`; empty when nothing of it is known."""
    if is_text(name):
        return "" if reason_of_hole(name) else json.dumps(text_of(name), ensure_ascii=False)
    if isinstance(name, Literal):
        return str(name.value)
    return name.path if isinstance(name, Library) and "(" not in name.path else ""
