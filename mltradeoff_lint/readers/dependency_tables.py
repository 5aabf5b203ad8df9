"""The requirements that project tables and environment documents hold, recognised by their shape."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Requirement, Requirements
from mltradeoff_lint.readers.requirement_line import conda_requirement, normalise, requirement, without_credentials


def requirements_of_project(root: Entry) -> Requirements | None:
    """What a pyproject.toml or Pipfile asks for; None when it asks for nothing.

    Groups: empty for what the project needs to run, the name of the extra or dependency group, `build-system`, and
    `dev` for the older poetry, uv and Pipfile tables. Tables: PEP 621, PEP 735, PEP 518, poetry, uv, pdm, Pipfile.
    """
    found = (*_standard(root), *_poetry(root), *_pipfile(root))
    return Requirements(found) if found else None


def requirements_of_conda(root: Entry) -> Requirements | None:
    """What a conda environment asks for; None for a document of another shape."""
    wanted = root.get("dependencies")
    if wanted is None or wanted.kind != "seq" or (root.get("channels") is None and root.get("prefix") is None):
        return None
    return Requirements(tuple(_conda(wanted)))


def _conda(wanted: Entry) -> Iterator[Requirement]:
    for item in wanted.items:
        if item.kind == "str" and (found := conda_requirement(item.value, item.span)):
            yield found
        elif (inner := item.get("pip")) is not None:
            yield from _listed(inner, "pip")


def _standard(root: Entry) -> Iterator[Requirement]:
    yield from _listed(root.get("project", "dependencies"), "")
    yield from _grouped(root.get("project", "optional-dependencies"))
    yield from _grouped(root.get("dependency-groups"))
    yield from _listed(root.get("build-system", "requires"), "build-system")
    yield from _listed(root.get("tool", "uv", "dev-dependencies"), "dev")
    yield from _grouped(root.get("tool", "pdm", "dev-dependencies"))


def _poetry(root: Entry) -> Iterator[Requirement]:
    poetry = root.get("tool", "poetry")
    if poetry is None:
        return
    yield from _table(poetry.get("dependencies"), "")
    yield from _table(poetry.get("dev-dependencies"), "dev")
    groups = poetry.get("group")
    for name, _, group in groups.entries if groups else ():
        yield from _table(group.get("dependencies"), name)


def _pipfile(root: Entry) -> Iterator[Requirement]:
    if root.get("project") is None and root.get("tool") is None:
        yield from _table(root.get("packages"), "")
        yield from _table(root.get("dev-packages"), "dev")


def _grouped(table: Entry | None) -> Iterator[Requirement]:
    for name, _, wanted in table.entries if table else ():
        yield from _listed(wanted, name)


def _listed(wanted: Entry | None, group: str) -> Iterator[Requirement]:
    for item in wanted.items if wanted else ():
        if item.kind == "str" and (found := requirement(item.value, group, item.span)):
            yield found


def _table(table: Entry | None, group: str) -> Iterator[Requirement]:
    """A poetry or Pipfile table: `name = "specifier"`, `name = {version = ...}`, or a list of the latter."""
    for name, span, value in table.entries if table and table.kind == "map" else ():
        if name.lower() == "python":
            continue
        first = value.items[0] if value.items else value
        yield Requirement(normalise(name), _specifier(first), group, span)


def _specifier(value: Entry) -> str:
    if value.kind != "map":
        return value.value
    for key in ("version", "git", "url", "path", "file"):
        if (text := value.text(key)) is not None:
            return text if key == "version" else f"@ {without_credentials(text)}"
    return ""
