"""Addresses of model APIs, for calls that go over plain HTTP."""

from __future__ import annotations

import re
from typing import NamedTuple

from mltradeoff_lint.catalog.tables import Host, Suffix, Tables, address_of
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Literal, Made, Template, Values, union
from mltradeoff_lint.resolve.sites import Use

_HOLE = re.compile(r"\{[^{}]*\}")
_PRIVATE = re.compile(
    r"^(localhost|0\.0\.0\.0|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|host\.docker\.internal|\[::1\])|"
    r"\.(local|internal|lan|svc|cluster\.local)(:|$)|^[a-z0-9_-]+(:\d+)?$",
    re.IGNORECASE,
)
"""Hosts of one's own network: loopback, private ranges, and names without a dot, as a compose service has."""


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
        for value in work.sites.setting(use, "url"):
            text = value.value if isinstance(value, Literal) else value.text if isinstance(value, Template) else ""
            found = self.at(text) if isinstance(text, str) else None
            if found is not None:
                return found
        return None

    def provider_of_client(self, work: Workspace, made: Made) -> str:
        """The provider whose address a client is made with, for certain; empty where it is the usual one or unknown."""
        for use in work.sites.at(made.call):
            if use.meaning.kind == "client" and not use.meaning.selectors("wraps"):
                exprs = work.sites.select(use.ref, use.meaning.selectors("base_url"))
                values = union(*(work.resolver.values(use.ref.path, expr, made.frame) for expr in exprs))
                texts = [one.value for one in values if isinstance(one, Literal)]
                found = {self._provider(one) if isinstance(one, str) else "" for one in texts}
                return found.pop() if len(found) == 1 and len(texts) == len(values) else ""
        return ""

    def _provider(self, text: str) -> str:
        """The paid provider of an address, without those that only stand for one's own machines."""
        host = address_of(text)[0] if "://" in text else ""
        row = next((row for row in self._tables.hosts if host and row.pattern.match(host)), None)
        return row.provider if row is not None and row.hosting == "api" else ""

    def of_client(self, work: Workspace, made: Made) -> str | Unknown | None:
        """Who runs the model behind a client, by its row and its address; None when the call constructs no client."""
        found: str | Unknown | None = None
        for use in work.sites.at(made.call):
            if use.meaning.kind == "client" and not use.meaning.selectors("wraps"):
                exprs = work.sites.select(use.ref, use.meaning.selectors("base_url"))
                values = union(*(work.resolver.values(use.ref.path, expr, made.frame) for expr in exprs))
                found = self._behind(values, use.meaning.literal("hosting", "api"))
        return found

    def _behind(self, values: Values, usual: str) -> str | Unknown:
        """Who answers at a client's address; an address that says nothing, as the provider's own, is the usual one."""
        texts = [
            one.value if isinstance(one, Literal) else one.text if isinstance(one, Template) else "" for one in values
        ]
        # what has no scheme is the name of a model or a region
        found = {self._hosting(address_of(text)[0]) for text in texts if isinstance(text, str) and "://" in text}
        answers = {one or usual for one in found} or {usual}
        return answers.pop() if len(answers) == 1 else Unknown("the model may run on one's own machines")

    def _hosting(self, host: str) -> str | None:
        row = next((row for row in self._tables.hosts if row.pattern.match(host)), None)
        if row is not None:
            return row.hosting
        return "self-hosted" if _PRIVATE.search(host) else None

    def at(self, url: str) -> Address | None:
        """The model API at an address whose end fits a row and whose host fits the row's demand."""
        if not url:
            return None
        host_text, path = address_of(url)
        host = next((row for row in self._tables.hosts if row.pattern.match(host_text)), None)
        for row in self._tables.suffixes:
            if _HOLE.sub("", path).endswith(row.suffix) and _fits(row, host):
                provider = (host.provider if host else "") or row.provider or "a model API"
                hosting = self._hosting(host_text) or Unknown("whose model API answers at the address does not resolve")
                return Address(provider, row.operation, hosting, row.suffix)
        return None


def _fits(row: Suffix, host: Host | None) -> bool:
    if row.host == "any":
        return True
    return host is not None and (row.host in ("known", host.provider))
