"""Objects of dataclasses, models, named tuples and enumerations: what their fields are, and when nobody can tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.resolve.sample import probe

DATACLASS = "from dataclasses import dataclass\n@dataclass\nclass C:\n    a: str = '1'\n    p: str = 'x'\n"
MODEL = "from pydantic import BaseModel, Field\nclass C(BaseModel):\n    a: str = '1'\n    p: str = 'x'\n"
ENUM = "from enum import Enum\nclass E(Enum):\n    RAW = 'raw.csv'\n    TEST = 'test.csv'\n"


@pytest.mark.parametrize("make", [DATACLASS, MODEL])
@pytest.mark.parametrize(
    "call",
    ["def f(d):\n    probe(C(**d).p)\n", "def f(d):\n    probe(C(a='2', **d).p)\n"],
)
def test_data_that_nobody_shows_may_hold_any_field(make: str, call: str) -> None:
    assert probe(make + call) == ["?"]


def test_values_that_nobody_shows_may_hold_the_fields_from_their_place_on() -> None:
    assert probe(DATACLASS + "def f(d):\n    probe(C(*d).p)\n") == ["?"]
    assert probe(DATACLASS + "d = ['2', 'y']\nprobe(C(*d).p)\n") == ["'y'"]
    assert probe(DATACLASS + "d = ['2']\nprobe(C(*d).p)\n") == ["'x'"]


def test_data_that_is_known_leaves_the_other_defaults() -> None:
    assert probe(DATACLASS + "d = {'a': '2'}\nprobe(C(**d).p)\n") == ["'x'"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("class M(BaseModel):\n    p: str = Field('x', alias='path')\nprobe(M(path='y').p)\n", ["'y'"]),
        ("import json\ndef f(t):\n    probe(C.model_validate_json(t).p)\n", ["?"]),
        ("probe(C().model_copy(update={'p': 'y'}).p)\n", ["'y'"]),
        ("probe(C(a='2').model_copy(update={'p': 'y'}).a)\n", ["'2'"]),
        ("def f(d):\n    probe(C().model_copy(update=d).p)\n", ["?"]),
        ("probe(C(p='y').model_dump()['p'])\n", ["'y'"]),
    ],
)
def test_a_model_is_copied_and_taken_apart(source: str, expected: list[str]) -> None:
    assert probe(MODEL + source) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("        return v.upper()\n", ["?"]),
        ("        assert v\n        return v\n", ["'y'"]),
        ("        v = v.strip()\n        return v\n", ["?"]),
    ],
)
def test_a_validator_that_may_change_a_field_leaves_it_open(body: str, expected: list[str]) -> None:
    source = (
        "from pydantic import BaseModel, field_validator\nclass M(BaseModel):\n    p: str = 'x'\n    q: str = 'k'\n"
        f"    @field_validator('p')\n    def check(cls, v):\n{body}"
    )

    assert probe(source + "probe(M(p='y').p)\n") == expected
    assert probe(source + "probe(M(q='z').q)\n") == ["'z'"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from dataclasses import replace\nprobe(replace(C(a='2'), p='y').p)\n", ["'y'"]),
        ("from dataclasses import replace\nprobe(replace(C(a='2'), p='y').a)\n", ["'2'"]),
        ("from dataclasses import asdict\nprobe(asdict(C(p='y'))['p'])\n", ["'y'"]),
        ("from types import SimpleNamespace\nprobe(SimpleNamespace(p='y').p)\n", ["'y'"]),
        ("from types import SimpleNamespace\nprobe(SimpleNamespace(**{'p': 'y'}).p)\n", ["'y'"]),
    ],
)
def test_an_object_of_fields_is_copied_and_taken_apart(source: str, expected: list[str]) -> None:
    assert probe(DATACLASS + source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a, p = C('1', 'y')\nprobe(p)\n", ["'y'"]),
        ("probe(C('1', 'y')[1])\n", ["'y'"]),
        ("probe(C('1', 'y')[-2])\n", ["'1'"]),
        ("probe(C('1', 'y')._replace(p='z').p)\n", ["'z'"]),
        ("probe(C('1', 'y')._asdict()['p'])\n", ["'y'"]),
        ("def f(n):\n    probe(C('1', 'y')[n])\n", ["?"]),
    ],
)
def test_a_named_tuple_has_its_fields_in_order(source: str, expected: list[str]) -> None:
    assert probe(f"from typing import NamedTuple\nclass C(NamedTuple):\n    a: str\n    p: str\n{source}") == expected


def test_a_typed_dict_is_read_by_key() -> None:
    assert probe("from typing import TypedDict\nclass C(TypedDict):\n    p: str\nprobe(C(p='x')['p'])\n") == ["'x'"]


def test_an_object_that_looks_its_items_up_has_those_of_what_it_holds() -> None:
    source = (
        "class C:\n    def __init__(self):\n        self.held = {'p': 'x', 'q': 'z'}\n"
        "    def __getitem__(self, key):\n        return self.held[key]\n"
    )

    assert probe(source + "probe(C()['p'])\n") == ["'x'"]
    assert probe(source + "def f(k):\n    probe(C()[k])\n") == ["?"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("probe(E.RAW.name)\n", ["'RAW'"]),
        ("probe(E.RAW.value)\n", ["'raw.csv'"]),
        ("probe(E['RAW'].value)\n", ["'raw.csv'"]),
        ("for e in E:\n    probe(e.value)\n", ["'raw.csv'", "'test.csv'"]),
        ("def f(n):\n    probe(E[n].value)\n", ["'raw.csv'", "'test.csv'"]),
        ("probe([e.value for e in E][1])\n", ["'test.csv'"]),
        ("from enum import StrEnum, auto\nclass S(StrEnum):\n    RAW = auto()\nprobe(S.RAW.value)\n", ["'raw'"]),
        ("from enum import auto\nclass S(Enum):\n    RAW = auto()\nprobe(S.RAW.value)\n", ["?"]),
        ("class S(Enum):\n    RAW = ('a', 'b')\nprobe(S.RAW.value[1])\n", ["'b'"]),
    ],
)
def test_a_member_of_an_enumeration_has_a_name_and_a_value(source: str, expected: list[str]) -> None:
    assert probe(ENUM + source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("    @property\n    def file(self):\n        return self.p + '.csv'\nprobe(C(p='y').file)\n", ["'y.csv'"]),
        ("    @property\n    def file(self):\n        return self.p + '.csv'\nprobe(C().file)\n", ["'x.csv'"]),
        (
            "    @property\n    def file(self):\n        return self.path + '.csv'\n"
            "    @property\n    def path(self):\n        return self.a + '/' + self.p\nprobe(C('2', 'y').file)\n",
            ["'2/y.csv'"],
        ),
        ("    def __post_init__(self):\n        self.file = self.p + '.csv'\nprobe(C(p='y').file)\n", ["'y.csv'"]),
        (
            "    @property\n    def one(self):\n        return self.two\n"
            "    @property\n    def two(self):\n        return self.one\nprobe(C('2').two)\n",
            ["?"],
        ),
    ],
)
def test_a_property_sees_the_object_it_is_read_from(source: str, expected: list[str]) -> None:
    assert probe(DATACLASS + source) == expected


def test_an_attribute_that_is_there_needs_no_default() -> None:
    assert probe(DATACLASS + "probe(getattr(C(), 'p', 'd'))\n") == ["'x'"]
    assert "'d'" in probe(DATACLASS + "probe(getattr(C(), 'other', 'd'))\n")


@given(st.lists(st.sampled_from("abcd"), unique=True, min_size=1), st.data())
def test_a_field_is_what_the_program_would_read(names: list[str], data: st.DataObject) -> None:
    passed = data.draw(st.lists(st.sampled_from(names), unique=True))
    changed = data.draw(st.lists(st.sampled_from(names), unique=True))
    asked = data.draw(st.sampled_from(names))
    fields = "".join(f"    {name}: str = 'default {name}'\n" for name in names)
    call = ", ".join(f"{name}='passed {name}'" for name in passed)
    changes = ", ".join(f"{name}='changed {name}'" for name in changed)
    source = (
        f"from dataclasses import asdict, dataclass, replace\n@dataclass\nclass C:\n{fields}"
        f"probe(asdict(replace(C({call}), **dict({changes})))['{asked}'])\n"
    )
    seen: list[str] = []
    exec(source, {"probe": seen.append})

    assert probe(source) == [repr(seen[0])]
