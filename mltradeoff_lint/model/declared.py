"""Facts about a system that its repository cannot show, as the user declares them in the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Gateway:
    """A model gateway: requests whose address starts with `base_url` are metered for these facets."""

    base_url: str
    meters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meter:
    """A function of the repository that records these facets of a model call."""

    function: str
    facets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RolePath:
    """The role of all code under a path pattern."""

    path: str
    role: str


@dataclass(frozen=True, slots=True)
class Declarations:
    """Facts about the system that its repository cannot show; each turns an unknown answer into a known one."""

    gateway: tuple[Gateway, ...] = ()
    meters: tuple[Meter, ...] = ()
    freshness: Mapping[str, int] = field(default_factory=dict)
    """Route or model -> how old its inputs may be, in seconds."""
    owners: Mapping[str, str] = field(default_factory=dict)
    """Path pattern or name -> owner."""
    roles: tuple[RolePath, ...] = ()
    evals: str = ""
    """Where evaluations live when not here, such as `external`."""
    tenancy: str = ""
    """`single` or `multi`."""
    domain: str = ""
    risk: str = ""
    daily_requests: int | None = None
