"""What a Makefile says beside its variables and commands: which target runs which lines, and what it needs before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from mltradeoff_lint.model.facts import Shell


class MakeRule(NamedTuple):
    """One rule: the targets it makes, what they depend on, and the lines of its recipe, first and last."""

    targets: tuple[str, ...]
    needs: tuple[str, ...]
    lines: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Makefile(Shell):
    """The variables and commands of a Makefile with the rules that say when a command runs."""

    rules: tuple[MakeRule, ...] = ()
