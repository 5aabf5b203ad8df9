"""What a name held before a loop that is sure to bind it anew: nothing that is read behind the loop.

`where = ""` before `for one in names: where += one` is no value behind the loop where `names` has an element: it is
written with some, or `if not names: raise` stands on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set

from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.domain import Frame, Items, Library, Literal, Template, Value
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.conditions import Condition
from mltradeoff_lint.resolve.values.outcomes import place
from mltradeoff_lint.resolve.values.standing import is_inside

_BINDING = frozenset({"assign", "augment", "loop"})
"""Kinds of bindings that leave nothing of what a name held, or make the next value of it."""

_GOING_OVER = frozenset({"enumerate", "iter", "list", "reversed", "set", "sorted", "tuple"})
"""Built-ins that give an element for each one of what they are given."""

_VIEWS = frozenset({"items", "keys", "values"})
_EMPTY = Items(())

Around = Callable[[str, int], tuple[Condition, ...]]
"""What holds in a region of a module."""

Passes = Callable[[str, Condition, Value], bool]
"""Whether a value can get past a condition of a module."""

Standing = Callable[[str], Mapping[int, Set[int]]]
"""In which regions the expressions of a module stand."""


class LoopSeeds:
    """Tells which bindings before a loop do not come past it."""

    def __init__(self, resolver: Resolver, around: Around, passes: Passes, standing: Standing) -> None:
        self._resolver = resolver
        self._around = around
        self._passes = passes
        self._standing = standing
        self._left: dict[str, frozenset[int]] = {}

    def before(self, path: str, version: int, load: int, frame: Frame | None) -> Set[int]:
        """The bindings behind a version that a load of it can not read; none where it may."""
        facts = self._resolver.facts(path)
        if facts.definitions[version].kind != "phi":
            return frozenset()
        return self._seeds(path, version, self._standing(path).get(load, ()), min(facts.readings(load)), frame)

    def before_step(self, path: str, step: int, frame: Frame | None) -> Set[int]:
        """The bindings that what a name is before a step such as `x += 1` can not be."""
        definitions = self._resolver.facts(path).definitions
        own = definitions[step]
        joined = [one for one in own.previous if definitions[one].kind == "phi"]
        found = {one for phi in joined for one in self._seeds(path, phi, (own.region,), own.span.line, frame)}
        return found.difference(own.previous)

    def _seeds(self, path: str, phi: int, regions: Iterable[int], line: int, frame: Frame | None) -> Set[int]:
        facts = self._resolver.facts(path)
        joined = facts.definitions[phi]
        seeds = frozenset(one for one in joined.previous if one < phi)
        bound = [facts.definitions[one] for one in joined.previous if one > phi]
        loops = {one.region for one in bound if one.kind in _BINDING}
        if not seeds or len(bound) != 1 or len(loops) != 1:
            return frozenset()
        (loop,) = loops
        region = facts.regions[loop]
        if region.kind != "loop" or region.parent != joined.region or loop in self._left_early(path, facts):
            return frozenset()
        places = list(regions)
        is_behind = all(is_inside(facts, one, region.parent) and not is_inside(facts, one, loop) for one in places)
        if not places or not is_behind or line <= bound[0].span.end_line:
            return frozenset()
        return seeds if self._has_elements(path, facts, region.test, loop, frame) else frozenset()

    def _left_early(self, path: str, facts: PythonFacts) -> Set[int]:
        """The loops of a module of which a round may end before its last statement."""
        found = self._left.get(path)
        if found is None:
            left = set[int]()
            for one in facts.regions:
                number = one.parent if one.exits and one.kind != "scope" else NONE
                while number != NONE and number not in left and facts.regions[number].kind != "scope":
                    left.add(number)
                    number = facts.regions[number].parent
            found = self._left[path] = frozenset(left)
        return found

    def _has_elements(self, path: str, facts: PythonFacts, index: int, loop: int, frame: Frame | None) -> bool:
        """Whether what a loop goes over is sure to have an element."""
        index = self._whole(path, facts, index)
        expr = facts.exprs[index]
        if expr[0] in ("list", "tuple", "set"):
            return any(facts.exprs[one][0] != "star" for one in expr[1])
        if expr[0] == "dict":
            return any(key != NONE for key, _ in expr[1])
        where = place(facts, index)
        if where is None:
            return False
        tests = (one for one in self._around(path, loop) if one.place == where)
        if any(not self._passes(path, one, _EMPTY) for one in tests):
            return True
        bound = [facts.definitions[one].kind for one in expr[2]] if expr[0] == "name" else ["attribute"]
        if any(kind not in ("assign", "param", "import") for kind in bound):
            return False
        held = self._resolver.values(path, index, frame)
        return bool(held) and all(isinstance(one, Items) and one.fewest > 0 and _is_written(one) for one in held)

    def _whole(self, path: str, facts: PythonFacts, index: int) -> int:
        """What is gone over in `enumerate(names)`, `sorted(names)`, `names.items()`; else the expression itself."""
        expr = facts.exprs[index]
        while expr[0] == "call":
            call = facts.calls[expr[1]]
            function = facts.exprs[call.function]
            if function[0] == "attr" and function[2] in _VIEWS and not call.arguments:
                index = function[1]
            elif function[0] == "name" and function[1] in _GOING_OVER and call.arguments:
                if self._resolver.values(path, call.function) != (Library(f"builtins.{function[1]}"),):
                    return index
                index = call.arguments[0]
            else:
                return index
            expr = facts.exprs[index]
        return index


def _is_written(whole: Items) -> bool:
    """Whether no setting may put another list in the place of one."""
    parts: Sequence[Value] = whole.every
    return all(one.provenance == "literal" for one in parts if isinstance(one, (Literal, Template)))
