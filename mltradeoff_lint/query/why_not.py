"""Explains why a rule says nothing at a line: the candidates there, and the clause that dropped each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from mltradeoff_lint.model.graph import GraphView, Node, NodeId
from mltradeoff_lint.model.rule import Rule, Test
from mltradeoff_lint.model.source import Site, Span
from mltradeoff_lint.query.evaluate import EXAMPLE_ROLES, Candidate, Drop, Outcome, evaluate, role_of
from mltradeoff_lint.query.fields import shown
from mltradeoff_lint.query.relax import clauses_of, without
from mltradeoff_lint.query.schema import listed
from mltradeoff_lint.query.truth import test_holds

Place: TypeAlias = Callable[[Site], str]
"""A site as reports show it: `path:line`."""

MAX_NAMES = 4
"""Nodes named for one variable, of the candidates that one clause drops alike; the rest is counted."""

MAX_NEAR = 3
"""Places named that stand near a line without a candidate."""

_WANTED = {
    "present": "asks for one",
    "missing": "asks for none",
    "unknown": "asks for one that did not resolve",
    "is": "asks for",
    "in": "asks for",
    "not": "asks for any other than",
    "at_least": "asks for at least",
    "below": "asks for less than",
    "includes_all": "asks for all of",
}
_WITHOUT_VALUE = ("present", "missing", "unknown")


def line_of(site: Site) -> str:
    """The place of a site in a file of its own."""
    return f"{site.path}:{site.span.line}"


def why_not(
    rule: Rule, outcome: Outcome, view: GraphView, path: str, line: int, place: Place = line_of
) -> tuple[str, ...]:
    """Plain lines on every candidate of the rule with a node at `path:line`, kept ones first.

    Candidates that one clause drops alike are one line. A node there that is in no candidate is explained by the tests
    it fails, or by the clause without which it would be in one. Empty when no node of a kind the rule asks for stands
    there.
    """
    here = {node.id for node in view.nodes() if _stands_at(node, path, line)}
    alike: dict[tuple[str, tuple[tuple[str, NodeId], ...]], list[Candidate]] = {}
    met: set[tuple[str, NodeId]] = set()
    for candidate in (*outcome.kept, *outcome.dropped):
        tied = tuple((name, identity) for name, identity in candidate.bindings.items() if identity in here)
        met.update(tied)
        if tied:
            verdict = _dropped(rule, candidate, view, place) if candidate.drops else ""
            alike.setdefault((verdict, tied), []).append(candidate)
    lines = [
        f"{rule.name}: {verdict or _kept(rule, found, view)}: {_bindings(rule, found, view)}"
        for (verdict, _), found in alike.items()
    ]
    for name, pattern in rule.match.items():
        for identity in sorted(here):
            if identity.kind == pattern.kind and (name, identity) not in met:
                lines += [f"{rule.name}: {text}" for text in _near_miss(rule, view, name, identity, place)]
    return tuple(dict.fromkeys(lines))


def near(rules: Iterable[Rule], view: GraphView, path: str, around: Span, line: int, place: Place) -> tuple[str, ...]:
    """What rules look at in the lines around one without a candidate, the nearest first."""
    found: dict[str, int] = {}
    for rule in rules:
        for node in view.nodes(rule.match[rule.report.at].kind):
            for site in node.sites:
                if site.path == path and around.line <= site.span.line <= around.end_line:
                    text = f"near it, {rule.name} looks at `{node.label}` ({place(site)})"
                    found[text] = min(abs(site.span.line - line), found.get(text, abs(site.span.line - line)))
    return tuple(sorted(found, key=lambda text: (found[text], text))[:MAX_NEAR])


def _stands_at(node: Node, path: str, line: int) -> bool:
    return any(site.path == path and site.span.line <= line <= site.span.end_line for site in node.sites)


def _dropped(rule: Rule, candidate: Candidate, view: GraphView, place: Place) -> str:
    """Whether a candidate is left out or left open, and by what."""
    is_open = all(drop.is_unknown for drop in candidate.drops)
    whys = dict.fromkeys(_why_dropped(rule, drop, candidate, view, place) for drop in candidate.drops)
    return f"{'left open' if is_open else 'left out'}: {listed(list(whys))}"


def _kept(rule: Rule, candidates: Sequence[Candidate], view: GraphView) -> str:
    """How surely candidates are kept, by the surest of them, which is reported, and when it is only shown on demand."""
    surest = max(candidates, key=lambda each: each.certainty)
    role = role_of(rule, {name: view.node(identity) for name, identity in surest.bindings.items()})
    hidden = f", and only shown with examples as code of role `{role}`" if role in EXAMPLE_ROLES else ""
    return f"kept ({surest.certainty.name.lower()}){hidden}"


def _why_dropped(rule: Rule, drop: Drop, candidate: Candidate, view: GraphView, place: Place) -> str:
    """Why a clause drops a candidate, with the name of the clause as rule pages write it."""
    part, _, rest = drop.clause.partition(".")
    variable, _, name = rest.partition(".")
    text = drop.text
    if drop.is_unknown and part == "match" and variable in candidate.bindings:
        node = view.node(candidate.bindings[variable])
        text = f"the {_spoken(name)} of `{node.label}` did not resolve ({text}{_at(node, name, place)})"
    elif not drop.is_unknown and part == "unless":
        tests = [test for clause in rule.unless if str(clause.position) == rest for test in clause.tests]
        grounds = [_ground(view.node(candidate.bindings[name]), test.property, place) for name, test in tests]
        text += "".join(dict.fromkeys(grounds))
    return f"{text} [{drop.clause}]" if text else f"[{drop.clause}]"


def _bindings(rule: Rule, candidates: Sequence[Candidate], view: GraphView) -> str:
    """What the variables stand for in candidates that are dropped alike."""
    told = []
    for name in rule.match:
        labels = dict.fromkeys(view.node(each.bindings[name]).label for each in candidates if name in each.bindings)
        names = [f"`{label}`" for label in labels]
        if len(names) > MAX_NAMES + 1:
            names[MAX_NAMES:] = [f"{len(names) - MAX_NAMES} more"]
        if names:
            told.append(f"{name} is {'one of ' if len(names) > 1 else ''}{listed(names)}")
    return ", ".join(told)


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _ground(node: Node, name: str, place: Place) -> str:
    """What a property of a node is believed by, in words and with its place; empty when nothing says so."""
    evidence = node.evidence.get(name)
    how = evidence.how if evidence is not None else node.properties.get(f"{name}_how")
    if not isinstance(how, str) or not how:
        return ""
    return f" ({how}{_at(node, name, place)})"


def _at(node: Node, name: str, place: Place) -> str:
    evidence = node.evidence.get(name)
    return "" if evidence is None else f", {place(evidence.site)}"


def _near_miss(rule: Rule, view: GraphView, name: str, identity: NodeId, place: Place) -> Iterator[str]:
    """Why one node is in no candidate as one variable."""
    node = view.node(identity)
    failed = [test for test in rule.match[name].tests if test_holds(test, node.properties) is False]
    if failed:
        yield from (f"does not look at `{node.label}`: {_failed(node, test, place)}" for test in failed)
        return
    only = {name: identity}
    decisive = []
    for clause in clauses_of(rule):
        if clause.startswith(("match.", "path.", "edge.", "relate.")):
            relaxed = evaluate(without(rule, clause), view, only)
            if relaxed.kept or relaxed.dropped:
                decisive.append(f"`{clause}`")
    if decisive:
        yield f"`{node.label}` could be the {name}, but nothing satisfies {listed(decisive, 'or')}"
    else:
        yield f"`{node.label}` could be the {name}, but several clauses have nothing that satisfies them"


def _failed(node: Node, test: Test, place: Place) -> str:
    """What a node has where a test of a rule fails, what says so, and what the test asks for."""
    value, spoken = node.properties.get(test.property), _spoken(test.property)
    has = f"it has no {spoken}" if value is None else f"it has the {spoken} {shown(test.property, value, quote='`')}"
    words = _WANTED[test.operator]
    if test.operator not in _WITHOUT_VALUE:
        values = test.value if isinstance(test.value, tuple) else (test.value,)
        words += f" {listed([shown(test.property, one, quote='`') for one in values], 'or')}"
    return f"{has}{_ground(node, test.property, place)}, and the rule {words}"
