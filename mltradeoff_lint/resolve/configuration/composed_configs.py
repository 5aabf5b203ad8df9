"""Configurations composed of many files, as Hydra does: a defaults list, groups, packages and overrides.

https://hydra.cc/docs/advanced/defaults_list/. A config overrides what its defaults list names, unless `_self_` says
where in the list it stands; a file of a group lands under the group's name; an override of the command line comes last.
"""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mltradeoff_lint.model.catalog import Meaning, Selector
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.repository_path import from_folder, upwards
from mltradeoff_lint.resolve.command_line.command_lines import CommandLines
from mltradeoff_lint.resolve.configuration.configs import Configs
from mltradeoff_lint.resolve.domain import (
    MAX_VALUES,
    CallRef,
    Frame,
    FunctionRef,
    Items,
    Library,
    Literal,
    Mapping,
    Values,
    is_none,
    known_texts,
    union,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.selectors import pick
from mltradeoff_lint.resolve.values.merging import merged, placed

_SELF = "_self_"
_DEFAULTS = "defaults"
_OVERRIDE = re.compile(r"(?P<sign>\+{0,2}|~)(?P<key>[A-Za-z_][\w./@-]*)=(?P<value>.*)", re.DOTALL)
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?(?:e[+-]?\d{1,3})?", re.IGNORECASE)
Route = tuple[str, ...]
MAX_FILES = 60
"""Files of one composition; a list that needs more is cut."""


class _Item(NamedTuple):
    """One entry of a defaults list: a file of a group, or a file by its path."""

    group: str
    option: str
    package: str | None = None
    is_override: bool = False
    """Whether it only says which option another entry takes, here or in a file that lists this one."""


class ComposedConfigs:
    """Composes the configuration that a decorated function or a call of `compose` gets."""

    def __init__(self, resolver: Resolver, configs: Configs) -> None:
        self._resolver = resolver
        self._configs = configs
        self._lines = CommandLines(resolver)

    def called(self, meaning: Meaning, site: CallRef, frame: Frame | None) -> Values | None:
        """What `compose(config_name=..., overrides=[...])` gives, with the folder its module initialises."""
        names = self._texts(meaning, "name", site, frame)
        folder = next(iter(self._initialised(site.path)), None)
        if len(names) != 1 or folder is None:
            return None
        values = union(*self._selected(meaning.selectors("overrides"), site, frame))
        lists = [one for one in values if isinstance(one, Items)]
        overrides = [text for one in lists for item in one.items for text in known_texts(item)]
        return self._composed(site.path, folder, names[0], overrides)

    def of_parameter(self, function: FunctionRef, position: int) -> Values | None:
        """The configuration that a decorator composes for the first parameter of a function; None without one."""
        found = self._tree(function) if position == 0 else None
        return self._decorated(*found) if found is not None else None

    def folder(self, function: FunctionRef) -> str | None:
        """The folder of the files that a decorator composes for a function; None without one."""
        found = self._tree(function)
        told = self._told(*found) if found is not None else None
        return self._root(function.path, *told) if told is not None else None

    def _tree(self, function: FunctionRef) -> tuple[Meaning, CallRef] | None:
        """The decorator that composes a configuration for a function, and what it means."""
        facts = self._resolver.facts(function.path)
        for index in facts.scopes[function.scope].decorators:
            expr = facts.exprs[index]
            if expr[0] != "call":
                continue
            site = CallRef(function.path, expr[1])
            for value in self._resolver.values(function.path, facts.calls[expr[1]].function):
                rows = self._resolver.program.meanings("decorators", value.path) if isinstance(value, Library) else ()
                for meaning in rows:
                    if meaning.kind == "config-tree":
                        return meaning, site
        return None

    def _told(self, meaning: Meaning, site: CallRef) -> tuple[str, str] | None:
        """The only folder and name that a decorator gives."""
        names = self._texts(meaning, "name", site, None) or ("config",)
        folders = self._texts(meaning, "folder", site, None) or (".",)
        return (folders[0], names[0]) if len(names) == 1 and len(folders) == 1 else None

    def _decorated(self, meaning: Meaning, site: CallRef) -> Values | None:
        told = self._told(meaning, site)
        if told is None:
            return None
        composed = [
            found
            for line in dict.fromkeys(line.words for line in self._lines.of(site.path)) or [()]
            for words in _swept(line)
            if (found := self._composed(site.path, *told, words)) is not None
        ]
        return union(*composed) or None

    def _initialised(self, path: str) -> Iterator[str]:
        """The folders that calls of a module make the root of the search for files."""
        facts = self._resolver.facts(path)
        for number, call in enumerate(facts.calls):
            expr = facts.exprs[call.function]
            last = expr[2] if expr[0] == "attr" else expr[1] if expr[0] == "name" else ""
            if not str(last).startswith("initialize"):
                continue
            for value in self._resolver.values(path, call.function):
                rows = self._resolver.program.meanings("calls", value.path) if isinstance(value, Library) else ()
                for meaning in rows:
                    if meaning.kind == "config-tree":
                        yield from self._texts(meaning, "folder", CallRef(path, number), None)

    # -- composing

    def _composed(self, importer: str, folder: str, name: str, overrides: Sequence[str]) -> Values | None:
        root = self._root(importer, folder, name)
        if root is None:
            return None
        composition = _Composition(self._configs, root, overrides)
        composition.choose(posixpath.basename(name), posixpath.dirname(name))
        whole = composition.file(posixpath.basename(name), posixpath.dirname(name))
        return None if whole is None else self._configs.filled(merged(whole, composition.set()), importer)

    def _root(self, importer: str, folder: str, name: str) -> str | None:
        """The folder of the files: relative to the module, else at the end of a path above it."""
        tail = folder.rpartition("}")[2].lstrip("/")
        for above in upwards(posixpath.dirname(importer)):
            found = from_folder(above, tail or ".")
            if found is not None and self._configs.of_file(_file(found, name)) is not None:
                return found
        return None

    def _texts(self, meaning: Meaning, setting: str, site: CallRef, frame: Frame | None) -> tuple[str, ...]:
        return known_texts(union(*self._selected(meaning.selectors(setting), site, frame))) or tuple(
            value.text
            for values in self._selected(meaning.selectors(setting), site, frame)
            for value in values
            if hasattr(value, "text")
        )

    def _selected(self, selectors: tuple[Selector, ...], site: CallRef, frame: Frame | None) -> Iterator[Values]:
        facts = self._resolver.facts(site.path)
        for selector in selectors:
            expr = pick(facts, site, selector)
            if expr != NONE:
                yield self._resolver.values(site.path, expr, frame)


class _Composition:
    """One composition: the files it takes, each once on a way, and what the overrides say."""

    def __init__(self, configs: Configs, root: str, overrides: Sequence[str]) -> None:
        self._configs = configs
        self._root = root
        self._left = MAX_FILES
        self._open: list[str] = []
        self._values: list[tuple[str, str]] = []
        self._groups: dict[str, str] = {}
        self._added: dict[str, str] = {}
        for text in overrides:
            found = _OVERRIDE.fullmatch(text)
            if found is None:
                continue
            group = found["key"].partition("@")[0]
            if found["sign"] != "~" and "." not in group and self._has(group, found["value"]):
                (self._added if found["sign"] else self._groups)[group] = found["value"]
            elif found["sign"] != "~":
                self._values.append((found["key"], found["value"]))

    def _has(self, group: str, option: str) -> bool:
        return self._configs.of_file(_file(posixpath.join(self._root, group), option)) is not None

    def set(self) -> Values:
        """What the overrides set, as a mapping to lay over the whole."""
        whole: Values = ()
        for key, value in self._values:
            whole = merged(whole, placed(tuple(key.split(".")), (_scalar(value),)))
        return whole

    def choose(self, name: str, group: str) -> None:
        """Note which options the files of the composition choose for groups that other files list."""
        pending, seen = [(name, group)], {(name, group)}
        while pending and len(seen) <= MAX_FILES:
            one, folder = pending.pop()
            content = self._configs.of_file(_file(posixpath.join(self._root, folder), one))
            for item in _items(content or ()):
                where = _group(item, folder)
                if item.is_override:
                    self._groups.setdefault(where, item.option)
                elif item.option != _SELF and (item.option, where) not in seen:
                    seen.add((item.option, where))
                    pending.append((item.option, where))

    def file(self, name: str, group: str, package: Route = ()) -> Values | None:
        """A file with what its defaults list names, each at its package; None when it is not there or is open already.

        `group` is the folder of the file below the root, `package` the keys under which its content lands.
        """
        path = _file(posixpath.join(self._root, group), name)
        content = self._configs.of_file(path) if path not in self._open else None
        self._left -= 1
        if content is None or self._left < 0:
            return None
        written = self._configs.package_of(path)
        if written is not None and self._open:
            package = _route(written, (), package)
        self._open.append(path)
        try:
            return self._with_defaults(content, group, package)
        finally:
            self._open.pop()

    def _with_defaults(self, content: Values, group: str, package: Route) -> Values:
        own = tuple(
            Mapping(tuple(pair for pair in one.entries if pair[0] != _DEFAULTS)) if isinstance(one, Mapping) else one
            for one in content
        )
        items = [one for one in _items(content) if not one.is_override]
        if len(self._open) == 1:
            items += [_Item(name, option) for name, option in self._added.items()]
        if not any(one.option == _SELF for one in items):
            items.append(_Item("", _SELF))
        whole: Values = ()
        for one in items:
            found = placed(package, own) if one.option == _SELF else self._listed(one, group, package)
            whole = merged(whole, found) if found is not None else whole
        return whole

    def _listed(self, item: _Item, group: str, package: Route) -> Values | None:
        """What one entry of a defaults list adds: its group and package are relative to those of the file it is in."""
        where = _group(item, group)
        steps = tuple(step for step in item.group.split("/") if step)
        base = () if item.group.startswith("/") else package
        at = (*base, *steps) if item.package is None else _route(item.package, base, package)
        return self.file(self._groups.get(where, item.option), where, at)


def _swept(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The runs of one line: an override with several values, `model=a,b`, is run once with each of them.

    Source: Hydra documentation, "Multi-run".
    """
    choices: list[list[str]] = []
    for word in words:
        found = _OVERRIDE.fullmatch(word)
        values = _alternatives(found["value"]) if found is not None else []
        choices.append([f"{word[: len(word) - len(found['value'])]}{one}" for one in values] if found else [word])
    yield from itertools.islice(itertools.product(*choices), MAX_VALUES + 1)


def _alternatives(text: str) -> list[str]:
    """The parts of a value between commas that stand in no brackets and no quotes."""
    parts, depth, quote = [""], 0, ""
    for one in text:
        if one == "," and not depth and not quote:
            parts.append("")
            continue
        if one in "'\"":
            quote = "" if quote == one else quote or one
        elif not quote:
            depth += (one in "[{(") - (one in ")}]")
        parts[-1] += one
    return parts


def _group(item: _Item, group: str) -> str:
    """The folder of an entry's file below the root, seen from the folder of the file that lists it."""
    return item.group.strip("/") if item.group.startswith("/") else posixpath.join(group, item.group).strip("/")


def _route(written: str, base: Route, here: Route) -> Route:
    """The keys of a package as it is written: `_global_`, `_here_`, or names relative to a base."""
    if written.startswith("_global_"):
        return tuple(step for step in written.removeprefix("_global_").split(".") if step)
    if written in ("_here_", "_group_"):
        return here
    return (*base, *(step for step in written.split(".") if step))


def _items(content: Values) -> Iterator[_Item]:
    """The entries of the defaults list of a file."""
    for one in content:
        listed = one.get(_DEFAULTS) if isinstance(one, Mapping) else None
        for entries in listed or ():
            for item in entries.items if isinstance(entries, Items) else ():
                for value in item:
                    yield from _entry(value)


def _entry(value: object) -> Iterator[_Item]:
    if isinstance(value, Literal) and isinstance(value.value, str):
        folder, _, name = value.value.partition("@")[0].rpartition("/")
        package = value.value.partition("@")[2]
        yield _Item(folder, name, package or None)
    elif isinstance(value, Mapping):
        for key, held in value.entries:
            words = key.split()
            if not words or words[-1].lstrip("/").startswith("hydra/"):
                continue
            group, _, package = words[-1].partition("@")
            for one in held:
                options = [one] if isinstance(one, Literal) else [each for item in _items_of(one) for each in item]
                for option in options:
                    if isinstance(option, Literal) and isinstance(option.value, str) and not is_none(option):
                        yield _Item(group, option.value, package or None, "override" in words[:-1])


def _items_of(value: object) -> tuple[Values, ...]:
    return value.items if isinstance(value, Items) else ()


def _file(folder: str, name: str) -> str:
    stem = posixpath.normpath(posixpath.join(folder or ".", name))
    return stem if stem.endswith((".yaml", ".yml")) else f"{stem}.yaml"


def _scalar(text: str) -> Literal:
    """The value of an override as YAML reads a plain scalar."""
    plain = text.strip().strip("'\"")
    if plain != text.strip():
        return Literal(plain, "configured")
    if plain.lower() in ("true", "false"):
        return Literal(plain.lower() == "true", "configured")
    if plain.lower() in ("null", ""):
        return Literal(None)
    if _NUMBER.fullmatch(plain):
        return Literal(float(plain) if re.search(r"[.eE]", plain) else int(plain), "configured")
    return Literal(plain, "configured")
