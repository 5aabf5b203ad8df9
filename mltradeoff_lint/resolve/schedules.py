"""When code runs by itself: schedules that orchestrators and queues are given in Python."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.model.catalog import Selector
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.schedule import longest_gap_seconds
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef, Library, Literal, Made, Value, Values
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.sites import Sites, pick

_UNITS = {"weeks": 604800, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1, "milliseconds": 0.001}
_CRONTAB = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")


class Timing(NamedTuple):
    """A schedule: the longest gap between two runs (None when it cannot be told) and its words."""

    seconds: int | None
    words: str


class Schedules:
    """Answers which schedule a function, an operator or a task runs on."""

    def __init__(self, resolver: Resolver, sites: Sites) -> None:
        self._resolver = resolver
        self._sites = sites
        self._flows: dict[FunctionRef, CallRef] = {}
        for mark in sites.marked:
            if mark.meaning.kind == "entry" and mark.function is not None and mark.decorator is not None:
                if mark.meaning.selectors("schedule"):
                    self._flows.setdefault(mark.function, mark.decorator)

    def of_function(self, function: FunctionRef) -> Timing | None:
        """The schedule of a decorated function: its own, or that of the flow it is defined in."""
        facts = self._resolver.facts(function.path)
        scope = function.scope
        while scope > 0:
            decorator = self._flows.get(FunctionRef(function.path, scope))
            if decorator is not None:
                timing = self._of_decorator(FunctionRef(function.path, scope), decorator)
                if timing is not None:
                    return timing
            scope = facts.scopes[scope].parent
        return self._around(function.path, facts.regions[facts.scopes[function.scope].region].parent)

    def of_call(self, ref: CallRef) -> Timing | None:
        """The schedule of an operator: an own argument, its `dag=`, the `with DAG(...)` around it, or its flow."""
        for use in self._sites.at(ref):
            timing = self._of_values(self._sites.setting(use, "schedule"))
            if timing is not None:
                return timing
        call = self._resolver.call(ref)
        for name, expr in call.keywords:
            if name == "dag":
                timing = self._of_dag(self._resolver.values(ref.path, expr))
                if timing is not None:
                    return timing
        around = self._around(ref.path, call.region)
        return around if around is not None else self.of_function(FunctionRef(ref.path, call.scope))

    def _of_decorator(self, function: FunctionRef, decorator: CallRef) -> Timing | None:
        for mark in self._sites.marked:
            if mark.function == function and mark.decorator == decorator:
                timing = self._selected(decorator, mark.meaning.selectors("schedule"))
                if timing is not None:
                    return timing
        return None

    def _selected(self, ref: CallRef, selectors: tuple[Selector, ...]) -> Timing | None:
        facts = self._resolver.facts(ref.path)
        for selector in selectors:
            expr = pick(facts, ref, selector)
            if expr != NONE:
                return self._of_values(self._resolver.values(ref.path, expr))
        return None

    def _around(self, path: str, region: int) -> Timing | None:
        """The schedule of a `with DAG(...)` block around a region."""
        facts = self._resolver.facts(path)
        while region != NONE:
            one = facts.regions[region]
            if one.kind == "with" and one.test != NONE:
                timing = self._of_dag(self._resolver.values(path, one.test))
                if timing is not None:
                    return timing
            region = one.parent
        return None

    def _of_dag(self, values: Values) -> Timing | None:
        for value in values:
            for made in value.made if isinstance(value, Library) else ():
                for use in self._sites.at(made.call):
                    if use.meaning.kind == "schedule":
                        return self._of_values(self._sites.setting(use, "expression"))
        return None

    # -- expressions of time

    def _of_values(self, values: Values) -> Timing | None:
        for value in values:
            timing = self._of_value(value)
            if timing is not None:
                return timing
        return None

    def _of_value(self, value: Value) -> Timing | None:
        if isinstance(value, Literal) and isinstance(value.value, str) and value.value:
            return Timing(longest_gap_seconds(value.value), value.value)
        if isinstance(value, Library) and value.made:
            last = value.made[-1]
            if value.path.endswith("timedelta()"):
                return self._timedelta(last)
            if value.path.endswith("crontab()"):
                return self._crontab(last)
            inner = self._resolver.call(last.call)
            for expr in (*inner.arguments[:1], *(e for name, e in inner.keywords if name in ("cron", "interval", "cron_schedule"))):
                return self._of_values(self._resolver.values(last.call.path, expr, last.frame))
        return None

    def _timedelta(self, made: Made) -> Timing | None:
        total = 0.0
        call = self._resolver.call(made.call)
        pairs = [(name, expr) for name, expr in call.keywords] + list(zip(("days", "seconds"), call.arguments, strict=False))
        for name, expr in pairs:
            values = self._resolver.values(made.call.path, expr, made.frame)
            numbers = [v.value for v in values if isinstance(v, Literal) and isinstance(v.value, (int, float))]
            if len(numbers) != 1 or name not in _UNITS:
                return Timing(None, "an interval that did not resolve")
            total += numbers[0] * _UNITS[name]
        return Timing(int(total), f"every {int(total)} seconds") if total else None

    def _crontab(self, made: Made) -> Timing | None:
        call = self._resolver.call(made.call)
        given = dict(zip(_CRONTAB, call.arguments, strict=False)) | {name: expr for name, expr in call.keywords if name}
        parts = []
        for name in _CRONTAB:
            values = self._resolver.values(made.call.path, given[name], made.frame) if name in given else (Literal("*"),)
            literal = [str(v.value) for v in values if isinstance(v, Literal)]
            if len(literal) != 1:
                return Timing(None, "a crontab that did not resolve")
            parts.append(literal[0])
        return Timing(longest_gap_seconds(" ".join(parts)), " ".join(parts))

    def command_texts(self, values: Values) -> Iterator[str]:
        """Shell commands among values, as an operator's `bash_command` holds them."""
        for value in values:
            if isinstance(value, Literal) and isinstance(value.value, str):
                yield value.value
