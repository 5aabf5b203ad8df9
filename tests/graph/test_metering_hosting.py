"""Who runs the model behind a call: the addresses of its client, and the constructors that reach it."""

from __future__ import annotations

import json

import pytest

from mltradeoff_lint.model.value import Unknown
from tests.graph.metering_repository import calls

ADDRESSES = """\
import sys

from openai import OpenAI


def ask(name, prompt):
    address = "https://api.openai.com/v1" if name.startswith("gpt") else "{address}"
    return OpenAI(base_url=address).responses.create(model=name, input=prompt).output_text


if __name__ == "__main__":
    print(ask(sys.argv[1], "Hello"))
"""

CHOICE = """\
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_openai import OpenAIEmbeddings


def make(name):
    if name == "text-embedding-3-small":
        return OpenAIEmbeddings(model=name)
    return HuggingFaceEmbeddings(model_name=name)


class Index:
    def __init__(self, name):
        self.model = make(name)

    def embed(self, text):
        return self.model.embed_query(text)
"""
"""A model that is paid for by one name and runs on one's own machines by any other."""


def hosting(files: dict[str, str]) -> object:
    """Who runs the first model call; empty where no call of a paid model is left."""
    return next((call.properties["hosting"] for call in calls(files)), "")


STORE = CHOICE.replace(
    "import HuggingFaceEmbeddings\n", "import HuggingFaceEmbeddings\nfrom langchain_chroma import Chroma\n"
)
KEPT = STORE.replace("self.model = make(name)", "self.store = Chroma('faq', make(name))").replace(
    "self.model.embed_query(text)", "self.store.similarity_search(text)"
)
HANDED = STORE.replace("self.model.embed_query(text)", "Chroma.from_texts([text], self.model)")
"""The same behind a vector store, which keeps the model or is handed it."""


@pytest.mark.parametrize("index", [KEPT, HANDED])
def test_the_model_of_a_store_is_chosen_by_the_same_name(index: str) -> None:
    run = "from index import Index\n\nprint(Index('{name}').embed('Hello'))\n"
    assert hosting({"index.py": index, "run.py": run.replace("{name}", "text-embedding-3-small")}) == "api"
    assert hosting({"index.py": index, "run.py": run.replace("{name}", "thenlper/gte-large")}) in ("", "self-hosted")
    assert isinstance(hosting({"index.py": index}), Unknown)


def test_two_public_addresses_are_no_doubt_about_who_runs_the_model() -> None:
    for address in ("https://api.endpoints.anyscale.com/v1", "https://models.example.com/v1"):
        assert hosting({"ask.py": ADDRESSES.replace("{address}", address)}) == "api"


def test_a_public_address_beside_one_of_the_own_network_leaves_it_open() -> None:
    found = hosting({"ask.py": ADDRESSES.replace("{address}", "http://localhost:8000/v1")})
    assert isinstance(found, Unknown)
    assert found.reason == "the model may run on one's own machines"


def test_a_paid_model_whose_name_no_run_sets_is_not_run() -> None:
    run = "from index import Index\n\nprint(Index('thenlper/gte-large').embed('Hello'))\n"
    assert hosting({"index.py": CHOICE, "run.py": run}) == ""


def test_a_name_that_only_a_notebook_sets_is_tried_and_not_run() -> None:
    run = "from index import Index\n\nprint(Index('{name}').embed('Hello'))\n"
    cell = {"cell_type": "code", "outputs": [], "metadata": {}, "execution_count": 1}
    cell["source"] = run.replace("{name}", "text-embedding-3-small").splitlines(True)
    look = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    files = {"index.py": CHOICE, "run.py": run.replace("{name}", "thenlper/gte-large"), "look.ipynb": look}
    assert hosting(files) == "self-hosted"


def test_a_paid_model_whose_name_a_run_sets_is_run() -> None:
    run = (
        "from index import Index\n\nfor one in (Index('text-embedding-3-small'), Index('a/b')):\n    one.embed('Hi')\n"
    )
    assert hosting({"index.py": CHOICE, "run.py": run}) == "api"


def test_a_paid_model_by_a_default_is_run() -> None:
    text = CHOICE.replace("__init__(self, name)", "__init__(self, name='text-embedding-3-small')")
    assert hosting({"index.py": text, "run.py": "from index import Index\n\nIndex().embed('Hello')\n"}) == "api"


def test_a_name_that_a_variable_sets_leaves_it_open() -> None:
    run = "import os\nfrom index import Index\n\nprint(Index(os.environ['MODEL']).embed('Hello'))\n"
    assert isinstance(hosting({"index.py": CHOICE, "run.py": run}), Unknown)
    assert hosting({"index.py": CHOICE, "run.py": run, ".env": "MODEL=thenlper/gte-large\n"}) == "self-hosted"
    assert hosting({"index.py": CHOICE, "run.py": run, ".env": "MODEL=text-embedding-3-small\n"}) == "api"


