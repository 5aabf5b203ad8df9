"""How often a schedule fires: cron expressions and the presets and rates that stand in their place.

The **longest** gap between two runs matters most to a trade-off: a value that a job refreshes may be that old. The
shortest one says how fresh it can be.
Time zones and daylight saving are left out; they move a gap by an hour twice a year.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

PRESETS = {
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *", "@quarterly": "0 0 1 */3 *",
}  # fmt: skip
"""The presets of cron and of Airflow, as the expressions they stand for."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_UNITS = {
    "s": 1, "sec": 1, "second": 1, "m": MINUTE, "min": MINUTE, "minute": MINUTE, "mins": MINUTE,
    "h": HOUR, "hour": HOUR, "d": DAY, "day": DAY, "w": 7 * DAY, "week": 7 * DAY, "month": 31 * DAY,
}  # fmt: skip
_RATE = re.compile(r"(?:rate\(\s*|every\s+)(\d{1,6})?\s*([a-z]{1,8}?)s?\s*\)?")
_DURATION = re.compile(r"(\d{1,6})\s*([a-z]{1,7})")
_ZONE = re.compile(r"(?:CRON_)?TZ=\S+\s+")
_CALENDAR_YEARS = 28
"""Weekdays and leap years repeat together after 28 years between 1901 and 2099."""
_CALENDAR_START = date(2001, 1, 1)


def longest_gap_seconds(expression: str) -> int | None:
    """The longest time between two runs in seconds; None when the expression is no schedule or never fires.

    Takes five-field cron (names, lists, ranges, steps; day of month and day of week are joined by *or* when
    neither starts with `*`, as in Vixie cron), presets such as `@daily`, `@every 1h30m`, `every 5 minutes`, and
    the `rate(...)` and `cron(...)` of AWS EventBridge. Exact to the minute for the years 1901 to 2099.
    """
    gaps = _gaps(expression)
    return None if gaps is None else gaps[1]


def shortest_gap_seconds(expression: str) -> int | None:
    """The shortest time between two runs in seconds, of the same expressions: how fresh a value can get."""
    gaps = _gaps(expression)
    return None if gaps is None else gaps[0]


def _gaps(expression: str) -> tuple[int, int] | None:
    """The shortest and the longest gap of an expression."""
    text = _ZONE.sub("", expression.strip(), count=1)[:400].strip()
    lowered = text.lower()
    if lowered.startswith("@every"):
        return _fixed(duration_seconds(lowered.removeprefix("@every")))
    lowered = PRESETS.get(lowered, lowered)
    if rate := _RATE.fullmatch(lowered):
        return _fixed(int(rate[1] or 1) * _UNITS.get(rate[2], 0))
    if lowered.startswith("cron(") and lowered.endswith(")"):
        return _amazon(lowered[5:-1])
    return _cron(lowered.split())


def _fixed(seconds: int | None) -> tuple[int, int] | None:
    return (seconds, seconds) if seconds else None


def duration_seconds(text: str) -> int | None:
    """The length of `90s`, `5m`, `1h30m`, `2 days`; None when it is no duration or nothing."""
    rest = text.strip().lower()
    total, end = 0, 0
    for match in _DURATION.finditer(rest):
        unit = _UNITS.get(match[2]) or _UNITS.get(match[2].removesuffix("s"))
        if unit is None or rest[end : match.start()].strip():
            return None
        total, end = total + int(match[1]) * unit, match.end()
    return total or None if not rest[end:].strip() else None


class _Days(NamedTuple):
    """The days on which an expression fires; `either` joins day of month and weekday by *or*."""

    months: frozenset[int]
    days: frozenset[int]
    weekdays: frozenset[int]
    either: bool

    def match(self, month: int, day: int, weekday: int) -> bool:
        if month not in self.months:
            return False
        if self.either:
            return day in self.days or weekday in self.weekdays
        return day in self.days and weekday in self.weekdays


