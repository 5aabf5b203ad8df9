"""Configuration files as values: parsers, models made from data, references, composition of many files."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.resolve.test_configured_values import values

YAML = "data: {path: s3://b/x.csv, rows: 5}\n"


@pytest.mark.parametrize(
    "read",
    [
        "import yaml\nfrom pathlib import Path\nc = yaml.safe_load(Path('conf/a.yaml').read_text())\n",
        "import yaml\nwith open('conf/a.yaml') as f:\n    c = yaml.load(f.read(), Loader=yaml.FullLoader)\n",
        "import strictyaml\nwith open('conf/a.yaml') as f:\n    c = strictyaml.load(f.read()).data\n",
        "from omegaconf import OmegaConf\nc = OmegaConf.to_container(OmegaConf.load('conf/a.yaml'), resolve=True)\n",
        "import yaml\nfrom box import ConfigBox\nc = ConfigBox(yaml.safe_load(open('conf/a.yaml')))\n",
        "import yaml\ndef load(path):\n    with open(path) as f:\n        return yaml.safe_load(f)\n"
        "c = load('conf/a.yaml')\n",
    ],
)
def test_a_file_gives_its_values_however_its_text_gets_to_the_parser(read: str) -> None:
    assert values({"app.py": f"{read}x = c['data']['path']\n", "conf/a.yaml": YAML}) == ("'s3://b/x.csv' (configured)",)


def test_json_text_of_a_file_is_read_too() -> None:
    code = "import json\nfrom pathlib import Path\nx = json.loads(Path('a.json').read_text())['k']\n"

    assert values({"app.py": code, "a.json": '{"k": "v"}'}) == ("'v' (configured)",)


INI = """
[DEFAULT]
root = /srv
[data]
path = %(root)s/x.csv
rows = 5
live = yes
[other]
copy: ${data:path}
"""
PARSER = "import configparser\nc = configparser.ConfigParser()\nc.read('settings.ini')\n"


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ("c['data']['path']", "'/srv/x.csv' (configured)"),
        ("c.get('data', 'path')", "'/srv/x.csv' (configured)"),
        ("c['data'].get('root')", "'/srv' (configured)"),
        ("c.getint('data', 'rows')", "5 (configured)"),
        ("c.getboolean('data', 'live')", "True (configured)"),
        ("c.get('data', 'gone', fallback='f')", "'f' (literal)"),
        ("c['other']['copy']", "'/srv/x.csv' (configured)"),
    ],
)
def test_an_ini_file_is_read_through_its_parser(read: str, expected: str) -> None:
    assert values({"app.py": f"{PARSER}x = {read}\n", "settings.ini": INI}) == (expected,)


def test_a_parser_that_is_filled_in_a_function_is_read_where_it_is_returned() -> None:
    code = (
        "import configparser\ndef load():\n    c = configparser.ConfigParser()\n    c.read('settings.ini')\n"
        "    return c\nx = load()['data']['path']\n"
    )

    assert values({"app.py": code, "settings.ini": INI}) == ("'/srv/x.csv' (configured)",)


MODELS = """
from typing import List, Optional
from pydantic import BaseModel, Field
class Data(BaseModel):
    path: str
    rows: int = 9
    kind: str = "csv"
    def name(self): return self.path
class Settings(BaseModel):
    data: Data
    parts: List[Data] = []
    model_name: Optional[str] = Field(None, alias="model")
