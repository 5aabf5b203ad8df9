"""What a method is called on: clients made here, elsewhere, by factories, in constructors, behind wrappers."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

CHAT = "openai.OpenAI().chat.completions.create"
IMPORT = "from openai import OpenAI\n"


@pytest.mark.parametrize(
    "source",
    [
        "import openai\nprobe(openai.OpenAI().chat.completions.create)",
        "client = OpenAI()\nprobe(client.chat.completions.create)",
        "client = OpenAI()\ndef f(): probe(client.chat.completions.create)",
        "chat = OpenAI().chat\ndef f(): probe(chat.completions.create)",
        "create = OpenAI().chat.completions.create\nprobe(create)",
        "client = None\ndef init():\n global client\n client = OpenAI()\n"
        "def f(): probe(client.chat.completions.create)",
        "class A:\n def __init__(self): self.client = OpenAI()\n"
        " def f(self): probe(self.client.chat.completions.create)",
        "class A:\n client = OpenAI()\n def f(self): probe(self.client.chat.completions.create)",
        "class B:\n def __init__(self): self.client = OpenAI()\nclass A(B):\n"
        " def f(self): probe(self.client.chat.completions.create)",
        "class B:\n def __init__(self, client): self.client = client\nclass A(B):\n"
        " def __init__(self): super().__init__(OpenAI())\n"
        " def f(self): probe(self.client.chat.completions.create)",
        "class A:\n def __init__(self, client=None): self.client = client or OpenAI()\n"
        " def f(self): probe(self.client.chat.completions.create)",
        "class A:\n @property\n def client(self): return OpenAI()\n"
        " def f(self): probe(self.client.chat.completions.create)",
        "class A:\n def _client(self):\n  if not self.c: self.c = OpenAI()\n  return self.c\n"
        " def f(self): probe(self._client().chat.completions.create)",
        "def make(): return OpenAI()\nprobe(make().chat.completions.create)",
        "def make(url): return OpenAI(base_url=url)\nclient = make('x')\nprobe(client.chat.completions.create)",
        "def make():\n global c\n c = OpenAI()\n return c\nprobe(make().chat.completions.create)",
        "def pick(name): return {'a': OpenAI, 'b': OpenAI}[name]\nprobe(pick(n)().chat.completions.create)",
        "clients = {'a': OpenAI()}\nprobe(clients['a'].chat.completions.create)",
        "clients = [OpenAI()]\nfor one in clients: probe(one.chat.completions.create)",
        "with OpenAI() as client: probe(client.chat.completions.create)",
        "from contextlib import contextmanager\n@contextmanager\ndef opened():\n yield OpenAI()\n"
        "with opened() as client: probe(client.chat.completions.create)",
        "class A:\n def __enter__(self): return OpenAI()\nwith A() as client: probe(client.chat.completions.create)",
        "def f(client: OpenAI): probe(client.chat.completions.create)",
        "def f(client: 'OpenAI'): probe(client.chat.completions.create)",
        "def f(client: OpenAI | None = None): probe(client.chat.completions.create)",
        "from typing import Optional\ndef f(client: Optional['OpenAI'] = None): probe(client.chat.completions.create)",
        "def f(client): probe(client.chat.completions.create)\nf(OpenAI())",
        "def f(client): g(client)\ndef g(client): probe(client.chat.completions.create)\nf(OpenAI())",
        "class A:\n client: OpenAI\n def f(self): probe(self.client.chat.completions.create)",
        "from dataclasses import dataclass\n@dataclass\nclass A:\n client: OpenAI\n"
        " def f(self): probe(self.client.chat.completions.create)",
        "def make() -> OpenAI: ...\nprobe(make().chat.completions.create)",
        "from functools import lru_cache\n@lru_cache\ndef make(): return OpenAI()\n"
        "probe(make().chat.completions.create)",
        "from functools import cached_property\nclass A:\n @cached_property\n def client(self): return OpenAI()\n"
        " def f(self): probe(self.client.chat.completions.create)",
        "import functools\nmake = functools.partial(OpenAI, timeout=3)\nprobe(make().chat.completions.create)",
        "from typing import Optional\nclass A:\n client: Optional[OpenAI] = None\n"
        " def f(self): probe(self.client.chat.completions.create)",
        "from typing import *\nfrom pydantic import BaseModel, Field\nclass A(BaseModel):\n"
        " all: Optional[List[OpenAI]] = Field(default=None)\n"
        " def f(self):\n  for one in self.all: probe(one.chat.completions.create)",
        "class A:\n client = None\n def f(self): probe(self.client.chat.completions.create)\n"
        "a = A()\na.client = OpenAI()",
        "class A:\n def f(self): probe(self.client.chat.completions.create)\n"
        "def fill(a: A): a.client, other = OpenAI(), 1",
        "import functools\ndef f(n, client): probe(client.chat.completions.create)\n"
        "g = functools.partial(f, client=OpenAI())\ng(1)",
        "import functools\ndef f(client, n): probe(client.chat.completions.create)\n"
        "def h(run): run(1)\nh(functools.partial(f, OpenAI()))",
        "import functools\ndef make(client, n): return client\n"
        "g = functools.partial(make, OpenAI())\nprobe(g(1).chat.completions.create)",
        "probe(getattr(OpenAI(), 'chat').completions.create)",
        "from fastapi import Depends\ndef make(): return OpenAI()\n"
        "def f(client=Depends(make)): probe(client.chat.completions.create)",
        "from fastapi import Depends\ndef make():\n yield OpenAI()\n"
        "def f(client=Depends(make)): probe(client.chat.completions.create)",
        "from typing import Annotated\nfrom fastapi import Depends\ndef make(): return OpenAI()\n"
        "def f(client: Annotated[object, Depends(make)]): probe(client.chat.completions.create)",
        "from typing import Annotated\nfrom fastapi import Depends\ndef make(): return OpenAI()\n"
        "Dep = Annotated[object, Depends(make)]\n"
        "def f(client: Dep): probe(client.chat.completions.create)",
        "def f(x):\n client: OpenAI = x\n probe(client.chat.completions.create)",
        "def f():\n client = OpenAI()\n def g(): probe(client.chat.completions.create)",
        "if (client := OpenAI()): probe(client.chat.completions.create)",
        "client = OpenAI() if a else None\nprobe(client.chat.completions.create)",
        "try:\n client = OpenAI()\nexcept Exception:\n client = None\nprobe(client.chat.completions.create)",
        "client, other = OpenAI(), 1\nprobe(client.chat.completions.create)",
        "def make(): return OpenAI(), 1\nclient, other = make()\nprobe(client.chat.completions.create)",
        "client = OpenAI().with_options(timeout=3)\nprobe(client.chat.completions.create)",
        "class A:\n @classmethod\n def make(cls): return cls()\n def __init__(self): self.client = OpenAI()\n"
        "probe(A.make().client.chat.completions.create)",
        "class A:\n _one = None\n def __new__(cls):\n  cls._one = cls._one or super().__new__(cls)\n  return cls._one\n"
        " def __init__(self): self.client = OpenAI()\nprobe(A().client.chat.completions.create)",
        "from typing import cast\nprobe(cast(object, OpenAI()).chat.completions.create)",
        "class A(OpenAI): pass\nprobe(A().chat.completions.create)",
    ],
)  # fmt: skip
def test_a_client_is_found_however_it_comes_to_its_method(source: str) -> None:
    assert CHAT in probe(IMPORT + source)


LAZY = """
import importlib
class Lazy{name}:
    _module = None
    def __getattr__(self, name):
        {body}
        return getattr(self._module, name)
    def _load(self):
        if self._module is not None:
            return
        self._module = importlib.import_module({text})
