"""Where a repository touches its libraries: catalogued calls, decorators, base classes, assignments, imports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.model.catalog import Meaning, Selector
from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.configuration import step_data
from mltradeoff_lint.resolve.domain import (
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
    is_none,
    known_texts,
    text_of,
    union,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.linked_projects import linked_modules
from mltradeoff_lint.resolve.objects.held_objects import clients_made
from mltradeoff_lint.resolve.objects.inherited import constructing
from mltradeoff_lint.resolve.objects.kept_arguments import kept, run_by
from mltradeoff_lint.resolve.objects.unmade import idle_calls
from mltradeoff_lint.resolve.possible_calls import PossibleCalls
from mltradeoff_lint.resolve.selectors import has_splat, pick


class Use(NamedTuple):
    """One catalogued call: where it is, what it means, and the library value that is called."""

    ref: CallRef
    meaning: Meaning
    value: Library

    @property
    def order(self) -> tuple[str, int, str]:
        """Path and source order."""
        return (self.ref.path, self.ref.call, self.meaning.path)


class Marked(NamedTuple):
    """A function or class that a catalogued decorator or base class gives a meaning."""

    function: FunctionRef | None
    owner: ClassRef | None
    meaning: Meaning
    decorator: CallRef | None
    site: Site


class Assigned(NamedTuple):
    """A write to a catalogued attribute, such as `litellm.success_callback = [...]`."""

    path: str
    value: int
    meaning: Meaning
    site: Site


class Imported(NamedTuple):
    """An import that has a meaning by itself."""

    path: str
    meaning: Meaning
    site: Site


class Sites:
    """Every place where the catalog applies, found in one pass over the facts."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._by_ref: dict[CallRef, tuple[Use, ...]] = {}
        self.uses: tuple[Use, ...] = ()
        self.marked: tuple[Marked, ...] = ()
        self.assigned: tuple[Assigned, ...] = ()
        self.imported: tuple[Imported, ...] = ()
        self._collect()

    def at(self, ref: CallRef) -> tuple[Use, ...]:
        """The meanings of one call site."""
        return self._by_ref.get(ref, ())

    def of_kind(self, *kinds: str) -> tuple[Use, ...]:
        """All catalogued calls of some kinds, in path and source order."""
        return tuple(use for use in self.uses if use.meaning.kind in kinds)

    def _collect(self) -> None:
        marked: list[Marked] = []
        assigned: list[Assigned] = []
        imported: list[Imported] = []
        groups = linked_modules(self._resolver)
        possible = {path: one for group in groups for one in (PossibleCalls(self._resolver, group),) for path in group}
        for path in self._resolver.program.python_paths():
            facts = self._resolver.facts(path)
            idle = idle_calls(self._resolver, path)
            for number, call in enumerate(facts.calls):
                if number not in idle and self._may_be_known(facts, call.function, possible[path]):
                    ref = CallRef(path, number)
                    found = tuple(self._meant(ref, call.function))
                    if found:
                        self._by_ref[ref] = found
            marked.extend(self._decorators(path, facts))
            marked.extend(self._classes(path, facts))
            assigned.extend(self._assignments(path, facts))
            imported.extend(self._imports(path, facts))
        self.uses = tuple(use for found in self._by_ref.values() for use in found)
        self.marked, self.assigned, self.imported = tuple(marked), tuple(assigned), tuple(imported)

    # -- calls

    def _meant(self, ref: CallRef, function: int) -> Iterator[Use]:
        seen: set[str] = set()
        values = self._resolver.values(ref.path, function)
        for value in values:
            if isinstance(value, Class):
                for base, meaning in constructing(self._resolver, value):
                    yield Use(ref, meaning, Library(base))
            if isinstance(value, Instance):
                yield from self._object_called(ref, value)
            if not isinstance(value, Library) or value.path in seen:
                continue
            seen.add(value.path)
            for meaning in self._resolver.program.meanings("calls", value.path):
                if meaning.given and not self._is_given(ref, meaning):
                    continue
                yield from self._used(Use(ref, meaning, _merged(values, value.path)))
                for one in step_data.objects(self._resolver, ref, meaning) if meaning.kind == "workflow" else ():
                    yield from (Use(ref, told, one.value) for told in one.meanings)
                if meaning.kind == "held-object":
                    yield from (Use(ref, told, made) for made, told in clients_made(self._resolver, ref, meaning))

    def _object_called(self, ref: CallRef, value: Instance) -> Iterator[Use]:
        """What a call of an object means whose class takes `__call__` from a library."""
        for one in self._resolver.member(value, "__call__"):
            if isinstance(one, Library):
                for meaning in self._resolver.program.meanings("calls", one.path):
                    yield Use(ref, meaning, one)

    def _is_given(self, ref: CallRef, meaning: Meaning) -> bool:
        """Whether a call is seen to pass an argument without which it has another meaning."""
        if any(self._may_pass(ref, one.argument) for one in meaning.given if one.is_left_out):
            return False
        for one in (one for one in meaning.given if not one.is_left_out):
            argument, key = one.argument, one.key
            picked = self.select(ref, (argument,))
            if picked and not key and not one.text:
                return True
            sets = [self._resolver.values(ref.path, expr) for expr in picked]
            held = union(*sets) or self.splatted(ref, (argument,), None)
            if one.text:
                if held and all(text_of(value) == one.text for value in held):
                    return True
            elif any(not key or (isinstance(value, Mapping) and value.get(key) is not None) for value in held):
                return True
        return False

    def _may_pass(self, ref: CallRef, argument: Selector) -> bool:
        """Whether a call passes an argument that is something, or may do so with what it unpacks."""
        picked = self.select(ref, (argument,))
        if not picked:
            return has_splat(self._resolver.facts(ref.path), ref)
        return any(not is_none(value) for expr in picked for value in self._resolver.values(ref.path, expr))

    def _used(self, use: Use) -> tuple[Use, ...]:
        """A use as it counts: what runs through what its receiver keeps, or through an argument, is a use of that."""
        way = use.meaning.literal("through")
        if not way:
            return (use,)
        method = way if use.meaning.selectors("by") else way.partition(".")[2]
        run = tuple(run_by(self._resolver, use.value, self.run_on(use), method))
        made = tuple(dict.fromkeys(one for value in run for one in value.made))
        return (use._replace(value=Library(use.value.path, made)),) if run else ()

    def _may_be_known(self, facts: PythonFacts, function: int, possible: PossibleCalls) -> bool:
        """Whether a called expression can be one of a library, told without resolving it.

        A method is known by its name. Any name of an imported module can be a call, and so can an attribute of
        `self` that is no method: it may hold a model that is called itself.
        """
        expr = facts.exprs[function]
        if expr[0] == "name":
            kinds = {facts.definitions[index].kind for index in _definitions(facts, expr)}
            return not kinds or not kinds <= {"function", "class"} or _derives(facts, expr)
        if expr[0] != "attr":
            return True
        base = root = facts.exprs[expr[1]]
        while root[0] == "attr":
            root = facts.exprs[root[1]]
        if root[0] == "name" and any(facts.definitions[one].kind == "import" for one in _definitions(facts, root)):
            return root is base or self._resolver.program.catalog.is_member(expr[2])
        if base[0] == "name":
            scope = facts.scopes[base[3]]
            is_self = scope.owner != NONE and bool(scope.parameters) and scope.parameters[0].name == base[1]
            if is_self and expr[2] not in facts.scopes[facts.classes[scope.owner].scope].finals:
                return True
        return possible.is_any(expr[2])

    def _decorators(self, path: str, facts: PythonFacts) -> Iterator[Marked]:
        for number, scope in enumerate(facts.scopes):
            for index in scope.decorators:
                for meaning, ref in self._decorator(path, facts, index):
                    yield Marked(FunctionRef(path, number), None, meaning, ref, Site(path, scope.name_span))
        for number, one in enumerate(facts.classes):
            for index in one.decorators:
                for meaning, ref in self._decorator(path, facts, index):
                    yield Marked(None, ClassRef(path, number), meaning, ref, Site(path, one.name_span))

    def _decorator(self, path: str, facts: PythonFacts, index: int) -> Iterator[tuple[Meaning, CallRef | None]]:
        expr = facts.exprs[index]
        ref = CallRef(path, expr[1]) if expr[0] == "call" else None
        function = facts.calls[expr[1]].function if expr[0] == "call" else index
        for value in dict.fromkeys(self._resolver.values(path, function)):
            if isinstance(value, Library):
                for meaning in self._resolver.program.meanings("decorators", value.path):
                    yield meaning, ref

    def _classes(self, path: str, facts: PythonFacts) -> Iterator[Marked]:
        for number, one in enumerate(facts.classes):
            if not one.bases:
                continue
            ref = ClassRef(path, number)
            for base in self._resolver.library_bases(ref):
                for meaning in self._resolver.program.meanings("classes", base):
                    yield Marked(None, ref, meaning, None, Site(path, one.name_span))

    def _assignments(self, path: str, facts: PythonFacts) -> Iterator[Assigned]:
        is_member = self._resolver.program.catalog.is_member
        for write in facts.writes:
            if write.kind == "attribute" and is_member(str(write.key)):
                for value in self._resolver.values(path, write.base):
                    if isinstance(value, Library):
                        access = self._resolver.program.catalog.member(value.path, str(write.key))
                        for meaning in self._resolver.program.meanings("assignments", access):
                            yield Assigned(path, write.value, meaning, Site(path, write.span))

    def _imports(self, path: str, facts: PythonFacts) -> Iterator[Imported]:
        for one in facts.imports:
            if one.level:
                continue
            names = [one.module, f"{one.module}.{one.name}"] if one.name else [one.module]
            for name in names:
                for meaning in self._resolver.program.meanings("imports", name):
                    yield Imported(path, meaning, Site(path, one.span))

    def run_on(self, use: Use) -> Values:
        """What a call runs of what its receiver keeps, or of what it is handed; empty where it runs nothing so."""
        way = use.meaning.literal("through")
        if not way or use.meaning.selectors("by"):
            return self.setting(use, "by") if way else ()
        values = self._resolver.values(use.ref.path, self._resolver.call(use.ref).function)
        called = [one for one in values if isinstance(one, Library) and one.path == use.value.path]
        return union(*(kept(self._resolver, one, way.partition(".")[0]) for one in called))

    # -- arguments

    def select(self, use_ref: CallRef, selectors: tuple[Selector, ...]) -> tuple[int, ...]:
        """The expressions that selectors pick at a call; what the call does not pass is left out."""
        facts = self._resolver.facts(use_ref.path)
        call = facts.calls[use_ref.call]
        picked: list[int] = []
        for selector in selectors:
            if selector.role == "self":
                expr = facts.exprs[call.function]
                picked += [expr[1]] if expr[0] == "attr" else []
            elif selector.role == "*":
                picked += [*call.arguments, *(expr for _, expr in call.keywords)]
            else:
                found = pick(facts, use_ref, selector)
                picked += [found] if found != NONE else []
        return tuple(picked)

    def setting(self, use: Use, name: str, frame: Frame | None = None) -> Values:
        """The values of a setting of a row at its call: the selected arguments in a frame, or the literal word."""
        selectors = use.meaning.selectors(name)
        if not selectors:
            word = use.meaning.literal(name)
            return (Literal(word),) if word else ()
        sets = [self._resolver.values(use.ref.path, expr, frame) for expr in self.select(use.ref, selectors)]
        return union(*sets) or self.splatted(use.ref, selectors, frame)

    def writes(self, use: Use) -> bool | None:
        """Whether a call that opens a file opens it to write; None when its mode is not known."""
        modes = self.setting(use, "mode")
        texts = known_texts(modes)
        if any(text[:1] in ("w", "a", "x") for text in texts):
            return True
        return False if texts or not modes else None

    def splatted(self, ref: CallRef, selectors: tuple[Selector, ...], frame: Frame | None) -> Values:
        """What `*values` and `**values` of a call hold at the places and under the keywords of selectors."""
        wanted = [keyword for selector in selectors for keyword in selector.keywords]
        call = self._resolver.call(ref)
        found = [self._starred(ref, one.position, frame) for one in selectors if one.position is not None]
        for name, expr in call.keywords:
            for value in self._resolver.values(ref.path, expr, frame) if name is None else ():
                if isinstance(value, Mapping):
                    found += [held for keyword in wanted if (held := value.get(keyword)) is not None]
        return union(*found)

    def _starred(self, ref: CallRef, position: int, frame: Frame | None) -> Values:
        """What stands at a position inside the first `*values` of a call."""
        exprs = self._resolver.facts(ref.path).exprs
        for place, argument in enumerate(self._resolver.call(ref).arguments[: position + 1]):
            if exprs[argument][0] == "star":
                held = self._resolver.values(ref.path, exprs[argument][1], frame)
                rows = [value.items for value in held if isinstance(value, Items) and not value.is_open]
                return union(*(row[position - place] for row in rows if position - place < len(row)))
        return ()

    def is_on_query(self, ref: CallRef) -> bool:
        """Whether a method is called on what a query gives, `connection.execute(text).fetchall()`: it hands that on."""
        exprs = self._resolver.facts(ref.path).exprs
        function = exprs[self._resolver.call(ref).function]
        asked = exprs[function[1]] if function[0] == "attr" else function
        uses = self.at(CallRef(ref.path, asked[1])) if asked[0] == "call" else ()
        return any(one.meaning.kind == "dataset-read" and one.meaning.literal("scheme") == "sql" for one in uses)

    def functions(self, values: Values) -> tuple[FunctionRef, ...]:
        """The repository functions among values; a class stands for its `__call__` when it has one."""
        found: list[FunctionRef] = []
        for value in values:
            if isinstance(value, Function):
                found.append(value.ref)
            elif isinstance(value, Class):
                found += [one.ref for one in self._resolver.member(value, "__call__") if isinstance(one, Function)]
        return tuple(found)


