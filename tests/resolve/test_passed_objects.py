"""Objects in the fields of a dataclass: what the calls that make it pass, or else what the annotation says."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

KINDS = """
from dataclasses import dataclass, field

class Form:
    def show(self): raise NotImplementedError
class Plain(Form):
    def show(self): return "plain"
class Rich(Form):
    def show(self): return "rich"
class Empty(Form):
    def show(self): return "empty"

"""
PAGE = """
@dataclass
class Page:
    form: "Form"
    def write(self):
        probe(self.form.show())
"""
DERIVED = "@dataclass\nclass Cover(Page):\n    pass\n"
ALL = ["'empty'", "'plain'", "'rich'"]


@pytest.mark.parametrize(
    "made",
    [
        "Page(form=Plain())",
        "Page(Plain())",
        "form = Plain()\nPage(form=form)",
        "def make(form=None):\n    standard = Plain()\n    return Page(form=form or standard)\nmake(Plain())\nmake()",
        "def make(kind=Page):\n    return kind(form=Plain())\nmake()",
        "def make(kind):\n    return kind(form=Plain())\nmake(Page)",
        "def make(kind: type[Page] = Page):\n    return kind(form=Plain())\nmake(kind=Cover)",
        "kind = Cover if input() else Page\nkind(form=Plain())",
        "KINDS = {'page': Page, 'cover': Cover}\nKINDS[input()](form=Plain())",
        "Cover(form=Plain())",
        "Page(form=Plain())\nisinstance(1, Page)",
        "".join(f"Page(form=Plain({number}))\n" for number in range(20)),
        "def make(form=None):\n    return Page(form=form or Plain())\n"
        + "".join(f"make(form=Plain({number}))\n" for number in range(20)),
    ],
)
def test_a_field_holds_what_all_constructions_pass(made: str) -> None:
    assert probe(KINDS + PAGE + DERIVED + made) == ["'plain'"]


def test_what_several_constructions_pass_is_together_what_a_field_holds() -> None:
    assert probe(KINDS + PAGE + "Page(form=Plain())\nPage(Rich())\n") == ["'plain'", "'rich'"]


def test_a_default_counts_where_a_construction_leaves_the_field_out() -> None:
    page = PAGE.replace('form: "Form"', 'form: "Form" = field(default_factory=Plain)')
    assert probe(KINDS + page + "Page()\nPage(form=Rich())\n") == ["'plain'", "'rich'"]
    assert probe(KINDS + page + "Page(form=Empty())\nPage(form=Rich())\n") == ["'empty'", "'rich'"]


def test_a_construction_far_behind_many_others_counts() -> None:
    calls = "".join(f"make(form=Plain({number}))\n" for number in range(30))
    source = f"def make(form):\n    return Page(form=form)\n{calls}make(form=Rich())\n"
    assert probe(KINDS + PAGE + source) == ["'plain'", "'rich'"]


def test_what_a_method_sets_counts_beside_what_is_passed() -> None:
    page = PAGE + "    def enrich(self):\n        self.form = Rich()\n"
    assert probe(KINDS + page + "Page(form=Plain())") == ["'plain'", "'rich'"]


@pytest.mark.parametrize(
    "made",
    [
        "",
        "import pickle\nPage(form=Plain())\nPage(form=pickle.load(open('form')))",
        "def make(form):\n    return Page(form)",
        "def make(**fields):\n    return Page(**fields)\nPage(form=Plain())",
        "import store\nPage(form=Plain())\nstore.read('page.json', Page)",
        "import store\nPage(form=Plain())\nstore.kinds(kind=Page)",
        "def change(page: Page, form):\n    page.form = form\nPage(form=Plain())",
    ],
)
def test_any_class_of_the_annotation_counts_where_constructions_or_what_they_pass_are_not_known(made: str) -> None:
    assert probe(KINDS + PAGE + made) == ALL


@pytest.mark.parametrize(
    "page",
    [
        PAGE.replace("@dataclass\n", "import registry\n@registry.page\n@dataclass\n"),
        "import store\n" + PAGE.replace("class Page:", "class Page(store.Stored):"),
        PAGE + "@dataclass\nclass Own(Page):\n    def __init__(self, form): self.form = form\nOwn(1)\n",
    ],
)
def test_any_class_of_the_annotation_counts_where_something_unseen_may_make_the_object(page: str) -> None:
    assert set(ALL) <= set(probe(KINDS + page + "Page(form=Plain())"))


def test_doubles_of_tests_say_nothing_of_the_code_in_use() -> None:
    files = {
        "app.py": KINDS + PAGE + "Page(form=Plain())",
        "tests/test_app.py": "from app import Form, Page\nclass Double(Form):\n    def show(self): return 'double'\n"
        "def test(): Page(form=Double())\n",
    }
    assert probe(files) == ["'plain'"]


REGISTER = "def register(form=None, kind=Page):\n    PAGES.append(kind(form=form or Rich()))\n"


def test_a_class_that_one_call_of_many_hands_on_is_made_there_too() -> None:
    many = "".join(f"register(Rich({number}))\n" for number in range(60))
    source = f"{KINDS}{PAGE}{DERIVED}PAGES = []\n{REGISTER}{many}"
    cover = source.replace("    pass\n", "    def bind(self):\n        shown(self.form.show())\n", 1)
    assert probe(cover + "register(kind=Cover)\n", name="shown") == ["'rich'"]
    assert probe(cover + "register(Plain(), kind=Cover)\n", name="shown") == ["'plain'", "'rich'"]


def test_any_class_counts_where_nobody_can_tell_which_class_a_parameter_is_given() -> None:
    source = f"{KINDS}{PAGE}{DERIVED}PAGES = []\n{REGISTER}register(Rich())\ndef run(kinds):\n    register(*kinds)\n"
    assert probe(source) == ALL


def test_what_other_code_sets_counts_beside_what_is_passed() -> None:
    change = "def change(page: Page):\n    page.form = Rich()\n"
    assert probe(f"{KINDS}{PAGE}{change}Page(form=Plain())") == ["'plain'", "'rich'"]
    unknown = "def change(page):\n    page.form = Rich()\n"
    assert probe(f"{KINDS}{PAGE}{unknown}Page(form=Plain())") == ["'plain'", "'rich'"]


def test_what_is_set_on_objects_of_another_class_says_nothing() -> None:
    other = "class Book:\n    pass\ndef bind():\n    book = Book()\n    book.form = Rich()\n"
    assert probe(f"{KINDS}{PAGE}{other}Page(form=Plain())") == ["'plain'"]


def test_any_class_counts_where_an_object_of_another_kind_is_set_on_what_nobody_knows() -> None:
    other = "class Paper:\n    pass\ndef change(book):\n    book.form = Paper()\n"
    assert probe(f"{KINDS}{PAGE}{other}Page(form=Plain())") == ALL
