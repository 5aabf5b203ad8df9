"""Branches, loops and handlers: which definitions reach what stands behind them, and in which region each part runs."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.readers.python_scopes import Jumps, ScopeBuilder
from mltradeoff_lint.readers.python_syntax import Loop, captures, changed_names, is_catch_all, is_endless, span_of
from mltradeoff_lint.readers.python_versions import Changes, Reaching


class FlowBuilder(ScopeBuilder):
    """Reads compound statements; simple ones are read by what derives from it.

    A method that reads a statement returns whether every path through it leaves the block.
    """

    def _branch(self, body: Sequence[ast.stmt]) -> bool:
        region = self.region
        exits = self.block(body)
        if exits:
            self.facts.regions[region] = self.facts.regions[region]._replace(exits=True)
        return exits

    def _phi(self, name: str, reaching: Reaching) -> int:
        mark = self.versions.mark()
        index = self.define(name, "phi", NONE, _Nowhere(), (), reaching)
        self.versions.undo(mark)
        return index

    def read_if(self, node: ast.If) -> int | None:
        """Read an `if`; None when it leaves the block, else the test of the first branch that did, else NONE."""
        # an elif ladder is a right spine; the loop keeps a long one flat
        outer, mark = self.region, self.versions.mark()
        ends: list[Changes] = []
        failed = NONE
        while True:
            test = self.expression(node.test)
            tested = self.versions.since(mark)
            here, inner = self.region, self.versions.mark()
            self.region = self.new_region("then", test)
            exits = self._branch(node.body)
            changes = self.versions.take(inner)
            if not exits:
                ends.append({**tested, **changes})
            elif failed == NONE:
                failed = test
            self.region = here
            self.region = self.new_region("else", test)
            if len(node.orelse) != 1 or not isinstance(node.orelse[0], ast.If):
                break
            node = node.orelse[0]
            self.statement = span_of(node)
        if node.orelse and self._branch(node.orelse):
            failed = test if failed == NONE else failed
        else:
            ends.append(self.versions.since(mark))
        self.region = outer
        self._arrive(mark, ends)
        return failed if ends else None

    def _arrive(self, mark: int, ends: Sequence[Changes]) -> None:
        """Go back to a mark and on behind the branches that started there and came to their end.

        With none of them what follows is never run; it is read with what was known inside.
        """
        if ends:
            self.versions.undo(mark)
            self.versions.join(ends, self._phi)

    def read_loop(self, node: Loop) -> bool:
        """Read a loop; a name that it changes gets a phi at its head."""
        outer = self.region
        head = NONE if isinstance(node, ast.While) else self.expression(node.iter)
        mark, start = self.versions.mark(), len(self.facts.definitions)
        changed = [name for name in changed_names(node) if name not in self.outer_names]
        phis = {name: self._phi(name, self.versions.get(name)) for name in changed}
        for name, index in phis.items():
            self.versions.set(name, (index,))
        if isinstance(node, ast.While):
            head = self.expression(node.test)
        inner = self.versions.mark()
        self.region = self.new_region("while" if isinstance(node, ast.While) else "loop", head)
        if not isinstance(node, ast.While):
            self.bind(node.target, "loop", head, ())
        self.loops.append(Jumps(mark, start))
        exits = self._branch(node.body)
        jumps = self.loops.pop()
        if jumps.is_full:
            anything = self._anything_since(mark, jumps.start)
            jumps.breaks.append(anything)
            jumps.continues.append(anything)
        self._close_phis(phis, jumps.continues if exits else [self.versions.since(mark), *jumps.continues])
        self.versions.undo(inner)
        self.region = outer
        ends = [*jumps.breaks]
        if not self._loop_else(node, head) and not is_endless(node):
            ends.append(self.versions.since(mark))
        self._arrive(mark, ends)
        return not ends

    def _close_phis(self, phis: dict[str, int], ends: Sequence[Changes]) -> None:
        """Let what the ends of a loop's body hold reach its head."""
        for name, phi in phis.items():
            versions = [version for end in ends for version in end.get(name, ()) if version != phi]
            joined = tuple(dict.fromkeys([*self.facts.definitions[phi].previous, *versions]))
            self.facts.definitions[phi] = self.facts.definitions[phi]._replace(previous=joined)

    def _loop_else(self, node: Loop, head: int) -> bool:
        if not node.orelse:
            return False
        outer = self.region
        self.region = self.new_region("loopelse", head)
        exits = self.block(node.orelse)
        self.region = outer
        return exits

    def read_with(self, node: ast.With | ast.AsyncWith) -> bool:
        """Read a `with` statement; each manager opens a region inside that of the one before."""
        outer = self.region
        for item in node.items:
            manager = self.expression(item.context_expr)
            self.region = self.new_region("with", manager)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, "enter", manager, ())
        exits = self.block(node.body)
        self.region = outer
        return exits

    def read_try(self, node: ast.Try | ast.TryStar) -> bool:
        """Read a `try`; what a handler sees can be the work of any part of the body."""
        outer, mark, start = self.region, self.versions.mark(), len(self.facts.definitions)
        held = [(len(loop.breaks), len(loop.continues)) for loop in self.loops] if node.finalbody else []
        self.region = self.new_region("try", NONE)
        exits = self.block(node.body)
        self.region = outer
        raised = self._anything_since(mark, start)
        if node.orelse:
            self.region = self.new_region("tryelse", NONE)
            exits = self.block(node.orelse) or exits
            self.region = outer
        ends: list[Changes] = [] if exits else [self.versions.since(mark)]
        for handler in node.handlers:
            self.versions.undo(mark)
            self.versions.join([raised], self._phi)
            if not self._handler(handler):
                ends.append(self.versions.since(mark))
            self.region = outer
        if not node.finalbody:
            self._arrive(mark, ends)
            return not ends
        return self._finally(node.finalbody, mark, ends, self._anything_since(mark, start), held)

    def _handler(self, handler: ast.ExceptHandler) -> bool:
        kind = self.expression(handler.type)
        self.region = self.new_region("except", kind)
        if handler.name:
            self.define(handler.name, "except", kind, handler)
        exits = self._branch(handler.body)
        if handler.name:
            # the language unbinds the name when the handler ends
            self.versions.set(handler.name, ())
        return exits

    def _anything_since(self, mark: int, start: int) -> dict[str, Reaching]:
        """What can reach a place to which any statement since a mark can jump: every definition on the way."""
        made: dict[str, list[int]] = {}
        for number in range(start, len(self.facts.definitions)):
            one = self.facts.definitions[number]
            if one.scope == self.scope and one.kind != "phi" and number not in self.hidden:
                made.setdefault(one.name, []).append(number)
        changes = self.versions.take(mark)
        anything = {name: tuple(dict.fromkeys((*self.versions.get(name), *new))) for name, new in made.items()}
        for name, reaching in changes.items():
            self.versions.set(name, reaching)
        return anything

    def _finally(
        self,
        body: Sequence[ast.stmt],
        mark: int,
        ends: Sequence[Changes],
        anything: Changes,
        held: Sequence[tuple[int, int]],
    ) -> bool:
        """Read a `finally` block: everything in front of it leads into it, jumps out of loops go on behind it."""
        outer = self.region
        self.versions.undo(mark)
        self.versions.join([anything], self._phi)
        inner = self.versions.mark()
        waiting = [
            (loop, loop.breaks[breaks:], loop.continues[continues:])
            for loop, (breaks, continues) in zip(self.loops, held, strict=True)
        ]
        for loop, (breaks, continues) in zip(self.loops, held, strict=True):
            del loop.breaks[breaks:], loop.continues[continues:]
        self.region = self.new_region("finally", NONE)
        exits = self.block(body)
        self.region = outer
        changes = self.versions.take(inner)
        if not exits:
            for loop, jumped, continued in waiting:
                loop.breaks.extend({**jump, **changes} for jump in jumped)
                loop.continues.extend({**jump, **changes} for jump in continued)
            self._arrive(mark, [{**end, **changes} for end in ends])
        return exits or not ends

    def read_match(self, node: ast.Match) -> bool:
        """Read a `match` statement."""
        outer = self.region
        subject = self.expression(node.subject)
        mark = self.versions.mark()
        ends: list[Changes] = []
        exhaustive = False
        for case in node.cases:
            self.region = self.new_region("case", subject)
            for name, inner in captures(case.pattern):
                self.define(name, "match", subject, inner)
            if case.guard is not None:
                self.expression(case.guard)
            exhaustive = exhaustive or is_catch_all(case)
            exits = self._branch(case.body)
            changes = self.versions.take(mark)
            if not exits:
                ends.append(changes)
            self.region = outer
        if not exhaustive:
            ends.append({})
        self._arrive(mark, ends)
        return not ends


class _Nowhere(ast.AST):
    """Stands for a place that is not in the source: the head of a loop, a join."""
