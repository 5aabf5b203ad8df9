"""What is passed to a task by the methods its decorator puts on it: `score.delay(row)`, `score.expand(row=rows)`.

`app.send_task("shop.score", args=[row])` runs the task of that name. Which method passes what is a row of the catalog.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.calls import handed
from mltradeoff_lint.resolve.calls.decorated import marks
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Function,
    FunctionRef,
    Library,
    Literal,
    Values,
    known_texts,
    union,
)
from mltradeoff_lint.resolve.folders import in_use
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.selectors import pick
from mltradeoff_lint.resolve.values.rendered import rendered

MAX_CALLS = 40
"""Calls of the methods of one task; more give no new values."""

_KINDS = ("workflow-run", "workflow-config")
_STEPS = 6
"""Attributes and settings behind the name of a task: `tasks.score.override(...).partial(...)` has three."""


def given(resolver: Resolver, function: FunctionRef, position: int) -> Values:
    """What the methods of a decorated function pass for one of its parameters; empty when nothing is known of it."""
    runs = runs_of(resolver, function)
    index = position - int(bool(runs) and _is_bound(resolver, function))
    found = (handed.passed_by(resolver, one, function, position, None) for one in runs if index >= 0)
    parts = (
        rendered(values) if one.meaning.literal("templates") else values
        for one, values in zip(runs, found, strict=False)
    )
    return union(*parts)


def runs_of(resolver: Resolver, function: FunctionRef) -> tuple[handed.Handing, ...]:
    """The calls of the methods of a decorated function that pass it something; none for any other function."""
    if not resolver.scope(function).decorators:
        return ()
    return resolver.program.ask("queued-runs", function, lambda: tuple(_runs(resolver, function))[:MAX_CALLS])


def _runs(resolver: Resolver, function: FunctionRef) -> Iterator[handed.Handing]:
    """The calls that run a decorated function by a method of its own, or by the name of its task."""
    is_bound = _is_bound(resolver, function)
    by_method, by_name = resolver.program.ask("task-methods", "", lambda: _indexed(resolver))
    for ref in in_use(function.path, by_method.get(resolver.scope(function).name, ())):
        call = resolver.call(ref)
        held = resolver.values(ref.path, resolver.facts(ref.path).exprs[call.function][1])
        if not any(isinstance(one, Function) and one.ref == function for one in held):
            continue
        if resolver.is_reached(ref.path, call.region, None):
            for meaning in _meanings(resolver, ref):
                if not meaning.selectors("task"):
                    yield handed.Handing(ref, meaning, NONE, is_bound)
    names = task_names(resolver, function) if by_name else ()
    for ref in in_use(function.path, by_name) if names else ():
        for meaning in _meanings(resolver, ref):
            if any(is_named(text, names) for text in sent_to(resolver, ref, meaning)):
                yield handed.Handing(ref, meaning, NONE, is_bound)


def _meanings(resolver: Resolver, ref: CallRef) -> Iterator[Meaning]:
    for value in resolver.values(ref.path, resolver.call(ref).function):
        for meaning in resolver.program.meanings("calls", value.path) if isinstance(value, Library) else ():
            if _passes(meaning):
                yield meaning


def _passes(meaning: Meaning) -> bool:
    return meaning.kind in _KINDS and any(one in meaning.settings for one in ("arguments", "keywords"))


def _indexed(resolver: Resolver) -> tuple[dict[str, list[CallRef]], list[CallRef]]:
    """The calls of methods that pass something to a task, by the name in front of them; those that name the task."""
    rows = [row for row in resolver.program.catalog.rows("calls") if _passes(row)]
    methods = {row.path.rpartition(".")[2] for row in rows if not row.selectors("task")}
    naming = {row.path.rpartition(".")[2] for row in rows if row.selectors("task")}
    by_method: dict[str, list[CallRef]] = {}
    by_name: list[CallRef] = []
    for path in resolver.program.python_paths() if rows else ():
        facts = resolver.facts(path)
        for number, call in enumerate(facts.calls):
            expr = facts.exprs[call.function]
            if expr[0] == "attr" and expr[2] in methods:
                by_method.setdefault(_name_before(facts, expr[1]), []).append(CallRef(path, number))
            elif expr[0] == "attr" and expr[2] in naming:
                by_name.append(CallRef(path, number))
    return by_method, by_name


def _name_before(facts: PythonFacts, index: int) -> str:
    """The name of what methods with settings are called on: `score` of `tasks.score.partial(k=1)`."""
    for _ in range(_STEPS):
        expr = facts.exprs[index]
        inner = facts.exprs[facts.calls[expr[1]].function] if expr[0] == "call" else expr
        if expr[0] != "call" or inner[0] != "attr":
            return str(expr[1] if expr[0] == "name" else expr[2] if expr[0] == "attr" else "")
        index = inner[1]
    return ""


# -- tasks that go by a name


def sent_to(resolver: Resolver, ref: CallRef, meaning: Meaning) -> tuple[str, ...]:
    """The names of the tasks that a call runs."""
    picked = [pick(resolver.facts(ref.path), ref, one) for one in meaning.selectors("task")]
    return tuple(text for expr in picked if expr != NONE for text in known_texts(resolver.values(ref.path, expr)))


def task_names(resolver: Resolver, function: FunctionRef) -> tuple[str, ...]:
    """The names of a decorated function as a task: the one it is given, else that of module and function.

    The latter starts with a dot, as nobody knows from which folder its module is imported.
    """
    for meaning, ref in marks(resolver, function):
        if meaning.literal("kind") != "queue-consumer":
            continue
        picked = [pick(resolver.facts(ref.path), ref, one) for one in meaning.selectors("name")] if ref else []
        picked = [expr for expr in picked if expr != NONE]
        if picked:
            return tuple(text for expr in picked for text in known_texts(resolver.values(function.path, expr)))
        module = resolver.program.modules.name_of(function.path)
        return (f".{module}.{resolver.scope(function).name}",)
    return ()


def is_named(text: str, names: tuple[str, ...]) -> bool:
    """Whether a text is the name of a task; of one that goes by its module, the folders above may be missing."""
    return any(text == name or (name[0] == "." and "." in text and name.endswith(f".{text}")) for name in names if name)


def _is_bound(resolver: Resolver, function: FunctionRef) -> bool:
    """Whether the library passes the task itself first, as the decorator asks for."""
    for meaning, ref in marks(resolver, function):
        for selector in meaning.selectors("bound") if ref is not None else ():
            expr = pick(resolver.facts(function.path), ref, selector) if ref is not None else NONE
            if expr != NONE and Literal(True) in resolver.values(function.path, expr):
                return True
    return False
