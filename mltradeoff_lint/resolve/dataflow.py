"""Backward dataflow: which calls, parameters and constants a value is made of, with the way it came.

Flow-sensitive through versioned definitions, context-sensitive through frames, field-sensitive through
unpacking and dict keys. A library call passes on its receiver and arguments unless its row says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mltradeoff_lint.model.facts import NONE, Call, Definition, Expr, PythonFacts
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.callers import MAX_FRAMES
from mltradeoff_lint.resolve.domain import CallRef, Class, Frame, Function, FunctionRef, Instance, Library, Module
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.members import Members
from mltradeoff_lint.resolve.sites import Sites, Use

SELECTIONS = frozenset(
    f"pandas.DataFrame().{name}" for name in ("query", "filter", "xs", "isin", "get_group", "eq", "ne", "ge", "le", "gt", "lt", "sample", "head")
)
"""Methods whose arguments choose rows or columns and do not flow into the result."""

MAX_VISITED = 3000
"""A slice larger than this is open: whatever else flows in is unknown."""


class FlowNode(NamedTuple):
    """An expression in a frame, with the projection of it that is still wanted."""

    path: str
    expr: int
    frame: Frame | None
    route: tuple[Any, ...] = ()


class Hop(NamedTuple):
    """One step of the way a value came, in the words of a trace."""

    site: Site
    text: str


@dataclass(slots=True)
class Slice:
    """What a value is made of."""

    uses: dict[Use, tuple[Hop, ...]] = field(default_factory=dict)
    """Catalogued calls that were reached, with the hops from the value back to the call."""
    parameters: dict[tuple[FunctionRef, int], tuple[Hop, ...]] = field(default_factory=dict)
    """Parameters that were stopped at, or that nobody in the repository passes."""
    constants: dict[tuple[str, int], tuple[Hop, ...]] = field(default_factory=dict)
    """String constants that were reached, by module and expression."""
    requests: dict[str, Site] = field(default_factory=dict)
    """Attributes that hold data of the current request, such as `flask.request.args`."""
    unknown: dict[str, Site] = field(default_factory=dict)
    """Why the slice is open, with the site where it was lost."""
    visited: int = 0

    def of_kind(self, kind: str) -> Iterator[tuple[Use, tuple[Hop, ...]]]:
        """The reached calls of one kind."""
        return ((use, hops) for use, hops in self.uses.items() if use.meaning.kind == kind)


class Dataflow:
    """Slices of a whole program."""

    def __init__(self, resolver: Resolver, sites: Sites, members: Members) -> None:
        self._resolver = resolver
        self._sites = sites
        self._members = members

    def backward(
        self,
        path: str,
        exprs: tuple[int, ...],
        stop_at: frozenset[str] = frozenset(),
        stop_parameter: Callable[[FunctionRef, int], bool] = lambda function, position: False,
    ) -> Slice:
        """The slice of some expressions; calls of the kinds `stop_at` are reached but not entered."""
        result = Slice()
        parents: dict[FlowNode, tuple[FlowNode | None, Hop | None]] = {}
        pending: list[FlowNode] = []
        for expr in exprs:
            start = FlowNode(path, expr, None)
            parents.setdefault(start, (None, None))
            pending.append(start)
        position = 0
        while position < len(pending):
            node = pending[position]
            position += 1
            if position > MAX_VISITED:
                result.unknown.setdefault("too much flows in", self._site(node))
                break
            for following, hop in self._step(node, result, parents, stop_at, stop_parameter):
                if following not in parents and following.expr != NONE:
                    parents[following] = (node, hop)
                    pending.append(following)
        result.visited = position
        return result

    # -- one step

    def _step(
        self,
        node: FlowNode,
        result: Slice,
        parents: dict[FlowNode, tuple[FlowNode | None, Hop | None]],
        stop_at: frozenset[str],
        stop_parameter: Callable[[FunctionRef, int], bool],
    ) -> Iterator[tuple[FlowNode, Hop | None]]:
        facts = self._resolver.facts(node.path)
        expr = facts.exprs[node.expr]
        if expr[0] == "call":
            yield from self._call(node, facts, expr, result, parents, stop_at)
        elif expr[0] == "name":
            for definition_path, index in self._definitions(node.path, facts, expr):
                yield from self._definition(node, definition_path, index, result, parents, stop_parameter)
        elif expr[0] == "attr":
            self._note_request(node, result)
            yield from self._attribute(node, expr)
        elif expr[0] == "const":
            if isinstance(expr[1], str):
                result.constants.setdefault((node.path, node.expr), _trail(node, parents))
        else:
            for child, route in _children(facts, expr, node.route):
                yield FlowNode(node.path, child, node.frame, route), None

    def _definitions(self, path: str, facts: PythonFacts, expr: Expr) -> Iterator[tuple[str, int]]:
        """The definitions a load sees, in its own scope or outside it, with the module each stands in."""
        if expr[2]:
            yield from ((path, index) for index in expr[2])
            return
        scope = expr[3]
        while scope > 0:
            scope = facts.scopes[scope].parent
            if scope >= 0 and facts.scopes[scope].kind != "class" and expr[1] in facts.scopes[scope].finals:
                yield from ((path, index) for index in facts.scopes[scope].finals[expr[1]])
                return

    def _definition(
        self,
        node: FlowNode,
        path: str,
        index: int,
        result: Slice,
        parents: dict[FlowNode, tuple[FlowNode | None, Hop | None]],
        stop_parameter: Callable[[FunctionRef, int], bool],
    ) -> Iterator[tuple[FlowNode, Hop | None]]:
        facts = self._resolver.facts(path)
        pending, seen = [(index, node.route)], {index}
        while pending:
            number, route = pending.pop(0)
            definition = facts.definitions[number]
            frame = node.frame if path == node.path else None
            if definition.kind == "param":
                yield from self._parameter(node, path, definition, frame, route, result, parents, stop_parameter)
                continue
            if definition.kind == "import":
                yield from self._imported(path, definition, route)
                continue
            value, inner = _flow_of(definition, route)
            if value != NONE:
                yield FlowNode(path, value, frame, inner), None
            for previous in definition.previous:
                if previous not in seen:
                    seen.add(previous)
                    pending.append((previous, route))

    def _imported(self, path: str, definition: Definition, route: tuple[Any, ...]) -> Iterator[tuple[FlowNode, Hop | None]]:
        one = self._resolver.facts(path).imports[definition.value]
        target = self._resolver.program.module(path, one.module, one.level) if one.name else None
        if target is None or self._resolver.program.python(target) is None:
            return
        facts = self._resolver.facts(target)
        for index in facts.scopes[0].finals.get(one.name or "", ()):
            bound = facts.definitions[index]
            value, inner = _flow_of(bound, route)
            if value != NONE:
                yield FlowNode(target, value, None, inner), Hop(Site(target, bound.span), f"`{bound.name}` of another module")

    def _parameter(
        self,
        node: FlowNode,
        path: str,
        definition: Definition,
        frame: Frame | None,
        route: tuple[Any, ...],
        result: Slice,
        parents: dict[FlowNode, tuple[FlowNode | None, Hop | None]],
        stop_parameter: Callable[[FunctionRef, int], bool],
    ) -> Iterator[tuple[FlowNode, Hop | None]]:
        function, position = FunctionRef(path, definition.scope), definition.value
        scope = self._resolver.scope(function)
        if position == 0 and scope.owner != NONE and scope.parameters[0].name in ("self", "cls"):
            return
        if stop_parameter(function, position):
            result.parameters.setdefault((function, position), _trail(node, parents))
            return
        here = frame
        while here is not None and here.function != function:
            here = here.outer
        sites = (here.call,) if here is not None else self._resolver.callers(function)
        outer = here.outer if here is not None else None
        name = scope.parameters[position].name
        passed = False
        for ref in sites:
            found = self._resolver.argument(ref, function, position, outer)
            if found is not None:
                passed = True
                call = self._resolver.call(ref)
                text = f"passed to `{scope.qualname}` as `{name}`"
                yield FlowNode(found[0], found[1], outer, route), Hop(Site(ref.path, call.span), text)
        if not passed:
            result.parameters.setdefault((function, position), _trail(node, parents))
            default = scope.parameters[position].default
            if default != NONE:
                yield FlowNode(path, default, None, route), None
            else:
                result.unknown.setdefault(f"parameter `{name}` has no caller here", Site(path, scope.name_span))

    def _note_request(self, node: FlowNode, result: Slice) -> None:
        for value in self._resolver.values(node.path, node.expr, node.frame):
            if isinstance(value, Library):
                for meaning in self._resolver.program.meanings("calls", value.path):
                    if meaning.kind == "request-data":
                        result.requests.setdefault(meaning.path, self._site(node))

    def _attribute(self, node: FlowNode, expr: Expr) -> Iterator[tuple[FlowNode, Hop | None]]:
        found = False
        for value in self._resolver.values(node.path, expr[1], node.frame):
            if isinstance(value, Instance):
                for path, target, frame, route in self._members.sources(value, expr[2]):
                    found = True
                    yield FlowNode(path, target, frame, (*route, *node.route)), None
            elif isinstance(value, Module) and self._resolver.program.python(value.path) is not None:
                facts = self._resolver.facts(value.path)
                for index in facts.scopes[0].finals.get(expr[2], ()):
                    bound, route = _flow_of(facts.definitions[index], node.route)
                    if bound != NONE:
                        found = True
                        yield FlowNode(value.path, bound, None, route), None
        if not found:
            yield FlowNode(node.path, expr[1], node.frame, ()), None

    # -- calls

    def _call(
        self,
        node: FlowNode,
        facts: PythonFacts,
        expr: Expr,
        result: Slice,
        parents: dict[FlowNode, tuple[FlowNode | None, Hop | None]],
        stop_at: frozenset[str],
    ) -> Iterator[tuple[FlowNode, Hop | None]]:
        ref = CallRef(node.path, expr[1])
        call = facts.calls[expr[1]]
        stops = False
        for use in self._sites.at(ref):
            if use not in result.uses:
                result.uses[use] = _trail(node, parents)
            stops = stops or use.meaning.kind in stop_at or use.meaning.kind == "no-flow"
        if stops:
            return
        outside = False
        functions = self._resolver.values(node.path, call.function, node.frame)
        for value in functions:
            if isinstance(value, Function):
                yield from self._returned(node, value, ref)
            elif isinstance(value, Class):
                yield from ((FlowNode(node.path, argument, node.frame), None) for argument in _arguments(call))
            else:
                outside = True
                if isinstance(value, Unknown):
                    result.unknown.setdefault(f"an unresolved call ({value.reason})", Site(node.path, call.span))
                elif isinstance(value, Library) and value.path in ("builtins.zip", "builtins.enumerate") and node.route:
                    yield from self._paired(node, call, value.path)
                    return
        if outside:
            function = facts.exprs[call.function]
            if function[0] == "attr":
                yield FlowNode(node.path, function[1], node.frame), None
            if any(isinstance(value, Library) and value.path in SELECTIONS for value in functions):
                return
            for argument in _arguments(call):
                yield FlowNode(node.path, argument, node.frame), None

    def _paired(self, node: FlowNode, call: Call, path: str) -> Iterator[tuple[FlowNode, Hop | None]]:
        first, rest = node.route[0], node.route[1:]
        if path == "builtins.enumerate":
            if first == 1 and call.arguments:
                yield FlowNode(node.path, call.arguments[0], node.frame, rest), None
        elif isinstance(first, int) and first < len(call.arguments):
            yield FlowNode(node.path, call.arguments[first], node.frame, rest), None

    def _returned(self, node: FlowNode, value: Function, ref: CallRef) -> Iterator[tuple[FlowNode, Hop | None]]:
        scope = self._resolver.scope(value.ref)
        frame = node.frame
        inner = Frame(value.ref, ref, frame) if frame is None or frame.depth < MAX_FRAMES else None
        for one in (*scope.returns, *scope.yields):
            if one.value != NONE:
                hop = Hop(Site(value.ref.path, one.span), f"returned by `{scope.qualname}`")
                yield FlowNode(value.ref.path, one.value, inner, node.route), hop

    def _site(self, node: FlowNode) -> Site:
        from mltradeoff_lint.model.source import Span

        line = self._resolver.facts(node.path).lines[node.expr]
        return Site(node.path, Span(line, 0, line, 0))


def _arguments(call: Call) -> Iterator[int]:
    yield from call.arguments
    yield from (expr for _, expr in call.keywords)


def _flow_of(definition: Definition, route: tuple[Any, ...]) -> tuple[int, tuple[Any, ...]]:
    """The expression a definition takes its value from, and the projection still wanted of it."""
    if definition.kind in ("assign", "loop", "enter"):
        steps = tuple(step for step in definition.path if not isinstance(step, tuple) and step != "*")
        return definition.value, (*steps, *route)
    if definition.kind in ("augment", "item", "attribute", "method", "match"):
        return definition.value, ()
    return NONE, ()


def _children(facts: PythonFacts, expr: Expr, route: tuple[Any, ...]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    kind = expr[0]
    if kind in ("tuple", "list", "set"):
        if route and isinstance(route[0], int) and -len(expr[1]) <= route[0] < len(expr[1]):
            yield expr[1][route[0]], route[1:]
        else:
            yield from ((one, ()) for one in expr[1])
    elif kind == "dict":
        wanted = route[0] if route else None
        named = [value for key, value in expr[1] if key != NONE and facts.exprs[key] == ("const", wanted)]
        values = named or [value for _, value in expr[1]]
        yield from ((value, route[1:] if named else ()) for value in values)
    elif kind == "item":
        index = facts.exprs[expr[2]] if expr[2] != NONE else ("const", None)
        is_key = index[0] == "const" and isinstance(index[1], (int, str)) and not isinstance(index[1], bool)
        yield expr[1], ((index[1], *route) if is_key else ())
    elif kind in ("await", "star", "yield", "yieldfrom"):
        yield expr[1], route
    elif kind == "unary":
        yield expr[2], ()
    elif kind == "ifexp":
        yield from ((one, route) for one in expr[2:4])
    elif kind == "boolop":
        yield from ((one, route) for one in expr[2])
    elif kind == "binop":
        yield from ((one, ()) for one in expr[2:4])
    elif kind == "compare":
        yield from ((one, ()) for one in expr[2])
    elif kind == "fstring":
        yield from ((one, ()) for one in expr[1])
    elif kind == "comp":
        yield expr[2], ()
        yield from ((one, ()) for one in expr[4])
    elif kind == "other":
        yield from ((one, ()) for one in expr[2])


def _trail(node: FlowNode, parents: dict[FlowNode, tuple[FlowNode | None, Hop | None]]) -> tuple[Hop, ...]:
    """The hops from the start of the slice to a node."""
    hops: list[Hop] = []
    here: FlowNode | None = node
    while here is not None:
        here, hop = parents[here]
        if hop is not None:
            hops.append(hop)
    return tuple(reversed(hops))
