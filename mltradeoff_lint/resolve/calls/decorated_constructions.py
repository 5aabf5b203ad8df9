"""Constructor calls that a decorator's library makes of a method: `Bot.bind(llm)`, `Actor.options(...).remote(path)`.

What such a call passes are the arguments of `__init__`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.resolve.calls import decorated
from mltradeoff_lint.resolve.domain import CallRef, ClassRef, Instance, Library, Made, Value
from mltradeoff_lint.resolve.interface import Resolver

MAX_STEPS = 3
"""Methods that configure a class one behind the other before it is made."""


class DecoratedConstructions:
    """Finds the calls that make an object of a class through a method of its decorator's library."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def sites(self, owner: ClassRef, names: Iterable[str]) -> set[CallRef]:
        """The calls of a method of a decorated class, or of what configures it, by the names that may hold it."""
        if not self._making or not self._resolver.class_fact(owner).decorators:
            return set()
        names = set(names)
        names |= {bound for name in names for bound in self._configured.get(name, ())}
        return {ref for name in names for ref in self._by_receiver.get(name, ())}

    def made(self, value: Value, ref: CallRef) -> Iterator[ClassRef]:
        """The classes of which a call of such a method makes an object."""
        if isinstance(value, Library):
            found = decorated.called(self._resolver, value, Made(ref), is_same=False)
            yield from (one.ref for one in found if isinstance(one, Instance))

    @cached_property
    def _making(self) -> frozenset[str]:
        """The names of the methods by which libraries run what they decorate, as the catalog has them."""
        rows = self._resolver.program.catalog.rows("calls")
        paths = (row.path for row in rows if row.kind == "workflow-run")
        return frozenset(path.rpartition(".")[2] for path in paths if not path.startswith(decorated.ANY_FUNCTION))

    @cached_property
    def _by_receiver(self) -> dict[str, list[CallRef]]:
        """Name of a class, or of what configures it -> the calls of such a method of it."""
        index: dict[str, list[CallRef]] = {}
        for path in self._resolver.program.python_paths():
            facts = self._resolver.facts(path)
            for number, call in enumerate(facts.calls):
                is_making = last_name(facts.exprs[call.function]) in self._making
                name = _receiver(facts, call.function) if is_making else ""
                if name:
                    index.setdefault(name, []).append(CallRef(path, number))
        return index

    @cached_property
    def _configured(self) -> dict[str, set[str]]:
        """Name of a class -> names bound to what a method of it gives: `Small = Bot.options(...)`."""
        index: dict[str, set[str]] = {}
        for path in self._resolver.program.python_paths():
            facts = self._resolver.facts(path)
            for one in facts.definitions:
                expr = facts.exprs[one.value] if one.kind == "assign" and not one.path else ("none",)
                name = _receiver(facts, facts.calls[expr[1]].function) if expr[0] == "call" else ""
                if name:
                    index.setdefault(name, set()).add(one.name)
        return index


def _receiver(facts: PythonFacts, function: int) -> str:
    """The name whose method is called, methods that configure it looked through; empty for a plain call."""
    for _ in range(MAX_STEPS):
        expr = facts.exprs[function]
        if expr[0] != "attr":
            return ""
        base = facts.exprs[expr[1]]
        if base[0] != "call":
            return last_name(base)
        function = facts.calls[base[1]].function
    return ""
