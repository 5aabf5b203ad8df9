"""What options and arguments a program takes, and how the words of a command line fall on them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

MANY = -1
"""As many values as there are up to the next option."""

_NUMBER = re.compile(r"-\d+(?:\.\d*)?(?:e-?\d+)?", re.IGNORECASE)
_SPLICED = re.compile(
    r"\$(?:[@*]|\{[@*]\}|\{\w+\[[@*]\]\}|\w*(?:ARGS|args|OPTS|OPTIONS|FLAGS|options|flags)\w*|\{\w*(?:ARGS|args|OPTS|OPTIONS|FLAGS)\w*\})"
)
ENDS = frozenset({">", ">>", "2>", "2>&1", "<", "|", "&", "&&", ";"})
"""Words that end a command line: what stands behind belongs to the shell."""


@dataclass(frozen=True, slots=True)
class Signature:
    """The options of a program by flag with their number of values, and the names of its sub-commands."""

    takes: Mapping[str, int] = field(default_factory=dict)
    commands: frozenset[str] = frozenset()
    own: str = ""
    """The sub-command these options belong to; empty for those of the program itself."""


class Parsed(NamedTuple):
    """The words of a command line: the values of each option, and the positional words that are surely such."""

    options: Mapping[str, tuple[str, ...]]
    positionals: tuple[str, ...]


def parse(words: Sequence[str], signature: Signature) -> Parsed | None:
    """The words by option and position; None when the line runs another sub-command.

    An option nobody declared may or may not take the word behind it, so nothing behind it counts as positional.
    """
    options: dict[str, tuple[str, ...]] = {}
    positionals: list[str] = []
    at, is_sure = 0, True
    while at < len(words) and words[at] not in ENDS:
        word = words[at]
        at += 1
        if word == "--":
            positionals += words[at:] if is_sure else ()
            break
        if not _is_option(word):
            is_sure = is_sure and _SPLICED.fullmatch(word) is None
            positionals += [word] if is_sure or word in signature.commands else []
            continue
        name, equals, value = word.partition("=")
        if equals:
            options[name] = (value,)
            continue
        count = signature.takes.get(name)
        if count is None and not word.startswith("--") and word[:2] in signature.takes and len(word) > 2:
            options[word[:2]] = (word[2:],)
            continue
        taken = _values(words, at, 1 if count is None else count)
        options[name] = taken
        at += len(taken)
        is_sure = is_sure and (count is not None or not taken)
    return _of_command(options, positionals, signature)


def has_spliced(words: Sequence[str]) -> bool:
    """Whether a command line hands on further words that stand elsewhere, as `"$@"` does."""
    return any(_SPLICED.fullmatch(word) is not None for word in words)


def _is_option(word: str) -> bool:
    return len(word) > 1 and word.startswith("-") and _NUMBER.fullmatch(word) is None


def _values(words: Sequence[str], at: int, count: int) -> tuple[str, ...]:
    taken: list[str] = []
    for word in words[at:]:
        if len(taken) == count or _is_option(word) or word in ENDS:
            break
        taken.append(word)
    return tuple(taken)


def _of_command(options: Mapping[str, tuple[str, ...]], words: list[str], signature: Signature) -> Parsed | None:
    """Leave the name of the sub-command out of the positional words, or the line out when it names another one."""
    if not signature.commands:
        return Parsed(options, tuple(words))
    place = next((at for at, word in enumerate(words) if word in signature.commands), None)
    if place is None:
        return None if signature.own else Parsed(options, tuple(words))
    if signature.own and words[place] != signature.own:
        return None
    return Parsed(options, tuple(words[place + 1 :] if signature.own else words[:place]))
