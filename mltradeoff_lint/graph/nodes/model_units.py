"""What holds a model call: the class, shared client or function in which one change would meter all of its calls."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import NamedTuple

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef
from mltradeoff_lint.resolve.sites import Use


class Unit(NamedTuple):
    """The cause of a call: its identity, free of lines, and its name as a reader knows it."""

    key: str
    label: str


class Units:
    """The causes of all model calls; a client that only one function uses is a part of that function."""

    def __init__(self, work: Workspace, uses: Iterable[Use]) -> None:
        self._work = work
        self._shared: dict[CallRef, Unit] = {}
        holders: dict[Unit, set[FunctionRef]] = {}
        for use in uses:
            unit = _shared_client(work, use, work.resolver.facts(use.ref.path))
            if unit is not None:
                self._shared[use.ref] = unit
                holders.setdefault(unit, set()).add(_outermost(work, work.reach.holder(use.ref)))
        self._common = {unit for unit, found in holders.items() if len(found) > 1}

    def of(self, use: Use, holder: FunctionRef) -> Unit:
        """The class of the method that holds a call, else the client that functions share, else the outer function."""
        module = self._work.module_name(use.ref.path)
        outer = _outermost(self._work, holder)
        scope = self._work.resolver.scope(outer)
        if scope.owner != NONE:
            name = self._work.resolver.facts(use.ref.path).classes[scope.owner].qualname
            return Unit(f"{module}:{name}", name)
        shared = self._shared.get(use.ref)
        if shared in self._common and shared is not None:
            return shared
        if outer.scope == 0:
            return Unit(f"{module}:<module>", posixpath.basename(use.ref.path))
        name = self._work.cause_name(outer)
        return Unit(f"{module}:{name}", name)


def _outermost(work: Workspace, holder: FunctionRef) -> FunctionRef:
    """The function or method at the top of nested functions."""
    outer = holder
    while outer.scope > 0 and work.resolver.scope(outer).owner == NONE:
        parent = work.reach.function_of(outer.path, work.resolver.scope(outer).parent)
        if parent.scope == 0 or parent == outer:
            break
        outer = parent
    return outer


def _shared_client(work: Workspace, use: Use, facts: PythonFacts) -> Unit | None:
    """The module-level client that several functions may call, in this module or the one it is imported from."""
    root = facts.exprs[facts.calls[use.ref.call].function]
    while root[0] in ("attr", "item", "await"):
        root = facts.exprs[root[1]]
    if root[0] != "name" or root[2] or not use.value.made:
        return None
    path, name = use.ref.path, str(root[1])
    for _ in range(2):
        module = work.resolver.facts(path)
        if name not in module.scopes[0].finals:
            return None
        definition = module.definitions[module.scopes[0].finals[name][0]]
        if definition.kind == "assign":
            return Unit(f"{work.module_name(path)}:{name}", name)
        if definition.kind != "import":
            return None
        one = module.imports[definition.value]
        target = work.resolver.program.module(path, one.module, one.level) if one.name else None
        if target is None or work.resolver.program.python(target) is None:
            return None
        path, name = target, str(one.name)
    return None
