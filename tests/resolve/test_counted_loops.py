"""The numbers of `range(...)`: those that are written, and a hole where somebody may ask for more of them."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

CONFIG = """
from pydantic import BaseModel, Field
class Load(BaseModel):
    rounds: int = Field(default=1)
class Run(BaseModel):
    load: Load = Field(default_factory=Load)
"""


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("for i in range(1, 4):\n    probe(f'd/{i}')\n", ["'d/1'", "'d/2'", "'d/3'"]),
        ("N = 2\nfor i in range(N):\n    probe(f'd/{i}')\n", ["'d/0'", "'d/1'"]),
        ("def f(n=2):\n    for i in range(n):\n        probe(f'd/{i}')\nf()\n", ["'d/0'", "'d/1'"]),
        ("def f(n=5):\n    for i in range(1, n + 1):\n        probe(f'd/{i}')\nf(2)\n", ["'d/1'", "'d/2'"]),
        (
            f"{CONFIG}def f(run: Run):\n    for i in range(run.load.rounds):\n        probe(f'd/{{i}}')\nf(Run())\n",
            ["'d/0'"],
        ),
    ],
)
def test_a_loop_over_a_number_that_is_written_counts(source: str, expected: list[str]) -> None:
    assert probe(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "def f(n=2):\n    for i in range(1, n + 1):\n        probe(f'd/{i}')\n",
        "import os\nn = int(os.getenv('N', '2'))\nfor i in range(n):\n    probe(f'd/{i}')\n",
        (
            f"{CONFIG}def f(run: Run):\n    n = run.load.rounds\n    for i in range(1, n + 1):\n"
            "        probe(f'd/{i}')\nf(Run.model_validate(load(input())))\n"
        ),
        "for i in range(1, 100):\n    probe(f'd/{i}')\n",
    ],
)
def test_a_loop_over_a_default_that_may_be_replaced_counts_to_nobody_knows_where(source: str) -> None:
    assert probe(source) == ["f'd/{i}'"]
