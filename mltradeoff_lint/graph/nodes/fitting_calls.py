"""Where an object is fitted that its constructor is given the data for: what is called on it in its own scope says so.

`Trainer(model, train_dataset=rows)` learns nothing before `.train()`, and one that is only asked to predict never does.
An object that is passed on, kept or given back may be fitted anywhere, so that its construction stands for the fit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import BOUND, heads_and_results, parts
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.calls.hanging import becoming
from mltradeoff_lint.resolve.domain import CallRef
from mltradeoff_lint.resolve.notebooks.run_magic import run_in
from mltradeoff_lint.resolve.sites import Use


class Fits(NamedTuple):
    """Where an object is fitted, and whether it is seen to be fitted nowhere."""

    at: CallRef
    is_idle: bool = False
    is_unseen: bool = False
    """Whether the construction stands for a fit that may be anywhere."""


def fits(work: Workspace, use: Use) -> Fits:
    """Where what a call makes is fitted: at the call itself unless the row names methods and all its uses are seen."""
    method, idle = use.meaning.literal("by"), use.meaning.literal("idle")
    if not method:
        return Fits(use.ref)
    read = _read_of(work, use.ref)
    if not read:
        return Fits(use.ref, is_unseen=True)
    facts = work.resolver.facts(use.ref.path)
    names = {facts.exprs[one][2] for one in read}
    if names <= {one.strip() for one in idle.split(",")}:
        return Fits(use.ref, is_idle=True)
    calls = (n for n, one in enumerate(facts.calls) if one.function in read and facts.exprs[one.function][2] == method)
    call = next(calls, NONE)
    return Fits(use.ref, is_unseen=True) if call == NONE else Fits(CallRef(use.ref.path, call))


def _read_of(work: Workspace, made: CallRef) -> frozenset[int] | None:
    """The expressions that read an attribute of a new object; None when more may be done with it."""
    facts = work.resolver.facts(made.path)
    index = next((n for n, one in enumerate(facts.exprs) if one[:2] == ("call", made.call)), NONE)
    held = [n for n, one in enumerate(facts.definitions) if one.value == index and one.kind in BOUND]
    if index == NONE or len(held) > 1:
        return None
    objects = {index}
    if held:
        bound = facts.definitions[held[0]]
        if bound.kind != "assign" or bound.path or _is_read_elsewhere(work, facts, made, held[0]):
            return None
        objects |= set(_loads(facts, held[0]))
    if any(one in objects for one in _taken(facts, held)):
        return None
    return frozenset(n for n, one in enumerate(facts.exprs) if one[0] == "attr" and one[1] in objects)


def _is_read_elsewhere(work: Workspace, facts: PythonFacts, made: CallRef, number: int) -> bool:
    """Whether code outside the file may read a name: another module imports it, or runs the notebook."""
    bound = facts.definitions[number]
    if bound.scope != facts.calls[made.call].scope or facts.scopes[bound.scope].kind == "class":
        return True
    if bound.scope:
        return False
    if becoming(facts, number).isdisjoint(facts.scopes[0].finals.get(bound.name, ())):
        return False
    paths = work.resolver.program.python_paths()
    return not made.path.endswith(".ipynb") or any(made.path in run_in(work.resolver, one) for one in paths)


def _loads(facts: PythonFacts, number: int) -> Iterator[int]:
    """Where a version of a name may be read, in the functions inside too."""
    bound, versions = facts.definitions[number], becoming(facts, number)
    for index, expr in enumerate(facts.exprs):
        if expr[0] == "name" and expr[1] == bound.name and (not expr[2] or not versions.isdisjoint(expr[2])):
            yield index


def _taken(facts: PythonFacts, held: list[int]) -> Iterator[int]:
    """The expressions with which something is done other than reading an attribute, or binding the name itself."""
    for expr in facts.exprs:
        if expr[0] != "attr":
            yield from parts(facts, expr)
    yield from (one.value for n, one in enumerate(facts.definitions) if n not in held and one.kind in BOUND)
    for write in facts.writes:
        yield from (write.base, write.value)
    yield from (one.test for one in facts.regions)
    yield from heads_and_results(facts)
