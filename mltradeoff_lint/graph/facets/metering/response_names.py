"""What the code calls the response of a model call, so that a remedy reads a field of a name that is there."""

from __future__ import annotations

import re
from typing import NamedTuple

from mltradeoff_lint.model.expressions import dotted, is_whole
from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.resolve.domain import CallRef
from mltradeoff_lint.resolve.interface import Resolver

RESPONSE = "<response>"
RECEIVER = "<receiver>"
"""How a usage line of the table writes the two."""

_KEY = re.compile(r'\["(\w+)"\]')
_BINDS = frozenset({"assign", "enter", "loop"})


class UsageLine(NamedTuple):
    """A line that tells the usage of a call, in the names of the code around it."""

    text: str
    is_field: bool = False
    """Whether it is no more than a field, because the response has no name there."""


def filled(line: str, resolver: Resolver, ref: CallRef) -> UsageLine:
    """A usage line of the table for a call; what has no name there is left out, and `...` stands for an argument."""
    facts = resolver.facts(ref.path)
    function = facts.exprs[facts.calls[ref.call].function]
    receiver = dotted(facts, function[1]) if function[0] == "attr" else ""
    line = line.replace(RECEIVER, receiver) if receiver else line.replace(f"{RECEIVER}.", "")
    name = response_name(facts, ref.call) if RESPONSE in line else ""
    if name or RESPONSE not in line:
        return UsageLine(line.replace(RESPONSE, name))
    if not line.startswith(RESPONSE):
        return UsageLine(line.replace(f"{RESPONSE}.", "").replace(RESPONSE, "..."))
    field = line.removeprefix(RESPONSE).removeprefix(".")
    key = _KEY.fullmatch(field)
    return UsageLine(key[1] if key else field, True)


def response_name(facts: PythonFacts, number: int) -> str:
    """The name or attribute that a call's result is bound to as a whole, or each element of it; empty without one."""
    whole = {index for index, expr in enumerate(facts.exprs) if expr == ("call", number)}
    whole |= {index for index, expr in enumerate(facts.exprs) if expr[0] == "await" and expr[1] in whole}
    for one in facts.definitions:
        if one.kind in _BINDS and one.value in whole and is_whole(one):
            return one.name
    for write in facts.writes:
        if write.kind == "attribute" and write.value in whole and not write.path and not write.operator:
            base = dotted(facts, write.base)
            return f"{base}.{write.key}" if base else ""
    return ""
