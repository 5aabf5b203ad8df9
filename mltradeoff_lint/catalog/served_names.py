"""The names by which model servers look up a function or class of a module; the table is data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from mltradeoff_lint.catalog.table_files import read_table

_LISTS = ("methods", "beside", "imports", "variables", "keys", "batch", "results")


class ServedName(NamedTuple):
    """A function, or methods of a class, that a server calls on request because of its name."""

    framework: str
    function: str
    class_name: str
    methods: tuple[str, ...]
    parameters: int
    """How many parameters the function takes at least."""
    beside: tuple[str, ...]
    """Functions that the same module must define."""
    imports: tuple[str, ...]
    variables: tuple[str, ...]
    keys: tuple[str, ...]
    """Signs of the server, one of which the module must show: import roots, environment variables, read keys."""
    batch: tuple[str, ...]
    """Names of a first parameter that say the function scores files in a batch."""
    interface: str
    results: tuple[str, ...]
    """Functions of the module whose results are passed to it, by the position of the parameter."""


@cache
def served_names() -> tuple[ServedName, ...]:
    """The servers of the table, in its order."""
    return tuple(_row(row) for row in read_table("served-names.yaml")["servers"])


@cache
def results_passed() -> Mapping[str, tuple[str, ...]]:
    """Name of a function that a server calls -> the functions beside it whose results it is passed, in order."""
    return {row.function: row.results for row in served_names() if row.results}


def page_libraries() -> Mapping[str, str]:
    """Import root of a library whose pages are scripts -> the framework as a reader knows it."""
    return {str(row["root"]): str(row["framework"]) for row in read_table("served-names.yaml")["pages"]}


def _row(row: dict[str, Any]) -> ServedName:
    listed = {key: tuple(row.get(key) or ()) for key in _LISTS}
    return ServedName(
        str(row["framework"]),
        str(row.get("function", "")),
        str(row.get("class", "")),
        listed["methods"],
        int(row.get("parameters", 0)),
        listed["beside"],
        listed["imports"],
        listed["variables"],
        listed["keys"],
        listed["batch"],
        str(row.get("interface", "api")),
        listed["results"],
    )
