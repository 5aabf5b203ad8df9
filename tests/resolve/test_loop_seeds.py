"""What a name held before a loop that has a round for certain is nothing that is read behind it."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

GROWS = "    text = 'a'\n    for one in ITERABLE:\n        text += f', {one}'\n    probe(text)\n"
ONLY_GROWN = ["f'a{more}'"]
WITH_SEED = ["'a'", "f'a{more}'"]


def grown(iterable: str, before: str = "", parameters: str = "names") -> str:
    """A function that makes a text longer by each element of something."""
    return f"def f({parameters}):\n{before}{GROWS.replace('ITERABLE', iterable)}"


@pytest.mark.parametrize(
    "before",
    [
        "    if not names:\n        raise ValueError\n",
        "    if not names:\n        return None\n",
        "    if names is None or not names:\n        raise ValueError\n",
    ],
)
def test_a_list_that_is_tested_on_the_way_has_an_element(before: str) -> None:
    assert probe(grown("names", before)) == ONLY_GROWN


def test_a_list_has_an_element_in_the_branch_that_asks_for_one() -> None:
    body = GROWS.replace("ITERABLE", "names").replace("    ", "        ", 1).replace("\n    ", "\n        ")
    assert probe(f"def f(names):\n    if names:\n{body.rstrip()}\n") == ONLY_GROWN


@pytest.mark.parametrize("iterable", ["enumerate(names)", "sorted(names)", "names.items()", "reversed(list(names))"])
def test_what_goes_over_a_list_has_as_many_elements(iterable: str) -> None:
    assert probe(grown(iterable, "    if not names:\n        raise ValueError\n")) == ONLY_GROWN


@pytest.mark.parametrize("iterable", ["['b', 'c']", "('b', *names)", "{'b': 1}", "{'b'}"])
def test_a_list_that_is_written_has_its_elements(iterable: str) -> None:
    assert probe(grown(iterable)) == ONLY_GROWN


def test_a_name_of_a_list_that_is_written_has_its_elements() -> None:
    assert probe(f"NAMES = ['b', 'c']\n{grown('NAMES')}") == ONLY_GROWN
    assert probe(grown("kept", "    kept = ['b']\n")) == ONLY_GROWN
    assert probe(f"{grown('names')}f(['b', 'c'])\n") == ONLY_GROWN


def test_a_field_that_is_tested_has_an_element() -> None:
    body = "        if not self.names:\n            raise ValueError\n"
    body += GROWS.replace("ITERABLE", "self.names").replace("    ", "        ", 1).replace("\n    ", "\n        ")
    assert probe(f"class A:\n    def f(self):\n{body.rstrip()}\n") == ONLY_GROWN


@pytest.mark.parametrize(
    ("iterable", "before"),
    [
        ("names", ""),
        ("names", "    if not others:\n        raise ValueError\n"),
        ("names", "    if names is None:\n        raise ValueError\n"),
        ("names", "    if not names:\n        print('none')\n"),
        ("names", "    if not names:\n        raise ValueError\n    names = others\n"),
        ("names", "    if not names:\n        raise ValueError\n    names.clear()\n"),
        ("names[1:]", "    if not names:\n        raise ValueError\n"),
        ("filter(others, names)", "    if not names:\n        raise ValueError\n"),
        ("[*names]", ""),
        ("[]", ""),
    ],
)
def test_a_list_that_may_be_empty_leaves_what_was_before(iterable: str, before: str) -> None:
    assert probe(grown(iterable, before, "names, others")) == WITH_SEED


def test_a_list_that_a_caller_may_leave_out_may_be_another() -> None:
    assert probe(grown("names", parameters="names=('b',)") + "f(load())\n") == WITH_SEED


def test_steps_behind_the_loop_start_from_what_it_made() -> None:
    more = "def f(names):\n    if not names:\n        raise ValueError\n    text = 'a'\n    for one in names:\n"
    more += "        text += one\n    text += ' end'\n    probe(f'{text}!')\n"
    assert probe(more) == ["f'a{more} end!'"]


def test_a_name_that_a_round_binds_anew_is_what_it_binds() -> None:
    source = "def f():\n    kind = None\n    for one in ('b', 'c'):\n        kind = one\n    probe(kind)\n"
    assert probe(source) == ["'b'", "'c'"]


@pytest.mark.parametrize(
    "rounds",
    [
        "        if one.is_long():\n            text += one\n",
        "        if one.is_long():\n            continue\n        text += one\n",
        "        if one.is_long():\n            break\n        text += one\n",
        "        try:\n            one.name()\n        except KeyError:\n            continue\n        text += one\n",
        "        while one.more():\n            text += one\n",
    ],
)
def test_a_round_that_may_leave_the_name_alone_leaves_what_was_before(rounds: str) -> None:
    source = (
        f"def f(names):\n    if not names:\n        raise ValueError\n    text = 'a'\n    for one in names:\n{rounds}"
    )
    assert "'a'" in probe(f"{source}    probe(text)\n")


def test_a_loop_that_is_not_on_every_way_leaves_what_was_before() -> None:
    tested = "def f(names, c):\n    if not names:\n        raise ValueError\n    text = 'a'\n"
    branch = "    if c:\n        for one in names:\n            text += one\n    probe(text)\n"
    tried = "    try:\n        for one in names:\n            text += one.name()\n    except KeyError:\n        pass\n"
    assert probe(tested + branch) == WITH_SEED
    assert probe(f"{tested}{tried}    probe(text)\n") == WITH_SEED


def test_the_first_round_reads_what_was_before() -> None:
    source = "def f(names):\n    if not names:\n        raise ValueError\n    text = 'a'\n    for one in names:\n"
    assert probe(f"{source}        probe(text)\n        text += one\n") == WITH_SEED


def test_the_round_of_an_outer_loop_reads_what_the_last_one_left_and_what_was_before() -> None:
    source = "def f(names):\n    if not names:\n        raise ValueError\n    text = 'a'\n    while names.more():\n"
    source += "        probe(text)\n        for one in names:\n            text += one\n"
    assert "'a'" in probe(source)
