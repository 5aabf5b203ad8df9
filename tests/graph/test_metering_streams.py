"""What tells the usage of a stream: its events, its last chunk or its final message, never the stream itself."""

from __future__ import annotations

import pytest

from tests.graph.metering_repository import RULE, run, verdict

OPENAI = "from openai import AsyncOpenAI, OpenAI\n\nclient = OpenAI()\nasync_client = AsyncOpenAI()\n"
ANTHROPIC = "from anthropic import Anthropic, AsyncAnthropic\n\nclient = Anthropic()\nasync_client = AsyncAnthropic()\n"
LITELLM = "import litellm\n"
CHAT = "client.chat.completions.create(model='gpt-5-mini', messages=[], stream=True)"
ASKED = "client.chat.completions.create(model='m', messages=[], stream=True, stream_options={'include_usage': True})"
CREATE = "client.messages.create(model='claude-sonnet-4-5', max_tokens=9, messages=[], stream=True)"
MESSAGES = "client.messages.stream(model='claude-sonnet-4-5', max_tokens=9, messages=[])"
COMPLETION = "litellm.completion(model='gpt-5-mini', messages=[], stream=True)"
RESPONSES = "client.responses.create(model='gpt-5-mini', input='', stream=True)"


def program(head: str, *lines: str) -> str:
    """A script whose function `ask` has these lines."""
    word = "async def" if any("await" in line or "async " in line for line in lines) else "def"
    body = "".join(f"    {line}\n" for line in lines)
    run_it = "import asyncio\n\n    asyncio.run(ask())" if word != "def" else "ask()"
    return f"{head}\n\n{word} ask():\n{body}\n\nif __name__ == '__main__':\n    {run_it}\n"


def remedy(head: str, *lines: str) -> str:
    """The remedy of the only finding."""
    found = [one for one in run({"ask.py": program(head, *lines)}).run.shown if one.rule == RULE]
    assert len(found) == 1
    return found[0].remedy


def state(head: str, *lines: str) -> str:
    """The verdict on the call."""
    return verdict({"ask.py": program(head, *lines)}).state


@pytest.mark.parametrize(
    ("head", "lines", "line"),
    [
        (OPENAI, (f"stream = {CHAT}", "for part in stream:", "    print(part)"), "`part.usage`"),
        (OPENAI, (f"for part in {CHAT}:", "    print(part)"), "`part.usage`"),
        (OPENAI, (f"return show({CHAT})",), "`chunk.usage`"),
        (OPENAI, (f"stream = {RESPONSES}", "for one in stream:", "    print(one)"), "`one.response.usage`"),
        (
            OPENAI,
            ("with client.responses.stream(model='m', input='') as stream:", "    stream.until_done()"),
            "`stream.get_final_response().usage`",
        ),
        (
            OPENAI,
            ("async with async_client.beta.threads.runs.stream(thread_id='t') as stream:", "    pass"),
            "`(await stream.get_final_run()).usage`",
        ),
        (
            ANTHROPIC,
            (f"stream = {CREATE}", "for event in stream:", "    print(event)"),
            "`event.message.usage` and `event.usage`",
        ),
        (
            ANTHROPIC,
            (f"with {MESSAGES} as stream:", "    print(stream.get_final_text())"),
            "`stream.get_final_message().usage`",
        ),
        (
            ANTHROPIC,
            (f"async with async_{MESSAGES} as s:", "    print(await s.get_final_text())"),
            "`(await s.get_final_message()).usage`",
        ),
        (
            ANTHROPIC,
            (f"async with async_{MESSAGES} as s:", "    pass", "reply = await s.get_final_message()", "print(reply)"),
            "`reply.usage`",
        ),
        (
            LITELLM,
            (f"stream = {COMPLETION}", "for part in stream:", "    print(part)"),
            "`litellm.completion_cost(litellm.stream_chunk_builder(chunks))`",
        ),
    ],
)
def test_a_remedy_reads_what_a_stream_has(head: str, lines: tuple[str, ...], line: str) -> None:
    assert f"{line} in `ask`." in remedy(head, *lines)


def test_a_chat_stream_is_asked_for_its_usage_first() -> None:
    loop = ("for part in stream:", "    print(part.choices)")
    words = "as the last chunk tells it, which has no choices, so test for them in the loop: "
    words += '`stream_options={"include_usage": True}` and `'
    assert words in remedy(OPENAI, f"stream = {CHAT}", *loop)
    assert words not in remedy(OPENAI, f"stream = {ASKED}", *loop)


