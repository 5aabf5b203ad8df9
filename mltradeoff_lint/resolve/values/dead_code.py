"""Code that no run reaches, because a constant decides the test in front of it: `if False`, `elif fast and False`.

A name that holds a constant is a setting somebody may change, and decides nothing here. A function of the repository
decides where it gives one constant or raises, whatever it is asked: `if is_new(db): return`.
"""

from __future__ import annotations

from collections.abc import Callable

from mltradeoff_lint.model.facts import NONE, Definition, PythonFacts
from mltradeoff_lint.resolve.interface import Resolver

_BRANCHES = {"then": False, "while": False, "else": True}
"""The outcome of its test by which a branch is not run."""

MAX_IMPORTS = 3
"""A name is followed through this many imports to the function that it is."""

Told = Callable[[int], bool | None]
"""The outcome of a call by its number, where that is known."""


def dead_regions(resolver: Resolver, path: str) -> frozenset[int]:
    """The regions of a module that are not run, with the functions and classes that are defined in them."""
    return resolver.program.ask("dead-regions", path, lambda: _dead_regions(resolver, path), sorted)


def _dead_regions(resolver: Resolver, path: str) -> frozenset[int]:
    facts = resolver.facts(path)
    dead: set[int] = set()
    left: set[tuple[int, int]] = set()

    def told(call: int) -> bool | None:
        return _outcome_of_call(resolver, path, facts, call)

    for number, region in enumerate(facts.regions):
        is_tested = region.kind in _BRANCHES and region.test != NONE
        decided = constant_outcome(facts, region.test, told) if is_tested else None
        is_skipped = decided is not None and decided is _BRANCHES[region.kind]
        if decided is not None and region.exits and not is_skipped:
            left.add((region.parent, region.test))
        is_left = region.kind == "after" and (region.parent, region.test) in left
        # the regions around one stand before it
        if is_skipped or is_left or region.parent in dead:
            dead.add(number)
    return frozenset(dead)


def constant_outcome(facts: PythonFacts, test: int, told: Told = lambda _: None) -> bool | None:
    """The outcome of a test that the constants in it decide; None when a run decides it."""
    expr = facts.exprs[test]
    if expr[0] == "const":
        return bool(expr[1])
    if expr[0] == "call":
        return told(expr[1])
    if expr[0] == "unary" and expr[1] == "not":
        inner = constant_outcome(facts, expr[2], told)
        return None if inner is None else not inner
    if expr[0] == "boolop":
        decisive = expr[1] == "or"
        outcomes = {constant_outcome(facts, one, told) for one in expr[2]}
        return decisive if decisive in outcomes else None if None in outcomes else not decisive
    return None


def _outcome_of_call(resolver: Resolver, path: str, facts: PythonFacts, call: int) -> bool | None:
    """What a function of the repository gives whenever it comes back; None for any other call."""
    expr = facts.exprs[facts.calls[call].function]
    if expr[0] != "name" or any(facts.definitions[one].scope for one in expr[2]):
        return None
    bound = _function(resolver, path, expr[1])
    outcome = None if not bound else _only_outcome(*bound[-1])
    if outcome is None or _is_hidden(facts, expr[1], facts.calls[call].scope):
        return None
    return outcome if all(_is_bound_once(*one) for one in bound) else None


_Bound = tuple[PythonFacts, Definition]
"""A module and what binds a name in it."""


def _function(resolver: Resolver, path: str, name: str) -> list[_Bound]:
    """The imports that lead from a name of a module to a function, and last the function; empty for any other name."""
    found: list[_Bound] = []
    for _ in range(MAX_IMPORTS):
        facts = resolver.facts(path)
        finals = facts.scopes[0].finals.get(name, ())
        if len(finals) != 1 or facts.regions[facts.definitions[finals[0]].region].kind != "scope":
            return []
        bound = facts.definitions[finals[0]]
        found.append((facts, bound))
        if bound.kind == "function":
            return found
        brought = facts.imports[bound.value] if bound.kind == "import" else None
        target = resolver.program.module(path, brought.module, brought.level) if brought is not None else None
        if brought is None or brought.name is None or target is None:
            return []
        path, name = target, brought.name
    return []


def _is_hidden(facts: PythonFacts, name: str, scope: int) -> bool:
    """Whether a function around a place binds a name itself, so that it is none of the module."""
    around: set[int] = set()
    while scope > 0:
        around.add(scope)
        scope = facts.scopes[scope].parent
    return any(one.name == name and one.scope in around for one in facts.definitions)


def _is_bound_once(facts: PythonFacts, bound: Definition) -> bool:
    """Whether nothing else in a module binds a name, neither its own code nor that of a function."""
    same = [one for one in facts.definitions if one.name == bound.name and not one.scope]
    return len(same) == 1 and not any(one.kind == "global" and one.key == bound.name for one in facts.writes)


def _only_outcome(facts: PythonFacts, bound: Definition) -> bool | None:
    """The one constant that a function gives when a test of it lets it; else it raises.

    What gives a constant under no test is a setting that somebody may change.
    """
    scope = facts.scopes[bound.value]
    is_plain = not (scope.is_async or scope.yields or scope.decorators) and facts.regions[scope.region].exits
    if not is_plain or not scope.returns or any(facts.regions[one.region].kind == "scope" for one in scope.returns):
        return None
    # a context may swallow what is raised in it, and a run goes on behind it
    if any(one.kind == "with" and one.scope == bound.value for one in facts.regions):
        return None
    given = {constant_outcome(facts, one.value) if one.value != NONE else False for one in scope.returns}
    return given.pop() if len(given) == 1 else None
