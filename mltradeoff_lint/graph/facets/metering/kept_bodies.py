"""Objects of the repository that are filled with a whole response: `Reply(**body)`, `Reply.model_validate(body)`.

Whoever gets such an object has the usage too, where its class has a field for it or keeps what it has no field for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mltradeoff_lint.graph.facets.metering.words import TOKEN_FIELDS
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import NONE, Call, PythonFacts
from mltradeoff_lint.resolve.domain import Class, ClassRef, FunctionRef, Instance
from mltradeoff_lint.resolve.objects.class_fields import fields

_FILLING = frozenset((
    "model_validate", "parse_obj", "model_construct", "construct", "from_dict", "validate_python", "structure",
    "convert",
))  # fmt: skip
"""Methods and functions that make an object of a dict: of pydantic, dacite, dataclasses_json, cattrs and msgspec."""


def filled_classes(work: Workspace, function: FunctionRef, is_whole: Callable[[int], bool]) -> frozenset[ClassRef]:
    """The classes of which a function makes objects that hold the usage of a whole response."""
    facts = work.resolver.facts(function.path)
    return frozenset(
        ref
        for call in facts.calls
        if call.scope == function.scope and any(is_whole(expr) for expr in _filling(facts, call))
        for ref in _made(work, function.path, call)
        if _keeps_usage(work, ref)
    )


def returns_one(work: Workspace, function: FunctionRef, classes: frozenset[ClassRef]) -> bool:
    """Whether a function returns an object of one of some classes."""
    scope = work.resolver.scope(function)
    return bool(classes) and any(
        isinstance(value, Instance) and value.ref in classes
        for one in (*scope.returns, *scope.yields)
        if one.value != NONE
        for value in work.resolver.values(function.path, one.value)
    )


def _filling(facts: PythonFacts, call: Call) -> Iterator[int]:
    """What a call may fill an object with: a dict that is splatted, or the argument of what makes one of a dict."""
    yield from (expr for name, expr in call.keywords if name is None)
    if last_name(facts.exprs[call.function]) in _FILLING:
        yield from call.arguments
        yield from (expr for name, expr in call.keywords if name is not None)


def _made(work: Workspace, path: str, call: Call) -> Iterator[ClassRef]:
    """The classes that a call makes an object of: its own, that of its method, or one among its arguments."""
    function = work.resolver.facts(path).exprs[call.function]
    named = [call.function, *([function[1]] if function[0] == "attr" else []), *call.arguments]
    for expr in (*named, *(expr for _, expr in call.keywords)):
        yield from (one.ref for one in work.resolver.values(path, expr) if isinstance(one, Class))


def _keeps_usage(work: Workspace, ref: ClassRef) -> bool:
    """Whether a class has a field of token counts, or one of its bodies allows fields that it does not name."""
    if not TOKEN_FIELDS.isdisjoint(fields(work.resolver, ref)):
        return True
    return any(_allows_more(work.resolver.facts(one.path), one) for one in work.resolver.lineage(ref))


def _allows_more(facts: PythonFacts, ref: ClassRef) -> bool:
    """`extra="allow"` or `Extra.allow` in a class or in the `Config` inside it."""
    scope = facts.classes[ref.number].scope
    inside = {scope, *(number for number, one in enumerate(facts.scopes) if one.parent == scope)}
    return any(
        facts.expr_scopes[index] in inside
        and (expr[:2] == ("const", "allow") or (expr[0] == "attr" and expr[2] == "allow"))
        for index, expr in enumerate(facts.exprs)
    )
