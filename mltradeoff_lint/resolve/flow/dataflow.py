"""Backward dataflow: which calls, parameters and constants a value is made of, with the way it came.

Flow-sensitive through versioned definitions, context-sensitive through frames, field-sensitive through
unpacking and dict keys. A library call passes on its receiver and arguments unless its row says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TypeVar

from mltradeoff_lint.model.facts import NONE, Call, Definition, Expr, PythonFacts
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls.key_frames import is_frame_of_keys
from mltradeoff_lint.resolve.calls.object_calls import giving
from mltradeoff_lint.resolve.calls.own_calls import look_around
from mltradeoff_lint.resolve.calls.passing import provided, results_at, taken
from mltradeoff_lint.resolve.configuration.named_data import NamedData
from mltradeoff_lint.resolve.domain import CallRef, Class, Frame, Function, FunctionRef, Instance, Library, Module
from mltradeoff_lint.resolve.flow import data_hooks
from mltradeoff_lint.resolve.flow.flow_steps import (
    FRAME_SELECTIONS,
    LOOKUPS,
    MAX_WALKED,
    MERGES,
    SAY_NOTHING_OF_RESULTS,
    Route,
    arguments,
    binding_scope,
    constant_key,
    deciding_tests,
    is_promised,
    is_pure,
    operands,
    paired,
    source_of,
)
from mltradeoff_lint.resolve.flow.loaded_tables import ROWS, STORED, UNTOLD, LoadedTables
from mltradeoff_lint.resolve.flow.mutations import Mutations
from mltradeoff_lint.resolve.flow.read_lines import read_site
from mltradeoff_lint.resolve.flow.request_reads import requests
from mltradeoff_lint.resolve.flow.slices import CUT, MAX_VISITED, FlowNode, Hop, Parents, Slice, Step, steps_to, trail
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.app_state import STATES
from mltradeoff_lint.resolve.objects.members import PARSED, Members
from mltradeoff_lint.resolve.sites import Sites, Use

__all__ = ["Dataflow", "FlowNode", "Hop", "Slice"]

Reached = TypeVar("Reached")
StopParameter = Callable[[FunctionRef, int], bool]

MAX_STORED = 400
"""Steps taken to tell whether a value comes from storage."""
_SELF = ("self", "cls")


class Dataflow:
    """Slices of a whole program."""

    def __init__(self, resolver: Resolver, sites: Sites, members: Members) -> None:
        self.resolver = resolver
        self.sites = sites
        self.members = members
        self.mutations = Mutations(resolver)
        self.named = NamedData(resolver, sites)
        self.loaded = LoadedTables(resolver, sites, self._behind)

    def backward(
        self,
        path: str,
        exprs: tuple[int, ...],
        stop_at: frozenset[str] = frozenset(),
        stop_parameter: StopParameter = lambda function, position: False,
        *,
        cautious: bool = False,
        frame: Frame | None = None,
        route: Route = (),
        hooks: tuple[data_hooks.Hook, ...] = (),
        limit: int = MAX_VISITED,
        ends: Callable[[FlowNode], bool] | None = None,
    ) -> Slice:
        """The slice of some expressions; calls of the kinds `stop_at` are reached but not entered.

        `cautious` also follows what flows in by a branch, by a change in place or through a closure: for claims that
        something does not flow in. Without it a step is taken only where data is surely handed on. `frame` is the
        call through which the function that holds the expressions is looked at; `route` are the keys of the part
        of them that is meant; `hooks` are methods whose results are meant beside them; `limit` bounds the steps;
        what flows into a value that `ends` names is left out.
        """
        walk = _Walk(self, stop_at, stop_parameter, cautious)
        walk.ends = ends
        return walk.run([FlowNode(path, expr, frame, route) for expr in exprs], limit, hooks)

    def _behind(self, node: FlowNode) -> Iterable[Use]:
        """The reads that a value surely comes from."""
        return _Walk(self, STORED, lambda function, position: False, False).run([node], MAX_STORED).uses


class _Walk:
    """One slice being taken."""

    def __init__(self, flow: Dataflow, stop_at: frozenset[str], stop_parameter: StopParameter, cautious: bool) -> None:
        self._flow = flow
        self._resolver = flow.resolver
        self._stop_at = stop_at
        self._stop_parameter = stop_parameter
        self._cautious = cautious
        self._result = Slice()
        self._parents: Parents = {}
        self._handed: set[FunctionRef] = set()
        self.ends: Callable[[FlowNode], bool] | None = None

    def run(self, starts: list[FlowNode], limit: int, hooks: tuple[data_hooks.Hook, ...] = ()) -> Slice:
        """Walk from some values until nothing new flows in."""
        self._parents = {node: (None, hop) for node, hop in ((*((one, None) for one in starts), *self._hooked(hooks)))}
        pending = list(self._parents)
        for node in pending:
            self._result.visited += 1
            if self._result.visited > limit:
                self._result.unknown.setdefault(CUT, self._site(node))
                break
            for following, hop in () if self.ends is not None and self.ends(node) else self._step(node):
                if following not in self._parents and following.expr != NONE:
                    self._parents[following] = (node, hop)
                    pending.append(following)
        return self._result

    def _step(self, node: FlowNode) -> Iterable[Step]:
        facts = self._resolver.facts(node.path)
        expr = facts.exprs[node.expr]
        if expr[0] == "call":
            return self._call(node, facts, expr)
        if expr[0] == "name":
            return self._name(node, facts, expr)
        if expr[0] == "attr":
            return self._attribute(node, expr)
        if expr[0] == "lambda":
            return self._closure(FunctionRef(node.path, expr[1]), node)
        if expr[0] == "const":
            if isinstance(expr[1], str):
                self._result.add_constant(node, self._parents, len(facts.readings(node.expr)) > 1)
            return ()
        return self._operands(node, facts, expr)

    def _operands(self, node: FlowNode, facts: PythonFacts, expr: Expr) -> Iterator[Step]:
        for child, route in operands(facts, expr, node.route, cautious=self._cautious):
            yield FlowNode(node.path, child, node.frame, route), None
        if expr[0] == "item" and self._cautious and self._is_encoding(node, facts, expr):
            yield node._replace(expr=expr[2], route=()), None

    def _is_encoding(self, node: FlowNode, facts: PythonFacts, expr: Expr) -> bool:
        """Whether `value[index]` turns the index into data; on what is stored an index is a key."""
        if expr[2] == NONE or constant_key(facts, expr) is not None or facts.exprs[expr[2]][0] == "slice":
            return False
        return not self._is_lookup(node._replace(expr=expr[1], route=()), (expr[2],))

    def _is_lookup(self, base: FlowNode, keys: Collection[int]) -> bool:
        """Whether a value is stored, so that what indexes it are keys; these are noted."""
        if not self._cautious:
            return False
        kind = self._flow.loaded.kind(base, keys)
        if kind == ROWS:
            self._result.lookups.update(((base.path, key), base) for key in keys)
        elif kind:
            self._result.unknown.setdefault(UNTOLD, self._site(base))
        return bool(kind)

    # -- names

    def _name(self, node: FlowNode, facts: PythonFacts, expr: Expr) -> Iterator[Step]:
        bound = binding_scope(facts, expr)
        if expr[2]:
            for index in expr[2]:
                yield from self._definition(node, node.path, index)
        elif bound == 0:
            yield from self._exported(node, node.path, expr[1], frozenset())
        elif bound is not None:
            for index in facts.scopes[bound].finals[expr[1]]:
                yield from self._definition(node, node.path, index)
        else:
            yield from self._from_star(node, node.path, expr[1], frozenset())
        if self._cautious:
            name, scope, is_global = expr[1], expr[3], bound == 0 and not expr[2]
            changes = self._flow.mutations.of_name(node.path, name, scope, is_global=is_global, route=node.route)
            yield from ((FlowNode(node.path, one, node.frame if at == scope else None), None) for one, at in changes)
            for path, value, frame in self._flow.mutations.by_callees(node.path, expr[1], expr[3], node.frame):
                yield FlowNode(path, value, frame), None

    def _exported(self, node: FlowNode, path: str, name: str, seen: frozenset[str]) -> Iterator[Step]:
        """What a module binds under a name, from its own code and from `global` in its functions."""
        facts = self._resolver.facts(path)
        for index in facts.scopes[0].finals.get(name, ()):
            yield from self._definition(node, path, index, seen)
        for holder, value, route in self._flow.mutations.of_globals(path, name, node.route):
            yield FlowNode(holder, value, None, route), None
        if self._cautious and path != node.path:
            changes = self._flow.mutations.of_name(path, name, 0, is_global=True, route=node.route)
            yield from ((FlowNode(path, value, None), None) for value, _ in changes)
        if name not in facts.scopes[0].finals:
            yield from self._from_star(node, path, name, seen)

    def _from_star(self, node: FlowNode, path: str, name: str, seen: frozenset[str]) -> Iterator[Step]:
        for one in self._resolver.facts(path).imports:
            if one.name == "*" and not name.startswith("_"):
                target = self._resolver.program.module(path, one.module, one.level)
                if target is not None and target not in seen and self._resolver.program.python(target) is not None:
                    yield from self._exported(node, target, name, seen | {path})

    def _definition(self, node: FlowNode, path: str, index: int, seen: frozenset[str] = frozenset()) -> Iterator[Step]:
        facts = self._resolver.facts(path)
        frame = node.frame if path == node.path else None
        pending, known = [index], {index}
        while pending:
            definition = facts.definitions[pending.pop(0)]
            if definition.kind == "param":
                yield from self._parameter(node, path, definition, frame)
                continue
            if definition.kind == "import":
                yield from self._imported(node, path, definition, seen)
                continue
            if definition.kind == "function":
                yield from self._closure(FunctionRef(path, definition.value), node)
                continue
            value, route = source_of(definition, node.route)
            if value != NONE:
                yield FlowNode(path, value, frame, route), None
                if self._cautious:
                    tests = deciding_tests(facts, value, definition.region)
                    yield from ((FlowNode(path, test, frame), None) for test in tests)
            pending += [one for one in definition.previous if one not in known]
            known.update(definition.previous)

    def _imported(self, node: FlowNode, path: str, definition: Definition, seen: frozenset[str]) -> Iterator[Step]:
        one = self._resolver.facts(path).imports[definition.value]
        target = self._resolver.program.module(path, one.module, one.level) if one.name else None
        if target is None or target in seen or one.name is None:
            return
        if self._resolver.program.is_unread(target):
            self._result.unknown.setdefault("a module that could not be read", Site(path, definition.span))
        elif self._resolver.program.python(target) is not None:
            hop = Hop(Site(path, definition.span), f"takes `{one.name}` from `{target}`")
            for following, own in self._exported(node, target, one.name, seen | {path}):
                yield following, own or hop

    def _closure(self, function: FunctionRef, node: FlowNode) -> Iterator[Step]:
        """A function as a value: what its results are made of beside the arguments it will be given."""
        if self._cautious:
            self._handed.add(function)
            scope = self._resolver.scope(function)
            for one in (*scope.returns, *scope.yields):
                yield FlowNode(function.path, one.value, node.frame if function.path == node.path else None), None

    # -- parameters

    def _parameter(self, node: FlowNode, path: str, definition: Definition, frame: Frame | None) -> Iterator[Step]:
        function, position = FunctionRef(path, definition.scope), definition.value
        scope = self._resolver.scope(function)
        parameter = scope.parameters[position]
        if (position == 0 and scope.owner != NONE and parameter.name in _SELF) or function in self._result.hooks:
            return
        if (given := provided(self._resolver, function, position, node.route)) is not None:
            yield from given
            return
        if self._stop_parameter(function, position):
            self._reach(self._result.parameters, (function, position), node)
            return
        calls, found = taken(self._resolver, function, position, frame, node.route)
        if not found:
            found = self._flow.named.given(self._result, function, position, node.route, trail(self._parents, node))
        yield from found
        if scope.decorators or not calls:
            self._reach(self._result.options, (function, position), node)
        if not found and not (function in self._handed and not calls):
            self._reach(self._result.parameters, (function, position), node)
            if parameter.default == NONE:
                self._result.unknown.setdefault(
                    f"parameter `{parameter.name}` has no caller here", Site(path, scope.name_span)
                )
        if parameter.default != NONE:
            yield FlowNode(path, parameter.default, None, node.route), None

    # -- attributes

    def _attribute(self, node: FlowNode, expr: Expr) -> Iterator[Step]:
        for request in requests(self._resolver, node) if self._cautious else ():
            self._result.requests.setdefault(request, self._site(node))
        found = is_state = False
        for value in self._resolver.values(node.path, expr[1], node.frame):
            if isinstance(value, Library) and value.path in STATES:
                for path, target in self._flow.members.state.written(value, expr[2]):
                    found = is_state = True
                    yield FlowNode(path, target, None, node.route), None
            elif isinstance(value, Library) and value.path.startswith(PARSED):
                self._reach(self._result.attributes, (value, expr[2]), node)
            elif isinstance(value, Instance):
                for path, target, frame, route in self._flow.members.sources(value, expr[2]):
                    found = True
                    inner = frame or look_around(self._resolver, path, target, value)
                    yield FlowNode(path, target, inner, (*route, *node.route)), None
                if self._cautious:
                    for ref in self._resolver.lineage(value.ref):
                        for one in self._flow.mutations.of_attribute(ref.path, expr[2]):
                            yield FlowNode(ref.path, one, look_around(self._resolver, ref.path, one, value)), None
            elif isinstance(value, Module) and self._resolver.program.python(value.path) is not None:
                for step in self._exported(node, value.path, expr[2], frozenset()):
                    found = True
                    yield step
        base = self._resolver.facts(node.path).exprs[expr[1]]
        is_self = base[:2] in (("name", "self"), ("name", "cls"))
        if not found or (self._cautious and not is_self and not is_state):
            yield FlowNode(node.path, expr[1], node.frame, ()), None

    # -- calls

    def _call(self, node: FlowNode, facts: PythonFacts, expr: Expr) -> Iterator[Step]:
        ref, call = CallRef(node.path, expr[1]), facts.calls[expr[1]]
        uses = self._flow.sites.at(ref)
        for use in uses:
            self._reach(self._result.uses, use, node)
            self._reach(self._result.frames.setdefault(use, {}), node.frame, node)
        if any(use.meaning.kind in self._stop_at or use.meaning.kind == "no-flow" for use in uses):
            return
        if any(use.meaning.kind == "instantiates" for use in uses):
            made = self._resolver.values(node.path, node.expr, node.frame)
            yield from self._hooked(data_hooks.of_values(self._resolver, made))
            if not self._cautious and all(isinstance(one, Unknown) for one in made):
                self._result.unknown.setdefault("a configuration that did not resolve", Site(node.path, call.span))
        outside: list[Library] = []
        for value in self._resolver.values(node.path, call.function, node.frame) or (Unknown("no value"),):
            if isinstance(value, Instance):
                value = next(iter(giving(self._resolver, value)), Unknown("a call of an object"))
            if isinstance(value, Function):
                yield from self._returned(node, value, ref)
            elif isinstance(value, Class):
                hooks = data_hooks.of_call(self._resolver, value, ref, node.frame)
                yield from ((node._replace(expr=one, route=()), None) for one in data_hooks.passed_on(call, hooks))
                yield from self._hooked(hooks)
            elif isinstance(value, Library):
                outside.append(value)
            else:
                words = f"an unresolved call ({value.reason})" if isinstance(value, Unknown) else "an unresolved call"
                self._result.unknown.setdefault(words, Site(node.path, call.span))
                outside.append(Library(""))
        if outside:
            given = results_at(self._resolver, ref, node.frame)
            yield from (step for one in given for step in self._returned(node._replace(route=()), one, ref))
            is_known = any(use.meaning.kind not in SAY_NOTHING_OF_RESULTS for use in uses)
            is_known = is_known or self._flow.sites.is_on_query(ref)
            yield from self._through_library(node, facts, call, outside, is_known)

    def _through_library(
        self, node: FlowNode, facts: PythonFacts, call: Call, outside: list[Library], is_known: bool
    ) -> Iterator[Step]:
        paths = {value.path for value in outside}
        if node.route and paths <= {"builtins.zip", "builtins.enumerate"}:
            parts = paired(outside[0].path, call, node.route)
            yield from ((node._replace(expr=one, route=route), None) for one, route in parts)
            return
        for path in sorted(path for path in paths if path and not is_known and not is_pure(path)):
            self._result.unseen.setdefault(f"`{path}`", Site(node.path, call.span))
        function = facts.exprs[call.function]
        receiver = node._replace(expr=function[1], route=()) if function[0] == "attr" else None
        is_merge = self._cautious and bool(paths & MERGES)
        chosen = is_merge and receiver is not None and self._is_of_keys(receiver, call)
        if receiver is not None and not chosen:
            yield receiver._replace(route=node.route) if is_promised(paths, function[2], call) else receiver, None
            if paths & FRAME_SELECTIONS and not self._cautious:
                return
            selects = bool(paths & FRAME_SELECTIONS) or (function[2] in LOOKUPS and "" not in paths)
            if selects and self._is_lookup(receiver, tuple(arguments(call))):
                return
        for one in arguments(call):
            if is_merge and self._is_of_keys(node._replace(expr=one), call):
                self._is_lookup(receiver or node._replace(expr=call.arguments[0]), (one,))
            else:
                yield node._replace(expr=one, route=()), None

    def _is_of_keys(self, operand: FlowNode, call: Call) -> bool:
        return is_frame_of_keys(self._resolver, operand.path, operand.expr, call, operand.frame)

    def _returned(self, node: FlowNode, value: Function, ref: CallRef) -> Iterator[Step]:
        inner = Frame(value.ref, ref, node.frame) if node.frame is None or node.frame.depth < MAX_WALKED else None
        return data_hooks.results(self._resolver, value.ref, inner, node.route, self._cautious)

    def _hooked(self, hooks: Iterable[data_hooks.Hook]) -> Iterator[Step]:
        """What a framework gets that asks an object for its data."""
        for method, frame, _ in hooks:
            self._result.hooks[method] = None
            yield from data_hooks.results(self._resolver, method, frame, (), self._cautious)

    def _site(self, node: FlowNode) -> Site:
        return read_site(self._resolver, steps_to(self._parents, node))

    def _reach(self, reached: dict[Reached, tuple[Hop, ...]], what: Reached, node: FlowNode) -> None:
        """Note what was reached at a node, with the way of the first time."""
        if what not in reached:
            reached[what] = trail(self._parents, node)
