"""Writes by methods whose location hangs on the object, told apart by the calls that make the objects.

`Base("a")` and `Sub("b")` both run `Base.save`, which writes `f"data/{self.name}.csv"`: what stands in `data/a.csv` is
what an object of `Base` puts there, and nothing that a method of `Sub` gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mltradeoff_lint.graph.nodes.locations import Places
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.calls.hanging import holds
from mltradeoff_lint.resolve.calls.own_calls import of_object, own_method
from mltradeoff_lint.resolve.domain import CallRef, ClassRef, Frame, Function, FunctionRef, Instance
from mltradeoff_lint.resolve.sites import Use

MAX_OBJECTS = 16
"""Objects of one class that are told apart; with more of them a write is looked at as one of any."""


class OwnWrites:
    """Tells the looks at a write apart by the objects that it may be one of."""

    def __init__(self, work: Workspace, places: Places) -> None:
        self._work = work
        self._places = places

    def apart(self, use: Use, frames: Sequence[Frame]) -> Sequence[Frame]:
        """The looks at a write once for each object; as they are where not all objects say where it goes."""
        if not frames or not self._hangs_on_object(use, frames[0].function):
            return frames
        found: dict[Frame, None] = {}
        for frame in frames:
            objects = self._objects(frame)
            is_told = 0 < len(objects) <= MAX_OBJECTS
            found |= dict.fromkeys([self._of(frame, one) for one in objects] if is_told else [frame])
        if tuple(found) == tuple(frames):
            return frames
        return tuple(found) if self._identities(use, found) >= self._identities(use, frames) else frames

    def _hangs_on_object(self, use: Use, holder: FunctionRef) -> bool:
        if self._work.resolver.scope(holder).owner == NONE:
            return False
        facts, exprs = self._work.resolver.facts(use.ref.path), self._places.values.exprs(use)
        return any(scope == holder.scope and isinstance(what, str) for scope, what in holds(facts, exprs))

    def _identities(self, use: Use, frames: Iterable[Frame]) -> frozenset[str]:
        return frozenset(one.identity for frame in frames for one in self._places.at(use, frame) if one.is_whole)

    def _objects(self, frame: Frame) -> tuple[Instance, ...]:
        """The objects whose method a frame may look at; empty where they do not all show."""
        own = own_method(self._work.resolver, frame.call)
        if own is None:
            return self._called_on(frame)
        if frame.outer is not None and frame.outer.function == own:
            return self._objects(frame.outer)
        owners = [self._owner(frame.function), self._owner(own)]
        made = self._work.resolver.constructions(owners[1]) or ()
        return tuple(one for one in made if set(owners) <= set(self._work.resolver.lineage(one.ref)))

    def _called_on(self, frame: Frame) -> tuple[Instance, ...]:
        found = []
        for value in self._called(frame.call, frame.outer):
            receiver = value.receiver if isinstance(value, Function) else None
            if not isinstance(receiver, Instance) or receiver.made is None or receiver.is_derived:
                return ()
            found.append(receiver)
        return tuple(found)

    def _called(self, ref: CallRef, frame: Frame | None) -> tuple[object, ...]:
        return self._work.resolver.values(ref.path, self._work.resolver.call(ref).function, frame)

    def _owner(self, method: FunctionRef) -> ClassRef:
        return ClassRef(method.path, self._work.resolver.scope(method).owner)

    def _of(self, frame: Frame, receiver: Instance) -> Frame:
        """A frame for one object, in which the methods that call one another are all those of the object."""
        own = own_method(self._work.resolver, frame.call)
        if own is None:
            return frame._replace(receiver=receiver)
        is_known = frame.outer is not None and frame.outer.function == own
        outer = self._of(frame.outer, receiver) if is_known and frame.outer else of_object(own, receiver)
        return frame._replace(outer=outer, receiver=receiver)
