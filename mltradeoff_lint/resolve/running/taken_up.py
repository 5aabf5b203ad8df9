"""Names that a package takes up for those who import it: a use only where others than the repository may do so."""

from __future__ import annotations

import posixpath
from collections.abc import Set

from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.running.looked_up import looked_up
from mltradeoff_lint.resolve.running.roles import Roles


def only_takes_up(resolver: Resolver, roles: Roles, path: str) -> bool:
    """Whether a module is the head of a package of an application, which hands its names to the repository alone."""
    is_head = path.endswith("__init__.py") and roles.is_of_application()
    return is_head and not _is_distributed(resolver, path) and path not in looked_up(resolver)


def _is_distributed(resolver: Resolver, path: str) -> bool:
    """Whether the project of a module may be built into a distribution, whose users import what they like."""
    program = resolver.program
    project = program.modules.project_of(path)
    if any(program.file(posixpath.join(project, name)) is not None for name in ("setup.py", "setup.cfg")):
        return True
    settings = posixpath.join(project, "pyproject.toml")
    roots = program.roots(settings)
    return program.file(settings) is not None and (not roots or any(one.get("build-system") for one in roots))


def listed_names(facts: PythonFacts) -> Set[int]:
    """The texts of the list of names that `import *` takes."""
    lists = (one.value for one in facts.definitions if one.name == "__all__" and one.kind == "assign" and not one.path)
    return {each for one in lists if facts.exprs[one][0] in ("list", "tuple") for each in facts.exprs[one][1]}
