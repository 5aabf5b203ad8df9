"""Callback managers that reach an engine of LlamaIndex through the objects it is made of."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.value import Unknown
from tests.graph.metering_repository import calls, verdict

COUNTED = "CallbackManager([TokenCountingHandler()])"
CONTEXT = f"ServiceContext.from_defaults(callback_manager={COUNTED})"


def program(made: str, root: str = "llama_index.core") -> dict[str, str]:
    """A script that asks an engine which is made like this."""
    return {
        "ask.py": f"from {root} import (\n"
        "    ServiceContext, Settings, StorageContext, VectorStoreIndex, get_response_synthesizer,\n"
        "    load_index_from_storage, set_global_service_context,\n)\n"
        f"from {root}.callbacks import CallbackManager, TokenCountingHandler\n"
        f"from {root}.query_engine import RetrieverQueryEngine\n"
        "from llama_index.llms.ollama import Ollama\n"
        "from llama_index.llms.openai import OpenAI\n"
        f"{made}\n"
    }


@pytest.mark.parametrize("root", ["llama_index", "llama_index.core"])
@pytest.mark.parametrize(
    "made",
    [
        f"VectorStoreIndex.from_documents([], service_context={CONTEXT}).as_query_engine().query('q')",
        f"VectorStoreIndex([], service_context={CONTEXT}).as_chat_engine().chat('q')",
        f"VectorStoreIndex.from_documents([]).as_query_engine(service_context={CONTEXT}).query('q')",
        f"VectorStoreIndex.from_documents([], callback_manager={COUNTED}).as_query_engine().query('q')",
        f"load_index_from_storage(None, service_context={CONTEXT}).as_query_engine().query('q')",
        f"RetrieverQueryEngine.from_args(None, service_context={CONTEXT}).query('q')",
        f"RetrieverQueryEngine(retriever=None, response_synthesizer=get_response_synthesizer("
        f"callback_manager={COUNTED})).query('q')",
        f"get_response_synthesizer(service_context={CONTEXT}).synthesize('q', nodes=[])",
        f"VectorStoreIndex([]).as_query_engine(llm=OpenAI(callback_manager={COUNTED})).query('q')",
        f"set_global_service_context({CONTEXT})\nVectorStoreIndex([]).as_query_engine().query('q')",
    ],
)
def test_a_callback_manager_is_followed_to_the_engine(made: str, root: str) -> None:
    assert verdict(program(made, root)).state == "satisfied"


@pytest.mark.parametrize("place", ["llama_index.callbacks.base", "llama_index.core.callbacks.base"])
def test_a_manager_is_known_by_the_module_that_defines_it(place: str) -> None:
    files = program("VectorStoreIndex.from_documents([], callback_manager=manager).as_query_engine().query('q')")
    lines = (
        f"from {place} import CallbackManager as Manager\n"
        "from llama_index.core.callbacks import TokenCountingHandler\n"
        "manager = Manager([TokenCountingHandler()])\n"
    )
    assert verdict({"ask.py": lines + files["ask.py"]}).state == "satisfied"


@pytest.mark.parametrize("root", ["llama_index", "llama_index.core"])
@pytest.mark.parametrize(
    "made",
    [
        "VectorStoreIndex.from_documents([], service_context=ServiceContext.from_defaults())"
        ".as_query_engine().query('q')",
        "VectorStoreIndex.from_documents([]).as_query_engine(similarity_top_k=2).query('q')",
        "VectorStoreIndex([]).as_query_engine(llm=OpenAI(model='gpt-5-mini')).query('q')",
        "set_global_service_context(ServiceContext.from_defaults())\nVectorStoreIndex([]).as_query_engine().query('q')",
    ],
)
def test_an_engine_without_a_manager_has_no_record(made: str, root: str) -> None:
    found = calls(program(made, root))[0].properties
    assert (found["metering"], found.get("branches")) == ("absent", None)


@pytest.mark.parametrize(
    "made",
    [
        "VectorStoreIndex.from_documents([], service_context=elsewhere()).as_query_engine().query('q')",
        "VectorStoreIndex([]).as_query_engine(llm=elsewhere()).query('q')",
        "VectorStoreIndex([], callback_manager=elsewhere()).as_query_engine().query('q')",
        "set_global_service_context(elsewhere())\nVectorStoreIndex([]).as_query_engine().query('q')",
    ],
)
def test_a_part_that_nobody_knows_leaves_the_answer_open(made: str) -> None:
    files = program(made)
    assert verdict({"ask.py": "from plugins import elsewhere\n" + files["ask.py"]}).state == "unknown"


def test_one_of_two_indices_without_a_manager_is_named() -> None:
    made = (
        "def index(name):\n"
        "    if name:\n"
        f"        return VectorStoreIndex.from_documents([], service_context={CONTEXT})\n"
        "    return load_index_from_storage(None)\n\n"
        "def ask(name):\n    print(index(name).as_query_engine(similarity_top_k=2).query('q').response)\n"
    )
    found = calls(program(made))[0].properties
    assert (found["metering"], found["branches"]) == ("absent", ("load_index_from_storage",))


def test_an_engine_of_a_model_on_ones_own_machine_pays_nobody() -> None:
    made = "VectorStoreIndex([]).as_query_engine(llm=Ollama(model='llama3.2')).query('q')"
    assert calls(program(made))[0].properties["hosting"] == "self-hosted"


def test_the_provider_of_an_engine_is_that_of_its_model() -> None:
    made = (
        "context = ServiceContext.from_defaults(llm=OpenAI(model='gpt-5-mini'))\n"
        "VectorStoreIndex.from_documents([], service_context=context).as_query_engine().query('q')"
    )
    assert calls(program(made))[0].properties["provider"] == "openai"


def test_an_engine_takes_the_model_that_is_set_for_the_process() -> None:
    made = "Settings.llm = {}\nprint(VectorStoreIndex([]).as_query_engine().query('q').response)"
    local = calls(program(made.format("Ollama(model='llama3.2')")))[0].properties
    paid = calls(program(made.format("OpenAI(model='gpt-5-mini')")))[0].properties
    counted = calls(program(made.format(f"OpenAI(callback_manager={COUNTED})")))[0].properties
    assert (local["hosting"], paid["hosting"], counted["metering"]) == ("self-hosted", "api", "satisfied")
    assert (paid["provider"], paid["metering"]) == ("openai", "absent")


def test_a_model_that_an_engine_is_given_counts_before_the_one_of_the_process() -> None:
    made = "Settings.llm = OpenAI()\nVectorStoreIndex([]).as_query_engine(llm=Ollama(model='llama3.2')).query('q')"
    assert calls(program(made))[0].properties["hosting"] == "self-hosted"


def test_a_model_of_the_process_that_nobody_knows_leaves_the_answer_open() -> None:
    files = program("Settings.llm = elsewhere()\nprint(VectorStoreIndex([]).as_query_engine().query('q').response)")
    assert verdict({"ask.py": "from plugins import elsewhere\n" + files["ask.py"]}).state == "unknown"


ASKED = "print(VectorStoreIndex([]).as_query_engine().query('q').response)"
LOCAL = "Settings.llm = Ollama(model='llama3.2')"


def of_two(first: str, second: str, asked: str = ASKED) -> tuple[object, object]:
    """Hosting and metering of a call in one file where another one sets the model."""
    files = {first: program(asked)["ask.py"], second: program(LOCAL)["ask.py"]}
    found = next(one for one in calls(files) if one.properties["path"] == first).properties
    return found["hosting"], found["metering"]


def test_the_model_of_another_program_decides_nothing() -> None:
    assert of_two("ask.py", "other.py") == ("api", "absent")


def test_the_model_is_set_by_a_module_of_the_same_program() -> None:
    assert of_two("ask.py", "other.py", f"import other\n{ASKED}")[0] == "self-hosted"


def test_a_model_behind_the_start_of_a_module_is_not_set_where_that_is_imported() -> None:
    guarded = program(f"if __name__ == '__main__':\n    {LOCAL}")["ask.py"]
    files = {"ask.py": program(f"import other\n{ASKED}")["ask.py"], "other.py": guarded}
    assert calls(files)[0].properties["hosting"] == "api"


def test_modules_that_may_be_loaded_together_leave_the_answer_open() -> None:
    _, metering = of_two("pipelines/ask.py", "pipelines/other.py")
    assert isinstance(metering, Unknown)
    assert metering.reason.startswith("another module sets the model of the library")
