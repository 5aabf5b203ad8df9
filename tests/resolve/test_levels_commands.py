"""Options, environment and configuration: what parsers are told, what workflows fill in, what deployments pass."""

from __future__ import annotations

import pytest

from tests.resolve.words import probed

PARSER = "import argparse\np = argparse.ArgumentParser()\n"
PROGRAM = PARSER + "p.add_argument('--x')\nprobe(p.parse_args().x)\n"


def probe(files: dict[str, str] | str, path: str = "app.py") -> list[str]:
    """What the argument of the only `probe(...)` of a linked repository can be, in words."""
    return probed({"app.py": files} if isinstance(files, str) else files, path)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("p.add_argument('--x', default='a')\np.set_defaults(x='b')\nprobe(p.parse_args().x)\n", ["'b'"]),
        ("p.set_defaults(x='b')\np.add_argument('--x', default='a')\nprobe(p.parse_args().x)\n", ["'a'"]),
        ("p.set_defaults(x='b')\np.add_argument('--x')\nprobe(p.parse_args().x)\n", ["'b'"]),
        ("p.set_defaults(x='b')\nprobe(p.parse_args().x)\n", ["'b'"]),
        ("p.add_argument('--x', default='a')\nprobe(p.parse_args(['--x', 'b']).x)\n", ["'b'"]),
        ("p.add_argument('--x', default='a')\nprobe(p.parse_args([]).x)\n", ["'a'"]),
        ("p.add_argument('--x', type=int)\nprobe(p.parse_args(['--x', '3']).x)\n", ["3"]),
        ("p.add_argument('x', nargs='+')\nprobe(p.parse_args(['a', 'b']).x)\n", ["['a', 'b']"]),
    ],
)
def test_a_parser_takes_what_code_tells_it(source: str, expected: list[str]) -> None:
    assert probe(PARSER + source) == expected


def test_words_in_code_replace_those_of_the_command_line() -> None:
    source = PARSER + "p.add_argument('--x')\nprobe(p.parse_args(['--x', 'b']).x)\n"

    assert probe({"app.py": source, "run.sh": "python app.py --x c\n"}) == ["'b'"]


def test_a_function_that_a_sub_command_sets_is_given_the_parsed_arguments() -> None:
    source = PARSER + (
        "s = p.add_subparsers()\nq = s.add_parser('train')\nq.add_argument('--x')\n"
        "def train(args):\n    probe(args.x)\nq.set_defaults(func=train)\nargs = p.parse_args()\nargs.func(args)\n"
    )

    assert probe({"app.py": source, "run.sh": "python app.py train --x b\n"}) == ["'b'"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("@click.option('--x', default=lambda: 'a')\n", ["'a'"]),
        ("@click.option('--x', default=chosen)\n", ["'a'"]),
        ("@click.option('--x', is_flag=True)\n", ["False"]),
    ],
)
def test_an_option_without_words_has_the_default_that_click_makes(source: str, expected: list[str]) -> None:
    code = (
        f"import click\ndef chosen():\n    return 'a'\n@click.command()\n{source}def main(x):\n    probe(x)\nmain()\n"
    )

    assert probe(code) == expected


def test_the_variable_of_an_annotated_option_comes_before_its_default() -> None:
    source = (
        "import typer\nfrom typing import Annotated\napp = typer.Typer()\n@app.command()\n"
        "def main(x: Annotated[str, typer.Option(envvar='K')] = 'a'):\n    probe(x)\napp()\n"
    )

    assert probe({"app.py": source, ".env": "K=b\n"}) == ["'a'", "'b'"]
    assert probe(source) == ["'a'"]


@pytest.mark.parametrize(
    ("makefile", "expected"),
    [
        ("run: X=b\nrun:\n\tpython app.py --x $(X)\n", ["'b'"]),
        ("a: X=b\na:\n\tpython app.py --x $(X)\nc: X=d\nc:\n\tpython app.py --x $(X)/q\n", ["'b'", "'d/q'"]),
        ("PYTHON=uv run python\nrun:\n\t$(PYTHON) app.py --x b\n", ["'b'"]),
        ("PYTHON ?= python3\nDIR = .\nrun:\n\t$(PYTHON) $(DIR)/app.py --x b\n", ["'b'"]),
        ("SUDO=\nrun:\n\t$(SUDO) python app.py --x b\n", ["'b'"]),
    ],
)
def test_variables_of_a_makefile_may_name_the_program_and_belong_to_a_target(
    makefile: str, expected: list[str]
) -> None:
    assert probe({"app.py": PROGRAM, "Makefile": makefile}) == expected


def test_a_program_whose_name_is_not_known_is_not_started() -> None:
    assert probe({"app.py": PROGRAM, "run.sh": "$TOOL app.py --x b\n"}) == ["Library"]


