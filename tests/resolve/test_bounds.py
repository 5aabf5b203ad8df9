"""A few lines that make values of any size: what is too large to work with is unknown, and the rest goes on."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.bounds import MAX_PIECES, MAX_TEXT, MAX_WEIGHT, bounded
from mltradeoff_lint.resolve.domain import Items, Literal, Mapping, Values
from tests.resolve.sample import repository
from tests.resolve.work import counted

LINES = 60
"""A text or list that doubles at each of so many lines has no room in any memory."""


def doubled(first: str, line: str) -> str:
    """A program whose every line makes a name of the one before."""
    return "\n".join([f"x0 = {first}", *(line.format(new=f"x{n}", old=f"x{n - 1}") for n in range(1, LINES))])


@pytest.mark.parametrize(
    "line",
    [
        "{new} = {old} + {old}",
        "{new} = f'{{{old}}}{{{old}}}'",
        "{new} = '%s%s' % ({old}, {old})",
        "{new} = '{{}}{{}}'.format({old}, {old})",
        "{new} = '/'.join([{old}, {old}])",
        "{new} = {old}.replace('a', {old})",
    ],
)
def test_a_text_that_doubles_at_every_line_becomes_unknown(line: str) -> None:
    for first in ("'a/'", "open_name", "'ab'"):
        with counted(2_000_000):
            (value,) = repository(f"{doubled(first, line)}\nprobe(x{LINES - 1})").values()
        assert not isinstance(value, Literal) or len(str(value.value)) <= 2 * MAX_TEXT


@pytest.mark.parametrize(
    ("first", "line"),
    [
        ("[1]", "{new} = [{old}, {old}]"),
        ("[1]", "{new} = {old} + {old}"),
        ("[1]", "{new} = [*{old}, *{old}]"),
        ("{'a': 1}", "{new} = {{'a': {old}, 'b': {old}}}"),
        ("{'a': 1}", "{new} = dict(a={old}, b={old})"),
        ("[1]", "{new} = tuple(({old}, {old}))"),
    ],
)
def test_a_container_that_doubles_at_every_line_becomes_unknown(first: str, line: str) -> None:
    source = doubled(first, line)
    with counted(4_000_000):
        made = repository(f"{source}\nx = x{LINES - 1} if flag else x{LINES - 2}\nprobe(x)")
        assert sum(weight(made.values()) for _ in range(2)) <= 4 * MAX_WEIGHT


def weight(values: Values) -> int:
    """How many values a set of values holds in all, counted without any memory of it."""
    total = 0
    for value in values:
        held = value.items if isinstance(value, Items) else ()
        held = tuple(one for _, one in value.entries) if isinstance(value, Mapping) else held
        total += 1 + sum(weight(one) for one in held)
    return total


def test_a_text_of_many_unknown_parts_is_no_template() -> None:
    lines = [f"x{n} = x{n - 1} + a{n} + b{n} + c{n} + d{n}" for n in range(1, LINES)]
    parts = ", ".join(f"{{x{LINES - 1}}}" for _ in range(9))
    with counted(4_000_000):
        (value,) = repository("\n".join([*lines, f"probe(f'{parts}')"])).values()
    assert isinstance(value, Unknown) or len(getattr(value, "parts", ())) <= MAX_PIECES


def test_what_is_too_large_is_unknown_and_what_stands_beside_it_is_kept() -> None:
    large = Items(tuple((Literal(number),) for number in range(MAX_WEIGHT + 1)))
    small = Items(((Literal(1),),))
    kept = bounded((small, large))
    assert kept[0] is small
    assert isinstance(kept[1], Unknown)
    assert bounded((small,)) == (small,)
