"""The seven steps of a run: tree, read, resolve, graph, query, triage, report. The public Python API."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from mltradeoff_lint.catalog.tables import load_tables
from mltradeoff_lint.graph.build import build_graph
from mltradeoff_lint.linking import excluder, link, repository
from mltradeoff_lint.model.finding import Finding, Persona, Run
from mltradeoff_lint.model.graph import Graph
from mltradeoff_lint.model.problem import Problem, ProblemKind
from mltradeoff_lint.model.rule import Rule
from mltradeoff_lint.query.evaluate import Outcome, evaluate
from mltradeoff_lint.query.findings import findings
from mltradeoff_lint.query.load import bundled_folder, load_rules
from mltradeoff_lint.query.options import with_options
from mltradeoff_lint.query.why_not import why_not
from mltradeoff_lint.reading import read_tree
from mltradeoff_lint.resolve.explain import explain
from mltradeoff_lint.resolve.program import Program, Question
from mltradeoff_lint.resolve.resolver import WholeProgram
from mltradeoff_lint.result import assemble
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree import Tree
from mltradeoff_lint.triage.fingerprint import fingerprint
from mltradeoff_lint.triage.locate import Locator


@dataclass(frozen=True, slots=True)
class Analysis:
    """A run with the graph and the outcomes behind it."""

    run: Run
    graph: Graph
    outcomes: Mapping[Rule, Outcome]
    questions: Mapping[str, tuple[Question, ...]]
    """What each family of nodes asked of the program, with digests: the ground of incremental runs."""

    def why_not(self, path: str, line: int) -> tuple[str, ...]:
        """The candidates at a line of a file and the clause that dropped each, as plain lines."""
        found = (why_not(rule, outcome, self.graph, path, line) for rule, outcome in self.outcomes.items())
        return tuple(text for lines in found for text in lines)


def analyse(tree: Tree, settings: Settings, as_of: str = "", rule_folders: Iterable[Path] = ()) -> Analysis:
    """Analyse a repository. Raises UsageError for rules, settings or catalog files that the user has to mend."""
    as_of = as_of or datetime.date.today().isoformat()
    rules = wanted_rules(settings, rule_folders)
    read = read_tree(tree, excluder(settings.exclude))
    program = link(tree, read)
    graph, questions, lines = build_graph(
        program, repository(tree, read), settings.declare, load_tables(as_of), read.problems
    )
    locator = Locator(tree.read, read.facts)
    outcomes: dict[Rule, Outcome] = {}
    found: list[Finding] = []
    for rule in rules:
        try:
            outcomes[rule] = evaluate(rule, graph)
            found += findings(
                rule, outcomes[rule], graph, locator.locate, fingerprint, include_examples=settings.include_examples
            )
        except Exception as error:
            outcomes[rule] = Outcome(rule.name, (), ())
            words = f"the rule {rule.name} failed: {type(error).__name__}: {error}"[:300]
            read.problems.append(replace(Problem.of_file(ProblemKind.CRASH, ".", words), rule=rule.name))
    run = assemble(tree, settings, as_of, outcomes, found, read, locator, lines)
    return Analysis(run, graph, outcomes, questions)


def linked(tree: Tree, settings: Settings) -> Program:
    """The first two steps and the join of the third: what benchmarks and explanations of values start from."""
    return link(tree, read_tree(tree, excluder(settings.exclude)))


def why(tree: Tree, settings: Settings, path: str, line: int) -> tuple[str, ...]:
    """How the values and receivers of a line were resolved, step by step, or where that stopped and why."""
    return explain(WholeProgram(linked(tree, settings)), path, line)


def wanted_rules(settings: Settings, folders: Iterable[Path] = ()) -> list[Rule]:
    """The rules a run evaluates, with the options of the settings."""
    rules = load_rules([*(folders or [bundled_folder()])])
    return [
        with_options(rule, settings.rules.get(rule.name, {}))
        for rule in rules
        if settings.selects(rule.name, rule.group)
        and (rule.persona is Persona.REGULAR or settings.pedantic or rule.name in settings.select)
    ]
