"""The fields of a dataclass or model: the annotated names of its body and of its bases."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.facts import NONE, Definition
from mltradeoff_lint.resolve.domain import ClassRef
from mltradeoff_lint.resolve.interface import Resolver

_NO_FIELDS = ("ClassVar", "InitVar")


def fields(resolver: Resolver, ref: ClassRef) -> tuple[str, ...]:
    """The annotated names of a class body and its bases, in the order in which a dataclass takes them."""
    return tuple(annotated_fields(resolver, ref))


def annotated_fields(resolver: Resolver, ref: ClassRef) -> dict[str, tuple[str, int]]:
    """The (module, expression) of each field's annotation, in the order in which a dataclass takes the fields."""
    return resolver.program.ask("fields", ref, lambda: _annotated(resolver, ref))


def _annotated(resolver: Resolver, ref: ClassRef) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for one in reversed(resolver.lineage(ref)):
        facts = resolver.facts(one.path)
        scope = facts.classes[one.number].scope
        for definition in facts.definitions:
            if definition.scope == scope and definition.kind in ("assign", "declare"):
                for note in _notes(definition):
                    if _head(facts.exprs, note) not in _NO_FIELDS:
                        found[definition.name] = (one.path, note)
    return found


def _notes(definition: Definition) -> Iterator[int]:
    """The annotation of a definition, when it has one."""
    if definition.kind == "declare":
        yield definition.value
    else:
        yield from [step[1] for step in definition.path if isinstance(step, tuple)][:1]


def _head(exprs: list[tuple[object, ...]], note: int) -> str:
    """The last name of a type without its parameters: `ClassVar` of `typing.ClassVar[int]`."""
    if note == NONE:
        return ""
    expr = exprs[note]
    if expr[0] == "item" and isinstance(expr[1], int):
        expr = exprs[expr[1]]
    return str(expr[1] if expr[0] == "name" else expr[2] if expr[0] == "attr" else "")
