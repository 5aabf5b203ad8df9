"""What Lightning keeps of a constructor's arguments."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

DATA = (
    "from lightning import LightningDataModule\nclass Data(LightningDataModule):\n"
    "    def __init__(self, folder='d', size=3):\n        self.save_hyperparameters(SAVED)\n"
    "    def setup(self, stage): probe(self.hparams.READ)\n"
)


def read(what: str, saved: str = "logger=False", after: str = "") -> list[str]:
    """What `self.hparams` gives in a method."""
    return probe(DATA.replace("READ", what).replace("SAVED", saved) + after)


def test_an_argument_is_read_by_its_name() -> None:
    assert read("folder", after="Data('x.csv')\n") == ["'x.csv'"]
    assert read("folder", after="Data('x.csv')\nData('y.csv')\n") == ["'x.csv'", "'y.csv'"]
    assert read("size", after="Data('x.csv')\n") == ["3"]


def test_a_configuration_passes_it() -> None:
    main = (
        "import hydra\n@hydra.main(config_path='conf', config_name='c')\n"
        "def main(cfg): hydra.utils.instantiate(cfg.data)\n"
    )
    data = DATA.replace("READ", "folder").replace("SAVED", "")
    conf = "data:\n  _target_: data.Data\n  folder: x.csv\n"
    assert probe({"app.py": main, "data.py": data, "conf/c.yaml": conf}, "data.py") == ["'x.csv'"]


def test_only_what_is_named_is_saved() -> None:
    (found,) = read("folder", "'size'", after="Data('x.csv')\n")
    assert "x.csv" not in found


@pytest.mark.parametrize("base", ["object", "dict"])
def test_another_class_saves_nothing(base: str) -> None:
    source = DATA.replace("READ", "folder").replace("SAVED", "").replace("(LightningDataModule)", f"({base})")
    assert "'x.csv'" not in probe(source + "Data('x.csv')\n")
