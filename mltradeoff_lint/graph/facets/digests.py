"""Whether the code that fetches a file also checks its digest."""

from __future__ import annotations

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.resolve.domain import CallRef, Function, FunctionRef, Library
from mltradeoff_lint.resolve.sites import Use

_CONSTRUCTORS = frozenset({"md5", "sha1", "sha256", "sha512", "blake2b", "blake2s", "file_digest", "new"})


class Digests:
    """The functions of a repository that compute a digest, and those that call them."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._computing: frozenset[FunctionRef] | None = None

    def is_checked(self, use: Use) -> bool:
        """Whether the function that holds a read computes a digest itself or in a function it calls.

        The cells of a notebook are one module: a digest somewhere in it says nothing about one download.
        """
        computing = self._all()
        if not computing:
            return False
        holder = self._work.reach.holder(use.ref)
        if holder.scope == 0 and holder.path.endswith(".ipynb"):
            return False
        return holder in computing or any(one in computing for one in self._callees(holder))

    def _all(self) -> frozenset[FunctionRef]:
        if self._computing is None:
            found = set()
            for path in self._work.resolver.program.python_paths():
                facts = self._work.resolver.facts(path)
                for number, call in enumerate(facts.calls):
                    expr = facts.exprs[call.function]
                    name = expr[1] if expr[0] == "name" else expr[2] if expr[0] == "attr" else ""
                    if name in _CONSTRUCTORS and self._is_hashlib(path, call.function):
                        found.add(self._work.reach.holder(CallRef(path, number)))
            self._computing = frozenset(found)
        return self._computing

    def _is_hashlib(self, path: str, function: int) -> bool:
        values = self._work.resolver.values(path, function)
        return any(isinstance(one, Library) and one.path.startswith("hashlib.") for one in values)

    def _callees(self, holder: FunctionRef) -> set[FunctionRef]:
        facts = self._work.resolver.facts(holder.path)
        found = set()
        for number, call in enumerate(facts.calls):
            if self._work.reach.holder(CallRef(holder.path, number)) == holder:
                values = self._work.resolver.values(holder.path, call.function)
                found |= {one.ref for one in values if isinstance(one, Function)}
        return found
