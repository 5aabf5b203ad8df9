"""How the notebook reader joins cells, masks magics and keeps places."""

from __future__ import annotations

import ast
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mltradeoff_lint.model.facts import Embedded, Reading
from mltradeoff_lint.model.problem import ProblemKind
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers.magics import mask
from mltradeoff_lint.readers.notebook import read


def code(source: str | list[str]) -> dict[str, Any]:
    return {"cell_type": "code", "outputs": [{"text": ["import wrong\n"]}], "source": source}


def notebook(*cells: dict[str, Any], indent: int | None = 1, **metadata: Any) -> str:
    return json.dumps({"cells": list(cells), "metadata": metadata, "nbformat": 4}, indent=indent)


def reading(*sources: str | list[str]) -> Reading:
    return read(notebook(*map(code, sources)), "nb/a.ipynb")


def module(found: Reading) -> Embedded:
    assert found.embedded[0].language == "python"
    return found.embedded[0]


def others(found: Reading) -> list[tuple[str, str, str]]:
    return [(one.language, one.path, one.text) for one in found.embedded[1:]]


def test_code_cells_form_one_module_with_places() -> None:
    text = notebook(
        {"cell_type": "markdown", "source": "import wrong"}, code(["import a\n", 'b = "é"']), code("c = 1\nd = 2\n")
    )
    found = read(text, "a.ipynb")
    python = module(found)
    assert python.text == 'import a\nb = "é"\nc = 1\nd = 2\n\n'
    lines = text.split("\n")
    for number, word in ((1, "import a"), (3, "c = 1"), (4, "d = 2")):
        span, note = python.lines.to_host(Span(number, 0, number, len(word)))
        assert lines[span.line - 1][span.column : span.end_column] == word
        assert note == ("cell 2" if number == 1 else "cell 3")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("ab\n\r\\\"é\u2028\t'", max_size=12), max_size=4), st.booleans(), st.booleans())
def test_every_line_has_a_place_and_every_cell_its_text(cells: list[str], compact: bool, as_list: bool) -> None:
    sources: list[str | list[str]] = [cell.splitlines(keepends=True) if as_list else cell for cell in cells]
    text = notebook(*map(code, sources), indent=None if compact else 1)
    found = module(read(text, "a.ipynb"))
    assert found.text.count("\n") == len(found.lines.lines)
    lines = text.split("\n")
    assert all(column <= len(lines[line - 1]) for line, column, _ in found.lines.lines)


def test_nbformat_3_is_read() -> None:
    cell = {"cell_type": "code", "input": ["x = 1\n"], "language": "python"}
    found = read(json.dumps({"worksheets": [{"cells": [cell]}], "nbformat": 3}), "a.ipynb")
    assert module(found).text == "x = 1\n\n"


def test_line_magics_keep_lines_and_indentation() -> None:
    found = reading("%matplotlib inline\nif a:\n    !ls {b}\nx = !cat y\nz = %who\ndf?\n?df\ny = 5 % 2\n")
    assert module(found).text == (
        "pass\nif a:\n    pass\nx = get_ipython().getoutput()\nz = get_ipython().getoutput()\npass\npass\ny = 5 % 2\n\n"
    )
    assert others(found) == [("shell", "", "ls {b}\ncat y\n")]
    assert found.embedded[1].lines.lines[0][2] == "cell 1"


def test_a_cell_that_is_python_is_left_alone() -> None:
    text = "x = (5\n% 2)\n"
    assert mask(text.split("\n")).lines == tuple(text.split("\n"))


def test_timed_code_is_kept_with_its_place() -> None:
    text = notebook(code("%time model.fit(X)\n!ls\n"))
    found = read(text, "a.ipynb")
    assert module(found).text == "model.fit(X)\npass\n\n"
    span, _ = module(found).lines.to_host(Span(1, 0, 1, 9))
    assert text.split("\n")[span.line - 1][span.column : span.end_column] == "model.fit"


