"""Objects that a factory makes under a test, used under a test of the same thing: those that contradict are dropped.

`make(config)` returns a `Lance()` where `config.store.name == "lance"`. Behind `store = make(self.config)`, a branch
of `self.config.store.name == "lance"` calls the method of that class alone. What is tested has to be the same
attributes of what the call of the factory passes: of the same versions of a name, or of `self` in methods of one class.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set

from mltradeoff_lint.model.facts import Expr, PythonFacts
from mltradeoff_lint.resolve.calls.hanging import methods_of
from mltradeoff_lint.resolve.domain import Frame, Function, Instance, Literal, Made, Value, Values
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.conditions import Condition
from mltradeoff_lint.resolve.values.outcomes import outcome, place

MAX_REGIONS = 8
"""An expression that stands in more branches than this is not looked at."""

_Chain = tuple[object, tuple[str, ...]]
"""Whose attributes they are, and the names of them, outermost last."""

_Test = tuple[PythonFacts, Condition]
"""A condition, and the module that it stands in."""


class MadeUnder:
    """Tells which objects a place under tests cannot have."""

    def __init__(
        self,
        resolver: Resolver,
        around: Callable[[str, int], Sequence[Condition]],
        standing: Callable[[str], Mapping[int, Set[int]]],
    ) -> None:
        """Take what holds in a region of a module, and in which regions its expressions stand."""
        self._resolver = resolver
        self._around = around
        self._standing = standing

    def left(self, path: str, index: int, values: Values) -> Values:
        """The methods that an attribute can be where it stands; all of them where nothing is told."""
        if not any(_made(one) is not None for one in values):
            return values
        regions = self._standing(path).get(index, ())
        ways = [tuple(self._tested(path, region)) for region in regions] if len(regions) <= MAX_REGIONS else []
        if not ways or not all(ways):
            return values
        kept = tuple(one for one in values if not all(self._contradicts(path, way, _made(one)) for way in ways))
        return kept or values

    def _tested(self, path: str, region: int) -> Iterator[tuple[_Chain, Condition]]:
        """The attributes of names that are tested around a region, each with its condition."""
        facts = self._resolver.facts(path)
        for one in self._around(path, region):
            if one.place[0] == "attr":
                root, names = _split(one.place)
                yield (_owner(path, facts, root), names), one

    def _contradicts(self, path: str, way: Sequence[tuple[_Chain, Condition]], made: Made | None) -> bool:
        """Whether an object was made under a test that fails where those of a place hold."""
        frame = made.frame if made is not None else None
        if made is None or frame is None or frame.row or frame.function.path != made.call.path:
            return False
        facts, inner = self._resolver.facts(path), self._resolver.facts(made.call.path)
        tests: dict[_Chain, list[_Test]] = {}
        for one in self._around(made.call.path, self._resolver.call(made.call).region):
            chain = self._passed(inner, one, frame) if one.place[0] == "attr" else None
            if chain is not None:
                tests.setdefault(chain, []).append((inner, one))
        return any(
            _exclude([*own, *((facts, other) for tested, other in way if tested == chain)])
            for chain, own in tests.items()
            if any(tested == chain for tested, _ in way) and not {*chain[1]} & (_set_later(facts) | _set_later(inner))
        )

    def _passed(self, facts: PythonFacts, condition: Condition, frame: Frame) -> _Chain | None:
        """What a test of a parameter is one of, in terms of the call that passes it; None for a test of all else."""
        root, names = _split(condition.place)
        position = _parameter(facts, root, frame)
        given = None if position is None else self._resolver.argument(frame.call, frame.function, position)
        if given is None:
            return None
        outer = self._resolver.facts(given[0])
        passed = place(outer, given[1])
        if passed is None:
            return None
        owner, before = _split(passed)
        return _owner(given[0], outer, owner), (*before, *names)


def _set_later(facts: PythonFacts) -> Set[str]:
    """The attributes that a module sets after an object was made, so that two tests may meet two values."""
    writes = (one for one in facts.writes if one.kind == "attribute" and facts.scopes[one.scope].name != "__init__")
    return {one.key for one in writes}


def _made(value: Value) -> Made | None:
    """The call that made the object whose method a value is."""
    receiver = value.receiver if isinstance(value, Function) else None
    return receiver.made if isinstance(receiver, Instance) else None


def _split(where: Expr) -> tuple[Expr, tuple[str, ...]]:
    names: list[str] = []
    while where[0] == "attr":
        names.append(where[2])
        where = where[1]
    return where, tuple(reversed(names))


def _owner(path: str, facts: PythonFacts, root: Expr) -> object:
    """What tells that two names hold one thing: the class whose own object they are, else their versions."""
    methods = methods_of(facts, root)
    owners = {facts.scopes[one].owner for one in methods}
    return ("self", path, *owners) if len(owners) == 1 else (path, root[1:])


def _parameter(facts: PythonFacts, root: Expr, frame: Frame) -> int | None:
    """The position of the parameter that a name holds, also where it is filled when nothing is passed."""
    found: int | None = None
    pending, seen = list(root[2]), set(root[2])
    while pending:
        one = facts.definitions[pending.pop()]
        if one.kind == "param" and one.scope == frame.function.scope:
            found = one.value
        elif one.kind == "phi":
            pending += [each for each in one.previous if each not in seen]
            seen.update(one.previous)
        elif not _is_filling(facts, one.region, one.name):
            return None
    return found


def _is_filling(facts: PythonFacts, region: int, name: str) -> bool:
    """Whether a region is the branch in which a name is None, or empty."""
    one = facts.regions[region]
    test = facts.exprs[one.test] if one.kind == "then" and one.test >= 0 else ("none",)
    if test[0] == "compare" and test[1] == ("is",):
        left, right = (facts.exprs[each] for each in test[2])
        return bool(left[:2] == ("name", name) and right == ("const", None))
    return bool(test[:2] == ("unary", "not") and facts.exprs[test[2]][:2] == ("name", name))


def _exclude(tests: Sequence[_Test]) -> bool:
    """Whether nothing passes all tests of one thing: of what one asks for, each fails another."""
    asked = next((texts for facts, one in tests if one.holds and (texts := _asked(facts, one.test, one.place))), ())
    return bool(asked) and not any(all(_passes(facts, one, text) for facts, one in tests) for text in asked)


def _passes(facts: PythonFacts, condition: Condition, text: str) -> bool:
    return outcome(facts, condition.test, condition.place, Literal(text)) in (None, condition.holds)


def _asked(facts: PythonFacts, index: int, where: Expr) -> tuple[str, ...]:
    """The texts one of which something has to be where a test holds; empty where that is not written."""
    test = facts.exprs[index]
    if test[:2] == ("boolop", "and"):
        return next((texts for one in test[2] if (texts := _asked(facts, one, where))), ())
    if test[0] != "compare" or test[1] not in (("==",), ("in",)):
        return ()
    if all(place(facts, one) != where for one in test[2]):
        return ()
    sides = [facts.exprs[one] for one in test[2]]
    if test[1] == ("in",):
        sides = [facts.exprs[one] for one in sides[1][1]] if sides[1][0] in ("tuple", "list", "set") else []
        if not all(one[0] == "const" for one in sides):
            return ()
    return tuple(one[1] for one in sides if one[0] == "const" and isinstance(one[1], str))
