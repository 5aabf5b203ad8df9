"""Evaluates a rule over the graph: every binding that matches, kept or with the clause that dropped it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from mltradeoff_lint.model.finding import Certainty
from mltradeoff_lint.model.graph import Edge, GraphView, Node, NodeId
from mltradeoff_lint.model.rule import Need, NodePattern, Relation, Rule, UnlessClause
from mltradeoff_lint.model.value import Property, Unknown
from mltradeoff_lint.query import checks
from mltradeoff_lint.query.plan import Compare, Extend, Filter, Join, Link, PlanStep, Start, edge_as_path, plan
from mltradeoff_lint.query.reach import PathSearch, Reached
from mltradeoff_lint.query.truth import Doubt, Truth, all_hold, join_key, pattern_holds, values_agree

CANDIDATE_LIMIT = 100_000
"""Bindings of one rule that are looked at; the rest is counted as unknown, never left out in silence."""

EXAMPLE_ROLES = ("test", "tutorial")
"""The roles of code whose findings are hidden unless examples are asked for."""


class Drop(NamedTuple):
    """A clause that drops a candidate, in words; `is_unknown` when it might not, if somebody knew the answer."""

    clause: str
    text: str
    is_unknown: bool = False

    def __str__(self) -> str:
        if self.is_unknown:
            return f"{self.clause} is unknown: {self.text}"
        return f"{self.clause}: {self.text}" if self.text else self.clause


@dataclass(frozen=True, slots=True)
class Candidate:
    """One binding of the variables for which `match`, paths, edges and relations hold or are in doubt."""

    bindings: Mapping[str, NodeId]
    traces: Mapping[str, tuple[Edge, ...]]
    """The edges of each named path or edge, in the direction of the graph."""
    certainty: Certainty
    drops: tuple[Drop, ...] = ()
    """Every clause that drops it: the definite ones, else those in doubt; empty when it is kept."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule found in a graph, sorted by the names of the bound nodes."""

    rule: str
    kept: tuple[Candidate, ...]
    dropped: tuple[Candidate, ...]
    unknown: Mapping[str, int] = field(default_factory=dict)
    """Causes that are neither claimed nor cleared, by the reason of the first doubt; without those of examples."""
    unknown_in_examples: Mapping[str, int] = field(default_factory=dict)
    """The same of causes that only stand in tests and tutorials, which are reported when asked for."""
    notes: tuple[Need, ...] = ()
    """Evidence that the repository lacks and without which the kept candidates cannot be claimed."""


def evaluate(rule: Rule, view: GraphView, only: Mapping[str, NodeId] | None = None) -> Outcome:
    """The outcome of a rule; `only` ties variables to single nodes, to explain one place.

    Raises ValueError when a named check binds other variables or kinds than its rule declares.
    """
    run = _Evaluation(rule, view, only or {})
    found = sorted(run.candidates(), key=lambda each: [each.bindings.get(name, _NONE) for name in rule.match])
    kept = [each for each in found if not each.drops]
    dropped = [each for each in found if each.drops]
    notes = tuple(need for need in rule.needs if kept and need.evidence not in view.evidence_kinds())
    if notes:
        drops = tuple(Drop(f"needs.{need.evidence}", need.note) for need in notes)
        dropped += [Candidate(each.bindings, each.traces, each.certainty, drops) for each in kept]
        kept = []
    unknown, in_examples = _count_unknown(rule, view, kept, dropped)
    if run.is_cut_short:
        unknown[f"more than {CANDIDATE_LIMIT} candidates"] = 1
    return Outcome(rule.name, tuple(kept), tuple(dropped), unknown, in_examples, notes)


def cause_of(rule: Rule, bindings: Mapping[str, NodeId], view: GraphView) -> str:
    """The identity of the cause: nodes, and properties by kind, so that a rule may rename its variables.

    A property without a known value gives way to the node itself: unknown things are not one thing.
    """
    parts = []
    for each in rule.report.cause:
        variable, _, name = each.partition(".")
        identity = bindings[variable]
        value = view.node(identity).properties.get(name) if name else None
        if value is None or isinstance(value, Unknown):
            parts.append(str(identity))
        else:
            text = ",".join(value) if isinstance(value, tuple) else str(value)
            parts.append(f"{identity.kind}.{name}={text}")
    return " | ".join(parts)


