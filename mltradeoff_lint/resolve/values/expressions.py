"""What an expression can be: literals, names through their reaching definitions, operators and displays."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence

from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import (
    MAX_ENTRIES,
    MAX_ITEMS,
    CallRef,
    Frame,
    Function,
    FunctionRef,
    Items,
    Library,
    Literal,
    Mapping,
    Template,
    Value,
    Values,
    union,
    unknown,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.notebooks.provided import PROVIDED, SESSION, SESSION_PATH, has_session
from mltradeoff_lint.resolve.objects import enumerations
from mltradeoff_lint.resolve.values import paths, split_texts, strings
from mltradeoff_lint.resolve.values.bindings import Bindings
from mltradeoff_lint.resolve.values.brought import in_text, is_setting, marked_fallback
from mltradeoff_lint.resolve.values.dead_code import constant_outcome
from mltradeoff_lint.resolve.values.fallbacks import is_passed_text
from mltradeoff_lint.resolve.values.filled_dicts import is_reached
from mltradeoff_lint.resolve.values.hole_names import as_piece, hint_beside, hint_of, hints_of, piece_name
from mltradeoff_lint.resolve.values.lists import MORE, Ways, as_sets, spliced, unpacked
from mltradeoff_lint.resolve.values.merging import laid
from mltradeoff_lint.resolve.values.operators import (
    add,
    all_numbers,
    arithmetic,
    element,
    is_falsy,
    is_of_numbers,
    percent,
    project,
    subscript,
)
from mltradeoff_lint.resolve.values.repeated import repeated
from mltradeoff_lint.resolve.values.runnables import pipe
from mltradeoff_lint.resolve.values.slicing import sliced
from mltradeoff_lint.resolve.values.source_parts import told_keys
from mltradeoff_lint.resolve.values.sums import is_known_text, is_open_sum, is_written_as_text

BUILTINS = frozenset(dir(builtins))


class Expressions:
    """Evaluates the expression table of one module after another."""

    def __init__(self, resolver: Resolver, bindings: Bindings) -> None:
        self._resolver, self._bindings = resolver, bindings
        self._kinds: dict[str, Callable[[str, PythonFacts, Expr, Frame | None], Values]] = {
            "const": self._const,
            "name": self._name,
            "attr": self._attr,
            "call": self._call,
            "await": self._await,
            "lambda": self._lambda,
            "list": self._list,
            "tuple": self._list,
            "set": self._set,
            "dict": self._dict,
            "comp": self._comp,
            "star": self._star,
            "item": self._item,
            "binop": self._binop,
            "fstring": self._fstring,
            "other": self._other,
            "ifexp": self._ifexp,
            "boolop": self._boolop,
            "unary": self._unary,
            "compare": self._compare,
        }

    def of(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        """What an expression out of the table of a module can be."""
        method = self._kinds.get(expr[0])
        return unknown(f"an expression of kind {expr[0]}") if method is None else method(path, facts, expr, frame)

    def _values(self, path: str, index: int, frame: Frame | None) -> Values:
        return self._resolver.values(path, index, frame)

    # -- atoms

    def _const(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        return (Literal(expr[1]),)

    def _name(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        if not expr[2]:
            return self.outward(path, expr[1], expr[3], frame)
        return self._bindings.reaching(path, expr[2], frame)

    def outward(self, path: str, name: str, scope: int, frame: Frame | None) -> Values:
        """A name that its own scope does not bind: enclosing functions, then the module, then the built-ins."""
        facts = self._resolver.facts(path)
        while scope > 0:
            scope = facts.scopes[scope].parent
            if scope > 0 and facts.scopes[scope].kind != "class" and name in facts.scopes[scope].finals:
                return self._bindings.reaching(path, facts.scopes[scope].finals[name], frame)
        found = self._resolver.global_name(path, name)
        if found is not None:
            return found
        if name in BUILTINS:
            return (Library(f"builtins.{name}"),)
        if name in PROVIDED:
            return (Library(PROVIDED[name]),)
        if name == SESSION and has_session(path, facts):
            return (Library(SESSION_PATH),)
        if name == "__file__":
            return (paths.of_module(path),)
        injected = self._resolver.notebook_parameter(path, name) if path.endswith(".ipynb") else ()
        if injected:
            return injected
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
        told = enumerations.part(self._resolver, path, facts.exprs, expr)
        if told:
            return told
        base = self._values(path, expr[1], frame)
        if len(base) == 1 and not written:
            found = union(self._resolver.member(base[0], expr[2]))
            fields = self._bindings.local_objects
            return found if len(found) < 2 else fields.left(path, facts.exprs[expr[1]], base[0], expr[2], found)
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

    def _library(self, dotted: str) -> Library:
        return Library(self._resolver.program.catalog.imported(dotted))

    # -- displays

    def _list(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        read, is_cut = expr[1][:MAX_ITEMS], len(expr[1]) > MAX_ITEMS
        if all(facts.exprs[index][0] != "star" for index in read):
            items = tuple(self._values(path, index, frame) for index in read)
            return (Items(items, is_cut, len(items) if is_cut else 0),)
        parts = [self._part(path, facts, index, frame) for index in read]
        return spliced([*parts, MORE] if is_cut else parts)

    def _set(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        return as_sets(self._list(path, facts, expr, frame), True)

    def _part(self, path: str, facts: PythonFacts, index: int, frame: Frame | None) -> Ways:
        """What one expression of a display puts into the list: itself, or the elements of what is unpacked."""
        inner = facts.exprs[index]
        if inner[0] == "star":
            return unpacked(self._values(path, inner[1], frame), element)
        return (Items((self._values(path, index, frame),)),)

    def _dict(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        entries: list[tuple[str, Values]] = []
        is_open, rest = len(expr[1]) > MAX_ENTRIES, list[Values]()
        for key, value in expr[1][:MAX_ENTRIES]:
            if key == NONE:
                for inner in self._values(path, value, frame):
                    whole = laid(Mapping(tuple(entries), is_open), inner)
                    entries, is_open = list(whole.entries), whole.is_open
                    rest.append(whole.rest)
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
        return (Items((self._values(path, expr[2], frame),), True, is_set=expr[1] == "set"),)

    def _star(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        return self._values(path, expr[1], frame)

    def _item(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        piece = split_texts.piece(lambda index: self._of_options(path, index, frame), facts, expr[1], expr[2])
        if piece:
            return piece
        base = self._values(path, expr[1], frame)
        if expr[2] == NONE:
            return union(*((element(value)) for value in base))
        keys = self._values(path, expr[2], frame) if expr[2] != NONE else ()
        key = facts.exprs[expr[2]]
        is_open = key[0] == "call" and any(isinstance(value, (Library, Unknown)) for value in base)
        told = told_keys(self._resolver, path, expr[2], keys, frame) if is_open else ()
        return union(
            *(
                sliced(facts, value, key) if key[0] == "slice" and isinstance(value, (Items, Literal))
                else subscript(self._resolver, value, keys, key, path, told)
                for value in base
            )
        )  # fmt: skip

    def _of_options(self, path: str, index: int, frame: Frame | None) -> Values:
        """What an expression can be, with the names of options in place of the arguments that bring them."""
        found = self._values(path, index, frame)
        if not any(isinstance(one, Library) for one in found):
            return found
        named = in_text(self._resolver, found)
        return tuple(
            new if isinstance(new, Template) and new.text.startswith("{option:") else one
            for one, new in zip(found, named, strict=True)
        )

    # -- operators

    def _binop(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        operator = expr[1]
        left, right = self._values(path, expr[2], frame), self._values(path, expr[3], frame)
        if operator == "|":
            return pipe(self._resolver, left, right)
        made = self._computed(operator, (*left, *right))
        if made:
            return made
        if operator in ("/", "+") and is_of_numbers(left, right):
            return arithmetic(operator, left, right)
        hint = hint_beside(facts, expr[2], expr[3]) if operator in ("/", "+", "%") else ""
        if hint:
            left = in_text(self._resolver, left, hint_of(facts, expr[2]))
            right = in_text(self._resolver, right, hint)
        if operator == "/" and is_open_sum((*left, *right)) and not is_known_text((*left, *right)):
            return arithmetic(operator, left, right)
        if operator == "/" and not all_numbers(left) and not all_numbers(right):
            names = piece_name(facts, expr[2], "base"), as_piece(hint, "name")
            return strings.join_path([(left, names[0]), (right, names[1])])
        if operator == "+":
            return self._sum(path, facts, expr, frame, (left, right), hint)
        if operator == "%":
            filled = facts.exprs[expr[3]]
            hints = hints_of(facts, filled[1] if filled[0] == "tuple" else expr[3:])
            return percent(self._resolver, left, right, hints)
        return arithmetic(operator, left, right)

    def _computed(self, operator: str, operands: Values) -> Values:
        """What an operator makes of objects of libraries; nothing where no row says so."""
        computed = self._resolver.program.catalog.computed
        objects = [value for value in operands if isinstance(value, Library)]
        found = ((computed(value.path, operator), value.made) for value in objects)
        return next(((Library(path, made),) for path, made in found if path is not None), ())

    def _sum(
        self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None, sides: Sequence[Values], hint: str
    ) -> Values:
        """`a + b`; where one side is a text, a sum that is written on the other side is put together as one too."""
        is_text = any(map(is_known_text, sides)) or any(is_written_as_text(facts, one) for one in expr[2:])
        if is_text:
            sides = [self._joined(path, facts, one, frame, held) for one, held in zip(expr[2:], sides, strict=True)]
        return add(sides[0], sides[1], hint, hint_of(facts, expr[2]), is_text=is_text)

    def _joined(self, path: str, facts: PythonFacts, index: int, frame: Frame | None, values: Values) -> Values:
        """The values of a part of a text: those of the sides of a sum, where nothing but the text tells what it is."""
        expr = facts.exprs[index]
        if expr[:2] != ("binop", "+") or not is_open_sum(values):
            return values
        hints = hint_of(facts, expr[2]), hint_beside(facts, expr[2], expr[3])
        sides: list[tuple[Values, str]] = []
        for one, hint in zip(expr[2:], hints, strict=True):
            given = in_text(self._resolver, self._values(path, one, frame), hint)
            sides.append((self._joined(path, facts, one, frame, given), hint))
        return strings.concatenate(sides)

    def _fstring(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        hints = hints_of(facts, expr[1])
        found = [self._values(path, part, frame) for part in expr[1]]
        texts = [in_text(self._resolver, values, hint) for values, hint in zip(found, hints, strict=True)]
        return strings.concatenate(list(zip(texts, hints, strict=True)), fields=repeated(facts, expr[1]))

    def _other(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        if expr[1] != "format":
            return unknown("an expression of another kind")
        specs = self._values(path, expr[2][1], frame) if len(expr[2]) > 1 else (Literal("?"),)
        spec = str(specs[0].value) if len(specs) == 1 and isinstance(specs[0], Literal) else "?"
        return strings.formatted(self._values(path, expr[2][0], frame), spec, hint_of(facts, expr[2][0]))

    def _ifexp(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        decided = constant_outcome(facts, expr[1])
        if decided is None:
            is_taken = self._bindings.narrowing.is_taken
            sides = [one for one, holds in ((expr[2], True), (expr[3], False)) if is_taken(path, expr[1], holds, frame)]
            return union(*(self._values(path, one, frame) for one in sides or expr[2:4]))
        return self._values(path, expr[2] if decided else expr[3], frame)

    def _boolop(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        sets = [self._values(path, operand, frame) for operand in expr[2]]
        if expr[1] == "and":
            return sets[-1]
        if len(sets) == 2 and not is_reached(self._resolver, path, facts, expr[2][0], sets[0], frame):
            return sets[0]
        if frame is not None and is_passed_text(self._resolver, path, expr[2][0], frame):
            return sets[0]
        # `x or default`: a falsy literal on the left never is the result
        is_set = any(is_setting(self._resolver, value) for values in sets[:-1] for value in values)
        last = marked_fallback(sets[-1]) if is_set else sets[-1]
        return union(*(tuple(v for v in values if not is_falsy(v)) for values in sets[:-1]), last)

    def _unary(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        values = self._values(path, expr[2], frame)
        if expr[1] == "-" and all_numbers(values):
            return tuple(_negated(value) for value in values)
        if expr[1] == "not":
            return (Literal(True), Literal(False))
        return unknown("a computed number")

    def _compare(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        return (Literal(True), Literal(False))


def _negated(number: Value) -> Value:
    value = number.value if isinstance(number, Literal) else None
    return Literal(-value, strings.provenance_of(number)) if isinstance(value, (int, float)) else number
