"""How often something runs, from the values a schedule is written in: cron texts, intervals, triggers, timetables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from mltradeoff_lint.model.schedule import longest_gap_seconds
from mltradeoff_lint.resolve.domain import CallRef, Frame, Items, Library, Literal, Made, Value, Values
from mltradeoff_lint.resolve.interface import Resolver

UNRESOLVED = "a schedule that did not resolve"
_UNITS = {"weeks": 604800, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1, "milliseconds": 0.001}
_CELERY = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")
_APSCHEDULER = ("minute", "hour", "day", "month", "day_of_week")
_ARQ = ("minute", "hour", "day", "month", "weekday")
_LEAST = {"minute": "0", "hour": "0", "day_of_week": "*", "day": "1", "month": "1"}
"""The fields of apscheduler from the finest to the coarsest, with their first values."""
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EXPRESSIONS = ("cron", "interval", "cron_schedule", "cron_string", "expr", "cron_expression", "run_every", "schedule")
_EVERY = "schedule.every()"


class Timing(NamedTuple):
    """A schedule: the longest gap between two runs (None when it cannot be told) and its words."""

    seconds: int | None
    words: str


def soonest(timings: Iterable[Timing | None]) -> Timing | None:
    """The schedule that runs most often; one that cannot be told may be any, so it wins; None when there is none."""
    found = [one for one in timings if one is not None]
    lost = [one for one in found if one.seconds is None]
    return lost[0] if lost else min(found, key=lambda one: one.seconds or 0, default=None)


class Timings:
    """Reads schedules out of values."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def of_values(self, values: Values) -> Timing | None:
        """The schedule some values stand for; None when they say that there is none."""
        return soonest(self._of_value(value) for value in values)

    def of_trigger(self, ref: CallRef, kind: str) -> Timing | None:
        """`add_job(f, "interval", hours=1)`: the keywords of the call make the trigger its word names."""
        if kind == "interval":
            return self._interval(Made(ref))
        fields = {"cron": _APSCHEDULER, "fields": _ARQ}.get(kind)
        return self._calendar(Made(ref), fields) if fields is not None else None

    def _of_value(self, value: Value) -> Timing | None:
        if isinstance(value, Literal):
            return _of_literal(value.value)
        if isinstance(value, Items) and value.items and not value.is_open:
            return soonest(self.of_values(item) or Timing(None, UNRESOLVED) for item in value.items)
        if isinstance(value, Library):
            return self._of_library(value)
        return Timing(None, UNRESOLVED)

    def _of_library(self, value: Library) -> Timing | None:
        if value.path.startswith(_EVERY):
            return self._every(value)
        if not value.made or not value.path.endswith("()"):
            return Timing(None, UNRESOLVED)
        last, name = value.made[-1], value.path.removesuffix("()").rpartition(".")[2]
        if name in ("timedelta", "IntervalTrigger", "Period"):
            return self._interval(last)
        if name == "crontab":
            return self._calendar(last, _CELERY)
        if name == "CronTrigger":
            return self._calendar(last, _APSCHEDULER)
        call = self._resolver.call(last.call)
        for expr in (*(one for key, one in call.keywords if key in _EXPRESSIONS), *call.arguments[:1]):
            return self.of_values(self._resolver.values(last.call.path, expr, last.frame))
        return Timing(None, UNRESOLVED)

    def _interval(self, made: Made) -> Timing:
        call = self._resolver.call(made.call)
        pairs = [(name, expr) for name, expr in call.keywords if name in _UNITS]
        if not pairs and len(call.arguments) <= 2:
            pairs = list(zip(("days", "seconds"), call.arguments, strict=False))
        total = 0.0
        for name, expr in pairs:
            number = self._one(made.call.path, expr, made.frame)
            if not isinstance(number, (int, float)):
                return Timing(None, UNRESOLVED)
            total += number * _UNITS[name or ""]
        return every(total)

    def _calendar(self, made: Made, fields: tuple[str, ...]) -> Timing:
        """A trigger with a keyword for each field of cron.

        The fields apscheduler is not given are `*` above the finest that it is given, and their first value below.
        """
        call = self._resolver.call(made.call)
        given = {name: expr for name, expr in call.keywords if name}
        given |= dict(zip(fields[:2], call.arguments, strict=False)) if fields == _CELERY else {}
        if len(call.arguments) > (2 if fields == _CELERY else 0) and not given:
            return Timing(None, UNRESOLVED)
        order = list(_LEAST)
        finest = min((order.index(name) for name in given if name in order), default=0)
        parts = []
        for name in fields:
            is_finer = fields == _APSCHEDULER and order.index(name) < finest
            text: object = _LEAST[name] if is_finer else "*"
            if name in given:
                text = self._one(made.call.path, given[name], made.frame)
            if text is None and fields == _ARQ and name in given:
                text = self._alternatives(made, given[name])
            if not isinstance(text, (str, int)):
                return Timing(None, UNRESOLVED)
            parts.append(str(text))
        if fields != _CELERY and any(letter.isdigit() for letter in parts[4]):
            # its weekdays count from Monday, those of cron from Sunday
            parts[4] = "*" if parts[4] == "*" else str((int(parts[4]) + 1) % 7) if parts[4].isdigit() else "?!"
        words = " ".join(parts)
        return Timing(longest_gap_seconds(words), words)

    def _alternatives(self, made: Made, expr: int) -> str | None:
        """`hour={6, 18}` as a field of cron, `None` as any."""
        values = self._resolver.values(made.call.path, expr, made.frame)
        if values == (Literal(None),):
            return "*"
        items = values[0].items if len(values) == 1 and isinstance(values[0], Items) and not values[0].is_open else ()
        numbers = [one.value for item in items for one in item if isinstance(one, Literal)]
        return ",".join(map(str, numbers)) if numbers and len(numbers) == len(items) else None

    def _every(self, value: Library) -> Timing:
        """`schedule.every(10).minutes` and `schedule.every().day.at("02:00")`."""
        unit = value.path.removeprefix(_EVERY).strip(".").partition(".")[0].lower()
        call = self._resolver.call(value.made[0].call) if value.made else None
        number: object = 1
        if call is not None and call.arguments:
            number = self._one(value.made[0].call.path, call.arguments[0], value.made[0].frame)
        seconds = 604800 if unit in _WEEKDAYS else _UNITS.get(unit if unit.endswith("s") else f"{unit}s")
        if seconds is None or not isinstance(number, int):
            return Timing(None, UNRESOLVED)
        return every(number * seconds)

    def _one(self, path: str, expr: int, frame: Frame | None) -> object:
        """The one constant an expression is; None when there are more."""
        values = self._resolver.values(path, expr, frame)
        return values[0].value if len(values) == 1 and isinstance(values[0], Literal) else None


def every(seconds: float) -> Timing:
    """A fixed interval."""
    whole = int(seconds)
    if whole < 1:
        return Timing(None, UNRESOLVED)
    units = ((name, size) for name, size in _UNITS.items() if size >= 1 and whole % size == 0)
    name, size = next(units)
    return Timing(whole, f"every {int(whole / size)} {name}")


def _of_literal(value: object) -> Timing | None:
    if isinstance(value, str) and value:
        return Timing(longest_gap_seconds(value), value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return every(value)
    return None
