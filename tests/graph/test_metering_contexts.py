"""Context managers that a repository makes itself around its model calls: spans, timers, locks, sessions."""

from __future__ import annotations

import pytest

from tests.graph.metering_repository import CHAIN, verdict

SPANS = """\
from contextlib import contextmanager

PROCESSORS = []


class Span:
    def __init__(self, **about):
        self.about = about

    def finish(self):
        for one in PROCESSORS:
            one.ended(self)


@contextmanager
def traced(model, provider=None, image_count=None):
    span = Span(model=model, provider=provider, image_count=image_count)
    yield span
    span.finish()


@contextmanager
def timed(name):
    import time
    start = time.monotonic()
    yield
    print(name, time.monotonic() - start)


class Meter:
    def __init__(self, model):
        self.model = model

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for one in PROCESSORS:
            one.ended(self.model)
"""

ASK = """\
import contextlib
import threading
from openai import OpenAI
from spans import *

client = OpenAI()
MODEL = "gpt-5-mini"


def ask(prompt, model=MODEL, count=1):
    deployment = f"azure/{model}"
    with CONTEXT:
        reply = client.chat.completions.create(model=MODEL_OF_CALL, messages=[{"role": "user", "content": prompt}])
    return reply.choices[0].message.content


if __name__ == "__main__":
    ask("Hello")
"""


def state(context: str, model: str = "model", spans: str = SPANS, **more: str) -> tuple[str, str]:
    """The state of the call inside a context, and the words for it."""
    ask = ASK.replace("CONTEXT", context).replace("MODEL_OF_CALL", model)
    found = verdict({"ask.py": ask, "spans.py": spans, **more})
    return found.state, found.how


@pytest.mark.parametrize(
    ("context", "model"),
    [
        ("traced(model)", "model"),
        ("traced(model=model, provider='openai')", "deployment"),
        ("traced(deployment)", "deployment"),
        ("traced('gpt-5-mini')", "MODEL"),
        ("traced(model='images', image_count=count)", "deployment"),
        ("timed('ask'), traced(model) as span", "model"),
        ("Meter(model)", "model"),
        ("(traced(model) if count else timed('ask'))", "model"),
    ],
)
def test_a_context_that_is_told_the_model_may_record_the_call(context: str, model: str) -> None:
    found, how = state(context, model)
    assert found == "unknown"
    assert ("Meter" if "Meter" in context else "traced") in how


@pytest.mark.parametrize(
    "context",
    ["timed('ask')", "threading.Lock()", "timed(prompt)", "traced(model='other')", "timed(str(count))", "open(model)"],
)
def test_a_context_that_is_told_nothing_of_the_call_leaves_it_unrecorded(context: str) -> None:
    assert state(context)[0] == "absent"


OPENED = """\
from contextlib import contextmanager
from opentelemetry import trace

tracer = trace.get_tracer(__name__)


def opened(name):
    return tracer.start_as_current_span(name)


@contextmanager
def around(name):
    with opened(name) as span:
        yield span


class Around:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        self.span = opened(self.name)
        return self.span

    def __exit__(self, *error):
        self.span.end()
"""


@pytest.mark.parametrize("context", ["around('ask')", "opened('ask')", "Around('ask')"])
def test_a_context_that_opens_a_span_may_record_the_call(context: str) -> None:
    found, how = state(context, spans=OPENED)
    assert found == "unknown"
    assert context.partition("(")[0] in how


SESSION = """\
from contextlib import contextmanager
from openinference.instrumentation.langchain import LangChainInstrumentor
from sqlalchemy import create_engine
from sqlalchemy.orm import Session


def connected(url):
    LangChainInstrumentor().instrument()
    return create_engine(url)


@contextmanager
def session(engine):
    with Session(engine) as one:
        yield one


@contextmanager
def connection(url):
    yield connected(url)
"""


@pytest.mark.parametrize("context", ["session(connected('sqlite://'))", "connection('sqlite://')"])
def test_a_session_of_a_database_leaves_it_unrecorded(context: str) -> None:
    assert state(context, spans=SESSION)[0] == "absent"


def test_a_stack_of_contexts_counts_what_is_entered() -> None:
    entered = ASK.replace(
        "with CONTEXT:", "with contextlib.ExitStack() as stack:\n        stack.enter_context(ENTERED)"
    )
    entered = entered.replace("MODEL_OF_CALL", "model")
    for context, found in (("traced(model)", "unknown"), ("timed('ask')", "absent")):
        files = {"ask.py": entered.replace("ENTERED", context), "spans.py": SPANS}
        assert verdict(files).state == found


