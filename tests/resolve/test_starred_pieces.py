"""`os.path.join(root, *parts)`: a list whose length is known goes into a path element by element."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

JOIN = "import os\ndef under(*parts):\n    {body}\n    return os.path.join('out', *parts)\n"


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "parts = [one.strip() for one in parts]",
        "parts = (one.strip() for one in parts)",
        "parts = tuple(one.strip() for one in parts)",
        "parts = list(parts)",
    ],
)
def test_the_arguments_of_a_call_stay_apart(body: str) -> None:
    head = JOIN.format(body=body)

    assert probe(f"{head}probe(under('a', 'b'))\n") == ["'out/a/b'"]
    assert probe(f"{head}def f(model, run):\n    probe(under(model, 'x', run))\n") == ["f'out/{model}/x/{run}'"]
    assert probe(f"{head}def f(a, b):\n    probe(under(a.name, b.name))\n") == ["f'out/{a.name}/{b.name}'"]
    assert probe(f"{head}under('c')\nprobe(under('a', 'b'))\n") == ["'out/a/b'"]


def test_each_call_is_a_path_of_its_own() -> None:
    source = "import os\ndef f(*parts):\n    probe(os.path.join('out', *parts))\nf('a', 'b')\nf('c')\n"

    assert probe(source) == ["'out/a/b'", "'out/c'"]


def test_elements_without_a_name_are_told_apart_by_their_places() -> None:
    source = (
        "import os\ndef f(*parts):\n    probe(os.path.join('out', *parts, 'x'))\n"
        "def g(a, b):\n    f(a, b)\n    f('c', b)\n"
    )

    assert probe(source) == ["f'out/c/{parts_1}/x'", "f'out/{parts_0}/{parts_1}/x'"]


@pytest.mark.parametrize(
    "source",
    [
        "def f(names):\n    parts = [one for one in names]\n    probe(os.path.join('out', *parts))\n",
        "def f(*parts):\n    probe(os.path.join('out', *parts))\ndef g(names):\n    f(*names)\n",
        "def f(*parts):\n    parts = [one for one in parts if one]\n    probe(os.path.join('out', *parts))\n"
        "f('a', 'b')\n",
    ],
)
def test_a_list_of_unknown_length_is_one_hole(source: str) -> None:
    assert probe(f"import os\n{source}") == ["f'out/{parts}'"]


def test_other_ways_to_join_take_elements_too() -> None:
    assert probe("from pathlib import Path\nparts = ['a', 'b']\nprobe(Path('out', *parts))\n") == ["'out/a/b'"]
    assert probe("from pathlib import Path\nparts = ['a', 'b']\nprobe(Path('out').joinpath(*parts))\n") == ["'out/a/b'"]
    assert probe("import posixpath\nparts = ['a', 'b']\nprobe(posixpath.join(*parts))\n") == ["'a/b'"]


def test_a_format_takes_elements_by_their_places() -> None:
    assert probe("parts = ['a', 'b']\nprobe('{}/{}'.format(*parts))\n") == ["'a/b'"]


def test_an_empty_list_adds_nothing() -> None:
    assert probe("import os\nparts = []\nprobe(os.path.join('out', *parts))\n") == ["'out'"]
    assert probe("import os\ndef f(*parts):\n    probe(os.path.join('out', *parts))\nf()\nf('a')\n") == [
        "'out'",
        "'out/a'",
    ]
