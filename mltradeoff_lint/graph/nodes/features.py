"""Feature views and the reads that look them up."""

from __future__ import annotations

from mltradeoff_lint.graph.facets.refresh import DEPLOYMENT, Refresh, Refreshes
from mltradeoff_lint.graph.nodes.declared_views import DeclaredViews
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.graph import Evidence, Node
from mltradeoff_lint.model.value import Property, Unknown
from mltradeoff_lint.resolve.domain import Items, Library, Value, known_texts
from mltradeoff_lint.resolve.flow.dataflow import Slice
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.sites import Use


class Features:
    """Adds FeatureView nodes, and FeatureRead nodes for the reads that something asks for."""

    def __init__(self, work: Workspace, refreshes: Refreshes) -> None:
        self._work = work
        self._refreshes = refreshes
        self.views: dict[str, Node] = {}
        self.refreshes: dict[str, Refresh] = {}
        self._declared = DeclaredViews(work)

    def add_views(self) -> None:
        """Add every declared feature view with its refresh."""
        for use in self._work.sites.of_kind("feature-view"):
            names = known_texts(self._work.sites.setting(use, "name"))
            if len(names) == 1 and not is_test(use.ref.path):
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
            "FeatureView",
            name,
            name,
            self._work.site(use.ref),
            store=use.meaning.literal("store"),
            streaming=streaming,
            on_demand=False,
        )
        node.properties["entities"] = self._entities(use)
        refresh = self._refresh(name, use)
        self.refreshes[name] = refresh
        seconds: Property = refresh.longest if refresh.longest is not None else Unknown(refresh.how)
        node.properties["refresh_seconds"] = seconds
        add_refresh(self._work, node, refresh)
        self.views[name] = node

    def _entities(self, use: Use) -> Property:
        """The names of the entities a view is keyed by."""
        names: dict[str, None] = {}
        for value in self._work.sites.setting(use, "entities"):
            for item in value.items if isinstance(value, Items) else ((value,),):
                texts = [*known_texts(item), *(text for one in item for text in self._entity(one))]
                if not texts:
                    return Unknown("an entity did not resolve")
                names.update(dict.fromkeys(texts))
        return tuple(names)

    def _entity(self, value: Value) -> tuple[str, ...]:
        if not isinstance(value, Library) or not value.made:
            return ()
        made = value.made[-1]
        call = self._work.resolver.call(made.call)
        given = [*call.arguments[:1], *(expr for name, expr in call.keywords if name == "name")]
        return tuple(
            text for expr in given for text in known_texts(self._work.resolver.values(made.call.path, expr, made.frame))
        )

    def _refresh(self, name: str, use: Use) -> Refresh:
        """The refresh of a view: its materialisation, or that of the feature groups its query reads."""
        if use.meaning.literal("store") != "hopsworks":
            return self._refreshes.of_view(name, use.ref.path)
        exprs = self._work.sites.select(use.ref, use.meaning.selectors("source"))
        # what is put into a group is no part of the query on it
        reads = self._work.flow.backward(use.ref.path, exprs, frozenset({"dataset-write"})).of_kind("dataset-read")
        groups = {text for read, _ in reads for text in known_texts(self._work.sites.setting(read, "location"))}
        writers = [one for one in self._work.sites.of_kind("dataset-write") if one.meaning.library == "hopsworks"]
        parts = [
            self._refreshes.of_file([one for one in writers if group in self._receiver_names(one)], False)
            for group in sorted(groups)
        ]
        return self._refreshes.together(parts) or Refresh(None, f"the query of `{name}` did not resolve")

    def _receiver_names(self, use: Use) -> frozenset[str]:
        """The names of the feature groups or views a method is called on."""
        names: set[str] = set()
        for made in use.value.made:
            for one in self._work.sites.at(made.call):
                if one.meaning.selectors("location"):
                    names.update(known_texts(self._work.sites.setting(one, "location")))
                elif one.meaning.selectors("name"):
                    names.update(known_texts(self._work.sites.setting(one, "name")))
        return frozenset(names)

    def _is_fed_by_stream(self, use: Use) -> bool:
        """Whether a view's source is a push or stream source."""
        exprs = self._work.sites.select(use.ref, use.meaning.selectors("source"))
        piece: Slice = self._work.flow.backward(use.ref.path, exprs)
        return any(one.meaning.literal("scheme") == "stream" for one in piece.uses)

    def read(self, use: Use) -> tuple[Node, tuple[Node, ...] | Unknown]:
        """The node of a feature read, with the views it looks up or the reason why they did not resolve."""
        holder = self._work.reach.holder(use.ref)
        label = use.value.path.rpartition(".")[2]
        key = f"{self._work.module_name(use.ref.path)}:{self._work.cause_name(holder)}:{label}"
        node = self._work.graph.add(
            "FeatureRead",
            key,
            label,
            self._work.site(use.ref),
            mode=use.meaning.literal("mode"),
        )
        views = self._views_of(use)
        if not isinstance(views, Unknown):
            for view in views:
                evidence = Evidence(self._work.site(use.ref), f"looks up the feature view `{view.label}`")
                self._work.graph.link(node.id, view.id, "looks_up", evidence)
        return node, views

    def _views_of(self, use: Use) -> tuple[Node, ...] | Unknown:
        if use.meaning.selectors("features"):
            names = self._declared.names(self._work.sites.setting(use, "features"))
        else:
            names = tuple(sorted(self._receiver_names(use))) or Unknown("the feature view did not resolve")
        if isinstance(names, Unknown):
            return names
        found = [self.views.get(name) for name in names]
        if not found or any(one is None for one in found):
            missing = next((name for name, one in zip(names, found, strict=False) if one is None), "none")
            return Unknown(f"the feature view `{missing}` is not declared here")
        return tuple({one.id: one for one in found if one is not None}.values())


def add_refresh(work: Workspace, source: Node, refresh: Refresh) -> None:
    """Link a stored input to what refreshes it, when that is known."""
    if refresh.seconds is None:
        return
    if refresh.kind == "deployment":
        job = work.graph.add("Job", "deployment", DEPLOYMENT, source.sites[0], kind="deployment")
        evidence = Evidence(
            source.sites[0], f"`{source.label}` is part of the repository and changes only with a deployment"
        )
    else:
        site = refresh.site or source.sites[0]
        job = work.graph.add("Job", f"refresh:{refresh.how}", refresh.how, site, kind="scheduled")
        job.properties["interval_seconds"] = refresh.longest or refresh.seconds
        evidence = Evidence(site, f"`{source.label}` is refreshed by {refresh.how}")
    work.graph.link(source.id, job.id, "refreshed_by", evidence)