def _amazon(text: str) -> tuple[int, int] | None:
    """EventBridge cron: six fields with a year, weekdays from 1 (Sunday), one of the day fields `?`."""
    fields = text.split()
    if len(fields) != 6 or fields[5] != "*":
        return None
    if fields[4] not in ("*", "?"):
        fields[4] = re.sub(r"(?<![/\d])\d+", lambda found: str(int(found[0]) - 1), fields[4])
    return _cron(["*" if field == "?" else field for field in fields[:5]])


def _cron(fields: Sequence[str]) -> tuple[int, int] | None:
    if len(fields) != 5:
        return None
    minutes = _field(fields[0], 0, 59)
    hours = _field(fields[1], 0, 23)
    days = _field(fields[2], 1, 31)
    months = _field(fields[3], 1, 12, _MONTHS, 1)
    weekdays = _field(fields[4], 0, 7, _WEEKDAYS, 0)
    if not (minutes and hours and days and months and weekdays):
        return None
    either = not fields[2].startswith(("*", "?")) and not fields[4].startswith(("*", "?"))
    gaps = _day_gaps(_Days(months, days, frozenset(day % 7 for day in weekdays), either))
    if not gaps:
        return None
    times = sorted(hour * 60 + minute for hour in hours for minute in minutes)
    inside = [after - before for before, after in pairwise(times)]
    over_night = times[0] - times[-1]
    shortest = min([*inside, min(gaps) * 24 * 60 + over_night])
    return shortest * MINUTE, max([*inside, max(gaps) * 24 * 60 + over_night]) * MINUTE


def _field(text: str, low: int, high: int, names: Sequence[str] = (), first: int = 0) -> frozenset[int] | None:
    """The values a cron field allows; None when it is malformed."""
    allowed: set[int] = set()
    for part in text.split(","):
        span, _, step_text = part.partition("/")
        if ("/" in part and not step_text.isdecimal()) or len(step_text) > 4:
            return None
        step = int(step_text) if step_text else 1
        bounds = _bounds(span, low, high, names, first, "/" in part)
        if bounds is None or step < 1:
            return None
        allowed.update(range(bounds[0], bounds[1] + 1, step))
    return frozenset(allowed)


def _bounds(span: str, low: int, high: int, names: Sequence[str], first: int, stepped: bool) -> tuple[int, int] | None:
    if span in ("*", "?"):
        return low, high if high != 7 else 6
    start_text, dash, end_text = span.partition("-")
    start = _number(start_text, names, first)
    end = _number(end_text, names, first) if dash else (6 if high == 7 else high) if stepped else start
    if start is None or end is None:
        return None
    if high == 7 and end == 0 < start:
        end = 7
    return (start, end) if low <= start <= end <= high else None


def _number(text: str, names: Sequence[str], first: int) -> int | None:
    if text in names:
        return names.index(text) + first
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else None


def _day_gaps(days: _Days) -> frozenset[int]:
    """The distances in days between neighbouring days that match, over one turn of the calendar."""
    if len(days.months) == 12 and len(days.days) == 31 and len(days.weekdays) == 7:
        return frozenset({1})
    start = _CALENDAR_START.toordinal()
    end = date(_CALENDAR_START.year + _CALENDAR_YEARS, 1, 1).toordinal()
    gaps: set[int] = set()
    first = last = 0
    for year in range(_CALENDAR_START.year, _CALENDAR_START.year + _CALENDAR_YEARS):
        for month in sorted(days.months):
            begin = date(year, month, 1).toordinal()
            following = date(year + month // 12, month % 12 + 1, 1).toordinal()
            for ordinal in range(begin, following):
                if not days.match(month, ordinal - begin + 1, ordinal % 7):
                    continue
                if last:
                    gaps.add(ordinal - last)
                first, last = first or ordinal, ordinal
    return frozenset(gaps | {first + end - start - last}) if first else frozenset()
