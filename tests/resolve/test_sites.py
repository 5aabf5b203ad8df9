"""Where a repository touches its libraries, and what a call gives the settings of a row."""

from __future__ import annotations

import pytest

from mltradeoff_lint.resolve.sites import Sites
from tests.resolve.sample import repository


def found(source: str) -> set[tuple[str, str]]:
    """The (kind, path) of every catalogued call of a module."""
    return {(use.meaning.kind, use.value.path) for use in Sites(repository(source).resolver).uses}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import openai\nopenai.OpenAI()", ("client", "openai.OpenAI")),
        ("import openai\nopenai.AsyncAzureOpenAI()", ("client", "openai.OpenAI")),
        ("from openai import AzureOpenAI as A\nA()", ("client", "openai.OpenAI")),
        ("from langchain_community import llms\nllms.Replicate()", ("client", "langchain_community.llms.Replicate")),
        (
            "import torch\nclass A:\n def __init__(self): self.net = torch.jit.load('x.pt')\n"
            " def f(self, x): return self.net(x)",
            ("model-load", "torch.jit.load"),
        ),
        (
            "from transformers import pipeline\nclass A:\n def __init__(self): self.tag = pipeline('ner')\n"
            " def f(self, x): return self.tag(x)",
            ("prediction", "transformers.pipeline()"),
        ),
        (
            "from transformers import pipeline\nclass A:\n"
            " def __init__(self): self.write = pipeline(task='text-generation')\n"
            " def f(self, x): return self.write(x)",
            ("model-call", "transformers.pipeline(text-generation)"),
        ),
        ("import boto3\nboto3.client(service_name='s3').get_object()", ("dataset-read", "boto3.client(s3).get_object")),
        ("import boto3\ndef f(name): boto3.client(name).get_object()", ("dataset-read", "boto3.client(?).get_object")),
        (
            "import boto3\nboto3.Session().resource('s3').Object().get()",
            ("dataset-read", "boto3.resource(s3).Object().get"),
        ),
        (
            "import boto3\nboto3.client('s3' if a else 'bedrock-runtime').invoke_model()",
            ("model-call", "boto3.client(bedrock-runtime).invoke_model"),
        ),
        ("from tensorflow.keras.applications import VGG16\nVGG16()", ("model-load", "keras.applications.VGG16")),
        ("def f():\n import pandas as pd\n return pd.read_csv('x')", ("dataset-read", "pandas.read_csv")),
        ("from pandas import *\nread_csv('x')", ("dataset-read", "pandas.read_csv")),
        ("import pandas as pd\n(pd.read_csv)('x')", ("dataset-read", "pandas.read_csv")),
        ("import pandas as pd\nreaders = {'csv': pd.read_csv}\nreaders[k]('x')", ("dataset-read", "pandas.read_csv")),
    ],
)
def test_a_catalogued_call_is_found_however_it_is_written(source: str, expected: tuple[str, str]) -> None:
    assert expected in found(source)


@pytest.mark.parametrize(
    "source",
    [
        "def read_csv(x): pass\nread_csv('x')",
        "class pd:\n @staticmethod\n def read_csv(x): pass\npd.read_csv('x')",
        "import boto3\nboto3.client('sqs').get_object()",
        "class OpenAI: pass\nOpenAI().chat.completions.create()",
    ],
)
def test_a_name_of_the_repository_is_no_library(source: str) -> None:
    assert found("import pandas, openai\n" + source) == set()


def settings_of(source: str, name: str) -> list[str]:
    """What the only model call of a module gives a setting."""
    made = repository(source)
    sites = Sites(made.resolver)
    (use,) = sites.of_kind("model-call")
    return sorted(made.say(value) for value in sites.setting(use, name))


HEAD = "from openai import OpenAI\nclient = OpenAI()\n"


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("client.chat.completions.create(model='m')", "'m'"),
        ("client.chat.completions.create(**{'model': 'm'})", "'m'"),
        ("options = dict(model='m')\nclient.chat.completions.create(messages=[], **options)", "'m'"),
        ("def f(**kw): client.chat.completions.create(**kw)\nf(model='m')", "'m'"),
        ("def f(model='m'): client.chat.completions.create(model=model)", "'m'"),
        ("client.chat.completions.create(messages=[])", ""),
        ("client.chat.completions.create(**unseen())", ""),
    ],
)
def test_a_setting_is_what_the_call_passes_by_name_or_inside_a_splat(call: str, expected: str) -> None:
    assert " ".join(settings_of(HEAD + call, "model")) == expected


def test_a_literal_setting_is_the_word_of_the_row() -> None:
    assert settings_of(HEAD + "client.chat.completions.create()", "operation") == ["'chat'"]


def test_every_construction_that_reaches_a_call_is_kept_once() -> None:
    source = HEAD + "other = OpenAI(base_url='x')\none = client if a else other\none.chat.completions.create()\n"
    (use,) = Sites(repository(source).resolver).of_kind("model-call")
    assert len(use.value.made) == 2
