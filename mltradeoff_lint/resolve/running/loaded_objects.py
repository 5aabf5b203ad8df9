"""Whether a file of any objects (a pickle, a joblib file) holds a model: what is done with it tells."""

from __future__ import annotations

from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.domain import CallRef, ClassRef, Instance, Library
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.running.reach import Reach
from mltradeoff_lint.resolve.sites import Sites, Use

USED = frozenset(
    {
        "predict", "predict_proba", "predict_log_proba", "decision_function", "score_samples", "transform",
        "inverse_transform", "encode", "generate", "forward", "kneighbors", "recommend", "named_steps", "steps",
    }
)  # fmt: skip
"""What is asked of a fitted model, encoder or pipeline, and of nothing else that is kept in such a file."""


class Contents:
    """Answers what loading a file of any objects gives."""

    def __init__(self, resolver: Resolver, sites: Sites, reach: Reach) -> None:
        self._resolver = resolver
        self._sites = sites
        self._reach = reach

    def is_model(self, use: Use) -> bool:
        """Whether a model is loaded: the format holds nothing else, or the result is used or declared as one."""
        if use.meaning.literal("holds") != "anything":
            return True
        return use.ref in self._used() or self._is_declared(use)

    def _used(self) -> frozenset[CallRef]:
        """The loading calls whose result is asked to predict, to transform or to encode."""

        def find() -> frozenset[CallRef]:
            return frozenset(
                made.call
                for path in self._resolver.program.python_paths()
                for facts in (self._resolver.facts(path),)
                for call in facts.calls
                if facts.exprs[call.function][0] == "attr" and facts.exprs[call.function][2] in USED
                for value in self._resolver.values(path, call.function)
                if isinstance(value, Library)
                for made in value.made
            )

        return self._resolver.program.ask("loads-in-use", "", find)

    def _is_declared(self, use: Use) -> bool:
        """Whether the function that loads says that it gives an object of a class whose methods predict."""
        function = self._reach.holder(use.ref)
        scope = self._resolver.scope(function)
        if scope.annotation == NONE:
            return False
        declared = self._resolver.annotated(function.path, scope.annotation)
        return any(isinstance(one, Instance) and one.ref in self._predicting() for one in declared)

    def _predicting(self) -> frozenset[ClassRef]:
        """The classes in whose methods something predicts, with the classes they derive from."""

        def find() -> frozenset[ClassRef]:
            holders = (self._reach.holder(one.ref) for one in self._sites.of_kind("prediction"))
            owners = {(one.path, self._resolver.scope(one).owner) for one in holders}
            return frozenset(
                ref for path, owner in owners if owner != NONE for ref in self._resolver.lineage(ClassRef(path, owner))
            )

        return self._resolver.program.ask("predicting-classes", "", find)