def test_a_switch_that_is_handed_in_counts_as_a_stream_where_the_response_is_gone_through() -> None:
    text = CHAT.replace("stream=True", "stream=flag()")
    loop = ("from flags import flag", f"found = {text}", "for part in found:", "    print(part.choices)")
    assert "`part.usage`" in remedy(OPENAI, *loop)
    assert "`found.usage`" in remedy(OPENAI, *loop[:2], "print(found.choices)")


def test_options_that_are_handed_in_may_switch_a_stream_on() -> None:
    call = CHAT.replace("stream=True", "**options()")
    loop = ("from options import options", f"found = {call}", "for part in found:", "    print(part.choices)")
    assert "`part.usage`" in remedy(OPENAI, *loop)
    assert "`found.usage`" in remedy(OPENAI, *loop[:2], "print(found.choices)")


def test_a_switch_that_is_not_given_leaves_the_default_of_no_stream() -> None:
    call = CHAT.replace("stream=True", "stream=openai.NOT_GIVEN")
    loop = ("import openai", f"found = {call}", "for part in found:", "    print(part)")
    assert "`found.usage`" in remedy(OPENAI, *loop)


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        (OPENAI, (f"stream = {CHAT}", "print(stream.usage)")),
        (OPENAI, (f"stream = {ASKED}", "print(stream.usage)")),
        (ANTHROPIC, (f"stream = {CREATE}", "print(stream.usage)")),
        (ANTHROPIC, (f"with {MESSAGES} as stream:", "    print(stream.usage)")),
        (ANTHROPIC, (f"stream = await async_{CREATE}", "print(stream.usage)")),
        (LITELLM, (f"stream = {COMPLETION}", "print(litellm.completion_cost(completion_response=stream))")),
    ],
)
def test_what_a_stream_does_not_have_is_no_record(head: str, lines: tuple[str, ...]) -> None:
    assert state(head, *lines) == "absent"


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        (OPENAI, (f"for part in {ASKED}:", "    print(part.usage)")),
        (OPENAI, (f"stream = {RESPONSES}", "for event in stream:", "    print(event.response.usage)")),
        (OPENAI, (f"print({CHAT.replace(', stream=True', '')}.usage)",)),
        (ANTHROPIC, (f"for event in {CREATE}:", "    print(event.message.usage)")),
        (ANTHROPIC, (f"for event in {CREATE}:", "    print(event.usage)")),
        (ANTHROPIC, (f"with {MESSAGES} as stream:", "    print(stream.get_final_message().usage)")),
        (
            ANTHROPIC,
            (f"async with async_{MESSAGES} as s:", "    reply = await s.get_final_message()", "print(reply.usage)"),
        ),
        (
            LITELLM,
            (
                f"chunks = list({COMPLETION})",
                "print(litellm.completion_cost(litellm.stream_chunk_builder(chunks)))",
            ),
        ),
        (
            LITELLM,
            (
                "chunks = []",
                f"for part in {COMPLETION}:",
                "    chunks.append(part)",
                "print(litellm.completion_cost(litellm.stream_chunk_builder(chunks)))",
            ),
        ),
    ],
)
def test_what_a_stream_has_is_a_record(head: str, lines: tuple[str, ...]) -> None:
    assert state(head, *lines) == "satisfied"


def test_usage_of_a_chunk_that_was_not_asked_for_is_lost() -> None:
    lines = (f"for part in {CHAT}:", "    print(part.usage)")
    words = 'Add `stream_options={"include_usage": True}` to `client.chat.completions.create`'
    assert words in remedy(OPENAI, *lines)


COUNT = """\
import tiktoken

encoding = tiktoken.get_encoding("o200k_base")


def size(messages):
    total = 0
    for one in messages:
        total += len(encoding.encode(one))
        total += 2
    return total
"""


def trimmed(*lines: str, stream: str = "") -> dict[str, str]:
    """A chat whose history is measured."""
    call = CHAT.replace("messages=[]", "messages=history").replace(", stream=True", stream)
    body = (f"reply = {call}", "history = [reply.choices[0].message.content]", *lines)
    return {"size.py": COUNT, "ask.py": program(OPENAI + "from size import size\n", "history = ['Hello']", *body)}


