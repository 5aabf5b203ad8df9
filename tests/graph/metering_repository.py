"""A repository in memory and what the ladder says of its model calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mltradeoff_lint.analysis import Analysis, analyse
from mltradeoff_lint.model.graph import Node
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree.memory import MemoryTree

RULE = "missing-cost-instrumentation"

ASK = """\
from openai import OpenAI


def ask(prompt):
    client = OpenAI()
    reply = client.chat.completions.create(model="gpt-5-mini", messages=[{"role": "user", "content": prompt}])
    return reply.choices[0].message.content


if __name__ == "__main__":
    ask("Hello")
"""
"""A script whose only call leaves no record."""

CHAIN = """\
from langchain_openai import ChatOpenAI

llm = ChatOpenAI(model="gpt-5-mini")


def ask(prompt):
    return llm.invoke(prompt).content


if __name__ == "__main__":
    ask("Hello")
"""
"""The same with LangChain and a client that its module shares."""


class Metered(NamedTuple):
    """The verdict on one call: `satisfied`, `absent`, or `unknown`, with the words for it."""

    state: str
    how: str
    facets: tuple[str, ...]


def run(files: Mapping[str, str], settings: Settings | None = None) -> Analysis:
    """The analysis of a repository with one rule switched on."""
    tree = MemoryTree({path: text.encode() for path, text in files.items()})
    return analyse(tree, settings or Settings(select=(RULE,)), as_of="2026-01-01")


def calls(files: Mapping[str, str]) -> list[Node]:
    """The model calls of a repository, in the order they are found."""
    return list(run(files).graph.nodes("ModelCall"))


def verdict(files: Mapping[str, str]) -> Metered:
    """The verdict on the first model call of a repository."""
    properties = calls(files)[0].properties
    state, facets = properties["metering"], properties["metered"]
    assert isinstance(facets, tuple)
    return Metered("unknown" if isinstance(state, Unknown) else str(state), str(properties["metering_how"]), facets)
