"""The nearest word to one that nobody knows, and how a message says it."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """The known word that is most like another, or nothing when none is; `likeness` is a ratio of `difflib`, 0 to 1."""
    import difflib

    close = difflib.get_close_matches(word, list(known), n=1, cutoff=likeness)
    return close[0] if close else ""


def did_you_mean(word: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """`; did you mean check?`, or nothing when no word is near."""
    near = nearest(word, known, likeness)
    return f"; did you mean {near}?" if near else ""
