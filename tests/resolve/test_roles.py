"""Roles by reachability, for functions and for what runs when a module is imported; project roots."""

from __future__ import annotations

import pytest

from mltradeoff_lint.resolve.modules import Modules
from tests.resolve.prepared import prepared

APP = "from fastapi import FastAPI\nimport model\napp = FastAPI()\n@app.get('/')\ndef handle(): return model.score()"
MODEL = "import joblib\nimport settings\nmodel = joblib.load('m')\ndef score(): ...\ndef unused(): ..."


@pytest.mark.parametrize(
    ("path", "name", "role"),
    [
        ("app.py", "handle", "serving"),
        ("app.py", "", "serving"),
        ("model.py", "score", "serving"),
        ("model.py", "", "serving"),
        ("settings.py", "", "serving"),
        ("model.py", "unused", "script"),
        ("train.py", "fit", "train-entry"),
        ("train.py", "", "train-entry"),
        ("both.py", "", "serving"),
        ("alone.py", "", "script"),
        ("lazy.py", "", "script"),
        ("tests/test_app.py", "", "test"),
        ("examples/app.py", "handle", "tutorial"),
        ("page.py", "", "script"),
    ],
)
def test_a_role_is_what_leads_to_a_function_or_to_the_import_of_a_module(path: str, name: str, role: str) -> None:
    files = {
        "app.py": APP + "\nimport both",
        "model.py": MODEL,
        "settings.py": "KEY = 1",
        "train.py": "import both\ndef fit():\n    import lazy\nif __name__ == '__main__': fit()",
        "both.py": "X = 1",
        "lazy.py": "X = 1",
        "alone.py": "X = 1",
        "page.py": "X = 1",
        "tests/test_app.py": "import alone\nimport page",
        "examples/app.py": APP,
    }
    found = prepared(files)
    assert found.roles.of(found.function(path, name)) == role


def test_modules_that_import_one_another_end() -> None:
    found = prepared({"a.py": "import b\nif __name__ == '__main__': ...", "b.py": "import a\nX = 1"})
    assert found.roles.of(found.function("b.py", "")) == "train-entry"


@pytest.mark.parametrize(
    ("source", "role"),
    [
        ("import gradio as gr\ndef f(x): ...\ngr.Interface(fn=f, inputs='text', outputs='text')", "train-entry"),
        ("import gradio as gr\ndef f(x): ...\ngr.Interface(fn=f, inputs='text', outputs='text')\n"
         "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/')\ndef g(): f(1)", "serving"),
    ],
)  # fmt: skip
def test_a_user_interface_asks_less_than_a_service_that_reaches_the_same(source: str, role: str) -> None:
    found = prepared(source)
    assert found.roles.of(found.function("app.py", "f")) == role


@pytest.mark.parametrize(
    ("python", "others", "roots"),
    [
        (["src/train.py"], ["src/requirements.txt", "dvc.yaml"], [""]),
        (["api/src/app.py"], ["api/src/requirements.txt"], ["", "api"]),
        (["api/app.py"], ["api/requirements.txt"], ["", "api"]),
        (["app.py"], ["web/requirements.txt"], ["", "web"]),
        (["a/app.py", "a/b/app.py"], ["a/pyproject.toml", "a/b/pyproject.toml"], ["", "a", "a/b"]),
    ],
)
def test_a_project_is_a_folder_with_a_marker_and_src_belongs_to_the_folder_around_it(
    python: list[str], others: list[str], roots: list[str]
) -> None:
    assert sorted(Modules(python, others).project_roots) == roots


@pytest.mark.parametrize(
    ("importer", "dotted", "expected"),
    [
        ("packages/api/app.py", "shop.predict", "packages/model/shop/predict.py"),
        ("packages/api/app.py", "shop", "packages/model/shop/__init__.py"),
        ("course/two/api/app.py", "shop.predict", "course/two/model/shop/predict.py"),
        ("elsewhere/app.py", "shop.predict", None),
        ("packages/api/app.py", "lone", None),
    ],
)
def test_a_package_of_a_project_beside_is_found_and_the_nearest_copy_wins(
    importer: str, dotted: str, expected: str | None
) -> None:
    paths = [
        "packages/model/shop/__init__.py", "packages/model/shop/predict.py", "packages/api/app.py",
        "course/two/model/shop/__init__.py", "course/two/model/shop/predict.py", "course/two/api/app.py",
        "elsewhere/app.py", "packages/model/deep/lone/__init__.py",
    ]  # fmt: skip
    others = ["packages/model/setup.py", "course/two/model/setup.py", "packages/api/requirements.txt"]
    assert Modules(paths, others).find(importer, dotted) == expected


@pytest.mark.parametrize(
    ("further", "role"),
    [
        ({"pyproject.toml": "[project]\nname = 'shop'\n[project.scripts]\nfit = 'shop.train:main'\n"}, "train-entry"),
        ({"pyproject.toml": "[tool.poetry.scripts]\nfit = 'shop.train:main'\n"}, "train-entry"),
        ({"pyproject.toml": "[project.scripts]\nfit = 'shop.train:other'\n"}, "script"),
        ({"pyproject.toml": "[project.scripts]\nfit = 'elsewhere.train:main'\n"}, "script"),
        (
            {
                "pyproject.toml": "[project.scripts]\nfit = 'shop.train:main'\n",
                "databricks.yml": "resources:\n  jobs:\n    nightly:\n      schedule:\n"
                "        quartz_cron_expression: '0 0 3 * * ?'\n      tasks:\n        - task_key: fit\n"
                "          python_wheel_task: {package_name: shop, entry_point: fit, parameters: [--fast]}\n",
            },
            "scheduled",
        ),
    ],
)
def test_a_function_that_an_installed_program_calls_is_an_entry(further: dict[str, str], role: str) -> None:
    files = {"shop/__init__.py": "", "shop/train.py": "def main(): ...\n", **further}
    found = prepared(files)
    assert found.roles.of(found.function("shop/train.py", "main")) == role
