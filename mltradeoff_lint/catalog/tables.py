"""Dated tables: facts about the world that change without a commit, each row with its source."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from mltradeoff_lint.catalog.table_files import read_table

HOLE = re.compile(r"\{[^{}]*\}")
"""What stands in a text for a part that does not resolve."""

_SCHEME = re.compile(r"^[a-z+]+://", re.IGNORECASE)


class Gateway(NamedTuple):
    """A gateway product by its address pattern; `is_unknown` when its configuration decides whether it records."""

    pattern: re.Pattern[str]
    product: str
    facets: tuple[str, ...]
    is_unknown: bool


class Suffix(NamedTuple):
    """The end of an address of a model API, and the hosts it counts for: any, known, asked chats, or a provider's."""

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
    switch: str = ""
    """A line that must run once in the process for this; empty when none is needed."""


class Called(NamedTuple):
    """What else a row of usage may ask of a call: who makes it, at which address, and of which time its library is."""

    clients: tuple[str, ...] = ()
    """The access paths of the classes that make the clients behind it."""
    modules: tuple[str, ...] = ()
    """These classes as the code imports them: a library may keep an older one under another name."""
    is_streaming: bool = False
    """Whether these clients are made to stream, whatever their calls say."""
    address: str = ""
    """The end of the address of a request over HTTP."""
    provider: str = ""
    """Who answers at that address."""
    is_dated: bool = False
    """Whether the project asks for a version from before the library had what it has now for telling usage."""


class Meter(NamedTuple):
    """A product that records model calls: what requirement files call it, and the line to add by provider."""

    product: str
    distributions: tuple[str, ...]
    lines: Mapping[str, tuple[str, ...]]
    needs: Mapping[str, tuple[str, ...]]
    """By provider all the distributions that its line needs, where they are not one of `distributions`."""
    fits: Mapping[str, tuple[str, ...]]
    """By provider the access paths of the calls that its line is for, where it is not for every SDK of the provider."""
    is_process: bool = False
    """Whether its lines hold for the whole process, and belong where that starts."""

    def lines_for(self, family: str, access: str) -> tuple[str, ...]:
        """The lines that record a call; empty where the product has none that reaches it."""
        patterns = self.fits.get(family, ("*",))
        is_fit = any(fnmatch.fnmatchcase(access, _plain(pattern)) for pattern in patterns)
        return self.lines.get(family, ()) if is_fit else ()


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
            is_fit = is_fit and called.address in _texts(row.get("address", called.address))
            is_fit = is_fit and called.provider in _texts(row.get("provider", called.provider))
            if is_fit and _made_by(row, called) and fnmatch.fnmatchcase(access, _plain(row["call"])):
                lines = tuple(self._with_body(line, access) for line in _texts(row["line"]))
                return UsageRow(
                    lines, row.get("told", ""), row.get("asks", ""), row.get("streamed", False), row.get("switch", "")
                )
        return UsageRow((), "", "", False)

    def _with_body(self, line: str, access: str) -> str:
        """A line with what reads the whole body of a response of the library that sends the request."""
        return line.replace("<body>", self._metering["bodies"].get(access.partition(".")[0], "<response>.json()"))

    @cached_property
    def meters(self) -> tuple[Meter, ...]:
        """Products that record model calls, in the order a remedy prefers them."""
        return tuple(
            Meter(
                row["product"],
                tuple(row["distributions"]),
                {family: _texts(lines) for family, lines in row["lines"].items()},
                {family: tuple(names) for family, names in row.get("needs", {}).items()},
                {family: tuple(patterns) for family, patterns in row.get("fits", {}).items()},
                row.get("process", False),
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

    def host_of(self, host: str) -> Host | None:
        """The first row that a host (with port) fits; None where none does."""
        return next((row for row in self.hosts if host and row.pattern.match(host)), None)

    def provider_of(self, host: str) -> Host | None:
        """The row of the paid provider that a host belongs to whatever fills its holes; None without one."""
        row = self.host_of(HOLE.sub("x", host))
        return row if row is not None and row.hosting == "api" else None


def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(pattern), re.IGNORECASE)


def _texts(written: str | Sequence[str]) -> tuple[str, ...]:
    """What a column of a table holds: one text, or several."""
    return (written,) if isinstance(written, str) else tuple(written)


def _made_by(row: Mapping[str, Any], called: Called) -> bool:
    """Whether every client is one of those that a row is for; a row that names none is for all."""
    return _are_all(called.clients, row.get("clients", ())) and _are_all(called.modules, row.get("modules", ()))


def _are_all(found: Sequence[str], written: Sequence[str]) -> bool:
    patterns = [_plain(one) for one in written]
    if not patterns:
        return True
    return bool(found) and all(any(fnmatch.fnmatchcase(one, pattern) for pattern in patterns) for one in found)


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
