"""Options of one command line stay together: what reads several of them is looked at once for each line.

`python app.py --root /mnt --name b` makes `/mnt/b` of `f"{args.root}/{args.name}"`, and no text of its root with the
default of the name. Each line has what it passes and else the defaults; who starts the program in a way that nobody
wrote down may leave all of them out, so they are looked at once with their defaults alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts
from mltradeoff_lint.resolve.calls.passed_rows import names_in
from mltradeoff_lint.resolve.domain import (
    NO_LINE,
    TOO_MANY,
    Frame,
    FunctionRef,
    Hole,
    Library,
    Literal,
    Template,
    Value,
    Values,
    frame_of,
    union,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.conditions import Condition
from mltradeoff_lint.resolve.values.outcomes import place

MAX_STEPS = 4
"""Names and parameters that are followed to the option they hold."""

Passes = Callable[[Condition, Value], bool]


class PassedLines:
    """Looks at code once for each command line that starts the program whose options it reads."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def frames(self, path: str, roots: Sequence[int]) -> tuple[Frame, ...]:
        """The frames of the lines that some expressions of a module are made of; empty when they read no options."""
        facts = self._resolver.facts(path)
        names = {versions: load for one in roots if one != NONE for versions, load in names_in(facts, one)}
        told: dict[tuple[int, ...], tuple[Library, ...]] = {}
        for versions, load in names.items():
            lines = self._lines(self._resolver.values(path, load))
            if lines:
                told[versions] = lines
        first = next(iter(told.values()), ())
        of_one = {versions: lines for versions, lines in told.items() if lines == first}
        scope = min((facts.definitions[versions[0]].scope for versions in of_one), default=0)
        rows = (tuple((versions, (lines[at],)) for versions, lines in of_one.items()) for at, _ in enumerate(first))
        function = FunctionRef(path, scope)
        return tuple(
            Frame(function, one.made[-1].call, None, None, row, one.line) for one, row in zip(first, rows, strict=True)
        )

    def of_command(self, function: FunctionRef) -> tuple[Frame, ...]:
        """The frames of the lines that run a function as a command, or of the files that configure it as a step."""
        return self._resolver.command_by_line(function)

    def _lines(self, values: Values) -> tuple[Library, ...]:
        """The parsed arguments of each line; empty where a name may hold anything else."""
        value = values[0] if len(values) == 1 else None
        return self._resolver.namespaces_by_line(value) if isinstance(value, Library) else ()

    def is_several(self, value: Value) -> bool:
        """Whether a value is parsed arguments that several lines fill."""
        return isinstance(value, Library) and bool(self._resolver.namespaces_by_line(value))

    # -- tests

    def left(
        self, path: str, index: int, values: Values, frame: Frame | None, tests: Sequence[Condition], passes: Passes
    ) -> Values:
        """What an option can be under tests of others: what those lines pass whose other options pass the tests.

        Its default counts too, since nobody knows what else a run passes that has it.
        """
        facts = self._resolver.facts(path)
        expr = facts.exprs[index]
        base = place(facts, expr[1]) if expr[0] == "attr" else None
        telling = [one for one in tests if base is not None and one.place[0] == "attr" and one.place[1] == base]
        lines = self._lines(self._resolver.values(path, expr[1], frame)) if telling else ()
        kept = [one for one in lines if not any(self._fails(one, test, passes) for test in telling)]
        if len(kept) == len(lines):
            return values
        held = union(*(self._resolver.member(one, expr[2]) for one in kept))
        found = tuple(one for one in held if one in values)
        return found or values if TOO_MANY in values else found or held

    def _fails(self, line: Library, test: Condition, passes: Passes) -> bool:
        held = self._resolver.member(line, test.place[2]) if line.is_of_line else ()
        return bool(held) and all(isinstance(one, Literal) and not passes(test, one) for one in held)

    def is_told(self, path: str, index: int, frame: Frame | None) -> bool:
        """Whether a load is an option of the one line that is looked at, which decides what it is."""
        for _ in range(MAX_STEPS):
            facts = self._resolver.facts(path)
            expr = facts.exprs[index]
            if self._is_of_command(path, expr, frame):
                return True
            if expr[0] == "attr":
                held = self._resolver.values(path, expr[1], frame)
                return bool(held) and all(isinstance(one, Library) and one.is_of_line for one in held)
            following = self._before(path, facts, expr[2], frame) if expr[0] == "name" else None
            if following is None:
                return False
            path, index, frame = following
        return False

    def _is_of_command(self, path: str, expr: Expr, frame: Frame | None) -> bool:
        """Whether a name is a parameter of the command that a line runs."""
        while frame is not None and (frame.line is None or frame.function.path != path):
            frame = frame.outer
        if frame is None or frame.line == NO_LINE or expr[0] != "name":
            return False
        is_parameter = self._resolver.facts(path).definitions[expr[2][0]].kind == "param" if expr[2] else False
        return is_parameter and frame.bound(path, expr[2]) is not None

    def _before(
        self, path: str, facts: PythonFacts, versions: Sequence[int], frame: Frame | None
    ) -> tuple[str, int, Frame | None] | None:
        """The expression whose value a name has: what it is bound to, or what the call that is looked at passes."""
        one = facts.definitions[versions[0]] if len(versions) == 1 else None
        if one is not None and one.kind == "assign" and not one.path:
            return path, one.value, frame
        if one is None or one.kind != "param":
            return None
        function = FunctionRef(path, one.scope)
        here = frame_of(frame, function)
        if here is None or here.row or here.is_construction:
            return None
        given = self._resolver.argument(here.call, function, one.value)
        return None if given is None else (*given, here.outer)


def is_by_line(frame: Frame | None) -> bool:
    """Whether a frame is the look at one command line."""
    while frame is not None and frame.line is None:
        frame = frame.outer
    return frame is not None


def may_mix(sets: Sequence[Values]) -> bool:
    """Whether some values may mix what is passed with the default of another option, though only one has several."""
    several = [values for values in sets if len(values) > 1]
    given = [values for values in sets if any(map(is_of_option, values))]
    return len(given) > 1 and any(_is_default(one) for values in several for one in values)


def is_of_option(value: Value) -> bool:
    """Whether a value may be what an option is given, or its default."""
    return isinstance(value, (Literal, Template)) and value.provenance in ("configured", "default")


def _is_default(value: Value) -> bool:
    return isinstance(value, (Literal, Template)) and value.provenance == "default"


def seen_in(found: Values, whole: Values) -> Values:
    """What looks at single lines give of what one look at all gave: what a line leaves open is no further text."""
    if TOO_MANY not in whole:
        return tuple(one for one in found if one in whole)
    known = {name for one in whole for name in _holes(one)}
    return tuple(one for one in found if known.issuperset(_holes(one)))


def _holes(value: Value) -> Iterator[str]:
    parts = value.parts if isinstance(value, Template) else ()
    return (part.name for part in parts if isinstance(part, Hole))
