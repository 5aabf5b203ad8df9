"""A reader that all code shares: what comes out of it is the file that this very call names, and no other caller's."""

from __future__ import annotations

import pytest

from tests.graph.analysed import analysed, nodes

FILES = {"data/users.csv": "x,y\n1,2\n", "data/orders.csv": "x,y\n3,4\n"}
FITS = """
from sklearn.linear_model import Ridge
from sklearn.svm import SVC
from layers import outer

def users():
    rows = outer("data/users.csv")
    Ridge().fit(rows, rows)

def orders():
    rows = outer("data/orders.csv")
    SVC().fit(rows, rows)
"""
SERVED = """
import joblib
from flask import Flask
from layers import outer
app = Flask(__name__)
MODEL = joblib.load("model.joblib")
OTHER = joblib.load("other.joblib")

@app.get("/users")
def users():
    return list(MODEL.predict(outer("data/users.csv")))

@app.get("/orders")
def orders():
    return list(OTHER.predict(outer("data/orders.csv")))
"""
LAYERS = {
    "functions": """
from reader import load

def inner(path):
    return load(path)

def outer(path):
    return inner(path)
""",
    "an object": """
from reader import load

class Source:
    def __init__(self, path):
        self.path = "data/{}".format(path.split("/")[-1])
    def rows(self):
        yield from load(self.path)

def outer(path):
    return Source(path).rows()
""",
}
READERS = {
    "a store": """
import pandas as pd
class Store:
    def __init__(self, path):
        self.path = path
    def read(self):
        return pd.read_csv(self.path)

def load(path):
    return Store(path).read()
""",
    "a store that a function makes": """
import pandas as pd
class Store:
    def __init__(self, path):
        self.path = path
    def read(self):
        return pd.read_csv(self.path)

def make(path):
    return Store(path)

def load(path):
    store = make(path)
    return store.read()
""",
    "a store that a class method makes": """
import pandas as pd
class Store:
    def __init__(self, path):
        self.path = path
    @classmethod
    def at(cls, path):
        return cls(path)
    def read(self):
        return pd.read_csv(self.path)

def load(path):
    return Store.at(path).read()
""",
    "a store that opens itself": """
import csv
class Store:
    def __init__(self, path):
        self.path = path
    def __enter__(self):
        self.handle = open(self.path)
        return self
    def __exit__(self, *args):
        self.handle.close()
    def read(self):
        return list(csv.reader(self.handle))

def load(path):
    with Store(path) as store:
        return store.read()
""",
    "an open file": """
import json
from contextlib import contextmanager
@contextmanager
def opened(path):
    with open(path) as handle:
        yield handle

def load(path):
    with opened(path) as handle:
        return json.loads(handle.read())
""",
    "one of several stores around an open file": """
import csv
import gzip
import json
from contextlib import contextmanager
class Store:
    def __init__(self, handle, quick=True):
        self.handle = handle
        self.quick = quick
class Lines(Store):
    def write(self, rows):
        for row in rows:
            self.handle.write(json.dumps(row))
    def read(self):
        for line in self.handle:
            yield json.loads(line)
class Rows(Store):
    def write(self, rows):
        for row in rows:
            self.handle.write(",".join(row))
    def read(self):
        yield from csv.reader(self.handle)
STORES = {"json": Lines, "csv": Rows}

@contextmanager
def opened(path, mode):
    make = STORES[str(path).split(".")[-1]]
    if mode == "rb":
        with gzip.open(path, mode) as handle:
            yield make(handle, quick=False)
    else:
        with open(path, mode) as handle:
            yield make(handle)

def load(path):
    with opened(path, "r") as store:
        yield from store.read()

def save(path, rows):
    with opened(path, "w") as store:
        store.write(rows)

def copy():
    save("data/copies.csv", load("data/others.csv"))
""",
    "a reader by suffix": """
import os
import pandas as pd
class Csv:
    def __init__(self, path):
        self.path = path
    def read(self):
        return pd.read_csv(self.path)
class Parquet:
    def __init__(self, path):
        self.path = path
    def read(self):
        return pd.read_parquet(self.path)
READERS = {".csv": Csv, ".parquet": Parquet}

def load(path):
    return READERS[os.path.splitext(path)[1]](path).read()
""",
}


def found(code: dict[str, str], kind: str, edge: str) -> set[tuple[str, str]]:
    """The function of each node of a kind, with the labels of the datasets that its edges lead to."""
    graph = analysed({**FILES, **code})
    return {
        (node.id.key.split(":")[1], graph.graph.node(one.target).label)
        for node in nodes(graph, kind)
        for one in graph.graph.out(node.id, (edge,))
    }


OWN = {("users", "data/users.csv"), ("orders", "data/orders.csv")}


@pytest.mark.parametrize("layers", LAYERS)
@pytest.mark.parametrize("reader", READERS)
def test_a_training_learns_from_the_file_that_its_own_call_names(reader: str, layers: str) -> None:
    code = {"reader.py": READERS[reader], "layers.py": LAYERS[layers], "train.py": FITS}
    assert found(code, "Training", "trained_on") == OWN


@pytest.mark.parametrize("layers", LAYERS)
@pytest.mark.parametrize("reader", READERS)
def test_a_prediction_takes_the_file_that_its_own_call_names(reader: str, layers: str) -> None:
    code = {"reader.py": READERS[reader], "layers.py": LAYERS[layers], "app.py": SERVED}
    assert found(code, "Prediction", "takes") == OWN


def test_of_objects_that_two_places_made_a_method_reads_the_files_of_these_alone() -> None:
    code = READERS["a store"] + "\ndef other():\n    return Store('data/others.csv').read()\n"
    loop = """
from sklearn.linear_model import Ridge
from reader import Store

def pair(first):
    return Store("data/users.csv") if first else Store("data/orders.csv")

def both(first):
    rows = pair(first).read()
    Ridge().fit(rows, rows)
"""
    assert found({"reader.py": code, "train.py": loop}, "Training", "trained_on") == {
        ("both", "data/users.csv"),
        ("both", "data/orders.csv"),
    }


BOTH = """
import joblib
from flask import Flask
from sklearn.linear_model import Ridge
from reader import load
app = Flask(__name__)
MODEL = joblib.load("model.joblib")

def users():
    return load("data/users.csv")

def orders():
    return load("data/orders.csv")

@app.get("/both")
def both():
    rows = users() + orders()
"""

CALLED = ("`users` returns it", "`orders` returns it")


@pytest.mark.parametrize(
    ("kind", "edge", "last"),
    [
        ("Training", "trained_on", "    Ridge().fit(rows, rows)\n"),
        ("Prediction", "takes", "    return list(MODEL.predict(rows))\n"),
    ],
)
def test_each_edge_is_shown_with_the_way_to_its_own_file(kind: str, edge: str, last: str) -> None:
    graph = analysed({**FILES, "reader.py": READERS["a store"], "app.py": BOTH + last}).graph
    (node,) = list(graph.nodes(kind))
    ways = {
        graph.node(one.target).label: [step.how for step in one.steps if step.how in CALLED]
        for one in graph.out(node.id, (edge,))
    }
    assert ways == {"data/users.csv": [CALLED[0]], "data/orders.csv": [CALLED[1]]}
