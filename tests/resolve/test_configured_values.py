"""Values that come from outside the code: configuration files, settings classes, options, command lines."""

from __future__ import annotations

import pytest

from mltradeoff_lint.analysis import linked, why
from mltradeoff_lint.resolve.domain import Literal
from mltradeoff_lint.resolve.resolver import WholeProgram
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree import MemoryTree


def values(files: dict[str, str], name: str = "x", path: str = "app.py") -> tuple[object, ...]:
    """What a module-level name of a linked repository can be; provenance in brackets."""
    found = WholeProgram(linked(MemoryTree(files), Settings())).global_name(path, name) or ()
    return tuple(f"{v.value!r} ({v.provenance})" if isinstance(v, Literal) else type(v).__name__ for v in found)


@pytest.mark.parametrize(
    "read",
    [
        "import yaml\nwith open('conf/train.yaml') as f:\n    c = yaml.safe_load(f)\n",
        "import yaml\nc = yaml.load(open('conf/train.yaml'), Loader=yaml.SafeLoader)\n",
        "import yaml\nfrom pathlib import Path\nwith (Path('conf') / 'train.yaml').open() as f:\n"
        "    c = yaml.safe_load(f)\n",
        "import os, yaml\nHERE = os.path.dirname(__file__)\n"
        "c = yaml.safe_load(open(os.path.join(HERE, 'conf/train.yaml')))\n",
    ],
)
def test_a_yaml_file_gives_its_values_to_who_reads_it(read: str) -> None:
    files = {"app.py": f"{read}x = c['data']['path']\n", "conf/train.yaml": "data: {path: s3://b/x.csv}\n"}

    assert values(files) == ("'s3://b/x.csv' (configured)",)


def test_json_and_toml_are_read_like_yaml() -> None:
    files = {
        "app.py": "import json, tomllib\nx = json.load(open('a.json'))['k']\n"
        "y = tomllib.load(open('b.toml', 'rb'))['t']['n']\n",
        "a.json": '{"k": "v"}',
        "b.toml": "[t]\nn = 3\n",
    }

    assert values(files) == ("'v' (configured)",)
    assert values(files, "y") == ("3 (configured)",)


def test_an_example_file_is_weaker_evidence_than_the_real_one() -> None:
    files = {"app.py": "import yaml\nx = yaml.safe_load(open('c.example.yaml'))['k']\n", "c.example.yaml": "k: v\n"}

    assert values(files) == ("'v' (example)",)


def test_a_file_that_is_not_there_stays_unknown() -> None:
    assert values({"app.py": "import yaml\nx = yaml.safe_load(open('gone.yaml'))['k']\n"}) != ("'v' (configured)",)


def test_omegaconf_follows_its_references_and_stops_at_those_that_lead_back() -> None:
    files = {
        "app.py": "from omegaconf import OmegaConf\nc = OmegaConf.load('c.yaml')\nx = c.root\ny = c.loop\n",
        "c.yaml": "data: {path: s3://b}\nroot: ${data.path}/raw\nloop: ${loop}\n",
    }

    assert values(files) == ("'s3://b/raw' (configured)",)
    assert values(files, "y") == ("Template",)


def test_a_settings_class_takes_its_prefixed_variable_before_its_default() -> None:
    source = (
        "from pydantic import Field\nfrom pydantic_settings import BaseSettings, SettingsConfigDict\n"
        "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='APP_')\n"
        "    model: str = 'small'\n    path: str = Field(default='data/x.csv')\n    key: str\n"
        "s = S()\nx = s.model\ny = s.path\nz = s.key\n"
    )
    files = {"app.py": source, ".env": "APP_MODEL=large\n"}

    assert values(files) == ("'large' (configured)", "'small' (default)")
    assert values(files, "y") == ("'data/x.csv' (default)",)
    assert values(files, "z") == ("Template",)


