"""Decorators and contexts that may record a call; those of the repository are not followed, so that they are doubts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef, Library

RECORDER = re.compile(
    r"usage|tokens?(?!ize)|(?:^|_)costs?(?:_|$)|spend|billing|budget|credits?(?:_|$)|quota|llm_?(?:log|trac|track|observ)|"
    r"(?:^|_)generation(?:_|$)|instrument",
    re.IGNORECASE,
)
"""Names that promise a record of a model call. A name proves nothing, and so it only forbids to claim an absence."""


class OwnScopes:
    """Finds what encloses a call and is called like a recorder."""

    def __init__(self, work: Workspace) -> None:
        self._work = work

    def around(self, path: str, region: int) -> Iterator[tuple[str, Site]]:
        """`with usage_collector(...)` blocks that enclose a region."""
        facts = self._work.resolver.facts(path)
        while region != NONE:
            one = facts.regions[region]
            if one.kind == "with" and one.test != NONE and facts.exprs[one.test][0] == "call":
                ref = CallRef(path, facts.exprs[one.test][1])
                name = _name(facts, facts.calls[ref.call].function)
                if RECORDER.search(name) and not self._is_known(path, facts.calls[ref.call].function):
                    yield f"the call stands inside `{name}()`, which may record it", self._work.site(ref)
            region = one.parent

    def around_site(self, site: Site) -> Iterator[tuple[str, Site]]:
        """The same around a call site of a wrapper."""
        if self._work.resolver.program.python(site.path) is None:
            return
        for call in self._work.resolver.facts(site.path).calls:
            if call.span == site.span:
                yield from self.around(site.path, call.region)
                return

    def decorating(self, function: FunctionRef) -> Iterator[tuple[str, Site]]:
        """`@track_usage` on a function."""
        facts = self._work.resolver.facts(function.path)
        for index in facts.scopes[function.scope].decorators:
            expr = facts.exprs[index]
            target = facts.calls[expr[1]].function if expr[0] == "call" else index
            name = _name(facts, target)
            if RECORDER.search(name) and not self._is_known(function.path, target):
                yield f"`@{name}` may record what the function calls", self._work.function_site(function)

    def _is_known(self, path: str, expr: int) -> bool:
        """Whether the catalog says what a thing records."""
        program = self._work.resolver.program
        return any(
            isinstance(value, Library)
            and (program.meanings("decorators", value.path) or program.meanings("calls", value.path))
            for value in self._work.resolver.values(path, expr)
        )


def _name(facts: PythonFacts, index: int) -> str:
    expr = facts.exprs[index]
    return str(expr[1] if expr[0] == "name" else expr[2] if expr[0] == "attr" else "")
