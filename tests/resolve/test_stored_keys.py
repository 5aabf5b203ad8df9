"""Keys of a mapping that code stores anew, also beneath other keys, before the mapping is handed on."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

FILE = "steps:\n  classify:\n    kind: evaluation\n    size: 3\n"
LOADED = "import yaml\nconfig = yaml.safe_load(open('config.yaml'))\n"
READ = "probe(config['steps']['classify']['kind'])\n"


def stored(code: str, read: str = READ) -> list[str]:
    """What is read of a configuration file behind some code."""
    return probe({"app.py": LOADED + code + read, "config.yaml": FILE})


def test_a_value_that_is_stored_beneath_other_keys_takes_the_place_of_that_of_the_file() -> None:
    assert stored("config['steps']['classify']['kind'] = 'augmentation'\n") == ["'augmentation'"]


def test_what_stands_beside_it_stays_as_the_file_has_it() -> None:
    code = "config['steps']['classify']['kind'] = 'augmentation'\n"
    assert stored(code, "probe(config['steps']['classify']['size'])\n") == ["3"]


def test_what_is_read_before_the_store_is_that_of_the_file() -> None:
    code = "probe(config['steps']['classify']['kind'])\nconfig['steps']['classify']['kind'] = 'augmentation'\n"
    assert stored(code, "use(config)\n") == ["'evaluation'"]


def test_a_value_may_be_made_of_the_one_it_replaces() -> None:
    code = "config['steps']['classify']['kind'] = 'for_' + config['steps']['classify']['kind']\n"
    assert stored(code) == ["'for_evaluation'"]


@pytest.mark.parametrize(
    "code",
    [
        "if given:\n    config['steps']['classify']['kind'] = 'augmentation'\n",
        "for one in given:\n    config['steps']['classify']['kind'] = 'augmentation'\n",
        "try:\n    check()\n    config['steps']['classify']['kind'] = 'augmentation'\nexcept ValueError:\n    pass\n",
    ],
)
def test_a_store_on_some_ways_leaves_both(code: str) -> None:
    assert stored(code) == ["'augmentation'", "'evaluation'"]


def test_stores_that_cover_every_way_leave_nothing_of_the_file() -> None:
    code = (
        "if given:\n    config['steps']['classify']['kind'] = 'augmentation'\n"
        "else:\n    config['steps']['classify']['kind'] = 'training'\n"
    )
    assert stored(code) == ["'augmentation'", "'training'"]


def test_a_store_behind_the_branches_is_all_there_is() -> None:
    code = (
        "if given:\n    config['steps']['classify']['kind'] = 'augmentation'\n"
        "config['steps']['classify']['kind'] = 'training'\n"
    )
    assert stored(code) == ["'training'"]


def test_a_store_before_a_branch_that_changes_another_key_is_certain() -> None:
    code = "config['steps']['classify']['kind'] = 'training'\nif given:\n    config['steps']['classify']['size'] = 4\n"
    assert stored(code) == ["'training'"]
    assert stored(code, "probe(config['steps']['classify']['size'])\n") == ["3", "4"]


def test_a_branch_above_it_that_is_replaced_as_a_whole_takes_what_was_stored_beneath() -> None:
    code = "config['steps']['classify']['kind'] = 'training'\nconfig['steps'] = {'classify': {'kind': 'other'}}\n"
    assert stored(code) == ["'other'"]
    code = "if given:\n    config['steps'] = {'classify': {'kind': 'other'}}\n"
    assert stored(code) == ["'evaluation'", "'other'"]


def test_a_single_key_that_is_stored_on_some_ways_leaves_the_one_that_was_written() -> None:
    source = "settings = {'path': 'a.csv'}\nif given:\n    settings['path'] = 'b.csv'\nprobe(settings['path'])\n"
    assert probe(source) == ["'a.csv'", "'b.csv'"]


def test_a_key_that_is_only_stored_on_some_ways_has_nothing_on_the_others() -> None:
    source = "settings = {}\nif given:\n    settings['path'] = 'b.csv'\nprobe(settings['path'])\n"
    assert probe(source) == ["'b.csv'", "?"]


def test_what_is_handed_to_a_function_has_the_stored_value() -> None:
    code = "def run(config):\n    probe(config['steps']['classify']['kind'])\n"
    code += "config['steps']['classify']['kind'] = 'augmentation'\nrun(config=config)\n"
    assert stored(code, "") == ["'augmentation'"]


def test_a_key_that_is_computed_says_nothing_of_the_others() -> None:
    assert stored("config['steps'][name]['kind'] = 'augmentation'\n") == ["'evaluation'"]


def test_the_dict_of_the_fields_of_an_object_takes_the_stored_value_too() -> None:
    source = (
        "from pydantic import BaseModel\nclass Classify(BaseModel):\n    kind: str\n    size: int\n"
        "class Config(BaseModel):\n    classify: Classify\n"
        "config = Config(classify=Classify(kind='evaluation', size=3)).model_dump()\n"
        "config['classify']['kind'] = 'augmentation'\n"
    )
    assert probe(source + "probe(config['classify']['kind'])\n") == ["'augmentation'"]
    assert probe(source + "probe(config['classify']['size'])\n") == ["3"]


def test_a_fallback_beside_a_dict_that_every_call_fills_is_never_taken() -> None:
    source = "def run(config=None):\n    config = config or {'path': 'b.csv'}\n    probe(config['path'])\n"
    assert probe(f"{source}run({{'path': 'a.csv'}})\n") == ["'a.csv'"]
    assert probe(f"{source}run({{'path': 'a.csv'}})\nrun()\n") == ["'a.csv'", "'b.csv'"]
    assert probe(f"{source}run({{'path': 'a.csv'}})\nrun({{}})\n") == ["'a.csv'", "'b.csv'", "?"]
    assert probe(f"{source}run({{'path': 'a.csv'}})\nrun(None)\n") == ["'a.csv'", "'b.csv'"]
    assert probe(f"{source}run(load())\n") == ["'b.csv'", "?"]


@pytest.mark.parametrize(
    ("before", "behind"),
    [("", "threading.Thread(target=run).start()"), ("", "submit(run)\n" * 60), ("@app.command\n", "")],
)
def test_a_fallback_is_taken_where_somebody_else_may_run_the_function(before: str, behind: str) -> None:
    taken = "probe((config or {'path': 'b.csv'})['path'])"
    source = f"import threading, app\n{before}def run(config=None):\n    {taken}\n"
    assert {"'a.csv'", "'b.csv'"} <= set(probe(f"{source}run({{'path': 'a.csv'}})\n{behind}\n"))
