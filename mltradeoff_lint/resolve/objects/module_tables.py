"""`globals()[name]` and `sys.modules[__name__]`: the names of a module as a table, of which a text takes one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mltradeoff_lint.model.facts import Call
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Frame,
    Library,
    Made,
    Module,
    Values,
    known_texts,
    union,
    unknown,
)
from mltradeoff_lint.resolve.interface import Resolver

TABLE = "builtins.globals()"
"""What `globals()` gives, and `vars()` and `locals()` outside of functions; the call says of which module."""

_OWN_NAME = Library("builtins.__name__")

COMPUTED = unknown("a name of a module that is not known")


def part(resolver: Resolver, value: Library, keys: Values, path: str) -> Values:
    """What a subscript takes of a table of names, or the own module of all; empty for any other thing of a library."""
    if value.path == TABLE and value.made:
        return item(resolver, value, keys)
    is_own = value.path == "sys.modules" and bool(path) and keys == (_OWN_NAME,)
    return (Module(path),) if is_own else ()


_Called = Callable[[CallRef, Call, Frame | None], Values]


def calls(resolver: Resolver, of_object: _Called) -> dict[str, _Called]:
    """What the built-ins that give tables of names give at a call; `of_object` is what `vars` gives of an object."""
    return {
        "builtins.globals": lambda site, _, frame: table(resolver, site, frame, is_global=True),
        "builtins.locals": lambda site, _, frame: table(resolver, site, frame) or unknown("the names of a function"),
        "builtins.vars": lambda site, call, frame: table(resolver, site, frame) or of_object(site, call, frame),
        f"{TABLE}.get": lambda site, _, frame: got(resolver, site, frame),
    }


def table(resolver: Resolver, site: CallRef, frame: Frame | None, *, is_global: bool = False) -> Values:
    """What `globals()`, `vars()` and `locals()` give; empty for the names of a function or an object."""
    call = resolver.call(site)
    is_own = not call.arguments and (is_global or call.scope == 0)
    given = [one for expr in call.arguments[:1] for one in resolver.values(site.path, expr, frame)]
    is_other = bool(given) and all(isinstance(one, Module) for one in given)
    return (Library(TABLE, (Made(site, frame),)),) if is_own or is_other else ()


def item(resolver: Resolver, value: Library, keys: Values) -> Values:
    """What a module has under names; unknown where one of them is not known."""
    names = known_texts(keys)
    if not names or len(names) != len(keys):
        return COMPUTED
    return union(*(resolver.member(module, name) for module in _modules(resolver, value) for name in names)) or COMPUTED


def got(resolver: Resolver, site: CallRef, frame: Frame | None) -> Values:
    """What `globals().get(name, default)` gives: the default too where the module is not known to have the name."""
    facts, call = resolver.facts(site.path), resolver.call(site)
    keys, *defaults = [resolver.values(site.path, expr, frame) for expr in call.arguments] or [()]
    tables = resolver.values(site.path, facts.exprs[call.function][1], frame)
    found = union(*(item(resolver, one, keys) for one in tables if isinstance(one, Library)))
    is_open = any(isinstance(one, Unknown) for one in found)
    return union(found, *defaults) if is_open else found


def _modules(resolver: Resolver, value: Library) -> Iterator[Module]:
    """The modules whose names a table has: those that are passed, else the one in which it is asked for."""
    for made in value.made[-1:]:
        arguments = resolver.call(made.call).arguments[:1]
        given = [one for expr in arguments for one in resolver.values(made.call.path, expr, made.frame)]
        yield from [one for one in given if isinstance(one, Module)] if arguments else [Module(made.call.path)]
