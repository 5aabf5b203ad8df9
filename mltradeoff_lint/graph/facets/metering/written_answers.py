"""Responses that are written out whole: their usage is inside what is kept.

A dump of the response in a file, table or log can be counted later, which is a record. A line of a log with the whole
object in it tells the usage to whoever reads that text, so that nobody can claim that nothing does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.graph.facets.metering.delivery import Deliveries
from mltradeoff_lint.graph.facets.metering.failed_answers import is_of_failure
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import is_whole, last_name, parts
from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import Library
from mltradeoff_lint.resolve.sites import Use

_DUMPS = ("model_dump()", "model_dump_json()", "to_dict()", "to_json()", "dict()", "json()")
"""Methods that give a whole response as a dict or as its text."""

_TEXTS = frozenset({"str", "repr", "dumps", "pformat", "dict", "vars", "asdict"})
"""Functions that give a whole object in another form."""

_KEPT = frozenset({"log", "file", "database"})

_UNSEEN = ("debug",)
"""Methods of a logger whose lines are dropped where the code is operated."""


class Written(NamedTuple):
    """Where a whole response is written out."""

    site: Site
    is_dump: bool
    """Whether its fields are written, and not the words of the object for itself."""

    @property
    def how(self) -> str:
        """The words for it."""
        words = "the fields of the whole response are kept" if self.is_dump else "the whole response is written out"
        return f"{words}, with the usage in it"


class WrittenAnswers:
    """Looks through what functions log and store."""

    def __init__(self, work: Workspace, deliveries: Deliveries) -> None:
        self._work = work
        self._deliveries = deliveries
        self._sinks: dict[tuple[str, int], list[Use]] | None = None

    def of(self, use: Use) -> Iterator[Written]:
        """Where the function around a call writes its response out, of a library whose responses tell the usage."""
        row = self._deliveries.usage(use)
        is_own = use.meaning.literal("provider") == "http"
        if is_own or not row.lines or not row.lines[0].startswith("<response>"):
            return
        called = self._work.resolver.program.catalog.called
        results = {called(one.value.path) for one in (use, *self._work.sites.at(use.ref))}
        facts = self._work.resolver.facts(use.ref.path)
        for sink in self._around(use):
            call = self._work.resolver.call(sink.ref)
            if sink.value.path.endswith(_UNSEEN) or is_of_failure(facts, call.region):
                continue
            given = (*call.arguments, *(expr for _, expr in call.keywords))
            forms = {form for one in given for form in self._forms(use.ref.path, facts, one, results)}
            if forms:
                yield Written(self._work.site(sink.ref), is_dump=True in forms)

    def _around(self, use: Use) -> list[Use]:
        """The sinks in the function around a call."""
        if self._sinks is None:
            self._sinks = {}
            for sink in self._work.sites.of_kind("sink"):
                if sink.meaning.literal("what") in _KEPT:
                    scope = self._work.resolver.call(sink.ref).scope
                    self._sinks.setdefault((sink.ref.path, scope), []).append(sink)
        return self._sinks.get((use.ref.path, self._work.resolver.call(use.ref).scope), [])

    def _forms(self, path: str, facts: PythonFacts, index: int, results: set[str]) -> Iterator[bool]:
        """In which forms an argument holds a whole response: True for its fields, False for the object."""
        pending, seen = [(index, False)], {index}
        while pending:
            here, is_dump = pending.pop()
            expr = facts.exprs[here]
            paths = {one.path for one in self._work.resolver.values(path, here) if isinstance(one, Library)}
            if paths & results:
                yield is_dump
                continue
            if any(path == f"{result}.{form}" for path in paths for result in results for form in _DUMPS):
                yield True
                continue
            inner: tuple[int, ...] = ()
            if expr[0] in ("fstring", "binop", "tuple", "list", "dict"):
                inner = tuple(parts(facts, expr))
            elif expr[0] == "name":
                bound = (facts.definitions[one] for one in expr[2])
                inner = tuple(one.value for one in bound if one.kind == "assign" and is_whole(one))
            elif expr[0] == "call" and (name := last_name(facts.exprs[facts.calls[expr[1]].function])) in _TEXTS:
                inner, is_dump = facts.calls[expr[1]].arguments[:1], is_dump or name not in ("str", "repr", "pformat")
            pending += [(one, is_dump) for one in inner if one >= 0 and one not in seen]
            seen.update(inner)
