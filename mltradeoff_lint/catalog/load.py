"""Loads the library models a repository needs and checks every row against the closed list of meanings."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from mltradeoff_lint.catalog.index import Catalog, Section
from mltradeoff_lint.model.catalog import Given, Meaning, Selector, Setting
from mltradeoff_lint.model.meanings import MEANINGS
from mltradeoff_lint.model.problem import UsageError

_ROOTS = re.compile(rb"^roots:[ \t]*\[([^\]]*)\]", re.MULTILINE)
_SECTIONS: tuple[Section, ...] = ("calls", "decorators", "classes", "assignments", "imports")
_KEYS = {"library", "roots", "same", "gives", "by_argument", *_SECTIONS}
_ROW_KEYS = {"call", "also", "is", "given", "with", "example"}
_GIVEN = re.compile(r"(!?)(\$[\w|]+)(?:\[(\w+)\])?(?:=(\w+))?")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class CatalogError(UsageError):
    """A catalog file that does not follow the format; names the file and the row."""


def bundled() -> tuple[Path, ...]:
    """The catalog files that ship with the package, sorted by name."""
    folder = resources.files("mltradeoff_lint.catalog") / "data"
    return tuple(sorted(Path(str(folder)).glob("*.yaml")))


def load_catalog(imported: Iterable[str], extra: Sequence[tuple[str, bytes]] = ()) -> Catalog:
    """The catalog of the libraries whose import roots a repository uses.

    Files are chosen by their `roots:` line without parsing the rest, and those that a chosen file refers to
    follow. User files (`extra`) are always read. Raises CatalogError for a file that breaks the format.
    """
    files = [*((path.name, path.read_bytes()) for path in bundled()), *extra]
    always = {name for name, _ in extra}
    roots_of = {name: _roots(data) for name, data in files}
    catalog = Catalog()
    wanted = {"builtins", *imported}
    done: set[str] = set()
    while True:
        chosen = [
            (name, data)
            for name, data in files
            if name not in done and (name in always or _any_match(roots_of[name], wanted))
        ]
        if not chosen:
            return catalog
        for name, data in chosen:
            done.add(name)
            wanted |= _add_file(catalog, name, data)


def _roots(data: bytes) -> tuple[str, ...]:
    found = _ROOTS.search(data)
    names = found.group(1).decode().split(",") if found else []
    return tuple(name.strip().strip("\"'") for name in names)


def _any_match(patterns: Iterable[str], names: set[str]) -> bool:
    return any(pattern in names or ("*" in pattern and fnmatch.filter(names, pattern)) for pattern in patterns)


def _add_file(catalog: Catalog, path: str, data: bytes) -> set[str]:
    """Add one file; returns the roots of the canonical names it refers to."""
    document = yaml.load(data, Loader=_LOADER)
    if not isinstance(document, dict) or not document.get("library"):
        raise CatalogError(f"{path}: a catalog file is a mapping with `library` and `roots`")
    _check_keys(path, "file", document, _KEYS)
    library = str(document["library"])
    for canonical, others in (document.get("same") or {}).items():
        for other in others:
            catalog.add_same(str(other), str(canonical))
    for expression, result in (document.get("gives") or {}).items():
        catalog.add_gives(str(expression), str(result))
    for constructor, selector in (document.get("by_argument") or {}).items():
        if not str(selector).startswith("$"):
            raise CatalogError(f"{path}: by_argument: {constructor}: {selector!r} selects no argument")
        catalog.add_by_argument(str(constructor), _selector(str(selector)))
    for section in _SECTIONS:
        for row in document.get(section) or ():
            for meaning in _meanings(path, library, row):
                catalog.add(section, meaning)
    names = [*(document.get("same") or {}), *map(str, (document.get("gives") or {}).values())]
    return {re.split(r"[.(]", name, maxsplit=1)[0] for name in names if name != "self"}


def _meanings(path: str, library: str, row: Mapping[str, Any]) -> Iterable[Meaning]:
    _check_keys(path, str(row.get("call")), row, _ROW_KEYS)
    name, kind = row.get("call"), row.get("is")
    if not isinstance(name, str) or kind not in MEANINGS:
        raise CatalogError(f"{path}: row {name!r}: `is: {kind}` is not one of {', '.join(sorted(MEANINGS))}")
    settings = row.get("with") or {}
    _check_keys(path, name, settings, set(MEANINGS[kind]))
    parsed = {key: _setting(value) for key, value in settings.items()}
    given = _given(path, name, str(row.get("given") or ""))
    for one in (name, *(row.get("also") or ())):
        yield Meaning(str(one), str(kind), library, parsed, given)


def _given(path: str, name: str, text: str) -> tuple[Given, ...]:
    """The arguments of which a call passes one: `$0|name` any value, `$0|name[key]` a mapping with that key.

    `$0|name=text` is an argument that is surely that text, `!$0|name` one that the call leaves out.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    found = [_GIVEN.fullmatch(part) for part in parts]
    if not all(found):
        raise CatalogError(f"{path}: {name}: given: {text!r} selects no arguments")
    return tuple(
        Given(_selector(one[2]), one[3] or "", one[1] == "!", one[4] or "") for one in found if one is not None
    )


def _check_keys(path: str, where: str, mapping: Mapping[str, Any], allowed: set[str]) -> None:
    unknown = sorted(set(mapping) - allowed)
    if unknown:
        raise CatalogError(f"{path}: {where}: unknown key {unknown[0]!r}; allowed: {', '.join(sorted(allowed))}")


def _setting(value: Any) -> Setting:
    """A literal word, or one or several selectors."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if text in ("self", "return", "value"):
        return Selector(role=text)
    if not text.startswith("$") and not text.startswith("self,"):
        return text
    return tuple(_selector(part.strip()) for part in text.split(","))


def _selector(text: str) -> Selector:
    if text in ("self", "return", "value"):
        return Selector(role=text)
    if text == "$*":
        return Selector(role="*")
    first, *rest = text.removeprefix("$").split("|")
    if first.isdigit():
        return Selector(position=int(first), keywords=tuple(rest))
    return Selector(keywords=(first, *rest))
