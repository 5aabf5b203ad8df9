"""Workflows that run what they were given: the nodes of a graph, the tasks of a crew, the steps of a pipeline.

Rows of the catalog say which calls put steps into a workflow and which run one. A workflow is known by the call that
constructs it, so a step is found wherever it was put in, and so is the call that runs the workflow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.calls.object_calls import run_by_call
from mltradeoff_lint.resolve.calls.queued_runs import is_named, sent_to, task_names
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Class,
    ClassRef,
    Function,
    FunctionRef,
    Instance,
    Items,
    Library,
    Mapping,
    Value,
    Values,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.sites import Sites, Use

Key = TypeVar("Key")
One = TypeVar("One")

MAX_MEMBERS = 300
"""Values inside nested lists of steps that are looked at; a longer list is generated, not written."""


class Run(NamedTuple):
    """A call that runs a step: directly, as part of a workflow, by queueing it, or by being where it is wired."""

    ref: CallRef
    how: str
    """`runs`, `wires`, or for a step run by itself `calls` or `queues`."""


class Wiring(NamedTuple):
    """Everything that is known of the workflows of a repository."""

    steps: dict[FunctionRef, tuple[CallRef, ...]]
    """Step -> the workflows it was put into, by the calls that construct them."""
    wired: dict[FunctionRef, tuple[CallRef, ...]]
    """Step -> the calls that put it in."""
    parents: dict[CallRef, tuple[CallRef, ...]]
    """Workflow -> the larger workflows it is part of."""
    runs: dict[CallRef, tuple[Run, ...]]
    """Workflow -> the calls that run it."""
    direct: dict[FunctionRef, tuple[Run, ...]]
    """Step -> the calls that run it by itself, or as a part of an object of its class."""


class Workflows:
    """Which calls run which step functions."""

    def __init__(self, resolver: Resolver, sites: Sites) -> None:
        self._resolver = resolver
        self._sites = sites

    def runners(self, function: FunctionRef) -> tuple[Run, ...]:
        """The calls that run a step: by itself, in a workflow, in a larger one; then the places that wire it."""
        wiring = self._wiring()
        ways = [*wiring.direct.get(function, ())]
        ways += sorted({run for graph in self.graphs(function) for run in wiring.runs.get(graph, ())})
        ways += [Run(ref, "wires") for ref in wiring.wired.get(function, ())]
        return tuple(dict.fromkeys(ways))

    def graphs(self, function: FunctionRef) -> tuple[CallRef, ...]:
        """The constructions of the workflows a function is a step of, the larger ones included."""
        wiring = self._wiring()
        pending = list(wiring.steps.get(function, ()))
        seen = dict.fromkeys(pending)
        while pending:
            for parent in wiring.parents.get(pending.pop(), ()):
                if parent not in seen:
                    seen[parent] = None
                    pending.append(parent)
        return tuple(seen)

    def functions_of(self, values: Values) -> tuple[FunctionRef, ...]:
        """The step functions of the workflow objects among values."""
        made = {one.call for value in values if isinstance(value, Library) for one in value.made}
        return tuple(one for one in self._wiring().steps if made.intersection(self.graphs(one)))

    def steps_of_class(self, ref: ClassRef) -> tuple[FunctionRef, ...]:
        """The methods of a class, inherited ones included, that a decorator marks as steps."""
        marked = self._marked()
        lineage = self._resolver.lineage(ref)
        return tuple(one for owner in lineage for one in marked.get(owner, ()))

    def wired(self) -> dict[FunctionRef, tuple[CallRef, ...]]:
        """Every step, with the calls that put it into a workflow."""
        return self._wiring().wired

    # -- collecting

    def _wiring(self) -> Wiring:
        return self._resolver.program.ask("workflows", "", lambda: _Collector(self._resolver, self._sites, self).all())

    def _marked(self) -> dict[ClassRef, tuple[FunctionRef, ...]]:
        def find() -> dict[ClassRef, tuple[FunctionRef, ...]]:
            found: dict[ClassRef, tuple[FunctionRef, ...]] = {}
            for function in dict.fromkeys(mark.function for mark in self._sites.marked if is_step(mark.meaning)):
                owner = self._resolver.scope(function).owner if function is not None else NONE
                if function is not None and owner != NONE:
                    ref = ClassRef(function.path, owner)
                    found[ref] = (*found.get(ref, ()), function)
            return found

        return self._resolver.program.ask("marked-steps", "", find)


class _Collector:
    """Goes once over the calls that wire and run workflows."""

    def __init__(self, resolver: Resolver, sites: Sites, workflows: Workflows) -> None:
        self._resolver = resolver
        self._sites = sites
        self._workflows = workflows
        self._steps: dict[FunctionRef, list[CallRef]] = {}
        self._wired: dict[FunctionRef, list[CallRef]] = {}
        self._parents: dict[CallRef, list[CallRef]] = {}
        self._runs: dict[CallRef, list[Run]] = {}
        self._direct: dict[FunctionRef, list[Run]] = {}

    def all(self) -> Wiring:
        """The wiring of the whole repository."""
        for use in self._sites.of_kind("workflow"):
            self._wire(use)
        for use in self._sites.of_kind("workflow-run"):
            self._run(use)
        for use in self._sites.of_kind("forward-pass"):
            self._pass_forward(use)
        for mark in self._sites.marked:
            if mark.meaning.kind == "workflow-run" and mark.owner is not None:
                self._constructed(mark.owner)
        for ref, functions in self._chosen():
            for function in functions:
                self._direct.setdefault(function, []).append(Run(ref, "calls"))
        return Wiring(
            _once(self._steps), _once(self._wired), _once(self._parents), _once(self._runs), _once(self._direct)
        )

    def _wire(self, use: Use) -> None:
        is_method = use.meaning.selectors("into")[:1] and use.meaning.selectors("into")[0].role == "self"
        into = [made.call for made in use.value.made[-1:]] if is_method else [use.ref]
        selected = self._sites.select(use.ref, use.meaning.selectors("steps"))
        values = [value for expr in selected for value in self._resolver.values(use.ref.path, expr)]
        functions, inner = self._members(values, names_in(use.meaning, "methods") or ("__call__",))
        if self._is_of_self(use.ref, selected):
            functions += self._own_steps(use.ref)
        for function in functions:
            self._steps.setdefault(function, []).extend(into)
            self._wired.setdefault(function, []).append(use.ref)
        for one in [*inner, *self._made_by(functions)]:
            if one not in into:
                self._parents.setdefault(one, []).extend(into)

    def _members(
        self, values: Iterable[Value], methods: tuple[str, ...] = ("__call__",)
    ) -> tuple[list[FunctionRef], list[CallRef]]:
        """The functions that values hold, and the constructions of the objects among them, lists opened."""
        functions: list[FunctionRef] = []
        inner: list[CallRef] = []
        for value in opened(values):
            if isinstance(value, Instance):
                functions += self._workflows.steps_of_class(value.ref) or self._methods(value, methods)
                inner += [value.made.call] if value.made is not None else []
            elif isinstance(value, Library):
                inner += [made.call for made in value.made]
            elif isinstance(value, (Function, Class)):
                functions += self._sites.functions((value,))
        return functions, inner

    def _methods(self, value: Instance, names: Iterable[str]) -> tuple[FunctionRef, ...]:
        found = (one for name in names for one in self._resolver.member(value, name))
        return tuple(one.ref for one in found if isinstance(one, Function))

    def _is_of_self(self, ref: CallRef, exprs: Iterable[int]) -> bool:
        """Whether steps are taken from attributes of the object around, which a class decorator fills."""
        facts = self._resolver.facts(ref.path)
        names = [facts.exprs[facts.exprs[one][1]] for one in exprs if facts.exprs[one][0] == "attr"]
        return any(one[:2] == ("name", "self") for one in names)

    def _own_steps(self, ref: CallRef) -> list[FunctionRef]:
        owner = self._resolver.facts(ref.path).scopes[self._resolver.call(ref).scope].owner
        return list(self._workflows.steps_of_class(ClassRef(ref.path, owner))) if owner != NONE else []

    def _made_by(self, functions: Iterable[FunctionRef]) -> Iterator[CallRef]:
        """The workflow objects that step methods return: an `@agent` method returns the agent with its tools."""
        for function in functions:
            scope = self._resolver.scope(function)
            for one in scope.returns if scope.owner != NONE else ():
                if one.value != NONE:
                    yield from self._members(self._resolver.values(function.path, one.value))[1]

    # -- running

    def _run(self, use: Use) -> None:
        how = use.meaning.literal("how", "calls")
        for name in sent_to(self._resolver, use.ref, use.meaning):
            for step in self._tasks_named(name):
                self._direct.setdefault(step, []).append(Run(use.ref, how))
        selectors = use.meaning.selectors("of")
        facts = self._resolver.facts(use.ref.path)
        function = facts.exprs[facts.calls[use.ref.call].function]
        exprs = self._sites.select(use.ref, selectors) if selectors else [function[1]] if function[0] == "attr" else []
        for expr in exprs:
            for value in opened(self._resolver.values(use.ref.path, expr)):
                for made in value.made if isinstance(value, Library) else ():
                    self._runs.setdefault(made.call, []).append(Run(use.ref, "runs" if how == "calls" else how))
                for step in self._run_directly(value, use):
                    self._direct.setdefault(step, []).append(
                        Run(use.ref, "runs" if isinstance(value, Instance) else how)
                    )

    def _pass_forward(self, use: Use) -> None:
        function = self._resolver.call(use.ref).function
        for value in self._resolver.values(use.ref.path, function):
            for method in run_by_call(self._resolver, value) if isinstance(value, Instance) else ():
                self._direct.setdefault(method, []).append(Run(use.ref, "calls"))

    def _tasks_named(self, name: str) -> tuple[FunctionRef, ...]:
        """The functions that a decorator registers as the task of a name."""
        functions = dict.fromkeys(mark.function for mark in self._sites.marked if mark.function is not None)
        return tuple(one for one in functions if is_named(name, task_names(self._resolver, one)))

    def _run_directly(self, value: Value, use: Use) -> tuple[FunctionRef, ...]:
        """The functions of the repository that running a value runs."""
        names = names_in(use.meaning, "methods")
        if isinstance(value, Function):
            return (value.ref,)
        if isinstance(value, Class):
            return self._methods(Instance(value.ref), names or ("__init__",))
        if isinstance(value, Instance):
            return self._methods(value, names) or self._workflows.steps_of_class(value.ref)
        return ()

    def _constructed(self, owner: ClassRef) -> None:
        """Making an object of a class whose library runs it at once: `Train()` of a Metaflow flow."""
        name = self._resolver.class_fact(owner).name
        for path in self._resolver.program.python_paths():
            facts = self._resolver.facts(path)
            for number, call in enumerate(facts.calls):
                function = facts.exprs[call.function]
                if name in function[1:3] and Class(owner) in self._resolver.values(path, call.function):
                    for step in self._workflows.steps_of_class(owner):
                        self._direct.setdefault(step, []).append(Run(CallRef(path, number), "runs"))

    def _chosen(self) -> Iterator[tuple[CallRef, tuple[FunctionRef, ...]]]:
        """Calls of a step with settings: `step.with_options(...)(...)`, also through the name it is kept under."""
        kept = self._kept_names()
        for path in self._resolver.program.python_paths():
            facts = self._resolver.facts(path)
            for number, call in enumerate(facts.calls):
                outer = facts.exprs[call.function]
                inner = facts.exprs[facts.calls[outer[1]].function] if outer[0] == "call" else ("", NONE, "")
                is_kept = outer[0] in ("name", "attr") and outer[1 if outer[0] == "name" else 2] in kept
                if inner[0] == "attr" or is_kept:
                    values = self._resolver.values(path, call.function)
                    functions = tuple(value.ref for value in values if isinstance(value, Function))
                    if functions:
                        yield CallRef(path, number), functions

    def _kept_names(self) -> frozenset[str]:
        """The names under which decorated functions are kept with settings: `fast = step.with_options(...)`."""
        decorated = {self._resolver.scope(one.function).name for one in self._sites.marked if one.function is not None}
        found: set[str] = set()
        for path in self._resolver.program.python_paths() if decorated else ():
            facts = self._resolver.facts(path)
            for one in facts.definitions:
                expr = facts.exprs[one.value] if one.kind == "assign" and one.value != NONE else ("", NONE)
                taken = facts.exprs[facts.calls[expr[1]].function] if expr[0] == "call" else ("", NONE)
                base = facts.exprs[taken[1]] if taken[0] == "attr" else ("", "")
                if base[0] == "name" and base[1] in decorated and one.name not in decorated:
                    values = self._resolver.values(path, one.value)
                    found |= {one.name} if any(isinstance(value, Function) for value in values) else set()
        return frozenset(found)


def opened(values: Iterable[Value]) -> Iterator[Value]:
    """Values with lists and dicts opened, each held value in their place."""
    pending = list(values)
    for _ in range(MAX_MEMBERS):
        if not pending:
            return
        value = pending.pop(0)
        if isinstance(value, Items):
            pending += [one for held in value.items for one in held]
        elif isinstance(value, Mapping):
            pending += [one for _, held in value.entries for one in held]
        else:
            yield value


def names_in(meaning: Meaning, setting: str) -> tuple[str, ...]:
    """The comma separated names of a setting that is a plain word."""
    return tuple(name.strip() for name in meaning.literal(setting).split(",") if name.strip())


def _once(found: dict[Key, list[One]]) -> dict[Key, tuple[One, ...]]:
    return {key: tuple(dict.fromkeys(ones)) for key, ones in found.items()}


def is_step(meaning: Meaning) -> bool:
    """Whether a decorator's row makes a function a step of the workflow around it."""
    return meaning.kind == "workflow-step" or (meaning.kind == "entry" and meaning.literal("kind") == "step")
