"""Every row of the catalog fires on its own example, and every path of a row is one that a program can reach."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from mltradeoff_lint.catalog.index import Catalog
from mltradeoff_lint.catalog.load import bundled, load_catalog
from mltradeoff_lint.model.meanings import MEANINGS
from mltradeoff_lint.reading import read_tree
from mltradeoff_lint.resolve.domain import Library
from mltradeoff_lint.resolve.modules import Modules
from mltradeoff_lint.resolve.possible_calls import PossibleCalls
from mltradeoff_lint.resolve.program import Program
from mltradeoff_lint.resolve.resolver import WholeProgram
from mltradeoff_lint.resolve.sites import Sites
from mltradeoff_lint.tree.memory import MemoryTree
from tests.resolve.sample import catalog_of

SECTIONS = ("calls", "decorators", "classes", "assignments", "imports")
STEP = re.compile(r"\(\)|\[\]|\([^()]+\)|\.?[^.()\[\]]+")


class Row(NamedTuple):
    """One row of a catalog file."""

    file: str
    section: str
    paths: tuple[str, ...]
    kind: str
    example: str
    given: str

    @property
    def imports(self) -> frozenset[str]:
        """The import roots of the example."""
        roots: set[str] = set()
        for node in ast.walk(ast.parse(self.example)):
            if isinstance(node, ast.Import):
                roots |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                roots.add(node.module.partition(".")[0])
        return frozenset(roots)


def document(path: Path) -> dict[str, Any]:
    loaded = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    assert isinstance(loaded, dict)
    return loaded


def rows_of(path: Path) -> list[Row]:
    loaded = document(path)
    return [
        Row(
            path.name,
            section,
            (row["call"], *(row.get("also") or ())),
            row["is"],
            row.get("example") or "",
            row.get("given") or "",
        )
        for section in SECTIONS
        for row in loaded.get(section) or ()
    ]


FILES = bundled()
ROWS = [row for path in FILES for row in rows_of(path)]
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def whole() -> Catalog:
    """The catalog of every library."""
    return load_catalog({root.strip("*") for path in FILES for root in document(path)["roots"]})


def resolver_of(examples: list[str], imports: frozenset[str]) -> WholeProgram:
    """A repository of some examples, one a file, with the catalog that some imports choose."""
    names = [f"example_{number:03}.py" for number in range(len(examples))]
    read = read_tree(MemoryTree(dict(zip(names, examples, strict=True))), lambda path: False)
    catalog = catalog_of(imports)
    return WholeProgram(Program(read.facts, catalog, Modules(list(read.facts), (), catalog.roots)))


def fired(examples: list[str], imports: frozenset[str]) -> list[set[tuple[str, str, str]]]:
    """The (section, kind, path) of every row that fires on each example, with the catalog these imports choose."""
    resolver = resolver_of(examples, imports)
    sites = Sites(resolver)
    names = resolver.program.python_paths()
    found: dict[str, set[tuple[str, str, str]]] = {name: set() for name in names}
    for use in sites.uses:
        found[use.ref.path].add(("calls", use.meaning.kind, use.meaning.path))
    for mark in sites.marked:
        section = "classes" if mark.owner is not None and mark.decorator is None else "decorators"
        found[mark.site.path].add((section, mark.meaning.kind, mark.meaning.path))
    for write in sites.assigned:
        found[write.path].add(("assignments", write.meaning.kind, write.meaning.path))
    for one in sites.imported:
        found[one.path].add(("imports", one.meaning.kind, one.meaning.path))
    for name in names:
        found[name] |= set(_attributes(resolver, name))
    return [found[name] for name in names]


def _attributes(resolver: WholeProgram, path: str) -> Iterator[tuple[str, str, str]]:
    """The meanings of attributes that are read, such as `flask.request.json`."""
    facts = resolver.facts(path)
    called = {call.function for call in facts.calls}
    for index, expr in enumerate(facts.exprs):
        if expr[0] == "attr" and index not in called:
            for value in resolver.values(path, index):
                if isinstance(value, Library):
                    for meaning in resolver.program.meanings("calls", value.path):
                        yield "calls", meaning.kind, meaning.path


@each_file
def test_every_row_fires_on_its_example(path: Path) -> None:
    groups: dict[frozenset[str], list[Row]] = {}
    for row in rows_of(path):
        groups.setdefault(row.imports, []).append(row)
    missed = [row.paths[0] for row in rows_of(path) if not row.example]
    for imports, rows in groups.items():
        for row, found in zip(rows, fired([row.example for row in rows], imports), strict=True):
            if not any((row.section, row.kind, one) in found for one in row.paths):
                missed.append(f"{row.paths[0]} ({row.kind}): fired {sorted(found)}")
    assert not missed


@each_file
def test_a_method_is_a_possible_call_where_nothing_but_its_example_is_written(path: Path) -> None:
    missed = []
    for row in rows_of(path):
        of_modules = {one.rpartition(".")[2] for one in row.paths if "(" not in one.rpartition(".")[0]}
        methods = {one.rpartition(".")[2] for one in row.paths} - of_modules
        called = {node.func.attr for node in calls_of(row.example) if isinstance(node.func, ast.Attribute)}
        if row.section == "calls" and methods & called:
            resolver = resolver_of([row.example], row.imports)
            possible = PossibleCalls(resolver, resolver.program.python_paths())
            missed += [name for name in methods & called if not possible.is_any(name)]
    assert not missed


def calls_of(source: str) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]


@each_file
def test_every_key_and_setting_of_a_row_is_one_of_the_closed_list(path: Path) -> None:
    for section in SECTIONS:
        for row in document(path).get(section) or ():
            assert row["is"] in MEANINGS
            assert set(row.get("with") or {}) <= set(MEANINGS[row["is"]]), row["call"]


def walk(catalog: Catalog, path: str) -> str:
    """The path the resolver arrives at for a program that spells out `path` step by step."""
    head = re.match(r"[\w.]+", path)
    assert head is not None, path
    here = catalog.imported(head.group())
    for step in STEP.findall(path[head.end() :]):
        if step == "()":
            here = catalog.called(here)
        elif step == "[]":
            here = catalog.canonical(here + step)
        elif step.startswith("("):
            here = catalog.made_with(here, step[1:-1])
        else:
            here = catalog.member(here, step.removeprefix("."))
    return here


@each_file
def test_every_spelling_of_a_row_can_be_reached_step_by_step(path: Path, whole: Catalog) -> None:
    lost = []
    for row in rows_of(path):
        for one in row.paths:
            if "*" not in one:
                section: Any = row.section
                arrived = walk(whole, one)
                if not any(meaning.kind == row.kind for meaning in whole.meanings(section, arrived)):
                    lost.append(f"{one} arrives at {arrived}")
    assert not lost


@each_file
def test_what_another_spelling_stands_for_is_canonical_itself(path: Path, whole: Catalog) -> None:
    for canonical in document(path).get("same") or {}:
        assert walk(whole, canonical) == canonical


def test_no_path_has_the_same_meaning_twice() -> None:
    counted = Counter((row.section, row.kind, row.given, one) for row in ROWS for one in row.paths)
    assert [key for key, count in counted.items() if count > 1] == []
