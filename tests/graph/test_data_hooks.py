"""What a trainer takes out of an object that it is handed: by the methods of its framework, or left open."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.value import Unknown
from tests.graph.analysed import analysed, nodes

HEAD = """
import keras, torch
import pandas as pd
import lightning as L
from hydra.utils import instantiate
from torch.utils.data import DataLoader, Dataset, IterableDataset
class Scorer(L.LightningModule): ...
"""
ROWS = """
class Rows(Dataset):
    def __init__(self, where, other=None):
        self.rows = pd.read_csv(where)
        self.other = other
    def __len__(self): return len(pd.read_csv("s3://shop/lengths.csv"))
    def __getitem__(self, index): return self.cut(self.rows.iloc[index])
    def cut(self, row): return row[1:]
"""
FIT = "L.Trainer().fit(Scorer(), {})\n"


def trained_on(code: str, **files: str) -> dict[str, str]:
    """The pin of each dataset of a repository with this `train.py`, by label."""
    found = nodes(analysed({"train.py": HEAD + code, **files}), "Dataset")
    pins = {one.label: one.properties["pin"] for one in found}
    return {label: "unknown" if isinstance(pin, Unknown) else str(pin) for label, pin in pins.items()}


def test_a_data_set_is_asked_for_its_rows_and_not_for_its_length() -> None:
    code = ROWS + FIT.format('DataLoader(Rows("s3://shop/a.csv"), batch_size=8)')
    assert trained_on(code) == {"s3://shop/a.csv": "mutable-implicit"}


def test_a_data_set_that_iterates_gives_what_it_yields() -> None:
    code = "class Lines(IterableDataset):\n    def __iter__(self):\n        yield from pd.read_csv('s3://shop/a.csv')\n"
    assert trained_on(code + FIT.format("DataLoader(Lines())")) == {"s3://shop/a.csv": "mutable-implicit"}


def test_what_a_base_class_of_the_repository_brings_counts() -> None:
    code = (
        ROWS + "class Fewer(Rows):\n    def cut(self, row): return row[2:]\n" + FIT.format('Fewer("s3://shop/a.csv")')
    )
    assert trained_on(code) == {"s3://shop/a.csv": "mutable-implicit"}


def test_a_module_holds_the_sets_that_its_setup_makes() -> None:
    code = (
        ROWS
        + "class Prices(L.LightningDataModule):\n"
        + "    def __init__(self, where):\n        super().__init__()\n        self.where = where\n"
        + "    def setup(self, stage=None):\n        self.train = Rows(self.where)\n"
        + "        self.test = Rows('s3://shop/test.csv')\n"
        + "    def train_dataloader(self): return DataLoader(self.train)\n"
        + "    def test_dataloader(self): return DataLoader(self.test)\n"
        + FIT.format('datamodule=Prices("s3://shop/a.csv")')
    )
    assert trained_on(code) == {"s3://shop/a.csv": "mutable-implicit"}


def test_a_set_that_a_module_is_passed_to_test_on_is_not_learned_from() -> None:
    code = (
        "class Prices(L.LightningDataModule):\n"
        "    def __init__(self, train, test):\n        super().__init__()\n"
        "        self.train, self.test = train, test\n"
        "    def train_dataloader(self): return DataLoader(self.train)\n"
        "    def test_dataloader(self): return DataLoader(self.test)\n"
    )
    fit = FIT.format("Prices(pd.read_csv('s3://shop/a.csv'), pd.read_csv('s3://shop/test.csv'))")
    assert trained_on(code + fit) == {"s3://shop/a.csv": "mutable-implicit"}


def test_a_module_that_a_configuration_names_is_asked_too() -> None:
    code = "from omegaconf import OmegaConf\nconfig = OmegaConf.load('config.yaml')\n" + FIT.format(
        "datamodule=instantiate(config.data)"
    )
    prices = (
        "class Prices(L.LightningDataModule):\n"
        "    def train_dataloader(self): return DataLoader(pd.read_csv('s3://shop/a.csv'))\n"
    )
    files = {"config.yaml": "data:\n  _target_: prices.Prices\n", "prices.py": HEAD + prices}
    assert trained_on(code, **files) == {"s3://shop/a.csv": "mutable-implicit"}


@pytest.mark.parametrize("base", ["keras.utils.PyDataset", "keras.utils.Sequence"])
def test_a_sequence_of_keras_is_asked_for_its_batches(base: str) -> None:
    code = (
        f"class Batches({base}):\n    def __getitem__(self, index): return pd.read_csv('s3://shop/a.csv')[index:]\n"
        "keras.Sequential([]).fit(Batches())\n"
    )
    assert trained_on(code) == {"s3://shop/a.csv": "mutable-implicit"}


def test_a_model_is_asked_for_its_loader_only_where_the_call_passes_no_data() -> None:
    model = (
        "class Own(L.LightningModule):\n"
        "    def __init__(self, words):\n        super().__init__()\n        self.words = words\n"
        "    def train_dataloader(self): return DataLoader(pd.read_csv('s3://shop/own.csv'))\n"
        "own = Own(pd.read_csv('s3://shop/words.csv'))\n"
    )
    assert trained_on(model + "L.Trainer().fit(own)\n") == {"s3://shop/own.csv": "mutable-implicit"}
    passed = "L.Trainer().fit(own, DataLoader(pd.read_csv('s3://shop/a.csv')))\n"
    assert trained_on(model + passed) == {"s3://shop/a.csv": "mutable-implicit"}


def test_a_training_whose_data_nobody_can_follow_is_left_open() -> None:
    code = "import shop_rows\ndef main():\n    " + FIT.format("DataLoader(shop_rows.load())")
    assert trained_on(code) == {"what the trainer is brought": "unknown"}


@pytest.mark.parametrize("fit", ["L.Trainer().fit(Scorer())\n", "L.Trainer().fit(Scorer(), Prices(rows))\n"])
def test_a_training_without_any_data_in_sight_is_left_open(fit: str) -> None:
    prices = "class Prices(L.LightningDataModule):\n    def train_dataloader(self): return self.loader\n"
    assert trained_on(prices + fit) == {"what the trainer is brought": "unknown"}


def test_a_training_on_what_is_made_up_is_not_left_open() -> None:
    code = "class Noise(Dataset):\n    def __getitem__(self, index): return torch.randn(4)\n" + FIT.format("Noise()")
    assert trained_on(code) == {}
