"""Prefect: the deployments of a `prefect.yaml`, with the flow each runs, its parameters and its schedules.

Source: Prefect documentation, "Define deployments with YAML".
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.declarations import Declaration, Deployment, Schedule
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents, FileFacts
from mltradeoff_lint.model.repository_path import folder_of, from_folder
from mltradeoff_lint.model.schedule import longest_gap_seconds
from mltradeoff_lint.model.source import Site

PLATFORM = "prefect"
_NAMES = ("prefect.yaml", "prefect.yml", "deployment.yaml", "deployment.yml")


def applies(path: str, facts: FileFacts) -> bool:
    """Whether the file is named as Prefect's and holds a deployment with an entry point."""
    if not isinstance(facts.content, Documents) or path.rsplit("/", 1)[-1] not in _NAMES:
        return False
    return any(any(True for _ in _deployments(path, root)) for root in facts.content.roots)


def read(facts: FileFacts) -> tuple[Declaration, ...]:
    """A deployment for each entry point `FILE:FUNCTION`, paths seen from the folder of the file, and its schedules."""
    found: list[Declaration] = []
    for root in facts.content.roots if isinstance(facts.content, Documents) else ():
        for one in _deployments(facts.path, root):
            target, colon, function = (one.text("entrypoint") or "").rpartition(":")
            path = from_folder(folder_of(facts.path), target) if colon else None
            if path is None:
                continue
            name = one.text("name") or function
            given = one.get("parameters")
            parameters = tuple((key, value) for key, _, value in given.entries) if given is not None else ()
            schedules = tuple(_schedules(facts.path, name, one))
            site = Site(facts.path, one.span)
            found += [Deployment(name, path, function, parameters, schedules, site, PLATFORM), *schedules]
    return tuple(found)


def _deployments(path: str, root: Entry) -> Iterator[Entry]:
    """The deployments of a project's file, or the one that a file built for a single deployment is."""
    if path.rsplit("/", 1)[-1].startswith("deployment"):
        yield from [root] if root.get("flow_name") is not None and root.get("entrypoint") is not None else []
        return
    listed = root.get("deployments")
    for item in listed.items if listed is not None else ():
        if item.get("entrypoint") is not None:
            yield item


def _schedules(path: str, name: str, deployment: Entry) -> Iterator[Schedule]:
    """The schedules that are not switched off."""
    listed = deployment.get("schedules")
    single = deployment.get("schedule")
    for one in (*(listed.items if listed is not None else ()), *([single] if single is not None else [])):
        inner = one.get("schedule") or one
        cron, interval = inner.text("cron"), inner.text("interval")
        if one.text("active") is not None and not one.is_true("active"):
            continue
        if cron is not None:
            yield Schedule(name, cron, longest_gap_seconds(cron), Site(path, one.span), PLATFORM)
        elif interval is not None:
            seconds = int(float(interval)) if interval.replace(".", "", 1).isdecimal() else None
            yield Schedule(name, f"every {interval} s", seconds, Site(path, one.span), PLATFORM)
        elif inner.text("rrule") is not None:
            yield Schedule(name, inner.text("rrule") or "", None, Site(path, one.span), PLATFORM)
