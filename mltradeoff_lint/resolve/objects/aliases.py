"""Names that stand for a type: `SessionDep = Annotated[Session, Depends(get_db)]`, here or in another module."""

from __future__ import annotations

from mltradeoff_lint.model.facts import NONE, Definition
from mltradeoff_lint.resolve.interface import Resolver

MAX_ALIASES = 4
"""Names that stand for names further than this are not followed."""


def written_type(resolver: Resolver, path: str, annotation: int) -> tuple[str, int]:
    """The (module, expression) an annotation stands for, names of subscripted types followed."""
    if resolver.facts(path).exprs[annotation][0] != "name":
        return path, annotation
    return resolver.program.ask("written-type", (path, annotation), lambda: _followed(resolver, path, annotation))


def _followed(resolver: Resolver, path: str, annotation: int) -> tuple[str, int]:
    here = (path, annotation)
    for _ in range(MAX_ALIASES):
        found = _definition(resolver, *here)
        if found is None:
            return here
        where, definition = found
        # `Alias: TypeAlias = ...` has its own annotation in the path
        is_projected = any(not isinstance(step, tuple) for step in definition.path)
        if definition.kind != "assign" or is_projected or definition.value == NONE:
            return here
        here = (where, definition.value)
    return here


def _definition(resolver: Resolver, path: str, expr: int) -> tuple[str, Definition] | None:
    """The only definition of a name, in the module that makes it; None when the expression is no such name."""
    facts = resolver.facts(path)
    one = facts.exprs[expr]
    if one[0] != "name":
        return None
    reaching = one[2] or facts.scopes[0].finals.get(one[1], ())
    for _ in range(MAX_ALIASES):
        if len(reaching) != 1:
            return None
        definition = facts.definitions[reaching[0]]
        if definition.kind != "import":
            return path, definition
        imported = facts.imports[definition.value]
        target = resolver.program.module(path, imported.module, imported.level) if imported.name else None
        if target is None or resolver.program.python(target) is None:
            return None
        path, facts = target, resolver.facts(target)
        reaching = facts.scopes[0].finals.get(imported.name or "", ())
    return None
