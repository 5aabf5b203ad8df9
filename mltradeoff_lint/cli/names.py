"""Option types whose words a user chooses from: a wrong one is answered with the nearest."""

from __future__ import annotations

import click

from mltradeoff_lint.model.spelling import did_you_mean


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
