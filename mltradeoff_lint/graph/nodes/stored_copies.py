"""Paths that a step of a workflow is given for copies: which path of the code that stored them they are copies of."""

from __future__ import annotations

import re

from mltradeoff_lint.graph.nodes.local_files import LocalFiles, is_open
from mltradeoff_lint.graph.nodes.places import Place
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.calls.stored_results import Output, StoredResults
from mltradeoff_lint.resolve.domain import FunctionRef, Items, Value, Values, is_text, text_of, union
from mltradeoff_lint.resolve.values.brought import ARTIFACT

_COPY = re.compile(r"\{" + ARTIFACT + r"([^{}]*)\}")


class StoredCopies:
    """Answers which paths of the repository a copy was made from."""

    def __init__(self, work: Workspace, files: LocalFiles) -> None:
        self._work = work
        self._files = files
        self._stored = StoredResults(work.resolver)
        marked = (one.function for one in work.sites.marked if one.meaning.literal("stores"))
        self._steps = tuple(dict.fromkeys(one for one in marked if one is not None))

    def originals(self, place: Place, reader: str) -> tuple[str, ...]:
        """The repository paths that a step of the same project stored; empty for a place that is no copy of one."""
        found = _COPY.match(place.text)
        if found is None or not self._steps:
            return ()
        project = self._work.resolver.program.modules.project_of
        texts = [
            (f"{text_of(value)}{place.text[found.end() :]}", step.path)
            for step in self._steps
            if project(step.path) == project(reader)
            for value in self._results(step, found[1])
            if is_text(value)
        ]
        paths = (path for text, step in texts if not is_open(text) for path in self._files.candidates(text, step))
        return tuple(dict.fromkeys(paths))

    def _results(self, step: FunctionRef, name: str) -> Values:
        """What a step returns that is stored under a name."""
        outputs = self._stored.outputs(step)
        if not any(one.name == name for one in outputs):
            return ()
        returned = [one.value for one in self._work.resolver.scope(step).returns if one.value != NONE]
        values = union(*(self._work.resolver.values(step.path, one) for one in returned))
        return union(*(_named(value, outputs, name) for value in values))


def _named(value: Value, outputs: tuple[Output, ...], name: str) -> Values:
    if len(outputs) == 1:
        return (value,)
    if not isinstance(value, Items) or len(value.items) != len(outputs):
        return ()
    return union(*(item for item, output in zip(value.items, outputs, strict=True) if output.name == name))
