"""Changes in place that make no new version of a name: through items, attributes, other functions and other scopes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.calls.decorations import Decorations
from mltradeoff_lint.resolve.domain import CallRef, Frame, Function, FunctionRef
from mltradeoff_lint.resolve.flow.flow_steps import Route, arguments, constant_key
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.filled import Filled

MUTATORS = frozenset({"add", "append", "appendleft", "extend", "insert", "setdefault", "update", "push", "put"})
"""Methods that put their arguments into their receiver."""

_CHANGES = frozenset({"item", "attribute", "method", "augment"})


class _Change(NamedTuple):
    """One change: in which scope, of which attribute of `self` (empty for a name), and what is put in."""

    scope: int
    attribute: str
    value: int
    key: int | str | None = None
    """The item of the thing at the root that is changed, where it is written out; None when it may be any."""


class Mutations:
    """Answers what is put into an object without binding its name again; flow-insensitive."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._filled = Filled(resolver, Decorations(resolver))
        self._by_root: dict[str, dict[str, list[_Change]]] = {}
        self._passed: dict[str, dict[tuple[int, str], list[int]]] = {}

    def of_name(
        self, path: str, name: str, scope: int, *, is_global: bool, route: Route = ()
    ) -> Iterator[tuple[int, int]]:
        """(expression, scope) put into what a name holds: in its own scope, and anywhere when it is a global.

        Where a part of it is wanted, changes of other parts are left out.
        """
        for change in self._index(path).get(name, ()):
            is_other = bool(route) and change.key is not None and change.key != route[0]
            if (change.scope == scope or is_global) and not is_other:
                yield change.value, change.scope

    def of_globals(self, path: str, name: str, route: Route) -> Iterator[tuple[str, int, Route]]:
        """(path, expression, part) that functions bind to a name of a module, or put under a key that is wanted."""
        for write in self._resolver.facts(path).writes:
            if write.kind == "global" and write.key == name:
                yield path, write.value, ()
        for putter, value in self._filled.under(path, name, route[0]) if route else ():
            yield putter, value, route[1:]

    def of_attribute(self, path: str, attribute: str) -> Iterator[int]:
        """Expressions put into `self.attribute` by the methods of a module."""
        for root in ("self", "cls"):
            yield from (one.value for one in self._index(path).get(root, ()) if one.attribute == attribute)

    def by_callees(self, path: str, name: str, scope: int, frame: Frame | None) -> Iterator[tuple[str, int, Frame]]:
        """(path, expression, frame) that functions of the repository put into a name they are given."""
        facts = self._resolver.facts(path)
        for number in self._calls(path).get((scope, name), ()):
            ref = CallRef(path, number)
            for value in self._resolver.values(path, facts.calls[number].function, frame):
                if not isinstance(value, Function) or (frame is not None and frame.depth > 3):
                    continue
                for position in range(len(self._resolver.scope(value.ref).parameters)):
                    given = self._resolver.argument(ref, value.ref, position)
                    if given is not None and facts.exprs[given[1]][:2] == ("name", name):
                        inner = Frame(value.ref, ref, frame)
                        yield from ((value.ref.path, one, inner) for one in self._into(value.ref, position))

    def _into(self, function: FunctionRef, position: int) -> Iterator[int]:
        facts = self._resolver.facts(function.path)
        name = facts.scopes[function.scope].parameters[position].name
        for one in facts.definitions:
            if one.scope == function.scope and one.name == name and one.kind in _CHANGES:
                yield one.value
        yield from (one.value for one in self._index(function.path).get(name, ()) if one.scope == function.scope)

    def _index(self, path: str) -> dict[str, list[_Change]]:
        if path not in self._by_root:
            facts = self._resolver.facts(path)
            index: dict[str, list[_Change]] = {}
            for write in facts.writes:
                if write.kind in ("item", "attribute", "method"):
                    last = str(write.key) if write.kind == "attribute" else ""
                    key = constant_key(facts, ("item", write.base, write.key)) if write.kind == "item" else None
                    self._note(facts, index, write.base, _Change(write.scope, last, NONE, key), (write.value,))
            for call in facts.calls:
                function = facts.exprs[call.function]
                if function[0] == "attr" and function[2] in MUTATORS:
                    self._note(facts, index, function[1], _Change(call.scope, "", NONE), tuple(arguments(call)))
            self._by_root[path] = index
        return self._by_root[path]

    def _note(
        self,
        facts: PythonFacts,
        index: dict[str, list[_Change]],
        base: int,
        change: _Change,
        values: tuple[int, ...],
    ) -> None:
        """Note a change under the name at the root of `name.attribute[key]`."""
        attribute, key, expr = change.attribute, change.key, facts.exprs[base]
        is_direct = expr[0] == "name"
        while expr[0] in ("attr", "item"):
            attribute = expr[2] if expr[0] == "attr" else attribute
            key = constant_key(facts, expr) if expr[0] == "item" else None
            expr = facts.exprs[expr[1]]
        if expr[0] != "name" or (is_direct and (expr[2] or expr[1] in ("self", "cls"))):
            # a name bound here has a new version, and `self.name = value` is a source of the attribute
            return
        index.setdefault(expr[1], []).extend(
            change._replace(attribute=attribute, key=key, value=one) for one in values if one != NONE
        )

    def _calls(self, path: str) -> dict[tuple[int, str], list[int]]:
        """Calls by a name they are given, in the scope they stand in."""
        if path not in self._passed:
            facts = self._resolver.facts(path)
            index: dict[tuple[int, str], list[int]] = {}
            for number, call in enumerate(facts.calls):
                for expr in (facts.exprs[one] for one in arguments(call)):
                    if expr[0] == "name":
                        index.setdefault((call.scope, expr[1]), []).append(number)
            self._passed[path] = index
        return self._passed[path]
