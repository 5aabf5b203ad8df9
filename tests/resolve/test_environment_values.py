"""Environment variables: where they are set, which unit they belong to, and how code gets at them."""

from __future__ import annotations

import json

import pytest

from mltradeoff_lint.analysis import linked
from mltradeoff_lint.resolve.domain import Template
from mltradeoff_lint.resolve.resolver import WholeProgram
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree.memory import MemoryTree
from tests.resolve.test_configured_values import values


def texts(files: dict[str, str], name: str = "x", path: str = "app.py") -> tuple[str, ...]:
    """The same as `values`, with the text of a template and its mark."""
    found = WholeProgram(linked(MemoryTree(files), Settings())).global_name(path, name) or ()
    kept = [f"{one.text} ({one.provenance})" if isinstance(one, Template) else "" for one in found]
    return tuple(template or told for template, told in zip(kept, map(str, values(files, name, path)), strict=True))


@pytest.mark.parametrize(
    "read",
    [
        "import os\nx = dict(os.environ)['BUCKET']\n",
        "import os\nx = os.environ.copy()['BUCKET']\n",
        "import os\nx = {**os.environ}['BUCKET']\n",
        "import os\nx = {**os.environ, 'OTHER': 'a'}.get('BUCKET')\n",
        "import os\nx = dict(os.environ, OTHER='a')['BUCKET']\n",
        "import os\nenv = os.environ\nx = env['BUCKET']\n",
        "from os import environ\nx = environ.get('BUCKET')\n",
        "import os\ndef settings():\n    return dict(os.environ)\nSETTINGS = settings()\nx = SETTINGS['BUCKET']\n",
        "from decouple import config\nx = config('BUCKET')\n",
        "from starlette.config import Config\nconfig = Config('.env')\nx = config('BUCKET', cast=str)\n",
        "from environs import Env\nenv = Env()\nx = env('BUCKET')\n",
        "import environ\nenv = environ.Env()\nx = env.str('BUCKET')\n",
        "from dotenv import dotenv_values\nx = dotenv_values('.env')['BUCKET']\n",
        "from dotenv import dotenv_values\nx = dotenv_values()['BUCKET']\n",
        "from dotenv import dotenv_values, find_dotenv\nx = dotenv_values(find_dotenv())['BUCKET']\n",
        "import os\nfrom dotenv import dotenv_values\nx = {**dotenv_values('.env'), **os.environ}['BUCKET']\n",
    ],
)
def test_a_variable_is_the_same_however_the_environment_is_held(read: str) -> None:
    assert values({"app.py": read, ".env": "BUCKET=b1\n"}) == ("'b1' (configured)",)


def test_a_name_built_in_a_loop_over_literals_means_each_of_them() -> None:
    code = "import os\nfor side in ('SOURCE', 'TARGET'):\n    x = os.getenv(f'{side}_BUCKET')\n"
    files = {"app.py": code, ".env": "SOURCE_BUCKET=b1\nTARGET_BUCKET=b2\n"}

    assert values(files) == ("'b1' (configured)", "'b2' (configured)")


def test_a_name_with_an_open_part_is_unknown() -> None:
    assert values({"app.py": "import os, sys\nx = os.getenv(sys.argv[1])\n", ".env": "A=1\n"}) == ("Unknown",)


def test_a_file_that_code_loads_by_name_is_in_force_for_its_project() -> None:
    settings = (
        "import os\nfrom pathlib import Path\nfrom dotenv import load_dotenv\n"
        "def load(root):\n    load_dotenv(dotenv_path=root / 'conf' / '.env.default')\n    return dict(os.environ)\n"
        "SETTINGS = load(Path(os.getenv('ROOT', '.')))\n"
    )
    files = {
        "one/pyproject.toml": "",
        "one/conf/.env.default": "BUCKET=b1\n",
        "one/job/__init__.py": "",
        "one/job/settings.py": settings,
        "one/job/app.py": "from job.settings import SETTINGS\nx = SETTINGS['BUCKET']\n",
        "two/pyproject.toml": "",
        "two/app.py": "import os\nx = os.environ['BUCKET']\n",
    }

    assert values(files, path="one/job/app.py") == ("'b1' (configured)",)
    assert values(files, path="two/app.py") == ("Template",)


