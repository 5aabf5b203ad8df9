"""Strict YAML with places: every part of a rule file knows its line and column, and every error says them.

The reader works on parser events and not on composed nodes: composing is recursive in C and ends the process on
deeply nested input, and rules may come from the repository that is checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import yaml

from mltradeoff_lint.model.problem import UsageError
from mltradeoff_lint.model.spelling import nearest
from mltradeoff_lint.model.value import Scalar

MAX_BYTES = 256 * 1024
"""Largest rule file; the longest real one is a hundredth of it."""

MAX_DEPTH = 12

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class RuleError(UsageError):
    """A rule file is wrong; the text starts with `file:line:column`."""

    def __init__(self, path: str, line: int, column: int, message: str) -> None:
        super().__init__(f"{path}:{line}:{column}: {message}")
        self.path = path
        self.line = line
        self.column = column
        self.message = message


def suggest(word: str, allowed: Iterable[str]) -> str:
    """The end of an error about an unknown word: the nearest allowed one, or all of them when they are few."""
    words = sorted(set(allowed))
    near = nearest(word.lower(), (each.lower() for each in words))
    if near:
        return "; did you mean `" + next(each for each in words if each.lower() == near) + "`?"
    if words and len(words) <= 12:
        return "; expected " + listed([f"`{each}`" for each in words], "or")
    return ""


def listed(words: Iterable[str], last: str = "and") -> str:
    """Words joined with commas, and `last` before the last of them."""
    known = list(words)
    if len(known) < 2:
        return "".join(known)
    return f"{', '.join(known[:-1])} {last} {known[-1]}"


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a rule file with its place; `kind` is `map`, `list`, `text`, `number` or `flag`."""

    path: str
    line: int
    column: int
    kind: str
    value: Scalar = ""
    entries: tuple[tuple[Item, Item], ...] = ()
    items: tuple[Item, ...] = ()

    def error(self, message: str) -> RuleError:
        """An error at this place, for the caller to raise."""
        return RuleError(self.path, self.line, self.column, message)

    def expect(self, kind: str, what: str) -> Item:
        """This item when it is of the kind; RuleError otherwise."""
        if self.kind != kind:
            raise self.error(f"{what} must be {_ARTICLE[kind]}, not {_ARTICLE[self.kind]}")
        return self

    def text(self, what: str) -> str:
        """The text of a non-empty text; RuleError otherwise."""
        found = str(self.expect("text", what).value)
        if not found.strip():
            raise self.error(f"{what} is empty")
        return found

    def word(self, what: str, allowed: Iterable[str]) -> str:
        """A text that is one of the allowed words; RuleError with the nearest one otherwise."""
        found = self.text(what)
        words = tuple(allowed)
        if found not in words:
            raise self.error(f"unknown {what} `{found}`" + suggest(found, words))
        return found

    def members(self, what: str) -> tuple[Item, ...]:
        """The items of a list that is not empty; RuleError otherwise."""
        self.expect("list", what)
        if not self.items:
            raise self.error(f"{what} is empty")
        return self.items

    def texts(self, what: str) -> tuple[str, ...]:
        """The texts of a list; RuleError otherwise."""
        return tuple(item.text(what) for item in self.members(what))

    def pairs(self, what: str) -> Iterator[tuple[str, Item, Item]]:
        """Key text, key and value of each entry of a map; RuleError when it is no map."""
        self.expect("map", what)
        return ((str(key.value), key, value) for key, value in self.entries)

    def fields(self, what: str, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, Item]:
        """The entries of a map by key; RuleError for an unknown or a missing key."""
        needed = tuple(required)
        allowed = (*needed, *optional)
        found: dict[str, Item] = {}
        for name, key, value in self.pairs(what):
            if name not in allowed:
                raise key.error(f"unknown key `{name}` in {what}" + suggest(name, allowed))
            found[name] = value
        for name in needed:
            if name not in found:
                raise self.error(f"{what} has no `{name}`")
        return found


_SPOKEN = {"bool": "truth value", "int": "number", "float": "number", "timestamp": "date", "merge": "merge key"}
_ARTICLE = {
    "map": "a map",
    "list": "a list",
    "text": "a text",
    "number": "a number",
    "flag": "true or false",
}


