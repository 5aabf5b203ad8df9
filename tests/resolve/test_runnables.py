"""What chains, compositions and decorated tools are, and which model constructions a chain remembers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mltradeoff_lint.resolve.domain import Library
from mltradeoff_lint.resolve.sites import Sites
from tests.resolve.sample import probe, repository

IMPORT = """\
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.output_parsers import StrOutputParser
from langchain_core.runnables import (Runnable, RunnableBranch, RunnableLambda, RunnableParallel, RunnablePassthrough,
    RunnableSequence)
from langchain_core.runnables.history import RunnableWithMessageHistory
from langchain_core.tools import tool, StructuredTool
from langchain_openai import ChatOpenAI
from langchain_anthropic import ChatAnthropic
from langchain_community.vectorstores import FAISS
from operator import itemgetter
prompt = ChatPromptTemplate.from_template("{text}")
llm = ChatOpenAI(model="gpt-5-mini")
parser = StrOutputParser()
def clean(text): return text
"""
HOLDING = [
    "prompt | llm | parser",
    "prompt | (llm | parser)",
    "{'text': itemgetter('text')} | prompt | llm",
    "(lambda x: x) | prompt | llm",
    "clean | llm",
    "llm | clean",
    "RunnableParallel({'a': prompt | llm, 'b': clean})",
    "RunnableParallel(a=prompt | llm)",
    "RunnablePassthrough.assign(answer=prompt | llm)",
    "RunnablePassthrough() | RunnablePassthrough.assign(answer=prompt | llm) | clean",
    "{'summary': prompt | llm} | prompt",
    "RunnableBranch((clean, llm), (clean, prompt), prompt)",
    "RunnableSequence(prompt, llm, parser)",
    "RunnableWithMessageHistory(prompt | llm, clean)",
    "prompt.pipe(llm, parser)",
    "llm.pipe(parser)",
    "(prompt | llm).assign(more=clean)",
    "RunnableLambda(clean).pipe(llm)",
    "(prompt | llm).with_retry().with_config(run_name='x')",
    "prompt | llm.with_structured_output(dict)",
    "prompt | llm.bind_tools([clean]).with_config({})",
]
PLAIN = [
    "prompt | parser",
    "{'text': itemgetter('text')} | prompt",
    "RunnableParallel({'text': clean, 'more': RunnablePassthrough()})",
    "RunnablePassthrough.assign(text=itemgetter('text'))",
    "RunnableLambda(clean) | parser",
    "FAISS.from_texts([], None).as_retriever() | clean",
    "prompt.pipe(parser)",
]


def constructions(source: str) -> set[str]:
    """The names of the classes whose construction `probe` is given something made of."""
    found = repository({"app.py": IMPORT + source})
    facts = found.resolver.facts("app.py")
    made = [one.call.call for value in found.values() if isinstance(value, Library) for one in value.made]
    return {str(facts.exprs[facts.calls[call].function][1]) for call in made}


@pytest.mark.parametrize("source", HOLDING)
def test_a_composition_with_a_model_is_a_chain_that_remembers_the_model(source: str) -> None:
    assert probe(f"{IMPORT}probe({source})") == ["langchain.Chain()"]
    assert "ChatOpenAI" in constructions(f"probe({source})")


@pytest.mark.parametrize("source", PLAIN)
def test_a_composition_without_a_model_calls_none(source: str) -> None:
    assert probe(f"{IMPORT}probe({source})") == ["langchain.Runnable()"]


@pytest.mark.parametrize(
    "source",
    [
        "llm.with_fallbacks([ChatAnthropic()])",
        "llm.configurable_alternatives(None, other=ChatAnthropic())",
    ],
)
def test_a_model_with_others_in_reserve_is_a_model_made_of_all(source: str) -> None:
    assert probe(f"{IMPORT}probe({source})") == ["langchain.ChatModel()"]
    assert constructions(f"probe({source})") == {"ChatOpenAI", "ChatAnthropic"}


def test_a_part_that_is_handed_in_can_be_a_model() -> None:
    assert probe(IMPORT + "def f(model): probe(prompt | model | parser)") == ["langchain.Chain()"]
    assert probe(IMPORT + "def f(model: Runnable): probe(prompt | model)") == ["langchain.Chain()"]


@pytest.mark.parametrize("source", ["dict | None", "ChatOpenAI | ChatAnthropic", "1 | 2", "clean | None"])
def test_what_is_no_chain_of_objects_does_not_become_one(source: str) -> None:
    assert "langchain.Chain()" not in probe(f"{IMPORT}probe({source})")


def test_an_object_of_a_derived_class_is_a_model_and_a_part() -> None:
    derived = IMPORT + "class Own(ChatOpenAI):\n    pass\n"
    assert probe(derived + "probe(Own().invoke)") == ["langchain.ChatModel().invoke"]
    assert probe(derived + "probe(prompt | Own().bind_tools([]))") == ["langchain.Chain()"]
    assert constructions("class Own(ChatOpenAI):\n    pass\nprobe(prompt | Own())") >= {"Own"}


def test_making_an_object_of_a_derived_class_makes_the_client_of_its_library() -> None:
    found = repository({"app.py": IMPORT + "class Own(ChatOpenAI):\n    pass\nx = Own(model='m')\n"})
    uses = [use for use in Sites(found.resolver).of_kind("client") if use.ref == found.call("app.py", "Own")]
    assert [use.meaning.literal("provider") for use in uses] == ["openai"]


def test_a_constructor_of_its_own_hides_what_the_arguments_mean() -> None:
    source = "class Own(ChatOpenAI):\n    def __init__(self, name): super().__init__(model=name)\nx = Own('m')\n"
    found = repository({"app.py": IMPORT + source})
    assert not [use for use in Sites(found.resolver).of_kind("client") if use.ref == found.call("app.py", "Own")]


@pytest.mark.parametrize(
    "source",
    [
        "@tool\ndef price(item): return item\nprobe(price.invoke)",
        "@tool('price')\ndef price(item): return item\nprobe(price.invoke)",
        "@tool\ndef price(item): return item\nby_name = {one.name: one for one in [price]}\n"
        "def run(call): probe(by_name[call['name']].invoke)",
        "@tool\ndef price(item): return item\nby_name = {}\nby_name[price.name] = price\n"
        "def run(call): probe(by_name[call].invoke)",
        "probe(StructuredTool.from_function(clean).invoke)",
    ],
)
def test_a_tool_is_invoked_as_a_tool(source: str) -> None:
    assert probe(IMPORT + source) == ["langchain.Tool().invoke"]


def test_a_key_that_is_written_wins_over_those_that_are_not_known() -> None:
    source = "table = {key(): 'any', 'a': 'one'}\n"
    assert probe(source + "probe(table['a'])") == ["'one'"]
    assert probe(source + "probe(table['b'])") == ["'any'"]
    assert probe(source + "def f(k): probe(table[k])") == ["'any'", "'one'"]
    assert probe(source + "probe(dict(**table, c='two').get('c'))") == ["'two'"]


def test_an_unknown_key_names_no_keyword() -> None:
    source = "def make(**options): probe(options['model'])\nmake(**{key(): 'other' for key in keys()})\n"
    assert "'other'" not in probe(source)


@given(st.lists(st.sampled_from(["prompt", "parser", "clean", "llm", "{'a': prompt}"]), min_size=2, max_size=7))
@settings(max_examples=60, deadline=None)
def test_a_pipe_is_a_chain_exactly_when_a_model_is_among_its_parts(parts: list[str]) -> None:
    source = " | ".join(["prompt", *parts])
    kind = "langchain.Chain()" if "llm" in parts else "langchain.Runnable()"
    assert probe(f"{IMPORT}probe({source})") == [kind]
