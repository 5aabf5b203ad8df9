"""Which models a combination has where a loop, a comprehension or a wrapper of the repository stands between."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.value import Unknown
from tests.graph.analysed import analysed, nodes
from tests.graph.test_ensembles import cases, ensembles, members

WRAPPERS = """
class Linear:
    def __init__(self):
        self.model = joblib.load('linear.pkl')
    def predict(self, rows):
        return self.model.predict(rows)
class Trees:
    def __init__(self):
        self.model = joblib.load('trees.pkl')
    def predict(self, rows):
        return self.model.predict(rows)
class Stored:
    def __init__(self, path):
        self.model = joblib.load(path)
    def ask(self, rows):
        return self.model.predict_proba(rows)[:, 1]
def linear(rows):
    return a.predict(rows)
def trees(rows):
    return b.predict(rows)
"""

TWO = cases("""
## a dict comprehension over names
models = {name: joblib.load(f'{name}.pkl') for name in ['linear', 'trees']}
np.save('o', np.mean([m.predict(x) for m in models.values()], axis=0))
## a list comprehension over paths
models = [joblib.load(path) for path in ('linear.pkl', 'trees.pkl')]
np.save('o', sum(m.predict(x) for m in models) / len(models))
## artefacts that a loop loads and adds
total = 0
for name in ['linear', 'trees']:
    model = joblib.load(f'{name}.pkl')
    total += model.predict(x)
np.save('o', total / 2)
## artefacts that a loop loads and keeps
out = {}
for name in ['linear', 'trees']:
    model = joblib.load(f'{name}.pkl')
    out[name] = model.predict(x)
pd.DataFrame(out).mean(axis=1).to_csv('o')
## artefacts that a loop loads and appends
out = []
for name in ['linear', 'trees']:
    out.append(joblib.load(f'{name}.pkl').predict(x))
np.save('o', np.mean(out, axis=0))
## a list of wrappers of different classes
np.save('o', np.array([m.predict(x) for m in [Linear(), Trees()]]).mean(axis=0))
## wrappers of one class around different artefacts
wrapped = [Stored('linear.pkl'), Stored('trees.pkl')]
np.save('o', np.mean([m.ask(x) for m in wrapped], axis=0))
## wrappers that a loop asks
total = 0
for m in (Linear(), Trees()):
    total = total + 0.5 * m.predict(x)
np.save('o', total)
## columns that a loop fills, weighed by their names
out = {}
for name in ['linear', 'trees']:
    out[name] = joblib.load(f'{name}.pkl').predict(x)
ranks = pd.DataFrame(out).rank(pct=True)
np.save('o', sum(ranks[name] * w for name, w in {'linear': 0.3, 'trees': 0.7}.items()))
## functions that are asked in turn
np.save('o', np.mean([ask(x) for ask in (linear, trees)], axis=0))
""")


@pytest.mark.parametrize("code", TWO.values(), ids=TWO)
def test_each_round_of_a_loop_asks_a_model_of_its_own(code: str) -> None:
    (node,) = ensembles(WRAPPERS + code)
    assert (node.properties["members"], members(node)) == (2, {"linear.pkl", "trees.pkl"})


ONE = cases("""
## wrappers of one artefact
np.save('o', np.mean([m.predict(x) for m in [Linear(), Linear()]], axis=0))
## wrappers of the folds of one model
np.save('o', np.mean([m.ask(x) for m in [Stored('t_fold0.pkl'), Stored('t_fold1.pkl')]], axis=0))
## callers with a wrapper each
def mean(ms):
    return np.mean([m.predict(x) for m in ms], axis=0)
np.save('o', mean([Linear()]))
np.save('p', mean([Trees()]))
## one column of those that a loop fills
out = {}
for name in ['linear', 'trees']:
    out[name] = joblib.load(f'{name}.pkl').predict(x)
np.save('o', out['trees'] / 2 + 0.5 * out['trees'])
## either of two, asked for each part
m = Linear() if len(x) > 3 else Trees()
total = 0
for part in range(5):
    total += m.predict(x) / 5
