"""Instruments that cover every call of some providers: code that runs once per process, imports, and configuration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.graph.facets.metering.attached import Attached, facets_of, is_empty
from mltradeoff_lint.graph.facets.metering.conditional import Conditional
from mltradeoff_lint.graph.facets.metering.delivery import is_streamed
from mltradeoff_lint.graph.facets.metering.own_clients import own_clients
from mltradeoff_lint.graph.facets.metering.patches import patched_libraries
from mltradeoff_lint.graph.facets.metering.recorded import Recorded
from mltradeoff_lint.graph.facets.metering.tracing_flags import tracing_flags
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.declarations import Instrumentation
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Items, Template, Value, Values
from mltradeoff_lint.resolve.environment.tested_units import PERHAPS, TESTS, TestedUnits
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.running.processes import Processes
from mltradeoff_lint.resolve.sites import Use

_SWITCHES = {"openai-agents": "OPENAI_AGENTS_DISABLE_TRACING"}
"""Variables that switch a library's own tracing off."""

_UNSTREAMED = {True: "no", False: "yes", None: "perhaps"}
"""Whether a call is seen by an instrument that counts no streams, by whether it streams."""


class Instrument(NamedTuple):
    """An instrument of a process: what it covers, where it is switched on (no path: configuration), and its state."""

    covers: tuple[str, ...]
    path: str
    project: str
    is_on: bool
    recorded: Recorded
    calls: tuple[str, ...] = ()
    """The access paths of the calls it records; empty: all that it covers."""
    counts_streams: bool = True


