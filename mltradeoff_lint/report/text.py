"""The report for people: each finding with its source line, its path hop by hop, its owner and its remedy.

Everything taken from the repository is escaped before it reaches the terminal, and no line is wrapped, so that
a path stays clickable.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from mltradeoff_lint.model.finding import (
    Confidence,
    Coverage,
    Finding,
    Notification,
    Run,
    Severity,
    Step,
)
from mltradeoff_lint.model.source import Location

_MOST_RELATED = 5
_MOST_ALIKE = 3
_LINE_WIDTH = 160
_LEAD = 40
_TAB = "    "

_BOLD, _BLUE, _DIM, _RESET = "\x1b[1m", "\x1b[34m", "\x1b[2m", "\x1b[0m"
_SEVERITY_COLOUR = {
    Severity.HIGH: "\x1b[1;31m",
    Severity.MEDIUM: "\x1b[1;33m",
    Severity.LOW: "\x1b[1;36m",
    Severity.NOTE: "\x1b[1;35m",
}
_LEVEL_COLOUR = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m"}


def render(run: Run, *, colour: bool = False, show_suppressed: bool = False) -> str:
    """The whole report, ending in a newline.

    `show_suppressed` adds the suppressed findings, each with the reason it gives. `colour` adds ANSI colours
    and changes nothing else.
    """
    painter = _Painter(colour)
    findings = run.findings if show_suppressed else run.shown
    blocks = ["\n".join(_finding_lines(finding, painter)) for finding in findings]
    notices = list(_notification_lines(run.notifications, painter))
    if notices:
        blocks.append("\n".join(notices))
    blocks.append("\n".join(_summary_lines(run, painter)))
    return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    """Repository text made safe for a terminal: control, format and surrogate characters become escapes.

    This covers ANSI sequences, line and paragraph separators, and the bidirectional controls that make code
    look like other code.
    """
    if text.isprintable():
        return text
    return "".join(_escaped(character) for character in text)


def _escaped(character: str) -> str:
    if character == "\t":
        return _TAB
    category = unicodedata.category(character)
    if category[0] != "C" and category not in ("Zl", "Zp"):
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _one_line(text: str) -> str:
    return escape(" ".join(text.split()))


class _Painter:
    """Wraps text in ANSI colours, or leaves it alone."""

    def __init__(self, colour: bool) -> None:
        self._colour = colour

    def __call__(self, style: str, text: str) -> str:
        return f"{style}{text}{_RESET}" if self._colour and style else text


def _finding_lines(finding: Finding, paint: _Painter) -> Iterator[str]:
    head = f"{finding.severity.word}[{escape(finding.rule)}]"
    sure = "" if finding.confidence is Confidence.HIGH else f" ({finding.confidence.word} confidence)"
    yield f"{paint(_SEVERITY_COLOUR[finding.severity], head)} {paint(_BOLD, _one_line(finding.claim))}{sure}"
    yield f"{paint(_BLUE, ' -->')} {_place(finding.location, column=True)}"
    yield from _source_lines(finding.location, paint)
    for number, step in enumerate(finding.trace, 1):
        yield f"  {number}. {_hop(step)}"
    yield from _related_lines(finding.related, paint)
    if finding.owner:
        yield f"  {paint(_BOLD, 'owner:')} {_one_line(finding.owner)}"
    if finding.remedy:
        yield f"  {paint(_BOLD, 'remedy:')} {_one_line(finding.remedy)}"
    if finding.suppressed is not None:
        reason = _one_line(finding.suppressed.reason) or "no reason given"
        yield f"  {paint(_BOLD, 'suppressed')} by {escape(finding.suppressed.kind)}: {reason}"


def _place(location: Location, *, column: bool = False) -> str:
    place = f"{escape(location.path)}:{location.line}"
    if column:
        place += f":{location.column}"
    return f"{place} ({_one_line(location.note)})" if location.note else place


def _hop(step: Step) -> str:
    return f"{_place(step.location)}  {_one_line(step.text)}"


def _related_lines(related: Sequence[Step], paint: _Painter) -> Iterator[str]:
    if not related:
        return
    yield f"  {paint(_BOLD, 'also:')}"
    for step in related[:_MOST_RELATED]:
        yield f"    {_hop(step)}"
    if len(related) > _MOST_RELATED:
        yield f"    and {len(related) - _MOST_RELATED} more"


def _source_lines(location: Location, paint: _Painter) -> Iterator[str]:
    """The source line with a caret underline below the region, cut to a window when it is long."""
    line = location.snippet.split("\n", 1)[0].rstrip("\r")
    if not line.strip():
        return
    start = min(max(location.mark[0], 0), len(line))
    end = min(max(location.mark[1], start), len(line))
    before, marked, after = _window(line, start, end)
    number = str(location.line)
    bar = paint(_BLUE, "|")
    pad = " " * len(number)
    yield f"{pad} {bar}"
    yield f"{paint(_BLUE, number)} {bar} {before}{marked}{after}".rstrip()
    if marked:
        yield f"{pad} {bar} {' ' * _cells(before)}{paint(_BOLD, '^' * max(_cells(marked), 1))}"


def _window(line: str, start: int, end: int) -> tuple[str, str, str]:
    """The text before, inside and after the region, escaped; cut to 160 characters, an ellipsis at a cut."""
    left = 0 if len(line) <= _LINE_WIDTH else max(start - _LEAD, 0)
    right = min(left + _LINE_WIDTH, len(line))
    end = min(end, right)
    before = ("…" if left else "") + escape(line[left:start])
    after = escape(line[end:right]) + ("…" if right < len(line) else "")
    return before, escape(line[start:end]), after


def _cells(text: str) -> int:
    """How many terminal cells a text takes: wide East Asian characters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        2 if unicodedata.east_asian_width(character) in "WF" else 0 if unicodedata.combining(character) else 1
        for character in text
    )