@pytest.mark.parametrize("magic", ["%%time", "%%capture out", "# note\n%%timeit -n 1"])
def test_cell_magics_with_python_bodies_lose_their_first_line_only(magic: str) -> None:
    python = module(reading(f"{magic}\nx = 1\n%pip install a\n"))
    assert ast.unparse(ast.parse(python.text)) == "pass\nx = 1\npass"
    assert ("# note" in python.text) == ("# note" in magic)
    assert "x = 1" in python.text


@pytest.mark.parametrize("magic", ["%%capture captured", "%%time", "%%timeit -n 1", "%%capture\n%%time", "\n%%time\n"])
def test_the_body_of_a_magic_that_runs_it_as_a_cell_may_begin_with_a_magic_of_its_own(magic: str) -> None:
    text = notebook(code(f"{magic}\n%%sh\npip install a\n"), code(f"{magic}\nx = 1\n"), code("y = 2\n"))
    found = read(text, "a.ipynb")
    assert found.problems == ()
    assert ast.unparse(ast.parse(module(found).text)).replace("pass\n", "") == "x = 1\ny = 2"
    assert others(found) == [("shell", "", "pip install a\n\n")]
    span, note = found.embedded[1].lines.to_host(Span(1, 0, 1, 3))
    assert (text.split("\n")[span.line - 1][span.column : span.end_column], note) == ("pip", "cell 1")


def test_a_magic_below_a_magic_of_another_language_is_text_of_it() -> None:
    found = reading("%%sh\n%%time\nls\n", "%%capture\n%%writefile a.py\nx = 1\n", "%%time\n  %%sql\n  select 1")
    assert others(found) == [
        ("shell", "", "%%time\nls\n\n"),
        ("python", "a.py", "x = 1\n\n"),
        ("sql", "", "  select 1\n"),
    ]
    assert found.problems == ()


def test_cells_of_other_languages_are_embedded() -> None:
    found = reading("%%bash\npython a.py\n", "%%sql db\nselect 1", "%%writefile src/a.py\nx = 1\n", "%%html\n<b>")
    assert others(found) == [
        ("shell", "", "python a.py\n\n"),
        ("sql", "", "select 1\n"),
        ("python", "src/a.py", "x = 1\n\n"),
    ]
    assert module(found).text.strip() == ""
    assert found.problems == ()


@pytest.mark.parametrize("target", ["/tmp/a.py", "a.py", "../../a.py", "$D/a.py"])
def test_the_path_of_a_written_file_is_the_one_the_cell_names(target: str) -> None:
    assert others(reading(f"%%writefile -a {target}\nx = 1"))[0][1] == target


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("%sql\nSELECT a\nFROM shop.rows", ("sql", "", "SELECT a\nFROM shop.rows\n")),
        ("# rows\n%sql SELECT a\nFROM shop.rows", ("sql", "", " SELECT a\nFROM shop.rows\n")),
        ("%sh\nls data", ("shell", "", "ls data\n")),
        ("%sh ls data\nfor one in *; do ls; done", ("shell", "", " ls data\nfor one in *; do ls; done\n")),
    ],
)
def test_a_cell_of_databricks_is_of_the_language_that_its_first_line_names(
    cell: str, expected: tuple[str, str, str]
) -> None:
    found = reading("x = 1", cell)
    assert others(found) == [expected]
    assert module(found).text.strip() == "x = 1"
    assert found.problems == ()


@pytest.mark.parametrize(
    "cell",
    ["%md\n# Rows\nof the shop", "%md *Rows*\nof the shop", "%r\nx <- 1", "%scala\nval x = 1", "%fs\nls /mnt/rows"],
)
def test_a_cell_of_databricks_that_is_no_code_of_ours_is_passed_over(cell: str) -> None:
    found = reading(cell)
    assert (module(found).text.strip(), others(found), found.problems) == ("", [], ())


