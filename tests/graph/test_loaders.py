"""Datasets that a loader of a library fetches: one for each function and each name it is given."""

from __future__ import annotations

import pytest

from tests.graph.analysed import analysed, nodes

TRAIN = """{imports}
from sklearn.linear_model import Ridge
rows = {read}
Ridge().fit(rows, rows)
"""


def labels(*reads: tuple[str, str]) -> list[str]:
    """The datasets behind reads (what is imported, the read), one module each, sorted by label."""
    files = {
        f"train_{number}.py": TRAIN.format(imports=imports, read=read) for number, (imports, read) in enumerate(reads)
    }
    found = nodes(analysed(files), "Dataset")
    assert all(node.properties["pin"] in ("content-pinned", "version-pinned") for node in found)
    return sorted(node.label for node in found)


@pytest.mark.parametrize(
    ("imports", "one", "other", "expected"),
    [
        (
            "from sklearn.datasets import load_iris, load_breast_cancer",
            "load_iris(as_frame=True).data",
            "load_breast_cancer().data",
            ["sklearn.datasets.load_breast_cancer()", "sklearn.datasets.load_iris()"],
        ),
        (
            "import sklearn.datasets as ds",
            "ds.fetch_california_housing().data",
            "ds.fetch_20newsgroups().data",
            ["sklearn.datasets.fetch_20newsgroups()", "sklearn.datasets.fetch_california_housing()"],
        ),
        (
            "from tensorflow.keras.datasets import mnist, cifar10",
            "mnist.load_data()[0][0]",
            "cifar10.load_data()[0][0]",
            ["keras.datasets.cifar10.load_data()", "keras.datasets.mnist.load_data()"],
        ),
        (
            "from sklearn.datasets import fetch_openml",
            "fetch_openml('mnist_784', version=1).data",
            "fetch_openml(name='adult', version=2).data",
            ['sklearn.datasets.fetch_openml("adult")', 'sklearn.datasets.fetch_openml("mnist_784")'],
        ),
        (
            "import seaborn as sns",
            "sns.load_dataset('tips')",
            "sns.load_dataset('penguins')",
            ['seaborn.load_dataset("penguins")', 'seaborn.load_dataset("tips")'],
        ),
        (
            "import tensorflow_datasets as tfds",
            "tfds.load('imdb_reviews', split='train')",
            "tfds.load('mnist', split='train')",
            ['tensorflow_datasets.load("imdb_reviews")', 'tensorflow_datasets.load("mnist")'],
        ),
        (
            "from ucimlrepo import fetch_ucirepo",
            "fetch_ucirepo(id=2).data.features",
            "fetch_ucirepo(id=53).data.features",
            ["ucimlrepo.fetch_ucirepo(2)", "ucimlrepo.fetch_ucirepo(53)"],
        ),
        (
            "from torch_geometric.datasets import Planetoid",
            "Planetoid('data', 'Cora')",
            "Planetoid(root='data', name='CiteSeer')",
            ['torch_geometric.datasets.Planetoid("CiteSeer")', 'torch_geometric.datasets.Planetoid("Cora")'],
        ),
        (
            "from fastai.vision.all import untar_data, URLs",
            "untar_data(URLs.PETS)",
            "untar_data(URLs.MNIST)",
            [
                "fastai.vision.all.untar_data(fastai.vision.all.URLs.MNIST)",
                "fastai.vision.all.untar_data(fastai.vision.all.URLs.PETS)",
            ],
        ),
    ],
)
def test_what_two_loaders_fetch_is_two_datasets(imports: str, one: str, other: str, expected: list[str]) -> None:
    assert labels((imports, one), (imports, other)) == expected


def test_what_one_loader_fetches_in_two_modules_is_one_dataset() -> None:
    sklearn = ("from sklearn.datasets import load_iris", "load_iris().data")
    seaborn = ("import seaborn as sns\nNAME = 'tips'", "sns.load_dataset(NAME)")
    again = ("from seaborn import load_dataset", "load_dataset('tips')")
    assert labels(sklearn, sklearn) == ["sklearn.datasets.load_iris()"]
    assert labels(seaborn, again) == ['seaborn.load_dataset("tips")']


def test_a_loader_that_is_given_one_of_several_names_means_each() -> None:
    read = ("import seaborn as sns\nimport sys\nNAME = 'tips' if sys.argv[1] else 'iris'", "sns.load_dataset(NAME)")
    assert labels(read) == ['seaborn.load_dataset("iris")', 'seaborn.load_dataset("tips")']


def test_names_that_did_not_resolve_in_two_modules_are_not_one_dataset() -> None:
    read = ("import seaborn as sns\nfrom elsewhere import name", "sns.load_dataset(name())")
    assert labels(read, read) == ["seaborn.load_dataset({name})", "seaborn.load_dataset({name})"]


def test_a_name_that_is_none_is_no_name() -> None:
    read = ("import seaborn as sns", "sns.load_dataset(name=None)")
    assert labels(read, read) == ["seaborn.load_dataset()"]


def test_a_name_among_starred_arguments_is_open() -> None:
    read = ("import seaborn as sns\nfrom elsewhere import options", "sns.load_dataset(**options())")
    assert labels(read, read) == ["seaborn.load_dataset({name})", "seaborn.load_dataset({name})"]
