"""What a library's calls mean, as rows of data: the types that `catalog` loads and `resolve` asks.

An **access path** names a thing of a library by how a program gets at it: `openai.OpenAI` is a name in a
module, `openai.OpenAI()` what calling it gives, `openai.OpenAI().chat.completions.create` a member of that.
`[]` stands for a subscript or an element. A path may hold `*` (any one name or part of one) and `**` (any
number of names); an exact row wins over a pattern.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Selector:
    """An argument of a call: by position, by any of several keywords, or a role: `self`, `return`, `value`, `*`."""

    position: int | None = None
    keywords: tuple[str, ...] = ()
    role: str = ""


Setting = str | Selector | tuple[Selector, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """An argument that a call has to pass for a row to count, or with `key` a mapping that holds it under that key.

    One that `is_left_out` is an argument that the call must surely not pass.
    """

    argument: Selector
    key: str = ""
    is_left_out: bool = False
    text: str = ""
    """What the argument has to be; empty where any value will do."""


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """What a call, decorator, base class, import or assignment means: one `is` with its settings."""

    path: str
    kind: str
    library: str
    settings: Mapping[str, Setting] = field(default_factory=dict)
    given: tuple[Given, ...] = ()
    """One of these is seen at a call that has this meaning, and none that is left out; empty: every call has it."""

    def literal(self, name: str, default: str = "") -> str:
        """A setting that is a plain word."""
        value = self.settings.get(name, default)
        return value if isinstance(value, str) else default

    def selectors(self, name: str) -> tuple[Selector, ...]:
        """A setting that selects arguments; empty when it is absent or a literal."""
        value = self.settings.get(name)
        if isinstance(value, Selector):
            return (value,)
        return value if isinstance(value, tuple) else ()
