"""Whether a context is told what a model call uses: its model, its client, or an amount of what is paid for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import dotted, is_whole, last_name, parts
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef, Library, Literal, Template, Values, known_texts
from mltradeoff_lint.resolve.sites import Use

MODEL = re.compile(r"(?:^|_)(?:model|llm|deployment)(?:_?(?:name|id|key))?$", re.IGNORECASE)
"""Parameters that take a model or its name."""

AMOUNT = re.compile(r"tokens?(?:_|$)|usage|(?:^|_)(?:costs?|price|counts?|characters|seconds)(?:_|$)", re.IGNORECASE)
"""Parameters that take how much of a model is used, or what that costs."""

MAX_STEPS = 4
"""How many bindings a name is followed through."""


class Subject(NamedTuple):
    """What a model call is about: the names it writes its model and client with, and the ids the model may have."""

    names: frozenset[str]
    texts: frozenset[str]


class Told:
    """Compares what contexts are given with what the calls inside them use."""

    def __init__(self, work: Workspace) -> None:
        self._work = work

    def subject(self, use: Use) -> Subject:
        """The names and model ids of a call."""
        resolver, sites = self._work.resolver, self._work.sites
        facts, call = resolver.facts(use.ref.path), resolver.call(use.ref)
        exprs = [*sites.select(use.ref, use.meaning.selectors("model"))]
        # a dict that is splatted may hold the model
        exprs += [expr for name, expr in call.keywords if name is None]
        names = {one for expr in exprs for one in _names(facts, expr)} | set(self._clients(use))
        values = sites.setting(use, "model")
        for made in use.value.made:
            for client in sites.at(made.call):
                values = (*values, *sites.setting(client, "model"))
        return Subject(frozenset(names), frozenset(known_texts(values)) - {""})

    def is_told(self, manager: CallRef, function: FunctionRef, subject: Subject, is_direct: bool) -> bool:
        """Whether a context is given the model or client of a call; names count where the call stands in it itself."""
        facts = self._work.resolver.facts(manager.path)
        given = tuple(self._given(manager, function))
        if is_direct and any(one in subject.names for _, expr in given for one in _names(facts, expr)):
            return True
        if any(known_texts(self._values(manager, expr, subject)) for _, expr in given):
            return True
        models = [expr for name, expr in given if MODEL.search(name)]
        if any(self._may_be_model(manager.path, expr, subject) for expr in models):
            return True
        return bool(models) and any(AMOUNT.search(name) for name, _ in given)

    def _values(self, manager: CallRef, expr: int, subject: Subject) -> Values:
        values = self._work.resolver.values(manager.path, expr) if subject.texts else ()
        return tuple(value for value in values if isinstance(value, Literal) and value.value in subject.texts)

    def _may_be_model(self, path: str, expr: int, subject: Subject) -> bool:
        """Whether what a context takes for its model may be that of the call: nothing says that it is another."""
        values = self._work.resolver.values(path, expr)
        is_open = any(isinstance(value, Unknown | Template | Library) for value in values)
        return is_open or (not subject.texts and bool(known_texts(values)))

    def _given(self, manager: CallRef, function: FunctionRef) -> Iterator[tuple[str, int]]:
        """The arguments of a context with the names of the parameters that take them."""
        call = self._work.resolver.call(manager)
        taken: set[int] = set()
        for position, parameter in enumerate(self._work.resolver.scope(function).parameters):
            found = self._work.resolver.argument(manager, function, position)
            if found is not None and found[0] == manager.path:
                taken.add(found[1])
                yield parameter.name, found[1]
        yield from ((name or "", expr) for name, expr in call.keywords if expr not in taken)
        yield from (("", expr) for expr in call.arguments if expr not in taken)

    def _clients(self, use: Use) -> Iterator[str]:
        """The name of the client whose method a call is."""
        facts = self._work.resolver.facts(use.ref.path)
        index = facts.calls[use.ref.call].function
        while use.value.made and facts.exprs[index][0] == "attr":
            index = facts.exprs[index][1]
            values = self._work.resolver.values(use.ref.path, index)
            if any(isinstance(value, Library) and value.made == use.value.made for value in values):
                yield dotted(facts, index)


def _names(facts: PythonFacts, index: int) -> Iterator[str]:
    """The names an expression is made of, and those of what is bound to them in the same file."""
    pending, seen = [(index, 0)], set[int]()
    while pending:
        at, steps = pending.pop()
        if at == NONE or at in seen:
            continue
        seen.add(at)
        expr = facts.exprs[at]
        written = dotted(facts, at)
        if written:
            yield written
        if expr[0] == "name" and steps < MAX_STEPS:
            bound = [facts.definitions[one] for one in expr[2]]
            pending += [(one.value, steps + 1) for one in bound if one.kind == "assign" and is_whole(one)]
        elif expr[0] == "call":
            pending += [(one, steps) for one in _sources(facts, expr[1])]
        elif expr[0] in ("fstring", "binop", "boolop", "ifexp", "await", "unary"):
            pending += [(one, steps) for one in parts(facts, expr)]


def _sources(facts: PythonFacts, number: int) -> Iterator[int]:
    """What a call makes its result of: the receiver of a method of text, and arguments that are called a model."""
    call = facts.calls[number]
    function = facts.exprs[call.function]
    if function[0] == "attr" and facts.exprs[function[1]][0] == "name":
        yield function[1]
    for one in (*call.arguments, *(expr for _, expr in call.keywords)):
        if MODEL.search(last_name(facts.exprs[one])):
            yield one
