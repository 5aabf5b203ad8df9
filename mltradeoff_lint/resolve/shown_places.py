"""Places as reports show them: of a text inside another file, such as the code of a notebook, the line of that file."""

from __future__ import annotations

import sys

from mltradeoff_lint.model.facts import Definition, PythonFacts
from mltradeoff_lint.model.source import Site, Span
from mltradeoff_lint.resolve.domain import Instance, Values
from mltradeoff_lint.resolve.interface import Resolver

ANYWHERE = Span(1, 0, sys.maxsize, 0)
"""The stretch of an expression of which nobody knows what it stands in."""

_VALUE_FIRST = frozenset({"enter", "match", "except"})
"""Bindings whose value is written in front of the name."""

_NOT_VALUES = frozenset({"param", "import", "function", "class", "phi", "injected"})
"""Definitions whose `value` is no expression."""


def shown(resolver: Resolver, site: Site) -> str:
    """`path:line` of a site, as `check` prints it."""
    return shown_line(resolver, site.path, site.span.line)


def shown_line(resolver: Resolver, path: str, line: int) -> str:
    """`path:line` of a line of a text."""
    file = resolver.program.file(path)
    if file is None:
        return f"{path}:{line}"
    return f"{file.file}:{file.lines.to_host(Span(line, 0, line, 0))[0].line}"


def code_at(resolver: Resolver, path: str, line: int) -> tuple[tuple[str, int], ...]:
    """The lines of Python (path and line of the text) that stand at a line of a file as `check` prints it."""
    found = []
    for text in resolver.program.python_paths():
        file = resolver.program.file(text)
        if file is not None and file.file == path:
            found += [(text, one) for one in file.lines.lines_on(line)]
    return tuple(found)


def behind(span: Span) -> Span:
    """The stretch in which the value of a target stands: in its lines or those that follow."""
    return span._replace(end_line=sys.maxsize)


def value_span(definition: Definition) -> Span:
    """The stretch in which the value of a definition stands; `PythonFacts.line_in` takes the nearest reading of it."""
    return definition.span if definition.kind in _VALUE_FIRST else behind(definition.span)


def bindings(facts: PythonFacts, name: str, value: int) -> tuple[Span, ...]:
    """The stretches in which an expression is given to a name, attribute or parameter, or returned by a function."""
    found = []
    for one in facts.definitions:
        if one.name == name and one.kind == "param":
            scope = facts.scopes[one.scope]
            found += [behind(scope.name_span)] if scope.parameters[one.value].default == value else []
        elif one.value == value and one.name == name and one.kind not in _NOT_VALUES:
            found.append(value_span(one))
    found += [behind(one.span) for one in facts.writes if one.value == value and one.key == name]
    found += [one.span for scope in facts.scopes if scope.name == name for one in scope.returns if one.value == value]
    return tuple(found)


def set_at(resolver: Resolver, of: Values, name: str, path: str, value: int) -> tuple[Span, ...]:
    """The stretches in which an expression is given to an attribute of objects, else the calls that make these."""
    made = (one.made.call for one in of if isinstance(one, Instance) and one.made is not None)
    calls = tuple(resolver.call(ref).span for ref in made if ref.path == path)
    return bindings(resolver.facts(path), name, value) or calls
