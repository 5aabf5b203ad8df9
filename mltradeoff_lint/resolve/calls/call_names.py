"""Under which names a function may be called: the cheap first half of the reverse call graph, by name alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.domain import CallRef
from mltradeoff_lint.resolve.interface import Resolver

MAX_ROUNDS = 2
"""Names that stand for names further than this are not followed: a table of functions and a loop over it are two."""

_TAKES = frozenset({"get", "pop", "values", "items", "setdefault"})
_BINDS = frozenset({"assign", "loop", "item"})


class CallNames:
    """Call sites by the name they call, and the names that may hold what another name holds."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._called: dict[str, tuple[CallRef, ...]] = {}

    def called(self, name: str) -> tuple[CallRef, ...]:
        """The calls of what a name may stand for that some run reaches, in path and source order."""
        found = self._called.get(name)
        if found is None:
            sites = sorted(self.sites(self.aliases((name,))))
            found = self._called[name] = tuple([one for one in sites if self.is_live(one)])
        return found

    def is_live(self, ref: CallRef) -> bool:
        """Whether a call stands in code that some run reaches."""
        return self._resolver.is_reached(ref.path, self._resolver.call(ref).region, None)

    def sites(self, names: Iterable[str]) -> set[CallRef]:
        """The calls of some names, or of what they hold."""
        return {ref for name in names for ref in self._calls.get(name, ())}

    def handing_on(self, classes: Iterable[str]) -> set[CallRef]:
        """The calls of another constructor in the methods of some classes: `super().__init__(...)`."""
        return {ref for name in classes for ref in self._handing_on.get(name, ())}

    def through_class(self, classes: Iterable[str]) -> set[CallRef]:
        """The calls of `cls(...)`, `self.__class__(...)` and `type(self)(...)` in the methods of some classes."""
        return {ref for name in classes for ref in self._through_class.get(name, ())}

    def aliases(self, names: Iterable[str]) -> set[str]:
        """The names themselves, and those that may hold the same function: imports, variables, tables, loops."""
        return self._closed(names, self._held)

    def objects(self, classes: Iterable[str]) -> set[str]:
        """The names that may hold an object of some classes."""
        direct = {name for one in classes for name in self._made.get(one, ())}
        return self._closed(direct, self._held)

    def subclasses(self, name: str) -> set[str]:
        """The names of the classes that derive from a class of this name, directly or not."""
        found: set[str] = set()
        pending = [name]
        while pending:
            following = self._derived.get(pending.pop(), set()) - found
            found |= following
            pending.extend(following)
        return found

    def _closed(self, names: Iterable[str], relation: dict[str, set[str]]) -> set[str]:
        found = set(names)
        latest = found
        for _ in range(MAX_ROUNDS):
            latest = {after for one in latest for after in relation.get(one, ())} - found
            found = found | latest
        return found

    @cached_property
    def _modules(self) -> tuple[tuple[str, PythonFacts], ...]:
        paths = self._resolver.program.python_paths()
        return tuple((path, self._resolver.facts(path)) for path in paths)

    @cached_property
    def _calls(self) -> dict[str, list[CallRef]]:
        index: dict[str, list[CallRef]] = {}
        for path, facts in self._modules:
            for number, call in enumerate(facts.calls):
                own = last_name(facts.exprs[call.function])
                ways = (called_name, _key_called, _configured, _wrapped)
                for name in (own,) if own else {way(facts, call.function) for way in ways}:
                    index.setdefault(name, []).append(CallRef(path, number))
        index.pop("", None)
        return index

    @cached_property
    def _handing_on(self) -> dict[str, list[CallRef]]:
        index: dict[str, list[CallRef]] = {}
        for ref in self._calls.get("__init__", ()):
            facts = self._resolver.facts(ref.path)
            owner = facts.scopes[facts.calls[ref.call].scope].owner
            if owner != NONE:
                index.setdefault(facts.classes[owner].name, []).append(ref)
        return index

    @cached_property
    def _through_class(self) -> dict[str, list[CallRef]]:
        index: dict[str, list[CallRef]] = {}
        for path, facts in self._modules:
            for number, call in enumerate(facts.calls):
                owner = facts.scopes[call.scope].owner
                if owner != NONE and is_own_class(facts, call.function):
                    index.setdefault(facts.classes[owner].name, []).append(CallRef(path, number))
        return index

    @cached_property
    def _derived(self) -> dict[str, set[str]]:
        index: dict[str, set[str]] = {}
        for _, facts in self._modules:
            for one in facts.classes:
                for base in one.bases:
                    index.setdefault(_last(facts, base), set()).add(one.name)
        return index

    @cached_property
    def _held(self) -> dict[str, set[str]]:
        """Name of what is held -> names that may hold it."""
        index: dict[str, set[str]] = {}
        for _, facts in self._modules:
            for one in facts.imports:
                if one.name and one.name != one.bound:
                    index.setdefault(one.name, set()).add(one.bound)
            for bound, value in _bindings(facts):
                for name in mentioned(facts, value):
                    index.setdefault(name, set()).add(bound)
        return index

    @cached_property
    def _made(self) -> dict[str, set[str]]:
        """Name of a class -> names bound to a call of it."""
        index: dict[str, set[str]] = {}
        for _, facts in self._modules:
            for bound, value in _bindings(facts):
                expr = facts.exprs[value]
                if expr[0] == "call":
                    index.setdefault(_last(facts, facts.calls[expr[1]].function), set()).add(bound)
        return index


