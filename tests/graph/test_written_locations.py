"""A finding about a dataset stands where its location is written, and its trace leads there from the read."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.graph.analysed import analysed

URL = "https://raw.githubusercontent.com/acme/shop/main/rows.csv"
FIT = "from sklearn.linear_model import Ridge\ndef fit(rows):\n    Ridge().fit(rows[['x']], rows['y'])\n"
READ = f"import pandas as pd\n{FIT}def load(where):\n    return pd.read_csv(where)\n"
CONFIG = (
    "import yaml\nwith open('conf.yaml') as file:\n    conf = yaml.safe_load(file)\nfit(load(conf['data']['url']))\n"
)
PARSER = "import argparse\np = argparse.ArgumentParser()\np.add_argument('--data'{})\nfit(load(p.parse_args().data))\n"
TYPER = (
    "import typer\napp = typer.Typer()\n@app.command()\ndef train(data: str = None):\n    fit(load(data))\n"
    "if __name__ == '__main__':\n    app()\n"
)
SCRIPT = f"#!/bin/bash\nexport DATA={URL}\npython train.py --data $DATA\n"
JOB = "name: nightly\nentrypoint: bash run.sh\nworking_dir: .\n"


def where(files: Mapping[str, str]) -> tuple[str, list[str]]:
    """Where the only finding stands, and the places of its trace from the read on."""
    (finding,) = analysed(dict(files)).run.findings
    places = [f"{step.location.path}:{step.location.line}" for step in finding.trace]
    read = next(number for number, step in enumerate(finding.trace) if step.text.startswith("reads"))
    return f"{finding.location.path}:{finding.location.line}", places[read:]


WRITTEN = [
    ("a variable of a script", {"train.py": READ + TYPER, "run.sh": SCRIPT}, "run.sh:2",
     ["train.py:6", "train.py:11", "train.py:10", "run.sh:3", "run.sh:2"]),
    ("a script that a job runs", {"train.py": READ + TYPER, "run.sh": SCRIPT, "job.yaml": JOB}, "run.sh:2",
     ["train.py:6", "train.py:11", "train.py:10", "run.sh:3", "job.yaml:2", "run.sh:2"]),
    ("the command itself", {"train.py": READ + PARSER.format(""), "run.sh": f"python train.py --data {URL}\n"},
     "run.sh:1", ["train.py:6", "train.py:10", "train.py:8", "run.sh:1"]),
    ("a default of an option", {"train.py": READ + PARSER.format(f", default='{URL}'")}, "train.py:9",
     ["train.py:6", "train.py:10", "train.py:8", "train.py:9"]),
    ("a constant of another module",
     {"conf.py": f"A = 1\nURL = '{URL}'\n", "train.py": f"from conf import URL\n{READ}fit(load(URL))\n"}, "conf.py:2",
     ["train.py:7", "train.py:8", "train.py:1", "conf.py:2"]),
    ("an environment file",
     {".env": f"A=1\nDATA={URL}\n", "train.py": f"import os\n{READ}fit(load(os.getenv('DATA')))\n"}, ".env:2",
     ["train.py:7", "train.py:8", "train.py:8", ".env:2"]),
    ("a configuration file", {"conf.yaml": f"data:\n  url: {URL}\n", "train.py": READ + CONFIG}, "conf.yaml:2",
     ["train.py:6", "train.py:10", "train.py:9", "conf.yaml:2"]),
]  # fmt: skip


@pytest.mark.parametrize(("files", "place", "steps"), [case[1:] for case in WRITTEN], ids=[case[0] for case in WRITTEN])
def test_a_finding_stands_where_the_location_is_written(files: dict[str, str], place: str, steps: list[str]) -> None:
    assert where(files) == (place, steps)


def test_a_read_that_holds_its_own_location_is_where_the_finding_stands() -> None:
    found = where({"train.py": f"import pandas as pd\n{FIT}fit(pd.read_csv('{URL}'))\n"})

    assert found == ("train.py:5", ["train.py:5"])


def test_data_that_a_command_only_evaluates_on_is_not_reported() -> None:
    held = URL.replace("rows", "held")
    source = (
        READ + "import typer\napp = typer.Typer()\n@app.command()\ndef train(data: str = None):\n    fit(load(data))\n"
        "@app.command()\ndef evaluate(data: str = None):\n    print(load(data))\n"
    )
    script = f"python train.py train --data {URL}\npython train.py evaluate --data {held}\n"

    (finding,) = analysed({"train.py": source, "run.sh": script}).run.findings

    assert (finding.location.path, finding.location.line) == ("run.sh", 1)


def test_a_place_of_the_trace_is_not_listed_again() -> None:
    (finding,) = analysed({"train.py": READ + TYPER, "run.sh": SCRIPT}).run.findings

    assert not {step.location for step in finding.related} & {step.location for step in finding.trace}


ASK = f"import pandas as pd\n{FIT}def ask(query):\n    return pd.read_sql(query, connection)\n"
QUERY = 'SHOP = "shop"\nQUERY = """SELECT * FROM {dataset}.rows"""\n'


@pytest.mark.parametrize(
    ("files", "place"),
    [
        (
            {"queries.py": QUERY, "train.py": f"{ASK}import queries\nfit(ask(queries.QUERY.format(dataset='shop')))\n"},
            "queries.py:2",
        ),
        (
            {"names.py": 'A = 1\nTABLE = "shop.rows"\n',
             "train.py": f"{ASK}from names import TABLE\nfit(ask(f'SELECT * FROM {{TABLE}}'))\n"},
            "names.py:2",
        ),
        ({"train.py": f"{ASK}QUERY = 'SELECT * FROM {{}}'\nfit(ask(QUERY.format('shop.rows')))\n"}, "train.py:7"),
    ],
    ids=["a template of the query", "the table alone", "the template before the table"],
)  # fmt: skip
def test_a_query_that_is_put_together_stands_where_its_template_or_its_table_is_written(
    files: dict[str, str], place: str
) -> None:
    assert where(files)[0] == place


def test_of_two_templates_that_fit_none_is_the_place() -> None:
    queries = "A = 'SELECT * FROM {}.rows'\nB = 'SELECT * FROM {}.{}'\n"
    code = f"{ASK}import queries\nfit(ask((queries.A if input() else queries.B).format('shop', 'rows')))\n"
    assert where({"queries.py": queries, "train.py": code})[0] == "train.py:8"


HYDRA = (
    "import hydra\n@hydra.main(config_path='conf', config_name='fit')\ndef main(cfg):\n    fit(load(cfg.data.url))\n"
)
COMPOSED = {
    "train.py": f"{READ}{HYDRA}main()\n",
    "conf/fit.yaml": "defaults:\n  - data: shop\n",
    "conf/data/shop.yaml": f"name: shop\nurl: {URL}\n",
}


def test_a_location_of_a_composed_configuration_stands_in_the_only_file_that_holds_it() -> None:
    assert where(COMPOSED) == (
        "conf/data/shop.yaml:2",
        ["train.py:6", "train.py:10", "train.py:9", "conf/data/shop.yaml:2"],
    )


def test_a_location_that_two_files_of_a_composition_hold_stands_in_none_of_them() -> None:
    assert where({**COMPOSED, "conf/data/other.yaml": f"url: {URL}\n"})[0] == "train.py:10"
