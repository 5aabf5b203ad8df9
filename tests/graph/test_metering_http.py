"""Remedies for models that are called over HTTP: what a stream, an error and each provider tell of what was used."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.value import Unknown
from tests.graph.metering_repository import calls
from tests.graph.test_metering_remedies import remedy, required

OPENAI = "https://api.openai.com/v1/chat/completions"
CLAUDE = "https://api.anthropic.com/v1/messages"
ASKED = '`"stream_options": {"include_usage": True}` and '
LAST = "as the last chunk tells it, which has no choices, so test for them in the loop: "


def requested(url: str, body: str, *lines: str, head: str = "", method: str = "requests.post") -> str:
    """A script that sends a body to an address and does something with the `reply`."""
    text = "".join(f"    {line}\n" for line in (*head.splitlines(), f"reply = {method}({url!r}, {body})", *lines))
    imports = "import json\n\nimport httpx\nimport requests\n"
    return f"{imports}\n\ndef ask(text, **options):\n{text}\n\nif __name__ == '__main__':\n    ask('Hello')\n"


def awaited(url: str, body: str, *lines: str) -> str:
    """The same with aiohttp, in whose `async with` the lines stand."""
    inner = "".join(f"            {line}\n" for line in lines)
    opened = f"        async with session.post({url!r}, {body}) as reply:\n"
    head = "import asyncio\nimport json\n\nimport aiohttp\n\n\nasync def ask():\n"
    body = f"    async with aiohttp.ClientSession() as session:\n{opened}{inner}"
    return f"{head}{body}\n\nif __name__ == '__main__':\n    asyncio.run(ask())\n"


LINES = ("for line in reply.iter_lines():", "    event = json.loads(line[6:])", "    print(event['choices'])")


@pytest.mark.parametrize(
    "text",
    [
        requested(OPENAI, "json={'stream': True}", *LINES),
        requested(OPENAI, "data=json.dumps({'stream': True})", *LINES),
        requested(OPENAI, "data=sent", *LINES, head="body = {'stream': True}\nsent = json.dumps(body)"),
        requested(OPENAI, "json=body", *LINES, head="body = {}\nbody['stream'] = True"),
        requested(OPENAI, "json=options", *LINES),
        requested(OPENAI, "json={'stream': True}", *LINES, method="httpx.post"),
        awaited(
            OPENAI, "json={'stream': True}", "async for line in reply.content:", *(f"    {one}" for one in LINES[1:2])
        ),
        awaited(OPENAI, "json=options()", "async for line in reply.content:", *(f"    {one}" for one in LINES[1:2])),
    ],
)
def test_the_stream_of_a_request_is_asked_for_its_usage_and_read_to_the_last_chunk(text: str) -> None:
    assert f'{LAST}{ASKED}`event["usage"]` in `ask`.' in remedy(text)


def test_a_body_that_asks_for_usage_is_not_asked_again() -> None:
    body = "json={'stream': True, 'stream_options': {'include_usage': True}}"
    words = remedy(requested(OPENAI, body, *LINES))
    assert f'{LAST}`event["usage"]` in `ask`.' in words


@pytest.mark.parametrize("body", ["json={'stream': False}", "json={'model': 'gpt-5-mini'}", "json=options"])
def test_an_answer_that_comes_whole_is_read_whole(body: str) -> None:
    assert '`reply.json()["usage"]` in `ask`.' in remedy(requested(OPENAI, body, "print(reply.json()['choices'])"))


@pytest.mark.parametrize(
    ("loop", "line"),
    [
        (("for line in reply.iter_lines():", "    print(json.loads(line))"), 'json.loads(line)["usage"]'),
        (("for line in reply.iter_lines():", "    print(json.loads(line[6:]))"), 'json.loads(...)["usage"]'),
        (("for line in reply.iter_lines():", "    print(line)"), 'json.loads(...)["usage"]'),
        (("for one in reply.iter_lines():", "    part = json.loads(one.decode())", "    print(part)"), 'part["usage"]'),
        (("sent = json.loads('{}')", "for line in reply.iter_lines():", "    print(sent)"), 'json.loads(...)["usage"]'),
    ],
)
def test_an_event_is_called_what_the_code_calls_it(loop: tuple[str, ...], line: str) -> None:
    assert f"`{line}` in `ask`." in remedy(requested(OPENAI, "json={'stream': True}", *loop))


COHERE = "https://api.cohere.com"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (CLAUDE, 'message_start and message_delta tell it: `event["message"]["usage"]` and `event["usage"]`'),
        (f"{COHERE}/v1/chat", 'as the event stream-end tells it: `event["response"]["meta"]["billed_units"]`'),
        (f"{COHERE}/v2/chat", 'as the event message-end tells it: `event["delta"]["usage"]["billed_units"]`'),
        ("https://api.openai.com/v1/responses", 'the event response.completed tells it: `event["response"]["usage"]`'),
        ("https://api.groq.com/openai/v1/chat/completions", f'{LAST}{ASKED}`event["usage"]`'),
        ("https://api.mistral.ai/v1/chat/completions", 'as the last chunk tells it: `event["usage"]`'),
        ("https://api.openai.com/v1/batches", 'as the last event of the stream tells it: `event["usage"]`'),
    ],
)
def test_each_provider_tells_the_usage_of_a_stream_in_its_own_event(url: str, words: str) -> None:
    assert f"{words} in `ask`." in remedy(requested(url, "json={'stream': True}", *LINES))


@pytest.mark.parametrize(
    ("url", "line"),
    [
        (f"{COHERE}/v1/chat", '["meta"]["billed_units"]'),
        (f"{COHERE}/v1/embed", '["meta"]["billed_units"]'),
        (f"{COHERE}/v2/embed", '["meta"]["billed_units"]'),
        (f"{COHERE}/v2/rerank", '["meta"]["billed_units"]'),
        (f"{COHERE}/v2/chat", '["usage"]["billed_units"]'),
        ("https://api.jina.ai/v1/rerank", '["usage"]'),
        (CLAUDE, '["usage"]'),
    ],
)
def test_each_provider_tells_the_usage_of_an_answer_under_its_own_keys(url: str, line: str) -> None:
    assert f"`data{line}` in `ask`." in remedy(requested(url, "json={}", "data = reply.json()", "print(data)"))
    assert f"`(await reply.json()){line}` in `ask`." in remedy(awaited(url, "json={}", "print(await reply.json())"))


@pytest.mark.parametrize(
    "lines",
    [
        ("if reply.status_code != 200:", "    error = reply.json()", "    raise ValueError(error)"),
        ("if reply.status_code >= 400:", "    error = reply.json()", "    raise ValueError(error)"),
        ("if not reply.ok:", "    error = reply.json()", "    raise ValueError(error)"),
        ("if reply.status_code == 200:", "    print(1)", "else:", "    error = reply.json()", "    print(error)"),
        ("if reply.status_code == requests.codes.ok:", "    return 1", "error = reply.json()", "print(error)"),
        ("try:", "    reply.raise_for_status()", "except ValueError:", "    error = reply.json()", "    print(error)"),
    ],
)
def test_the_body_of_a_failure_tells_no_usage(lines: tuple[str, ...]) -> None:
    assert '`reply.json()["usage"]` in `ask`.' in remedy(requested(CLAUDE, "json={}", *lines))
    later = (*lines[:-1], f"{lines[-1]}", "found = reply.json()", "print(found)")
    if "return 1" not in " ".join(lines):
        assert '`found["usage"]` in `ask`.' in remedy(requested(CLAUDE, "json={}", *later))


@pytest.mark.parametrize(
    "lines",
    [
        ("if reply.status_code == 200:", "    data = reply.json()", "    print(data)"),
        ("if reply.status_code != 200:", "    return 1", "data = reply.json()", "print(data)"),
        ("if text:", "    data = reply.json()", "    print(data)"),
        ("if reply.status_code > 100:", "    data = reply.json()", "    print(data)"),
    ],
)
def test_the_body_of_an_answer_keeps_its_name(lines: tuple[str, ...]) -> None:
    assert '`data["usage"]` in `ask`.' in remedy(requested(CLAUDE, "json={}", *lines))


@pytest.mark.parametrize(
    ("distribution", "lines"),
    [
        (
            "langfuse",
            '`@observe(as_type="generation")` and '
            '`get_client().update_current_generation(usage_details=reply.json()["usage"])`',
        ),
        (
            "langsmith",
            '`@traceable(run_type="llm")`, `run = get_current_run_tree()` and '
            '`run.set(usage_metadata={"input_tokens": ..., "output_tokens": ...})`',
        ),
        ("opik", '`@track(type="llm")` and `opik_context.update_current_span(usage=reply.json()["usage"])`'),
    ],
)
def test_a_product_records_a_request_by_the_function_around_it(distribution: str, lines: str) -> None:
    text = requested(OPENAI, "json={}", "print(reply.json()['choices'])")
    words = remedy(text, **{"pyproject.toml": required(distribution)})
    assert words.endswith(f"is in pyproject.toml already; switch it on here: {lines} in `ask`.")


@pytest.mark.parametrize("distribution", ["weave", "logfire", "agentops", "traceloop-sdk", "mlflow"])
def test_an_instrument_of_an_sdk_sees_no_request(distribution: str) -> None:
    text = requested(OPENAI, "json={}", "print(reply.json()['choices'])")
    assert "Log what this call used" in remedy(text, **{"pyproject.toml": required(distribution)})


def test_the_stream_of_a_request_is_asked_for_its_usage_by_a_product_too() -> None:
    text = requested(OPENAI, "json={'stream': True}", *LINES)
    words = remedy(text, **{"pyproject.toml": required("langfuse")})
    assert 'here: `"stream_options": {"include_usage": True}`, `@observe(as_type="generation")` and ' in words
    assert 'update_current_generation(usage_details=event["usage"])`' in words


VERTEX = (
    "from vertexai.generative_models import GenerativeModel\n\n\ndef ask(text):\n"
    "    answer = GenerativeModel('gemini-2.5-flash').generate_content(text)\n    return answer.text\n"
    "\n\nif __name__ == '__main__':\n    ask('Hello')\n"
)


def test_a_line_for_a_client_needs_a_call_of_such_a_client() -> None:
    files = {"pyproject.toml": required("opik")}
    assert "`answer.usage_metadata` in `ask`" in remedy(VERTEX, **files)
    client = VERTEX.replace("from vertexai.generative_models import GenerativeModel", "from google import genai")
    called = client.replace("GenerativeModel('gemini-2.5-flash').generate_content(text)", "genai.Client()")
    asked = called.replace("return answer.text", "return answer.models.generate_content(model='m', contents=text)")
    assert "Opik is in pyproject.toml already; switch it on here: `client = track_genai(client)`" in remedy(
        asked, **files
    )


@pytest.mark.parametrize(
    ("client", "address", "provider"),
    [
        ("httpx.Client(base_url='https://api.openai.com/v1')", "/chat/completions", "openai"),
        ("httpx.Client(base_url='https://api.openai.com/v1/')", "chat/completions", "openai"),
        ("httpx.AsyncClient(base_url=BASE)", "/chat/completions", "mistral"),
        ("aiohttp.ClientSession('https://api.mistral.ai/docs')", "/v1/chat/completions", "mistral"),
        ("aiohttp.ClientSession(base_url='https://api.mistral.ai')", "/v1/chat/completions", "mistral"),
        ("httpx.Client()", "https://api.openai.com/v1/chat/completions", "openai"),
    ],
)
def test_a_path_stands_behind_the_address_of_its_client(client: str, address: str, provider: str) -> None:
    text = (
        "import aiohttp\nimport httpx\n\nBASE = 'https://api.mistral.ai/v1'\n\n\ndef ask(text):\n"
        f"    client = {client}\n    return client.post({address!r}, json=dict(input=text))\n\n\n"
        "print(ask('a').json())\n"
    )
    (call,) = calls({"ask.py": text})
    assert (call.properties["provider"], call.properties["metering"]) == (provider, "absent")


@pytest.mark.parametrize("client", ["httpx.Client(base_url=given())", "httpx.Client()", "given()"])
def test_a_path_alone_tells_no_provider(client: str) -> None:
    text = (
        f"import httpx\nfrom settings import given\n\n\ndef ask(text, client=None):\n    client = {client}\n"
        "    return client.post('/chat/completions', json=dict(input=text))\n\n\nprint(ask('a').json())\n"
    )
    assert all(isinstance(one.properties["hosting"], Unknown) for one in calls({"ask.py": text}))


def test_a_path_behind_an_own_address_is_no_paid_model() -> None:
    text = (
        "import httpx\n\nclient = httpx.Client(base_url='http://localhost:8000/v1')\n"
        "print(client.post('/chat/completions', json={}).json())\n"
    )
    assert calls({"ask.py": text})[0].properties["hosting"] == "self-hosted"
