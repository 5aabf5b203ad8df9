"""What an expression can be: literals, names through their reaching definitions, operators and displays."""

from __future__ import annotations

import builtins
from collections.abc import Callable

from mltradeoff_lint.model.facts import NONE, Definition, Expr, PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import (
    MAX_ENTRIES,
    MAX_ITEMS,
    CallRef,
    Class,
    ClassRef,
    Frame,
    Function,
    FunctionRef,
    Instance,
    Items,
    Library,
    Literal,
    Mapping,
    Values,
    union,
    unknown,
)
from mltradeoff_lint.resolve.environment.process_environment import spread
from mltradeoff_lint.resolve.imported import imported
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.app_state import is_kept
from mltradeoff_lint.resolve.values import paths, strings
from mltradeoff_lint.resolve.values.operators import (
    _all_numbers,
    _is_falsy,
    _percent,
    add,
    arithmetic,
    element,
    grown,
    project,
    subscript,
)
from mltradeoff_lint.resolve.values.runnables import pipe
from mltradeoff_lint.resolve.values.slicing import sliced

BUILTINS = frozenset(dir(builtins))


class Expressions:
    """Evaluates the expression table of one module after another."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._kinds: dict[str, Callable[[str, PythonFacts, Expr, Frame | None], Values] | None] = {}
        self._bindings: dict[str, Callable[[str, Definition, Frame | None], Values] | None] = {}

    def evaluate(self, path: str, index: int, frame: Frame | None) -> Values:
        """What an expression can be."""
        facts = self._resolver.facts(path)
        return self.of(path, facts, facts.exprs[index], frame)

    def of(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        """The same for an expression that was taken from the table already."""
        kind: str = expr[0]
        if kind not in self._kinds:
            self._kinds[kind] = getattr(self, "_" + kind, None)
        method = self._kinds[kind]
        return unknown(f"an expression of kind {kind}") if method is None else method(path, facts, expr, frame)

    def _values(self, path: str, index: int, frame: Frame | None) -> Values:
        return self._resolver.values(path, index, frame)

    # -- atoms

    def _const(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        return (Literal(expr[1]),)

    def _name(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        if not expr[2]:
            return self.outward(path, expr[1], expr[3], frame)
        if len(expr[2]) == 1:
            return union(self.definition(path, expr[2][0], frame))
        return union(*(self.definition(path, index, frame) for index in expr[2]))

    def outward(self, path: str, name: str, scope: int, frame: Frame | None) -> Values:
        """A name that its own scope does not bind: enclosing functions, then the module, then the built-ins."""
        facts = self._resolver.facts(path)
        while scope > 0:
            scope = facts.scopes[scope].parent
            if scope > 0 and facts.scopes[scope].kind != "class" and name in facts.scopes[scope].finals:
                return union(*(self.definition(path, one, frame) for one in facts.scopes[scope].finals[name]))
        found = self._resolver.global_name(path, name)
        if found is not None:
            return found
        if name in BUILTINS:
            return (Library(f"builtins.{name}"),)
        if name == "__file__":
            return (paths.of_module(path),)
        stars = [one.module for one in facts.imports if one.name == "*" and not one.level and one.scope == 0]
        outside = [module for module in stars if self._resolver.program.module(path, module) is None]
        if len(outside) == 1 and not name.startswith("_"):
            return (self._library(f"{outside[0]}.{name}"),)
        return unknown(f"{name} is not defined in its module")

    def _attr(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        written, is_all = self._written_before(path, facts, facts.exprs[expr[1]], expr[2], frame)
        if is_all:
            return written
        if expr[2] == "argv" and facts.exprs[expr[1]][:2] == ("name", "sys"):
            given = self._resolver.program_arguments(path)
            if given:
                return given
        base = self._values(path, expr[1], frame)
        if len(base) == 1 and not written:
            return union(self._resolver.member(base[0], expr[2]))
        return union(written, *(self._resolver.member(value, expr[2]) for value in base))

    def _written_before(
        self, path: str, facts: PythonFacts, base: Expr, name: str, frame: Frame | None
    ) -> tuple[Values, bool]:
        """What `x.name = ...` put where `x.name` is read, and whether every way to the read leads over such a write."""
        if base[0] != "name" or not base[2]:
            return (), False
        found: list[Values] = []
        is_all = True
        for index in base[2]:
            one = facts.definitions[index]
            while one.kind == "attribute" and one.path[0] != name and len(one.previous) == 1:
                one = facts.definitions[one.previous[0]]
            if one.kind == "attribute" and one.path[0] == name:
                found.append(project(self._resolver, self._values(path, one.value, frame), one.path[1:]))
            else:
                is_all = False
        return union(*found), is_all

    def _call(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        site = CallRef(path, expr[1])
        functions = self._values(path, facts.calls[expr[1]].function, frame)
        if len(functions) == 1:
            return union(self._resolver.called(functions[0], site, frame))
        return union(*(self._resolver.called(value, site, frame) for value in functions))

    def _await(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        return self._values(path, expr[1], frame)

    def _lambda(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        return (Function(FunctionRef(path, expr[1])),)

    # -- displays

    def _list(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        items: list[Values] = []
        is_open = len(expr[1]) > MAX_ITEMS
        for index in expr[1][:MAX_ITEMS]:
            inner = facts.exprs[index]
            if inner[0] == "star":
                for value in self._values(path, inner[1], frame):
                    items.extend(value.items if isinstance(value, Items) else (element(value),))
                    is_open = is_open or not isinstance(value, Items) or value.is_open
            else:
                items.append(self._values(path, index, frame))
        return (Items(tuple(items[:MAX_ITEMS]), is_open or len(items) > MAX_ITEMS),)

    _tuple = _set = _list

    def _dict(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        entries: list[tuple[str, Values]] = []
        is_open, rest = len(expr[1]) > MAX_ENTRIES, list[Values]()
        for key, value in expr[1][:MAX_ENTRIES]:
            if key == NONE:
                spread_values = self._values(path, value, frame)
                rest.append(spread(spread_values))
                for inner in spread_values:
                    entries.extend(inner.entries if isinstance(inner, Mapping) else ())
                    rest.extend([inner.rest] if isinstance(inner, Mapping) else [])
                    is_open = is_open or not isinstance(inner, Mapping) or inner.is_open
                continue
            names = [str(one.value) for one in self._values(path, key, frame) if isinstance(one, Literal)]
            is_open = is_open or not names
            held = self._values(path, value, frame)
            entries.extend((name, held) for name in names)
            rest.extend([] if names else [held])
        return (Mapping(tuple(entries), is_open, union(*rest)),)

    def _comp(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        if expr[1] == "dict":
            return (Mapping((), True, self._values(path, expr[2], frame)),)
        return (Items((self._values(path, expr[2], frame),), True),)

    def _star(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        return self._values(path, expr[1], frame)

    def _item(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        base = self._values(path, expr[1], frame)
        if expr[2] == NONE:
            return union(*((element(value)) for value in base))
        keys = self._values(path, expr[2], frame) if expr[2] != NONE else ()
        key = facts.exprs[expr[2]]
        return union(
            *(
                sliced(facts, value, key) if key[0] == "slice" and isinstance(value, (Items, Literal))
                else subscript(self._resolver, value, keys, key, path)
                for value in base
            )
        )  # fmt: skip

    # -- operators

    def _binop(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        operator = expr[1]
        left, right = self._values(path, expr[2], frame), self._values(path, expr[3], frame)
        if operator == "|":
            return pipe(self._resolver, left, right)
        if operator == "/" and not _all_numbers(left) and not _all_numbers(right):
            return strings.join_path([(left, "base"), (right, "name")])
        if operator == "+":
            return add(left, right, _name_hint(facts, expr[3]), _name_hint(facts, expr[2]))
        if operator == "%":
            return _percent(left, right)
        return arithmetic(operator, left, right)

    def _fstring(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        pieces = [(self._values(path, part, frame), _name_hint(facts, part)) for part in expr[1]]
        return strings.concatenate(pieces)

    def _other(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        if expr[1] != "format":
            return unknown("an expression of another kind")
        specs = self._values(path, expr[2][1], frame) if len(expr[2]) > 1 else (Literal("?"),)
        spec = str(specs[0].value) if len(specs) == 1 and isinstance(specs[0], Literal) else "?"
        return strings.formatted(self._values(path, expr[2][0], frame), spec, _name_hint(facts, expr[2][0]))

    def _ifexp(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        return union(self._values(path, expr[2], frame), self._values(path, expr[3], frame))

    def _boolop(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        sets = [self._values(path, operand, frame) for operand in expr[2]]
        if expr[1] == "and":
            return sets[-1]
        # `x or default`: a falsy literal on the left never is the result
        return union(*(tuple(v for v in values if not _is_falsy(v)) for values in sets[:-1]), sets[-1])

    def _unary(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        values = self._values(path, expr[2], frame)
        if expr[1] == "-" and _all_numbers(values):
            return tuple(Literal(-value.value) for value in values)  # type: ignore[union-attr, operator]
        if expr[1] == "not":
            return (Literal(True), Literal(False))
        return unknown("a computed number")

    def _compare(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        return (Literal(True), Literal(False))

    # -- definitions

    def definition(self, path: str, index: int, frame: Frame | None) -> Values:
        """What one version of a name holds."""
        facts = self._resolver.facts(path)
        definition = facts.definitions[index]
        if definition.kind in _JOINING:
            return self._joined(path, index, frame)
        if definition.kind == "augment":
            return self._augmented(path, index, frame)
        if definition.kind not in self._bindings:
            self._bindings[definition.kind] = getattr(self, "_define_" + definition.kind, None)
        method = self._bindings[definition.kind]
        if method is None:
            return unknown(f"`{definition.name}` is bound by {definition.kind}")
        return method(path, definition, frame)

    def _define_assign(self, path: str, definition: Definition, frame: Frame | None) -> Values:
        if not definition.path:
            return self._values(path, definition.value, frame)
        route = tuple(step for step in definition.path if not isinstance(step, tuple))
        values = project(self._resolver, self._values(path, definition.value, frame), route)
        notes = [step[1] for step in definition.path if isinstance(step, tuple)]
        if notes and all(is_kept(value) for value in values):
            noted = self._resolver.annotated(path, notes[0])
            return values if all(isinstance(value, Unknown) for value in noted) and values else noted
        return values

    def _define_declare(self, path: str, definition: Definition, frame: Frame | None) -> Values:
        return self._resolver.annotated(path, definition.value)

    def _augmented(self, path: str, index: int, frame: Frame | None) -> Values:
        leaves, _ = self._spread(path, index)
        kinds = self._resolver.facts(path).definitions
        definition = kinds[index]
        before = union(*(self.definition(path, leaf, frame) for leaf in leaves if kinds[leaf].kind != "augment"))
        value = self._values(path, definition.value, frame)
        if definition.path == ("Add",):
            return add(before, value, "more", definition.name)
        if definition.path == ("BitOr",):
            return pipe(self._resolver, before, value)
        return unknown("a computed value")

    def _define_loop(self, path: str, definition: Definition, frame: Frame | None) -> Values:
        iterable = self._values(path, definition.value, frame)
        return project(self._resolver, union(*(element(value) for value in iterable)), definition.path)

    def _define_enter(self, path: str, definition: Definition, frame: Frame | None) -> Values:
        entered: list[Values] = []
        for value in self._values(path, definition.value, frame):
            if isinstance(value, Instance):
                entered.append(self._entered(value))
            elif isinstance(value, Items):
                # only a generator function made a context manager gives elements to a `with`
                entered.append(value.every)
            else:
                entered.append((value,))
        return project(self._resolver, union(*entered), definition.path)

    def _entered(self, manager: Instance) -> Values:
        for name in ("__enter__", "__aenter__"):
            for method in self._resolver.member(manager, name):
                if isinstance(method, Function):
                    returns = [one for one in self._resolver.scope(method.ref).returns if one.value != NONE]
                    results = union(*(self._values(method.ref.path, one.value, None) for one in returns))
                    lineage = self._resolver.lineage(manager.ref)
                    # `return self` is this very object, with the arguments it was made with
                    same = (manager if isinstance(one, Instance) and one.ref in lineage else one for one in results)
                    return union(tuple(same)) or (manager,)
        return (manager,)

    def _define_param(self, path: str, definition: Definition, frame: Frame | None) -> Values:
        return self._resolver.parameter(FunctionRef(path, definition.scope), definition.value, frame)

    def _define_import(self, path: str, definition: Definition, frame: Frame | None) -> Values:
        found = imported(self._resolver, path, self._resolver.facts(path).imports[definition.value])
        return found if found != (Library("sys.argv"),) else self._resolver.program_arguments(path) or found

    def _library(self, dotted: str) -> Library:
        return Library(self._resolver.program.catalog.imported(dotted))

    def _define_function(self, path: str, definition: Definition, frame: Frame | None) -> Values:
        return (Function(FunctionRef(path, definition.value)),)

    def _define_class(self, path: str, definition: Definition, frame: Frame | None) -> Values:
        return (Class(ClassRef(path, definition.value)),)

    # -- joins and changes

    def _joined(self, path: str, index: int, frame: Frame | None) -> Values:
        """What a name holds behind joins and changes: its bindings, with the changes that are visible applied.

        A loop leads a version back to itself, so the versions are collected first and evaluated once each.
        """
        leaves, changes = self._spread(path, index)
        values = union(*(self.definition(path, leaf, frame) for leaf in leaves))
        if not any(isinstance(value, (Mapping, Items)) for value in values):
            return values
        facts = self._resolver.facts(path)
        for change in changes[:MAX_CHANGES]:
            values = self._changed(path, facts.definitions[change], values, frame)
        return values

    def _spread(self, path: str, index: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The bindings and the changes that lead to a version, in source order."""
        facts = self._resolver.facts(path)
        definition = facts.definitions[index]
        pending, seen = [*definition.previous], set(definition.previous)
        changes = {index} if definition.kind in ("item", "attribute", "method") else set()
        leaves: set[int] = set()
        while pending:
            number = pending.pop()
            one = facts.definitions[number]
            if one.kind not in _JOINING:
                leaves.add(number)
                continue
            if one.kind != "phi":
                changes.add(number)
            pending += [each for each in one.previous if each not in seen]
            seen.update(one.previous)
        return tuple(sorted(leaves)), tuple(sorted(changes))

    def _changed(self, path: str, change: Definition, values: Values, frame: Frame | None) -> Values:
        if change.kind == "item":
            names = [one.value for one in self._values(path, change.path[0], frame) if isinstance(one, Literal)]
            value = self._values(path, change.value, frame)
            if len(names) != 1 or not isinstance(names[0], str):
                return tuple(
                    Mapping(one.entries, True, union(one.rest, value)) if isinstance(one, Mapping) else one
                    for one in values
                )
            return tuple(
                Mapping((*one.entries, (names[0], value)), one.is_open, one.rest) if isinstance(one, Mapping) else one
                for one in values
            )
        if change.kind == "method" and change.path[0] in _GROWING:
            expr = self._resolver.facts(path).exprs[change.value]
            expr = self._resolver.facts(path).exprs[expr[1]] if expr[0] == "await" else expr
            call = self._resolver.facts(path).calls[expr[1]] if expr[0] == "call" else None
            if call is not None and call.arguments:
                value = self._values(path, call.arguments[-1], frame)
                return tuple(grown(one, change.path[0], value) for one in values)
        return values


_JOINING = frozenset({"phi", "item", "attribute", "method"})
_GROWING = frozenset({"append", "add", "extend", "insert", "update"})
MAX_CHANGES = 64
"""Changes of one list or dict that are followed."""


def _name_hint(facts: PythonFacts, index: int) -> str:
    expr = facts.exprs[index]
    if expr[0] == "name":
        return str(expr[1])
    if expr[0] == "attr":
        return str(expr[2])
    if expr[0] == "item" and facts.exprs[expr[2]][0] == "const":
        return str(facts.exprs[expr[2]][1])
    return _name_hint(facts, expr[2][0]) if expr[:2] == ("other", "format") else "?"
