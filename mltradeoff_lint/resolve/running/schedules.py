"""When code runs by itself: schedules that orchestrators and queues are given in Python."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.catalog import Selector
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Function,
    FunctionRef,
    Items,
    Library,
    Literal,
    Mapping,
    Values,
    known_texts,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.running.asset_jobs import AssetJobs
from mltradeoff_lint.resolve.running.deployments import Deployments
from mltradeoff_lint.resolve.running.timings import UNRESOLVED, Timing, Timings, soonest
from mltradeoff_lint.resolve.selectors import pick
from mltradeoff_lint.resolve.sites import Marked, Sites

_PRESETS = ("hourly", "daily", "weekly", "monthly")
_DEPLOYS = frozenset({"serve", "deploy", "to_deployment"})
_DEPLOY_KEYWORDS = frozenset({"cron", "interval", "rrule", "schedule", "schedules"})
_SENSORS = frozenset({"dagster.sensor", "dagster.asset_sensor"})
_SENSED = frozenset({"job", "jobs", "target", "asset_selection"})
_BEAT = ("CELERY_BEAT_SCHEDULE", "CELERYBEAT_SCHEDULE")


class Schedules:
    """Answers which schedule a function, an operator or a task runs on."""

    def __init__(self, resolver: Resolver, sites: Sites) -> None:
        self._resolver = resolver
        self._sites = sites
        self._timings = Timings(resolver)
        self._asset_jobs = AssetJobs(resolver, sites)
        self._flows: dict[FunctionRef, Marked] = {}
        self._given: dict[FunctionRef, list[Timing]] = {}
        self._named: dict[str, list[FunctionRef]] = {}
        for mark in sites.marked:
            if mark.meaning.kind == "entry" and mark.function is not None and mark.meaning.selectors("schedule"):
                self._flows.setdefault(mark.function, mark)
        self._collect_definitions()
        self._collect_sensors()
        if any(mark.meaning.path == "prefect.flow" for mark in sites.marked):
            self._collect_deployments()
        self._collect_beat()
        for function, timing in Deployments(resolver).timings():
            self._given.setdefault(function, []).append(timing)

    def of_function(self, function: FunctionRef) -> Timing | None:
        """The schedule of a decorated function: its own, or that of the flow it is defined in."""
        facts = self._resolver.facts(function.path)
        scope = function.scope
        while scope > 0:
            one = FunctionRef(function.path, scope)
            timing = soonest([self._of_decorator(one), *self._given.get(one, ())])
            if timing is not None:
                return timing
            scope = facts.scopes[scope].parent
        return self._around(function.path, facts.regions[facts.scopes[function.scope].region].parent)

    def of_call(self, ref: CallRef) -> Timing | None:
        """The schedule of an operator: an own argument, its `dag=`, the `with DAG(...)` around it, or its flow."""
        for use in self._sites.at(ref):
            values = self._sites.setting(use, "schedule")
            kinds = {"interval", "cron", "date", "fields"}.intersection(known_texts(values))
            timing = self._timings.of_trigger(ref, kinds.pop()) if kinds else self._timings.of_values(values)
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

    def command_texts(self, values: Values) -> Iterator[str]:
        """Shell commands among values, as an operator's `bash_command` holds them."""
        for value in values:
            if isinstance(value, Literal) and isinstance(value.value, str):
                yield value.value
            elif isinstance(value, Items) and not value.is_open:
                words = [text for item in value.items for text in known_texts(item)]
                if len(words) == len(value.items):
                    yield " ".join(words)

    # -- decorators and blocks

    def _of_decorator(self, function: FunctionRef) -> Timing | None:
        mark = self._flows.get(function)
        if mark is None or mark.decorator is None:
            return None
        call = self._resolver.call(mark.decorator)
        for name, expr in call.keywords:
            if name in _PRESETS and self._resolver.values(mark.decorator.path, expr) == (Literal(True),):
                return self._timings.of_values((Literal(f"@{name}"),))
        return self._selected(mark.decorator, mark.meaning.selectors("schedule"))

    def _selected(self, ref: CallRef, selectors: tuple[Selector, ...]) -> Timing | None:
        facts = self._resolver.facts(ref.path)
        for selector in selectors:
            expr = pick(facts, ref, selector)
            if expr != NONE:
                values = self._resolver.values(ref.path, expr)
                kinds = {"interval", "cron", "date"}.intersection(known_texts(values))
                return self._timings.of_trigger(ref, kinds.pop()) if kinds else self._timings.of_values(values)
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
                        return self._timings.of_values(self._sites.setting(use, "expression"))
        return None

    # -- schedules that name what they run

    def _collect_definitions(self) -> None:
        """`ScheduleDefinition(job=..., cron_schedule=...)` and `Deployment.build_from_flow(flow=..., schedule=...)`."""
        for use in self._sites.of_kind("schedule"):
            timing = self._timings.of_values(self._sites.setting(use, "expression"))
            if timing is None:
                continue
            for name, expr in self._resolver.call(use.ref).keywords:
                if name in ("job", "flow", "target"):
                    for value in self._resolver.values(use.ref.path, expr):
                        for function in self._run_by(value):
                            self._given.setdefault(function, []).append(timing)
                            for text in self._job_names(value):
                                self._named.setdefault(text, []).append(function)

    def _job_names(self, value: object) -> tuple[str, ...]:
        """What a job object is called by those who name it."""
        if isinstance(value, Function):
            return (self._resolver.scope(value.ref).name,)
        return self._asset_jobs.names(value) if isinstance(value, Library) else ()

    def _collect_sensors(self) -> None:
        """`@sensor(job=...)`: it runs the job whenever something happens, beside the schedules of the job."""
        for mark in self._sites.marked:
            if mark.meaning.path not in _SENSORS or mark.decorator is None:
                continue
            for name, expr in self._resolver.call(mark.decorator).keywords:
                values = self._resolver.values(mark.decorator.path, expr)
                run = [one for value in values if name in _SENSED for one in self._run_by(value)]
                if name == "job_name":
                    run += [one for text in known_texts(values) for one in self._named.get(text, ())]
                for function in dict.fromkeys(run):
                    self._given.setdefault(function, []).append(Timing(None, "a sensor"))

    def _run_by(self, value: object) -> Iterator[FunctionRef]:
        """The functions a job object, or a list of such, runs."""
        if isinstance(value, Function):
            yield value.ref
        elif isinstance(value, Items):
            yield from (one for item in value.items for each in item for one in self._run_by(each))
        elif isinstance(value, Library):
            yield from self._asset_jobs.run_by(value)

    def _collect_deployments(self) -> None:
        """`flow.serve(cron=...)` and `flow.deploy(...)` on a flow of the repository."""
        for path in self._resolver.program.python_paths():
            facts = self._resolver.facts(path)
            for call in facts.calls:
                expr = facts.exprs[call.function]
                given = [value for name, value in call.keywords if name in _DEPLOY_KEYWORDS]
                if expr[0] != "attr" or expr[2] not in _DEPLOYS or not given:
                    continue
                timing = soonest(self._timings.of_values(self._resolver.values(path, one)) for one in given)
                for value in self._resolver.values(path, expr[1]) if timing is not None else ():
                    if isinstance(value, Function) and timing is not None:
                        self._given.setdefault(value.ref, []).append(timing)

    # -- celery beat

    def _collect_beat(self) -> None:
        tasks = dict(self._celery_tasks())
        for values in self._beat_tables() if tasks else ():
            for table in values:
                for _, entry in table.entries if isinstance(table, Mapping) else ():
                    for one in entry:
                        if isinstance(one, Mapping):
                            self._note_beat(tasks, one)

    def _note_beat(self, tasks: dict[str, FunctionRef], entry: Mapping) -> None:
        timing = self._timings.of_values(entry.get("schedule") or ()) or Timing(None, UNRESOLVED)
        for text in known_texts(entry.get("task") or ()):
            for name, function in tasks.items():
                if name == text or name.endswith(f".{text}"):
                    self._given.setdefault(function, []).append(timing)

    def _celery_tasks(self) -> Iterator[tuple[str, FunctionRef]]:
        for mark in self._sites.marked:
            if mark.function is None or not mark.meaning.path.startswith("celery"):
                continue
            scope = self._resolver.scope(mark.function)
            yield f".{self._resolver.program.modules.name_of(mark.function.path)}.{scope.name}", mark.function
            if mark.decorator is not None:
                for name, expr in self._resolver.call(mark.decorator).keywords:
                    if name == "name":
                        for text in known_texts(self._resolver.values(mark.decorator.path, expr)):
                            yield text, mark.function

    def _beat_tables(self) -> Iterator[Values]:
        for path in self._resolver.program.python_paths():
            facts = self._resolver.facts(path)
            for write in facts.writes:
                if write.kind == "attribute" and write.key == "beat_schedule":
                    yield self._resolver.values(path, write.value)
            for call in facts.calls:
                yield from (
                    self._resolver.values(path, expr) for name, expr in call.keywords if name == "beat_schedule"
                )
            for name in _BEAT:
                if name in facts.scopes[0].finals:
                    yield self._resolver.global_name(path, name) or ()
