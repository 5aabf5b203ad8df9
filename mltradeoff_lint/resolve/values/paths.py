"""Paths as values: their parts, the place of a module in the repository, and the patterns of listed folders.

A path is the text it is written with, or a template. What a listing of a folder gives is one template with a hole
for each wildcard, so that `Path("data").glob("*.csv")` and `os.listdir("data")` name files of `data`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from urllib import parse

from mltradeoff_lint.resolve.domain import (
    Hole,
    Items,
    Literal,
    Template,
    Value,
    Values,
    known_texts,
    union,
    unknown,
    weakest,
)
from mltradeoff_lint.resolve.values import strings

_WILD = re.compile(r"\*\*|\*|\?|\[[^\]/]*\]")

Parts = tuple[str | Hole, ...]

MAX_STEPS = 3
"""Folders above a path that is not known that are told apart."""


def of_module(path: str) -> Value:
    """What `__file__` is in a module."""
    return Template((Hole(strings.REPOSITORY), f"/{path}"))


def inside_repository(text: str) -> str | None:
    """The path from the repository's root that a text names for certain; None for any other text."""
    marker = "{" + strings.REPOSITORY + "}/"
    if not text.startswith(marker):
        return None
    rest = posixpath.normpath(text.removeprefix(marker))
    return None if rest.startswith("..") else rest


def _parts(value: Value) -> Parts | None:
    if isinstance(value, Literal) and isinstance(value.value, str):
        return (value.value,)
    return value.parts if isinstance(value, Template) else None


def _mapped(values: Values, change: Callable[[Parts], Parts | None], hole: str) -> Values:
    """Each text changed; what cannot be told is a hole, and what is no text stays unknown."""
    found: list[Value] = []
    for value in values:
        parts = _parts(value)
        if parts is None:
            return unknown(("" if hole == "path" else f"the {hole} of ") + "a path that did not resolve")
        changed = change(parts)
        provenance = strings.provenance_of(value)
        found.append(strings.make(changed if changed is not None else (Hole(_part_name(parts, hole)),), provenance))
    return union(tuple(found))


def _part_name(parts: Parts, hole: str) -> str:
    """What the hole of a part of a path is called: after the path too where that is one hole, as `folder.parent`.

    A part of a part of many parts is no longer told apart from it, so that a climb through folders comes to an end.
    """
    whole = parts[0] if len(parts) == 1 and hole.isidentifier() else ""
    if isinstance(whole, str) or whole.is_wildcard or whole.name in (strings.REPOSITORY, hole):
        return hole
    if f".{whole.name}".endswith(".name"):
        # what is taken of a name is taken of its path
        hole = "stem" if hole == "path" else hole
        name = whole.name.removesuffix("name").rstrip(".")
    else:
        name = whole.name
    if not name:
        return hole
    return f"{name}.{hole}" if name.count(f".{hole}") < MAX_STEPS else name


def _split(parts: Parts) -> tuple[Parts, Parts] | None:
    """The folder and the name of a path; None when a hole hides where the name begins."""
    for index in range(len(parts) - 1, -1, -1):
        part = parts[index]
        if isinstance(part, Hole):
            if not part.is_wildcard:
                return None
        else:
            text = part.rstrip("/") if index == len(parts) - 1 else part
            head, slash, tail = text.rpartition("/")
            if slash:
                return (*parts[:index], head or ("" if index else "/")), (tail, *parts[index + 1 :])
    return ("",), parts


# -- parts of a path


def parent(values: Values, *, bare: str = ".") -> Values:
    """`Path.parent`, and with `bare` empty `os.path.dirname`: the folder of each path."""

    def change(parts: Parts) -> Parts | None:
        if len(parts) == 1 and str(parts[0]).rstrip("/").rpartition("/")[2] in (".", ".."):
            # the working folder is `.`, and the folder above it is no part of the text
            return (posixpath.normpath(f"{parts[0]}/.."),)
        split = _split(parts)
        return None if split is None else tuple(part for part in split[0] if part != "") or (bare,)

    return _mapped(values, change, "parent")


def name(values: Values) -> Values:
    """The last name of each path; a name with a hole keeps what is known behind the hole."""

    def change(parts: Parts) -> Parts | None:
        split = _split(parts)
        if split is not None:
            return split[1]
        last = parts[-1]
        if not isinstance(last, str) or "/" in last:
            return None
        return Hole(_part_name(parts[:1], "name") if len(parts) == 2 else "name"), last

    return _mapped(values, change, "name")


def stem(values: Values) -> Values:
    """The last name of each path without its suffix."""
    return _mapped(name(values), lambda parts: _without_suffix(parts), "stem")


def suffix(values: Values) -> Values:
    """The suffix of each path, with its dot."""
    return _mapped(name(values), lambda parts: _suffix(parts), "suffix")