def test_a_settings_field_that_a_validator_fills_is_still_set_by_its_variable() -> None:
    source = (
        "from pydantic import model_validator\nfrom pydantic_settings import BaseSettings\n"
        "class S(BaseSettings):\n    name: str = 'a'\n    url: str | None = None\n"
        "    @model_validator(mode='after')\n    def fill(self):\n        if not self.url:\n"
        "            self.url = f'https://{self.name}.example'\n        return self\n"
        "x = S().url\n"
    )

    assert values({"app.py": source}) == ("Template", "'https://a.example' (default)")
    assert values({"app.py": source, ".env": "URL=https://b.example\n"}) == (
        "'https://b.example' (configured)",
        "'https://a.example' (default)",
    )


def test_a_subscript_of_the_environment_reads_like_a_call() -> None:
    files = {"app.py": "import os\nx = os.environ['BUCKET']\n", ".env": "BUCKET=b1\n"}

    assert values(files) == ("'b1' (configured)",)


def test_argparse_takes_what_command_lines_pass_and_then_the_default() -> None:
    source = (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('source')\n"
        "p.add_argument('--learning-rate', '-l', default=0.1)\np.add_argument('--out', dest='target')\n"
        "a = p.parse_args()\nx = a.learning_rate\ny = a.source\nz = a.target\n"
    )
    files = {"app.py": source, "run.sh": "export LR=0.5\npython app.py data/a.csv --learning-rate $LR --out=b.csv\n"}

    assert values(files) == ("'0.5' (configured)", "0.1 (default)")
    assert values(files, "y") == ("'data/a.csv' (configured)",)
    assert values(files, "z") == ("'b.csv' (configured)",)


@pytest.mark.parametrize(
    "command",
    [
        "import typer\nfrom typing import Annotated\napp = typer.Typer()\n@app.command()\n"
        "def train(loc: Annotated[str, typer.Option(help='where')] = None):\n    probe(loc)\n",
        "import typer\napp = typer.Typer()\n@app.command()\n"
        "def train(loc: str = typer.Option(None, '--loc')):\n    probe(loc)\n",
        "import click\n@click.command()\n@click.option('--loc')\ndef train(loc):\n    probe(loc)\n",
    ],
)
def test_an_option_is_followed_from_a_shell_export_into_the_parameter(command: str) -> None:
    files = {"job/app.py": command, "job/run.sh": 'export LOC="s3://b/x.csv"\npython job/app.py train --loc "$LOC"\n'}
    resolver = WholeProgram(linked(MemoryTree(files), Settings()))
    facts = resolver.facts("job/app.py")
    (probe,) = [call for call in facts.calls if facts.exprs[call.function][:2] == ("name", "probe")]

    found = resolver.values("job/app.py", probe.arguments[0])

    assert Literal("s3://b/x.csv", "configured") in found


def test_a_variable_that_is_set_after_the_command_does_not_count() -> None:
    files = {
        "app.py": "import sys, argparse\np = argparse.ArgumentParser()\np.add_argument('--a')\nx = p.parse_args().a\n",
        "run.sh": "A=one\npython app.py --a $A\nA=two\n",
    }

    assert values(files) == ("'one' (configured)",)


def test_an_explanation_names_every_step_and_the_command_line() -> None:
    files = {
        "app.py": "import argparse\nimport pandas as pd\n"
        "def load(where):\n    return pd.read_csv(where)\n"
        "p = argparse.ArgumentParser()\np.add_argument('--data')\nload(p.parse_args().data)\n",
        "run.sh": "python app.py --data s3://b/x.csv\n",
    }

    lines = why(MemoryTree(files), Settings(), "app.py", 4)

    assert "call `pd.read_csv(...)`" in lines
    assert any("argument 0 `where` (app.py:4) is 's3://b/x.csv' (configured)" in line for line in lines)
    assert any("`where` is a parameter of `load` (app.py:3)" in line for line in lines)


def test_an_explanation_of_what_leads_back_to_itself_ends() -> None:
    files = {"app.py": "def f(n):\n    return g(n)\ndef g(n):\n    return f(n)\nx = f(1)\n"}

    assert why(MemoryTree(files), Settings(), "app.py", 5)
