"""The call graph seen from below: what can run a function, hop by hop, and with what certainty."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple, TypeAlias

from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.finding import Certainty
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.calls.call_names import is_super
from mltradeoff_lint.resolve.calls.handed import handings, is_passed, passing
from mltradeoff_lint.resolve.calls.injection import INJECTORS, dependencies
from mltradeoff_lint.resolve.domain import CallRef, Class, ClassRef, Function, FunctionRef, Instance
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.overrides import Overrides
from mltradeoff_lint.resolve.objects.unmade import is_never_made
from mltradeoff_lint.resolve.running.dispatched import Dispatched, Needed
from mltradeoff_lint.resolve.running.workflows import Workflows

MAX_HOPS = 8
"""Hops from a library call up to an endpoint; every wrapper chain seen needs fewer."""

MAX_REFERENCES = 60
PROTOCOLS = ("typing.Protocol", "typing_extensions.Protocol")

MAX_DETOUR = 12
"""Hops of a way that avoids another."""

_INJECTORS = frozenset(path.rpartition(".")[2] for path in INJECTORS)
_WORDS = {
    "calls": "calls `{name}`",
    "hands on": "hands `{name}` on",
    "runs": "runs the workflow with the step `{name}`",
    "queues": "queues `{name}`",
    "deploys": "has `{name}` run later, on a schedule or on demand",
    "wires": "makes `{name}` a step of a workflow",
    "defines": "defines `{name}` and hands it on",
    "depends on": "depends on `{name}`",
}


class Incoming(NamedTuple):
    """One way a function is run: from which function, where, how surely, and in what words."""

    caller: FunctionRef
    site: Site
    certainty: Certainty
    how: str
    ref: CallRef | None = None
    """The call at the site; None where the function is only defined there."""

    def words(self, name: str) -> str:
        """What the caller does with the function of this name."""
        return _WORDS[self.how].format(name=name)


class Reach:
    """Answers who runs a function, directly and over several hops."""

    def __init__(self, resolver: Resolver, workflows: Workflows | None = None) -> None:
        self.resolver = resolver
        self._workflows = workflows
        self._overrides = Overrides(resolver)
        self._dispatched = Dispatched(resolver, self._overrides)

    def function_of(self, path: str, scope: int) -> FunctionRef:
        """The function a scope belongs to; module code is scope 0, a class body belongs to what surrounds it.

        So does a lambda, as it runs for whoever wrote it, but not one that an object keeps and calls later.
        """
        facts = self.resolver.facts(path)
        while scope > 0 and facts.scopes[scope].kind != "function":
            if facts.scopes[scope].kind == "lambda" and self.resolver.callers(FunctionRef(path, scope)):
                break
            scope = facts.scopes[scope].parent
        return FunctionRef(path, max(scope, 0))

    def holder(self, ref: CallRef) -> FunctionRef:
        """The function that holds a call."""
        return self.function_of(ref.path, self.resolver.call(ref).scope)

    def incoming(self, function: FunctionRef) -> tuple[Incoming, ...]:
        """Every way a function is run, surest first, tests left out."""
        return self.resolver.program.ask("incoming", function, lambda: self._find(function))

    def _find(self, function: FunctionRef) -> tuple[Incoming, ...]:
        scope = self.resolver.scope(function)
        is_method = scope.owner != NONE and scope.kind == "function"
        if scope.kind == "module" or (is_method and is_never_made(self.resolver, self._owner(function))):
            return ()
        found: dict[tuple[FunctionRef, Site], Incoming] = {}
        for target, certainty in self._targets(function):
            for ref in self.resolver.callers(target):
                if not self._is_run_by(ref, target, function):
                    continue
                self._note(found, ref, min(certainty, self._dispatch(ref)), "calls")
        for run in self._workflows.runners(function) if self._workflows is not None else ():
            self._note(found, run.ref, Certainty.RESOLVED, run.how)
        for dependent, ref in self._dependents(function):
            site = Site(ref.path, self.resolver.call(ref).span)
            found.setdefault((dependent, site), Incoming(dependent, site, Certainty.RESOLVED, "depends on", ref))
        for one in handings(self.resolver, function):
            if one.meaning.kind == "calls-argument":
                several = [each for each in self.resolver.values(one.ref.path, one.expr) if isinstance(each, Function)]
                how = one.meaning.literal("how") or "hands on"
                self._note(found, one.ref, Certainty.LIKELY if several[1:] else Certainty.RESOLVED, how)
        for ref in self._references(function):
            self._note(found, ref, Certainty.LIKELY, "hands on")
        if scope.name == "<lambda>" and not found:
            holder, site = self.function_of(function.path, scope.parent), Site(function.path, scope.span)
            found[holder, site] = Incoming(holder, site, Certainty.LIKELY, "defines")
        ways = [one for one in found.values() if _can_run(one.caller.path, function.path)]
        return tuple(sorted(ways, key=lambda one: (-one.certainty, one.site, one.caller)))

    def _is_run_by(self, ref: CallRef, called: FunctionRef, function: FunctionRef) -> bool:
        """Whether a call of a function, or of the method of a base or protocol that it overrides, may run it."""
        if called != function and not self._may_override(ref, called, function):
            return False
        holder = self.holder(ref)
        is_method = self.resolver.scope(function).owner != NONE
        return not is_method or not self._is_on_self(ref, holder) or self._runs_for(holder, self._owner(function))

    def _may_override(self, ref: CallRef, base: FunctionRef, function: FunctionRef) -> bool:
        """Whether the object whose method is called may be of the class that overrides it.

        An object that is made here is of no other class.
        """
        if self._names_class(ref):
            return False
        owner = self._owner(function)
        if self._owner(base) not in self.resolver.lineage(owner):
            return True
        called = self.resolver.values(ref.path, self.resolver.call(ref).function)
        receivers = [one.receiver for one in called if isinstance(one, Function) and one.ref == base]
        return any(not isinstance(one, Instance) or self._may_be_of(one, owner) for one in receivers)

    def _may_be_of(self, receiver: Instance, owner: ClassRef) -> bool:
        return receiver.is_derived and self._overrides.may_be(receiver.ref, owner)

    def _owner(self, function: FunctionRef) -> ClassRef:
        return ClassRef(function.path, self.resolver.scope(function).owner)

    def _is_on_self(self, ref: CallRef, holder: FunctionRef) -> bool:
        """Whether a call in a method is one of `self.name(...)`."""
        facts, scope = self.resolver.facts(ref.path), self.resolver.scope(holder)
        function = facts.exprs[facts.calls[ref.call].function]
        if scope.owner == NONE or not scope.parameters or function[0] != "attr":
            return False
        return facts.exprs[function[1]][:2] == ("name", scope.parameters[0].name)

    def _runs_for(self, method: FunctionRef, owner: ClassRef) -> bool:
        """Whether an object of a class runs a method of one of its bases: inherited, or called by its base's name."""
        if self._owner(method) not in self.resolver.lineage(owner):
            return True
        name = self.resolver.scope(method).name
        own = [one.ref for one in self.resolver.member(Instance(owner), name) if isinstance(one, Function)]
        if not own or method in own:
            return True
        base, lineage = self._owner(method), self.resolver.lineage(owner)
        naming = (self.holder(one) for one in self.resolver.callers(method) if self._names_class(one))
        around = [self._owner(one) for one in naming if self.resolver.scope(one).owner != NONE]
        return any(one in lineage[: lineage.index(base)] or owner in self.resolver.lineage(one) for one in around)

    def _names_class(self, ref: CallRef) -> bool:
        """Whether a call says whose method it runs, `super().fit()` or `Base.fit(self)`: no override of it runs."""
        facts = self.resolver.facts(ref.path)
        function = facts.exprs[facts.calls[ref.call].function]
        if function[0] != "attr":
            return False
        if is_super(facts, function[1]):
            return True
        return all(isinstance(one, Class) for one in self.resolver.values(ref.path, function[1]))

    def _dispatch(self, ref: CallRef) -> Certainty:
        """How surely a call runs each of its functions: one of several methods or kept functions is only likely."""
        values = self.resolver.values(ref.path, self.resolver.call(ref).function)
        receivers = [one.receiver for one in values if isinstance(one, Function)]
        several = [one for one in receivers if one is None or (isinstance(one, Instance) and one.is_derived)]
        return Certainty.LIKELY if len(several) > 1 else Certainty.RESOLVED

    def _note(
        self, found: dict[tuple[FunctionRef, Site], Incoming], ref: CallRef, certainty: Certainty, how: str
    ) -> None:
        caller = self.holder(ref)
        site = Site(ref.path, self.resolver.call(ref).span)
        found.setdefault((caller, site), Incoming(caller, site, certainty, how, ref))

    def _targets(self, function: FunctionRef) -> list[tuple[FunctionRef, Certainty]]:
        """The function itself, and the base-class or protocol methods through which it is dispatched."""
        scope = self.resolver.scope(function)
        targets = [(function, Certainty.RESOLVED)]
        if scope.owner == NONE or scope.name.startswith("__"):
            return targets
        owner = ClassRef(function.path, scope.owner)
        for base in (*self.resolver.lineage(owner)[1:], *self._protocols(owner, scope.name)):
            for method in self.resolver.member(Instance(base), scope.name):
                if isinstance(method, Function) and method.ref != function:
                    targets.append((method.ref, Certainty.LIKELY))
        return list(dict.fromkeys(targets))

    def _protocols(self, owner: ClassRef, method: str) -> tuple[ClassRef, ...]:
        """Protocols of the repository with this method whose every method the class has."""
        names = self._method_names(owner)
        return tuple(
            ref
            for ref, methods in self._all_protocols()
            if method in methods and methods <= names and ref != owner and self._fits(owner, ref, method)
        )

    def _fits(self, owner: ClassRef, protocol: ClassRef, method: str) -> bool:
        """Whether a method can be called as its protocol says: the parameters have the same names."""
        wanted, given = (self._parameters(one, method) for one in (protocol, owner))
        return given is None or wanted is None or given[: len(wanted)] == wanted

    def _parameters(self, owner: ClassRef, method: str) -> tuple[str, ...] | None:
        """The names of a method's parameters without the receiver; None when it takes what it is given."""
        for one in self.resolver.member(Instance(owner), method):
            if isinstance(one, Function):
                parameters = self.resolver.scope(one.ref).parameters
                if any(parameter.kind in ("*", "**") for parameter in parameters):
                    return None
                return tuple(parameter.name for parameter in parameters[1:])
        return None

    def _method_names(self, owner: ClassRef) -> frozenset[str]:
        names: set[str] = set()
        for ref in self.resolver.lineage(owner):
            facts = self.resolver.facts(ref.path)
            names |= set(facts.scopes[facts.classes[ref.number].scope].finals)
        return frozenset(names)

    def _all_protocols(self) -> tuple[tuple[ClassRef, frozenset[str]], ...]:
        def find() -> tuple[tuple[ClassRef, frozenset[str]], ...]:
            found = []
            for path in self.resolver.program.python_paths():
                facts = self.resolver.facts(path)
                for number, one in enumerate(facts.classes):
                    ref = ClassRef(path, number)
                    if one.bases and set(self.resolver.library_bases(ref)) & set(PROTOCOLS):
                        finals = facts.scopes[one.scope].finals
                        methods = {
                            name for name, versions in finals.items()
                            if any(facts.definitions[version].kind == "function" for version in versions)
                        }  # fmt: skip
                        if methods:
                            found.append((ref, frozenset(methods)))
            return tuple(found)

        return self.resolver.program.ask("protocols", "", find)

    def _dependents(self, function: FunctionRef) -> tuple[tuple[FunctionRef, CallRef], ...]:
        """The functions for whose parameters a framework runs this one: `def score(store=Depends(function))`."""
        found = self.resolver.program.ask("dependents", "", self._all_dependents)
        return tuple(found.get(function, ()))

    def _all_dependents(self) -> dict[FunctionRef, list[tuple[FunctionRef, CallRef]]]:
        index: dict[FunctionRef, list[tuple[FunctionRef, CallRef]]] = {}
        for path in self.resolver.program.python_paths():
            facts = self.resolver.facts(path)
            if not any(last_name(facts.exprs[call.function]) in _INJECTORS for call in facts.calls):
                continue
            for number, scope in enumerate(facts.scopes):
                if scope.kind == "function":
                    dependent = FunctionRef(path, number)
                    for provider, ref in dependencies(self.resolver, dependent):
                        index.setdefault(provider, []).append((dependent, ref))
        return index

    def _references(self, function: FunctionRef) -> tuple[CallRef, ...]:
        """Calls that hand the function on as an argument: `add_task(f)`, `Depends(f)`, `run_in_executor(None, f)`."""
        if self.resolver.scope(function).kind != "function":
            return ()
        candidates = passing(self.resolver, function, MAX_REFERENCES)
        return tuple(ref for ref in candidates if is_passed(self.resolver, ref, function))

    def towards(self, needed: Needed) -> tuple[tuple[Incoming, Needed], ...]:
        """The ways a function is run on an object of the class that is needed, each with what it needs in turn."""
        found = []
        for way in self.incoming(needed.function):
            is_call = way.how == "calls" and way.ref is not None
            above = self._dispatched.caller(needed, way.ref, way.caller) if is_call and way.ref else Needed(way.caller)
            if above is not None:
                found.append((way, above))
        return tuple(found)

    def ancestors(self, function: FunctionRef) -> Mapping[FunctionRef, Incoming | None]:
        """Every function that can lead to this one, with the way towards it; nearest first, itself with None."""
        return self.resolver.program.ask("ancestors", function, lambda: self._nearest(function))

    def _nearest(self, function: FunctionRef) -> dict[FunctionRef, Incoming | None]:
        found: dict[FunctionRef, Incoming | None] = {}
        for needed, step in self._ways(function).items():
            found.setdefault(needed.function, step[0] if step is not None else None)
        return found

    def _ways(self, function: FunctionRef) -> _Above:
        return self.resolver.program.ask("ways-above", function, lambda: self._above(function))

    def _above(
        self, function: FunctionRef, without: frozenset[tuple[FunctionRef, Site]] = frozenset(), most: int = MAX_HOPS
    ) -> _Above:
        found: _Above = {Needed(function): None}
        level = [Needed(function)]
        for _ in range(most):
            following: list[Needed] = []
            for one in level:
                for way, above in self.towards(one):
                    if not is_among(above, found) and (way.caller, way.site) not in without:
                        found[above] = (way._replace(caller=one.function), one)
                        following.append(above)
            level = following
        return found

    def path_down(self, top: FunctionRef, function: FunctionRef) -> tuple[tuple[FunctionRef, Incoming], ...]:
        """The hops from an ancestor down to a function: (caller, way to the next)."""
        return _followed(self._ways(function), top)

    def other_path(
        self, top: FunctionRef, function: FunctionRef, without: Collection[tuple[FunctionRef, Site]]
    ) -> tuple[tuple[FunctionRef, Incoming], ...]:
        """The hops from an ancestor down that avoid some ways, each a caller and its place; empty without another.

        A way around may be longer than the shortest ones that make an ancestor.
        """
        return _followed(self._above(function, frozenset(without), MAX_DETOUR), top)


_Above: TypeAlias = dict[Needed, tuple[Incoming, Needed] | None]
"""What can lead to a function, each with the way to the next; that itself with None."""


def is_among(needed: Needed, found: Collection[Needed]) -> bool:
    """Whether a function was found already, for objects of the same class or for all."""
    return needed in found or Needed(needed.function) in found


def _followed(ways: _Above, top: FunctionRef) -> tuple[tuple[FunctionRef, Incoming], ...]:
    """The hops down from the nearest place where a function was found; none where it was not."""
    hops: list[tuple[FunctionRef, Incoming]] = []
    here = next((one for one in ways if one.function == top), None)
    while here is not None:
        step = ways[here]
        if step is None:
            break
        hops.append((here.function, step[0]))
        here = step[1]
    return tuple(hops)


def _can_run(caller: str, path: str) -> bool:
    """Whether code of one file runs code of another in use: a test runs nothing for users, and no module a notebook."""
    if is_test(caller) and not is_test(path):
        return False
    return caller == path or not path.endswith(".ipynb")
