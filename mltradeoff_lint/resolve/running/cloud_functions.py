"""The Python functions behind the handlers that a cloud's configuration names, `src/app.handler`."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from mltradeoff_lint.model.declarations import CloudFunction
from mltradeoff_lint.resolve.domain import FunctionRef
from mltradeoff_lint.resolve.interface import Resolver


def handlers(resolver: Resolver) -> Iterator[tuple[CloudFunction, FunctionRef]]:
    """Every function that a configuration file of the repository names as a handler, in path order."""
    for one in resolver.program.declarations():
        if isinstance(one, CloudFunction):
            module, _, name = one.handler.rpartition(".")
            path = posixpath.normpath(posixpath.join(one.folder, f"{module.replace('.', '/')}.py"))
            facts = resolver.program.python(path) if module else None
            for index in facts.scopes[0].finals.get(name, ()) if facts is not None else ():
                definition = facts.definitions[index] if facts is not None else None
                if definition is not None and definition.kind == "function":
                    yield one, FunctionRef(path, definition.value)
