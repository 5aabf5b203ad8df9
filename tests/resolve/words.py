"""Values in a few words, and repositories in memory for tests that need no catalog of their own."""

from __future__ import annotations

from collections.abc import Mapping

from mltradeoff_lint.analysis import linked
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Items, Literal, Template, Value
from mltradeoff_lint.resolve.resolver import WholeProgram
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree.memory import MemoryTree


def say(value: Value) -> str:
    """A value in words: `'text'`, `f'text with {holes}'`, `[items]`, `?` for unknown, else its kind."""
    match value:
        case Literal():
            return repr(value.value)
        case Template():
            return f"f{value.text!r}"
        case Items():
            return f"[{', '.join('|'.join(map(say, item)) for item in value.items)}]"
        case Unknown():
            return "?"
    return type(value).__name__


def resolved(files: Mapping[str, str]) -> WholeProgram:
    """The resolver of a repository in memory, with the settings nobody changed."""
    return WholeProgram(linked(MemoryTree(files), Settings()))


def probed(files: Mapping[str, str], path: str = "app.py") -> list[str]:
    """What the argument of the only `probe(...)` of a file can be, in words, sorted."""
    resolver = resolved(files)
    facts = resolver.facts(path)
    (call,) = [one for one in facts.calls if facts.exprs[one.function][:2] == ("name", "probe")]
    return sorted(say(value) for value in resolver.values(path, call.arguments[0]))