def role_of(rule: Rule, nodes: Mapping[str, Node]) -> str:
    """The role of the code that a rule judges, by its `report.role`; empty for a rule that asks for none."""
    variable, _, name = rule.report.role.partition(".")
    value = nodes[variable].properties.get(name) if name else None
    return "unknown" if isinstance(value, Unknown) else str(value or "")


_NONE = NodeId("", "")


class _Partial(NamedTuple):
    """A binding of some variables on its way to a candidate."""

    bindings: dict[str, NodeId]
    traces: dict[str, tuple[Edge, ...]]
    certainty: Certainty
    doubts: tuple[Doubt, ...]


class _Evaluation:
    """One rule on one graph: the populations of its variables, its searches, and the stream of partials."""

    def __init__(self, rule: Rule, view: GraphView, only: Mapping[str, NodeId]) -> None:
        self.rule = rule
        self.view = view
        self.is_cut_short = False
        self._only = only
        self._populations = {name: self._population(name, pattern) for name, pattern in rule.match.items()}
        self._searches: dict[tuple[str, bool], PathSearch] = {}
        self._tested = _tested_properties(rule)
        self._stray: list[Candidate] = []

    def candidates(self) -> list[Candidate]:
        """All candidates, with the clauses that drop them."""
        partials: Iterable[_Partial] = self._checked() if self.rule.check else [_Partial({}, {}, Certainty.EXACT, ())]
        bound = tuple(self.rule.match) if self.rule.check else ()
        sizes = {name: len(nodes) for name, nodes in self._populations.items()}
        for step in plan(self.rule, sizes, bound):
            partials = self._apply(step, partials)
        found: list[Candidate] = []
        for partial in partials:
            if len(found) == CANDIDATE_LIMIT:
                self.is_cut_short = True
                break
            found.append(self._judge(partial))
        return [*found, *self._stray]

    def _population(self, name: str, pattern: NodePattern) -> dict[NodeId, Doubt | None]:
        """The nodes a variable may stand for, sorted, each with the doubt of its tests."""
        nodes = [self.view.node(self._only[name])] if name in self._only else self.view.nodes(pattern.kind)
        return _matching(pattern, nodes, f"match.{name}")

    def _checked(self) -> Iterator[_Partial]:
        check = checks.find(self.rule.check)
        for bindings in check(self.view, self.rule.options):
            kinds = {name: identity.kind for name, identity in bindings.items()}
            if kinds != {name: pattern.kind for name, pattern in self.rule.match.items()}:
                raise ValueError(f"check `{self.rule.check}` binds other variables than `match` of {self.rule.name}")
            partial: _Partial | None = _Partial({}, {}, Certainty.EXACT, ())
            for name in self.rule.match:
                partial = partial and self._bind(partial, name, bindings[name])
            if partial is not None:
                yield partial

    def _apply(self, step: PlanStep, partials: Iterable[_Partial]) -> Iterator[_Partial]:
        match step:
            case Start(variable):
                return self._start(partials, variable)
            case Extend():
                return self._extend(partials, step)
            case Filter(link):
                return self._filter(partials, link)
            case Join():
                return self._join(partials, step)
            case Compare():
                return self._compare(partials, step)

    def _start(self, partials: Iterable[_Partial], variable: str) -> Iterator[_Partial]:
        for partial in partials:
            for identity in self._populations[variable]:
                bound = self._bind(partial, variable, identity)
                if bound is not None:
                    yield bound

    def _extend(self, partials: Iterable[_Partial], step: Extend) -> Iterator[_Partial]:
        search = self._search(step.link, step.backward)
        for partial in partials:
            for identity, reached in search.reach(partial.bindings[step.known]).items():
                bound = self._bind(partial, step.new, identity)
                if bound is not None:
                    yield _followed(bound, step.link, reached)

    def _filter(self, partials: Iterable[_Partial], link: Link) -> Iterator[_Partial]:
        for partial in partials:
            reached = self._linked(link, partial.bindings)
            if link.clause.optional:
                if reached is not None and reached.doubt is None:
                    partial.traces[link.clause.name] = reached.edges
                yield partial
            elif reached is not None:
                yield _followed(partial, link, reached)

    def _join(self, partials: Iterable[_Partial], step: Join) -> Iterator[_Partial]:
        """Hash join: a node whose value is unknown joins nothing and is one candidate in doubt of its own."""
        sides = (step.relation.left, step.relation.right)
        names = {side.partition(".")[0]: side.partition(".")[2] for side in sides}
        by_value: dict[object, list[NodeId]] = {}
        for identity in self._populations[step.new]:
            key = join_key(self.view.node(identity).properties.get(names[step.new]))
            if isinstance(key, Unknown):
                self._leave_out({step.new: identity}, step.label, key)
            elif key is not None:
                by_value.setdefault(key, []).append(identity)
        for partial in partials:
            key = join_key(self._value(partial.bindings, f"{step.known}.{names[step.known]}"))
            if isinstance(key, Unknown):
                self._leave_out(partial.bindings, step.label, key)
                continue
            for identity in by_value.get(key, ()):
                bound = self._bind(partial, step.new, identity)
                if bound is not None:
                    yield bound

    def _leave_out(self, bindings: Mapping[str, NodeId], label: str, value: Unknown) -> None:
        drop = Drop(label, value.reason, is_unknown=True)
        self._stray.append(Candidate(dict(bindings), {}, Certainty.GUESSED, (drop,)))

    def _compare(self, partials: Iterable[_Partial], step: Compare) -> Iterator[_Partial]:
        for partial in partials:
            truth = self._related(step.relation, partial.bindings)
            if isinstance(truth, Unknown):
                yield partial._replace(doubts=(*partial.doubts, Doubt(step.label, truth.reason)))
            elif truth:
                yield partial

    def _related(self, relation: Relation, bindings: Mapping[str, NodeId]) -> bool | Unknown:
        if relation.kind == "distinct":
            return bindings[relation.left] != bindings[relation.right]
        values = self._value(bindings, relation.left), self._value(bindings, relation.right)
        if relation.kind == "same" or None in values:
            return values_agree(*values)
        agree = values_agree(*values)
        return agree if isinstance(agree, Unknown) else not agree

    def _value(self, bindings: Mapping[str, NodeId], place: str) -> Property | None:
        variable, _, name = place.partition(".")
        return self.view.node(bindings[variable]).properties.get(name)

    def _bind(self, partial: _Partial, variable: str, identity: NodeId) -> _Partial | None:
        """The partial with one more variable; None when the node is not in the population of the variable."""
        population = self._populations[variable]
        if identity not in population:
            return None
        doubt = population[identity]
        return _Partial(
            {**partial.bindings, variable: identity},
            dict(partial.traces),
            min(partial.certainty, self._property_certainty(variable, identity)),
            (*partial.doubts, doubt) if doubt else partial.doubts,
        )

    def _property_certainty(self, variable: str, identity: NodeId) -> Certainty:
        evidence = self.view.node(identity).evidence
        if not evidence:
            return Certainty.EXACT
        tested = self._tested.get(variable, ())
        return min((evidence[name].certainty for name in tested if name in evidence), default=Certainty.EXACT)

    def _linked(self, link: Link, bindings: Mapping[str, NodeId]) -> Reached | None:
        """The best path of a link whose variables are bound."""
        source, target = link.clause.source, link.clause.target
        if isinstance(source, str) and isinstance(target, str):
            backward = len(self._populations[target]) < len(self._populations[source])
            start, end = (target, source) if backward else (source, target)
            return self._search(link, backward).reach(bindings[start]).get(bindings[end])
        if isinstance(source, str):
            return self._search(link, backward=False).best(bindings[source])
        return self._search(link, backward=True).best(bindings[str(target)])

    def _search(self, link: Link, backward: bool) -> PathSearch:
        key = (link.label, backward)
        if key not in self._searches:
            far = link.clause.source if backward else link.clause.target
            if isinstance(far, str):
                ends = self._populations[far]
            else:
                ends = _matching(far, self.view.nodes(far.kind), f"{link.label}.{far.kind}")
            self._searches[key] = PathSearch(self.view, link.clause, link.label, ends, backward=backward)
        return self._searches[key]

    def _judge(self, partial: _Partial) -> Candidate:
        """The candidate of a full binding, after `unless` and what is in doubt."""
        definite: list[Drop] = []
        doubts = list(partial.doubts)
        for clause in self.rule.unless:
            truth = self._silenced(clause, partial.bindings)
            if truth is True:
                definite.append(Drop(f"unless.{clause.position}", clause.text))
            elif isinstance(truth, Doubt):
                doubts.append(truth)
        certainty = partial.certainty
        drops = tuple(definite)
        if doubts and not definite:
            certainty = Certainty.GUESSED
            if self.rule.on_unknown == "drop":
                drops = tuple(Drop(doubt.clause, doubt.reason, is_unknown=True) for doubt in doubts)
        return Candidate(partial.bindings, partial.traces, certainty, drops)

    def _silenced(self, clause: UnlessClause, bindings: Mapping[str, NodeId]) -> Truth:
        label = f"unless.{clause.position}"
        if clause.tests:
            answers = [
                all_hold((test,), self.view.node(bindings[name]).properties, label) for name, test in clause.tests
            ]
            doubts = [answer for answer in answers if isinstance(answer, Doubt)]
            if False in answers:
                return False
            return Doubt(label, doubts[0].reason) if doubts else True
        path = clause.path or (clause.edge and edge_as_path(clause.edge))
        reached = self._linked(Link(label, path), bindings) if path else None
        if reached is None:
            return False
        return Doubt(label, reached.doubt.reason) if reached.doubt else True


