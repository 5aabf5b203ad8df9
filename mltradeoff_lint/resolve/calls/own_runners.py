"""Functions that the repository's own code runs for whoever hands them in: where they run, and with what.

`def run(function, *args): return pool.submit(function, *args)` passes to `score` of `run(score, row)` the row. The
place that runs the function is looked at in the frame of the call that hands it in, so each gets what stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.calls import handed
from mltradeoff_lint.resolve.calls.hanging import versions_of
from mltradeoff_lint.resolve.domain import (
    UNSEEN_ARGUMENTS,
    CallRef,
    Frame,
    Function,
    FunctionRef,
    Values,
    union,
    unknown,
)
from mltradeoff_lint.resolve.folders import in_use
from mltradeoff_lint.resolve.interface import Resolver

MAX_DEPTH = 3
"""Functions that hand one on to the next; more say nothing of what the last one passes."""

MAX_RUNS = 12
"""Places that run one function for others; more give no new values."""

Written = Callable[[CallRef, FunctionRef, int, "Frame | None"], Values]
"""What a call writes for a parameter of a function, in a frame."""


class Run(NamedTuple):
    """A call that runs a function under the name of a parameter, or hands it to a library, and the way there."""

    frame: Frame
    call: CallRef
    handing: handed.Handing | None
    """How a library is handed it; None where the parameter itself is called."""


def given(resolver: Resolver, function: FunctionRef, position: int, written: Written) -> Values:
    """What functions of the repository that are handed a function pass for one of its parameters."""
    parts = [_given(resolver, one, function, position, written) for one in runs(resolver, function)]
    is_missed = any(parts) and not all(parts)
    if is_missed and resolver.scope(function).parameters[position].default == NONE:
        return union(*parts, unknown(UNSEEN_ARGUMENTS))
    return union(*parts)


def _given(resolver: Resolver, run: Run, function: FunctionRef, position: int, written: Written) -> Values:
    if run.handing is None:
        return written(run.call, function, position, run.frame)
    return handed.passed_by(resolver, run.handing, function, position, run.frame)


def runs(resolver: Resolver, function: FunctionRef) -> tuple[Run, ...]:
    """Where functions of the repository run a function they are handed, in path and source order."""
    return resolver.program.ask("run-by-own-code", function, lambda: tuple(_runs(resolver, function))[:MAX_RUNS])


def _runs(resolver: Resolver, function: FunctionRef) -> Iterator[Run]:
    for ref in in_use(function.path, handed.passing(resolver, function)):
        if resolver.is_reached(ref.path, resolver.call(ref).region, None):
            yield from _behind(resolver, function, ref, None)


def _behind(resolver: Resolver, function: FunctionRef, ref: CallRef, outer: Frame | None) -> Iterator[Run]:
    """What runs a function behind one call that passes it."""
    for runner in resolver.values(ref.path, resolver.call(ref).function, outer):
        if isinstance(runner, Function) and runner.ref != function:
            frame = Frame(runner.ref, ref, outer)
            for position in range(len(resolver.scope(runner.ref).parameters)):
                passed = _passed(resolver, ref, runner.ref, position, function, outer)
                if passed is not None:
                    yield from _inside(resolver, passed, position, frame)


def _passed(
    resolver: Resolver, ref: CallRef, runner: FunctionRef, position: int, function: FunctionRef, outer: Frame | None
) -> Function | None:
    """The function as a call passes it for a parameter; None when it passes something else."""
    found = resolver.argument(ref, runner, position)
    values = resolver.values(found[0], found[1], outer) if found is not None else ()
    return next((one for one in values if isinstance(one, Function) and one.ref == function), None)


def _inside(resolver: Resolver, function: Function, position: int, frame: Frame) -> Iterator[Run]:
    """The calls in a function that run what it is handed for a parameter."""
    for ref, expr in _uses(resolver, frame.function, position):
        call = resolver.call(ref)
        if not resolver.is_reached(ref.path, call.region, frame):
            continue
        if expr == NONE:
            if _is_told(resolver, ref, function):
                yield Run(frame, ref, None)
            continue
        for one in handed.handed_at(resolver, ref, function):
            if one.expr == expr and one.meaning.kind == "calls-argument":
                yield Run(frame, ref, one)
        if frame.depth < MAX_DEPTH:
            yield from _behind(resolver, function.ref, ref, frame)


def _is_told(resolver: Resolver, ref: CallRef, function: Function) -> bool:
    """Whether it is known how the arguments of a call meet the parameters: whether a method is bound to its object."""
    if resolver.scope(function.ref).owner == NONE:
        return True
    values = resolver.values(ref.path, resolver.call(ref).function)
    same = [one.receiver is None for one in values if isinstance(one, Function) and one.ref == function.ref]
    return bool(same) and all(one == (function.receiver is None) for one in same)


def _uses(resolver: Resolver, runner: FunctionRef, position: int) -> tuple[tuple[CallRef, int], ...]:
    """The calls of a parameter, and those that pass it on, each with the expression that does."""
    key = (runner, position)
    return resolver.program.ask("uses-of-parameter", key, lambda: tuple(_found(resolver, runner, position)))


def _found(resolver: Resolver, runner: FunctionRef, position: int) -> Iterator[tuple[CallRef, int]]:
    facts = resolver.facts(runner.path)
    for number, call in enumerate(facts.calls):
        if not _is_within(facts, call.scope, runner.scope):
            continue
        if _is_parameter(facts, call.function, runner.scope, position):
            yield CallRef(runner.path, number), NONE
        for expr in (*call.arguments, *(value for _, value in call.keywords)):
            if _is_parameter(facts, expr, runner.scope, position):
                yield CallRef(runner.path, number), expr


def _is_within(facts: PythonFacts, scope: int, runner: int) -> bool:
    """Whether a scope is the runner's, or of a function inside that takes nothing and so has all from the runner."""
    while scope > runner:
        one = facts.scopes[scope]
        if one.parameters or one.kind not in ("function", "lambda"):
            return False
        scope = one.parent
    return scope == runner


def _is_parameter(facts: PythonFacts, index: int, scope: int, position: int) -> bool:
    """Whether a name may still be what is passed for a parameter."""
    expr = facts.exprs[index]
    if expr[0] != "name" or expr[1] != facts.scopes[scope].parameters[position].name:
        return False
    pending = list(versions_of(facts, expr))
    seen = set(pending)
    while pending:
        one = facts.definitions[pending.pop()]
        if one.kind == "param" and one.scope == scope and one.value == position:
            return True
        if one.kind == "phi":
            pending += [each for each in one.previous if each not in seen]
            seen.update(one.previous)
    return False
