"""Names that stand in queries for what the code made itself: temporary views, registered frames, variables."""

from __future__ import annotations

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.resolve.domain import known_texts
from mltradeoff_lint.resolve.sites import Use

_METHODS = frozenset(
    {"createOrReplaceTempView", "createTempView", "createGlobalTempView", "createOrReplaceGlobalTempView",
     "registerTempTable", "registerDataFrameAsTable", "register", "create_or_replace_temp_view", "create_view"}
)  # fmt: skip
_OF_VARIABLES = ("duckdb", "pandasql", "polars")
"""Libraries whose queries see the variables of the caller as tables."""


class TemporaryTables:
    """The tables a repository makes for the time of a run."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._registered: frozenset[str] | None = None

    def names(self, use: Use) -> frozenset[str]:
        """The names a query may use that are no stored tables, in lower case."""
        found = self._views()
        if use.value.path.startswith(_OF_VARIABLES):
            facts = self._work.resolver.facts(use.ref.path)
            found |= {one.name.lower() for one in facts.definitions}
        return found

    def _views(self) -> frozenset[str]:
        if self._registered is None:
            found: set[str] = set()
            for path in self._work.resolver.program.python_paths():
                facts = self._work.resolver.facts(path)
                for call in facts.calls:
                    expr = facts.exprs[call.function]
                    if expr[0] == "attr" and expr[2] in _METHODS:
                        for argument in call.arguments[:2]:
                            found |= {text.lower() for text in known_texts(self._work.resolver.values(path, argument))}
            self._registered = frozenset(found)
        return self._registered
