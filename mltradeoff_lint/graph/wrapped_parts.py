"""What a construction wraps: clients among its arguments, what it is called on, or what it takes if given none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Library, Literal, Made, Values, union
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.running.processes import Processes
from mltradeoff_lint.resolve.sites import Use

MAX_WRAPS = 4
"""How far clients are looked for inside others: engine, index, context, predictor, model."""

SET_ELSEWHERE = Unknown("another module sets the model of the library, and which programs load it did not resolve")


class _Set(NamedTuple):
    """What an attribute of a library is set to, and where."""

    path: str
    region: int
    values: Values


def arguments(work: Workspace, made: Made) -> tuple[Values, ...]:
    """The values of each client that a construction is given; what its library takes otherwise, where that is set."""
    found = _selected(work, made, is_receiver=False)
    if any(value != Literal(None) for values in found for value in values):
        return found
    return tuple(values for use in _clients(work, made) if (values := _usual(work, use)))


def receivers(work: Workspace, made: Made) -> tuple[Values, ...]:
    """The values of what a construction is called on, whose settings hold on, as those of an index for its engine."""
    return _selected(work, made, is_receiver=True)


def last(work: Workspace, made: Iterable[Made]) -> tuple[Made, ...]:
    """The constructions without those that others are called on."""
    found = tuple(made)
    below = {each.call for one in found for values in receivers(work, one) for each in made_of(values)}
    return tuple(one for one in found if one.call not in below) or found


def made_of(values: Values) -> tuple[Made, ...]:
    """The constructions behind things of libraries."""
    return tuple(one for value in values if isinstance(value, Library) for one in value.made)


def _clients(work: Workspace, made: Made) -> tuple[Use, ...]:
    return tuple(use for use in work.sites.at(made.call) if use.meaning.kind == "client")


def _selected(work: Workspace, made: Made, is_receiver: bool) -> tuple[Values, ...]:
    return tuple(
        work.resolver.values(made.call.path, expr, made.frame)
        for use in _clients(work, made)
        for selector in use.meaning.selectors("wraps")
        if (selector.role == "self") == is_receiver
        for expr in work.sites.select(made.call, (selector,))
    )


def _usual(work: Workspace, use: Use) -> Values:
    """What a library takes for a client that is not given: the value of an attribute, by who sets it nearest."""
    attribute, path = use.meaning.literal("default"), use.ref.path
    if not attribute:
        return ()
    return work.resolver.program.ask("usual-client", (attribute, path), lambda: _nearest(work, attribute, path))


def _nearest(work: Workspace, attribute: str, path: str) -> Values:
    """What a module sets an attribute to, else what others do that surely run in its process; open where one may."""
    writes = work.resolver.program.ask("usual-clients", attribute, lambda: _set_to(work, attribute))
    own = tuple(one.values for one in writes if one.path == path)
    if own or not writes:
        return union(*own)
    processes = Processes(work.resolver)
    shared = [(processes.sets(one.path, one.region, path), one.values) for one in writes]
    sure = tuple(values for answer, values in shared if answer == "yes")
    if sure:
        return union(*sure)
    return (SET_ELSEWHERE,) if any(answer == "maybe" for answer, _ in shared) else ()


def _set_to(work: Workspace, attribute: str) -> tuple[_Set, ...]:
    """The values that modules set an attribute of a library to."""
    holder, _, name = attribute.rpartition(".")
    found: list[_Set] = []
    for path in work.resolver.program.python_paths():
        for write in () if is_test(path) else work.resolver.facts(path).writes:
            if write.kind == "attribute" and write.key == name and write.value != NONE:
                bases = work.resolver.values(path, write.base)
                if any(isinstance(one, Library) and one.path == holder for one in bases):
                    found.append(_Set(path, write.region, work.resolver.values(path, write.value)))
    return tuple(found)
