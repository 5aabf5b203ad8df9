"""Which `.backward()` is the training of a torch model: that of anything computed from what a model gives."""

from __future__ import annotations

import pytest

from tests.graph.analysed import analysed, nodes

HEAD = """
import pandas as pd
import torch
from accelerate import Accelerator
from lightning.fabric import Fabric
from torch import nn
from torch.cuda.amp import GradScaler
from transformers import AutoModelForSequenceClassification


class Net(nn.Module):
    def forward(self, rows): ...


def main(criterion, log):
    rows = torch.tensor(pd.read_csv("s3://shop/rows.csv").values)
    model = Net()
"""


def trained_from(*lines: str) -> list[str]:
    code = HEAD + "".join(f"    {line}\n" for line in lines)
    found = analysed({"train.py": code})
    return [node.label for node in nodes(found, "Dataset")] if nodes(found, "Training") else []


@pytest.mark.parametrize(
    "loss",
    [
        "model(rows).mean().backward()",
        "((model(rows) - rows) ** 2).sum().backward()",
        "(2 * model(rows) / 4).backward()",
        "model(rows)[0].backward()",
        "model(rows).loss.backward()",
        "nn.Sequential(nn.Linear(2, 1))(rows).mean().backward()",
        "AutoModelForSequenceClassification.from_pretrained('a/b')(rows).loss.backward()",
        "GradScaler().scale(criterion(model(rows))).backward()",
        "torch.amp.GradScaler('cuda').scale(criterion(model(rows))).backward()",
        "Accelerator().backward(criterion(model(rows)))",
        "Fabric().backward(criterion(model(rows)))",
    ],
)
def test_a_loss_that_is_computed_from_what_a_model_gives_trains_it(loss: str) -> None:
    assert trained_from(loss) == ["s3://shop/rows.csv"]


@pytest.mark.parametrize("other", ["log(rows).backward()", "(log - 1).backward()", "model(rows).mean()"])
def test_nothing_else_is_a_training(other: str) -> None:
    assert trained_from(other) == []
