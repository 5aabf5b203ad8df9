"""Models that an object of a library keeps: the embedding model of a vector store, under the names of the store."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.graph import Node
from tests.graph.analysed import analysed, nodes

HEAD = """
from fastapi import FastAPI
from langchain_chroma import Chroma
from langchain_community.vectorstores import FAISS
from langchain_community.vectorstores.pgvector import PGVector
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_mongodb import MongoDBAtlasVectorSearch
from langchain_openai import OpenAIEmbeddings
app = FastAPI()
"""


def calls(code: str) -> list[Node]:
    """The model calls of a service with this code behind a route."""
    return nodes(analysed({"app.py": HEAD + code}), "ModelCall")


@pytest.mark.parametrize(
    "store",
    [
        "PGVector(connection_string='x', embedding_function=OpenAIEmbeddings(), collection_name='f')",
        "Chroma('faq', OpenAIEmbeddings())",
        "MongoDBAtlasVectorSearch(collection=rows, embedding=OpenAIEmbeddings())",
        "FAISS.from_documents(rows, OpenAIEmbeddings())",
        "FAISS.load_local('index', OpenAIEmbeddings())",
    ],
)
@pytest.mark.parametrize("use", ["embeddings.embed_query(text)", "add_documents([text])", "similarity_search(text)"])
def test_a_store_embeds_with_the_model_it_was_handed(store: str, use: str) -> None:
    (call,) = calls(f"store = {store}\n@app.post('/q')\ndef query(text: str): return store.{use}\n")
    assert (call.properties["provider"], call.properties["operation"]) == ("openai", "embed")


def test_a_class_of_the_repository_that_derives_from_a_store_embeds_too() -> None:
    code = (
        "class Kept(PGVector):\n"
        "    def __init__(self, *args, **kwargs): super().__init__(*args, **kwargs)\n"
        "class Found(MongoDBAtlasVectorSearch):\n"
        "    @property\n    def embedding_function(self): return self.embeddings\n"
        "kept = Kept(connection_string='x', embedding_function=OpenAIEmbeddings())\n"
        "found = Found(collection=rows, embedding=OpenAIEmbeddings())\n"
        "@app.post('/a')\ndef add(text: str): return kept.add_documents([text])\n"
        "@app.post('/b')\ndef query(text: str): return found.embedding_function.embed_query(text)\n"
    )
    assert [one.properties["provider"] for one in calls(code)] == ["openai", "openai"]


@pytest.mark.parametrize("embedding", ["HuggingFaceEmbeddings()", "given"])
@pytest.mark.parametrize("use", ["embeddings.embed_query(text)", "add_documents([text])", "as_retriever()"])
def test_a_store_with_a_model_of_its_own_process_or_an_unknown_one_calls_none(embedding: str, use: str) -> None:
    assert calls(f"store = Chroma('faq', {embedding})\n@app.post('/q')\ndef query(text: str): store.{use}\n") == []


WATSONX = """
import logging
from ibm_watsonx_ai.foundation_models import ModelInference
model = ModelInference(model_id="ibm/granite-3-8b-instruct")
def record_usage(payload): logging.info("used %s", payload.get("eval_count"))
def answer(text):
    reply = model.generate(prompt=text)
    record_usage({})
    return reply["results"][0]["generated_text"]
"""


@pytest.mark.parametrize(
    ("record", "state"),
    [
        ('"response": reply["results"][0]["generated_text"], "prompt_eval_count": 0, "eval_count": 0', "absent"),
        ('"response": "", "eval_count": reply["results"][0]["generated_token_count"]', "satisfied"),
    ],
)
def test_a_record_of_constants_meters_nothing(record: str, state: str) -> None:
    code = WATSONX.replace("record_usage({})", "record_usage({" + record + "})")
    (call,) = nodes(analysed({"app.py": code}), "ModelCall")
    assert call.properties["metering"] == state