def _merged(values: Values, access: str) -> Library:
    """One value per access path, with every construction that can reach the call."""
    found = (value for value in values if isinstance(value, Library) and value.path == access)
    return Library(access, tuple(dict.fromkeys(one for value in found for one in value.made)))


def _derives(facts: PythonFacts, name: Expr) -> bool:
    """Whether a name can be a class of its module with bases, which may be those of a library."""
    definitions = (facts.definitions[index] for index in _definitions(facts, name))
    return any(one.kind == "class" and bool(facts.classes[one.value].bases) for one in definitions)


def _definitions(facts: PythonFacts, name: Expr) -> tuple[int, ...]:
    """The definitions a name can have: those that reach it, else those of the nearest scope around that binds it."""
    reaching: tuple[int, ...] = name[2]
    scope = name[3]
    while not reaching and scope > 0:
        scope = facts.scopes[scope].parent
        if facts.scopes[scope].kind != "class":
            reaching = facts.scopes[scope].finals.get(name[1], ())
    return tuple(_bindings(facts, reaching))


def _bindings(facts: PythonFacts, versions: tuple[int, ...]) -> Iterator[int]:
    """The bindings that versions of a name go back to: `openai.api_key = key` makes a version of an import."""
    pending, seen = [*versions], set(versions)
    while pending:
        index = pending.pop()
        before = [one for one in facts.definitions[index].previous if one not in seen]
        if not facts.definitions[index].previous:
            yield index
        seen.update(before)
        pending.extend(before)
