"""Predictions that endpoints make on request: what each takes from the request and what it takes from storage."""

from __future__ import annotations

from dataclasses import dataclass, field

from mltradeoff_lint.graph.facets.refresh import Refresh, Refreshes
from mltradeoff_lint.graph.nodes.features import Features
from mltradeoff_lint.graph.nodes.functions import add_function, draw_path
from mltradeoff_lint.graph.nodes.locations import Places
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.graph import Evidence, Node
from mltradeoff_lint.model.value import Property, Unknown
from mltradeoff_lint.resolve.dataflow import Slice
from mltradeoff_lint.resolve.domain import FunctionRef
from mltradeoff_lint.resolve.entries import Entry
from mltradeoff_lint.resolve.sites import Use

STOP_AT = frozenset({"feature-read", "dataset-read", "request-data", "prediction", "model-call", "now"})


@dataclass(slots=True)
class _Inputs:
    """What flows into a prediction."""

    stored: list[tuple[str, Refresh]] = field(default_factory=list)
    request: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


class Predictions:
    """Adds Prediction nodes for everything an API endpoint predicts."""

    def __init__(self, work: Workspace, features: Features, refreshes: Refreshes) -> None:
        self._work = work
        self._features = features
        self._refreshes = refreshes
        self._places = Places(work)
        self._handlers = {entry.function for entry in work.entries.of_kind("endpoint")}

    def add(self) -> None:
        """Add every prediction that an API endpoint reaches, with its inputs."""
        ordinals: dict[str, int] = {}
        for use in self._work.sites.of_kind("prediction"):
            holder = self._work.reach.holder(use.ref)
            endpoints = [
                entry for entry in self._work.roles.entries_above(holder) if entry.kind == "endpoint" and entry.interface == "api"
            ]
            if endpoints:
                self._add(use, holder, endpoints, ordinals)

    def _add(self, use: Use, holder: FunctionRef, endpoints: list[Entry], ordinals: dict[str, int]) -> None:
        work = self._work
        base = f"{work.module_name(use.ref.path)}:{work.resolver.scope(holder).qualname}:{use.value.path.rpartition('.')[2]}"
        ordinals[base] = ordinals.get(base, 0) + 1
        key = base if ordinals[base] == 1 else f"{base}#{ordinals[base]}"
        node = work.graph.add("Prediction", key, use.value.path.rpartition(".")[2], work.site(use.ref), scope="request")
        node.properties["interface"] = use.meaning.literal("interface", "predict")
        node.properties["role"] = work.roles.of(holder)
        for entry in endpoints:
            draw_path(work, entry, holder)
        function = add_function(work, holder)
        words = f"`{work.function_name(holder)}` predicts on request"
        work.graph.link(function, node.id, "performs", Evidence(work.site(use.ref), words))
        self._model(use, node)
        names = {str(node.properties["model"]), *(entry.label for entry in endpoints)}
        declared = [seconds for name, seconds in work.declared.freshness.items() if name in names]
        if declared:
            node.properties["declared_freshness"] = min(declared)
        self._describe(node, self._inputs(use, node))

    def _model(self, use: Use, node: Node) -> None:
        """The artefact or class that predicts."""
        exprs = self._work.sites.select(use.ref, use.meaning.selectors("model"))
        piece = self._work.flow.backward(use.ref.path, exprs, frozenset({"model-load", "dataset-read"}))
        for load, _ in piece.of_kind("model-load"):
            for place in self._places.of(load):
                if place.is_known:
                    model = self._work.graph.add("Model", place.identity, place.label, self._work.site(load.ref), identity=place.identity)
                    evidence = Evidence(self._work.site(load.ref), f"`{place.label}` is loaded")
                    self._work.graph.link(node.id, model.id, "predicts_with", evidence)
                    node.properties.setdefault("model", place.label)
        owner = [part.replace("()", "") for part in use.value.path.split(".") if part[:1].isupper()]
        node.properties.setdefault("model", owner[-1] if owner else "the model")

    # -- inputs

    def _inputs(self, use: Use, node: Node) -> _Inputs:
        exprs = self._work.sites.select(use.ref, use.meaning.selectors("input"))
        found = _Inputs()
        if not exprs:
            found.unknown.append("the input of the prediction did not resolve")
            return found
        piece = self._work.flow.backward(use.ref.path, exprs, STOP_AT, lambda function, _: function in self._handlers)
        self._from_request(piece, found)
        for read, _ in piece.uses.items():
            if read.meaning.kind == "feature-read":
                self._from_features(read, node, found)
            elif read.meaning.kind == "dataset-read":
                self._from_file(read, found)
            elif read.meaning.kind == "now":
                found.request.append("the current time")
            elif read.meaning.kind in ("request-data", "model-call"):
                found.request.append(f"`{read.meaning.path}`")
        if piece.unknown:
            found.unknown.append(f"the input depends on {next(iter(piece.unknown))}")
        return found

    def _from_request(self, piece: Slice, found: _Inputs) -> None:
        for function, position in piece.parameters:
            name = self._work.resolver.scope(function).parameters[position].name
            if function in self._handlers:
                found.request.append(f"`{name}` of the request")
            else:
                found.unknown.append(f"the parameter `{name}` has no caller here")
        found.request += [f"`{name}`" for name in piece.requests]

    def _from_features(self, read: Use, node: Node, found: _Inputs) -> None:
        feature_read, views = self._features.read(read)
        evidence = Evidence(self._work.site(read.ref), "takes its features from the feature store")
        self._work.graph.link(node.id, feature_read.id, "takes", evidence)
        if self._work.sites.select(read.ref, read.meaning.selectors("request")):
            found.request.append("features passed with the request")
        if isinstance(views, Unknown):
            found.unknown.append(views.reason)
            return
        for view in views:
            if view.properties.get("on_demand"):
                found.request.append(f"the on-demand view `{view.label}`")
            elif view.properties.get("streaming"):
                found.stored.append((f"`{view.label}`", Refresh(0, "a stream")))
            else:
                seconds = view.properties.get("refresh_seconds")
                how = seconds.reason if isinstance(seconds, Unknown) else self._refreshes.of_view(view.label).how
                found.stored.append((f"`{view.label}`", Refresh(seconds if isinstance(seconds, int) else None, how)))

    def _from_file(self, read: Use, found: _Inputs) -> None:
        if read.meaning.literal("holds") in ("config", "model", "prompt"):
            return
        for place in self._places.of(read):
            if not place.is_known:
                found.unknown.append(f"a stored input whose location did not resolve ({place.pin.how})")
                continue
            writers = self._work_writers().get(place.identity, [])
            found.stored.append((f"`{place.label}`", self._refreshes.of_file(writers, place.is_tracked)))

    def _work_writers(self) -> dict[str, list[Use]]:
        def find() -> dict[str, list[Use]]:
            writers: dict[str, list[Use]] = {}
            for use in self._work.sites.of_kind("dataset-write"):
                for place in self._places.of(use):
                    if place.is_known and "{" not in place.identity:
                        writers.setdefault(place.identity, []).append(use)
            return writers

        return self._work.resolver.program.ask("prediction-writers", "", find)

    def _describe(self, node: Node, inputs: _Inputs) -> None:
        """Turn what flows in into the properties a rule reads; what is surely live wins over what is unknown."""
        properties = node.properties
        if inputs.request:
            properties["inputs"] = "mixed" if inputs.stored else "request"
            properties["request_fields"] = tuple(dict.fromkeys(inputs.request))
            return
        if inputs.unknown:
            properties["inputs"] = Unknown(inputs.unknown[0])
            return
        properties["inputs"] = "stored" if inputs.stored else "none"
        if not inputs.stored:
            return
        unknown = [f"{name}: {refresh.how}" for name, refresh in inputs.stored if refresh.seconds is None]
        seconds: Property = Unknown(unknown[0]) if unknown else min(refresh.seconds or 0 for _, refresh in inputs.stored)
        properties["refresh_seconds"] = seconds
        properties["sources"] = tuple(name for name, _ in inputs.stored)
        properties["refresh_how"] = ", ".join(dict.fromkeys(refresh.how for _, refresh in inputs.stored))
        properties["key_space"] = "enumerable"
