"""Suppression comments: `# mltradeoff: ignore[rule-name, other-rule] reason`, in any format that has comments.

A comment covers its own line, the next code line when it stands alone, the whole header of a function or class when
it stands in one, and the first line of a call that ends on its line. It hides a finding that has any location there,
primary, trace or related. A reason is required; a comment without one, with an unknown rule, or that covers nothing
is a finding of its own, because a suppression nobody can explain outlives what it hid.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mltradeoff_lint.model.facts import ClassFact, Comment, FileFacts, PythonFacts, Scope
from mltradeoff_lint.model.finding import Confidence, Finding, RuleInfo, Suppression
from mltradeoff_lint.model.redact import quoted
from mltradeoff_lint.model.source import Location
from mltradeoff_lint.model.spelling import nearest
from mltradeoff_lint.model.suppression import SUPPRESSION_RULES, UNEXPLAINED, UNKNOWN, UNUSED
from mltradeoff_lint.triage.fingerprint import fingerprint
from mltradeoff_lint.triage.locate import Locator

MARKER = "mltradeoff:"
_DIRECTIVE = re.compile(r"\s{0,9}ignore(?![\w-])\s{0,9}(?:\[([^\]]{0,2000})\])?([^\n]*)")
_INTRODUCERS = {"sql": "--", "json": "//"}
_HEADER_LINES = 60
"""Lines that are looked at for the end of a function header, or for the next code line."""


@dataclass(frozen=True, slots=True)
class Directive:
    """One suppression comment, with the host lines it covers as (line, first column, last column), all from 1."""

    location: Location
    names: tuple[str, ...]
    reason: str
    covered: tuple[tuple[int, int, int], ...]


def directives(facts: Mapping[str, FileFacts], locator: Locator) -> tuple[Directive, ...]:
    """All suppression comments of the files, by path and line."""
    found: list[Directive] = []
    for path in sorted(facts):
        comments = [comment for comment in facts[path].comments if MARKER in comment.text]
        if comments:
            reach = _Reach(facts[path], locator)
            for comment in comments:
                found += _of_comment(reach, comment)
    return tuple(found)


def apply(
    findings: Sequence[Finding],
    facts: Mapping[str, FileFacts],
    locator: Locator,
    known: Collection[str],
    ran: Collection[str],
) -> tuple[Finding, ...]:
    """The findings, covered ones marked suppressed, followed by findings about the comments themselves.

    `known` are the names of all rules; `ran` those of this run, the three of `model.suppression` included when they
    are wanted: a comment for a rule that did not run is not called unused.
    """
    comments = directives(facts, locator)
    places: dict[tuple[str, int], list[tuple[int, int, int]]] = {}
    for index, comment in enumerate(comments):
        for line, first, last in comment.covered:
            places.setdefault((comment.location.path, line), []).append((index, first, last))
    used: set[tuple[int, str]] = set()
    marked: list[Finding] = []
    for finding in findings:
        for index in _covering(finding, places):
            comment = comments[index]
            if finding.rule not in comment.names:
                continue
            used.add((index, finding.rule))
            if comment.reason and finding.suppressed is None:
                finding = replace(finding, suppressed=Suppression("comment", comment.reason, comment.location))
        marked.append(finding)
    about = [item for item in _about(comments, used, frozenset(known), frozenset(ran)) if item.rule in ran]
    return (*marked, *about)


class _Reach:
    """Which lines of one text belong together, so that a comment on one covers the others; built once a text."""

    def __init__(self, facts: FileFacts, locator: Locator) -> None:
        self.facts = facts
        self.locator = locator
        self._introducer = _INTRODUCERS.get(facts.language, "#")
        self._headers: dict[int, range] = {}
        self._calls: dict[int, set[int]] = {}
        if isinstance(facts.content, PythonFacts):
            self._index(facts.content)

    def lines(self, line: int) -> list[int]:
        """The lines of the text that a comment on `line` covers."""
        covered = {line, *self._calls.get(line, ())}
        if self._text(line).lstrip().startswith(self._introducer):
            end = min(self.locator.line_count(self.facts), line + _HEADER_LINES)
            for following in range(line + 1, end + 1):
                text = self._text(following).strip()
                if text and not text.startswith(self._introducer):
                    covered.add(following)
                    break
        for member in tuple(covered):
            covered.update(self._headers.get(member, ()))
        return sorted(covered)

    def _text(self, line: int) -> str:
        return self.locator.line_text(self.facts, self.facts.file, line)

    def _index(self, content: PythonFacts) -> None:
        definitions: list[Scope | ClassFact] = [item for item in content.scopes if item.kind == "function"]
        for definition in (*definitions, *content.classes):
            line = definition.name_span.line
            header = range(max(content.first_line(definition), line - _HEADER_LINES), self._header_end(line) + 1)
            self._headers.update(dict.fromkeys(header, header))
        for call in content.calls:
            if call.span.end_line > call.span.line:
                self._calls.setdefault(call.span.end_line, set()).add(call.span.line)

    def _header_end(self, line: int) -> int:
        """The line whose code ends with the colon of a header, comments left out."""
        for current in range(line, min(self.locator.line_count(self.facts), line + _HEADER_LINES) + 1):
            if self._text(current).split("#", 1)[0].rstrip().endswith(":"):
                return current
        return line


def _of_comment(reach: _Reach, comment: Comment) -> Iterator[Directive]:
    facts, locator = reach.facts, reach.locator
    covered = tuple(dict.fromkeys(locator.stretch(facts, line) for line in reach.lines(comment.line)))
    line, low, high = locator.stretch(facts, comment.line)
    lines = locator.lines(facts.file)
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    place = low - 1
    for part in comment.text.split(MARKER)[1:]:
        place = max(text.find(MARKER, place), low - 1)
        parsed = _DIRECTIVE.match(part)
        if parsed is not None:
            names = tuple(dict.fromkeys(name for name in re.split(r"[,\s]+", parsed[1] or "") if name))
            reason = parsed[2].split(" #", 1)[0].strip(" \t\r:;-\u2013\u2014")
            spoken = reason if any(char.isalnum() for char in reason) else ""
            place_of = Location(facts.file, line, place + 1, line, max(high, place + 2), quoted(text, 200))
            yield Directive(place_of, names, spoken, covered)
        place += len(MARKER)


def _covering(finding: Finding, places: Mapping[tuple[str, int], list[tuple[int, int, int]]]) -> list[int]:
    """The comments that cover any location of a finding, the primary one's first."""
    steps = (*finding.trace, *finding.related)
    found: dict[int, None] = {}
    for location in (finding.location, *(step.location for step in steps)):
        for index, first, last in places.get((location.path, location.line), ()):
            if first <= location.column <= max(last, first):
                found[index] = None
    return list(found)


