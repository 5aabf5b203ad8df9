"""Datasets that models learn from: every fit followed back to the reads its data comes from."""

from __future__ import annotations

from mltradeoff_lint.graph.nodes.functions import add_entries
from mltradeoff_lint.graph.nodes.locations import Place, Places
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.finding import Certainty
from mltradeoff_lint.model.graph import Evidence, Node, NodeId
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.model.value import Property, Unknown
from mltradeoff_lint.resolve.dataflow import Hop, Slice
from mltradeoff_lint.resolve.domain import FunctionRef
from mltradeoff_lint.resolve.sites import Use

READS = frozenset({"dataset-read", "feature-read"})
NOT_DATA = ("config", "model", "prompt")
"""What a read may hold when it is no training data."""

MAX_UPSTREAM = 4
"""How many files a dataset is followed back through when the repository writes them itself."""

_ROLE_ORDER = ("scheduled", "serving", "train-entry", "script", "experiment", "tutorial", "test")


class Datasets:
    """Adds Training and Dataset nodes."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._places = Places(work)
        self._writers = self._find_writers()
        self._ordinals: dict[str, int] = {}
        self._derived: set[str] = set()

    def add(self) -> None:
        """Add every training, the datasets it learns from, and what these are derived from."""
        for use in self._work.sites.of_kind("training"):
            if use.meaning.literal("family") == "transformer" or self._is_transformer(use):
                continue
            exprs = self._work.sites.select(use.ref, use.meaning.selectors("data"))
            if not exprs:
                continue
            piece = self._work.flow.backward(use.ref.path, exprs, READS)
            reads = [(read, hops) for read, hops in piece.uses.items() if self._is_data(read)]
            if reads:
                training = self._training(use)
                for read, hops in reads:
                    self._learn(training, read, hops)

    def _is_transformer(self, use: Use) -> bool:
        """Fitting a scaler or encoder is no learning of a model."""
        families = {
            estimator.meaning.literal("family")
            for made in use.value.made
            for estimator in self._work.sites.at(made.call)
            if estimator.meaning.kind == "estimator"
        }
        return families == {"transformer"}

    def _is_data(self, read: Use) -> bool:
        return read.meaning.kind == "dataset-read" and read.meaning.literal("holds") not in NOT_DATA

    # -- trainings

    def _training(self, use: Use) -> Node:
        work = self._work
        holder = work.reach.holder(use.ref)
        base = f"{work.module_name(use.ref.path)}:{work.resolver.scope(holder).qualname}:{use.value.path.rpartition('.')[2]}"
        self._ordinals[base] = self._ordinals.get(base, 0) + 1
        key = base if self._ordinals[base] == 1 else f"{base}#{self._ordinals[base]}"
        node = work.graph.add(
            "Training", key, f"{_estimator(use)}.{use.value.path.rpartition('.')[2]}", work.site(use.ref),
            library=use.meaning.literal("library", use.meaning.library), estimator=_estimator(use), role=self._role(holder),
        )  # fmt: skip
        function = NodeId("Function", f"{work.module_name(holder.path)}:{work.resolver.scope(holder).qualname or '<module>'}")
        add_entries(work, holder)
        work.graph.link(function, node.id, "performs", Evidence(work.site(use.ref), f"`{work.function_name(holder)}` fits `{_estimator(use)}`"))
        return node

    def _role(self, holder: FunctionRef) -> str:
        return self._work.roles.of(holder)

    # -- datasets

    def _learn(self, training: Node, read: Use, hops: tuple[Hop, ...]) -> None:
        for place in self._places.of(read):
            dataset = self._dataset(read, place)
            steps = (
                Evidence(training.sites[0], f"`{training.properties['estimator']}` is fitted"),
                *(Evidence(hop.site, hop.text) for hop in hops),
            )
            evidence = Evidence(self._work.site(read.ref), f"reads `{dataset.label}`", Certainty.RESOLVED)
            self._work.graph.link(training.id, dataset.id, "trained_on", evidence, steps)
            self._note_role(dataset, str(training.properties["role"]))
            self._upstream(dataset, place, 0)

    def _note_role(self, dataset: Node, role: str) -> None:
        """A dataset has the most demanding role of the trainings it feeds."""
        known = dataset.properties.get("role")
        if not isinstance(known, str) or _ROLE_ORDER.index(role) < _ROLE_ORDER.index(known):
            dataset.properties["role"] = role

    def _dataset(self, read: Use, place: Place) -> Node:
        work = self._work
        site = work.site(read.ref)
        if not place.is_known:
            node = work.graph.add("Dataset", f"?{site.path}:{read.ref.call}", _shorten(read), site)
            node.properties.setdefault("pin", Unknown(place.pin.how))
            return node
        key = place.identity if place.is_remote or place.scheme == "loader" else f"{place.identity}"
        node = work.graph.add("Dataset", key, place.label, self._written_site(read, place) or site, **self._properties(place))
        if site not in node.sites:
            node.sites.append(site)
        node.evidence.setdefault("pin", Evidence(site, place.pin.how, _certainty(place)))
        return node

    def _properties(self, place: Place) -> dict[str, Property]:
        written = not place.is_remote and place.identity in self._writers
        state: Property = place.pin.state
        if written and place.pin.state.startswith("mutable"):
            state = "generated"
        elif place.pin.state == "unknown":
            state = Unknown(place.pin.how)
        return {
            "identity": place.identity,
            "scheme": place.scheme,
            "remote": place.is_remote,
            "pin": state,
            "pin_how": place.pin.how,
            "pin_fix": place.pin.fix,
            "tracked": place.is_tracked,
            "written": written,
            "provenance": place.provenance,
            "home": place.is_home,
            "convention": place.is_convention,
        }

    def _written_site(self, read: Use, place: Place) -> Site | None:
        """The line where the location is written down, which is where it is mended."""
        exprs = self._work.sites.select(read.ref, read.meaning.selectors("location"))
        piece: Slice = self._work.flow.backward(read.ref.path, exprs)
        span = self._work.resolver.call(read.ref).span
        for path, expr in piece.constants:
            text = self._work.resolver.facts(path).exprs[expr][1]
            site = self._work.line_site(path, expr)
            if text and text in place.label and len(text) > 3 and text.rstrip("/") == place.label.rstrip("/"):
                inside = path == read.ref.path and span.line <= site.span.line <= span.end_line
                return None if inside else site
        return None

    # -- intermediate files

    def _find_writers(self) -> dict[str, list[Use]]:
        writers: dict[str, list[Use]] = {}
        for use in self._work.sites.of_kind("dataset-write"):
            for place in self._places.of(use):
                if place.is_known and "{" not in place.identity:
                    writers.setdefault(place.identity, []).append(use)
        return writers

    def _upstream(self, dataset: Node, place: Place, depth: int) -> None:
        """Follow a file the repository writes itself to what it is made of."""
        if dataset.properties.get("pin") != "generated" or depth >= MAX_UPSTREAM or dataset.id.key in self._derived:
            return
        self._derived.add(dataset.id.key)
        for writer in self._writers.get(place.identity, ())[:4]:
            exprs = self._work.sites.select(writer.ref, writer.meaning.selectors("value") or ())
            if not exprs:
                function = self._work.resolver.facts(writer.ref.path).exprs[self._work.resolver.call(writer.ref).function]
                exprs = (function[1],) if function[0] == "attr" else ()
            for read, hops in self._work.flow.backward(writer.ref.path, exprs, READS).uses.items():
                if not self._is_data(read):
                    continue
                for source in self._places.of(read):
                    node = self._dataset(read, source)
                    if node.id == dataset.id:
                        continue
                    steps = (Evidence(self._work.site(writer.ref), f"`{dataset.label}` is written"), *(Evidence(h.site, h.text) for h in hops))
                    evidence = Evidence(self._work.site(read.ref), f"reads `{node.label}`", Certainty.RESOLVED)
                    self._work.graph.link(dataset.id, node.id, "derives", evidence, steps)
                    self._note_role(node, str(dataset.properties.get("role", "script")))
                    self._upstream(node, source, depth + 1)


def _estimator(use: Use) -> str:
    """The class or function that learns, as a reader knows it."""
    parts = [part for part in use.value.path.split(".") if part]
    if use.meaning.literal("model") == "return" or len(parts) < 2:
        return ".".join(parts[-2:]).replace("()", "")
    owner = next((part for part in reversed(parts[:-1]) if part[:1].isupper()), parts[-2])
    return owner.replace("()", "")


def _certainty(place: Place) -> Certainty:
    return {"literal": Certainty.EXACT, "configured": Certainty.RESOLVED, "default": Certainty.LIKELY}.get(
        place.provenance, Certainty.GUESSED
    )


def _shorten(read: Use) -> str:
    return f"{read.value.path.rpartition('.')[2]}(...)"
