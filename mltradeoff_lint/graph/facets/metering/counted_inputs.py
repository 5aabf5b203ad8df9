"""The model calls that are given what a tokenizer counts: the tokens of its input are all that an embedding uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import is_whole
from mltradeoff_lint.model.facts import NONE, Definition
from mltradeoff_lint.resolve.domain import FunctionRef
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.sites import Use

_INPUT_ONLY = frozenset({"embed"})
"""Operations whose price is that of their input."""

_TEXT = "page_content"
"""The attribute of a document of LangChain that is embedded."""

MAX_STEPS = 60
"""Expressions that are looked at for what is counted."""


class CountedInputs:
    """Knows what is embedded where, and tells it of counts."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._embedded: dict[tuple[str, int], list[Use]] = {}
        for use in work.sites.of_kind("model-call"):
            if use.meaning.literal("operation") in _INPUT_ONLY:
                for expr in self._inputs(use):
                    self._embedded.setdefault((use.ref.path, expr), []).append(use)

    def told(self, answers: Sequence[Use], path: str, exprs: Sequence[int]) -> tuple[Use, ...]:
        """The calls that a count of texts tells of: those that said the texts, and those that embed them."""
        saying = [use for use in answers if use.meaning.literal("operation") not in _INPUT_ONLY]
        return (*saying, *self._embedding(path, exprs))

    def _embedding(self, path: str, exprs: Sequence[int]) -> tuple[Use, ...]:
        """The calls that embed what some expressions hold: the same value, one element of it, or its texts joined."""
        pending = [(path, one) for one in exprs] if self._embedded else []
        seen, found = set(pending), dict[Use, None]()
        while pending and len(seen) <= MAX_STEPS:
            here = pending.pop()
            found.update(dict.fromkeys(self._embedded.get(here, ())))
            for one in self._behind(*here):
                if one not in seen:
                    seen.add(one)
                    pending.append(one)
        return tuple(found)

    def _inputs(self, use: Use) -> Sequence[int]:
        call = self._work.resolver.call(use.ref)
        given = self._work.sites.select(use.ref, use.meaning.selectors("prompt"))
        return tuple(given) or (*call.arguments, *(expr for _, expr in call.keywords))

    def _behind(self, path: str, index: int) -> Iterator[tuple[str, int]]:
        """What an expression takes its texts from, one step back."""
        facts = self._work.resolver.facts(path)
        expr = facts.exprs[index]
        if expr[0] == "name":
            for number in expr[2]:
                yield from self._bound(path, facts.definitions[number])
        elif expr[0] == "comp":
            yield path, expr[2]
        elif expr[0] == "attr" and expr[2] == _TEXT:
            yield path, expr[1]
        elif expr[0] == "call":
            call = facts.calls[expr[1]]
            function = facts.exprs[call.function]
            if function[0] == "attr" and function[2] == "join":
                yield from ((path, one) for one in call.arguments)

    def _bound(self, path: str, one: Definition) -> Iterator[tuple[str, int]]:
        if one.kind == "param":
            function = FunctionRef(path, one.scope)
            for ref in self._work.resolver.callers(function):
                passed = None if is_test(ref.path) else self._work.resolver.argument(ref, function, one.value)
                if passed is not None:
                    yield passed
        elif one.kind in ("assign", "loop") and one.value != NONE and is_whole(one):
            yield path, one.value
