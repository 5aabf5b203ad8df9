"""Predictions that endpoints make on request: what each takes from the request and what it takes from storage."""

from __future__ import annotations

from collections.abc import Iterable

from mltradeoff_lint.graph.facets.refresh import Refreshes
from mltradeoff_lint.graph.nodes.features import Features
from mltradeoff_lint.graph.nodes.forward_passes import ForwardPasses
from mltradeoff_lint.graph.nodes.functions import add_function, draw_path
from mltradeoff_lint.graph.nodes.kept_answers import KeptAnswers
from mltradeoff_lint.graph.nodes.locations import Places
from mltradeoff_lint.graph.nodes.places import Place
from mltradeoff_lint.graph.nodes.prediction_inputs import InputReader, Inputs
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.graph import Evidence, Node
from mltradeoff_lint.model.value import Property, Unknown
from mltradeoff_lint.resolve.domain import FunctionRef
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.running.entries import Entry
from mltradeoff_lint.resolve.sites import Use

_BACKGROUND = frozenset({"add_task", "enqueue", "create_task", "Thread", "Process", "add_job", "start_soon"})
"""Calls that take a function to run it behind the answer."""


class Predictions:
    """Adds Prediction nodes for everything an endpoint predicts."""

    def __init__(self, work: Workspace, features: Features, refreshes: Refreshes) -> None:
        self._work = work
        self._places = Places(work)
        self._passes = ForwardPasses(work)
        self._kept = KeptAnswers(work)
        handlers = frozenset(entry.function for entry in work.entries.of_kind("endpoint"))
        self._inputs = InputReader(work, features, refreshes, handlers)
        self._cached = frozenset(
            mark.function for mark in work.sites.marked if mark.meaning.kind == "cache" and mark.function is not None
        )

    def add(self) -> None:
        """Add every prediction that an endpoint reaches, with its inputs."""
        ordinals: dict[str, int] = {}
        found = (*self._work.sites.of_kind("prediction"), *self._passes.uses())
        by_call = {use.ref: use for use in reversed(found)}
        for use in sorted(by_call.values(), key=lambda one: one.order):
            holder = self._work.reach.holder(use.ref)
            endpoints = [
                entry
                for entry in self._work.roles.entries_above(holder)
                if entry.kind == "endpoint" and not is_test(entry.site.path)
            ]
            if endpoints:
                self._add(use, holder, endpoints, ordinals)

    def _add(self, use: Use, holder: FunctionRef, endpoints: list[Entry], ordinals: dict[str, int]) -> None:
        work = self._work
        name = use.value.path.rpartition(".")[2]
        base = f"{work.module_name(use.ref.path)}:{work.cause_name(holder)}:{name}"
        ordinals[base] = ordinals.get(base, 0) + 1
        key = base if ordinals[base] == 1 else f"{base}#{ordinals[base]}"
        node = work.graph.add("Prediction", key, name, work.site(use.ref))
        node.properties["interface"] = use.meaning.literal("interface", "predict")
        node.properties["role"] = work.roles.of(holder)
        for entry in endpoints:
            draw_path(work, entry, holder)
        function = add_function(work, holder)
        words = f"`{work.function_name(holder)}` predicts on request"
        work.graph.link(function, node.id, "performs", Evidence(work.site(use.ref), words))
        self._model(use, node)
        names = {str(node.properties["model"]), *(name for entry in endpoints for name in _names(entry))}
        declared = [seconds for name, seconds in work.declared.freshness.items() if name in names]
        if declared:
            node.properties["declared_freshness"] = min(declared)
        inputs = self._inputs.read(use, node)
        ways = [self._functions_between(entry.function, holder) for entry in endpoints]
        if any(self._draws(function) for way in ways for function in way):
            inputs.request.append("a random draw")
        _describe(node, inputs)
        node.properties["scope"] = self._scope(use, holder, endpoints, ways)

    def _model(self, use: Use, node: Node) -> None:
        """The artefact or class that predicts."""
        exprs = self._work.sites.select(use.ref, use.meaning.selectors("model"))
        for path, of_model in self._passes.weights(use) or ((use.ref.path, exprs),):
            piece = self._work.flow.backward(path, of_model, frozenset({"model-load", "dataset-read"}))
            for load, _ in piece.of_kind("model-load"):
                for place in self._places.of(load, piece.frames[load]):
                    self._predicts_with(place, load, node)
        owner = [part.replace("()", "") for part in use.value.path.split(".") if part[:1].isupper()]
        node.properties.setdefault("model", owner[-1] if owner else "the model")

    def _predicts_with(self, place: Place, load: Use, node: Node) -> None:
        if place.is_known:
            site = self._work.site(load.ref)
            model = self._work.graph.add("Model", place.identity, place.label, site, identity=place.identity)
            self._work.graph.link(node.id, model.id, "predicts_with", Evidence(site, f"`{place.label}` is loaded"))
            node.properties.setdefault("model", place.label)

    # -- when it runs

    def _functions_between(self, top: FunctionRef, holder: FunctionRef) -> tuple[FunctionRef, ...]:
        return (*(caller for caller, _ in self._work.reach.path_down(top, holder)), holder)

    def _scope(self, use: Use, holder: FunctionRef, endpoints: list[Entry], ways: list[tuple[FunctionRef, ...]]) -> str:
        """`cached` when answers are kept once computed, `batch` when they are stored or made behind the answer."""
        if all(self._is_kept(use, entry.function, way) for entry, way in zip(endpoints, ways, strict=True)):
            return "cached"
        if all(self._is_behind(entry.function, holder) for entry in endpoints):
            return "batch"
        return "batch" if self._is_stored(use, {function for way in ways for function in way}) else "request"

    def _is_kept(self, use: Use, top: FunctionRef, way: tuple[FunctionRef, ...]) -> bool:
        """Whether a function on the way, or one that runs it for the endpoint, computes an answer only once."""
        if self._cached.intersection(way) or any(self._kept.keeps(one, use) for one in way):
            return True
        return self._kept.keeps_around(top, way, use)

    def _is_behind(self, top: FunctionRef, holder: FunctionRef) -> bool:
        """Whether a hop on the way hands the work to a queue or to the background."""
        for _, way in self._work.reach.path_down(top, holder):
            if way.how in ("queues", "deploys"):
                return True
            if way.how == "hands on" and way.ref is not None:
                facts = self._work.resolver.facts(way.ref.path)
                if last_name(facts.exprs[facts.calls[way.ref.call].function]) in _BACKGROUND:
                    return True
        return False

    def _is_stored(self, use: Use, functions: Iterable[FunctionRef]) -> bool:
        """Whether the answer is written somewhere on the way: then the endpoint starts the batch job."""
        wanted = frozenset(functions)
        for write in self._work.sites.of_kind("dataset-write"):
            if self._work.reach.holder(write.ref) not in wanted:
                continue
            exprs = self._work.sites.select(write.ref, write.meaning.selectors("value"))
            function = self._work.resolver.facts(write.ref.path).exprs[self._work.resolver.call(write.ref).function]
            exprs = exprs or ((function[1],) if function[0] == "attr" else ())
            piece = self._work.flow.backward(write.ref.path, tuple(one for one in exprs if one != NONE), cautious=True)
            if use in piece.uses:
                return True
        return False

    def _draws(self, function: FunctionRef) -> bool:
        """Whether a function draws random numbers itself, as a bandit does to explore."""
        return any(
            use.meaning.literal("what") == "random" and self._work.reach.holder(use.ref) == function
            for use in self._work.sites.of_kind("now")
            if use.ref.path == function.path
        )


