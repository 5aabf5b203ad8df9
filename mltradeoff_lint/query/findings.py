"""Turns the kept candidates of a rule into findings: one per cause, with message, severity, owner and trace."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from mltradeoff_lint.model.finding import Certainty, Confidence, Finding, Severity, Step, Suppression
from mltradeoff_lint.model.graph import Edge, Evidence, GraphView, Node, NodeId, seen_along
from mltradeoff_lint.model.redact import quoted, redact
from mltradeoff_lint.model.rule import Case, Rule
from mltradeoff_lint.model.source import WHOLE_FILE, Location, Site
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.query.evaluate import EXAMPLE_ROLES, Candidate, Outcome, cause_of, role_of
from mltradeoff_lint.query.fields import Field, parse, render, shown
from mltradeoff_lint.query.schema import listed
from mltradeoff_lint.query.truth import all_hold

Locate: TypeAlias = Callable[[Site], Location]
Fingerprint: TypeAlias = Callable[[str, str, str], str]
"""Rule name, variant and cause to the digest that names a finding over time."""

EXAMPLES = "examples"
"""The kind of suppression of findings in tests and tutorials."""

_NOTE_ROLES = ("script", "experiment")


def findings(
    rule: Rule,
    outcome: Outcome,
    view: GraphView,
    locate: Locate,
    fingerprint: Fingerprint,
    *,
    include_examples: bool = False,
) -> tuple[Finding, ...]:
    """The findings of a rule, one per cause, sorted by place.

    Of the candidates with one cause, one represents it: shown before hidden, one that a path of the report leads to
    before one that none does, then by confidence, severity, certainty, shortest trace, and name; the others become
    related locations. A finding in a test or tutorial is
    marked as suppressed by `examples` unless those are included.
    """
    groups: dict[str, list[_Draft]] = {}
    for candidate in outcome.kept:
        groups.setdefault(cause_of(rule, candidate.bindings, view), []).append(_draft(rule, candidate, view))
    found = []
    for cause, drafts in groups.items():
        led_to = _led_to(rule, drafts)
        first, *others = sorted(drafts, key=lambda draft: draft.order(led_to[draft.candidate.bindings[rule.report.at]]))
        digest = fingerprint(rule.name, first.variant, cause)
        hidden = first.is_example and not include_examples
        suppressed = Suppression(EXAMPLES, f"stands in code of role `{first.role}`") if hidden else None
        found.append(replace(_finding(rule, first, others, view, locate), fingerprint=digest, suppressed=suppressed))
    return tuple(sorted(found, key=_place))


def _led_to(rule: Rule, drafts: Iterable[_Draft]) -> dict[NodeId, int]:
    """How well each reported node is reached: 2 by a path of the trace, 1 by a related one of several steps, else 0."""
    found: dict[NodeId, int] = {}
    for draft in drafts:
        traces, at = draft.candidate.traces, draft.candidate.bindings[rule.report.at]
        is_related = any(len(traces.get(name, ())) > 1 for name in rule.report.related)
        found[at] = max(found.get(at, 0), 2 if draft.length else 1 if is_related else 0)
    return found


def _place(finding: Finding) -> tuple[str, int, int, str]:
    where = finding.location
    return where.path, where.line, where.column, finding.fingerprint


def _finding(rule: Rule, first: _Draft, others: Iterable[_Draft], view: GraphView, locate: Locate) -> Finding:
    """The finding of a cause, before it has its fingerprint."""
    return Finding(
        rule=rule.name,
        group=rule.group,
        severity=first.severity,
        confidence=first.confidence,
        persona=rule.persona,
        claim=render(first.message, first.nodes, rule.options),
        remedy=render(first.remedy, first.nodes, rule.options),
        location=locate(_site_of(rule, first)),
        fingerprint="",
        variant=first.variant,
        trace=tuple(_trace(rule, first, view, locate)),
        related=tuple(_related(rule, first, others, view, locate)),
        owner=_owner(rule, first, view),
        facts=tuple(_facts(rule, first)),
    )


def stepped_down(severity: Severity, role: str) -> Severity:
    """The severity in code of a role: as it is when served or scheduled, one step less in a training entry point,
    a note elsewhere; `unknown` counts as a training entry point and no role leaves it as it is."""
    if role in ("train-entry", "unknown"):
        return Severity(max(severity - 1, Severity.NOTE))
    return Severity.NOTE if role in (*_NOTE_ROLES, *EXAMPLE_ROLES) else severity


@dataclass(frozen=True, slots=True)
class _Draft:
    """A candidate with its case, before anything is written."""

    candidate: Candidate
    nodes: Mapping[str, Node]
    variant: str
    severity: Severity
    confidence: Confidence
    role: str
    message: str
    remedy: str
    steps: tuple[Evidence, ...]

    @property
    def length(self) -> int:
        """Steps of the paths that the report shows."""
        return len(self.steps)

    @property
    def is_in_notebook(self) -> bool:
        """Whether a notebook takes a step that a module may take as well."""
        return any(one.site.path.endswith(".ipynb") for one in self.steps)

    @property
    def is_example(self) -> bool:
        return self.role in EXAMPLE_ROLES

    def order(self, led_to: int) -> tuple[object, ...]:
        """What comes first of several with one cause; `led_to` is how well the reported node is reached."""
        ids = tuple(self.candidate.bindings.values())
        certainty = self.candidate.certainty
        surest = -self.confidence, -self.severity, -certainty
        return self.is_example, -led_to, *surest, self.is_in_notebook, self.length, ids


def _draft(rule: Rule, candidate: Candidate, view: GraphView) -> _Draft:
    nodes = {name: view.node(candidate.bindings[name]) for name in rule.match}
    case = _case(rule, nodes)
    role = role_of(rule, nodes)
    severity = rule.severity if case is None or case.severity is None else case.severity
    if case is None or case.step_down:
        severity = stepped_down(severity, role)
    return _Draft(
        candidate=candidate,
        nodes=nodes,
        variant=case.variant if case else "",
        severity=severity,
        confidence=min(rule.confidence, Confidence.from_certainty(min(candidate.certainty, _certainty(case, nodes)))),
        role=role,
        message=(case.message if case else "") or rule.report.message,
        remedy=(case.remedy if case else "") or rule.report.remedy,
        steps=tuple(
            step
            for name in rule.report.trace
            for edge in candidate.traces.get(name, ())
            for step in (*edge.steps, edge.evidence)
        ),
    )


def _certainty(case: Case | None, nodes: Mapping[str, Node]) -> Certainty:
    """The least certainty of the evidence for what a case tests."""
    tests = case.tests if case is not None else ()
    found = (nodes[name].evidence.get(test.property) for name, test in tests)
    return min((evidence.certainty for evidence in found if evidence is not None), default=Certainty.EXACT)


def _case(rule: Rule, nodes: Mapping[str, Node]) -> Case | None:
    """The first case all of whose tests are true; one in doubt is not taken."""
    for case in rule.report.cases:
        if all(all_hold((test,), nodes[name].properties, "") is True for name, test in case.tests):
            return case
    return None


def _site_of(rule: Rule, draft: _Draft) -> Site:
    """Where the finding stands; a node without a site borrows the place of an edge, then of another node."""
    at = draft.nodes[rule.report.at]
    sites = _shown_at(at, draft)
    sites += [edge.evidence.site for edges in draft.candidate.traces.values() for edge in edges[:1]]
    sites += [site for node in draft.nodes.values() for site in node.sites[:1]]
    return sites[0] if sites else Site(".", WHOLE_FILE)


def _shown_at(node: Node, draft: _Draft) -> list[Site]:
    """Where a node stands on the paths of its candidate; its first place where none of them comes to it."""
    edges = (edge for path in draft.candidate.traces.values() for edge in path if node.id in (edge.source, edge.target))
    edge = next(edges, None)
    site = seen_along(edge, node) if edge is not None else None
    return [site] if site is not None else node.sites[:1]


def _trace(rule: Rule, draft: _Draft, view: GraphView, locate: Locate) -> Iterator[Step]:
    for name in rule.report.trace:
        if name in draft.nodes:
            for site in _shown_at(draft.nodes[name], draft):
                yield Step(locate(site), _named(draft.nodes[name]))
        for edge in draft.candidate.traces.get(name, ()):
            for step in edge.steps:
                yield Step(locate(step.site), quoted(step.how, 200))
            yield Step(locate(edge.evidence.site), _sentence(edge, view))


def _sentence(edge: Edge, view: GraphView) -> str:
    if edge.evidence.how:
        return quoted(edge.evidence.how, 200)
    source, target = view.node(edge.source), view.node(edge.target)
    return f"{_named(source)} {edge.kind.replace('_', ' ')} {_named(target)}"


def _named(node: Node) -> str:
    return "`" + quoted(node.label).replace("`", "'") + "`"


def _starts(name: str, drafts: Iterable[_Draft], view: GraphView) -> list[tuple[Site, str]]:
    """Where the paths of this name start, over all candidates of a cause; reporters show the first few of many."""
    edges = [edge for draft in drafts for edge in draft.candidate.traces.get(name, ())[:1]]
    places = dict.fromkeys((edge.evidence.site, _sentence(edge, view)) for edge in edges)
    return list(places)


def _related(rule: Rule, first: _Draft, others: Iterable[_Draft], view: GraphView, locate: Locate) -> Iterator[Step]:
    """The related nodes and paths, further sites of the reported node, and places of the same cause, each once."""
    at = rule.report.at
    seen = {_site_of(rule, first)}
    others = tuple(others)
    nodes = [first.nodes[name] for name in rule.report.related if name in first.nodes]
    places = [(site, _named(node)) for node in nodes for site in _shown_at(node, first)]
    for name in rule.report.related:
        if name not in first.nodes:
            places += _starts(name, (first, *others), view)
    told = {step.site for edges in first.candidate.traces.values() for edge in edges for step in edge.steps}
    told |= _leading(first.nodes[at], seen, view)
    further = (site for site in first.nodes[at].sites if site not in told)
    places += [(site, f"{_named(first.nodes[at])} again") for site in further]
    for draft in others:
        places.append((_site_of(rule, draft), f"{_named(draft.nodes[at])}: the same cause"))
    for site, text in places:
        if site not in seen:
            seen.add(site)
            yield Step(locate(site), text)


def _leading(node: Node, shown_at: Collection[Site], view: GraphView) -> set[Site]:
    """Places of a node that only lead to another of its places, as a read does to the line its location is written on.

    What leads to the place of the finding itself is no such one: it is where the node appears again.
    """
    edges = view.into(node.id)
    ends = {edge.evidence.site for edge in edges}
    further = {site for site in node.sites if site not in shown_at}
    ways = (edge.steps for edge in edges if edge.evidence.site in further)
    return {step.site for steps in ways for step in steps if step.site not in ends}


def _owner(rule: Rule, draft: _Draft, view: GraphView) -> str:
    """Who is named for the node of `report.owner`: its property, else its `owned_by` edges, else for its code."""
    if not rule.report.owner:
        return ""
    node = draft.nodes[rule.report.owner]
    for name in ("owner", "owners"):
        value = node.properties.get(name)
        if isinstance(value, str | tuple) and value:
            return redact(value if isinstance(value, str) else listed(value))
    labels = sorted({view.node(edge.target).label for edge in view.out(node.id, ("owned_by",))})
    return redact(listed(labels) or str(node.properties.get("code_owner", "")))


def _facts(rule: Rule, draft: _Draft) -> Iterator[tuple[str, str]]:
    """The properties that the rule tests or tells, by `variable.property`, as far as they are known."""
    wanted: dict[tuple[str, NodeId, str], None] = {}
    for variable, pattern in rule.match.items():
        for test in pattern.tests:
            wanted[(variable, draft.nodes[variable].id, test.property)] = None
    for part in (*parse(draft.message), *parse(draft.remedy)):
        if isinstance(part, Field) and part.variable in draft.nodes and part.property != "label":
            wanted[(part.variable, draft.nodes[part.variable].id, part.property)] = None
    for variable, _, name in wanted:
        value = draft.nodes[variable].properties.get(name)
        if value is not None and not isinstance(value, Unknown):
            yield f"{variable}.{name}", shown(name, value)
