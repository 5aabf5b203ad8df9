"""What makes a finding the same finding tomorrow: our own fingerprint, and the line hash of GitHub code scanning."""

from __future__ import annotations

import hashlib
import sys
from array import array
from collections import Counter
from itertools import accumulate

_WINDOW = 100
_BASE = 37
_MODULUS = 1 << 64
_END = 65535
_UTF16 = "utf-16-le" if sys.byteorder == "little" else "utf-16-be"
_SPACE, _TAB, _LINE_FEED = 32, 9, 10


def fingerprint(rule: str, variant: str, cause: str) -> str:
    """The identity of a finding: 32 hexadecimal digits of BLAKE2b over rule, variant and cause identity.

    `cause` names what has to change (a dataset, an artefact, a wrapper), and holds no line, absolute path or trace
    end, so that a finding survives moved lines. Each part is hashed with its length in front, so that no two
    different triples meet.
    """
    digest = hashlib.blake2b(digest_size=16)
    for part in (rule, variant, cause):
        data = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.hexdigest()


def line_hashes(data: bytes | str) -> tuple[str, ...]:
    """The `primaryLocationLineHash` of each line of a file, first line first.

    The algorithm of GitHub's codeql-action (src/fingerprints.ts): a polynomial hash modulo 2^64 with base 37 over
    100 UTF-16 code units from the start of the line, blanks and tabs left out, every line end as LF, 65535 at the
    end of the file and zeros after it; then `:` and the count of that hash so far. Linear, by prefix hashes.
    """
    units, starts = _units(data)
    padded = [*units, *([0] * _WINDOW)]
    prefixes = list(accumulate(padded, lambda total, unit: (total * _BASE + unit) % _MODULUS, initial=0))
    power = pow(_BASE, _WINDOW, _MODULUS)
    seen: Counter[int] = Counter()
    hashes: list[str] = []
    for start in starts:
        value = (prefixes[start + _WINDOW] - prefixes[start] * power) % _MODULUS
        seen[value] += 1
        hashes.append(f"{value:x}:{seen[value]}")
    return tuple(hashes)


def _units(data: bytes | str) -> tuple[list[int], list[int]]:
    """The code units that are hashed, and where in them each line starts."""
    text = data if isinstance(data, str) else data.decode("utf-8", "replace")
    raw = array("H")
    raw.frombytes(text.replace("\r\n", "\n").replace("\r", "\n").encode(_UTF16, "surrogatepass"))
    units: list[int] = []
    starts = [0]
    for unit in raw:
        if unit in (_SPACE, _TAB):
            continue
        units.append(unit)
        if unit == _LINE_FEED:
            starts.append(len(units))
    units.append(_END)
    return units, starts
