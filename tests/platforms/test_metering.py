"""Metering switched on by configuration, and what happens when a platform fails."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.declarations import EnvBinding, Instrumentation
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.environment import interpolate, interpolate_known
from mltradeoff_lint.model.facts import Documents, FileFacts
from mltradeoff_lint.model.problem import ProblemKind
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.platforms import PLATFORMS, declarations

from .conftest import Declared


def _states(found):
    return [(item.product, item.state, item.reach) for item in found if isinstance(item, Instrumentation)]


@pytest.mark.parametrize(
    ("path", "text", "state"),
    [
        (".env", "LANGSMITH_TRACING=true\n", "on"),
        (".env", 'LANGCHAIN_TRACING_V2="True"\n', "on"),
        (".env.example", "LANGCHAIN_TRACING_V2=true\nLANGCHAIN_API_KEY=\n", "on"),
        (".env", "LANGSMITH_TRACING=false\nLANGSMITH_API_KEY=x\n", "off"),
        (".env.example", "LANGSMITH_TRACING=false\n", "unknown"),
        (".env.example", "LANGSMITH_TRACING=\n", "unknown"),
        (".env", "LANGSMITH_API_KEY=abc\n", "unknown"),
        ("Dockerfile", "FROM a:1\nENV LANGSMITH_TRACING=true\n", "on"),
        ("compose.yaml", "services:\n  a:\n    image: x\n    environment: [LANGSMITH_TRACING=true]\n", "on"),
        ("compose.yaml", "services:\n  a:\n    image: x\n    environment: ['LANGSMITH_TRACING=${T}']\n", "unknown"),
        ("compose.yaml", "services:\n  a:\n    image: x\n    environment: ['LANGSMITH_TRACING=${T:-true}']\n", "on"),
    ],
)
def test_langsmith_is_switched_by_its_flag_wherever_it_stands(
    declared: Declared, path: str, text: str, state: str
) -> None:
    assert _states(declared(path, text)) == [("LangSmith", state, "langchain")]


def test_products_that_need_code_are_unknown_and_said_once(declared: Declared) -> None:
    assert _states(declared(".env", "LANGFUSE_SECRET_KEY=a\nLANGFUSE_HOST=b\nOTHER=1\n")) == [
        ("Langfuse", "unknown", "process")
    ]


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("model_list: []\nlitellm_settings: {success_callback: [langfuse]}\n", [("LiteLLM", "on", "gateway")]),
        ("model_list: []\nlitellm_settings: {callbacks: []}\n", [("LiteLLM", "off", "gateway")]),
        ("model_list: []\nlitellm_settings: {callbacks: my.module.handler}\n", [("LiteLLM", "unknown", "gateway")]),
        ("model_list: []\ngeneral_settings: {database_url: os.environ/DB}\n", [("LiteLLM", "on", "gateway")]),
        ("model_list: []\n", []),
        ("litellm: {success_callback: []}\n", [("LiteLLM", "off", "litellm")]),
        ("litellm: {success_callback: [langfuse]}\n", [("LiteLLM", "unknown", "litellm")]),
    ],
)
def test_a_litellm_configuration_meters_by_callback_or_database(
    declared: Declared, text: str, states: list[tuple[str, str, str]]
) -> None:
    assert _states(declared("proxy/config.yaml", text)) == states


@pytest.mark.parametrize(
    ("path", "provenance"),
    [
        (".env", "configured"),
        (".env.production", "configured"),
        (".env.example", "example"),
        ("app/env.sample", "example"),
        (".env.defaults", "default"),
    ],
)
def test_the_name_of_an_environment_file_says_what_its_values_are(
    declared: Declared, path: str, provenance: str
) -> None:
    (binding,) = declared(path, "PORT=80\n")
    assert isinstance(binding, EnvBinding)
    assert (binding.name, binding.value, binding.provenance) == ("PORT", "80", provenance)


@pytest.mark.parametrize(
    ("text", "value", "defaulted"),
    [
        ("plain", "plain", False),
        ("a$$b", "a$b", False),
        ("${A:-x}/y", "x/y", True),
        ("${A-}", "", True),
        ("$A", None, False),
        ("${A}", None, False),
        ("${A:?must}", None, False),
        ("${{ secrets.A }}", None, False),
        ("{{ .Values.a }}", None, False),
        ("$(cat x)", None, False),
        ("5$", "5$", False),
    ],
)
def test_holes_make_a_value_unknown_unless_they_have_a_default(text: str, value: str | None, defaulted: bool) -> None:
    assert interpolate(text) == (value, defaulted)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("$A/x", ("${A}/x", False, True)),
        ("${A:?must}/${B:-b}", ("${A}/b", True, True)),
        ("${C}/$A", ("c/${A}", False, True)),
        ("${D:-d}", ("d", True, False)),
        ("${E}/x", ("${PWD}/e/x", False, True)),
        ("$A/$$B", (None, False, False)),
        ("$A/$(cat x)", (None, False, False)),
        ("${A:+x}", (None, False, False)),
    ],
)
def test_a_variable_that_is_not_known_may_stay_in_its_text(text: str, filled: tuple[str | None, bool, bool]) -> None:
    assert interpolate_known(text, {"C": "c", "D": "", "E": "${PWD}/e"}) == filled


def test_a_platform_that_fails_is_reported_and_the_others_still_run() -> None:
    def broken(facts: FileFacts) -> tuple[()]:
        raise ValueError("x")

    flag = ("LANGSMITH_TRACING", Span(1, 0, 1, 1), Entry("str", Span(1, 2, 1, 3), "true"))
    service = Entry("map", Span(1, 0, 1, 1), entries=(("image", Span(1, 0, 1, 1), Entry("str", Span(1, 0, 1, 1), "x")),
        ("environment", Span(1, 0, 1, 1), Entry("map", Span(1, 0, 1, 1), entries=(flag,)))))  # fmt: skip
    services = Entry("map", Span(1, 0, 1, 1), entries=(("api", Span(1, 0, 1, 1), service),))
    root = Entry("map", Span(1, 0, 1, 1), entries=(("services", Span(1, 0, 1, 1), services),))
    facts = FileFacts("compose.yaml", "yaml", Documents((root,)))
    found, problems = declarations(facts, (("broken", lambda path, facts: True, broken), *PLATFORMS))
    assert [(problem.kind, problem.message) for problem in problems] == [
        (ProblemKind.CRASH, "the broken platform failed: ValueError")
    ]
    assert _states(found) == [("LangSmith", "on", "langchain")]


@pytest.mark.parametrize(
    "path",
    [
        "dvc.yaml",
        "dvc.lock",
        "a.dvc",
        "compose.yml",
        ".github/workflows/a.yml",
        "conf/base/catalog.yml",
        "values.yaml",
        "feature_store.yaml",
        "langgraph.json",
    ],
)
@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "[1, [2]]", "a", '{"stages": 3}', '{"stages": {"a": null}}', '{"jobs": [1], "services": 2}',
     '{"services": {"a": {"image": [], "command": {}, "environment": 3}}, "jobs": {"a": 1}, "on": 5, "graphs": []}',
     '{"outs": [1, null, {"path": []}], "deps": {"a": 1}, "registry": [], "kind": [], "apiVersion": {}}',
     '{"stages": {"a": {"foreach": [null, {}], "do": 1, "cmd": [[]], "outs": [[], {"x": 1}]}}, "items": 1}'],
)  # fmt: skip
def test_shapes_nobody_expects_declare_nothing_wrong(declared: Declared, path: str, text: str) -> None:
    for declaration in declared(path, text):
        assert declaration.site.path == path
