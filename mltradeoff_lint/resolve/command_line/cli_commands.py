"""Which functions are commands of a command-line program, and what a command line says to run each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Class,
    Function,
    FunctionRef,
    Instance,
    Library,
    Mapping,
    Values,
    known_texts,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.selectors import pick

_GROUPS = frozenset({"callback", "group"})


class CliCommand(NamedTuple):
    """A function as a command: the module that command lines start, and the word they say for it."""

    path: str
    kind: str = "click"
    """`click`, `typer`, `fire`, or the library."""
    name: str = ""
    """The word that names it among several; empty when nothing has to be said."""
    names: frozenset[str] = frozenset()
    """The words for all commands of the module."""
    call: CallRef | None = None
    """The call that makes the function a command, where it is one."""


class CliCommands:
    """Finds the commands of modules: decorated functions, and those handed to `fire.Fire` or `typer.run`."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._decorated: dict[str, dict[int, CliCommand]] = {}
        self._handed: dict[FunctionRef, CliCommand] | None = None

    def of(self, function: FunctionRef) -> CliCommand | None:
        """How a function is a command; None when it is none."""
        if not self._resolver.scope(function).decorators:
            return self._handed_over().get(function)
        if function.path not in self._decorated:
            self._decorated[function.path] = self._of_module(function.path)
        return self._decorated[function.path].get(function.scope) or self._handed_over().get(function)

    # -- decorators

    def _of_module(self, path: str) -> dict[int, CliCommand]:
        found: dict[int, tuple[str, str, bool, CallRef | None]] = {}
        facts = self._resolver.facts(path)
        for number, scope in enumerate(facts.scopes):
            for index in scope.decorators:
                for meaning, ref in self._entry(path, index):
                    given = self._named(meaning, ref) or scope.name.replace("_", "-")
                    kind = meaning.path.partition(".")[0]
                    found[number] = (kind, given, meaning.path.rpartition(".")[2] in _GROUPS, ref)
        is_group = len(found) > 1 or any(is_group for _, _, is_group, _ in found.values())
        names = frozenset(name for _, name, _, _ in found.values()) if is_group else frozenset()
        return {
            number: CliCommand(path, kind, "" if is_top or not is_group else name, names, ref)
            for number, (kind, name, is_top, ref) in found.items()
        }

    def _entry(self, path: str, index: int) -> Iterator[tuple[Meaning, CallRef | None]]:
        facts = self._resolver.facts(path)
        expr = facts.exprs[index]
        ref = CallRef(path, expr[1]) if expr[0] == "call" else None
        for value in self._resolver.values(path, facts.calls[expr[1]].function if ref is not None else index):
            if isinstance(value, Library):
                for meaning in self._resolver.program.meanings("decorators", value.path):
                    if meaning.kind == "entry" and meaning.literal("kind") == "cli":
                        yield meaning, ref

    def _named(self, meaning: Meaning, ref: CallRef | None) -> str:
        for selector in meaning.selectors("name") if ref is not None else ():
            expr = pick(self._resolver.facts(ref.path), ref, selector) if ref is not None else NONE
            texts = known_texts(self._resolver.values(ref.path, expr)) if ref is not None and expr != NONE else ()
            if len(texts) == 1:
                return texts[0]
        return ""

    # -- functions handed over

    def _handed_over(self) -> dict[FunctionRef, CliCommand]:
        if self._handed is None:
            self._handed = {}
            rows = [
                row
                for row in self._resolver.program.catalog.rows("calls")
                if row.kind == "entry" and row.literal("kind") == "cli" and row.selectors("handler")
            ]
            names = frozenset(row.path.rpartition(".")[2] for row in rows)
            for path in self._resolver.program.python_paths() if rows else ():
                facts = self._resolver.facts(path)
                for number, call in enumerate(facts.calls):
                    expr = facts.exprs[call.function]
                    if (expr[2] if expr[0] == "attr" else expr[1] if expr[0] == "name" else "") in names:
                        self._note(CallRef(path, number))
        return self._handed

    def _note(self, ref: CallRef) -> None:
        call = self._resolver.call(ref)
        for value in self._resolver.values(ref.path, call.function):
            for meaning in self._resolver.program.meanings("calls", value.path) if isinstance(value, Library) else ():
                if meaning.kind == "entry" and meaning.literal("kind") == "cli" and self._handed is not None:
                    kind = meaning.path.partition(".")[0]
                    for function, name, names in self._components(meaning, ref):
                        self._handed.setdefault(function, CliCommand(ref.path, kind, name, names, ref))

    def _components(self, meaning: Meaning, ref: CallRef) -> Iterator[tuple[FunctionRef, str, frozenset[str]]]:
        """The functions behind a handler: itself, the entries of a dict, the methods of a class."""
        facts = self._resolver.facts(ref.path)
        exprs = [pick(facts, ref, selector) for selector in meaning.selectors("handler")]
        for expr in exprs:
            for value in self._resolver.values(ref.path, expr) if expr != NONE else ():
                if isinstance(value, Function):
                    yield value.ref, "", frozenset()
                elif isinstance(value, Mapping):
                    names = frozenset(name for name, _ in value.entries)
                    for name, held in value.entries:
                        yield from ((one.ref, name, names) for one in _functions(held))
                elif isinstance(value, (Class, Instance)):
                    yield from self._methods(value)
        if meaning.path.startswith("fire.") and all(expr == NONE for expr in exprs):
            found = facts.scopes[0].finals
            names = frozenset(found)
            for name in found:
                yield from (
                    (one.ref, name, names) for one in _functions(self._resolver.global_name(ref.path, name) or ())
                )

    def _methods(self, value: Class | Instance) -> Iterator[tuple[FunctionRef, str, frozenset[str]]]:
        facts = self._resolver.facts(value.ref.path)
        found = facts.scopes[facts.classes[value.ref.number].scope].finals
        names = frozenset(name for name in found if not name.startswith("_"))
        for name in (*names, "__init__") if isinstance(value, Class) else names:
            for index in found.get(name, ()):
                if facts.definitions[index].kind == "function":
                    function = FunctionRef(value.ref.path, facts.definitions[index].value)
                    yield function, "" if name == "__init__" else name, frozenset() if name == "__init__" else names


def _functions(values: Values) -> Iterator[Function]:
    return (value for value in values if isinstance(value, Function))
