"""Of which class an object has to be for a way through the call graph: what overrides a method runs for no sibling.

`Base.run` calls `self.step()` and so leads to every `step` that overrides it, but `Other().run()` leads to none of a
class that `Other` does not derive from.
"""

from __future__ import annotations

from typing import NamedTuple

from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.calls.own_calls import own_method
from mltradeoff_lint.resolve.domain import CallRef, Class, ClassRef, Function, FunctionRef, Instance, Value
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.overrides import Overrides


class Needed(NamedTuple):
    """A function that has to run, and the class of whose objects it has to be a method call; None for any object."""

    function: FunctionRef
    owner: ClassRef | None = None


class Dispatched:
    """Hands the class that a way needs from a method to what calls it."""

    def __init__(self, resolver: Resolver, overrides: Overrides) -> None:
        self._resolver = resolver
        self._overrides = overrides

    def caller(self, needed: Needed, ref: CallRef, holder: FunctionRef) -> Needed | None:
        """What a call of a function needs of the function around it; None where its object is of another class."""
        scope = self._resolver.scope(needed.function)
        if scope.owner == NONE or scope.kind != "function":
            return Needed(holder)
        if own_method(self._resolver, ref) == holder:
            return self._handed_on(needed.owner or ClassRef(needed.function.path, scope.owner), holder)
        return Needed(holder) if needed.owner is None or self._may_be_on(ref, needed.owner) else None

    def _handed_on(self, asked: ClassRef, holder: FunctionRef) -> Needed | None:
        own = ClassRef(holder.path, self._resolver.scope(holder).owner)
        if asked in self._resolver.lineage(own):
            return Needed(holder)
        return Needed(holder, asked) if self._overrides.may_be(own, asked) else None

    def _may_be_on(self, ref: CallRef, asked: ClassRef) -> bool:
        """Whether the object of a call may be of a class; one that is not known may be."""
        facts, function = self._resolver.facts(ref.path), self._resolver.call(ref).function
        name = last_name(facts.exprs[function])
        return any(self._fits(one, asked, name) for one in self._resolver.values(ref.path, function))

    def _fits(self, value: Value, asked: ClassRef, name: str) -> bool:
        if isinstance(value, Class):
            # a name that is not its own may stand for a class that derives from it
            made = Instance(value.ref, is_derived=self._resolver.class_fact(value.ref).name != name)
        elif isinstance(value, Function) and isinstance(value.receiver, Instance):
            made = value.receiver
        else:
            return True
        is_derived = made.is_derived and self._overrides.may_be(made.ref, asked)
        return is_derived or asked in self._resolver.lineage(made.ref)
