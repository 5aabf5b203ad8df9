"""Entries that code takes out of a data catalogue by key: `catalog["orders"].load()`, `sources.orders.read()`."""

from __future__ import annotations

import posixpath
import re
from typing import NamedTuple

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.domain import Frame, Hole, Library, Literal, Template, Values
from mltradeoff_lint.resolve.sites import Use
from mltradeoff_lint.resolve.values.strings import REPOSITORY, make

INTAKE = "intake"
"""The scheme of a read of a source that an Intake catalogue file describes."""

MAX_STEPS = 4
"""Names and calls between a read and the place where its entry is taken."""

_PLACES = (("args", "urlpath"), ("args", "path"))
_FIELD = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
_OWN_FOLDER = "CATALOG_DIR"
"""What an Intake catalogue calls the folder it lies in (https://intake.readthedocs.io/en/latest/catalog.html)."""


class Keyed(NamedTuple):
    """The names an entry is taken by, and the expression of the catalogue it is taken from."""

    names: Values
    catalogue: int


def keyed_entry(work: Workspace, use: Use, frame: Frame | None) -> Keyed | None:
    """How the receiver of a read was taken out of a catalogue; None where that is not written in its function."""
    facts = work.resolver.facts(use.ref.path)
    function = facts.exprs[facts.calls[use.ref.call].function]
    index = function[1] if function[0] == "attr" else NONE
    for _ in range(MAX_STEPS):
        expr = facts.exprs[index] if index != NONE else ("none",)
        if expr[0] == "item" and expr[2] != NONE:
            return Keyed(work.resolver.values(use.ref.path, expr[2], frame), expr[1])
        if expr[0] == "attr":
            return Keyed((Literal(expr[2]),), expr[1])
        if expr[0] == "call":
            index = facts.calls[expr[1]].function
        elif expr[0] == "name" and len(expr[2]) == 1 and facts.definitions[expr[2][0]].kind == "assign":
            definition = facts.definitions[expr[2][0]]
            index = definition.value if not definition.path else NONE
        else:
            return None
    return None


def catalogue_uses(work: Workspace, use: Use, keyed: Keyed, frame: Frame | None) -> tuple[Use, ...]:
    """The calls that opened the catalogue an entry is taken from."""
    values = work.resolver.values(use.ref.path, keyed.catalogue, frame)
    made = dict.fromkeys(value.made[-1].call for value in values if isinstance(value, Library) and value.made)
    return tuple(one for call in made for one in work.sites.at(call) if one.meaning.literal("format") == INTAKE)


def intake_location(work: Workspace, path: str, name: str) -> Values:
    """Where a source of an Intake catalogue file lies; empty when the file does not tell."""
    for root in work.resolver.program.roots(path):
        source = root.get("sources", name)
        for route in _PLACES if source is not None else ():
            held = source.get(*route) if source is not None else None
            if held is not None:
                texts = held.items if held.kind == "seq" else (held,)
                return tuple(_value(one, path) for one in texts if one.kind == "str")
    return ()


def _value(entry: Entry, path: str) -> Template | Literal:
    parts: list[str | Hole] = []
    end = 0
    for field in _FIELD.finditer(entry.value):
        folder = posixpath.dirname(path)
        own: list[str | Hole] = [Hole(REPOSITORY), f"/{folder}" if folder else ""]
        parts += [entry.value[end : field.start()], *(own if field[1] == _OWN_FOLDER else [Hole(field[1])])]
        end = field.end()
    made = make([*parts, entry.value[end:]], "configured")
    return made if isinstance(made, (Template, Literal)) else Literal("", "configured")
