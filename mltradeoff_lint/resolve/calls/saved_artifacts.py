"""The files that are saved together with an object: its methods are given their paths once it is loaded again.

`log_model(python_model=Blend(), artifacts={"trees": "trees.joblib"})` lets `context.artifacts["trees"]` in the methods
of `Blend` stand for that file. Which calls save so, and which methods are given the paths, is told by rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.domain import ClassRef, FunctionRef, Instance, Library, Mapping, Values, union
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.selectors import pick

FIELD = "artifacts"
"""What the paths are kept under, in the row and on the object that the methods are given."""


def given(resolver: Resolver, function: FunctionRef, position: int) -> Values:
    """What the library that loads a saved object passes to a method of it; empty for any other parameter."""
    scope = resolver.scope(function)
    if position != 1 or scope.owner == NONE or not _is_method_of_saved(resolver, function):
        return ()
    saved = resolver.program.ask("saved-with-files", "", lambda: tuple(_saved(resolver)))
    owner = ClassRef(function.path, scope.owner)
    files = union(*(held for one, held in saved if owner in resolver.lineage(one)))
    return (Mapping(((FIELD, files),), True),) if files else ()


def _is_method_of_saved(resolver: Resolver, function: FunctionRef) -> bool:
    scope = resolver.scope(function)
    for base in resolver.library_bases(ClassRef(function.path, scope.owner)):
        for meaning in resolver.program.meanings("classes", base):
            if meaning.kind == "saved-object":
                return scope.name in [one.strip() for one in meaning.literal("methods").split(",")]
    return False


def _saved(resolver: Resolver) -> Iterator[tuple[ClassRef, Values]]:
    """The classes whose objects are saved with files, with the files by their names."""
    rows = [one for one in resolver.program.catalog.rows("calls") if one.kind == "model-save" and one.selectors(FIELD)]
    for name in sorted({one.path.rpartition(".")[2] for one in rows}):
        for ref in resolver.calls_of(name):
            facts, call = resolver.facts(ref.path), resolver.call(ref)
            paths = {one.path for one in resolver.values(ref.path, call.function) if isinstance(one, Library)}
            for row in (one for one in rows if one.path in paths):
                objects = (pick(facts, ref, one) for one in row.selectors("model"))
                files = [pick(facts, ref, one) for one in row.selectors(FIELD)]
                held = union(*(resolver.values(ref.path, one) for one in files if one != NONE))
                for value in (value for one in objects if one != NONE for value in resolver.values(ref.path, one)):
                    if isinstance(value, Instance) and held:
                        yield value.ref, held
