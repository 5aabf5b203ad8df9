"""Clients that an injection container makes are known where a provider is called, and where it is passed on."""

from __future__ import annotations

import pytest

from tests.graph.metering_repository import calls, verdict

CONTAINER = """\
from dependency_injector import containers, providers
from openai import OpenAI

from settings import given


class Drafts:
    def __init__(self, client, model="gpt-5-mini"):
        self.client = client
        self.model = model

    def write(self, brief):
        return self.client.responses.create(model=self.model, input=brief).output_text


class Container(containers.DeclarativeContainer):
    config = providers.Configuration()
    openai = providers.Singleton({client})
    drafts = providers.Factory(Drafts, {drafts})


if __name__ == "__main__":
    print({call})
"""
DIRECT = "Container().openai().responses.create(model='gpt-5-mini', input='Hello').output_text"
DRAFTS = "Container().drafts().write('Hello')"


def _state(client: str, drafts: str, call: str) -> str:
    text = CONTAINER.replace("{client}", client).replace("{drafts}", drafts).replace("{call}", call)
    return verdict({"app.py": text}).state


@pytest.mark.parametrize(
    ("client", "drafts", "call"),
    [
        ("OpenAI", "client=openai", DIRECT),
        ("OpenAI, api_key=config.key", "client=openai", DIRECT),
        ("OpenAI", "client=openai", DRAFTS),
        ("OpenAI", "openai", DRAFTS),
        ("OpenAI", "openai, model=config.model", DRAFTS),
    ],
)
def test_a_provider_makes_the_client_it_names(client: str, drafts: str, call: str) -> None:
    assert _state(client, drafts, call) == "absent"


@pytest.mark.parametrize(
    ("client", "drafts"),
    [
        ("OpenAI, base_url='https://oai.helicone.ai/v1'", "client=openai"),
        ("OpenAI, **given()", "client=openai"),
    ],
)
def test_what_a_provider_passes_on_counts(client: str, drafts: str) -> None:
    assert _state(client, drafts, DRAFTS) != "absent"


def test_a_provider_may_make_a_client_of_a_model_on_an_own_machine() -> None:
    client = "OpenAI, base_url='http://localhost:8000/v1'"
    text = CONTAINER.replace("{client}", client).replace("{drafts}", "client=openai").replace("{call}", DRAFTS)
    assert calls({"app.py": text})[0].properties["hosting"] == "self-hosted"


def test_a_handler_is_injected_the_service_of_a_container() -> None:
    text = CONTAINER.replace("{client}", "OpenAI").replace("{drafts}", "client=openai").partition("if __name__")[0]
    head = "from dependency_injector.wiring import Provide, inject\nfrom fastapi import Depends, FastAPI\n"
    handler = (
        "app = FastAPI()\n\n\n@app.get('/draft')\n@inject\n"
        "def draft(brief: str, service: Drafts = Depends(Provide[Container.drafts])):\n"
        "    return service.write(brief)\n"
    )
    assert verdict({"app.py": head + text + handler}).state == "absent"
