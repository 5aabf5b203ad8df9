"""What a search of the ladder has found so far: facets with their evidence, and reasons to doubt an absence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from mltradeoff_lint.graph.facets.metering.recorded import Recorded
from mltradeoff_lint.model.source import Site


@dataclass(slots=True)
class Search:
    """The state of one search; the first evidence of a facet and the first site of a doubt are kept."""

    facets: dict[str, Recorded] = field(default_factory=dict)
    doubts: dict[str, Site] = field(default_factory=dict)

    def note(self, recorded: Iterable[Recorded]) -> None:
        """Add what records the call."""
        for one in recorded:
            for facet in one.facets:
                self.facets.setdefault(facet, one)

    def doubt(self, reason: str, site: Site) -> None:
        """Add a reason why an absence cannot be claimed."""
        self.doubts.setdefault(reason, site)

    @property
    def is_satisfied(self) -> bool:
        """Whether tokens or cost reach a record."""
        return "tokens" in self.facets or "cost" in self.facets

    @property
    def is_open(self) -> bool:
        """Whether nothing can be claimed: the call is recorded, or may be."""
        return self.is_satisfied or bool(self.doubts)


class Branch(NamedTuple):
    """One construction that reaches a call, with the verdict of its own rung."""

    label: str
    place: str
    """The label with the line, for constructors of one name."""
    search: Search
    is_self_hosted: bool = False

    @property
    def is_open(self) -> bool:
        """Whether nothing can be claimed of this construction: it is metered, it may be, or nobody is paid."""
        return self.search.is_open or self.is_self_hosted
