"""Whether a request over HTTP asks for a stream of events, and what the code calls one of them once it is parsed.

The switch is a key of the body that is sent; where nobody knows the body, code that reads the answer by lines says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.graph.facets.metering.call_results import Binding, Gone, gone_through, note
from mltradeoff_lint.graph.facets.metering.response_names import response_name, whole
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import dotted, is_whole, last_name, parts
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.domain import CallRef, Library, Literal, Mapping, Values, union
from mltradeoff_lint.resolve.sites import Use

_BY_PIECES = frozenset((
    "iter_lines", "iter_content", "iter_text", "iter_bytes", "iter_raw", "aiter_lines", "aiter_text", "aiter_bytes",
    "aiter_raw", "iter_any", "iter_chunks", "iter_chunked", "content",
))  # fmt: skip
"""Methods and attributes of a response whose elements are pieces of its body."""

_PARSE_WITH = "json.loads"
"""What an event is parsed with where the code has no name for one."""


def asks_for_stream(work: Workspace, use: Use) -> bool | None:
    """Whether the body of a request switches its stream on; None where it does not say so for certain."""
    values = sends(work, use, "stream")
    found = {bool(one.value) if isinstance(one, Literal) else None for one in values}
    return found.pop() if len(found) == 1 else None


def sends(work: Workspace, use: Use, key: str) -> Values:
    """What a request sends under a key of its body."""
    exprs = (_unpacked(work, use.ref.path, one) for one in work.sites.select(use.ref, use.meaning.selectors("body")))
    held = [work.resolver.values(use.ref.path, expr) for expr in exprs]
    return union(*(value.get(key) or () for one in held for value in one if isinstance(value, Mapping)))


def is_read_by_pieces(work: Workspace, ref: CallRef) -> bool:
    """Whether the scope of a request goes through the body of its answer piece by piece."""
    return bool(_loops(work, ref))


def event_text(work: Workspace, ref: CallRef) -> str:
    """What an event of a stream is called in the code once it is parsed, else what parses it."""
    facts, scope, read = work.resolver.facts(ref.path), work.resolver.call(ref).scope, _pieces(work, ref.path)
    loops, found = {one.name for one in _loops(work, ref)} - {""}, f"{_PARSE_WITH}(...)"
    for index in sorted({index for name in loops for index in read.parsed.get((scope, name), ())}):
        if index in read.bound:
            return read.bound[index]
        given = facts.calls[facts.exprs[index][1]].arguments[0]
        if dotted(facts, given) in loops:
            found = f"{_PARSE_WITH}({dotted(facts, given)})"
    return found


def _unpacked(work: Workspace, path: str, expr: int) -> int:
    """What `json.dumps(...)` makes a text of, else the expression itself."""
    for _ in range(2):
        facts = work.resolver.facts(path)
        one = facts.exprs[expr]
        if one[0] == "name" and len(one[2]) == 1:
            bound = facts.definitions[one[2][0]]
            one = facts.exprs[bound.value] if bound.kind == "assign" and is_whole(bound) else one
        call = facts.calls[one[1]] if one[0] == "call" else None
        if call is None or not call.arguments:
            return expr
        made = work.resolver.values(path, call.function)
        if not any(isinstance(value, Library) and value.path.endswith(".dumps") for value in made):
            return expr
        expr = call.arguments[0]
    return expr


class _Pieces(NamedTuple):
    """What a module reads by pieces, and what it parses a piece to."""

    loops: Gone
    """Loops over the pieces of an answer, by the answer; one of a comprehension has no name."""
    parsed: dict[tuple[int, str], list[int]]
    """By scope and name of a piece the expressions that parse it."""
    bound: dict[int, str]
    """By expression the first name that is assigned all of it."""


def _pieces(work: Workspace, path: str) -> _Pieces:
    return work.resolver.program.ask("body-pieces", path, lambda: _indexed(work.resolver.facts(path)))


def _indexed(facts: PythonFacts) -> _Pieces:
    found = _Pieces({}, {}, {})
    for place, one in enumerate(facts.definitions):
        if one.kind == "loop" and not one.path:
            for index in _answers(facts, one.value):
                note(found.loops, facts, one.scope, index, Binding(place, one.name))
        elif one.kind == "assign" and is_whole(one):
            found.bound.setdefault(one.value, one.name)
    for index, expr in enumerate(facts.exprs):
        if expr[0] == "comp":
            for answer in (each for iterable in expr[4] for each in _answers(facts, iterable)):
                note(found.loops, facts, facts.expr_scopes[index], answer, Binding(NONE, ""))
        elif expr[0] == "call":
            call = facts.calls[expr[1]]
            if call.arguments and last_name(facts.exprs[call.function]) == "loads":
                for name in set(_named(facts, call.arguments[0])):
                    found.parsed.setdefault((call.scope, name), []).append(index)
    return found


def _answers(facts: PythonFacts, index: int) -> Iterator[int]:
    """The expressions whose body an expression gives in pieces."""
    is_by_pieces = False
    while index != NONE:
        if is_by_pieces:
            yield index
        expr = facts.exprs[index]
        if expr[0] not in ("call", "attr"):
            return
        is_by_pieces = is_by_pieces or (expr[0] == "attr" and expr[2] in _BY_PIECES)
        index = facts.calls[expr[1]].function if expr[0] == "call" else expr[1]


def _loops(work: Workspace, ref: CallRef) -> list[Binding]:
    """The loops over the pieces of the body of an answer."""
    own, name = whole(work.resolver, ref), response_name(work.resolver, ref)
    return gone_through(_pieces(work, ref.path).loops, work.resolver.call(ref).scope, own, name)


def _named(facts: PythonFacts, index: int) -> Iterator[str]:
    """The names that an expression is made of."""
    pending = [index]
    while pending:
        at = pending.pop()
        if at != NONE:
            expr = facts.exprs[at]
            if expr[0] == "name":
                yield str(expr[1])
            pending += parts(facts, expr)
