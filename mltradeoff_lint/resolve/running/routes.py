"""The full route of an endpoint: what routers, blueprints and mounts put in front of it."""

from __future__ import annotations

from mltradeoff_lint.model.catalog import Selector
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.domain import CallRef, Library, Values, known_texts
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.selectors import pick

_MOUNTED = (Selector(0, ("path",)), Selector(1, ("app",)))
_MOUNTS = {
    "fastapi.FastAPI().include_router": (Selector(None, ("prefix",)), Selector(0, ("router",))),
    "flask.Flask().register_blueprint": (Selector(None, ("url_prefix",)), Selector(0, ("blueprint",))),
    "fastapi.FastAPI().mount": _MOUNTED,
    "starlette.applications.Starlette().mount": _MOUNTED,
}
"""Calls that put one router into another: where the prefix stands, and where what is put in."""

_PREFIXES = ("prefix", "url_prefix")
_METHODS = frozenset(path.rpartition(".")[2] for path in _MOUNTS)
MAX_NESTING = 5


class Routes:
    """Prefixes of routers, by the call that constructs each."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._mounted: dict[CallRef, list[tuple[str, Values]]] | None = None

    def prefix(self, call: CallRef) -> str:
        """What stands in front of the route that a call on a router registers."""
        facts = self._resolver.facts(call.path)
        expr = facts.exprs[facts.calls[call.call].function]
        return self._of(self._resolver.values(call.path, expr[1]), 0) if expr[0] == "attr" else ""

    def _of(self, routers: Values, depth: int) -> str:
        for value in routers:
            if not isinstance(value, Library) or not value.made:
                continue
            made = value.made[-1]
            own = ""
            for name, index in self._resolver.call(made.call).keywords:
                texts = known_texts(self._resolver.values(made.call.path, index)) if name in _PREFIXES else ()
                own = texts[0] if texts else own
            for given, outer in self._mounts().get(made.call, ())[:1] if depth < MAX_NESTING else ():
                return self._of(outer, depth + 1) + given + own
            return own
        return ""

    def _mounts(self) -> dict[CallRef, list[tuple[str, Values]]]:
        """By constructed router: the prefixes it is put in with, and the routers it is put into."""
        if self._mounted is None:
            index: dict[CallRef, list[tuple[str, Values]]] = {}
            for path in self._resolver.program.python_paths():
                facts = self._resolver.facts(path)
                for number, call in enumerate(facts.calls):
                    expr = facts.exprs[call.function]
                    if expr[0] == "attr" and expr[2] in _METHODS:
                        self._note(index, CallRef(path, number), call.function, expr[1])
            self._mounted = index
        return self._mounted

    def _note(self, index: dict[CallRef, list[tuple[str, Values]]], ref: CallRef, function: int, base: int) -> None:
        facts = self._resolver.facts(ref.path)
        for value in self._resolver.values(ref.path, function):
            row = _MOUNTS.get(value.path) if isinstance(value, Library) else None
            written, inner = (pick(facts, ref, one) for one in row) if row is not None else (NONE, NONE)
            if inner == NONE:
                continue
            texts = known_texts(self._resolver.values(ref.path, written)) if written != NONE else ("",)
            for router in self._resolver.values(ref.path, inner):
                if isinstance(router, Library) and router.made and texts:
                    outer = self._resolver.values(ref.path, base)
                    index.setdefault(router.made[-1].call, []).append((texts[0].rstrip("/"), outer))
            return
