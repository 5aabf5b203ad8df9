"""The shape of the program: what is loaded when, what knows what, and how things are named."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mltradeoff_lint.model.vocabulary import EDGE_KINDS, NODE_KINDS

PACKAGE = Path(__file__).parents[1] / "mltradeoff_lint"
MODULES = sorted(PACKAGE.rglob("*.py"))
LAZY = {"libcst", "networkx", "sqlglot", "multiprocessing"}
VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in MODULES:
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text("utf-8"))


def imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return {node.module.partition(".")[0]}
    return set()


def loaded_after(program: str, folder: Path) -> set[str]:
    """Top-level modules in a fresh interpreter after a program; it may print what it likes on stdout."""
    said = subprocess.run(
        [sys.executable, "-c", f"import json, sys\n{program}\nprint(json.dumps(list(sys.modules)), file=sys.stderr)"],
        cwd=folder,
        env={"PYTHONPATH": str(PACKAGE.parent), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    modules: list[str] = json.loads(said.stderr.strip().split("\n")[-1])
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_only_click_is_loaded_to_show_the_version_or_help(option: str, tmp_path: Path) -> None:
    loaded = loaded_after(f"from mltradeoff_lint.cli.main import run\nassert run([{option!r}]) == 0", tmp_path)
    assert "click" in loaded
    assert loaded & (LAZY | {"yaml", "pathspec", "sqlite3", "tomllib"}) == set()


def test_nothing_heavy_is_loaded_to_check_a_python_file(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("import pandas as pd\nframe = pd.read_csv('data.csv')\n")
    loaded = loaded_after("from mltradeoff_lint.cli.main import run\nassert run(['check', '.']) == 0", tmp_path)
    assert loaded & LAZY == set()


def test_heavy_libraries_are_imported_inside_functions_or_in_the_child_process_only() -> None:
    eager = [
        (name, sorted(imported(node) & LAZY))
        for name, tree in trees()
        for node in tree.body
        if imported(node) & LAZY and not name.startswith("readers/newer_syntax_lowering/")
    ]
    assert eager == []


def test_only_the_command_line_prints() -> None:
    printing = [
        (name, node.lineno)
        for name, tree in trees()
        if not name.startswith("cli/")
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id == "print")
        or (
            isinstance(node, ast.Attribute)
            and node.attr in ("stdout", "stderr")
            and isinstance(node.value, ast.Name)
            and node.value.id == "sys"
        )
    ]
    assert printing == []


def test_modules_are_named_by_what_they_hold() -> None:
    assert [path.name for path in MODULES if path.stem in VAGUE] == []


def test_every_word_of_the_vocabulary_is_one_that_a_builder_writes() -> None:
    """A rule with a word of a thing that nothing builds would be accepted and never find anything."""
    written: set[str] = set()
    for path in (PACKAGE / "graph").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                written.add(node.value)
            elif isinstance(node, ast.keyword) and node.arg:
                written.add(node.arg)
    properties = {f"{kind}.{name}" for kind, names in NODE_KINDS.items() for name in names if name not in written}
    assert (set(NODE_KINDS) - written, properties, set(EDGE_KINDS) - written) == (set(), set(), set())


def test_nothing_runs_code_of_others() -> None:
    forbidden = {"pickle", "marshal", "shelve", "runpy", "socket", "urllib.request", "requests", "httpx"}
    found = [
        (name, alias)
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in ([each.name for each in node.names] if isinstance(node, ast.Import) else [node.module])
        if alias in forbidden
    ]
    calls = [
        (name, node.lineno)
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("eval", "exec")
    ]
    assert found == []
    assert calls == []
