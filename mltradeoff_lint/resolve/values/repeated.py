"""Which pieces of one text are the same expression, so that each is what the others are.

`f"{self.name}/{self.name}.csv"` reads a field twice and nothing runs in between. Where something is called in the text
it may set the field anew, and an expression that is called is never the same one twice.
"""

from __future__ import annotations

from collections.abc import Sequence

from mltradeoff_lint.model.expressions import parts
from mltradeoff_lint.model.facts import NONE, PythonFacts

_RUNNING = frozenset({"call", "await", "yield", "yieldfrom"})
"""Kinds of expressions that run something else before the text is read on."""


def repeated(facts: PythonFacts, pieces: Sequence[int]) -> Sequence[str]:
    """A field for each piece that stands in a text more than once, empty for others; nothing where none does."""
    if len(set(pieces)) == len(pieces):
        return ()
    found = [str(one) if pieces.count(one) > 1 and facts.exprs[one][0] != "const" else "" for one in pieces]
    return found if any(found) and not _runs_code(facts, pieces) else ()


def _runs_code(facts: PythonFacts, pieces: Sequence[int]) -> bool:
    """Whether something is called within the pieces."""
    pending = [*pieces]
    while pending:
        expr = facts.exprs[pending.pop()]
        if expr[0] in _RUNNING:
            return True
        pending += [one for one in parts(facts, expr) if one != NONE]
    return False
