"""A router that nothing includes is no way in, where it is known what the application includes."""

from __future__ import annotations

import pytest

from tests.resolve.prepared import prepared

ROUTER = "from fastapi import APIRouter\nrouter = APIRouter()\n@router.post('/{name}')\ndef {name}(): ...\n"
APP = "from fastapi import FastAPI\nfrom new import router\napp = FastAPI()\n"


def _router(name: str) -> str:
    return ROUTER.replace("{name}", name)


def _routes(files: dict[str, str]) -> list[str]:
    return sorted(prepared({"new.py": _router("new"), "old.py": _router("old"), **files}).labels("endpoint"))


def test_a_router_of_a_module_that_nobody_imports_is_no_way_in() -> None:
    assert _routes({"main.py": APP + "app.include_router(router)"}) == ["POST /new"]


def test_so_is_a_blueprint() -> None:
    flask = "from flask import Blueprint\npages = Blueprint('p', 'p')\n@pages.route('/{name}')\ndef {name}(): ...\n"
    files = {
        "new.py": flask.replace("{name}", "new"),
        "old.py": flask.replace("{name}", "old"),
        "main.py": "from flask import Flask\nfrom new import pages\napp = Flask('a')\napp.register_blueprint(pages)",
    }
    assert _routes(files) == ["/new"]


@pytest.mark.parametrize(
    "main",
    [
        "app.include_router(router)\nimport old",
        "app.include_router(router)\ndef later():\n    from old import router as more",
        "import importlib\napp.include_router(router)\nimportlib.import_module(input())",
        "app.include_router(router)\nfor one in plugins():\n    app.include_router(one)",
        "app.include_router(router)\napp.include_router(found(input()))",
        "",
    ],
)
def test_what_may_be_included_stays_a_way_in(main: str) -> None:
    assert "POST /old" in _routes({"main.py": APP + main})


def test_an_application_of_its_own_stays_a_way_in() -> None:
    own = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/own')\ndef own(): ...\n"
    files = {"main.py": APP + "app.include_router(router)", "other.py": own}
    assert _routes(files) == ["GET /own", "POST /new"]


def test_a_router_that_is_started_as_a_program_stays_a_way_in() -> None:
    started = _router("old") + "if __name__ == '__main__':\n    import uvicorn\n    uvicorn.run(router)\n"
    assert "POST /old" in _routes({"main.py": APP + "app.include_router(router)", "old.py": started})


def test_a_router_of_another_project_stays_a_way_in() -> None:
    files = {
        "a/pyproject.toml": "[project]\nname = 'a'\n",
        "a/main.py": APP + "app.include_router(router)",
        "a/new.py": _router("new"),
        "b/pyproject.toml": "[project]\nname = 'b'\n",
        "b/old.py": _router("other"),
    }
    assert "POST /other" in _routes(files)
