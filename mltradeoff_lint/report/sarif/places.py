"""Locations of a report as SARIF physical locations."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from mltradeoff_lint.model.source import Location
from mltradeoff_lint.report.sarif import limits

Json = dict[str, Any]
SOURCE_ROOT = "%SRCROOT%"


def uri(path: str) -> str:
    """A path of the repository as a relative URI reference; bytes that are no UTF-8 keep their value."""
    return quote(path, safe="/", errors="surrogateescape")


def location(place: Location, text: str = "", identity: int | None = None) -> Json:
    """A location with its region, the snippet and a context region when the source line is known."""
    entry: Json = {} if identity is None else {"id": identity}
    entry["physicalLocation"] = _physical(place)
    if text:
        entry["message"] = {"text": limits.bounded(text, limits.MESSAGE)}
    return entry


def _physical(place: Location) -> Json:
    region = _region(place)
    physical: Json = {
        "artifactLocation": {"uri": uri(place.path), "uriBaseId": SOURCE_ROOT},
        "region": region,
    }
    start, end = place.mark
    text = place.snippet[start:end]
    # what is shown may be shortened or masked; only the very text of the region may stand as its snippet
    if region["endLine"] == region["startLine"] and 0 < len(text) == region["endColumn"] - region["startColumn"]:
        region["snippet"] = {"text": text}
    # A context region must be a proper superset: without columns a region means its whole lines, which a region
    # over the whole line already is.
    if place.snippet and (region["startColumn"] > 1 or 0 < end < len(place.snippet)):
        physical["contextRegion"] = {
            "startLine": region["startLine"],
            "endLine": region["endLine"],
            "snippet": {"text": limits.bounded(place.snippet, limits.SNIPPET)},
        }
    return physical


def _region(place: Location) -> Json:
    """All four numbers, from 1, the end never before the start."""
    start = (max(place.line, 1), max(place.column, 1))
    end = max((max(place.end_line, 1), max(place.end_column, 1)), start)
    return {
        "startLine": start[0],
        "startColumn": start[1],
        "endLine": end[0],
        "endColumn": end[1],
    }
