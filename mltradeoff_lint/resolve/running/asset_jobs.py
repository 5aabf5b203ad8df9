"""Which assets a job of Dagster runs: those that its selection lists, names, or takes by their group."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.resolve.domain import CallRef, Function, FunctionRef, Items, Library, Values, known_texts
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.sites import Marked, Sites

JOB = "dagster.define_asset_job()"
_ALL = "dagster.AssetSelection.all()"
_GROUPS = ("dagster.AssetSelection.groups()",)
_NAMED = ("dagster.AssetSelection.assets()", "dagster.AssetSelection.keys()", "dagster.AssetKey()")
_ASSETS = frozenset({"dagster.asset", "dagster.multi_asset", "dagster.graph_asset"})
_SELECTION_POSITION = 1


class AssetJobs:
    """Answers which functions an asset job, or a selection of assets, runs."""

    def __init__(self, resolver: Resolver, sites: Sites) -> None:
        self._resolver = resolver
        self._assets = {one.function: one for one in sites.marked if one.function and one.meaning.path in _ASSETS}

    def run_by(self, value: Library) -> Iterator[FunctionRef]:
        """The assets of a job, which are all without a selection, or of a selection itself."""
        if value.path != JOB or not value.made:
            yield from self._selected((value,))
            return
        ref = value.made[-1].call
        call = self._resolver.call(ref)
        given = [expr for name, expr in call.keywords if name == "selection"]
        given += call.arguments[_SELECTION_POSITION : _SELECTION_POSITION + 1]
        if not given:
            yield from self._assets
        for expr in given:
            yield from self._selected(self._resolver.values(ref.path, expr, value.made[-1].frame))

    def names(self, value: Library) -> tuple[str, ...]:
        """The names that an asset job is given, by which a sensor may run it."""
        if value.path != JOB or not value.made:
            return ()
        ref = value.made[-1].call
        call = self._resolver.call(ref)
        given = [*call.arguments[:1], *(expr for name, expr in call.keywords if name == "name")]
        return tuple(text for expr in given for text in known_texts(self._resolver.values(ref.path, expr)))

    def _selected(self, values: Values) -> Iterator[FunctionRef]:
        for value in values:
            if isinstance(value, Function):
                yield from (one for one in self._assets if one == value.ref)
            elif isinstance(value, Items):
                yield from (one for item in value.items for one in self._selected(item))
            elif isinstance(value, Library):
                yield from self._of_library(value)
            else:
                yield from self._named(known_texts((value,)))

    def _of_library(self, value: Library) -> Iterator[FunctionRef]:
        if value.path == _ALL:
            yield from self._assets
        elif value.path in _GROUPS and value.made:
            names = self._texts(value.made[-1].call)
            yield from (
                one for one, mark in self._assets.items() if names.intersection(self._given(mark, "group_name"))
            )
        elif value.path in _NAMED and value.made:
            call = self._resolver.call(value.made[-1].call)
            for expr in call.arguments:
                yield from self._selected(self._resolver.values(value.made[-1].call.path, expr))

    def _named(self, texts: tuple[str, ...]) -> Iterator[FunctionRef]:
        for text in texts:
            sort, _, name = text.rpartition(":")
            for one, mark in self._assets.items():
                own = self._given(mark, "name") or (self._resolver.scope(one).name,)
                is_meant = name in self._given(mark, "group_name") if sort == "group" else name in own
                if text == "*" or is_meant:
                    yield one

    def _texts(self, ref: CallRef) -> frozenset[str]:
        values = (self._resolver.values(ref.path, expr) for expr in self._resolver.call(ref).arguments)
        return frozenset(text for each in values for text in known_texts(each))

    def _given(self, mark: Marked, keyword: str) -> tuple[str, ...]:
        """The texts that a decorator gives for a keyword."""
        keywords = self._resolver.call(mark.decorator).keywords if mark.decorator is not None else ()
        path = mark.decorator.path if mark.decorator is not None else ""
        return tuple(
            text
            for name, expr in keywords
            if name == keyword
            for text in known_texts(self._resolver.values(path, expr))
        )
