"""Datasets that models learn from: every fit followed back to the reads its data comes from."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from mltradeoff_lint.graph.facets import pins
from mltradeoff_lint.graph.nodes.deciding_calls import deciding_way
from mltradeoff_lint.graph.nodes.fitting_calls import fits
from mltradeoff_lint.graph.nodes.functions import add_entries, add_function
from mltradeoff_lint.graph.nodes.learned_values import LearnedValues
from mltradeoff_lint.graph.nodes.local_files import is_copy
from mltradeoff_lint.graph.nodes.location_values import training_part
from mltradeoff_lint.graph.nodes.locations import READS, Places
from mltradeoff_lint.graph.nodes.made_locations import maker_of
from mltradeoff_lint.graph.nodes.places import Place
from mltradeoff_lint.graph.nodes.written_files import Writing, WrittenFiles
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.finding import Certainty
from mltradeoff_lint.model.graph import Evidence, Node
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.model.value import Property, Unknown
from mltradeoff_lint.resolve.domain import Frame, union
from mltradeoff_lint.resolve.flow import data_hooks
from mltradeoff_lint.resolve.flow.dataflow import Hop, Slice
from mltradeoff_lint.resolve.sites import Use
from mltradeoff_lint.resolve.values.origins import Origins

MAX_UPSTREAM = 4
"""How many files a dataset is followed back through when the repository writes them itself."""

MAX_WRITERS = 4

_ROLE_ORDER = ("scheduled", "serving", "train-entry", "script", "experiment", "tutorial", "test")
_EXAMPLES = ("tutorial", "test")
_ASIDE = ("experiment", *_EXAMPLES)
"""Roles that code has by where it stands, and not by who runs it."""

_UNWATCHED = ("scheduled", "serving")
_MADE = "the repository makes it itself"
_CERTAINTY = {"literal": Certainty.EXACT, "configured": Certainty.RESOLVED, "default": Certainty.LIKELY}


class _Learning(NamedTuple):
    """A training that a dataset is looked at for: the role of its code, and how many hops away it is."""

    role: str
    hops: int

    def rank(self, place: Place) -> tuple[bool, int, int]:
        """Sorts the trainings of one dataset: shown before examples, then by what is at stake, then the nearest."""
        stake = 0 if not place.is_remote or self.role in _UNWATCHED else 1 if self.role == "train-entry" else 2
        return self.role in _EXAMPLES, stake, self.hops


class Datasets:
    """Adds Training and Dataset nodes."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self.places = Places(work)
        self.written = WrittenFiles(work, self.places)
        self._learned = LearnedValues(work)
        self._origins = Origins(work.resolver, work.flow)
        self._ordinals: dict[str, int] = {}
        self._derived: set[str] = set()
        self._ranks: dict[str, tuple[bool, int, int]] = {}

    def add(self) -> None:
        """Add every training, the datasets it learns from, and what these are derived from."""
        for use in self._work.sites.of_kind("training"):
            if self._learned.is_transformer(use) or fits(self._work, use).is_idle:
                continue
            piece = self._learned_from(use)
            reads = self._reads(piece, use)
            if reads:
                training = self._training(use)
                for read, hops in reads:
                    self._learn(training, read, piece.frames.get(read, {None: None}), hops)
            elif piece.hooks or use.meaning.selectors("brings"):
                self._leave_open(use, piece)

    def _learned_from(self, use: Use) -> Slice:
        """What flows into a training: the data it is passed, else what the hooks of its model give."""
        path, sites = use.ref.path, self._work.sites
        exprs = sites.select(use.ref, use.meaning.selectors("data"))
        data = tuple(one for expr in exprs for one in training_part(self._work, path, expr))
        if data:
            return self._work.flow.backward(path, data, READS)
        models = sites.select(use.ref, use.meaning.selectors("brings"))
        values = union(*(self._work.resolver.values(path, one) for one in models))
        hooks = data_hooks.of_values(self._work.resolver, values, data_hooks.MODEL)
        return self._work.flow.backward(path, (), READS, hooks=hooks) if hooks else Slice()

    def _leave_open(self, use: Use, piece: Slice) -> None:
        """Count a training that a framework gets its data for, where nobody can tell what that is."""
        reasons = {
            **piece.unknown,
            **{f"{taken}, which brings data that is not visible here": at for taken, at in piece.unseen.items()},
        }
        if not piece.uses:
            reasons.setdefault("nothing here shows what the trainer is brought", self._work.site(use.ref))
        if not reasons:
            return
        reason, site = next(iter(reasons.items()))
        training = self._training(use)
        key = f"?{use.ref.path}:{use.ref.call}:brought"
        node = self._work.graph.add("Dataset", key, "what the trainer is brought", site)
        node.properties.setdefault("pin", Unknown(reason))
        first = Evidence(training.sites[0], f"`{training.properties['estimator']}` is fitted")
        evidence = Evidence(site, "brings what did not resolve", Certainty.RESOLVED)
        self._work.graph.link(training.id, node.id, "trained_on", evidence, (first,))

    def _reads(self, piece: Slice, training: Use | None = None) -> list[tuple[Use, tuple[Hop, ...]]]:
        # a job that is told where its data lies reads it itself
        own = dict.fromkeys(self._work.sites.at(training.ref) if training is not None else (), ())
        return [
            (read, hops)
            for read, hops in {**own, **piece.uses}.items()
            if read.meaning.kind == "dataset-read"
            and self._learned.is_data(read, training)
            and not self._work.sites.writes(read)
        ]

    # -- trainings

    def _training(self, use: Use) -> Node:
        work = self._work
        holder = work.reach.holder(use.ref)
        estimator = self._learned.estimator(use)
        method = use.value.path.rpartition(".")[2]
        base = f"{work.module_name(use.ref.path)}:{work.cause_name(holder)}:{method}"
        self._ordinals[base] = self._ordinals.get(base, 0) + 1
        key = base if self._ordinals[base] == 1 else f"{base}#{self._ordinals[base]}"
        node = work.graph.add(
            "Training", key, estimator, work.site(fits(work, use).at),
            library=use.meaning.literal("library", use.meaning.library), estimator=estimator,
            role=work.roles.of(holder),
        )  # fmt: skip
        add_entries(work, holder)
        evidence = Evidence(work.site(use.ref), f"`{work.function_name(holder)}` fits `{estimator}`")
        work.graph.link(add_function(work, holder), node.id, "performs", evidence)
        return node

    # -- datasets

    def _learn(self, training: Node, read: Use, frames: dict[Frame | None, None], hops: tuple[Hop, ...]) -> None:
        first = Evidence(training.sites[0], f"`{training.properties['estimator']}` is fitted")
        use = _Learning(self._role(training, read), len(hops))
        for place in self._places(read, frames):
            dataset = self._dataset(read, place, use)
            self._link(training, dataset, "trained_on", read, place, (first, *_steps(hops)))
            self._upstream(dataset, place, read.ref.path, use, 0)

    def _role(self, training: Node, read: Use) -> str:
        """The role in which a training learns from a read: what a notebook reads is trained on there alone."""
        fitting = str(training.properties["role"])
        reading = self._work.roles.of(self._work.reach.holder(read.ref))
        return max(fitting, reading, key=_ROLE_ORDER.index) if reading in _ASIDE else fitting

    def _link(
        self, source: Node, dataset: Node, kind: str, read: Use, place: Place, steps: tuple[Evidence, ...]
    ) -> None:
        words = f"reads `{dataset.label}`" if place.is_known else "reads what did not resolve"
        evidence = Evidence(self._work.site(read.ref), words, Certainty.RESOLVED)
        way = self._origin(read, place)
        if way:
            # what is written elsewhere is mended there: the read is a step on the way to it
            steps = (*steps, evidence, *_steps(way[:-1]))
            evidence = Evidence(way[-1].site, way[-1].text, Certainty.RESOLVED)
        self._work.graph.link(source.id, dataset.id, kind, evidence, steps)

    def _places(self, read: Use, frames: dict[Frame | None, None]) -> tuple[Place, ...]:
        """The places that a read means; those with open parts know the expression that makes them."""
        found: dict[Place, None] = {}
        for frame in frames:
            for place in self.places.at(read, frame):
                is_open = place.is_known and not place.is_whole
                found[replace(place, maker=maker_of(self._work, read, frame)) if is_open else place] = None
        return tuple(found)

    def _dataset(self, read: Use, place: Place, use: _Learning) -> Node:
        site = self._work.site(read.ref)
        if not place.is_known:
            node = self._work.graph.add("Dataset", f"?{site.path}:{read.ref.call}", f"{read.value.path}(...)", site)
            node.properties.setdefault("pin", Unknown(place.pin.how))
            return node
        properties = self._properties(place, read.ref.path)
        node = self._work.graph.add("Dataset", place.identity, place.label, None, **properties)
        way = self._origin(read, place)
        self._note_sites(node, (way[-1].site if way else site, site), use, place)
        certainty = _CERTAINTY.get(place.provenance, Certainty.GUESSED)
        node.evidence.setdefault("pin", Evidence(site, str(properties["pin_how"]), certainty))
        return node

    def _note_sites(self, dataset: Node, sites: tuple[Site, ...], use: _Learning, place: Place) -> None:
        """Keep where a dataset appears, first where the training reads it that a finding will be told of."""
        known = dataset.properties.get("role")
        if not isinstance(known, str) or _ROLE_ORDER.index(use.role) < _ROLE_ORDER.index(known):
            dataset.properties["role"] = use.role
        rank = use.rank(place)
        best = self._ranks.get(dataset.id.key)
        if best is None or rank < best:
            self._ranks[dataset.id.key] = rank
            dataset.sites[:] = [*sites, *dataset.sites]
        else:
            dataset.sites += sites
        dataset.sites[:] = dict.fromkeys(dataset.sites)

    def _properties(self, place: Place, reader: str) -> dict[str, Property]:
        is_written = bool(self.written.of(place, reader))
        state: Property = place.pin.state
        is_untracked = place.pin.state.startswith("mutable") or place.pin == pins.NO_TRACKING
        is_built = place.pin.state.startswith("mutable") and self.places.relations.model(place, reader) is not None
        if is_built or (is_written and (is_untracked or is_copy(place.text))) or self._is_made_here(place):
            state = "generated"
        elif place.pin.state.startswith("mutable") and self.written.may_write(place):
            state = Unknown("a file that may be written under a name with open parts")
        elif place.pin.state == "unknown":
            state = Unknown(place.pin.how)
        return {
            "identity": place.identity,
            "scheme": place.scheme,
            "remote": place.is_remote,
            "pin": state,
            "pin_how": _MADE if state == "generated" != place.pin.state else place.pin.how,
            "pin_fix": place.pin.fix,
            "tracked": place.is_tracked,
            "written": is_written,
            "provenance": place.provenance,
            "home": place.is_home,
            "convention": place.is_convention,
            "archived": place.pin == pins.KEPT,
        }

    def _is_made_here(self, place: Place) -> bool:
        """Whether an address that did not resolve is one that the repository itself writes."""
        return place.pin.state == "unknown" and self.written.is_made_here(place)

    def _origin(self, read: Use, place: Place) -> tuple[Hop, ...]:
        """The way from a read to the line where its location is written, which is where it is mended.

        Empty when the read itself holds it, or when nobody can tell.
        """
        if not place.is_known:
            return ()
        if place.written_at is not None:
            return (Hop(place.written_at, f"names `{place.label}`"),)
        exprs = (*self.places.values.exprs(read), *self.places.values.exprs(read, "files"))
        span = self._work.resolver.call(read.ref).span
        way = self._origins.of(read.ref.path, exprs, place.text, span)
        way = way or deciding_way(self._work, self.places, read, place)
        is_here = bool(way) and way[-1].site.path == read.ref.path and way[-1].site.span.line == span.line
        return () if is_here else way

    # -- intermediate files

    def _upstream(self, dataset: Node, place: Place, reader: str, use: _Learning, depth: int) -> None:
        """Follow what the repository writes itself to what it is made of."""
        if dataset.properties.get("pin") != "generated" or depth >= MAX_UPSTREAM or dataset.id.key in self._derived:
            return
        self._derived.add(dataset.id.key)
        self._built(dataset, place, reader, use, depth)
        for writing in self.written.of(place, reader)[:MAX_WRITERS]:
            first = Evidence(self._work.site(writing.use.ref), f"`{dataset.label}` is written")
            for read, frames, hops in self._made_of(writing):
                further = _Learning(use.role, use.hops + len(hops) + 2)
                for source in _same_name(place, self._places(read, frames)):
                    node = self._dataset(read, source, further)
                    if node.id == dataset.id:
                        continue
                    self._link(dataset, node, "derives", read, source, (first, *_steps(hops)))
                    self._upstream(node, source, read.ref.path, further, depth + 1)

    def _built(self, dataset: Node, place: Place, reader: str, use: _Learning, depth: int) -> None:
        """Follow a table that dbt builds to what the SQL of its model reads."""
        for source, site in self.places.relations.sources(place, reader):
            further = _Learning(use.role, use.hops + 1)
            properties = self._properties(source, site.path)
            node = self._work.graph.add("Dataset", source.identity, source.label, None, **properties)
            if node.id == dataset.id:
                continue
            self._note_sites(node, (site,), further, source)
            node.evidence.setdefault("pin", Evidence(site, source.pin.how, Certainty.RESOLVED))
            words = f"dbt builds `{dataset.label}` from `{source.label}`"
            self._work.graph.link(dataset.id, node.id, "derives", Evidence(site, words, Certainty.RESOLVED))
            self._upstream(node, source, site.path, further, depth + 1)

    def _made_of(self, writing: Writing) -> list[tuple[Use, dict[Frame | None, None], tuple[Hop, ...]]]:
        """The reads that a write is made of; a download is made of what it downloads."""
        if writing.is_download:
            return [(writing.use, {writing.frame: None}, ())]
        exprs = self.written.sources(writing)
        piece = self._work.flow.backward(writing.use.ref.path, exprs, READS, frame=writing.frame)
        return [(read, piece.frames[read], hops) for read, hops in self._reads(piece)]


def _same_name(target: Place, sources: tuple[Place, ...]) -> tuple[Place, ...]:
    """Of the files a loop copies under their own names, the one with the name of the target."""
    name = target.text.rpartition("/")[2]
    named = tuple(one for one in sources if name and one.text.rpartition("/")[2] == name)
    return named or sources


def _steps(hops: tuple[Hop, ...]) -> tuple[Evidence, ...]:
    """The hops of a trace, without one that repeats the place of the one before."""
    kept = [hop for position, hop in enumerate(hops) if not position or hop != hops[position - 1]]
    return tuple(Evidence(hop.site, hop.text) for hop in kept)
