"""Whether the code that fetches a file also holds its digest against something."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from mltradeoff_lint.graph.value_links import links_of
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.resolve.domain import CallRef, Function, FunctionRef, Library
from mltradeoff_lint.resolve.sites import Use

_CONSTRUCTORS = frozenset({"md5", "sha1", "sha256", "sha512", "blake2b", "blake2s", "file_digest", "new"})

_COMPARES = frozenset({"hmac.compare_digest", "secrets.compare_digest", "operator.eq", "operator.ne"})

_COMPARING_METHODS = frozenset({"startswith", "endswith", "__eq__", "__ne__"})

_FORMS = frozenset(
    {"os.path.join", "pathlib.Path", "pathlib.PurePath", "binascii.hexlify", "base64.b64encode"}
    | {f"builtins.{name}" for name in ("str", "repr", "bytes", "int", "dict", "list", "tuple", "set", "sorted")}
    | {f"builtins.str().{name}" for name in ("format", "join")}
)
"""Functions that give a digest in another form, or as a part of a text or of a display."""

_NOTHING = frozenset(f"builtins.{name}" for name in ("print", "len", "isinstance", "type", "bool", "id"))
"""Functions after which a digest is as good as gone."""

_ONWARD = frozenset(
    {"attr", "await", "boolop", "ifexp", "fstring", "tuple", "list", "set", "dict", "star", "binop", "slice"}
)

_PLAIN = ("assign", "loop", "enter", "augment")
_LATER = ("phi", "method", "augment")

_READS = frozenset({"dataset-read"})

MAX_VISITED = 300
"""Steps from what a digest is made of to where it was read: a text or a file, close by."""

MAX_DEPTH = 4
"""How many functions a digest is followed through."""

MAX_PARTS = 300
"""Expressions that are looked at in one function."""


class Held(IntEnum):
    """What a digest is held against: nothing, something that does not show, or a value that is known or kept."""

    NOWHERE = 0
    OPEN = 1
    FIXED = 2


class _Way(NamedTuple):
    """The functions that a digest was handed up through, and the one that does something with it."""

    above: tuple[FunctionRef, ...]
    here: FunctionRef
    depth: int = 0
    is_given: bool = False
    """Whether the function was handed the digest, so that what it returns goes on where it is called."""


class Digests:
    """The functions of a repository in which the digest of some content is held against something."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._followed: _Followed | None = None

    def of(self, use: Use) -> Held:
        """What becomes of a digest in the function that holds a read, or in one that it calls.

        The cells of a notebook are one module: a digest somewhere in it says nothing about one download.
        """
        if self._followed is None:
            self._followed = _Followed(self._work)
        found, holder = self._followed, self._work.reach.holder(use.ref)
        if not found.inside or (holder.scope == 0 and holder.path.endswith(".ipynb")):
            return Held.NOWHERE
        own = (found.above.get(holder, Held.NOWHERE), found.inside.get(holder, Held.NOWHERE))
        return max(*own, *(found.inside.get(one, Held.NOWHERE) for one in self._callees(holder)))

    def _callees(self, holder: FunctionRef) -> set[FunctionRef]:
        facts = self._work.resolver.facts(holder.path)
        found = set()
        for number, call in enumerate(facts.calls):
            if self._work.reach.holder(CallRef(holder.path, number)) == holder:
                values = self._work.resolver.values(holder.path, call.function)
                found |= {one.ref for one in values if isinstance(one, Function)}
        return found


