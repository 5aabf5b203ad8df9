"""Three-valued answers: known, absent (no value at all) and unknown with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Unknown:
    """An answer nobody could give; the reason is counted in the coverage line.

    `source` names what brings the value at run time when that is known: a field of a request, an option.
    """

    reason: str
    source: str = ""


Scalar: TypeAlias = str | int | float | bool
Property: TypeAlias = Scalar | tuple[str, ...] | Unknown
"""The value of a node or edge property; an absent property is not in the mapping."""
