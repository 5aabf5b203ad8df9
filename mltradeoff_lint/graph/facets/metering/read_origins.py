"""What a read of a token field is of: the answer of a model call, what that answer says, or something else.

A field that is called like a count of tokens may be one of the repository's own data: a row of a table that an
embedding was looked up in, an object that holds an answer. What a response says (its text, vector, score) holds no
usage, so that nothing made of it alone does. Only a text may be counted, which is a record, but none that shows.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import CallRef, Instance, Library
from mltradeoff_lint.resolve.flow.flow_steps import constant_key, is_pure
from mltradeoff_lint.resolve.flow.slices import FlowNode, Slice
from mltradeoff_lint.resolve.sites import Use

STOP = frozenset({"model-call", "workflow-run"})
"""Calls whose result tells their usage; that of a graph or pipeline holds what the models in it gave."""

_TEXTS = frozenset(("content", "text", "output_text", "generated_text", "transcript", "reasoning_content"))
_OTHERS = frozenset(
    ("embedding", "embeddings", "relevance_score", "b64_json", "arguments", "tool_calls", "function_call", "logprobs")
)
"""Fields of the SDKs' responses that hold what a model says, and nothing of what it used."""

_COUNTER = re.compile(r"token|encod|count", re.IGNORECASE)
"""Names of functions that may count the tokens of a text."""

_RAW = frozenset({"content", "text"})
"""What an unparsed response, which the OpenAI SDK gives in place of its own, calls its body."""


def is_content(name: str) -> bool:
    """Whether a field of a response holds what a model says, and nothing of what it used."""
    return name in _TEXTS or name in _OTHERS


class Origin(NamedTuple):
    """The model calls whose answer a read may be of, the way back to them, and why that is not certain."""

    uses: tuple[Use, ...]
    piece: Slice
    doubt: str = ""


class ReadOrigins:
    """Follows reads backward to model calls."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        called, uses = work.resolver.program.catalog.called, work.sites.of_kind("model-call")
        bodies = {called(use.value.path) for use in uses if use.meaning.literal("provider") == "http"}
        self._responses = tuple(sorted({called(use.value.path) for use in uses} - bodies))

    def of_any(self, path: str, exprs: tuple[int, ...]) -> Origin:
        """The calls that what is counted or priced comes from, whatever part of them it is."""
        piece = self._work.flow.backward(path, exprs, STOP)
        return Origin(_told(piece), piece)

    def of_field(self, path: str, base: int, whole: int, key: str) -> Origin:
        """The calls that a field read of an object may tell the usage of; `whole` is the read of an attribute."""
        is_own = whole != NONE and any(isinstance(one, Instance) for one in self._work.resolver.values(path, base))
        start, route = whole if is_own else base, (key,) if key else ()
        watch = _Watch(self._work, self._responses)
        piece = self._work.flow.backward(path, (start,), STOP, route=route, ends=watch.ends)
        told = _told(piece)
        if told:
            is_open = watch.is_lost and not self._is_of(path, base, told)
            return Origin(told, piece, "of an object that may be something else than the response" if is_open else "")
        if not watch.texts or not (watch.is_lost or watch.is_counted):
            return Origin((), piece)
        counted = _told(self._work.flow.backward(path, (start,), STOP, route=route))
        return Origin(counted, piece, "and may be a count of the answer's tokens" if counted else "")

    def _is_of(self, path: str, base: int, uses: tuple[Use, ...]) -> bool:
        """Whether an object is certainly the response of one of some calls, or a part of it."""
        responses = tuple(self._work.resolver.program.catalog.called(use.value.path) for use in uses)
        values = self._work.resolver.values(path, base)
        return any(isinstance(one, Library) and one.path.startswith(responses) for one in values)


class _Watch:
    """Ends a walk at what a response says, and notes what it met on the way."""

    def __init__(self, work: Workspace, responses: tuple[str, ...]) -> None:
        self._work = work
        self._responses = responses
        self.texts: set[FlowNode] = set()
        self.is_lost = False
        """Whether the way leads through a call that may give anything."""
        self.is_counted = False
        """Whether it leads through a call that may count tokens."""

    def ends(self, node: FlowNode) -> bool:
        """Whether what flows in from here on holds no usage."""
        facts = self._work.resolver.facts(node.path)
        expr = facts.exprs[node.expr]
        if expr[0] == "call":
            self._pass(node, facts, expr[1])
            return False
        if expr[0] == "comp":
            # what is gone through flows in by its elements alone
            return self.ends(node._replace(expr=expr[2]))
        name = _projected(facts, expr)
        if not is_content(name):
            return False
        values = self._work.resolver.values(node.path, expr[1], node.frame)
        if not values or not all(isinstance(one, Library) and self._is_said(one.path, name) for one in values):
            return False
        if name in _TEXTS:
            self.texts.add(node)
        return True

    def _is_said(self, path: str, name: str) -> bool:
        """Whether a field of an object of a library is what a model says."""
        is_raw = name in _RAW and path.startswith("openai.") and path in self._responses
        return path.startswith(self._responses) and not is_raw

    def _pass(self, node: FlowNode, facts: PythonFacts, number: int) -> None:
        call = facts.calls[number]
        self.is_counted = self.is_counted or _COUNTER.search(last_name(facts.exprs[call.function])) is not None
        if self.is_lost or self._work.sites.at(CallRef(node.path, number)):
            return
        for value in self._work.resolver.values(node.path, call.function, node.frame):
            is_seen = not isinstance(value, Library) or is_pure(value.path) or value.path.startswith(self._responses)
            self.is_lost = self.is_lost or not is_seen or isinstance(value, Unknown)


def _projected(facts: PythonFacts, expr: Expr) -> str:
    """The name of the attribute, or the text of the key, that an expression takes of an object; else empty."""
    if expr[0] == "attr":
        return str(expr[2])
    key = constant_key(facts, expr) if expr[0] == "item" else None
    return key if isinstance(key, str) else ""


def _told(piece: Slice) -> tuple[Use, ...]:
    return tuple(use for use in piece.uses if use.meaning.kind in STOP)
