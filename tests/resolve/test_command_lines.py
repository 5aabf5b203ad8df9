"""What the command lines of a repository give to options, arguments and `sys.argv`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.command_line.signatures import MANY, Signature, parse
from mltradeoff_lint.resolve.domain import Function
from tests.resolve.words import probed, resolved

ARGV = "import sys\nprobe(sys.argv[1])\n"
PARSER = "import argparse\np = argparse.ArgumentParser()\np.add_argument('--data')\nprobe(p.parse_args().data)\n"

# -- where command lines stand

SOURCES = {
    "shell script": {"run.sh": "python app.py d.csv\n"},
    "makefile": {"Makefile": "DATA ?= d.csv\ntrain:\n\tpython app.py $(DATA)\n"},
    "makefile variable of a variable": {"Makefile": "train:\n\tpython app.py $(DATA)\nNAME = d\nDATA := $(NAME).csv\n"},
    "dvc": {"dvc.yaml": "stages:\n  a:\n    cmd: python app.py d.csv\n"},
    "dvc parameter": {
        "dvc.yaml": "stages:\n  a:\n    cmd: python app.py ${x.data}\n",
        "params.yaml": "x: {data: d.csv}\n",
    },
    "dvc vars": {"dvc.yaml": "vars:\n  - data: d.csv\nstages:\n  a:\n    cmd: python app.py ${data}\n"},
    "dvc foreach": {"dvc.yaml": "stages:\n  a:\n    foreach: [d]\n    do:\n      cmd: python app.py ${item}.csv\n"},
    "dockerfile": {"Dockerfile": 'FROM python:3.11\nCOPY . .\nCMD ["python", "app.py", "d.csv"]\n'},
    "entry point and cmd": {"Dockerfile": 'FROM a:1\nCOPY . .\nENTRYPOINT ["python", "app.py"]\nCMD ["d.csv"]\n'},
    "compose": {"compose.yaml": "services:\n  a:\n    build: .\n    command: python app.py d.csv\n"},
    "procfile": {"Procfile": "worker: python app.py d.csv\n"},
    "workflow": {
        ".github/workflows/a.yml": "on: push\nenv: {D: d.csv}\njobs:\n  a:\n    steps:\n      - run: python app.py $D\n"
    },
    "workflow expression": {
        ".github/workflows/a.yml": "on: push\nenv: {D: d.csv}\njobs:\n  a:\n    steps:\n"
        "      - run: python app.py ${{ env.D }}\n"
    },
    "manifest": {
        "job.yaml": "apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec:\n  template:\n    spec:\n"
        "      containers:\n"
        "        - command: [python, app.py]\n          args: [$(D)]\n          env: [{name: D, value: d.csv}]\n"
    },
    "ray job": {"job.yaml": "name: a\nentrypoint: python app.py d.csv\nworking_dir: .\n"},
    "script behind a ray job": {
        "job.yaml": "entrypoint: bash run.sh d.csv\nworking_dir: .\n",
        "run.sh": "python app.py $1\n",
    },
    "list for a process": {"b.py": "import subprocess, sys\nsubprocess.run([sys.executable, 'app.py', 'd.csv'])\n"},
    "text for a process": {"b.py": "import os\nname = 'd'\nos.system(f'python app.py {name}.csv')\n"},
    "list that grows": {"b.py": "import subprocess\nc = ['python', 'app.py']\nc.append('d.csv')\nsubprocess.call(c)\n"},
    "operator": {
        "b.py": "from airflow.operators.bash import BashOperator\n"
        "BashOperator(task_id='a', bash_command='python app.py d.csv')\n"
    },
    "operator of a container": {
        "b.py": "from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator as Pod\n"
        "Pod(task_id='a', cmds=['python', 'app.py'], arguments=['d.csv'])\n"
    },
    "job with inputs": {
        "b.py": "from azure.ai.ml import Input, command\n"
        "command(command='python app.py ${{inputs.rows}}', inputs={'rows': Input(path='d.csv')})\n"
    },
    "job file with inputs": {
        "jobs/a.yml": "$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json\ncode: ..\n"
        "command: >-\n  python app.py ${{inputs.rows}}\ninputs: {rows: {type: uri_file, path: d.csv}}\n"
    },
    "job file of a pipeline": {
        "jobs/a.yml": "$schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json\n"
        "inputs: {all: d.csv}\njobs:\n  one:\n    code: ..\n    command: python app.py ${{inputs.rows}}\n"
        "    inputs:\n      rows: ${{parent.inputs.all}}\n"
    },
    "script named by an expression": {
        "b.py": "from azureml.pipeline.steps import PythonScriptStep\nclass E:\n    script = 'app.py'\n"
        "PythonScriptStep(script_name=E.script, arguments=['d.csv'])\n"
    },
    "notebook": {
        "b.ipynb": '{"cells": [{"cell_type": "code", "source": ["name = \\"d\\"\\n", "!python app.py {name}.csv"]}],'
        ' "metadata": {}, "nbformat": 4}'
    },
    "notebook run": {"b.ipynb": '{"cells": [{"cell_type": "code", "source": ["%run app.py d.csv"]}], "nbformat": 4}'},
    "container that is started": {"run.sh": "docker run --rm image:1 python app.py d.csv\n"},
    "submitted job": {"run.sh": "ray job submit --working-dir . -- python app.py d.csv\n"},
    "launcher": {"run.sh": "torchrun --nproc_per_node 8 app.py d.csv\n"},
    "environment tool": {"run.sh": "uv run python app.py d.csv\n"},
}


@pytest.mark.parametrize("name", SOURCES)
def test_an_argument_is_bound_by_the_command_line_that_passes_it(name: str) -> None:
    assert probed({"app.py": ARGV, **SOURCES[name]}) == ["'d.csv'"]


def test_an_installed_program_runs_its_module() -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/app.py": "import sys\ndef main():\n    probe(sys.argv[1])\n",
        "pyproject.toml": '[project]\nname = "x"\n[project.scripts]\nshop = "pkg.app:main"\n',
        "run.sh": "shop d.csv\n",
    }

    assert probed(files, "pkg/app.py") == ["'d.csv'"]


def test_a_module_is_started_by_its_dotted_name() -> None:
    files = {"pkg/__init__.py": "", "pkg/app.py": ARGV, "run.sh": "python -m pkg.app d.csv\n"}

    assert probed(files, "pkg/app.py") == ["'d.csv'"]


def test_the_words_behind_a_program_are_a_list_that_starts_with_the_program() -> None:
    source = "import sys\nname, first, *rest = sys.argv\nprobe((first, sys.argv[2:], sys.argv[-1]))\n"

    assert probed({"app.py": source, "run.sh": "python app.py a b c\n"}) == ["['a', ['b', 'c'], 'c']"]


def test_arguments_that_nobody_passes_are_not_known() -> None:
    assert probed({"app.py": ARGV}) == ["Library"]


def test_command_lines_of_tests_say_nothing() -> None:
    assert probed({"app.py": PARSER, "tests/run.sh": "python app.py --data d.csv\n"}) == ["Library"]


# -- variables of scripts

SCRIPTS = [
    ("D=a.csv\nD=b.csv\npython app.py $D\n", ["'b.csv'"]),
    ("D=a.csv\nif [ -f x ]; then\n  D=b.csv\nfi\npython app.py $D\n", ["'a.csv'", "'b.csv'"]),
    ("if [ -f x ]; then D=a.csv; else D=b.csv; fi\npython app.py $D\n", ["'a.csv'", "'b.csv'"]),
    ("D=a.csv\n[ -f x ] && D=b.csv\npython app.py $D\n", ["'a.csv'", "'b.csv'"]),
    ("for d in a b; do python app.py $d.csv; done\n", ["'a.csv'", "'b.csv'"]),
    ("D=a.csv python app.py $E\n", ["f'{env:E}'"]),
    ("R=s3://b\nexport D=$R/a.csv\npython app.py ${D}\n", ["'s3://b/a.csv'"]),
    ("D=a\nD=$D/b.csv\npython app.py $D\n", ["'a/b.csv'"]),
    ("D=$D/b.csv\npython app.py $D\n", ["f'{env:D}/b.csv'"]),
    ("python app.py ${D:-a.csv}\n", ["'a.csv'"]),
    ("python app.py $(date +%F).csv\n", ["f'{command output}.csv'"]),
    ("python app.py $(pwd)/a.csv\n", ["'./a.csv'"]),
    ("A=$(python -c \"f(g(h('x')))\")\npython app.py $A.csv\n", ["f'{A}.csv'"]),
    ("A=$(python -c \"f(g(h(i(j()))))\")\npython app.py $A\n", ["f'{A}'"]),
    ("export A=$(a)\nB=$(b)\nC=$A/c\npython app.py $A/$B/$C\n", ["f'{A}/{B}/{A}/c'"]),
    ("A=$(a)-$(b)\npython app.py $A\n", ["f'{A[1]}-{A[2]}'"]),
    ("A=`a`\npython app.py $A/x\n", ["f'{A}/x'"]),
    ("python app.py \"$1\"\n", ["f'{option:1}'"]),
    ("python app.py ${1:-a.csv}\n", ["'a.csv'"]),
]  # fmt: skip


@pytest.mark.parametrize(("script", "expected"), SCRIPTS)
def test_a_variable_has_the_values_that_can_reach_the_command(script: str, expected: list[str]) -> None:
    assert probed({"app.py": ARGV, "run.sh": script}) == expected


def test_a_script_gives_its_exports_and_words_to_the_script_it_runs() -> None:
    files = {
        "app.py": "import sys\nprobe((sys.argv[1], sys.argv[2], sys.argv[3]))\n",
        "jobs/all.sh": "export A=a.csv\nB=b.csv\nbash jobs/one.sh c.csv\n",
        "jobs/one.sh": "python app.py $A $B $1\n",
    }

    assert probed(files) == ["['a.csv', f'{env:B}', 'c.csv']"]


def test_a_sourced_script_gives_all_its_variables() -> None:
    files = {"app.py": ARGV, "env.sh": "D=d.csv\n", "run.sh": "source env.sh\npython app.py $D\n"}

    assert probed(files) == ["'d.csv'"]


RECURSIVE = {
    "itself": {"run.sh": "python app.py $1\nbash run.sh $1.x\n"},
    "one another": {"run.sh": "bash b.sh\n", "b.sh": "bash run.sh\npython app.py d.csv\n"},
    "variables in a circle": {"run.sh": "A=$B\nB=$A\nC=$C\npython app.py $A$B$C\n"},
    "a source of itself": {"run.sh": "source run.sh\npython app.py d.csv\n"},
    "a makefile": {"Makefile": "A = $(B)\nB = $(A)\nall:\n\t$(MAKE) all\n\tpython app.py $(A)\n"},
    "a program that starts itself": {
        "b.py": "import subprocess, sys\nsubprocess.run(['python', 'b.py', sys.argv[1]])\n"
        "subprocess.run(['python', 'app.py', sys.argv[1]])\n"
    },
    "parameters in a circle": {
        "dvc.yaml": "stages:\n  a:\n    cmd: python app.py ${x}\n",
        "params.yaml": "x: ${y}\ny: ${x}\n",
    },
}


@pytest.mark.parametrize("name", RECURSIVE)
def test_what_leads_back_to_itself_ends(name: str) -> None:
    assert probed({"app.py": ARGV, **RECURSIVE[name]})


# -- options of parsers


def test_a_flag_without_a_value_does_not_take_the_word_behind_it() -> None:
    source = (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('-v', '--verbose', action='store_true')\n"
        "p.add_argument('--n', type=int, default=1)\np.add_argument('-o')\np.add_argument('data')\n"
        "p.add_argument('more', nargs='*')\n"
        "a = p.parse_args()\nprobe((a.verbose, a.n, a.data, a.o, a.more))\n"
    )
    files = {"app.py": source, "run.sh": "python app.py -v --n=3 -o out.csv d.csv e.csv f.csv\n"}

    assert probed(files) == ["[True|False, 3|1, 'd.csv', 'out.csv', ['e.csv', 'f.csv']]"]


def test_a_word_behind_an_unknown_option_is_no_argument() -> None:
    source = (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('data')\n"
        "a, _ = p.parse_known_args()\nprobe(a.data)\n"
    )

    assert probed({"app.py": source, "run.sh": "python app.py --unknown x d.csv\n"}) == ["Library"]


def test_each_sub_command_has_its_own_options() -> None:
    source = (
        "import argparse\np = argparse.ArgumentParser()\ns = p.add_subparsers(dest='command')\n"
        "t = s.add_parser('train')\nt.add_argument('--data')\nt.set_defaults(rate=0.5)\n"
        "e = s.add_parser('evaluate')\ne.add_argument('--held')\na = p.parse_args()\nprobe((a.data, a.held))\n"
    )
    files = {
        "app.py": source,
        "run.sh": "python app.py train --data a.csv --held no\npython app.py evaluate --held b.csv --data no\n",
    }

    assert probed(files) == ["['a.csv', 'b.csv']"]


def test_options_may_be_added_by_a_function_of_another_module() -> None:
    files = {
        "options.py": "def add(parser):\n    group = parser.add_argument_group('x')\n"
        "    group.add_argument('--data')\n",
        "app.py": "import argparse\nfrom options import add\np = argparse.ArgumentParser()\nadd(p)\n"
        "probe(p.parse_args().data)\n",
        "run.sh": "python app.py --data d.csv\n",
    }

    assert probed(files) == ["'d.csv'"]


def test_a_parser_in_a_module_of_its_own_takes_the_lines_of_the_only_program_that_imports_it() -> None:
    files = {
        "options.py": "import argparse\ndef parse():\n    p = argparse.ArgumentParser()\n    p.add_argument('--data')\n"
        "    return p.parse_args()\n",
        "app.py": "from options import parse\nargs = parse()\nprobe(args.data)\n",
        "run.sh": "python app.py --data d.csv\n",
    }

    assert probed(files) == ["'d.csv'"]
    two = {
        **files,
        "other.py": "from options import parse\nprint(parse().data)\n",
        "b.sh": "python other.py --data e.csv\n",
    }
    assert probed(two) == ["Library"]


def test_parsed_arguments_are_a_dict_as_well() -> None:
    source = (
        "import argparse\ndef run(data, rate=None):\n    probe((data, rate))\n"
        "p = argparse.ArgumentParser()\np.add_argument('--data')\np.add_argument('--rate', type=float)\n"
        "run(**vars(p.parse_args()))\n"
    )

    assert probed({"app.py": source, "run.sh": "python app.py --data d.csv --rate 1e-3\n"}) == ["['d.csv', 0.001]"]


def test_parameters_of_a_training_job_are_options_of_its_program() -> None:
    job = (
        "from sagemaker.pytorch import PyTorch\nh = {'data': 'd.csv'}\n"
        "PyTorch(entry_point='app.py', source_dir='.', hyperparameters=h)\n"
    )

    assert probed({"app.py": PARSER, "job.py": job}) == ["'d.csv'"]


def test_an_operator_gives_its_function_what_stands_beside_it() -> None:
    source = (
        "from airflow.operators.python import PythonOperator\ndef load(data, n):\n    probe((data, n))\n"
        "PythonOperator(task_id='a', python_callable=load, op_args=['d.csv'], op_kwargs={'n': 3})\n"
    )

    assert probed({"app.py": source}) == ["['d.csv', 3]"]


def test_a_namespace_holds_what_it_is_given() -> None:
    assert probed({"app.py": "import argparse\na = argparse.Namespace(data='d.csv')\nprobe(a.data)\n"}) == ["'d.csv'"]


def test_flags_of_absl_are_read_from_the_flags_object_and_from_what_defines_them() -> None:
    source = (
        "from absl import flags\nFLAGS = flags.FLAGS\nflags.DEFINE_string('data', 'a.csv', 'where')\n"
        "N = flags.DEFINE_integer('n', 1, 'how many')\nprobe((FLAGS.data, N.value))\n"
    )

    assert probed({"app.py": source, "run.sh": "python app.py --data=d.csv\n"}) == ["['d.csv'|'a.csv', 1]"]


OBJECTS = [
    "from transformers import HfArgumentParser\nfrom other import B\n"
    "b, a = HfArgumentParser((B, A)).parse_args_into_dataclasses()\n",
    "from transformers import HfArgumentParser\np = HfArgumentParser(A)\n(a,) = p.parse_args_into_dataclasses()\n",
    "from trl import TrlParser\na, *_ = TrlParser((A,)).parse_args_and_config()\n",
    "import tyro\na = tyro.cli(A)\n",
]


@pytest.mark.parametrize("parsed", OBJECTS)
@pytest.mark.parametrize("words", ["--data d.csv --n 3", "--config conf/a.yaml"])
def test_fields_of_an_object_that_a_parser_fills_are_options(parsed: str, words: str) -> None:
    source = (
        "from dataclasses import dataclass, field\n@dataclass\nclass A:\n"
        "    data: str = field(default='a.csv')\n    n: int = 1\n"
        f"{parsed}probe((a.data, a.n))\n"
    )
    files = {"app.py": source, "conf/a.yaml": "data: d.csv\nn: 3\n", "run.sh": f"accelerate launch app.py {words}\n"}

    assert probed(files) == ["['d.csv'|'a.csv', 3|1]"]


# -- commands that are functions


def test_a_command_line_counts_for_the_command_it_names() -> None:
    source = (
        "import typer\napp = typer.Typer()\n@app.command()\ndef train(data: str = 'a.csv'):\n    probe(data)\n"
        "@app.command()\ndef evaluate(data: str = 'b.csv'):\n    print(data)\n"
    )
    script = "python app.py evaluate --data held.csv\npython app.py train --data d.csv\n"

    assert probed({"app.py": source, "run.sh": script}) == ["'a.csv'", "'d.csv'"]


COMMANDS = [
    ("import fire\ndef run(data, n=1):\n    probe(data)\nfire.Fire(run)\n", "--data d.csv"),
    ("import fire\ndef run(data, n=1):\n    probe(data)\nif __name__ == '__main__':\n    fire.Fire(run)\n"
        "", "--data=d.csv"),
    ("import fire\ndef run(data):\n    probe(data)\nfire.Fire({'go': run})\n", "go --data d.csv"),
    ("import fire\ndef run(data):\n    probe(data)\nfire.Fire()\n", "run --data d.csv"),
    ("import fire\nclass A:\n    def run(self, data):\n        probe(data)\nfire.Fire(A)\n", "run --data d.csv"),
    ("import typer\ndef run(data: str):\n    probe(data)\ntyper.run(run)\n", "d.csv"),
    ("import typer\ndef run(data: str = typer.Argument('x')):\n    probe(data)\ntyper.run(run)\n", "d.csv"),
    ("import click\n@click.command()\n@click.option('-v', is_flag=True)\n@click.argument('data')\n"
     "def run(v, data):\n    probe(data)\n", "-v d.csv"),
    ("import click\n@click.group()\ndef cli(): ...\n@cli.command('go')\n@click.option('--data')\n"
     "def run(data):\n    probe(data)\n@cli.command()\ndef other(): ...\n", "go --data d.csv"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "words"), COMMANDS)
def test_the_parameter_of_a_command_is_what_its_command_line_passes(source: str, words: str) -> None:
    assert "'d.csv'" in probed({"app.py": source, "run.sh": f"python app.py {words}\n"})


def test_a_value_that_is_passed_is_written_where_its_variable_is_set() -> None:
    files = {
        "app.py": "import typer\napp = typer.Typer()\n@app.command()\ndef run(data: str = None):\n    probe(data)\n",
        "run.sh": "NAME=d\nexport DATA=$NAME.csv\npython app.py --data $DATA\n",
        "job.yaml": "entrypoint: bash run.sh\nworking_dir: .\n",
    }
    resolver = resolved(files)
    (function,) = [one for one in resolver.global_name("app.py", "run") or () if isinstance(one, Function)]

    found = resolver.option_written(function.ref, 0, "d.csv")

    assert found is not None
    assert [where(one) for one in found.commands] == ["run.sh:3", "job.yaml:1"]
    assert [where(one) for one in found.places] == ["run.sh:2", "run.sh:1"]


def where(site: Site) -> str:
    return f"{site.path}:{site.span.line}"


# -- words

WORDS = st.lists(
    st.sampled_from(["-a", "-b", "--data", "--data=x", "--n", "x", "y", "--", "-3", "$@", ">", "go"]), max_size=8
)


@given(WORDS, st.sampled_from(["", "go"]))
def test_every_word_is_a_value_or_an_argument_at_most_once(words: list[str], own: str) -> None:
    signature = Signature({"-a": 0, "-b": MANY, "--data": 1, "--n": 2}, frozenset({"go"} if own else ()), own)

    found = parse(words, signature)

    if found is not None:
        taken = [word for values in found.options.values() for word in values] + list(found.positionals)
        pool = [part for word in words for part in (word, word.partition("=")[2])]
        assert all(taken.count(word) <= pool.count(word) for word in taken)
        assert len(found.options.get("--n", ())) <= 2
        assert not found.options.get("-a")


# -- folders that scripts move to

MOVES = {
    "a line of its own": ("run.sh", "cd ml\npython app.py d.csv\n"),
    "in front of the command": ("run.sh", "cd ml && python app.py d.csv\n"),
    "from the folder of the script": ("scripts/run.sh", "cd ../ml\npython app.py d.csv\n"),
    "by the place of the script": (
        "scripts/run.sh",
        'cd "$(dirname "$(readlink -f "$0")")/../ml"\npython app.py d.csv\n',
    ),
    "step by step": ("run.sh", "cd other\npushd ../ml\npython app.py d.csv\n"),
    "from the root though the script lies deeper": ("scripts/run.sh", "cd ml\npython app.py d.csv\n"),
    "recipe": ("Makefile", "a:\n\tcd ml && python app.py d.csv\n"),
}


@pytest.mark.parametrize("how", MOVES)
def test_a_command_of_a_script_runs_where_cd_led(how: str) -> None:
    path, script = MOVES[how]
    assert probed({"ml/app.py": ARGV, "other/x.py": "", path: script}, "ml/app.py") == ["'d.csv'"]


@pytest.mark.parametrize(
    ("path", "script"),
    [
        ("Makefile", "a:\n\tcd ml\n\tpython app.py d.csv\n"),
        ("run.sh", "cd ml\npopd\npython app.py d.csv\n"),
        ("run.sh", "cd $SOMEWHERE\npython app.py d.csv\n"),
        ("run.sh", "cd /srv/app\npython app.py d.csv\n"),
    ],
)
def test_a_command_behind_a_move_that_ended_or_is_not_known_runs_where_the_script_starts(
    path: str, script: str
) -> None:
    assert probed({"app.py": ARGV, "ml/app.py": "", path: script}) == ["'d.csv'"]


def test_a_parameter_that_no_command_line_of_the_repository_passes_is_an_option_of_that_name() -> None:
    run = "import fire\ndef run(folder):\n    probe(f'{folder}/a.csv')\nfire.Fire(run)\n"
    assert probed({"app.py": run}) == ["f'{option:folder}/a.csv'"]
