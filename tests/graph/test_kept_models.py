"""Models that an object of a library keeps: the embedding model of a vector store, under the names of the store."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.graph import Node
from tests.graph.analysed import analysed, nodes

HEAD = """
from fastapi import FastAPI
from langchain_chroma import Chroma
from langchain_community.embeddings import FakeEmbeddings
from langchain_community.vectorstores import FAISS
from langchain_community.vectorstores.pgvector import PGVector
from langchain_core.vectorstores import InMemoryVectorStore
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
        "FAISS.from_embeddings(rows, OpenAIEmbeddings())",
        "FAISS.load_local('index', OpenAIEmbeddings())",
    ],
)
@pytest.mark.parametrize("use", ["embeddings.embed_query(text)", "add_documents([text])", "similarity_search(text)"])
def test_a_store_embeds_with_the_model_it_was_handed(store: str, use: str) -> None:
    (call,) = calls(f"store = {store}\n@app.post('/q')\ndef query(text: str): return store.{use}\n")
    assert (call.properties["provider"], call.properties["operation"]) == ("openai", "embed")


@pytest.mark.parametrize(
    "made",
    [
        "Chroma.from_documents([text], OpenAIEmbeddings())",
        "FAISS.from_texts([text], embedding=OpenAIEmbeddings())",
        "PGVector.from_texts(texts=[text], embedding=OpenAIEmbeddings(), connection_string='x')",
        "MongoDBAtlasVectorSearch.from_documents(documents=[text], embedding=OpenAIEmbeddings(), collection=rows)",
        "InMemoryVectorStore.from_texts([text], OpenAIEmbeddings())",
        "Kept.from_documents([text], OpenAIEmbeddings())",
    ],
)
def test_a_store_that_is_made_of_documents_embeds_them_with_the_model_it_is_handed(made: str) -> None:
    (call,) = calls(f"class Kept(PGVector): pass\n@app.post('/i')\ndef index(text: str): {made}\n")
    assert (call.properties["provider"], call.properties["operation"]) == ("openai", "embed")
    assert (call.properties["hosting"], call.properties["metering"]) == ("api", "absent")


def test_what_embeds_at_an_address_of_ones_own_is_hosted_there() -> None:
    model = "OpenAIEmbeddings(base_url='http://localhost:8000/v1')"
    (call,) = calls(f"@app.post('/i')\ndef index(text: str): Chroma.from_texts([text], {model})\n")
    assert call.properties["hosting"] == "self-hosted"


@pytest.mark.parametrize("embedding", ["HuggingFaceEmbeddings()", "given", "FakeEmbeddings(size=8)"])
def test_a_store_that_is_made_of_documents_with_no_paid_model_calls_none(embedding: str) -> None:
    assert calls(f"@app.post('/i')\ndef index(text: str): Chroma.from_texts([text], {embedding})\n") == []


def test_a_store_in_memory_embeds_with_its_first_argument() -> None:
    code = "store = InMemoryVectorStore(OpenAIEmbeddings())\n@app.post('/q')\ndef query(text: str): "
    assert len(calls(code + "store.similarity_search(text)\n")) == 1


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


COLLECTION = """
import chromadb
from chromadb.utils import embedding_functions
from chromadb.utils.embedding_functions import DefaultEmbeddingFunction, OpenAIEmbeddingFunction
client = chromadb.PersistentClient("index")
paid = client.get_or_create_collection("faq", embedding_function=OpenAIEmbeddingFunction(model_name="m"))
named = client.get_collection("faq", embedding_function=embedding_functions.OpenAIEmbeddingFunction(model_name="m"))
local = client.get_or_create_collection("faq", embedding_function=DefaultEmbeddingFunction())
plain = client.create_collection("faq")
given = client.create_collection("faq", embedding_function=elsewhere)
@app.post("/q")
def query(text: str): """


@pytest.mark.parametrize(
    "use",
    [
        "paid.add(ids=['a'], documents=[text])",
        "paid.upsert(ids=['a'], documents=[text], embeddings=None)",
        "named.query(query_texts=[text])",
        "OpenAIEmbeddingFunction(model_name='m')([text])",
    ],
)
def test_a_collection_embeds_what_it_is_handed_as_text(use: str) -> None:
    (call,) = calls(f"{COLLECTION}{use}\n")
    assert (call.properties["provider"], call.properties["operation"]) == ("openai", "embed")
    assert (call.properties["hosting"], call.properties["metering"]) == ("api", "absent")


@pytest.mark.parametrize(
    "use",
    [
        "paid.add(ids=['a'], documents=[text], embeddings=vectors)",
        "paid.add(ids=['a'], documents=[text], **more)",
        "paid.add(ids=['a'], embeddings=vectors)",
        "paid.query(query_embeddings=vectors)",
        "local.add(ids=['a'], documents=[text])",
        "plain.query(query_texts=[text])",
        "given.query(query_texts=[text])",
        "DefaultEmbeddingFunction()([text])",
    ],
)
def test_a_collection_of_vectors_or_of_a_model_in_process_calls_none(use: str) -> None:
    assert calls(f"{COLLECTION}{use}\n") == []


@pytest.mark.parametrize("use", ["OpenAIEncoder()([text])", "SemanticRouter(encoder=OpenAIEncoder(), routes=[])(text)"])
def test_a_router_embeds_with_the_encoder_it_was_handed(use: str) -> None:
    head = "from semantic_router.encoders import OpenAIEncoder\nfrom semantic_router.routers import SemanticRouter\n"
    (call,) = calls(f"{head}@app.post('/q')\ndef query(text: str): {use}\n")
    assert (call.properties["provider"], call.properties["metering"]) == ("openai", "absent")


@pytest.mark.parametrize(("encoder", "provider"), [("OpenAI", "openai"), ("Cohere", "cohere"), ("Jina", "jina")])
def test_an_encoder_of_pinecone_calls_the_provider_in_its_name(encoder: str, provider: str) -> None:
    head = f"from pinecone_text.dense import {encoder}Encoder\nencoder = {encoder}Encoder()\n"
    (call,) = calls(f"{head}@app.post('/q')\ndef query(text: str): encoder.encode_queries([text])\n")
    assert (call.properties["provider"], call.properties["metering"]) == (provider, "absent")


def test_an_encoder_in_process_calls_none() -> None:
    head = "from pinecone_text.dense import SentenceTransformerEncoder\nencoder = SentenceTransformerEncoder('m')\n"
    assert calls(f"{head}@app.post('/q')\ndef query(text: str): encoder.encode_queries([text])\n") == []


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
