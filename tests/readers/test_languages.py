"""Which language a path is read in."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.problem import ProblemKind
from mltradeoff_lint.readers import READERS, language_of, oversize_problem, read_text, size_limit


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("a/b.py", "python"),
        ("a.IPYNB", "notebook"),
        ("x.yml", "yaml"),
        ("data.csv.dvc", "yaml"),
        ("dvc.lock", "yaml"),
        ("MLproject", "yaml"),
        ("pyproject.toml", "toml"),
        ("Pipfile", "toml"),
        ("poetry.lock", "lockfile"),
        ("Pipfile.lock", "lockfile"),
        ("package.json", "json"),
        ("package-lock.json", None),
        ("Dockerfile", "dockerfile"),
        ("docker/Dockerfile.gpu", "dockerfile"),
        ("api.dockerfile", "dockerfile"),
        ("Dockerfile.md", None),
        ("CODEOWNERS", "codeowners"),
        (".github/CODEOWNERS", "codeowners"),
        ("src/CODEOWNERS", None),
        ("requirements.txt", "requirements"),
        ("requirements/dev.in", "requirements"),
        ("a/requirements-dev.txt", "requirements"),
        ("dev-requirements.txt", "requirements"),
        ("notes.txt", None),
        (".env", "dotenv"),
        (".env.example", "dotenv"),
        ("prod.env", "dotenv"),
        (".env.py", "python"),
        ("run.sh", "shell"),
        ("Makefile", "makefile"),
        ("rules.mk", "makefile"),
        ("Procfile", "procfile"),
        ("Procfile.dev", "procfile"),
        ("models/a.sql", "sql"),
        ("config.pbtxt", "pbtxt"),
        ("data.csv", None),
        ("data.jsonl", None),
        ("README", None),
    ],
)
def test_paths_have_languages(path: str, language: str | None) -> None:
    assert language_of(path) == language


def test_every_language_has_a_reader_or_is_python() -> None:
    assert {language_of(path) for path in ("a.py", "a.ipynb", "uv.lock", "Makefile")} <= {"python", *READERS}
    for language in READERS:
        assert read_text(language, "", "x").problems == () or language in ("notebook",)


def test_a_large_file_is_skipped_and_said_with_its_size() -> None:
    (problem,) = read_text("yaml", b"a: 1\n" * 300_000, "a.yaml").problems
    assert problem.kind is ProblemKind.SKIPPED
    assert "1.4 MB" in problem.message


def test_large_json_is_data_unless_its_name_says_settings() -> None:
    assert oversize_problem("json", "a/train.json", size_limit("json") + 1) is None
    assert oversize_problem("json", "a/config.json", size_limit("json") + 1) is not None


def test_an_exception_of_a_reader_becomes_a_crash_that_names_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(data: bytes | str, path: str) -> None:
        raise KeyError("boom")

    monkeypatch.setattr("mltradeoff_lint.readers.dotenv.read", fail)
    (problem,) = read_text("dotenv", b"", "x/.env").problems
    assert (problem.kind, problem.site.path) == (ProblemKind.CRASH, "x/.env")
    assert "boom" in problem.message
