"""What a module of the repository has under a name: what it binds, submodules, and what it takes from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from mltradeoff_lint.model.facts import NONE, PythonFacts, Write
from mltradeoff_lint.resolve.domain import Function, Module, Values, union, unknown
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.notebooks.run_magic import run_in
from mltradeoff_lint.resolve.objects.declared import Said, is_declared, told, without_none
from mltradeoff_lint.resolve.objects.delegation import Delegation
from mltradeoff_lint.resolve.values import paths
from mltradeoff_lint.resolve.values.bindings import Bindings
from mltradeoff_lint.resolve.values.filled import Filled


class _Names(NamedTuple):
    """The names that a module binds, and whether it has further ones: of star imports, of scripts that it runs."""

    bound: frozenset[str]
    is_open: bool


class ModuleNames:
    """Attribute access on modules."""

    def __init__(
        self,
        resolver: Resolver,
        bindings: Bindings,
        filled: Filled,
        delegation: Delegation,
        writes: Callable[[str], dict[tuple[int, str], list[Write]]],
    ) -> None:
        """Take what tells the writes of a module by class and name, those to globals under no class."""
        self._resolver = resolver
        self._bindings = bindings
        self._filled = filled
        self._delegation = delegation
        self._writes = writes
        self._names: dict[str, _Names] = {}

    def member(self, module: Module, name: str) -> Values:
        """What `module.name` can be."""
        if not module.path.endswith((".py", ".ipynb")):
            child = self._resolver.program.modules.child(module.path, name)
            return (Module(child),) if child is not None else unknown(f"{name} of a namespace package")
        if name == "__file__":
            return (paths.of_module(module.path),)
        if self._resolver.program.is_unread(module.path):
            return unknown("a module that could not be read")
        found = self._resolver.global_name(module.path, name)
        if found is not None:
            return found
        child = self._resolver.program.modules.child(module.path, name)
        if child is not None:
            return (Module(child),)
        lazy = self._lazy(module, name)
        return lazy if lazy is not None else unknown(f"{name} is not defined in its module")

    def _lazy(self, module: Module, name: str) -> Values | None:
        """PEP 562: a module `__getattr__` gives what a name stands for."""
        functions = self._resolver.global_name(module.path, "__getattr__") or ()
        found = [self._delegation.of_module(one.ref, name) for one in functions if isinstance(one, Function)]
        return (union(*found) or unknown("a lazily loaded name")) if functions else None

    def is_exporting(self, path: str, name: str) -> bool:
        """Whether a module may have a name: it binds it, or takes names from elsewhere that nobody lists."""
        names = self._names.get(path)
        if names is None:
            names = self._names[path] = self._of(path)
        return names.is_open or name in names.bound

    def _of(self, path: str) -> _Names:
        facts = self._resolver.program.python(path)
        if facts is None:
            return _Names(frozenset(), is_open=False)
        written = {str(one.key) for one in facts.writes if one.kind == "global"}
        is_open = any(one.name == "*" and one.scope == 0 for one in facts.imports) or bool(run_in(self._resolver, path))
        return _Names(frozenset({*facts.scopes[0].finals, *written}), is_open)

    def exported(self, path: str, name: str) -> Values | None:
        """What a module binds at its end under a name, star imports and writes from functions included."""
        facts = self._resolver.facts(path)
        finals = facts.scopes[0].finals.get(name, ())
        said = [Said(self._bindings.reaching(path, finals, None), is_declared(facts, finals))] if finals else []
        for write in self._writes(path).get((NONE, name), []):
            said.append(Said(self._resolver.values(path, write.value)))
        if said:
            return self._filled.of_global(path, name, union(*(without_none(told(said)))))
        return self._star_import(path, facts, name)

    def _star_import(self, path: str, facts: PythonFacts, name: str) -> Values | None:
        if name.startswith("_"):
            return None
        for one in facts.imports:
            if one.name != "*" or one.scope != 0:
                continue
            target = self._resolver.program.module(path, one.module, one.level)
            if target is not None and target != path and target.endswith((".py", ".ipynb")):
                found = self._resolver.global_name(target, name)
                if found is not None:
                    return found
        ran = (self._resolver.global_name(target, name) for target in run_in(self._resolver, path))
        return next((found for found in ran if found is not None), None)
