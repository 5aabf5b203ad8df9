"""Objects that a configuration names: `instantiate(cfg.model)` makes what `_target_` says, with the other keys passed.

Source: Hydra documentation, "Instantiating objects with Hydra". Nested mappings with a `_target_` are made too, and
`_partial_` gives the thing itself, some of its arguments bound.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve import domain
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Class,
    ClassRef,
    Frame,
    Function,
    FunctionRef,
    Instance,
    Library,
    Literal,
    Value,
    Values,
    known_texts,
    union,
    unknown,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.construction import Construction
from mltradeoff_lint.resolve.objects.delegation import module_named
from mltradeoff_lint.resolve.selectors import pick

TARGET, PARTIAL, POSITIONAL = "_target_", "_partial_", "_args_"

MAX_DEPTH = 6
"""Mappings with a target inside one another that are followed."""

_Given = dict[FunctionRef, tuple[tuple[str, domain.Mapping], ...]]


class Instantiated:
    """Answers what a call that makes objects from a configuration gives, and what it passes to their constructors."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._construction = Construction(resolver)
        self._open: int | None = None
        self._calls: tuple[CallRef, ...] | None = None

    def called(self, value: Library, site: CallRef, frame: Frame | None) -> Values:
        """What a call gives; empty when it makes nothing that a configuration names."""
        return union(*(self._made(site.path, one, 0) for one in self._configurations(value, site, frame)))

    def given(self, function: FunctionRef, position: int) -> Values | None:
        """What configurations pass for a parameter, its default where one leaves it out; None when none names it."""
        parameter = self._resolver.scope(function).parameters[position]
        configured = () if parameter.kind in ("*", "**") else self._by_function().get(function, ())
        if not configured:
            return None
        found: list[Values] = []
        for path, one in configured:
            passed = one.get(parameter.name)
            if passed is not None:
                found += [self._made(path, value, 0) if _names(value) else (value,) for value in passed]
            elif one.is_open or one.get(POSITIONAL) is not None:
                found.append(unknown("a configuration that is not known as a whole"))
            elif parameter.default != NONE:
                found.append(self._resolver.values(function.path, parameter.default))
        return union(*found) or None

    # -- what is made

    def _made(self, path: str, value: Value, depth: int) -> Values:
        if isinstance(value, domain.Items):
            return (domain.Items(tuple(union(*(self._made(path, v, depth) for v in one)) for one in value.items)),)
        if not isinstance(value, domain.Mapping) or depth > MAX_DEPTH:
            return (value,)
        if not _names(value):
            return unknown("a configuration without a target")
        is_partial = any(isinstance(one, Literal) and one.value is True for one in value.get(PARTIAL) or ())
        things = [self._thing(path, text) for text in known_texts(value.get(TARGET) or ())]
        if is_partial:
            return union(*things)
        return union(*(self._object(one, value) for things_of in things for one in things_of)) or unknown("a target")

    def _object(self, thing: Value, given: domain.Mapping) -> Values:
        match thing:
            case Class():
                has_constructor = self._construction.constructor(thing.ref) is not None
                return (Instance(thing.ref, given=None if has_constructor else given),)
            case Library():
                return (Library(self._resolver.program.catalog.called(thing.path)),)
            case Function():
                scope = self._resolver.scope(thing.ref)
                returned = [one.value for one in scope.returns if one.value != NONE]
                return union(*(self._resolver.values(thing.ref.path, one) for one in returned))
        return unknown("a target that is not known")

    def _thing(self, importer: str, text: str) -> Values:
        """What a dotted text names: a class, a function, or a thing of a library."""
        head, _, name = text.rpartition(".")
        if not head:
            return unknown("a target without a module")
        module = module_named(self._resolver, importer, head)
        if isinstance(module, Library):
            owner, _, inner = head.rpartition(".")
            outer = module_named(self._resolver, importer, owner) if owner else module
            if not isinstance(outer, Library):
                # a class inside a class, or a method of a class
                return union(*(self._resolver.member(one, name) for one in self._resolver.member(outer, inner)))
            return (Library(self._resolver.program.catalog.imported(text)),)
        return self._resolver.member(module, name)

    # -- where configurations are used

    def _by_function(self) -> _Given:
        """The configurations that name a function or the class of a constructor, with the module that uses them."""
        cycles = self._resolver.program.cycles
        if self._open is not None:
            cycles.met(self._open)
            return {}
        self._open = cycles.depth
        try:
            return self._resolver.program.ask("instantiated", "", self._indexed)
        finally:
            self._open = None

    def _indexed(self) -> _Given:
        index: dict[FunctionRef, dict[tuple[str, domain.Mapping], None]] = {}
        for path, value in self._uses():
            for one in _targets(value):
                for text in known_texts(one.get(TARGET) or ()):
                    for function in self._functions(self._thing(path, text)):
                        index.setdefault(function, {})[path, one] = None
        return {function: tuple(found) for function, found in index.items()}

    def _functions(self, things: Values) -> Iterator[FunctionRef]:
        for thing in things:
            if isinstance(thing, Function):
                yield thing.ref
            elif isinstance(thing, Class):
                constructor = self._construction.constructor(ClassRef(*thing.ref))
                yield from [constructor] if constructor is not None else []

    def _uses(self) -> Iterator[tuple[str, Value]]:
        """The configurations that calls of the repository make objects from."""
        if self._calls is None:
            self._calls = tuple(self._named())
        for ref in self._calls:
            for value in self._resolver.values(ref.path, self._resolver.call(ref).function):
                if isinstance(value, Library):
                    yield from ((ref.path, one) for one in self._configurations(value, ref, None))

    def _named(self) -> Iterator[CallRef]:
        """The calls that go by the name of such a function, where any module imports its library."""
        program = self._resolver.program
        modules = [(path, self._resolver.facts(path)) for path in program.python_paths()]
        roots = {one.module.partition(".")[0] for _, facts in modules for one in facts.imports if not one.level}
        rows = [row for row in program.catalog.rows("calls") if row.kind == "instantiates"]
        names = {row.path.rpartition(".")[2] for row in rows if row.path.partition(".")[0] in roots}
        for path, facts in modules if names else ():
            for number, call in enumerate(facts.calls):
                function = facts.exprs[call.function]
                if function[0] in ("attr", "name") and function[2 if function[0] == "attr" else 1] in names:
                    yield CallRef(path, number)

    def _configurations(self, value: Library, site: CallRef, frame: Frame | None) -> Iterator[Value]:
        facts = self._resolver.facts(site.path)
        for meaning in self._resolver.program.meanings("calls", value.path):
            if meaning.kind != "instantiates":
                continue
            for expr in (pick(facts, site, selector) for selector in meaning.selectors("of")):
                for one in self._resolver.values(site.path, expr, frame) if expr != NONE else ():
                    yield self._with_keywords(one, site, frame, expr)

    def _with_keywords(self, value: Value, site: CallRef, frame: Frame | None, of: int) -> Value:
        """A configuration with what the call itself passes, which wins."""
        keywords = [(name, expr) for name, expr in self._resolver.call(site).keywords if expr != of]
        if not isinstance(value, domain.Mapping) or not keywords:
            return value
        more = tuple((name, self._resolver.values(site.path, expr, frame)) for name, expr in keywords if name)
        is_open = value.is_open or any(name is None for name, _ in keywords)
        return domain.Mapping((*value.entries, *more), is_open, value.rest)


def _names(value: Value) -> bool:
    return isinstance(value, domain.Mapping) and value.get(TARGET) is not None


def _targets(value: Value, depth: int = 0) -> Iterator[domain.Mapping]:
    """The mappings with a target in a value, itself included."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, domain.Mapping):
        if _names(value):
            yield value
        inner = [one for _, values in value.entries for one in values]
    elif isinstance(value, domain.Items):
        inner = [one for values in value.items for one in values]
    else:
        return
    for one in inner:
        yield from _targets(one, depth + 1)
