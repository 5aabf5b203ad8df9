"""Whether an optimizer updates an input and no model: pixels or rows in a variable, moved to please a fixed model.

Style transfer, adversarial examples and feature visualisation apply gradients to `tf.Variable(rows)`; what they read
is not learned from. Weights by hand are variables too, and made of no data.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.resolve.domain import CallRef, Items, Library, Value
from mltradeoff_lint.resolve.sites import Use

_APPLIES = ".apply_gradients"
_VARIABLE = "tensorflow.Variable()"
_READS = frozenset({"dataset-read"})
_PAIR = 2


def updates_input(work: Workspace, use: Use) -> bool:
    """Whether all that a step of an optimizer is seen to update are variables that hold what was read."""
    if not use.value.path.endswith(_APPLIES):
        return False
    path, facts = use.ref.path, work.resolver.facts(use.ref.path)
    pairs = work.sites.select(use.ref, use.meaning.selectors("data"))
    updated = [one for pair in pairs for one in _updated(facts, pair)]
    values = [one for expr in updated for value in work.resolver.values(path, expr) for one in _each(value)]
    made = [one.made[-1].call for one in values if isinstance(one, Library) and one.path == _VARIABLE and one.made]
    return bool(made) and len(made) == len(values) and all(_holds_data(work, call) for call in made)


def _updated(facts: PythonFacts, pairs: int) -> Iterator[int]:
    """The variables of `zip(gradients, variables)` and of a written list of pairs."""
    expr = facts.exprs[pairs]
    if expr[0] == "call":
        call = facts.calls[expr[1]]
        if facts.exprs[call.function][:2] == ("name", "zip") and len(call.arguments) == _PAIR:
            yield call.arguments[1]
    elif expr[0] in ("list", "tuple"):
        for pair in expr[1]:
            if facts.exprs[pair][0] == "tuple" and len(facts.exprs[pair][1]) == _PAIR:
                yield facts.exprs[pair][1][1]


def _each(value: Value) -> tuple[Value, ...]:
    """The things that a list holds; the list itself where it may hold more, or is none."""
    if not isinstance(value, Items) or value.is_open:
        return (value,)
    return tuple(one for values in value.items for one in values)


def _holds_data(work: Workspace, variable: CallRef) -> bool:
    """Whether a variable begins as something that was read."""
    call = work.resolver.call(variable)
    first = (*call.arguments[:1], *(value for name, value in call.keywords if name == "initial_value"))
    found = work.flow.backward(variable.path, first, _READS).uses
    return any(one.meaning.kind == "dataset-read" and one.meaning.literal("holds") != "model" for one in found)
