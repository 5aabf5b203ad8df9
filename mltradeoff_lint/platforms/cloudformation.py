"""AWS SAM: the functions of a CloudFormation template, with the routes and schedules that run each.

Source: AWS Serverless Application Model specification, "AWS::Serverless::Function".
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.declarations import CloudFunction, Declaration, Schedule
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents, FileFacts
from mltradeoff_lint.model.repository_path import folder_of, from_folder
from mltradeoff_lint.model.schedule import longest_gap_seconds
from mltradeoff_lint.model.source import Site

PLATFORM = "cloudformation"
_FUNCTION = "AWS::Serverless::Function"
_ROUTED = ("Api", "HttpApi")
_TIMED = ("Schedule", "ScheduleV2")


def applies(path: str, facts: FileFacts) -> bool:
    """Whether a document is a template with a function of SAM."""
    roots = facts.content.roots if isinstance(facts.content, Documents) else ()
    return any(True for root in roots for _ in _functions(root))


def read(facts: FileFacts) -> tuple[Declaration, ...]:
    """The functions and the schedules that run them."""
    found: list[Declaration] = []
    for root in facts.content.roots if isinstance(facts.content, Documents) else ():
        for name, site_span, function in _functions(root):
            shared = ("Globals", "Function")
            handler = function.text("Handler") or root.text(*shared, "Handler") or ""
            code = function.text("CodeUri") or root.text(*shared, "CodeUri") or "."
            folder = from_folder(folder_of(facts.path), code)
            if not handler or folder is None:
                continue
            events = tuple(_events(function))
            timed = (one for kind, value in events if kind in _TIMED for one in _schedules(facts.path, name, value))
            routes = [_route(value) for kind, value in events if kind in _ROUTED]
            routes += [("", "/")] if function.get("FunctionUrlConfig") is not None and not routes else []
            others = any(kind not in (*_ROUTED, *_TIMED) for kind, _ in events)
            site = Site(facts.path, site_span.span)
            found.append(CloudFunction(name, folder, handler, tuple(routes), tuple(timed), others, site, PLATFORM))
    return tuple(found)


def _functions(root: Entry) -> Iterator[tuple[str, Entry, Entry]]:
    """(name, resource, properties) of each function of a template."""
    resources = root.get("Resources")
    for name, _, one in resources.entries if resources is not None else ():
        properties = one.get("Properties")
        if one.text("Type") == _FUNCTION and properties is not None:
            yield name, one, properties


def _events(function: Entry) -> Iterator[tuple[str, Entry]]:
    events = function.get("Events")
    for _, _, event in events.entries if events is not None else ():
        yield event.text("Type") or "", event.get("Properties") or event


def _route(value: Entry) -> tuple[str, str]:
    method = (value.text("Method") or "").upper()
    return "" if method == "ANY" else method, value.text("Path") or "/"


def _schedules(path: str, name: str, value: Entry) -> Iterator[Schedule]:
    """The schedule of an event; one that is switched off is none."""
    expression = value.get("Schedule") or value.get("ScheduleExpression")
    is_off = value.text("State") == "DISABLED" or (value.text("Enabled") or "true").lower() == "false"
    if expression is not None and not is_off:
        seconds = longest_gap_seconds(expression.value)
        yield Schedule(name, expression.value, seconds, Site(path, expression.span), PLATFORM)
