"""The lattice of summaries: facts are joined by keeping the nearest way to each, and the nearest facts of many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.summaries.model import MAX_HOPS, Effect, Fact, Gap, Reached, Source, Summary

MAX_OF_ONE = 6
"""Facts of one kind that a summary keeps: the nearest, enough to explain and few enough to carry upward."""

MAX_GAPS = 3

Some = TypeVar("Some", Source, Reached, Effect)


def nearest(facts: Iterable[Some]) -> tuple[Some, ...]:
    """Each fact once with its shortest way, and of each kind the nearest; sorted.

    A summary that only takes in more facts and keeps what this leaves goes down one well-founded order, because there
    are finitely many places and ways of at most `MAX_HOPS` calls: that is why the fix-point is reached.
    """
    best: dict[Fact, Some] = {}
    for found in facts:
        key: Fact = found._replace(way=())
        known = best.get(key)
        if known is None or _rank(found) < _rank(known):
            best[key] = found
    if len(best) <= 1:
        return tuple(best.values())
    kept: dict[object, list[Some]] = {}
    for fact in sorted(best.values(), key=_rank):
        of_kind = kept.setdefault(_kind(fact), [])
        if len(of_kind) < MAX_OF_ONE:
            of_kind.append(fact)
    return tuple(sorted((each for some in kept.values() for each in some), key=_order))


def through(facts: Iterable[Some], site: Site) -> tuple[Some, ...]:
    """Facts of a function seen from a call at a site, whatever its object is; those that are too far stay behind."""
    seen: list[Some] = []
    for fact in facts:
        way: tuple[Site, ...] = fact.way
        if len(way) < MAX_HOPS:
            seen.append(fact._replace(way=(site, *way), of=None))
    return tuple(seen)


def joined(old: Summary, new: Summary) -> Summary:
    """A summary that says what both say."""
    return Summary(
        old.function,
        nearest((*old.returned, *new.returned)),
        tuple(sorted({*old.passed, *new.passed})),
        nearest((*old.reached, *new.reached)),
        nearest((*old.effects, *new.effects)),
        tuple(sorted({*old.gives, *new.gives})),
        tuple(sorted({*old.gaps, *new.gaps}, key=lambda one: one.site)[:MAX_GAPS]),
    )


def gaps(found: Iterable[Gap]) -> tuple[Gap, ...]:
    """The first gaps of a function."""
    return tuple(sorted(dict.fromkeys(found), key=lambda one: one.site)[:MAX_GAPS])


def _rank(one: Source | Reached | Effect) -> tuple[object, ...]:
    return len(one.way), one.way, one.site, one.what


def _kind(one: Source | Reached | Effect) -> object:
    return (one.input, one.role) if isinstance(one, Reached) else one.kind


def _order(one: Source | Reached | Effect) -> tuple[object, ...]:
    words = (str(one.input.position), one.input.attribute, one.role) if isinstance(one, Reached) else (one.kind, "", "")
    return (words, *_rank(one))
