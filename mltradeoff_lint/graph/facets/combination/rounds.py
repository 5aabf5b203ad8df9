"""The rounds of a loop or comprehension as frames, in each of which its names hold what one element gives them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import parts
from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts
from mltradeoff_lint.resolve.domain import CallRef, Frame, FunctionRef, Items, Library, Mapping
from mltradeoff_lint.resolve.values.loop_rows import rows_of

MAX_ROUNDS = 12
"""Elements of one loop that are looked at one by one; a blend of more models is told by the loop over them."""

MAX_PARTS = 60
"""Parts of a score that are looked through for the names of a loop."""

_LISTS = frozenset({"torch.nn.ModuleList()", "torch.nn.ModuleDict()"})
"""Collections of networks; a loop over one goes over what it was made with."""


class Rounds:
    """Makes the frames of the rounds of loops."""

    def __init__(self, work: Workspace) -> None:
        self._work = work

    def of(self, path: str, loop: int, expr: int, frame: Frame | None) -> Iterator[list[Frame]]:
        """The frames of an expression in each round of a loop over `loop`, for each list that it may go over.

        None where the expression does not hang on the loop, or the elements are not told apart.
        """
        facts = self._work.resolver.facts(path)
        targets = self._targets(path, loop)
        call = _call_of(facts, expr)
        if call == NONE or not self.hangs_on(path, loop, expr):
            return
        function = FunctionRef(path, facts.definitions[targets[0]].scope)
        for value in self.collections(path, loop, frame):
            rows = rows_of(self._work.resolver, facts, (value,), targets) or []
            if (len(rows) > 1 or not value.is_open) and len(rows) <= MAX_ROUNDS:
                yield [Frame(function, CallRef(path, call), frame, None, tuple(row.items())) for row in rows]

    def hangs_on(self, path: str, loop: int, expr: int) -> bool:
        """Whether names that a loop binds go into an expression."""
        targets = self._targets(path, loop)
        return bool(targets) and _reads(self._work.resolver.facts(path), expr, targets)

    def collections(self, path: str, expr: int, frame: Frame | None) -> Iterator[Items | Mapping]:
        """The lists and dicts that an iterable may be, a list of networks as what it was made with."""
        for value in self._work.resolver.values(path, expr, frame):
            if isinstance(value, Library) and value.path in _LISTS and value.made:
                made = value.made[-1]
                call = self._work.resolver.call(made.call)
                inner = call.arguments[0] if call.arguments else NONE
                given = self._work.resolver.values(made.call.path, inner, made.frame)
                yield from (one for one in given if isinstance(one, Items | Mapping))
            elif isinstance(value, Items | Mapping):
                yield value

    def _targets(self, path: str, loop: int) -> tuple[int, ...]:
        """The names that a loop binds, given by what it goes over."""

        def find() -> dict[int, tuple[int, ...]]:
            found: dict[int, tuple[int, ...]] = {}
            for number, one in enumerate(self._work.resolver.facts(path).definitions):
                if one.kind == "loop":
                    found[one.value] = (*found.get(one.value, ()), number)
            return found

        return self._work.resolver.program.ask("loop-targets", path, find).get(loop, ())


def _call_of(facts: PythonFacts, index: int) -> int:
    """The first call in an expression, or in what its names hold; NONE without one."""
    return next((expr[1] for expr in _inside(facts, index) if expr[0] == "call"), NONE)


def _reads(facts: PythonFacts, index: int, targets: Sequence[int]) -> bool:
    """Whether names of a loop go into an expression, also through what other names hold."""
    return any(expr[0] == "name" and not set(targets).isdisjoint(expr[2]) for expr in _inside(facts, index))


def _inside(facts: PythonFacts, index: int) -> Iterator[Expr]:
    """The expressions that an expression is made of, in it and in what names of its function were assigned."""
    pending, seen = [index], {index}
    while pending and len(seen) < MAX_PARTS:
        expr = facts.exprs[pending.pop()]
        yield expr
        following = [one for one in parts(facts, expr) if one != NONE]
        if expr[0] == "name":
            found = (facts.definitions[one] for one in expr[2])
            following = [one.value for one in found if one.kind == "assign" and one.value != NONE]
        pending += [one for one in following if one not in seen]
        seen.update(following)
