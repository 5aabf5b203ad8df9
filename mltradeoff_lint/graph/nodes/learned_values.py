"""Which calls learn a model, from what kind of read, and what a reader calls the thing that learns."""

from __future__ import annotations

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.resolve.domain import CallRef, Class, Instance, Library
from mltradeoff_lint.resolve.sites import Use

_NOT_DATA = ("config", "prompt")
_AS_MODEL = frozenset(
    {"predict", "predict_proba", "decision_function", "transform", "inverse_transform", "encode", "decode", "fit",
     "partial_fit", "eval", "to", "cuda", "load_state_dict", "score", "get_booster", "tokenize", "texts_to_sequences",
     "state_dict", "parameters", "kneighbors"}
)  # fmt: skip
"""Methods that only a model or a fitted transformer has."""

_PLAIN_FILES = "python"
"""The library whose reads open any file: `open`, `Path.read_text`, `zipfile.ZipFile`."""

_BACKWARD = ".backward"

MAX_LEARNERS = 3
"""Things of which one is passed to a call to learn; more are not told by name."""

_PLAIN = ("BaseEstimator", "Model", "Tensor", "Pool")


class LearnedValues:
    """Judges the catalogued calls around a training."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._models: frozenset[CallRef] | None = None

    def is_transformer(self, use: Use) -> bool:
        """Fitting a scaler or encoder is no learning of a model."""
        if use.meaning.literal("family") == "transformer":
            return True
        return self._families(use) == {"transformer"}

    def _families(self, use: Use) -> set[str]:
        return {
            estimator.meaning.literal("family")
            for made in use.value.made
            for estimator in self._work.sites.at(made.call)
            if estimator.meaning.kind == "estimator"
        }

    def is_data(self, read: Use, training: Use | None = None) -> bool:
        """Whether a read gives rows to learn from; what may be a stored model is data unless it is used as one.

        A loss, and the gradients of one, are made of the weights and settings of the model too, so that a plain file
        behind them may be any of these.
        """
        holds = read.meaning.literal("holds")
        if holds in _NOT_DATA:
            return False
        if training is not None and _is_of_loss(training):
            return holds != "model" and read.meaning.library != _PLAIN_FILES
        return holds != "model" or read.ref not in self._used_as_models()

    def _used_as_models(self) -> frozenset[CallRef]:
        """The loads whose value has a method of models called on it, or is called itself."""
        if self._models is None:
            found: set[CallRef] = set()
            for path in self._work.resolver.program.python_paths():
                facts = self._work.resolver.facts(path)
                for call in facts.calls:
                    expr = facts.exprs[call.function]
                    if expr[0] == "attr" and expr[2] in _AS_MODEL:
                        for value in self._work.resolver.values(path, expr[1]):
                            if isinstance(value, Library):
                                found |= {made.call for made in value.made}
            self._models = frozenset(found)
        return self._models

    # -- names

    def estimator(self, use: Use) -> str:
        """The class or function that learns, as a reader knows it: `XGBClassifier`, `lightgbm.train`."""
        own = use.meaning.literal("what") or self._own_class(use)
        return own or self._passed(use) or self._of_library(use)

    def _passed(self, use: Use) -> str:
        """The classes of what a call is passed to learn; empty when they are not known, or many."""
        exprs = self._work.sites.select(use.ref, use.meaning.selectors("learner"))
        values = [value for expr in exprs for value in self._work.resolver.values(use.ref.path, expr)]
        names: dict[str, None] = {}
        for value in values:
            if isinstance(value, Library):
                names[self._of_library(use._replace(value=Library(f"{value.path}.fit", value.made)))] = None
            elif isinstance(value, (Instance, Class)):
                names[self._work.resolver.class_fact(value.ref).name] = None
            else:
                return ""
        is_told = len(names) <= MAX_LEARNERS and all(name[:1].isupper() for name in names)
        return " or ".join(names) if is_told else ""

    def _of_library(self, use: Use) -> str:
        if use.value.path.endswith(_BACKWARD):
            return "torch model"
        parts = [part.replace("()", "").replace("[]", "") for part in use.value.path.split(".")]
        parts = [part for part in parts if part]
        if parts[-1][:1].isupper():
            return parts[-1]
        owner = next((part for part in reversed(parts[:-1]) if part[:1].isupper()), "")
        if owner and owner not in _PLAIN:
            return owner
        made = self._constructor(use)
        if made:
            return made
        if use.meaning.literal("model") == "return" or not owner:
            return ".".join((parts[0], parts[-1])) if len(parts) > 1 else parts[-1]
        return f"{parts[0]} {owner}" if owner == "Model" else owner

    def _own_class(self, use: Use) -> str:
        """The class of the repository whose object is fitted, when it derives from a class of the library."""
        facts = self._work.resolver.facts(use.ref.path)
        function = facts.exprs[facts.calls[use.ref.call].function]
        if function[0] != "attr":
            return ""
        for value in self._work.resolver.values(use.ref.path, function[1]):
            if isinstance(value, (Instance, Class)):
                return self._work.resolver.class_fact(value.ref).name
        return ""

    def _constructor(self, use: Use) -> str:
        for made in use.value.made:
            for one in self._work.sites.at(made.call):
                name = one.value.path.replace("()", "").rpartition(".")[2]
                if one.meaning.kind == "estimator" and name[:1].isupper():
                    return name
        return ""


def _is_of_loss(use: Use) -> bool:
    """Whether what a training is passed is a loss, or the gradients of one, and not the data."""
    return use.value.path.endswith((_BACKWARD, ".apply_gradients", ".minimize", ".apply_updates"))
