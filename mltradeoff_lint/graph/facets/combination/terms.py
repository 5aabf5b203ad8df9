"""Takes a combination apart: the terms of a sum, the elements of what is averaged, the models a loop ranges over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mltradeoff_lint.graph.facets.combination.origins import Origin, Origins, Point, definitions_of, distinct, versions
from mltradeoff_lint.graph.facets.combination.ranges import Ranges
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE, Definition, PythonFacts
from mltradeoff_lint.resolve.domain import CallRef, Frame, Function, FunctionRef, Library

MAX_DEPTH = 12
_COLLECTING = frozenset({
    "numpy.array", "numpy.asarray", "numpy.stack", "numpy.column_stack", "numpy.vstack", "numpy.hstack", "numpy.dstack",
    "numpy.transpose", "numpy.c_", "torch.stack", "torch.cat", "torch.tensor", "pandas.concat", "pandas.DataFrame",
    "tensorflow.stack", "builtins.list", "builtins.tuple", "builtins.zip", "builtins.sorted", "collections.Counter",
    "polars.DataFrame",
})  # fmt: skip
"""Calls that put scores side by side."""

Mark = tuple[str, str, int]
"""An expression (`e`) or a definition (`d`) of a module that a combination includes."""


class Terms:
    """Takes combinations apart; `included` collects what was gone through, so that a part is not told twice."""

    def __init__(self, work: Workspace, origins: Origins) -> None:
        self._work = work
        self._origins = origins
        self._ranges = Ranges(work, origins)
        self.included: set[Mark] = set()

    # -- sums

    def of_sum(self, point: Point, depth: int = 0) -> list[Origin]:
        """The origins of the terms of a sum; a factor is no term, and a name stands for what it was given."""
        facts = self._work.resolver.facts(point.path)
        expr = facts.exprs[point.expr]
        if ("e", point.path, point.expr) in self.included or depth > MAX_DEPTH:
            return []
        if expr[0] == "binop" and expr[1] in ("+", "*", "/"):
            self.included.add(("e", point.path, point.expr))
            sides = [self.of_sum(point._replace(expr=one), depth + 1) for one in expr[2 : 3 if expr[1] == "/" else 4]]
            if expr[1] == "+":
                return [*sides[0], *sides[1]]
            sides = [side for side in sides if any(one.is_prediction for one in side)]
            return sides[0] if len(sides) == 1 else [_joined(one for side in sides for one in side)] if sides else []
        if expr[0] == "unary":
            return self.of_sum(point._replace(expr=expr[2]), depth + 1)
        if expr[0] == "call":
            use = next(
                (one for one in self._work.sites.at(CallRef(point.path, expr[1])) if one.meaning.kind == "combine"),
                None,
            )
            if use is not None:
                operands = self._work.sites.select(use.ref, use.meaning.selectors("operands"))
                found = [
                    one for operand in operands for one in self.of_elements(point._replace(expr=operand), depth + 1)
                ]
                if len(found) > 1:
                    return found
        elif expr[0] == "name" and expr[2] and not point.route:
            return self._named_sum(point, facts, expr[2], depth)
        return [self._origins.of(point)]

    def _named_sum(self, point: Point, facts: PythonFacts, indices: Sequence[int], depth: int) -> list[Origin]:
        found: list[Origin] = []
        bases: list[Point] = []
        for index in indices:
            for number, definition, _ in versions(facts, index):
                if definition.kind == "augment" and definition.path == ("Add",):
                    found += self.of_augment(point.path, number, point.frame, depth + 1)
                elif definition.kind == "assign" and not definition.path:
                    bases.append(Point(point.path, definition.value, point.frame))
                elif definition.kind != "augment":
                    return [self._origins.of(point)]
        if len(bases) == 1:
            return [*found, *self.of_sum(bases[0], depth + 1)]
        return [*found, _joined(self._origins.of(base) for base in bases)]

    def of_augment(self, path: str, index: int, frame: Frame | None, depth: int = 0) -> list[Origin]:
        """The terms that `name += value` adds, one for each model when a loop ranges over them."""
        facts = self._work.resolver.facts(path)
        if ("d", path, index) in self.included:
            return []
        self.included.add(("d", path, index))
        definition = facts.definitions[index]
        point = Point(path, definition.value, frame)
        ranged = self._ranges.of_loop(self._origins.of(point), point, definition, _first_regions(facts, index))
        return ranged or self.of_sum(point, depth)

    def of_running_sum(self, path: str, index: int, leaves: Sequence[int]) -> list[Origin]:
        """The terms of `name = name + value` in a loop, given the definition and the leaves of its sum."""
        facts = self._work.resolver.facts(path)
        definition = facts.definitions[index]
        own = [one for one in leaves if facts.exprs[one][:2] == ("name", definition.name)]
        held = [one for leaf in own for start in facts.exprs[leaf][2] for one in versions(facts, start)]
        firsts = [one.definition.region for one in held if one.number != index]
        found: list[Origin] = []
        for leaf in (one for one in leaves if one not in own):
            origin = self._origins.of(Point(path, leaf))
            found += self._ranges.of_loop(origin, Point(path, leaf), definition, firsts) or [origin]
        return found

    # -- collections

    def of_elements(self, point: Point, depth: int = 0) -> list[Origin]:
        """The origins of what is put side by side: the items of a display, of a comprehension, of appends."""
        if depth > MAX_DEPTH or point.expr == NONE:
            return []
        facts = self._work.resolver.facts(point.path)
        expr = facts.exprs[point.expr]
        kind = expr[0]
        if kind in ("list", "tuple", "set"):
            return [one for item in expr[1] for one in self.of_sum(point._replace(expr=item, route=()), depth + 1)]
        if kind == "dict":
            return [self._origins.of(point._replace(expr=value, route=())) for _, value in expr[1]]
        if kind == "comp":
            return self._ranges.of_comprehension(point)
        if kind == "name":
            return self._of_name(point, depth)
        if kind == "call":
            return self._of_call(point, facts, expr[1], depth)
        if kind == "attr" and expr[2] in ("T", "values"):
            return self.of_elements(point._replace(expr=expr[1]), depth + 1)
        if kind == "item":
            return self._of_item(point, facts, expr[1], expr[2])
        if kind == "binop" and expr[1] in ("*", "/"):
            sides = [self.of_elements(point._replace(expr=one), depth + 1) for one in expr[2:4]]
            return max(sides, key=len) if expr[1] == "*" else sides[0]
        return []

    def _of_name(self, point: Point, depth: int) -> list[Origin]:
        facts = self._work.resolver.facts(point.path)
        found: list[Origin] = []
        for path, index in definitions_of(self._work, point.path, facts.exprs[point.expr]):
            where = self._work.resolver.facts(path)
            frame = point.frame if path == point.path else None
            for number, _, _ in versions(where, index):
                found += self._of_definition(path, where, number, frame, depth)
        return found

    def _of_definition(
        self, path: str, facts: PythonFacts, index: int, frame: Frame | None, depth: int
    ) -> list[Origin]:
        definition = facts.definitions[index]
        if definition.kind == "assign" and not definition.path:
            return self.of_elements(Point(path, definition.value, frame), depth + 1)
        if definition.kind == "param":
            return self._of_parameter(path, definition, frame, depth)
        if definition.kind == "item":
            value = definition.value
        elif definition.kind == "method" and definition.path[0] in ("append", "insert", "add", "extend"):
            call = facts.exprs[definition.value]
            arguments = facts.calls[call[1]].arguments if call[0] == "call" else ()
            if not arguments or definition.path[0] == "extend":
                return self.of_elements(Point(path, arguments[0], frame), depth + 1) if arguments else []
            value = arguments[-1]
        else:
            return []
        point = Point(path, value, frame)
        origin = self._origins.of(point)
        return self._ranges.of_loop(origin, point, definition, _first_regions(facts, index)) or [origin]

    def _of_parameter(self, path: str, definition: Definition, frame: Frame | None, depth: int) -> list[Origin]:
        """What the callers put side by side; they do so apart from one another, so the richest one counts."""
        function = FunctionRef(path, definition.scope)
        calls = (
            (frame.call,)
            if frame is not None and not frame.row and frame.function == function
            else self._work.resolver.callers(function)
        )
        outer = frame.outer if frame is not None else None
        found: list[list[Origin]] = []
        for ref in calls[:12]:
            argument = self._work.resolver.argument(ref, function, definition.value)
            if argument is not None:
                found.append(self.of_elements(Point(argument[0], argument[1], outer), depth + 1))
        return max(found, key=lambda origins: len(distinct(origins)), default=[])

    def _of_call(self, point: Point, facts: PythonFacts, number: int, depth: int) -> list[Origin]:
        call = facts.calls[number]
        function = facts.exprs[call.function]
        if (
            function[0] == "attr"
            and function[2] in ("values", "transpose", "dropna", "to_numpy", "astype")
            and not (call.arguments and function[2] == "values")
        ):
            return self.of_elements(point._replace(expr=function[1]), depth + 1)
        for value in self._work.resolver.values(point.path, call.function, point.frame):
            if isinstance(value, Library) and value.path in _COLLECTING and call.arguments:
                if len(call.arguments) > 1 and value.path == "builtins.zip":
                    return [one for each in call.arguments for one in self.of_sum(point._replace(expr=each), depth + 1)]
                return self.of_elements(point._replace(expr=call.arguments[0]), depth + 1)
            if isinstance(value, Function):
                returns = self._work.resolver.scope(value.ref).returns
                inner = Frame(value.ref, CallRef(point.path, number), point.frame)
                if len(returns) == 1 and (point.frame is None or point.frame.depth < 3):
                    return self.of_elements(Point(value.ref.path, returns[0].value, inner), depth + 1)
        return []

    def _of_item(self, point: Point, facts: PythonFacts, base: int, key: int) -> list[Origin]:
        """`frame[["a", "b"]]`, `np.c_[a, b]`."""
        index = facts.exprs[key] if key != NONE else ("const", None)
        if index[0] not in ("list", "tuple"):
            return []
        for value in self._work.resolver.values(point.path, base, point.frame):
            if isinstance(value, Library) and value.path in ("numpy.c_", "numpy.r_"):
                return [self._origins.of(point._replace(expr=one, route=())) for one in index[1]]
        names = [facts.exprs[one][1] for one in index[1] if facts.exprs[one][0] == "const"]
        if index[0] == "list" and len(names) == len(index[1]):
            return [self._origins.of(point._replace(expr=base, route=(name,))) for name in names]
        return []


def _first_regions(facts: PythonFacts, index: int) -> list[int]:
    """The regions in which the first versions of a name are made."""
    found = (one.definition for one in versions(facts, index))
    return [one.region for one in found if one.kind not in ("augment", "item", "method")]


def _joined(origins: Iterator[Origin]) -> Origin:
    joined = Origin()
    for origin in origins:
        joined.add(origin)
    return joined
