"""Networks that are called with data after their weights were loaded from a file: predictions of what was loaded."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.resolve.domain import CallRef, Instance, Library, Values
from mltradeoff_lint.resolve.flow.flow_steps import arguments
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.sites import Use

_LOADS = frozenset({"model-load"})

Weights = tuple[str, tuple[int, ...]]
"""The module and the arguments of a call that puts weights into a network."""


class ForwardPasses:
    """Answers which calls of networks predict with loaded weights, and what loads them."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._loaded: dict[CallRef, list[Weights]] | None = None

    def uses(self) -> tuple[Use, ...]:
        """The calls of networks whose weights are loaded, in path and source order."""
        return tuple(use for use in self._work.sites.of_kind("forward-pass") if self.weights(use))

    def weights(self, use: Use) -> tuple[Weights, ...]:
        """What loads the weights of the network that a call runs; empty for a call of any other thing."""
        if use.meaning.kind != "forward-pass":
            return ()
        if self._loaded is None:
            self._loaded = self._by_network()
        found = self._loaded
        return tuple(one for made in use.value.made for one in found.get(made.call, ()))

    def _by_network(self) -> dict[CallRef, list[Weights]]:
        resolver = self._work.resolver
        found: dict[CallRef, list[Weights]] = {}
        for ref in resolver.calls_of("load_state_dict"):
            facts, call = resolver.facts(ref.path), resolver.call(ref)
            function, given = facts.exprs[call.function], tuple(arguments(call))
            if function[0] != "attr" or is_test(ref.path):
                continue
            if any(self._work.flow.backward(ref.path, given, _LOADS).of_kind("model-load")):
                for network in dict.fromkeys(_constructions(resolver.values(ref.path, function[1]))):
                    found.setdefault(network, []).append((ref.path, given))
        return found


def _constructions(values: Values) -> Iterator[CallRef]:
    """The calls that made networks."""
    for value in values:
        if isinstance(value, Instance) and value.made is not None:
            yield value.made.call
        elif isinstance(value, Library) and value.made:
            yield value.made[-1].call
