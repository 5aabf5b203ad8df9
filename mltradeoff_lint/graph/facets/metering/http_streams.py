"""Whether a request over HTTP asks for a stream of events, and what the code calls one of them once it is parsed.

The switch is a key of the body that is sent; where nobody knows the body, code that reads the answer by lines says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.graph.facets.metering.response_names import response_name, whole
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import dotted, is_whole, last_name, parts
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.domain import Library, Literal, Mapping, Values, union
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


def is_read_by_pieces(facts: PythonFacts, number: int) -> bool:
    """Whether the scope of a request goes through the body of its answer piece by piece."""
    answer, scope = _Answer.of(facts, number), facts.calls[number].scope
    return bool(_loops(facts, number)) or any(
        answer.is_piecewise(facts, iterable)
        for index, expr in enumerate(facts.exprs)
        if expr[0] == "comp" and facts.expr_scopes[index] == scope
        for iterable in expr[4]
    )


def event_text(facts: PythonFacts, number: int) -> str:
    """What an event of a stream is called in the code once it is parsed, else what parses it."""
    loops, scope, found = _loops(facts, number), facts.calls[number].scope, f"{_PARSE_WITH}(...)"
    for index, expr in enumerate(facts.exprs):
        call = facts.calls[expr[1]] if expr[0] == "call" else None
        if call is None or call.scope != scope or last_name(facts.exprs[call.function]) != "loads":
            continue
        given = call.arguments[0] if call.arguments else NONE
        if loops.isdisjoint(_named(facts, given)):
            continue
        if dotted(facts, given) in loops:
            found = f"{_PARSE_WITH}({dotted(facts, given)})"
        bound = [one.name for one in facts.definitions if one.kind == "assign" and one.value == index and is_whole(one)]
        if bound:
            return bound[0]
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


class _Answer(NamedTuple):
    """The answer of a request: its name, and the expressions that are the answer itself."""

    name: str
    own: frozenset[int]

    @classmethod
    def of(cls, facts: PythonFacts, number: int) -> _Answer:
        return cls(response_name(facts, number), frozenset(whole(facts, number)))

    def is_piecewise(self, facts: PythonFacts, index: int) -> bool:
        """Whether an expression gives the body of the answer in pieces."""
        is_by_pieces = False
        while index != NONE and index not in self.own and not (self.name and dotted(facts, index) == self.name):
            expr = facts.exprs[index]
            if expr[0] not in ("call", "attr"):
                return False
            is_by_pieces = is_by_pieces or (expr[0] == "attr" and expr[2] in _BY_PIECES)
            index = facts.calls[expr[1]].function if expr[0] == "call" else expr[1]
        return is_by_pieces and index != NONE


def _loops(facts: PythonFacts, number: int) -> frozenset[str]:
    """What loops over the pieces of the body of an answer call one of them."""
    answer, scope = _Answer.of(facts, number), facts.calls[number].scope
    loops = (one for one in facts.definitions if one.kind == "loop" and one.scope == scope and not one.path)
    return frozenset(one.name for one in loops if answer.is_piecewise(facts, one.value))


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
