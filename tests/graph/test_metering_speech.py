"""Calls of ElevenLabs and of lmi are calls of paid models, and what they tell of their use is a record."""

from __future__ import annotations

import pytest

from tests.graph.metering_repository import calls, verdict
from tests.graph.test_metering_remedies import remedy

MAIN = "\n\nif __name__ == '__main__':\n    ask('Hello')\n"


@pytest.mark.parametrize(
    ("made", "call"),
    [
        ("from elevenlabs.client import ElevenLabs", "ElevenLabs().text_to_speech.convert(text=text, voice_id='v')"),
        ("from elevenlabs import AsyncElevenLabs", "AsyncElevenLabs().text_to_speech.stream(text=text, voice_id='v')"),
        ("from elevenlabs import ElevenLabs", "ElevenLabs().generate(text=text, voice='v')"),
        ("from elevenlabs import generate", "generate(text=text, voice='v')"),
    ],
)
def test_speech_is_paid_by_the_character(made: str, call: str) -> None:
    text = f"{made}\n\n\ndef ask(text):\n    for part in {call}:\n        print(part)\n"
    assert calls({"ask.py": text + MAIN})[0].properties["provider"] == "elevenlabs"
    assert '`usage = {"characters": len(text)}` in `ask`' in remedy(text + MAIN)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("assemblyai.Transcriber().transcribe(text)", "audio_duration"),
        ("assemblyai.Transcriber().submit(text)", "audio_duration"),
        (
            "deepgram.DeepgramClient().listen.rest.v('1').transcribe_url({'url': text})",
            "by the length of the recording",
        ),
        ("deepgram.DeepgramClient().listen.v1.media.transcribe_url(url=text)", "by the length of the recording"),
        ("deepgram.DeepgramClient().speak.v1.audio.generate(text=text)", '`usage = {"characters": len(text)}`'),
        ("deepgram.Deepgram('key').transcription.sync_prerecorded({'url': text})", "by the length of the recording"),
    ],
)
def test_a_recording_is_paid_by_its_length(call: str, told: str) -> None:
    text = f"import assemblyai\nimport deepgram\n\n\ndef ask(text):\n    print({call}.text)\n"
    assert calls({"ask.py": text + MAIN})[0].properties["provider"] in ("assemblyai", "deepgram")
    assert told in remedy(text + MAIN)


def test_the_length_that_a_transcript_tells_is_a_record() -> None:
    body = "reply = assemblyai.Transcriber().transcribe(text)\n    print(reply.text, reply.audio_duration)\n"
    assert verdict({"ask.py": f"import assemblyai\n\n\ndef ask(text):\n    {body}{MAIN}"}).state == "satisfied"


@pytest.mark.parametrize(
    "made",
    [
        "environment=DeepgramClientEnvironment(base='http://localhost:8080', production='ws://localhost:8080')",
        "'key', config=DeepgramClientOptions(url='http://localhost:8080')",
    ],
)
def test_speech_may_run_on_ones_own_machines(made: str) -> None:
    head = "from deepgram import DeepgramClient, DeepgramClientOptions\n"
    head += "from deepgram.environment import DeepgramClientEnvironment\n"
    text = f"{head}\n\ndef ask(text):\n    print(DeepgramClient({made}).listen.v1.media.transcribe_url(url=text))\n"
    assert calls({"ask.py": text + MAIN})[0].properties["hosting"] == "self-hosted"


LMI = "from lmi import {name}\nimport asyncio\n\n\nasync def ask(text):\n    {body}\n\n\nasyncio.run(ask('Hello'))\n"


def _lmi(name: str, body: str, before: str = "") -> str:
    return verdict({"ask.py": LMI.replace("{name}", name).replace("{body}", body) + before}).state


def test_a_chat_of_lmi_is_paid() -> None:
    assert _lmi("LiteLLMModel", "return (await LiteLLMModel(name='gpt-5-mini').call_single(text)).text") == "absent"
    assert _lmi("LiteLLMEmbeddingModel", "print(await LiteLLMEmbeddingModel().embed_documents([text]))") == "absent"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("LiteLLMModel", "reply = await LiteLLMModel().call_single(text)\n    print(reply.completion_count)"),
        (
            "LiteLLMModel, enable_cost_tracking",
            "enable_cost_tracking()\n    print(await LiteLLMModel().call_single(text))",
        ),
        (
            "LiteLLMModel, cost_tracking_ctx",
            "with cost_tracking_ctx():\n        print(await LiteLLMModel().call_single(text))",
        ),
        (
            "LiteLLMModel",
            "print(await LiteLLMModel(llm_result_callback=keep).call_single(text))\n\n\ndef keep(one): ...",
        ),
    ],
)
def test_what_lmi_tells_of_its_use_is_a_record(name: str, body: str) -> None:
    assert _lmi(name, body) == "satisfied"


def test_a_model_that_is_handed_in_may_run_here() -> None:
    body = "async def embed(model: EmbeddingModel, text):\n    return await model.embed_documents([text])\n"
    text = f"from lmi import EmbeddingModel\n\n\n{body}"
    assert verdict({"ask.py": text}).state == "unknown"
