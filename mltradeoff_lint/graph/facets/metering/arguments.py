"""What the arguments of a call or constructor say of metering: callbacks, configs and addresses (S1, S2, S5)."""

from __future__ import annotations

from mltradeoff_lint.graph.facets.metering.attached import Attached
from mltradeoff_lint.graph.facets.metering.conditional import Conditional
from mltradeoff_lint.graph.facets.metering.gateways import GatewayTable
from mltradeoff_lint.graph.facets.metering.model_addresses import ModelAddresses
from mltradeoff_lint.graph.facets.metering.search import Search
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Class,
    Frame,
    Instance,
    Items,
    Library,
    Literal,
    Mapping,
    Value,
    Values,
    text_of,
)

CALLBACKS = ("callbacks", "callback_manager", "success_callback", "llm_result_callback")
ADDRESSES = (
    "base_url", "api_base", "openai_api_base", "anthropic_api_url", "azure_endpoint", "endpoint_url", "endpoint",
    "http_options", "client_options",
)  # fmt: skip
OPTIONS = ("google.genai.types.HttpOptions", "google.api_core.client_options.ClientOptions")
"""Objects that hold an address among other options."""

UNRESOLVED = "an unresolved callback object is attached"
CONFIG = "the config of the call is handed in and may hold callbacks"
SPLAT = "is made with arguments that could not be resolved"


class Arguments:
    """Reads the arguments of calls into a search."""

    def __init__(self, work: Workspace, attached: Attached, gateways: GatewayTable, addresses: ModelAddresses) -> None:
        self._work = work
        self._attached = attached
        self._gateways = gateways
        self._conditional = Conditional(work)
        self._addresses = addresses

    def keywords(self, ref: CallRef, search: Search, frame: Frame | None = None) -> None:
        """Callbacks, addresses and splatted dicts among the keywords of a call."""
        site = self._work.site(ref)
        for name, expr in self._work.resolver.call(ref).keywords:
            if name in CALLBACKS or name in ADDRESSES or name is None:
                values = self._work.resolver.values(ref.path, expr, frame)
                if name is None:
                    self._splat(values, site, search)
                elif name in CALLBACKS:
                    self.callbacks(values, site, search, (ref.path, expr))
                else:
                    self.address(values, site, search)

    def config(self, values: Values, site: Site, search: Search) -> None:
        """A LangChain config: its callbacks, or a config handed in from outside that may hold some."""
        for value in values:
            if isinstance(value, Mapping):
                inner = value.get("callbacks")
                if inner is not None:
                    self.callbacks(inner, site, search)
                elif value.is_open:
                    search.doubt(CONFIG, site)
            elif value != Literal(None):
                search.doubt(CONFIG, site)

    def callbacks(self, values: Values, site: Site, search: Search, given: tuple[str, int] | None = None) -> None:
        """Objects attached as callbacks; one that nobody knows may record. `given` is the expression they stand in."""
        for value in values:
            members = [one for item in value.items for one in item] if isinstance(value, Items) else [value]
            for one in members:
                recorded = self._attached.callback(one, site)
                setting = self._setting(one, site, given) if recorded is not None and recorded.facets else ""
                if recorded is not None and setting:
                    search.doubt(f"{recorded.how} under a test of `{setting}`", recorded.site)
                elif recorded is not None:
                    search.note([recorded])
                elif one != Literal(None) and not (isinstance(one, Items) and not one.items):
                    search.doubt(self._doubt(one), site)

    def _doubt(self, value: Value) -> str:
        """Why a callback that is not known to record may do so."""
        if not isinstance(value, Instance | Class):
            return UNRESOLVED
        return f"the callback `{self._work.resolver.class_fact(value.ref).name}` may record"

    def _setting(self, value: Value, site: Site, given: tuple[str, int] | None) -> str:
        """The test of a setting under which alone a callback is made, or put into the list of them; else empty."""
        made = value.made if isinstance(value, Library) else (value.made,) if isinstance(value, Instance) else ()
        found = (self._conditional.of_made(one, site) for one in made if one is not None)
        setting = next(filter(None, found), "")
        return setting or (self._conditional.of_added(*given, value, site) if given is not None else "")

    def _splat(self, values: Values, site: Site, search: Search) -> None:
        for value in values:
            if isinstance(value, Mapping):
                for key, inner in value.entries:
                    if key in CALLBACKS:
                        self.callbacks(inner, site, search)
                    elif key in ADDRESSES:
                        self.address(inner, site, search)

    def address(self, values: Values, site: Site, search: Search) -> None:
        """A base URL: a metering gateway records; an address nobody can read may be one."""
        for value in values:
            if isinstance(value, Mapping):
                self._splat((value,), site, search)
                continue
            gateway = self._gateways.find(text_of(value))
            if gateway is not None and not gateway.is_unknown:
                search.note([self._gateways.recorded(gateway, site)])
            elif isinstance(value, Library) and value.path.startswith(OPTIONS):
                for made in value.made:
                    self.keywords(made.call, search, made.frame)
            elif gateway is not None or not (isinstance(value, Literal) or self._addresses.is_told(text_of(value))):
                search.doubt(f"the address comes from {_source(value)} and may be a metering gateway", site)


def has_open_splat(work: Workspace, ref: CallRef, frame: Frame | None = None) -> bool:
    """Whether a call passes `**something` that may hold more than is seen."""
    return any(
        not isinstance(value, Mapping) or value.is_open
        for name, expr in work.resolver.call(ref).keywords
        if name is None
        for value in work.resolver.values(ref.path, expr, frame)
    )


def _source(value: Value) -> str:
    text = text_of(value)
    if "{env:" in text:
        return f"the environment variable `{text.partition('{env:')[2].partition('}')[0]}`"
    return "an unresolved value"
