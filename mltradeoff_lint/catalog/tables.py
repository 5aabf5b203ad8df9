"""Dated tables: facts about the world that change without a commit, each row with its source."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from mltradeoff_lint.catalog.table_files import read_table

_SCHEME = re.compile(r"^[a-z+]+://", re.IGNORECASE)


class Gateway(NamedTuple):
    """A gateway product by its address pattern; `is_unknown` when its configuration decides whether it records."""

    pattern: re.Pattern[str]
    product: str
    facets: tuple[str, ...]
    is_unknown: bool


class Suffix(NamedTuple):
    """The end of an address of a model API, and the hosts it counts for: any, known, or one provider's."""

    suffix: str
    operation: str
    host: str
    provider: str


class Host(NamedTuple):
    """A host pattern of a provider."""

    pattern: re.Pattern[str]
    provider: str
    hosting: str


class UsageRow(NamedTuple):
    """Where the usage of a call is told: lines with placeholders, words for where they stand, an argument they need."""

    lines: tuple[str, ...]
    told: str
    asks: str
    """An argument without which a stream ends without usage; empty when none is needed."""
    is_of_stream: bool
    """Whether the row holds for streams only, which tell no usage themselves: their parts do."""


class Called(NamedTuple):
    """What else a row of usage may ask of a call: who makes it, at which address, and of which time its library is."""

    clients: tuple[str, ...] = ()
    """The access paths of the classes that make the clients behind it."""
    address: str = ""
    """The end of the address of a request over HTTP."""
    is_dated: bool = False
    """Whether the project asks for a version from before the library had what it has now for telling usage."""


class Meter(NamedTuple):
    """A product that records model calls: what requirement files call it, and the line to add by provider."""

    product: str
    distributions: tuple[str, ...]
    lines: Mapping[str, str]
    needs: Mapping[str, tuple[str, ...]]
    """By provider all the distributions that its line needs, where they are not one of `distributions`."""


@dataclass(frozen=True)
class Tables:
    """The dated tables as of one day."""

    as_of: str

    @cached_property
    def gateways(self) -> tuple[Gateway, ...]:
        """Gateways that record the calls they forward; the first row that fits an address wins."""
        return tuple(
            Gateway(
                _glob(row["pattern"]), row["product"], tuple(row.get("facets", ())), row.get("verdict") == "unknown"
            )
            for row in read_table("gateways.yaml")["rows"]
        )

    @cached_property
    def _metering(self) -> Mapping[str, Any]:
        return read_table("metering.yaml")

    def usage(
        self, access: str, operation: str, is_streamed: bool, is_awaited: bool, called: Called | None = None
    ) -> UsageRow:
        """What tells the usage of a call: by its access path, what is asked of the model, and how the answer comes."""
        called = called or Called()
        asked = {"operation": operation, "streamed": is_streamed, "awaited": is_awaited, "dated": called.is_dated}
        for row in self._metering["usage"]:
            is_fit = all(row.get(column, value) == value for column, value in asked.items())
            is_fit = is_fit and row.get("address", called.address) == called.address
            if is_fit and _made_by(row, called.clients) and fnmatch.fnmatchcase(access, _plain(row["call"])):
                line = row["line"]
                lines = (line,) if isinstance(line, str) else tuple(line)
                return UsageRow(lines, row.get("told", ""), row.get("asks", ""), row.get("streamed", False))
        return UsageRow((), "", "", False)

    @cached_property
    def meters(self) -> tuple[Meter, ...]:
        """Products that record model calls, in the order a remedy prefers them."""
        return tuple(
            Meter(
                row["product"],
                tuple(row["distributions"]),
                dict(row["lines"]),
                {family: tuple(names) for family, names in row.get("needs", {}).items()},
            )
            for row in self._metering["products"]
        )

    @cached_property
    def provider_distributions(self) -> frozenset[str]:
        """What requirement files call the SDKs of model providers."""
        return frozenset(self._metering["providers"])

    @cached_property
    def _endpoints(self) -> Mapping[str, Any]:
        return read_table("model-endpoints.yaml")

    @cached_property
    def suffixes(self) -> tuple[Suffix, ...]:
        """Ends of model API addresses, longest first."""
        rows = [
            Suffix(row["suffix"], row["operation"], row["host"], row.get("provider", ""))
            for row in self._endpoints["suffixes"]
        ]
        return tuple(sorted(rows, key=lambda row: -len(row.suffix)))

    @cached_property
    def hosts(self) -> tuple[Host, ...]:
        """Hosts of model providers and of self-hosted servers."""
        rows: Sequence[Mapping[str, Any]] = self._endpoints.get("hosts", ())
        return tuple(Host(_glob(row["pattern"]), row["provider"], row.get("hosting", "api")) for row in rows)


def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(pattern), re.IGNORECASE)


def _made_by(row: Mapping[str, Any], clients: Sequence[str]) -> bool:
    """Whether every client is one of those that a row is for; a row that names none is for all."""
    patterns = [_plain(one) for one in row.get("clients", ())]
    if not patterns:
        return True
    return bool(clients) and all(any(fnmatch.fnmatchcase(one, pattern) for pattern in patterns) for one in clients)


def _plain(pattern: str) -> str:
    """A pattern in which only `*` is special: access paths hold brackets of their own."""
    return pattern.replace("[", "[[]").replace("?", "[?]")


def address_of(url: str) -> tuple[str, str]:
    """Host (with port) and path of an address; the query is removed, `{holes}` stay."""
    rest = _SCHEME.sub("", url.strip())
    host, slash, path = rest.partition("/")
    return host.rpartition("@")[2], (slash + path).split("?")[0].rstrip("/")


def load_tables(as_of: str) -> Tables:
    """The bundled tables; each is read when it is first asked for."""
    return Tables(as_of)