def test_a_name_that_nothing_sets_leaves_it_open() -> None:
    assert isinstance(hosting({"index.py": CHOICE}), Unknown)


def test_a_name_that_a_request_brings_is_open_to_every_user() -> None:
    app = (
        "from fastapi import FastAPI\nfrom index import Index\n\napp = FastAPI()\n\n"
        "@app.post('/embed')\ndef embed(name: str, text: str):\n    return Index(name).embed(text)\n"
    )
    assert hosting({"index.py": CHOICE, "app.py": app}) == "api"


def test_a_choice_between_two_paid_models_is_no_doubt() -> None:
    other = CHOICE.replace("langchain_huggingface", "langchain_cohere").replace(
        "HuggingFaceEmbeddings", "CohereEmbeddings"
    )
    assert hosting({"index.py": other}) == "api"


def test_embeddings_of_llama_index_in_process_or_of_ones_own_server_are_not_paid() -> None:
    made = {
        "ollama.OllamaEmbedding('bge')": ["self-hosted"],
        "huggingface_optimum.OptimumEmbedding('bge')": [],
        "text_embeddings_inference.TextEmbeddingsInference('bge')": [],
        "huggingface.HuggingFaceEmbedding('bge')": [],
        "huggingface.HuggingFaceInferenceAPIEmbedding('bge')": ["api"],
        "cohere.CohereEmbedding()": ["api"],
    }
    for construction, hosting in made.items():
        module, name = construction.partition("(")[0].split(".")
        head = f"from llama_index.embeddings.{module} import {name}\n\n\n"
        call = construction.partition(".")[2]
        text = f"{head}def ask(text):\n    print({call}.get_text_embedding(text))\n\n\nask('Hello')\n"
        assert [one.properties["hosting"] for one in calls({"ask.py": text})] == hosting


def test_an_embedding_of_llama_index_that_wraps_one_of_langchain_is_run_by_whom_that_one_is() -> None:
    def wrapping(given: str) -> object:
        head = (
            "import plugs\nfrom langchain_huggingface import HuggingFaceEmbeddings\n"
            "from langchain_openai import OpenAIEmbeddings\n"
            "from llama_index.embeddings.langchain import LangchainEmbedding\n\n\n"
        )
        call = f"LangchainEmbedding({given}).get_text_embedding(text)"
        return hosting({"ask.py": f"{head}def ask(text):\n    print({call})\n\n\nask('Hello')\n"})

    assert wrapping("OpenAIEmbeddings()") == "api"
    assert wrapping("langchain_embeddings=HuggingFaceEmbeddings()") in ("", "self-hosted")
    for given in ("plugs.embeddings()", "plugs", "made_elsewhere"):
        assert wrapping(given) == ""


SWITCH = """\
from langchain_chroma import Chroma
from langchain_openai import OpenAIEmbeddings


class Constant:
    def embed_documents(self, texts):
        return [[0.0] for _ in texts]


def model_of(is_paid, given=None):
    if is_paid:
        return OpenAIEmbeddings()
    return given or Constant()


def index(texts, is_paid=False):
    return Chroma.from_texts(texts, model_of(is_paid))
"""


@pytest.mark.parametrize(
    ("run", "is_open"),
    [
        ("index(['a'])", True),
        ("index(['a'], is_paid=False)", True),
        ("import sys\nindex(sys.argv, is_paid=True)", False),
        ("def main(is_paid: bool = False):\n    index(['a'], is_paid)\n\nimport fire\nfire.Fire(main)", True),
        (
            "import pickle\ndef kept(is_paid, path):\n    if path is None:\n        return is_paid\n    if is_paid:\n"
            "        is_paid = True\n    else:\n        is_paid = pickle.load(open(path))\n    return is_paid\n\n"
            "def main(path, is_paid: bool = False):\n    is_paid = kept(is_paid, path)\n    index(['a'], is_paid)\n\n"
            "import fire\nfire.Fire(main)",
            True,
        ),
        ("def main(is_paid: bool = True):\n    index(['a'], is_paid)\n\nimport fire\nfire.Fire(main)", False),
        ("import os\nindex(['a'], is_paid=os.environ['PAID'])", False),
    ],
)
def test_a_client_under_a_switch_that_nothing_sets_is_not_surely_paid(run: str, is_open: bool) -> None:
    found = hosting({"index.py": SWITCH, "run.py": f"from index import index\n\n{run}\n"})
    assert (found != "api") is is_open


@pytest.mark.parametrize("call", ["if is_paid:\n        ask(make())", "if is_paid:\n        make().responses.create()"])
def test_a_switch_around_the_call_itself_chooses_no_client(call: str) -> None:
    text = "from openai import OpenAI\n\n\ndef make():\n    return OpenAI()\n\n\ndef ask(client):\n"
    text += f"    return client.responses.create()\n\n\ndef main(is_paid: bool = False):\n    {call}\n\n\n"
    assert hosting({"ask.py": f"{text}import fire\nfire.Fire(main)\n"}) == "api"
