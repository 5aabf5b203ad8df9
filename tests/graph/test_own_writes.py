"""What an object writes under a name of its own is made of what its own methods give."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.graph import Node
from tests.graph.analysed import analysed, nodes
from tests.graph.test_datasets import FIT

DATA = """\
import pandas as pd


class Custom:
    def __init__(self, name):
        self.name = name
        self.prepare()

    def prepare(self):
        rows = self.raw()
        self.save(rows)

    def raw(self):
        return pd.read_csv(f"s3://own/{self.name}.csv")

    def save(self, rows):
        rows.to_csv(f"data/{self.name}/train.csv")


class Shared(Custom):
    def __init__(self, name, table):
        self.table = table
        super().__init__(name)

    def raw(self):
        return pd.read_csv(f"s3://shared/{self.table}.csv")


"""

MADE = """\
if __name__ == "__main__":
    for name in ["titanic", "icr"]:
        Custom(name)
    for meta in [{"name": "spam", "table": "sms"}]:
        Shared(meta["name"], meta["table"])
"""

SPLIT = """\
    def save(self, rows):
        self.put(rows, "train")
        self.put(self.rest(), "test")

    def rest(self):
        return pd.read_csv("s3://own/rest.csv")

    def put(self, rows, part):
        rows.to_csv(f"data/{self.name}/{part}.csv")
"""


def _sources(read: str, source: str = DATA + MADE) -> set[str]:
    code = f'import pandas as pd\nrows = pd.read_csv("{read}")\n{FIT}'
    analysis = analysed({"data.py": source, "train.py": code})
    found: list[Node] = [node for node in nodes(analysis, "Dataset") if node.label == read]
    targets = {edge.target for node in found for edge in analysis.graph.out(node.id, ["derives"])}
    return {analysis.graph.node(one).label for one in targets}


@pytest.mark.parametrize(
    ("read", "sources"),
    [
        ("data/titanic/train.csv", {"s3://own/titanic.csv", "s3://own/icr.csv"}),
        ("data/spam/train.csv", {"s3://shared/sms.csv"}),
    ],
)
def test_a_place_of_an_object_holds_what_its_class_gives(read: str, sources: set[str]) -> None:
    assert _sources(read) == sources


def test_each_of_several_objects_has_its_own() -> None:
    made = 'Custom("titanic")\nCustom("icr")\nShared("spam", "sms")\n'
    assert _sources("data/titanic/train.csv", DATA + made) == {"s3://own/titanic.csv"}
    assert _sources("data/icr/train.csv", DATA + made) == {"s3://own/icr.csv"}
    assert _sources("data/spam/train.csv", DATA + made) == {"s3://shared/sms.csv"}


def test_an_override_that_hands_on_to_its_base_is_followed() -> None:
    source = DATA.replace("class Shared", "class Plain(Custom):\n    pass\n\n\nclass Shared").rstrip()
    more = '\n\n    def save(self, rows):\n        super().save(rows)\n\n\nPlain("a")\nShared("b", "sms")\n'
    assert _sources("data/b/train.csv", source + more) == {"s3://shared/sms.csv"}
    assert _sources("data/a/train.csv", source + more) == {"s3://own/a.csv"}


def test_calls_from_outside_are_told_apart_by_their_objects() -> None:
    source = DATA.replace("        self.prepare()\n", "")
    made = (
        'a = Custom("a")\nb = Shared("b", "sms")\na.save(a.raw())\nb.save(b.raw())\n'
        "for one in [a, b]:\n    one.prepare()\n"
    )
    assert _sources("data/a/train.csv", source + made) == {"s3://own/a.csv"}
    assert _sources("data/b/train.csv", source + made) == {"s3://shared/sms.csv"}


def test_what_a_method_passes_for_the_rest_of_the_name_is_kept_apart() -> None:
    source = DATA.replace(DATA[DATA.index("    def save") : DATA.index("\n\nclass Shared")], SPLIT)
    made = 'Custom("a")\nShared("b", "sms")\n'
    assert _sources("data/a/train.csv", source + made) == {"s3://own/a.csv"}
    assert _sources("data/b/train.csv", source + made) == {"s3://shared/sms.csv"}
    assert _sources("data/b/test.csv", source + made) == {"s3://own/rest.csv"}


def test_where_not_all_objects_show_any_may_write() -> None:
    made = 'from elsewhere import register\nregister(Shared)\nCustom("a")\nShared("b", "sms")\n'
    assert _sources("data/a/train.csv", DATA + made) >= {"s3://own/a.csv", "s3://shared/sms.csv"}


def test_one_object_alone_is_looked_at_as_before() -> None:
    assert _sources("data/a/train.csv", DATA + 'Custom("a")\n') >= {"s3://own/a.csv"}
