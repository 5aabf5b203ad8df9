"""A hole whose own name says little keeps what it is a part of, and two things in one text have two names."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

TEXTS = [
    "f'{{{0}}}/x'",
    "{0} + '/x'",
    "'{{}}/x'.format({0})",
    "'%s/x' % {0}",
    "os.path.join({0}, 'x')",
    "Path({0}, 'x')",
]
IMPORTS = "import os\nfrom pathlib import Path\n"


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("checkpoint.path", "checkpoint.path"),
        ("self.checkpoint.path", "checkpoint.path"),
        ("self.path", "path"),
        ("checkpoint.file.name", "checkpoint.file.name"),
        ("a.checkpoint.parent.parent", "checkpoint.parent.parent"),
        ("a.checkpoint.folder", "folder"),
        ("make(checkpoint).path", "path"),
        ("checkpoints[0].path", "checkpoints.path"),
        ("str(checkpoint.path)", "checkpoint.path"),
        ("checkpoint['path']", "path"),
    ],
)
def test_an_attribute_whose_name_says_little_keeps_its_receiver(text: str, expression: str, name: str) -> None:
    quoted = text.format(expression.replace("'", '"') if text.startswith("f'") else expression)
    source = f"{IMPORTS}def save(self, checkpoint, checkpoints, a, make):\n    probe({quoted})"

    assert probe(source) == [f"f'{{{name}}}/x'"]


def test_a_long_way_to_such_a_name_is_cut() -> None:
    source = f"def save(one):\n    probe(f'{{one{'.parent' * 40}}}/x')"

    assert probe(source) == ["f'{parent.parent.parent.parent}/x'"]


BOTH = ["f'{{{0}}}/{{{1}}}'", "'{{}}/{{}}'.format({0}, {1})", "'%s/%s' % ({0}, {1})", "os.path.join({0}, {1})"]


@pytest.mark.parametrize("text", BOTH)
@pytest.mark.parametrize(
    ("one", "other", "names"),
    [
        ("cfg.train.folder", "cfg.test.folder", ("train.folder", "test.folder")),
        ("cfg['train']['folder']", "cfg['test']['folder']", ("train.folder", "test.folder")),
        ("train.get('folder')", "test.get('folder')", ("train.folder", "test.folder")),
        ("a.train.x.folder", "a.test.x.folder", ("train.x.folder", "test.x.folder")),
        ("train.folder", "folder", ("train.folder", "folder")),
        ("train.folder", "train.folder", ("folder", "folder")),
        ("train.folder", "test.name", ("folder", "test.name")),
    ],
)
def test_two_parts_of_one_text_that_differ_have_two_names(
    text: str, one: str, other: str, names: tuple[str, str]
) -> None:
    parts = [part.replace("'", '"') for part in (one, other)]
    source = f"{IMPORTS}def save(cfg, train, test, a, folder):\n    probe({text.format(*parts)})"

    assert probe(source) == [f"f'{{{names[0]}}}/{{{names[1]}}}'"]


@pytest.mark.parametrize("text", ["{0} + '/' + {1}", "Path({0}) / {1}", "os.path.join({0}, 'x', {1})"])
def test_parts_that_are_added_one_by_one_have_two_names_too(text: str) -> None:
    source = f"{IMPORTS}def save(train, test):\n    probe({text.format('train.folder', 'test.folder')})"
    (found,) = probe(source)

    assert "{test.folder}" in found
    assert "folder}/" in found
    assert found.count("{test.folder}") == 1


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("folder.parent / 'x'", "f'{given.parent}/x'"),
        ("folder.parent.parent / 'x'", "f'{given.parent.parent}/x'"),
        ("folder.with_suffix('.x')", "f'{given.path}.x'"),
        ("folder.stem + '/x'", "f'{given.stem}/x'"),
        ("folder.name + '/x'", "f'{folder.name}/x'"),
        ("os.path.dirname(folder) + '/x'", "f'{given.parent}/x'"),
        ("os.path.basename(f'{given}.csv')", "f'{given.name}.csv'"),
        ("(folder / given).parent / 'x'", "f'{parent}/x'"),
    ],
)
def test_a_part_of_a_path_that_is_not_known_is_called_after_the_path(part: str, name: str) -> None:
    assert probe(f"{IMPORTS}def save(given):\n    folder = Path(given)\n    probe({part})") == [name]


def test_a_part_of_what_an_option_brings_is_brought_by_it() -> None:
    source = (
        "import argparse\nfrom pathlib import Path\np = argparse.ArgumentParser()\np.add_argument('--out')\n"
        "args = p.parse_args()\nprobe(Path(args.out).parent / 'x.csv')"
    )

    assert probe(source) == ["f'{option:out.parent}/x.csv'"]


def test_a_climb_through_folders_ends() -> None:
    source = (
        f"{IMPORTS}def root(start):\n    here = Path(start)\n    while not done(here):\n        here = here.parent\n"
        "    probe(here / 'x')"
    )
    found = probe(source)

    assert "f'{start}/x'" in found
    assert len(found) <= 5


def test_a_part_of_what_a_function_of_paths_gives_goes_by_its_argument() -> None:
    source = f"{IMPORTS}def save(upload):\n    probe(f'data/{{os.path.splitext(upload.name)[0]}}.txt')"

    assert probe(source) == ["f'data/{upload.name.splitext}.txt'"]
