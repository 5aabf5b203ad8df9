"""Fields that an inherited constructor sets: what the constructions of a class pass, and not those of its siblings."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

BASE = """
class Agent:
    def __init__(self, model, size=3):
        self.model = model
        self.title = f"the {model}"
        self.size = size
        self.kind = "agent"
"""
ONE = "class One(Agent):\n    pass\n"
TWO = "class Two(Agent):\n    def act(self):\n        probe(self.model)\n"
CLASSES = BASE + ONE + TWO


def reading(what: str) -> str:
    """The classes, with another read in the method of the second one."""
    return CLASSES.replace("probe(self.model)", f"probe({what})")


def test_a_sibling_brings_nothing() -> None:
    assert probe(CLASSES + "One('a')\nTwo('b')\n") == ["'b'"]
    assert probe(reading("self.title") + "One('a')\nTwo('b')\n") == ["'the b'"]
    assert probe(reading("self.size") + "One('a', 5)\nTwo('b')\n") == ["3"]
    assert probe(reading("self.kind") + "One('a')\n") == ["'agent'"]


def test_the_base_alone_brings_nothing() -> None:
    assert probe(CLASSES + "Agent('a')\nTwo(model='b')\n") == ["'b'"]


def test_a_class_below_brings_what_it_passes() -> None:
    below = "class Three(Two):\n    pass\nOne('a')\nTwo('b')\nThree('c')\n"
    assert probe(CLASSES + below) == ["'b'", "'c'"]
    assert probe(CLASSES + below.replace("Two('b')", "")) == ["'c'"]


def test_a_class_below_both_brings_what_it_passes() -> None:
    both = "class Both(Two, One):\n    pass\n"
    assert probe(CLASSES + both + "One('a')\nBoth('c')\n") == ["'c'"]
    handing = "class One(Agent):\n    def __init__(self, name):\n        super().__init__(name)\n"
    assert "'c'" in probe(BASE + handing + TWO + both + "Two('b')\nBoth('c')\n")


def test_a_method_of_the_base_sees_what_all_classes_pass() -> None:
    base = BASE + "    def act(self):\n        probe(self.model)\n"
    assert probe(base + ONE + "class Two(Agent): pass\nOne('a')\nTwo('b')\n") == ["'a'", "'b'"]


def test_a_constructor_of_its_own_hands_on_what_it_passes_itself() -> None:
    one = "class One(Agent):\n    def __init__(self, name):\n        super().__init__(model=name)\n"
    two = "class Two(Agent):\n    def __init__(self, name, size):\n        super().__init__(size=size, model=name)\n"
    two += "    def act(self):\n        probe(self.model)\n"
    assert probe(BASE + one + two + "One('a')\nTwo('b', 1)\n") == ["'b'"]
    assert probe(BASE + ONE + two + "One('a')\nAgent('c')\nTwo('b', 1)\n") == ["'b'"]
    assert probe(BASE + one + two.replace("model=name", "model='own'") + "One('a')\n") == ["'own'"]
    called = two.replace("super().__init__(", "Agent.__init__(self, ")
    assert "'b'" in probe(BASE + one + called + "One('a')\nTwo('b', 1)\n")


MIDDLE = "class Middle(Agent):\n    def __init__(self, name, **more):\n        super().__init__(name, **more)\n"


def test_a_constructor_between_hands_on_what_the_class_itself_passes() -> None:
    classes = BASE + MIDDLE + "class One(Middle): pass\n" + TWO.replace("Agent", "Middle")
    assert probe(classes + "One('a')\nMiddle('c')\nTwo('b')\n") == ["'b'"]
    assert probe(classes + "One('a')\nMiddle('c')\nAgent('d')\n") == ["?"]


def test_a_constant_of_a_constructor_between_holds_where_nothing_makes_the_object() -> None:
    middle = MIDDLE.replace("super().__init__(name, **more)", "super().__init__('fixed')")
    classes = BASE + middle + "class One(Middle): pass\n" + TWO.replace("Agent", "Middle")
    assert probe(classes + "One('a')\nAgent('d')\n") == ["'fixed'"]


NEVER = ["if False:\n    Two('b')\n", "if input() and False:\n    Two('b')\n"]


@pytest.mark.parametrize("made", ["", *NEVER])
def test_what_nothing_makes_holds_nothing_of_a_sibling(made: str) -> None:
    assert probe(CLASSES + "One('a', 5)\n" + made) == ["?"]
    assert probe(reading("self.title") + "One('a', 5)\n" + made) == ["?"]


@pytest.mark.parametrize(("made", "size", "model"), [("", "3", "Form()"), *((one, "?", "?") for one in NEVER)])
def test_what_nothing_makes_has_its_defaults_unless_what_would_make_it_is_never_run(
    made: str, size: str, model: str
) -> None:
    assert probe(reading("self.size") + "One('a', 5)\n" + made) == [size]
    typed = CLASSES.replace("model, size", "model: 'Form', size")
    assert probe("class Form: pass\nclass Rich(Form): pass\n" + typed + "One(Rich())\n" + made) == [model]


def test_a_double_of_tests_makes_no_object() -> None:
    files = {"app.py": CLASSES + "One('a')\n", "tests/test_app.py": "from app import Two\ndef test(): Two('double')\n"}
    assert probe(files) == ["?"]


@pytest.mark.parametrize(
    "made",
    [
        "def make(kind):\n    return kind('a')\nmake(One)\nmake(Two)\n",
        "kind = One if input() else Two\nkind('a')\n",
        "KINDS = {'one': One, 'two': Two}\nKINDS[input()]('a')\n",
        "def make(name):\n    if input(): return One(name)\n    return Two(name)\nmake('a')\n",
    ],
)
def test_a_call_that_may_make_either_class_counts(made: str) -> None:
    assert probe(CLASSES + made + "One('z')\n") == ["'a'"]


def test_a_class_that_a_function_gives_has_nothing_of_a_sibling() -> None:
    made = "def kind():\n    if input(): return One\n    return Two\nkind()('a')\n"
    assert probe(CLASSES + made + "One('z')\n") == ["?"]
    assert probe(CLASSES + made + "One('z')\nTwo('b')\n") == ["'b'"]


def test_a_call_of_what_is_not_known_altogether_counts() -> None:
    made = "import plugins\nkind = One if input() else plugins.load()\nkind('a')\nTwo('b')\n"
    assert probe(CLASSES + made) == ["'a'", "'b'"]


def test_a_method_that_makes_an_object_of_its_own_class_counts_for_the_classes_below() -> None:
    base = BASE + "    @classmethod\n    def make(cls):\n        return cls('made')\n"
    assert probe(base + ONE + TWO + "One('a')\nTwo('b')\n") == ["'b'", "'made'"]
    one = ONE.replace("pass", "@classmethod\n    def make(cls): return cls('made')")
    assert probe(BASE + one + TWO + "One('a')\nTwo('b')\n") == ["'b'"]


@pytest.mark.parametrize(
    "made", ["import store\nstore.read('agent.json', Two)\n", "import store\nstore.kinds(kind=Two)\nTwo('a')\n"]
)
def test_all_constructions_count_where_those_of_the_class_are_not_all_seen(made: str) -> None:
    assert probe(CLASSES + "One('a')\n" + made) == ["'a'"]


@pytest.mark.parametrize(
    "classes",
    [
        CLASSES.replace("class Two", "import registry\n@registry.agent\nclass Two"),
        "import store\n" + CLASSES.replace("class Two(Agent)", "class Two(Agent, store.Stored)"),
        "import store\n" + CLASSES.replace("class Agent:", "class Agent(store.Stored):"),
    ],
)
def test_all_constructions_count_where_a_library_may_make_the_object(classes: str) -> None:
    assert probe(classes + "One('a')\n") == ["'a'"]
