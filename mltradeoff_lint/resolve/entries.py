"""Where control enters the repository: endpoints, scheduled jobs, tasks, command lines and scripts."""

from __future__ import annotations

from typing import NamedTuple

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.declarations import Command, Schedule
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.commands import Commands
from mltradeoff_lint.resolve.domain import CallRef, ClassRef, Function, FunctionRef, Instance, known_texts
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.sites import Marked, Sites, pick


class Entry(NamedTuple):
    """One way in: the function that runs, and what starts it.

    `kind` is `endpoint`, `scheduled`, `service`, `task`, `cli`, `stage`, `ci`, `main`; `label` is the route or
    job as a reader knows it; `seconds` is the longest gap between two scheduled runs.
    """

    kind: str
    function: FunctionRef
    site: Site
    label: str
    framework: str = ""
    method: str = ""
    interface: str = ""
    seconds: int | None = None
    how: str = ""


class Entries:
    """All entries of a repository."""

    def __init__(self, resolver: Resolver, sites: Sites) -> None:
        self._resolver = resolver
        self._sites = sites
        self._commands = Commands(resolver)
        found = [*self._marked(), *self._registered(), *self._declared(), *self._mains()]
        self.all: tuple[Entry, ...] = tuple(dict.fromkeys(found))
        self.by_function: dict[FunctionRef, list[Entry]] = {}
        for entry in self.all:
            self.by_function.setdefault(entry.function, []).append(entry)

    def of_kind(self, *kinds: str) -> tuple[Entry, ...]:
        """Entries of some kinds."""
        return tuple(entry for entry in self.all if entry.kind in kinds)

    # -- decorated functions and classes

    def _marked(self) -> list[Entry]:
        found: list[Entry] = []
        for mark in self._sites.marked:
            if mark.meaning.kind == "endpoint":
                found.extend(self._endpoints(mark))
            elif mark.meaning.kind == "entry" and mark.function is not None:
                kind = {"cli": "cli", "job": "scheduled"}.get(mark.meaning.literal("kind"), "task")
                label = self._resolver.scope(mark.function).qualname
                found.append(Entry(kind, mark.function, mark.site, label, mark.meaning.library))
        return found

    def _endpoints(self, mark: Marked) -> list[Entry]:
        meaning = mark.meaning
        if mark.function is not None:
            return [self._endpoint(meaning, mark.function, mark.decorator, mark.site)]
        if mark.owner is None:
            return []
        names = [name.strip() for name in meaning.literal("methods", "__call__").split(",")]
        label = self._resolver.class_fact(mark.owner).name
        found: list[Entry] = []
        for name in names:
            for method in self._resolver.member(Instance(mark.owner), name):
                if isinstance(method, Function) and self._is_own(mark.owner, method.ref):
                    entry = self._endpoint(meaning, method.ref, None, mark.site)
                    found.append(entry._replace(label=f"{label}.{name}"))
        return found

    def _is_own(self, owner: ClassRef, method: FunctionRef) -> bool:
        return any(
            ref.path == method.path and self._resolver.scope(method).owner == ref.number
            for ref in self._resolver.lineage(owner)
        )

    def _endpoint(self, meaning: Meaning, function: FunctionRef, call: CallRef | None, site: Site) -> Entry:
        scope = self._resolver.scope(function)
        route, method = "", meaning.literal("method")
        if call is not None:
            facts = self._resolver.facts(call.path)
            for selector in meaning.selectors("route"):
                index = pick(facts, call, selector)
                texts = known_texts(self._resolver.values(call.path, index)) if index != NONE else ()
                route = texts[0] if texts else route
            route = self._prefix(call) + route
        label = route or f"{scope.qualname}()"
        return Entry(
            "endpoint", function, Site(function.path, scope.name_span), label, meaning.literal("framework", meaning.library),
            method, meaning.literal("interface", "api"),
        )  # fmt: skip

    def _prefix(self, call: CallRef) -> str:
        """The prefix of the router a route is registered on."""
        from mltradeoff_lint.resolve.domain import Library

        facts = self._resolver.facts(call.path)
        expr = facts.exprs[facts.calls[call.call].function]
        if expr[0] != "attr":
            return ""
        for value in self._resolver.values(call.path, expr[1]):
            if isinstance(value, Library):
                for made in value.made:
                    constructor = self._resolver.call(made.call)
                    for name, index in constructor.keywords:
                        texts = known_texts(self._resolver.values(made.call.path, index))
                        if name in ("prefix", "url_prefix") and texts:
                            return texts[0]
        return ""

    # -- calls that register a handler

    def _registered(self) -> list[Entry]:
        found: list[Entry] = []
        for use in self._sites.of_kind("endpoint", "entry"):
            handlers = self._sites.functions(self._sites.setting(use, "handler"))
            site = Site(use.ref.path, self._resolver.call(use.ref).span)
            for function in handlers:
                if use.meaning.kind == "endpoint":
                    found.append(self._endpoint(use.meaning, function, use.ref, site))
                else:
                    texts = known_texts(self._sites.setting(use, "name"))
                    label = texts[0] if texts else self._resolver.scope(function).qualname
                    found.append(Entry("task", function, site, label, use.meaning.library))
        return found

    # -- configuration

    def _declared(self) -> list[Entry]:
        found: list[Entry] = []
        scheduled: set[Command] = set()
        for one in self._resolver.program.declarations():
            if isinstance(one, Schedule):
                for command in one.commands:
                    scheduled.add(command)
                    for target in self._commands.targets(command):
                        label = f"{one.job} ({one.expression})"
                        found.append(
                            Entry("scheduled", FunctionRef(target.path, 0), one.site, label, one.platform, seconds=one.seconds, how=one.expression)
                        )
        for one in self._resolver.program.declarations():
            if isinstance(one, Command) and one not in scheduled:
                kind = {"service": "service", "scheduled": "scheduled", "stage": "stage", "ci": "ci"}.get(one.kind, "script")
                for target in self._commands.targets(one):
                    found.append(Entry(kind, FunctionRef(target.path, 0), one.site, one.job or " ".join(one.words)[:60], one.platform))
        return found

    def _mains(self) -> list[Entry]:
        found: list[Entry] = []
        for path in self._resolver.program.python_paths():
            facts = self._resolver.facts(path)
            guard = main_guard(facts)
            if guard is not None or path.endswith("__main__.py"):
                span = facts.scopes[0].name_span
                found.append(Entry("main", FunctionRef(path, 0), Site(path, span), path))
        return found


def main_guard(facts: PythonFacts) -> int | None:
    """The region behind `if __name__ == "__main__"`, None when there is none."""
    for number, region in enumerate(facts.regions):
        if region.kind == "then" and region.scope == 0 and region.test != NONE:
            expr = facts.exprs[region.test]
            if expr[0] == "compare" and any(facts.exprs[one][:2] == ("name", "__name__") for one in expr[2]):
                return number
    return None
