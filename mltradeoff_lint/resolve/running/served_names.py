"""Functions and classes that a model server finds by their name, such as `init` and `run` of a scoring script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.catalog.served_names import ServedName, page_libraries, served_names
from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.resolve.domain import Function, FunctionRef, Library
from mltradeoff_lint.resolve.interface import Resolver


class Served(NamedTuple):
    """A function that a server calls on request, the row that says so, and its name as a reader knows it."""

    function: FunctionRef
    row: ServedName
    label: str


def served(resolver: Resolver) -> Iterator[Served]:
    """Every function of the repository that some server looks up by its name, in path order."""
    rows = served_names()
    wanted = {row.function or row.class_name for row in rows}
    for path in resolver.program.python_paths():
        facts = resolver.facts(path)
        if wanted.isdisjoint(facts.scopes[0].finals):
            continue
        found: dict[FunctionRef, Served] = {}
        for row in rows:
            for function, label in _called(facts, path, row):
                if _is_served(facts, row):
                    found.setdefault(function, Served(function, row, label))
        yield from found.values()


def pages(resolver: Resolver) -> Iterator[tuple[str, str]]:
    """(path, framework) of the modules whose own code is a page: it calls the library, or a function that does."""
    libraries = page_libraries()
    for path in resolver.program.python_paths():
        facts = resolver.facts(path)
        roots = {one.module.partition(".")[0] for one in facts.imports if not one.level}.intersection(libraries)
        if roots and path.endswith(".py") and _shows(resolver, path, facts, roots):
            yield path, libraries[min(roots)]


def _shows(resolver: Resolver, path: str, facts: PythonFacts, roots: set[str]) -> bool:
    calls = [call for call in facts.calls if call.scope == 0]
    called = [value for call in calls for value in resolver.values(path, call.function)]
    scopes = {0, *(value.ref.scope for value in called if isinstance(value, Function) and value.ref.path == path)}
    return any(
        isinstance(value, Library) and value.path.partition(".")[0] in roots
        for call in facts.calls
        if call.scope in scopes
        for value in resolver.values(path, call.function)
    )


def _called(facts: PythonFacts, path: str, row: ServedName) -> Iterator[tuple[FunctionRef, str]]:
    """The functions of a module that have the names of a row."""
    for index in facts.scopes[0].finals.get(row.function or row.class_name, ()):
        one = facts.definitions[index]
        if one.kind == "function" and row.function:
            names = [parameter.name for parameter in facts.scopes[one.value].parameters]
            if len(names) >= max(row.parameters, 1) and names[0] not in row.batch:
                yield FunctionRef(path, one.value), row.function
        elif one.kind == "class" and row.class_name:
            finals = facts.scopes[facts.classes[one.value].scope].finals
            for name in row.methods:
                for inner in finals.get(name, ()):
                    if facts.definitions[inner].kind == "function":
                        yield FunctionRef(path, facts.definitions[inner].value), f"{row.class_name}.{name}"


def _is_served(facts: PythonFacts, row: ServedName) -> bool:
    finals = facts.scopes[0].finals
    if not all(any(facts.definitions[one].kind == "function" for one in finals.get(name, ())) for name in row.beside):
        return False
    if not (row.imports or row.variables or row.keys):
        return True
    roots = {one.module.partition(".")[0] for one in facts.imports if not one.level}
    texts = {*row.variables, *row.keys}
    return not roots.isdisjoint(row.imports) or any(expr[0] == "const" and expr[1] in texts for expr in facts.exprs)
