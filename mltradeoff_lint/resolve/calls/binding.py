"""How the arguments of a call are bound to the parameters of a function that it runs."""

from __future__ import annotations

from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.calls.arity import Arity, decorator_names
from mltradeoff_lint.resolve.calls.call_names import is_super
from mltradeoff_lint.resolve.domain import CallRef, Function, FunctionRef
from mltradeoff_lint.resolve.interface import Resolver


class Binding:
    """Answers what a call passes for a parameter; how a call meets a function is worked out once."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._arity = Arity(resolver)

    def fits(self, ref: CallRef, function: FunctionRef) -> bool:
        """Whether a call may bind the parameters of a function; one that certainly does not raises `TypeError`."""
        return self._met(ref, function) is not None

    def offset(self, ref: CallRef, function: FunctionRef) -> int:
        """How many leading parameters the call does not write: `self` of a method, what a partial function has."""
        return self._met(ref, function) or 0

    def argument(self, ref: CallRef, function: FunctionRef, position: int) -> tuple[str, int] | None:
        """The (path, expression) a call passes for a parameter; None when it passes none that can be told."""
        offset = self._met(ref, function)
        if offset is None:
            return None
        parameter, call = self._resolver.scope(function).parameters[position], self._resolver.call(ref)
        if parameter.kind != "positional":
            for keyword, expr in call.keywords:
                if keyword == parameter.name:
                    return (ref.path, expr)
        index = position - offset
        if parameter.kind not in ("positional", "both") or not 0 <= index < len(call.arguments):
            return None
        exprs = self._resolver.facts(ref.path).exprs
        for one in call.arguments[: index + 1]:
            if exprs[one][0] == "star":
                return None
        return (ref.path, call.arguments[index])

    def _met(self, ref: CallRef, function: FunctionRef) -> int | None:
        """How many leading parameters a call does not write; None when it does not fit the function."""

        def find() -> int | None:
            return None if self._arity.misses(ref, function) else self._unwritten(ref, function)

        return self._resolver.program.ask("binding", (ref, function), find)

    def _unwritten(self, ref: CallRef, function: FunctionRef) -> int:
        scope, call = self._resolver.scope(function), self._resolver.call(ref)
        facts = self._resolver.facts(ref.path)
        expr = facts.exprs[call.function]
        is_method = scope.owner != NONE and scope.kind == "function" and bool(scope.parameters)
        if is_method and "staticmethod" in decorator_names(self._resolver, function.path, scope):
            return 0
        if is_method and scope.name == "__init__":
            return 0 if expr[0] == "attr" and expr[2] == "__init__" and not is_super(facts, expr[1]) else 1
        if not is_method and expr[0] == "name" and expr[1] == scope.name:
            # one that is called by its own name is no partial function
            return 0
        for value in self._resolver.values(ref.path, call.function):
            if isinstance(value, Function) and value.ref == function:
                return (1 if is_method and value.receiver is not None else 0) + (value.bound or 0)
        return 1 if is_method else 0