def is_super(facts: PythonFacts, index: int) -> bool:
    """Whether an expression is `super()`, with or without arguments."""
    expr = facts.exprs[index]
    return bool(expr[0] == "call" and facts.exprs[facts.calls[expr[1]].function][:2] == ("name", "super"))


def is_own_class(facts: PythonFacts, function: int) -> bool:
    """Whether a called expression is the class of the method it stands in: `cls`, `self.__class__`, `type(self)`."""
    expr, is_class = facts.exprs[function], True
    if expr[0] == "attr" and expr[2] == "__class__":
        expr, is_class = facts.exprs[expr[1]], False
    elif expr[0] == "call" and len(facts.calls[expr[1]].arguments) == 1:
        call = facts.calls[expr[1]]
        if facts.exprs[call.function][:2] == ("name", "type"):
            expr, is_class = facts.exprs[call.arguments[0]], False
    if expr[0] != "name":
        return False
    scope = facts.scopes[expr[3]]
    if scope.owner == NONE or not scope.parameters or scope.parameters[0].name != expr[1]:
        return False
    # `model(**rows)` in a static method, or `self(...)`, calls an object
    decorators = {_last(facts, one) for one in scope.decorators}
    return "classmethod" in decorators or expr[1] == "cls" if is_class else "staticmethod" not in decorators


def _bindings(facts: PythonFacts) -> Iterator[tuple[str, int]]:
    """(name, value) of every variable, table entry and attribute."""
    for definition in facts.definitions:
        if definition.kind in _BINDS and definition.value != NONE:
            yield definition.name, definition.value
    for write in facts.writes:
        if write.kind in ("attribute", "global") and write.value != NONE:
            yield str(write.key), write.value
    for call in facts.calls:
        # `parser.set_defaults(run=train)` makes `args.run` that function
        if facts.exprs[call.function][2:] == ("set_defaults",):
            yield from ((name, value) for name, value in call.keywords if name is not None)


def _last(facts: PythonFacts, expr: int) -> str:
    """The last name of a name, attribute or subscripted type."""
    one = facts.exprs[expr]
    if one[0] == "item":
        one = facts.exprs[one[1]]
    return str(one[1] if one[0] == "name" else one[2] if one[0] == "attr" else "")


def called_name(facts: PythonFacts, function: int) -> str:
    """The name by which a call goes: `f` of `f()`, `x.f()`, `f[k]()`, `f.get(k)()` and `f()()`."""
    for _ in range(4):
        one = facts.exprs[function]
        if one[0] == "name":
            return str(one[1])
        if one[0] == "attr":
            return str(one[2])
        if one[0] == "call":
            inner = facts.calls[one[1]].function
            taken = facts.exprs[inner]
            function = taken[1] if taken[0] == "attr" and taken[2] in _TAKES else inner
        elif one[0] == "item":
            function = one[1]
        else:
            return ""
    return ""


def _key_called(facts: PythonFacts, function: int) -> str:
    """The key under which a call finds its function: `run` of `args["run"](args)`."""
    one = facts.exprs[function]
    key = facts.exprs[one[2]] if one[0] == "item" and one[2] != NONE else ("other",)
    return key[1] if key[0] == "const" and isinstance(key[1], str) else ""


def _configured(facts: PythonFacts, function: int) -> str:
    """The name of what a method configures before the call: `train` of `train.with_options(cache=False)(rows)`."""
    one = facts.exprs[function]
    method = facts.exprs[facts.calls[one[1]].function] if one[0] == "call" else ("other",)
    return last_name(facts.exprs[method[1]]) if method[0] == "attr" else ""


def _wrapped(facts: PythonFacts, function: int) -> str:
    """The name of what a call before it wraps: `train` of `delayed(train)(rows)`."""
    one = facts.exprs[function]
    wrapped = facts.calls[one[1]].arguments[:1] if one[0] == "call" else ()
    return last_name(facts.exprs[wrapped[0]]) if wrapped else ""


def mentioned(facts: PythonFacts, value: int) -> list[str]:
    """The names a value may be the same thing as, or a table of."""
    found: list[str] = []
    pending = [value]
    for _ in range(200):
        if not pending:
            break
        one = facts.exprs[pending.pop()]
        if one[0] == "name":
            found.append(str(one[1]))
        elif one[0] == "attr":
            found.append(str(one[2]))
        elif one[0] in ("tuple", "list", "set"):
            pending.extend(one[1])
        elif one[0] == "dict":
            pending.extend(held for _, held in one[1])
        elif one[0] in ("star", "item"):
            pending.append(one[1])
        elif one[0] == "ifexp":
            pending.extend(one[2:4])
        elif one[0] == "boolop":
            pending.extend(one[2])
        elif one[0] == "call":
            call = facts.calls[one[1]]
            taken = facts.exprs[call.function]
            if taken[0] == "attr" and taken[2] in _TAKES:
                pending.append(taken[1])
            elif _last(facts, call.function) == "partial":
                pending.extend(call.arguments[:1])
    return found