@pytest.mark.parametrize("cell", ["%sql\nrows = 1", "%sql SELECT a FROM shop.rows\nrows = 1", "%sh ls\nrows = 1"])
def test_a_magic_of_one_line_leaves_the_python_below_it(cell: str) -> None:
    assert module(reading(cell)).text.split() == ["pass", "rows", "=", "1"]


def test_a_cell_that_appends_goes_on_with_the_file_and_one_that_writes_starts_it_anew() -> None:
    appended = reading("%%writefile a.py\nx = 1\n", "%%writefile -a a.py\ny = 2\n")
    assert others(appended) == [("python", "a.py", "x = 1\n\ny = 2\n\n")]
    assert [note for _, _, note in appended.embedded[1].lines.lines] == ["cell 1"] * 2 + ["cell 2"] * 2
    assert others(reading("%%writefile a.py\nx = 1\n", "%%writefile a.py\ny = 2")) == [("python", "a.py", "y = 2\n")]


def test_shell_like_magics_are_shell() -> None:
    found = reading("%pip install a \\\n  b\n%run train.py --x\n%env K=v\n%set_env K2 w\n%cd sub\n% pip install c\n")
    assert others(found) == [
        ("shell", "", "pip install a \\\n  b\npython train.py --x\nexport K=v\nexport K2=w\ncd sub\npip install c\n")
    ]
    ast.parse(module(found).text)


def test_an_indented_cell_is_read_as_ipython_does() -> None:
    found = reading("  x = 1\n  !ls\n")
    assert module(found).text.startswith("x = 1\npass\n")


def test_a_cell_that_is_no_python_is_masked_and_said() -> None:
    found = reading("import a", "x = = 1\n!pip install b", "import c")
    (problem,) = found.problems
    assert (problem.kind, problem.message) == (ProblemKind.PARTIAL, "cell 2 is not valid Python")
    assert found.embedded[0].lines.to_host(problem.site.span)[1] == "cell 2"
    assert module(found).text == "import a\n\n\nimport c\n"
    assert others(found) == [("shell", "", "pip install b\n")]


def test_an_unknown_cell_magic_is_said() -> None:
    for cell in ("%%frob\n1", "%%time\n%%frob\n1"):
        (problem,) = reading("import a", cell).problems
        assert (problem.kind, problem.message) == (ProblemKind.PARTIAL, "cell 2 has a magic that is not known: %%frob")


def test_a_notebook_of_another_kernel_is_skipped_and_said() -> None:
    found = read(notebook(code("x <- 1"), kernelspec={"language": "R"}), "a.ipynb")
    assert [problem.kind for problem in found.problems] == [ProblemKind.SKIPPED]


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"cells": [', '{"nbformat": 4}', "[" * 100_000, '{"cells": ' + "[" * 100_000]
)
def test_what_is_no_notebook_is_unreadable(text: str) -> None:
    assert [problem.kind for problem in read(text, "a.ipynb").problems] == [ProblemKind.UNREADABLE]


@pytest.mark.parametrize("cells", ["{}", "[1, null, {}]", '[{"cell_type": "code", "source": {"a": 1}}]',
                                   '[{"source": [1, "x"]}]',
                                   '[{"cell_type": "code"}]', '[{"cell_type": 3, "source": "x"}]'])  # fmt: skip
def test_odd_cells_are_read_over(cells: str) -> None:
    assert module(read(f'{{"cells": {cells}}}', "a.ipynb")).text.strip() == ""


@pytest.mark.parametrize(
    "source", ["x = '\x00'", "x = '\ud800'", "(" * 5000, "-" * 50_000 + "1", " " * 300_000 + "x y", "=" * 90_000]
)
def test_hostile_cells_are_masked(source: str) -> None:
    found = reading(source, "y = 1")
    assert module(found).text.endswith("y = 1\n")
    assert [problem.kind for problem in found.problems] == [ProblemKind.PARTIAL]