@pytest.mark.parametrize(
    "lines",
    [
        ("while size(history) > 4000:", "    history = history[1:]"),
        ("room = 4000 - size(history)", "if room < 0:", "    history = history[room:]"),
        ("if size(history) > 4000:", "    raise ValueError(f'{size(history)} is too much')"),
        ("is_long = max(size(history), 1) >= 4000", "print(is_long)"),
        ("client.responses.create(model='m', input='', max_output_tokens=4000 - size(history))",),
    ],
)
def test_a_count_that_only_trims_is_no_record(lines: tuple[str, ...]) -> None:
    assert verdict(trimmed(*lines)).state == "absent"
    for one in run(trimmed(*lines, stream=", stream=True")).run.shown:
        assert "reads the usage of a stream" not in one.claim


@pytest.mark.parametrize(
    "lines",
    [
        ("print(size(history))",),
        ("spent = size(history)", "store.add(spent)"),
        ("store.tokens += size(history)",),
    ],
)
def test_a_count_that_is_written_down_is_a_record(lines: tuple[str, ...]) -> None:
    assert verdict(trimmed(*lines)).state == "satisfied"


def test_a_model_for_recording_reads_what_a_response_tells_of_the_same_kind_of_call() -> None:
    draw = "import openai\n\n\ndef draw():\n    return openai.Image.create(prompt='A hive')['data'][0]['url']\n\n\n"
    draw += "if __name__ == '__main__':\n    draw()\n"
    recorded = program(OPENAI, f"print({CHAT.replace(', stream=True', '')}.usage)")

    def words(**files: str) -> str:
        return next(one.remedy for one in run({f"{name}.py": text for name, text in files.items()}).run.shown)

    assert words(draw=draw, other=recorded).startswith("Log what")
    other = draw.replace("openai.Image", "openai.ChatCompletion").replace("prompt='A hive'", "messages=[]")
    assert words(ask=other, other=recorded).startswith("Record")
    counted = COUNT + "\n\n" + program(OPENAI, f"print(size([{CHAT.replace(', stream=True', '')}.choices[0]]))")
    assert words(ask=other, other=counted).startswith("Log what")


def test_the_place_of_a_remedy_is_the_function_that_holds_the_call() -> None:
    call = CHAT.replace(", stream=True", "")
    two = f"{OPENAI}\n\ndef first():\n    return {call}.choices\n\n\ndef second():\n    return {call}.choices\n\n\n"
    two += "if __name__ == '__main__':\n    first()\n    second()\n"
    found = [one for one in run({"ask.py": two}).run.shown if one.rule == RULE]
    assert [one.remedy.rpartition(" in ")[2] for one in found] == ["`first`."]


def test_a_count_that_the_repository_keeps_is_no_model_for_reading_a_response() -> None:
    kept = (
        f"{OPENAI}\n\nclass Talk:\n    def __init__(self):\n        self.text = {CHAT.replace(', stream=True', '')}\n"
    )
    kept += "        self.kept = {'total_tokens': len(str(self.text))}\n\n    def show(self):\n"
    kept += "        print(self.kept['total_tokens'])\n\n\nTalk().show()\n"
    ask = program(OPENAI, f"return {CHAT.replace(', stream=True', '')}.choices")
    found = {one.location.path: one.remedy for one in run({"ask.py": ask, "kept.py": kept}).run.shown}
    assert found["ask.py"].startswith("Log what")


@pytest.mark.parametrize("switch", ["flag()", "STREAM"])
def test_a_switch_that_is_not_known_names_what_tells_both(switch: str) -> None:
    head = f"import os\nfrom flags import flag\n{OPENAI}STREAM = os.environ.get('STREAM', 'true') == 'true'\n"
    head += "\n\ndef parts(reply):\n    for one in reply:\n        yield one.choices\n"
    words = remedy(head, f"reply = {CHAT.replace('stream=True', f'stream={switch}')}", "print(list(parts(reply)))")
    assert "where it streams as the last chunk tells it, which has no choices: " in words
    assert '`reply.usage`, `stream_options={"include_usage": True}` and `one.usage` in `ask` and `parts`.' in words


def test_an_answer_that_never_streams_names_no_chunk() -> None:
    words = remedy(OPENAI, f"reply = {CHAT.replace('stream=True', 'stream=False')}", "print(reply.choices)")
    assert "chunk" not in words
