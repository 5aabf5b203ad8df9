"""Model APIs that are told by the address of a plain HTTP call."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.value import Unknown
from tests.graph.metering_repository import Metered, calls, verdict


def found(address: str) -> list[tuple[object, object]]:
    """Who is paid for what by a program that posts to an address."""
    text = f"import os\n\nimport httpx\n\nVOICE = os.environ['VOICE']\nhttpx.post({address}, json={{}})\n"
    return [(one.properties["provider"], one.properties["operation"]) for one in calls({"speak.py": text})]


@pytest.mark.parametrize(
    ("address", "provider"),
    [
        ("f'https://api.elevenlabs.io/v1/text-to-speech/{VOICE}'", "elevenlabs"),
        ("f'https://api.elevenlabs.io/v1/text-to-speech/{VOICE}/stream?output_format=mp3'", "elevenlabs"),
        ("'https://api.us.elevenlabs.io/v1/speech-to-text'", "elevenlabs"),
        ("'https://api.deepgram.com/v1/listen?model=nova-3'", "deepgram"),
    ],
)
def test_services_of_speech_are_known_by_their_address(address: str, provider: str) -> None:
    assert found(address) == [(provider, "audio")]


@pytest.mark.parametrize(
    "address", ["'https://api.elevenlabs.io/v1/voices/add'", "'https://video.example.com/v1/stream'"]
)
def test_other_addresses_are_no_model_call(address: str) -> None:
    assert found(address) == []


def hosting(address: str) -> object:
    """Who runs what a program posts to."""
    text = f"import os\n\nimport httpx\n\nhttpx.post({address} + '/chat/completions', json={{}})\n"
    return calls({"ask.py": text})[0].properties["hosting"]


@pytest.mark.parametrize(
    ("address", "provider"),
    [
        ("https://api.novita.ai/v3/openai", "novita"),
        ("https://api.hyperbolic.xyz/v1", "hyperbolic"),
        ("https://api.tokenfactory.nebius.com/v1", "nebius"),
        ("https://api.upstage.ai/v1", "upstage"),
        ("https://api.minimax.io/v1", "minimax"),
        ("https://api.siliconflow.com/v1", "siliconflow"),
        ("https://api.deepinfra.com/v1/openai", "deepinfra"),
    ],
)
def test_public_providers_are_known_by_their_hosts(address: str, provider: str) -> None:
    assert found(f"'{address}/chat/completions'") == [(provider, "chat")]
    assert found(f"'{address}/embeddings'") == [(provider, "embed")]
    assert hosting(f"'{address}'") == "api"


@pytest.mark.parametrize(
    "address", ["your-endpoint-here", "<your endpoint>", "xxx", "changeme", "ENDPOINT", "http://your-server:8000/v1"]
)
def test_an_address_that_asks_to_be_replaced_or_is_none_says_nothing(address: str) -> None:
    assert isinstance(hosting(f"os.getenv('ENDPOINT', '{address}')"), Unknown)


@pytest.mark.parametrize("address", ["http://llm/v1", "llm:8000/v1", "localhost:8000/v1", "10.0.0.7/v1"])
def test_a_name_with_a_scheme_or_a_port_may_be_of_the_own_network(address: str) -> None:
    assert hosting(f"os.getenv('ENDPOINT', '{address}')") == "self-hosted"


@pytest.mark.parametrize(
    "address",
    [
        "https://{os.environ['NAME']}.openai.azure.com/",
        "https://{os.environ['NAME']}.cognitiveservices.azure.com/openai/v1",
        "https://{os.environ['NAME']}.services.ai.azure.com/openai/v1",
        "https://bedrock-runtime.{os.environ['REGION']}.amazonaws.com/openai/v1",
        "https://{os.environ['REGION']}-aiplatform.googleapis.com/v1/endpoints/openapi",
    ],
)
def test_whatever_names_a_resource_or_region_its_provider_answers(address: str) -> None:
    assert client(address).state == "absent"


@pytest.mark.parametrize(
    "address",
    [
        "https://{os.environ['HOST']}/openai.azure.com/",
        "https://{os.environ['HOST']}/v1",
        "{os.environ['ENDPOINT']}.openai.azure.com",
        "https://models.{os.environ['DOMAIN']}/v1",
        "https://api.openai.com{os.environ['REST']}/v1",
    ],
)
def test_an_address_whose_domain_is_open_may_be_a_gateway(address: str) -> None:
    assert client(address).state == "unknown"


def client(address: str) -> Metered:
    """What the ladder says of a call whose client is made with an address."""
    made = f'import os\n\nfrom openai import OpenAI\n\nclient = OpenAI(base_url=f"{address}")\n'
    asked = "def ask():\n    return client.responses.create(model='a', input='Hi').output_text\n\n\nask()\n"
    return verdict({"ask.py": f"{made}\n\n{asked}"})


@pytest.mark.parametrize(
    ("made", "state"),
    [
        ("OpenAI(base_url=os.getenv('URL', ''))", "unknown"),
        ("OpenAI(base_url=os.getenv('URL', '') or None)", "absent"),
        ("OpenAI(base_url=os.getenv('URL', 'https://api.openai.com/v1'))", "absent"),
        ("OpenAI(base_url=None)", "absent"),
        # the library takes its own address for an empty one
        ("ChatOpenAI(base_url=os.getenv('URL', ''))", "absent"),
    ],
)
def test_an_empty_address_that_the_client_asks_is_none_of_the_provider(made: str, state: str) -> None:
    imports = "import os\n\nfrom langchain_openai import ChatOpenAI\nfrom openai import OpenAI\n\n"
    asked = "client.invoke('Hi').content" if "Chat" in made else "client.responses.create(model='a').output_text"
    text = f"{imports}client = {made}\n\n\ndef ask():\n    return {asked}\n\n\nask()\n"
    assert verdict({"ask.py": text}).state == state


def test_a_variable_that_is_another_address_than_that_of_the_provider_leaves_it_open() -> None:
    text = (
        "import os\n\nfrom openai import OpenAI\n\n\ndef draw(prompt):\n    url = os.getenv('URL', '')\n"
        "    if url == 'https://api.openai.com/v1':\n        client = OpenAI(base_url=url)\n"
        "    else:\n        client = OpenAI(base_url=url, api_key='EMPTY')\n"
        "    return client.images.generate(model='a', prompt=prompt).data[0].url\n\n\ndraw('A hive')\n"
    )
    assert verdict({"draw.py": text}).state == "unknown"


def test_embeddings_are_model_calls_where_chats_are_asked_at_the_same_address() -> None:
    text = "import os\n\nimport httpx\n\nhttpx.post(os.environ['LLM'] + '{}', json={{}})\n"
    chat, embed = text.format("/chat/completions"), text.format("/embeddings")
    assert [one.properties["operation"] for one in calls({"a.py": chat, "b.py": embed})] == ["chat", "embed"]
    assert calls({"b.py": embed}) == []
    assert len(calls({"a.py": chat, "b.py": embed.replace("LLM", "OTHER")})) == 1
