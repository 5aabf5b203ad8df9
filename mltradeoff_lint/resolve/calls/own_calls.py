"""Calls of methods on the very object whose method calls them, and a method looked at for one object.

An object is told by the call that makes it. In a method of it, whatever calls that, `self.save(rows)` runs the `save`
of its class and passes what its own `rows` are: a look at one method of an object goes on in the others as one.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.resolve.calls.call_names import is_super
from mltradeoff_lint.resolve.calls.hanging import method_around, methods_of
from mltradeoff_lint.resolve.domain import CallRef, Class, ClassRef, Frame, Function, FunctionRef, Instance, Value
from mltradeoff_lint.resolve.folders import in_use
from mltradeoff_lint.resolve.interface import Resolver

MAX_DEPTH = 5
"""Calls one behind the other in which an object is made that is looked at for itself."""


def own_method(resolver: Resolver, ref: CallRef) -> FunctionRef | None:
    """The method on whose object a call is made: `self.name(...)`, `super().name(...)`; None for any other call."""
    facts, call = resolver.facts(ref.path), resolver.call(ref)
    function = facts.exprs[call.function]
    if function[0] != "attr":
        return None
    target = facts.exprs[function[1]]
    if is_super(facts, function[1]):
        around = method_around(facts, call.scope)
        return FunctionRef(ref.path, around) if facts.scopes[around].kind == "function" else None
    methods = methods_of(facts, target) if target[0] == "name" else set()
    return FunctionRef(ref.path, methods.pop()) if len(methods) == 1 else None


def of_object(method: FunctionRef, receiver: Instance) -> Frame | None:
    """A look at a method of an object, whatever calls it; None for an object of which no call is known."""
    made = receiver.made
    return Frame(method, made.call, made.frame, receiver) if made is not None else None


def look_around(resolver: Resolver, path: str, expr: int, receiver: Instance) -> Frame | None:
    """The look at the method of an object that an expression stands in; None outside of methods, or where it is deep.

    What one object is filled with by its methods is what the calls on that object pass.
    """
    facts, made = resolver.facts(path), receiver.made
    method = method_around(facts, facts.expr_scopes[expr])
    is_deep = made is None or (made.frame is not None and made.frame.depth >= MAX_DEPTH)
    is_method = not is_deep and method > 0 and facts.scopes[method].kind == "function"
    return of_object(FunctionRef(path, method), receiver) if is_method else None


def calls_on(resolver: Resolver, method: FunctionRef, receiver: Instance) -> tuple[tuple[CallRef, Frame | None], ...]:
    """The calls of a method that may be on one object, each with the look at what stands around it."""
    return tuple(_on(resolver, method, receiver))


def _on(resolver: Resolver, method: FunctionRef, receiver: Instance) -> Iterator[tuple[CallRef, Frame | None]]:
    for ref in in_use(method.path, resolver.callers(method)):
        own = own_method(resolver, ref)
        if own is not None:
            if ClassRef(own.path, resolver.scope(own).owner) in resolver.lineage(receiver.ref):
                yield ref, of_object(own, receiver)
        elif receiver.made is not None and ref == receiver.made.call:
            yield ref, receiver.made.frame
        elif any(_may_be(one, receiver) for one in resolver.values(ref.path, resolver.call(ref).function)):
            yield ref, None


def _may_be(called: Value, receiver: Instance) -> bool:
    """Whether what is called is a method of an object, or makes it."""
    if isinstance(called, Class):
        return False
    target = called.receiver if isinstance(called, Function) else None
    if not isinstance(target, Instance) or target.is_derived or target.made is None or receiver.made is None:
        return True
    is_other = target.made.call != receiver.made.call or target.ref != receiver.ref
    return not is_other and not _are_apart(target.made.frame, receiver.made.frame)


def _are_apart(one: Frame | None, other: Frame | None) -> bool:
    """Whether two ways to one line, as far as both are known, come by other calls: each makes its own object."""
    while one is not None and other is not None and one.receiver is None and other.receiver is None:
        if one.call != other.call:
            return True
        one, other = one.outer, other.outer
    return False
