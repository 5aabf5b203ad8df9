"""Where control enters the repository: endpoints, scheduled jobs, tasks, command lines and scripts."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import NamedTuple

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.declarations import CloudFunction, Command, Schedule
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.command_line.commands import Commands
from mltradeoff_lint.resolve.domain import (
    CallRef,
    ClassRef,
    Frame,
    Function,
    FunctionRef,
    Instance,
    Items,
    Values,
    known_texts,
    union,
)
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.running.cloud_functions import handlers
from mltradeoff_lint.resolve.running.own_routes import OwnRoutes
from mltradeoff_lint.resolve.running.routes import Routes
from mltradeoff_lint.resolve.running.schedules import Schedules
from mltradeoff_lint.resolve.running.served_names import served
from mltradeoff_lint.resolve.running.timings import Timing
from mltradeoff_lint.resolve.running.unmounted import UnmountedRouters
from mltradeoff_lint.resolve.running.workflows import Workflows
from mltradeoff_lint.resolve.selectors import pick
from mltradeoff_lint.resolve.sites import Marked, Sites
from mltradeoff_lint.resolve.values.standing import regions_around


class Entry(NamedTuple):
    """One way in: the function that runs, and what starts it.

    `kind` is `endpoint`, `queue`, `scheduled`, `service`, `task`, `cli`, `stage`, `ci`, `main` or `script`; `label` is
    the route or job as a reader knows it; `seconds` is the longest gap between two scheduled runs, `how` the schedule
    in words.
    A `task` with a `how` runs on a schedule whose interval is not known.
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

    def __init__(self, resolver: Resolver, sites: Sites, workflows: Workflows | None = None) -> None:
        self._resolver = resolver
        self._sites = sites
        self._workflows = workflows if workflows is not None else Workflows(resolver, sites)
        self._routes = Routes(resolver)
        self._own = OwnRoutes(resolver)
        self._unmounted = UnmountedRouters(resolver)
        self._commands = Commands(resolver)
        self._schedules = Schedules(resolver, sites)
        self.timed: list[TimedCommand] = []
        found = [*self._marked(), *self._registered(), *self._served(), *self._declared(), *self._mains()]
        found += self._installed({one.function for one in found})
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
                found += self._task(mark, mark.function)
        return found

    def _task(self, mark: Marked, function: FunctionRef) -> list[Entry]:
        kind = {"cli": "cli", "queue-consumer": "queue"}.get(mark.meaning.literal("kind"), "task")
        scope = self._resolver.scope(function)
        timing = self._schedules.of_function(function)
        library = mark.meaning.library
        found = _timed_entry(function, mark.site, scope.qualname, library, timing)
        commands = [
            one
            for returned in (scope.returns if mark.meaning.path.endswith(".bash") else ())
            for text in self._schedules.command_texts(self._resolver.values(function.path, returned.value))
            for one in self._command(text, mark.site, scope.qualname, library, timing)
        ]
        return [found if found.kind == "scheduled" else found._replace(kind=kind), *commands]

    def _endpoints(self, mark: Marked) -> list[Entry]:
        meaning = mark.meaning
        if mark.function is not None:
            return self._handlers(meaning, mark.function, mark.decorator)
        if mark.owner is None:
            return []
        names = [name.strip() for name in meaning.literal("methods", "__call__").split(",")]
        label = self._resolver.class_fact(mark.owner).name
        found: list[Entry] = []
        for name in names:
            for method in self._resolver.member(Instance(mark.owner), name):
                is_double = isinstance(method, Function) and is_test(mark.owner.path) and not is_test(method.ref.path)
                if isinstance(method, Function) and self._is_own(mark.owner, method.ref) and not is_double:
                    entry = self._endpoint(meaning, method.ref, None)
                    found.append(entry._replace(label=f"{label}.{name}"))
        return found

    def _is_own(self, owner: ClassRef, method: FunctionRef) -> bool:
        return any(
            ref.path == method.path and self._resolver.scope(method).owner == ref.number
            for ref in self._resolver.lineage(owner)
        )

    def _handlers(self, meaning: Meaning, function: FunctionRef, call: CallRef | None) -> list[Entry]:
        """The endpoint of a registered function, or those behind it when a decorator of the repository registers it."""
        if call is not None and self._unmounted.registers_nowhere(call):
            return []
        own = self._own.behind(function) if call is not None else ()
        behind = [self._endpoint(meaning, one.function, call, one.frame) for one in own]
        return behind or [self._endpoint(meaning, function, call)]

    def _endpoint(
        self, meaning: Meaning, function: FunctionRef, call: CallRef | None, frame: Frame | None = None
    ) -> Entry:
        scope = self._resolver.scope(function)
        route, method = "", meaning.literal("method")
        if call is not None:
            facts = self._resolver.facts(call.path)
            for selector in meaning.selectors("route"):
                index = pick(facts, call, selector)
                texts = known_texts(self._resolver.values(call.path, index, frame)) if index != NONE else ()
                route = texts[0] if texts else route
            route = self._routes.prefix(call) + route
        label = route or f"{scope.qualname}()"
        return Entry(
            "endpoint",
            function,
            Site(function.path, scope.name_span),
            label,
            meaning.literal("framework", meaning.library),
            method,
            meaning.literal("interface", "api"),
        )

    # -- calls that register a handler

    def _registered(self) -> list[Entry]:
        found: list[Entry] = []
        for use in self._sites.of_kind("endpoint", "entry"):
            values = self._sites.setting(use, "handler")
            site = Site(use.ref.path, self._resolver.call(use.ref).span)
            if use.meaning.kind == "endpoint":
                for one in self._sites.functions(values):
                    found += self._handlers(use.meaning, one, use.ref)
                continue
            timing = self._schedules.of_call(use.ref)
            texts = known_texts(self._sites.setting(use, "name"))
            kind = {"queue-consumer": "queue"}.get(use.meaning.literal("kind"), "task")
            for function in self._sites.functions(_listed(values)):
                label = texts[0] if texts else self._resolver.scope(function).qualname
                entry = _timed_entry(function, site, label, use.meaning.library, timing)
                found.append(entry._replace(kind=kind) if entry.kind == "task" else entry)
            for text in self._schedules.command_texts(values):
                found += self._command(text, site, texts[0] if texts else text[:60], use.meaning.library, timing)
        return found

    def _served(self) -> list[Entry]:
        """Functions that a model server finds by their names, or that the configuration of a cloud names."""
        found = [entry for one, function in handlers(self._resolver) for entry in self._of_cloud(one, function)]
        known = {entry.function for entry in found}
        for function, row, label in (one for one in served(self._resolver) if one.function not in known):
            site = Site(function.path, self._resolver.scope(function).name_span)
            found.append(Entry("endpoint", function, site, f"{label}()", row.framework, "", row.interface))
        return found

    def _of_cloud(self, one: CloudFunction, function: FunctionRef) -> Iterator[Entry]:
        """What runs a function of a cloud: requests, schedules, and events that nobody can foresee."""
        site = Site(function.path, self._resolver.scope(function).name_span)
        for method, route in one.routes:
            yield Entry("endpoint", function, site, route, one.platform, method, "api")
        for schedule in one.schedules:
            timing = Timing(schedule.seconds, schedule.expression)
            yield _timed_entry(function, schedule.site, one.name, one.platform, timing)
        if one.is_on_events:
            yield Entry("queue", function, site, one.name, one.platform)

    def _command(self, text: str, site: Site, label: str, library: str, timing: Timing | None) -> list[Entry]:
        command = Command((text,), site, library, label)
        if timing is not None:
            self._note_timed(command, timing)
        return [
            _timed_entry(FunctionRef(target.path, 0), site, label, library, timing)
            for target in self._commands.targets(command)
        ]

    def _note_timed(self, command: Command, timing: Timing) -> None:
        """Note every simple command that a scheduled command line comes down to, scripts followed."""
        for words in self._commands.simple(command):
            self.timed.append(TimedCommand(" ".join(words), timing.seconds, timing.words, command.site, command.job))

    # -- configuration

    def _declared(self) -> list[Entry]:
        found: list[Entry] = []
        scheduled: set[Command] = set()
        declared = self._resolver.program.declarations()
        for one in declared:
            for command in one.commands if isinstance(one, Schedule) else ():
                if isinstance(one, Schedule):
                    scheduled.add(command)
                    found += self._scheduled(
                        command, one.job, one.platform, one.site, Timing(one.seconds, one.expression)
                    )
        for one in declared:
            if isinstance(one, Command) and one not in scheduled:
                found += self._untimed(one)
        return found

    def _scheduled(self, command: Command, job: str, platform: str, site: Site, timing: Timing) -> list[Entry]:
        """The programs of a scheduled command; `dvc repro` runs every stage."""
        self._note_timed(replace(command, site=site, job=job), timing)
        commands = [command]
        if any(words[:2] == ("dvc", "repro") for words in self._commands.simple(command)):
            declared = self._resolver.program.declarations()
            commands += [one for one in declared if isinstance(one, Command) and one.platform == "dvc"]
        targets = [target for one in commands for target in self._commands.targets(one)]
        functions = [FunctionRef(one.path, 0) for one in targets]
        functions += [one for each in commands for one in self._commands.called(each)]
        return [_timed_entry(one, site, job, platform, timing) for one in dict.fromkeys(functions)]

    def _untimed(self, command: Command) -> list[Entry]:
        kinds = {"service": "service", "scheduled": "task", "stage": "stage", "ci": "ci"}
        kind, label = kinds.get(command.kind, "script"), command.job or " ".join(command.words)[:60]
        found: list[Entry] = []
        for target in self._commands.targets(command):
            found.append(Entry(kind, FunctionRef(target.path, 0), command.site, label, command.platform))
            for word in command.words if command.platform == "langgraph" else ():
                name = word.partition(":")[2]
                values = self._resolver.global_name(target.path, name) if name else None
                steps = self._workflows.functions_of(self._made_by(values or ()))
                found += [Entry(kind, one, command.site, label, command.platform) for one in steps]
        called = self._commands.called(command)
        return [*found, *(Entry(kind, one, command.site, label, command.platform) for one in called)]

    def _made_by(self, values: Values) -> Values:
        """Workflow objects among values, and those that the functions among them return."""
        results = [
            self._resolver.values(value.ref.path, one.value)
            for value in values
            if isinstance(value, Function)
            for one in self._resolver.scope(value.ref).returns
            if one.value != NONE
        ]
        return union(values, *results)

    def _mains(self) -> list[Entry]:
        found: list[Entry] = []
        for path in self._resolver.program.python_paths():
            facts = self._resolver.facts(path)
            guard = main_guard(facts)
            if guard is not None or path.endswith("__main__.py"):
                span = facts.scopes[0].name_span
                found.append(Entry("main", FunctionRef(path, 0), Site(path, span), path))
        return found

    def _installed(self, known: Collection[FunctionRef]) -> list[Entry]:
        """The functions that programs call which the package installs, beside those that have another way in."""
        programs = self._commands.installed
        named = ((name, programs.function(name)) for name in programs.names())
        return [
            Entry("cli", one, Site(one.path, self._resolver.scope(one).name_span), name)
            for name, one in named
            if one is not None and one not in known
        ]


