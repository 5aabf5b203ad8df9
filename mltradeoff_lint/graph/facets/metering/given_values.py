"""Whether a value that a function is given may be kept by something that does not show.

A value is followed through the names, displays, loops and visible functions that take it. Whoever stores it, or hands
it to code that is not in the repository, may do anything with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from mltradeoff_lint.graph.value_links import ValueLinks, links_of
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.domain import CallRef, Class, Function, FunctionRef, Instance, Library
from mltradeoff_lint.resolve.flow.flow_steps import constant_key

MAX_DEPTH = 4
"""How many visible functions a value is followed into, one from the other."""

MAX_PARTS = 300
"""Expressions that are looked at in one function."""

_SIZES = frozenset(f"builtins.{name}" for name in ("len", "isinstance", "type", "bool", "hasattr", "id", "callable"))
"""Functions that tell something of a value and hold nothing of it."""

_FORMS = frozenset(
    f"builtins.{name}"
    for name in (
        "list", "tuple", "set", "iter", "next", "enumerate", "zip", "reversed", "sorted", "getattr", "dict", "str",
        "repr", "int", "float", "min", "max", "str().format", "str().join", "dict().get", "dict().setdefault",
    )
)  # fmt: skip
"""Functions that give a value in another form."""

_LOOKUPS = frozenset({"get", "pop", "getattr"})
"""Functions that read the field of a value which an argument names."""

_ONWARD = frozenset({"await", "boolop", "ifexp", "fstring", "tuple", "list", "set", "dict", "star", "item", "binop"})


@dataclass(slots=True)
class Keepers:
    """What counts as nothing done with a value: fields that are not meant, and functions that keep nothing."""

    is_apart: Callable[[str], bool] = lambda name: False
    """Whether a field of the value is of no interest."""
    is_harmless: Callable[[Library], bool] = lambda value: False
    """Whether a function of a library does nothing with it."""
    is_result_kept: bool = True
    """Whether what a function returns of the value may keep it."""
    is_told: Callable[[str, CallRef | None], bool] | None = None
    """Whether a field read of the value, or a function called with it, tells what is looked for."""
    told: bool = False
    """Whether one of them did."""
    seen: set[tuple[FunctionRef, int]] = field(default_factory=set)


class GivenValues:
    """Follows what parameters are given."""

    def __init__(self, work: Workspace) -> None:
        self._work = work

    def is_kept(self, function: FunctionRef, position: int, keepers: Keepers, depth: int = 0) -> bool:
        """Whether what a parameter is given may be kept, here or further down."""
        if (function, position) in keepers.seen:
            return False
        keepers.seen.add((function, position))
        facts, links = self._work.resolver.facts(function.path), links_of(self._work.resolver, function.path)
        bound = [
            index
            for index, one in enumerate(facts.definitions)
            if one.kind == "param" and one.scope == function.scope and one.value == position
        ]
        pending, is_kept = [read for index in bound for read in self._reads(facts, links, index)], False
        for at in pending:
            is_kept = is_kept or at == NONE or len(pending) > MAX_PARTS
            # what a value tells may still show after it was handed on
            if is_kept and (keepers.is_told is None or keepers.told or len(pending) > MAX_PARTS):
                return True
            onward = self._onward(function.path, links, at, keepers, depth) if at != NONE else ()
            pending += [one for one in onward if one not in pending]
        return is_kept

    def _reads(self, facts: PythonFacts, links: ValueLinks, index: int) -> Sequence[int]:
        """The reads of a version of a name; NONE among them where it may be read out of sight."""
        found = links.reads(index, ("phi",))
        if found is None:
            return (NONE,)
        return (NONE, *found) if links.is_read_inside(facts.definitions[index]) else found

    def _onward(self, path: str, links: ValueLinks, at: int, keepers: Keepers, depth: int) -> list[int]:
        """Where a value goes next; NONE among it where it may be kept."""
        facts, found = self._work.resolver.facts(path), list[int]()
        if at in links.writes or (at in links.returned and keepers.is_result_kept):
            found.append(NONE)
        parents, bound = links.parents.get(at, ()), links.bound.get(at, ())
        if not (parents or bound or at in links.returned or at in links.discarded or at in links.tested):
            # the words of an assertion or of what is raised go no further
            return [NONE] if keepers.is_result_kept else found
        for index in bound:
            is_followed = facts.definitions[index].kind in ("assign", "loop")
            found += self._reads(facts, links, index) if is_followed else (NONE,)
        for parent in parents:
            found += self._inside(path, at, parent, keepers, depth)
        return found

    def _inside(self, path: str, at: int, parent: int, keepers: Keepers, depth: int) -> Sequence[int]:
        """Through the expression that a value stands in."""
        facts = self._work.resolver.facts(path)
        one = facts.exprs[parent]
        if one[0] == "attr":
            self._note(keepers, one[2])
            return () if keepers.is_apart(one[2]) else (parent,)
        if one[0] == "call":
            return self._called(CallRef(path, one[1]), at, parent, keepers, depth)
        if one[0] in ("compare", "unary"):
            return ()
        if one[0] == "comp":
            # its loops are bound to names; what it gathers is a list of them
            return (parent,) if at in one[2:4] else ()
        if one[0] == "item" and one[1] == at:
            self._note(keepers, constant_key(facts, one))
        if one[0] in ("yield", "yieldfrom") and not keepers.is_result_kept:
            return ()
        return (parent,) if one[0] in _ONWARD else (NONE,)

    def _called(self, ref: CallRef, at: int, parent: int, keepers: Keepers, depth: int) -> Sequence[int]:
        """Into a call that takes a value, or out of a method of it."""
        call, resolver = self._work.resolver.call(ref), self._work.resolver
        self._note_call(keepers, ref, call.function == at)
        if call.function == at:
            return (parent,)
        found: list[int] = []
        for value in resolver.values(ref.path, call.function):
            if isinstance(value, Library):
                if value.path in _FORMS:
                    found.append(parent)
                elif value.path not in _SIZES and not keepers.is_harmless(value):
                    found.append(NONE)
                continue
            functions = list(self._functions(value))
            is_kept = not functions or depth >= MAX_DEPTH
            for function in functions if depth < MAX_DEPTH else ():
                taken = list(self._positions(ref, function, at))
                is_kept = is_kept or not taken
                for one in taken:
                    is_kept = self.is_kept(function, one, keepers, depth + 1) or is_kept
            found += (NONE,) if is_kept else ()
            # what is returned goes on here, where returning it is not keeping it
            found += (parent,) if is_kept or not keepers.is_result_kept else ()
        return found or (() if resolver.values(ref.path, call.function) else (NONE,))

    def _note(self, keepers: Keepers, name: object, ref: CallRef | None = None) -> None:
        """Ask of a field that is read of a value, or of a function that is called with it, what it tells."""
        if keepers.is_told is not None and not keepers.told and isinstance(name, str):
            keepers.told = keepers.is_told(name, ref)

    def _note_call(self, keepers: Keepers, ref: CallRef, is_receiver: bool) -> None:
        facts, call = self._work.resolver.facts(ref.path), self._work.resolver.call(ref)
        name = last_name(facts.exprs[call.function])
        if not is_receiver:
            self._note(keepers, name, ref)
        for one in call.arguments if name in _LOOKUPS else ():
            key = facts.exprs[one]
            self._note(keepers, key[1] if key[0] == "const" else None)

    def _functions(self, value: object) -> Iterator[FunctionRef]:
        if isinstance(value, Function) and value.bound is None:
            yield value.ref
        elif isinstance(value, Class):
            made = self._work.resolver.member(Instance(value.ref), "__init__")
            yield from (one.ref for one in made if isinstance(one, Function))

    def _positions(self, ref: CallRef, function: FunctionRef, at: int) -> Iterator[int]:
        """The parameters of a function that take an argument of a call."""
        for position in range(len(self._work.resolver.scope(function).parameters)):
            if self._work.resolver.argument(ref, function, position) == (ref.path, at):
                yield position
