"""Routers that nothing puts into an application: old code that nobody imports, beside routers that are included.

A module that may be brought in by its name, and a router that is included where nobody can tell which one, leave every
router of the project open.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.resolve.domain import CallRef, Library
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.imported import modules_imported
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.running.looked_up import IMPORTING

_ROUTERS = frozenset({"APIRouter", "Blueprint"})
"""Classes whose objects answer nothing before an application includes them."""

_INCLUDES = {"include_router": "router", "register_blueprint": "blueprint"}
"""Methods that include a router, with the keyword that may hold it."""

_DYNAMIC = IMPORTING - {"find_spec"} | {"exec"}
"""Functions that bring modules in by names that are made while the program runs; a look for a spec brings none in."""


class UnmountedRouters:
    """Answers whether a router is certainly in no application."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._imported: frozenset[str] | None = None
        self._closed: dict[str, bool] = {}

    def registers_nowhere(self, call: CallRef) -> bool:
        """Whether a call on a router registers what no application ever answers with."""
        facts = self._resolver.facts(call.path)
        expr = facts.exprs[facts.calls[call.call].function]
        if expr[0] != "attr" or not any(one.name in _ROUTERS for one in facts.imports):
            return False
        routers = self._resolver.values(call.path, expr[1])
        return bool(routers) and all(
            isinstance(one, Library) and bool(one.made) and self._is_left_out(one.made[-1].call) for one in routers
        )

    def _is_left_out(self, made: CallRef) -> bool:
        """Whether a call constructs a router in a module that nothing runs."""
        facts = self._resolver.facts(made.path)
        if last_name(facts.exprs[facts.calls[made.call].function]) not in _ROUTERS or _may_run(facts):
            return False
        if is_test(made.path) or made.path.endswith(("__init__.py", ".ipynb")) or made.path in self._imports():
            return False
        project = self._resolver.program.modules.project_of(made.path)
        if project not in self._closed:
            self._closed[project] = self._is_closed(project)
        return self._closed[project]

    def _imports(self) -> frozenset[str]:
        """The modules that any code but tests imports, wherever the import stands."""
        if self._imported is None:
            program = self._resolver.program
            self._imported = frozenset(
                target
                for path in program.python_paths()
                if not is_test(path)
                for target in modules_imported(self._resolver, path, self._resolver.facts(path).imports)
                if target != path
            )
        return self._imported

    def _is_closed(self, project: str) -> bool:
        """Whether routers are included in a project, each a known one, and no module is brought in by its name."""
        program, is_included = self._resolver.program, False
        if program.unread_modules():
            return False
        for path in program.python_paths():
            if is_test(path) or program.modules.project_of(path) != project:
                continue
            for number, call in enumerate(self._resolver.facts(path).calls):
                name = last_name(self._resolver.facts(path).exprs[call.function])
                if name in _DYNAMIC:
                    return False
                if name in _INCLUDES:
                    if not self._is_known(CallRef(path, number), _INCLUDES[name]):
                        return False
                    is_included = True
        return is_included

    def _is_known(self, ref: CallRef, keyword: str) -> bool:
        """Whether an inclusion is one of routers that are seen to be made."""
        given = tuple(self._given(ref, keyword))
        values = [one for expr in given for one in self._resolver.values(ref.path, expr)]
        return bool(values) and all(isinstance(one, Library) and bool(one.made) for one in values)

    def _given(self, ref: CallRef, keyword: str) -> Iterator[int]:
        call = self._resolver.call(ref)
        yield from call.arguments[:1]
        yield from (expr for name, expr in call.keywords if name == keyword)


def _may_run(facts: PythonFacts) -> bool:
    """Whether a module includes routers itself, or has a part that runs when it is started as a program."""
    if any(last_name(facts.exprs[call.function]) in _INCLUDES for call in facts.calls):
        return True
    return any(expr[:2] == ("name", "__name__") for expr in facts.exprs) and any(
        one.kind == "then" and one.scope == 0 for one in facts.regions
    )
