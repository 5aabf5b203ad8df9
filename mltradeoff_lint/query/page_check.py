"""Holds what a run found in a case of a rule page against the marks of the case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mltradeoff_lint.model.finding import Finding
from mltradeoff_lint.model.graph import GraphView, NodeId
from mltradeoff_lint.model.rule import Rule
from mltradeoff_lint.query.evaluate import evaluate
from mltradeoff_lint.query.pages import Mark, PageCase
from mltradeoff_lint.query.relax import without
from mltradeoff_lint.query.schema import listed


def failures(
    case: PageCase, name: str, rules: Mapping[str, Rule], found: Iterable[Finding], view: GraphView
) -> tuple[str, ...]:
    """What is wrong with a case of the page of the rule `name`, in words; empty when all is as marked.

    Findings of other rules count only where a mark names their rule: an example is about one thing. Suppressed
    findings count as none.
    """
    unknown = sorted({mark.rule for mark in case.marks} - rules.keys())
    if unknown:
        return tuple(f"no rule is called `{each}`" for each in unknown)
    judged = {name, *(mark.rule for mark in case.marks)}
    shown = [each for each in found if each.suppressed is None and each.rule in judged]
    lines = list(_misplaced(case.marks, shown))
    for mark in case.marks:
        if mark.kind == "silent":
            lines += _not_decisive(mark, rules[mark.rule], view)
    return tuple(lines)


def _misplaced(marks: Iterable[Mark], shown: Iterable[Finding]) -> Iterator[str]:
    at: dict[tuple[str, str, int], Finding] = {}
    for finding in shown:
        at[(finding.rule, finding.location.path, finding.location.line)] = finding
    for mark in marks:
        if mark.kind == "silent":
            continue
        finding_there = at.pop((mark.rule, mark.path, mark.line), None)
        where = f"{mark.path}:{mark.line}: {mark.rule}"
        if mark.kind == "todo-finding":
            if finding_there:
                yield f"{where} is found now; make the mark `finding`"
        elif finding_there is None:
            yield f"{where} is silent now; take the mark off" if mark.kind == "todo-silent" else f"{where} is not found"
        elif mark.severity and finding_there.severity.word != mark.severity:
            yield f"{where} is of severity {finding_there.severity.word}, not {mark.severity}"
    for rule, path, line in sorted(at):
        yield f"{path}:{line}: {rule} is found and not marked: {at[(rule, path, line)].claim}"


def _not_decisive(mark: Mark, rule: Rule, view: GraphView) -> Iterator[str]:
    """Whether the rule fires without the named clauses, and needs each of them to stay silent."""
    for clause in mark.clauses:
        try:
            without(rule, clause)
        except ValueError as error:
            yield str(error)
            return
    before = _kept(rule, view)
    if not _kept(_without_all(rule, mark.clauses), view) - before:
        reasons = sorted({str(drop) for each in evaluate(rule, view).dropped for drop in each.drops})
        why = "; what drops candidates here: " + ", ".join(reasons) if reasons else "; there is no candidate at all"
        yield f"{rule.name} stays silent without {listed(mark.clauses)}{why}"
        return
    for clause in mark.clauses:
        rest = [each for each in mark.clauses if each != clause]
        if rest and _kept(_without_all(rule, rest), view) - before:
            yield f"{rule.name} fires without {listed(rest)}; {clause} silences nothing"


def _without_all(rule: Rule, clauses: Iterable[str]) -> Rule:
    for clause in sorted(clauses, key=_position, reverse=True):
        rule = without(rule, clause)
    return rule


def _position(clause: str) -> tuple[int, str]:
    """Sorts later edges and relations last, so that taking one off moves none that is still named."""
    last = clause.rpartition(".")[2]
    return (int(last) if last.isdigit() else 0), clause


def _kept(rule: Rule, view: GraphView) -> set[tuple[tuple[str, NodeId], ...]]:
    return {tuple(sorted(each.bindings.items())) for each in evaluate(rule, view).kept}
