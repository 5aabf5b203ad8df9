"""What a call gives for an input of the function it runs, in terms of the function it stands in."""

from __future__ import annotations

from mltradeoff_lint.model.facts import NONE, Call, Expr, Parameter, PythonFacts
from mltradeoff_lint.resolve.calls.call_names import is_super
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef, Instance
from mltradeoff_lint.resolve.flow.flow_steps import binding_scope, splats
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.summaries.callees import Callees, Target
from mltradeoff_lint.resolve.summaries.keyed import under_key
from mltradeoff_lint.resolve.summaries.model import Given, Input

_OBJECT = ("self", "cls")


class Binding:
    """Maps inputs through calls."""

    def __init__(self, resolver: Resolver, callees: Callees) -> None:
        self._resolver = resolver
        self._callees = callees

    def given(self, function: FunctionRef, ref: CallRef, target: Target, wanted: Input) -> Given:
        """What a call of `target` in `function` gives for one input; nothing when it gives none that can be told."""
        if wanted.function != target.function:
            return Given((), (wanted,)) if self.encloses(wanted.function, function) else Given()
        if wanted.attribute and is_object(self._resolver, target.function, wanted.position):
            return self._attribute(ref, target, wanted.attribute)
        if wanted.attribute:
            return self._key(ref, target, wanted)
        if wanted.position == 0 and target.receiver != NONE:
            return Given((target.receiver,))
        return Given(self._argument(ref, target, wanted.position))

    def encloses(self, outer: FunctionRef, function: FunctionRef) -> bool:
        """Whether a function is another one or stands inside it."""
        if outer.path != function.path:
            return False
        facts, scope = self._resolver.facts(function.path), function.scope
        while scope > outer.scope:
            scope = facts.scopes[scope].parent
        return scope == outer.scope

    def _argument(self, ref: CallRef, target: Target, position: int) -> tuple[int, ...]:
        scope = self._resolver.scope(target.function)
        facts, call = self._resolver.facts(ref.path), self._resolver.call(ref)
        parameter = scope.parameters[position]
        if parameter.kind in ("*", "**"):
            return tuple(_rest(call, parameter, scope.parameters))
        found = self._resolver.argument(ref, target.function, position)
        return (found[1],) if found is not None else tuple(splats(facts, call))

    def _key(self, ref: CallRef, target: Target, wanted: Input) -> Given:
        """What a call puts under a key of a mapping that it hands on."""
        facts, call = self._resolver.facts(ref.path), self._resolver.call(ref)
        exprs: tuple[int, ...]
        if self._resolver.scope(target.function).parameters[wanted.position].kind == "**":
            named = tuple(expr for name, expr in call.keywords if name == wanted.attribute)
            if named:
                return Given(named)
            exprs = tuple(expr for name, expr in call.keywords if name is None)
        else:
            exprs = self._argument(ref, target, wanted.position)
        held = [under_key(ref.path, facts, expr, wanted.attribute) for expr in exprs]
        return Given(
            tuple(one for each in held for one in each.exprs), tuple(one for each in held for one in each.inputs)
        )

    def _attribute(self, ref: CallRef, target: Target, attribute: str) -> Given:
        """What an attribute of the receiver holds: that of the own object, or what its construction was given."""
        facts = self._resolver.facts(ref.path)
        if target.receiver == NONE:
            return Given()
        base = facts.exprs[target.receiver]
        if is_super(facts, target.receiver):
            method = self._method_around(ref)
            return Given((), (Input(method, 0, attribute),)) if method is not None else Given()
        own = object_of(facts, ref.path, base)
        if own is not None:
            return Given((), (Input(own, 0, attribute),))
        return Given(tuple(self._constructed(ref, target.receiver, attribute)))

    def _method_around(self, ref: CallRef) -> FunctionRef | None:
        facts, scope = self._resolver.facts(ref.path), self._resolver.call(ref).scope
        while scope > 0 and (facts.scopes[scope].owner == NONE or facts.scopes[scope].kind != "function"):
            scope = facts.scopes[scope].parent
        return FunctionRef(ref.path, scope) if scope > 0 else None

    def _constructed(self, ref: CallRef, receiver: int, attribute: str) -> list[int]:
        """The arguments of the constructions in the same module that `__init__` keeps as an attribute."""
        found: list[int] = []
        for value in self._resolver.values(ref.path, receiver):
            made = value.made if isinstance(value, Instance) else None
            if made is None or made.call.path != ref.path or self._home(made.call) != self._home(ref):
                continue
            for target in self._callees.called(made.call).targets:
                for position in self._kept(target.function, attribute):
                    found += self._argument(made.call, target, position) if target.is_construction else ()
        return found

    def _home(self, ref: CallRef) -> int:
        return self._resolver.call(ref).scope

    def _kept(self, constructor: FunctionRef, attribute: str) -> list[int]:
        """The positions of the parameters that a constructor writes to an attribute as they are."""
        facts = self._resolver.facts(constructor.path)
        found: list[int] = []
        for number in self._callees.anatomy(constructor).attributes:
            write = facts.writes[number]
            value = facts.exprs[write.value]
            if write.key == attribute and object_of(facts, constructor.path, facts.exprs[write.base]) == constructor:
                definitions = [facts.definitions[one] for one in value[2]] if value[0] == "name" else []
                found += [one.value for one in definitions if one.kind == "param" and one.scope == constructor.scope]
        return found


def is_object(resolver: Resolver, function: FunctionRef, position: int) -> bool:
    """Whether a parameter is the object that a method belongs to."""
    scope = resolver.scope(function)
    return position == 0 and scope.owner != NONE and scope.parameters[0].name in _OBJECT


def object_of(facts: PythonFacts, path: str, expr: Expr) -> FunctionRef | None:
    """The method whose own object a name is: `self` in it, or in a function inside it."""
    if expr[0] != "name" or expr[1] not in _OBJECT:
        return None
    scope = binding_scope(facts, expr)
    if scope is None or scope <= 0 or facts.scopes[scope].owner == NONE or not facts.scopes[scope].parameters:
        return None
    return FunctionRef(path, scope) if facts.scopes[scope].parameters[0].name == expr[1] else None


def _rest(call: Call, parameter: Parameter, parameters: tuple[Parameter, ...]) -> list[int]:
    """What may end up in `*values` or `**values`."""
    if parameter.kind == "**":
        named = {one.name for one in parameters}
        return [expr for name, expr in call.keywords if name is None or name not in named]
    plain = sum(one.kind in ("positional", "both") for one in parameters)
    return list(call.arguments[max(plain - 1, 0) :])
