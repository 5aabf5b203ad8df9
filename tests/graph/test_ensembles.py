"""Which combinations of predictions are ensembles, which models they combine, and whether they last."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from mltradeoff_lint.model.graph import Node
from mltradeoff_lint.model.value import Unknown
from tests.graph.analysed import analysed, nodes

HEAD = """import joblib
import numpy as np
import pandas as pd
from collections import Counter
from lightgbm import LGBMClassifier
from scipy.stats import rankdata
from sklearn.base import clone
from sklearn.ensemble import BaggingRegressor, RandomForestClassifier, StackingClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from xgboost import XGBClassifier, XGBRegressor

a, b, c = joblib.load("linear.pkl"), joblib.load("trees.pkl"), joblib.load("net.pkl")
x, X, y = pd.read_csv("x.csv"), pd.read_csv("X.csv"), pd.read_csv("y.csv")
"""


def cases(text: str) -> dict[str, str]:
    """Pieces of code by the title above each."""
    parts = [part.partition("\n") for part in text.strip().split("## ")[1:]]
    return {title: code for title, _, code in parts}


def ensembles(code: str, more: Mapping[str, str] | None = None) -> list[Node]:
    return nodes(analysed({"m.py": HEAD + code, **(more or {})}), "Ensemble")


def members(node: Node) -> set[str]:
    names = node.properties["member_names"]
    assert isinstance(names, tuple)
    return set(names)


ENSEMBLES = cases("""
## a weighted sum
np.save('o', 0.3 * a.predict(x) + 0.7 * b.predict(x))
## a mean of two
np.save('o', (a.predict(x) + b.predict(x)) / 2)
## a sum that is divided later
s = a.predict(x) + b.predict(x)
s /= 2
np.save('o', s)
## terms one by one
s = 0.3 * a.predict(x)
s += 0.7 * b.predict(x)
np.save('o', s)
## a mean of a list
np.save('o', np.mean([a.predict(x), b.predict(x)], axis=0))
## a weighted mean of an array
np.save('o', np.average(np.array([a.predict(x), b.predict(x)]), axis=0))
## columns side by side
np.save('o', np.column_stack([a.predict(x), b.predict(x)]).mean(axis=1))
## columns of a table
f = pd.DataFrame({'p': a.predict(x), 'q': b.predict(x)})
f[['p', 'q']].mean(axis=1).to_csv('o')
## columns that are added
x['p'] = a.predict(x)
x['q'] = b.predict(x)
x['s'] = 0.5 * x['p'] + 0.5 * x['q']
x.to_csv('o')
## ranks
np.save('o', rankdata(a.predict(x)) + rankdata(b.predict(x)))
## a vote
open('o', 'w').write(Counter([m.predict(x)[0] for m in (a, b)]).most_common(1)[0][0])
## a loop over a list
s = 0
for m in [a, b]:
    s += m.predict(x)
np.save('o', s / 2)
## a loop over a dict
s = 0
for n, m in {'a': a, 'b': b}.items():
    s = s + m.predict(x)
np.save('o', s / 2)
## appends in a loop
p = []
for m in (a, b):
    p.append(m.predict(x))
np.save('o', np.mean(p, axis=0))
## columns in a loop
p = np.zeros((9, 2))
for i, m in enumerate([a, b]):
    p[:, i] = m.predict(x)
np.save('o', p.mean(axis=1))
## a comprehension with weights
np.save('o', sum(w * m.predict(x) for w, m in zip([0.3, 0.7], [a, b])))
## models by name
ms = {'a': a, 'b': b}
p = [ms[n].predict(x) for n in ms]
np.save('o', np.mean(p, axis=0))
## a helper that predicts
def p(m):
    return m.predict(x).ravel()
np.save('o', 0.5 * p(a) + 0.5 * p(b))
## a function given the scores
def mix(p, q):
    return 0.5 * p + 0.5 * q
