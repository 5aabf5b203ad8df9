"""What a loop or a comprehension asks for a score in each of its rounds: one model after the other, or the same again.

Where the model is what the loop goes over, its elements are the models. Else the score is looked at once for each
element, with the names that the loop binds, so that wrappers, loaders and tables of models are followed as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mltradeoff_lint.graph.facets.combination.origins import SHAPING, Origin, Origins, Point, distinct, versions
from mltradeoff_lint.graph.facets.combination.rounds import Rounds
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE, Definition, Expr, PythonFacts
from mltradeoff_lint.resolve.domain import Items, Library, Mapping, Values
from mltradeoff_lint.resolve.values.operators import project
from mltradeoff_lint.resolve.values.standing import regions_around

_REPEATED = frozenset({"sklearn.base.clone", "copy.deepcopy", "copy.copy"})


class Range(NamedTuple):
    """What a model in a loop ranges over: the alternatives of each element, and the loop."""

    elements: tuple[Values, ...]
    loop: Definition


class Ranges:
    """Tells the rounds of loops and comprehensions apart by the models they ask."""

    def __init__(self, work: Workspace, origins: Origins) -> None:
        self._work = work
        self._origins = origins
        self._frames = Rounds(work)

    def of_comprehension(self, point: Point) -> list[Origin]:
        """The origins of what a comprehension collects, one for each round where these are told apart."""
        expr = self._work.resolver.facts(point.path).exprs[point.expr]
        element = point._replace(expr=expr[2], route=())
        origin = self._origins.of(element)
        if not origin.is_prediction:
            return self._of_networks(element) or [origin]
        found = self._ranged(origin, element.path, None, ())
        if len(distinct(found)) > 1:
            return found
        rounds = [self._rounds(element, loop) for loop in expr[4]]
        found = max([found, *rounds], key=lambda one: len(distinct(one)))
        return found or [self._left_open(origin, element, expr[4])]

    def of_loop(self, origin: Origin, point: Point, definition: Definition, first: Sequence[int]) -> list[Origin]:
        """The origins of what a loop adds to a collection or sum that is first made in the regions `first`.

        Empty where no loop around goes over models; a collection that is made anew for each model holds the folds of
        one.
        """
        found = self._ranged(origin, point.path, definition.scope, first)
        if not origin.is_prediction or len(distinct(found)) > 1:
            return found
        facts = self._work.resolver.facts(point.path)
        made = {region for one in first for region in regions_around(facts, one)}
        around = [one for one in regions_around(facts, definition.region) if one not in made]
        loops = tuple(facts.regions[one].test for one in around if made and facts.regions[one].kind == "loop")
        rounds = [self._rounds(point, loop) for loop in loops]
        found = max([found, *rounds], key=lambda one: len(distinct(one)))
        return found or ([self._left_open(origin, point, loops)] if loops else [])

    # -- loops over models

    def _ranged(self, origin: Origin, path: str, scope: int | None, first: Sequence[int]) -> list[Origin]:
        """One origin for each model of a loop, when what collects their scores is made outside the loop.

        A collection that is made anew for each model holds the folds of one; `scope` None means a comprehension.
        """
        if len(origin.calls) != 1:
            return []
        call = origin.calls[0]
        for use, model in self._origins.predictions(call):
            ranged = self._range(call._replace(expr=model))
            if use is None or ranged is None or call.path != path:
                continue
            if scope is not None and (ranged.loop.scope != scope or not self._is_outside(path, ranged.loop, first)):
                continue
            found: list[Origin] = []
            for values in ranged.elements:
                members = self._origins.identities.of(values)
                found.append(Origin({one.identity: one for one in members}, not members, [call]))
            return found
        return []

    def _of_networks(self, point: Point) -> list[Origin]:
        """`[m(x) for m in self.models]` over objects of different network classes, also of their softmax."""
        facts = self._work.resolver.facts(point.path)
        called = facts.exprs[self._unshaped(facts, point.expr)]
        if called[0] != "call":
            return []
        ranged = self._range(Point(point.path, facts.calls[called[1]].function, point.frame))
        identities = self._origins.identities
        if ranged is None or not all(identities.is_network(one) for values in ranged.elements for one in values):
            return []
        return [Origin({one.identity: one for one in identities.of(values)}) for values in ranged.elements]

    def _unshaped(self, facts: PythonFacts, index: int) -> int:
        """The score below the methods and parts that are taken of it: `m(x)` of `m(x)[:, 1].softmax(-1)`."""
        while True:
            expr = facts.exprs[index]
            if expr[0] == "item":
                index = expr[1]
                continue
            function = facts.exprs[facts.calls[expr[1]].function] if expr[0] == "call" else ("none",)
            if function[0] != "attr" or function[2] not in SHAPING:
                return index
            base = facts.exprs[function[1]]
            # `torch.softmax(m(x), 1)` is a function of a module, given the score
            arguments = facts.calls[expr[1]].arguments
            index = arguments[0] if base[0] == "name" and arguments and self._is_module(facts, base) else function[1]

    @staticmethod
    def _is_module(facts: PythonFacts, base: Expr) -> bool:
        """Whether a name is imported, so that what is called on it is given what it works on."""
        scopes = facts.scopes[0].finals.get(base[1], ()) if not base[2] else base[2]
        return bool(scopes) and all(facts.definitions[one].kind == "import" for one in scopes)

    def _range(self, point: Point, depth: int = 0) -> Range | None:
        """What an expression in a loop ranges over."""
        facts = self._work.resolver.facts(point.path)
        expr = facts.exprs[point.expr]
        if depth > 4:
            return None
        if expr[0] == "name" and expr[2]:
            found = [one.definition for index in expr[2] for one in versions(facts, index)]
            loops = [one for one in found if one.kind == "loop"]
            if len(found) == 1 and loops:
                return self._elements(point, loops[0])
            if len(found) == 1 and found[0].kind == "assign" and not found[0].path:
                return self._range(point._replace(expr=found[0].value), depth + 1)
        if expr[0] == "call":
            call = facts.calls[expr[1]]
            function = facts.exprs[call.function]
            if function[0] == "attr" and function[2] in ("fit", "eval", "to"):
                return self._range(point._replace(expr=function[1]), depth + 1)
            values = self._work.resolver.values(point.path, call.function, point.frame)
            if call.arguments and any(isinstance(one, Library) and one.path in _REPEATED for one in values):
                return self._range(point._replace(expr=call.arguments[0]), depth + 1)
        if expr[0] == "item" and expr[2] != NONE:
            return self._entries(point, facts, expr[1], expr[2])
        return None

    def _elements(self, point: Point, loop: Definition) -> Range | None:
        """The elements of the iterable of a loop; of several lists it may be, those that differ most."""
        iterable, route = self._iterable(point, loop.value, _plain(loop.path))
        found = [
            tuple(project(self._work.resolver, item, route) for item in value.items)
            for value in self._frames.collections(point.path, iterable, point.frame)
            if isinstance(value, Items)
        ]
        return Range(max(found, key=self._differing), loop) if found else None

    def _iterable(self, point: Point, expr: int, route: tuple[object, ...]) -> tuple[int, tuple[object, ...]]:
        """What a loop goes over behind `enumerate`, `zip` and progress bars, and the place of the name in it."""
        facts = self._work.resolver.facts(point.path)
        if facts.exprs[expr][0] != "call":
            return expr, route
        call = facts.calls[facts.exprs[expr][1]]
        for value in self._work.resolver.values(point.path, call.function, point.frame):
            if not isinstance(value, Library) or not call.arguments:
                continue
            if value.path == "builtins.enumerate" and route[:1] == (1,):
                return self._iterable(point, call.arguments[0], route[1:])
            if value.path == "builtins.zip" and route and isinstance(route[0], int) and route[0] < len(call.arguments):
                return self._iterable(point, call.arguments[route[0]], route[1:])
            if value.path.rpartition(".")[2] in ("tqdm", "trange", "track"):
                return self._iterable(point, call.arguments[0], route)
        return expr, route

    def _differing(self, elements: tuple[Values, ...]) -> int:
        members = (self._origins.identities.of(values) for values in elements)
        return len(distinct([Origin({one.identity: one for one in each}) for each in members]))

    def _entries(self, point: Point, facts: PythonFacts, base: int, key: int) -> Range | None:
        """`models[name]` for a name that a loop binds."""
        index = facts.exprs[key]
        loops = [facts.definitions[one] for one in index[2]] if index[0] == "name" else []
        if len(loops) != 1 or loops[0].kind != "loop":
            return None
        found: list[Values] = []
        for value in self._work.resolver.values(point.path, base, point.frame):
            if isinstance(value, Mapping):
                found += [values for _, values in value.entries]
            elif isinstance(value, Items):
                found += value.items
        return Range(tuple(found), loops[0]) if found else None

    def _is_outside(self, path: str, loop: Definition, first: Sequence[int]) -> bool:
        facts = self._work.resolver.facts(path)
        return bool(first) and not any(loop.region in regions_around(facts, region) for region in first)

    # -- rounds looked at one by one

    def _rounds(self, point: Point, loop: int) -> list[Origin]:
        """The origin of a score in each round of a loop, given by what it goes over; empty where none is told apart.

        Of several lists that it may go over, those rounds count that differ most.
        """
        found: list[list[Origin]] = []
        for frames in self._frames.of(point.path, loop, point.expr, point.frame):
            rounds = [self._origins.of(point._replace(frame=frame)) for frame in frames]
            found.append([one for one in rounds if one.is_prediction])
        return max(found, key=lambda one: len(distinct(one)), default=[])

    def _left_open(self, origin: Origin, point: Point, loops: Sequence[int]) -> Origin:
        """An origin of several models that may change from round to round, which leaves open how many are combined."""
        if len(origin.members) < 2 or not any(self._frames.hangs_on(point.path, one, point.expr) for one in loops):
            return origin
        return Origin(origin.members, True, origin.calls, origin.is_ranked)


def _plain(path: Sequence[object]) -> tuple[object, ...]:
    return tuple(step for step in path if not isinstance(step, tuple))
