"""What code itself puts into the environment of its process."""

from __future__ import annotations

from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver

_NOTEBOOK = ".ipynb"


class EnvironmentWrites:
    """What code itself puts into the environment: `os.environ[NAME] = value`, seen by its own project."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._by_name: dict[str, tuple[tuple[str, int], ...]] | None = None

    def of(self, name: str, path: str) -> tuple[tuple[str, int], ...]:
        """The (module, expression) of each value written under a name in the project of a module."""
        project = self._resolver.program.modules.project_of
        # a notebook is a process of its own
        process = path if path.endswith(_NOTEBOOK) else project(path)

        def find() -> tuple[tuple[str, int], ...]:
            return tuple(one for one in self._index().get(name, ()) if self._runs_in(one[0], process))

        return self._resolver.program.ask("environment-writes", (name, process), find)

    def _runs_in(self, path: str, process: str) -> bool:
        """Whether a module may run in a process: a notebook, or the code of a project."""
        if path.endswith(_NOTEBOOK) or process.endswith(_NOTEBOOK):
            return path == process
        return self._resolver.program.modules.project_of(path) == process

    def _index(self) -> dict[str, tuple[tuple[str, int], ...]]:
        if self._by_name is None:
            found: dict[str, list[tuple[str, int]]] = {}
            for path in self._resolver.program.python_paths():
                if is_test(path):
                    continue
                facts = self._resolver.facts(path)
                for write in facts.writes:
                    if write.kind == "item" and not write.operator and write.value != NONE and not write.path:
                        name = _written_name(facts, write.base, write.key)
                        if name:
                            found.setdefault(name, []).append((path, write.value))
                for call in facts.calls:
                    expr = facts.exprs[call.function]
                    if expr[0] == "attr" and expr[2] == "setdefault" and len(call.arguments) == 2:
                        name = _written_name(facts, expr[1], call.arguments[0])
                        if name:
                            found.setdefault(name, []).append((path, call.arguments[1]))
            self._by_name = {name: tuple(writes) for name, writes in found.items()}
        return self._by_name


def _written_name(facts: PythonFacts, base: int, key: object) -> str:
    """The variable that a write to an item sets, when the object is `os.environ` and the key is written out."""
    one = facts.exprs[base]
    is_environ = one[0] == "attr" and one[2] == "environ" and facts.exprs[one[1]][:2] == ("name", "os")
    index = facts.exprs[key] if isinstance(key, int) and key != NONE else ("none",)
    return index[1] if is_environ and index[0] == "const" and isinstance(index[1], str) else ""