def _names(entry: Entry) -> tuple[str, ...]:
    """What the settings may call an endpoint."""
    return entry.label, f"{entry.method} {entry.label}".strip()


def _describe(node: Node, inputs: Inputs) -> None:
    """Turn what flows in into the properties a rule reads; what is surely live wins over what is unknown."""
    properties = node.properties
    if inputs.request:
        properties["inputs"] = "mixed" if inputs.stored else "request"
        properties["request_fields"] = tuple(dict.fromkeys(inputs.request))
    elif inputs.unknown:
        properties["inputs"] = Unknown(inputs.unknown[0])
    else:
        properties["inputs"] = "stored" if inputs.stored else "none"
    if not inputs.stored:
        return
    unknown = [f"{name}: {refresh.how}" for name, refresh in inputs.stored if refresh.seconds is None]
    seconds: Property = Unknown(unknown[0]) if unknown else min(refresh.seconds or 0 for _, refresh in inputs.stored)
    properties["refresh_seconds"] = seconds
    properties["sources"] = tuple(dict.fromkeys(f"{name} ({refresh.how})" for name, refresh in inputs.stored))
    properties["refresh_how"] = " and ".join(dict.fromkeys(refresh.how for _, refresh in inputs.stored))
    properties["key_space"] = "open" if inputs.is_open else "enumerable"
