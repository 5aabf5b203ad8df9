"""What a backward slice is: its steps, the way they came, and what it reached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import Frame, FunctionRef, Library
from mltradeoff_lint.resolve.flow.flow_steps import Route
from mltradeoff_lint.resolve.sites import Use


class FlowNode(NamedTuple):
    """An expression in a frame, with the projection of it that is still wanted."""

    path: str
    expr: int
    frame: Frame | None
    route: Route = ()


class Hop(NamedTuple):
    """One step of the way a value came, in the words of a trace."""

    site: Site
    text: str


Step = tuple[FlowNode, Hop | None]

Parents = dict[FlowNode, tuple[FlowNode | None, Hop | None]]
"""For each node of a slice the one from which it was reached first, and what is told of that step."""

MAX_VISITED = 3000
"""A slice larger than this is open: whatever else flows in is unknown."""

CUT = "too much flows in"
"""The reason of a slice that was not walked to its end."""


def trail(parents: Parents, node: FlowNode) -> tuple[Hop, ...]:
    """The hops from the start of a slice to a node, each once."""
    return tuple(dict.fromkeys([hop for _, hop in steps_to(parents, node) if hop is not None]))


def steps_to(parents: Parents, node: FlowNode) -> tuple[Step, ...]:
    """The nodes from the start of a slice to one of it, each with what is told of the step to it."""
    steps: list[Step] = []
    here: FlowNode | None = node
    while here is not None:
        earlier, hop = parents[here]
        steps.append((here, hop))
        here = earlier
    return tuple(reversed(steps))


@dataclass(slots=True)
class Slice:
    """What a value is made of."""

    uses: dict[Use, tuple[Hop, ...]] = field(default_factory=dict)
    """Catalogued calls that were reached, with the hops from the value back to the call."""
    frames: dict[Use, dict[Frame | None, tuple[Hop, ...]]] = field(default_factory=dict)
    """Through which calls each of these was looked at, in the order they were reached, with the hops to each look."""
    parameters: dict[tuple[FunctionRef, int], tuple[Hop, ...]] = field(default_factory=dict)
    """Parameters that were stopped at, or that nobody in the repository passes."""
    options: dict[tuple[FunctionRef, int], tuple[Hop, ...]] = field(default_factory=dict)
    """Parameters that a command line may give: those of functions that are decorated or that nobody calls."""
    attributes: dict[tuple[Library, str], tuple[Hop, ...]] = field(default_factory=dict)
    """Attributes of parsed command-line arguments."""
    constants: dict[tuple[str, int], tuple[Hop, ...]] = field(default_factory=dict)
    """String constants that were reached, by module and expression."""
    repeated: dict[tuple[str, int], tuple[Step, ...]] = field(default_factory=dict)
    """The steps to those constants that their module writes more than once."""
    requests: dict[str, Site] = field(default_factory=dict)
    """Attributes that hold data of the current request, such as `flask.request.args`."""
    unknown: dict[str, Site] = field(default_factory=dict)
    """Why the slice is open, with the site where it was lost."""
    unseen: dict[str, Site] = field(default_factory=dict)
    """Library calls that may bring what nobody here shows, such as a value of a cache server."""
    lookups: dict[tuple[str, int], FlowNode] = field(default_factory=dict)
    """Expressions that choose among stored values, by module and index, with what they choose from."""
    hooks: dict[FunctionRef, None] = field(default_factory=dict)
    """Methods that a framework calls for the data of an object it is handed."""
    visited: int = 0

    def add_constant(self, node: FlowNode, parents: Parents, is_repeated: bool) -> None:
        """Note a constant with the way of the first time."""
        key = (node.path, node.expr)
        if key not in self.constants:
            self.constants[key] = trail(parents, node)
            if is_repeated:
                self.repeated[key] = steps_to(parents, node)

    def of_kind(self, kind: str) -> Iterator[tuple[Use, tuple[Hop, ...]]]:
        """The reached calls of one kind."""
        return ((use, hops) for use, hops in self.uses.items() if use.meaning.kind == kind)
