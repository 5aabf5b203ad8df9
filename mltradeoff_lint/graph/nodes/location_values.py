"""What a read or write is pointed at: the values of its location argument, seen through one call at a time."""

from __future__ import annotations

from mltradeoff_lint.graph.nodes.nested_locations import nested
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.catalog import Selector
from mltradeoff_lint.model.facts import NONE, Call
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Frame,
    Hole,
    Items,
    Library,
    Literal,
    Made,
    Mapping,
    Template,
    Value,
    Values,
    is_none,
    is_text,
    text_of,
    union,
)
from mltradeoff_lint.resolve.selectors import has_splat
from mltradeoff_lint.resolve.sites import Use
from mltradeoff_lint.resolve.values import strings
from mltradeoff_lint.resolve.values.operators import element

_TRAINING_KEYS = ("train", "training", "fit")
_CONTAINERS = ("bucket", "get_bucket", "Bucket", "get_container_client")
"""Methods that name what a later call names a part of."""
_NAMES = ("container", "bucket_name", "bucket", "container_name", "blob", "blob_name", "key", "Key", "name", "filepath")

_GLOBS = frozenset({"glob.glob()", "glob.iglob()"})
_PATH_GLOBS = frozenset({"pathlib.Path().glob()", "pathlib.Path().rglob()", "pathlib.Path().iterdir()"})
_WRAPPERS = ("tqdm.", "natsort.", "alive_progress.", "rich.progress.")
"""Calls that give back the elements of their first argument."""

_EXISTENCE = frozenset({"exists", "isfile", "isdir", "is_file", "is_dir"})

MAX_WRAPPED = 3


class LocationValues:
    """Evaluates the settings of catalogued calls, in the frame in which they were reached."""

    def __init__(self, work: Workspace) -> None:
        self._work = work

    def of(self, use: Use, frame: Frame | None, setting: str = "location") -> Values:
        """The values of a setting; several selectors are the parts of one location, joined by `/`."""
        values = self._arguments(use, frame, setting)
        values = nested(values, use.meaning) if use.meaning.literal("inside") else values
        if setting == "location" and use.meaning.selectors("schema"):
            values = _in_schema(self._arguments(use, frame, "schema"), values)
        return union(*(self._listed(value) for value in values))

    def _arguments(self, use: Use, frame: Frame | None, setting: str) -> Values:
        selectors = use.meaning.selectors(setting)
        if not selectors:
            word = use.meaning.literal(setting)
            return (Literal(word),) if word else ()
        parts = [self._part(use.ref, selector, frame) for selector in selectors]
        if len(parts) == 1:
            return parts[0]
        return strings.join_path([(one, "part") for one in parts if one]) if all(parts) else ()

    def exprs(self, use: Use, setting: str = "location") -> tuple[int, ...]:
        """The expressions a setting selects at a call."""
        return self._work.sites.select(use.ref, use.meaning.selectors(setting))

    def may_be_given(self, use: Use, setting: str = "location") -> bool:
        """Whether a call passes a setting, or passes `**values` that may hold it."""
        is_open = has_splat(self._work.resolver.facts(use.ref.path), use.ref)
        return bool(self.exprs(use, setting)) or (is_open and bool(use.meaning.selectors(setting)))

    def _part(self, ref: CallRef, selector: Selector, frame: Frame | None) -> Values:
        exprs = self._work.sites.select(ref, (selector,))
        values = union(*(self._work.resolver.values(ref.path, expr, frame) for expr in exprs))
        if not exprs:
            values = self._work.sites.splatted(ref, (selector,), frame)
        if selector.role != "self":
            return values
        return union(*(self._made_from(value) for value in values))

    def _made_from(self, value: Value) -> Values:
        """What a receiver was made from: the names given to its constructor and to those it was taken from."""
        if isinstance(value, (Literal, Template)):
            return (value,)
        if not isinstance(value, Library) or value.path.startswith("pymongo"):
            return ()
        parts: list[tuple[Values, str]] = []
        for position, made in enumerate(reversed(value.made)):
            if position and self._method(made) not in _CONTAINERS:
                break
            parts = [*self._names(made), *parts]
        return strings.join_path(parts) if any(is_told(values) for values, _ in parts) else ()

    def _method(self, made: Made) -> str:
        facts = self._work.resolver.facts(made.call.path)
        function = facts.exprs[facts.calls[made.call.call].function]
        return str(function[2] if function[0] == "attr" else function[1])

    def _names(self, made: Made) -> list[tuple[Values, str]]:
        call = self._work.resolver.call(made.call)
        parts = []
        for expr in self._opened(made) or self._naming(made):
            values = self._work.resolver.values(made.call.path, expr, made.frame)
            texts = tuple(one for one in values if is_text(one))
            if texts:
                parts.append((texts, "part"))
            elif not any(isinstance(one, Literal) for one in values):
                # a bucket that did not resolve leaves a hole: without it another place would be named
                parts.append(((Template((Hole(name_of(call, expr)),)),), "part"))
        return parts

    def _opened(self, made: Made) -> tuple[int, ...]:
        """What a constructor opens, as its own row tells it from a mode and other settings; empty without a row."""
        rows = [one.meaning for one in self._work.sites.at(made.call) if one.meaning.kind == "dataset-read"]
        given = [one for row in rows for one in row.selectors("location") if one.role != "self"]
        return self._work.sites.select(made.call, tuple(given))

    def _naming(self, made: Made) -> tuple[int, ...]:
        """The arguments of a call that no row tells apart, as far as they are held to name something."""
        call = self._work.resolver.call(made.call)
        positional = call.arguments[1:] if "connection_string" in self._method(made) else call.arguments
        return (*positional, *(expr for name in _NAMES for keyword, expr in call.keywords if keyword == name))

    # -- filesystems

    def scheme_of_filesystem(self, use: Use, frame: Frame | None) -> str:
        """The scheme of the filesystem object a call is given: `file` without one, `unknown` when it did not resolve.

        It is the scheme of the catalog row for opening a file on it.
        """
        values = self._arguments(use, frame, "filesystem")
        found: set[str] = set()
        for value in values:
            if isinstance(value, Literal) and value.value is None:
                continue
            path = f"{value.path}.open" if isinstance(value, Library) else ""
            rows = self._work.resolver.program.meanings("calls", path) if path else ()
            found.update(row.literal("scheme", "file") or "file" for row in rows if row.kind == "dataset-read")
            found.update(() if rows else ("unknown",))
        return found.pop() if len(found) == 1 else "unknown" if found else "file"

    # -- conditions

    def is_optional(self, use: Use, frame: Frame | None, text: str) -> bool:
        """Whether a read stands behind a test that its own file exists: a copy that is taken when it is there."""
        facts = self._work.resolver.facts(use.ref.path)
        region = facts.calls[use.ref.call].region
        while region > 0:
            one = facts.regions[region]
            test = facts.exprs[one.test] if one.kind == "then" and one.test != NONE else ("none",)
            if test[0] == "call" and self._asks_for(CallRef(use.ref.path, test[1]), frame, text):
                return True
            region = one.parent
        return False

    def _asks_for(self, ref: CallRef, frame: Frame | None, text: str) -> bool:
        facts = self._work.resolver.facts(ref.path)
        call = facts.calls[ref.call]
        function = facts.exprs[call.function]
        name = str(function[2] if function[0] == "attr" else function[1])
        if name not in _EXISTENCE:
            return False
        asked = call.arguments[:1] or ((function[1],) if function[0] == "attr" else ())
        return any(text_of(one) == text for expr in asked for one in self._work.resolver.values(ref.path, expr, frame))

    # -- listings of files

    def _listed(self, value: Value, depth: int = 0) -> Values:
        """The pattern behind an element of `glob.glob(...)` and its kin; any other value as it is."""
        if not isinstance(value, Library) or not value.made or depth > MAX_WRAPPED:
            return (value,)
        made, path = value.made[-1], value.path.removesuffix("[]")
        call = self._work.resolver.call(made.call)
        if path in _GLOBS or path.startswith(_WRAPPERS):
            if not call.arguments:
                return (value,)
            given = self._work.resolver.values(made.call.path, call.arguments[0], made.frame)
            if path in _GLOBS:
                return given
            return union(*(self._listed(one, depth + 1) for each in given for one in element(each))) or (value,)
        if path in _PATH_GLOBS:
            return self._globbed(made) or (value,)
        return (value,)

    def _globbed(self, made: Made) -> Values:
        """`Path(folder).glob(pattern)`, `Path(folder).iterdir()` as one pattern."""
        facts = self._work.resolver.facts(made.call.path)
        call = facts.calls[made.call.call]
        function = facts.exprs[call.function]
        folders = self._work.resolver.values(made.call.path, function[1], made.frame) if function[0] == "attr" else ()
        names: Values = (Literal("*"),)
        if call.arguments:
            names = self._work.resolver.values(made.call.path, call.arguments[0], made.frame)
        return strings.join_path([(folders, "folder"), (names, "pattern")]) if folders else ()


