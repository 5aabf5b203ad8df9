"""Access paths as a repository writes them: the catalog calls `snowflake.connector.connect()` by the name of its kin.

A path whose library the module does not import is turned back into what leads to it by one that the module, or else the
repository, imports. Where several lead to it, it stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.resolve.domain import Class, Instance, Library
from mltradeoff_lint.resolve.interface import Resolver

MAX_STEPS = 3
"""Spellings and results that are followed one behind the other."""


def as_imported(resolver: Resolver, path: str, access: str) -> str:
    """An access path in the words of the libraries that a module imports."""
    if _root(access) == "builtins":
        # nobody imports them, and what a list or dict is given back by says nothing of one that is written down
        return access
    own = _roots(resolver, path)
    everywhere = resolver.program.ask("import-roots", "", lambda: _all_roots(resolver))
    if _root(access) in everywhere or "." not in access:
        return access
    leading = resolver.program.ask("leading-paths", "", resolver.program.catalog.giving)
    for roots in (own, everywhere):
        found = _written(access, roots, leading)
        if found:
            return found
    return access


def as_written(resolver: Resolver, path: str, function: int, value: Library) -> str:
    """The path of what is called, by the name that it or the class of its object has where that is written down.

    The catalog knows several classes as one: a `ProcessPoolExecutor` is told as what it is.
    """
    places = [(path, function), *((one.call.path, resolver.call(one.call).function) for one in value.made)]
    found: dict[str, None] = {}
    for where, expr in places:
        spelled = _spelled(resolver.facts(where), expr)
        known = resolver.program.catalog.canonical(spelled) if spelled else ""
        if known and (value.path == known or value.path.startswith(f"{known}()")):
            found[f"{spelled}{value.path[len(known) :]}"] = None
    return next(iter(found)) if len(found) == 1 else as_imported(resolver, path, value.path)


def by_own_class(resolver: Resolver, value: Library) -> str:
    """The path of a thing with the class of the repository in front that it is taken of: `Article.objects.get()`.

    Empty for a thing of the library itself.
    """
    made = value.made[0] if value.made else None
    if made is None:
        return ""
    index = _root_of(resolver.facts(made.call.path), resolver.call(made.call).function)
    for one in resolver.values(made.call.path, index, made.frame):
        if isinstance(one, (Class, Instance)):
            for base in resolver.library_bases(one.ref):
                rest = value.path.removeprefix(base)
                if rest != value.path and rest.startswith((".", "()")):
                    return f"{resolver.facts(one.ref.path).classes[one.ref.number].name}{rest}"
    return ""


def _root_of(facts: PythonFacts, index: int) -> int:
    """The expression that a chain of attributes and calls starts with."""
    expr = facts.exprs[index]
    while expr[0] in ("attr", "call", "await"):
        index = facts.calls[expr[1]].function if expr[0] == "call" else expr[1]
        expr = facts.exprs[index]
    return index


def _spelled(facts: PythonFacts, index: int) -> str:
    """The path of an imported name, or of what it has, as it is written; empty for any other expression."""
    expr, names = facts.exprs[index], []
    while expr[0] == "attr":
        names.append(str(expr[2]))
        expr = facts.exprs[expr[1]]
    if expr[0] != "name":
        return ""
    bound = [one for one in facts.imports if one.bound == expr[1]]
    if len(bound) != 1 or bound[0].level or bound[0].name == "*":
        return ""
    one = bound[0]
    is_first = one.name is None and one.module.partition(".")[0] == one.bound
    root = one.bound if is_first else ".".join(filter(None, (one.module, one.name)))
    return ".".join((root, *reversed(names)))


def _written(access: str, roots: Set[str], leading: Mapping[str, Sequence[str]]) -> str:
    """The nearest spelling of a path by an imported library; empty when there is none, or libraries differ."""
    latest = [access]
    for _ in range(MAX_STEPS):
        latest = list(dict.fromkeys(one for path in latest for one in _before(path, leading)))
        found = [one for one in latest if _root(one) in roots]
        if found:
            return min(found, key=len) if len({_root(one) for one in found}) == 1 else ""
    return ""


def _before(access: str, leading: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The expressions that give a path, or give what it is a part of."""
    for end in sorted({len(access), *(at for at, sign in enumerate(access) if sign in ".[(")}, reverse=True):
        found = leading.get(access[:end], ())
        if found:
            # a pattern is no name, and what it stands for may be meant as well as any other
            return [] if any("*" in one for one in found) else [f"{one}{access[end:]}" for one in found]
    return ()


def _roots(resolver: Resolver, path: str) -> Set[str]:
    return {one.module.partition(".")[0] for one in resolver.facts(path).imports if not one.level}


def _all_roots(resolver: Resolver) -> Set[str]:
    return frozenset(root for path in resolver.program.python_paths() for root in _roots(resolver, path))


def _root(access: str) -> str:
    return access.partition(".")[0].partition("(")[0]