def test_the_nearest_environment_file_decides() -> None:
    code = "import os\nx = os.getenv('BUCKET')\n"
    files = {"a/app.py": code, "a/.env": "BUCKET=a\n", "b/app.py": code, ".env": "BUCKET=root\n"}

    assert values(files, path="a/app.py") == ("'a' (configured)",)
    assert values(files, path="b/app.py") == ("'root' (configured)",)


def test_an_example_counts_only_where_nothing_is_set_and_never_with_a_placeholder() -> None:
    code = "import os\nx = os.getenv('BUCKET')\ny = os.getenv('KEY')\n"

    assert values({"app.py": code, ".env.example": "BUCKET=shop\nKEY=<your-key>\n"}) == ("'shop' (example)",)
    assert values({"app.py": code, ".env.example": "BUCKET=shop\nKEY=<your-key>\n"}, "y") == ("Template",)
    assert values({"app.py": code, ".env.example": "BUCKET=a\n", ".env": "BUCKET=b\n"}) == ("'b' (configured)",)


def test_what_code_puts_into_the_environment_is_seen_by_its_project() -> None:
    files = {
        "setup_env.py": "import os\nos.environ['BUCKET'] = 'b1'\n",
        "app.py": "import os\nx = os.getenv('BUCKET')\n",
    }

    assert values(files) == ("'b1' (literal)",)


def test_a_notebook_sees_only_what_it_puts_into_the_environment_itself() -> None:
    read = "import os\nx = os.getenv('BUCKET')\n"
    source = "import os\nos.environ['BUCKET'] = 'b1'\n"
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": source}
    notebook = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})

    assert values({"app.py": read, "one.ipynb": notebook}) == ("Template",)


COMPOSE = """
services:
  api:
    build: ./api
    environment: {BUCKET: api-bucket, REGION: "${REGION:-eu}"}
  worker:
    build: {context: ., dockerfile: worker/Dockerfile}
    env_file: [worker/worker.env]
"""


def test_a_service_does_not_decide_the_variables_of_another() -> None:
    code = "import os\nx = os.getenv('BUCKET')\ny = os.getenv('REGION')\n"
    files = {
        "docker-compose.yml": COMPOSE,
        "api/app.py": code,
        "worker/app.py": code,
        "worker/worker.env": "BUCKET=worker-bucket\n",
    }

    assert values(files, path="api/app.py") == ("'api-bucket' (configured)",)
    assert values(files, "y", "api/app.py") == ("'eu' (default)",)
    assert values(files, path="worker/app.py") == ("'worker-bucket' (configured)",)
    assert values(files, "y", "worker/app.py") == ("Template",)


MANIFEST = """
apiVersion: v1
kind: ConfigMap
metadata: {name: api-config}
data: {BUCKET: b1, table-name: t1}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  template:
    spec:
      containers:
        - name: api
          image: registry.example.org/shop/price-api:3
          command: [python, api/app.py]
          envFrom: [{configMapRef: {name: api-config}}, {secretRef: {name: keys}}]
          env: [{name: TABLE, valueFrom: {configMapKeyRef: {name: api-config, key: table-name}}}]
"""


def test_a_container_takes_the_config_map_it_names() -> None:
    code = "import os\nx = os.getenv('BUCKET')\ny = os.getenv('TABLE')\n"
    files = {"deploy/api.yaml": MANIFEST, "api/app.py": code, "job/app.py": code, "job/Dockerfile": "ENV A=1\n"}

    assert values(files, path="api/app.py") == ("'b1' (configured)",)
    assert values(files, "y", "api/app.py") == ("'t1' (configured)",)
    assert values(files, path="job/app.py") == ("Template",)


