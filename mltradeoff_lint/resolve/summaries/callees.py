"""The call graph seen from above: what the calls of a function run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls.hanging import method_around
from mltradeoff_lint.resolve.domain import CallRef, Class, ClassRef, Function, FunctionRef, Instance, Library
from mltradeoff_lint.resolve.flow.flow_steps import arguments, binding_scope
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.properties import is_property, method
from mltradeoff_lint.resolve.summaries.anatomy import NOTHING, Anatomy, anatomies, versions


class Target(NamedTuple):
    """One function that a call can run; `receiver` is the expression of its first argument, NONE for plain calls."""

    function: FunctionRef
    receiver: int
    is_construction: bool = False


class Called(NamedTuple):
    """What is known of one call site."""

    targets: tuple[Target, ...]
    inputs: tuple[tuple[int, int], ...]
    """(scope, position) of the parameters that are called themselves."""
    libraries: tuple[str, ...]
    constructs: bool
    """Whether it makes an object of a repository class."""
    unknown: str
    """Why some of what it runs is not known; empty when all is."""


class Callees:
    """Resolves the calls of functions, each module's parts listed once."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._anatomies: dict[str, dict[int, Anatomy]] = {}
        self._called: dict[CallRef, Called] = {}
        self._properties: dict[ClassRef, dict[str, FunctionRef]] = {}

    def anatomy(self, function: FunctionRef) -> Anatomy:
        """The parts of a function."""
        if function.path not in self._anatomies:
            self._anatomies[function.path] = anatomies(self._resolver.facts(function.path))
        return self._anatomies[function.path].get(function.scope, NOTHING)

    def of(self, function: FunctionRef) -> tuple[FunctionRef, ...]:
        """Every function whose summary a function's own is made from, in source order."""
        return self._resolver.program.ask("callees", function, lambda: self._find(function))

    def _find(self, function: FunctionRef) -> tuple[FunctionRef, ...]:
        found: dict[FunctionRef, None] = {}
        facts = self._resolver.facts(function.path)
        anatomy = self.anatomy(function)
        for number in anatomy.calls:
            found |= dict.fromkeys(target.function for target in self.called(CallRef(function.path, number)).targets)
            for expr in arguments(facts.calls[number]):
                found |= dict.fromkeys(self.functions(function.path, expr))
        for expr in anatomy.results:
            found |= dict.fromkeys(self.functions(function.path, expr))
        for expr in anatomy.members:
            one = self.property_of(function.path, facts.exprs[expr])
            found |= {one: None} if one is not None else {}
        found |= dict.fromkeys(self.wrappers(function))
        return tuple(found)

    # -- calls

    def called(self, ref: CallRef) -> Called:
        """What one call site runs."""
        found = self._called.get(ref)
        if found is None:
            found = self._called[ref] = self._resolve(ref)
        return found

    def _resolve(self, ref: CallRef) -> Called:
        facts = self._resolver.facts(ref.path)
        function = facts.calls[ref.call].function
        expr = facts.exprs[function]
        inputs = _parameters(facts, expr)
        if inputs:
            return Called((), inputs, (), False, "")
        targets: dict[Target, None] = {}
        libraries: dict[str, None] = {}
        constructs, unknown = False, ""
        receiver = expr[1] if expr[0] == "attr" else NONE
        for value in self._resolver.values(ref.path, function):
            if isinstance(value, Function):
                targets[Target(value.ref, receiver if value.receiver is not None else NONE)] = None
            elif isinstance(value, Class):
                constructs = True
                targets |= dict.fromkeys(Target(one, NONE, True) for one in self._constructors(value.ref))
            elif isinstance(value, Instance):
                methods = self._resolver.member(value, "__call__")
                targets |= {Target(one.ref, function): None for one in methods if isinstance(one, Function)}
            elif isinstance(value, Library):
                libraries[value.path] = None
            elif isinstance(value, Unknown):
                unknown = value.reason
        return Called(tuple(targets), (), tuple(libraries), constructs, unknown)

    def _constructors(self, ref: ClassRef) -> Iterator[FunctionRef]:
        for name in ("__init__", "__post_init__"):
            for one in self._resolver.lineage(ref):
                found = method(self._resolver, one, name)
                if found is not None:
                    yield found
                    break

    # -- functions that are no call

    def functions(self, path: str, expr: int) -> tuple[FunctionRef, ...]:
        """The functions an expression hands on as values: by name, as a method of `self`, or in a display of them."""
        facts = self._resolver.facts(path)
        one = facts.exprs[expr]
        if one[0] == "name":
            definitions = list(versions(facts, _bindings(facts, one)))
            own = tuple(FunctionRef(path, each.value) for each in definitions if each.kind == "function")
            if own:
                return own
            is_likely = any(each.kind == "import" for each in definitions)
        elif one[0] in ("list", "tuple"):
            return tuple(found for inner in one[1] for found in self._named(path, facts, inner))
        elif one[0] == "dict":
            return tuple(found for _, inner in one[1] for found in self._named(path, facts, inner))
        else:
            is_likely = one[0] == "attr" and facts.exprs[one[1]][:2] in (("name", "self"), ("name", "cls"))
        if not is_likely:
            return ()
        return tuple(value.ref for value in self._resolver.values(path, expr) if isinstance(value, Function))

    def _named(self, path: str, facts: PythonFacts, expr: int) -> tuple[FunctionRef, ...]:
        return self.functions(path, expr) if expr != NONE and facts.exprs[expr][0] in ("name", "attr") else ()

    def wrappers(self, function: FunctionRef) -> tuple[FunctionRef, ...]:
        """The decorators of the repository that a function runs through."""
        facts = self._resolver.facts(function.path)
        found: dict[FunctionRef, None] = {}
        for index in facts.scopes[function.scope].decorators:
            expr = facts.exprs[index]
            made = facts.calls[expr[1]].function if expr[0] == "call" else index
            values = self._resolver.values(function.path, made)
            found |= {value.ref: None for value in values if isinstance(value, Function)}
        return tuple(found)

    def property_of(self, path: str, expr: Expr) -> FunctionRef | None:
        """The property behind `self.name`; None for any other expression."""
        facts = self._resolver.facts(path)
        if expr[0] != "attr" or facts.exprs[expr[1]][:2] not in (("name", "self"), ("name", "cls")):
            return None
        scope = method_around(facts, facts.exprs[expr[1]][3])
        if scope <= 0:
            return None
        ref = ClassRef(path, facts.scopes[scope].owner)
        if ref not in self._properties:
            self._properties[ref] = self._find_properties(ref)
        return self._properties[ref].get(expr[2])

    def _find_properties(self, ref: ClassRef) -> dict[str, FunctionRef]:
        found: dict[str, FunctionRef] = {}
        for one in self._resolver.lineage(ref):
            facts = self._resolver.facts(one.path)
            for name in facts.scopes[facts.classes[one.number].scope].finals:
                read = method(self._resolver, one, name)
                if read is not None and name not in found and is_property(self._resolver, read):
                    found[name] = read
        return found


def _bindings(facts: PythonFacts, name: Expr) -> tuple[int, ...]:
    """The definitions that reach a name, else those of the scope around that binds it."""
    if name[2]:
        reaching: tuple[int, ...] = name[2]
        return reaching
    scope = binding_scope(facts, name)
    return facts.scopes[scope].finals.get(name[1], ()) if scope is not None else ()


def _parameters(facts: PythonFacts, expr: Expr) -> tuple[tuple[int, int], ...]:
    """The parameters that a called name is bound to; empty when it can be anything else."""
    if expr[0] != "name":
        return ()
    definitions = [facts.definitions[index] for index in _bindings(facts, expr)]
    if not definitions or any(one.kind != "param" for one in definitions):
        return ()
    return tuple((one.scope, one.value) for one in definitions)
