"""What apps keep for the session of a user: written under a key in one run or page, read in another."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe
from tests.resolve.test_handlers import reached

PAGE = "import streamlit as st\nfrom openai import OpenAI\n"


@pytest.mark.parametrize("write", ["st.session_state.llm = OpenAI()", "st.session_state['llm'] = OpenAI()"])
@pytest.mark.parametrize("read", ["st.session_state.llm", "st.session_state['llm']", "st.session_state.get('llm')"])
def test_what_one_run_keeps_another_reads(write: str, read: str) -> None:
    source = f"{PAGE}if 'llm' not in st.session_state: st.session_state.llm = None\ndef start(): {write}\nprobe({read})"
    assert probe(source) == ["openai.OpenAI()"]


def test_pages_of_an_app_share_its_sessions() -> None:
    files = {
        "Home.py": PAGE + "st.session_state.llm = OpenAI()",
        "pages/ask.py": "from streamlit import session_state\ndef f(): probe(session_state['llm'])",
    }
    assert probe(files, "pages/ask.py") == ["openai.OpenAI()"]


def test_a_chat_session_keeps_what_its_start_sets() -> None:
    source = (
        "import chainlit as cl\nfrom openai import OpenAI\n"
        "@cl.on_chat_start\ndef start(): cl.user_session.set('llm', OpenAI())\n"
        "@cl.on_message\ndef answer(message): probe(cl.user_session.get('llm'))\n"
    )
    assert probe(source) == ["openai.OpenAI()"]


def test_apps_of_other_projects_have_sessions_of_their_own() -> None:
    files = {
        "a/pyproject.toml": "[project]\nname = 'a'\n",
        "b/pyproject.toml": "[project]\nname = 'b'\n",
        "a/app.py": PAGE + "st.session_state['llm'] = OpenAI()",
        "b/app.py": PAGE + "probe(st.session_state['llm'])",
    }
    assert probe(files, "b/app.py") == ["streamlit.session_state[]"]


CHAT = "import chainlit as cl\n"


def test_apps_that_nothing_joins_share_no_session() -> None:
    files = {
        "x/app.py": f"{CHAT}cl.user_session.set('model', 'small')\ndef f(): probe(cl.user_session.get('model'))\n",
        "y/app.py": f"{CHAT}cl.user_session.set('model', 'large')\n",
    }
    assert probe(files, "x/app.py") == ["'small'"]


def test_scripts_of_one_folder_share_no_attribute_of_a_session() -> None:
    files = {"x.py": PAGE + "st.session_state.llm = 'a'\n", "y.py": PAGE + "st.session_state.llm = 'b'\n"}
    files["x.py"] += "def f(): probe(st.session_state.llm)\n"
    assert probe(files, "x.py") == ["streamlit.session_state.llm"]


@pytest.mark.parametrize(
    "files",
    [
        {"app.py": "import start\n", "start.py": CHAT + "cl.user_session.set('model', 'small')\n"},
        {"start.py": CHAT + "import app\ncl.user_session.set('model', 'small')\n"},
        {"main.py": "import app, start\n", "start.py": CHAT + "cl.user_session.set('model', 'small')\n"},
        {
            "run.py": PAGE + "st.Page('app.py')\nimport start\n",
            "start.py": CHAT + "cl.user_session.set('model', 'small')",
        },
    ],
)
def test_modules_that_one_module_leads_to_share_sessions(files: dict[str, str]) -> None:
    read = f"{CHAT}def f(): probe(cl.user_session.get('model'))\n"
    assert probe({**files, "app.py": files.get("app.py", "") + read}) == ["'small'"]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("chat = cl.user_session.get('chat')\n    chat.append('c')", "['a', 'b', ...]"),
        ("cl.user_session.get('chat').extend(['c'])", "['a', 'b', ...]"),
        ("chat = cl.user_session.get('chat')\n    chat += ['c']", "['a', 'b', ...]"),
        ("cl.user_session['chat'] += ['c']", "['a', 'b', ...]"),
        ("other = cl.user_session.get('other')\n    other.append('c')", "['a', 'b']"),
        ("other = cl.user_session.get('other')\n    other += ['c']", "['a', 'b']"),
        ("print(cl.user_session.get('chat'))", "['a', 'b']"),
    ],
)
def test_a_list_that_is_changed_in_place_has_more_elements(change: str, found: str) -> None:
    source = f"{CHAT}cl.user_session.set('chat', ['a', 'b'])\ndef f():\n    {change}\n"
    assert probe(f"{source}def g(): probe(cl.user_session.get('chat'))\n") == [found]


def test_a_key_that_a_widget_fills_is_not_only_what_is_written() -> None:
    source = (
        PAGE + "st.session_state.name = 'a'\nst.text_input('Name', key='name')\ndef f(): probe(st.session_state.name)"
    )
    assert probe(source) == ["'a'", "?"]


@pytest.mark.parametrize("read", ["st.session_state['other']", "st.session_state.get(key)", "st.session_state[key]"])
def test_another_key_and_a_key_that_is_not_known_say_nothing(read: str) -> None:
    (found,) = probe(f"{PAGE}st.session_state.llm = OpenAI()\ndef f(key): probe({read})")
    assert found.startswith("streamlit.session_state")


def test_a_page_predicts_with_the_model_of_its_session() -> None:
    source = (
        "import joblib\nimport streamlit as st\nif 'model' not in st.session_state:\n"
        "    st.session_state['model'] = joblib.load('m.joblib')\nmodel = st.session_state['model']\n"
        "st.write(model.predict([[st.number_input('x')]]))\n"
    )
    assert ("prediction", "") in [(kind, kept) for _, kind, kept in reached(source)]