def test_variables_of_a_workflow_reach_only_what_it_runs() -> None:
    workflow = (
        "on: push\nenv: {BUCKET: ci}\njobs:\n  run:\n    env: {TABLE: t}\n    steps:\n"
        "      - run: python job/app.py\n        env: {STEP: s}\n"
    )
    code = "import os\nx = os.getenv('BUCKET')\ny = os.getenv('TABLE')\nz = os.getenv('STEP')\n"
    files = {".github/workflows/run.yml": workflow, "job/app.py": code, "api/app.py": code, "api/pyproject.toml": ""}

    assert [values(files, name, "job/app.py") for name in "xyz"] == [
        ("'ci' (configured)",),
        ("'t' (configured)",),
        ("'s' (configured)",),
    ]
    assert values(files, path="api/app.py") == ("Template",)


def test_a_variable_without_a_place_counts_only_with_one_value() -> None:
    manifest = MANIFEST.replace("command: [python, api/app.py]", "").replace("price-api", "other")
    code = "import os\nx = os.getenv('BUCKET')\n"

    assert values({"deploy/api.yaml": manifest, "api/app.py": code}, path="api/app.py") == ("'b1' (configured)",)
    second = manifest.replace("b1", "b2").replace("api-config", "second")
    files = {"deploy/api.yaml": manifest, "deploy/b.yaml": second, "api/app.py": code}
    assert values(files, path="api/app.py") == ("Template",)


SETTINGS = """
from pydantic import AliasChoices, BaseModel, Field
from pydantic_settings import BaseSettings, SettingsConfigDict
class Database(BaseModel):
    host: str = "localhost"
    port: int = 5432
class S(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="APP_", env_nested_delimiter="__", env_file="deploy/prod.env", yaml_file="settings.yaml"
    )
    bucket: str = Field(validation_alias=AliasChoices("BUCKET_NAME", "BUCKET"))
    table: str
    database: Database = Database()
    model: str = "small"
s = S()
"""


def test_a_settings_class_reads_the_files_aliases_and_nested_fields_it_declares() -> None:
    code = f"{SETTINGS}x = s.bucket\ny = s.table\nz = s.database.host\nport = s.database.port\nmodel = s.model\n"
    files = {
        "app.py": code,
        "deploy/prod.env": "BUCKET=b1\nAPP_TABLE=t1\n",
        ".env": "APP_DATABASE__HOST=db.example.org\n",
        "settings.yaml": "model: large\n",
    }

    assert values(files) == ("'b1' (configured)",)
    assert values(files, "y") == ("'t1' (configured)",)
    assert values(files, "z") == ("'db.example.org' (configured)",)
    assert values(files, "port") == ("5432 (literal)",)
    assert values(files, "model") == ("'large' (configured)", "'small' (default)")


def test_a_method_of_a_settings_class_is_no_variable() -> None:
    assert values({"app.py": f"{SETTINGS}x = s.model_dump\n"}) == ("Library",)


def test_a_file_whose_name_depends_on_a_variable_it_sets_ends() -> None:
    code = "import os\nfrom dotenv import load_dotenv\nload_dotenv(os.environ['FILE'])\nx = os.environ['FILE']\n"

    assert values({"app.py": code, ".env": "FILE=.env.prod\n", ".env.prod": "FILE=.env\n"})


def test_a_service_that_only_tests_sets_nothing_for_modules() -> None:
    service = "services:\n  tests:\n    build: .\n    command: {command}\n    environment: {{BUCKET: b1}}\n"
    code = "import os\nx = os.getenv('BUCKET')\n"

    found = [
        values({"app.py": code, "compose.yaml": service.format(command=one)}) for one in ("pytest tests", "./start")
    ]
    assert found == [("Template",), ("'b1' (configured)",)]


HANDED = "services:\n  api:\n    build: ./api\n    environment: {BUCKET: %s}\n"


