"""Whether a model call belongs to a library, whose callers meter it: nothing can be claimed of calls they make."""

from __future__ import annotations

import posixpath

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE, Documents, FileFacts, Requirements
from mltradeoff_lint.resolve.domain import ClassRef, FunctionRef
from mltradeoff_lint.resolve.folders import is_test, is_tutorial

MIN_EXTRAS = 4
"""Provider SDKs as optional extras from which a package is taken for a library of models."""

MIN_SIBLINGS = 3
"""Classes of one base that call models, in files of their own, from which they are taken for adapters."""

ENTRIES = frozenset({"endpoint", "queue", "service", "scheduled", "cli", "task", "stage"})
"""Ways in that an application has and a library does not; a main guard is often a demonstration."""

_DEVELOPMENT = frozenset({"", "dev", "test", "tests", "build-system", "docs", "lint"})


class LibraryProfile:
    """Judges projects once."""

    def __init__(self, work: Workspace, distributions: frozenset[str]) -> None:
        self._work = work
        self._distributions = distributions
        self._projects: dict[str, str] = {}

    def of(self, holder: FunctionRef) -> str:
        """Why the callers of a function are somebody else's; empty when they are not. A notebook is its own caller."""
        if holder.path.endswith(".ipynb"):
            return ""
        project = self._work.resolver.program.modules.project_of(holder.path)
        if project not in self._projects:
            self._projects[project] = self._project(project)
        reason = self._projects[project]
        if reason:
            return reason
        return self._adapters(holder) if not self._is_entered(holder) else ""

    def _is_entered(self, holder: FunctionRef) -> bool:
        return any(not is_test(one.site.path) for one in self._work.roles.entries_above(holder))

    # -- whole projects

    def _project(self, project: str) -> str:
        extras = self._extras(project)
        if len(extras) >= MIN_EXTRAS:
            return f"a library: {len(extras)} provider SDKs are optional extras, so that its callers meter"
        if self._is_package(project) and not self._has_entries(project):
            return "a library: a package without entry points of its own, so that its callers meter"
        return ""

    def _contents(self, path: str) -> list[FileFacts]:
        found = self._work.repository.facts.get(path)
        return ([found] if found else []) + list(self._work.repository.extra.get(path, ()))

    def _extras(self, project: str) -> set[str]:
        names: set[str] = set()
        for facts in self._contents(posixpath.join(project, "pyproject.toml")):
            if isinstance(facts.content, Requirements):
                names |= {one.name for one in facts.content.requirements if one.group not in _DEVELOPMENT}
        return names & self._distributions

    def _is_package(self, project: str) -> bool:
        """Whether a project is built into a distribution and installs no command."""
        for facts in self._contents(posixpath.join(project, "pyproject.toml")):
            if isinstance(facts.content, Documents):
                for root in facts.content.roots:
                    scripts = (("project", "scripts"), ("project", "gui-scripts"), ("tool", "poetry", "scripts"))
                    if any(root.get(*keys) is not None for keys in scripts):
                        return False
                    if root.get("build-system") is not None and root.get("project", "name") is not None:
                        return True
        return False

    def _has_entries(self, project: str) -> bool:
        prefix = f"{project}/" if project else ""
        return any(
            entry.kind in ENTRIES and entry.site.path.startswith(prefix)
            for entry in self._work.entries.all
            if not is_test(entry.site.path) and not is_tutorial(entry.site.path)
        )

    # -- adapters of one interface

    def _adapters(self, holder: FunctionRef) -> str:
        scope = self._work.resolver.scope(holder)
        if scope.owner == NONE:
            return ""
        for base in self._work.resolver.lineage(ClassRef(holder.path, scope.owner))[1:]:
            if len(self._families().get(base, ())) >= MIN_SIBLINGS:
                name = self._work.resolver.class_fact(base).name
                return f"one of several adapters of `{name}` that nothing here runs: its callers meter"
        return ""

    def _families(self) -> dict[ClassRef, frozenset[str]]:
        """The files that hold subclasses of each class of the repository, as far as these call models."""

        def find() -> dict[ClassRef, frozenset[str]]:
            found: dict[ClassRef, set[str]] = {}
            for use in self._work.sites.of_kind("model-call"):
                owner = self._work.resolver.scope(self._work.reach.holder(use.ref)).owner
                if owner != NONE:
                    for base in self._work.resolver.lineage(ClassRef(use.ref.path, owner))[1:]:
                        found.setdefault(base, set()).add(use.ref.path)
            return {base: frozenset(paths) for base, paths in found.items()}

        return self._work.resolver.program.ask("model-adapters", "", find)
