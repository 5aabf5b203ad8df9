"""The seven steps of a run: tree, read, resolve, graph, query, triage, report. The public Python API."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from mltradeoff_lint.catalog.tables import load_tables
from mltradeoff_lint.graph.build import build_graph, prepare
from mltradeoff_lint.graph.export import Place, as_read
from mltradeoff_lint.graph.handled import told_at, told_below
from mltradeoff_lint.linking import excluder, link, repository
from mltradeoff_lint.model.collector import collector_at_rest
from mltradeoff_lint.model.finding import Finding, Persona, Run
from mltradeoff_lint.model.graph import Graph
from mltradeoff_lint.model.problem import Problem, ProblemKind
from mltradeoff_lint.model.recursion import room_for_recursion
from mltradeoff_lint.model.rule import Rule
from mltradeoff_lint.model.source import LineMap, Site, Span
from mltradeoff_lint.query.evaluate import Outcome, evaluate
from mltradeoff_lint.query.findings import findings
from mltradeoff_lint.query.load import bundled_folder, load_rules
from mltradeoff_lint.query.options import with_options
from mltradeoff_lint.query.why_not import near, why_not
from mltradeoff_lint.reading import read_tree
from mltradeoff_lint.resolve.calls_there import calls_there, lines_around
from mltradeoff_lint.resolve.explain import explain
from mltradeoff_lint.resolve.program import Program, Question
from mltradeoff_lint.resolve.resolver import WholeProgram
from mltradeoff_lint.resolve.running.handler_lines import is_definition
from mltradeoff_lint.resolve.shown_places import code_at
from mltradeoff_lint.resolve.sites import Sites
from mltradeoff_lint.resolve.summaries.lines import functions_at
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
    """What each family of nodes asked of the program, with digests: the ground of incremental runs; if recorded."""
    embedded: Mapping[str, tuple[str, LineMap]]
    """For each text inside a file, such as the code of a notebook: that file, and where the lines stand in it."""
    program: Program | None = None
    """What was resolved, where the caller asked to keep it for questions about lines."""

    def place(self, site: Site) -> Place:
        """The line of a file where a site of the graph stands, as findings have it."""
        if site.path not in self.embedded:
            return as_read(site)
        host, lines = self.embedded[site.path]
        return Place(host, lines.to_host(site.span)[0].line)

    def why_not(self, path: str, line: int) -> tuple[str, ...]:
        """The candidates at a line of a file and the clause that dropped each, as plain lines."""
        hosted = [(text, lines) for text, (host, lines) in self.embedded.items() if host == path]
        places = [(text, one) for text, lines in hosted for one in lines.lines_on(line)]
        places += [] if path in self.embedded else [(path, line)]
        found = (
            why_not(rule, outcome, self.graph, *place, self._shown)
            for rule, outcome in self.outcomes.items()
            for place in places
        )
        return tuple(dict.fromkeys(text for lines in found for text in lines))

    def near(self, path: str, around: Span, line: int) -> tuple[str, ...]:
        """What rules look at around a line of a text that is read, such as the code of a notebook."""
        return near(self.outcomes, self.graph, path, around, line, self._shown)

    def _shown(self, site: Site) -> str:
        place = self.place(site)
        return f"{place.path}:{place.line}"


@collector_at_rest()
def analyse(
    tree: Tree,
    settings: Settings,
    as_of: str = "",
    rules: Iterable[Rule] | None = None,
    *,
    is_recorded: bool = False,
    is_kept: bool = False,
) -> Analysis:
    """Analyse a repository. Raises UsageError for rules, settings or catalog files that the user has to mend.

    The settings choose from `rules`, our own when absent; `is_recorded` also keeps what was asked of the program,
    and `is_kept` the program itself.
    """
    as_of = as_of or _today()
    wanted = wanted_rules(settings, load_rules([bundled_folder()]) if rules is None else rules)
    read = read_tree(tree, excluder(settings.exclude))
    program = link(tree, read, is_recorded=is_recorded)
    with room_for_recursion():
        graph, questions, lines = build_graph(
            program, repository(tree, read), settings.declare, load_tables(as_of), read.problems
        )
    locator = Locator(tree.read, read.facts)
    outcomes: dict[Rule, Outcome] = {}
    found: list[Finding] = []
    for rule in wanted:
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
    embedded = {path: (facts.file, facts.lines) for path, facts in read.facts.items() if facts.lines.lines}
    return Analysis(run, graph, outcomes, questions, embedded, program if is_kept else None)


def linked(tree: Tree, settings: Settings) -> Program:
    """The first two steps and the join of the third: what benchmarks and explanations of values start from."""
    return link(tree, read_tree(tree, excluder(settings.exclude)))


@collector_at_rest()
def why(tree: Tree, settings: Settings, path: str, line: int | None = None) -> tuple[str, ...]:
    """What was resolved at a place, in plain lines.

    A line is one that `check` prints, of a notebook therefore one of the .ipynb file. There: what the handler that
    starts there reaches, how its values and receivers were resolved, step by step, or where that stopped and why, and
    what the functions do that start there or that its calls run. Without a line: the handlers of a file, or those below
    a folder (empty: all) that reach a model.
    """
    read = read_tree(tree, excluder(settings.exclude))
    resolver = WholeProgram(link(tree, read))
    told: tuple[str, ...] = ()
    with room_for_recursion():
        if line is None:
            work = prepare(resolver.program, repository(tree, read), settings.declare)
            return told_below(work, load_tables(_today()), path)
        places = code_at(resolver, path, line)
        defined = [place for place in places if is_definition(resolver, *place)]
        if defined:
            work = prepare(resolver.program, repository(tree, read), settings.declare)
            resolver, told = work.resolver, told_at(work, load_tables(_today()), defined)
        steps = tuple(text for place in places for text in explain(resolver, *place))
        return (*told, *steps, *functions_at(resolver, places))


@collector_at_rest()
def why_nothing(tree: Tree, settings: Settings, analysis: Analysis, path: str, line: int) -> tuple[str, ...]:
    """What is told of a line at which no rule has a candidate: what its calls are, and what is looked at around it."""
    resolver = WholeProgram(analysis.program or linked(tree, settings))
    told = [f"{path}:{line}: no rule has a candidate here"]
    with room_for_recursion():
        sites = Sites(resolver)
        for text, inner in code_at(resolver, path, line):
            told += calls_there(resolver, sites, text, inner)
            around = lines_around(resolver.facts(text), inner)
            told += analysis.near(text, around, inner)
    return tuple(dict.fromkeys(told))


def _today() -> str:
    return datetime.date.today().isoformat()


def wanted_rules(settings: Settings, rules: Iterable[Rule]) -> list[Rule]:
    """The rules a run evaluates, with the options of the settings."""
    return [
        with_options(rule, settings.rules.get(rule.name, {}))
        for rule in rules
        if settings.selects(rule.name, rule.group)
        and (rule.persona is Persona.REGULAR or settings.pedantic or rule.name in settings.select)
    ]
