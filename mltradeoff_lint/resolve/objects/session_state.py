"""What an app keeps by key for the session of a user: `st.session_state["model"]`, `cl.user_session.get("chain")`.

The pages of an app share its sessions, and every run of a page sees what an earlier one put there. Their order is not
known, so all that is written under a key counts, and a list that is changed in place has more elements than it was
written with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mltradeoff_lint.model.facts import NONE, PythonFacts, Write
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Frame,
    Items,
    Library,
    Values,
    is_none,
    known_texts,
    union,
    unknown,
)
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.session_apps import are_shared, is_one_app

SESSIONS = frozenset({"streamlit.session_state", "chainlit.user_session"})

MAX_WRITES = 40
"""A key that is written in more places than this is not looked through."""

_METHODS = frozenset({*dir(dict), "set"})
_TAKING = frozenset({"get", "pop", "setdefault"})
_PUTTING = frozenset({"set", "setdefault"})
_GROWING = frozenset({"append", "appendleft", "extend", "insert", "add"})


class _Write(NamedTuple):
    path: str
    base: int
    value: int
    """NONE where a widget of the page fills the key, and where a list under it is changed in place."""
    is_growth: bool = False


def kept(resolver: Resolver, value: Library, key: str, path: str = "") -> Values:
    """What is written under a key of a session in the app of a module; empty when nothing is.

    Without a module, the key must be written in one app only: apps do not share their sessions.
    """
    writes = resolver.program.ask("session-writes", "", lambda: _by_key(resolver)).get(key, ())
    writes = tuple(one for one in writes if not is_test(one.path)) if len(writes) <= MAX_WRITES else ()
    if not path and not is_one_app(resolver, (one.path for one in writes)):
        return ()
    found: list[Values] = []
    writes = tuple(one for one in writes if not path or are_shared(resolver, path, one.path))
    for one in writes:
        if one.is_growth:
            continue
        if one.value == NONE:
            found += [unknown("what a user enters")] if value.path.startswith("streamlit.") else []
        elif any(isinstance(base, Library) and base.path == value.path for base in resolver.values(one.path, one.base)):
            found.append(resolver.values(one.path, one.value))
    values = union(*found)
    if any(one.is_growth for one in writes):
        values = tuple(Items(one.items, True, one.fewest) if isinstance(one, Items) else one for one in values)
    return tuple(one for one in values if not is_none(one)) or values


def attribute(resolver: Resolver, value: Library, name: str) -> Values:
    """What `session.name` reads; empty for a method of the session itself."""
    return () if value.path not in SESSIONS or name in _METHODS else kept(resolver, value, name)


def item(resolver: Resolver, value: Library, keys: Values, path: str) -> Values:
    """What `session[key]` reads in a module; empty when the key is not one known text."""
    names = known_texts(keys)
    return kept(resolver, value, names[0], path) if value.path in SESSIONS and len(names) == len(keys) == 1 else ()


def taken(resolver: Resolver, value: Library, site: CallRef, frame: Frame | None) -> Values:
    """What `session.get(key, default)` gives; empty for any other call."""
    holder, _, method = value.path.rpartition(".")
    arguments = resolver.call(site).arguments
    if holder not in SESSIONS or method not in _TAKING or not arguments:
        return ()
    found = item(resolver, Library(holder), resolver.values(site.path, arguments[0], frame), site.path)
    default = resolver.values(site.path, arguments[1], frame) if found and len(arguments) > 1 else ()
    return union(found, tuple(one for one in default if not is_none(one)))


def _by_key(resolver: Resolver) -> dict[str, tuple[_Write, ...]]:
    index: dict[str, list[_Write]] = {}
    for path in resolver.program.python_paths():
        facts = resolver.facts(path)
        for key, write in (*_assigned(path, facts), *_called(path, facts), *_grown(path, facts)):
            index.setdefault(key, []).append(write)
    return {key: tuple(writes) for key, writes in index.items()}


def _assigned(path: str, facts: PythonFacts) -> Iterator[tuple[str, _Write]]:
    for write in facts.writes:
        key = "" if write.operator or write.path or write.value == NONE else _written(facts, write)
        if key:
            yield key, _Write(path, write.base, write.value)


def _called(path: str, facts: PythonFacts) -> Iterator[tuple[str, _Write]]:
    for call in facts.calls:
        function = facts.exprs[call.function]
        if function[0] != "attr":
            continue
        is_put = function[2] in _PUTTING and len(call.arguments) > 1 and _is_session(facts, function[1])
        if is_put and (key := _text(facts, call.arguments[0])):
            yield key, _Write(path, function[1], call.arguments[1])
        for name, expr in call.keywords:
            if name == "key" and (key := _text(facts, expr)):
                yield key, _Write(path, function[1], NONE)


def _grown(path: str, facts: PythonFacts) -> Iterator[tuple[str, _Write]]:
    """The lists of a session that are changed in place, also under a name: `chat = session.get("chat")`."""
    for write in facts.writes:
        if write.operator and (key := _written(facts, write)):
            yield key, _Write(path, write.base, NONE, True)
    changed = [read for one in facts.definitions if one.kind == "augment" for read in _bound(facts, one.previous)]
    for call in facts.calls:
        function = facts.exprs[call.function]
        if function[0] == "attr" and function[2] in _GROWING:
            base = facts.exprs[function[1]]
            changed += _bound(facts, base[2]) if base[0] == "name" else [function[1]]
    for read in changed:
        session, key = _read(facts, read)
        if key:
            yield key, _Write(path, session, NONE, True)


def _written(facts: PythonFacts, write: Write) -> str:
    """The key of a session that is written; empty for any other write."""
    if not _is_session(facts, write.base):
        return ""
    return str(write.key) if write.kind == "attribute" else _text(facts, write.key) if write.kind == "item" else ""


def _bound(facts: PythonFacts, versions: Sequence[int]) -> Iterator[int]:
    """What a name is bound to where versions of it are changed in place."""
    pending, seen = list(versions), set(versions)
    while pending:
        one = facts.definitions[pending.pop()]
        if one.kind == "assign" and not one.path:
            yield one.value
        pending += [each for each in one.previous if each not in seen]
        seen.update(one.previous)


def _read(facts: PythonFacts, index: int) -> tuple[int, str]:
    """The session and the key that an expression reads; no key for any other expression."""
    expr = facts.exprs[index]
    if expr[0] == "attr" and _is_session(facts, expr[1]):
        return expr[1], str(expr[2])
    if expr[0] == "item" and expr[2] != NONE and _is_session(facts, expr[1]):
        return expr[1], _text(facts, expr[2])
    call = facts.calls[expr[1]] if expr[0] == "call" else None
    function = facts.exprs[call.function] if call is not None and call.arguments else ("none",)
    if call is None or function[0] != "attr" or function[2] not in _TAKING or not _is_session(facts, function[1]):
        return NONE, ""
    return function[1], _text(facts, call.arguments[0])


def _is_session(facts: PythonFacts, base: int) -> bool:
    """Whether an expression is called like a session."""
    expr = facts.exprs[base]
    return str(expr[2] if expr[0] == "attr" else expr[1] if expr[0] == "name" else "") in (
        "session_state",
        "user_session",
    )


def _text(facts: PythonFacts, expr: int) -> str:
    one = facts.exprs[expr]
    return one[1] if one[0] == "const" and isinstance(one[1], str) else ""
