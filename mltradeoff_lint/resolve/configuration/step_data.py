"""What a pipeline hands to its steps by name: parameters, what another step makes, or an entry of a data catalogue.

`node(answer, inputs="agent", outputs="reply")` calls `answer` with what the step returns whose output is `agent`;
a name that no step makes is an entry of the catalogue (https://docs.kedro.org/en/stable/build/nodes/).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.configuration import step_parameters
from mltradeoff_lint.resolve.configuration.catalogue_objects import Loaded, loaded
from mltradeoff_lint.resolve.configuration.data_catalogue import stored_name
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Function,
    FunctionRef,
    Items,
    Library,
    Mapping,
    Values,
    known_texts,
    union,
)
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.selectors import pick
from mltradeoff_lint.resolve.values.operators import project

MAX_MAKERS = 12
"""Steps that make data of one name; of more it is not told which is meant."""

MAX_DEPTH = 3
"""Objects without a function that are followed into one another."""


class _Output(NamedTuple):
    """One step that makes data of a name: the call that wires it, and where the data stands in what it returns."""

    wiring: CallRef
    part: tuple[int | str, ...]


def given(resolver: Resolver, wiring: CallRef, function: FunctionRef, position: int) -> Values:
    """What the call that wires a step hands to a parameter of it; empty when nothing is known of it."""
    parameter = resolver.scope(function).parameters[position].name
    found: list[Values] = []
    for row in _rows(resolver, wiring):
        for inputs in _selected(resolver, wiring, row, "inputs"):
            name = _name(inputs, parameter, position)
            found.append(_held(resolver, name, wiring) if name else ())
    return union(*found)


def objects(resolver: Resolver, wiring: CallRef, row: Meaning) -> Iterator[Loaded]:
    """The objects of a data catalogue that a call hands to the step it wires."""
    for inputs in _selected(resolver, wiring, row, "inputs"):
        for name in dict.fromkeys(_names(inputs)):
            if not step_parameters.is_parameter(name) and not _makers(resolver, name, wiring.path):
                yield from loaded(resolver, name, wiring)


def _rows(resolver: Resolver, wiring: CallRef) -> Iterator[Meaning]:
    """What the catalog says of a call that wires a step."""
    for value in resolver.values(wiring.path, resolver.call(wiring).function):
        for row in resolver.program.meanings("calls", value.path) if isinstance(value, Library) else ():
            if row.kind == "workflow":
                yield row


def _selected(resolver: Resolver, wiring: CallRef, row: Meaning, setting: str) -> Iterator[Values]:
    for selector in row.selectors(setting):
        expr = pick(resolver.facts(wiring.path), wiring, selector)
        if expr != NONE:
            yield resolver.values(wiring.path, expr)


def _name(inputs: Values, parameter: str, position: int) -> str:
    """The name that stands for a parameter: alone, at its place in a list, or under its own name in a dict."""
    for value in inputs:
        held: Values | None = (value,) if position == 0 else None
        if isinstance(value, Mapping):
            held = value.get(parameter)
        elif isinstance(value, Items):
            held = value.items[position] if position < len(value.items) and not value.is_open else None
        texts = known_texts(held or ())
        if len(texts) == 1:
            return texts[0]
    return ""


def _names(inputs: Values) -> Iterator[str]:
    for value in inputs:
        several = value.items if isinstance(value, Items) else ((value,),)
        several = tuple(held for _, held in value.entries) if isinstance(value, Mapping) else several
        yield from (text for held in several for text in known_texts(held))


def _held(resolver: Resolver, name: str, wiring: CallRef, depth: int = 0) -> Values:
    """What stands under a name; `depth` counts the objects around it that hold data of other names."""
    if step_parameters.is_parameter(name):
        return step_parameters.configured(resolver, name, wiring.path)
    makers = _makers(resolver, name, wiring.path)
    if makers:
        is_told = len(makers) <= MAX_MAKERS and depth <= MAX_DEPTH
        return union(*(_made(resolver, one, depth) for one in makers)) if is_told else ()
    return tuple(one.value for one in loaded(resolver, name, wiring))


# -- what other steps make


def _makers(resolver: Resolver, name: str, seen_from: str) -> tuple[_Output, ...]:
    """The steps that make data of a name: those of the same module, else those of the project; no doubles of tests."""
    outputs = resolver.program.ask("step-outputs", "", lambda: _outputs(resolver)).get(stored_name(name), ())
    outputs = tuple(one for one in outputs if not is_test(one.wiring.path) or is_test(seen_from))
    project_of = resolver.program.modules.project_of
    near = tuple(one for one in outputs if one.wiring.path == seen_from)
    return near or tuple(one for one in outputs if project_of(one.wiring.path) == project_of(seen_from))


def _made(resolver: Resolver, output: _Output, depth: int) -> Values:
    found: list[Values] = []
    for row in _rows(resolver, output.wiring):
        for steps in _selected(resolver, output.wiring, row, "steps"):
            for one in steps:
                found.append(_returned(resolver, one.ref) if isinstance(one, Function) else ())
        fields = tuple(_fields(resolver, output.wiring, row, depth + 1))
        found.append((Mapping(fields, is_open=True),) if fields else ())
    values = union(*found)
    for step in output.part:
        held = [one.get(step) or () for one in values if isinstance(one, Mapping)] if isinstance(step, str) else []
        values = union(*held) if isinstance(step, str) else project(resolver, values, (step,))
    return values


def _returned(resolver: Resolver, function: FunctionRef) -> Values:
    scope = resolver.scope(function)
    returned = [one.value for one in (*scope.returns, *scope.yields) if one.value != NONE]
    return union(*(resolver.values(function.path, one) for one in returned))


def _fields(resolver: Resolver, wiring: CallRef, row: Meaning, depth: int) -> Iterator[tuple[str, Values]]:
    """The attributes of what a step without a function makes, each with the data it was given."""
    facts = resolver.facts(wiring.path)
    for selector in row.selectors("fields"):
        expr = pick(facts, wiring, selector)
        texts = known_texts(resolver.values(wiring.path, expr)) if expr != NONE else ()
        if len(texts) == 1:
            yield selector.keywords[0], _held(resolver, texts[0], wiring, depth)


def _outputs(resolver: Resolver) -> dict[str, tuple[_Output, ...]]:
    """The calls that wire steps, by the names they write for what these make."""
    program = resolver.program
    rows = [row for row in program.catalog.rows("calls") if row.kind == "workflow" and row.selectors("outputs")]
    spellings = program.catalog.giving() if rows else {}
    named = {one.rpartition(".")[2]: row for row in rows for one in (row.path, *spellings.get(row.path, ()))}
    index: dict[str, list[_Output]] = {}
    for path in program.python_paths() if rows else ():
        facts = resolver.facts(path)
        for number, call in enumerate(facts.calls):
            last = last_name(facts.exprs[call.function])
            for selector in named[last].selectors("outputs") if last in named else ():
                expr = pick(facts, CallRef(path, number), selector)
                for name, part in _written(facts, expr) if expr != NONE else ():
                    index.setdefault(stored_name(name), []).append(_Output(CallRef(path, number), part))
    return {name: tuple(found) for name, found in index.items()}


def _written(facts: PythonFacts, index: int) -> Iterator[tuple[str, tuple[int | str, ...]]]:
    """The names of outputs where they are written: alone, in a list, or in a dict by what the function returns."""
    expr = facts.exprs[index]
    if expr[0] == "const" and isinstance(expr[1], str):
        yield expr[1], ()
    elif expr[0] in ("tuple", "list"):
        for place, item in enumerate(expr[1]):
            one = facts.exprs[item]
            if one[0] == "const" and isinstance(one[1], str):
                yield one[1], (place,)
    elif expr[0] == "dict":
        for key, value in expr[1]:
            returned, name = (facts.exprs[one] if one != NONE else ("none", None) for one in (key, value))
            if returned[0] == name[0] == "const" and isinstance(returned[1], str) and isinstance(name[1], str):
                yield name[1], (returned[1],)
