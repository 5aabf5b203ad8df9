"""Records that a repository makes itself: clients it derives from a library's, and totals of counted tokens."""

from __future__ import annotations

import pytest

from tests.graph.metering_repository import RULE, run

WRITER = (
    "import dspy\nfrom lm import Model\n\n\nclass Writer(dspy.Module):\n    def __init__(self, lm):\n"
    "        self.lm, self.write = lm, dspy.Predict('topic -> text')\n\n"
    "    def forward(self, topic):\n        with dspy.settings.context(lm=self.lm):\n"
    "            return self.write(topic=topic).text\n\n\n"
    "if __name__ == '__main__':\n    Writer(Model('gpt-5-mini'))('bees')\n"
)
COUNTING = (
    "import dspy\n\n\nclass Model(dspy.LM):\n    def forward(self, prompt=None, **more):\n"
    "        reply = super().forward(prompt, **more)\n        self.total += reply['usage']['total_tokens']\n"
    "        return reply\n"
)
SILENT = "import dspy\n\n\nclass Model(dspy.LM):\n    def forward(self, prompt=None, **more):\n        return 1\n"


def shown(files: dict[str, str]) -> int:
    """How many findings of the rule a repository gets."""
    return len([one for one in run(files).run.shown if one.rule == RULE])


def test_a_client_of_the_repository_that_reads_usage_may_record_the_calls_of_its_library() -> None:
    assert shown({"write.py": WRITER, "lm.py": SILENT}) == 1
    assert shown({"write.py": WRITER, "lm.py": COUNTING}) == 0


def test_a_class_that_reads_usage_and_is_no_client_says_nothing() -> None:
    other = SILENT + "\n\nclass Report:\n    def total(self, reply):\n        return reply['usage']['total_tokens']\n"
    assert shown({"write.py": WRITER, "lm.py": other}) == 1


ASK = (
    "import tiktoken\nfrom openai import OpenAI\n\nTOTAL = {'out': 0}\n\n\ndef ask(prompt):\n    client = OpenAI()\n"
    "    encoding = tiktoken.encoding_for_model('gpt-4o')\n"
    "    reply = client.chat.completions.create(model='gpt-4o', messages=[{'role': 'user', 'content': prompt}])\n"
    "    answer = reply.choices[0].message.content\n    LINE\n    return answer\n\n\n"
    "if __name__ == '__main__':\n    ask('Hello')\n"
)


@pytest.mark.parametrize(
    "line",
    ["TOTAL['out'] += len(encoding.encode(answer))", "TOTAL['out'] += 0.01 * len(encoding.encode(answer))"],
)
def test_a_running_total_of_the_tokens_of_answers_is_a_record(line: str) -> None:
    assert shown({"ask.py": ASK.replace("LINE", line)}) == 0


@pytest.mark.parametrize(
    "line",
    [
        "size = len(encoding.encode(answer))",
        "TOTAL['out'] += len(encoding.encode(prompt))",
        "TOTAL['out'] += 1; size = len(encoding.encode(answer))",
    ],
)
def test_a_count_that_sizes_a_text_is_no_record(line: str) -> None:
    assert shown({"ask.py": ASK.replace("LINE", line)}) == 1
