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