np.save('o', mix(a.predict(x), b.predict(x)))
""")


@pytest.mark.parametrize("code", ENSEMBLES.values(), ids=ENSEMBLES)
def test_a_combination_of_two_models_is_an_ensemble(code: str) -> None:
    (node,) = ensembles(code)
    assert members(node) == {"linear.pkl", "trees.pkl"}
    assert node.properties["members"] == 2
    assert node.properties["live"] is True
    assert node.properties["combine"] != "sum"


ONE_MODEL = cases("""
## folds
s = 0
for f in range(5):
    s += LGBMClassifier().fit(X, y).predict(x) / 5
np.save('o', s)
## fold artefacts
np.save('o', np.mean([joblib.load(f'm_{fold}.pkl').predict(x) for fold in range(5)], axis=0))
## numbered artefacts
np.save('o', 0.5 * joblib.load('m1.pkl').predict(x) + 0.5 * joblib.load('m2.pkl').predict(x))
## seeds in a list
np.save('o', np.mean([m.predict(x) for m in [SVC(C=1), SVC(C=2)]], axis=0))
## clones
p = [clone(m).fit(X, y).predict(x) for m in [SVC(), SVC()]]
np.save('o', np.mean(p, axis=0))
## either of two
m = a if len(x) > 3 else b
s = 0
for f in range(5):
    s += m.predict(x) / 5
np.save('o', s)
## each candidate by itself
for m in (a, b):
    s = 0
    for f in range(5):
        s += m.predict(x)
    np.save('o', s)
## one class in a vote
joblib.dump(VotingClassifier([('p', SVC(C=1)), ('q', SVC(C=2))]), 'o')
## a bag of one model
joblib.dump(BaggingRegressor(Ridge()), 'o')
## callers with a model each
def mean(ms):
    return np.mean([m.predict(x) for m in ms], axis=0)
np.save('o', mean([a]))
np.save('p', mean([b]))
""")


@pytest.mark.parametrize("code", ONE_MODEL.values(), ids=ONE_MODEL)
def test_folds_seeds_and_alternatives_of_one_model_count_as_one(code: str) -> None:
    assert [node.properties["members"] for node in ensembles(code)] == [1]


NOTHING = cases("""
## a difference
np.save('o', np.abs(a.predict(x) - b.predict(x)))
## metrics
p, q = roc_auc_score(y, a.predict(x)), roc_auc_score(y, b.predict(x))
np.save('o', 0.5 * p + 0.5 * q)
## a choice
np.save('o', a.predict(x) if len(x) > 3 else b.predict(x))
## a cascade
x['p'] = a.predict(x)
np.save('o', b.predict(x))
## a mean over rows
np.save('o', np.mean(a.predict(x)))
## means of columns
f = pd.DataFrame({'p': a.predict(x), 'q': b.predict(x)})
f.mean().to_csv('o')
## batches that are joined
open('o', 'w').write(str(sum([m.predict(x) for m in (a, b)], [])))
## a relative error
p = a.predict(x)
np.save('o', np.mean([np.abs(y - p) / p, np.abs(y - b.predict(x)) / p]))
## a loss
import torch
cross = torch.nn.BCELoss()
loss = cross(a.predict(x), y) + cross(b.predict(x), y)
torch.save(loss, 'o')
## texts
name = 'a' + 'b'
np.save(name, x)
## a search
joblib.dump(GridSearchCV(SVC(), {'C': [1, 2]}).fit(X, y), 'o')
## a forest
joblib.dump(RandomForestClassifier().fit(X, y), 'o')
## a scaled score
np.save('o', 0.5 * a.predict(x) + 0.5)
""")


@pytest.mark.parametrize("code", NOTHING.values(), ids=NOTHING)
def test_what_combines_no_predictions_is_no_node(code: str) -> None:
    assert ensembles(code) == []


UNKNOWN = cases("""
## a parameter
def mix(m):
    return 0.5 * a.predict(x) + 0.5 * m.predict(x)
