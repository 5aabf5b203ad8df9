"""What one version of a name holds: what it is bound to, with the changes made to it on the way."""

from __future__ import annotations

from collections.abc import Callable, Collection

from mltradeoff_lint.model.facts import NONE, Definition, PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.command_line.argument_parsers import as_default
from mltradeoff_lint.resolve.domain import (
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
from mltradeoff_lint.resolve.imported import imported
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects import enumerations
from mltradeoff_lint.resolve.objects.app_state import is_kept
from mltradeoff_lint.resolve.objects.local_objects import LocalObjects
from mltradeoff_lint.resolve.values import stored_keys
from mltradeoff_lint.resolve.values.augmented import Augmented
from mltradeoff_lint.resolve.values.descents import at_any_depth, is_descent
from mltradeoff_lint.resolve.values.loop_rows import entries, route_of
from mltradeoff_lint.resolve.values.narrowing import Narrowing
from mltradeoff_lint.resolve.values.operators import element, grown, longer, project
from mltradeoff_lint.resolve.values.told_again import told_again

_JOINING = frozenset({"phi", "item", "attribute", "method"})
_GROWING = frozenset({"append", "add", "extend", "insert", "update"})
_ONE_MORE = frozenset({"append", "insert"})
MAX_CHANGES = 64
"""Changes of one list or dict that are followed."""


class Bindings:
    """Evaluates the versions of names that the facts of a module list."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self.narrowing = Narrowing(resolver)
        self.local_objects = LocalObjects(resolver)
        self._augmented = Augmented(resolver, self.held, self.narrowing.loop_seeds.before_step)
        self._held: dict[tuple[str, int, Frame | None], Values] = {}
        self._kinds: dict[str, Callable[[str, Definition, Frame | None], Values]] = {
            "assign": self._assigned,
            "declare": self._declared,
            "loop": self._looped,
            "enter": self._with,
            "param": self._parameter,
            "import": self._imported,
            "function": self._function,
            "class": self._class,
            "injected": self._injected,
        }

    def held(self, path: str, index: int, frame: Frame | None) -> Values:
        """What the version with an index can be; kept once it is known for good, since many places read one version."""
        key = (path, index, frame)
        known = self._held.get(key)
        if known is not None:
            return known
        found = self._bound(path, index, frame)
        if self._resolver.is_firm():
            self._held[key] = found
        return found

    def _bound(self, path: str, index: int, frame: Frame | None) -> Values:
        definition = self._resolver.facts(path).definitions[index]
        if definition.kind == "param" and frame is not None and frame.row:
            passed = frame.bound(path, (index,))
            if passed is not None:
                return passed
        if definition.kind in _JOINING:
            return self._joined(path, index, frame)
        if definition.kind == "augment":
            return self._augmented.of(path, index, frame)
        method = self._kinds.get(definition.kind)
        if method is None:
            return unknown(f"`{definition.name}` is bound by {definition.kind}")
        return method(path, definition, frame)

    def reaching(self, path: str, versions: tuple[int, ...], frame: Frame | None, load: int = NONE) -> Values:
        """What the versions that reach one place can be, without the values that the tests on the way replace.

        `load` is the expression that reads the name there, where the tests around it count too.
        """
        if frame is not None and frame.row:
            passed = frame.bound(path, versions)
            if passed is not None:
                return passed
        if len(versions) == 1:
            found = self._read(path, versions[0], frame, load)
            return found if len(found) < 2 else union(found)
        held = ((one, self._read(path, one, frame, load)) for one in self.narrowing.guards.open(path, versions, frame))
        return union(*(self.narrowing.passing(path, versions, one, values, frame, load) for one, values in held))

    def _read(self, path: str, version: int, frame: Frame | None, load: int) -> Values:
        """What a version holds where it is loaded, without what a loop on the way is sure to replace."""
        seeds = self.narrowing.loop_seeds.before(path, version, load, frame) if load != NONE else ()
        return self._joined(path, version, frame, seeds) if seeds else self.held(path, version, frame)

    def _values(self, path: str, index: int, frame: Frame | None) -> Values:
        return self._resolver.values(path, index, frame)

    def _assigned(self, path: str, definition: Definition, frame: Frame | None) -> Values:
        if not definition.path:
            found = told_again(self._resolver, path, definition, self._values(path, definition.value, frame), frame)
            return at_any_depth(found) if is_descent(self._resolver.facts(path), definition) else found
        values = project(self._resolver, entries(self._resolver, path, definition.value, frame), route_of(definition))
        values = told_again(self._resolver, path, definition, values, frame)
        notes = [step[1] for step in definition.path if isinstance(step, tuple)]
        if notes and all(is_kept(value) for value in values):
            noted = self._resolver.annotated(path, notes[0])
            return values if all(isinstance(value, Unknown) for value in noted) and values else noted
        return values

    def _declared(self, path: str, definition: Definition, frame: Frame | None) -> Values:
        return self._resolver.annotated(path, definition.value)

    def _looped(self, path: str, definition: Definition, frame: Frame | None) -> Values:
        iterable = enumerations.opened(self._resolver, self._values(path, definition.value, frame))
        return project(self._resolver, union(*(element(value) for value in iterable)), definition.path)

    def _with(self, path: str, definition: Definition, frame: Frame | None) -> Values:
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

    def _parameter(self, path: str, definition: Definition, frame: Frame | None) -> Values:
        return self._resolver.parameter(FunctionRef(path, definition.scope), definition.value, frame)

    def _imported(self, path: str, definition: Definition, frame: Frame | None) -> Values:
        found = imported(self._resolver, path, self._resolver.facts(path).imports[definition.value])
        return found if found != (Library("sys.argv"),) else self._resolver.program_arguments(path) or found

    def _injected(self, path: str, definition: Definition, frame: Frame | None) -> Values:
        """A parameter of a notebook: what its runner sets it to, else what its runs give it, and its default."""
        set_to = self._resolver.runner_gives(path, definition.name)
        if set_to:
            return set_to
        defaults = union(*(self.held(path, index, frame) for index in definition.previous))
        given = self._resolver.notebook_parameter(path, definition.name)
        return union(given, as_default(defaults)) or defaults or unknown("a run injects it")

    def _function(self, path: str, definition: Definition, frame: Frame | None) -> Values:
        return (Function(FunctionRef(path, definition.value)),)

    def _class(self, path: str, definition: Definition, frame: Frame | None) -> Values:
        return (Class(ClassRef(path, definition.value)),)

    def _joined(self, path: str, index: int, frame: Frame | None, without: Collection[int] = ()) -> Values:
        """What a name holds behind joins and changes: its bindings but for some, with the changes that are visible.

        A loop leads a version back to itself, so the versions are collected first and evaluated once each.
        """
        leaves, changes = self._spread(path, index, without)
        facts = self._resolver.facts(path)
        values = union(*(self.held(path, leaf, frame) for leaf in self.narrowing.guards.open(path, leaves, frame)))
        if any(is_descent(facts, facts.definitions[leaf]) for leaf in leaves):
            values = at_any_depth(values)
        if not any(isinstance(value, (Mapping, Items)) for value in values):
            return values
        certain = _certain(facts, index)
        items = {one: facts.definitions[one] for one in changes[:MAX_CHANGES] if facts.definitions[one].kind == "item"}
        keys = {number: found for number, one in items.items() if (found := self._keys(path, one, frame))}
        stores = stored_keys.stores(facts, index, keys)
        for change in changes[:MAX_CHANGES]:
            if change in items:
                store = stores.get(change, stored_keys.Store())
                values = self._stored(path, items[change], keys.get(change, ()), store, values, frame)
                continue
            values = self._changed(path, facts.definitions[change], values, frame)
            is_longer = change in certain and facts.definitions[change].path[0] in _ONE_MORE
            values = tuple(map(longer, values)) if is_longer else values
        return values

    def _spread(self, path: str, index: int, without: Collection[int] = ()) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The bindings and the changes that lead to a version, in source order."""
        facts = self._resolver.facts(path)
        definition = facts.definitions[index]
        pending = [one for one in definition.previous if one not in without]
        seen = set(definition.previous)
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
        return tuple(self.narrowing.live(path, sorted(leaves))), tuple(sorted(changes))

    def _keys(self, path: str, change: Definition, frame: Frame | None) -> stored_keys.Keys:
        """The keys under which a change stores a value; empty where they are not known."""
        written = stored_keys.written_keys(self._resolver.facts(path), change)
        if written:
            return written
        names = [one.value for one in self._values(path, change.path[0], frame) if isinstance(one, Literal)]
        return (names[0],) if len(names) == 1 and isinstance(names[0], str) else ()

    def _stored(
        self,
        path: str,
        change: Definition,
        keys: stored_keys.Keys,
        store: stored_keys.Store,
        values: Values,
        frame: Frame | None,
    ) -> Values:
        if not store.is_seen:
            return values
        value = self._values(path, change.value, frame)
        if keys:
            return stored_keys.put(self._resolver, values, keys, value, is_all=store.is_all)
        return tuple(
            Mapping(one.entries, True, union(one.rest, value)) if isinstance(one, Mapping) else one for one in values
        )

    def _changed(self, path: str, change: Definition, values: Values, frame: Frame | None) -> Values:
        if change.kind == "method" and change.path[0] in _GROWING:
            expr = self._resolver.facts(path).exprs[change.value]
            expr = self._resolver.facts(path).exprs[expr[1]] if expr[0] == "await" else expr
            call = self._resolver.facts(path).calls[expr[1]] if expr[0] == "call" else None
            if call is not None and call.arguments:
                value = self._values(path, call.arguments[-1], frame)
                values = tuple(grown(one, change.path[0], value) for one in values)
            for name, index in call.keywords if call is not None and change.path[0] == "update" else ():
                held = self._values(path, index, frame)
                value = held if name is None else (Mapping(((name, held),)),)
                values = tuple(grown(one, "update", value) for one in values)
        return values


def _certain(facts: PythonFacts, index: int) -> set[int]:
    """The changes that every way to a version goes through, once each."""
    found: set[int] = set()
    one = facts.definitions[index]
    while one.kind == "method" and len(one.previous) == 1:
        found.add(index)
        (index,) = one.previous
        one = facts.definitions[index]
    return found
