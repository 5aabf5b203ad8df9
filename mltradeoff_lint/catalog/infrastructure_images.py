"""Images that run beside a program and run none of its code, such as databases and proxies; the table is data."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from mltradeoff_lint.catalog.table_files import read_table
from mltradeoff_lint.model.environment import interpolate

_HOST = re.compile(r"localhost(?::\d+)?|[\w-]+(?:\.[\w-]+)+(?::\d+)?|[\w-]+:\d+")


class Infrastructure(NamedTuple):
    """Images of one kind, by their names without registry, tag and digest."""

    kind: str
    images: tuple[str, ...]
    source: str


@cache
def infrastructure_images() -> tuple[Infrastructure, ...]:
    """The images of the table, in its order."""
    rows = read_table("infrastructure-images.yaml")["rows"]
    return tuple(Infrastructure(str(row["kind"]), tuple(row["images"]), str(row["source"])) for row in rows)


def is_infrastructure(image: str) -> bool:
    """Whether an image of this name runs none of the code that is deployed beside it."""
    name = _name(image)
    return bool(name) and name in _names()


def is_bare_base(image: str) -> bool:
    """Whether an image of this name holds a bare system, or another language than Python."""
    return _name(image).rpartition("/")[2] in _bases()


@cache
def _names() -> frozenset[str]:
    return frozenset(_name(image) for row in infrastructure_images() for image in row.images)


@cache
def _bases() -> frozenset[str]:
    return frozenset(map(str, read_table("infrastructure-images.yaml")["bases"]))


def _name(image: str) -> str:
    """The name of an image without registry, tag and digest; empty where a variable may be a part of it."""
    written = (interpolate(image).value or image).strip().lower().partition("@")[0]
    *owners, last = written.split("/")
    if owners and _HOST.fullmatch(owners[0]):
        owners = owners[1:]
    name = "/".join([*(one for one in owners if one != "library"), last.partition(":")[0]])
    return "" if "$" in name or "{" in name else name
