"""What methods of plain texts, lists, sets and dicts give."""

from __future__ import annotations

from mltradeoff_lint.model.facts import Call
from mltradeoff_lint.resolve.calls.builtin_functions import argument
from mltradeoff_lint.resolve.calls.lookups import is_same, looked_up
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Frame,
    Hole,
    Library,
    Made,
    Template,
    Values,
    union,
    unknown,
    weakest,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.field_data import unfolded
from mltradeoff_lint.resolve.values import iterables, strings, texts
from mltradeoff_lint.resolve.values.hole_names import hints_of, result_name
from mltradeoff_lint.resolve.values.starred import pieces

_FILES = frozenset({"open", "read_text", "read_bytes", "write_text", "write_bytes", "exists", "mkdir"})
"""Methods by which a path gets at its file."""

_OF_CONTAINERS = ("builtins.dict().", "builtins.list().", "builtins.set().")


class BuiltinMethods:
    """Calls of the methods that built-in types have."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def called(self, value: Library, site: CallRef, frame: Frame | None) -> Values | None:
        """What a call of a method gives; None where it is none of a built-in type."""
        if value.path.startswith("builtins.str()."):
            return self._string_method(value, site, self._resolver.call(site), frame)
        if value.path.startswith(_OF_CONTAINERS):
            return self._container_method(value, site, self._resolver.call(site), frame)
        return None

    def _string_method(self, value: Library, site: CallRef, call: Call, frame: Frame | None) -> Values:
        name = value.path.rpartition(".")[2]
        receiver = self._receiver(site, call, frame)
        facts = self._resolver.facts(site.path)
        ways = pieces(self._resolver, site, frame, hints_of(facts, call.arguments))
        keywords = {key: self._resolver.values(site.path, expr, frame) for key, expr in call.keywords if key}
        spread_in = [self._resolver.values(site.path, expr, frame) for key, expr in call.keywords if key is None]
        held = [([values for values, _ in way], [hint for _, hint in way]) for way in ways]
        spreads = texts.spreads(spread_in)
        made = [texts.method(name, receiver, given, keywords, one, hints) for given, hints in held for one in spreads]
        if made[0] is not None:
            return union(*(one or () for one in made))
        if name in _FILES:
            return (Library(f"pathlib.Path().{name}()", (Made(site, frame),)),)
        if not receiver:
            return unknown(f"str.{name}")
        firmness = weakest(*map(strings.provenance_of, receiver))
        return (Template((Hole(result_name(facts, site.call)),), firmness),)

    def _container_method(self, value: Library, site: CallRef, call: Call, frame: Frame | None) -> Values:
        name = value.path.rpartition(".")[2]
        receiver = self._receiver(site, call, frame)
        if name in ("get", "pop", "setdefault"):
            keys, default = (argument(self._resolver, site, call, position, frame) for position in (0, 1))
            is_key = len(call.arguments) == 2 and is_same(self._resolver.facts(site.path), *call.arguments)
            return looked_up(self._resolver, site.path, receiver, keys, default, is_key=is_key)
        if name in iterables.VIEWS:
            return iterables.view(name, [unfolded(self._resolver, one) for one in receiver])
        if name == "copy":
            return receiver
        return unknown(f"result of {name}")

    def _receiver(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        expr = self._resolver.facts(site.path).exprs[call.function]
        return self._resolver.values(site.path, expr[1], frame) if expr[0] == "attr" else ()
