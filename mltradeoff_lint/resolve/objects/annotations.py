"""Objects of an annotated type: classes, unions, aliases, type variables, and containers with what they hold."""

from __future__ import annotations

from collections.abc import Callable

from mltradeoff_lint.model.facts import NONE, Expr
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import (
    Class,
    ClassRef,
    Instance,
    Items,
    Library,
    Mapping,
    Value,
    Values,
    union,
    unknown,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.aliases import written_type
from mltradeoff_lint.resolve.objects.class_fields import annotated_fields

MAX_NESTED = 6
"""Types inside types deeper than this are unknown."""

_PLAIN = ("builtins.", "typing.", "typing_extensions.", "collections.", "datetime.", "pathlib.")
_VARIABLES = frozenset({"typing.TypeVar()", "typing_extensions.TypeVar()"})
_ALTERNATIVES = frozenset({"Optional", "Union", "ClassVar", "Final", "Awaitable", "Coroutine", "Required",
                           "NotRequired", "ReadOnly", "ContextManager", "AsyncContextManager",
                           "AbstractContextManager", "AbstractAsyncContextManager"})  # fmt: skip
_FIRST = frozenset({"Annotated"})
_ELEMENTS = frozenset({"list", "List", "Sequence", "MutableSequence", "Iterable", "Iterator", "Collection", "set",
                       "Set", "frozenset", "FrozenSet", "AbstractSet", "deque", "Deque", "Generator", "AsyncIterator",
                       "AsyncIterable", "AsyncGenerator"})  # fmt: skip
_FIRST_ELEMENTS = frozenset({"Generator", "AsyncGenerator"})
_ROWS = frozenset({"tuple", "Tuple"})
_KEYED = frozenset({"dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "DefaultDict", "OrderedDict"})
_CLASSES = frozenset({"type", "Type"})


class Annotations:
    """Reads annotations of a whole program; what is not known of a type stays unknown."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._readers: dict[str, Callable[[str, tuple[int, ...], int], Values]] = {
            **dict.fromkeys(_ALTERNATIVES, self._any_of),
            **dict.fromkeys(_FIRST, self._first_of),
            **dict.fromkeys(_ELEMENTS, self._elements),
            **dict.fromkeys(_FIRST_ELEMENTS, self._first_elements),
            **dict.fromkeys(_ROWS, self._row),
            **dict.fromkeys(_KEYED, self._keyed),
            **dict.fromkeys(_CLASSES, self._class),
        }

    def of(self, path: str, annotation: int) -> Values:
        """An object of the annotated type."""
        return self._resolver.program.ask("annotated", (path, annotation), lambda: self._of(path, annotation, 0))

    def _of(self, path: str, annotation: int, depth: int) -> Values:
        path, annotation = written_type(self._resolver, path, annotation)
        expr = self._resolver.facts(path).exprs[annotation]
        if depth > MAX_NESTED:
            return unknown("a type inside many types")
        if expr[0] == "binop" and expr[1] == "|":
            return self._any_of(path, expr[2:4], depth) or unknown("a union of types that did not resolve")
        if expr[0] == "item" and expr[2] != NONE:
            return self._generic(path, expr, depth) or unknown("a generic type that did not resolve")
        if expr[0] == "const" and isinstance(expr[1], str) and expr[1].isidentifier():
            # a name in quotes where the reader expects no type: `TypeVar("T", bound="Client")`
            named = self._resolver.global_name(path, expr[1]) or ()
            return union(*(self._object_of(one, depth) for one in named)) or unknown("a type that is not defined")
        return union(*(self._object_of(one, depth) for one in self._resolver.values(path, annotation)))

    def _generic(self, path: str, expr: Expr, depth: int) -> Values:
        """What `Head[parts]` stands for; a generic class of the repository is itself."""
        inner = self._resolver.facts(path).exprs[expr[2]]
        parts = tuple(inner[1]) if inner[0] == "tuple" else (expr[2],)
        found: list[Values] = []
        for head in self._resolver.values(path, expr[1]):
            module, _, name = head.path.rpartition(".") if isinstance(head, Library) else ("", "", "")
            if isinstance(head, Library) and f"{module}.".startswith((*_PLAIN, "contextlib.")):
                reader = self._readers.get(name)
                found.append(reader(path, parts, depth + 1) if reader is not None else ())
            else:
                found.append(self._known(self._object_of(head, depth)))
        return union(*found)

    def _known(self, values: Values) -> Values:
        return tuple(value for value in values if not isinstance(value, Unknown))

    def _any_of(self, path: str, parts: tuple[int, ...], depth: int) -> Values:
        return union(*(self._known(self._of(path, part, depth + 1)) for part in parts))

    def _first_of(self, path: str, parts: tuple[int, ...], depth: int) -> Values:
        return self._any_of(path, parts[:1], depth)

    def _elements(self, path: str, parts: tuple[int, ...], depth: int) -> Values:
        held = self._any_of(path, parts, depth)
        return (Items((held,), True),) if held else ()

    def _first_elements(self, path: str, parts: tuple[int, ...], depth: int) -> Values:
        return self._elements(path, parts[:1], depth)

    def _row(self, path: str, parts: tuple[int, ...], depth: int) -> Values:
        """`tuple[A, B]` has its elements in order, `tuple[A, ...]` any number of one kind."""
        exprs = self._resolver.facts(path).exprs
        if len(parts) == 2 and exprs[parts[1]][:1] == ("other",):
            return self._elements(path, parts[:1], depth)
        rows = tuple(self._of(path, part, depth + 1) for part in parts)
        return (Items(rows),) if any(self._known(row) for row in rows) else ()

    def _keyed(self, path: str, parts: tuple[int, ...], depth: int) -> Values:
        held = self._any_of(path, parts[1:2], depth)
        return (Mapping((), True, held),) if held else ()

    def _class(self, path: str, parts: tuple[int, ...], depth: int) -> Values:
        """`type[A]` is the class itself, or one that derives from it."""
        found = self._resolver.values(path, parts[0])
        return tuple(one for one in found if isinstance(one, Class) or (isinstance(one, Library) and _is_told(one)))

    def _object_of(self, value: Value, depth: int) -> Values:
        if isinstance(value, Class):
            return (Instance(value.ref, is_derived=True),)
        if isinstance(value, Library) and value.path in _VARIABLES:
            return self._bound(value, depth)
        if isinstance(value, Library) and _is_told(value):
            return (Library(self._resolver.program.catalog.called(value.path)),)
        return unknown("a plain type")

    def _bound(self, variable: Library, depth: int) -> Values:
        """What a type variable is limited to: its bound or its alternatives."""
        found: list[Values] = []
        for made in variable.made[-1:]:
            call = self._resolver.call(made.call)
            limits = [*call.arguments[1:], *(expr for name, expr in call.keywords if name == "bound")]
            found.append(self._any_of(made.call.path, tuple(limits), depth + 1))
        return union(*found) or unknown("a type variable")


def class_annotation(resolver: Resolver, lineage: tuple[ClassRef, ...], name: str) -> Values:
    """What the annotation of a name in the body of a class or its bases says; empty when nothing of it is known."""
    for ref in lineage:
        facts = resolver.facts(ref.path)
        for index in facts.scopes[facts.classes[ref.number].scope].finals.get(name, ()):
            for note in (step[1] for step in facts.definitions[index].path if isinstance(step, tuple)):
                found = resolver.annotated(ref.path, note)
                return tuple(value for value in found if not isinstance(value, Unknown))
    return ()


def field_annotation(resolver: Resolver, ref: ClassRef, name: str) -> Values:
    """The objects of the repository that a field of a dataclass or model is annotated to hold."""
    note = annotated_fields(resolver, ref).get(name)
    found = resolver.annotated(*note) if note is not None else ()
    return tuple(value for value in found if isinstance(value, Instance))


def _is_told(value: Library) -> bool:
    return not value.path.startswith(_PLAIN) and "." in value.path and not value.path.endswith(")")
