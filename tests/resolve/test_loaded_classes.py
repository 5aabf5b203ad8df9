"""Classes that are loaded by the text of their path: module and name of one text go together."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

LIBRARY = {
    "pkg/__init__.py": "",
    "pkg/a.py": "class A:\n    def run(self):\n        return 'a'\nclass B:\n    pass\n",
    "pkg/b.py": "class B:\n    def run(self):\n        return 'b'\nclass A:\n    pass\n",
}
LOAD = """
import importlib
PATHS = {'a': 'pkg.a.A', 'b': 'pkg.b.B'}
def load(path):
    module_path, name = path.rsplit('.', 1)
    module = importlib.import_module(module_path)
    return getattr(module, name)
"""


def app(source: str, load: str = LOAD) -> dict[str, str]:
    """The two modules of classes, and a program that loads of them."""
    return {**LIBRARY, "app.py": load + source}


@pytest.mark.parametrize(
    ("use", "found"),
    [
        ("probe(load('pkg.a.A')().run())", ["'a'"]),
        ("load('pkg.a.A')\nprobe(load('pkg.b.B'))", ["class B"]),
        ("probe(load(PATHS['b'])().run())", ["'b'"]),
        ("def use(provider):\n    probe(load(PATHS[provider])().run())\n", ["'a'", "'b'"]),
        ("def use(provider):\n    probe(load(PATHS[provider])().run())\nuse('b')\n", ["'b'"]),
        ("def use(provider):\n    probe(load(PATHS[provider]))\nuse('b')\nuse('a')\n", ["class A", "class B"]),
        ("def use(provider):\n    path = PATHS[provider]\n    probe(load(path)().run())\n", ["'a'", "'b'"]),
    ],
)
def test_each_path_gives_its_own_class(use: str, found: list[str]) -> None:
    assert probe(app(use)) == found


@pytest.mark.parametrize(
    "body",
    [
        "    module, name = path.rsplit('.', 1)\n    return getattr(importlib.import_module(module), name)\n",
        "    module, _, name = path.rpartition('.')\n    return getattr(importlib.import_module(module), name)\n",
        "    parts = path.rsplit('.', 1)\n    return getattr(importlib.import_module(parts[0]), parts[1])\n",
        "    parts = path.split('.')\n    return getattr(importlib.import_module('.'.join(parts[:-1])), parts[-1])\n",
        "    module = importlib.import_module(path.rsplit('.', 1)[0])\n    name = path.rsplit('.', 1)[1]\n"
        "    loaded = getattr(module, name)\n    return loaded\n",
        "    module = importlib.import_module(path.rpartition('.')[0])\n"
        "    return getattr(module, path.rpartition('.')[-1])\n",
    ],
)
def test_it_does_not_matter_how_the_path_is_taken_apart(body: str) -> None:
    load = f"import importlib\nPATHS = {{'a': 'pkg.a.A', 'b': 'pkg.b.B'}}\ndef load(path):\n{body}"

    assert probe(app("def use(name):\n    probe(load(PATHS[name])().run())\n", load)) == ["'a'", "'b'"]


def test_pairs_of_module_and_class_go_together() -> None:
    load = (
        "import importlib\nCLASSES = {'a': ('pkg.a', 'A'), 'b': ('pkg.b', 'B')}\n"
        "def load(which):\n    module, name = CLASSES[which]\n"
        "    return getattr(importlib.import_module(module), name)\n"
    )

    assert probe(app("def use(name):\n    probe(load(name)().run())\n", load)) == ["'a'", "'b'"]


def test_a_name_that_stands_in_module_and_class_is_one_name() -> None:
    load = (
        "import importlib\ndef load(name):\n"
        "    return getattr(importlib.import_module(f'pkg.{name}'), name.upper())\nload('a')\nload('b')\n"
    )

    assert probe(app("def use(name):\n    probe(load(name)().run())\nuse('a')\nuse('b')\n", load)) == ["'a'", "'b'"]


FACTORY = """
class Factory:
    provider_to_class = {'a': ('pkg.a.A', 1), 'b': ('pkg.b.B', 2)}
    @classmethod
    def create(cls, provider_name, config=None):
        if provider_name not in cls.provider_to_class:
            raise ValueError(provider_name)
        class_type, default = cls.provider_to_class[provider_name]
        made = load(class_type)
        return made(config)
class Memory:
    def __init__(self, config):
        self.llm = Factory.create(config['provider'])
"""


def test_a_factory_makes_objects_of_the_class_of_the_provider() -> None:
    assert probe(app(f"{FACTORY}probe(Factory.create('b').run())")) == ["'b'"]


def test_a_factory_of_a_provider_that_nobody_names_makes_objects_of_every_class() -> None:
    assert probe(app(f"{FACTORY}def use(config):\n    probe(Memory(config).llm.run())\n")) == ["'a'", "'b'"]


def test_a_test_decides_which_provider_it_is() -> None:
    assert probe(app(f"{FACTORY}def use(p):\n    if p == 'a':\n        probe(Factory.create(p).run())\n")) == ["'a'"]


def test_a_class_of_a_module_outside_is_a_thing_of_its_library() -> None:
    assert probe(app("probe(load('openai.OpenAI')())")) == ["openai.OpenAI()"]


def test_one_object_has_each_of_the_names_that_are_asked_for() -> None:
    source = (
        "class Box:\n    x = 1\n    y = 2\ndef read(name):\n    probe(getattr(Box(), name))\nread('x')\nread('y')\n"
    )

    assert probe(source) == ["1", "2"]


def test_objects_and_names_that_do_not_belong_together_stay_unknown() -> None:
    source = (
        "class A:\n    x = 1\nclass B:\n    x = 2\n    y = 3\n"
        "def read(one, name):\n    probe(getattr(one, name))\nread(A(), 'x')\nread(B(), 'y')\n"
    )

    assert probe(source) == ["?"]