def _listed(values: Values) -> Values:
    """Values, with the elements of lists in place of these."""
    return union(*(union(*one.items) if isinstance(one, Items) else (one,) for one in values))


def _timed_entry(function: FunctionRef, site: Site, label: str, library: str, timing: Timing | None) -> Entry:
    """An entry of kind `scheduled` when its interval is known; `how` without it says why it is not."""
    if timing is None:
        return Entry("task", function, site, label, library)
    if timing.seconds is None:
        return Entry("task", function, site, label, library, how=timing.words)
    words = f"{label} ({timing.words})"
    return Entry("scheduled", function, site, words, library, seconds=timing.seconds, how=timing.words)


def is_main(facts: PythonFacts, region: int) -> bool:
    """Whether a region lies behind the `__main__` test of its module."""
    guard = main_guard(facts)
    return guard is not None and guard in regions_around(facts, region)


def main_guard(facts: PythonFacts) -> int | None:
    """The region behind `if __name__ == "__main__"`, None when there is none."""
    for number, region in enumerate(facts.regions):
        if region.kind == "then" and region.scope == 0 and region.test != NONE:
            expr = facts.exprs[region.test]
            if expr[0] == "compare" and any(facts.exprs[one][:2] == ("name", "__name__") for one in expr[2]):
                return number
    return None
