"""Options: the numbers and words of a rule that a project may set without writing a rule of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from mltradeoff_lint.model.rule import EdgeClause, NodePattern, PathClause, Rule, Test, UnlessClause
from mltradeoff_lint.model.value import Scalar
from mltradeoff_lint.query.schema import RuleError, suggest


def with_options(rule: Rule, values: Mapping[str, Scalar]) -> Rule:
    """The rule with some of its options set otherwise; RuleError for an unknown option or another type of value."""
    for name, value in values.items():
        if name not in rule.options:
            hint = suggest(name, rule.options) if rule.options else ", which has none"
            raise RuleError(rule.origin, 1, 1, f"unknown option `{name}` of rule `{rule.name}`{hint}")
        if _type(value) is not _type(rule.options[name]):
            wanted = _TYPES[_type(rule.options[name])]
            raise RuleError(rule.origin, 1, 1, f"option `{name}` of rule `{rule.name}` is {wanted}, not `{value}`")
    options = {**rule.options, **values}

    def renewed(test: Test) -> Test:
        return replace(test, value=options[test.option]) if test.option else test

    return replace(_map_tests(rule, renewed), options=options)


def _map_tests(rule: Rule, renewed: Callable[[Test], Test]) -> Rule:
    """The rule with every test that may hold an option replaced."""

    def pattern(old: str | NodePattern) -> str | NodePattern:
        return old if isinstance(old, str) else replace(old, tests=tuple(map(renewed, old.tests)))

    def path(old: PathClause) -> PathClause:
        along = tuple(replace(step, tests=tuple(map(renewed, step.tests))) for step in old.along)
        avoiding = tuple(replace(each, tests=tuple(map(renewed, each.tests))) for each in old.avoiding)
        return replace(old, source=pattern(old.source), target=pattern(old.target), along=along, avoiding=avoiding)

    def edge(old: EdgeClause) -> EdgeClause:
        kind = replace(old.edge, tests=tuple(map(renewed, old.edge.tests)))
        return replace(old, source=pattern(old.source), target=pattern(old.target), edge=kind)

    def unless(old: UnlessClause) -> UnlessClause:
        tests = tuple((name, renewed(test)) for name, test in old.tests)
        return replace(old, tests=tests, edge=old.edge and edge(old.edge), path=old.path and path(old.path))

    cases = tuple(
        replace(case, tests=tuple((name, renewed(test)) for name, test in case.tests)) for case in rule.report.cases
    )
    return replace(
        rule,
        match={name: replace(old, tests=tuple(map(renewed, old.tests))) for name, old in rule.match.items()},
        paths=tuple(map(path, rule.paths)),
        edges=tuple(map(edge, rule.edges)),
        unless=tuple(map(unless, rule.unless)),
        report=replace(rule.report, cases=cases),
    )


def _type(value: Scalar) -> type:
    return bool if isinstance(value, bool) else float if isinstance(value, int | float) else str


_TYPES = {bool: "true or false", float: "a number", str: "a text"}
