"""What is read where a test says that it is filled is no empty text, no zero and no False."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

CONFIG = """
from pydantic import BaseModel, Field
class Output(BaseModel):
    cluster: str = Field(default="")
    number: int = 0
    flag: bool = False
    names: list[str] = []
class Run(BaseModel):
    output: Output = Field(default_factory=Output)
    @classmethod
    def from_yaml(cls, path):
        return cls.model_validate(load(path))
"""

RUN = "def run(config: Run):\n    out = config.output\n{}\nrun(Run.from_yaml(input()))\n"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("if out.cluster:\n    probe(f'c_{out.cluster}')", "f'c_{cluster}'"),
        ("if config.output.cluster:\n    probe(f'c_{config.output.cluster}')", "f'c_{cluster}'"),
        ("if not out.cluster:\n    return\nprobe(f'c_{out.cluster}')", "f'c_{cluster}'"),
        ("if out.cluster != '':\n    probe(f'c_{out.cluster}')", "f'c_{cluster}'"),
        ("if out.number:\n    probe(f'c_{out.number}')", "f'c_{number}'"),
        ("if out.flag:\n    probe(f'c_{out.flag}')", "f'c_{flag}'"),
        ("name = 'p'\nif out.cluster:\n    name += f'_{out.cluster}'\n    probe(name)", "f'p_{cluster}'"),
        ("cluster = out.cluster\nif cluster:\n    probe(f'c_{cluster}')", "f'c_{cluster}'"),
    ],
)
def test_an_empty_default_of_a_field_is_not_what_a_filled_one_has(lines: str, expected: str) -> None:
    body = "\n".join(f"    {line}" for line in lines.split("\n"))

    assert probe(CONFIG + RUN.format(body)) == [expected]


def test_an_untested_field_keeps_its_default() -> None:
    assert "'c_'" in probe(CONFIG + RUN.format("    probe(f'c_{out.cluster}')"))