np.save('o', total)
""")


@pytest.mark.parametrize("code", ONE.values(), ids=ONE)
def test_wrappers_of_one_model_count_as_one(code: str) -> None:
    assert [node.properties["members"] for node in ensembles(WRAPPERS + code)] == [1]


UNTOLD = cases("""
## wrappers out of a set of classes that did not resolve
from registry import chosen
names = {'linear': Linear, 'trees': Trees}
np.save('o', np.mean([names[one]().predict(x) for one in chosen()], axis=0))
""")


@pytest.mark.parametrize("code", UNTOLD.values(), ids=UNTOLD)
def test_a_loop_whose_rounds_are_not_told_apart_leaves_the_count_open(code: str) -> None:
    (node,) = ensembles(WRAPPERS + code)
    assert isinstance(node.properties["members"], Unknown)


NETWORKS = """import timm, torch
from torchvision import models
class Mix(torch.nn.Module):
    def __init__(self, names=("convnext_tiny", "vit_small")):
        super().__init__()
        self.a, self.b = models.resnet50(), models.densenet121()
        self.members = torch.nn.ModuleList([timm.create_model(name, pretrained=True) for name in names])
        self.folds = torch.nn.ModuleList([timm.create_model("convnext_tiny") for _ in range(3)])
    def forward(self, rows):
        return {}
net = Mix()
"""
FORWARD = [
    ("(self.a(rows) + self.b(rows)) / 2", 2, {"resnet50", "densenet121"}),
    ("torch.stack([m(rows).softmax(-1) for m in self.members]).mean(0)", 2, {"convnext_tiny", "vit_small"}),
    ("torch.stack([torch.softmax(m(rows), 1) for m in self.members]).mean(0)", 2, {"convnext_tiny", "vit_small"}),
    ("torch.stack([m(rows) for m in self.folds]).mean(0)", 1, {"convnext_tiny"}),
]


@pytest.mark.parametrize(("result", "count", "names"), FORWARD)
def test_what_a_called_network_gives_back_is_kept_where_its_caller_keeps_it(
    result: str, count: int, names: set[str]
) -> None:
    code = NETWORKS.replace("{}", result)
    (kept,) = nodes(analysed({"m.py": code + "torch.save(net(torch.tensor([1.0])), 'o')\n"}), "Ensemble")
    assert (kept.properties["members"], members(kept)) == (count, names)
    assert kept.properties.get("live", True) is True


def test_what_a_network_that_nothing_calls_gives_back_is_unknown() -> None:
    (node,) = nodes(analysed({"m.py": NETWORKS.replace("{}", FORWARD[0][0])}), "Ensemble")
    assert isinstance(node.properties["live"], Unknown)


def test_a_combination_in_an_object_that_is_called_is_served_where_the_object_is() -> None:
    code = """import joblib
from fastapi import FastAPI
app = FastAPI()
class Scorer:
    def __init__(self):
        self.first, self.second = joblib.load("linear.pkl"), joblib.load("trees.pkl")
    def __call__(self, rows):
        return 0.4 * self.first.predict(rows) + 0.6 * self.second.predict(rows)
scorer = Scorer()
@app.get("/score")
def score(amount: float):
    return {"score": float(scorer([[amount]])[0])}
"""
    (node,) = nodes(analysed({"m.py": code}), "Ensemble")
    assert (node.label, node.properties["live"], node.properties["role"]) == ("Scorer.__call__", True, "serving")


PYFUNC = """import joblib
import mlflow

class Blend(mlflow.pyfunc.PythonModel):
    def load_context(self, context):
        self.first = joblib.load(context.artifacts["linear"])
        self.second = joblib.load(context.artifacts["trees"])
    def predict(self, context, rows):
        return 0.3 * self.first.predict(rows) + 0.7 * self.second.predict(rows)

