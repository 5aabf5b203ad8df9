"""What the code calls the response of a model call, so that a remedy reads a field of a name that is there."""

from __future__ import annotations

import re
from typing import NamedTuple

from mltradeoff_lint.graph.facets.metering.call_results import call_results, gone_through
from mltradeoff_lint.graph.facets.metering.failed_answers import is_of_failure
from mltradeoff_lint.model.expressions import dotted
from mltradeoff_lint.model.facts import PythonFacts
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
_INPUTS = ("input", "inputs", "text", "texts", "content", "contents", "prompt")


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
    name = response_name(resolver, ref) if "<response" in line else ""
    method = _GIVEN.search(line) if name else None
    bound = _bound_method(resolver, ref, name, method[1]) if method else ""
    line = line.replace(method[0], bound) if method and bound else line
    line = _NAMED.sub(lambda one: (name if one[1] == "response" else each_name(resolver, ref)) or one[2], line)
    if name or RESPONSE not in line:
        return UsageLine(line.replace(RESPONSE, name))
    if not line.startswith(RESPONSE):
        return UsageLine(line.replace(f"{RESPONSE}.", "").replace(RESPONSE, "..."))
    field = line.removeprefix(RESPONSE).removeprefix(".")
    key = _KEY.fullmatch(field)
    return UsageLine(key[1] if key else field, True)


def response_name(resolver: Resolver, ref: CallRef) -> str:
    """The name or attribute that a call's result is bound to as a whole, or each element of it; empty without one."""
    results = call_results(resolver, ref.path)
    own = sorted(whole(resolver, ref))
    bound = [results.bound[one] for one in own if one in results.bound]
    if bound:
        return min(bound).name
    write = next((results.kept[one] for one in own if one in results.kept), None)
    base = dotted(resolver.facts(ref.path), write.base) if write is not None else ""
    return f"{base}.{write.key}" if write is not None and base else ""


def each_name(resolver: Resolver, ref: CallRef) -> str:
    """The name that a loop over the result of a call gives to what it takes; empty where nothing goes through it."""
    results, scope = call_results(resolver, ref.path), resolver.facts(ref.path).calls[ref.call].scope
    loops = gone_through(results.each, scope, whole(resolver, ref), response_name(resolver, ref))
    return loops[0].name if loops else ""


def whole(resolver: Resolver, ref: CallRef) -> set[int]:
    """The expressions that are the result of a call, waited for or not."""
    return call_results(resolver, ref.path).own.get(ref.call, set())


def _bound_method(resolver: Resolver, ref: CallRef, name: str, method: str) -> str:
    """What the code calls the result of a method of the response; empty where it keeps none but that of a failure."""
    facts = resolver.facts(ref.path)
    key = (facts.calls[ref.call].scope, f"{name}.{method}")
    named = call_results(resolver, ref.path).methods.get(key, ())
    return next((one.name for one in named if not is_of_failure(facts, one.region)), "")


def _input(facts: PythonFacts, number: int) -> str:
    """The name of what a call gives to the model, `...` where it has none."""
    named = [expr for name, expr in facts.calls[number].keywords if name in _INPUTS]
    return next((found for one in named if (found := dotted(facts, one))), "...")
