"""Clients that the repository derives from a library's and that read what calls use: they may record all of its calls.

Some libraries take the client from a setting of the process or from a context around the call (`dspy`), so that it
cannot be told from the call.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.graph.facets.metering.recorded import Recorded
from mltradeoff_lint.graph.facets.metering.words import TOKEN_FIELDS
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.calls.hanging import method_around
from mltradeoff_lint.resolve.domain import ClassRef


def own_clients(work: Workspace, path: str) -> Iterator[tuple[str, Recorded]]:
    """The roots of the libraries from whose clients a module derives classes that read usage."""
    facts = work.resolver.facts(path)
    reading: frozenset[int] | None = None
    for number, one in enumerate(facts.classes):
        if not one.bases:
            continue
        reading = _reading_classes(facts) if reading is None else reading
        if number not in reading:
            continue
        for base in work.resolver.library_bases(ClassRef(path, number)):
            if any(meaning.kind == "client" for meaning in work.resolver.program.meanings("calls", base)):
                root = base.partition(".")[0]
                how = f"`{one.name}` derives from a client of {root} and reads what its calls use"
                yield root, Recorded(root, ("tokens",), how, Site(path, one.name_span))


def _reading_classes(facts: PythonFacts) -> frozenset[int]:
    """The classes of a module in whose methods a field of token counts is read."""
    found: set[int] = set()
    for index, expr in enumerate(facts.exprs):
        if (expr[0] == "attr" and expr[2] in TOKEN_FIELDS) or (expr[0] == "const" and expr[1] in TOKEN_FIELDS):
            found.add(facts.scopes[method_around(facts, facts.expr_scopes[index])].owner)
    return frozenset(found - {NONE})
