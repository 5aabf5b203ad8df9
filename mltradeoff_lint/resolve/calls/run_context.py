"""Parameters that a scheduler fills for each run by their names: `ds` and `dag_run` of an Airflow task.

A default of None only lets the code call the task without them: no run leaves it there. The names are settings of rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.calls import handed
from mltradeoff_lint.resolve.calls.decorated import marks
from mltradeoff_lint.resolve.domain import FunctionRef, Mapping, Values, unknown
from mltradeoff_lint.resolve.interface import Resolver


def given(resolver: Resolver, function: FunctionRef, position: int) -> Values:
    """What a scheduler fills a parameter with; empty where it fills none of this name."""
    parameter, facts = resolver.scope(function).parameters[position], resolver.facts(function.path)
    is_left = parameter.default == NONE or facts.exprs[parameter.default] == ("const", None)
    if not is_left or parameter.name not in _known(resolver) or parameter.name not in _filled(resolver, function):
        return ()
    return _of_run(parameter.name)


def collected(resolver: Resolver, function: FunctionRef, position: int, passed: Values) -> Values:
    """What `**context` of a function collects: what the calls pass, and what a scheduler adds to it."""
    parameters = resolver.scope(function).parameters
    names = _filled(resolver, function) if parameters[position].kind == "**" and _known(resolver) else ()
    taken = {one.name for one in parameters}
    added = tuple((name, _of_run(name)) for name in names if name not in taken)
    if not added:
        return passed
    held = (one for one in passed if isinstance(one, Mapping))
    return tuple(Mapping((*added, *one.entries), True, one.rest, one.of) for one in held)


def _of_run(name: str) -> Values:
    return unknown("what the scheduler passes for a run", f"run:{name}")


def _known(resolver: Resolver) -> frozenset[str]:
    """All names that some scheduler in use fills."""
    rows = resolver.program.catalog.rows
    return resolver.program.ask(
        "names-of-runs",
        "",
        lambda: frozenset(name for section in ("calls", "decorators") for row in rows(section) for name in _names(row)),
    )


def _filled(resolver: Resolver, function: FunctionRef) -> tuple[str, ...]:
    """The names that the scheduler of one function fills."""
    return resolver.program.ask(
        "filled-for-runs",
        function,
        lambda: tuple(dict.fromkeys(name for row in _rows(resolver, function) for name in _names(row))),
    )


def _rows(resolver: Resolver, function: FunctionRef) -> Iterator[Meaning]:
    yield from (meaning for meaning, _ in marks(resolver, function))
    yield from (one.meaning for one in handed.handings(resolver, function))


def _names(meaning: Meaning) -> tuple[str, ...]:
    return tuple(name.strip() for name in meaning.literal("context").split(",") if name.strip())
