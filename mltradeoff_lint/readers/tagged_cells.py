"""Cells of a notebook that is kept as a script, and the tags that say what whoever runs a notebook does with a cell.

Source: Jupytext documentation, "The percent format" and "The light format"; papermill documentation, "Parameterize".
"""

from __future__ import annotations

import re

from mltradeoff_lint.model.source import ParameterCells

PARAMETERS, INJECTED = "parameters", "injected-parameters"
"""Tags of the cell with the defaults of a notebook's parameters, and of the cell that a runner put behind it."""

_TAGGED = re.compile(rb"^#[ \t]*(?:%%|\+).*?\btags\b\"?[ \t]*[=:][ \t]*\[([^\]\r\n]*)\]", re.MULTILINE)
_NEXT_PERCENT = re.compile(rb"^#[ \t]*%%", re.MULTILINE)
_NEXT_LIGHT = re.compile(rb"^#[ \t]*(?:\+|%%|-[ \t]*$)", re.MULTILINE)


def parameter_cells(source: bytes) -> ParameterCells:
    """The cells of a script that set the parameters of the notebook it stands for; of several of a kind the first."""
    found: dict[str, tuple[int, int]] = {}
    if b'parameters"' in source or b"parameters'" in source:
        for mark in _TAGGED.finditer(source):
            tags = {one.strip(" \t\"'") for one in mark[1].decode("utf-8", "replace").split(",")}
            ends = (_NEXT_PERCENT if b"%%" in mark[0][:8] else _NEXT_LIGHT).search(source, mark.end())
            first = source.count(b"\n", 0, mark.end()) + 2
            last = source.count(b"\n", 0, ends.start() if ends else len(source))
            for tag in tags & {PARAMETERS, INJECTED}:
                found.setdefault(tag, (first, max(first, last)))
    return ParameterCells(found.get(PARAMETERS, (0, 0)), found.get(INJECTED, (0, 0)))
