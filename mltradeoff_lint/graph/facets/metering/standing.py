"""Instruments that cover every call of some providers: code that runs once per process, imports, and configuration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.graph.facets.metering.attached import Attached, facets_of, is_empty
from mltradeoff_lint.graph.facets.metering.processes import Processes
from mltradeoff_lint.graph.facets.metering.recorded import Recorded
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.declarations import EnvBinding, Instrumentation
from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.platforms.tracing import FLAGS, flag_state
from mltradeoff_lint.resolve.domain import Items, Library, Literal, Template, Value, Values, known_texts
from mltradeoff_lint.resolve.folders import is_test

ENVIRON = ("os.environ", "os.environ.copy()")

_WRAPPERS = frozenset({"wrap_function_wrapper", "patch_function_wrapper", "wrap_object", "wrap_object_attribute"})
"""Functions of wrapt that replace a function of another module by name."""

_SWITCHES = {"openai-agents": "OPENAI_AGENTS_DISABLE_TRACING"}
"""Variables that switch a library's own tracing off."""


class Instrument(NamedTuple):
    """An instrument of a process: what it covers, the module that switches it on (empty: configuration), and its state."""

    covers: tuple[str, ...]
    path: str
    project: str
    is_on: bool
    recorded: Recorded


class Standing:
    """The process-wide instruments of a repository, found once."""

    def __init__(self, work: Workspace, attached: Attached) -> None:
        self._work = work
        self._attached = attached
        self._processes = Processes(work)
        self.all = tuple(
            (
                *self._called(),
                *self._assigned(),
                *self._imported(),
                *self._variables(),
                *self._patched(),
                *self._configured(),
            )
        )

    def covering(self, path: str, provider: str, access: str) -> Iterator[Recorded]:
        """The instruments that surely record the calls of a provider in a module."""
        return (one.recorded for one in self._reaching(path, provider, access) if one.is_on)

    def doubts(self, path: str, provider: str, access: str) -> Iterator[Recorded]:
        """Instruments of which nobody can tell whether they are switched on."""
        return (one.recorded for one in self._reaching(path, provider, access) if not one.is_on)

    def is_switched_off(self, library: str) -> bool:
        """Whether code or configuration disables the tracing that a library does by default."""
        for use in self._work.sites.of_kind("instrument"):
            if use.meaning.literal("reach") == "off" and use.meaning.library == library and not is_test(use.ref.path):
                if not is_empty(self._work.sites.setting(use, "enabled")):
                    return True
        bindings = self._work.resolver.program.env(_SWITCHES.get(library, ""))
        return any(
            (one.value or "").lower() in ("1", "true", "yes") and one.provenance != "example" for one in bindings
        )

    def _reaching(self, path: str, provider: str, access: str) -> Iterator[Instrument]:
        project = self._work.resolver.program.modules.project_of(path)
        names = {provider, access.partition(".")[0], "all"}
        if access.startswith("langchain"):
            names.add("langchain")
        for one in self.all:
            if names & set(one.covers):
                shared = self._shares_process(one, path, project)
                if shared != "no":
                    yield one if shared == "yes" else one._replace(is_on=False)

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
            state = self._state(self._work.sites.setting(use, "enabled"), use.meaning, self._work.site(use.ref))
            if state != "off":
                words = "is switched on for the process"
                yield self._instrument(use.ref.path, use.meaning, self._work.site(use.ref), words, state == "on")

    def _assigned(self) -> Iterator[Instrument]:
        for one in self._work.sites.assigned:
            if one.meaning.kind == "instrument" and not is_test(one.path):
                state = self._recorders(self._work.resolver.values(one.path, one.value), one.site)
                if state != "off":
                    yield self._instrument(one.path, one.meaning, one.site, "is set for the process", state == "on")

    def _imported(self) -> Iterator[Instrument]:
        for one in self._work.sites.imported:
            if one.meaning.kind == "instrument" and not is_test(one.path):
                yield self._instrument(one.path, one.meaning, one.site, "is imported in place of the SDK", True)

    def _instrument(self, path: str, meaning: Meaning, site: Site, words: str, is_on: bool) -> Instrument:
        project = self._work.resolver.program.modules.project_of(path)
        covers = tuple(name.strip() for name in meaning.literal("covers", "all").split(","))
        product = meaning.literal("product", meaning.library)
        return Instrument(
            covers, path, project, is_on, Recorded(product, facets_of(meaning), f"{product} {words}", site)
        )

    def _state(self, values: Values, meaning: Meaning, site: Site) -> str:
        """Whether the switch of a row is on, off or unknown; a row without a switch is on."""
        if not meaning.selectors("enabled"):
            return "on"
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

    # -- variables and configuration

    def _variables(self) -> Iterator[Instrument]:
        """Tracing flags that code sets: `os.environ["LANGSMITH_TRACING"] = "true"`."""
        for path in self._work.resolver.program.python_paths():
            if not is_test(path):
                facts = self._work.resolver.facts(path)
                for name, value, site in self._flags(path, facts):
                    yield from self._flag(path, name, self._work.resolver.values(path, value), site)

    def _flags(self, path: str, facts: PythonFacts) -> Iterator[tuple[str, int, Site]]:
        for write in facts.writes:
            key = facts.exprs[write.key] if write.kind == "item" else ("none",)
            if key[0] == "const" and key[1] in FLAGS and self._is_environ(path, write.base):
                yield key[1], write.value, Site(path, write.span)
        for call in facts.calls:
            function = facts.exprs[call.function]
            first = facts.exprs[call.arguments[0]] if call.arguments else ("none",)
            if function[0] == "attr" and function[2] == "setdefault" and len(call.arguments) == 2:
                if first[0] == "const" and first[1] in FLAGS and self._is_environ(path, function[1]):
                    yield first[1], call.arguments[1], Site(path, call.span)

    def _is_environ(self, path: str, expr: int) -> bool:
        return any(isinstance(one, Library) and one.path in ENVIRON for one in self._work.resolver.values(path, expr))

    def _flag(self, path: str, name: str, values: Values, site: Site) -> Iterator[Instrument]:
        texts = [value.value if isinstance(value, Literal) else None for value in values]
        states = {flag_state(EnvBinding(name, None if text is None else str(text), site, "python")) for text in texts}
        if states - {"off"}:
            is_on = states == {"on"}
            how = f"{name}=true is set in code" if is_on else f"{name} is set in code from elsewhere"
            recorded = Recorded("LangSmith", ("tokens", "cost", "latency"), how, site)
            yield Instrument(("langchain",), path, "", is_on, recorded)

    # -- patches

    def _patched(self) -> Iterator[Instrument]:
        """Libraries whose functions the repository replaces: what its own wrapper records is not followed."""
        for path in self._work.resolver.program.python_paths():
            if not is_test(path):
                facts = self._work.resolver.facts(path)
                for root, site in (*self._wrapped(path, facts), *self._replaced(path, facts)):
                    covers = (root, root.partition("_")[0])
                    recorded = Recorded(root, ("tokens",), f"`{root}` is patched by code of the repository", site)
                    yield Instrument(covers, path, "", False, recorded)

    def _wrapped(self, path: str, facts: PythonFacts) -> Iterator[tuple[str, Site]]:
        for call in facts.calls:
            function = facts.exprs[call.function]
            name = function[1] if function[0] == "name" else function[2] if function[0] == "attr" else ""
            if name in _WRAPPERS:
                for expr in (
                    *call.arguments[:1],
                    *(value for key, value in call.keywords if key in ("module", "target")),
                ):
                    for text in known_texts(self._work.resolver.values(path, expr)):
                        yield text.partition(".")[0], Site(path, call.span)

    def _replaced(self, path: str, facts: PythonFacts) -> Iterator[tuple[str, Site]]:
        """`openai.ChatCompletion.create = ours`."""
        catalog = self._work.resolver.program.catalog
        for write in facts.writes:
            if write.kind != "attribute" or not catalog.is_member(str(write.key)):
                continue
            for value in self._work.resolver.values(path, write.base):
                if isinstance(value, Library) and not value.made:
                    meanings = catalog.meanings("calls", catalog.member(value.path, str(write.key)))
                    if any(meaning.kind == "model-call" for meaning in meanings):
                        yield value.path.partition(".")[0], Site(path, write.span)

    def _configured(self) -> Iterator[Instrument]:
        for one in self._work.resolver.program.declarations():
            if isinstance(one, Instrumentation) and one.state != "off":
                project = self._work.resolver.program.modules.project_of(one.site.path)
                covers = ("all",) if one.reach in ("process", "gateway") else (one.reach,)
                recorded = Recorded(one.product, one.facets, one.how, one.site)
                yield Instrument(covers, "", project, one.state == "on", recorded)


def _members(value: Value) -> tuple[Value, ...]:
    if isinstance(value, Items):
        more = (Unknown("further elements"),) if value.is_open and not value.items else ()
        return (*(one for item in value.items for one in item), *more)
    return (value,) if not isinstance(value, Template) else (Unknown("a computed name"),)
