"""Hooks of the HTTP client of an SDK see every answer: one that reads them may record what they used."""

from __future__ import annotations

import pytest

from tests.graph.metering_repository import verdict

ASK = """\
import logging

import httpx
from openai import OpenAI


def log_body(response):
    response.read()
    logging.info(response.json())


def hand_on(response):
    keep(response)


def log_status(response):
    logging.info("%s", response.status_code)


class Transport(httpx.HTTPTransport):
    def handle_request(self, request):
        return super().handle_request(request)


client = OpenAI({client})


def ask(prompt):
    return client.responses.create(model="gpt-5-mini", input=prompt).output_text


if __name__ == "__main__":
    ask("Hello")
"""


@pytest.mark.parametrize(
    ("client", "state"),
    [
        ("http_client=httpx.Client(event_hooks={'response': [log_body]})", "unknown"),
        ("http_client=httpx.Client(event_hooks={'response': [hand_on]})", "unknown"),
        ("http_client=httpx.Client(event_hooks={'response': [log_status, log_body]})", "unknown"),
        ("http_client=httpx.Client(event_hooks={'response': [given()]})", "unknown"),
        ("http_client=httpx.Client(event_hooks=given())", "unknown"),
        ("http_client=httpx.Client(transport=Transport())", "unknown"),
        ("http_client=httpx.Client(event_hooks={'response': [log_status]})", "absent"),
        ("http_client=httpx.Client(event_hooks={'request': [log_body]})", "absent"),
        ("http_client=httpx.Client(transport=httpx.HTTPTransport(retries=2))", "absent"),
        ("http_client=httpx.Client(timeout=30)", "absent"),
    ],
)
def test_a_hook_that_reads_the_answers_may_record_them(client: str, state: str) -> None:
    assert verdict({"ask.py": ASK.replace("{client}", client)}).state == state
