"""Objects that a program gets from a holder: context variables, queues, containers, the state of an application."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe
from tests.resolve.test_handlers import reached

CLIENT = "from openai import OpenAI\n"
VARIABLE = CLIENT + "from contextvars import ContextVar\n"
STORE = CLIENT + "class Store:\n def __init__(self): self.client = OpenAI()\n"
FASTAPI = CLIENT + "from contextlib import asynccontextmanager\nfrom fastapi import FastAPI, Request\n"


@pytest.mark.parametrize(
    "source",
    [
        "client = ContextVar('client')\ndef start(): client.set(OpenAI())\ndef f(): probe(client.get())",
        "client: ContextVar[OpenAI] = ContextVar('client', default=OpenAI())\ndef f(): probe(client.get())",
        "client = ContextVar('client')\ndef f(): probe(client.get(OpenAI()))",
        "import queue\njobs = queue.Queue()\ndef add(): jobs.put(OpenAI())\ndef work(): probe(jobs.get())",
        "import asyncio\njobs = asyncio.Queue()\nasync def add(): await jobs.put(OpenAI())\n"
        "async def work(): probe(await jobs.get())",
    ],
)
def test_a_holder_gives_what_it_was_given(source: str) -> None:
    assert probe(VARIABLE + source) == ["openai.OpenAI()"]


def test_each_holder_gives_its_own() -> None:
    source = "a, b = ContextVar('a'), ContextVar('b')\ndef start():\n a.set('a')\n b.set('b')\ndef f(): probe(a.get())"
    assert probe(VARIABLE + source.replace("a, b = ContextVar('a'), ", "a = ContextVar('a')\nb = ")) == ["'a'"]


def test_what_a_test_puts_into_a_holder_is_not_what_the_program_gets() -> None:
    files = {
        "app.py": VARIABLE + "client = ContextVar('client')\ndef f(): probe(client.get())",
        "tests/test_app.py": "from app import client\ndef test_f(): client.set('fake')",
    }
    assert probe(files) == ["contextvars.ContextVar().get()"]


def test_a_holder_that_is_put_into_itself_ends() -> None:
    assert probe(VARIABLE + "v = ContextVar('v')\ndef f(): v.set(v.get())\nprobe(v.get())") != []


@pytest.mark.parametrize(
    "source",
    [
        "from injector import Injector\ninjector = Injector()\ndef f(): probe(injector.get(Store).client)",
        "import punq\ncontainer = punq.Container()\nprobe(container.resolve(Store).client)",
        "import bentoml\nclass Api:\n store = bentoml.depends(Store)\n def f(self): probe(self.store.client)",
        "import bentoml\nclass Api:\n store = bentoml.depends(on=Store)\n def f(self): probe(self.store.client)",
    ],
)
def test_a_container_gives_an_object_of_the_class_it_is_asked_for(source: str) -> None:
    assert probe(STORE + source) == ["openai.OpenAI()"]


def test_a_container_that_is_asked_for_an_interface_gives_what_implements_it() -> None:
    source = (
        "from abc import ABC, abstractmethod\nfrom injector import Injector\n"
        "class Base(ABC):\n @abstractmethod\n def make(self): ...\n"
        "class Real(Base):\n def make(self): return OpenAI()\nprobe(Injector().get(Base).make())"
    )
    assert probe(CLIENT + source) == ["openai.OpenAI()"]


def test_a_service_that_depends_on_another_reaches_what_that_calls() -> None:
    source = (
        CLIENT + "import bentoml\nclient = OpenAI()\n@bentoml.service\nclass Writer:\n"
        " def ask(self, q): return client.responses.create(model='m', input=q)\n"
        "@bentoml.service\nclass Api:\n writer = bentoml.depends(Writer)\n"
        " @bentoml.api\n def answer(self, q): return self.writer.ask(q)\n"
    )
    assert reached(source) == [("Api.answer", "model-call", "")]


@pytest.mark.parametrize(
    "source",
    [
        "app = FastAPI()\napp.state.client = OpenAI()\n@app.get('/')\ndef f(request: Request):\n"
        " probe(request.app.state.client)",
        "@asynccontextmanager\nasync def life(app):\n app.state.client = OpenAI()\n yield\n"
        "app = FastAPI(lifespan=life)\n@app.get('/')\ndef f(request: Request): probe(request.app.state.client)",
        "@asynccontextmanager\nasync def life(app):\n yield {'other': 1, 'client': OpenAI()}\n"
        "app = FastAPI(lifespan=life)\n@app.get('/')\ndef f(request: Request): probe(request.state.client)",
        "app = FastAPI()\n@app.middleware('http')\nasync def add(request: Request, call_next):\n"
        " request.state.client = OpenAI()\n return await call_next(request)\n"
        "@app.get('/')\ndef f(request: Request): probe(request.state.client)",
        "app = FastAPI()\napp.client = OpenAI()\n@app.get('/')\ndef f(): probe(app.client)",
        "from flask import Flask, current_app\napp = Flask(__name__)\napp.client = OpenAI()\n"
        "@app.route('/')\ndef f(): probe(current_app.client)",
    ],
)
def test_an_application_keeps_objects_for_its_handlers(source: str) -> None:
    assert probe(FASTAPI + source) == ["openai.OpenAI()"]


def test_the_state_of_a_request_is_not_that_of_the_application() -> None:
    source = (
        "app = FastAPI()\napp.state.name = 'app'\n@app.get('/')\ndef f(request: Request):\n probe(request.state.name)"
    )
    assert probe(FASTAPI + source) == ["fastapi.Request().state.name"]


def test_an_attribute_of_one_of_two_applications_is_not_that_of_the_other() -> None:
    two = "from flask import Flask, current_app\na = Flask('a')\nb = Flask('b')\na.name = 'a'\nb.name = 'b'\n"
    assert probe(two + "def f(): probe(a.name)") == ["'a'"]
    assert probe(two + "def f(): probe(current_app.name)") == ["flask.current_app.name"]
