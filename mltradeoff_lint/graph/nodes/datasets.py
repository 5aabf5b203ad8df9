"""Datasets that models learn from: every fit followed back to the reads its data comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from mltradeoff_lint.graph.facets import pins
from mltradeoff_lint.graph.nodes.asked_cursors import AskedCursors
from mltradeoff_lint.graph.nodes.deciding_calls import deciding_way
from mltradeoff_lint.graph.nodes.fitting_calls import fits
from mltradeoff_lint.graph.nodes.functions import add_entries, add_function
from mltradeoff_lint.graph.nodes.joined_features import JoinedFeatures, Part
from mltradeoff_lint.graph.nodes.joined_rows import JoinedRows
from mltradeoff_lint.graph.nodes.learned_values import LearnedValues
from mltradeoff_lint.graph.nodes.local_files import SCRATCH, TEMPORARY, is_copy
from mltradeoff_lint.graph.nodes.location_values import training_part
from mltradeoff_lint.graph.nodes.locations import READS, Places
from mltradeoff_lint.graph.nodes.made_locations import maker_of
from mltradeoff_lint.graph.nodes.packed_files import PackedFiles
from mltradeoff_lint.graph.nodes.places import Place
from mltradeoff_lint.graph.nodes.shell_fetches import ShellFetches
from mltradeoff_lint.graph.nodes.unpacked import Writing
from mltradeoff_lint.graph.nodes.updated_variables import updates_input
from mltradeoff_lint.graph.nodes.written_files import WrittenFiles
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.finding import Certainty
from mltradeoff_lint.model.graph import Evidence, Node
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.model.value import Property, Unknown
from mltradeoff_lint.resolve.domain import Frame, union
from mltradeoff_lint.resolve.flow import data_hooks
from mltradeoff_lint.resolve.flow.dataflow import Hop, Slice
from mltradeoff_lint.resolve.flow.slices import FlowNode
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
_APART = tuple({"mutable-explicit", fixed} for fixed in ("version-pinned", "content-pinned", "pinned-expiring"))
"""The pins of two reads of one place that are two things to learn from, as a tag and a branch are."""
_UNTRACKED = (pins.NO_TRACKING, pins.VERSIONED_FILE, SCRATCH)
"""Pins of local files of which nobody keeps track, beside those that say that they move."""
_MADE = "the repository makes it itself"
_VERBS = {"archive": "unpacks", "link": "gives another name to"}
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
        self._fetched = ShellFetches(work, self.places.files)
        self._packed = PackedFiles(work)
        self._rows = JoinedRows(work)
        self._learned = LearnedValues(work)
        self._cursors = AskedCursors(work)
        self._joined = JoinedFeatures(work, self.places.files)
        self._origins = Origins(work.resolver, work.flow)
        self._ordinals: dict[str, int] = {}
        self._derived: set[str] = set()
        self._ranks: dict[str, tuple[bool, int, int]] = {}

    def add(self) -> None:
        """Add every training, the datasets it learns from, and what these are derived from."""
        for use in self._work.sites.of_kind("training"):
            if self._learned.is_transformer(use) or fits(self._work, use).is_idle or updates_input(self._work, use):
                continue
            piece = self._learned_from(use)
            reads = self._reads(piece, use)
            if reads:
                training = self._training(use)
                for part in reads:
                    self._learn(training, part, self._first(use, training))
            elif piece.hooks or use.meaning.selectors("brings"):
                self._leave_open(use, piece)

    def _learned_from(self, use: Use) -> Slice:
        """What flows into a training: the data it is passed, else what the hooks of its model give."""
        path, sites = use.ref.path, self._work.sites
        exprs = sites.select(use.ref, use.meaning.selectors("data"))
        data = tuple(one for expr in exprs for one in training_part(self._work, path, expr))
        if data and self._rows.of(path):
            return self._of_slices(path, data)
        if data:
            return self._work.flow.backward(path, data, READS)
        models = sites.select(use.ref, use.meaning.selectors("brings"))
        values = union(*(self._work.resolver.values(path, one) for one in models))
        hooks = data_hooks.of_values(self._work.resolver, values, data_hooks.MODEL)
        return self._work.flow.backward(path, (), READS, hooks=hooks) if hooks else Slice()

    def _of_slices(self, path: str, data: tuple[int, ...]) -> Slice:
        """What flows into a training whose module joins tables and slices them apart again."""
        seen: set[tuple[str, int]] = set()

        def note(node: FlowNode) -> bool:
            seen.add((node.path, node.expr))
            return False

        piece = self._work.flow.backward(path, data, READS, ends=note)
        apart = self._rows.left_out(path, frozenset(seen))
        if not apart:
            return piece
        return self._work.flow.backward(path, data, READS, ends=lambda node: (node.path, node.expr) in apart)

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
        evidence = Evidence(site, "brings what did not resolve", Certainty.RESOLVED)
        self._work.graph.link(training.id, node.id, "trained_on", evidence, (self._first(use, training),))

    def _reads(self, piece: Slice, training: Use | None = None) -> list[Part]:
        # a job that is told where its data lies reads it itself
        own = dict.fromkeys(self._work.sites.at(training.ref) if training is not None else (), ())
        found: dict[Use, tuple[Use, tuple[Hop, ...]]] = {}
        for use, hops in {**own, **piece.uses}.items():
            for read in self._cursors.asked(use) or (use,):
                found.setdefault(read, (use, hops))
        parts = [Part(read, piece.frames.get(use, {None: hops}), hops) for read, (use, hops) in found.items()]
        joined = [
            part for one in parts if one.read.meaning.kind == "feature-read" for part in self._joined.parts(*one[:3])
        ]
        return [
            *(one for one in joined if one.places),
            *(
                one
                for one in (*parts, *joined)
                if one.read.meaning.kind == "dataset-read"
                and self._learned.is_data(one.read, training)
                and not self._work.sites.writes(one.read)
            ),
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

    def _first(self, use: Use, training: Node) -> Evidence:
        """Where the way to the data begins: the fit, or what is handed the data where no fit is seen."""
        words = "is handed its data" if fits(self._work, use).is_unseen else "is fitted"
        return Evidence(training.sites[0], f"`{training.properties['estimator']}` {words}")

    # -- datasets

    def _learn(self, training: Node, part: Part, first: Evidence) -> None:
        use = _Learning(self._role(training, part.read), len(part.hops))
        for place in self._places(part):
            dataset = self._dataset(part, place, use)
            self._link(training, dataset, "trained_on", part, place, (first, *_steps(self._hops(part, place))))
            self._upstream(dataset, place, part.read.ref.path, use, 0)

    def _role(self, training: Node, read: Use) -> str:
        """The role in which a training learns from a read: what a notebook reads is trained on there alone."""
        fitting = str(training.properties["role"])
        reading = self._work.roles.of(self._work.reach.holder(read.ref))
        return max(fitting, reading, key=_ROLE_ORDER.index) if reading in _ASIDE else fitting

    def _link(
        self, source: Node, dataset: Node, kind: str, part: Part, place: Place, steps: tuple[Evidence, ...]
    ) -> None:
        words = f"reads `{place.label}`" if place.is_known else "reads what did not resolve"
        evidence = Evidence(self._work.site(part.read.ref), words, Certainty.RESOLVED)
        way = self._origin(part, place)
        if way:
            # what is written elsewhere is mended there: the read is a step on the way to it
            steps = (*steps, evidence, *_steps(way[:-1]))
            evidence = Evidence(way[-1].site, way[-1].text, Certainty.RESOLVED)
        self._work.graph.link(source.id, dataset.id, kind, evidence, steps)

    def _places(self, part: Part) -> tuple[Place, ...]:
        """The places that a read means; those with open parts know the expression that makes them."""
        found: dict[Place, None] = dict.fromkeys(part.places)
        for frame in () if part.places else part.frames:
            for place in self.places.at(part.read, frame):
                is_open = place.is_known and not place.is_whole
                found[replace(place, maker=maker_of(self._work, part.read, frame)) if is_open else place] = None
        return tuple(found)

    def _dataset(self, part: Part, place: Place, use: _Learning) -> Node:
        read, site = part.read, self._work.site(part.read.ref)
        if not place.is_known:
            node = self._work.graph.add("Dataset", f"?{site.path}:{read.ref.call}", f"{read.value.path}(...)", site)
            node.properties.setdefault("pin", Unknown(place.pin.how))
            return node
        properties = self._properties(place, read.ref.path)
        node = self._work.graph.add("Dataset", place.identity, place.label, None, **properties)
        if {node.properties["pin"], properties["pin"]} in _APART:
            # one read names a version, and the other asks for what moves
            key = f"{place.identity} ({properties['pin_how']})"
            node = self._work.graph.add("Dataset", key, place.label, None, **properties)
        way = self._origin(part, place)
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
        is_untracked = place.pin.state.startswith("mutable") or place.pin in _UNTRACKED
        is_untracked = is_untracked or self.written.is_put_here(place, reader)
        is_built = place.pin.state.startswith("mutable") and self.places.relations.model(place, reader) is not None
        is_built = is_built or (is_untracked and bool(self._fetched.of(place, reader)))
        if is_built or (is_written and (is_untracked or is_copy(place.text))) or self._is_made_here(place):
            state = "generated"
        elif is_untracked and any(one.is_one_of_several(place, reader) for one in (self.written, self._fetched)):
            state = Unknown("a file that any of several archives may hold")
        elif place.pin.state.startswith("mutable") and self.written.may_write(place):
            state = Unknown("a file that may be written under a name with open parts")
        elif place.pin.state.startswith("mutable") and self._packed.may_hold(place, reader):
            state = Unknown("a file that an archive committed beside the code may hold")
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
        return (place.pin == TEMPORARY or place.pin.state == "unknown") and self.written.is_made_here(place)

    def _origin(self, part: Part, place: Place) -> tuple[Hop, ...]:
        """The way from a read to the line where its location is written, which is where it is mended.

        Empty when the read itself holds it, or when nobody can tell.
        """
        if not place.is_known:
            return ()
        if place.written_at is not None:
            return (Hop(place.written_at, f"names `{place.label}`"),)
        read = part.read
        exprs = (*self.places.values.exprs(read, part.setting), *self.places.values.exprs(read, "files"))
        span = self._work.resolver.call(read.ref).span
        way = self._origins.of(read.ref.path, exprs, place.text, span, self._frame_of(part, place))
        table = place.identity.removeprefix("table:") if place.scheme == "sql" and not way else ""
        if table and "," not in table:
            # a query that is put together is mended where the table stands
            way = self._origins.of(read.ref.path, exprs, table, span, self._frame_of(part, place))
        way = way or (() if part.places else deciding_way(self._work, self.places, read, place))
        is_here = bool(way) and way[-1].site.path == read.ref.path and way[-1].site.span.line == span.line
        return () if is_here else way

    def _frame_of(self, part: Part, place: Place) -> Frame | None:
        """The call through which a training came to a read that means a place; None where any call is as good."""
        for frame in () if part.places else part.frames:
            if any(one.identity == place.identity for one in self.places.at(part.read, frame)):
                return frame
        return None

    def _hops(self, part: Part, place: Place) -> tuple[Hop, ...]:
        """The hops to a read by the call that names a place, where the read is reached by several."""
        own = part.frames.get(self._frame_of(part, place), ())
        # what is joined is reached by further hops than those from the join to it
        return own if own and part.hops in part.frames.values() else part.hops

    # -- intermediate files

    def _upstream(self, dataset: Node, place: Place, reader: str, use: _Learning, depth: int) -> None:
        """Follow what the repository writes itself to what it is made of."""
        if dataset.properties.get("pin") != "generated" or depth >= MAX_UPSTREAM or dataset.id.key in self._derived:
            return
        self._derived.add(dataset.id.key)
        self._built(dataset, place, reader, use, depth)
        for writing in self.written.of(place, reader)[:MAX_WRITERS]:
            first = Evidence(self._work.site(writing.use.ref), f"`{self._written_as(writing, dataset)}` is written")
            for part in self._made_of(writing):
                further = _Learning(use.role, use.hops + len(part.hops) + 2)
                for source in self.written.sources_of(place, writing, self._places(part)):
                    node = self._dataset(part, source, further)
                    if node.id == dataset.id:
                        continue
                    self._link(dataset, node, "derives", part, source, (first, *_steps(self._hops(part, source))))
                    self._upstream(node, source, part.read.ref.path, further, depth + 1)

    def _written_as(self, writing: Writing, dataset: Node) -> str:
        """What a write calls the dataset, which other code may reach by another path; its own name where in doubt."""
        places = self.places.at(writing.use, writing.frame, "into" if writing.is_download else "location")
        same = (place.label for place in places if dataset.id.key in (place.identity, *place.candidates))
        return next(same, dataset.label)

    def _built(self, dataset: Node, place: Place, reader: str, use: _Learning, depth: int) -> None:
        """Follow a table that dbt builds, or a file that a command fetches, to what it is made of."""
        for source, site, from_path, words in self._sources(dataset, place, reader):
            further = _Learning(use.role, use.hops + 1)
            properties = self._properties(source, from_path)
            node = self._work.graph.add("Dataset", source.identity, source.label, None, **properties)
            if node.id == dataset.id:
                continue
            self._note_sites(node, (site,), further, source)
            node.evidence.setdefault("pin", Evidence(site, source.pin.how, Certainty.RESOLVED))
            self._work.graph.link(dataset.id, node.id, "derives", Evidence(site, words, Certainty.RESOLVED))
            self._upstream(node, source, from_path, further, depth + 1)

    def _sources(self, dataset: Node, place: Place, reader: str) -> Iterator[tuple[Place, Site, str, str]]:
        """What other languages make a dataset of: the line, the file it stands in, and the words for it."""
        for source, site in self.places.relations.sources(place, reader):
            yield source, site, site.path, f"dbt builds `{dataset.label}` from `{source.label}`"
        for one in self._fetched.of(place, reader):
            verb = _VERBS.get(one.transfer.kind, "downloads")
            yield one.source, one.site, one.path, f"a command {verb} `{one.source.label}`"

    def _made_of(self, writing: Writing) -> list[Part]:
        """The reads that a write is made of; a download is made of what it downloads."""
        if writing.is_download:
            return [Part(writing.use, {writing.frame: ()}, ())]
        exprs = self.written.sources(writing)
        piece = self._work.flow.backward(writing.use.ref.path, exprs, READS, frame=writing.frame)
        return self._reads(piece)


def _steps(hops: tuple[Hop, ...]) -> tuple[Evidence, ...]:
    """The hops of a trace, without one that repeats the place of the one before."""
    kept = [hop for position, hop in enumerate(hops) if not position or hop != hops[position - 1]]
    return tuple(Evidence(hop.site, hop.text) for hop in kept)
