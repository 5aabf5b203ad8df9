"""Explains why a rule says nothing at a line: the candidates there, and the clause that dropped each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mltradeoff_lint.model.graph import GraphView, Node, NodeId
from mltradeoff_lint.model.rule import Rule, Test
from mltradeoff_lint.query.evaluate import Candidate, Outcome, evaluate
from mltradeoff_lint.query.fields import shown
from mltradeoff_lint.query.relax import clauses_of, without
from mltradeoff_lint.query.schema import listed
from mltradeoff_lint.query.truth import test_holds

_WANTED = {
    "present": "must be known",
    "missing": "must be missing",
    "unknown": "must be unresolved",
    "is": "must be",
    "in": "must be one of",
    "not": "must not be",
    "at_least": "must be at least",
    "below": "must be below",
    "includes_all": "must include",
}


def why_not(rule: Rule, outcome: Outcome, view: GraphView, path: str, line: int) -> tuple[str, ...]:
    """Plain lines on every candidate of the rule with a node at `path:line`, kept ones first.

    A node there that is in no candidate is explained by the tests it fails, or by the clause without which it
    would be in one. Empty when no node of a kind the rule asks for stands there.
    """
    here = {node.id for node in view.nodes() if _stands_at(node, path, line)}
    lines = []
    met: set[tuple[str, NodeId]] = set()
    for candidate in (*outcome.kept, *outcome.dropped):
        tied = [(name, identity) for name, identity in candidate.bindings.items() if identity in here]
        met.update(tied)
        if tied:
            lines.append(f"{rule.name}: {_verdict(candidate)}: {_binding(candidate.bindings, view)}")
    for name, pattern in rule.match.items():
        for identity in sorted(here):
            if identity.kind == pattern.kind and (name, identity) not in met:
                lines += [f"{rule.name}: {text}" for text in _near_miss(rule, view, name, identity)]
    return tuple(dict.fromkeys(lines))


def _stands_at(node: Node, path: str, line: int) -> bool:
    return any(site.path == path and site.span.line <= line <= site.span.end_line for site in node.sites)


def _verdict(candidate: Candidate) -> str:
    if not candidate.drops:
        return f"kept ({candidate.certainty.name.lower()})"
    return "dropped by " + listed([str(drop) for drop in candidate.drops])


def _binding(bindings: Mapping[str, NodeId], view: GraphView) -> str:
    return ", ".join(f"{name} is `{view.node(identity).label}`" for name, identity in bindings.items())


def _near_miss(rule: Rule, view: GraphView, name: str, identity: NodeId) -> Iterator[str]:
    """Why one node is in no candidate as one variable."""
    node = view.node(identity)
    failed = [test for test in rule.match[name].tests if test_holds(test, node.properties) is False]
    if failed:
        for test in failed:
            value = shown(test.property, node.properties.get(test.property), quote="`")
            yield f"`{node.label}` is not `{name}`: {test.property} is {value} and {_wanted(test)}"
        return
    only = {name: identity}
    decisive = []
    for clause in clauses_of(rule):
        if clause.startswith(("match.", "path.", "edge.", "relate.")):
            relaxed = evaluate(without(rule, clause), view, only)
            if relaxed.kept or relaxed.dropped:
                decisive.append(f"`{clause}`")
    if decisive:
        yield f"`{node.label}` could be `{name}`, but nothing satisfies {listed(decisive, 'or')}"
    else:
        yield f"`{node.label}` could be `{name}`, but several clauses have nothing that satisfies them"


def _wanted(test: Test) -> str:
    """What a test asks of a value, in words."""
    words = _WANTED[test.operator]
    if test.operator in ("present", "missing", "unknown"):
        return words
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    return f"{words} {listed([shown(test.property, value, quote='`') for value in values], 'or')}"