"""
CONFIG = "data: {path: a.csv, rows: 5}\nparts: [{path: b.csv}]\nmodel: small\n"


@pytest.mark.parametrize(
    "make",
    [
        "Settings(**raw)",
        "Settings.model_validate(raw)",
        "Settings.parse_obj(raw)",
        "parse_obj_as(Settings, raw)",
        "Settings(data=Data(**raw['data']), parts=raw['parts'], model=raw['model'])",
    ],
)
def test_a_model_made_from_a_file_has_the_values_of_the_file_and_its_own_defaults(make: str) -> None:
    code = f"{MODELS}import yaml\nfrom pydantic import parse_obj_as\nraw = yaml.safe_load(open('c.yaml'))\ns = {make}\n"
    code += "x = s.data.path\nrows = s.data.rows\nkind = s.data.kind\nname = s.data.name()\n"

    files = {"app.py": code, "c.yaml": CONFIG}
    assert values(files) == ("'a.csv' (configured)",)
    assert values(files, "rows") == ("5 (configured)",)
    assert values(files, "kind") == ("'csv' (literal)",)
    assert values(files, "name") == ("'a.csv' (configured)",)


def test_a_list_of_models_and_an_alias_are_filled_from_data() -> None:
    code = f"{MODELS}import yaml\ns = Settings(**yaml.safe_load(open('c.yaml')))\n"
    code += "x = s.parts[0].path\nmodel = s.model_name\n"

    assert values({"app.py": code, "c.yaml": CONFIG}) == ("'b.csv' (configured)",)
    assert values({"app.py": code, "c.yaml": CONFIG}, "model") == ("'small' (configured)",)


def test_merged_settings_have_the_later_value_and_fill_references_after_the_merge() -> None:
    code = (
        "from omegaconf import OmegaConf\n"
        "c = OmegaConf.merge(OmegaConf.load('a.yaml'), OmegaConf.load('b.yaml'), OmegaConf.create({'n': 3}))\n"
        "x = c.data.path\ny = c.data.rows\nn = OmegaConf.select(c, 'data.rows')\n"
    )
    files = {
        "app.py": code,
        "a.yaml": "root: /a\ndata: {path: '${root}/x.csv', rows: 1}\n",
        "b.yaml": "root: /b\ndata: {rows: 2}\n",
    }

    assert values(files) == ("'/b/x.csv' (configured)",)
    assert values(files, "y") == ("2 (configured)",)
    assert values(files, "n") == ("2 (configured)",)


def test_references_may_be_relative_or_name_a_variable() -> None:
    code = "from omegaconf import OmegaConf\nc = OmegaConf.load('a.yaml')\n"
    code += "x = c.data.path\ny = c.data.bucket\nz = c.data.deep.up\n"
    text = (
        "root: r\ndata:\n  name: n\n  path: '${root}/${.name}.csv'\n  bucket: '${oc.env:BUCKET,none}'\n"
        "  deep: {up: '${..name}'}\n"
    )
    files = {"app.py": code, "a.yaml": text, ".env": "BUCKET=b1\n"}

    assert values(files) == ("'r/n.csv' (configured)",)
    assert values(files, "y")[0] == "'b1' (configured)"
    assert values(files, "z") == ("'n' (configured)",)


HYDRA = {
    "train.py": (
        "import hydra\n@hydra.main(version_base=None, config_path='conf', config_name='train')\n"
        "def main(cfg):\n    global x, lr, size, path\n    x = cfg.model.name\n    lr = cfg.lr\n"
        "    size = cfg.model.size\n    path = cfg.path\nif __name__ == '__main__':\n    main()\n"
    ),
    "conf/train.yaml": (
        "defaults:\n  - model: small\n  - db/mysql\n  - optional local: gone\n  - override hydra/launcher: joblib\n"
        "  - _self_\nlr: 0.1\npath: '${db.host}/${model.name}'\n"
    ),
    "conf/model/small.yaml": "defaults: [base, _self_]\nname: small\n",
    "conf/model/large.yaml": "defaults: [base, _self_]\nname: large\nsize: 9\n",
    "conf/model/base.yaml": "size: 1\nname: base\n",
    "conf/db/mysql.yaml": "host: db1\n",
}


def test_a_composed_configuration_takes_its_defaults_list_in_order() -> None:
    assert values(HYDRA, path="train.py") == ("'small' (configured)",)
    assert values(HYDRA, "size", "train.py") == ("1 (configured)",)
    assert values(HYDRA, "path", "train.py") == ("'db1/small' (configured)",)


def test_overrides_of_a_command_line_choose_groups_and_set_keys() -> None:
    files = {**HYDRA, "run.sh": "python train.py model=large lr=0.5 +extra.key=1\n"}

    assert values(files, path="train.py") == ("'large' (configured)",)
    assert values(files, "size", "train.py") == ("9 (configured)",)
    assert values(files, "lr", "train.py") == ("0.5 (configured)",)


def test_a_package_comment_says_where_a_file_of_a_group_lands() -> None:
    experiment = "# @package _global_\ndefaults:\n  - override /model: large\nlr: 0.9\n"
    primary = HYDRA["conf/train.yaml"].replace("  - _self_\n", "  - _self_\n  - experiment: big\n")
    files = {**HYDRA, "conf/train.yaml": primary, "conf/experiment/big.yaml": experiment}

    assert values(files, "lr", "train.py") == ("0.9 (configured)",)
    assert values(files, path="train.py") == ("'large' (configured)",)


def test_compose_reads_the_folder_its_module_initialises() -> None:
    code = (
        "from hydra import compose, initialize\nwith initialize(version_base=None, config_path='conf'):\n"
        "    cfg = compose(config_name='train', overrides=['model=large'])\nx = cfg.model.name\n"
    )

    assert values({**HYDRA, "app.py": code}) == ("'large' (configured)",)


def test_files_that_name_one_another_end() -> None:
    files = {
        **HYDRA,
        "conf/train.yaml": "defaults: [a, _self_]\nlr: 1\n",
        "conf/a.yaml": "defaults: [b]\n",
        "conf/b.yaml": "defaults: [a, train]\n",
    }

    assert values(files, "lr", "train.py") == ("1 (configured)",)


def test_several_settings_files_lie_over_one_another() -> None:
    code = (
        "from dynaconf import Dynaconf\nsettings = Dynaconf(settings_files=['a.toml', 'b.toml'])\n"
        "x = settings.config.model\ny = settings.config.rows\n"
    )
    files = {"app.py": code, "a.toml": '[config]\nmodel = "small"\nrows = 1\n', "b.toml": '[config]\nmodel = "large"\n'}

    assert values(files) == ("'large' (configured)",)
    assert values(files, "y") == ("1 (configured)",)


KEYS = st.sampled_from(["a", "b", "c"])
TEXTS = st.one_of(
    st.sampled_from(["x", "1"]),
    KEYS.map(lambda key: f"${{{key}}}"),
    st.tuples(KEYS, KEYS).map(lambda keys: f"p/${{{keys[0]}}}/${{.{keys[1]}}}"),
)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(KEYS, TEXTS, min_size=1))
def test_references_end_whatever_leads_to_what(texts: dict[str, str]) -> None:
    text = "".join(f"{key}: '{value}'\n" for key, value in texts.items())
    code = f"from omegaconf import OmegaConf\nx = OmegaConf.load('c.yaml').{next(iter(texts))}\n"

    found = values({"app.py": code, "c.yaml": text})

    assert len(found) == 1
    assert "${" not in str(found[0])


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(KEYS, st.lists(KEYS, max_size=3), min_size=1))
def test_options_of_an_ini_file_that_refer_to_one_another_end(graph: dict[str, list[str]]) -> None:
    text = "[s]\n" + "".join(f"{key} = v{''.join(f'%({one})s' for one in to)}\n" for key, to in graph.items())
    code = f"{PARSER}x = c['s']['{next(iter(graph))}']\n"

    (found,) = values({"app.py": code, "settings.ini": text})
    assert str(found).startswith("'v")
