"""Short ways to ask for facts of a few lines of Python."""

from __future__ import annotations

from collections.abc import Iterable

from mltradeoff_lint.model.facts import Call, Definition, PythonFacts, Scope
from mltradeoff_lint.readers import python


def read(source: str | bytes) -> PythonFacts:
    """The facts of a module that the reader understands."""
    data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    reading = python.read(data, "sample.py")
    assert reading is not None
    assert isinstance(reading.content, PythonFacts), reading.problems
    return reading.content


def leaves(facts: PythonFacts, reaching: Iterable[int]) -> tuple[Definition, ...]:
    """The definitions behind the joins, in source order."""
    found: dict[int, Definition] = {}
    seen: set[int] = set()
    pending = list(reaching)
    while pending:
        index = pending.pop()
        if index in seen:
            continue
        seen.add(index)
        one = facts.definitions[index]
        if one.kind == "phi":
            pending.extend(one.previous)
        else:
            found[index] = one
    return tuple(found[index] for index in sorted(found))


def call_of(facts: PythonFacts, name: str) -> Call:
    """The only call of a plain name."""
    (found,) = [call for call in facts.calls if facts.exprs[call.function][:2] == ("name", name)]
    return found


def used(source: str) -> tuple[Definition, ...]:
    """The definitions that reach the argument of the only `use(...)` in its own scope, joins expanded."""
    facts = read(source)
    expr = facts.exprs[call_of(facts, "use").arguments[0]]
    assert expr[0] == "name"
    return leaves(facts, expr[2])


def lines(source: str) -> list[int]:
    """The lines of the definitions that reach the argument of `use(...)`."""
    return sorted(one.span.line for one in used(source))


def scope_named(facts: PythonFacts, qualname: str) -> Scope:
    """The only scope of a qualified name."""
    (found,) = [scope for scope in facts.scopes if scope.qualname == qualname]
    return found


def shape(facts: PythonFacts, index: int) -> object:
    """An expression written out as nested tuples, names by their identifier alone."""
    if index < 0:
        return None
    expr = facts.exprs[index]
    match expr[0]:
        case "name":
            return expr[1]
        case "const":
            return ("const", expr[1])
        case "call":
            call = facts.calls[expr[1]]
            return ("call", shape(facts, call.function), *(shape(facts, one) for one in call.arguments))
        case "attr":
            return ("attr", shape(facts, expr[1]), expr[2])
        case "dict":
            return ("dict", *((shape(facts, key), shape(facts, value)) for key, value in expr[1]))
        case "comp":
            return ("comp", expr[1], shape(facts, expr[2]), *(shape(facts, one) for one in expr[4]))
        case "lambda":
            return ("lambda", *(shape(facts, one.value) for one in facts.scopes[expr[1]].returns))
    parts: list[object] = []
    for part in expr[1:]:
        if isinstance(part, tuple):
            parts.extend(part if part and isinstance(part[0], str) else (shape(facts, one) for one in part))
        else:
            parts.append(part if isinstance(part, str) else shape(facts, part))
    return (expr[0], *parts)
