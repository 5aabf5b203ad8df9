"""What a user installs works: the wheel, the two commands of the README, the pre-commit hooks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
NOT_SOURCE = shutil.ignore_patterns(
    ".git", ".venv", "build", "dist", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis",
    ".mltradeoff_cache", ".import_linter_cache", "*.egg-info",
)  # fmt: skip
PACKAGE_HOST = re.compile(r"pypi\.org|pythonhosted\.org|registry\.npmjs\.org|conda\.anaconda\.org")


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout without anything built, as a git repository with one commit."""
    copy = tmp_path_factory.mktemp("source") / "mltradeoff-lint"
    shutil.copytree(CHECKOUT, copy, ignore=NOT_SOURCE)
    commit(copy)
    return copy


def commit(folder: Path) -> None:
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "state")):
        done = run("git", "-c", "user.name=t", "-c", "user.email=t@example.org", *words, cwd=folder)
        assert done.returncode == 0, done.stderr


def readme_commands() -> list[str]:
    lines = (CHECKOUT / "README.md").read_text("utf-8").split("\n")
    return [line.strip() for line in lines if line.strip().startswith("python3 -m venv")]


def test_the_readme_has_two_commands_and_ci_runs_both_as_they_stand() -> None:
    script = (CHECKOUT / ".ci" / "run").read_text("utf-8").split("\n")
    assert len(readme_commands()) == 2
    assert [command for command in readme_commands() if command not in script] == []


def test_the_tests_are_the_last_step_of_ci() -> None:
    lines = [line for line in (CHECKOUT / ".ci" / "run").read_text("utf-8").split("\n") if line]
    assert lines[-1].endswith("-m pytest -q")


def test_no_package_host_is_named_in_the_project() -> None:
    naming = [
        path.relative_to(CHECKOUT).as_posix()
        for pattern in ("*.md", "*.toml", ".ci/*", "*.yaml", "mltradeoff_lint/**/*.py")
        for path in CHECKOUT.glob(pattern)
        if PACKAGE_HOST.search(path.read_text("utf-8"))
    ]
    assert naming == []


def test_the_hook_manifest_is_valid() -> None:
    pytest.importorskip("pre_commit")
    done = run(sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml", cwd=CHECKOUT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_the_wheel_holds_the_rules_the_catalog_and_the_type_marker(source: Path, tmp_path: Path) -> None:
    done = run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", tmp_path, source, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    rules = [path.relative_to(source / "rules").as_posix() for path in (source / "rules").rglob("*") if path.is_file()]
    data = [path.relative_to(source).as_posix() for path in (source / "mltradeoff_lint").rglob("*.yaml")]
    expected = {*(f"mltradeoff_lint/_rules/{name}" for name in rules), *data, "mltradeoff_lint/py.typed"}
    assert expected - names == set()
    assert [name for name in names if name.startswith(("tests/", "fixtures/", "rules/"))] == []


@pytest.mark.slow
def test_both_hooks_install_from_a_clone_and_report_a_faulty_repository(source: Path, tmp_path: Path) -> None:
    pytest.importorskip("pre_commit")
    target = tmp_path / "target"
    shutil.copytree(CHECKOUT / "fixtures" / "support-bot-unmetered" / "risky", target)
    commit(target)
    done = run(
        sys.executable, "-m", "pre_commit", "try-repo", source, "--all-files", "--verbose",
        cwd=target, PRE_COMMIT_HOME=str(tmp_path / "home"),
    )  # fmt: skip
    said = done.stdout.split("hook id: ")[1:]
    assert [part.split("\n")[0] for part in said] == ["mltradeoff-lint", "mltradeoff-lint-changed"], done.stdout
    assert all("exit code: 1" in part for part in said), done.stdout
    assert all("high[missing-cost-instrumentation]" in part for part in said), done.stdout
