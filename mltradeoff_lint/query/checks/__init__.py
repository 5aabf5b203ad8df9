"""Named checks: Python enumerators of bindings for the few rules whose question no path can ask.

A check named `some-check` is the function `check` of the module `some_check` beside this file. It sees the graph
and the options of its rule, never facts, and gives complete bindings of the variables of `match`; the tests,
paths, edges, relations and `unless` of the rule then hold for them as for any other binding.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias, cast

from mltradeoff_lint.model.graph import GraphView, NodeId
from mltradeoff_lint.model.value import Scalar

Check: TypeAlias = Callable[[GraphView, Mapping[str, Scalar]], Iterator[Mapping[str, NodeId]]]
"""`check(view, options)` gives one mapping of every variable to a node per binding."""

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def names() -> tuple[str, ...]:
    """The names of all checks, sorted."""
    return tuple(sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__)))


def find(name: str) -> Check:
    """The check of this name; KeyError when there is none. Only modules of this package are ever imported."""
    if not _NAME.fullmatch(name) or name not in names():
        raise KeyError(name)
    module = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
    return cast(Check, module.check)
