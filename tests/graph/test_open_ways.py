"""An entry triggers the model calls that the arguments along the way let it reach."""

from __future__ import annotations

from tests.graph.analysed import analysed

IMAGES = """
from fastapi import FastAPI
import litellm
app = FastAPI()
class Azure:
    def generate(self, prompt, refs=None):
        if refs:
            return litellm.image_edit(image=refs, prompt=prompt)
        return litellm.image_generation(prompt=prompt)
@app.post("/test")
def test(name: str):
    return Azure().generate("a circle")
"""
EDIT = """
@app.post("/edit")
def edit(refs: list[str]):
    return Azure().generate("a circle", refs=refs)
"""


def triggered(code: str) -> set[tuple[str, str]]:
    """The entries with the model calls that they trigger."""
    graph = analysed({"app.py": code}).graph
    calls = {node.id: node.label for node in graph.nodes("ModelCall")}
    return {
        (node.label, calls[edge.target])
        for node in graph.nodes("Endpoint")
        for edge in graph.out(node.id)
        if edge.kind == "triggers" and edge.target in calls
    }


def test_a_branch_that_the_arguments_close_is_not_reached() -> None:
    assert triggered(IMAGES) == {("POST /test", "litellm.image_generation")}


def test_another_entry_may_open_it() -> None:
    assert ("POST /edit", "litellm.image_edit") in triggered(IMAGES + EDIT)
    assert ("POST /test", "litellm.image_edit") not in triggered(IMAGES + EDIT)


STORES = """
from fastapi import FastAPI
from langchain_community.vectorstores import FAISS, Weaviate
from langchain_openai import OpenAIEmbeddings
app = FastAPI()
def rows(db):
    if isinstance(db, FAISS):
        return list(db.docstore._dict)
    return db.similarity_search("", k=9)
def listed(db):
    return rows(db)
@app.post("/faiss")
def faiss(local: bool):
    db = FAISS.load_local("x", OpenAIEmbeddings()) if local else Weaviate(embedding=OpenAIEmbeddings())
    if isinstance(db, FAISS):
        return listed(db)
@app.post("/all")
def everything(local: bool):
    db = FAISS.load_local("x", OpenAIEmbeddings()) if local else Weaviate(embedding=OpenAIEmbeddings())
    return listed(db)
"""


def test_a_test_of_the_class_along_the_way_closes_the_branch_for_other_classes() -> None:
    assert triggered(STORES) == {("POST /all", "db.similarity_search")}
