"""Whether usage that is read goes anywhere: what is handed to callers is a record only where one of them uses it.

`return reply.text, reply.usage` leaves the record to whoever unpacks the pair, and `text, _ = ask(...)` keeps none. A
value is followed through names, displays and returns. Whatever is not certainly nothing (a call takes it, it is stored,
compared, printed, or nobody can tell) is a use.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple, TypeAlias

from mltradeoff_lint.graph.facets.metering.filled_records import MISSED, Field, FilledRecords, Route, put, within
from mltradeoff_lint.graph.facets.metering.text_sizes import NO_SIZE, is_limit, size_inside
from mltradeoff_lint.graph.value_links import links_of
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import is_whole
from mltradeoff_lint.model.facts import NONE, Definition, Expr, Write
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
    """A value on its way: the expression, what of it is meant (an empty route: all of it), and returns so far."""

    path: str
    expr: int
    route: Route
    returns: int
    size: str = NO_SIZE
    """What it is of the size of a text, which tells what was used only where it is kept: who tests it trims prompts."""
    caller: FunctionRef | None = None
    """The function that hands it to the one it is read in."""


class _Open(NamedTuple):
    reason: str
    site: Site


_Onward: TypeAlias = Sequence["_Part | _Open"] | None
"""Where a value goes next; empty where it goes nowhere, None where it is used."""


class DroppedUsage:
    """Follows values forward; answers are asked of few expressions, so only the tables of a module are kept."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._imported: frozenset[str] | None = None
        self._records = FilledRecords(work)

    def fate(self, path: str, expr: int, size: str = NO_SIZE) -> Fate:
        """What becomes of the value of an expression; a size of a text is not used where it only decides something."""
        first = _Part(path, expr, (), 0, size)
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
        if part.caller is not None:
            return part.caller
        scope = self._work.resolver.facts(part.path).expr_scopes[part.expr]
        return self._work.reach.function_of(part.path, scope)

    def _onward(self, part: _Part) -> _Onward:
        links = links_of(self._work.resolver, part.path)
        ways: list[_Onward] = [self._inside(part, parent) for parent in links.parents.get(part.expr, ())]
        ways += [self._bound(part, one) for one in links.bound.get(part.expr, ())]
        ways += [self._written(part, one) for one in links.writes.get(part.expr, ())]
        ways += [self._returned(part, scope) for scope in links.returned.get(part.expr, ())]
        if part.expr in links.tested:
            if not part.size and not _is_field(part):
                return None
            ways.append(() if part.size or part.expr in links.conditions else self._lost(part))
        if part.expr in links.discarded:
            # a notebook shows what stands alone
            ways.append(None if part.path.endswith(".ipynb") else ())
        if not ways:
            return () if _is_field(part) and part.expr in links.bases else None
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
        one, outer = facts.exprs[parent], part._replace(expr=parent)
        if part.size:
            size = size_inside(self._work, part.path, part.expr, one, part.size)
            if size is not None:
                return (outer._replace(size=size),) if size else ()
            if one[0] == "call" and (given := self._given(part, CallRef(part.path, one[1]))) is not None:
                return given
        if one[0] in ("await", "boolop") or (one[0] == "ifexp" and part.expr in one[2:4]):
            return (outer,)
        if one[0] in ("tuple", "list"):
            place = one[1].index(part.expr)
            is_placed = all(facts.exprs[item][0] != "star" for item in one[1][:place])
            is_placed = is_placed and one[1].count(part.expr) == 1
            return (_put(outer, place if is_placed else None),)
        if one[0] == "dict" and any(value == part.expr for _, value in one[1]):
            return (self._in_dict(part, outer, one[1]),)
        if one[0] == "call" and (field := self._records.filled(CallRef(part.path, one[1]), part.expr)) is not None:
            return (_put(outer, field),) if field.name else self._lost(part)
        if _is_field(part):
            return self._of_record(part, outer, one)
        if one[0] == "item" and one[1] == part.expr:
            key = facts.exprs[one[2]] if one[2] != NONE else ("other",)
            if not part.route:
                return (outer,)
            if key[0] == "const" and isinstance(key[1], int) and key[1] >= 0:
                return (outer._replace(route=part.route[1:]),) if key[1] == part.route[0] else ()
            return None
        if part.route:
            return None
        if one[0] in ("attr", "binop", "fstring"):
            return (outer,)
        return (outer,) if one[0] == "call" and self._is_form(part, one[1]) else None

    def _in_dict(self, part: _Part, outer: _Part, pairs: Sequence[tuple[int, int]]) -> _Part:
        """Into a dict that is written out, under its key where that shows."""
        keys = [key for key, value in pairs if value == part.expr]
        if keys == [NONE] and _is_field(part):
            return outer
        written = self._work.resolver.facts(part.path).exprs[keys[0]] if keys[0] != NONE else ("other",)
        is_told = len(keys) == 1 and written[0] == "const" and isinstance(written[1], str)
        return _put(outer, Field(written[1]) if is_told else None)

    def _of_record(self, part: _Part, outer: _Part, one: Expr) -> _Onward:
        """What an expression takes of an object that holds the value."""
        called = {links_of(self._work.resolver, part.path).callees.get(outer.expr, NONE)} - {NONE}
        after = self._records.inside(part.path, part.expr, one, part.route, is_called=bool(called))
        if after.is_used:
            return self._given(part, CallRef(part.path, one[1])) if one[0] == "call" else None
        return self._lost(part) if after.is_lost else [outer._replace(route=route) for route in after.routes]

    def _lost(self, part: _Part) -> _Onward:
        """What is not told of a value: of one in an object it is open whether anybody reads it, any other is used."""
        if not _is_field(part) and part.route:
            return None
        words = "the usage is put into an object, and whether somebody reads it there does not show"
        return (_Open(words, self._work.line_site(part.path, part.expr)),)

    def _given(self, part: _Part, ref: CallRef) -> Sequence[_Part] | None:
        """The reads of a size in the functions of the repository that are passed it; None where others may be."""
        resolver, found = self._work.resolver, list[_Part]()
        values = resolver.values(ref.path, resolver.call(ref).function)
        for value in values:
            if not isinstance(value, Function):
                return None
            definition = self._parameter(ref, value.ref, part.expr)
            links = links_of(self._work.resolver, value.ref.path)
            one = resolver.facts(value.ref.path).definitions[definition] if definition != NONE else None
            through = ("phi", "augment") if part.size else ("phi",)
            reads = None if one is None or links.is_read_inside(one) else links.reads(definition, through)
            if reads is None:
                return None
            caller = part.caller or self._function(part)
            found += [part._replace(path=value.ref.path, expr=read, caller=caller) for read in reads]
        return found if values else None

    def _parameter(self, ref: CallRef, function: FunctionRef, expr: int) -> int:
        """The definition of the parameter that a call passes an expression for; NONE where it does not show."""
        resolver = self._work.resolver
        positions = range(len(resolver.scope(function).parameters))
        passed = {one for one in positions if resolver.argument(ref, function, one) == (ref.path, expr)}
        definitions = resolver.facts(function.path).definitions
        return next(
            (
                number
                for number, one in enumerate(definitions)
                if one.kind == "param" and one.scope == function.scope and one.value in passed
            ),
            NONE,
        )

    def _is_form(self, part: _Part, number: int) -> bool:
        """Whether a call gives the value in another form and does nothing with it."""
        facts = self._work.resolver.facts(part.path)
        call = facts.calls[number]
        function = facts.exprs[call.function]
        if call.function == part.expr:
            return function[0] == "attr" and function[2] in _FORMS
        return function[0] == "name" and function[1] in _TURNS and part.expr in call.arguments[:1]

    def _written(self, part: _Part, one: Write) -> _Onward:
        """Where what is written to an attribute or item goes: it is kept, but for a size that sets a limit."""
        if self._sets_limit(part, one.key) or within(part.route, one.path) == MISSED:
            return ()
        facts = self._work.resolver.facts(part.path)
        definitions = [
            facts.definitions[number] for number in links_of(self._work.resolver, part.path).bound.get(part.expr, ())
        ]
        is_named = facts.exprs[one.base][0] == "name" and not one.operator
        # what is put into a dict of a name is a new version of the name
        is_bound = any(each.kind == "item" and each.span.line == one.span.line for each in definitions)
        return () if one.kind == "item" and is_named and is_bound else None

    def _sets_limit(self, part: _Part, key: object) -> bool:
        """Whether a size is written under an attribute, or the expression of a key, that names a limit."""
        exprs = self._work.resolver.facts(part.path).exprs
        name = exprs[key][1] if isinstance(key, int) and key != NONE and exprs[key][0] == "const" else key
        return bool(part.size) and isinstance(name, str) and is_limit(name)

    def _bound(self, part: _Part, index: int) -> _Onward:
        """On to the reads of the name that a value is bound to."""
        facts = self._work.resolver.facts(part.path)
        one = facts.definitions[index]
        if one.kind in ("attribute", "item"):
            if self._sets_limit(part, one.path[0]) or within(part.route, one.path[1:]) == MISSED:
                return ()
            return self._put_in(part, index, one) if one.kind == "item" else None
        if one.kind != "assign" and not (one.kind in ("augment", "loop") and part.size):
            return self._lost(part) if _is_field(part) else None
        left = within(part.route, () if one.kind == "augment" or is_whole(one) else one.path)
        if left == MISSED:
            return ()
        if left is None:
            return self._lost(part)
        reads = self._reads(part, index, one)
        if reads is None:
            return self._lost(part) if _is_field(part) else None
        return [part._replace(expr=read, route=left) for read in reads]

    def _put_in(self, part: _Part, index: int, one: Definition) -> _Onward:
        """On to the reads of a dict of the function's own that a value is put into; kept where it is another's."""
        facts, links = self._work.resolver.facts(part.path), links_of(self._work.resolver, part.path)
        key = facts.exprs[one.path[0]] if isinstance(one.path[0], int) and one.path[0] != NONE else ("other",)
        reads = self._records.local_reads(links, facts, index)
        if reads is None or key[0] != "const" or not isinstance(key[1], str) or one.path[1:]:
            return None
        return [_put(part._replace(expr=read), Field(key[1])) for read in reads if read not in links.bases]

    def _reads(self, part: _Part, index: int, one: Definition) -> Sequence[int] | None:
        """The reads of a version of a name; None when it may be read where that does not show."""
        links = links_of(self._work.resolver, part.path)
        kind = self._work.resolver.facts(part.path).scopes[one.scope].kind
        is_seen = kind == "module" and one.name in self._imports
        if kind == "class" or is_seen or links.is_read_inside(one):
            return None
        through = ("augment",) if part.size else ("item", "method") if _is_field(part) else ()
        return links.reads(index, ("phi", *through), self._records.taken_out(part.path, part.route))

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
        if part.size and fact.kind == "lambda":
            # who is handed a function that counts cuts texts with it
            return ()
        if fact.kind != "function" or fact.yields or part.returns >= MAX_RETURNS:
            return self._unfollowed(part)
        if part.size and not work.entries.by_function.get(function):
            return self._to_callers(part, function)
        if work.entries.by_function.get(function):
            return None
        if decorator_names(work.resolver, part.path, fact) - _PLAIN:
            return self._unfollowed(part)
        if fact.owner != NONE and set(work.resolver.library_bases(ClassRef(part.path, fact.owner))) - set(_BASES):
            return self._unfollowed(part)
        known = {work.site(one) for one in self._callers(part, function)}
        if any(way.how != "calls" or way.site not in known for way in work.reach.incoming(function)):
            return self._unfollowed(part)
        return self._unfollowed(part) if self._is_kept(function) else self._to_callers(part, function)

    def _unfollowed(self, part: _Part) -> _Onward:
        """Returned to whom nobody can tell, which is a use but for what an object holds."""
        return self._lost(part) if _is_field(part) else None

    def _callers(self, part: _Part, function: FunctionRef) -> Sequence[CallRef]:
        callers = self._work.resolver.callers(function)
        return [one for one in callers if is_test(part.path) or not is_test(one.path)]

    def _to_callers(self, part: _Part, function: FunctionRef) -> Sequence[_Part | _Open]:
        """On to the calls of a function, or open where a call does not show."""
        callers = self._callers(part, function)
        if not callers:
            words = f"`{self._work.function_name(function)}` returns the usage and nothing here calls it"
            return (_Open(words, self._work.function_site(function)),)
        following: list[_Part | _Open] = [
            _Part(
                one.path,
                links_of(self._work.resolver, one.path).calls[one.call],
                part.route,
                part.returns + 1,
                part.size,
            )
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
            values = resolver.values(path, index) if index not in links_of(self._work.resolver, path).functions else ()
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


def _is_field(part: _Part) -> bool:
    """Whether a value is meant that stands in an object under a name."""
    return bool(part.route) and isinstance(part.route[0], Field)


def _put(part: _Part, step: int | Field | None) -> _Part:
    return part._replace(route=put(part.route, step))
