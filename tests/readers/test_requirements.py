"""What the readers of requirements and lock files keep."""

from __future__ import annotations

import json

from mltradeoff_lint.model.facts import Requirements
from mltradeoff_lint.model.problem import ProblemKind
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers import lockfile, requirements


def needs(text: str | bytes) -> list[tuple[str, str, str]]:
    content = requirements.read(text, "requirements.txt").content
    assert isinstance(content, Requirements)
    return [(need.name, need.specifier, need.group) for need in content.requirements]


def test_names_specifiers_and_what_is_left_out() -> None:
    text = """Torch_Vision[x] >=1,<2 ; python_version<'3.9'  # why
numpy==1.26.4 --hash=sha256:abc \\
  --hash=sha256:def
x (>=1)
"""
    assert needs(text) == [("torch-vision", ">=1,<2", ""), ("numpy", "==1.26.4", ""), ("x", ">=1", "")]


def test_other_files_and_editable_installs_have_groups() -> None:
    text = "-r base.txt\n--constraint=c.txt\n-e .\n-e git+https://me:pw@h/o.git#egg=own\n--index-url https://h\n"
    assert needs(text) == [
        ("", "base.txt", "include"),
        ("", "c.txt", "constraint"),
        ("", ".", "editable"),
        ("own", "@ git+https://h/o.git#egg=own", "editable"),
    ]


def test_urls_and_wheels_are_named_when_they_can_be() -> None:
    text = "a @ git+https://tok@h/a.git@v1\nhttps://h/dist/b_c-1.0-py3-none-any.whl\n./local\n"
    assert needs(text) == [
        ("a", "@ git+https://h/a.git@v1", ""),
        ("b-c", "@ https://h/dist/b_c-1.0-py3-none-any.whl", ""),
        ("", "@ ./local", ""),
    ]


def test_a_requirement_has_its_place() -> None:
    content = requirements.read("\n  numpy \\\n   ==1 # c\n", "requirements.txt").content
    assert isinstance(content, Requirements)
    assert content.requirements[0].span == Span(2, 2, 3, 6)


def test_lines_that_are_no_requirement_are_one_problem() -> None:
    (problem,) = requirements.read("numpy\nName   Version   Build\n!!\n", "requirements.txt").problems
    assert (problem.kind, problem.site.span.line) == (ProblemKind.PARTIAL, 2)


def test_utf_16_as_windows_shells_write_it_is_read() -> None:
    assert needs("numpy==1\r\n".encode("utf-16")) == [("numpy", "==1", "")]


def locked(text: str) -> list[tuple[str, str]]:
    content = lockfile.read(text, "x.lock").content
    assert isinstance(content, Requirements)
    return [(need.name, need.specifier) for need in content.requirements]


def test_lock_files_give_exact_versions() -> None:
    text = '[[package]]\nname = "Torch"\nversion = "2.1"\n[package.source]\nname = "x"\nversion = "9"\n'
    assert locked(text) == [("torch", "==2.1")]


def test_a_pipfile_lock_gives_exact_versions() -> None:
    text = {"default": {"flask": {"hashes": [], "version": "==3.0"}}}
    assert locked(json.dumps(text, indent=4)) == [("flask", "==3.0")]
