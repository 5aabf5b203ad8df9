"""Whether usage that is read goes anywhere: what is handed to callers is a record only where one of them uses it.

`return reply.text, reply.usage` leaves the record to whoever unpacks the pair, and `text, _ = ask(...)` keeps none. A
value is followed through names, displays and returns. Whatever is not certainly nothing (a call takes it, it is stored,
compared, printed, or nobody can tell) is a use.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple, TypeAlias

from mltradeoff_lint.graph.facets.metering.value_links import ValueLinks
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import is_whole, last_name
from mltradeoff_lint.model.facts import NONE, Definition, Expr
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls.arity import decorator_names
from mltradeoff_lint.resolve.domain import CallRef, ClassRef, Function, FunctionRef
from mltradeoff_lint.resolve.folders import is_test

MAX_RETURNS = 3
"""Functions that may return a value one after the other before it counts as used."""

MAX_PARTS = 400
"""Expressions that are looked at for one read."""

_PLAIN = frozenset({"staticmethod", "classmethod"})
"""Decorators that leave what a function returns as it is."""

_TURNS = frozenset({"int", "float", "str", "dict", "vars", "round", "sum", "getattr"})
_FORMS = frozenset({"get", "copy", "dict", "model_dump", "to_dict", "model_dump_json", "json", "items", "values"})
"""Functions and methods that give a value in another form and keep nothing."""

_SIZES = frozenset({"len", "int", "float", "round", "abs", "sum", "min", "max"})
"""Functions that give a size of sizes."""

_COMPLAINTS = ("Error", "Exception", "Warning", "TooLong")
"""Ends of the names of what is raised where a text is too long."""

_BASES = ("abc.ABC", "object", "typing.Generic", "typing.Protocol", "typing_extensions.Protocol")


class Fate(NamedTuple):
    """What becomes of a value: used, dropped by all who get it, or open with a reason and a place."""

    is_dropped: bool
    reason: str = ""
    site: Site | None = None
    users: frozenset[FunctionRef] = frozenset()
    """The callers that use what is returned to them; empty where it is used before it is returned."""


USED = Fate(is_dropped=False)


class _Part(NamedTuple):
    """A value on its way: the expression, which item of it is meant (None for all of it), and returns so far."""

    path: str
    expr: int
    item: int | None
    returns: int
    is_size: bool = False
    """Whether it is the size of a text, which tells what was used only where it is kept: who tests it trims prompts."""


class _Open(NamedTuple):
    reason: str
    site: Site


_Onward: TypeAlias = Sequence["_Part | _Open"] | None
"""Where a value goes next; empty where it goes nowhere, None where it is used."""


class DroppedUsage:
    """Follows values forward; answers are asked of few expressions, so only the tables of a module are kept."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._links: dict[str, ValueLinks] = {}
        self._imported: frozenset[str] | None = None

    def fate(self, path: str, expr: int, is_size: bool = False) -> Fate:
        """What becomes of the value of an expression; a size of a text is not used where it only decides something."""
        first = _Part(path, expr, None, 0, is_size)
        pending, seen, left = [first], {first}, USED
        users: set[FunctionRef] = set()
        while pending and len(seen) <= MAX_PARTS:
            part = pending.pop()
            following = self._onward(part)
            if following is None:
                if not part.returns:
                    return USED
                users.add(self._function(part))
            for one in following or ():
                if isinstance(one, _Open):
                    left = Fate(False, one.reason, one.site)
                elif one not in seen:
                    seen.add(one)
                    pending.append(one)
        if users:
            return USED if pending or left.reason else Fate(is_dropped=False, users=frozenset(users))
        return USED if pending else left if left.reason else Fate(is_dropped=True)

    def _function(self, part: _Part) -> FunctionRef:
        scope = self._work.resolver.facts(part.path).expr_scopes[part.expr]
        return self._work.reach.function_of(part.path, scope)

    def _of(self, path: str) -> ValueLinks:
        found = self._links.get(path)
        if found is None:
            found = self._links[path] = ValueLinks(self._work.resolver.facts(path))
        return found

    def _onward(self, part: _Part) -> _Onward:
        links = self._of(part.path)
        ways: list[_Onward] = [self._inside(part, parent) for parent in links.parents.get(part.expr, ())]
        ways += [self._bound(part, one) for one in links.bound.get(part.expr, ())]
        ways += [() if _misses(part.item, one.path) else None for one in links.writes.get(part.expr, ())]
        ways += [self._returned(part, scope) for scope in links.returned.get(part.expr, ())]
        if part.expr in links.tested:
            if not part.is_size:
                return None
            ways.append(())
        if part.expr in links.discarded:
            # a notebook shows what stands alone
            ways.append(None if part.path.endswith(".ipynb") else ())
        if not ways:
            return None
        following: list[_Part | _Open] = []
        for way in ways:
            if way is None:
                return None
            following += way
        return following

    # -- in one module

    def _inside(self, part: _Part, parent: int) -> _Onward:
        """Through the expression that a value stands in."""
        facts = self._work.resolver.facts(part.path)
        one, whole = facts.exprs[parent], part.item is None
        outer = part._replace(expr=parent)
        if part.is_size:
            decided = self._sizes(part, one)
            if decided is not None:
                return (outer,) if decided else ()
        if one[0] in ("await", "boolop") or (one[0] == "ifexp" and part.expr in one[2:4]):
            return (outer,)
        if one[0] in ("tuple", "list"):
            place = one[1].index(part.expr)
            is_placed = whole and all(facts.exprs[item][0] != "star" for item in one[1][:place])
            is_placed = is_placed and one[1].count(part.expr) == 1
            return (outer._replace(item=place if is_placed else None),)
        if one[0] == "dict" and any(value == part.expr for _, value in one[1]):
            return (outer._replace(item=None),)
        if one[0] == "item" and one[1] == part.expr:
            key = facts.exprs[one[2]] if one[2] != NONE else ("other",)
            if whole:
                return (outer,)
            if key[0] == "const" and isinstance(key[1], int) and key[1] >= 0:
                return (outer._replace(item=None),) if key[1] == part.item else ()
            return None
        if not whole:
            return None
        if one[0] in ("attr", "binop", "fstring"):
            return (outer,)
        return (outer,) if one[0] == "call" and self._is_form(part, one[1]) else None

    def _sizes(self, part: _Part, one: Expr) -> bool | None:
        """Whether a size goes on through an expression or ends in one that tests, cuts, complains; None for others."""
        if one[0] in ("compare", "slice") or (one[0] == "ifexp" and one[1] == part.expr):
            return False
        if one[0] == "item":
            return False if one[2] == part.expr else None
        if one[0] != "call":
            return True if one[0] == "unary" else None
        ref = CallRef(part.path, one[1])
        call = self._work.resolver.call(ref)
        name = last_name(self._work.resolver.facts(part.path).exprs[call.function])
        if name in _SIZES and part.expr in call.arguments:
            return True
        is_model = any(use.meaning.kind == "model-call" for use in self._work.sites.at(ref))
        return False if is_model or name.endswith(_COMPLAINTS) else None

    def _is_form(self, part: _Part, number: int) -> bool:
        """Whether a call gives the value in another form and does nothing with it."""
        facts = self._work.resolver.facts(part.path)
        call = facts.calls[number]
        function = facts.exprs[call.function]
        if call.function == part.expr:
            return function[0] == "attr" and function[2] in _FORMS
        return function[0] == "name" and function[1] in _TURNS and part.expr in call.arguments[:1]

    def _bound(self, part: _Part, index: int) -> _Onward:
        """On to the reads of the name that a value is bound to."""
        facts = self._work.resolver.facts(part.path)
        one = facts.definitions[index]
        if one.kind in ("attribute", "item"):
            return () if _misses(part.item, one.path[1:]) else None
        if one.kind != "assign" and not (one.kind == "augment" and part.is_size):
            return None
        path = () if one.kind == "augment" or is_whole(one) else one.path
        if _misses(part.item, path):
            return ()
        if part.item is not None and path and path[0] != part.item:
            return None
        reads = self._reads(part, index, one)
        item = part.item if not path else None
        return None if reads is None else [part._replace(expr=read, item=item) for read in reads]

    def _reads(self, part: _Part, index: int, one: Definition) -> Sequence[int] | None:
        """The reads of a version of a name; None when it may be read where that does not show."""
        links = self._of(part.path)
        kind = self._work.resolver.facts(part.path).scopes[one.scope].kind
        is_seen = kind == "module" and one.name in self._imports
        if kind == "class" or is_seen or links.is_read_inside(one):
            return None
        return links.reads(index, ("phi", "augment") if part.is_size else ("phi",))

    @property
    def _imports(self) -> frozenset[str]:
        if self._imported is None:
            resolver = self._work.resolver
            modules = [resolver.facts(path) for path in resolver.program.python_paths()]
            names = {one.name for facts in modules for one in facts.imports if one.name}
            self._imported = frozenset(names.union(*(facts.module_all or () for facts in modules)))
        return self._imported

    # -- to the callers

    def _returned(self, part: _Part, scope: int) -> _Onward:
        """On to the calls of the function that returns a value."""
        work, function = self._work, FunctionRef(part.path, scope)
        fact = work.resolver.scope(function)
        if fact.kind != "function" or fact.yields or part.returns >= MAX_RETURNS:
            return None
        if work.entries.by_function.get(function) or decorator_names(work.resolver, part.path, fact) - _PLAIN:
            return None
        if fact.owner != NONE and set(work.resolver.library_bases(ClassRef(part.path, fact.owner))) - set(_BASES):
            return None
        callers = [one for one in work.resolver.callers(function) if is_test(part.path) or not is_test(one.path)]
        known = {work.site(one) for one in callers}
        if any(way.how != "calls" or way.site not in known for way in work.reach.incoming(function)):
            return None
        if self._is_kept(function):
            return None
        if not callers:
            words = f"`{work.function_name(function)}` returns the usage and nothing here calls it"
            return (_Open(words, work.function_site(function)),)
        following: list[_Part | _Open] = [
            _Part(one.path, self._of(one.path).calls[one.call], part.item, part.returns + 1, part.is_size)
            for one in callers
        ]
        return [*following, *self._unresolved(function, callers)]

    def _unresolved(self, function: FunctionRef, callers: Sequence[CallRef]) -> Sequence[_Open]:
        """A call of the function's name that may be a call of it."""
        name = self._work.resolver.scope(function).name
        for ref in self._work.resolver.calls_of(name):
            if ref in callers or is_test(ref.path):
                continue
            called = self._work.resolver.values(ref.path, self._work.resolver.call(ref).function)
            if any(isinstance(value, Unknown) for value in called):
                return (_Open(f"a call of `{name}` that may get the usage did not resolve", self._work.site(ref)),)
        return ()

    def _is_kept(self, function: FunctionRef) -> bool:
        """Whether the function is put somewhere to be called from there."""
        resolver = self._work.resolver
        for path, index in self._mentions.get(resolver.scope(function).name, ()):
            values = resolver.values(path, index) if index not in self._of(path).functions else ()
            if any(isinstance(value, Function) and value.ref == function for value in values):
                return True
        return False

    @cached_property
    def _mentions(self) -> dict[str, list[tuple[str, int]]]:
        """Where each name is written outside tests: (module, expression)."""
        found: dict[str, list[tuple[str, int]]] = {}
        for path in self._work.resolver.program.python_paths():
            for index, expr in enumerate(self._work.resolver.facts(path).exprs) if not is_test(path) else ():
                if expr[0] == "name" or expr[0] == "attr":
                    found.setdefault(expr[1] if expr[0] == "name" else expr[2], []).append((path, index))
        return found


def _misses(item: int | None, path: Sequence[object]) -> bool:
    """Whether a target takes certainly another item than the one that is meant."""
    if item is None or not path:
        return False
    return isinstance(path[0], int) and path[0] >= 0 and path[0] != item
