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
