"""Which requirement files hold for a call: those of the folder around it, with folders that hold no code."""

from __future__ import annotations

import pytest

from tests.graph.metering_repository import ASK, RULE, run

TWIN = {"service/other.py": "print(1)\n", "tool/main.py": "print(1)\n"}


def _remedy(place: str, *files: str) -> str:
    """The remedy for a script at a place where some requirement files name a product."""
    tree = {place: ASK, **TWIN, **dict.fromkeys(files, "opik\n")}
    found = [one for one in run(tree).run.shown if one.rule == RULE]
    assert len(found) == 1
    return found[0].remedy


@pytest.mark.parametrize(
    ("place", "files", "named"),
    [
        ("ask.py", ("requirements.txt",), "requirements.txt"),
        ("service/ask.py", ("requirements.txt",), "requirements.txt"),
        ("service/ask.py", ("requirements.txt", "service/requirements.txt"), "service/requirements.txt"),
        ("service/ask.py", ("service/requirements/base.txt",), "service/requirements/base.txt"),
        ("service/ask.py", ("requirements/base.txt",), "requirements/base.txt"),
        ("service/deep/ask.py", ("service/requirements.txt",), "service/requirements.txt"),
    ],
)
def test_a_product_is_named_with_the_file_that_holds_for_the_call(
    place: str, files: tuple[str, ...], named: str
) -> None:
    assert f"Opik is in {named} already;" in _remedy(place, *files)


@pytest.mark.parametrize(
    ("place", "file"),
    [
        ("ask.py", "tool/requirements.txt"),
        ("service/ask.py", "tool/requirements.txt"),
        ("service/ask.py", "tool/requirements/base.txt"),
        ("service/ask.py", "service_old/requirements.txt"),
    ],
)
def test_the_file_of_another_folder_of_code_holds_for_that_code(place: str, file: str) -> None:
    files = {"service_old/requirements.txt": ("service_old/main.py",)}
    tree = {place: ASK, **TWIN, file: "opik\n", **dict.fromkeys(files.get(file, ()), "print(1)\n")}
    (found,) = [one for one in run(tree).run.shown if one.rule == RULE]
    assert "already" not in found.remedy
