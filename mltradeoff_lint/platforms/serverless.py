"""Serverless Framework: the functions of a `serverless.yml`, with the routes and schedules that run each.

Source: Serverless Framework documentation, "AWS Lambda Functions" and "AWS Lambda Events".
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.declarations import CloudFunction, Declaration, Schedule
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents, FileFacts
from mltradeoff_lint.model.repository_path import folder_of
from mltradeoff_lint.model.schedule import longest_gap_seconds
from mltradeoff_lint.model.source import Site

PLATFORM = "serverless"
_ROUTED = ("httpApi", "http", "alb")


def applies(path: str, facts: FileFacts) -> bool:
    """Whether the file is a serverless.yml."""
    return isinstance(facts.content, Documents) and path.rsplit("/", 1)[-1] in ("serverless.yml", "serverless.yaml")


def read(facts: FileFacts) -> tuple[Declaration, ...]:
    """The functions and the schedules that run them."""
    found: list[Declaration] = []
    for root in facts.content.roots if isinstance(facts.content, Documents) else ():
        functions = root.get("functions")
        for name, span, function in functions.entries if functions is not None else ():
            handler = function.text("handler") or ""
            if not handler:
                continue
            events = tuple(_events(function))
            timed = [one for kind, value in events if kind == "schedule" for one in _schedules(facts.path, name, value)]
            routes = [_route(value) for kind, value in events if kind in _ROUTED]
            routes += [("", "/")] if function.get("url") is not None and not routes else []
            others = any(kind not in (*_ROUTED, "schedule") for kind, _ in events)
            site = Site(facts.path, span)
            found.append(
                CloudFunction(name, folder_of(facts.path), handler, tuple(routes), tuple(timed), others, site, PLATFORM)
            )
    return tuple(found)


def _events(function: Entry) -> Iterator[tuple[str, Entry]]:
    listed = function.get("events")
    for item in listed.items if listed is not None else ():
        if item.kind == "map":
            yield from ((kind, value) for kind, _, value in item.entries)
        else:
            yield item.value, item


def _route(value: Entry) -> tuple[str, str]:
    """(method, path) of an event that is a map, or a text such as `GET /users`."""
    if value.kind == "map":
        path = value.text("path") or "/"
        return (value.text("method") or "").upper(), path if path.startswith("/") else f"/{path}"
    method, _, path = value.value.strip().rpartition(" ")
    return method.upper() if method != "*" else "", path if path.startswith("/") else f"/{path.strip('*')}"


def _schedules(path: str, name: str, value: Entry) -> Iterator[Schedule]:
    """The schedules of an event; one that is switched off is none."""
    rates = value.get("rate") if value.kind == "map" else value
    is_off = value.text("enabled") is not None and not value.is_true("enabled") if value.kind == "map" else False
    for one in () if rates is None or is_off else rates.items if rates.kind == "seq" else (rates,):
        yield Schedule(name, one.value, longest_gap_seconds(one.value), Site(path, one.span), PLATFORM)