def _about(
    comments: Sequence[Directive], used: set[tuple[int, str]], known: frozenset[str], ran: frozenset[str]
) -> Iterator[Finding]:
    counts: Counter[tuple[str, str]] = Counter()
    names = sorted(known | {info.name for info in SUPPRESSION_RULES})
    for index, comment in enumerate(comments):
        for info, name, claim, remedy in _faults(index, comment, used, names, ran):
            cause = f"{comment.location.path}\n{name}"
            counts[info.name, cause] += 1
            identity = f"{cause}\n{counts[info.name, cause]}"
            yield Finding(
                rule=info.name,
                group=info.group,
                severity=info.severity,
                confidence=Confidence.HIGH,
                persona=info.persona,
                claim=claim,
                remedy=remedy,
                location=comment.location,
                fingerprint=fingerprint(info.name, "", identity),
            )


def _faults(
    index: int, comment: Directive, used: set[tuple[int, str]], known: Sequence[str], ran: frozenset[str]
) -> Iterator[tuple[RuleInfo, str, str, str]]:
    """(kind, rule name, claim, remedy) of each thing that is wrong with a comment."""
    if not comment.names:
        example = "Name the rules in brackets: `# mltradeoff: ignore[rule-name] reason`."
        yield UNKNOWN, "", "This suppression names no rule, so it hides nothing.", example
    for name in comment.names:
        shown = quoted(name, 60)
        if name not in known:
            near = nearest(name[:100], known, 0.5)
            remedy = f"Write `{near}`." if near else "Remove it, or name a rule of `mltradeoff-lint rules`."
            yield UNKNOWN, name, f"This suppression names `{shown}`, which is no rule.", remedy
        elif not comment.reason:
            claim = f"This suppression of `{shown}` gives no reason, so it hides nothing."
            yield UNEXPLAINED, name, claim, "Say after the bracket why the finding is acceptable here."
        elif (index, name) not in used and name in ran:
            yield UNUSED, name, f"This suppression of `{shown}` covers no finding.", f"Remove `{shown}` from it."
