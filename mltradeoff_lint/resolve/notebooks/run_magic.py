"""The scripts and notebooks that a notebook runs in its own names, by `%run`.

Source: IPython documentation, "Built-in magic commands": what a script binds at its end is bound where `%run` stands.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.model.repository_path import from_folder
from mltradeoff_lint.resolve.interface import Resolver

SUFFIX = ".ipynb"
_SUFFIXES = (".py", SUFFIX)
_QUOTED = re.compile(r"['\"]([^'\"]+)['\"]")


def run_in(resolver: Resolver, path: str) -> tuple[str, ...]:
    """The modules that a notebook runs in its own names, the last one first; none for other modules."""
    return resolver.program.ask("run-magics", path, lambda: tuple(dict.fromkeys(_found(resolver, path)))[::-1])


def _found(resolver: Resolver, path: str) -> Iterator[str]:
    folder = posixpath.dirname(path)
    for name in _names(resolver.facts(path)):
        inside = from_folder(folder, name)
        stems = ("",) if name.endswith(_SUFFIXES) else _SUFFIXES
        found = [f"{inside}{suffix}" for suffix in stems if inside is not None]
        yield from [one for one in found if one != path and resolver.program.python(one) is not None][:1]


def _names(facts: PythonFacts) -> Iterator[str]:
    """The first word behind the options of each `%run`."""
    for statement in facts.discarded:
        expr = facts.exprs[statement]
        call = facts.calls[expr[1]] if expr[0] == "call" else None
        function = facts.exprs[call.function] if call is not None else ("", None)
        if call is None or function[0] != "attr" or function[2] != "run_line_magic" or len(call.arguments) != 2:
            continue
        magic, text = (facts.exprs[one] for one in call.arguments)
        if magic == ("const", "run") and text[0] == "const" and isinstance(text[1], str):
            words = [word for word in text[1].split() if not word.startswith("-")]
            quoted = _QUOTED.match(text[1])
            yield from [quoted[1]] if quoted else words[:1]
