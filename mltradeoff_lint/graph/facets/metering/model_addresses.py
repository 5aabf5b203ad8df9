"""Addresses of model APIs, for calls that go over plain HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.catalog.tables import HOLE, Host, Suffix, Tables, address_of
from mltradeoff_lint.graph.facets.metering.default_clients import addresses_set
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Frame, Literal, Made, Value, Values, texts_of, union
from mltradeoff_lint.resolve.environment.placeholders import is_placeholder
from mltradeoff_lint.resolve.flow.flow_steps import binding_scope
from mltradeoff_lint.resolve.sites import Use

_PRIVATE = re.compile(
    r"^(localhost|0\.0\.0\.0|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|host\.docker\.internal|\[::1\])|"
    r"\.(local|internal|lan|svc|cluster\.local)(:|$)|^[a-z0-9_-]+(:\d+)?$",
    re.IGNORECASE,
)
"""Hosts of one's own network: loopback, private ranges, and names without a dot, as a compose service has."""


MAY_BE_OWN = Unknown("the model may run on one's own machines")
REPLACED = Unknown("the address of the model asks to be replaced")
NOBODY_KNOWN = Unknown("whose model API answers at the address does not resolve")


class Address(NamedTuple):
    """Who answers at the address of a model call."""

    provider: str
    operation: str
    hosting: str | Unknown
    suffix: str = ""
    """The end of the address by which it is known."""


class ModelAddresses:
    """Decides whether an HTTP address is one of a model API."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def of(self, work: Workspace, use: Use) -> Address | None:
        """The model API an HTTP call goes to; None for other calls and for addresses that are none."""
        if use.meaning.literal("provider") != "http":
            return None
        for text in asked(work, use):
            found = self.at(work, text)
            if found is not None:
                return found
        return None

    def provider_of_client(self, work: Workspace, made: Made) -> str:
        """The provider whose address a client is made with, for certain; empty where it is the usual one or unknown."""
        for use in work.sites.at(made.call):
            if use.meaning.kind == "client" and not use.meaning.selectors("wraps"):
                values = _addresses(work, use, made.frame)
                texts = [one.value for one in values if isinstance(one, Literal)]
                found = {self._provider(one) if isinstance(one, str) else "" for one in texts}
                return found.pop() if len(found) == 1 and len(texts) == len(values) else ""
        return ""

    def provider_of_default(self, work: Workspace, use: Use) -> str:
        """The provider whose address is surely set for the default client of a call; empty without one."""
        told = addresses_set(work, use)
        known = [one.value for each in told for one in each.values if isinstance(one, Literal) and each.is_sure]
        found = {self._provider(one) if isinstance(one, str) else "" for one in known}
        return found.pop() if len(found) == 1 and len(known) == sum(len(each.values) for each in told) else ""

    def _provider(self, text: str) -> str:
        """The paid provider of an address, without those that only stand for one's own machines."""
        row = self._tables.provider_of(address_of(text)[0]) if "://" in text else None
        return row.provider if row is not None else ""

    def is_told(self, text: str) -> bool:
        """Whether a host is written out, or is one of a provider whatever fills its holes: a resource or a region."""
        host = address_of(text)[0] if "://" in text else ""
        return bool(host) and ("{" not in host or self._tables.provider_of(host) is not None)

    def of_client(self, work: Workspace, made: Made) -> str | Unknown | None:
        """Who runs the model behind a client, by its row and its address; None when the call constructs no client."""
        found: str | Unknown | None = None
        for use in work.sites.at(made.call):
            if use.meaning.kind == "client" and not use.meaning.selectors("wraps"):
                values = _addresses(work, use, made.frame)
                found = self._behind(values, use.meaning.literal("hosting", "api"))
                if use.meaning.literal("empty_address") == "asked" and any(_is_empty_text(one) for one in values):
                    # nobody answers there: whoever runs the code sets the address
                    found = MAY_BE_OWN
        return found

    def of_default(self, work: Workspace, use: Use) -> str | Unknown | None:
        """Who answers a call at its own address, or at the one set for the default client; None where none is set."""
        usual = use.meaning.literal("hosting", "api")
        given = _addresses(work, use, None)
        if given and Literal(None) not in given:
            return self._behind(given, usual)
        found = addresses_set(work, use)
        if not found:
            return None
        answers = {self._behind(one.values, usual) for one in found}
        answers |= set() if any(one.is_sure for one in found) else {usual}
        return answers.pop() if len(answers) == 1 else MAY_BE_OWN

    def _behind(self, values: Values, usual: str) -> str | Unknown:
        """Who answers at a client's address; an address that says nothing, as the provider's own, is the usual one."""
        # what has no scheme is the name of a model or a region
        found = {self._hosting(text) for text in texts_of(values) if "://" in text}
        # None is the library's own address, and what does not resolve may be
        found |= {None for one in values if one == Literal(None) or isinstance(one, Unknown)}
        answers = {one or usual for one in found} or {usual}
        return answers.pop() if len(answers) == 1 else MAY_BE_OWN

    def _hosting(self, url: str) -> str | Unknown | None:
        """Who runs what answers at an address, as far as its host tells; a bare name may be anything but a host."""
        host = address_of(url)[0]
        row = self._tables.host_of(host)
        if row is not None:
            return row.hosting
        name, _, port = host.partition(":")
        if name and "{" not in name and is_placeholder(name):
            return REPLACED
        is_bare = "://" not in url and "." not in name and not port
        return "self-hosted" if not is_bare and _PRIVATE.search(host) else None

    def at(self, work: Workspace, url: str) -> Address | None:
        """The model API at an address whose end fits a row and whose host fits the row's demand."""
        host_text, path = address_of(url)
        host = self._tables.host_of(host_text)
        for row in self._tables.suffixes if url else ():
            if HOLE.sub("", path).endswith(row.suffix) and self._fits(work, row, host, url):
                provider = (host.provider if host else "") or row.provider or "a model API"
                return Address(provider, row.operation, self._hosting(url) or NOBODY_KNOWN, row.suffix)
        return None

    def _fits(self, work: Workspace, row: Suffix, host: Host | None, url: str) -> bool:
        if row.host == "any":
            return True
        if row.host == "chats":
            return _base(url, row) in work.resolver.program.ask("chat-addresses", "", lambda: self._chats(work))
        return host is not None and (row.host in ("known", host.provider))

    def _chats(self, work: Workspace) -> tuple[str, ...]:
        """The addresses, without the ends by which they are known, at which code asks for chats."""
        rows = [row for row in self._tables.suffixes if row.host == "any" and row.operation == "chat"]
        found = {
            _base(text, row): None
            for use in work.sites.of_kind("model-call")
            if use.meaning.literal("provider") == "http"
            for text in asked(work, use)
            for row in rows
            if _base(text, row)
        }
        return tuple(found)


