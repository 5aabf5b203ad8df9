"""What a web application keeps for its handlers: attributes of `app.state` and `request.state`.

The first are written at start-up, the second by a middleware, or come from the dict that the lifespan function yields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Function, Library, Value
from mltradeoff_lint.resolve.interface import Resolver

_OF_APP = frozenset({"fastapi.FastAPI().state", "starlette.applications.Starlette().state"})
_OF_REQUEST = frozenset({"fastapi.Request().state", "starlette.requests.Request().state", "fastapi.WebSocket().state"})
_APPS = frozenset({"fastapi.FastAPI()", "starlette.applications.Starlette()", "flask.Flask()", "flask.current_app"})
STATES = _OF_APP | _OF_REQUEST | _APPS
MAX_WRITES = 60
"""Writes to one attribute name that are looked at."""

_KEPT = ("fastapi.Request().", *sorted(_OF_APP), "flask.current_app", "flask.g.")


def is_kept(value: Value) -> bool:
    """Whether a value is something a framework hands back untyped, so that an annotation says what it is."""
    return isinstance(value, Unknown) or (isinstance(value, Library) and value.path.startswith(_KEPT))


class AppState:
    """The writes to `app.state` of a whole repository, by attribute."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._by_name: dict[str, list[tuple[str, int, int]]] | None = None

    def written(self, state: Library, name: str) -> tuple[tuple[str, int], ...]:
        """(path, expression) written to an attribute of a state, or of an application itself, anywhere."""
        same = next(group for group in (_OF_APP, _OF_REQUEST, _APPS) if state.path in group)
        writes = self._writes().get(name, ())
        found = [
            (path, value, one)
            for path, base, value in (writes if len(writes) <= MAX_WRITES else ())
            for one in self._resolver.values(path, base)
            if isinstance(one, Library) and one.path in same
        ]
        if same is _APPS:
            # another application of the repository may have an attribute of the same name
            makers = {one.made[-1:] for _, _, one in found}
            found = [each for each in found if each[2].made[-1:] == state.made[-1:]] if state.made else found
            found = found if state.made or len(makers) == 1 else []
        written = tuple(dict.fromkeys((path, value) for path, value, _ in found))
        if written or same is not _OF_REQUEST:
            return written
        return self._resolver.program.ask("lifespan", name, self._yielded(name))

    def _yielded(self, name: str) -> Callable[[], tuple[tuple[str, int], ...]]:
        """What the functions given as `lifespan` yield under a name."""

        def find() -> tuple[tuple[str, int], ...]:
            return tuple(
                (value.ref.path, held)
                for path in self._resolver.program.python_paths()
                for call in self._resolver.facts(path).calls
                for keyword, expr in call.keywords
                if keyword == "lifespan"
                for value in self._resolver.values(path, expr)
                if isinstance(value, Function)
                for held in _displayed(self._resolver.facts(value.ref.path), value.ref.scope, name)
            )

        return find

    def _writes(self) -> dict[str, list[tuple[str, int, int]]]:
        if self._by_name is None:
            index: dict[str, list[tuple[str, int, int]]] = {}
            for path in self._resolver.program.python_paths():
                facts = self._resolver.facts(path)
                for write in facts.writes:
                    base = facts.exprs[write.base]
                    if write.kind == "attribute" and base[:2] != ("name", "self") and not write.path:
                        index.setdefault(str(write.key), []).append((path, write.base, write.value))
            self._by_name = index
        return self._by_name


def _displayed(facts: PythonFacts, scope: int, name: str) -> Iterator[int]:
    """The values under a key of the dicts that a function yields as they are written there."""
    for one in facts.scopes[scope].yields:
        shown = facts.exprs[one.value] if one.value != NONE else ("", ())
        for key, value in shown[1] if shown[0] == "dict" else ():
            if key != NONE and facts.exprs[key][:2] == ("const", name):
                yield value
