"""`globals()[name]`: what a module has under a name that is a text."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

CLASSES = "class Chat:\n    def run(self): return 'chat'\nclass Embed:\n    def run(self): return 'embed'\n"


def found(source: str, **files: str) -> list[str]:
    """What the argument of `probe` can be, in words."""
    return probe({"app.py": CLASSES + source, **files})


@pytest.mark.parametrize(
    ("use", "what"),
    [
        ("probe(globals()['Chat']().run())", ["'chat'"]),
        ("probe(vars()['Chat']().run())", ["'chat'"]),
        ("probe(locals()['Chat']().run())", ["'chat'"]),
        ("name = 'Embed'\nprobe(globals()[name]().run())", ["'embed'"]),
        ("kind = 'chat'\nprobe(globals()[kind.capitalize()]().run())", ["'chat'"]),
        ("kind = 'chat'\nprobe(globals()[f'{kind.capitalize()}']().run())", ["'chat'"]),
        ("for name in ['Chat', 'Embed']:\n    probe(globals()[name]().run())", ["'chat'", "'embed'"]),
        ("for kind in ['chat', 'embed']:\n    probe(globals()[f'{kind.title()}']().run())", ["'chat'", "'embed'"]),
        ("def make(name):\n    return globals()[name]()\nprobe(make('Embed').run())", ["'embed'"]),
        ("import sys\nprobe(getattr(sys.modules[__name__], 'Embed')().run())", ["'embed'"]),
        ("table = globals()\nprobe(table['Chat']().run())", ["'chat'"]),
    ],
)
def test_a_name_that_is_known_gives_what_the_module_has_under_it(use: str, what: list[str]) -> None:
    assert found(f"{use}\n") == what


@pytest.mark.parametrize(
    "use",
    [
        "probe(globals()[input()])",
        "probe(globals()['Missing'])",
        "probe(globals()[f'{input()}Chat'])",
        "def make():\n    Chat = 1\n    probe(locals()['Chat'])",
        "def make(Chat):\n    probe(vars()['Chat'])",
    ],
)
def test_a_name_that_is_not_known_and_names_of_a_function_give_nothing(use: str) -> None:
    assert found(f"{use}\n") == ["?"]


def test_names_that_a_module_imports_are_its_own() -> None:
    source = "from other import *\nfrom other import Search as Find\nprobe(globals()['Find']().run())\n"
    assert found(source, **{"other.py": "class Search:\n    def run(self): return 'search'\n"}) == ["'search'"]


def test_the_table_of_another_module_has_its_names() -> None:
    other = {"other.py": "class Chat:\n    def run(self): return 'other'\ndef make(name): return globals()[name]()\n"}
    assert found("import other\nprobe(other.make('Chat').run())\n", **other) == ["'other'"]
    assert found("import other\nprobe(vars(other)['Chat']().run())\n", **other) == ["'other'"]


@pytest.mark.parametrize(
    ("use", "what"),
    [
        ("globals().get('Chat', Embed)", ["class Chat"]),
        ("globals().get('Missing', Embed)", ["?", "class Embed"]),
        ("globals().get(input())", ["?"]),
    ],
)
def test_a_default_counts_where_the_name_is_not_certain(use: str, what: list[str]) -> None:
    assert found(f"probe({use})\n") == what
