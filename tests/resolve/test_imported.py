"""What an import binds when a folder or file of the repository has the name of a library."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

OPENAI = "openai.OpenAI()"


@pytest.mark.parametrize("importer", ["app.py", "tools/app.py", "tools/search/app.py"])
def test_a_folder_of_plain_files_does_not_hide_an_installed_package(importer: str) -> None:
    files = {"tools/search/engine.py": "x = 1", "search/other.py": "x = 1"}
    assert probe({**files, importer: "import search\nprobe(search.Client)"}, importer) == ["search.Client"]
    assert probe({**files, importer: "from search import Client\nprobe(Client)"}, importer) == ["search.Client"]
    assert probe({**files, importer: "import search as s\nprobe(s.Client)"}, importer) == ["search.Client"]


def test_a_folder_does_not_hide_a_package_of_which_something_is_imported_that_it_lacks() -> None:
    files = {"search/other.py": "x = 1"}
    assert probe({**files, "app.py": "import search\nimport search.index as i\nprobe(search.Client)"}) == [
        "search.Client"
    ]
    assert probe({**files, "app.py": "import search\nimport search.other\nprobe(search.other.x)"}) == ["1"]


def test_a_folder_of_plain_files_gives_its_modules() -> None:
    files = {"search/engine.py": "x = 1"}
    assert probe({**files, "app.py": "from search import engine\nprobe(engine.x)"}) == ["1"]
    assert probe({**files, "app.py": "import search.engine\nprobe(search.engine.x)"}) == ["1"]
    assert probe({**files, "app.py": "import search.engine as e\nprobe(e.x)"}) == ["1"]


def test_a_module_that_lacks_the_imported_name_is_not_the_one_that_is_meant() -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/grpc/__init__.py": "",
        "pkg/grpc/server.py": "from grpc import aio\nprobe(aio)",
    }
    assert probe(files, "pkg/grpc/server.py") == ["grpc.aio"]
    assert probe({**files, "pkg/a.py": "import grpc\nprobe(grpc.aio)"}, "pkg/a.py") == ["grpc.aio"]
    assert probe({**files, "pkg/a.py": "import grpc\nprobe(grpc.server.aio)"}, "pkg/a.py") == ["grpc.aio"]


def test_a_module_that_an_import_reaches_by_its_full_name_is_meant() -> None:
    files = {"pkg/__init__.py": "", "pkg/part.py": "x = 1"}
    assert probe({**files, "app.py": "from pkg.part import y\nprobe(y)"}) == ["?"]


@pytest.mark.parametrize(
    "source",
    [
        "from openai import *",
        "def __getattr__(name):\n import openai\n return getattr(openai, name)",
        "def load():\n global OpenAI\n import openai\n OpenAI = openai.OpenAI",
        "try:\n from openai import OpenAI\nexcept ImportError:\n OpenAI = None",
    ],
)
def test_a_module_that_can_hold_the_name_is_meant(source: str) -> None:
    found = probe({"lib.py": source, "app.py": "import openai\nfrom lib import OpenAI\nprobe(OpenAI)"})
    assert not any(one.startswith("lib.") for one in found)


def test_modules_that_import_one_name_from_each_other_end() -> None:
    assert probe({"a.py": "from b import x", "b.py": "from a import x", "app.py": "from a import x\nprobe(x)"}) == ["?"]