## a registry
from registry import load
np.save('o', 0.5 * a.predict(x) + 0.5 * load('b').predict(x))
## a path that did not resolve
import sys
np.save('o', 0.5 * a.predict(x) + 0.5 * joblib.load(sys.argv[1]).predict(x))
## members from elsewhere
def build(ms):
    joblib.dump(StackingClassifier(ms), 'o')
## a loop over a list from elsewhere
a.predict(x)
def mix(ms):
    s = 0
    for m in ms:
        s += m.predict(x)
    return s
""")


@pytest.mark.parametrize("code", UNKNOWN.values(), ids=UNKNOWN)
def test_a_model_that_does_not_resolve_makes_the_count_unknown(code: str) -> None:
    (node,) = ensembles(code)
    assert isinstance(node.properties["members"], Unknown)


def test_estimators_count_by_the_class_that_predicts_in_the_end() -> None:
    (node,) = ensembles(
        "linear = make_pipeline(StandardScaler(), LogisticRegression())\n"
        "tuned = GridSearchCV(make_pipeline(StandardScaler(), SVC()), {})\n"
        "joblib.dump(StackingClassifier([('l', linear), ('t', tuned)], final_estimator=SVC()), 'o')\n"
    )
    assert members(node) == {"LogisticRegression", "SVC"}
    assert (node.properties["combine"], node.properties["members"]) == ("stacking", 2)


def test_a_bag_of_boosters_is_an_ensemble_of_ensembles() -> None:
    (node,) = ensembles("joblib.dump(BaggingRegressor(XGBRegressor(), n_estimators=10), 'o')")
    assert members(node) == {"BaggingRegressor", "XGBRegressor"}
    assert node.properties["members"] == 2


def test_a_plain_sum_is_told_from_a_mean() -> None:
    (node,) = ensembles("np.save('o', a.predict(x) + b.predict(x))")
    assert node.properties["combine"] == "sum"


def test_a_chain_of_terms_is_one_ensemble() -> None:
    (node,) = ensembles(
        "s = 0.2 * a.predict(x)\ns += 0.3 * b.predict(x)\nt = 0.5 * s + 0.5 * c.predict(x)\nnp.save('o', t)"
    )
    assert members(node) == {"linear.pkl", "trees.pkl", "net.pkl"}


def test_two_combinations_of_the_same_models_in_one_function_are_one_node() -> None:
    (node,) = ensembles(
        "for w in (0.1, 0.9):\n    np.save('o', w * a.predict(x) + b.predict(x))\n"
        "np.save('p', 0.5 * a.predict(x) + b.predict(x))"
    )
    assert len(node.sites) == 2


def test_networks_of_different_classes_that_are_stacked_and_averaged_are_likely_an_ensemble() -> None:
    code = """import torch
class A(torch.nn.Module): ...
class B(torch.nn.Module): ...
class Mix(torch.nn.Module):
    def __init__(self):
        self.models = torch.nn.ModuleList([A(), B()])
        self.layers = torch.nn.ModuleList([A(), A()])
    def forward(self, x):
        x = torch.stack([m(x) for m in self.layers]).mean(0)
        return torch.stack([m(x) for m in self.models]).mean(0)
"""
    found = {node.properties["members"]: node for node in nodes(analysed({"m.py": code}), "Ensemble")}
    assert members(found[2]) == {"A", "B"}
    assert found[2].evidence["members"].certainty.name == "LIKELY"
    assert members(found[1]) == {"A"}


LIVE = [
    ("np.save('o', s)", True),
    ("x.loc[:, 'p'] = s\nx.to_csv('o')", True),
    ("print(s.mean())", False),
    ("import logging\nlogging.info(s)", False),
    ("open('o', 'w').write(f'{s[0]:.2f}')", True),
]


@pytest.mark.parametrize(("use", "live"), LIVE)
def test_an_ensemble_is_live_when_its_score_is_kept(use: str, live: bool) -> None:
    (node,) = ensembles(f"s = 0.5 * a.predict(x) + 0.5 * b.predict(x)\n{use}\n")
    assert node.properties["live"] is live


def test_the_answer_of_an_endpoint_is_live_and_serving_through_other_modules() -> None:
    code = """from fastapi import FastAPI