def _in_schema(schemas: Values, tables: Values) -> Values:
    """The names of tables with the schema that a call gives beside them; one that is written with its schema stays."""
    named = tuple(one for one in schemas if not is_none(one))
    whole = tuple(one for one in tables if not is_text(one) or "." in text_of(one))
    bare = tuple(one for one in tables if one not in whole)
    below = strings.concatenate([(named, "schema"), (bare, "table")], ".") if named and bare else ()
    return union(whole, below, bare if len(named) < len(schemas) or not named else ())


def name_of(call: Call, expr: int) -> str:
    """The keyword an argument is given by, else a word for a part of a location."""
    return next((name for name, given in call.keywords if given == expr and name), "part")


def is_told(values: Values) -> bool:
    """Whether anything of a text is known, so that it is more than one hole."""
    return any(not isinstance(one, Template) or len(one.parts) > 1 for one in values)


def flat(values: Values) -> tuple[Value, ...]:
    """The single locations among values: lists and dicts of files are taken apart, of splits the one to train on."""
    found: list[Value] = []
    for value in values:
        if isinstance(value, Items):
            found += [one for item in value.items for one in flat(item)]
        elif isinstance(value, Mapping):
            training = [item for key, item in value.entries if key in _TRAINING_KEYS]
            found += [one for item in training or [item for _, item in value.entries] for one in flat(item)]
        elif not (isinstance(value, Literal) and value.value is None):
            found.append(value)
    return tuple(dict.fromkeys(found))


def training_part(work: Workspace, path: str, expr: int) -> tuple[int, ...]:
    """The part of a dict of splits that is learned from: `{"train": a, "valid": b}` gives `a`."""
    facts = work.resolver.facts(path)
    one = facts.exprs[expr]
    if one[0] == "name" and len(one[2]) == 1 and facts.definitions[one[2][0]].kind == "assign":
        definition = facts.definitions[one[2][0]]
        one = facts.exprs[definition.value] if not definition.path else one
    if one[0] == "dict":
        keyed = [value for key, value in one[1] if key != NONE and facts.exprs[key] in _TRAIN_CONSTANTS]
        return tuple(keyed) or (expr,)
    return (expr,)


_TRAIN_CONSTANTS = tuple(("const", key) for key in _TRAINING_KEYS)


def is_named_by_data(value: Value) -> bool:
    """Whether a location is a text that data fills in: what it names is another thing than the data."""
    return isinstance(value, Library) and value.path.endswith(".format()")
