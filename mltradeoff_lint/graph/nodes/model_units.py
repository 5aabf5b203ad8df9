"""What holds a model call: the class, shared client or function in which one change would meter all of its calls."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.domain import FunctionRef
from mltradeoff_lint.resolve.sites import Use


class Unit(NamedTuple):
    """The cause of a call: its identity, free of lines, and its name as a reader knows it."""

    key: str
    label: str


def unit_of(work: Workspace, use: Use, holder: FunctionRef) -> Unit:
    """The class of the method that holds a call, else the client its module shares, else the outermost function."""
    facts = work.resolver.facts(use.ref.path)
    module = work.module_name(use.ref.path)
    outer = _outermost(work, holder)
    scope = work.resolver.scope(outer)
    if scope.owner != NONE:
        name = facts.classes[scope.owner].qualname
        return Unit(f"{module}:{name}", name)
    shared = _shared_client(work, use, facts)
    if shared is not None:
        return shared
    if outer.scope == 0:
        return Unit(f"{module}:<module>", posixpath.basename(use.ref.path))
    return Unit(f"{module}:{scope.qualname}", scope.qualname)


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
