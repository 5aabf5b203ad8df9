"""What GitHub refuses, drops or hides in a SARIF file and neither the schema nor sarif-multitool sees.

Limits and required properties: GitHub documentation, "SARIF support for code scanning".
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

Json = dict[str, Any]

FILE_BYTES = 10 * 1024 * 1024
RUNS, RESULTS, RULES = 20, 25_000, 25_000
LOCATIONS, FLOW_LOCATIONS, TAGS = 100, 1_000, 10
NAME, DESCRIPTION = 255, 1_024
_LINK = re.compile(r"(?<!\\)\[(?:[^\[\]\\]|\\.)*\]\(([^)]*)\)")


def violations(text: str, root: Path) -> list[str]:
    """All faults of a SARIF file with paths relative to `root`; empty when GitHub takes and shows it whole."""
    log = json.loads(text)
    found = []
    if len(gzip.compress(text.encode("utf-8"))) > FILE_BYTES:
        found.append("file is above 10 MB when compressed")
    if not log.get("$schema"):
        found.append("no $schema")
    if len(log["runs"]) > RUNS:
        found.append(f"{len(log['runs'])} runs")
    for run in log["runs"]:
        found += _run(run, root)
    return found


def _run(run: Json, root: Path) -> Iterator[str]:
    rules = run["tool"]["driver"].get("rules", [])
    results = run.get("results", [])
    if not rules:
        yield "driver has no rules"
    if len(rules) > RULES:
        yield f"{len(rules)} rules"
    if len(results) > RESULTS:
        yield f"{len(results)} results"
    if not re.search(r"[^/]/", run.get("automationDetails", {}).get("id", "")):
        yield "automationDetails.id has no category, so another tool's upload would replace this one"
    for rule in rules:
        yield from _rule(rule)
    for result in results:
        yield from _result(result, root)
    for invocation in run.get("invocations", []):
        for notification in invocation.get("toolExecutionNotifications", []):
            for location in notification.get("locations", []):
                yield from _location("notification", location, root)


def _rule(rule: Json) -> Iterator[str]:
    name = f"rule {rule['id']}"
    properties = rule.get("properties", {})
    if len(properties.get("tags", [])) > TAGS:
        yield f"{name}: more than {TAGS} tags"
    security = properties.get("security-severity")
    if security is not None and not _is_severity(security):
        yield f"{name}: security-severity is not the text of a number above 0 and up to 10"
    if len(rule.get("name", "")) > NAME:
        yield f"{name}: name is too long"
    for key in ("shortDescription", "fullDescription", "help"):
        text = rule.get(key, {}).get("text", "")
        if not text:
            yield f"{name}: no {key}.text"
        if key != "help" and len(text) > DESCRIPTION:
            yield f"{name}: {key}.text is too long"


def _is_severity(value: Any) -> bool:
    try:
        return isinstance(value, str) and 0 < float(value) <= 10
    except ValueError:
        return False


def _result(result: Json, root: Path) -> Iterator[str]:
    name = f"result of {result['ruleId']}"
    text = result.get("message", {}).get("text", "")
    if not text:
        yield f"{name}: no message.text"
    if not (result.get("partialFingerprints") or {}).get("primaryLocationLineHash"):
        yield f"{name}: no primaryLocationLineHash"
    locations = result.get("locations", [])
    related = result.get("relatedLocations", [])
    if not locations:
        yield f"{name}: no location"
    if len(locations) > LOCATIONS or len(related) > LOCATIONS:
        yield f"{name}: more than {LOCATIONS} locations"
    identities = {str(location["id"]) for location in related if "id" in location}
    yield from (f"{name}: link to {target}" for target in _LINK.findall(text) if target not in identities)
    flows = [flow["locations"] for code in result.get("codeFlows", []) for flow in code["threadFlows"]]
    if sum(map(len, flows)) > FLOW_LOCATIONS:
        yield f"{name}: more than {FLOW_LOCATIONS} flow locations"
    steps = [step.get("location", {}) for flow in flows for step in flow]
    for location in (*locations, *related, *steps):
        yield from _location(name, location, root)


def _location(name: str, location: Json, root: Path) -> Iterator[str]:
    physical = location.get("physicalLocation", {})
    uri = physical.get("artifactLocation", {}).get("uri", "")
    if not uri or uri.startswith("/") or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", uri):
        yield f"{name}: {uri!r} is not a relative path"
        return
    path = (root / unquote(uri)).resolve()
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        yield f"{name}: {uri} is not a file of the repository"
        return
    lines = path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    yield from (f"{name}: {uri}: {fault}" for fault in _region(physical.get("region", {}), lines))


def _region(region: Json, lines: list[str]) -> Iterator[str]:
    keys = ("startLine", "startColumn", "endLine", "endColumn")
    if any(not isinstance(region.get(key), int) for key in keys):
        yield "region lacks one of its four numbers"
        return
    start = (region["startLine"], region["startColumn"])
    end = (region["endLine"], region["endColumn"])
    if end < start:
        yield "region ends before it starts"
    for line, column in (start, end):
        if not 1 <= line <= len(lines) or not 1 <= column <= len(lines[line - 1]) + 1:
            yield f"line {line} column {column} is outside the file"
            return
    snippet = region.get("snippet", {}).get("text")
    if snippet is not None and start[0] == end[0] and snippet != lines[start[0] - 1][start[1] - 1 : end[1] - 1]:
        yield "snippet is not the text of its region"
