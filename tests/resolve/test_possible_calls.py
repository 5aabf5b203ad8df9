"""Which calls are worth resolving: those whose receiver the repository can have, told by the names it writes."""

from __future__ import annotations

import pytest

from mltradeoff_lint.resolve.linked_projects import linked_modules
from mltradeoff_lint.resolve.possible_calls import PossibleCalls
from mltradeoff_lint.resolve.sites import Sites
from tests.resolve.sample import repository


def is_possible(name: str, source: str) -> bool:
    resolver = repository(source).resolver
    return PossibleCalls(resolver, resolver.program.python_paths()).is_any(name)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("append", "import pandas as pd\nrows = []\nrows.append(pd.read_csv('a.csv'))"),
        ("copy", "import shutil\ndef f(x): return x.copy()\nshutil.copy('a', 'b')"),
        ("get", "import boto3\ndef f(row): return row.get('k')"),
        ("append", "import pandas\nfrom unittest import mock\nrows = []\nrows.append(mock.call(1))"),
        ("get", "import os\nos.environ['A'] = '1'\nx = os.environ['B'] if 'B' in os.environ else {}\nx.get('k')"),
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


def found(files: dict[str, str]) -> list[str]:
    """The catalogued calls of methods, as module and method."""
    uses = Sites(repository(files).resolver).uses
    return [f"{use.ref.path} {use.meaning.path}" for use in uses if use.meaning.path.startswith("pandas.HDFStore")]


def test_what_one_project_writes_makes_no_call_of_another_one_possible() -> None:
    """An object of a library does not come to a project that nothing links with those that make one."""
    making = {"a/make.py": "import pandas as pd\nS = pd.HDFStore('x.h5')"}
    projects = making | {"a/pyproject.toml": "", "b/pyproject.toml": ""}
    linked = {"b/use.py": "from a.make import S\ndef f(store): store.append('k', 1)\nf(S)"}
    apart = {"b/use.py": "import pandas\ndef f(store): store.append('k', 1)\nf([])"}
    assert linked_groups(projects | linked) == [["a/make.py", "b/use.py"]]
    assert linked_groups(projects | apart) == [["a/make.py"], ["b/use.py"]]
    assert any(one.startswith("b/use.py") for one in found(projects | linked))
    assert not any(one.startswith("b/use.py") for one in found(projects | apart))


def linked_groups(files: dict[str, str]) -> list[list[str]]:
    return [list(group) for group in linked_modules(repository(files).resolver)]


@pytest.mark.parametrize("before", ["", "litellm.drop_params = True\n"])
def test_a_setting_of_an_imported_module_leaves_it_that_module(before: str) -> None:
    source = f"import litellm\n{before}def ask(q):\n    return litellm.completion(model='gpt-4o', messages=[q])\n"
    calls = Sites(repository(source).resolver).of_kind("model-call")
    assert [use.meaning.path for use in calls] == ["litellm.completion"]
