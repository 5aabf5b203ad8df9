"""Builds the graph: resolve what is needed, let every family of nodes add its own, and record what each asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from mltradeoff_lint.catalog.tables import Tables
from mltradeoff_lint.graph.facets.metering.delivery import Deliveries
from mltradeoff_lint.graph.facets.metering.ladder import Metering
from mltradeoff_lint.graph.facets.metering.model_addresses import ModelAddresses
from mltradeoff_lint.graph.facets.metering.remedies import Remedies
from mltradeoff_lint.graph.facets.metering.usage_reads import find_usage_reads
from mltradeoff_lint.graph.facets.refresh import Refreshes
from mltradeoff_lint.graph.nodes.datasets import Datasets
from mltradeoff_lint.graph.nodes.ensembles import Ensembles
from mltradeoff_lint.graph.nodes.exchanges import Exchanges
from mltradeoff_lint.graph.nodes.features import Features
from mltradeoff_lint.graph.nodes.model_calls import add_model_calls
from mltradeoff_lint.graph.nodes.owners import Owners
from mltradeoff_lint.graph.nodes.predictions import Predictions
from mltradeoff_lint.graph.nodes.served_ensembles import ServedEnsembles
from mltradeoff_lint.graph.workspace import Repository, Workspace
from mltradeoff_lint.model.declared import Declarations
from mltradeoff_lint.model.graph import Graph, Node
from mltradeoff_lint.model.problem import Problem, ProblemKind
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.flow.dataflow import Dataflow
from mltradeoff_lint.resolve.program import Program, Question
from mltradeoff_lint.resolve.resolution import Resolutions, coverage_line
from mltradeoff_lint.resolve.resolver import WholeProgram
from mltradeoff_lint.resolve.running.entries import Entries
from mltradeoff_lint.resolve.running.reach import Reach
from mltradeoff_lint.resolve.running.roles import Roles
from mltradeoff_lint.resolve.running.workflows import Workflows
from mltradeoff_lint.resolve.sites import Sites

Family = Callable[[Workspace, Tables], None]


def build_graph(
    program: Program, repository: Repository, declared: Declarations, tables: Tables, problems: list[Problem]
) -> tuple[Graph, dict[str, tuple[Question, ...]], tuple[str, ...]]:
    """The graph, the questions each family of nodes asked of the program, and the coverage sentences.

    A family that fails is a CRASH problem; the others are still built.
    """
    work = prepare(program, repository, declared)
    questions: dict[str, tuple[Question, ...]] = {}
    for name, family in FAMILIES.items():
        with program.recording() as asked:
            try:
                family(work, tables)
            except Exception as error:
                words = f"building the {name} of the graph failed: {type(error).__name__}: {error}"[:300]
                problems.append(Problem.of_file(ProblemKind.CRASH, ".", words))
        questions[name] = asked()
    return work.graph, questions, _coverage_lines(work)


def prepare(program: Program, repository: Repository, declared: Declarations) -> Workspace:
    """Resolve what every family needs."""
    resolver = WholeProgram(program)
    sites = Sites(resolver)
    workflows = Workflows(resolver, sites)
    reach = Reach(resolver, workflows)
    entries = Entries(resolver, sites, workflows)
    roles = Roles(reach, entries, declared.roles)
    flow = Dataflow(resolver, sites, resolver.members)
    return Workspace(resolver, sites, flow, reach, entries, roles, repository, declared)


def _model_calls(work: Workspace, tables: Tables) -> None:
    deliveries = Deliveries(work, tables)
    reads = find_usage_reads(work, deliveries)
    metering, remedies = Metering(work, reads, deliveries, tables), Remedies(work, reads, deliveries, tables)
    add_model_calls(work, metering, ModelAddresses(tables), remedies)


def _datasets(work: Workspace, tables: Tables) -> None:
    datasets = Datasets(work)
    datasets.add()
    Exchanges(work, datasets.places, datasets.written).add()


def _predictions(work: Workspace, tables: Tables) -> None:
    refreshes = Refreshes(work)
    features = Features(work, refreshes)
    features.add_views()
    Predictions(work, features, refreshes).add()


def _ensembles(work: Workspace, tables: Tables) -> None:
    Ensembles(work).add()
    ServedEnsembles(work).add()


def _owners(work: Workspace, tables: Tables) -> None:
    Owners(work).add()


FAMILIES: dict[str, Family] = {
    "model calls": _model_calls,
    "datasets": _datasets,
    "predictions": _predictions,
    "ensembles": _ensembles,
    "owners": _owners,
}
"""The families of nodes in the order they are built; a later one may refer to the nodes of an earlier one."""


_ASIDE = ("test", "tutorial", "experiment")
_COST_STATES = ("metered", "unmetered", "unknown")
_SELF_HOSTED, _NOT_OPERATED = "self-hosted", "in tests, examples and experiments"


def _coverage_lines(work: Workspace) -> tuple[str, ...]:
    values = coverage_line(Resolutions(work.resolver, work.sites).all())
    cost = _cost_evidence(work)
    return tuple(line for line in (values, cost) if line)


def _cost_evidence(work: Workspace) -> str:
    """How many paid model calls are recorded, and how many calls that does not ask about; empty without a call."""
    states: Counter[str] = Counter(_cost_state(node) for node in work.graph.nodes("ModelCall"))
    if not states:
        return ""
    aside = ", ".join(f"{states[state]} {state}" for state in (_SELF_HOSTED, _NOT_OPERATED) if states[state])
    count = sum(states[state] for state in _COST_STATES)
    told = ", ".join(f"{states[state]} {state}" for state in _COST_STATES)
    paid = f"{told} of {count} paid model call{'s'[: count != 1]}" if count else "no paid model calls"
    return f"cost evidence: {paid}" + (f"; not counted: {aside}" if aside else "")


def _cost_state(node: Node) -> str:
    """What is known of the cost of a model call; who is paid for it has to be known before one is called unmetered."""
    metering, hosting = node.properties.get("metering"), node.properties.get("hosting")
    if node.properties.get("role") in _ASIDE:
        return _NOT_OPERATED
    if hosting == "self-hosted":
        return _SELF_HOSTED
    if metering == "satisfied":
        return "metered"
    return "unknown" if isinstance(metering, Unknown) or isinstance(hosting, Unknown) else "unmetered"
