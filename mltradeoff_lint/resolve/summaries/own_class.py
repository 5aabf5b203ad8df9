"""What only objects of some class do: the facts of a method that come of an override in a deriving class.

`Base.run` calls `self.step()`, which each deriving class may define anew, so that a summary of `Base.run` has what all
of them do. Such a fact keeps the class whose objects do it (`of`), and where an object of a sibling class is known to
be the receiver it is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.calls.call_names import is_super
from mltradeoff_lint.resolve.calls.hanging import method_around
from mltradeoff_lint.resolve.domain import CallRef, Class, ClassRef, FunctionRef, Instance
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.overrides import Overrides
from mltradeoff_lint.resolve.summaries.binding import object_of
from mltradeoff_lint.resolve.summaries.callees import Target
from mltradeoff_lint.resolve.summaries.merging import Some, through


class _Receiver(NamedTuple):
    """The class of an object, and whether it may be of one that derives from it."""

    ref: ClassRef
    is_derived: bool


class OwnClasses:
    """Tells which facts of a callee hold for the object that it is called on."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._overrides = Overrides(resolver)

    def through(self, facts: Iterable[Some], ref: CallRef, target: Target, site: Site) -> Iterator[Some]:
        """Facts of what a call runs, seen from there; without those of classes that the receiver is none of."""
        own = self._own(ref, target)
        above = self._override(own, target.function) if own is not None else None
        receivers: tuple[_Receiver, ...] | None = None
        for fact in facts:
            if fact.of is not None and receivers is None:
                receivers = (_Receiver(own, True),) if own is not None else self._receivers(ref, target)
            if fact.of is not None and receivers and not any(self._is_one(fact.of, one) for one in receivers):
                continue
            kept = self._nearest(fact.of, above, own) if own is not None else None
            yield from (one._replace(of=kept) for one in through((fact,), site))

    def _nearest(self, of: ClassRef | None, above: ClassRef | None, own: ClassRef) -> ClassRef | None:
        """The class that tells most of the own object; None where every object of the own class is of it."""
        if of is None or of in self._resolver.lineage(own):
            return above
        return above if above is not None and of in self._resolver.lineage(above) else of

    def _own(self, ref: CallRef, target: Target) -> ClassRef | None:
        """The class whose method a call stands in, where it is one of the own object; None for any other call."""
        if target.receiver == NONE:
            return None
        facts = self._resolver.facts(ref.path)
        if is_super(facts, target.receiver):
            scope = method_around(facts, facts.calls[ref.call].scope)
        else:
            method = object_of(facts, ref.path, facts.exprs[target.receiver])
            scope = method.scope if method is not None else 0
        return ClassRef(ref.path, facts.scopes[scope].owner) if scope > 0 else None

    def _override(self, own: ClassRef, function: FunctionRef) -> ClassRef | None:
        """The deriving class whose method a call of the own object may run; None for a method that all have."""
        owner = self._resolver.scope(function).owner
        found = ClassRef(function.path, owner)
        return None if owner == NONE or found in self._resolver.lineage(own) else found

    def _receivers(self, ref: CallRef, target: Target) -> tuple[_Receiver, ...]:
        """The objects that a call is one of, or that it makes; empty when not all of them are known."""
        expr = self._resolver.call(ref).function if target.is_construction else target.receiver
        values = self._resolver.values(ref.path, expr) if expr != NONE else ()
        found: list[_Receiver] = []
        for value in values:
            if isinstance(value, Instance):
                found.append(_Receiver(value.ref, value.is_derived))
            elif isinstance(value, Class):
                found.append(_Receiver(value.ref, not target.is_construction))
            else:
                return ()
        return tuple(found)

    def _is_one(self, of: ClassRef, receiver: _Receiver) -> bool:
        """Whether an object can be of a class."""
        if receiver.is_derived:
            return self._overrides.may_be(receiver.ref, of)
        return of in self._resolver.lineage(receiver.ref)