def _notification_lines(notifications: Sequence[Notification], paint: _Painter) -> Iterator[str]:
    """A line for each notification; of many alike notes the first few, and how many more there are."""
    alike = Counter(one.message for one in notifications if one.level == "note")
    told: Counter[str] = Counter()
    for one in notifications:
        level = paint(_LEVEL_COLOUR.get(one.level, _DIM), f"{escape(one.level)}:")
        told[one.message] += 1
        more = alike[one.message] - _MOST_ALIKE
        if more > 1 and told[one.message] > _MOST_ALIKE:
            if told[one.message] == _MOST_ALIKE + 1:
                yield f"{level} {more} more places: {_one_line(one.message)} (JSON and SARIF list them all)"
            continue
        place = "" if one.location is None else f" {_place(one.location)}"
        rule = f" [{escape(one.rule)}]" if one.rule else ""
        yield f"{level}{place}{rule} {_one_line(one.message)}"


def _summary_lines(run: Run, paint: _Painter) -> Iterator[str]:
    counts = dict.fromkeys(sorted(Severity, reverse=True), 0)
    for finding in run.shown:
        counts[finding.severity] += 1
    total = sum(counts.values())
    split = ", ".join(f"{count} {severity.word}" for severity, count in counts.items() if count)
    found = f"{_count(total, 'finding')}: {split}" if total else "no findings"
    yield paint(_BOLD, found)
    if any(run.hidden.values()):
        yield f"not shown: {_counted(run.hidden)}"
    yield from _coverage_lines(run.coverage, run.as_of)


def _coverage_lines(coverage: Coverage, as_of: str) -> Iterator[str]:
    total = sum(coverage.files.values())
    languages = f" ({_counted(coverage.files)})" if total else ""
    unread = f", {coverage.unread} unread" if coverage.unread else ""
    dated = f", as of {escape(as_of)}" if as_of else ""
    yield f"read {_count(total, 'file')}{languages}{unread}{dated}"
    for line in coverage.lines:
        yield _one_line(line)
    for rule, reasons in sorted(coverage.unknown.items()):
        dropped = sum(reasons.values())
        if dropped:
            yield f"{escape(rule)}: {_count(dropped, 'place')} could not be decided: {_counted(reasons)}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _counted(counts: Mapping[str, int]) -> str:
    """`12 python, 3 yaml`: largest first, then by name."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{number} {_one_line(name)}" for name, number in ordered if number)
