"""Addresses of model APIs, for calls that go over plain HTTP."""

from __future__ import annotations

import re
from typing import NamedTuple

from mltradeoff_lint.catalog.tables import Host, Suffix, Tables, address_of
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.resolve.domain import Literal, Template
from mltradeoff_lint.resolve.sites import Use

_HOLE = re.compile(r"\{[^{}]*\}")


class Address(NamedTuple):
    """Who answers at the address of a model call."""

    provider: str
    operation: str
    hosting: str


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

    def at(self, url: str) -> Address | None:
        """The model API at an address whose end fits a row and whose host fits the row's demand."""
        if not url:
            return None
        host_text, path = address_of(url)
        host = next((row for row in self._tables.hosts if row.pattern.match(host_text)), None)
        for row in self._tables.suffixes:
            if _HOLE.sub("", path).endswith(row.suffix) and _fits(row, host):
                provider = (host.provider if host else "") or row.provider or "http"
                return Address(provider, row.operation, host.hosting if host else "api")
        return None


def _fits(row: Suffix, host: Host | None) -> bool:
    if row.host == "any":
        return True
    return host is not None and (row.host in ("known", host.provider))
