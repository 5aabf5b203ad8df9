"""Ploomber: the tasks of a pipeline, the files they make, and the names it sets in the scripts that it runs.

Source: Ploomber documentation, "Spec API" and "Parametrized pipelines": a script or notebook is given `upstream` (the
products of the tasks it names), `product` and its `params`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.model.declarations import DatasetDeclaration, Declaration, GivenNames
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents, FileFacts
from mltradeoff_lint.model.repository_path import folder_of, from_folder
from mltradeoff_lint.model.source import Site

PLATFORM = "ploomber"
_SCRIPTS = (".py", ".ipynb")
_FILES = (*_SCRIPTS, ".sql", ".sh", ".r", ".rmd", ".md")
"""What the source of a task ends in where it is a file; any other is the dotted name of a function."""
_HOLES = ("{{", "{%")


class _Task(NamedTuple):
    """A task: its name, what it runs, what it makes, and the folder that the paths of its products are seen from."""

    name: str
    source: str
    product: Entry
    entry: Entry
    folder: str


def applies(path: str, facts: FileFacts) -> bool:
    """Whether a YAML file named for a pipeline lists tasks with a source and a product."""
    name = posixpath.basename(path)
    return (
        name.startswith("pipeline")
        and name.endswith((".yaml", ".yml"))
        and isinstance(facts.content, Documents)
        and any(True for root in facts.content.roots for _ in _tasks(path, root))
    )


def read(facts: FileFacts) -> tuple[Declaration, ...]:
    """The files that the tasks make, and the names that each script among them is given."""
    if not isinstance(facts.content, Documents):
        return ()
    found: list[Declaration] = []
    for root in facts.content.roots:
        tasks = list(_tasks(facts.path, root))
        for task in tasks:
            found += _products(facts.path, task)
            script = from_folder(folder_of(facts.path), task.source)
            if script is not None and task.source.endswith(_SCRIPTS):
                found.append(_given(facts.path, script, task, tasks))
    return tuple(found)


def _tasks(path: str, root: Entry) -> Iterator[_Task]:
    listed = root.get("tasks")
    for item in listed.items if listed is not None else ():
        source, product = item.text("source"), item.get("product")
        if source and product is not None:
            stem, suffix = posixpath.splitext(posixpath.basename(source))
            name = item.text("name") or (stem if suffix.lower() in _FILES else source.rpartition(".")[2])
            beside = root.is_true("meta", "product_relative_to_source")
            folder = from_folder(folder_of(path), posixpath.dirname(source) or ".") if beside else folder_of(path)
            yield _Task(name, source, product, item, folder or "")


def _products(path: str, task: _Task) -> Iterator[DatasetDeclaration]:
    """The files among the products; a list is a table of a database, and a text with holes is known at run time."""
    for route, one in task.product.walk():
        inside = from_folder(task.folder, one.value) if one.kind == "str" and not _is_filled(one) else None
        if inside and not any(step.isdigit() for step in route):
            how = f"product of task {task.name} in {path}"
            yield DatasetDeclaration(
                inside, True, "generated", how, Site(path, one.span), PLATFORM, "writes", task.name
            )


def _given(path: str, script: str, task: _Task, tasks: list[_Task]) -> GivenNames:
    span = task.entry.span
    others = tuple((one.name, span, _known(one)) for one in tasks if one.name != task.name)
    params, grid = task.entry.get("params"), task.entry.get("grid")
    values = [(name, _whole(value)) for name, _, value in params.entries] if params is not None else []
    rows = () if grid is None else grid.items or (grid,)
    values += [
        (name, Entry("null", span)) for name in dict.fromkeys(name for row in rows for name, _, _ in row.entries)
    ]
    names = (("upstream", Entry("map", span, entries=others)), ("product", _known(task)))
    return GivenNames(script, task.folder, names, tuple(values), Site(path, span), PLATFORM)


def _known(task: _Task) -> Entry:
    """What a task makes, without what shows at run time only: a grid makes as many as it has rows."""
    if task.entry.get("grid") is not None:
        return Entry("null", task.product.span)
    if task.product.kind != "map":
        return _whole(task.product)
    return task.product._replace(entries=tuple((key, span, _whole(one)) for key, span, one in task.product.entries))


def _whole(entry: Entry) -> Entry:
    """An entry, or `null` where a text of it has holes."""
    return Entry("null", entry.span) if any(_is_filled(one) for _, one in entry.walk()) else entry


def _is_filled(entry: Entry) -> bool:
    """Whether a text has holes that the environment of a pipeline fills at run time."""
    return any(hole in entry.value for hole in _HOLES)
