"""Environment files that are YAML: what `gcloud run deploy --env-vars-file` takes."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.declarations import EnvBinding, Instrumentation
from mltradeoff_lint.platforms.dotenv import PLATFORM
from mltradeoff_lint.readers import language_of
from tests.platforms.conftest import Declared

TEXT = 'REGION: europe-west1\nPORT: 8080\nIS_ON: "true"\nTOKEN:\nURL: "${HOST}/v1"\nKEY: !secret key\n'


def bound(found: object) -> list[tuple[str, str | None, str]]:
    """Names, values and origins of variables."""
    assert isinstance(found, tuple)
    return [
        (one.name, one.value, one.provenance)
        for one in found
        if isinstance(one, EnvBinding) and one.platform == PLATFORM
    ]


@pytest.mark.parametrize(
    ("path", "provenance"),
    [
        (".env.gcp.yaml", "configured"),
        ("deploy/.env.yml", "configured"),
        ("prod.env.yaml", "configured"),
        ("env.prod.yaml", "configured"),
        (".env.gcp.yaml.example", "example"),
        (".env.example.yaml", "example"),
        ("env.yaml.sample", "example"),
        (".env.defaults.yaml", "default"),
    ],
)
def test_a_mapping_sets_variables_as_lines_do(declared: Declared, path: str, provenance: str) -> None:
    values = {"REGION": "europe-west1", "PORT": "8080", "IS_ON": "true", "TOKEN": "", "URL": None, "KEY": None}
    assert language_of(path) == "yaml"
    assert bound(declared(path, TEXT)) == [(name, value, provenance) for name, value in values.items()]


def test_a_binding_stands_where_its_pair_does(declared: Declared) -> None:
    (first, *_) = declared(".env.gcp.yaml", "# where\nREGION: eu\n")
    assert isinstance(first, EnvBinding)
    assert first.site.span == (2, 0, 2, 10)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("env.prod.yaml", "sample: false\nPATH_OF_DATA: data\n"),
        ("env.prod.yaml", "REGION: eu\nLABELS: {a: b}\n"),
        (".env.gcp.yaml", "REGION: eu\nLABELS: [a]\n"),
        (".env.gcp.yaml", "- REGION\n"),
        (".env.gcp.yaml", ""),
        (".env.gcp.yaml", "A: 1\n---\nB: 2\n"),
        ("values.env.yaml", "replicas: 2\n"),
        ("environment.yaml", "REGION: eu\n"),
        ("settings.environment.yaml", "REGION: eu\n"),
        ("config.yaml", "REGION: eu\n"),
        ("my.env.yaml", "name: my\nchannels: [conda-forge]\ndependencies: [python]\n"),
    ],
)
def test_another_document_sets_no_variables(declared: Declared, path: str, text: str) -> None:
    assert bound(declared(path, text)) == []


def test_a_tracing_flag_of_a_mapping_is_one(declared: Declared) -> None:
    found = declared(".env.gcp.yaml.example", 'LANGCHAIN_TRACING_V2: "true"\n')
    assert [(one.product, one.state) for one in found if isinstance(one, Instrumentation)] == [("LangSmith", "on")]
