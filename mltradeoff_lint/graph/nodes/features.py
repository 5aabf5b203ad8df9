"""Feature views and the reads that look them up."""

from __future__ import annotations

from mltradeoff_lint.graph.facets.refresh import Refreshes
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.graph import Evidence, Node
from mltradeoff_lint.model.value import Property, Unknown
from mltradeoff_lint.resolve.dataflow import Slice
from mltradeoff_lint.resolve.domain import Instance, Items, Library, Literal, Values, known_texts
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.sites import Use


class Features:
    """Adds FeatureView nodes, and FeatureRead nodes for the reads that something asks for."""

    def __init__(self, work: Workspace, refreshes: Refreshes) -> None:
        self._work = work
        self._refreshes = refreshes
        self.views: dict[str, Node] = {}
        self._by_call: dict[tuple[str, int], str] = {}

    def add_views(self) -> None:
        """Add every declared feature view with its refresh."""
        for use in self._work.sites.of_kind("feature-view"):
            names = known_texts(self._work.sites.setting(use, "name"))
            if len(names) == 1 and not is_test(use.ref.path):
                self._by_call[(use.ref.path, use.ref.call)] = names[0]
                self._view(names[0], use)
        for mark in self._work.sites.marked:
            if mark.meaning.kind == "feature-view" and mark.function is not None:
                name = self._work.resolver.scope(mark.function).name
                node = self._work.graph.add("FeatureView", name, name, mark.site, store=mark.meaning.literal("store"))
                node.properties["on_demand"] = mark.meaning.literal("on_demand") == "true"
                node.properties["streaming"] = mark.meaning.literal("streaming") == "true"
                self.views[name] = node

    def _view(self, name: str, use: Use) -> None:
        streaming = use.meaning.literal("streaming") == "true" or self._is_fed_by_stream(use)
        node = self._work.graph.add(
            "FeatureView", name, name, self._work.site(use.ref), store=use.meaning.literal("store"), streaming=streaming, on_demand=False
        )
        refresh = self._refreshes.of_view(name)
        seconds: Property = refresh.seconds if refresh.seconds is not None else Unknown(refresh.how)
        node.properties["refresh_seconds"] = seconds
        if refresh.site is not None and refresh.seconds is not None:
            job = self._work.graph.add("Job", f"refresh:{refresh.how}", refresh.how, refresh.site, kind="scheduled", interval_seconds=refresh.seconds)
            evidence = Evidence(refresh.site, f"`{name}` is refreshed by {refresh.how}")
            self._work.graph.link(node.id, job.id, "refreshed_by", evidence)
        self.views[name] = node

    def _is_fed_by_stream(self, use: Use) -> bool:
        """Whether a view's source is a push or stream source."""
        exprs = self._work.sites.select(use.ref, use.meaning.selectors("source"))
        piece: Slice = self._work.flow.backward(use.ref.path, exprs)
        return any(one.meaning.literal("scheme") == "stream" for one in piece.uses)

    def read(self, use: Use) -> tuple[Node, tuple[Node, ...] | Unknown]:
        """The node of a feature read, with the views it looks up or the reason why they did not resolve."""
        holder = self._work.reach.holder(use.ref)
        key = f"{self._work.module_name(use.ref.path)}:{self._work.resolver.scope(holder).qualname}:{use.value.path.rpartition('.')[2]}"
        node = self._work.graph.add("FeatureRead", key, use.value.path.rpartition(".")[2], self._work.site(use.ref), mode=use.meaning.literal("mode"))
        views = self._views_of(use)
        if not isinstance(views, Unknown):
            for view in views:
                evidence = Evidence(self._work.site(use.ref), f"looks up the feature view `{view.label}`")
                self._work.graph.link(node.id, view.id, "looks_up", evidence)
        return node, views

    def _views_of(self, use: Use) -> tuple[Node, ...] | Unknown:
        names = self._names(self._work.sites.setting(use, "features"))
        if isinstance(names, Unknown):
            return names
        found = [self.views.get(name) for name in names]
        if not found or any(one is None for one in found):
            missing = next((name for name, one in zip(names, found, strict=False) if one is None), "none")
            return Unknown(f"the feature view `{missing}` is not declared here")
        return tuple({one.id: one for one in found if one is not None}.values())

    def _names(self, values: Values) -> tuple[str, ...] | Unknown:
        """The view names of a features argument: `view:feature` texts, or a feature service of views."""
        names: dict[str, None] = {}
        for value in values:
            if isinstance(value, Items) and not value.is_open:
                for item in value.items:
                    inner = self._names(item)
                    if isinstance(inner, Unknown):
                        return inner
                    names.update(dict.fromkeys(inner))
            elif isinstance(value, Literal) and isinstance(value.value, str):
                names[value.value.partition(":")[0]] = None
            elif isinstance(value, Library) and value.made:
                inner = self._of_construction(value)
                if isinstance(inner, Unknown):
                    return inner
                names.update(dict.fromkeys(inner))
            else:
                return Unknown("the features that are asked for did not resolve" if not isinstance(value, Instance) else "a feature object")
        return tuple(names) if names else Unknown("the features that are asked for did not resolve")

    def _of_construction(self, value: Library) -> tuple[str, ...] | Unknown:
        made = value.made[-1]
        own = self._by_call.get((made.call.path, made.call.call))
        if own is not None:
            return (own,)
        for name, expr in self._work.resolver.call(made.call).keywords:
            if name == "features":
                return self._names(self._work.resolver.values(made.call.path, expr, made.frame))
        return Unknown("the feature service did not resolve")

