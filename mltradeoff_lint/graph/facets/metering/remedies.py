"""The one concrete step that would record a model call in this repository: its own meter, else the usage of the SDK."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from mltradeoff_lint.catalog.tables import Meter, Tables
from mltradeoff_lint.graph.facets.metering.response_names import filled
from mltradeoff_lint.graph.facets.metering.usage_reads import UsageReads
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import Requirements
from mltradeoff_lint.resolve.domain import CallRef
from mltradeoff_lint.resolve.folders import is_test, is_tutorial
from mltradeoff_lint.resolve.sites import Use


class Remedy(NamedTuple):
    """A line of code and the words in front of it."""

    line: str
    how: str


class Remedies:
    """Chooses remedies by what the repository already uses."""

    def __init__(self, work: Workspace, reads: UsageReads, tables: Tables) -> None:
        self._work = work
        self._tables = tables
        self._required = self._find_required()
        # a request over HTTP is no model call until its address says so
        sites = {read.site for ref, found in reads.by_call.items() if self._is_model(ref) for read in found}
        self._own = sorted(site for site in sites if not is_test(site.path) and not is_tutorial(site.path))

    def of(self, use: Use, provider: str, operation: str) -> Remedy:
        """What to add for a call: an instrument that is a dependency already, else the usage field of the SDK."""
        project = self._work.resolver.program.modules.project_of(use.ref.path)
        family = "langchain" if use.value.path.startswith("langchain") else provider
        for meter in self._tables.meters:
            line = meter.lines.get(family)
            file = self._holder(meter, family, project) if line else ""
            if line and file:
                return Remedy(line, f"{meter.product} is in {posixpath.basename(file)} already; switch it on here:")
        line, is_field = filled(self._tables.usage_line(use.value.path, operation), self._work.resolver, use.ref)
        modules = self._work.resolver.program.modules
        own = [site for site in self._own if modules.project_of(site.path) == project]
        nearest = max(own, key=lambda site: len(posixpath.commonprefix([site.path, use.ref.path])), default=None)
        if nearest is not None:
            place = f"{posixpath.basename(nearest.path)}:{nearest.span.line}"
            words = "what the response tells of its use" if is_field else "its usage"
            return Remedy(line, f"Record {words} as {place} does for another call:")
        words = "the response of this call tells of its use" if is_field else "this call used"
        return Remedy(line, f"Log what {words}, with the feature it is for:")

    def _holder(self, meter: Meter, family: str, project: str) -> str:
        """The requirement file that names the distribution in which a product's line is found; empty without one."""
        if family not in meter.needs:
            return next((found for name in meter.distributions if (found := self._where(name, project))), "")
        files = [self._where(name, project) for name in meter.needs[family]]
        return files[-1] if all(files) else ""

    def _is_model(self, ref: CallRef) -> bool:
        uses = self._work.sites.at(ref)
        return any(use.meaning.kind == "model-call" and use.meaning.literal("provider") != "http" for use in uses)

    def _find_required(self) -> dict[str, tuple[str, ...]]:
        """The requirement files that name each distribution."""
        found: dict[str, list[str]] = {}
        repository = self._work.repository
        for path in sorted(repository.facts):
            for facts in (repository.facts[path], *repository.extra.get(path, ())):
                # lock files and exported environments name what dependencies need, not what the project uses
                is_chosen = not is_test(path) and "lock" not in path and not path.endswith((".yml", ".yaml"))
                if isinstance(facts.content, Requirements) and is_chosen:
                    for one in facts.content.requirements:
                        found.setdefault(one.name, []).append(path)
        return {name: tuple(paths) for name, paths in found.items()}

    def _where(self, distribution: str, project: str) -> str:
        """The nearest requirement file of a project, or of one it lies in, that names a distribution."""
        prefixes = [path for path in self._required.get(distribution, ()) if _covers(posixpath.dirname(path), project)]
        return max(prefixes, key=len, default="")


def _covers(folder: str, project: str) -> bool:
    return (
        folder in ("", project)
        or project.startswith(f"{folder}/")
        or folder.startswith(f"{project}/" if project else "")
    )
