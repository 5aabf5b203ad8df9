"""The methods by which a framework takes the data out of an object that it is handed: nobody else calls them.

A trainer asks a data module for its loader, and a loader asks a data set for one row after another. What these methods
return is what is learned from, so that a slice that meets the object goes on there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mltradeoff_lint.model.facts import NONE, Call
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import CallRef, Class, Frame, FunctionRef, Instance, Made, Values
from mltradeoff_lint.resolve.flow.flow_steps import Route, arguments, deciding_tests
from mltradeoff_lint.resolve.flow.slices import FlowNode, Hop, Step
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.construction import Construction

DATA, MODEL = "data", "model"
"""What an object is to the framework: handed on as data anywhere, or the model of a training that is passed no data."""


class Hook(NamedTuple):
    """A method of a repository class that a framework calls for data, and the frame in which it sees the object."""

    method: FunctionRef
    frame: Frame | None
    is_all: bool = False
    """Whether what the constructor was passed counts only as far as the methods give it."""


def of_object(resolver: Resolver, value: Instance, role: str = DATA) -> tuple[Hook, ...]:
    """The methods that give the data of an object; empty for an object of any other class."""
    names = _names(resolver, value, role).items()
    methods = ((one, is_all) for name, is_all in names for one in _defined(resolver, value, name))
    construction = Construction(resolver)
    return tuple(Hook(method, construction.of_receiver(value, method), is_all) for method, is_all in methods)


def of_call(resolver: Resolver, made: Class, ref: CallRef, frame: Frame | None) -> tuple[Hook, ...]:
    """The methods that give the data of the object that a call makes."""
    return of_object(resolver, Instance(made.ref, Made(ref, frame)))


def passed_on(call: Call, hooks: Iterable[Hook]) -> Iterator[int]:
    """What a constructor is passed that flows into its object beside what the object's hooks give."""
    return iter(()) if any(hook.is_all for hook in hooks) else arguments(call)


def of_values(resolver: Resolver, values: Values, role: str = DATA) -> tuple[Hook, ...]:
    """The methods that give the data of the objects among values."""
    found = (one for value in values if isinstance(value, Instance) for one in of_object(resolver, value, role))
    return tuple(dict.fromkeys(found))


def results(
    resolver: Resolver, function: FunctionRef, frame: Frame | None, route: Route, cautious: bool
) -> Iterator[Step]:
    """What a function returns and yields in the call that is looked at; `cautious` adds the tests that decide it."""
    scope, facts = resolver.scope(function), resolver.facts(function.path)
    for one in (*scope.returns, *scope.yields):
        if one.value != NONE and (cautious or resolver.is_reached(function.path, one.region, frame)):
            hop = Hop(Site(function.path, one.span), f"`{scope.qualname}` returns it")
            yield FlowNode(function.path, one.value, frame, route), hop
            for test in deciding_tests(facts, one.value, one.region) if cautious else ():
                yield FlowNode(function.path, test, frame), hop


def _names(resolver: Resolver, value: Instance, role: str) -> dict[str, bool]:
    """The names of the methods, as the rows of its library classes say, and whether they give all."""
    found: dict[str, bool] = {}
    for base in resolver.library_bases(value.ref):
        for meaning in resolver.program.meanings("classes", base):
            if meaning.kind == "data-hooks" and meaning.literal("of", DATA) == role:
                names = (one.strip() for one in meaning.literal("methods").split(","))
                found.update(dict.fromkeys(names, meaning.literal("give") == "all"))
    return found


def _defined(resolver: Resolver, value: Instance, name: str) -> Iterator[FunctionRef]:
    """The definitions of a method in the nearest class of an object's lineage that has it."""
    for ref in resolver.lineage(value.ref):
        facts = resolver.facts(ref.path)
        finals = facts.scopes[facts.classes[ref.number].scope].finals.get(name, ())
        definitions = [facts.definitions[index] for index in finals]
        methods = [FunctionRef(ref.path, one.value) for one in definitions if one.kind == "function"]
        if methods:
            yield from methods
            return
