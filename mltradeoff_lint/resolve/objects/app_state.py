"""What a web application keeps for its handlers: attributes of `app.state`, written at start-up and read on request."""

from __future__ import annotations

from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Library, Value
from mltradeoff_lint.resolve.interface import Resolver

STATES = frozenset({"fastapi.FastAPI().state", "starlette.applications.Starlette().state"})

_KEPT = ("fastapi.Request().", *sorted(STATES), "flask.current_app", "flask.g.")


def is_kept(value: Value) -> bool:
    """Whether a value is something a framework hands back untyped, so that an annotation says what it is."""
    return isinstance(value, Unknown) or (isinstance(value, Library) and value.path.startswith(_KEPT))


class AppState:
    """The writes to `app.state` of a whole repository, by attribute."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._by_name: dict[str, list[tuple[str, int, int]]] | None = None

    def written(self, name: str) -> tuple[tuple[str, int], ...]:
        """(path, expression) written to `app.state.name` anywhere."""
        return tuple(
            (path, value)
            for path, base, value in self._writes().get(name, ())
            if any(isinstance(one, Library) and one.path in STATES for one in self._resolver.values(path, base))
        )

    def _writes(self) -> dict[str, list[tuple[str, int, int]]]:
        if self._by_name is None:
            index: dict[str, list[tuple[str, int, int]]] = {}
            for path in self._resolver.program.python_paths():
                facts = self._resolver.facts(path)
                for write in facts.writes:
                    base = facts.exprs[write.base]
                    if write.kind == "attribute" and base[0] == "attr" and base[2] == "state":
                        index.setdefault(str(write.key), []).append((path, write.base, write.value))
            self._by_name = index
        return self._by_name
