"""When the location of a read hangs on parameters: followed, open to the public, or not known."""

from __future__ import annotations

import pytest

from mltradeoff_lint.resolve.resolution import PARAMETER, UNPASSED, Resolutions
from mltradeoff_lint.resolve.sites import Sites
from tests.resolve.sample import repository

READ = "import os, glob, sys\nimport pandas as pd\nfrom pathlib import Path\n"


def judged(code: str) -> list[tuple[str, str]]:
    """The kind and state of each read whose location hangs on parameters."""
    resolver = repository(READ + code).resolver
    found = Resolutions(resolver, Sites(resolver)).all()
    return [(one.kind, one.state) for one in found if one.kind in (PARAMETER, UNPASSED)]


@pytest.mark.parametrize(
    "location",
    [
        "p",
        "Path(p)",
        "str(p)",
        "Path(p) / 'x.csv'",
        "f'{p}/x.csv'",
        "os.path.join(p, 'x.csv')",
        "p.path",
        "p['path']",
        "Path(p.folder)",
    ],
)
def test_what_is_made_of_a_parameter_that_nobody_passes_is_left_open_by_a_public_function(location: str) -> None:
    assert judged(f"def load(p):\n    return pd.read_csv({location})\n") == [(UNPASSED, "unknown")]


@pytest.mark.parametrize(
    "code",
    [
        "def load(p):\n    q = Path(p)\n    return read(q)\ndef read(q):\n    return pd.read_csv(q)\n",
        "def load(ps):\n    for p in ps:\n        read(Path(p))\ndef read(q):\n    return pd.read_csv(str(q))\n",
        "def load(p):\n    if not isinstance(p, list):\n        p = [p]\n    for q in p:\n        pd.read_csv(q)\n",
        "def load(p=None):\n    return pd.read_csv(p)\n",
    ],
)
def test_a_parameter_that_is_handed_on_through_calls_stays_that_of_the_public_function(code: str) -> None:
    assert judged(code) == [(UNPASSED, "unknown")]


@pytest.mark.parametrize(
    "code",
    [
        "def load(p):\n    return pd.read_csv(Path(p) / made())\ndef made():\n    return secret()\nload(made())\n",
        "def load(p, q):\n    return pd.read_csv(Path(p) / Path(q))\n[load(one, secret()) for one in rows()]\n",
        "def load(*p):\n    return pd.read_csv(p[0])\n",
    ],
)
def test_what_calls_pass_and_nobody_can_tell_is_not_known(code: str) -> None:
    assert judged(code) == [(PARAMETER, "unknown")]


def test_a_parameter_without_a_caller_does_not_excuse_another_that_is_passed() -> None:
    code = "def load(p, q=None):\n    return pd.read_csv(Path(p) / Path(q))\ndef public(q):\n    load(secret(), q)\n"

    assert judged(code) == [(PARAMETER, "unknown")]


def test_a_function_that_calls_itself_and_is_called_by_nobody_else_is_settled() -> None:
    code = "def load(p):\n    load(Path(p))\n    return pd.read_csv(p)\n"

    assert judged(code) == [(PARAMETER, "unknown")]


def test_a_location_that_is_known_is_followed_whatever_decides_between_its_values() -> None:
    code = "SETS = {'a': {'path': 'a.csv'}, 'b': {'path': 'b.csv'}}\ndef load(sets):\n    for one in sets.values():\n"
    code += "        pd.read_csv(one['path'])\nload(SETS)\n"

    assert judged(code) == [(PARAMETER, "known")]


def test_names_that_a_listing_gives_are_no_missing_part_of_their_folder() -> None:
    code = "def load(name):\n    return pd.read_csv(f'data/{name}')\nfor name in os.listdir('data'):\n    load(name)\n"

    assert judged(code) == [(PARAMETER, "template")]


def test_names_that_a_listing_of_an_unknown_folder_gives_are_not_followed() -> None:
    code = "def load(folder, name):\n    return pd.read_csv(folder + name)\n"
    code += "for name in os.listdir(secret()):\n    load(secret(), name)\n"

    assert judged(code) == [(PARAMETER, "unknown")]
