"""Every page of a rule that we ship is run: its examples are tests."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.rule import Rule
from mltradeoff_lint.query.load import bundled_folder, load_rules
from mltradeoff_lint.query.page_check import failures
from mltradeoff_lint.query.pages import PageCase, parse_page, shortcomings
from tests.rules.conftest import RunCase

RULES = load_rules([bundled_folder()])


def cases() -> list[object]:
    found: list[object] = []
    for rule in RULES:
        if rule.page:
            page = parse_page(f"rules/{rule.name}/rule.md", rule.page, rule.name)
            found += [pytest.param(rule, case, id=f"{rule.name}: {case.title}") for case in page.cases]
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_has_a_page_with_enough_cases(rule: Rule) -> None:
    assert rule.page, f"rules/{rule.name}/rule.md does not exist"
    assert shortcomings(parse_page(f"rules/{rule.name}/rule.md", rule.page, rule.name)) == ()


@pytest.mark.parametrize(("rule", "case"), cases())
def test_a_case_of_a_page_holds(rule: Rule, case: PageCase, run_case: RunCase) -> None:
    result = run_case(case)
    rules = {each.name: each for each in RULES} | dict(result.rules)
    assert result.crashes == ()
    assert "\n".join(failures(case, rule.name, rules, result.findings, result.view)) == ""
