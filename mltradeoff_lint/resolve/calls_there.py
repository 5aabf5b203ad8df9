"""What the calls of a line resolved to, in plain lines: what a user is told of a line that no rule looks at."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.facts import Call, PythonFacts
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import CallRef, Class, Function, Library, Values
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.shown_paths import as_written
from mltradeoff_lint.resolve.shown_places import shown_line
from mltradeoff_lint.resolve.sites import Sites
from mltradeoff_lint.resolve.written import written

MAX_CALLS = 4
"""Calls of one line that are told."""

_BUILTINS = "builtins"


def calls_there(resolver: Resolver, sites: Sites, path: str, line: int) -> tuple[str, ...]:
    """What each call that starts on a line is, or of a line inside a call, what that one is; a builtin is passed over.

    A call that starts on another line is told with that line.
    """
    facts = resolver.facts(path)
    around = [number for number, call in enumerate(facts.calls) if call.span.line <= line <= call.span.end_line]
    numbers = [number for number in around if facts.calls[number].span.line == line] or _innermost(facts, around)
    told = (_told(resolver, sites, facts, CallRef(path, number), line) for number in numbers)
    return tuple(dict.fromkeys(text for text in told if text))[:MAX_CALLS]


def lines_around(facts: PythonFacts, line: int) -> Span:
    """The stretch of the innermost function or class around a line, or the whole module."""
    spans = [scope.span for scope in facts.scopes[1:] if scope.span.line <= line <= scope.span.end_line]
    return max(spans, key=lambda span: (span.line, -span.end_line), default=facts.scopes[0].span)


def _innermost(facts: PythonFacts, numbers: list[int]) -> list[int]:
    return sorted(numbers, key=lambda number: (facts.calls[number].span.line, number))[-1:]


def _told(resolver: Resolver, sites: Sites, facts: PythonFacts, ref: CallRef, line: int) -> str:
    call = facts.calls[ref.call]
    where = "" if call.span.line == line else f" ({shown_line(resolver, ref.path, call.span.line)})"
    name = f"`{written(facts, call.function)}(...)`{where}"
    uses = sites.at(ref)
    values = resolver.values(ref.path, call.function)
    found = [use.value for use in uses] or [value for value in values if isinstance(value, Library)]
    if found:
        if found[0].path.partition(".")[0] == _BUILTINS:
            return ""
        meanings = [use.meaning for use in uses] or [one.meaning for one in sites.marked if one.decorator == ref]
        kinds = ", ".join(dict.fromkeys(f"`{meaning.kind}`" for meaning in meanings))
        library = f"{name} is `{as_written(resolver, ref.path, call.function, found[0])}`"
        known = f"{library}, in the library catalog as {kinds}, and no rule looks at this use of it"
        if meanings:
            return known
        gives = _given(resolver, found[0])
        result = f"{library}, which the library catalog knows by what it gives alone: {gives}"
        return result if gives else f"{library}, which is not in the library catalog"
    return next(_own(resolver, name, values), "") or _unresolved(resolver, facts, ref, call, name)


def _given(resolver: Resolver, called: Library) -> str:
    """What a call gives of which the catalog tells nothing else; empty where it does not tell that either."""
    result = f"{called.path}()"
    given = resolver.program.catalog.canonical(result)
    return "" if given == result else f"`{given}`"


def _own(resolver: Resolver, name: str, values: Values) -> Iterator[str]:
    """What a call of something of the repository runs, with its place."""
    for value in values:
        if isinstance(value, Function):
            place = shown_line(resolver, value.ref.path, resolver.scope(value.ref).name_span.line)
            yield f"{name} runs a function of the repository ({place})"
        elif isinstance(value, Class):
            place = shown_line(resolver, value.ref.path, resolver.class_fact(value.ref).name_span.line)
            yield f"{name} makes an object of a class of the repository ({place})"


def _unresolved(resolver: Resolver, facts: PythonFacts, ref: CallRef, call: Call, name: str) -> str:
    """Where a call stopped to resolve, and why: at its receiver, else at itself."""
    expr = facts.exprs[call.function]
    if expr[0] == "attr":
        reason = _reason(resolver.values(ref.path, expr[1]))
        if reason:
            return f"the receiver `{written(facts, expr[1])}` of {name} did not resolve: {reason}"
    reason = _reason(resolver.values(ref.path, call.function))
    return f"{name} did not resolve: {reason}" if reason else f"{name} is no call of a library"


def _reason(values: Values) -> str:
    return next((value.reason for value in values if isinstance(value, Unknown)), "")
