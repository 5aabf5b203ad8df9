"""Whether code runs only under a test of a setting, which whoever deploys the repository decides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import dotted, is_whole, parts
from mltradeoff_lint.model.facts import NONE, PythonFacts, Write
from mltradeoff_lint.model.source import Site, Span
from mltradeoff_lint.resolve.domain import CallRef, Items, Library, Literal, Made, Value, Values
from mltradeoff_lint.resolve.running.region_tests import tests_around
from mltradeoff_lint.resolve.values.brought import is_setting
from mltradeoff_lint.resolve.values.outcomes import outcome, subjects

MAX_CALLERS = 3
"""How many calls up the test of a setting is looked for."""

MAX_NAMES = 3
"""How many names a test is followed through to the setting that they are made of."""

_ADDING = frozenset({"append", "insert", "add"})
"""Methods that put their argument into a list or set."""

ENVIRONMENT = Library("os.environ")


class _Places(NamedTuple):
    """What tests stand around in a module, found once for all that is asked of it."""

    chosen: dict[int, list[tuple[int, bool]]]
    """By call the tests of `f() if test else None` that decide whether it runs."""
    regions: dict[Span, set[int]]
    """By place the regions of the calls that stand there."""
    writes: dict[Span, Write]


class Conditional:
    """Finds the settings that decide whether calls run."""

    def __init__(self, work: Workspace) -> None:
        self._work = work

    def of_call(self, ref: CallRef) -> str:
        """The test of a setting that stands around a call, or around all calls of its function; empty without one."""
        call = self._work.resolver.call(ref)
        return self._setting(ref.path, call.region, call.scope, MAX_CALLERS)

    def of_write(self, site: Site) -> str:
        """The same for the write to an attribute that stands at a place."""
        one = self._places(site.path).writes.get(site.span)
        return self._setting(site.path, one.region, one.scope, MAX_CALLERS) if one is not None else ""

    def of_made(self, made: Made, place: Site) -> str:
        """The test of a setting that an object is made under, and what stands at the place that takes it is not."""
        shared = self._shared(place)
        calls, frame = [made.call], made.frame
        while frame is not None:
            calls.append(frame.call)
            frame = frame.outer
        for ref in calls:
            facts = self._work.resolver.facts(ref.path)
            around = tests_around(facts, self._work.resolver.call(ref).region)
            for test, expected in (*around, *self._places(ref.path).chosen.get(ref.call, ())):
                is_own = (ref.path, test, expected) not in shared
                found = self._tested(ref.path, facts, test, expected) if is_own else ""
                if found:
                    return found
        return ""

    def of_added(self, path: str, name: int, value: Value, place: Site) -> str:
        """The test of a setting under which alone a value is put into the list that a name holds at a place."""
        facts, shared, found = self._work.resolver.facts(path), self._shared(place), list[str]()
        expr = facts.exprs[name]
        pending = list(expr[2]) if expr[0] == "name" else []
        for number in pending:
            one = facts.definitions[number]
            pending += [each for each in one.previous if each not in pending]
            is_added = one.kind == "method" and one.path[0] in _ADDING
            added = facts.exprs[one.value] if is_added else None
            if added is not None and added[0] == "call":
                call = facts.calls[added[1]]
                if any(value in self._work.resolver.values(path, given) for given in call.arguments):
                    named = (
                        self._tested(path, facts, test, expected)
                        for test, expected in tests_around(facts, call.region)
                        if (path, test, expected) not in shared
                    )
                    found.append(next(filter(None, named), ""))
            elif one.kind == "assign" and value in _members(self._work.resolver.values(path, one.value)):
                return ""
        return found[0] if found and all(found) else ""

    def _shared(self, place: Site) -> set[tuple[str, int, bool]]:
        """The tests around the call that stands at a place."""
        facts = self._work.resolver.facts(place.path)
        regions = self._places(place.path).regions.get(place.span, ())
        return {(place.path, *test) for region in regions for test in tests_around(facts, region)}

    def _places(self, path: str) -> _Places:
        return self._work.resolver.program.ask("tested-places", path, lambda: _places(self._work.resolver.facts(path)))

    def _setting(self, path: str, region: int, scope: int, hops: int) -> str:
        facts = self._work.resolver.facts(path)
        for test, expected in tests_around(facts, region):
            found = self._tested(path, facts, test, expected)
            if found:
                return found
        ways = self._work.reach.incoming(self._work.reach.function_of(path, scope)) if hops else ()
        calls = [self._work.resolver.call(way.ref) if way.ref is not None else None for way in ways]
        found_above = [
            self._setting(way.site.path, call.region, call.scope, hops - 1) if call is not None else ""
            for way, call in zip(ways, calls, strict=True)
        ]
        return found_above[0] if found_above and all(found_above) else ""

    def _tested(self, path: str, facts: PythonFacts, test: int, expected: bool) -> str:
        """The setting that a test asks about; empty where there is none or what the repository sets decides it."""
        if self._is_decided(path, facts, test, expected):
            return ""
        return next(self._settings(path, facts, test, MAX_NAMES), "")

    def _is_decided(self, path: str, facts: PythonFacts, test: int, expected: bool) -> bool:
        """Whether a configuration of the repository sets what a test asks about to what lets the code run."""
        asked = [(place, self._work.resolver.values(path, load)) for place, load in subjects(facts, test).items()]
        if not asked:
            values = self._work.resolver.values(path, test)
            return _is_configured(values) and all(
                isinstance(one, Literal) and bool(one.value) is expected for one in values
            )
        return all(
            _is_configured(values) and all(outcome(facts, test, place, one) is expected for one in values)
            for place, values in asked
        )

    def _settings(self, path: str, facts: PythonFacts, index: int, hops: int) -> Iterator[str]:
        """The settings in an expression and in what its names are assigned, as they are written."""
        expr = facts.exprs[index]
        values = self._work.resolver.values(path, index) if expr[0] in ("name", "attr", "item", "call") else ()
        if any(value == ENVIRONMENT or is_setting(self._work.resolver, value) for value in values):
            yield dotted(facts, index) or self._first_text(facts, index) or "a setting"
        if expr[0] == "name" and hops:
            for number in expr[2] or facts.scopes[0].finals.get(expr[1], ()):
                one = facts.definitions[number]
                if one.kind == "assign" and is_whole(one):
                    yield from self._settings(path, facts, one.value, hops - 1)
        for inner in parts(facts, expr):
            if inner != NONE:
                yield from self._settings(path, facts, inner, hops)

    def _first_text(self, facts: PythonFacts, index: int) -> str:
        """The name of a variable as code asks for it: the first text among the arguments."""
        consts = (facts.exprs[one] for one in parts(facts, facts.exprs[index]) if one != NONE)
        return next((str(one[1]) for one in consts if one[0] == "const" and isinstance(one[1], str)), "")


def _places(facts: PythonFacts) -> _Places:
    found = _Places({}, {}, {})
    for made in facts.calls:
        found.regions.setdefault(made.span, set()).add(made.region)
    for write in facts.writes:
        found.writes.setdefault(write.span, write)
    for expr in facts.exprs:
        if expr[0] == "ifexp":
            for branch, expected in ((expr[2], True), (expr[3], False)):
                one = facts.exprs[branch]
                inside = one[1] if one[0] in ("list", "tuple") else (branch,)
                for call in {facts.exprs[item][1] for item in inside if facts.exprs[item][0] == "call"}:
                    found.chosen.setdefault(call, []).append((expr[1], expected))
    return found


def _members(values: Values) -> Values:
    return tuple(one for value in values if isinstance(value, Items) for one in value.every)


def _is_configured(values: Values) -> bool:
    return bool(values) and all(isinstance(one, Literal) and one.provenance == "configured" for one in values)
