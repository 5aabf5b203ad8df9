"""Which calls are worth resolving: those whose receiver the repository can have, told by the names it writes."""

from __future__ import annotations

import pytest

from mltradeoff_lint.resolve.possible_calls import PossibleCalls
from mltradeoff_lint.resolve.sites import Sites
from tests.resolve.sample import repository


def is_possible(name: str, source: str) -> bool:
    return PossibleCalls(repository(source).resolver).is_any(name)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("append", "import pandas as pd\nrows = []\nrows.append(pd.read_csv('a.csv'))"),
        ("copy", "import shutil\ndef f(x): return x.copy()\nshutil.copy('a', 'b')"),
        ("get", "import boto3\ndef f(row): return row.get('k')"),
        ("append", "import pandas\nfrom unittest import mock\nrows = []\nrows.append(mock.call(1))"),
    ],
)
def test_a_name_is_no_call_of_a_library_whose_receiver_nobody_writes(name: str, source: str) -> None:
    assert not is_possible(name, source)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("append", "import pandas as pd\ndef f(x): x.append(1)\nf(pd.HDFStore('a.h5'))"),
        ("append", "import pandas\ndef f(x: 'pandas.HDFStore'): x.append(1)"),
        ("copy", "import shutil\ndef f(files): files.copy('a', 'b')\nf(shutil)"),
        ("copy", "import shutil as sh\nclass A:\n def __init__(self): self.files = sh"),
        ("copy", "import importlib\nfiles = importlib.import_module('shutil')"),
        ("get", "import boto3\nboto3.resource('s3').Object('b', 'k')"),
    ],
)
def test_a_name_is_a_possible_call_where_its_receiver_is_written_or_handed_on(name: str, source: str) -> None:
    assert is_possible(name, source)


def test_a_configuration_that_names_classes_makes_every_receiver_possible() -> None:
    assert is_possible("append", "import pandas, hydra\nstore = hydra.utils.instantiate({})\nstore.append(1)")


def test_the_receiver_may_be_what_another_expression_gives() -> None:
    source = "import boto3\ndef f(x): return x.get()\nf(boto3.Session().resource('s3').Object('b', 'k'))\n"
    assert [use.meaning.path for use in Sites(repository(source).resolver).of_kind("dataset-read")] == [
        "boto3.resource(s3).Object().get"
    ]
