"""What the repository uses to record model calls, and what each of these covers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.graph.facets.metering.recorded import Recorded
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.declarations import Instrumentation
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef, Instance, Items, Library, Literal, Value, Values
from mltradeoff_lint.resolve.folders import is_test


class _Standing(NamedTuple):
    """An instrument that covers every call of some providers in its project."""

    covers: tuple[str, ...]
    project: str
    recorded: Recorded


class Instruments:
    """The instruments of a repository, found once."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._standing = tuple(self._find_standing())
        self.doubtful = tuple(self._find_doubtful())
        self._handlers = self._find_handlers()
        declared = {one.function: one.facets for one in work.declared.meters}
        self._declared = declared

    # -- process-wide: S6, S7, S8

    def covering(self, path: str, provider: str, access: str) -> Iterator[Recorded]:
        """The instruments that cover all calls of a provider in a module's project."""
        project = self._work.resolver.program.modules.project_of(path)
        names = {provider, access.partition(".")[0], "all"}
        if access.startswith("langchain"):
            names.add("langchain")
        for one in self._standing:
            if names & set(one.covers) and _covers_project(one.project, project):
                yield one.recorded

    def doubts(self, path: str, provider: str, access: str) -> Iterator[Recorded]:
        """Products whose key is configured and whose switch is not seen."""
        project = self._work.resolver.program.modules.project_of(path)
        names = {provider, access.partition(".")[0], "all", "langchain" if access.startswith("langchain") else ""}
        for one in self.doubtful:
            if names & set(one.covers) and _covers_project(one.project, project):
                yield one.recorded

    def _find_standing(self) -> Iterator[_Standing]:
        for use in self._work.sites.of_kind("instrument"):
            if use.meaning.literal("reach") in ("process", "client_process") and not is_test(use.ref.path):
                if self._is_enabled(self._work.sites.setting(use, "enabled"), use.meaning):
                    yield self._stand(use.ref.path, use.meaning, self._work.site(use.ref), "is switched on for the process")
        for one in self._work.sites.assigned:
            if one.meaning.kind == "instrument" and not is_test(one.path):
                values = self._work.resolver.values(one.path, one.value)
                if not _is_empty(values):
                    yield self._stand(one.path, one.meaning, one.site, "is set for the process")
        for imported in self._work.sites.imported:
            if imported.meaning.kind == "instrument" and not is_test(imported.path):
                yield self._stand(imported.path, imported.meaning, imported.site, "is imported in place of the SDK")
        for declared in self._work.resolver.program.declarations():
            if isinstance(declared, Instrumentation) and declared.state == "on":
                yield self._configured(declared)

    def _find_doubtful(self) -> Iterator[_Standing]:
        for declared in self._work.resolver.program.declarations():
            if isinstance(declared, Instrumentation) and declared.state == "unknown":
                yield self._configured(declared)

    def _configured(self, declared: Instrumentation) -> _Standing:
        project = self._work.resolver.program.modules.project_of(declared.site.path)
        covers = ("all",) if declared.reach in ("process", "gateway") else (declared.reach,)
        return _Standing(covers, project, Recorded(declared.product, declared.facets, declared.how, declared.site))

    def _stand(self, path: str, meaning: Meaning, site: Site, words: str) -> _Standing:
        project = self._work.resolver.program.modules.project_of(path)
        covers = tuple(name.strip() for name in meaning.literal("covers", "all").split(","))
        product = meaning.literal("product", meaning.library)
        return _Standing(covers, project, Recorded(product, facets_of(meaning), f"{product} {words}", site))

    def _is_enabled(self, values: Values, meaning: Meaning) -> bool:
        return not meaning.selectors("enabled") or (bool(values) and not _is_empty(values))

    # -- S5: at the construction of a client

    def at_call(self, ref: CallRef) -> Iterator[Recorded]:
        """Instruments that a call is: `wrap_openai(...)`, a portal client."""
        for use in self._work.sites.at(ref):
            if use.meaning.kind == "instrument" and use.meaning.literal("reach") in ("client", "process"):
                product = use.meaning.literal("product", use.meaning.library)
                yield Recorded(product, facets_of(use.meaning), f"{product} wraps the client", self._work.site(ref))

    # -- callbacks

    def callback(self, value: Value) -> Recorded | None:
        """What a callback object records; None when it is no known recorder."""
        if isinstance(value, Library):
            for made in value.made:
                for use in self._work.sites.at(made.call):
                    if use.meaning.kind == "instrument":
                        product = use.meaning.literal("product", use.meaning.library)
                        return Recorded(product, facets_of(use.meaning), f"{product} is attached", self._work.site(made.call))
        if isinstance(value, Instance):
            for ref in self._work.resolver.lineage(value.ref):
                if ref in self._handlers:
                    return self._handlers[ref]
        if isinstance(value, Literal) and isinstance(value.value, str) and value.value:
            # litellm names its recorders by string
            return None
        return None

    def _find_handlers(self) -> dict[object, Recorded]:
        """Classes of the repository that derive from a callback handler."""
        found: dict[object, Recorded] = {}
        for mark in self._work.sites.marked:
            if mark.owner is not None and mark.meaning.kind == "instrument":
                name = self._work.resolver.class_fact(mark.owner).name
                found[mark.owner] = Recorded(name, facets_of(mark.meaning), f"the callback `{name}` is attached", mark.site)
        return found

    # -- S3, S4: decorators and contexts

    def decorating(self, function: FunctionRef) -> Iterator[Recorded]:
        """Instruments that decorate a function, and recorders the user declared."""
        for mark in self._decorated().get(function, ()):
            yield mark
        name = f"{self._work.resolver.program.modules.name_of(function.path)}.{self._work.resolver.scope(function).qualname}"
        if name in self._declared:
            yield Recorded(name, self._declared[name], f"`{name}` is declared as a meter", self._work.function_site(function))

    def _decorated(self) -> dict[FunctionRef, list[Recorded]]:
        def find() -> dict[FunctionRef, list[Recorded]]:
            found: dict[FunctionRef, list[Recorded]] = {}
            for mark in self._work.sites.marked:
                if mark.function is not None and mark.meaning.kind == "instrument":
                    product = mark.meaning.literal("product", mark.meaning.library)
                    recorded = Recorded(product, facets_of(mark.meaning), f"{product} decorates the function", mark.site)
                    found.setdefault(mark.function, []).append(recorded)
            return found

        return self._work.resolver.program.ask("instrument-decorators", "", find)

    def around(self, path: str, region: int) -> Iterator[Recorded]:
        """Instrument contexts (`with get_openai_callback()`) that enclose a region."""
        facts = self._work.resolver.facts(path)
        while region != NONE:
            one = facts.regions[region]
            expr = facts.exprs[one.test] if one.kind == "with" and one.test != NONE else ("none",)
            if expr[0] == "call":
                for use in self._work.sites.at(CallRef(path, expr[1])):
                    if use.meaning.kind == "instrument":
                        product = use.meaning.literal("product", use.meaning.library)
                        site = self._work.site(use.ref)
                        yield Recorded(product, facets_of(use.meaning), f"{product} encloses the call", site)
            region = one.parent

    def around_site(self, site: Site) -> Iterator[Recorded]:
        """Instrument contexts around a call site of a wrapper."""
        if self._work.resolver.program.python(site.path) is None:
            return
        facts = self._work.resolver.facts(site.path)
        for number, call in enumerate(facts.calls):
            if call.span == site.span:
                yield from self.around(site.path, facts.calls[number].region)
                return


def facets_of(meaning: Meaning) -> tuple[str, ...]:
    """The facets a row says its instrument records."""
    return tuple(name.strip() for name in meaning.literal("facets").split(",") if name.strip())


def _covers_project(evidence: str, project: str) -> bool:
    """Evidence covers its own project and those inside it."""
    return evidence == project or evidence == "" or project.startswith(f"{evidence}/")


def _is_empty(values: Values) -> bool:
    """Whether a setting is surely off: an empty list, None, False or an empty string."""
    return bool(values) and all(
        (isinstance(value, Items) and not value.items and not value.is_open)
        or (isinstance(value, Literal) and value.value in (None, False, ""))
        for value in values
    )

