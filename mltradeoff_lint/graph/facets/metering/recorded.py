"""Something that records a model call."""

from __future__ import annotations

from typing import NamedTuple

from mltradeoff_lint.model.source import Site


class Recorded(NamedTuple):
    """By what a call is recorded, which facets, in what words, and where that stands."""

    product: str
    facets: tuple[str, ...]
    how: str
    site: Site
