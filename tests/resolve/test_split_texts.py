"""A piece of a text that is split is known where the text around the separators is written out."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

OPEN = "import os\nowner = os.environ['OWNER']\nname = f'{owner}/models/small.bin'\nhead = f's3://bucket/{owner}'\n"


@pytest.mark.parametrize(
    ("piece", "found"),
    [
        ("name.split('/')[-1]", ["'small.bin'"]),
        ("name.rsplit('/', 1)[-1]", ["'small.bin'"]),
        ("name.rsplit('/', 1)[1]", ["'small.bin'"]),
        ("name.rpartition('/')[2]", ["'small.bin'"]),
        ("name.rpartition('/')[-1]", ["'small.bin'"]),
        ("name.rsplit('/', 1)[0]", ["f'{env:OWNER}/models'"]),
        ("head.split('://')[0]", ["'s3'"]),
        ("head.split('://', 1)[1]", ["f'bucket/{env:OWNER}'"]),
        ("head.split('://', 1)[-1]", ["f'bucket/{env:OWNER}'"]),
        ("head.partition('://')[0]", ["'s3'"]),
        ("head.partition('://')[2]", ["f'bucket/{env:OWNER}'"]),
        ("os.path.basename(name)", ["'small.bin'"]),
    ],
)
def test_a_piece_between_written_separators_is_known(piece: str, found: list[str]) -> None:
    assert probe(f"{OPEN}probe({piece})") == found


@pytest.mark.parametrize(
    "piece",
    ["name.split('/')[0]", "name.split('/')[1]", "name.split('/')[-2]", "head.split('/')[-1]", "name.split()[-1]"],
)
def test_a_piece_that_a_hole_may_reach_into_is_not_known(piece: str) -> None:
    assert not any(one.startswith("'") for one in probe(f"{OPEN}probe({piece})"))


def test_each_of_several_texts_gives_its_own_piece() -> None:
    source = (
        "import os\nowner = os.environ['OWNER']\nfor name in ('a/b', f'{owner}/c'):\n    probe(name.split('/')[-1])\n"
    )

    assert probe(source) == ["'b'", "'c'"]
