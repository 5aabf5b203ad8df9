"""One requirement as PEP 508, pip and conda write it."""

from __future__ import annotations

import re

from mltradeoff_lint.model.facts import Requirement
from mltradeoff_lint.model.source import Span

_NAMED = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(.*)", re.DOTALL)
_DIRECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\s*(?:\[[^\]]*\])?\s*@\s*\w")
_CONDA = re.compile(
    r"\s*(?:[\w./-]+::)?([A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(.*)", re.DOTALL
)
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9._-]+)")
MAX_LINE = 4096
"""Longest requirement that is looked at, in characters."""


def normalise(name: str) -> str:
    """The comparable name of a distribution (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def without_credentials(url: str) -> str:
    """A URL without the user and password it may hold."""
    return _CREDENTIALS.sub("", url)


def requirement(text: str, group: str, span: Span) -> Requirement | None:
    """A requirement as PEP 508 writes it, or the URL or path that pip takes in its place; None when it is neither.

    Extras and markers are left out; `specifier` is the version part as written, or `@ URL`.
    """
    text = text[:MAX_LINE].strip()
    if not _DIRECT.match(text) and ("://" in text or text.startswith((".", "/", "file:")) or text.endswith(".whl")):
        return _located(text, group, span)
    found = _NAMED.fullmatch(text)
    if found is None:
        return None
    rest = found[2].strip()
    if rest.startswith("@"):
        return Requirement(normalise(found[1]), without_credentials(re.split(r"\s+;", rest)[0].strip()), group, span)
    specifier = rest.split(";", 1)[0].strip().removeprefix("(").removesuffix(")").strip()
    if specifier and specifier[0] not in "<>=!~":
        return None
    return Requirement(normalise(found[1]), specifier, group, span)


def _located(text: str, group: str, span: Span) -> Requirement:
    place = without_credentials(text.split(" ", 1)[0])
    egg = _EGG.search(text)
    file = place.split("#", 1)[0].rsplit("/", 1)[-1]
    name = egg[1] if egg else file.split("-", 1)[0] if file.endswith(".whl") else ""
    return Requirement(normalise(name), f"@ {place}", group, span)


def conda_requirement(text: str, span: Span) -> Requirement | None:
    """A conda match specification, `channel::name=version=build`, in group `conda`."""
    found = _CONDA.fullmatch(text[:MAX_LINE].strip())
    return None if found is None else Requirement(normalise(found[1]), found[2].strip(), "conda", span)
