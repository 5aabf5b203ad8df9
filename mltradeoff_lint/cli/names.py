"""Words a user may choose from: the nearest valid one to a typo, and option types that say it."""

from __future__ import annotations

from collections.abc import Iterable

import click


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """`; did you mean check?`, or nothing when no name is near."""
    import difflib

    close = difflib.get_close_matches(word, sorted(names), n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else ""


class Word(click.ParamType[str]):
    """One word of a fixed set; a wrong one is answered with the nearest."""

    name = "word"

    def __init__(self, *words: str) -> None:
        self.words = words

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """The words themselves, as help shows them; click before 8.2 calls it without the context."""
        return "|".join(self.words)

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word in lower case; `click.BadParameter` when it is none of the set."""
        word = value.lower()
        if word not in self.words:
            near = did_you_mean(word, self.words) or f"; one of {', '.join(self.words)}"
            self.fail(f"{value!r}{near}", param, ctx)
        return word
