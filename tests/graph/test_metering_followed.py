"""Whoever does what a remedy says is rid of the finding: the line that it names is a record, kept in the function."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from tests.graph.metering_repository import RULE, run


class Sample(NamedTuple):
    """A call without a record, in the body of a function, with `LOG` where its record belongs."""

    imports: str
    body: str
    line: str
    """What the remedy names."""
    is_async: bool = False


HAYSTACK = "from haystack import Pipeline\nfrom haystack.components.generators import OpenAIGenerator"
SAMPLES = [
    Sample("from agno.agent import Agent", "reply = Agent().run(text)\nLOG", "reply.metrics"),
    Sample(
        "from agno.agent import Agent",
        "bot = Agent()\nbot.print_response(text)\nLOG",
        "bot.get_last_run_output().metrics",
    ),
    Sample(
        "from google.adk.runners import Runner",
        "for event in Runner(agent=1).run(user_id='a', new_message=text):\n    LOG",
        "event.usage_metadata",
    ),
    Sample(
        "from anthropic import Anthropic",
        "client = Anthropic()\nbatch = client.messages.batches.create(requests=[])\n"
        "for result in client.messages.batches.results(batch.id):\n    LOG",
        "result.result.message.usage",
    ),
    Sample("import assemblyai", "reply = assemblyai.Transcriber().transcribe(text)\nLOG", "reply.audio_duration"),
    Sample(
        "from autogen import AssistantAgent, UserProxyAgent, gather_usage_summary",
        "user = UserProxyAgent('u')\nuser.initiate_chat(AssistantAgent('a'), message=text)\nLOG",
        "gather_usage_summary([user])",
    ),
    Sample(
        "import boto3",
        "reply = boto3.client('bedrock-runtime').invoke_model(modelId='m', body=text)\nLOG",
        'reply["ResponseMetadata"]["HTTPHeaders"]',
    ),
    Sample(
        "import boto3, json",
        "reply = boto3.client('bedrock-runtime').invoke_model_with_response_stream(modelId='m', body=text)\n"
        "for event in reply['body']:\n    LOG",
        'json.loads(event["chunk"]["bytes"])["amazon-bedrock-invocationMetrics"]',
    ),
    Sample(
        "from crewai import LLM", "llm = LLM(model='m')\nreply = llm.call(text)\nLOG", "llm.get_token_usage_summary()"
    ),
    Sample("import dspy", "lm = dspy.LM('openai/m')\nreply = lm.forward(text)\nLOG", 'lm.history[-1]["usage"]'),
    Sample(
        "import dspy\n\ndspy.configure(lm=dspy.LM('openai/m'))",
        "reply = dspy.Predict('q -> a')(q=text)\nLOG",
        "reply.get_lm_usage()",
    ),
    Sample(
        "from vertexai.language_models import TextGenerationModel",
        "reply = TextGenerationModel.from_pretrained('m').predict(text)\nLOG",
        'reply.raw_prediction_response.metadata["tokenMetadata"]',
    ),
    Sample(
        "import aiohttp",
        "async with aiohttp.ClientSession() as session:\n"
        "    async with session.post('https://api.openai.com/v1/chat/completions', json={}) as reply:\n        LOG",
        '(await reply.json())["usage"]',
        is_async=True,
    ),
    Sample(
        "from openai import OpenAI",
        "reply = OpenAI().embeddings.create(model='m', input=text)\nLOG",
        "reply.usage.total_tokens",
    ),
    Sample(
        "from smolagents import CodeAgent, OpenAIServerModel",
        "agent = CodeAgent(model=OpenAIServerModel(model_id='m'))\nreply = agent.run(text)\nLOG",
        "agent.monitor.get_total_token_counts()",
    ),
    Sample(
        HAYSTACK,
        "pipeline = Pipeline()\npipeline.add_component(instance=OpenAIGenerator(model='m'), name='answer')\n"
        "results = pipeline.run({'answer': {'prompt': text}})\nLOG",
        'results["answer"]["meta"][0]["usage"]',
    ),
    Sample("import replicate", "reply = replicate.run('meta/m', input={'prompt': text})\nLOG", 'usage = {"calls": 1}'),
    Sample(
        "import anthropic",
        "reply = anthropic.Anthropic().completions.create(model='m', prompt=text)\nLOG",
        'usage = {"characters": len(text)}',
    ),
    Sample(
        "from openai import OpenAI",
        "reply = OpenAI().images.generate(model='m', prompt=text)\nLOG",
        'usage = {"images": len(reply.data)}',
    ),
    Sample(
        "from openai import OpenAI",
        "reply = OpenAI().audio.transcriptions.create(model='m', file=open(text, 'rb'))\nLOG",
        'usage = {"seconds": ...}',
    ),
]


def remedies(sample: Sample, log: str) -> list[str]:
    """The remedies that a sample gets with something where its record belongs."""
    body = re.sub(
        r"^( *)LOG", lambda one: "\n".join(one[1] + line for line in log.split("\n")), sample.body, flags=re.M
    )
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    called = "asyncio.run(ask('x'))" if sample.is_async else "ask('x')"
    head = f"import asyncio\nimport logging\n{sample.imports}\n\n\n{'async ' * sample.is_async}def ask(text):\n"
    text = f"{head}{lines}\n\nif __name__ == '__main__':\n    {called}\n"
    return [one.remedy for one in run({"ask.py": text}).run.shown if one.rule == RULE]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: one.line)
def test_a_remedy_that_is_followed_silences_its_finding(sample: Sample) -> None:
    (words,) = remedies(sample, "pass")
    assert f"`{sample.line}` in" in words
    if sample.line.startswith("usage = "):
        assert not remedies(sample, f"{sample.line}\nlogging.info('used %s', usage)")
        assert remedies(sample, sample.line)
    else:
        assert not remedies(sample, f"logging.info('used %s', {sample.line})")
        assert not remedies(sample, f"used = {sample.line}\nlogging.info('used %s', used)")


@pytest.mark.parametrize("line", ["other.metrics", "len(reply.content)", '{"images": 1}', "text.metrics"])
def test_another_line_is_no_record(line: str) -> None:
    assert remedies(SAMPLES[0], f"logging.info('used %s', {line})")
