"""What Ploomber gives the scripts of a pipeline: `upstream`, `product` and parameters."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from mltradeoff_lint.resolve.explain import explain
from tests.resolve.words import resolved, say

PIPELINE = """\
tasks:
  - source: tasks/load.py
    product: {nb: output/load.ipynb, data: output/raw.csv}
  - source: tasks/fit.py
    name: train
    product: output/fit.ipynb
    params: {alpha: 2, folder: data}
"""
CELLS = "# %% tags=[\"parameters\"]\nupstream = ['load']\nproduct = None\nalpha = None\nfolder = None\n# %%\n"


def probed(files: Mapping[str, str], path: str) -> list[list[str]]:
    """What the argument of each `probe(...)` of a file can be, in words, sorted."""
    resolver = resolved(files)
    facts = resolver.facts(path)
    calls = [one for one in facts.calls if facts.exprs[one.function][:2] == ("name", "probe")]
    return [sorted(say(value) for value in resolver.values(path, call.arguments[0])) for call in calls]


def test_a_task_is_given_the_products_of_others_its_own_and_its_parameters() -> None:
    code = "probe(upstream['load']['data'])\nprobe(product)\nprobe(alpha)\nprobe(folder + '/a.csv')\n"
    files = {"shop/pipeline.yaml": PIPELINE, "shop/tasks/fit.py": CELLS + code}
    assert probed(files, "shop/tasks/fit.py") == [
        ["f'{repository root}/shop/output/raw.csv'"],
        ["f'{repository root}/shop/output/fit.ipynb'"],
        ["2"],
        ["'data/a.csv'"],
    ]


@pytest.mark.parametrize(
    ("source", "name"),
    [("load.py", "load"), ("sql/rows.sql", "rows"), ("rows.sql", "rows"), ("steps.raw.get", "get"), ("a.R", "a")],
)
def test_a_task_without_a_name_is_called_after_its_source(source: str, name: str) -> None:
    pipeline = PIPELINE.replace("tasks/load.py", source)
    files = {"pipeline.yaml": pipeline, "tasks/fit.py": f"{CELLS}probe(upstream['{name}']['data'])\n"}
    assert probed(files, "tasks/fit.py") == [["f'{repository root}/output/raw.csv'"]]


def test_what_was_injected_says_nothing_where_ploomber_gives_it() -> None:
    injected = "# %% tags=[\"injected-parameters\"]\nupstream = {'load': {'data': '/home/ada/raw.csv'}}\n# %%\n"
    files = {"pipeline.yaml": PIPELINE, "tasks/fit.py": CELLS + injected + "probe(upstream['load']['data'])\n"}
    assert probed(files, "tasks/fit.py") == [["f'{repository root}/output/raw.csv'"]]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("load.ipynb", "load.ipynb"), "upstream['other']['data']"),
        (("output/raw.csv", "'{{root}}/raw.csv'"), "upstream['load']['data']"),
        (("{nb: output/load.ipynb, data: output/raw.csv}", "[shop, rows, table]"), "upstream['load']"),
        (("params:", "grid: {alpha: [1, 2]}\n    params:"), "product"),
        (("alpha: 2", "alpha: '{{alpha}}'"), "alpha"),
    ],
)
def test_what_shows_at_run_time_only_is_not_known_and_says_why(change: tuple[str, str], code: str) -> None:
    resolver = resolved({"pipeline.yaml": PIPELINE.replace(*change), "tasks/fit.py": f"{CELLS}probe({code})\n"})
    (call,) = (one for one in resolver.facts("tasks/fit.py").calls)
    name = code.partition("[")[0]
    assert str(resolver.values("tasks/fit.py", call.arguments[0])).count(f"Ploomber gives `{name}`") == 1


def test_a_script_that_no_pipeline_runs_has_what_its_cell_says() -> None:
    files = {"pipeline.yaml": PIPELINE, "other.py": f"{CELLS}probe(upstream)\n"}
    assert probed(files, "other.py") == [["['load']"]]
    no_product = PIPELINE.replace("product:", "outputs:")
    assert probed({"pipeline.yaml": no_product, "tasks/fit.py": f"{CELLS}probe(upstream)\n"}, "tasks/fit.py") == [
        ["['load']"]
    ]


def test_an_explanation_names_the_pipeline() -> None:
    resolver = resolved({"pipeline.yaml": PIPELINE, "tasks/fit.py": f"{CELLS}probe(alpha)\n"})
    told = "\n".join(explain(resolver, "tasks/fit.py", 7))
    assert "`alpha` is a parameter of the notebook" in told
    assert "the run at pipeline.yaml:4 gives it" in told