def test_a_context_inside_a_context_counts() -> None:
    outer = SPANS + "\n\n@contextmanager\ndef generation(model):\n    yield\n"
    outer += "\n\n@contextmanager\ndef answering(question):\n    with generation('gpt-5'):\n        yield\n"
    assert state("answering(prompt)", spans=outer)[0] == "unknown"


COUNTED = """\
from contextlib import contextmanager
from langchain_community.callbacks import get_openai_callback


@contextmanager
def counted(is_on=True):
    with get_openai_callback() as used:
        yield used


@contextmanager
def answering(question):
    with counted():
        yield
"""


@pytest.mark.parametrize("context", ["counted()", "answering(prompt)"])
def test_a_context_that_yields_inside_a_record_records_the_call(context: str) -> None:
    chain = "from spans import *\n" + CHAIN.replace("    return llm", f"    with {context}:\n        return llm")
    assert verdict({"ask.py": chain, "spans.py": COUNTED})[::2] == ("satisfied", ("tokens", "cost"))


def test_a_context_that_yields_outside_its_record_too_leaves_the_answer_open() -> None:
    chain = "from spans import *\n" + CHAIN.replace("    return llm", "    with counted():\n        return llm")
    partly = COUNTED.replace("    with get", "    if not is_on:\n        yield\n        return\n    with get")
    assert verdict({"ask.py": chain, "spans.py": partly}).state == "unknown"


def test_a_context_around_the_call_of_the_wrapper_counts() -> None:
    caller = "from ask import ask, MODEL\nfrom spans import *\n\n\ndef main(name):\n    with CONTEXT:\n"
    caller += "        ask('a', MODEL)\n"
    assert state("timed('x')", **{"run.py": caller.replace("CONTEXT", "traced(MODEL)")})[0] == "unknown"
    assert state("timed('x')", **{"run.py": caller.replace("CONTEXT", "timed(name)")})[0] == "absent"


SLOTS = """\
import asyncio
import csv
import json
import logging
import sqlite3
import threading
from contextlib import contextmanager

import requests
from openai import OpenAI
from somewhere import meter

logger = logging.getLogger(__name__)
rows = sqlite3.connect("calls.db")
slots = {}


def labelled(model):
    return f"llm.{model}"


def chosen(model):
    if model not in slots:
        slots[model] = asyncio.Semaphore(2)
    return slots[model]


@contextmanager
def free(model):
    assert model, f"no model {model}"
    slot = chosen(model)
    {line}
    try:
        yield slot
    except OSError:
        logger.exception("no answer")
    finally:
        slot.release()
"""


@pytest.mark.parametrize(
    "line",
    [
        "slot.acquire()",
        "name = f'{model}!'",
        "slots.get(model)",
        "name = 'of {}'.format(str(model).lower())",
        "threading.Semaphore(int(slots[model]))",
        "client = OpenAI(base_url=f'https://{model}.example.com')",
        "if not model:\n        raise ValueError(model)",
    ],
)
def test_a_context_whose_body_shows_and_keeps_nothing_of_the_model_is_no_doubt(line: str) -> None:
    assert state("free(model)", spans=SLOTS.replace("{line}", line))[0] == "absent"


@pytest.mark.parametrize(
    "line",
    [
        "meter(model)",
        "meter(f'llm.{model}')",
        "slot.model = model",
        "meter({'model': model})",
        "meter('llm.{}'.format(model))",
        "meter(labelled(model))",
        "print(model)",
        "logger.info('called %s', model)",
        "requests.post('https://billing.example.com', json={'model': model}, timeout=3)",
        "rows.execute('insert into calls values (?)', (model,))",
        "open('calls.jsonl', 'a').write(json.dumps({'model': model}))",
        "csv.writer(open('calls.csv', 'a')).writerow([model])",
        "asyncio.create_task(model)",
        "asyncio.to_thread(meter, model)",
    ],
)
def test_a_context_that_hands_the_model_on_to_what_does_not_show_may_record(line: str) -> None:
    found, how = state("free(model)", spans=SLOTS.replace("{line}", line))
    assert (found, how) == ("unknown", "the call stands inside `free()`, which is told its model and may record it")
