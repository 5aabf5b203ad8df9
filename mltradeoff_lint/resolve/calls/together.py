"""The calls and objects by which a text is looked at one at a time: what one call passes stays together.

A function that is called as `run("a", "1")` and as `run("b", "2")` makes `a/1` and `b/2` of `f"{x}/{y}"`, and no
`a/2`. The same holds for the fields of an object, which one call of its constructor fills. A text that hangs on two
parameters or fields is looked at in the frame of each call or construction; where a calling function hands on its own
parameters, in the frames of its calls too. How many calls stand one behind the other is limited; one that passes
parameters as they came, and one of a function in the function around it, is not counted: it tells nothing apart.
Where something else gives them values as well (a configuration, a library that runs the function) there is nothing to
tell apart, and no frame is given. What command lines pass, or configurations of runs, is told apart in `passed_lines`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from collections.abc import Mapping as Index
from dataclasses import replace
from itertools import islice

from mltradeoff_lint.resolve.calls.hanging import Hold, holds, methods_of
from mltradeoff_lint.resolve.calls.passed_lines import PassedLines, is_by_line, may_mix
from mltradeoff_lint.resolve.calls.passed_rows import PassedRows
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Class,
    ClassRef,
    Frame,
    Function,
    FunctionRef,
    Instance,
    Literal,
    Made,
    Value,
    Values,
    is_none,
)
from mltradeoff_lint.resolve.folders import in_use
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.construction import Construction
from mltradeoff_lint.resolve.objects.overrides import Overrides
from mltradeoff_lint.resolve.values.standing import regions

MAX_WAYS = 8
"""Calls or constructions that are told apart for one text."""

MAX_FINER = 24
"""Ways with those that lead to them, of which only the last call is looked at where they are too many."""

MAX_DEEP = 2
"""Calls that stand one behind the other in a frame, those that only hand on what they are given left out."""

MAX_HANDED = 5
"""Functions that are followed one behind the other, whatever their calls pass."""

MAX_MADE = 2
"""Objects that are made of one another and are looked into for what they were passed."""

MAX_DERIVED = 8
"""A class from which more derive is constructed in too many ways to tell them apart."""


class Together:
    """Answers in which frames a text is to be looked at."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._construction = Construction(resolver)
        self._overrides = Overrides(resolver)
        self._rows = PassedRows(resolver)
        self.lines = PassedLines(resolver)
        self._told: set[Frame] = set()
        self._regions: dict[str, Index[int, Set[int]]] = {}
        self._hanging: dict[tuple[str, int], frozenset[Hold]] = {}

    def frames(self, path: str, roots: Sequence[int], frame: Frame | None) -> tuple[Frame, ...]:
        """The frames for a text with some parts; empty when one look tells everything, or nothing can be told apart."""
        if self._is_told(frame):
            return ()
        asked = (path, tuple(roots), frame)
        found = self._resolver.program.ask("together", asked, lambda: self._frames(path, roots, frame))
        self._told.update(found)
        return found

    def _is_told(self, frame: Frame | None) -> bool:
        """Whether a frame is one that told a text apart, or lies inside one: there is no more to tell."""
        while frame is not None and frame not in self._told:
            frame = frame.outer
        return frame is not None

    def _frames(self, path: str, roots: Sequence[int], frame: Frame | None) -> tuple[Frame, ...]:
        here, given = path, roots
        held = Counter(one for root in roots for one in self._holds(path, root))
        chain, depth, rows = frame, 0, tuple[Frame, ...]()
        while chain is not None:
            if chain.receiver is not None or chain.row or chain.function.path != path:
                return ()
            own = [what for scope, what in held.elements() if scope == chain.function.scope]
            rest = Counter({one: count for one, count in held.items() if one[0] < chain.function.scope})
            held = self._passed(chain.call, chain.function, own) + (rest if chain.call.path == path else Counter())
            is_counted = not self._is_inside(chain)
            depth += is_counted and not self._hands_on(chain.call, chain.function, own)
            given = self._given(chain.call, chain.function, own)
            if chain.outer is None:
                rows = self._rows.at(chain.call, chain.function, given)
            path, chain = chain.call.path, chain.outer
        ways = self._ways(path, held, depth, ()) or rows or self.lines.frames(path, given)
        whole = (_continued(frame, way) for way in ways)
        return tuple(one for one in whole if self._is_run(here, roots, one))

    def _is_run(self, path: str, roots: Sequence[int], frame: Frame) -> bool:
        """Whether the branch in which a text stands is open in a frame."""
        found = self.standing(path)
        standing = [found[one] for one in roots if one in found]
        return all(any(self._resolver.is_reached(path, one, frame) for one in each) for each in standing)

    def standing(self, path: str) -> Index[int, Set[int]]:
        """The regions in which the expressions of a module stand."""
        found = self._regions.get(path)
        if found is None:
            found = self._regions[path] = regions(self._resolver.facts(path))
        return found

    # -- one function

    def _ways(self, path: str, held: Counter[Hold], depth: int, above: tuple[FunctionRef, ...]) -> tuple[Frame, ...]:
        """The frames of the function that most of what is held belongs to; empty when it is one thing, or none."""
        of_scope: dict[int, list[int | str]] = {}
        for scope, what in held.elements():
            of_scope.setdefault(scope, []).append(what)
        function = FunctionRef(path, max(of_scope, key=lambda one: (len(of_scope[one]), one), default=0))
        names = sorted(of_scope.get(function.scope, ()), key=str)
        if len(names) < 2 or function in above or depth >= MAX_DEEP or len(above) >= MAX_HANDED:
            return ()
        is_several = sum(self._is_several(function, one) for one in names) > 1
        if not is_several and not may_mix([tuple(self._values(function, one, None)) for one in names if one != ""]):
            return ()
        ways = self.lines.of_command(function)
        ways = ways or tuple(islice(self._of_kind(function, names, depth, (*above, function)), MAX_FINER + 1))
        if any(map(is_by_line, ways)):
            return self._by_lines(function, names, ways)
        if len(ways) > MAX_WAYS:
            # too many to tell apart by who calls the callers, and what rows they pass: by the calls alone
            alone = map(_alone, self._of_kind(function, names, MAX_DEEP, (*above, function)))
            ways = tuple(dict.fromkeys(alone))
        is_told = is_several and 1 < len(ways) <= MAX_WAYS
        return ways if is_told and self._is_all(function, names, ways) else ()

    def _by_lines(self, function: FunctionRef, names: Sequence[int | str], ways: Sequence[Frame]) -> tuple[Frame, ...]:
        """The ways that are looked at once for each command line, without the lines that do not come to the call."""
        if len(ways) > MAX_FINER or not self._is_all(function, names, ways):
            return ()
        return tuple(one for one in ways if not is_by_line(one) or self._is_reached(one.call, one.outer))

    def _of_kind(
        self, function: FunctionRef, names: Sequence[int | str], depth: int, above: tuple[FunctionRef, ...]
    ) -> Iterator[Frame]:
        """By calls where parameters count and somebody passes them, else by the constructions of the object."""
        is_constructor = self._resolver.scope(function).name == "__init__"
        fields = [one for one in names if isinstance(one, str)]
        sites = self._sites(function) if is_constructor or len(fields) < len(names) else ()
        if sites or is_constructor or len(fields) < 2:
            return self._of_calls(function, names, depth, above)
        return self._of_objects(function, depth, above)

    def _of_calls(
        self, function: FunctionRef, names: Sequence[int | str], depth: int, above: tuple[FunctionRef, ...]
    ) -> Iterator[Frame]:
        sites = self._sites(function)
        for site in sites if len(sites) <= MAX_WAYS else ():
            given = self._given(site, function, names)
            behind = depth + (not self._hands_on(site, function, names))
            outer = self._ways(site.path, self._passed(site, function, names), behind, above)
            rows = outer or self._rows.at(site, function, given) or self.lines.frames(site.path, given)
            for one in rows or (None,):
                if is_by_line(one) or self._is_reached(site, one):
                    yield from self._of_receivers(Frame(function, site, one), names)

    def _of_receivers(self, frame: Frame, names: Sequence[int | str]) -> Iterator[Frame]:
        """The frame of a call, once for each object that it may be a call of, where fields of the object count."""
        site = frame.call
        called: Values = ()
        if any(isinstance(one, str) for one in names) and self._resolver.scope(frame.function).name != "__init__":
            called = self._resolver.values(site.path, self._resolver.call(site).function, frame.outer)
        objects = [one.receiver for one in called if isinstance(one, Function) and one.ref == frame.function]
        if len(objects) < 2 or not all(isinstance(one, Instance) and one.made is not None for one in objects):
            yield frame
        else:
            yield from (frame._replace(receiver=one) for one in objects)

    def _of_objects(self, function: FunctionRef, depth: int, above: tuple[FunctionRef, ...]) -> Iterator[Frame]:
        owner = ClassRef(function.path, self._resolver.scope(function).owner)
        derived = self._overrides.subclasses(owner)
        classes = (owner, *derived) if len(derived) <= MAX_DERIVED else ()
        constructors = dict.fromkeys(self._construction.constructor(one) for one in classes)
        made: dict[tuple[CallRef, ClassRef], FunctionRef] = {}
        for constructor in constructors:
            for site in self._sites(constructor) if constructor is not None else ():
                values = self._resolver.values(site.path, self._resolver.call(site).function)
                refs = [one.ref for one in values if isinstance(one, Class)]
                made |= {(site, ref): constructor for ref in refs if ref in classes and constructor is not None}
        for (site, ref), constructor in made.items() if len(made) <= MAX_WAYS else ():
            positions = [place for place, _ in enumerate(self._resolver.scope(constructor).parameters) if place]
            outer = self._ways(site.path, self._passed(site, constructor, positions), depth + 1, above)
            rows = outer or self.lines.frames(site.path, self._arguments(site))
            for one in rows or (None,):
                if is_by_line(one) or self._is_reached(site, one):
                    yield Frame(function, site, one, Instance(ref, Made(site, one)))

    def _is_inside(self, frame: Frame) -> bool:
        """Whether a function is called in the one it stands in, whose names it reads where they are."""
        parent = self._resolver.scope(frame.function).parent
        return frame.call.path == frame.function.path and self._resolver.call(frame.call).scope == parent != 0

    def _hands_on(self, site: CallRef, function: FunctionRef, names: Sequence[int | str]) -> bool:
        """Whether a call passes what its own function was passed, or what its object holds, each thing as it is."""
        facts = self._resolver.facts(site.path)
        given = self._given(site, function, [one for one in names if self._is_several(function, one)])
        for one in given:
            expr = facts.exprs[one]
            owner = facts.exprs[expr[1]] if expr[0] == "attr" else ("none",)
            expr = owner if owner[0] == "name" and methods_of(facts, owner) else expr
            versions = expr[2] if expr[0] == "name" else ()
            if not versions or any(facts.definitions[each].kind != "param" for each in versions):
                return False
        return bool(given)

    def _sites(self, function: FunctionRef) -> tuple[CallRef, ...]:
        """The calls whose arguments count."""
        return in_use(function.path, self._resolver.callers(function))

    def _is_reached(self, site: CallRef, frame: Frame | None) -> bool:
        return self._resolver.is_reached(site.path, self._resolver.call(site).region, frame)

    def _passed(self, site: CallRef, function: FunctionRef, names: Sequence[int | str]) -> Counter[Hold]:
        """What the arguments and the object of a call hang on where it stands."""
        facts, call = self._resolver.facts(site.path), self._resolver.call(site)
        found = Counter(one for root in self._given(site, function, names) for one in self._holds(site.path, root))
        members = [one for one in names if isinstance(one, str)]
        target = facts.exprs[call.function]
        for scope, what in self._holds(site.path, target[1]) if members and target[0] == "attr" else ():
            found.update((scope, one) for one in (members if what == "" else (what,)))
        return found

    def _holds(self, path: str, root: int) -> frozenset[Hold]:
        """What an expression hangs on; asked anew for each way that leads to it, and of long lists of arguments."""
        found = self._hanging.get((path, root))
        if found is None:
            found = self._hanging[path, root] = holds(self._resolver.facts(path), (root,))
        return found

    def _given(self, site: CallRef, function: FunctionRef, names: Sequence[int | str]) -> list[int]:
        """The expressions that a call passes for parameters; one that holds all of them stands for each."""
        facts, call = self._resolver.facts(site.path), self._resolver.call(site)
        whole = [expr for name, expr in call.keywords if name is None]
        whole += [facts.exprs[one][1] for one in call.arguments if facts.exprs[one][0] == "star"]
        found: list[int] = []
        for name in names:
            given = self._resolver.argument(site, function, name) if isinstance(name, int) else None
            found += whole if given is None else [given[1]]
        return found

    # -- whether the frames say everything

    def _is_all(self, function: FunctionRef, names: Sequence[int | str], ways: Sequence[Frame]) -> bool:
        """Whether every literal that a parameter or field can be, or is made of, comes in by one of the ways."""
        for name in dict.fromkeys(names):
            brought = {one for way in ways for one in self._literals(function, name, way)}
            if not brought.issuperset(self._literals(function, name, None)):
                return False
        return True

    def _is_several(self, function: FunctionRef, name: int | str) -> bool:
        values = self._values(function, name, None) if name != "" else ()
        # what a method gives is not asked for
        several = len(set(values)) > 1 or any(isinstance(one, Function) or self._is_made_of(one) for one in values)
        return name == "" or several or any(map(self.lines.is_several, values))

    def _is_made_of(self, value: Value) -> bool:
        """Whether an object is made of what the function around its construction is passed: it differs by its calls."""
        if not isinstance(value, Instance) or value.made is None or value.made.frame is not None:
            return False
        call = value.made.call
        return bool(self._resolver.call(call).scope and holds(self._resolver.facts(call.path), self._arguments(call)))

    def _arguments(self, site: CallRef) -> Sequence[int]:
        call = self._resolver.call(site)
        return (*call.arguments, *(one for _, one in call.keywords))

    def _values(self, function: FunctionRef, name: int | str, frame: Frame | None) -> Sequence[Value]:
        """What a parameter or field can be; asked anew for each text that hangs on it."""
        if frame is not None:
            return self._looked_up(function, name, frame)
        return self._resolver.program.ask("held", (function, name), lambda: self._looked_up(function, name, None))

    def _looked_up(self, function: FunctionRef, name: int | str, frame: Frame | None) -> Sequence[Value]:
        if isinstance(name, int):
            row = frame.row if frame is not None and frame.line is not None and frame.function == function else ()
            own = self._resolver.facts(function.path).definitions
            passed = (values for versions, values in row if own[versions[0]].value == name)
            return next(passed, None) or self._resolver.parameter(function, name, frame)
        objects = self._resolver.parameter(function, 0, frame)
        return [one for each in objects for one in (self._resolver.member(each, name) if name else ())]

    def _literals(self, function: FunctionRef, name: int | str, frame: Frame | None) -> Iterator[object]:
        for one in self._values(function, name, frame):
            yield from self._told_of(one)

    def _told_of(self, value: Value, steps: int = MAX_MADE) -> Iterator[object]:
        """A literal, or those that the construction of an object is passed, each with the argument it stands in."""
        if isinstance(value, Literal) and not is_none(value):
            yield value.value, value.value.__class__
        elif isinstance(value, Instance) and value.made is not None and steps:
            site, frame = value.made
            for argument in self._arguments(site):
                for one in self._resolver.values(site.path, argument, frame):
                    yield from ((site, argument, told) for told in self._told_of(one, steps - 1))


def _alone(frame: Frame) -> Frame:
    """The frame of a call whatever leads to it."""
    receiver = frame.receiver
    if isinstance(receiver, Instance) and frame.is_construction:
        receiver = replace(receiver, made=Made(frame.call))
    return frame._replace(outer=None, receiver=receiver)


def _continued(frame: Frame | None, outer: Frame) -> Frame:
    """A frame whose outermost call is looked at in a further one."""
    return outer if frame is None else frame._replace(outer=_continued(frame.outer, outer))
