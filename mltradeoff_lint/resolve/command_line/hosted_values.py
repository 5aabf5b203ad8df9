"""What `${{ ... }}` stands for in a workflow of GitHub: the values of a matrix, and the defaults of inputs.

Source: GitHub documentation, "Running variations of jobs in a workflow" and "Workflow syntax", `on.*.inputs`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.source import Site, Span

_EVENTS = ("workflow_dispatch", "workflow_call")
_INPUTS = ("github.event.inputs.", "inputs.")


def hosted(path: str, roots: Sequence[Entry], at: Span, expression: str) -> tuple[tuple[str, Site, str], ...]:
    """The (text, place, provenance) of each value of an expression in a step; empty when the workflow does not say."""
    if expression.startswith("matrix."):
        found = _of_matrix(roots, at, expression.removeprefix("matrix.").split("."))
        return tuple((one.value, Site(path, one.span), "configured") for one in found)
    for prefix in _INPUTS:
        if expression.startswith(prefix):
            defaults = (_default(root, expression.removeprefix(prefix)) for root in roots)
            return tuple((one.value, Site(path, one.span), "default") for one in defaults if one is not None)
    return ()


def _of_matrix(roots: Sequence[Entry], at: Span, keys: Sequence[str]) -> tuple[Entry, ...]:
    """The values of a key in the matrix of the job that holds a line; empty when one of them is computed."""
    found: list[Entry] = []
    for root in roots:
        jobs = root.get("jobs")
        for _, key, job in jobs.entries if jobs is not None else ():
            strategy = job.get("strategy")
            matrix = strategy.get("matrix") if strategy is not None else None
            if matrix is not None and key.line <= at.line <= job.span.end_line:
                found += _listed(matrix, keys)
    is_plain = all(one.kind not in ("map", "seq", "null") and "${{" not in one.value for one in found)
    return tuple(found) if is_plain else ()


def _listed(matrix: Entry, keys: Sequence[str]) -> Iterator[Entry]:
    own = matrix.get(keys[0])
    for item in own.items if own is not None else ():
        inner = _under(item, keys[1:])
        yield from [inner] if inner is not None else []
    include = matrix.get("include")
    for item in include.items if include is not None else ():
        inner = _under(item, keys)
        yield from [inner] if inner is not None else []


def _under(entry: Entry, keys: Sequence[str]) -> Entry | None:
    here: Entry | None = entry
    for key in keys:
        here = here.get(key) if here is not None else None
    return here


def _default(root: Entry, name: str) -> Entry | None:
    """The default of an input; a YAML 1.1 reader may have turned the key `on` into true."""
    events = root.get("on") or root.get("true") or root.get("True")
    for event in _EVENTS:
        declared = _under(events, (event, "inputs", name, "default")) if events is not None else None
        if declared is not None and declared.kind not in ("map", "seq", "null") and declared.value:
            return declared
    return None