def _suffix(parts: Parts) -> Parts | None:
    last = parts[-1] if parts else ""
    if not isinstance(last, str):
        return None
    tail = last.rpartition("/")[2]
    dot = tail.rpartition(".")
    return (f".{dot[2]}",) if dot[1] and (dot[0] or len(parts) > 1) else (("",) if len(parts) == 1 else None)


def _without_suffix(parts: Parts) -> Parts | None:
    found = _suffix(parts)
    if found is None:
        return None
    return (*parts[:-1], str(parts[-1]).removesuffix(str(found[0])))


def with_suffix(values: Values, new: Values) -> Values:
    """Each path with another suffix."""
    return strings.concatenate([(_mapped(values, _without_suffix, "path"), "path"), (new, "suffix")])


def with_name(values: Values, new: Values) -> Values:
    """Each path with another last name."""
    return strings.join_path([(parent(values), "folder"), (new, "name")])


def with_stem(values: Values, new: Values) -> Values:
    """Each path with another last name and its own suffix."""
    return with_name(values, strings.concatenate([(new, "stem"), (suffix(values), "suffix")]))


def relative_to(values: Values, folder: Values) -> Values:
    """Each path as seen from a folder above it."""
    heads = [parts for one in folder if (parts := _parts(one)) is not None]

    def change(parts: Parts) -> Parts | None:
        if len(heads) != 1 or len(folder) != 1:
            return None
        head, rest = heads[0], parts[len(heads[0]) - 1 :]
        if parts[: len(head) - 1] != head[:-1] or not head or not rest:
            return None
        if isinstance(head[-1], Hole):
            found = parts[len(head) :]
            is_under = rest[0] == head[-1] and found and str(found[0]).startswith("/")
            return (str(found[0]).lstrip("/"), *found[1:]) if is_under else None
        first = rest[0]
        if not isinstance(first, str) or not first.startswith(f"{head[-1].rstrip('/')}/"):
            return None
        return (first.removeprefix(head[-1].rstrip("/")).lstrip("/"), *rest[1:])

    return _mapped(values, change, "relative path")


def _parents(values: Values) -> Values:
    above: list[Values] = []
    here = values
    while len(above) < 12:
        following = parent(here)
        if following == here or any(_is_lost(one) for one in following):
            break
        above.append(following)
        here = following
    return (Items(tuple(above)),) if above else unknown("the folders above a path")


def _is_lost(value: Value) -> bool:
    parts = _parts(value)
    if parts is None or parts == ("",):
        return True
    return len(parts) == 1 and isinstance(parts[0], Hole) and parts[0].name.rpartition(".")[2] == "parent"


def _splitext(values: Values) -> Values:
    bare = _mapped(values, _without_suffix, "path")
    return (Items((bare, suffix(values))),)


def _absolute(values: Values) -> Values:
    """`os.path.abspath`: the path itself, and the working folder for an empty one."""
    return _mapped(values, lambda parts: (".",) if parts == ("",) or not parts else parts, "path")


ATTRIBUTES: Mapping[str, Callable[[Values], Values]] = {
    "parent": parent,
    "parents": _parents,
    "stem": stem,
    "suffix": suffix,
}
"""Attributes that only a path has."""


def attribute(value: Value, attribute_name: str) -> Values | None:
    """An attribute of a path; None when it is none. `name` is also one of enumeration members, so it takes a path."""
    if attribute_name == "name":
        parts = _parts(value) or ()
        is_one = len(parts) == 1 or (len(parts) == 2 and "/" not in str(parts[1]))
        if is_one and isinstance(parts[0], Hole) and parts[0].name.startswith("run:"):
            # the name of a temporary file is its path
            return (value,)
        is_path = any(isinstance(part, str) and ("/" in part or re.search(r"\.\w{1,8}$", part)) for part in parts)
        return name((value,)) if is_path else None
    found = ATTRIBUTES.get(attribute_name)
    return None if found is None else found((value,))


# -- listings


def pattern(values: Values) -> Values:
    """Glob patterns as templates, with a hole for each wildcard."""

    def change(parts: Parts) -> Parts:
        return tuple(one for part in parts for one in (_with_holes(part) if isinstance(part, str) else (part,)))

    return _mapped(values, change, "pattern")


def _with_holes(text: str) -> Sequence[str | Hole]:
    found: list[str | Hole] = []
    end = 0
    for wild in _WILD.finditer(text):
        found += [text[end : wild.start()], Hole("**" if wild.group() == "**" else "*")]
        end = wild.end()
    return [part for part in (*found, text[end:]) if part != ""]


def listed(folder: Values, wanted: Values, *, deep: bool = False) -> Values:
    """The paths that a listing of a folder gives, as one open list."""
    pieces = [(folder, "folder"), ((Template((Hole("**"),)),), ""), (pattern(wanted), "pattern")]
    return (Items((strings.join_path(pieces if deep else [pieces[0], pieces[2]]),), True),)


