"""The seven steps of a run: tree, read, resolve, graph, query, triage, report. The public Python API."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from mltradeoff_lint import __version__
from mltradeoff_lint.catalog.load import load_catalog
from mltradeoff_lint.catalog.tables import load_tables
from mltradeoff_lint.graph.build import build_graph
from mltradeoff_lint.graph.workspace import Repository
from mltradeoff_lint.model.declarations import Declaration
from mltradeoff_lint.model.facts import FileFacts, PythonFacts
from mltradeoff_lint.model.finding import Coverage, Finding, Notification, Persona, Run
from mltradeoff_lint.model.graph import Graph
from mltradeoff_lint.model.problem import Problem, ProblemKind
from mltradeoff_lint.model.rule import Rule
from mltradeoff_lint.platforms import declarations
from mltradeoff_lint.query.evaluate import Outcome, evaluate
from mltradeoff_lint.query.findings import findings
from mltradeoff_lint.query.load import bundled_folder, load_rules
from mltradeoff_lint.query.why_not import why_not
from mltradeoff_lint.reading import ReadResult, read_tree
from mltradeoff_lint.resolve.modules import Modules
from mltradeoff_lint.resolve.program import Program, Question
from mltradeoff_lint.query.pages import rule_info
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree import Tree
from mltradeoff_lint.triage import comments, paths
from mltradeoff_lint.triage.fingerprint import fingerprint
from mltradeoff_lint.triage.locate import Locator

LEVELS = {ProblemKind.SKIPPED: "note", ProblemKind.TEMPLATE: "note", ProblemKind.PARTIAL: "warning",
          ProblemKind.UNREADABLE: "warning", ProblemKind.CRASH: "error"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Analysis:
    """A run with the graph and outcomes behind it."""

    run: Run
    graph: Graph
    rules: tuple[Rule, ...]
    outcomes: Mapping[str, Outcome]
    questions: Mapping[str, tuple[Question, ...]]
    """What each result asked of the program, with digests: the ground of incremental runs."""

    def why_not(self, path: str, line: int) -> tuple[str, ...]:
        """The candidates at a line of a file and the clause that dropped each, as plain lines."""
        return tuple(
            text for rule in self.rules for text in why_not(rule, self.outcomes[rule.name], self.graph, path, line)
        )


def analyse(tree: Tree, settings: Settings, as_of: str = "", rule_folders: Iterable[Path] = ()) -> Analysis:
    """Analyse a repository. Raises UsageError for rules, settings or catalog files that the user has to mend."""
    as_of = as_of or datetime.date.today().isoformat()
    rules = [rule for rule in load_rules([*(rule_folders or [bundled_folder()])]) if _runs(rule, settings)]
    read = read_tree(tree, _excluder(settings.exclude))
    locator = Locator(tree.read, read.facts)
    program = _program(tree, read)
    tables = load_tables(as_of)
    graph, questions, lines = build_graph(program, _repository(tree, read), settings.declare, tables, read.problems)
    outcomes: dict[str, Outcome] = {}
    found: list[Finding] = []
    for rule in rules:
        try:
            outcomes[rule.name] = evaluate(rule, graph)
            found += findings(
                rule, outcomes[rule.name], graph, locator.locate, fingerprint, include_examples=settings.include_examples
            )
        except Exception as error:
            outcomes[rule.name] = Outcome(rule.name, (), ())
            read.problems.append(_rule_crash(rule, error))
    run = _run(tree, settings, as_of, rules, found, outcomes, read, locator, lines)
    return Analysis(run, graph, tuple(rules), outcomes, questions)


# -- read and resolve


def _excluder(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    if not patterns:
        return lambda path: False
    import pathspec

    return pathspec.GitIgnoreSpec.from_lines(patterns).match_file


def _program(tree: Tree, read: ReadResult) -> Program:
    declared: list[Declaration] = []
    for path in sorted(read.facts):
        for facts in (read.facts[path], *read.extra.get(path, ())):
            more, problems = declarations(facts)
            declared += more
            read.problems += problems
    extra = [
        (file.path, tree.read(file.path))
        for file in tree.files()
        if file.path.startswith(".mltradeoff/catalog/") and file.path.endswith((".yaml", ".yml"))
    ]
    imported = _imported_roots(read.facts.values())
    catalog = load_catalog(imported, extra)
    python = [path for path, facts in read.facts.items() if isinstance(facts.content, PythonFacts)]
    modules = Modules([*python, *read.unread], [file.path for file in tree.files()], catalog.roots)
    return Program(read.facts, catalog, modules, tuple(declared), frozenset(read.unread))


def _imported_roots(files: Iterable[FileFacts]) -> set[str]:
    contents = [file.content for file in files]
    return {
        one.module.partition(".")[0]
        for content in contents
        if isinstance(content, PythonFacts)
        for one in content.imports
        if not one.level
    }


def _repository(tree: Tree, read: ReadResult) -> Repository:
    files = tree.files()
    attributes = next((tree.read(file.path) for file in files if file.path == ".gitattributes"), b"")
    return Repository(
        tracked=frozenset(file.path for file in files if file.is_tracked),
        present=frozenset(file.path for file in files),
        facts=read.facts,
        mentions=read.mentions,
        attributes=attributes.decode("utf-8", "replace"),
        has_git=tree.knows_tracking,
        extra=read.extra,
        left_out=frozenset(problem.site.path for problem in tree.problems),
    )


# -- query, triage, report


def _runs(rule: Rule, settings: Settings) -> bool:
    if not settings.selects(rule.name, rule.group):
        return False
    return rule.persona is Persona.REGULAR or settings.pedantic or rule.name in settings.select


def _rule_crash(rule: Rule, error: Exception) -> Problem:
    words = f"the rule {rule.name} failed: {type(error).__name__}: {error}"[:300]
    return replace(Problem.of_file(ProblemKind.CRASH, ".", words), rule=rule.name)


def _run(
    tree: Tree,
    settings: Settings,
    as_of: str,
    rules: list[Rule],
    found: list[Finding],
    outcomes: Mapping[str, Outcome],
    read: ReadResult,
    locator: Locator,
    lines: tuple[str, ...],
) -> Run:
    hidden: dict[str, int] = {}
    kept: list[Finding] = []
    for finding in (replace(one, severity=settings.severity.get(one.rule, one.severity)) for one in found):
        if finding.confidence < settings.min_confidence:
            hidden["low confidence"] = hidden.get("low confidence", 0) + 1
        else:
            kept.append(finding)
    known = [*settings.known_rules, *(rule.name for rule in rules)]
    kept = list(comments.apply(kept, read.facts, locator, known, _ran(rules, settings)))
    kept = list(paths.mark_ignored(kept, settings.per_path_ignores))
    for finding in kept:
        if finding.suppressed is not None:
            kind = "examples" if finding.suppressed.kind == "examples" else "suppressed"
            hidden[kind] = hidden.get(kind, 0) + 1
    kept.sort(key=lambda one: (-one.severity, one.location.path, one.location.line, one.rule, one.fingerprint))
    return Run(
        root=getattr(tree, "name", ""),
        version=__version__,
        as_of=as_of,
        findings=tuple(kept),
        hidden=hidden,
        notifications=tuple(_notifications(read.problems, locator)),
        rules=tuple(rule_info(rule) for rule in rules),
        coverage=_coverage(read, outcomes, lines),
        revision=getattr(tree, "revision", "") or "",
        repository=getattr(tree, "remote", "") or "",
    )


def _ran(rules: list[Rule], settings: Settings) -> list[str]:
    from mltradeoff_lint.model.suppression import SUPPRESSION_RULES

    group = "complexity-vs-maintainability"
    about = [info.name for info in SUPPRESSION_RULES if settings.selects(info.name, group)]
    return [*(rule.name for rule in rules), *about]


def _notifications(problems: list[Problem], locator: Locator) -> list[Notification]:
    ordered = sorted(problems, key=lambda one: (one.site.path, one.site.span, one.message))
    return [
        Notification(
            LEVELS[one.kind], one.message, None if one.site.path == "." else locator.locate(one.site), one.rule
        )
        for one in dict.fromkeys(ordered)
    ]


def _coverage(read: ReadResult, outcomes: Mapping[str, Outcome], lines: tuple[str, ...]) -> Coverage:
    unread = len({one.site.path for one in read.problems if one.kind is ProblemKind.UNREADABLE})
    unknown = {name: dict(outcome.unknown) for name, outcome in sorted(outcomes.items()) if outcome.unknown}
    notes = tuple(dict.fromkeys(need.note for outcome in outcomes.values() for need in outcome.notes))
    return Coverage(dict(sorted(read.files.items())), unread, unknown, (*lines, *notes))

