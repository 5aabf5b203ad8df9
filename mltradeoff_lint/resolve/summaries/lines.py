"""Summaries in plain words with their places: what `graph --why` says of a function or of a call of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef
from mltradeoff_lint.resolve.resolver import WholeProgram
from mltradeoff_lint.resolve.shown_places import shown
from mltradeoff_lint.resolve.sites import Sites
from mltradeoff_lint.resolve.summaries.binding import is_object
from mltradeoff_lint.resolve.summaries.callees import Callees
from mltradeoff_lint.resolve.summaries.fixpoint import Summaries
from mltradeoff_lint.resolve.summaries.model import EFFECTS, RESULTS, ROLES, Effect, Input, Reached, Source, Summary

MAX_FUNCTIONS = 4
"""Functions of one line that are told: overrides of one method may be many."""

MAX_OF_KIND = 3
"""Places told for one kind of effect, or for one role of one input."""


def functions_at(resolver: WholeProgram, places: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """What the functions do that start on lines of modules, or that calls there run; empty when there are none."""
    named = (one for path, line in places for one in _named_at(resolver, path, line))
    functions = tuple(dict.fromkeys(named))[:MAX_FUNCTIONS]
    if not functions:
        return ()
    summaries = Summaries(resolver, Sites(resolver))
    return tuple(text for one in functions for text in summary_lines(resolver, summaries, one))


def _named_at(resolver: WholeProgram, path: str, line: int) -> Iterator[FunctionRef]:
    facts = resolver.facts(path)
    for number, scope in enumerate(facts.scopes):
        if scope.kind == "function" and scope.name_span.line == line:
            yield FunctionRef(path, number)
    callees = Callees(resolver)
    for number, call in enumerate(facts.calls):
        if call.span.line == line:
            yield from (target.function for target in callees.called(CallRef(path, number)).targets)


def summary_lines(resolver: WholeProgram, summaries: Summaries, function: FunctionRef) -> Iterator[str]:
    """One function, one fact a line."""
    summary = summaries.of(function)
    yield f"what `{_name(resolver, function)}` does ({_definition(resolver, function)})"
    if summary.is_empty and not summary.passed:
        yield "  nothing that the catalog knows, in itself or in what it runs"
    yield from (f"  gives back {RESULTS[one.kind]}: {_where(resolver, one)}" for one in summary.returned)
    if summary.passed:
        names = dict.fromkeys(f"`{_input(resolver, one)}`" for one in summary.passed)
        yield f"  gives back what is made from {', '.join(names)}"
    yield from _facts(resolver, summary)
    for given in summary.gives:
        yield f"  gives back the function `{_name(resolver, given)}` ({_definition(resolver, given)})"
        yield from (f"  {text}" for text in _of_given(resolver, summaries.of(given)))
    yield from (f"  not known: {gap.reason} ({shown(resolver, gap.site)})" for gap in summary.gaps)


def _of_given(resolver: WholeProgram, summary: Summary) -> Iterator[str]:
    """What the function does that a factory gives back; those it gives in turn are told by their own lines."""
    yield from (f"  gives back {RESULTS[one.kind]}: {_where(resolver, one)}" for one in summary.returned)
    yield from _facts(resolver, summary)


def _facts(resolver: WholeProgram, summary: Summary) -> Iterator[str]:
    """What a function does and what its inputs reach, in the order of the vocabulary, of each the nearest."""
    for kind, words in EFFECTS.items():
        yield from _some([f"{words}: {_where(resolver, one)}" for one in summary.does(kind)])
    for wanted in dict.fromkeys(one.input for one in summary.reached):
        for role in ROLES:
            found = [one for one in summary.reached if one.input == wanted and one.role == role]
            yield from _some([_reached(resolver, one) for one in found])


def _some(lines: list[str]) -> Iterator[str]:
    yield from (f"  {line}" for line in lines[:MAX_OF_KIND])
    if len(lines) > MAX_OF_KIND:
        yield f"    and at {len(lines) - MAX_OF_KIND} further places"


def _reached(resolver: WholeProgram, one: Reached) -> str:
    words = ROLES[one.role]
    if one.role == "attribute":
        return f"`{_input(resolver, one.input)}` {words} `self.{one.what}` ({shown(resolver, one.site)})"
    return f"`{_input(resolver, one.input)}` {words}: {_where(resolver, one)}"


def _where(resolver: WholeProgram, one: Source | Reached | Effect) -> str:
    """The library call with its place, and the calls that lead there."""
    way = _way(resolver, one.way)
    return f"`{one.what}` ({shown(resolver, one.site)}{way})"


def _way(resolver: WholeProgram, way: Iterable[Site]) -> str:
    places = " and ".join(shown(resolver, site) for site in way)
    return f", by the call at {places}" if places else ""


def _input(resolver: WholeProgram, one: Input) -> str:
    name = resolver.scope(one.function).parameters[one.position].name
    if not one.attribute:
        return name
    return (
        f"{name}.{one.attribute}" if is_object(resolver, one.function, one.position) else f"{name}[{one.attribute!r}]"
    )


def _name(resolver: WholeProgram, function: FunctionRef) -> str:
    return resolver.scope(function).qualname or function.path


def _definition(resolver: WholeProgram, function: FunctionRef) -> str:
    return shown(resolver, Site(function.path, resolver.scope(function).name_span))