@pytest.mark.parametrize(
    ("written", "beside", "found"),
    [
        ("${BUCKET:-b1}", "", ("'b1' (default)",)),
        ("${BUCKET:-b1}", "BUCKET=b2\n", ("'b2' (configured)",)),
        ("${NAME:-b1}", "NAME=b2\nBUCKET=b3\n", ("'b2' (configured)",)),
        ("${BUCKET:-b1}", "export BUCKET=${PWD}/b2\n", ("{env:PWD}/b2 (configured)",)),
        ("${BUCKET:-b1}", "export BUCKET=$(pwd)/b2\n", ("'b1' (default)",)),
        ("${BUCKET}", "", ("{env:BUCKET} (configured)",)),
        ("${NAME}/models", "", ("{env:NAME}/models (configured)",)),
        ("${ROOT}/${NAME:-m}", "ROOT=$HOME/x\n", ("{env:HOME}/x/m (default)",)),
        ("${BUCKET:?is missing}", "", ("{env:BUCKET} (configured)",)),
        ("${BUCKET:+b1}", "", ("{env:BUCKET} (configured)",)),
    ],
)
def test_compose_fills_a_variable_from_the_file_beside_it_or_hands_it_through(
    written: str, beside: str, found: tuple[str, ...]
) -> None:
    files = {"docker-compose.yml": HANDED % f'"{written}"', "api/app.py": "import os\nx = os.environ['BUCKET']\n"}

    assert texts({**files, ".env": beside} if beside else files, path="api/app.py") == found


def test_what_compose_hands_through_stands_beside_the_default_in_code() -> None:
    code = {"api/app.py": "import os\nx = os.getenv('BUCKET', 'b1')\n"}
    handed = {**code, "docker-compose.yml": HANDED % '"${BUCKET}"'}

    assert texts(code, path="api/app.py") == ("'b1' (default)",)
    assert texts(handed, path="api/app.py") == ("{env:BUCKET} (configured)", "'b1' (default)")
    # a value that is written down is in force where one from outside is not known
    assert texts({**handed, ".env": "BUCKET=b2\n"}, path="api/app.py") == ("'b2' (configured)", "'b1' (default)")
    listed = {**code, "docker-compose.yml": (HANDED % "b2").replace("{BUCKET: b2}", "[BUCKET]")}
    assert texts(listed, path="api/app.py") == ("'b1' (default)",)


def test_a_line_of_an_environment_file_may_be_made_of_variables_from_outside() -> None:
    code = {"app.py": "import os\nx = os.getenv('BUCKET')\n"}

    assert texts({**code, ".env": "export BUCKET=${PWD}/data\n"}) == ("{env:PWD}/data (configured)",)
    assert texts({**code, ".env": "ROOT=${HOME}/d\nBUCKET='${ROOT}'\n"}) == ("{env:BUCKET} (configured)",)
    assert texts({**code, ".env": "ROOT=${HOME}/d\nBUCKET=${ROOT}/a\n"}) == ("{env:HOME}/d/a (configured)",)
    assert texts({**code, ".env": "BUCKET=${PWD}/data\nBUCKET=b1\n"}) == ("'b1' (configured)",)


def test_a_notebook_is_no_part_of_the_process_of_the_code_it_starts() -> None:
    read = "import os\nx = os.getenv('BUCKET', 'b1')\n"
    source = "import os\nos.environ['BUCKET'] = 'b2'\n"
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": source}
    notebook = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})

    assert texts({"app.py": read, "one.ipynb": notebook}) == ("'b1' (default)",)


def test_a_field_of_a_settings_class_is_what_is_handed_through() -> None:
    code = f"{SETTINGS}x = s.bucket\n"
    files = {"api/app.py": code, "docker-compose.yml": HANDED % '"${NAME}"'}

    assert texts(files, path="api/app.py") == ("{env:NAME} (configured)",)


@pytest.mark.parametrize(
    ("default", "found"),
    [
        ("os.getenv('BUCKET')", "'b1' (configured)"),
        ("os.getenv('BUCKET', 'b1')", "'b1' (configured)"),
        ("os.getenv('TABLE', 'b1')", "'b1' (default)"),
        ("'b1'", "'b1' (default)"),
    ],
)
def test_the_default_of_a_parameter_that_is_configured_stays_so_where_a_call_may_pass_another(
    default: str, found: str
) -> None:
    load = "def load(url=GIVEN):\n    return url\nx = load(**json.load(open('f')))\n"
    code = f"import json, os\nGIVEN = {default}\n{load}"

    assert found in texts({"app.py": code, ".env": "BUCKET=b1\n"})
