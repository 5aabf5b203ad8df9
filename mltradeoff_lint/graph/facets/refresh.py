"""How often stored inputs are refreshed, and by what: a schedule counts when its command resolves to the writer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.schedule import shortest_gap_seconds
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import FunctionRef, Items, Literal, Values, known_texts
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.running.entries import Entry
from mltradeoff_lint.resolve.sites import Use

_FEAST = re.compile(r"\bfeast\s+(?:(?:-c|--chdir)[ =]\S+\s+)?materialize(?:-incremental)?\b(?P<rest>[^;&|\n]*)")
_VIEWS = re.compile(r"(?:-v|--views)[ =]([\w.-]+)")

DEPLOYMENT = "each deployment"
DEPLOY_SECONDS = 7 * 86_400
"""A file that is part of the deployment changes with it; a week stands for `as often as somebody deploys`."""

_LIVE = ("endpoint", "queue", "service")


class Refresh(NamedTuple):
    """The shortest gap between two refreshes and what refreshes; `seconds` None with the reason in `how`.

    `longest` is the longest gap. `kind` is `scheduled`, `deployment`, `live` (by an event nobody can foresee, or on a
    schedule that did not resolve) or `manual` (nothing here runs it by itself).
    """

    seconds: int | None
    how: str
    site: Site | None = None
    kind: str = "manual"
    longest: int | None = None


class Refreshes:
    """Refresh schedules of feature views and files."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._stores = sum(path.endswith("feature_store.yaml") for path in work.repository.present)

    def of_view(self, name: str, path: str) -> Refresh:
        """The refresh of a feature view declared in a file: everything that materialises it or writes into it."""
        found = [*self._by_calls(name, path), *self._by_commands(name, path)]
        return _decisive(found) or Refresh(None, f"nothing here materialises `{name}` on a schedule")

    def of_file(self, writers: Iterable[Use], is_deployed: bool) -> Refresh:
        """The refresh of a file: its scheduled writers, or the deployment it is part of."""
        found = [self.of_code(use) for use in writers if not is_test(use.ref.path)]
        decisive = _decisive(found)
        if is_deployed and (decisive is None or decisive.kind == "manual"):
            return Refresh(DEPLOY_SECONDS, DEPLOYMENT, None, "deployment", DEPLOY_SECONDS)
        return decisive or Refresh(None, "nothing here says what refreshes it")

    def together(self, parts: Iterable[Refresh]) -> Refresh | None:
        """The refresh of what is made of several stored parts: known when all are, and as fresh as the freshest."""
        parts = tuple(parts)
        lost = [one for one in parts if one.seconds is None]
        return lost[0] if lost else min(parts, key=lambda one: one.seconds or 0, default=None)

    def of_code(self, use: Use) -> Refresh:
        """The refresh by the code that holds a call: what runs it, and when."""
        holder = self._work.reach.holder(use.ref)
        words = f"`{self._work.function_name(holder)}` refreshes it"
        site = self._work.site(use.ref)
        found = [
            _of_entry(entry, words, site)
            for entry in self._work.roles.entries_above(holder)
            if not is_test(entry.site.path) and not self._only_deploys(entry, holder)
        ]
        return _decisive(found) or Refresh(None, f"{words} and no schedule of it is known", site)

    def _only_deploys(self, entry: Entry, holder: FunctionRef) -> bool:
        """Whether a service hands the code over to run later, `flow.serve(cron=...)`: its schedule says when."""
        ways = self._work.reach.path_down(entry.function, holder) if entry.kind == "service" else ()
        return any(way.how == "deploys" for _, way in ways)

    def _by_calls(self, name: str, path: str) -> Iterator[Refresh]:
        for use in self._work.sites.of_kind("materialise"):
            views = _names(self._work.sites.setting(use, "views"))
            if not is_test(use.ref.path) and (name in views if views else self._is_one_store(path, use.ref.path)):
                yield self.of_code(use)
        for use in self._work.sites.of_kind("dataset-write"):
            if use.meaning.library == "feast" and name in _names(self._work.sites.setting(use, "location")):
                yield self.of_code(use)

    def _by_commands(self, name: str, path: str) -> Iterator[Refresh]:
        for timed in self._work.entries.timed:
            for found in _FEAST.finditer(timed.text):
                views = _VIEWS.findall(found["rest"])
                if name in views if views else self._is_one_store(path, timed.site.path):
                    yield _scheduled(timed.seconds, timed.words, f"{timed.job} ({timed.words})", timed.site)

    def _is_one_store(self, view: str, other: str) -> bool:
        """Whether a refresh of a whole store is that of a view: one store in the repository, or one project."""
        if self._stores <= 1:
            return True
        project = self._work.resolver.program.modules.project_of
        return project(view) == project(other)


def _of_entry(entry: Entry, words: str, site: Site) -> Refresh:
    if entry.kind == "scheduled":
        return _scheduled(entry.seconds, entry.how, entry.label, entry.site)
    if entry.kind in _LIVE:
        return Refresh(None, f"{words} whenever `{entry.label}` runs", site, "live")
    if entry.how:
        return Refresh(None, f"{words} on {entry.how}", site, "live")
    return Refresh(None, f"{words} and no schedule of it is known", site)


def _scheduled(seconds: int | None, expression: str, how: str, site: Site) -> Refresh:
    if seconds is None:
        return Refresh(None, f"{how} is no schedule that can be told", site, "live")
    return Refresh(shortest_gap_seconds(expression) or seconds, how, site, "scheduled", seconds)


def _decisive(found: Iterable[Refresh]) -> Refresh | None:
    """The refresh that says how fresh a value can be: an unforeseeable one, else the most frequent schedule."""
    found = tuple(found)
    for one in found:
        if one.kind == "live":
            return one
    known = [one for one in found if one.seconds is not None]
    return min(known, key=lambda one: one.seconds or 0) if known else next(iter(found), None)


def _names(values: Values) -> frozenset[str]:
    names: set[str] = set()
    for value in values:
        if isinstance(value, Items):
            names |= {text for item in value.items for text in known_texts(item)}
        elif isinstance(value, Literal) and isinstance(value.value, str):
            names.add(value.value)
    return frozenset(names)
