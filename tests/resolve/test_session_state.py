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
