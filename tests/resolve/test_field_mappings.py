"""Objects as dicts: what runs over `asdict(settings)` has the names of the fields, and never nothing."""

from __future__ import annotations

from mltradeoff_lint.resolve.explain import explain
from tests.resolve.sample import probe, repository

SETTINGS = """\
from dataclasses import asdict, dataclass


@dataclass
class Settings:
    path: str = "data/train.csv"
    token: str = "none"
"""


def test_a_comprehension_over_the_dict_of_an_object_has_its_fields_as_keys() -> None:
    made = "held = {key: value for key, value in asdict(Settings()).items()}\nprobe(held)\n"
    assert probe(SETTINGS + made) == ["{path: 'data/train.csv', token: 'none', ...}"]


def test_its_keys_and_values_are_those_of_the_fields_with_what_was_put_in() -> None:
    made = "held = asdict(Settings())\nheld['path'] = 'other.csv'\nheld['more'] = 1\n"
    assert probe(f"{SETTINGS}{made}probe(list(held.keys()))\n") == ["['path', 'token', 'more', ...]"]
    assert probe(f"{SETTINGS}{made}probe(list(held.values()))\n") == ["['other.csv', 'none', 1, ...]"]


def test_a_class_that_derives_may_have_more_fields() -> None:
    method = "\n    def shown(self):\n        for key, value in asdict(self).items():\n            probe(key)\n"
    derived = "\n@dataclass\nclass More(Settings):\n    size: int = 3\n"
    assert probe(f"{SETTINGS}{method}") == ["'path'", "'token'"]
    assert probe(f"{SETTINGS}{method}{derived}") == ["'path'", "'token'", "?"]


def test_a_class_of_a_library_may_bring_fields_of_its_own() -> None:
    source = f"from transformers import TrainingArguments\n{SETTINGS}".replace(
        "Settings:", "Settings(TrainingArguments):"
    )
    made = "for key, value in asdict(Settings()).items():\n    probe(key)\n"
    assert probe(source + made) == ["'path'", "'token'", "?"]


def test_what_is_told_of_a_dict_of_fields_or_of_one_that_is_open_is_not_that_it_is_empty() -> None:
    source = f"{SETTINGS}held = asdict(Settings())\nkept = {{key: 1 for key in given}}\nempty = {{}}\n"
    resolver = repository(source).resolver

    def told(name: str) -> str:
        line = next(at for at, text in enumerate(source.splitlines(), 1) if text.startswith(f"{name} ="))
        return "\n".join(explain(resolver, "app.py", line))

    assert "a mapping with at least 0 keys and the fields of an object of a class of app.py" in told("held")
    assert "a mapping with at least 0 keys" in told("kept")
    assert "a mapping with 0 keys" in told("empty")


def test_what_is_put_into_the_dict_of_an_object_leaves_its_other_fields() -> None:
    made = "held = asdict(Settings())\nheld['path'] = 'other.csv'\nheld.update({'more': 1})\n"
    assert probe(f"{SETTINGS}{made}probe(held['token'])\n") == ["'none'"]
    assert probe(f"{SETTINGS}{made}probe(held['path'])\n") == ["'other.csv'"]
    assert probe(f"{SETTINGS}{made}held.update(given)\nprobe(held['token'])\n") == ["?"]