"""
FILES = "{'linear': 'linear.pkl', 'trees': 'trees.pkl'}"


@pytest.mark.parametrize("call", ["log_model('model', ", "save_model('model', "])
def test_the_files_saved_with_an_object_are_the_members_of_its_prediction(call: str) -> None:
    code = PYFUNC + f"mlflow.pyfunc.{call}python_model=Blend(), artifacts={FILES})\n"
    (node,) = nodes(analysed({"m.py": code}), "Ensemble")
    assert (members(node), node.properties["live"]) == ({"linear.pkl", "trees.pkl"}, True)


def test_an_object_that_is_saved_without_files_leaves_its_members_open() -> None:
    (node,) = nodes(analysed({"m.py": PYFUNC + "mlflow.pyfunc.log_model('model', python_model=Blend())\n"}), "Ensemble")
    assert isinstance(node.properties["members"], Unknown)


OWN_ESTIMATOR = """
from sklearn.base import BaseEstimator
class Blend(BaseEstimator):
    def fit(self, X, y):
        return self
    def predict(self, rows):
        return (a.predict(rows) + b.predict(rows)) / 2
blend = Blend().fit(X, y)
"""


@pytest.mark.parametrize(("use", "live"), [("joblib.dump(blend, 'o')", True), ("print(blend.predict(x))", False)])
def test_what_a_saved_object_predicts_is_kept_with_it(use: str, live: bool) -> None:
    (node,) = ensembles(OWN_ESTIMATOR + use + "\n")
    assert node.properties["live"] is live


KERAS = """from tensorflow import keras
first, second = keras.models.load_model("resnet.keras"), keras.models.load_model("inception.keras")
rows = keras.Input(shape=(224, 224, 3))
"""
LAYERS = [
    ("keras.layers.Average()([first(rows), second(rows)])", "mean", 2),
    ("keras.layers.average([first(rows), second(rows)])", "mean", 2),
    ("keras.layers.Maximum()([first(rows), second(rows)])", "maximum", 2),
    ("keras.layers.Average()([first(rows), first(rows + 1)])", "mean", 1),
]


@pytest.mark.parametrize(("layer", "combine", "count"), LAYERS)
def test_a_layer_that_merges_loaded_models_combines_them(layer: str, combine: str, count: int) -> None:
    code = KERAS + f"blend = keras.Model(rows, {layer})\nblend.save('blend.keras')\n"
    (node,) = nodes(analysed({"m.py": code}), "Ensemble")
    assert (node.properties["combine"], node.properties["members"]) == (combine, count)
    assert node.properties.get("live", True) is True


def test_a_layer_that_merges_branches_of_one_network_is_no_ensemble() -> None:
    code = "parts = [keras.layers.Dense(8)(rows), keras.layers.Dense(8)(rows)]\nout = keras.layers.Average()(parts)\n"
    assert nodes(analysed({"m.py": KERAS + code + "keras.Model(rows, out).save('o')\n"}), "Ensemble") == []


NAMED = cases("""
## boosters that files are loaded into
import xgboost as xgb
from catboost import CatBoostClassifier
first, second = xgb.Booster(), CatBoostClassifier()
first.load_model('linear.pkl')
second.load_model('trees.pkl')
np.save('o', (first.predict(x) + second.predict(x)) / 2)
## two objects of one class with a file each
first, second = XGBClassifier(), XGBClassifier()
first.load_model('linear.pkl')
second.load_model('trees.pkl')
np.save('o', (first.predict(x) + second.predict(x)) / 2)
## the end of a forecast
first = joblib.load('linear.pkl').predict(x).tail(28)['yhat'].values
np.save('o', np.mean([first, joblib.load('trees.pkl').predict(x)], axis=0))
""")


@pytest.mark.parametrize("code", NAMED.values(), ids=NAMED)
def test_a_member_is_told_by_the_file_that_is_loaded_into_it(code: str) -> None:
    (node,) = ensembles(code)
    assert members(node) == {"linear.pkl", "trees.pkl"}


def test_the_folds_that_are_loaded_into_objects_of_one_class_are_one_model() -> None:
    code = (
        "p = []\nfor fold in range(5):\n    m = XGBClassifier()\n    m.load_model(f'm_{fold}.json')\n"
        "    p.append(m.predict(x))\nnp.save('o', np.mean(p, axis=0))"
    )
    (node,) = ensembles(code)
    assert node.properties["members"] == 1


def test_classes_that_a_table_names_are_members_of_a_vote() -> None:
    code = (
        "import yaml\nTABLE = {'trees': LGBMClassifier, 'boosted': XGBClassifier, 'linear': LogisticRegression}\n"
        "def build(cfg):\n"
        "    return VotingClassifier([(name, TABLE[name](**given)) for name, given in cfg['members'].items()])\n"
        "joblib.dump(build(yaml.safe_load(open('c.yaml'))).fit(X, y), 'o')"
    )
    (node,) = ensembles(code, {"c.yaml": "members:\n  trees: {n_estimators: 9}\n  linear: {C: 1}\n"})
    assert members(node) == {"LGBMClassifier", "LogisticRegression"}


def test_a_model_that_its_fit_gives_back_goes_by_its_class() -> None:
    code = (
        "from statsmodels.tsa.arima.model import ARIMA\n"
        "np.save('o', (ARIMA(y).fit().forecast(28) + Ridge().fit(X, y).predict(x)) / 2)"
    )
    (node,) = ensembles(code)
    assert members(node) == {"ARIMA", "Ridge"}


GOALS = [
    ("0.1 * {0} + 2 * {1}", ("click.pkl", "conversion.pkl"), None),
    ("0.1 * {0} + 2 * {1}", ("clicks_lgbm.pkl", "p_purchase_v2.pkl"), None),
    ("0.1 * {0} + 2 * {1}", ("click_gbm.pkl", "click_net.pkl"), 2),
    ("0.1 * {0} + 2 * {1}", ("click.pkl", "trees.pkl"), 2),
    ("({0} + {1}) / 2", ("click.pkl", "conversion.pkl"), 2),
]


@pytest.mark.parametrize(("score", "files", "count"), GOALS)
def test_models_of_different_goals_that_are_weighed_are_left_open(
    score: str, files: tuple[str, str], count: int | None
) -> None:
    first, second = (f"joblib.load('{one}').predict(x)" for one in files)
    (node,) = ensembles(f"np.save('o', {score.format(first, second)})")
    found = node.properties["members"]
    assert isinstance(found, Unknown) if count is None else found == count


def test_the_terms_that_a_loop_weighs_are_a_weighted_sum() -> None:
    code = "s = 0\nfor n, m in {'p': a, 'q': b}.items():\n    s += {'p': 1, 'q': 2}[n] * m.predict(x)\nnp.save('o', s)"
    (node,) = ensembles(code)
    assert node.properties["combine"] == "weighted sum"


SUMS = [
    ("np.save('o', sum(m.predict(x) for m in (a, b)))", "sum"),
    ("np.save('o', sum(m.predict(x) for m in (a, b)) / 2)", "mean"),
    ("np.save('o', sum(w * m.predict(x) for m, w in ((a, 0.3), (b, 0.7))))", "weighted sum"),
    ("np.save('o', np.sum([a.predict(x), b.predict(x)], axis=0))", "sum"),
    ("v = np.array([a.predict(x), b.predict(x)])\nnp.save('o', v.sum(axis=0) >= 2)", "vote"),
    ("v = np.array([a.predict(x), b.predict(x)])\nnp.save('o', v.sum(axis=0) >= 1000)", "sum"),
    ("s = sum(m.predict_proba(x) for m in (a, b))\nnp.save('o', s.argmax(axis=1))", "vote"),
    ("s = 0\nfor m in (a, b):\n    s += m.predict(x)\nnp.save('o', s)", "sum"),
    ("s = 0\nfor m in (a, b):\n    s += m.predict(x)\nt = float(s[0])\nnp.save('o', t / 2)", "mean"),
]


@pytest.mark.parametrize(("code", "combine"), SUMS)
def test_a_sum_of_predictions_is_an_opinion_only_where_it_is_weighed_scaled_or_counted(code: str, combine: str) -> None:
    (node,) = ensembles(code)
    assert node.properties["combine"] == combine
