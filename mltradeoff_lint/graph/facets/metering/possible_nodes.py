"""Functions that may be nodes of a graph or parts of a chain although no edge of the call graph says so.

A graph is given `getattr(self, name)` under names that are computed, and `prompt | shorten` makes a part of a function
without a call. That is enough to doubt what runs them, not to say that something does.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import CallRef, ClassRef, Function, FunctionRef, Library
from mltradeoff_lint.resolve.running.workflows import opened
from mltradeoff_lint.resolve.sites import Use

_ROOTS = ("langchain", "langgraph")


class PossibleNodes:
    """Finds the graphs and chains that a function may be a part of."""

    def __init__(self, work: Workspace) -> None:
        self._work = work

    def graphs(self, function: FunctionRef) -> tuple[CallRef, ...]:
        """The calls that construct graphs with unresolved nodes in its class or module, or parts of its chains."""
        scope = self._work.resolver.scope(function)
        if scope.kind != "function":
            return ()
        found = dict.fromkeys(
            made.call
            for use in self._open_wirings()
            if use.ref.path == function.path or (scope.owner != NONE and self._shares_class(use.ref, function))
            for made in use.value.made
        )
        return tuple(found | dict.fromkeys(self._pipes().get(function, ())))

    # -- nodes under computed names

    def _open_wirings(self) -> tuple[Use, ...]:
        def find() -> tuple[Use, ...]:
            return tuple(use for use in self._work.sites.of_kind("workflow") if self._is_open(use))

        return self._work.resolver.program.ask("open-wirings", "", find)

    def _is_open(self, use: Use) -> bool:
        exprs = self._work.sites.select(use.ref, use.meaning.selectors("steps")[:1])
        values = [value for expr in exprs for value in self._work.resolver.values(use.ref.path, expr)]
        return bool(use.value.made) and any(isinstance(value, Unknown) for value in values)

    def _shares_class(self, ref: CallRef, function: FunctionRef) -> bool:
        """Whether a call stands in a method of the same class, of a base of it, or of one derived from it."""
        around = self._work.resolver.scope(self._work.reach.holder(ref)).owner
        if around == NONE:
            return False
        own = ClassRef(function.path, self._work.resolver.scope(function).owner)
        other = ClassRef(ref.path, around)
        lineage = self._work.resolver.lineage
        return own in lineage(other) or other in lineage(own)

    # -- parts of chains

    def _pipes(self) -> dict[FunctionRef, list[CallRef]]:
        """Function -> the calls that construct the other parts of the chains it stands in."""

        def find() -> dict[FunctionRef, list[CallRef]]:
            found: dict[FunctionRef, list[CallRef]] = {}
            for path in self._work.resolver.program.python_paths():
                facts = self._work.resolver.facts(path)
                if any(one.module.startswith(_ROOTS) for one in facts.imports):
                    for function, ref in self._piped(path, facts):
                        found.setdefault(function, []).append(ref)
            return found

        return self._work.resolver.program.ask("piped-functions", "", find)

    def _piped(self, path: str, facts: PythonFacts) -> Iterator[tuple[FunctionRef, CallRef]]:
        resolver = self._work.resolver
        for number, expr in enumerate(facts.exprs):
            if expr[:2] != ("binop", "|"):
                continue
            made = [
                one.call
                for value in resolver.values(path, number)
                if isinstance(value, Library) and value.path.startswith(_ROOTS)
                for one in value.made
            ]
            sides = (value for side in expr[2:4] for value in resolver.values(path, side)) if made else ()
            functions = dict.fromkeys(value.ref for value in opened(sides) if isinstance(value, Function))
            yield from ((function, ref) for function in functions for ref in made)
