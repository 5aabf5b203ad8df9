"""The ladder of metering, rung by rung: where a record is found, and what leaves the answer open."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.declared import Declarations, Gateway, Meter
from mltradeoff_lint.settings import Settings
from tests.graph.metering_repository import ASK, CHAIN, RULE, run, verdict


def test_a_call_without_a_record_in_any_scope_is_absent() -> None:
    found = verdict({"ask.py": ASK})
    assert (found.state, found.facets) == ("absent", ())


# -- S1, S2: what the call is given


def test_callbacks_of_the_call_record_it() -> None:
    text = CHAIN.replace("llm.invoke(prompt)", 'llm.invoke(prompt, config={"callbacks": [CallbackHandler()]})')
    found = verdict({"ask.py": "from langfuse.langchain import CallbackHandler\n" + text})
    assert (found.state, found.how) == ("satisfied", "Langfuse is attached")


def test_an_empty_list_of_callbacks_records_nothing() -> None:
    text = CHAIN.replace("llm.invoke(prompt)", 'llm.invoke(prompt, config={"callbacks": []})')
    assert verdict({"ask.py": text}).state == "absent"


def test_a_callback_that_nobody_knows_leaves_the_answer_open() -> None:
    text = CHAIN.replace("llm.invoke(prompt)", 'llm.invoke(prompt, config={"callbacks": [elsewhere()]})')
    assert verdict({"ask.py": "from plugins import elsewhere\n" + text}).state == "unknown"


def test_an_address_in_a_splatted_dict_is_a_gateway() -> None:
    text = (
        "import litellm\n"
        "options = {'api_base': 'https://oai.helicone.ai/v1'}\n"
        "litellm.completion(model='gpt-5-mini', messages=[], **options)\n"
    )
    found = verdict({"ask.py": text})
    assert (found.state, found.how) == ("satisfied", "requests go through Helicone")


# -- S3: what the function does with the response


@pytest.mark.parametrize(
    "read",
    [
        "print(reply.usage)",
        "print(reply.usage.total_tokens)",
        "print(dict(reply)['usage'])",
        "print(getattr(reply, 'usage', None))",
    ],
)
def test_a_read_of_the_usage_is_a_record(read: str) -> None:
    text = ASK.replace("    return reply", f"    {read}\n    return reply")
    assert verdict({"ask.py": text}).state == "satisfied"


def test_a_read_that_is_dropped_is_no_record() -> None:
    assert verdict({"ask.py": ASK.replace("    return reply", "    reply.usage\n    return reply")}).state == "absent"


def test_a_price_of_something_else_is_no_record() -> None:
    text = ASK.replace("    return reply", "    get_price(reply.choices[0].message.content)\n    return reply")
    assert verdict({"ask.py": "from market import get_price\n" + text}).state == "absent"


def test_an_estimated_cost_is_a_record_of_cost() -> None:
    text = ASK.replace("    return reply", "    estimate_llm_cost(prompt, reply)\n    return reply")
    assert verdict({"ask.py": "from costs import estimate_llm_cost\n" + text}).facets == ("cost",)


def test_a_context_that_counts_tokens_records_what_it_encloses() -> None:
    text = CHAIN.replace("    return llm", "    with get_openai_callback() as used:\n        return llm")
    found = verdict({"ask.py": "from langchain_community.callbacks import get_openai_callback\n" + text})
    assert (found.state, "cost" in found.facets) == ("satisfied", True)


def test_a_plain_span_has_latency_and_no_tokens() -> None:
    found = verdict({"ask.py": "from langfuse import observe\n" + ASK.replace("def ask", "@observe()\ndef ask")})
    assert (found.state, found.facets) == ("absent", ("latency", "feature"))


@pytest.mark.parametrize(
    ("line", "decorator"),
    [
        ("from langfuse import observe", '@observe(as_type="generation")'),
        ("from langsmith import traceable", '@traceable(run_type="llm")'),
        ("import mlflow", '@mlflow.trace(span_type="LLM")'),
    ],
)
def test_a_span_of_a_generation_has_tokens(line: str, decorator: str) -> None:
    found = verdict({"ask.py": f"{line}\n" + ASK.replace("def ask", f"{decorator}\ndef ask")})
    assert (found.state, "tokens" in found.facets) == ("satisfied", True)


@pytest.mark.parametrize("scope", ["@track_usage\n", "@meter_tokens('ask')\n"])
def test_a_decorator_that_is_called_like_a_recorder_leaves_the_answer_open(scope: str) -> None:
    text = "from billing import meter_tokens, track_usage\n" + ASK.replace("def ask", f"{scope}def ask")
    assert verdict({"ask.py": text}).state == "unknown"


# -- S4: callers of the wrapper


def test_usage_that_a_caller_reads_is_found_over_files() -> None:
    files = {
        "llm.py": ASK.replace("    return reply.choices[0].message.content", "    return reply"),
        "main.py": "from llm import ask\n\ndef main():\n    print(ask('Hello').usage.total_tokens)\n\nmain()\n",
    }
    assert verdict(files).state == "satisfied"


def test_usage_of_a_stream_is_followed_through_a_generator() -> None:
    files = {
        "llm.py": "import anthropic\n\ndef talk(prompt):\n    client = anthropic.Anthropic()\n"
        "    for event in client.messages.create(model='m', max_tokens=5, messages=[], stream=True):\n"
        "        yield event\n",
        "main.py": "from llm import talk\n\nfor event in talk('Hello'):\n    print(event.usage.output_tokens)\n",
    }
    assert verdict(files).state == "satisfied"


def test_a_response_that_nobody_here_takes_leaves_the_answer_open() -> None:
    text = ASK.replace("    return reply.choices[0].message.content", "    return reply").partition("\nif ")[0]
    found = verdict({"ask.py": text})
    assert (found.state, found.how) == ("unknown", "`ask` returns the whole response and nothing here calls it")


# -- S5: the constructor of the client


@pytest.mark.parametrize(
    ("line", "maker"),
    [
        ("from langsmith.wrappers import wrap_openai", "wrap_openai(OpenAI())"),
        ("from opik.integrations.openai import track_openai", "track_openai(OpenAI())"),
        ("", 'OpenAI(base_url="https://openrouter.ai/api/v1")'),
    ],
)
def test_a_client_that_is_wrapped_or_goes_to_a_gateway_is_metered(line: str, maker: str) -> None:
    assert verdict({"ask.py": f"{line}\n" + ASK.replace("= OpenAI()", f"= {maker}")}).state == "satisfied"


@pytest.mark.parametrize("maker", ["OpenAI(base_url=os.environ['LLM'])", "OpenAI(base_url=read_address())"])
def test_an_address_that_does_not_resolve_may_be_a_gateway(maker: str) -> None:
    text = "import os\nfrom settings import read_address\n" + ASK.replace("= OpenAI()", f"= {maker}")
    assert verdict({"ask.py": text}).state == "unknown"


def test_an_address_with_a_value_in_the_repository_is_no_doubt() -> None:
    text = "import os\n" + ASK.replace("= OpenAI()", "= OpenAI(base_url=os.environ['LLM'])")
    assert verdict({"ask.py": text, ".env": "LLM=https://api.openai.com/v1\n"}).state == "absent"


@pytest.mark.parametrize(
    "tail", [".with_config(callbacks=[CallbackHandler()])", ".with_config({'callbacks': [CallbackHandler()]})"]
)
def test_callbacks_that_are_bound_to_a_client_record_its_calls(tail: str) -> None:
    text = CHAIN.replace('ChatOpenAI(model="gpt-5-mini")', f'ChatOpenAI(model="gpt-5-mini"){tail}')
    assert verdict({"ask.py": "from langfuse.langchain import CallbackHandler\n" + text}).state == "satisfied"


def test_the_library_module_itself_is_a_client() -> None:
    text = "import openai\n\nopenai.chat.completions.create(model='m', messages=[])\n"
    assert verdict({"ask.py": text}).state == "absent"


def test_a_method_of_a_client_that_nobody_saw_made_is_no_construction() -> None:
    text = (
        "from langchain_openai import ChatOpenAI\n\nclass Own(ChatOpenAI):\n"
        "    def ask(self):\n        return super().with_structured_output(dict).invoke('Hello')\n"
    )
    assert verdict({"ask.py": text}).state == "unknown"


def test_the_model_inside_a_chain_is_looked_at() -> None:
    text = (
        "from langchain.chains import LLMChain\nfrom langchain_openai import ChatOpenAI\n"
        "from langfuse.langchain import CallbackHandler\n"
        "llm = ChatOpenAI(callbacks=[CallbackHandler()])\nchain = LLMChain(llm=llm, prompt=None)\n"
        "print(chain.run('Hello'))\n"
    )
    assert verdict({"ask.py": text}).state == "satisfied"


# -- S6: the module and its classes


@pytest.mark.parametrize(
    ("method", "read", "state"),
    [
        ("on_llm_end", "response.llm_output", "satisfied"),
        ("on_llm_end", "'done'", "absent"),
        ("on_llm_new_token", "response", "absent"),
        ("on_chain_end", "response", "absent"),
    ],
)
def test_a_handler_counts_when_it_reads_the_end_of_a_call(method: str, read: str, state: str) -> None:
    handler = (
        "from langchain_core.callbacks import BaseCallbackHandler\n"
        f"class Handler(BaseCallbackHandler):\n    def {method}(self, response, **kwargs):\n        print({read})\n"
    )
    text = CHAIN.replace('ChatOpenAI(model="gpt-5-mini")', 'ChatOpenAI(model="gpt-5-mini", callbacks=[Handler()])')
    assert verdict({"ask.py": handler + text}).state == state


@pytest.mark.parametrize(
    ("value", "state"),
    [
        ("['langfuse']", "satisfied"),
        ("[log_spend]", "satisfied"),
        ("[]", "absent"),
        ("load_callbacks()", "unknown"),
    ],
)
def test_litellm_callbacks_are_judged_by_what_is_in_the_list(value: str, state: str) -> None:
    text = (
        "import litellm\nfrom plugins import load_callbacks\n\ndef log_spend(kwargs, response, start, end): ...\n\n"
        f"litellm.success_callback = {value}\nlitellm.completion(model='m', messages=[])\n"
    )
    assert verdict({"ask.py": text}).state == state


# -- S7: the whole process


@pytest.mark.parametrize(
    "line",
    [
        "import mlflow\nmlflow.openai.autolog()",
        "import logfire\nlogfire.instrument_openai()",
        "import weave\nweave.init('support')",
        "from openinference.instrumentation.openai import OpenAIInstrumentor\nOpenAIInstrumentor().instrument()",
        "from langfuse.openai import openai",
    ],
)
def test_an_instrument_of_the_process_covers_what_is_imported_with_it(line: str) -> None:
    files = {"llm.py": ASK.partition("\nif ")[0], "main.py": f"{line}\nfrom llm import ask\n\nask('Hello')\n"}
    assert verdict(files).state == "satisfied"


def test_an_instrument_of_another_provider_covers_nothing() -> None:
    assert verdict({"ask.py": "import mlflow\nmlflow.anthropic.autolog()\n" + ASK}).state == "absent"


def test_an_instrument_of_another_process_covers_nothing() -> None:
    assert verdict({"ask.py": ASK, "train.py": "import mlflow\nmlflow.autolog()\n"}).state == "absent"


def test_an_instrument_in_a_test_covers_nothing() -> None:
    files = {"ask.py": ASK, "tests/test_ask.py": "import mlflow\nimport ask\nmlflow.openai.autolog()\n"}
    assert verdict(files).state == "absent"


def test_tracing_by_default_counts_until_it_is_disabled() -> None:
    text = "from agents import Agent, Runner{more}\nRunner.run_sync(Agent(name='a'), 'Hello')\n"
    assert verdict({"a.py": text.format(more="")}).state == "satisfied"
    disabled = text.format(more=", set_tracing_disabled\nset_tracing_disabled(True)")
    assert verdict({"a.py": disabled}).state == "absent"


def test_a_tracing_flag_that_code_sets_counts() -> None:
    text = "import os\nos.environ['LANGSMITH_TRACING'] = {value}\n" + CHAIN.replace("{", "{{").replace("}", "}}")
    assert verdict({"ask.py": text.format(value="'true'")}).state == "satisfied"
    assert verdict({"ask.py": text.format(value="'false'")}).state == "absent"
    assert verdict({"ask.py": text.format(value="input()")}).state == "unknown"


def test_a_library_that_the_repository_patches_leaves_the_answer_open() -> None:
    text = "import openai\n\ndef ours(*args, **kwargs): ...\n\nopenai.ChatCompletion.create = ours\n"
    assert verdict({"ask.py": text + "openai.ChatCompletion.create(model='m', messages=[])\n"}).state == "unknown"


# -- S8: configuration of the deployment


@pytest.mark.parametrize(
    ("path", "text", "state"),
    [
        (".env", "LANGSMITH_TRACING=true\n", "satisfied"),
        (".env.example", "LANGCHAIN_TRACING_V2=true\n", "satisfied"),
        (".env", "LANGSMITH_TRACING=false\n", "absent"),
        (".env.example", "LANGSMITH_API_KEY=\n", "unknown"),
        ("Procfile", "web: ddtrace-run python ask.py\n", "satisfied"),
        ("Dockerfile", 'FROM python:3.12\nCMD ["opentelemetry-instrument", "python", "ask.py"]\n', "satisfied"),
    ],
)
def test_configuration_switches_a_record_on_or_leaves_it_open(path: str, text: str, state: str) -> None:
    assert verdict({"ask.py": CHAIN, path: text}).state == state


def test_a_record_of_langchain_may_be_one_of_crews() -> None:
    text = "from crewai import Crew\n\nCrew(agents=[], tasks=[]).kickoff()\n"
    assert verdict({"crew.py": text}).state == "absent"
    assert verdict({"crew.py": text, ".env": "LANGSMITH_TRACING=true\n"}).state == "unknown"


def test_configuration_of_one_project_says_nothing_of_another() -> None:
    files = {
        "a/ask.py": CHAIN, "a/requirements.txt": "langchain-openai\n",
        "b/.env": "LANGSMITH_TRACING=true\n", "b/requirements.txt": "langchain\n",
    }  # fmt: skip
    assert verdict(files).state == "absent"


# -- what nobody here can tell


def test_a_file_that_could_not_be_read_and_names_the_wrapper_leaves_the_answer_open() -> None:
    found = verdict({"ask.py": ASK, "report.py": "def report(:\n    ask().usage\n"})
    assert (found.state, "report.py" in found.how) == ("unknown", True)


def test_a_client_that_is_handed_in_leaves_the_answer_open() -> None:
    text = "from openai import OpenAI\n\ndef ask(client: OpenAI):\n    return client.responses.create().output_text\n"
    assert verdict({"ask.py": text}).state == "unknown"


def test_the_callers_of_a_library_meter() -> None:
    project = '[build-system]\nrequires = ["hatchling"]\n[project]\nname = "kit"\n'
    found = verdict({"kit/ask.py": ASK.partition("\nif ")[0], "pyproject.toml": project})
    assert (found.state, found.how.startswith("a library:")) == ("unknown", True)


def test_an_application_that_installs_a_command_is_no_library() -> None:
    project = (
        '[build-system]\nrequires = ["hatchling"]\n[project]\nname = "kit"\n[project.scripts]\nkit = "kit.ask:ask"\n'
    )
    assert verdict({"kit/ask.py": ASK.partition("\nif ")[0], "pyproject.toml": project}).state == "absent"


def test_a_response_that_a_lambda_gives_back_leaves_the_answer_open_where_usage_is_read() -> None:
    text = (
        "from openai import OpenAI\nfrom runner import run\n\ndef ask():\n"
        "    reply = run(lambda: OpenAI().responses.create(model='m'))\n    return reply.output_text\n\n"
        "def log(reply):\n    print(reply.usage)\n\nask()\n"
    )
    assert verdict({"ask.py": text}).state == "unknown"


def test_an_agent_around_a_model_that_is_handed_in_leaves_the_answer_open() -> None:
    text = (
        "from langgraph.prebuilt import create_react_agent\n\ndef run(llm, text):\n"
        "    return create_react_agent(llm, tools=[]).invoke({'messages': text})['messages'][-1].content\n"
    )
    assert verdict({"agent.py": text}).state == "unknown"


def test_events_of_a_stream_in_a_queue_leave_the_answer_open_where_usage_is_read() -> None:
    text = (
        "import queue\nimport anthropic\n\nevents = queue.Queue()\n\ndef fill():\n"
        "    for event in anthropic.Anthropic().messages.create(model='m', stream=True):\n        events.put(event)\n\n"
        "def drain():\n    while True:\n        print(events.get().usage)\n\nfill()\ndrain()\n"
    )
    assert verdict({"stream.py": text}).state in ("unknown", "satisfied")


@pytest.mark.parametrize(
    "declared",
    [
        Declarations(gateway=(Gateway("https://llm.example.com", ("tokens", "cost")),)),
        Declarations(meters=(Meter("ask.ask", ("tokens",)),)),
    ],
)
def test_what_the_settings_declare_is_a_record(declared: Declarations) -> None:
    text = ASK.replace("OpenAI()", 'OpenAI(base_url="https://llm.example.com/v1")')
    assert len(run({"ask.py": text}).run.shown) == 1
    assert run({"ask.py": text}, Settings(select=(RULE,), declare=declared)).run.shown == ()
