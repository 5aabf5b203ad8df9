"""What notebooks take in and are given: parameters of a run, names that `%run` brings, files that cells write."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltradeoff_lint.model.declarations import Schedule
from mltradeoff_lint.resolve.command_line.command_lines import CommandLines
from mltradeoff_lint.resolve.domain import Literal, unknown
from mltradeoff_lint.resolve.explain import explain
from mltradeoff_lint.resolve.notebooks import papermill
from tests.resolve.words import resolved, say

Cell = str | tuple[str, str]
"""The source of a cell, or its source and tag."""


def notebook(*cells: Cell) -> str:
    sources = [(cell, "") if isinstance(cell, str) else cell for cell in cells]
    listed = [
        {"cell_type": "code", "metadata": {"tags": [tag]} if tag else {}, "source": text} for text, tag in sources
    ]
    return json.dumps({"cells": listed, "metadata": {}, "nbformat": 4})


def probed(files: Mapping[str, str], path: str = "n.ipynb") -> list[list[str]]:
    """What the argument of each `probe(...)` of a file can be, in words, sorted."""
    resolver = resolved(files)
    facts = resolver.facts(path)
    calls = [one for one in facts.calls if facts.exprs[one.function][:2] == ("name", "probe")]
    return [sorted(say(value) for value in resolver.values(path, call.arguments[0])) for call in calls]


DEFAULTS: Cell = ("data = 'd.csv'\nrows = 1\n", "parameters")
PROBES = "probe(data)\nprobe(rows)\n"
NOTEBOOK = notebook("import os\n", DEFAULTS, PROBES)
PASSED = [["'a.csv'", "'d.csv'"], ["1", "3"]]

RUNS = {
    "shell": {"run.sh": "papermill n.ipynb out.ipynb -p data a.csv -p rows 3\n"},
    "variables of a script": {"run.sh": "D=a\nR=3\npapermill n.ipynb out.ipynb -p data $D.csv -p rows $R\n"},
    "long options": {"run.sh": "papermill n.ipynb - --parameters data a.csv --parameters_yaml 'rows: 3'\n"},
    "as a module": {"run.sh": "python -m papermill -k python3 n.ipynb out.ipynb -p data a.csv -p rows 3\n"},
    "options in front": {"run.sh": "papermill --cwd nb -p data a.csv -p rows 3 n.ipynb | cat -p data b.csv\n"},
    "file": {"run.sh": "papermill n.ipynb out.ipynb -f conf/p.yaml\n", "conf/p.yaml": "data: a.csv\nrows: 3\n"},
    "base64": {"run.sh": f"papermill n.ipynb - -b {base64.b64encode(b'{data: a.csv, rows: 3}').decode()}\n"},
    "makefile": {"Makefile": "D ?= a.csv\nx:\n\tuv run papermill n.ipynb out.ipynb -p data $(D) -p rows 3\n"},
    "dvc": {
        "dvc.yaml": "stages:\n  a:\n    cmd: papermill n.ipynb out.ipynb -p data ${d} -p rows 3\n",
        "params.yaml": "d: a.csv\n",
    },
    "dockerfile": {"Dockerfile": "FROM a\nCOPY . .\nCMD papermill n.ipynb out.ipynb -p data a.csv -p rows 3\n"},
    "compose": {
        "compose.yaml": "services:\n  a:\n    build: .\n    command: papermill n.ipynb - -p data a.csv -p rows 3\n"
    },
    "workflow": {
        ".github/workflows/a.yml": "on: push\nenv: {D: a.csv}\njobs:\n  a:\n    steps:\n"
        '      - run: papermill n.ipynb out.ipynb -p data "${{ env.D }}" -p rows 3\n'
    },
    "cell of another notebook": {
        "m.ipynb": notebook("d = 'a.csv'\n", "!papermill n.ipynb out.ipynb -p data {d} -p rows 3\n")
    },
    "call": {
        "x.py": "import papermill as pm\npm.execute_notebook('n.ipynb', 'o', parameters={'data': 'a.csv', 'rows': 3})\n"
    },
    "call by position": {
        "x.py": "from papermill import execute_notebook as run\nrun('n.ipynb', None, dict(data='a.csv', rows=3))\n"
    },
    "call with a path": {
        "x.py": "import papermill as pm\nfrom pathlib import Path\nHERE = Path(__file__).parent\n"
        "given = {'data': 'a.csv'}\ngiven['rows'] = 3\n"
        "pm.execute_notebook(str(HERE / 'n.ipynb'), 'o.ipynb', parameters=given)\n"
    },
    "operator": {
        "dag.py": "from airflow.providers.papermill.operators.papermill import PapermillOperator\n"
        "PapermillOperator(task_id='a', input_nb='n.ipynb', output_nb='o', parameters={'data': 'a.csv', 'rows': 3})\n"
    },
}


@pytest.mark.parametrize("how", RUNS)
def test_a_run_gives_the_parameters_of_a_notebook(how: str) -> None:
    assert probed({"n.ipynb": NOTEBOOK, **RUNS[how]}) == PASSED


def test_without_a_run_parameters_have_their_defaults() -> None:
    resolver = resolved({"n.ipynb": NOTEBOOK})
    facts = resolver.facts("n.ipynb")
    (first, _) = (one for one in facts.calls if facts.exprs[one.function][:2] == ("name", "probe"))
    assert resolver.values("n.ipynb", first.arguments[0]) == (Literal("d.csv", "default"),)


def test_a_parameter_keeps_its_default_inside_its_cell_and_what_is_set_again_is_no_parameter() -> None:
    text = notebook(("data = 'd'\npath = data + '.csv'\n", "parameters"), "probe(path)\ndata = 'own'\nprobe(data)\n")
    assert probed({"n.ipynb": text, "run.sh": "papermill n.ipynb - -p data a\n"}) == [["'d.csv'"], ["'own'"]]


def test_functions_see_what_a_run_gives() -> None:
    text = notebook(DEFAULTS, "def load():\n    return data\nprobe(load())\n")
    assert probed({"n.ipynb": text, "run.sh": "papermill n.ipynb - -p data a.csv\n"}) == [["'a.csv'", "'d.csv'"]]


def test_a_name_no_cell_sets_has_what_a_run_gives_and_one_that_a_later_cell_sets_does_not() -> None:
    text = notebook("data = 'own.csv'\nprobe(data)\nprobe(extra)\n")
    given_ones = {"n.ipynb": text, "run.sh": "papermill n.ipynb - -p data a.csv -p extra e.csv\n"}
    assert probed(given_ones) == [["'own.csv'"], ["'e.csv'"]]


def test_what_an_earlier_run_injected_is_replaced_by_the_next() -> None:
    injected = ("data = 'old.csv'\nextra = 'old.txt'\n", "injected-parameters")
    text = notebook(DEFAULTS, injected, PROBES, "probe(extra)\n")
    run = {"run.sh": "papermill n.ipynb - -p data a.csv\n"}
    assert probed({"n.ipynb": text, **run}) == [["'a.csv'", "'d.csv'"], ["1"], ["?"]]
    assert probed({"n.ipynb": text}) == [["'d.csv'"], ["1"], ["?"]]
    assert probed({"n.ipynb": notebook(injected, "probe(data)\n"), **run}) == [["'a.csv'"]]
    own = notebook(injected, "data = 'own.csv'\nprobe(data)\n")
    assert probed({"n.ipynb": own, **run}) == [["'own.csv'"]]


SCRIPTS = {
    "percent": '# %% tags=["{tag}"]\n{code}\n# %% [markdown]\n# # Fit\n',
    "percent with a title and other tags": '# %% Given tags=["remove-input", "{tag}"]\n{code}\n# %%\n',
    "percent with json": '# %% {{"tags": ["{tag}"]}}\n{code}\n# - a note\n# %%\n',
    "light": '# + tags=["{tag}"]\n{code}\n# -\n\n',
    "light with json": '# + {{"tags": ["{tag}"], "slideshow": {{}}}}\n{code}\n# +\n',
}


@pytest.mark.parametrize("form", SCRIPTS)
def test_a_script_that_stands_for_a_notebook_has_its_tagged_cells(form: str) -> None:
    defaults = SCRIPTS[form].format(tag="parameters", code="data = 'd.csv'\nrows = 1")
    injected = SCRIPTS[form].format(tag="injected-parameters", code="# given\ndata = 'old.csv'\nextra = {\n  'a': 1\n}")
    own = "kept = 'own.csv'\nprobe(data)\nprobe(extra)\nprobe(kept)\n"
    assert probed({"n.py": defaults + injected + own}, "n.py") == [["'d.csv'"], ["?"], ["'own.csv'"]]


def test_what_a_run_injected_says_why_it_is_not_known() -> None:
    resolver = resolved({"n.ipynb": notebook(("data = 'old.csv'\n", "injected-parameters"), "probe(data)\n")})
    (call,) = resolver.facts("n.ipynb").calls
    assert resolver.values("n.ipynb", call.arguments[0]) == unknown("a run injects it")


def test_words_are_typed_as_papermill_types_them() -> None:
    cells = notebook(("a = b = c = d = None\n", "parameters"), "probe(a)\nprobe(b)\nprobe(c)\nprobe(d)\n")
    run = "papermill n.ipynb - -p a True -r b 7 -p c 1.5 -y '{d: [1, 2]}'\n"
    assert probed({"n.ipynb": cells, "run.sh": run}) == [["True"], ["'7'"], ["1.5"], ["[1, 2]"]]


def test_the_raw_option_goes_over_the_plain_one_and_that_over_texts_and_files() -> None:
    run = "papermill n.ipynb - -r data r.csv -p data p.csv -y 'data: y.csv' -f p.yaml -p rows 3 -y 'rows: 5'\n"
    files = {"n.ipynb": NOTEBOOK, "run.sh": run, "p.yaml": "data: f.csv\n"}
    assert probed(files) == [["'d.csv'", "'r.csv'"], ["1", "3"]]


@pytest.mark.parametrize(
    "run",
    [
        {"run.sh": "papermill n.ipynb - -f missing.yaml\n"},
        {"x.py": "import papermill\ndef f(x):\n    papermill.execute_notebook('n.ipynb', '-', parameters=x)\n"},
    ],
)
def test_parameters_that_did_not_resolve_may_be_anything(run: dict[str, str]) -> None:
    assert probed({"n.ipynb": NOTEBOOK, **run}) == [["'d.csv'", "?"], ["1", "?"]]


def test_the_notebook_that_a_run_writes_is_not_run() -> None:
    files = {"n.ipynb": NOTEBOOK, "out.ipynb": NOTEBOOK, "run.sh": "papermill n.ipynb out.ipynb -p data a.csv\n"}
    lines = CommandLines(resolved(files))
    assert lines.started() == ("n.ipynb",)


@pytest.mark.parametrize(
    ("name", "is_meant"),
    [("/opt/airflow/jobs/train.ipynb", True), ("/opt/other/train.ipynb", False), ("jobs/train.ipynb", True)],
)
def test_a_notebook_of_another_machine_is_meant_by_its_folder_and_name(name: str, *, is_meant: bool) -> None:
    dag = (
        "from airflow.providers.papermill.operators.papermill import PapermillOperator\n"
        f"PapermillOperator(task_id='a', input_nb='{name}', output_nb='o', parameters={{'data': 'a.csv'}})\n"
    )
    found = probed({"work/jobs/train.ipynb": NOTEBOOK, "dags/d.py": dag}, "work/jobs/train.ipynb")
    assert found[0] == (["'a.csv'", "'d.csv'"] if is_meant else ["'d.csv'"])


def test_a_function_or_an_import_in_the_cell_of_parameters_is_none() -> None:
    text = notebook(("import json\ndef data():\n    return 'own.csv'\n", "parameters"), "probe(data())\n")
    assert probed({"n.ipynb": text, "run.sh": "papermill n.ipynb - -p data a.csv\n"}) == [["'own.csv'"]]


def test_parameters_count_as_options_of_the_repository() -> None:
    files = {"n.ipynb": NOTEBOOK, "run.sh": "papermill n.ipynb - -p data a.csv\n"}
    counted = [(site.path, [say(one) for one in values]) for site, values in resolved(files).given_options()]
    assert counted == [("n.ipynb", ["'a.csv'"]), ("n.ipynb", ["1"])]


def test_an_explanation_names_the_parameter_the_runs_and_the_default() -> None:
    files = {"n.ipynb": NOTEBOOK, "run.sh": "set -e\npapermill n.ipynb - -p data a.csv\n"}
    resolver = resolved(files)
    facts = resolver.facts("n.ipynb")
    line = next(one.span.line for one in facts.calls if facts.exprs[one.function][:2] == ("name", "probe"))
    told = "\n".join(explain(resolver, "n.ipynb", line))
    assert "`data` is a parameter of the notebook" in told
    assert "the run at run.sh:2 gives it" in told
    assert "`data` is assigned `'d.csv'`" in told


def test_notebooks_that_run_each_other_come_to_an_end() -> None:
    text = "import papermill as pm\npm.execute_notebook(data, 'o', parameters={'data': data})\nprobe(data)\n"
    files = {
        "n.ipynb": notebook(("data = 'm.ipynb'\n", "parameters"), text),
        "m.ipynb": notebook(("data = 'n.ipynb'\n", "parameters"), text),
    }
    assert "'m.ipynb'" in probed(files)[0]


@given(
    st.lists(st.sampled_from(["-p", "-r", "-y", "--cwd", "-k", "a.ipynb", "x", "1", "--log-output", "-"]), max_size=9)
)
def test_the_parameters_of_a_line_are_read_alike_without_its_other_words(words: list[str]) -> None:
    assert papermill.given(papermill.parameters(words)) == papermill.given(words)


# -- %run


@pytest.mark.parametrize(
    ("magic", "script"),
    [
        ("%run ./setup", "nb/setup.ipynb"),
        ("%run ../common/setup.ipynb", "common/setup.ipynb"),
        ("%run -i setup.py x", "nb/setup.py"),
    ],
)
def test_a_notebook_has_the_names_of_what_it_runs(magic: str, script: str) -> None:
    names = "DATA = 'a.csv'\ndef load():\n    return 'b.csv'\n"
    content = notebook(names) if script.endswith(".ipynb") else names
    found = probed({script: content, "nb/n.ipynb": notebook(magic, "probe(DATA)\nprobe(load())\n")}, "nb/n.ipynb")
    assert found == [["'a.csv'"], ["'b.csv'"]]


def test_the_last_script_that_is_run_and_the_notebooks_own_names_win() -> None:
    files = {"a.py": "X = 'a'\nY = 'a'\n", "b.py": "X = 'b'\n"}
    text = notebook("%run a.py\n%run b.py\nY = 'own'\n", "probe(X)\nprobe(Y)\n")
    assert probed({**files, "n.ipynb": text}) == [["'b'"], ["'own'"]]


def test_notebooks_whose_runs_go_in_a_circle_come_to_an_end() -> None:
    files = {"n.ipynb": notebook("%run m.ipynb\nprobe(DATA)\n"), "m.ipynb": notebook("%run n.ipynb\n")}
    assert probed(files) == [["?"]]


# -- files and variables


def test_a_file_that_a_cell_writes_lies_beside_the_notebook() -> None:
    files = {
        "nb/n.ipynb": notebook("%%writefile src/lib.py\nDATA = 'a.csv'\n", "from src.lib import DATA\nprobe(DATA)\n")
    }
    assert resolved(files).program.python_paths() == ("nb/n.ipynb", "nb/src/lib.py")
    assert probed(files, "nb/n.ipynb") == [["'a.csv'"]]


@pytest.mark.parametrize("line", ["%env DATA=a.csv", "%env DATA a.csv", "%set_env DATA=a.csv", "%env DATA={name}.csv"])
def test_a_variable_that_a_magic_sets_is_in_the_environment(line: str) -> None:
    text = notebook("name = 'a'\n", f"{line}\n", "import os\nprobe(os.environ['DATA'])\n")
    assert probed({"n.ipynb": text}) == [["'a.csv'"]]


@pytest.mark.parametrize("value", ['{"a": 1}', "{class}", "a'b", "{x!", "\\N{", "$HOME/{", "{}"])
def test_whatever_a_magic_sets_a_variable_to_the_cell_stays_python(value: str) -> None:
    assert probed({"n.ipynb": notebook(f"%env V={value}\nprobe('read')\n")}) == [["'read'"]]


def test_a_command_of_a_cell_sees_the_variables_of_the_notebook() -> None:
    files = {"app.py": "import sys\nprobe(sys.argv[1])\n", "n.ipynb": notebook("d = 'a.csv'\n", "!python app.py $d\n")}
    assert probed(files, "app.py") == [["'a.csv'"]]


# -- Databricks

WIDGETS = (
    "dbutils.widgets.text('data', 'd.csv')\nprobe(dbutils.widgets.get('data'))\nprobe(dbutils.widgets.get('other'))\n"
)
BUNDLE = (
    "resources:\n  jobs:\n    a:\n      tasks:\n        - task_key: train\n          notebook_task:\n"
    "            notebook_path: {path}\n            base_parameters: {{data: a.csv, other: 'x'}}\n"
)


def test_a_widget_that_nobody_fills_has_its_default_and_else_is_an_option() -> None:
    assert probed({"jobs/train.py": WIDGETS}, "jobs/train.py") == [["'d.csv'"], ["f'{option:other}'"]]


@pytest.mark.parametrize(
    "run",
    [
        {"jobs/all.py": "dbutils.notebook.run('./train', 60, {'data': 'a.csv', 'other': 'x'})\n"},
        {
            "all.ipynb": notebook(
                "name = 'a'\n", "dbutils.notebook.run('jobs/train', 0, dict(data=name + '.csv', other='x'))\n"
            )
        },
        {"bundle/job.yml": BUNDLE.format(path="../jobs/train.py")},
        {"databricks.yml": BUNDLE.format(path="./jobs/train")},
    ],
)
def test_a_run_of_a_databricks_notebook_fills_its_widgets(run: dict[str, str]) -> None:
    assert probed({"jobs/train.py": WIDGETS, **run}, "jobs/train.py") == [["'a.csv'", "'d.csv'"], ["'x'"]]


@pytest.mark.parametrize(
    ("quartz", "status", "seconds"),
    [
        ("0 0 3 * * ?", "UNPAUSED", [86400]),
        ("0 30 6 ? * 2 *", "UNPAUSED", [7 * 86400]),
        ("0 30 6 ? * MON-FRI", "UNPAUSED", [3 * 86400]),
        ("0 0 3 * * ?", "PAUSED", []),
        ("often", "UNPAUSED", [None]),
    ],
)
def test_a_bundle_runs_its_notebooks_on_the_schedule_of_their_job(
    quartz: str, status: str, seconds: list[int | None]
) -> None:
    schedule = f"      schedule: {{quartz_cron_expression: '{quartz}', pause_status: {status}}}\n      tasks:"
    job = BUNDLE.format(path="jobs/train.py").replace("      tasks:", schedule)
    declared = resolved({"jobs/train.py": WIDGETS, "databricks.yml": job}).program.declarations()
    schedules = [one for one in declared if isinstance(one, Schedule)]
    assert [one.seconds for one in schedules] == seconds
    assert all(one.commands[0].words[1] == "jobs/train.py" for one in schedules)


def test_a_variable_of_a_bundle_is_an_input_of_whoever_deploys_it() -> None:
    job = BUNDLE.format(path="jobs/train.py").replace("a.csv", "${var.folder}/a.csv")
    found = probed(
        {"jobs/train.py": WIDGETS, "databricks.yml": job.replace("${", "'${").replace("csv,", "csv',")}, "jobs/train.py"
    )
    assert found[0] == ["'d.csv'", "f'{input:var.folder}/a.csv'"]


def test_the_parameters_of_a_job_go_over_those_of_its_task() -> None:
    job = BUNDLE.format(path="jobs/train.py").replace(
        "      tasks:", "      parameters: [{name: data, default: job.csv}]\n      tasks:"
    )
    found = probed({"jobs/train.py": WIDGETS, "databricks.yml": job}, "jobs/train.py")
    assert found == [["'d.csv'", "'job.csv'"], ["'x'"]]


def test_a_name_of_the_module_hides_what_the_notebook_server_provides() -> None:
    own = "class dbutils:\n    class widgets:\n        def get(name):\n            return 'own'\n"
    assert probed({"a.py": own + "probe(dbutils.widgets.get('data'))\n"}, "a.py") == [["'own'"]]


def test_a_databricks_source_has_the_names_of_what_it_runs() -> None:
    head = "# Databricks notebook source\n"
    files = {
        "jobs/00-setup.py": f"{head}DATA = 'a.csv'\n",
        "jobs/train.py": f'{head}# MAGIC %run "./00-setup"\n# COMMAND ----------\nprobe(DATA)\n',
    }
    assert probed(files, "jobs/train.py") == [["'a.csv'"]]
    assert probed({**files, "jobs/train.py": "# MAGIC %run ./00-setup\nprobe(DATA)\n"}, "jobs/train.py") == [["?"]]