@pytest.mark.parametrize(
    ("strategy", "word", "expected"),
    [
        ("matrix:\n        d: [b, c]", "matrix.d", ["'b'", "'c'"]),
        ("matrix:\n        include:\n        - d: b\n        - d: c", "matrix.d", ["'b'", "'c'"]),
        ("matrix:\n        d: [{n: b}, {n: c}]", "matrix.d.n", ["'b'", "'c'"]),
        ("matrix:\n        d: ${{ fromJson(needs.a.outputs.b) }}", "matrix.d", ["f'{input:matrix.d}'"]),
        ("matrix:\n        d: [b, '${{ inputs.e }}']", "matrix.d", ["f'{input:matrix.d}'"]),
        ("fail-fast: true", "inputs.d", ["'e'"]),
        ("fail-fast: true", "inputs.other", ["f'{input:other}'"]),
    ],
)
def test_expressions_of_a_workflow_are_its_matrix_and_its_inputs(strategy: str, word: str, expected: list[str]) -> None:
    workflow = (
        "on:\n  workflow_dispatch:\n    inputs:\n      d: {default: e}\njobs:\n  a:\n    runs-on: x\n"
        f"    strategy:\n      {strategy}\n    steps:\n    - run: python app.py --x ${{{{ {word} }}}}\n"
    )

    assert probe({"app.py": PROGRAM, ".github/workflows/w.yml": workflow}) == expected


def test_a_stage_has_variables_of_its_own() -> None:
    pipeline = (
        "vars:\n- d: b\nstages:\n  one:\n    vars:\n    - d: c\n    cmd: python app.py --x ${d}\n"
        "  two:\n    cmd: python app.py --x ${d}/q\n"
    )

    assert probe({"app.py": PROGRAM, "dvc.yaml": pipeline}) == ["'b/q'", "'c'"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("python app.py -m data=a,b", ["'a'", "'b'"]),
        ("python app.py --multirun data=a,b", ["'a'", "'b'"]),
        ("python app.py 'data=[a,b]'", ["Literal"]),
        ("python app.py data=b", ["'b'"]),
    ],
)
def test_an_override_with_several_values_is_several_runs(line: str, expected: list[str]) -> None:
    source = (
        "import hydra\n@hydra.main(version_base=None, config_path='conf', config_name='c')\n"
        "def main(cfg):\n    probe(cfg.data)\nmain()\n"
    )
    found = probe({"app.py": source, "conf/c.yaml": "data: x\n", "run.sh": f"{line}\n"})

    assert found == expected or (expected == ["Literal"] and found == ["'[a,b]'"])


def test_a_template_of_an_operator_has_holes() -> None:
    source = (
        "from airflow.operators.python import PythonOperator\ndef f(x):\n    probe(x)\n"
        "PythonOperator(task_id='t', python_callable=f, op_kwargs={'x': 'data/{{ ds }}.csv'})\n"
    )

    assert probe(source) == ["f'data/{input:ds}.csv'"]


FLOW = "from prefect import flow\n@flow\ndef go(x='a', y='k'):\n    probe(%s)\n"
DEPLOYMENT = "deployments:\n- name: d\n  entrypoint: flows/app.py:go\n  parameters:\n    x: b\n"


@pytest.mark.parametrize(("name", "expected"), [("x", ["'a'", "'b'"]), ("y", ["'k'"])])
def test_a_deployment_gives_its_flow_parameters(name: str, expected: list[str]) -> None:
    assert probe({"flows/app.py": FLOW % name, "prefect.yaml": DEPLOYMENT}, "flows/app.py") == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({".env": "R=r\nK=${R}/x\n"}, ["'r/x'"]),
        ({".env": "K=${R}/x\nR=r\n"}, ["f'{env:R}/x'"]),
        ({".env": "R=r\nK=$(cat ${R})\n"}, ["f'{env:K}'"]),
        ({"Dockerfile": "FROM python\nARG V=y\nENV K=$V/x\nCOPY . .\nCMD python app.py\n"}, ["'y/x'"]),
        ({"Dockerfile": "FROM python\nARG V\nENV K=$V/x\nCOPY . .\nCMD python app.py\n"}, ["f'{env:K}'"]),
    ],
)
def test_a_variable_may_be_made_of_those_before_it(files: dict[str, str], expected: list[str]) -> None:
    assert probe({"app.py": "import os\nprobe(os.environ['K'])\n", **files}) == expected


def test_a_variable_that_code_sets_where_it_is_missing_has_that_value() -> None:
    assert probe("import os\nos.environ.setdefault('K', 'x')\nprobe(os.environ['K'])\n") == ["'x'"]


@pytest.mark.parametrize(
    "put",
    [
        "self.__dict__.update(given)",
        "vars(self).update(given)",
        "for key, value in given.items():\n            setattr(self, key, value)",
    ],
)
def test_attributes_that_are_set_by_name_are_those_that_are_given(put: str) -> None:
    source = f"class C:\n    def __init__(self, **given):\n        {put}\n"

    assert probe(source + "probe(C(p='x', q='y').p)\n") == ["'x'"]
    assert probe(source + "probe(C(q='y').p)\n") == ["?"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("for i, v in enumerate(['a', 'b'], start=1):\n    probe(f'{i}{v}')\n", ["'1a'", "'2b'"]),
        ("for i in range(2):\n    probe(f'{i}.csv')\n", ["'0.csv'", "'1.csv'"]),
        ("for i in range(100):\n    probe(f'{i}.csv')\n", ["f'{i}.csv'"]),
        ("from itertools import chain\nfor v in chain(['a'], ['b']):\n    probe(v)\n", ["'a'", "'b'"]),
        (
            "from itertools import product\nfor a, b in product(['a', 'b'], ['1']):\n    probe(a + b)\n",
            ["'a1'", "'b1'"],
        ),
        ("from pathlib import Path\np = Path('a')\np /= 'x.csv'\nprobe(p)\n", ["'a/x.csv'"]),
    ],
)
def test_iterables_that_are_made_have_the_elements_they_are_made_of(source: str, expected: list[str]) -> None:
    assert probe(source) == expected
