"""Frames that hold nothing but the keys of a merge: they choose rows and bring no features."""

from __future__ import annotations

from mltradeoff_lint.model.facts import Call
from mltradeoff_lint.resolve.domain import Frame, Items, Library, Mapping, Values, known_texts
from mltradeoff_lint.resolve.interface import Resolver


def is_frame_of_keys(resolver: Resolver, path: str, expr: int, call: Call, frame: Frame | None) -> bool:
    """Whether an argument of `merge(..., on=keys)` is a frame built from a dict of these keys alone."""
    keys: set[str] = set()
    for name, given in call.keywords:
        if name == "on":
            for one in resolver.values(path, given, frame):
                keys.update(known_texts((one,)))
                keys.update(
                    text for item in (one.items if isinstance(one, Items) else ()) for text in known_texts(item)
                )
    if not keys:
        return False
    for value in resolver.values(path, expr, frame):
        if not isinstance(value, Library) or value.path != "pandas.DataFrame()" or not value.made:
            return False
        made = value.made[-1]
        arguments = resolver.call(made.call).arguments
        columns = _columns(resolver.values(made.call.path, arguments[0], made.frame)) if arguments else None
        if columns is None or not columns <= keys:
            return False
    return True


def _columns(values: Values) -> set[str] | None:
    """The columns of a dict of columns or a list of rows; None when there may be others."""
    columns: set[str] = set()
    for value in values:
        if isinstance(value, Mapping) and not value.is_open:
            columns.update(name for name, _ in value.entries)
        elif isinstance(value, Items) and not value.is_open:
            for item in value.items:
                inner = _columns(item)
                if inner is None:
                    return None
                columns |= inner
        else:
            return None
    return columns if values else None
