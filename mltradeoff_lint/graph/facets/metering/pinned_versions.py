"""Whether a project asks for a distribution from before a version, so that what came with it is not there.

Specifiers are those of PEP 440 and the `^` and `~` of Poetry; one that sets no upper bound is no pin.
https://peps.python.org/pep-0440/#version-specifiers https://python-poetry.org/docs/dependency-specification/
"""

from __future__ import annotations

import re

_CLAUSE = re.compile(r"\s*(===|==|<=|<|~=|\^|~|)\s*v?(\d+(?:\.\d+)*)(\.\*)?")


def is_before(specifier: str, version: tuple[int, ...]) -> bool:
    """Whether a specifier allows only versions below this one."""
    return any(_bound(clause) <= version for clause in specifier.split(",") if _CLAUSE.match(clause))


def _bound(clause: str) -> tuple[int, ...]:
    """The least version that a clause keeps out from above."""
    found = _CLAUSE.match(clause)
    if found is None:
        return (1 << 30,)
    numbers = tuple(int(one) for one in found[2].split("."))
    if found[1] == "<":
        return numbers
    if found[1] == "~=":
        return (*numbers[:-2], numbers[-2] + 1) if len(numbers) > 1 else numbers
    if found[1] == "~":
        return (*numbers[:1], numbers[1] + 1) if len(numbers) > 1 else (numbers[0] + 1,)
    if found[1] == "^":
        place = next((place for place, one in enumerate(numbers) if one), len(numbers) - 1)
        return (*numbers[:place], numbers[place] + 1)
    return (*numbers[:-1], numbers[-1] + 1)
