"""A field that stands in a text more than once is one thing at every place."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

CHOSEN = "x = 'a' if load() else 'b'\n"
AGREED = ["'a-a'", "'b-b'"]


@pytest.mark.parametrize(
    "text",
    [
        "'{n}-{n}'.format(n=x)",
        "'{0}-{0}'.format(x)",
        "'{n}-{n}'.format(**{'n': x})",
        "'{n}-{n}'.format_map({'n': x})",
        "'%(n)s-%(n)s' % {'n': x}",
        "'{n}-{n!s}'.format(n=x)",
    ],
)
def test_a_field_that_occurs_twice_is_bound_once(text: str) -> None:
    assert probe(f"{CHOSEN}probe({text})") == AGREED


def test_a_field_is_bound_once_however_it_is_written_each_time() -> None:
    chosen = "x = 1 if load() else 2\n"

    assert probe(f"{chosen}probe('{{n}}-{{n:02d}}'.format(n=x))") == ["'1-01'", "'2-02'"]
    assert probe(f"{chosen}probe('%(n)s-%(n)03d' % {{'n': x}})") == ["'1-001'", "'2-002'"]


def test_fields_of_different_names_are_put_together_freely() -> None:
    source = f"{CHOSEN}y = 'c' if load() else 'd'\nprobe('{{n}}{{m}}{{n}}'.format(n=x, m=y))"

    assert probe(source) == ["'aca'", "'ada'", "'bcb'", "'bdb'"]


def test_numbered_fields_of_different_places_are_put_together_freely() -> None:
    assert probe(f"{CHOSEN}y = 'c' if load() else 'd'\nprobe('{{}}{{}}'.format(x, y))") == [
        "'ac'",
        "'ad'",
        "'bc'",
        "'bd'",
    ]


def test_what_is_called_anew_for_each_field_may_differ() -> None:
    source = "def pick():\n    return 'a' if load() else 'b'\nprobe('{}-{}'.format(pick(), pick()))"

    assert probe(source) == ["'a-a'", "'a-b'", "'b-a'", "'b-b'"]


def test_a_field_that_is_not_known_stays_a_hole_at_each_place() -> None:
    assert probe("probe('{n}-{n}'.format(n=load()))") == ["f'{n}-{n}'"]


def test_many_alternatives_of_one_field_are_all_told() -> None:
    values = "[" + ", ".join(f"'{letter}'" for letter in "abcdef") + "]"

    found = probe(f"for x in {values}:\n    for y in (1, 2):\n        probe('{{n}}{{n}}'.format(n=x))")

    assert found == [f"'{letter}{letter}'" for letter in "abcdef"]


OBJECT = """class Job:
    def __init__(self):
        self.x = 'a'
        if load():
            self.x = 'b'
        self.y = 'c' if load() else 'd'
    def step(self):
        return load()
    def run(self):
        {lines}
"""


def test_a_field_of_an_object_that_is_read_twice_is_one_thing() -> None:
    assert probe(OBJECT.format(lines="probe(f'{self.x}-{self.x}')")) == AGREED


def test_an_element_that_is_read_twice_is_one_thing() -> None:
    source = "d = {'k': 'a' if load() else 'b'}\nprobe(f\"{d['k']}-{d['k']}\")"

    assert probe(source) == AGREED


def test_a_field_may_change_where_something_is_called_in_between() -> None:
    found = probe(OBJECT.format(lines="probe(f'{self.x}{self.step()}{self.x}')"))

    assert len(found) == 4


def test_two_fields_of_an_object_are_put_together_freely() -> None:
    found = probe(OBJECT.format(lines="probe(f'{self.x}{self.y}{self.x}')"))

    assert found == ["'aca'", "'ada'", "'bcb'", "'bdb'"]
