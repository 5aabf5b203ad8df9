"""What an annotation says of a value: unions, aliases, containers, type variables."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

IMPORT = (
    "from __future__ import annotations\nimport typing\nfrom typing import *\nfrom openai import OpenAI\n"
    "from anthropic import Anthropic\n"
)


@pytest.mark.parametrize(
    "source",
    [
        "def f(x: list[OpenAI]):\n for one in x: probe(one)",
        "def f(x: List[OpenAI]): probe(x[0])",
        "def f(x: typing.Sequence[OpenAI] | None = None):\n for one in x: probe(one)",
        "def f(x: Iterator['OpenAI']): probe(next(x))",
        "def f(x: AsyncGenerator[OpenAI, None]):\n for one in x: probe(one)",
        "def f(x: dict[str, OpenAI], key): probe(x[key])",
        "def f(x: Dict[str, OpenAI], key): probe(x.get(key))",
        "def f(x: Mapping[str, list[OpenAI]], key):\n for one in x[key]: probe(one)",
        "def f(x: dict[str, OpenAI]):\n for one in x.values(): probe(one)",
        "def f(x: dict[str, OpenAI]):\n for _, one in x.items(): probe(one)",
        "def f(x: tuple[int, OpenAI]):\n a, b = x\n probe(b)",
        "def f(x: tuple[OpenAI, ...]): probe(x[3])",
        "def f(x: type[OpenAI]): probe(x())",
        "def f(x: Optional[Type[OpenAI]]): probe(x())",
        "T = TypeVar('T', bound=OpenAI)\ndef f(x: T): probe(x)",
        "T = TypeVar('T', bound='OpenAI')\ndef f(x: list[T]):\n for one in x: probe(one)",
        "Client = Union[OpenAI, None]\ndef f(x: Client): probe(x)",
        "Client: TypeAlias = OpenAI | None\ndef f(x: Client): probe(x)",
        "class A:\n def __init__(self): self.all: Dict[str, OpenAI] = {}\n def f(self, key): probe(self.all.get(key))",
        "class A:\n all: Dict[str, OpenAI]\n def f(self, key): probe(self.all[key])",
        "def make() -> AsyncIterator[OpenAI]: ...\nfor one in make(): probe(one)",
    ],
)  # fmt: skip
def test_an_annotation_says_what_a_value_holds(source: str) -> None:
    found = probe(IMPORT + source)
    assert "openai.OpenAI()" in found
    assert set(found) <= {"openai.OpenAI()", "?"}


def test_all_limits_of_a_type_variable_count() -> None:
    source = "T = TypeVar('T', OpenAI, Anthropic)\ndef f(x: T): probe(x)"
    assert probe(IMPORT + source) == ["anthropic.Anthropic()", "openai.OpenAI()"]


def test_a_generic_class_of_the_repository_is_itself() -> None:
    source = "T = TypeVar('T')\nclass Box(Generic[T]):\n def make(self): return OpenAI()\n"
    assert probe(IMPORT + source + "def f(x: Box[int]): probe(x.make())") == ["openai.OpenAI()"]


@pytest.mark.parametrize("note", ["int", "list[int]", "dict[str, Any]", "Callable[[], int]", "T", "'Missing'"])
def test_a_type_that_nothing_is_known_of_says_nothing(note: str) -> None:
    assert probe(IMPORT + f"T = TypeVar('T')\ndef f(x: {note}): probe(x)") == ["?"]


def test_an_alias_of_itself_ends() -> None:
    assert probe(IMPORT + "A = Union['A', 'B']\nB = List['A']\ndef f(x: A): probe(x)") == ["?"]


OF_A_BASE = (
    "T = TypeVar('T', bound=OpenAI)\nclass Own(OpenAI):\n def __init__(self): self.size = 'large'\n"
    "class Other(OpenAI):\n def __init__(self): self.size = 'small'\n"
    "def run() -> T: ...\n"
)


def test_some_object_of_a_library_class_is_of_the_own_class_below_it_that_an_annotation_names() -> None:
    assert probe(IMPORT + OF_A_BASE + "def f(x: Own): probe(x.size)\nf(run())") == ["'large'"]
    assert probe(IMPORT + OF_A_BASE + "def f(x: Own | Other): probe(x.size)\nf(run())") == ["'large'", "'small'"]


@pytest.mark.parametrize(
    "source",
    [
        "def f(x): probe(x.size)\nf(run())",
        "def f(x: OpenAI): probe(x.size)\nf(run())",
        "def f(x: Own): probe(x.size)\nf(OpenAI())",
    ],
)
def test_an_object_of_a_library_class_stays_so_without_such_an_annotation_or_where_it_is_made(source: str) -> None:
    assert probe(IMPORT + OF_A_BASE + source) == ["openai.OpenAI().size"]
