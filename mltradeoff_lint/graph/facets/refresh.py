"""How often stored inputs are refreshed, and by what: only a live schedule whose command resolves to the writer counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import Items, Literal, Values, known_texts
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.reach import MAX_HOPS
from mltradeoff_lint.resolve.sites import Use

_FEAST = re.compile(r"\bfeast\s+(?:-c\s+\S+\s+)?materialize(?:-incremental)?\b(?P<rest>[^;&|\n]*)")
_VIEWS = re.compile(r"(?:-v|--views)[ =]([\w.-]+)")

DEPLOY_SECONDS = 7 * 86_400
"""A file that is part of the deployment changes with it; a week stands for `as often as somebody deploys`."""


class Refresh(NamedTuple):
    """The longest gap between two refreshes and what refreshes; `seconds` None with the reason in `how`."""

    seconds: int | None
    how: str
    site: Site | None = None


class Refreshes:
    """Refresh schedules of feature views and files."""

    def __init__(self, work: Workspace) -> None:
        self._work = work

    def of_view(self, name: str) -> Refresh:
        """The refresh of a feature view by its name: the most frequent materialisation that covers it."""
        found = [*self._by_calls(name), *self._by_commands(name)]
        known = [one for one in found if one.seconds is not None]
        if known:
            return min(known, key=lambda one: one.seconds or 0)
        if found:
            return found[0]
        return Refresh(None, f"nothing here materialises `{name}` on a schedule")

    def _by_calls(self, name: str) -> Iterator[Refresh]:
        for use in self._work.sites.of_kind("materialise"):
            if is_test(use.ref.path):
                continue
            views = _names(self._work.sites.setting(use, "views"))
            if not views or name in views:
                yield self.of_code(use)

    def of_code(self, use: Use) -> Refresh:
        """The schedule of the code that holds a call."""
        holder = self._work.reach.holder(use.ref)
        entries = [entry for one in self._work.reach.ancestors(holder, MAX_HOPS) for entry in self._work.entries.by_function.get(one, ())]
        timed = [entry for entry in entries if entry.kind == "scheduled" and entry.seconds is not None]
        if timed:
            first = min(timed, key=lambda entry: entry.seconds or 0)
            return Refresh(first.seconds, first.label, first.site)
        site = self._work.site(use.ref)
        return Refresh(None, f"`{self._work.function_name(holder)}` refreshes it and no schedule of it is known", site)

    def _by_commands(self, name: str) -> Iterator[Refresh]:
        for timed in self._work.entries.timed:
            for found in _FEAST.finditer(timed.text):
                views = _VIEWS.findall(found["rest"])
                if not views or name in views:
                    yield Refresh(timed.seconds, f"{timed.job} ({timed.words})", timed.site)

    def of_file(self, writers: Iterable[Use], is_deployed: bool) -> Refresh:
        """The refresh of a file: its scheduled writers, or the deployment it is part of."""
        found = [self.of_code(use) for use in writers]
        known = [one for one in found if one.seconds is not None]
        if known:
            return min(known, key=lambda one: one.seconds or 0)
        if found:
            return found[0]
        if is_deployed:
            return Refresh(DEPLOY_SECONDS, "each deployment")
        return Refresh(None, "nothing here says what refreshes it")


def _names(values: Values) -> frozenset[str]:
    names: set[str] = set()
    for value in values:
        if isinstance(value, Items):
            names |= {text for item in value.items for text in known_texts(item)}
        elif isinstance(value, Literal) and isinstance(value.value, str):
            names.add(value.value)
    return frozenset(names)
