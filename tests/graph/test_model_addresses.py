"""Model APIs that are told by the address of a plain HTTP call."""

from __future__ import annotations

import pytest

from tests.graph.metering_repository import calls


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
