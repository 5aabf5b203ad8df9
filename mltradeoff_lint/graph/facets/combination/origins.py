"""Follows a score back to the models that predicted it.

Only what leaves a prediction a prediction is followed: names, subscripts, reshaping, scaling, averaging over rows of
the same shape. A metric, a loss, a comparison or an unknown call ends the way, so that what is left is evidence that
two models' scores meet, and never that they were compared or trained together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mltradeoff_lint.graph.facets.combination.identity import Identities, Member
from mltradeoff_lint.graph.facets.combination.rounds import Rounds
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE, Definition, Expr, PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls.callers import MAX_FRAMES
from mltradeoff_lint.resolve.calls.object_calls import run_by_call
from mltradeoff_lint.resolve.domain import CallRef, Frame, FunctionRef, Instance, Library, Literal, Module, Value
from mltradeoff_lint.resolve.sites import Use

MAX_VISITED = 300
"""Expressions on the way from a score to its models; real ways need fewer than forty."""

INTERFACES = frozenset({"predict", "predict_proba", "decision_function", "run", "score", "predict_log_proba"})
"""What a fitted model is asked for a score by."""

CALLED = frozenset({"call", "forward"})
"""What a network is asked by; inside a network it is also how its layers are joined, so only loaded ones count."""

PREDICTING = frozenset({"predict", "predict_proba", "predict_log_proba", "decision_function", "predict_on_batch"})
"""Method names that say prediction whatever the receiver."""

_KEEPING_MODULES = ("numpy.", "scipy.special.", "scipy.stats.rankdata", "torch.", "pandas.", "polars.")
_KEEPING_BUILTINS = frozenset({
    "builtins.float", "builtins.list", "builtins.tuple", "builtins.round", "builtins.reversed", "builtins.min",
    "builtins.max", "builtins.sum", "builtins.next", "builtins.iter", "copy.deepcopy", "copy.copy", "typing.cast",
    "math.exp", "math.log", "math.sqrt", "math.expm1", "math.log1p",
})  # fmt: skip
_CHANGING = frozenset({
    "all", "allclose", "any", "apply", "argmax", "argmin", "array_equal", "backward", "bincount", "compare", "corr",
    "corrcoef", "count", "cov", "cross_entropy", "describe", "empty_like", "equal", "equals", "fit", "full_like",
    "get_dummies", "groupby", "histogram", "index", "isclose", "isfinite", "isnan", "join", "merge", "nonzero",
    "ones_like", "read_csv", "save", "score", "shape", "std", "to_csv", "unique", "value_counts", "var", "where",
    "zeros_like",
})  # fmt: skip
"""Functions whose result says something about scores and is no score."""

SHAPING = frozenset({
    "astype", "clip", "copy", "cpu", "detach", "dropna", "fillna", "flatten", "float", "head", "item", "mean", "median",
    "numpy", "ravel", "reset_index", "reshape", "round", "sigmoid", "softmax", "squeeze", "sum", "tail", "to_frame",
    "to_list", "to_numpy", "tolist", "transpose", "unsqueeze", "view",
})  # fmt: skip
"""Methods that give back the scores they are called on."""


class Point(NamedTuple):
    """An expression in a frame, with the projection of it that is still wanted."""

    path: str
    expr: int
    frame: Frame | None = None
    route: tuple[Any, ...] = ()


@dataclass(slots=True)
class Origin:
    """The models that one score can come from."""

    members: dict[str, Member] = field(default_factory=dict)
    is_unknown: bool = False
    """Whether a model on the way did not resolve."""
    calls: list[Point] = field(default_factory=list)
    """The calls that predict."""
    is_ranked: bool = False

    @property
    def is_prediction(self) -> bool:
        """Whether any model was reached."""
        return bool(self.members) or self.is_unknown

    def add(self, other: Origin) -> None:
        """Take the models of another origin as further alternatives."""
        self.members.update(other.members)
        self.is_unknown = self.is_unknown or other.is_unknown
        self.calls += [call for call in other.calls if call not in self.calls]
        self.is_ranked = self.is_ranked or other.is_ranked


def distinct(origins: Sequence[Origin]) -> list[Origin]:
    """Origins of which no two can be one model."""
    found: list[Origin] = []
    for origin in sorted(origins, key=lambda one: (len(one.members), sorted(one.members))):
        if (
            origin.members
            and not origin.is_unknown
            and not any(origin.members.keys() & one.members.keys() for one in found)
        ):
            found.append(origin)
    return found


class Origins:
    """Finds the origins of scores."""

    def __init__(self, work: Workspace, identities: Identities) -> None:
        self._work = work
        self.identities = identities
        self._rounds = Rounds(work)
        self._known: dict[Point, Origin] = {}

    def of(self, point: Point) -> Origin:
        """The models a score comes from; all of them are alternatives, joined by branches, folds or callers."""
        known = self._known.get(point)
        if known is not None:
            return known
        origin = self._known[point] = Origin()
        seen = {point}
        pending = [point]
        while pending and len(seen) < MAX_VISITED:
            for following in self._step(pending.pop(), origin):
                if following.expr != NONE and following not in seen:
                    seen.add(following)
                    pending.append(following)
        return origin

    def predictions(self, point: Point) -> tuple[tuple[Use | None, int], ...]:
        """What a call predicts with: (row, expression of the model); the row is None when only its name says so."""
        facts = self._work.resolver.facts(point.path)
        expr = facts.exprs[point.expr]
        if expr[0] != "call":
            return ()
        ref = CallRef(point.path, expr[1])
        found: list[tuple[Use | None, int]] = []
        for use in self._work.sites.at(ref):
            if use.meaning.kind == "prediction" and use.meaning.literal("interface") in INTERFACES | CALLED:
                roles = [one.role for one in use.meaning.selectors("model")]
                function = facts.exprs[facts.calls[expr[1]].function]
                if "self" in roles:
                    # a model that is called itself has no attribute in front
                    model = (
                        function[1]
                        if function[0] == "attr" and function[2] in _methods(use)
                        else facts.calls[expr[1]].function
                    )
                    found.append((use, model))
                else:
                    found += [(use, one) for one in self._work.sites.select(ref, use.meaning.selectors("model"))[:1]]
        if found:
            return tuple(found)
        function = facts.exprs[facts.calls[expr[1]].function]
        if function[0] == "attr" and function[2] in PREDICTING and self._is_lost(point, facts, expr):
            return ((None, function[1]),)
        return ()

    def _is_lost(self, point: Point, facts: PythonFacts, expr: Expr) -> bool:
        """Whether a method called `predict` is nothing the repository or the catalog knows."""
        values = self._work.resolver.values(point.path, facts.calls[expr[1]].function, point.frame)
        return all(
            isinstance(value, Unknown) or (isinstance(value, Library) and not value.path.startswith("builtins."))
            for value in values
        )

    def models(self, point: Point, use: Use | None, model: int) -> Origin:
        """The origin that one prediction call is."""
        members = self.identities.of(self._work.resolver.values(point.path, model, point.frame))
        if use is not None and use.meaning.literal("interface") in CALLED:
            members = tuple(one for one in members if one.kind == "artefact")
        return Origin({one.identity: one for one in members}, not members, [point])

    # -- one step

    def _step(self, point: Point, origin: Origin) -> Iterator[Point]:
        facts = self._work.resolver.facts(point.path)
        expr = facts.exprs[point.expr]
        kind = expr[0]
        if kind == "call":
            yield from self._call(point, facts, expr, origin)
        elif kind == "name":
            for path, index in definitions_of(self._work, point.path, expr):
                yield from self._definition(point, path, index)
        elif kind == "attr":
            yield from self._attribute(point, expr)
        elif kind == "item":
            key = facts.exprs[expr[2]] if expr[2] != NONE else ("const", None)
            if key[0] == "name" and point.frame is not None and point.frame.row:
                key = ("const", self._text(point.path, expr[2], point.frame))
            is_key = key[0] == "const" and isinstance(key[1], str | int) and not isinstance(key[1], bool)
            yield point._replace(expr=expr[1], route=(key[1], *point.route) if is_key else ())
        elif kind in ("tuple", "list"):
            yield from _projected(point, expr)
        elif kind == "dict":
            wanted = point.route[0] if point.route else None
            for name, value in expr[1]:
                if wanted is None or (name != NONE and facts.exprs[name] == ("const", wanted)):
                    yield point._replace(expr=value, route=point.route[1:])
        elif kind == "comp":
            yield point._replace(expr=expr[2], route=())
        elif kind == "binop" and expr[1] in ("+", "*", "/", "**"):
            # what divides a score is a count or a scale, and what it is raised to an exponent
            yield from (point._replace(expr=one, route=()) for one in expr[2 : 4 if expr[1] in "+*" else 3])
        elif kind == "unary" and expr[1] in "+-":
            yield point._replace(expr=expr[2], route=())
        elif kind == "ifexp":
            yield from (point._replace(expr=one) for one in expr[2:4])
        elif kind == "boolop":
            yield from (point._replace(expr=one) for one in expr[2])
        elif kind in ("await", "star"):
            yield point._replace(expr=expr[1])

    def _definition(self, point: Point, path: str, index: int) -> Iterator[Point]:
        facts = self._work.resolver.facts(path)
        frame = point.frame if path == point.path else None
        for _, definition, route in versions(facts, index, point.route):
            if definition.kind == "param":
                yield from self._parameter(path, definition, frame, route)
            elif definition.kind == "import":
                yield from self._imported(path, definition, route)
            elif definition.kind in ("assign", "loop", "enter"):
                steps = tuple(step for step in definition.path if not isinstance(step, (tuple, str)))
                yield Point(path, definition.value, frame, (*steps, *route))
            elif definition.kind == "item":
                yield from self._put(path, definition, frame, route)
            elif definition.kind == "augment":
                yield Point(path, definition.value, frame)
            elif definition.kind == "method":
                call = facts.exprs[definition.value]
                if call[0] == "call" and definition.path[0] in ("append", "add", "extend", "insert"):
                    yield from (Point(path, one, frame) for one in facts.calls[call[1]].arguments[-1:])

    def _put(self, path: str, definition: Definition, frame: Frame | None, route: tuple[Any, ...]) -> Iterator[Point]:
        """What is put under the wanted key, in a loop over the keys by the round of this one."""
        facts = self._work.resolver.facts(path)
        key = facts.exprs[definition.path[0]]
        if not route or not isinstance(route[0], str) or key[0] != "name":
            yield Point(path, definition.value, frame)
            return
        for loop in (facts.definitions[one] for one in key[2]):
            rounds = self._rounds.of(path, loop.value, definition.value, frame) if loop.kind == "loop" else ()
            for one in (each for frames in rounds for each in frames):
                if self._text(path, definition.path[0], one) == route[0]:
                    yield Point(path, definition.value, one)

    def _text(self, path: str, expr: int, frame: Frame | None) -> str | None:
        """The one text that an expression is in a round of a loop; None for anything else."""
        held = self._work.resolver.values(path, expr, frame)
        value = held[0].value if len(held) == 1 and isinstance(held[0], Literal) else None
        return value if isinstance(value, str) else None

    def _imported(self, path: str, definition: Definition, route: tuple[Any, ...]) -> Iterator[Point]:
        one = self._work.resolver.facts(path).imports[definition.value]
        target = self._work.resolver.program.module(path, one.module, one.level) if one.name else None
        if target is None or self._work.resolver.program.python(target) is None:
            return
        for index in self._work.resolver.facts(target).scopes[0].finals.get(one.name or "", ()):
            yield from self._definition(Point(target, NONE, None, route), target, index)

    def _parameter(
        self, path: str, definition: Definition, frame: Frame | None, route: tuple[Any, ...]
    ) -> Iterator[Point]:
        function = FunctionRef(path, definition.scope)
        here = frame
        while here is not None and (here.function != function or here.row):
            here = here.outer
        calls = (here.call,) if here is not None else self._work.resolver.callers(function)
        outer = here.outer if here is not None else None
        for ref in calls:
            found = self._work.resolver.argument(ref, function, definition.value)
            if found is not None:
                yield Point(found[0], found[1], outer, route)

    def _attribute(self, point: Point, expr: Expr) -> Iterator[Point]:
        found = False
        for value in self._work.resolver.values(point.path, expr[1], point.frame):
            if isinstance(value, Instance):
                for path, target, frame, route in self._work.resolver.members.sources(value, expr[2]):
                    found = True
                    yield Point(path, target, frame, (*route, *point.route))
            elif isinstance(value, Module) and self._work.resolver.program.python(value.path) is not None:
                for index in self._work.resolver.facts(value.path).scopes[0].finals.get(expr[2], ()):
                    found = True
                    yield from self._definition(Point(value.path, NONE, None, point.route), value.path, index)
        if not found and expr[2] in ("T", "values", "iloc", "loc", "iat", "at", "data", "predictions"):
            yield point._replace(expr=expr[1], route=point.route if expr[2] in ("loc", "iloc") else ())

    # -- calls

    def _call(self, point: Point, facts: PythonFacts, expr: Expr, origin: Origin) -> Iterator[Point]:
        predicted = self.predictions(point)
        for use, model in predicted:
            origin.add(self.models(point, use, model))
        if predicted:
            return
        call = facts.calls[expr[1]]
        ref = CallRef(point.path, expr[1])
        for value in self._work.resolver.values(point.path, call.function, point.frame):
            for run in run_by_call(self._work.resolver, value):
                scope = self._work.resolver.scope(run)
                frame = point.frame
                receiver = value if isinstance(value, Instance) else None
                inner = Frame(run, ref, frame, receiver) if frame is None or frame.depth < MAX_FRAMES else None
                for one in (*scope.returns, *scope.yields):
                    yield Point(run.path, one.value, inner, point.route)
            if self._keeps(value):
                origin.is_ranked = origin.is_ranked or (isinstance(value, Library) and value.path.endswith("rankdata"))
                route = point.route if _is_table(value) else ()
                yield from (point._replace(expr=one, route=route) for one in call.arguments)
                yield from (
                    point._replace(expr=one, route=()) for name, one in call.keywords if name in ("data", "a", "x")
                )
        function = facts.exprs[call.function]
        if function[0] == "attr" and function[2] in (*SHAPING, "rank"):
            origin.is_ranked = origin.is_ranked or function[2] == "rank"
            yield point._replace(expr=function[1], route=point.route if function[2] == "rank" else ())

    def _keeps(self, value: Value) -> bool:
        """Whether a call gives back the scores it is given, in another shape, type or scale."""
        if not isinstance(value, Library):
            return False
        name = value.path.rpartition(".")[2].removesuffix("()")
        if value.path.startswith("torch.nn.functional."):
            return name in ("softmax", "sigmoid", "log_softmax")
        if name in _CHANGING or "loss" in name.lower():
            return False
        return value.path in _KEEPING_BUILTINS or (
            value.path.startswith(_KEEPING_MODULES) and not value.path.startswith(("torch.nn.", "torch.optim."))
        )


def definitions_of(work: Workspace, path: str, expr: Expr) -> Iterator[tuple[str, int]]:
    """The definitions that a load of a name sees, in its own scope or outside it."""
    if expr[2]:
        yield from ((path, index) for index in expr[2])
        return
    facts = work.resolver.facts(path)
    scope = expr[3]
    while scope > 0:
        scope = facts.scopes[scope].parent
        if scope >= 0 and facts.scopes[scope].kind != "class" and expr[1] in facts.scopes[scope].finals:
            yield from ((path, index) for index in facts.scopes[scope].finals[expr[1]])
            return


class Version(NamedTuple):
    """One definition that a name can hold, with its index and the projection of it that is wanted."""

    number: int
    definition: Definition
    route: tuple[Any, ...]


def versions(facts: PythonFacts, index: int, route: tuple[Any, ...] = ()) -> Iterator[Version]:
    """A definition and those it builds on, each once; of item writes to named keys only the wanted key counts."""
    pending, seen = [index], {index}
    while pending:
        number = pending.pop(0)
        definition = facts.definitions[number]
        if definition.kind == "item" and route and isinstance(route[0], str):
            key = facts.exprs[definition.path[0]]
            if key == ("const", route[0]):
                yield Version(number, definition, route[1:])
                continue
            if key[0] == "name":
                yield Version(number, definition, route)
        elif definition.kind != "phi":
            yield Version(number, definition, route)
        for previous in definition.previous:
            if previous not in seen:
                seen.add(previous)
                pending.append(previous)


def _projected(point: Point, expr: Expr) -> Iterator[Point]:
    items = expr[1]
    if point.route and isinstance(point.route[0], int) and -len(items) <= point.route[0] < len(items):
        yield point._replace(expr=items[point.route[0]], route=point.route[1:])
    else:
        yield from (point._replace(expr=one, route=()) for one in items)


def _is_table(value: Value) -> bool:
    """Whether a call makes a table whose columns keep the names they are given."""
    return isinstance(value, Library) and value.path in ("pandas.DataFrame", "polars.DataFrame")


def _methods(use: Use) -> tuple[str, ...]:
    """The last name of a row's path, when the row is about a method."""
    return () if use.meaning.path.endswith("()") else (use.value.path.rpartition(".")[2],)
