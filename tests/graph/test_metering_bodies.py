"""A response that leaves inside an object takes its usage along, where the object has a place for it."""

from __future__ import annotations

import pytest

from tests.graph.metering_repository import verdict

EMBED = """\
import requests
{imports}

{model}

def embed(text):
    data = {"input": text}
    response = requests.post("https://api.openai.com/v1/embeddings", json=data)
    data = response.json()
    {ends}
"""

KEEPING = "class Result(BaseModel):\n    data: list = []\n    usage: dict = {}\n"
DROPPING = "class Result(BaseModel):\n    data: list = []\n"
ALLOWING = 'class Result(BaseModel):\n    model_config = ConfigDict(extra="allow")\n    data: list = []\n'
OLD = "class Result(BaseModel):\n    data: list = []\n\n    class Config:\n        extra = Extra.allow\n"


def _state(model: str, ends: str, after: str = "") -> str:
    imports = "from pydantic import BaseModel, ConfigDict, Extra\nfrom dacite import from_dict"
    text = EMBED.replace("{imports}", imports).replace("{model}", model).replace("{ends}", ends)
    return verdict({"embed.py": text + after}).state


@pytest.mark.parametrize(
    "ends",
    [
        "return Result(**data)",
        "return Result.model_validate(data)",
        "return Result.parse_obj(data)",
        "return Result.model_validate(response.json())",
        "return from_dict(data_class=Result, data=data)",
        "result = Result(**data)\n    return result",
    ],
)
def test_an_object_with_the_usage_that_leaves_is_open(ends: str) -> None:
    assert _state(KEEPING, ends) == "unknown"
    assert _state(DROPPING, ends) == "absent"


@pytest.mark.parametrize("model", [ALLOWING, OLD])
def test_a_class_that_keeps_any_field_keeps_the_usage(model: str) -> None:
    assert _state(model, "return Result(**data)") == "unknown"


def test_an_object_of_a_part_of_the_response_has_no_usage() -> None:
    assert _state(KEEPING, 'return Result(data=data["data"])') == "absent"


def test_a_caller_that_drops_the_object_keeps_no_record() -> None:
    after = "\n\nif __name__ == '__main__':\n    print(embed('Hello').data)\n"
    assert _state(KEEPING, "return Result(**data)", after) == "absent"


def test_an_object_that_callers_hand_on_is_open() -> None:
    after = "\n\ndef vectors(text):\n    return embed(text)\n"
    assert _state(KEEPING, "return Result(**data)", after) == "unknown"


BASE = """\
from openai import AsyncAzureOpenAI, AsyncOpenAI


class Base:
    client = None


class One(Base):
    def __init__(self, address):
        self.client = AsyncOpenAI(base_url=address)


class Other(Base):
    def __init__(self):
        self.client = AsyncAzureOpenAI()


class Painter:
    def __init__(self, llm{declared}):
        self.llm = llm

    async def paint(self, text):
        return (await self.llm.client.images.generate(prompt=text)).data[0].url

"""


def test_a_client_of_any_class_below_the_declared_one_is_no_branch() -> None:
    assert verdict({"paint.py": BASE.replace("{declared}", ": Base")}).state == "unknown"


def test_a_client_of_an_object_that_is_passed_is_a_branch() -> None:
    after = (
        "\nasync def main(address):\n    for llm in (One(address), Other()):\n"
        "        print(await Painter(llm).paint('A hive'))\n"
    )
    assert verdict({"paint.py": BASE.replace("{declared}", "") + after}).state == "absent"