litellm = Lazy{name}()
"""


@pytest.mark.parametrize(
    "wrapper",
    [
        LAZY.format(name="LiteLLM", body="self._load()", text="'litellm'"),
        LAZY.format(
            name="Module", body="if name == '_module': return super()\n        self._load()", text="NAME"
        ).replace("import importlib\n", "import importlib\nNAME = 'litellm'\n"),
        "import importlib\nclass Lazy:\n def __init__(self, name): self._name = name\n"
        " def __getattr__(self, attr): return getattr(importlib.import_module(self._name), attr)\n"
        "litellm = Lazy('litellm')\n",
        "class Lazy:\n def __getattr__(self, name):\n  import litellm\n  return getattr(litellm, name)\n"
        "litellm = Lazy()\n",
        "import importlib\nlitellm = importlib.import_module('litellm')\n",
        "litellm = __import__('litellm')\n",
        "def __getattr__(name):\n if name == 'litellm':\n  import litellm\n  return litellm\n"
        " raise AttributeError(name)\n",
        "def __getattr__(name):\n import importlib\n return importlib.import_module(name)\n",
        "try:\n import litellm\nexcept ImportError:\n litellm = None\n",
    ],
)
def test_a_module_that_stands_for_a_library_is_that_library(wrapper: str) -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/llm.py": wrapper,
        "pkg/app.py": "from pkg.llm import litellm\nprobe(litellm.completion)",
    }
    assert "litellm.completion" in probe(files, "pkg/app.py")


def test_a_wrapper_that_makes_attributes_up_stands_for_nothing() -> None:
    source = "class A:\n def __getattr__(self, name): return lambda *args: name\nprobe(A().completion)"
    assert not any(one.startswith("litellm") for one in probe(source))


def test_an_attribute_of_a_wrapper_class_wins_over_what_it_stands_for() -> None:
    source = (
        "import litellm\nclass Lazy:\n def completion(self): return 1\n"
        " def __getattr__(self, name): return getattr(litellm, name)\nprobe(Lazy().completion)"
    )
    assert probe(source) == ["def Lazy.completion"]


def test_a_delegating_object_has_the_members_of_what_it_holds() -> None:
    source = (
        "from openai import OpenAI\nclass Logged:\n def __init__(self, inner): self._inner = inner\n"
        " def __getattr__(self, name): return getattr(self._inner, name)\n"
        "probe(Logged(OpenAI()).chat.completions.create)"
    )
    assert CHAT in probe(source)


def test_a_client_of_another_module_is_found() -> None:
    files = {
        "app.py": "from clients import registry\nprobe(registry.get().chat.completions.create)",
        "clients/__init__.py": "from .registry import registry",
        "clients/registry.py": "from openai import OpenAI\nclass Registry:\n def __init__(self): self._client = None\n"
        " def get(self) -> 'OpenAI':\n  if self._client is None: self._client = OpenAI()\n  return self._client\n"
        "registry = Registry()",
    }  # fmt: skip
    assert CHAT in probe(files)


def test_all_constructions_that_reach_a_call_are_kept() -> None:
    source = (
        "import openai, anthropic\nclient = openai.OpenAI() if a else anthropic.Anthropic()\nprobe(client.messages)"
    )
    assert probe(source) == ["anthropic.Anthropic().messages", "openai.OpenAI().messages"]


SHARED = """
def make_lazy(table, package, names):
    import importlib
    def __getattr__(name):
        if name in table:
            module = importlib.import_module(table[name], package)
            found = getattr(module, name)
            names[name] = found
            return found
        raise AttributeError(name)
    return __getattr__
"""


def test_a_name_that_a_module_loads_when_asked_is_no_name_that_another_asks_for() -> None:
    files = {
        "pkg/__init__.py": SHARED,
        "pkg/models/__init__.py": "from pkg import make_lazy\n"
        "__getattr__ = make_lazy({'Model': '.model'}, __name__, {})",
        "pkg/models/model.py": "class Model:\n    def load(self): ...",
        "pkg/tools.py": "from pkg import make_lazy\nTABLE = {'OpenAI': 'openai', 'Anthropic': 'anthropic'}\n"
        "__getattr__ = make_lazy(TABLE, __name__, {})\ndef lazy(name):\n    return __getattr__(name)\n"
        "lazy('OpenAI')\nlazy('Anthropic')\n",
        "pkg/app.py": "from pkg.models import Model\nprobe(Model)",
        "pkg/other.py": "from pkg.tools import OpenAI\nprobe(OpenAI)",
    }
    assert probe(files, "pkg/app.py") == ["?"]
    assert probe(files, "pkg/other.py") == ["openai.OpenAI"]
