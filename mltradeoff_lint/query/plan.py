"""The order in which a rule is evaluated: start at the rarest variable, follow edges, cross nothing.

A plan depends on the rule and on how many nodes pass the tests of each variable, never on the nodes themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from mltradeoff_lint.model.rule import EdgeClause, PathClause, Relation, Rule


class Link(NamedTuple):
    """A path clause, or an edge clause as a path of one hop, with its name in explanations."""

    label: str
    clause: PathClause

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables at its ends."""
        return tuple(end for end in (self.clause.source, self.clause.target) if isinstance(end, str))


class Start(NamedTuple):
    """Bind a variable to each of its nodes."""

    variable: str


class Extend(NamedTuple):
    """Bind a new variable to every node that a link joins to a bound one; backward when the new one is `from`."""

    link: Link
    known: str
    new: str
    backward: bool


class Filter(NamedTuple):
    """Keep the bindings for which a link holds; an optional link only adds its trace."""

    link: Link


class Join(NamedTuple):
    """Bind a new variable to the nodes that share a value with a bound one."""

    label: str
    known: str
    new: str
    relation: Relation


class Compare(NamedTuple):
    """Keep the bindings for which a relation holds."""

    label: str
    relation: Relation


PlanStep = Start | Extend | Filter | Join | Compare


def links_of(rule: Rule) -> tuple[Link, ...]:
    """The paths and edges of a rule, as it lists them."""
    paths = [Link(f"path.{path.name}", path) for path in rule.paths]
    return (*paths, *(Link(f"edge.{at}", edge_as_path(edge)) for at, edge in enumerate(rule.edges, 1)))


def edge_as_path(edge: EdgeClause) -> PathClause:
    """An edge clause as a path of one hop."""
    return PathClause(edge.name, edge.source, edge.target, (edge.edge,), hops=1)


def plan(rule: Rule, sizes: Mapping[str, int], bound: Collection[str] = ()) -> tuple[PlanStep, ...]:
    """The steps that bind all variables; `sizes` counts the nodes of each, `bound` names those a check gives.

    Variables that nothing connects are crossed: the loader refuses such rules, and only a rule that was relaxed
    to explain itself has them.
    """
    names = list(rule.match)
    known = set(bound)
    links = list(links_of(rule))
    relations = [(f"relate.{at}", relation) for at, relation in enumerate(rule.relations, 1)]
    steps: list[PlanStep] = []
    while True:
        steps += _filters(links, relations, known)
        if known.issuperset(names):
            break
        free = [name for name in names if name not in known]
        rarest = Start(min(free, key=lambda name: (sizes[name], names.index(name))))
        following = _next_link(links, known, sizes) or _next_join(relations, known) or rarest
        if isinstance(following, Extend):
            links.remove(following.link)
        if isinstance(following, Join):
            relations.remove((following.label, following.relation))
        known.add(following.variable if isinstance(following, Start) else following.new)
        steps.append(following)
    return tuple(steps)


def _filters(links: list[Link], relations: list[tuple[str, Relation]], known: set[str]) -> list[PlanStep]:
    """The clauses whose variables are all bound, taken off the lists: edges, then paths, then optional paths."""
    ready = [link for link in links if known.issuperset(link.variables)]
    for link in ready:
        links.remove(link)
    ready.sort(key=lambda link: (link.clause.optional, link.clause.hops))
    compared = [each for each in relations if known.issuperset(_sides(each[1]))]
    for each in compared:
        relations.remove(each)
    required: list[PlanStep] = [Filter(link) for link in ready if not link.clause.optional]
    required += [Compare(label, relation) for label, relation in compared]
    return [*required, *(Filter(link) for link in ready if link.clause.optional)]


def _next_link(links: list[Link], known: set[str], sizes: Mapping[str, int]) -> Extend | None:
    """The link that leads to the fewest nodes in the fewest hops."""
    found: list[tuple[int, int, int, Extend]] = []
    for at, link in enumerate(links):
        source, target = link.clause.source, link.clause.target
        if link.clause.optional or not (isinstance(source, str) and isinstance(target, str)):
            continue
        if source in known:
            found.append((link.clause.hops, sizes[target], at, Extend(link, source, target, False)))
        elif target in known:
            found.append((link.clause.hops, sizes[source], at, Extend(link, target, source, True)))
    return min(found)[3] if found else None


def _next_join(relations: list[tuple[str, Relation]], known: set[str]) -> Join | None:
    for label, relation in relations:
        left, right = _sides(relation)
        if relation.kind == "same" and (left in known) != (right in known):
            return Join(label, left, right, relation) if left in known else Join(label, right, left, relation)
    return None


def _sides(relation: Relation) -> tuple[str, str]:
    return relation.left.partition(".")[0], relation.right.partition(".")[0]
