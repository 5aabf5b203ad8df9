"""The definitions that reach a load are those that some path through the program brings there: no fewer, no more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.readers import python

NAMES = ("a", "b", "c")
Statement = tuple[Any, ...]
State = tuple[int, ...]
"""For each name the line of the definition it holds, 0 when it is not bound."""


def leaves(facts: PythonFacts, reaching: Iterable[int]) -> frozenset[int]:
    """The lines of the definitions behind the joins."""
    lines: set[int] = set()
    seen: set[int] = set()
    pending = list(reaching)
    while pending:
        index = pending.pop()
        if index in seen:
            continue
        seen.add(index)
        one = facts.definitions[index]
        if one.kind == "phi":
            pending.extend(one.previous)
        else:
            lines.add(one.span.line)
    return frozenset(lines)


def read(source: str) -> PythonFacts:
    reading = python.read(source.encode(), "sample.py")
    assert reading is not None
    assert isinstance(reading.content, PythonFacts)
    return reading.content


def loads(source: str) -> dict[int, frozenset[int]]:
    """What reaches the argument of each `use(name)` and the left side of each `+=`, by line."""
    facts = read(source)
    found = {}
    for call in facts.calls:
        function = facts.exprs[call.function]
        if function[:2] == ("name", "use"):
            found[call.span.line] = leaves(facts, facts.exprs[call.arguments[0]][2])
    for one in facts.definitions:
        if one.kind == "augment":
            found[one.span.line] = leaves(facts, one.previous)
    return found


# -- programs: nested tuples of statements, written out with one statement a line


@dataclass
class Written:
    """The text of a program, and its statements with their lines."""

    lines: list[str] = field(default_factory=lambda: ["def program():"])

    def block(self, body: Sequence[Statement], depth: int) -> tuple[Statement, ...]:
        return tuple(self.statement(one, depth) for one in body) or (self.statement(("pass",), depth),)

    def line(self, text: str, depth: int) -> int:
        self.lines.append("    " * depth + text)
        return len(self.lines)

    def statement(self, node: Statement, depth: int) -> Statement:
        match node:
            case ("assign", name):
                return ("assign", name, self.line(f"{name} = value()", depth))
            case ("augment", name):
                return ("augment", name, self.line(f"{name} += value()", depth))
            case ("use", name):
                return ("use", name, self.line(f"use({name})", depth))
            case ("if", then, otherwise):
                self.line("if test():", depth)
                first = self.block(then, depth + 1)
                self.line("else:", depth)
                return ("if", first, self.block(otherwise, depth + 1))
            case ("for", name, body, otherwise):
                number = self.line(f"for {name} in values():", depth)
                inner = self.block(body, depth + 1)
                self.line("else:", depth)
                return ("for", name, number, inner, self.block(otherwise, depth + 1))
            case ("while", body):
                self.line("while test():", depth)
                return ("while", self.block(body, depth + 1))
            case ("forever", body):
                self.line("while True:", depth)
                return ("forever", self.block(body, depth + 1))
            case ("with", name, body):
                number = self.line(f"with manager() as {name}:", depth)
                return ("with", name, number, self.block(body, depth + 1))
            case ("match", name, first, second):
                self.line("match subject():", depth)
                number = self.line(f"case [{name}]:", depth + 1)
                inner = self.block(first, depth + 2)
                self.line("case 1:", depth + 1)
                return ("match", name, number, inner, self.block(second, depth + 2))
            case ("try", body, handler, final):
                self.line("try:", depth)
                inner = self.block(body, depth + 1)
                self.line("except Error:", depth)
                caught = self.block(handler, depth + 1)
                self.line("finally:", depth)
                return ("try", inner, caught, self.block(final, depth + 1))
        self.line(node[0], depth)
        return node


class Oracle:
    """Runs a program on all paths at once; `seen` holds what each use found."""

    def __init__(self) -> None:
        self.seen: dict[int, set[int]] = {}

    def block(self, body: Sequence[Statement], states: frozenset[State]) -> dict[str, frozenset[State]]:
        """The states with which a block ends, by how it ends: `on`, break, continue, return, raise."""
        ends: dict[str, frozenset[State]] = {}
        for one in body:
            if not states:
                break
            ends["raise"] = ends.get("raise", frozenset()) | states
            result = self.statement(one, states)
            states = result.pop("on", frozenset())
            ends = {way: ends.get(way, frozenset()) | result.get(way, frozenset()) for way in {*ends, *result}}
        return {**ends, "on": states}

    def bound(self, name: str, line: int, states: frozenset[State]) -> frozenset[State]:
        position = NAMES.index(name)
        return frozenset((*state[:position], line, *state[position + 1 :]) for state in states)

    def note(self, name: str, line: int, states: frozenset[State]) -> None:
        self.seen.setdefault(line, set()).update({state[NAMES.index(name)] for state in states} - {0})

    def statement(self, node: Statement, states: frozenset[State]) -> dict[str, frozenset[State]]:
        match node:
            case ("assign", name, line):
                return {"on": self.bound(name, line, states)}
            case ("augment", name, line):
                self.note(name, line, states)
                return {"on": self.bound(name, line, states)}
            case ("use", name, line):
                self.note(name, line, states)
            case ("break",) | ("continue",) | ("return",):
                return {node[0]: states}
            case ("if", first, second):
                return merged(self.block(first, states), self.block(second, states))
            case ("for", name, line, body, otherwise):
                return self.loop(body, states, lambda here: self.bound(name, line, here), otherwise)
            case ("while", body):
                return self.loop(body, states, lambda here: here, ())
            case ("forever", body):
                return self.loop(body, states, lambda here: here, None)
            case ("with", name, line, body):
                return self.block(body, self.bound(name, line, states))
            case ("match", name, line, first, second):
                one = self.block(first, self.bound(name, line, states))
                return merged(one, self.block(second, states), {"on": states})
            case ("try", body, handler, final):
                return self.guarded(body, handler, final, states)
        return {"on": states}

    def loop(
        self, body: Sequence[Statement], states: frozenset[State], enter: Any, otherwise: Sequence[Statement] | None
    ) -> dict[str, frozenset[State]]:
        head = states
        ends: dict[str, frozenset[State]] = {}
        while True:
            ends = self.block(body, enter(head))
            again = head | ends["on"] | ends.get("continue", frozenset())
            if again == head:
                break
            head = again
        left = self.block(otherwise, head) if otherwise is not None else {"on": frozenset[State]()}
        ways = {way: ends.get(way, frozenset()) for way in ("return", "raise")}
        return merged(left, ways, {"on": ends.get("break", frozenset())})

    def guarded(
        self,
        body: Sequence[Statement],
        handler: Sequence[Statement],
        final: Sequence[Statement],
        states: frozenset[State],
    ) -> dict[str, frozenset[State]]:
        tried = self.block(body, states)
        caught = self.block(handler, tried.pop("raise", frozenset()))
        ends: dict[str, frozenset[State]] = {}
        for way, here in merged(tried, caught).items():
            if here:
                closed = self.block(final, here)
                through = closed.pop("on")
                ends = merged(ends, closed, {way: through})
        return {**ends, "on": ends.get("on", frozenset())}


def merged(*ends: dict[str, frozenset[State]]) -> dict[str, frozenset[State]]:
    ways = dict.fromkeys(way for one in ends for way in one)
    return {way: frozenset().union(*(one.get(way, frozenset()) for one in ends)) for way in ways}


# -- the grammar

name = st.sampled_from(NAMES)
simple = st.one_of(
    st.tuples(st.just("assign"), name), st.tuples(st.just("augment"), name), st.tuples(st.just("use"), name),
    st.tuples(st.just("use"), name),
)  # fmt: skip
jump = st.sampled_from([("break",), ("continue",)])
leave = st.just(("return",))


def bodies(*, looped: bool, depth: int, tries: bool) -> st.SearchStrategy[list[Statement]]:
    """Blocks of a few statements; jumps out of loops only inside one."""
    choices: list[st.SearchStrategy[Any]] = [simple, simple, simple, leave]
    if looped:
        choices.append(jump)
    if depth:
        inner = bodies(looped=looped, depth=depth - 1, tries=tries)
        loop = bodies(looped=True, depth=depth - 1, tries=tries)
        choices += [
            st.tuples(st.just("if"), inner, inner), st.tuples(st.just("for"), name, loop, inner),
            st.tuples(st.just("while"), loop), st.tuples(st.just("forever"), loop),
            st.tuples(st.just("with"), name, inner), st.tuples(st.just("match"), name, inner, inner),
        ]  # fmt: skip
        if tries:
            choices.append(st.tuples(st.just("try"), inner, inner, inner))
    return st.lists(st.one_of(choices), max_size=4)


def compared(body: list[Statement]) -> tuple[dict[int, frozenset[int]], dict[int, set[int]], str]:
    written = Written()
    program = written.block(body, 1)
    source = "\n".join(written.lines) + "\n"
    oracle = Oracle()
    oracle.block(program, frozenset([(0,) * len(NAMES)]))
    return loads(source), oracle.seen, source


run = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@run
@given(bodies(looped=False, depth=3, tries=False))
@example([("assign", "a"), ("forever", [("use", "a"), ("assign", "a"), ("break",)]), ("use", "a")])
@example([("for", "a", [("if", [("continue",)], [("assign", "b")]), ("use", "b")], [("use", "a")])])
def test_what_reaches_a_load_is_what_some_path_brings_there(body: list[Statement]) -> None:
    found, expected, source = compared(body)
    for line, definitions in expected.items():
        assert found[line] == definitions, source


@run
@given(bodies(looped=False, depth=3, tries=True))
@example([("for", "a", [("try", [("assign", "b"), ("break",)], [], [("assign", "b")])], []), ("use", "b")])
@example([("assign", "a"), ("try", [("assign", "a"), ("assign", "a"), ("use", "b")], [("use", "a")], [])])
def test_no_path_through_an_exception_is_forgotten(body: list[Statement]) -> None:
    found, expected, source = compared(body)
    for line, definitions in expected.items():
        assert found[line] >= definitions, source
