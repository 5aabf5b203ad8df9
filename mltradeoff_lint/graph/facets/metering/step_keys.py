"""Under which key the result of a run holds what its model gave: a pipeline gives the answers of its parts by name."""

from __future__ import annotations

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.resolve.domain import Library, Literal
from mltradeoff_lint.resolve.sites import Use

STEP = "<step>"
"""How a line of the table writes it, which is nothing where the model itself is run."""


def with_step(work: Workspace, use: Use, line: str) -> str:
    """A line of the table with the key of the model's part where the call runs a pipeline that has it as a part."""
    if STEP not in line:
        return line
    runs = any(one.meaning.kind == "workflow-run" for one in work.sites.at(use.ref))
    return line.replace(STEP, f"[{_key(work, use)}]" if runs else "")


def _key(work: Workspace, use: Use) -> str:
    """The name by which the model was added, as code; `...` where it does not show."""
    names: set[object] = set()
    for step in work.sites.of_kind("workflow"):
        keys, steps = (step.meaning.selectors(one) for one in ("key", "steps"))
        for expr in work.sites.select(step.ref, steps) if keys else ():
            values = work.resolver.values(step.ref.path, expr)
            if any(isinstance(one, Library) and set(one.made) & set(use.value.made) for one in values):
                found = [one for key in work.sites.select(step.ref, keys) for one in _texts(work, step, key)]
                names.update(found or [None])
    name = names.pop() if len(names) == 1 else None
    return f'"{name}"' if isinstance(name, str) else "..."


def _texts(work: Workspace, step: Use, expr: int) -> list[object]:
    values = work.resolver.values(step.ref.path, expr)
    return [one.value if isinstance(one, Literal) else None for one in values]
