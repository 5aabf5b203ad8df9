"""What one call passes, what one object holds: a text that is put together from several of them keeps them together."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

PASSED = "run('a', '1')\nrun('b', '2')\n"


@pytest.mark.parametrize(
    "text",
    [
        "f'{x}/{y}'",
        "x + '/' + y",
        "'{}/{}'.format(x, y)",
        "'%s/%s' % (x, y)",
        "'/'.join([x, y])",
        "os.path.join(x, y)",
        "x + '/' + lowered(y)",
    ],
)
def test_arguments_of_one_call_stay_together(text: str) -> None:
    helper = "import os\ndef lowered(text):\n    return text.lower()\n"

    assert probe(f"{helper}def run(x, y):\n    probe({text})\n{PASSED}") == ["'a/1'", "'b/2'"]


def test_arguments_stay_together_through_names_between() -> None:
    source = f"def run(x, y):\n    folder = x.strip()\n    name = y\n    probe(f'{{folder}}/{{name}}')\n{PASSED}"

    assert probe(source) == ["'a/1'", "'b/2'"]


def test_arguments_stay_together_over_several_calls() -> None:
    source = f"def run(x, y):\n    inner(y, x)\ndef inner(y, x):\n    probe(f'{{x}}/{{y}}')\n{PASSED}"

    assert probe(source) == ["'a/1'", "'b/2'"]


def test_a_default_belongs_to_the_calls_that_leave_the_parameter_out() -> None:
    source = "def run(x, y='1'):\n    probe(f'{x}/{y}')\nrun('a')\nrun('b', '2')\n"

    assert probe(source) == ["'a/1'", "'b/2'"]


def test_a_function_inside_reads_what_one_call_of_the_outer_one_passes() -> None:
    source = f"def run(x, y):\n    def text(z=1):\n        return f'{{x}}/{{y}}'\n    probe(text())\n{PASSED}"

    assert probe(source) == ["'a/1'", "'b/2'"]


def test_a_call_whose_branch_is_closed_puts_no_text_together() -> None:
    source = "def run(kind, x, y):\n    if kind == 'one':\n        probe(f'{x}/{y}')\n"

    assert probe(f"{source}run('one', 'a', '1')\nrun('two', 'b', '2')\nrun('one', 'c', '3')\n") == ["'a/1'", "'c/3'"]


def test_a_value_that_is_not_known_of_one_call_is_a_hole_of_that_text_alone() -> None:
    source = "def run(x, y):\n    probe(f'{x}/{y}')\nrun('a', '1')\nrun('b', load())\n"

    assert probe(source) == ["'a/1'", "f'b/{y}'"]


def test_a_function_that_something_else_gives_its_parameters_too_is_not_told_apart() -> None:
    source = f"def run(x, y):\n    probe(f'{{x}}/{{y}}')\n{PASSED}"
    handed = "from concurrent.futures import ThreadPoolExecutor\nThreadPoolExecutor().submit(run, 'a', '3')\n"

    assert "'a/3'" in probe(source + handed)


HOLDER = """
class Holder:
    def __init__(self, x, y='1'):
        self.x = x
        self.y = y
    @property
    def whole(self):
        return f'{self.x}/{self.y}'
    def head(self):
        return self.x
    def show(self, z='9'):
        probe(TEXT)
"""


@pytest.mark.parametrize(
    "text",
    [
        "f'{self.x}/{self.y}'",
        "self.x + '/' + self.y",
        "os.path.join(self.x, self.y)",
        "f'{self.head()}/{self.y}'",
        "self.whole",
        "f'{self.whole}'",
    ],
)
def test_fields_of_one_object_stay_together(text: str) -> None:
    source = "import os" + HOLDER.replace("TEXT", text) + "Holder('a').show()\nHolder('b', '2').show()\n"

    assert probe(source) == ["'a/1'", "'b/2'"]


def test_fields_that_a_derived_class_hands_on_stay_together() -> None:
    derived = "class Derived(Holder):\n    def __init__(self, y):\n        super().__init__('c', y)\n"
    source = HOLDER.replace("TEXT", "f'{self.x}/{self.y}'") + derived + "Holder('b', '2')\nDerived('3')\nDerived('4')\n"

    assert probe(source) == ["'b/2'", "'c/3'", "'c/4'"]


def test_a_field_stays_together_with_what_is_passed_to_a_method_of_its_object() -> None:
    source = HOLDER.replace("TEXT", "f'{self.x}/{z}'") + "Holder('a').show('1')\nHolder('b').show('2')\n"

    assert probe(source) == ["'a/1'", "'b/2'"]


def test_an_argument_stays_together_with_each_of_several_objects() -> None:
    source = HOLDER.replace("TEXT", "f'{self.x}/{self.y}/{z}'")
    loop = "for one in [Holder('a'), Holder('b', '2')]:\n    one.show('8')\n"

    assert probe(source + loop) == ["'a/1/8'", "'b/2/8'"]


def test_fields_stay_together_in_a_method_that_nobody_calls() -> None:
    source = HOLDER.replace("TEXT", "f'{self.x}/{self.y}/{z}'") + "Holder('a')\nHolder('b', '2')\n"

    assert probe(source) == ["'a/1/9'", "'b/2/9'"]


def test_a_method_that_hands_its_object_on_keeps_the_fields_together() -> None:
    more = "    def start(self):\n        self.show('z')\n"
    text = "f'{self.x}/{self.y}/{z}'"
    source = HOLDER.replace("TEXT", text) + more + "Holder('a').start()\nHolder('b', '2').start()\n"

    assert probe(source) == ["'a/1/z'", "'b/2/z'"]


def test_a_field_that_is_written_elsewhere_too_goes_with_every_object() -> None:
    more = "    def renamed(self):\n        self.y = '9'\n"
    source = HOLDER.replace("TEXT", "f'{self.x}/{self.y}'") + more + "Holder('a')\nHolder('b', '2')\n"

    assert probe(source) == ["'a/1'", "'a/9'", "'b/2'", "'b/9'"]


@pytest.mark.parametrize("read", ["x", "f'{x}'"])
def test_a_name_that_was_bound_in_two_branches_is_one_name(read: str) -> None:
    source = (
        "def run(x=None, y=None):\n    if x is None:\n        x = y\n    part = ''\n    if y:\n"
        f"        part = f'-{{x}}'\n    probe({read} + part)\nrun('a')\nrun('b')\nrun(y='c')\n"
    )

    assert {"'a-b'", "'b-a'", "'a-c'", "'c-a'", "'c-b'", "'b-c'"}.isdisjoint(probe(source))


def test_a_name_of_the_function_around_is_one_name_in_two_places() -> None:
    source = (
        "def run(x=None):\n    if x is None:\n        x = load('c')\n"
        "    def text(more=True):\n        part = ''\n        if more:\n            part = f'p={x}'\n"
        "        return f'{part} r={x}'\n    probe(text())\nrun('a')\nrun('b')\ndef load(name):\n    return name\n"
    )

    assert {one for one in probe(source) if "p=" in one} == {"'p=a r=a'", "'p=b r=b'", "'p=c r=c'"}


def test_where_callers_of_callers_are_too_many_calls_are_still_told_apart() -> None:
    source = "def run(x, y):\n    probe(f'{x}/{y}')\n"
    for letter, numbers in (("a", "01010"), ("b", "56565")):
        source += f"def hand_{letter}(x, y):\n    run(x, y)\n"
        source += "".join(f"hand_{letter}('{letter}', '{number}')\n" for number in numbers)
    assert probe(source) == ["'a/0'", "'a/1'", "'b/5'", "'b/6'"]
