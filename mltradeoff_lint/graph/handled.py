"""The handlers of a repository as the graph knows model calls: a plain HTTP request counts by its address."""

from __future__ import annotations

from collections.abc import Iterable

from mltradeoff_lint.catalog.tables import Tables
from mltradeoff_lint.graph.facets.metering.model_addresses import ModelAddresses, asked
from mltradeoff_lint.graph.nodes.model_calls import model_calls
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.resolve.domain import Frame
from mltradeoff_lint.resolve.running.handler_lines import HandlerLines, lines_at, lines_below
from mltradeoff_lint.resolve.running.handlers import Handlers
from mltradeoff_lint.resolve.running.run_lines import lines_of_runs
from mltradeoff_lint.resolve.running.step_order import StepOrder
from mltradeoff_lint.resolve.running.workflows import Workflows
from mltradeoff_lint.resolve.sites import Use


def handlers_of(work: Workspace, tables: Tables) -> Handlers:
    """The handlers, with everything they need resolved."""
    addresses = ModelAddresses(tables)
    known = {use.ref for use in model_calls(work, addresses)}

    def counts(use: Use, frame: Frame | None) -> bool:
        if use.meaning.kind != "model-call" or use.meaning.literal("provider") != "http":
            return use.meaning.kind != "model-call" or use.ref in known
        return any(addresses.at(work, text) is not None for text in asked(work, use, frame))

    return Handlers(work.resolver, work.sites, work.reach, work.entries, counts)


def told_below(work: Workspace, tables: Tables, path: str) -> tuple[str, ...]:
    """Plain lines on the handlers in a file, or below a folder (the root being empty)."""
    return lines_below(handlers_of(work, tables), HandlerLines(work.resolver, work.sites, work.summaries.callees), path)


def told_at(work: Workspace, tables: Tables, places: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """Plain lines on the handlers at lines of modules, who runs the functions there, and the steps before those."""
    handlers, write = handlers_of(work, tables), HandlerLines(work.resolver, work.sites, work.summaries.callees)
    order = StepOrder(work.resolver, work.sites, Workflows(work.resolver, work.sites))
    told: list[str] = []
    for path, line in places:
        told += lines_at(handlers, write, path, line)
        told += lines_of_runs(work.resolver, work.reach, order, work.entries.by_function, path, line)
    return tuple(told)
