"""What holds a model call: the class, shared client or function in which one change would meter all of its calls."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from mltradeoff_lint.graph.nodes.client_places import ClientPlaces, Unit
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef
from mltradeoff_lint.resolve.folders import is_test, is_tutorial
from mltradeoff_lint.resolve.sites import Use


class Units:
    """The causes of all model calls; a client that only one function or class uses is a part of it."""

    def __init__(self, work: Workspace, uses: Iterable[Use]) -> None:
        self._work = work
        self._places = ClientPlaces(work)
        self._shared: dict[CallRef, Unit] = {}
        users: dict[Unit, set[Unit]] = {}
        for use in uses:
            unit = self._places.shared(use)
            if unit is not None and not (is_test(use.ref.path) or is_tutorial(use.ref.path)):
                self._shared[use.ref] = unit
                users.setdefault(unit, set()).add(self._user(use, work.reach.holder(use.ref)))
        self._common = {unit for unit, found in users.items() if len(found) > 1}

    def of(self, use: Use, holder: FunctionRef) -> Unit:
        """The client that functions or classes share, else the class of the method or the function that uses it."""
        shared = self._shared.get(use.ref)
        return shared if shared is not None and shared in self._common else self._user(use, holder)

    def _user(self, use: Use, holder: FunctionRef) -> Unit:
        """The class that makes the client a method uses, else the class of the method, else the outer function."""
        module = self._work.module_name(use.ref.path)
        outer = outermost(self._work, holder)
        if self._work.resolver.scope(outer).owner != NONE:
            return self._places.of_class(self._places.making_class(use, outer))
        if outer.scope == 0:
            return Unit(f"{module}:<module>", posixpath.basename(use.ref.path))
        name = self._work.cause_name(outer)
        return Unit(f"{module}:{name}", name)


def outermost(work: Workspace, holder: FunctionRef) -> FunctionRef:
    """The function or method at the top of nested functions."""
    outer = holder
    while outer.scope > 0 and work.resolver.scope(outer).owner == NONE:
        parent = work.reach.function_of(outer.path, work.resolver.scope(outer).parent)
        if parent.scope == 0 or parent == outer:
            break
        outer = parent
    return outer
