"""The one concrete step that would record a model call in this repository: its own meter, else the usage of the SDK."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import NamedTuple

from mltradeoff_lint.catalog.tables import Called, Meter, Tables, UsageRow
from mltradeoff_lint.graph.facets.metering.delivery import Deliveries
from mltradeoff_lint.graph.facets.metering.pinned_versions import is_before
from mltradeoff_lint.graph.facets.metering.response_names import INPUT, filled
from mltradeoff_lint.graph.facets.metering.usage_reads import UsageRead, UsageReads
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import dotted
from mltradeoff_lint.model.facts import Requirements
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import CallRef
from mltradeoff_lint.resolve.folders import is_test, is_tutorial
from mltradeoff_lint.resolve.sites import Use

_TOLD_SINCE = {"langchain-core": (0, 3, 49), "langchain": (0, 3)}
"""The versions since which LangChain tells usage to a context: `langchain` before 0.3 runs on an older core only.

https://reference.langchain.com/v0.3/python/core/callbacks/langchain_core.callbacks.usage.get_usage_metadata_callback.html
"""


class Remedy(NamedTuple):
    """Lines of code and the words in front of them."""

    lines: tuple[str, ...]
    how: str
    where: str
    """Which part of the response tells the usage, or what else ends the sentence in front of the lines."""


class Remedies:
    """Chooses remedies by what the repository already uses."""

    def __init__(self, work: Workspace, reads: UsageReads, deliveries: Deliveries, tables: Tables) -> None:
        self._work = work
        self._tables = tables
        self._deliveries = deliveries
        self._required = self._find_required()
        self._pins = self._find_pins()
        self._own = self._find_own(reads)

    def of(self, use: Use, provider: str, operation: str, called: Called) -> Remedy:
        """What to add for a call: an instrument that is a dependency already, else the usage field of the SDK."""
        project = self._work.resolver.program.modules.project_of(use.ref.path)
        family = "langchain" if use.value.path.startswith("langchain") else provider
        # what records texts in and out sees no recording and no picture
        for meter in self._tables.meters if _kind(operation) not in ("audio", "image") else ():
            line = meter.lines.get(family)
            file = self._holder(meter, family, project) if line else ""
            if line and file:
                return Remedy(
                    (line,), f"{meter.product} is in {posixpath.basename(file)} already;", "switch it on here:"
                )
        is_dated = family == "langchain" and self._is_dated(project)
        row = self._deliveries.usage(use, operation, called._replace(is_dated=is_dated))
        lines, is_field = self._lines(row, use)
        modules = self._work.resolver.program.modules
        own = [site for site in self._own.get(_kind(operation), ()) if modules.project_of(site.path) == project]
        nearest = max(own, key=lambda site: len(posixpath.commonprefix([site.path, use.ref.path])), default=None)
        if nearest is not None:
            place = f"{posixpath.basename(nearest.path)}:{nearest.span.line}"
            words = "what the response tells of its use" if is_field else "its usage"
            if row.told:
                return Remedy(lines, f"Record {words} as {place} does for another call,", f"{row.told}:")
            return Remedy(lines, f"Record {words} as {place} does", "for another call:")
        words = "the response of this call tells of its use" if is_field else "this call used"
        if row.told:
            return Remedy(lines, f"Log what {words}, with the feature it is for,", f"{row.told}:")
        return Remedy(lines, f"Log what {words},", "with the feature it is for:")

    def asked(self, use: Use) -> str:
        """The argument without which the stream of a call ends without usage."""
        return self._deliveries.usage(use).asks

    def _lines(self, row: UsageRow, use: Use) -> tuple[tuple[str, ...], bool]:
        """What a row tells to write, the argument that the call lacks first; and whether it is no more than a field."""
        keywords = {name for name, _ in self._work.resolver.call(use.ref).keywords}
        asks = (row.asks,) if row.asks and row.asks.partition("=")[0] not in keywords else ()
        given = self._given(use) if any(INPUT in line for line in row.lines) else ""
        found = [filled(line, self._work.resolver, use.ref, given) for line in row.lines]
        return (*asks, *(one.text for one in found)), len(found) == 1 and found[0].is_field

    def _given(self, use: Use) -> str:
        """The name of what a model is given, by the row of the call; empty where it has none."""
        facts, prompts = self._work.resolver.facts(use.ref.path), use.meaning.selectors("prompt")
        return next((found for one in self._work.sites.select(use.ref, prompts) if (found := dotted(facts, one))), "")

    def _is_dated(self, project: str) -> bool:
        """Whether a project asks for a LangChain that has no context which is told usage."""
        return any(
            is_before(specifier, version)
            for name, version in _TOLD_SINCE.items()
            for path, specifier in self._pins.get(name, ())
            if _covers(posixpath.dirname(path), project)
        )

    def _find_pins(self) -> dict[str, list[tuple[str, str]]]:
        """The requirement files that name the distributions of LangChain, lock files too, with the specifiers."""
        found: dict[str, list[tuple[str, str]]] = {}
        repository = self._work.repository
        for path in sorted(repository.facts):
            for facts in (repository.facts[path], *repository.extra.get(path, ())):
                for one in facts.content.requirements if isinstance(facts.content, Requirements) else ():
                    if one.name in _TOLD_SINCE and not is_test(path):
                        found.setdefault(one.name, []).append((path, one.specifier))
        return found

    def _find_own(self, reads: UsageReads) -> dict[str, list[Site]]:
        """By kind of call, where the code outside tests reads what a response tells of its usage."""
        found: dict[str, set[Site]] = {}
        for ref, own in reads.by_call.items():
            # a request over HTTP is no model call until its address says so
            for kind in {_kind(one.meaning.literal("operation", "chat")) for one in self._models(ref)}:
                found.setdefault(kind, set()).update(one.site for one in own if _is_told(one))
        return {kind: sorted(sites) for kind, sites in found.items()}

    def _holder(self, meter: Meter, family: str, project: str) -> str:
        """The requirement file that names the distribution in which a product's line is found; empty without one."""
        if family not in meter.needs:
            return next((found for name in meter.distributions if (found := self._where(name, project))), "")
        files = [self._where(name, project) for name in meter.needs[family]]
        return files[-1] if all(files) else ""

    def _models(self, ref: CallRef) -> Sequence[Use]:
        uses = self._work.sites.at(ref)
        return [use for use in uses if use.meaning.kind == "model-call" and use.meaning.literal("provider") != "http"]

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


def _kind(operation: str) -> str:
    """Calls of which the usage is counted alike: what chats and agents use are tokens that go in and out."""
    return "chat" if operation in ("chat", "agent", "batch") else operation


def _is_told(read: UsageRead) -> bool:
    """Whether a read is one of what a response tells, outside tests and tutorials: a count of a text is no model."""
    path = read.site.path
    return read.is_told and not is_test(path) and not is_tutorial(path)


def _covers(folder: str, project: str) -> bool:
    return (
        folder in ("", project)
        or project.startswith(f"{folder}/")
        or folder.startswith(f"{project}/" if project else "")
    )
