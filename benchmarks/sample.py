"""Draws resolved values and cross-file edges at random, for a person to read and judge.

Values come from the sites of `mltradeoff_lint/resolve/resolution.py` that resolved and are not written as a literal at
the site; parameters are left out, because the arguments that hang on them are sites too. Edges are calls between
functions of different files, and edges of the graph whose two ends or steps lie in different files. The same seed and
repositories give the same sample.

Usage: `python benchmarks/sample.py SEED COUNT REPOSITORY...` prints COUNT values and COUNT edges, spread over the
repositories, one block each: where, what is claimed, and the lines it rests on.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

from mltradeoff_lint.catalog.tables import load_tables
from mltradeoff_lint.graph.build import FAMILIES, prepare
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.linking import link, repository
from mltradeoff_lint.model.graph import Edge, NodeId, seen_along
from mltradeoff_lint.model.recursion import room_for_recursion
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.reading import read_tree
from mltradeoff_lint.resolve.domain import FunctionRef, Items, Library, Literal, Template, Value
from mltradeoff_lint.resolve.explain import firmness
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.resolution import PARAMETER, UNPASSED, Resolutions
from mltradeoff_lint.resolve.shown_paths import as_imported
from mltradeoff_lint.resolve.values.brought import source_of
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree import WorktreeTree
from mltradeoff_lint.triage.locate import Locator

AS_OF = "2026-01-01"


def workspace(root: Path) -> tuple[Workspace, Locator]:
    """The resolved repository with its graph, and what tells its lines."""
    settings, tree = Settings(), WorktreeTree(root)
    read = read_tree(tree, lambda path: False)
    work = prepare(link(tree, read), repository(tree, read), settings.declare)
    for family in FAMILIES.values():
        family(work, load_tables(AS_OF))
    return work, Locator(tree.read, read.facts)


def resolved_values(work: Workspace, locator: Locator) -> Iterator[str]:
    """Every resolved site whose text is not a literal, with what is claimed of it."""
    for one in Resolutions(work.resolver, work.sites).all():
        texts = [text for value in one.values if (text := _text(value))]
        line = _line(locator, one.site)
        if one.state == "unknown" or one.kind in (PARAMETER, UNPASSED) or all(text in line for text in texts):
            continue
        claimed = " | ".join(dict.fromkeys(_shown(work, one.site.path, value) for value in one.values))
        yield f"{one.kind} at {_place(locator, one.site)}\n    {line}\n    is claimed to be {claimed}"


def cross_file_edges(work: Workspace, locator: Locator) -> Iterator[str]:
    """Every call between files that the reach of handlers uses, and every edge of the graph across files."""
    for path in work.resolver.program.python_paths():
        if is_test(path):
            continue
        for number, scope in enumerate(work.resolver.facts(path).scopes):
            if scope.kind == "function":
                function = FunctionRef(path, number)
                for way in work.reach.incoming(function):
                    if way.caller.path != path:
                        yield (
                            f"call edge at {_place(locator, way.site)}\n    {_line(locator, way.site)}\n"
                            f"    is claimed to be: {way.words(work.function_name(function))}, "
                            f"defined at {path}:{scope.name_span.line}"
                        )
    for edge in (edge for node in work.graph.nodes() for edge in work.graph.out(node.id)):
        sites = _sites(work, edge)
        if len({site.path for site in sites}) > 1:
            steps = "\n".join(
                f"    {_place(locator, one.site)} {one.how}: {_line(locator, one.site)}"
                for one in (*edge.steps, edge.evidence)
            )
            ends = " -> ".join(_label(work, locator, edge, end) for end in (edge.source, edge.target))
            yield f"graph edge {edge.kind}: {ends}\n{steps}"


def _sites(work: Workspace, edge: Edge) -> list[Site]:
    ends = [site for end in (edge.source, edge.target) if (site := seen_along(edge, work.graph.node(end))) is not None]
    return [*ends, edge.evidence.site, *(step.site for step in edge.steps)]


def _label(work: Workspace, locator: Locator, edge: Edge, identity: NodeId) -> str:
    node = work.graph.node(identity)
    site = seen_along(edge, node)
    return f"{node.id.kind} {node.label} ({_place(locator, site) if site is not None else 'no place'})"


def _text(value: Value) -> str:
    if isinstance(value, Literal) and value.value is not None:
        return str(value.value)
    return value.text if isinstance(value, Template) else ""


def _shown(work: Workspace, path: str, value: Value) -> str:
    match value:
        case Literal():
            return f"{value.value!r} ({firmness(value)})"
        case Template():
            return f"{value.text!r} (template, {firmness(value)})"
        case Unknown():
            return f"unknown: {value.reason}{_named(value.source)}"
        case Items():
            each = dict.fromkeys(_shown(work, path, one) for one in value.every)
            return f"{'at least ' if value.is_open else ''}[{'; '.join(each)}]"
        case Library():
            source = source_of(work.resolver, value) if value.key else ""
            return f"'{{{source}}}'" if source else f"`{as_imported(work.resolver, path, value.path)}`"
    return type(value).__name__.lower()


def _named(source: str) -> str:
    return f" (`{source}`)" if source else ""


def _place(locator: Locator, site: Site) -> str:
    found = locator.locate(site)
    return f"{found.path}:{found.line}{f' ({found.note})' if found.note else ''}"


def _line(locator: Locator, site: Site) -> str:
    return locator.locate(site).snippet.strip()


def main(seed: str, count: str, roots: list[str]) -> None:
    """Print the sample."""
    chance = random.Random(seed)
    share = -(-int(count) // len(roots))
    for name in roots:
        root = Path(name)
        with room_for_recursion():
            work, locator = workspace(root)
            drawn = (("VALUE", set(resolved_values(work, locator))), ("EDGE", set(cross_file_edges(work, locator))))
        for title, found in drawn:
            everything = sorted(found)
            for text in chance.sample(everything, min(share, len(everything))):
                print(f"[{title} {root.name}] {text}\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
