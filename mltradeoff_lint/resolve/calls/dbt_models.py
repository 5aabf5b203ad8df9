"""Python models of dbt: `def model(dbt, session)` is given the context through which it reads the project's tables."""

from __future__ import annotations

from mltradeoff_lint.resolve.domain import FunctionRef, Library, Values
from mltradeoff_lint.resolve.interface import Resolver

CONTEXT = "dbt_context"
"""The access path of what dbt passes first; no package has this name."""

_SIGNATURE = ("dbt", "session")
"""The parameters that dbt asks for (https://docs.getdbt.com/docs/build/python-models#python-model-function)."""


def given(resolver: Resolver, function: FunctionRef, position: int) -> Values:
    """What dbt passes for a parameter of a model; empty for any other function, and for its session."""
    scope = resolver.scope(function)
    if position or scope.qualname != "model" or tuple(one.name for one in scope.parameters) != _SIGNATURE:
        return ()
    return (Library(CONTEXT),)
