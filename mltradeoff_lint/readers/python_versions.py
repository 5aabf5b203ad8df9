"""Which definitions of each name reach the place that is being read, with the branches taken back and joined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

MAX_VERSIONS = 8
"""More definitions than this that reach one load are joined into one phi."""

Reaching = tuple[int, ...]
Changes = Mapping[str, Reaching]
"""What a branch leaves behind: the names it changed, and the definitions of each that reach its end."""


class Versions:
    """The definitions that reach the current place of one scope.

    A branch is read between `mark` and `undo`, and costs what it changes, however many names the scope has: a
    module with thousands of branches stays linear. A name without definitions is not bound here.
    """

    def __init__(self) -> None:
        self._now: dict[str, Reaching] = {}
        self._trail: list[tuple[str, Reaching]] = []

    def get(self, name: str) -> Reaching:
        """The definitions that reach, empty when the name is not bound in this scope so far."""
        return self._now.get(name, ())

    def set(self, name: str, reaching: Reaching) -> None:
        """Let these definitions alone reach what follows."""
        self._trail.append((name, self._now.get(name, ())))
        self._now[name] = reaching

    def mark(self) -> int:
        """The place to come back to."""
        return len(self._trail)

    def since(self, mark: int) -> dict[str, Reaching]:
        """What changed since a mark."""
        return {name: self._now[name] for name, _ in self._trail[mark:]}

    def undo(self, mark: int) -> None:
        """Go back to a mark."""
        while len(self._trail) > mark:
            name, before = self._trail.pop()
            self._now[name] = before

    def take(self, mark: int) -> dict[str, Reaching]:
        """What changed since a mark, taken back."""
        changes = self.since(mark)
        self.undo(mark)
        return changes

    def join(self, branches: Sequence[Changes], phi: Callable[[str, Reaching], int]) -> None:
        """Let everything reach what follows that one of the branches from here lets through."""
        for name in dict.fromkeys(name for branch in branches for name in branch):
            reaching = tuple(dict.fromkeys(one for branch in branches for one in branch.get(name, self.get(name))))
            self.set(name, reaching if len(reaching) <= MAX_VERSIONS else (phi(name, reaching),))

    def weaken(self, definitions: Iterable[tuple[str, int]]) -> None:
        """Let definitions reach what follows beside those that do already: they may not have run."""
        for name, index in definitions:
            self.set(name, tuple(dict.fromkeys((*self.get(name), index))))

    def finals(self) -> dict[str, Reaching]:
        """The definitions of every bound name."""
        return {name: reaching for name, reaching in self._now.items() if reaching}
