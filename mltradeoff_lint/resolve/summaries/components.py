"""Strongly connected components of a graph: the groups of nodes that lead to one another."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def components(
    roots: Iterable[Node], successors: Callable[[Node], Iterable[Node]], done: Callable[[Node], bool] = lambda _: False
) -> Iterator[tuple[Node, ...]]:
    """The components that roots lead to, each after those it leads to; nodes that are `done` are not entered.

    Tarjan, *Depth-first search and linear graph algorithms* (1972), with a stack of its own in place of recursion.
    Linear in nodes and edges; `successors` is asked once a node.
    """
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    open_nodes: list[Node] = []
    is_open: set[Node] = set()

    def enter(node: Node) -> tuple[Node, Iterator[Node]]:
        index[node] = low[node] = len(index)
        open_nodes.append(node)
        is_open.add(node)
        return node, iter(successors(node))

    for root in roots:
        if root in index or done(root):
            continue
        work = [enter(root)]
        while work:
            node, following = work[-1]
            for one in following:
                if one not in index:
                    if not done(one):
                        work.append(enter(one))
                        break
                elif one in is_open:
                    low[node] = min(low[node], index[one])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    yield _closed(node, open_nodes, is_open)


def _closed(node: Node, open_nodes: list[Node], is_open: set[Node]) -> tuple[Node, ...]:
    """Take a finished component off the stack."""
    members: list[Node] = []
    while True:
        one = open_nodes.pop()
        is_open.discard(one)
        members.append(one)
        if one == node:
            return tuple(members)