def _matching(pattern: NodePattern, nodes: Iterable[Node], label: str) -> dict[NodeId, Doubt | None]:
    """The nodes for which a pattern is not false, sorted by identity, each with its doubt."""
    found: dict[NodeId, Doubt | None] = {}
    for node in sorted(nodes, key=lambda each: each.id):
        truth = pattern_holds(pattern, node, label)
        if truth is not False:
            found[node.id] = truth if isinstance(truth, Doubt) else None
    return found


def _followed(partial: _Partial, link: Link, reached: Reached) -> _Partial:
    """The partial after a link: its trace, its certainty and its doubt."""
    if link.clause.name:
        partial.traces[link.clause.name] = reached.edges
    doubts = (*partial.doubts, reached.doubt) if reached.doubt else partial.doubts
    return partial._replace(certainty=min(partial.certainty, reached.certainty), doubts=doubts)


def _tested_properties(rule: Rule) -> dict[str, frozenset[str]]:
    """The properties of each variable that the rule reads to decide."""
    found: dict[str, set[str]] = {name: {test.property for test in each.tests} for name, each in rule.match.items()}
    for clause in rule.unless:
        for name, test in clause.tests:
            found[name].add(test.property)
    for relation in rule.relations:
        for side in (relation.left, relation.right):
            variable, _, name = side.partition(".")
            if name:
                found[variable].add(name)
    return {name: frozenset(properties) for name, properties in found.items()}


def _count_unknown(
    rule: Rule, view: GraphView, kept: Iterable[Candidate], dropped: Iterable[Candidate]
) -> tuple[dict[str, int], dict[str, int]]:
    """Causes in doubt by reason, and those of examples apart; a cause that is also claimed is not in doubt."""
    claimed = {cause_of(rule, each.bindings, view) for each in kept}
    reasons: dict[str, tuple[bool, str]] = {}
    for each in dropped:
        if all(drop.is_unknown for drop in each.drops):
            complete = each.bindings.keys() == rule.match.keys()
            cause = cause_of(rule, each.bindings, view) if complete else str(sorted(each.bindings.items()))
            nodes = {name: view.node(identity) for name, identity in each.bindings.items()}
            is_example = complete and role_of(rule, nodes) in EXAMPLE_ROLES
            if cause not in claimed and (cause not in reasons or (reasons[cause][0] and not is_example)):
                reasons[cause] = (is_example, each.drops[0].text)
    counts = sorted(Counter(reasons.values()).items())
    in_use = {reason: count for (is_example, reason), count in counts if not is_example}
    return in_use, {reason: count for (is_example, reason), count in counts if is_example}
