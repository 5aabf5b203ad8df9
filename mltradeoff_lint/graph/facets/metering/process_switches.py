"""Where a line belongs that holds for the whole process: beside what configures its library, else where control enters.

In a handler it would run again with each request.
"""

from __future__ import annotations

import posixpath

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef, Library
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.shown_places import shown

_CONFIGURING = ("configure", "init", "set_experiment", "set_tracking_uri")
"""Functions of libraries that say how it works in this process."""

_STARTS = ("endpoint", "queue", "scheduled", "service", "main", "script", "cli")


def configured(work: Workspace, root: str, path: str) -> str:
    """The name of the file of a project that configures a library, as it is told in a message; empty without one."""
    modules = work.resolver.program.modules
    project = modules.project_of(path)
    calls = (ref for name in _CONFIGURING for ref in work.resolver.calls_of(name))
    found = sorted(ref for ref in calls if not is_test(ref.path) and _is_of(work, ref, root))
    return next((_name(work, ref) for ref in found if modules.project_of(ref.path) == project), "")


def start(work: Workspace, holder: FunctionRef) -> str:
    """The name of the file in which control enters on the way to a function, or of its own."""
    entries = (
        one for each in (holder, *work.reach.ancestors(holder)) for one in work.entries.by_function.get(each, ())
    )
    started = [one.function for one in entries if one.kind in _STARTS and not is_test(one.function.path)]
    return posixpath.basename((started[0] if started else holder).path)


def _is_of(work: Workspace, ref: CallRef, root: str) -> bool:
    values = work.resolver.values(ref.path, work.resolver.call(ref).function)
    return any(isinstance(one, Library) and one.path.partition(".")[0] == root for one in values)


def _name(work: Workspace, ref: CallRef) -> str:
    return posixpath.basename(shown(work.resolver, work.site(ref))).partition(":")[0]