def names_listed() -> Values:
    """The names that `os.listdir` gives."""
    return (Items(((Template((Hole("*"),)),),), True),)


def walked(folder: Values) -> Values:
    """`os.walk`: triples of a folder, the folders in it and the files in it."""
    here = strings.join_path([(folder, "folder"), ((Template((Hole("**"),)),), "")])
    return (Items(((Items((here, names_listed(), names_listed())),),), True),)


# -- calls


def _url_joined(base: Values, further: Values = ()) -> Values:
    """`urljoin` of an address that ends its folder; what replaces the last name of another is only known in full."""
    if not further:
        return base
    pairs = [(a, b) for a in base for b in further if known_texts((a, b))[1:]]
    if len(pairs) == len(base) * len(further):
        return union(tuple(_url_of(a, b) for a, b in pairs))
    ends = [parts[-1] for one in base if (parts := _parts(one))]
    is_folder = len(ends) == len(base) and all(isinstance(end, str) and end.endswith("/") for end in ends)
    starts = [parts[0] for one in further if (parts := _parts(one))]
    is_relative = all(isinstance(start, str) and not start.startswith("/") and "://" not in start for start in starts)
    if not is_folder or not is_relative or len(starts) != len(further):
        return unknown("an address that is put together")
    return strings.concatenate([(base, "base"), (further, "path")])


def _url_of(base: Value, further: Value) -> Value:
    left, right = known_texts((base, further))
    return Literal(parse.urljoin(left, right), weakest(strings.provenance_of(base), strings.provenance_of(further)))


METHODS: Mapping[str, Callable[[Values, Sequence[Values]], Values]] = {
    "joinpath": lambda path, given: strings.join_path([(path, "base"), *((one, "part") for one in given)]),
    "with_suffix": lambda path, given: with_suffix(path, given[0]),
    "with_name": lambda path, given: with_name(path, given[0]),
    "with_stem": lambda path, given: with_stem(path, given[0]),
    "relative_to": lambda path, given: relative_to(path, given[0]),
    "glob": lambda path, given: listed(path, given[0]),
    "rglob": lambda path, given: listed(path, given[0], deep=True),
    "iterdir": lambda path, given: listed(path, (Literal("*"),)),
    "resolve": lambda path, given: path,
    "absolute": lambda path, given: path,
    "expanduser": lambda path, given: path,
    "as_posix": lambda path, given: path,
}
"""Methods of paths, by what they make of their receiver and arguments."""

FUNCTIONS: Mapping[str, Callable[[Sequence[Values]], Values]] = {
    "os.path.dirname": lambda given: parent(given[0], bare=""),
    "os.path.basename": lambda given: name(given[0]),
    "os.path.split": lambda given: (Items((parent(given[0], bare=""), name(given[0]))),),
    "os.path.splitext": lambda given: _splitext(given[0]),
    "os.path.abspath": lambda given: _absolute(given[0]),
    "os.path.realpath": lambda given: _absolute(given[0]),
    "os.path.expandvars": lambda given: given[0],
    "os.path.relpath": lambda given: relative_to(given[0], given[1]) if len(given) > 1 else given[0],
    "glob.glob": lambda given: (Items((pattern(given[0]),), True),),
    "glob.iglob": lambda given: (Items((pattern(given[0]),), True),),
    "os.listdir": lambda given: names_listed(),
    "urllib.parse.urljoin": lambda given: _url_joined(*given[:2]),
    "os.walk": lambda given: walked(given[0]),
}
"""Functions of paths that take their path first."""

SEPARATORS = frozenset({"os.sep", "os.path.sep", "posixpath.sep"})
"""What stands between the names of a path: a slash, as in every path that is put together here."""

HERE: Mapping[str, str] = {"os.getcwd": ".", "pathlib.Path.cwd": ".", "pathlib.Path.home": "~"}
"""Functions without arguments: the working folder, from which relative paths are seen anyway, and the home folder."""

CALLS = frozenset({*FUNCTIONS, *HERE})
"""The access paths of all these functions."""


def called(path: str, given: Sequence[Values]) -> Values | None:
    """What a function of `os`, `glob` or `pathlib` gives; None when it is none that is known here."""
    if path in HERE:
        return (Literal(HERE[path]),)
    function = FUNCTIONS.get(path)
    return None if function is None or not given or not given[0] else function(given)


def method(method_name: str, receiver: Values, given: Sequence[Values]) -> Values | None:
    """What a method of a path gives; None when it is none that is known here."""
    found = METHODS.get(method_name)
    needs_argument = method_name.startswith(("with_", "relative", "glob", "rglob"))
    return None if found is None or (needs_argument and not given) else found(receiver, given)
