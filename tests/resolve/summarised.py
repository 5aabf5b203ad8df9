"""Summaries of small repositories, in words that tests can read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import CallRef, Frame
from mltradeoff_lint.resolve.summaries.deciders import Deciders
from mltradeoff_lint.resolve.summaries.fixpoint import Summaries
from mltradeoff_lint.resolve.summaries.model import Summary
from tests.resolve.prepared import Prepared, prepared


@dataclass(frozen=True)
class Summarised:
    """A repository with its summaries."""

    program: Prepared
    summaries: Summaries

    def of(self, qualname: str, path: str = "app.py") -> Summary:
        return self.summaries.of(self.program.function(path, qualname))

    def returned(self, qualname: str, path: str = "app.py") -> list[str]:
        """The kinds of results with the places they come from."""
        return [f"{one.kind} {_place(one.site, one.way)}" for one in self.of(qualname, path).returned]

    def passed(self, qualname: str, path: str = "app.py") -> list[str]:
        summary = self.of(qualname, path)
        parameters = self.program.resolver.scope(summary.function).parameters
        return [parameters[one.position].name + f".{one.attribute}".rstrip(".") for one in summary.passed]

    def reached(self, qualname: str, path: str = "app.py") -> list[str]:
        """Every parameter with what it reaches and where."""
        found = []
        for one in self.of(qualname, path).reached:
            name = self.program.resolver.scope(one.input.function).parameters[one.input.position].name
            what = f" {one.what}" if one.role in ("attribute", "gate") else ""
            found.append(f"{name + f'.{one.input.attribute}'.rstrip('.')} {one.role}{what} {_place(one.site, one.way)}")
        return sorted(found)

    def effects(self, qualname: str, path: str = "app.py") -> list[str]:
        return [f"{one.kind} {_place(one.site, one.way)}" for one in self.of(qualname, path).effects]

    def deciding(self, line: int, role: str, path: str = "app.py") -> list[list[int]]:
        """The lines of the calls that decide a role of the catalogued call on a line, outermost first."""
        (use,) = [
            one
            for one in self.program.sites.uses
            if one.ref.path == path and self.program.resolver.call(one.ref).span.line == line
        ]
        frames = Deciders(self.program.resolver, self.summaries).frames(use, self.program.reach.holder(use.ref), role)
        return sorted(self._lines(frame) for frame in frames)

    def _lines(self, frame: Frame | None) -> list[int]:
        if frame is None:
            return []
        return [*self._lines(frame.outer), self._line(frame.call)]

    def _line(self, ref: CallRef) -> int:
        return self.program.resolver.call(ref).span.line


def summarised(files: Mapping[str, str] | str) -> Summarised:
    program = prepared(files)
    return Summarised(program, Summaries(program.resolver, program.sites))


def _place(site: Site, way: tuple[Site, ...]) -> str:
    return "<-".join(str(one.span.line) for one in (*reversed((*way, site)),))
