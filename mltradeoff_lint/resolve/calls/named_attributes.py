"""`getattr(thing, name)`: a thing and a name that are taken from one text, pair or name go together.

`module, name = path.rsplit(".", 1)` and then `getattr(importlib.import_module(module), name)` gives each path its own
class. What a name that both hang on can be is looked at one value at a time, and never every thing with every name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls.passed_rows import names_in, rows_of_values
from mltradeoff_lint.resolve.domain import CallRef, Frame, FunctionRef, Values, known_texts, union, unknown
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.loop_rows import MAX_ROWS, Group, Row, group_of, rows_of_group

COMPUTED_NAME = unknown("getattr of a computed name")


def attribute(resolver: Resolver, site: CallRef, thing: int, name: int, frame: Frame | None) -> Values:
    """What the attributes of things are whose names are computed; unknown where nothing tells which belong together."""
    found = _in_one_look(resolver, site.path, thing, name, frame)
    if found is not None:
        return found
    rows = _rows(resolver, site.path, thing, name, frame)
    around = FunctionRef(site.path, resolver.call(site).scope)
    each: list[Values] = []
    for row in rows:
        left = tuple(one for held in row.values() for one in held if isinstance(one, Unknown))
        here = Frame(around, site, frame, None, tuple(row.items()))
        each.append(left or _in_one_look(resolver, site.path, thing, name, here) or COMPUTED_NAME)
    return union(*each) or COMPUTED_NAME


def _in_one_look(resolver: Resolver, path: str, thing: int, name: int, frame: Frame | None) -> Values | None:
    """The attributes where one name is known, or all names of one thing; None where they would mix."""
    given = resolver.values(path, name, frame)
    texts = known_texts(given)
    things = resolver.values(path, thing, frame) if texts else ()
    if len(texts) != 1 and not (len(things) == 1 and len(texts) == len(given)):
        return None
    return union(*(resolver.member(one, text) for one in things for text in texts))


def _rows(resolver: Resolver, path: str, thing: int, name: int, frame: Frame | None) -> Sequence[Row]:
    """What the names hold that a thing and the name of its attribute hang on, for each value that they take from."""
    facts = resolver.facts(path)
    of_thing, of_name = dict(names_in(facts, thing)), dict(names_in(facts, name))
    shared = {group_of(facts, one) for one in of_thing}
    for group in dict.fromkeys(group_of(facts, one) for one in of_name):
        if group not in shared:
            continue
        both = {one: load for one, load in (of_thing | of_name).items() if group_of(facts, one) == group}
        rows = _of_group(resolver, path, group, both, frame)
        if 1 < len(rows) <= MAX_ROWS:
            return rows
    return ()


def _of_group(
    resolver: Resolver, path: str, group: Group, names: Mapping[tuple[int, ...], int], frame: Frame | None
) -> Sequence[Row]:
    if group.kind != "name":
        return rows_of_group(resolver, path, group, sorted(one for (one,) in names), frame) or ()
    return rows_of_values(resolver, path, names, frame)
