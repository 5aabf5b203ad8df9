"""Reads the tables that lie beside the catalog, each once in a process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def read_table(name: str) -> Mapping[str, Any]:
    """The document of a table by its file name."""
    file = resources.files("mltradeoff_lint.catalog") / "data" / "tables" / name
    document: Mapping[str, Any] = yaml.load(Path(str(file)).read_bytes(), Loader=_LOADER)
    return document
