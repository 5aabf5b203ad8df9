"""Functions that an object keeps and calls, objects read from files, and fields that many classes fill."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.finding import Certainty
from tests.resolve.prepared import Prepared, prepared
from tests.resolve.sample import probe
from tests.resolve.test_handlers import APP, reached

CACHE = (
    "class Cache:\n def __init__(self, load_one):\n  self.load_one = load_one\n  self.kept = {}\n"
    " def get(self, key):\n  if key in self.kept: one = self.kept[key]\n  else: one = self.load_one(key)\n"
    "  self.kept[key] = one\n  return one\n"
)


def callers(found: Prepared, qualname: str) -> list[str]:
    return [
        found.resolver.scope(one.caller).qualname for one in found.reach.incoming(found.function("app.py", qualname))
    ]


@pytest.mark.parametrize(
    "made",
    ["Cache(load)", "Cache(load_one=load)", "Cache(lambda name: load(name))"],
)
def test_the_function_an_object_is_made_with_is_called_by_its_methods(made: str) -> None:
    source = APP + "import torch\ndef load(name): return torch.load(name)\n" + CACHE + f"models = {made}\n"
    source += "@app.get('/')\ndef handle(name): return models.get(name)\n"
    assert reached(source) == [("handle", "model-load", "only when it is not there yet")]


def test_a_kept_function_is_passed_what_the_method_passes() -> None:
    source = "def load(name): probe(name)\n" + CACHE.replace("(key)\n", "('churn')\n") + "Cache(load)\n"
    assert probe(source) == ["'churn'"]


def test_a_class_without_a_constructor_keeps_a_function_under_its_own_name() -> None:
    source = (
        "from dataclasses import dataclass\n@dataclass\nclass Job:\n run: object\n"
        "def work(when): ...\ndef f(): Job(work).run('now')\ndef g(): Job(run=work).run('now')\n"
    )
    found = prepared(source)
    ways = found.reach.incoming(found.function("app.py", "work"))
    assert [found.resolver.scope(one.caller).qualname for one in ways if one.how == "calls"] == ["f", "g"]


def test_two_objects_with_two_functions_call_either_of_them() -> None:
    source = CACHE + "def a(x): ...\ndef b(x): ...\none = Cache(a)\ntwo = Cache(b)\n"
    found = prepared(source)
    ways = found.reach.incoming(found.function("app.py", "a"))
    assert [(found.resolver.scope(one.caller).qualname, one.certainty) for one in ways if one.how == "calls"] == [
        ("Cache.get", Certainty.LIKELY)
    ]


def test_a_lambda_that_nobody_keeps_runs_where_it_is_written() -> None:
    source = "def load(): ...\ndef f(rows): return sorted(rows, key=lambda one: load())\n"
    assert callers(prepared(source), "load") == ["f"]


def test_a_method_of_a_common_name_is_found_by_the_names_of_its_objects() -> None:
    noise = "def other(x):\n" + "".join(f" x{n % 7}.get({n})\n" for n in range(450))
    source = (
        "class Store:\n def get(self, key): ...\n def both(self): self.get(1)\nstore = Store()\ndef a(): store.get(1)\n"
        "def b(one: Store): one.get(1)\ndef c(one: 'Store | None'): one.get(1)\ndef make(): return Store()\n"
        "def d(): make().get(1)\n"
    )
    assert callers(prepared(source + noise), "Store.get") == ["Store.both", "a", "b", "c", "d"]


PICKLED = "import pickle\nclass Model:\n def classify(self, x): return self.clf.predict(x)\n"


def test_an_unpickled_object_has_the_methods_of_the_class_it_is_declared_to_be() -> None:
    source = (
        PICKLED + "def load() -> 'Model':\n return pickle.load(open('m.pkl', 'rb'))\ndef f(x): load().classify(x)\n"
    )
    assert callers(prepared(source), "Model.classify") == ["f"]
    assert probe(source + "probe(load())") == ["Model()", "pickle.load()"]


@pytest.mark.parametrize("said", ["", " -> dict", " -> list[str]"])
def test_an_unpickled_object_that_nothing_declares_is_what_was_read(said: str) -> None:
    source = f"def load(){said}:\n return pickle.load(open('m.pkl', 'rb'))\nprobe(load())"
    assert probe(PICKLED + source) == ["pickle.load()"]


MANY = "".join(
    f"class M{n}(Base):\n def __init__(self): self.clf = Pipeline([('{n}', None)])\n def name(self): return 'm{n}'\n"
    for n in range(12)
)
PIPELINE = "from sklearn.pipeline import Pipeline\nclass Base:\n"


def test_a_field_that_many_classes_fill_with_one_type_is_of_that_type() -> None:
    assert probe(PIPELINE + " def f(self): probe(self.clf)\n" + MANY) == ["sklearn.pipeline.Pipeline()"]


def test_a_field_that_one_of_many_classes_does_not_know_is_also_unknown() -> None:
    odd = "class Odd(Base):\n def __init__(self, x): self.clf = x\n"
    assert probe(PIPELINE + " def f(self): probe(self.clf)\n" + MANY + odd) == ["?", "sklearn.pipeline.Pipeline()"]


def test_a_field_that_many_classes_fill_with_texts_is_unknown() -> None:
    texts = "".join(f"class T{n}(Base):\n word = 'w{n}'\n" for n in range(12))
    assert probe("class Base:\n def f(self): probe(self.word)\n" + texts) == ["?"]
