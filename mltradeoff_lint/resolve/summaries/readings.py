"""What every summary is read with: the program, its catalogued calls, and the parts that map calls and rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mltradeoff_lint.resolve.domain import FunctionRef
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.sites import Marked, Sites
from mltradeoff_lint.resolve.summaries.binding import Binding
from mltradeoff_lint.resolve.summaries.callees import Callees
from mltradeoff_lint.resolve.summaries.meanings import CallMeanings
from mltradeoff_lint.resolve.summaries.own_class import OwnClasses


@dataclass(frozen=True, slots=True)
class Readings:
    """One set of readers for all functions of a program."""

    resolver: Resolver
    sites: Sites
    callees: Callees
    binding: Binding
    meanings: CallMeanings
    own_classes: OwnClasses
    marks: Mapping[FunctionRef, tuple[Marked, ...]]
    """What catalogued decorators say of a function."""


def readings_of(resolver: Resolver, sites: Sites) -> Readings:
    """The readers of a program."""
    callees = Callees(resolver)
    marks: dict[FunctionRef, tuple[Marked, ...]] = {}
    for mark in sites.marked:
        if mark.function is not None:
            marks[mark.function] = (*marks.get(mark.function, ()), mark)
    binding, meanings = Binding(resolver, callees), CallMeanings(resolver, sites)
    return Readings(resolver, sites, callees, binding, meanings, OwnClasses(resolver), marks)
