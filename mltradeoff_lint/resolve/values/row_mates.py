"""What a name is in a branch that a test of another part of the same row decides: `if kind is Small: Small(model)`.

`kind, model = TABLE[name]` gives both names from one entry, so behind a test of `kind` the model is that of the entries
whose kind passes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.resolve.domain import TOO_MANY, Frame, Value, Values, union
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.conditions import Condition
from mltradeoff_lint.resolve.values.loop_rows import group_of, rows_of_group

Passes = Callable[[Condition, Value], bool]


def left(
    resolver: Resolver, path: str, index: int, values: Values, frame: Frame | None, tests: Sequence[Condition],
    passes: Passes,
) -> Values:  # fmt: skip
    """The values of a name that stand in rows whose other parts pass the tests; all of them where no row is told."""
    facts: PythonFacts = resolver.facts(path)
    own: tuple[int, ...] = facts.exprs[index][2]
    targets = sorted({*own, *(one.place[2][0] for one in tests)})
    rows = rows_of_group(resolver, path, group_of(facts, own), targets, frame) or []
    kept = [row for row in rows if all(any(passes(one, part) for part in row[one.place[2]]) for one in tests)]
    if not kept or len(kept) == len(rows):
        return values
    found = union(*(row[own] for row in kept))
    # what is looked at in one row holds what that row does
    return found if TOO_MANY in values else tuple(value for value in values if value in found)
