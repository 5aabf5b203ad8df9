"""What a model server passes to a function that it finds by its name: the results of functions beside it.

`predict_fn(data, model)` of a SageMaker script is given what `input_fn` and `model_fn` of the same module return.
"""

from __future__ import annotations

from mltradeoff_lint.catalog.served_names import results_passed
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.domain import FunctionRef, Values, union
from mltradeoff_lint.resolve.interface import Resolver


def given(resolver: Resolver, function: FunctionRef, position: int) -> Values:
    """What a server passes for a parameter; empty for other functions, and where it passes its own."""
    scope = resolver.scope(function)
    makers = results_passed().get(scope.qualname, ())
    maker = makers[position] if position < len(makers) else ""
    facts = resolver.facts(function.path)
    if not maker or function.scope not in _functions(facts, scope.name):
        return ()
    makers_of_it = [FunctionRef(function.path, one) for one in _functions(facts, maker)]
    returned = [one for ref in makers_of_it for one in resolver.scope(ref).returns if one.value != NONE]
    return union(*(resolver.values(function.path, one.value) for one in returned))


def _functions(facts: PythonFacts, name: str) -> tuple[int, ...]:
    """The scopes of the functions that a name of a module is left with."""
    found = (facts.definitions[one] for one in facts.scopes[0].finals.get(name, ()))
    return tuple(one.value for one in found if one.kind == "function")
