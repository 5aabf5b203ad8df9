"""Modules whose names are looked up by texts, so that code may take of them what it never names.

`getattr(module, text)`, `module.__dict__`, `globals()[text]`, `eval(text)`, `exec(text)` and an import of a text take
any name.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import Expr, PythonFacts
from mltradeoff_lint.resolve.domain import CallRef, Literal, Module, Template
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.delegation import module_named

_OWN = frozenset({"globals", "eval", "exec"})
"""What takes any name of the module in which it is called, and so of those from which it imports names."""

IMPORTING = frozenset(
    ["import_module", "__import__", "run_module", "run_path", "exec_module", "load_module", "load_source", "find_spec",
     "spec_from_file_location", "iter_modules", "walk_packages", "find_modules", "import_string", "import_object",
     "locate"]
)  # fmt: skip
"""What takes a module, a folder of them or something in one by a text."""

_LOADING = frozenset({"import_module", "__import__"})
"""What of these only loads a module where nothing is done with the result."""


def looked_up(resolver: Resolver) -> frozenset[str]:
    """The modules of which code that is not known by name may be taken."""
    return resolver.program.ask("looked-up-modules", "", lambda: frozenset(_all(resolver)), sorted)


def _all(resolver: Resolver) -> Iterator[str]:
    for path in resolver.program.python_paths():
        facts = resolver.facts(path)
        if any((expr[0] == "name" and expr[1] in _OWN) or _is_module_table(facts, expr) for expr in facts.exprs):
            yield from (path, *_taken(resolver, path, facts))
        yield from _handed(resolver, path, facts)
        idle = {facts.exprs[index] for index in facts.discarded if facts.exprs[index][0] == "call"}
        for number, call in enumerate(facts.calls):
            name = last_name(facts.exprs[call.function])
            if name in IMPORTING and not (name in _LOADING and ("call", number) in idle):
                yield from _imported(resolver, CallRef(path, number))


def _is_module_table(facts: PythonFacts, expr: Expr) -> bool:
    """Whether an expression is `sys.modules`."""
    return bool(expr[0] == "attr" and expr[2] == "modules" and facts.exprs[expr[1]][:2] == ("name", "sys"))


def _taken(resolver: Resolver, path: str, facts: PythonFacts) -> Iterator[str]:
    """The modules of which a module imports names, some or all."""
    for one in facts.imports:
        target = resolver.program.module(path, one.module, one.level) if one.name is not None else None
        if target is not None:
            yield target


def _handed(resolver: Resolver, path: str, facts: PythonFacts) -> Iterator[str]:
    """The modules that are handed to a call as they are, or asked for all their names."""
    bound = {one.bound for one in facts.imports}
    given = [one for call in facts.calls for one in (*call.arguments, *(value for _, value in call.keywords))]
    given += [expr[1] for expr in facts.exprs if expr[0] == "attr" and expr[2] == "__dict__"]
    for one in dict.fromkeys(given):
        if facts.exprs[one][0] == "name" and facts.exprs[one][1] in bound:
            yield from (value.path for value in resolver.values(path, one) if isinstance(value, Module))


def _imported(resolver: Resolver, ref: CallRef) -> Iterator[str]:
    """The modules that a call may load by a text; all of them where nothing is known of it."""
    given = resolver.call(ref).arguments or tuple(value for _, value in resolver.call(ref).keywords)
    values = [value for one in given for value in resolver.values(ref.path, one)]
    texts = [one.value for one in values if isinstance(one, Literal) and isinstance(one.value, str)]
    for text in texts:
        module = module_named(resolver, ref.path, text)
        yield from (module.path,) if isinstance(module, Module) else ()
        if text.endswith(".py"):
            yield from (one for one in resolver.program.python_paths() if f"/{one}".endswith(f"/{text.lstrip('./')}"))
    if not texts:
        starts = [one.parts[0] for one in values if isinstance(one, Template)]
        yield from _beneath(resolver, ref.path, starts)


def _beneath(resolver: Resolver, importer: str, starts: Sequence[object]) -> Iterator[str]:
    """The modules whose names may start with what is known of a text."""
    known = [one for one in starts if isinstance(one, str)]
    for path in resolver.program.python_paths():
        name = resolver.program.modules.name_of(path)
        is_near = path.startswith(posixpath.dirname(importer))
        if not known or any(is_near if one.startswith(".") else name.startswith(one) for one in known):
            yield path
