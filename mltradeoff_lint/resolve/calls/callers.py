"""Who calls a function, and what its parameters are given."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from mltradeoff_lint.model.facts import NONE, Scope
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls import handed, own_runners, queued_runs, run_context, saved_artifacts
from mltradeoff_lint.resolve.calls.arity import decorator_names
from mltradeoff_lint.resolve.calls.binding import Binding
from mltradeoff_lint.resolve.calls.call_names import CallNames, is_own_class
from mltradeoff_lint.resolve.calls.constructions import Constructions
from mltradeoff_lint.resolve.calls.decorated_constructions import DecoratedConstructions
from mltradeoff_lint.resolve.calls.decorations import Decorations, takes_decorated
from mltradeoff_lint.resolve.calls.fitting import fitting
from mltradeoff_lint.resolve.calls.kept_functions import fields_of
from mltradeoff_lint.resolve.calls.passed_callees import frames_of
from mltradeoff_lint.resolve.calls.passed_rows import PassedRows
from mltradeoff_lint.resolve.calls.receiver_names import on_objects
from mltradeoff_lint.resolve.calls.splatted import Splatted
from mltradeoff_lint.resolve.command_line.parser_settings import kept_as
from mltradeoff_lint.resolve.configuration.run_parameters import RunParameters
from mltradeoff_lint.resolve.domain import (
    TOO_MANY,
    CallRef,
    Class,
    ClassRef,
    Frame,
    Function,
    FunctionRef,
    Instance,
    Library,
    Literal,
    Made,
    Values,
    is_none,
    marked_default,
    union,
    unknown,
)
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.aliases import written_type
from mltradeoff_lint.resolve.objects.brought_objects import brought
from mltradeoff_lint.resolve.values.brought import of_parameter

MAX_CANDIDATES = 400
"""A name with more call sites than this says nothing about which function is meant."""

NO_CALLER = "has no caller in the repository"
MAX_FRAMES = 3
MAX_SITES = 12
"""Call sites of a function whose arguments are looked at; more give no new values."""

INJECTORS = ("fastapi.Depends", "fastapi.Security")


class Callers:
    """The reverse call graph, by name first and by resolved callee then."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._names = CallNames(resolver)
        self.constructions = Constructions(resolver, self._names)
        # by the name of a function: the calls that are known to run each, and those that are to be asked again
        self._by_name: dict[str, tuple[dict[FunctionRef, dict[CallRef, None]], Sequence[CallRef]]] = {}
        self._binding = Binding(resolver)
        self._splatted = Splatted(resolver, self._binding)
        self._decorations = Decorations(resolver)
        self._decorated_made = DecoratedConstructions(resolver)
        self._rows = PassedRows(resolver)
        self.run_parameters = RunParameters(resolver)

    def callers(self, function: FunctionRef) -> tuple[CallRef, ...]:
        """The call sites that can run a function, in path and source order."""
        scope = self._resolver.scope(function)
        fields = fields_of(self._resolver, function) | kept_as(self._resolver, function)
        found = self._found(function, scope)
        if fields:
            found = sorted({*found, *self._running(self._names.sites(fields), function, scope)})
        return tuple([one for one in found if self._binding.fits(one, function)])

    def by_name(self, name: str) -> Sequence[CallRef]:
        """The calls of what a name may stand for that some run reaches, in path and source order."""
        return self._names.called(name)

    def _found(self, function: FunctionRef, scope: Scope) -> Sequence[CallRef]:
        """The calls that run a function by its own name, or by a name that may hold what goes by it."""
        if scope.name == "<lambda>":
            return ()
        owner = ClassRef(function.path, scope.owner) if scope.owner != NONE else None
        if owner is not None and scope.name == "__init__":
            return self._running(self._constructing(owner), function, scope)
        if owner is not None and scope.name == "__call__":
            name = self._resolver.class_fact(owner).name
            classes = {name, *self._names.subclasses(name)}
            return self._running(self._names.sites(classes | self._names.objects(classes)), function, scope)
        candidates = self._names.called(scope.name)
        if len(candidates) <= MAX_CANDIDATES:
            return self._of_name(scope.name, candidates, function)
        if owner is None:
            return ()
        return self._running(on_objects(self._resolver, self._names, owner, candidates), function, scope)

    def _of_name(self, name: str, candidates: Sequence[CallRef], function: FunctionRef) -> Sequence[CallRef]:
        """The calls of a name that run a function; all functions of the name are looked for among the same calls."""
        settled, unsettled = self._by_name.get(name) or ({}, candidates)
        found: list[CallRef] = []
        left: list[CallRef] = []
        for ref in unsettled:
            callees = self._called(ref)
            if self._is_settled(ref):
                for callee in callees:
                    settled.setdefault(callee, {})[ref] = None
            else:
                left.append(ref)
                found += [ref] if function in callees else []
        self._by_name[name] = (settled, left)
        return sorted({*settled.get(function, ()), *found})

    def _running(self, candidates: Collection[CallRef], function: FunctionRef, scope: Scope) -> list[CallRef]:
        """Those of some calls that run a function, in path and source order; none of too many."""
        if len(candidates) > MAX_CANDIDATES:
            return []
        live = [one for one in sorted(candidates) if self._names.is_live(one)]
        return [one for one in live if self._runs(one, function, scope)]

    def _constructing(self, owner: ClassRef) -> set[CallRef]:
        """Calls of a class and of those that derive from it, and what their own constructors hand on to it."""
        name = self._resolver.class_fact(owner).name
        derived = self._names.subclasses(name)
        above = (self._resolver.class_fact(one).name for one in self._resolver.lineage(owner))
        names = self._names.aliases((name, *derived))
        found = self._names.sites(names) | self._names.handing_on(derived) | self._decorated_made.sites(owner, names)
        return found | self._names.through_class({*above, *derived})

    def _runs(self, ref: CallRef, function: FunctionRef, scope: Scope) -> bool:
        if scope.name not in ("__init__", "__call__"):
            return function in self._called(ref)
        call = self._resolver.call(ref)
        if scope.name == "__init__" and self._is_own_class(ref, ClassRef(function.path, scope.owner)):
            return True
        for value in self._resolver.values(ref.path, call.function):
            if isinstance(value, Function) and value.ref == function:
                return True
            classes = self._decorated_made.made(value, ref) if not isinstance(value, Class) else (value.ref,)
            if scope.name == "__init__" and any(self._constructs(one, function, scope) for one in classes):
                return True
            if isinstance(value, Instance) and scope.name == "__call__":
                return ClassRef(function.path, scope.owner) in self._resolver.lineage(value.ref)
        return False

    def _constructs(self, made: ClassRef, function: FunctionRef, scope: Scope) -> bool:
        """Whether making an object of a class runs a constructor."""
        owner = next((one for one in self._resolver.lineage(made) if self._defines_init(one)), None)
        return owner == ClassRef(function.path, scope.owner)

    def _called(self, ref: CallRef) -> list[FunctionRef]:
        """The functions that a call site names."""
        values = self._resolver.values(ref.path, self._resolver.call(ref).function)
        return [value.ref for value in values if isinstance(value, Function)]

    def _is_settled(self, ref: CallRef) -> bool:
        """Whether what a call site names may be kept; a recording is to note who asks."""
        is_kept = not self._resolver.program.is_recorded
        return is_kept and self._resolver.is_final(ref.path, self._resolver.call(ref).function)

    def _is_own_class(self, ref: CallRef, made: ClassRef) -> bool:
        """Whether a call is `cls(...)` in a method that the class inherits, and so may make this class."""
        facts = self._resolver.facts(ref.path)
        call = facts.calls[ref.call]
        owner = facts.scopes[call.scope].owner
        if owner == NONE or not is_own_class(facts, call.function):
            return False
        return ClassRef(ref.path, owner) in self._resolver.lineage(made)

    def _defines_init(self, ref: ClassRef) -> bool:
        facts = self._resolver.facts(ref.path)
        return "__init__" in facts.scopes[facts.classes[ref.number].scope].finals

    # -- parameters

    def parameter(
        self, function: FunctionRef, position: int, frame: Frame | None, away: Sequence[CallRef] = ()
    ) -> Values:
        """What a parameter can be; see `Resolver.parameter`."""
        scope = self._resolver.scope(function)
        parameter = scope.parameters[position]
        here = _frame_of(frame, function)
        if position == 0 and scope.owner != NONE and scope.kind == "function":
            own = self._self_value(function, scope, here)
            if own is not None:
                return own
        here = here if here is None or here.receiver is None or not here.is_construction else None
        run = self.run_parameters.given(function, position, here.call if here else None)
        if here is not None:
            given = self.given(here.call, function, position, here.outer)
            if given:
                return union(given, run.values) if run.values else given
        sites = self._sites(function, away) if here is None else ()
        if parameter.kind in ("*", "**"):
            ways = [(here.call, here.outer)] if here is not None else [(site, None) for site in sites]
            return run_context.collected(
                self._resolver, function, position, self._splatted.further(ways, function, position)
            )
        passed = [self.given(site, function, position, None) for site in sites]
        sets, missed = [values for values in passed if values], not all(passed)
        if here is None:
            sets += self._by_others(function, position)
        configured = self._resolver.instantiated(function, position) if here is None else None
        sets += [run.values, configured or ()]
        is_unused = not sites and configured is None
        if (missed or is_unused) and (of_run := run_context.given(self._resolver, function, position)):
            return union(*sets, of_run)
        option = self._resolver.option(function, position) if missed or is_unused or scope.decorators else None
        if option is not None:
            sets.append(option)
        elif parameter.default != NONE and (missed or is_unused) and not run.is_always:
            # where a call leaves a parameter out, its default is what the call passes
            is_open, unseen = self._unseen(function, position, here, sites, passed)
            is_certain = (here is not None or bool(sites)) and not is_open and not scope.decorators
            sets += [self._default(function, parameter.default, is_certain=is_certain), unseen]
        return self._told(function, position, union(*sets), ", with the tests around it," if away else "")

    def _by_others(self, function: FunctionRef, position: int) -> Iterator[Values]:
        """What is passed for a parameter where the code writes no call: by decorators, libraries, runners, queues."""
        yield self._decorated(function, position)
        yield handed.given(self._resolver, function, position)
        yield own_runners.given(self._resolver, function, position, self.given)
        yield queued_runs.given(self._resolver, function, position)
        yield saved_artifacts.given(self._resolver, function, position)

    def _told(self, function: FunctionRef, position: int, found: Values, where: str) -> Values:
        """What is found of a parameter as far as its annotation allows it; the annotation where nothing else tells."""
        scope = self._resolver.scope(function)
        parameter = scope.parameters[position]
        values = tuple([value for value in found if not is_none(value)]) or found
        values = fitting(self._resolver, function.path, parameter.annotation, values)
        for value in values:
            if not isinstance(value, Unknown) and not is_none(value):
                return values
        annotated = self._annotated(function, scope, position)
        if annotated:
            return annotated if values else brought(self._resolver, annotated, self._source(function, position))
        return values or unknown(f"parameter {parameter.name}{where} {NO_CALLER}", self._source(function, position))

    def _sites(self, function: FunctionRef, away: Sequence[CallRef]) -> Sequence[CallRef]:
        """The first calls of a function; what tests pass are doubles, which say nothing of the code in use."""
        sites = self._resolver.callers(function)
        sites = tuple([site for site in sites if site not in away]) if away else sites
        if is_test(function.path):
            return sites[:MAX_SITES]
        return tuple(islice((site for site in sites if not is_test(site.path)), MAX_SITES))

    def _source(self, function: FunctionRef, position: int) -> str:
        """Who brings a parameter that no call of the repository passes; empty when nobody can tell."""
        found = of_parameter(self._resolver, function, position)
        return found or handed.source(self._resolver, function, position)

    def _unseen(
        self,
        function: FunctionRef,
        position: int,
        here: Frame | None,
        sites: Sequence[CallRef],
        given: Sequence[Values],
    ) -> tuple[bool, Values]:
        """Whether calls that write nothing for a parameter may pass it in splats, and what of that is not known.

        A way that nothing takes is not told beside those that are taken: a call that only hands on what the function
        around it is given, where nothing calls that function.
        """
        ways = [(here.call, here.outer)] if here is not None else []
        ways += [(site, None) for site, values in zip(sites, given, strict=False) if not values]
        may = [(site, frame) for site, frame in ways if self._splatted.may_give(site, function, position, frame)]
        is_told = any(frame is not None or not self._splatted.is_only_handed_on(site) for site, frame in may)
        if may and (is_told or all(map(self._splatted.is_only_handed_on, sites))):
            return True, unknown("further arguments that nobody shows")
        return bool(may), ()

    def _decorated(self, function: FunctionRef, position: int) -> Values:
        """What a decorator of the repository takes for the parameter that is decorated."""
        if not takes_decorated(self._resolver, function, position):
            return ()
        return union(tuple(one.thing for one in self._decorations.of(function)))

    def given(self, ref: CallRef, function: FunctionRef, position: int, frame: Frame | None = None) -> Values:
        """What one call gives a parameter, also inside `*values` and `**values`; empty when it gives nothing."""
        if frame is None and (ways := frames_of(self._resolver, ref, function)):
            return union(*(self._written(ref, function, position, one) for one in ways))
        if ref.call not in self._rows.taken(ref.path):
            return self._written(ref, function, position, frame)
        found = self._binding.argument(ref, function, position)
        exprs = self._splatted.whole(ref) if found is None else found[1:]
        frames = self._rows.of_function(ref, function, exprs, frame)
        return union(*(self._written(ref, function, position, one) for one in frames or (frame,)))

    def _written(self, ref: CallRef, function: FunctionRef, position: int, frame: Frame | None) -> Values:
        """What the arguments of one call hold for a parameter; of one that hands the function on, what it passes."""
        handing = handed.handing_at(self._resolver, ref, function)
        if handing is not None:
            return handed.passed_by(self._resolver, handing, function, position, frame)
        found = self._binding.argument(ref, function, position)
        if found is not None:
            return self._resolver.values(found[0], found[1], frame)
        return self._splatted.given(ref, function, position, frame)

    def _default(self, function: FunctionRef, expr: int, *, is_certain: bool) -> Values:
        injected = self._injected(function.path, expr)
        if injected is not None:
            return injected
        values = self._resolver.values(function.path, expr)
        if is_certain:
            return values
        # what a configuration file sets is no default of the code
        firm = {value for value in values if isinstance(value, Literal) and value.provenance == "configured"}
        weak = (Literal(None, "default") if is_none(value) else value for value in marked_default(values))
        return tuple(value if value in firm else other for value, other in zip(values, weak, strict=True))

    def _injected(self, path: str, expr: int) -> Values | None:
        """`Depends(provider)` as a default: what the provider returns."""
        facts = self._resolver.facts(path)
        if facts.exprs[expr][0] != "call":
            return None
        call = facts.calls[facts.exprs[expr][1]]
        for value in self._resolver.values(path, call.function):
            if isinstance(value, Library) and value.path in INJECTORS and call.arguments:
                providers = self._resolver.values(path, call.arguments[0])
                return union(*map(self._provided, providers))
        return None

    def _provided(self, provider: object) -> Values:
        if isinstance(provider, Function):
            scope = self._resolver.scope(provider.ref)
            results = [*scope.returns, *scope.yields]
            return union(*(self._resolver.values(provider.ref.path, one.value) for one in results if one.value != NONE))
        return (Instance(provider.ref),) if isinstance(provider, Class) else unknown("an injected value")

    def _annotated(self, function: FunctionRef, scope: Scope, position: int) -> Values:
        annotation = scope.parameters[position].annotation
        if annotation == NONE:
            return ()
        path, annotation = written_type(self._resolver, function.path, annotation)
        facts = self._resolver.facts(path)
        expr = facts.exprs[annotation]
        if expr[0] == "item":
            # Annotated[T, Depends(provider)]
            inner = facts.exprs[expr[2]]
            for part in inner[1] if inner[0] == "tuple" else ():
                injected = self._injected(path, part)
                if injected is not None:
                    return injected
        return tuple(v for v in self._resolver.annotated(path, annotation) if not isinstance(v, Unknown))

    def _self_value(self, function: FunctionRef, scope: Scope, here: Frame | None) -> Values | None:
        decorators = decorator_names(self._resolver, function.path, scope)
        if "staticmethod" in decorators:
            return None
        owner = ClassRef(function.path, scope.owner)
        if here is not None and here.receiver is not None:
            return (here.receiver,)
        if here is not None:
            functions = self._resolver.values(here.call.path, self._resolver.call(here.call).function, here.outer)
            bound = [one.receiver for one in functions if isinstance(one, Function) and one.ref == function]
            if scope.name == "__init__":
                made = Made(here.call, here.outer)
                classes = [one.ref for one in functions if isinstance(one, Class)]
                bound += [Instance(one, made) for one in classes if owner in self._resolver.lineage(one)]
            known = tuple(dict.fromkeys([one for one in bound if one is not None]))
            # one call may be on any of several objects; where some are left out it may be on any of the class
            if known and None not in bound and (len(known) == 1 or TOO_MANY not in functions):
                return known
        if "classmethod" in decorators or scope.parameters[0].name == "cls":
            return (Class(owner),)
        return (Instance(owner, is_derived=here is None),)

    def argument(self, ref: CallRef, function: FunctionRef, position: int) -> tuple[str, int] | None:
        """The (path, expression) a call passes for a parameter; None when it passes none that can be told."""
        return self._binding.argument(ref, function, position)


def _frame_of(frame: Frame | None, function: FunctionRef) -> Frame | None:
    while frame is not None and (frame.function != function or frame.row):
        frame = frame.outer
    return frame
