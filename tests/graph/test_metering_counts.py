"""A tokenizer's count of what a model is given or says: a record where it is kept, the sizing of a text where not."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.value import Unknown
from tests.graph.metering_repository import RULE, calls, run

ASK = """\
import logging

import tiktoken
from openai import OpenAI
from store import save

log = logging.getLogger(__name__)
encoding = tiktoken.encoding_for_model("gpt-4o")
SIZES = {}


class Chat:
    def __init__(self):
        self.client = OpenAI()

    def ask(self, prompt):
        reply = self.client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": prompt}])
        answer = reply.choices[0].message.content
        {line}
        return answer


if __name__ == "__main__":
    Chat().ask("Hello")
"""
HELPER = """

def size(text):
    return len(encoding.encode(text))


def cut(text, size):
    if size > 100:
        raise ValueError(size)
    return text[:size]


def keep(size):
    log.info("used %s", size)
"""
EMBED = """\
import logging

import tiktoken
from langchain_community.vectorstores import FAISS
from langchain_openai import OpenAIEmbeddings

encoding = tiktoken.get_encoding("cl100k_base")


def count(texts):
    return sum(len(encoding.encode(text)) for text in texts)


def embed(texts, others):
    {line}
    return OpenAIEmbeddings().embed_documents(texts)


if __name__ == "__main__":
    embed(["Hello"], ["Bye"])
"""


def shown(text: str, line: str) -> int:
    """How many findings of the rule a module gets with a line in it."""
    found = run({"ask.py": text.replace("{line}", line.replace("\n", "\n        "))}).run.shown
    return len([one for one in found if one.rule == RULE])


@pytest.mark.parametrize(
    "line",
    [
        "log.info('used %s', len(encoding.encode(answer)))",
        "log.info(f'used {len(encoding.encode(prompt)) + len(encoding.encode(answer))}')",
        "used = len(encoding.encode(prompt + answer))\nlog.info('used %s', used)",
        "self.used = len(encoding.encode(answer))",
        "SIZES['last'] = len(encoding.encode(answer))",
        "SIZES['all'] += len(encoding.encode(answer))",
        "save(used=len(encoding.encode(answer)))",
        "log.info('used %s', sum(map(len, encoding.encode_batch([prompt, answer]))))",
        "log.info('used %s', sum(len(one) for one in encoding.encode_batch([prompt, answer])))",
        "log.info('used %s', sum(len(encoding.encode(one)) for one in (prompt, answer)))",
        "log.info('used %s', size(prompt) + size(answer))",
        "keep(size(answer))",
    ],
)
def test_a_count_that_is_kept_is_a_record(line: str) -> None:
    assert shown(ASK + HELPER, line) == 0


@pytest.mark.parametrize(
    "line",
    [
        "used = len(encoding.encode(answer))",
        "if len(encoding.encode(answer)) > 100:\n    answer = answer[:100]",
        "answer = encoding.decode(encoding.encode(answer)[:100])",
        "answer = answer[:len(encoding.encode(answer))]",
        "answer = [answer[at] for at in range(0, len(encoding.encode(answer)), 9)]",
        "answer = cut(answer, size(answer))",
        "answer = max((prompt, answer), key=lambda one: len(encoding.encode(one)))",
        "while size(answer) > 100:\n    answer = answer[9:]",
        "left = 0\nleft += size(answer)\nif left > 100:\n    answer = ''",
        "save(encoding.encode(answer))",
        "save(max_tokens=len(encoding.encode(answer)))",
        "self.max_tokens = 4096 - size(answer)",
        "SIZES['limit'] = size(answer)",
        "save(4096 - size(answer))",
        "log.info('given %s', size(prompt))",
    ],
)
def test_a_count_that_only_decides_is_no_record(line: str) -> None:
    assert shown(ASK + HELPER, line) == 1


@pytest.mark.parametrize(
    "line",
    [
        "logging.info('used %s', sum(map(len, encoding.encode_batch(texts))))",
        "logging.info('used %s', count(texts))",
        "logging.info('used %s', len(encoding.encode(' '.join(texts))))",
    ],
)
def test_a_kept_count_of_what_is_embedded_is_a_record(line: str) -> None:
    assert shown(EMBED, line) == 0
    stored = EMBED.replace(
        "OpenAIEmbeddings().embed_documents(", "FAISS.load_local('x', OpenAIEmbeddings()).add_texts("
    )
    assert shown(stored, line) == 0


@pytest.mark.parametrize(
    "line", ["logging.info('used %s', count(others))", "print('long' if count(texts) > 9 else 'short')", "pass"]
)
def test_a_count_of_other_texts_and_one_that_decides_tell_nothing_of_an_embedding(line: str) -> None:
    assert shown(EMBED, line) == 1


PROBE = """\
from langchain_community.vectorstores.azuresearch import AzureSearch
from langchain_openai import OpenAIEmbeddings


class Index:
    def __init__(self):
        self.model = OpenAIEmbeddings()
        {line}
        self.store = AzureSearch("url", None, "log", embedding_function=self.model.embed_query)

    def add(self, text):
        self.store.add_texts([text])


if __name__ == "__main__":
    Index().add("Hello")
"""


@pytest.mark.parametrize(
    ("line", "states"),
    [
        ("self.size = len(self.model.embed_query('Text'))", ["unknown", "absent"]),
        ("self.first = self.model.embed_query('Text')", ["absent", "absent"]),
        ("self.size = len(self.model.embed_query(input()))", ["absent", "absent"]),
    ],
)
def test_a_constant_that_is_embedded_for_its_length_is_left_open(line: str, states: list[str]) -> None:
    found = [one.properties["metering"] for one in calls({"index.py": PROBE.replace("{line}", line)})]
    assert ["unknown" if isinstance(one, Unknown) else one for one in found] == states