def read_items(path: str, data: bytes) -> Item:
    """The one YAML document of a rule file; RuleError for anything outside the strict subset.

    The subset: maps with distinct text keys, lists, texts, numbers, `true` and `false`. Anchors, aliases, tags,
    merge keys, empty values and the words that YAML 1.1 reads as something else (`on`, `no`, dates) are errors.
    """
    if len(data) > MAX_BYTES:
        raise RuleError(path, 1, 1, f"larger than {MAX_BYTES // 1024} KiB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RuleError(path, line, 1, "not UTF-8") from None
    try:
        return _Builder(path).build(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise RuleError(path, *place, f"not YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise RuleError(path, 1, 1, f"not YAML: {str(error).splitlines()[0]}") from None


class _Open:
    """A map or list whose end has not been read; `key` is the key that waits for its value."""

    def __init__(self, event: yaml.CollectionStartEvent) -> None:
        self.kind = "map" if isinstance(event, yaml.MappingStartEvent) else "list"
        self.line, self.column = _place(event)
        self.key: Item | None = None
        self.keys: dict[str, int] = {}
        self.entries: list[tuple[Item, Item]] = []
        self.items: list[Item] = []

    def add(self, item: Item) -> None:
        if self.kind == "list":
            self.items.append(item)
        elif self.key is None:
            self.key = _as_key(item, self.keys)
        else:
            self.entries.append((self.key, item))
            self.key = None


class _Builder:
    """Turns parser events into items on an explicit stack."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.stack: list[_Open] = []
        self.root: Item | None = None
        self.documents = 0

    def build(self, events: Iterable[yaml.Event]) -> Item:
        for event in events:
            self._refuse_extras(event)
            if isinstance(event, yaml.ScalarEvent):
                self._add(_scalar(self.path, event))
            elif isinstance(event, yaml.CollectionStartEvent):
                if len(self.stack) == MAX_DEPTH:
                    raise RuleError(self.path, *_place(event), "nested too deeply")
                self.stack.append(_Open(event))
            elif isinstance(event, yaml.CollectionEndEvent):
                done = self.stack.pop()
                entries, items = tuple(done.entries), tuple(done.items)
                self._add(Item(self.path, done.line, done.column, done.kind, "", entries, items))
        if self.root is None:
            raise RuleError(self.path, 1, 1, "the file is empty")
        return self.root

    def _add(self, item: Item) -> None:
        if self.stack:
            self.stack[-1].add(item)
        else:
            self.root = item

    def _refuse_extras(self, event: yaml.Event) -> None:
        what = ""
        if isinstance(event, yaml.AliasEvent):
            what = "an alias"
        elif isinstance(event, yaml.NodeEvent) and event.anchor:
            what = "an anchor"
        elif getattr(event, "tag", None):
            what = "a tag"
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            what = "a second document" if self.documents > 1 else ""
        if what:
            raise RuleError(self.path, *_place(event), f"{what} is no part of the rule format")


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _as_key(item: Item, seen: dict[str, int]) -> Item:
    name = str(item.expect("text", "a key").value)
    if name in seen:
        raise item.error(f"duplicate key `{name}`, first on line {seen[name]}")
    seen[name] = item.line
    return item


def _scalar(path: str, event: yaml.ScalarEvent) -> Item:
    text: str = event.value
    line, column = _place(event)
    plain = event.implicit[0]
    if not plain:
        return Item(path, line, column, "text", text)
    if text in ("true", "false"):
        return Item(path, line, column, "flag", text == "true")
    if _NUMBER.fullmatch(text):
        return Item(path, line, column, "number", float(text) if "." in text else _whole(path, line, column, text))
    meaning = _yaml_meaning(text)
    if meaning == "null":
        raise RuleError(path, line, column, "the value is empty")
    if meaning:
        raise RuleError(
            path, line, column, f"`{text}` reads as a {_SPOKEN.get(meaning, meaning)} in YAML 1.1; quote it"
        )
    return Item(path, line, column, "text", text)


def _whole(path: str, line: int, column: int, text: str) -> int:
    if len(text) > 18:
        raise RuleError(path, line, column, "the number is too large")
    return int(text)


def _yaml_meaning(text: str) -> str:
    """What YAML 1.1 makes of a plain word when that is no text: `bool`, `null`, `timestamp`, `int`, `merge` ..."""
    for tag, pattern in yaml.SafeLoader.yaml_implicit_resolvers.get(text[:1], ()):
        if pattern.match(text):
            return str(tag).rpartition(":")[2]
    return ""