def _is_empty_text(value: Value) -> bool:
    return isinstance(value, Literal) and value.value == ""


def asked(work: Workspace, use: Use, frame: Frame | None = None) -> Iterator[str]:
    """The addresses that a call asks: one without a host behind the address that its client is made with."""
    for text in texts_of(work.sites.setting(use, "url", frame)):
        bases = () if "://" in text or text.startswith("{") else tuple(_client_addresses(work, use))
        yield from (_joined(use, base, text) for base in bases)
        if not bases:
            yield text


def _client_addresses(work: Workspace, use: Use) -> Iterator[str]:
    """The addresses that the client of a call is made with; none where one of them does not resolve."""
    selectors, found = use.meaning.selectors("url_base"), list[str]()
    for made in use.value.made if selectors else ():
        exprs = work.sites.select(made.call, selectors)
        values = union(*(work.resolver.values(made.call.path, expr, made.frame) for expr in exprs))
        texts = texts_of(values)
        if not texts or any(isinstance(one, Unknown) for one in values):
            return
        found += texts
    yield from dict.fromkeys(found)


def _joined(use: Use, base: str, text: str) -> str:
    scheme, _, rest = base.rpartition("://")
    is_link = use.meaning.literal("url_joins") == "as a link" and text.startswith("/")
    host = rest.partition("/")[0] if is_link else rest
    return f"{scheme}://{host.rstrip('/')}/{text.lstrip('/')}" if scheme else text


def _base(url: str, row: Suffix) -> str:
    """An address up to the end that a row is for; empty where it ends otherwise."""
    host, path = address_of(url)
    return host + path.removesuffix(row.suffix) if path.endswith(row.suffix) else ""


def _addresses(work: Workspace, use: Use, frame: Frame | None) -> Values:
    """The addresses that a call is given; None among them where a module chooses between that and another one."""
    path, exprs = use.ref.path, work.sites.select(use.ref, use.meaning.selectors("base_url"))
    chosen = (work.resolver.values(path, one) for expr in exprs for one in _choices(work.resolver.facts(path), expr))
    # a name of the module drops None as a placeholder, which it is not where a choice is written
    nothing = tuple(one for values in chosen for one in values if one == Literal(None))
    return union(*(work.resolver.values(path, expr, frame) for expr in exprs), nothing)


def _choices(facts: PythonFacts, expr: int) -> Iterator[int]:
    """What the module itself binds to a name that a function reads, if it is a choice: `URL if is_local else None`."""
    read = facts.exprs[expr]
    if read[0] == "name" and not read[2] and binding_scope(facts, read) == 0:
        for number in facts.scopes[0].finals.get(read[1], ()):
            one = facts.definitions[number]
            if one.kind == "assign" and not one.path and facts.exprs[one.value][0] == "ifexp":
                yield one.value