class _Followed:
    """Where the digests that a repository makes of contents end up."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self.inside: dict[FunctionRef, Held] = {}
        """By the function that holds a digest against something."""
        self.above: dict[FunctionRef, Held] = {}
        """By the functions that make one, or hand it to whoever calls them."""
        for ref in self._made():
            holder = work.reach.holder(ref)
            self._follow(ref.path, links_of(self._work.resolver, ref.path).calls[ref.call], _Way((holder,), holder))

    def _made(self) -> Iterator[CallRef]:
        """The calls that make a digest of content; that of an address or a setting tells nothing of the data."""
        for path in self._work.resolver.program.python_paths():
            facts = self._work.resolver.facts(path)
            for number, call in enumerate(facts.calls):
                is_named = last_name(facts.exprs[call.function]) in _CONSTRUCTORS
                if is_named and self._is_hashlib(path, call.function) and not self._is_of_text(path, number):
                    yield CallRef(path, number)

    def _is_hashlib(self, path: str, function: int) -> bool:
        values = self._work.resolver.values(path, function)
        return any(isinstance(one, Library) and one.path.startswith("hashlib.") for one in values)

    def _is_of_text(self, path: str, number: int) -> bool:
        """Whether all that goes into a digest is text in bytes, in which nothing that was read flows."""
        facts, links = self._work.resolver.facts(path), links_of(self._work.resolver, path)
        given = list(facts.calls[number].arguments)
        for index in links.bound.get(links.calls[number], ()):
            for read in links.reads(index, _LATER) or ():
                for one in links.parents.get(read, ()):
                    if last_name(facts.exprs[one]) == "update" and one in links.callees:
                        given += facts.calls[links.callees[one]].arguments
        calls = [facts.exprs[one] for one in given]
        if not given or not all(
            one[0] == "call" and last_name(facts.exprs[facts.calls[one[1]].function]) == "encode" for one in calls
        ):
            return False
        piece = self._work.flow.backward(path, tuple(given), _READS, limit=MAX_VISITED)
        return not piece.uses and not piece.unknown

    def _note(self, way: _Way, held: Held) -> None:
        self.inside[way.here] = max(held, self.inside.get(way.here, held))
        for one in way.above:
            self.above[one] = max(held, self.above.get(one, held))

    def _follow(self, path: str, expr: int, way: _Way) -> bool:
        """Follow a value through a function; whether it is returned to a caller that is known."""
        links, pending, is_returned = links_of(self._work.resolver, path), [expr], False
        for at in pending:
            if len(pending) > MAX_PARTS:
                self._note(way, Held.OPEN)
                break
            onward = [*self._named(path, at, way)]
            for parent in links.parents.get(at, ()):
                onward += self._inside(path, at, parent, way)
            pending += [one for one in dict.fromkeys(onward) if one not in pending]
            for scope in links.returned.get(at, ()):
                is_returned = True
                if not way.is_given:
                    self._up(FunctionRef(path, scope), way)
        return is_returned

    def _up(self, function: FunctionRef, way: _Way) -> None:
        """To whoever calls the function that returns a digest; whoever is not seen may compare it."""
        callers = self._work.resolver.callers(function)
        if not callers or way.depth >= MAX_DEPTH:
            self._note(way, Held.OPEN)
            return
        for ref in callers:
            holder = self._work.reach.holder(ref)
            if holder not in way.above or holder.scope == 0:
                onward = _Way((*way.above, holder), holder, way.depth + 1)
                self._follow(ref.path, links_of(self._work.resolver, ref.path).calls[ref.call], onward)

    def _named(self, path: str, at: int, way: _Way) -> Iterator[int]:
        """The reads of the names that a value is bound to."""
        facts, links = self._work.resolver.facts(path), links_of(self._work.resolver, path)
        for index in links.bound.get(at, ()):
            one = facts.definitions[index]
            reads = links.reads(index, _LATER) if one.kind in _PLAIN else None
            if reads is None or links.is_read_inside(one):
                self._note(way, Held.OPEN)
            yield from reads or ()
        if at in links.writes:
            self._note(way, Held.OPEN)

    def _inside(self, path: str, at: int, parent: int, way: _Way) -> tuple[int, ...]:
        """Through the expression that a value stands in."""
        one = self._work.resolver.facts(path).exprs[parent]
        if one[0] == "call":
            return self._called(CallRef(path, one[1]), at, parent, way)
        if one[0] == "compare":
            if any(operator not in ("is", "is not") for operator in one[1]):
                self._note(way, Held.FIXED)
            return ()
        if one[0] in _ONWARD or (one[0] == "item" and one[1] == at) or (one[0] == "comp" and at in one[2:4]):
            return (parent,)
        if one[0] not in ("unary", "comp"):
            self._note(way, Held.OPEN)
        return ()

    def _called(self, ref: CallRef, at: int, parent: int, way: _Way) -> tuple[int, ...]:
        """Into a call that takes a value, or out of a method of it."""
        facts, call = self._work.resolver.facts(ref.path), self._work.resolver.call(ref)
        name = last_name(facts.exprs[call.function])
        if self._keeps(ref, facts.exprs[at][1] if call.function == at else at):
            self._note(way, Held.FIXED)
            return ()
        if call.function == at:
            if name in _COMPARING_METHODS:
                self._note(way, Held.FIXED)
            return () if name in _COMPARING_METHODS or name == "update" else (parent,)
        values = self._work.resolver.values(ref.path, call.function)
        if name.startswith("assert") and not any(isinstance(one, Function) for one in values):
            self._note(way, Held.FIXED)
            return ()
        is_onward = False
        for value in values:
            if isinstance(value, Function) and way.depth < MAX_DEPTH:
                is_onward = self._down(ref, value.ref, at, way) or is_onward
            elif isinstance(value, Library) and value.path in _FORMS:
                is_onward = True
            elif not isinstance(value, Library) or value.path not in _NOTHING:
                is_compared = isinstance(value, Library) and value.path in _COMPARES
                self._note(way, Held.FIXED if is_compared else Held.OPEN)
        if not values:
            self._note(way, Held.OPEN)
        return (parent,) if is_onward else ()

    def _keeps(self, ref: CallRef, expr: int) -> bool:
        """Whether a call writes a value where it is found again, or reads or writes data under a name made of it."""
        for use in self._work.sites.at(ref):
            taken = self._work.sites.select(ref, use.meaning.selectors("location"))
            if use.meaning.kind in ("dataset-read", "dataset-write") and expr in taken:
                return True
            is_record = use.meaning.kind == "sink" and use.meaning.literal("what") != "log"
            call = self._work.resolver.call(ref)
            if (is_record or use.meaning.kind == "dataset-write") and expr in (
                *call.arguments,
                *(value for _, value in call.keywords),
            ):
                return True
        return False

    def _down(self, ref: CallRef, function: FunctionRef, at: int, way: _Way) -> bool:
        """Into a function of the repository; whether what it returns is made of the value."""
        facts, links = self._work.resolver.facts(function.path), links_of(self._work.resolver, function.path)
        onward, is_taken, is_returned = way._replace(depth=way.depth + 1, is_given=True), False, False
        for index, one in enumerate(facts.definitions):
            if one.kind != "param" or one.scope != function.scope:
                continue
            if self._work.resolver.argument(ref, function, one.value) != (ref.path, at):
                continue
            is_taken = True
            reads = links.reads(index, _LATER)
            if reads is None or links.is_read_inside(one):
                self._note(way, Held.OPEN)
            for read in reads or ():
                is_returned = self._follow(function.path, read, onward) or is_returned
        if not is_taken:
            self._note(way, Held.OPEN)
        return is_returned