class Standing:
    """The process-wide instruments of a repository, found once."""

    def __init__(self, work: Workspace, attached: Attached) -> None:
        self._work = work
        self._attached = attached
        self._processes = Processes(work.resolver)
        self._conditional = Conditional(work)
        self._tested = TestedUnits(work.resolver)
        self.all = (*self._called(), *self._assigned(), *self._imported(), *self._set_in_code(), *self._configured())

    def covering(self, use: Use, provider: str) -> Iterator[Recorded]:
        """The instruments that surely record a call of a provider."""
        return (one.recorded for one in self._reaching(use, provider) if one.is_on)

    def doubts(self, use: Use, provider: str) -> Iterator[Recorded]:
        """Instruments of which nobody can tell whether they are switched on, or see the call."""
        return (one.recorded for one in self._reaching(use, provider) if not one.is_on)

    def is_switched_off(self, library: str) -> bool:
        """Whether code or configuration disables the tracing that a library does by default."""
        for use in self._work.sites.of_kind("instrument"):
            is_switch = use.meaning.literal("reach") == "off" and use.meaning.library == library
            if is_switch and not is_test(use.ref.path) and not is_empty(self._work.sites.setting(use, "enabled")):
                return True
        bindings = self._work.resolver.program.env(_SWITCHES.get(library, ""))
        return any(
            (one.value or "").lower() in ("1", "true", "yes")
            and one.provenance != "example"
            and not self._tested.is_for_tests(one)
            for one in bindings
        )

    def _reaching(self, use: Use, provider: str) -> Iterator[Instrument]:
        path, access = use.ref.path, use.value.path
        project = self._work.resolver.program.modules.project_of(path)
        names = {provider, access.partition(".")[0], "all"}
        if access.startswith("langchain"):
            names.add("langchain")
        # CrewAI ran on LangChain up to 0.80: what records LangChain may record its crews
        doubtful = {"langchain"} if access.startswith("crewai.") else set[str]()
        for one in self.all:
            covers = set(one.covers)
            if covers & (names | doubtful):
                shared = self._shares_process(one, path, project)
                seen = self._sees(one, use) if shared != "no" else "no"
                if seen != "no":
                    is_sure = shared == seen == "yes" and bool(covers & names)
                    yield one if is_sure else one._replace(is_on=False)

    def _sees(self, one: Instrument, use: Use) -> str:
        """Whether an instrument that records some calls only records this one: yes, no or perhaps."""
        if one.calls and use.value.path not in one.calls:
            return "no"
        return "yes" if one.counts_streams else _UNSTREAMED[is_streamed(self._work, use)]

    def _shares_process(self, one: Instrument, path: str, project: str) -> str:
        """Configuration covers its own project and those inside it; code covers what runs in one process with it."""
        if one.path:
            return self._processes.together(one.path, path)
        return "yes" if one.project in ("", project) or project.startswith(f"{one.project}/") else "no"

    # -- code

    def _called(self) -> Iterator[Instrument]:
        for use in self._work.sites.of_kind("instrument"):
            if use.meaning.literal("reach") != "process" or is_test(use.ref.path):
                continue
            state = self._state(use)
            if state != "off":
                setting = self._conditional.of_call(use.ref)
                words, is_on = _under("is switched on for the process", setting), state == "on" and not setting
                yield self._instrument(use.ref.path, use.meaning, self._work.site(use.ref), words, is_on)

    def _assigned(self) -> Iterator[Instrument]:
        for one in self._work.sites.assigned:
            if one.meaning.kind == "instrument" and not is_test(one.path):
                state = self._recorders(self._work.resolver.values(one.path, one.value), one.site)
                if state != "off":
                    setting = self._conditional.of_write(one.site)
                    words, is_on = _under("is set for the process", setting), state == "on" and not setting
                    yield self._instrument(one.path, one.meaning, one.site, words, is_on)

    def _imported(self) -> Iterator[Instrument]:
        for one in self._work.sites.imported:
            if one.meaning.kind == "instrument" and not is_test(one.path):
                yield self._instrument(one.path, one.meaning, one.site, "is imported in place of the SDK", True)

    def _instrument(self, path: str, meaning: Meaning, site: Site, words: str, is_on: bool) -> Instrument:
        project = self._work.resolver.program.modules.project_of(path)
        covers = tuple(name.strip() for name in meaning.literal("covers", "all").split(","))
        product = meaning.literal("product", meaning.library)
        recorded = Recorded(product, facets_of(meaning), f"{product} {words}", site)
        calls = tuple(name.strip() for name in meaning.literal("calls").split(",") if name.strip())
        return Instrument(covers, path, project, is_on, recorded, calls, meaning.literal("streams") != "no")

    def _state(self, use: Use) -> str:
        """Whether the switch of a row is on, off or unknown; a row without a switch is on."""
        meaning, site = use.meaning, self._work.site(use.ref)
        if meaning.selectors("callbacks"):
            return self._recorders(self._work.sites.setting(use, "callbacks"), site)
        if not meaning.selectors("enabled"):
            return "on"
        values = self._work.sites.setting(use, "enabled")
        if not values or is_empty(values):
            return "off"
        if meaning.literal("covers") == "litellm":
            return self._recorders(values, site)
        return "unknown" if all(isinstance(value, Unknown) for value in values) else "on"

    def _recorders(self, values: Values, site: Site) -> str:
        """Whether a list of callbacks holds one that records: named by string, a function, or a known handler."""
        if is_empty(values):
            return "off"
        members = [one for value in values for one in _members(value)]
        if any(self._records(one, site) for one in members):
            return "on"
        known = [self._attached.callback(one, site) for one in members]
        return "off" if members and all(one is not None for one in known) else "unknown"

    def _records(self, value: Value, site: Site) -> bool:
        recorded = self._attached.callback(value, site)
        return recorded is not None and "tokens" in recorded.facets

    def _set_in_code(self) -> Iterator[Instrument]:
        """Tracing flags that code sets, libraries that the repository patches, and clients that it derives."""
        for path in self._work.resolver.program.python_paths():
            if not is_test(path):
                for is_on, recorded in tracing_flags(self._work, path):
                    yield Instrument(("langchain",), path, "", is_on, recorded)
                for root, recorded in patched_libraries(self._work, path):
                    # its own wrapper may record or not
                    yield Instrument((root, root.partition("_")[0]), path, "", False, recorded)
                for root, recorded in own_clients(self._work, path):
                    yield Instrument((root,), path, "", False, recorded)

    # -- configuration

    def _configured(self) -> Iterator[Instrument]:
        for one in self._work.resolver.program.declarations():
            if isinstance(one, Instrumentation) and one.state != "off":
                use = TESTS if is_test(one.site.path) else self._tested.set_for(one.site)
                if use == TESTS:
                    continue
                project = self._work.resolver.program.modules.project_of(one.site.path)
                covers = ("all",) if one.reach in ("process", "gateway") else (one.reach,)
                recorded = Recorded(one.product, one.facets, one.how, one.site)
                yield Instrument(covers, "", project, one.state == "on" and use != PERHAPS, recorded)


def _under(words: str, setting: str) -> str:
    return f"{words} under a test of `{setting}`" if setting else words


def _members(value: Value) -> tuple[Value, ...]:
    if isinstance(value, Items):
        more = (Unknown("further elements"),) if value.is_open and not value.items else ()
        return (*(one for item in value.items for one in item), *more)
    return (value,) if not isinstance(value, Template) else (Unknown("a computed name"),)
