"""Which calls of a function come to a place in it: those whose arguments pass the tests around the place.

`if cut is None:` around a read of `model` keeps back what `run("a", cut="end")` passes for `model`. Each call site is
asked for what it passes for the parameters that are tested, its default where it leaves one out; a call is turned away
only when what it writes itself decides that. Where none arrives, an outside caller may.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mltradeoff_lint.model.facts import Definition, Expr, PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls.hanging import holds
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Frame,
    FunctionRef,
    Items,
    Library,
    Mapping,
    Template,
    Value,
    Values,
    frame_of,
    is_none,
    is_written,
    unknown,
)
from mltradeoff_lint.resolve.folders import in_use
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.always_there import is_always_container
from mltradeoff_lint.resolve.values.class_tests import asks_for_kind, kind_outcome, kinds_at
from mltradeoff_lint.resolve.values.conditions import Condition
from mltradeoff_lint.resolve.values.outcomes import asks_for_absence
from mltradeoff_lint.resolve.values.sums import is_filled_text

MAX_SITES = 40
"""A function with more calls than this is not looked at call by call."""

MAX_HOPS = 2
"""Calls above a call that are looked at for the class of what it passes on."""

NO_CALL = "no call that is known passes the tests around it"

_WRITTEN = frozenset({"const", "name", "list", "tuple", "set", "dict", "comp", "unary"})
"""Kinds of arguments that can be written where they are passed."""

_PUT_TOGETHER = frozenset({"fstring", "binop"})
"""Kinds of arguments that are texts put together where they are passed."""

Passes = Callable[[str, Condition, Value], bool]
"""Whether a value can get past a condition of a module."""


class Guards:
    """Keeps back from the reads and bindings of a function what the tests around them turn away."""

    def __init__(self, resolver: Resolver, tests: Callable[[str, int], tuple[Condition, ...]], passes: Passes) -> None:
        """Take what tells the conditions on parameters in a region of a module, and whether a value passes one."""
        self._resolver = resolver
        self._tests = tests
        self._passes = passes
        self._around: dict[tuple[str, int], tuple[Condition, ...]] = {}

    # -- reads

    def read(self, path: str, index: int, values: Values, frame: Frame | None, beside: Sequence[Condition]) -> Values:
        """What the load of a parameter can be behind tests of others, without what calls pass that do not come to it.

        What is no such load keeps its values.
        """
        if all(isinstance(value, Unknown) and not value.source for value in values):
            return values
        facts = self._resolver.facts(path)
        expr = facts.exprs[index]
        versions: tuple[int, ...] = expr[2] if expr[0] == "name" else ()
        away = self._away(path, versions[0], frame, beside) if len(versions) == 1 else ()
        return self._passed(path, versions[0], frame, away) if away else values

    def joined(
        self, path: str, number: int, values: Values, frame: Frame | None, beside: Sequence[Condition]
    ) -> Values:
        """The same of a parameter where a place is reached by further bindings of its name.

        Where no call comes to the place, its default of None is no more than what an outside caller may leave it at.
        """
        away = self._away(path, number, frame, beside)
        found = self._passed(path, number, frame, away) if away else values
        if not away or not all(map(is_none, found)):
            return found
        function = FunctionRef(path, self._resolver.facts(path).definitions[number].scope)
        return (*found, *unknown(NO_CALL)) if len(away) == len(self._sites(function)) else found

    def _away(self, path: str, number: int, frame: Frame | None, beside: Sequence[Condition]) -> tuple[CallRef, ...]:
        """The calls that do not come to a read of a version of a name, by tests of other parameters around it."""
        facts = self._resolver.facts(path)
        one = facts.definitions[number]
        function = FunctionRef(path, one.scope)
        tests = tuple([each for each in beside if _asks_of(facts, each, one.scope)]) if one.kind == "param" else ()
        return self._turned_away(function, tests) if tests and not _is_looked_through(frame, function) else ()

    def _passed(self, path: str, number: int, frame: Frame | None, away: Sequence[CallRef]) -> Values:
        one = self._resolver.facts(path).definitions[number]
        return self._resolver.parameter(FunctionRef(path, one.scope), one.value, frame, away)

    # -- bindings

    def open(self, path: str, versions: Sequence[int], frame: Frame | None) -> Sequence[int]:
        """The versions of a name that some call binds; all of them where that is known of none."""
        if len(versions) < 2:
            return versions
        facts = self._resolver.facts(path)
        guarded = [one for one in versions if facts.regions[facts.definitions[one].region].kind != "scope"]
        closed = [one for one in guarded if self._is_closed(path, facts.definitions[one], frame)]
        return [one for one in versions if one not in closed] or versions if closed else versions

    def _is_closed(self, path: str, definition: Definition, frame: Frame | None) -> bool:
        """Whether a binding stands where none of the calls comes that are known."""
        region = (path, definition.region)
        tests = self._around.get(region)
        if tests is None:
            tests = self._around[region] = self._tests(path, definition.region)
        return bool(tests) and self.is_closed(FunctionRef(path, definition.scope), tests, frame)

    def is_closed(self, function: FunctionRef, tests: tuple[Condition, ...], frame: Frame | None) -> bool:
        """Whether none of the calls of a function that are known passes some tests of its parameters."""
        if _is_looked_through(frame, function):
            return False
        away = self._turned_away(function, tests)
        return bool(away) and len(away) == len(self._sites(function)) and self._is_only_called(function)

    def _is_only_called(self, function: FunctionRef) -> bool:
        """Whether nothing but calls that are written gives a function its arguments."""
        scope = self._resolver.scope(function)
        return not scope.decorators and not any(
            self._resolver.instantiated(function, position) for position, _ in enumerate(scope.parameters)
        )

    # -- calls

    def _turned_away(self, function: FunctionRef, tests: tuple[Condition, ...]) -> tuple[CallRef, ...]:
        """The calls of a function that do not come to a place, by the tests of its parameters around it."""
        key = (function, tuple((one.test, one.holds, one.subject) for one in tests))
        return self._resolver.program.ask("turned-away", key, lambda: self._find(function, tests))

    def _find(self, function: FunctionRef, tests: Sequence[Condition]) -> tuple[CallRef, ...]:
        sites = self._sites(function)
        return tuple(one for one in sites if self._fails(function, one, tests)) if len(sites) <= MAX_SITES else ()

    def _sites(self, function: FunctionRef) -> tuple[CallRef, ...]:
        """The calls whose arguments count."""
        return in_use(function.path, self._resolver.callers(function))

    def _fails(self, function: FunctionRef, site: CallRef, tests: Sequence[Condition]) -> bool:
        facts = self._resolver.facts(function.path)
        for one in tests:
            is_absence = asks_for_absence(facts, one.test, one.place, holds=one.holds)
            positions = [facts.definitions[number].value for number in one.place[2]]
            here = (function.path, one)
            if asks_for_kind(facts, one.test) and all(self._is_barred(site, function, at, here) for at in positions):
                return True
            if is_absence and all(self._is_filled_text(site, function, position) for position in positions):
                return True
            is_there = is_absence and all(self._is_container(site, function, position) for position in positions)
            if is_there or all(self._is_its_own(site, function, position, is_absence) for position in positions):
                passed = self._resolver.values(function.path, one.subject, Frame(function, site))
                is_told = all(
                    isinstance(v, (Items, Mapping)) if is_there else _is_all_written(v) or (is_absence and _has_text(v))
                    for v in passed
                )
                if passed and is_told and not any(self._passes(function.path, one, v) for v in passed):
                    return True
        return False

    def _is_barred(
        self, site: CallRef, function: FunctionRef, position: int, test: tuple[str, Condition], hops: int = MAX_HOPS
    ) -> bool:
        """Whether the tests around a call say of what it passes on that it is of another class than a test wants.

        Where they say nothing of a parameter that is passed on, those around each call of its function may.
        """
        found = self._resolver.argument(site, function, position)
        facts, name = self._resolver.facts(site.path), ("none",) if found is None else self._name(*found)
        if found is None or found[0] != site.path or name[0] != "name" or not name[2]:
            return False
        known = kinds_at(self._resolver, site.path, self._resolver.call(site).region, name)
        path, asked = test
        if known and kind_outcome(self._resolver, path, asked.test, asked.place, known) is (not asked.holds):
            return True
        versions = [facts.definitions[number] for number in name[2]]
        around = FunctionRef(site.path, self._resolver.call(site).scope)
        if not hops or len(versions) != 1 or versions[0].kind != "param" or versions[0].scope != around.scope:
            return False
        sites = self._sites(around) if around != function and self._is_only_called(around) else ()
        return 0 < len(sites) <= MAX_SITES and all(
            self._is_barred(one, around, versions[0].value, test, hops - 1) for one in sites
        )

    def _name(self, path: str, index: int) -> Expr:
        return self._resolver.facts(path).exprs[index]

    def _is_filled_text(self, site: CallRef, function: FunctionRef, position: int) -> bool:
        """Whether what a call passes is a text with a written part, whatever else it is made of."""
        found = self._resolver.argument(site, function, position)
        return found is not None and is_filled_text(self._resolver.facts(found[0]), found[1])

    def _is_container(self, site: CallRef, function: FunctionRef, position: int) -> bool:
        """Whether what a call passes is a dict or list on every run, whatever that holds."""
        found = self._resolver.argument(site, function, position)
        return found is not None and is_always_container(self._resolver, *found)

    def _is_its_own(self, site: CallRef, function: FunctionRef, position: int, is_absence: bool) -> bool:
        """Whether what a call passes is written there: no result or attribute, nothing its own function was given.

        A text that is put together there is none of these either where a test asks whether anything was passed.
        """
        found = self._resolver.argument(site, function, position)
        if found is None:
            return True
        facts = self._resolver.facts(found[0])
        kind = facts.exprs[found[1]][0]
        if kind in _WRITTEN:
            return not holds(facts, (found[1],))
        return is_absence and (kind in _PUT_TOGETHER or self._is_of_library(*found))

    def _is_of_library(self, path: str, index: int) -> bool:
        """Whether an expression is the result of a library, which makes a path of a text."""
        facts = self._resolver.facts(path)
        if facts.exprs[index][0] != "call":
            return False
        functions = self._resolver.values(path, facts.calls[facts.exprs[index][1]].function)
        return all(isinstance(one, Library) for one in functions)


def _has_text(value: Value) -> bool:
    """Whether a text has a written part, so that it stands for something that was passed."""
    return isinstance(value, Template) and any(isinstance(part, str) and part for part in value.parts)


def _is_all_written(value: Value) -> bool:
    """Whether no setting makes a value another; a list as far as tests look into it."""
    if isinstance(value, Items):
        # a test looks into a list that is closed; of one that is open it knows the type alone
        return value.is_open or all(_is_all_written(one) for values in value.items for one in values)
    return is_written(value)


def _asks_of(facts: PythonFacts, condition: Condition, scope: int) -> bool:
    """Whether a condition asks about a parameter of a function as it was passed."""
    if condition.place[0] != "name" or not condition.place[2]:
        return False
    versions = (facts.definitions[number] for number in condition.place[2])
    return all(one.kind == "param" and one.scope == scope for one in versions)


def _is_looked_through(frame: Frame | None, function: FunctionRef) -> bool:
    """Whether a function is looked at through one of its calls, or a row of what it holds."""
    found = frame_of(frame, function)
    return found is not None and not found.is_construction
