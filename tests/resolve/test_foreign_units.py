"""Containers that run no Python of the repository: what they are set to says nothing of its modules."""

from __future__ import annotations

import pytest

from mltradeoff_lint.catalog.infrastructure_images import infrastructure_images, is_infrastructure
from tests.resolve.test_configured_values import values

READ = "import os\nx = os.getenv('URL')\n"
NODE = "FROM node:22\nWORKDIR /app\nCOPY package.json .\nCOPY . .\nRUN npm ci\n"
OPEN = ("Template",)


def service(text: str, **more: str) -> str:
    lines = "".join(f"    {key}: {value}\n" for key, value in more.items())
    return f"services:\n  one:\n    {text}\n{lines}    environment: {{URL: http://a}}\n"


@pytest.mark.parametrize("path", ["app.py", "tools/app.py", "shop/app.py"])
def test_a_page_that_is_built_from_a_folder_without_python_sets_nothing_for_modules(path: str) -> None:
    files = {
        path: READ,
        "requirements.txt": "",
        "web/package.json": "{}",
        "web/Dockerfile": NODE,
        "deploy/compose.yaml": service("build: ../web"),
    }

    assert values(files, path=path) == OPEN


def test_a_dockerfile_of_a_folder_without_python_sets_nothing_for_modules() -> None:
    files = {"app.py": READ, "web/package.json": "{}", "web/Dockerfile": f"{NODE}ENV URL=http://a\n"}

    assert values(files) == OPEN


def test_a_chart_that_runs_the_image_of_a_page_sets_nothing_for_modules() -> None:
    files = {
        "app.py": READ,
        "web/package.json": "{}",
        "web/Dockerfile": NODE,
        "compose.yaml": "services:\n  one:\n    image: example.org/shop/web-page:1\n    build: ./web\n",
        "chart/values.yaml": "web:\n  image: {repository: example.org/shop/web-page, tag: '2'}\n"
        "  env: [{name: URL, value: 'http://a'}]\n",
    }

    assert values(files) == OPEN


@pytest.mark.parametrize(
    "image", ["postgres:16", "docker.io/library/redis", "bitnami/kafka:3", "quay.io/keycloak/keycloak:26", "nginx"]
)
def test_a_database_or_proxy_sets_nothing_for_modules(image: str) -> None:
    manifest = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n"
        f"    - image: {image}\n      env: [{{name: URL, value: 'http://a'}}]\n"
    )

    assert values({"app.py": READ, "compose.yaml": service(f"image: {image}")}) == OPEN
    assert values({"app.py": READ, "pod.yaml": manifest}) == OPEN


def test_what_a_database_and_a_module_both_get_is_that_of_the_module() -> None:
    both = (
        "services:\n  db:\n    image: postgres:16\n    environment: {URL: http://db}\n"
        "  api:\n    build: .\n    environment: {URL: http://api}\n"
    )

    assert values({"app.py": READ, "compose.yaml": both}) == ("'http://api' (configured)",)


KEPT = {
    "an image that nobody knows": {"compose.yaml": service("image: example.org/shop/worker:1")},
    "a folder with Python": {"compose.yaml": service("build: .")},
    "a folder whose Dockerfile is not there": {"web/package.json": "{}", "compose.yaml": service("build: ./web")},
    "a folder that is not there": {"compose.yaml": service("build: ./gone")},
    "a folder of Dockerfiles that are built from the root": {
        "images/one/Dockerfile": "FROM ubuntu\nCOPY app.py /app/\nCMD /app/start\nENV URL=http://a\n",
    },
    "an image that installs Python packages": {
        "web/package.json": "{}",
        "web/Dockerfile": "FROM ubuntu\nRUN apt-get update && pip install shop\n",
        "compose.yaml": service("build: ./web"),
    },
    "an image that gets code when it starts": {
        "web/package.json": "{}",
        "web/Dockerfile": NODE,
        "compose.yaml": service("build: ./web", volumes="[.:/app, data:/data]"),
    },
    "an image that gets code by a long form": {
        "web/package.json": "{}",
        "web/Dockerfile": NODE,
        "compose.yaml": service("build: ./web", volumes="[{type: bind, source: ., target: /app}]"),
    },
    "an image that may get code": {
        "web/package.json": "{}",
        "web/Dockerfile": NODE,
        "compose.yaml": service("build: ./web", volumes="['${SHOP}:/app']"),
    },
    "a database built here under the name of one": {
        "compose.yaml": service("image: redis", build="."),
    },
}


@pytest.mark.parametrize("how", KEPT)
def test_a_unit_that_may_run_python_of_the_repository_sets_variables(how: str) -> None:
    found = values({"app.py": READ, "requirements.txt": "", **KEPT[how]})

    assert [one.partition(" ")[0] for one in map(str, found)] == ["'http://a'"]


def test_a_file_that_a_database_and_modules_share_stays_in_force() -> None:
    files = {
        "app.py": READ,
        ".env": "URL=http://a\n",
        "compose.yaml": "services:\n  db:\n    image: postgres:16\n    env_file: .env\n",
    }

    assert values(files) == ("'http://a' (configured)",)


def test_every_row_of_the_table_names_images_and_a_source() -> None:
    rows = infrastructure_images()

    assert all(row.source.startswith("https://") and row.images for row in rows)
    assert all(is_infrastructure(image) for row in rows for image in row.images)
    assert all(image == image.lower() and ":" not in image for row in rows for image in row.images)


@pytest.mark.parametrize(
    ("image", "is_known"),
    [
        ("postgres", True),
        ("postgres:16-alpine", True),
        ("docker.io/library/postgres@sha256:0", True),
        ("registry.hub.docker.com/library/postgres", True),
        ("${REGISTRY:-docker.io}/postgres:16", True),
        ("redis/redis-stack:${TAG:-latest}", True),
        ("shop/postgres", False),
        ("example.org/shop/redis:1", False),
        ("shop/postgres-loader", False),
        ("", False),
    ],
)
def test_an_image_is_known_by_its_whole_name(image: str, is_known: bool) -> None:
    assert is_infrastructure(image) == is_known
