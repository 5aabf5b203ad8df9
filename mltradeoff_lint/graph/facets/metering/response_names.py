"""What the code calls the response of a model call, so that a remedy reads a field of a name that is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.graph.facets.metering.failed_answers import is_of_failure
from mltradeoff_lint.model.expressions import dotted, is_whole, last_name
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.domain import CallRef
from mltradeoff_lint.resolve.interface import Resolver

RESPONSE = "<response>"
RECEIVER = "<receiver>"
INPUT = "<input>"
"""How a usage line of the table writes them."""

_NAMED = re.compile(r"<(response|each):(\w+)>")
"""A response, or what a loop over it takes, with the word for it where the code has none."""

_GIVEN = re.compile(r"(?:\(await )?<response(?::\w+)?>\.(\w+)\(\)\)?")
"""A method of the response whose result the code may have a name for."""

_KEY = re.compile(r'\["(\w+)"\]')
_BINDS = frozenset({"assign", "enter", "loop"})
_INPUTS = ("input", "inputs", "text", "texts", "content", "contents", "prompt")
_PASSING = frozenset({"get", "iter_lines", "aiter_lines", "parse"})
"""Methods of a response whose elements are its own."""


class UsageLine(NamedTuple):
    """A line that tells the usage of a call, in the names of the code around it."""

    text: str
    is_field: bool = False
    """Whether it is no more than a field, because the response has no name there."""


def filled(line: str, resolver: Resolver, ref: CallRef, given: str = "") -> UsageLine:
    """A usage line of the table for a call; what has no name there is left out, and `...` stands for an argument.

    `given` is the name of what the model is given, where the row of the call says so.
    """
    facts = resolver.facts(ref.path)
    function = facts.exprs[facts.calls[ref.call].function]
    receiver = dotted(facts, function[1]) if function[0] == "attr" else ""
    line = line.replace(RECEIVER, receiver) if receiver else line.replace(f"{RECEIVER}.", "").replace(RECEIVER, "...")
    line = line.replace(INPUT, given or _input(facts, ref.call) if INPUT in line else "")
    name = response_name(facts, ref.call) if "<response" in line else ""
    method = _GIVEN.search(line) if name else None
    bound = _bound_method(facts, ref.call, name, method[1]) if method else ""
    line = line.replace(method[0], bound) if method and bound else line
    line = _NAMED.sub(lambda one: (name if one[1] == "response" else each_name(facts, ref.call)) or one[2], line)
    if name or RESPONSE not in line:
        return UsageLine(line.replace(RESPONSE, name))
    if not line.startswith(RESPONSE):
        return UsageLine(line.replace(f"{RESPONSE}.", "").replace(RESPONSE, "..."))
    field = line.removeprefix(RESPONSE).removeprefix(".")
    key = _KEY.fullmatch(field)
    return UsageLine(key[1] if key else field, True)


def response_name(facts: PythonFacts, number: int) -> str:
    """The name or attribute that a call's result is bound to as a whole, or each element of it; empty without one."""
    own = whole(facts, number)
    for one in facts.definitions:
        if one.kind in _BINDS and one.value in own and is_whole(one):
            return one.name
    for write in facts.writes:
        if write.kind == "attribute" and write.value in own and not write.path and not write.operator:
            base = dotted(facts, write.base)
            return f"{base}.{write.key}" if base else ""
    return ""


def each_name(facts: PythonFacts, number: int) -> str:
    """The name that a loop over the result of a call gives to what it takes; empty where nothing goes through it."""
    own, scope = whole(facts, number), facts.calls[number].scope
    name = response_name(facts, number)
    for one in facts.definitions:
        inward = tuple(_inward(facts, one.value)) if one.kind == "loop" and one.scope == scope and not one.path else ()
        if any(index in own or (name and dotted(facts, index) == name) for index in inward):
            return one.name
    return ""


def _inward(facts: PythonFacts, index: int) -> Iterator[int]:
    """An expression and what it takes its elements of: `reply["stream"]` those of `reply`."""
    while index != NONE:
        yield index
        expr = facts.exprs[index]
        if expr[0] in ("item", "await"):
            index = expr[1]
            continue
        function = facts.exprs[facts.calls[expr[1]].function] if expr[0] == "call" else expr
        index = function[1] if expr[0] == "call" and function[0] == "attr" and function[2] in _PASSING else NONE


def whole(facts: PythonFacts, number: int) -> set[int]:
    """The expressions that are the result of a call, waited for or not."""
    own = {index for index, expr in enumerate(facts.exprs) if expr == ("call", number)}
    return own | {index for index, expr in enumerate(facts.exprs) if expr[0] == "await" and expr[1] in own}


def _bound_method(facts: PythonFacts, number: int, name: str, method: str) -> str:
    """What the code calls the result of a method of the response; empty where it keeps none but that of a failure."""
    for one in facts.definitions:
        if is_of_failure(facts, one.region):
            continue
        if one.kind == "assign" and one.scope == facts.calls[number].scope and is_whole(one) and one.value != NONE:
            expr = facts.exprs[one.value]
            expr = facts.exprs[expr[1]] if expr[0] == "await" else expr
            index = facts.calls[expr[1]].function if expr[0] == "call" else NONE
            if index != NONE and last_name(facts.exprs[index]) == method and dotted(facts, index) == f"{name}.{method}":
                return one.name
    return ""


def _input(facts: PythonFacts, number: int) -> str:
    """The name of what a call gives to the model, `...` where it has none."""
    named = [expr for name, expr in facts.calls[number].keywords if name in _INPUTS]
    return next((found for one in named if (found := dotted(facts, one))), "...")
