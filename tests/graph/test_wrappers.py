"""Functions around reads, writes and model calls: the graph names the calls that decide what they do."""

from __future__ import annotations

from tests.graph.analysed import analysed, nodes

TRAIN = """\
import sys
from sklearn.linear_model import Ridge
from tables import read
def churn(region):
    frame = read(f"data/{region}/churn.csv")
    Ridge().fit(frame[["a"]], frame["y"])
def sales(region):
    frame = read("s3://shop/" + region + "/sales.csv")
    Ridge().fit(frame[["a"]], frame["y"])
churn(sys.argv[1])
sales(sys.argv[1])
"""


def test_a_location_that_a_caller_puts_together_is_told_at_that_call() -> None:
    tables = "import pandas as pd\ndef read(path):\n    return pd.read_csv(path)\n"
    found = nodes(analysed({"train.py": TRAIN, "tables.py": tables}), "Dataset")
    places = {node.label: [(site.path, site.span.line) for site in node.sites] for node in found}
    assert places == {
        "data/{option:region}/churn.csv": [("train.py", 5), ("tables.py", 3)],
        "s3://shop/{option:region}/sales.csv": [("train.py", 8), ("tables.py", 3)],
    }


def test_the_models_that_callers_of_a_wrapper_pass_are_listed_with_the_calls() -> None:
    code = (
        "import litellm\n"
        "def send(messages, model):\n    return litellm.completion(model=model, messages=messages)\n"
        "def ask(text, **options):\n    return send([text], **options)\n"
        "ask('a', model='gpt-4o')\nask('b', model='o3')\nsend([], 'o3')\n"
    )
    (call,) = nodes(analysed({"app.py": code}), "ModelCall")
    assert call.properties["models"] == ("gpt-4o (app.py:6)", "o3 (app.py:7)", "o3 (app.py:8)")


def test_a_call_that_names_its_model_lists_none() -> None:
    code = "import litellm\ndef ask(text):\n    return litellm.completion('gpt-4o', [text])\nask('a')\n"
    (call,) = nodes(analysed({"app.py": code}), "ModelCall")
    assert "models" not in call.properties


def test_each_endpoint_predicts_with_the_model_its_own_call_of_a_loader_names() -> None:
    code = (
        "import joblib\nfrom flask import Flask, request\n"
        "app = Flask(__name__)\n"
        "def load(name):\n    return joblib.load(f'models/{name}.pkl')\n"
        "churn, value = load('churn'), load('value')\n"
        "@app.post('/churn')\ndef first():\n    return str(churn.predict([request.json['a']]))\n"
        "@app.post('/value')\ndef second():\n    return str(value.predict([request.json['a']]))\n"
    )
    found = nodes(analysed({"app.py": code}), "Prediction")
    assert sorted(str(node.properties["model"]) for node in found) == ["models/churn.pkl", "models/value.pkl"]


def test_a_write_is_paired_with_what_its_own_caller_hands_on() -> None:
    code = (
        "import pandas as pd\nfrom sklearn.linear_model import Ridge\n"
        "def save(frame, path):\n    frame.to_parquet(path)\n"
        "def export(frame, name):\n    save(frame, f'out/{name}.parquet')\n"
        "export(pd.read_csv('https://a.example/raw/churn.csv'), 'churn')\n"
        "export(pd.read_csv('https://a.example/raw/sales.csv'), 'sales')\n"
        "data = pd.read_parquet('out/churn.parquet')\n"
        "Ridge().fit(data[['a']], data['y'])\n"
    )
    found = {node.label for node in nodes(analysed({"app.py": code}), "Dataset")}
    assert "https://a.example/raw/churn.csv" in found
    assert "https://a.example/raw/sales.csv" not in found
