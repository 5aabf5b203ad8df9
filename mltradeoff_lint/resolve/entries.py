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
from mltradeoff_lint.resolve.schedules import Schedules, Timing
from mltradeoff_lint.resolve.sites import Marked, Sites, pick


class Entry(NamedTuple):
    """One way in: the function that runs, and what starts it.

    `kind` is `endpoint`, `queue`, `scheduled`, `service`, `task`, `cli`, `stage`, `ci`, `main`, `script`; `label` is the route or
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


class TimedCommand(NamedTuple):
    """A command line that runs on a schedule, and how long it waits at most between two runs."""

    text: str
    seconds: int | None
    words: str
    site: Site
    job: str


class Entries:
    """All entries of a repository, and the command lines it runs on a schedule."""

    def __init__(self, resolver: Resolver, sites: Sites) -> None:
        self._resolver = resolver
        self._sites = sites
        self._commands = Commands(resolver)
        self._schedules = Schedules(resolver, sites)
        self.timed: list[TimedCommand] = []
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
                found.append(self._task(mark, mark.function))
        return found

    def _task(self, mark: Marked, function: FunctionRef) -> Entry:
        kind = {"cli": "cli", "queue-consumer": "queue"}.get(mark.meaning.literal("kind"), "task")
        scope = self._resolver.scope(function)
        timing = self._schedules.of_function(function)
        if timing is None or timing.seconds is None:
            return Entry(kind, function, mark.site, scope.qualname, mark.meaning.library)
        for one in scope.returns:
            for text in self._schedules.command_texts(self._resolver.values(function.path, one.value)):
                self.timed.append(TimedCommand(text, timing.seconds, timing.words, mark.site, scope.qualname))
        label = f"{scope.qualname} ({timing.words})"
        return Entry("scheduled", function, mark.site, label, mark.meaning.library, seconds=timing.seconds, how=timing.words)

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
            values = self._sites.setting(use, "handler")
            site = Site(use.ref.path, self._resolver.call(use.ref).span)
            if use.meaning.kind == "endpoint":
                found += [self._endpoint(use.meaning, one, use.ref, site) for one in self._sites.functions(values)]
                continue
            timing = self._schedules.of_call(use.ref)
            texts = known_texts(self._sites.setting(use, "name"))
            for function in self._sites.functions(values):
                label = texts[0] if texts else self._resolver.scope(function).qualname
                found.append(_timed_entry(function, site, label, use.meaning.library, timing))
            for text in self._schedules.command_texts(values):
                found += self._command(text, site, texts[0] if texts else text[:60], use.meaning.library, timing)
        return found

    def _command(self, text: str, site: Site, label: str, library: str, timing: Timing | None) -> list[Entry]:
        if timing is not None:
            self.timed.append(TimedCommand(text, timing.seconds, timing.words, site, label))
        command = Command((text,), site, library, label)
        return [
            _timed_entry(FunctionRef(target.path, 0), site, label, library, timing)
            for target in self._commands.targets(command)
        ]

    # -- configuration

    def _declared(self) -> list[Entry]:
        found: list[Entry] = []
        scheduled: set[Command] = set()
        for one in self._resolver.program.declarations():
            if isinstance(one, Schedule):
                for command in one.commands:
                    scheduled.add(command)
                    self.timed.append(TimedCommand(" ".join(command.words), one.seconds, one.expression, one.site, one.job))
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


def _timed_entry(function: FunctionRef, site: Site, label: str, library: str, timing: Timing | None) -> Entry:
    if timing is None or timing.seconds is None:
        return Entry("task", function, site, label, library)
    words = f"{label} ({timing.words})"
    return Entry("scheduled", function, site, words, library, seconds=timing.seconds, how=timing.words)


def main_guard(facts: PythonFacts) -> int | None:
    """The region behind `if __name__ == "__main__"`, None when there is none."""
    for number, region in enumerate(facts.regions):
        if region.kind == "then" and region.scope == 0 and region.test != NONE:
            expr = facts.exprs[region.test]
            if expr[0] == "compare" and any(facts.exprs[one][:2] == ("name", "__name__") for one in expr[2]):
                return number
    return None
