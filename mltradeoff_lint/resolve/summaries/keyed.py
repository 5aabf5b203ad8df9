"""What a mapping holds under one key: `kwargs` that are filled step by step and handed on as `**kwargs`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from mltradeoff_lint.model.facts import NONE, Call, Definition, Expr, PythonFacts
from mltradeoff_lint.resolve.domain import FunctionRef
from mltradeoff_lint.resolve.flow.flow_steps import arguments, binding_scope
from mltradeoff_lint.resolve.summaries.anatomy import versions
from mltradeoff_lint.resolve.summaries.model import Given, Input

MAX_STEPS = 60
"""Expressions and versions looked at for one key."""


def under_key(path: str, facts: PythonFacts, expr: int, key: str) -> Given:
    """The expressions that are put under a key of a mapping, and the parameters that may hold it, as inputs."""
    found: dict[int, None] = {}
    inputs: dict[Input, None] = {}
    pending, seen = [expr], {expr}
    while pending and len(seen) < MAX_STEPS:
        one = facts.exprs[pending.pop()]
        following: list[int] = []
        if one[0] == "dict":
            found |= {value: None for name, value in one[1] if name != NONE and facts.exprs[name] == ("const", key)}
            following += [value for name, value in one[1] if name == NONE]
        elif one[0] == "call" and facts.exprs[facts.calls[one[1]].function][:2] == ("name", "dict"):
            following += _of_call(facts.calls[one[1]], key, found)
        elif one[0] == "name":
            following += _of_name(path, facts, one, key, found, inputs)
        elif one[0] in ("boolop", "ifexp", "binop"):
            following += one[2] if one[0] == "boolop" else one[2:4]
        pending += [each for each in following if each not in seen and each != NONE]
        seen.update(following)
    return Given(tuple(found), tuple(inputs))


def _of_call(call: Call, key: str, found: dict[int, None]) -> Iterator[int]:
    """`dict(a=1, **more)` and `x.update(a=1)`."""
    found |= {expr: None for name, expr in call.keywords if name == key}
    yield from call.arguments
    yield from (expr for name, expr in call.keywords if name is None)


def _of_name(
    path: str, facts: PythonFacts, name: Expr, key: str, found: dict[int, None], inputs: dict[Input, None]
) -> Iterator[int]:
    scope = binding_scope(facts, name)
    reaching = name[2] or (facts.scopes[scope].finals.get(name[1], ()) if scope is not None and scope > 0 else ())
    for one in islice(versions(facts, reaching), MAX_STEPS):
        if one.kind == "param" and facts.scopes[one.scope].kind == "function":
            inputs[Input(FunctionRef(path, one.scope), one.value, key)] = None
        elif one.kind == "item" and facts.exprs[one.path[0]] == ("const", key):
            found[one.value] = None
        elif one.kind == "method" and one.path[0] == "update" and facts.exprs[one.value][0] == "call":
            yield from _of_call(facts.calls[facts.exprs[one.value][1]], key, found)
        elif one.kind == "assign" and not one.path:
            yield one.value
            yield from _same_again(facts, one)


def _same_again(facts: PythonFacts, definition: Definition) -> Iterator[int]:
    """`kwargs` in `kwargs = with_defaults(kwargs)`: a function is given a mapping to fill it further."""
    value = facts.exprs[definition.value]
    value = facts.exprs[value[1]] if value[0] == "await" else value
    if value[0] == "call":
        yield from (
            one for one in arguments(facts.calls[value[1]]) if facts.exprs[one][:2] == ("name", definition.name)
        )
