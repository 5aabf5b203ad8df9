"""What methods of texts give. A known path is a text too, so the methods of `pathlib.Path` are among them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence

from mltradeoff_lint.resolve.bounds import MAX_TEXT
from mltradeoff_lint.resolve.domain import (
    MAX_VALUES,
    Hole,
    Items,
    Literal,
    Template,
    Value,
    Values,
    known_texts,
    union,
)
from mltradeoff_lint.resolve.values import paths, split_texts, strings
from mltradeoff_lint.resolve.values.hole_names import as_piece

JOINING = frozenset({"format", "join", "joinpath", "replace"})
"""Methods that put a text together of others."""

MAX_PARTS = 50
"""Parts of a split text that are told apart."""

_UNCHANGED = frozenset({"as_posix", "__str__", "encode", "decode", "strip", "rstrip", "lstrip"})
_CASES: Mapping[str, Callable[[str], str]] = {
    "lower": str.lower, "upper": str.upper, "title": str.title, "capitalize": str.capitalize, "casefold": str.casefold,
}  # fmt: skip
_ENDS: Mapping[str, Callable[[str, str], str]] = {
    "strip": str.strip, "lstrip": str.lstrip, "rstrip": str.rstrip, "removeprefix": str.removeprefix,
    "removesuffix": str.removesuffix,
}  # fmt: skip


def method(
    name: str,
    receiver: Values,
    arguments: Sequence[Values],
    keywords: Mapping[str, Values],
    spread: Values = (),
    hints: Sequence[str] = (),
) -> Values | None:
    """What `text.name(...)` gives; None when nothing is known of the method.

    `spread` is what `**values` brings, and `hints` are the names of the arguments.
    """
    if name == "format":
        given = dict(keywords)
        for value in spread:
            given.update({key: held for key, held in getattr(value, "entries", ()) if key not in given})
        return strings.format_fields(receiver, arguments, given, hints)
    if name == "format_map":
        held = arguments[0] if len(arguments) == 1 and len(arguments[0]) == 1 else ()
        return strings.format_fields(receiver, (), dict(getattr(held[0], "entries", ())) if held else {})
    if name == "join" and arguments:
        return _joined(receiver, arguments[0])
    if name == "joinpath" and len(hints) == len(arguments):
        names = [as_piece(one) for one in hints]
        return strings.join_path([(receiver, "base"), *zip(arguments, names, strict=True)])
    found = paths.method(name, receiver, arguments)
    if found is not None:
        return found
    if name == "replace" and len(arguments) == 2:
        return _replaced(receiver, known_texts(arguments[0]), arguments[1])
    if name in ("split", "rsplit", "splitlines", "partition", "rpartition"):
        return _split(name, receiver, [*arguments, *(keywords[key] for key in ("sep", "maxsplit") if key in keywords)])
    change = _change(name, arguments)
    if change is not None and any(isinstance(one, Literal) for one in receiver):
        return union(tuple(_applied(one, change, name) for one in receiver))
    return receiver if name in _UNCHANGED else None


def spreads(held: Sequence[Values]) -> Sequence[Values]:
    """What `**values` bring to one call, once for each of their alternatives; all in one where these are too many."""
    if math.prod(map(len, held)) > MAX_VALUES:
        return (union(*held),)
    return tuple(itertools.product(*held))


def as_text(values: Values) -> Values:
    """`str(value)` of numbers; a path is its text already, and None is a value that was left out."""
    return tuple(
        Literal(str(one.value), one.provenance) if isinstance(one, Literal) and one.value is not None else one
        for one in values
    )


def _change(name: str, arguments: Sequence[Values]) -> Callable[[str], str] | None:
    if name in _CASES:
        return _CASES[name]
    given = [known_texts(one) for one in arguments]
    ends = _ENDS.get(name)
    if ends is None or len(given) > 1 or any(len(one) != 1 for one in given):
        return None
    if not given:
        return {"strip": str.strip, "lstrip": str.lstrip, "rstrip": str.rstrip}.get(name)
    return lambda text: ends(text, given[0][0])


def _applied(value: Value, change: Callable[[str], str], name: str) -> Value:
    if isinstance(value, Literal) and isinstance(value.value, str):
        return Literal(change(value.value), value.provenance)
    return Template((Hole(name),), strings.provenance_of(value)) if name in _CASES else value


def _joined(separator: Values, given: Values) -> Values | None:
    whole = [one for one in given if isinstance(one, Items) and not one.is_open]
    if len(whole) != len(given):
        return None
    return union(*(strings.join_texts(separator, one.items) for one in whole))


def _replaced(receiver: Values, old: Sequence[str], new: Values) -> Values | None:
    """`text.replace(old, new)` of known texts; a template keeps its holes when no part of it can span one."""
    added = known_texts(new)
    if len(old) != 1 or len(added) != 1 or len(new) != 1:
        return None
    found: list[Value] = []
    for value in receiver:
        if _grown(value, old[0], added[0]) > MAX_TEXT:
            return None
        if isinstance(value, Literal) and isinstance(value.value, str):
            found.append(Literal(value.value.replace(old[0], added[0]), value.provenance))
        elif isinstance(value, Template) and not _spans(value, old[0]):
            parts = [part.replace(old[0], added[0]) if isinstance(part, str) else part for part in value.parts]
            found.append(strings.make(parts, value.provenance))
        else:
            return None
    return union(tuple(found))


def _spans(value: Template, old: str) -> bool:
    """Whether a text may stand in a template partly in a hole: one of its ends lies where a written part meets it."""
    for place, part in enumerate(value.parts):
        if not isinstance(part, str):
            continue
        has_before, has_after = place > 0, place < len(value.parts) - 1
        cuts = range(1, len(old))
        if (
            (has_before and any(part.startswith(old[cut:]) for cut in cuts))
            or (has_after and any(part.endswith(old[:cut]) for cut in cuts))
            or (has_before and has_after and part in old[1:-1])
        ):
            return True
    return False


def _grown(value: Value, old: str, new: str) -> int:
    """How long a text is with one text in place of another."""
    parts = strings.parts_of(value)
    texts = [part for part in parts if isinstance(part, str)]
    return sum(len(text) + text.count(old) * (len(new) - len(old)) for text in texts)


def _split(name: str, receiver: Values, arguments: Sequence[Values]) -> Values | None:
    separators = [known_texts(one) for one in arguments[:1]]
    most = arguments[1] if len(arguments) == 2 and "split" in name else ()
    limit = most[0].value if len(most) == 1 and isinstance(most[0], Literal) else None
    if (len(arguments) > 1 and not isinstance(limit, int)) or any(len(one) != 1 for one in separators):
        return None
    cuts = limit if isinstance(limit, int) else -1
    separator = separators[0][0] if separators else None
    if separator == "" or (separator is None and "partition" in name):
        return None
    found = [_split_one(name, value, separator, cuts) for value in receiver]
    known = tuple(one for one in found if one is not None)
    return known if known and len(known) == len(found) else None


def _split_one(name: str, value: Value, separator: str | None, cuts: int) -> Value | None:
    if isinstance(value, Template) and separator:
        return split_texts.cut(name, value, separator, cuts)
    if not isinstance(value, Literal) or not isinstance(value.value, str):
        return None
    text = value.value
    split: Mapping[str, Callable[[], Sequence[str]]] = {
        "split": lambda: text.split(separator, cuts),
        "rsplit": lambda: text.rsplit(separator, cuts),
        "splitlines": lambda: text.splitlines(),
        "partition": lambda: text.partition(str(separator)),
        "rpartition": lambda: text.rpartition(str(separator)),
    }
    parts = split[name]()
    pieces = tuple((Literal(part, value.provenance),) for part in parts[:MAX_PARTS])
    return Items(pieces, len(parts) > MAX_PARTS, len(pieces))
