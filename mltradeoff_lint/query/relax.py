"""A rule without one of its clauses: what a silent example and `--why-not` ask, to learn which clause decides."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from mltradeoff_lint.model.rule import Rule
from mltradeoff_lint.query.schema import suggest

_Each = TypeVar("_Each")


def clauses_of(rule: Rule) -> tuple[str, ...]:
    """The names of all clauses that can be taken off a rule, as explanations and rule pages write them.

    `unless.2`, `needs.ownership`, `match.prediction.inputs`, `relate.1`, `edge.1`, `path.request`,
    `path.request.avoiding`.
    """
    found = [f"match.{name}.{test.property}" for name, pattern in rule.match.items() for test in pattern.tests]
    for path in rule.paths:
        if not path.optional:
            found.append(f"path.{path.name}")
            found += [f"path.{path.name}.avoiding"] if path.avoiding else []
    found += [f"edge.{at}" for at in range(1, len(rule.edges) + 1)]
    found += [f"relate.{at}" for at in range(1, len(rule.relations) + 1)]
    found += [f"unless.{clause.position}" for clause in rule.unless]
    found += [f"needs.{need.evidence}" for need in rule.needs]
    return tuple(dict.fromkeys(found))


def without(rule: Rule, clause: str) -> Rule:
    """The rule without a clause; ValueError when it has none of that name.

    The other `unless` clauses keep their numbers; edges and relations that follow the one taken off move up.
    """
    if clause not in clauses_of(rule):
        raise ValueError(f"rule `{rule.name}` has no clause `{clause}`{suggest(clause, clauses_of(rule))}")
    part, _, rest = clause.partition(".")
    if part == "unless":
        return replace(rule, unless=tuple(each for each in rule.unless if str(each.position) != rest))
    if part == "needs":
        return replace(rule, needs=tuple(each for each in rule.needs if each.evidence != rest))
    if part == "relate":
        return replace(rule, relations=_without_index(rule.relations, rest))
    if part == "edge":
        return replace(rule, edges=_without_index(rule.edges, rest))
    name, _, detail = rest.partition(".")
    if part == "match":
        pattern = rule.match[name]
        tests = tuple(test for test in pattern.tests if test.property != detail)
        return replace(rule, match={**rule.match, name: replace(pattern, tests=tests)})
    if detail == "avoiding":
        return replace(rule, paths=tuple(replace(p, avoiding=()) if p.name == name else p for p in rule.paths))
    return replace(rule, paths=tuple(path for path in rule.paths if path.name != name))


def _without_index(items: tuple[_Each, ...], position: str) -> tuple[_Each, ...]:
    at = int(position)
    return items[: at - 1] + items[at:]