from blend import Blend
app = FastAPI()
model = Blend()
@app.get("/score")
def score(amount: float):
    return {"score": float(model.predict([amount])[0])}
"""
    blend = """import joblib
class Blend:
    def __init__(self):
        self.first = joblib.load("linear.pkl")
        self.second = joblib.load("trees.pkl")
    def predict(self, rows):
        return (self.first.predict(rows) + self.second.predict(rows)) / 2
"""
    (node,) = nodes(analysed({"api.py": code, "blend.py": blend}), "Ensemble")
    assert (node.label, node.properties["live"], node.properties["role"]) == ("Blend.predict", True, "serving")


def test_what_a_function_returns_to_nobody_here_is_unknown() -> None:
    (node,) = ensembles("def mix():\n    return 0.5 * a.predict(x) + 0.5 * b.predict(x)\n")
    assert isinstance(node.properties["live"], Unknown)


def test_the_name_of_a_node_does_not_move_with_its_lines() -> None:
    code = "def mix():\n    np.save('o', 0.5 * a.predict(x) + 0.5 * b.predict(x))\n"
    assert [node.id for node in ensembles(code)] == [node.id for node in ensembles("\n\n\n" + code)]


TRITON = """name: "mix"
platform: "ensemble"
ensemble_scheduling { step [ { model_name: "first" }, { model_name: "second" }, { model_name: "after" } ] }
"""


@pytest.mark.parametrize(
    ("second", "expected"),
    [('platform: "tensorrt_plan"', 2), ('backend: "python"', None), ("max_batch_size: 8", Unknown)],
)
def test_triton_counts_the_models_that_are_trained(second: str, expected: object) -> None:
    files = {
        "repo/mix/config.pbtxt": TRITON,
        "repo/first/config.pbtxt": 'backend: "onnxruntime"',
        "repo/second/config.pbtxt": second,
        "repo/after/config.pbtxt": 'backend: "python"',
    }
    found = [node.properties["members"] for node in nodes(analysed(files), "Ensemble")]
    if expected is None:
        assert found == []
    elif expected is Unknown:
        assert [type(one) for one in found] == [Unknown]
    else:
        assert found == [expected]


@pytest.mark.parametrize(
    ("router", "services", "expected"),
    [
        ("Ensemble", ("linear", "trees"), [2]),
        ("Switch", ("linear", "trees", "trees"), [2]),
        ("Splitter", ("churn-v1", "churn-v2"), []),
        ("Sequence", ("encoder", "ranker"), []),
    ],
)
def test_kserve_routers_combine_distinct_services(router: str, services: tuple[str, ...], expected: list[int]) -> None:
    steps = "\n".join(f"        - serviceName: {name}" for name in services)
    head = "kind: InferenceGraph\nmetadata: {name: g}\nspec:\n  nodes:\n    root:\n"
    graph = f"{head}      routerType: {router}\n      steps:\n{steps}\n"
    assert [node.properties["members"] for node in nodes(analysed({"graph.yaml": graph}), "Ensemble")] == expected


def test_the_share_of_owned_model_files_leaves_the_ensemble_itself_and_tests_out() -> None:
    fit = "from sklearn.svm import SVC\nSVC().fit([[1], [2]], [0, 1])\n"
    code = "np.save('o', 0.5 * a.predict(x) + 0.5 * b.predict(x))"
    files = {"t/one.py": fit, "t/two.py": fit, "u/three.py": fit, "tests/test_four.py": fit, "CODEOWNERS": "/t/ @a"}
    (node,) = ensembles(code, files)
    assert node.properties["repository_owned"] == pytest.approx(2 / 3, abs=0.001)
