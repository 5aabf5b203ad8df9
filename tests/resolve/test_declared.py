"""An annotation that leaves the type open adds nothing to what is assigned."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

OPEN = ["Any", "dict[str, Any]", "dict[Page, Any]", "str", "list[Any]", "'Any'"]


@pytest.mark.parametrize("note", OPEN)
def test_an_open_annotation_is_no_value_beside_an_assignment(note: str) -> None:
    source = (
        "from typing import Any\nclass A:\n    def __init__(self):\n"
        f"        self.x: {note} = None\n    def run(self):\n        self.x = 'a'\n    def end(self):\n"
        "        self.x = None\n    def read(self):\n        probe(self.x)\n"
    )

    assert probe(source) == ["'a'"]


@pytest.mark.parametrize("note", OPEN)
def test_an_open_annotation_in_the_body_is_no_value_beside_an_assignment(note: str) -> None:
    body = f"from typing import Any\nclass A:\n    x: {note}\n"

    assert probe(f"{body}    def __init__(self):\n        self.x = 'a'\nprobe(A().x)\n") == ["'a'"]


def test_a_field_that_a_generated_constructor_fills_stays_open() -> None:
    source = (
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: str\n    def close(self):\n"
        "        self.x = 'a'\ndef f(one: A):\n    probe(one.x)\n"
    )

    assert probe(source) == ["'a'", "?"]


def test_what_is_only_declared_is_unknown() -> None:
    assert probe("class A:\n    def __init__(self):\n        self.x: str = None\nprobe(A().x)\n") == ["?"]
    assert probe("class A:\n    def __init__(self):\n        self.x: str\nprobe(A().x)\n") == ["?"]


def test_an_annotation_that_names_a_class_counts_beside_an_assignment() -> None:
    source = (
        "class B:\n    pass\nclass A:\n    def __init__(self, given):\n        self.x: B = None\n"
        "    def run(self, given):\n        self.x = given\n    def read(self):\n        probe(self.x)\n"
    )

    assert probe(source) == ["?", "B()"]


def test_an_open_annotation_of_a_module_is_no_value_beside_an_assignment() -> None:
    source = "from typing import Any\nx: Any\ndef f():\n    global x\n    x = 'a'\ndef g():\n    probe(x)\n"

    assert probe(source) == ["'a'"]


def test_a_text_of_an_attribute_that_is_none_at_first_has_what_is_assigned() -> None:
    source = (
        "import os\nfrom typing import Any\nclass A:\n    def __init__(self):\n        self.x: Any = None\n"
        "    def run(self):\n        self.x = 'a'\n    def read(self):\n        probe(os.path.join(self.x, 'b'))\n"
    )

    assert probe(source) == ["'a/b'"]


@pytest.mark.parametrize("note", ["B", "'B'", "Optional['B']"])
def test_the_annotation_of_a_field_says_what_is_passed_where_that_is_not_known(note: str) -> None:
    source = (
        "from dataclasses import dataclass\nfrom typing import Optional\n"
        "class B:\n    def run(self):\n        return 'b'\n"
        f"@dataclass\nclass A:\n    x: {note}\nprobe(A(x=globals()[input()]()).x.run())\n"
    )

    assert probe(source) == ["'b'"]


def test_the_annotation_of_a_field_says_nothing_beside_what_is_known() -> None:
    source = (
        "from dataclasses import dataclass\nclass B:\n    def run(self):\n        return 'b'\nclass C(B):\n"
        "    def run(self):\n        return 'c'\n@dataclass\nclass A:\n    x: B\nprobe(A(x=C()).x.run())\n"
    )

    assert probe(source) == ["'c'"]
