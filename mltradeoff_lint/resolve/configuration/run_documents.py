"""The documents that runs of a pipeline are configured with: `train.with_options(config_path="configs/a.yaml")()`.

A path that is known names one document. Where a part of it is open, or it is only the default of an option, every
document of the project is meant that fits the path and says something of the steps or the parameters of the pipeline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.calls.decorated import decorating
from mltradeoff_lint.resolve.configuration.configs import Configs
from mltradeoff_lint.resolve.domain import (
    UNSEEN_ARGUMENTS,
    CallRef,
    Function,
    FunctionRef,
    Hole,
    Library,
    Literal,
    Mapping,
    Template,
    Value,
    Values,
    is_none,
    known_texts,
    unknown,
)
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.selectors import has_splat, pick
from mltradeoff_lint.resolve.values.strings import REPOSITORY

MAX_NESTED = 200
"""Functions that are looked into for the steps of one pipeline."""

_FIRM = ("literal", "configured")
_FORMATS = (".yaml", ".yml")
_LITERAL = re.compile(r"[^*?\[]*")


class Selected(NamedTuple):
    """The documents that runs of a pipeline may be configured with, and whether every run has one of them."""

    documents: tuple[str, ...] = ()
    is_every: bool = False


class Marked(NamedTuple):
    """What a decorator makes of a function: `step` or `flow`, the name it goes by, and how its runs are configured."""

    kind: str
    name: str
    row: Meaning


def is_key(step: str, key: str) -> bool:
    """Whether a step of a document goes by a key, a pattern of file names."""
    literal = _LITERAL.match(key)
    start = literal.group() if literal is not None else ""
    return step == key if start == key else step.startswith(start) and fnmatchcase(step, key)


class RunDocuments:
    """Answers which documents configure the runs of a pipeline."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._configs = Configs(resolver)
        self._open: dict[FunctionRef, int] = {}

    def marked(self, function: FunctionRef) -> Marked | None:
        """What a library whose runs some call of the repository configures makes of a function; None for any other."""
        calls = self._calls()
        scope = self._resolver.scope(function) if calls else None
        if scope is None or not scope.decorators:
            return None
        return self._resolver.program.ask("configured-runs-of", function, lambda: self._mark(function, calls))

    def selected(self, pipeline: FunctionRef) -> Selected:
        """The documents of the runs of a pipeline."""
        if pipeline in self._open:
            self._resolver.program.cycles.met(self._open[pipeline])
            return Selected()
        self._open[pipeline] = self._resolver.program.cycles.depth
        try:
            return self._resolver.program.ask("run-documents", pipeline, lambda: self._select(pipeline))
        finally:
            del self._open[pipeline]

    def root(self, path: str) -> Entry | None:
        """What a document says; None when it is no mapping."""
        roots = self._resolver.program.roots(path)
        return roots[0] if roots and roots[0].kind == "map" else None

    def keys(self, site: CallRef, mark: Marked) -> tuple[str, ...]:
        """The keys under which a document configures the step that a call runs, as patterns of file names."""
        keyword = mark.row.literal("invocation")
        for name, expr in self._resolver.call(site).keywords:
            if name == keyword:
                return tuple(_pattern(one) for one in self._resolver.values(site.path, expr) if _is_told(one))
        return (mark.name, f"{mark.name}_[0-9]*")

    def around(self, site: CallRef) -> FunctionRef:
        """The function that a call stands in; the module itself is scope 0."""
        facts = self._resolver.facts(site.path)
        scope = facts.calls[site.call].scope
        while scope > 0 and facts.scopes[scope].kind != "function":
            scope = facts.scopes[scope].parent
        return FunctionRef(site.path, scope)

    # -- what is configured

    def _calls(self) -> tuple[tuple[CallRef, Meaning], ...]:
        """The calls by the name of one that configures runs, where any module imports its library."""
        return self._resolver.program.ask("run-configuration-calls", "", lambda: tuple(self._named()))

    def _named(self) -> Iterator[tuple[CallRef, Meaning]]:
        program = self._resolver.program
        rows = [row for row in program.catalog.rows("calls") if row.kind == "run-configuration"]
        if not rows:
            return
        modules = [(path, self._resolver.facts(path)) for path in program.python_paths()]
        roots = {one.module.partition(".")[0] for _, facts in modules for one in facts.imports if not one.level}
        names = {row.path.rpartition(".")[2]: row for row in rows if row.path.partition(".")[0] in roots}
        for path, facts in modules if names else ():
            for number, call in enumerate(facts.calls) if not is_test(path) else ():
                function = facts.exprs[call.function]
                row = names.get(function[2]) if function[0] == "attr" else None
                if row is not None:
                    yield CallRef(path, number), row

    def _mark(self, function: FunctionRef, calls: tuple[tuple[CallRef, Meaning], ...]) -> Marked | None:
        facts = self._resolver.facts(function.path)
        rows = {row.path.partition(".")[0]: row for _, row in calls}
        for decorator in facts.scopes[function.scope].decorators:
            for value in self._resolver.values(function.path, decorating(facts, decorator)):
                for meaning in self._resolver.program.meanings("decorators", _path(value)):
                    row = rows.get(meaning.path.partition(".")[0])
                    if row is not None and meaning.kind == "entry":
                        return Marked(meaning.literal("kind"), self._name(function, decorator, meaning), row)
        return None

    def _name(self, function: FunctionRef, decorator: int, meaning: Meaning) -> str:
        facts = self._resolver.facts(function.path)
        expr = facts.exprs[decorator]
        for selector in meaning.selectors("name") if expr[0] == "call" else ():
            given = pick(facts, CallRef(function.path, expr[1]), selector)
            texts = known_texts(self._resolver.values(function.path, given)) if given != NONE else ()
            if texts:
                return texts[0]
        return facts.scopes[function.scope].name

    # -- which documents

    def _select(self, pipeline: FunctionRef) -> Selected:
        found: dict[str, None] = {}
        runs = [chosen for use in self._uses().get(pipeline, ()) for chosen in self._chosen(*use, pipeline)]
        for documents in runs:
            found.update(dict.fromkeys(documents))
        return Selected(tuple(found), bool(runs) and all(runs) and not self._is_run_plainly(pipeline))

    def _uses(self) -> dict[FunctionRef, tuple[tuple[CallRef, Meaning], ...]]:
        def find() -> dict[FunctionRef, tuple[tuple[CallRef, Meaning], ...]]:
            index: dict[FunctionRef, list[tuple[CallRef, Meaning]]] = {}
            for ref, row in self._calls():
                facts = self._resolver.facts(ref.path)
                for value in self._resolver.values(ref.path, facts.exprs[facts.calls[ref.call].function][1]):
                    if isinstance(value, Function):
                        index.setdefault(value.ref, []).append((ref, row))
            return {function: tuple(uses) for function, uses in index.items()}

        return self._resolver.program.ask("run-configurations", "", find)

    def _is_run_plainly(self, pipeline: FunctionRef) -> bool:
        """Whether a call outside any pipeline runs one as it stands, without a configuration."""
        for site in self._resolver.callers(pipeline):
            facts = self._resolver.facts(site.path)
            if not is_test(site.path) and _is_plain(facts, facts.calls[site.call].function):
                outer = self.marked(self.around(site))
                if outer is None or outer.kind != "flow":
                    return True
        return False

    def _chosen(self, ref: CallRef, row: Meaning, pipeline: FunctionRef) -> Iterator[tuple[str, ...]]:
        """For each path that a call may be given, the documents it may mean; none for a run without a document."""
        values = self._given(ref, row)
        yield from (self._documents(value, ref.path, pipeline) for value in values)
        if not values:
            yield ()

    def _given(self, ref: CallRef, row: Meaning) -> Values:
        facts = self._resolver.facts(ref.path)
        for selector in row.selectors("document"):
            expr = pick(facts, ref, selector)
            if expr != NONE:
                return self._resolver.values(ref.path, expr)
            for name, splat in facts.calls[ref.call].keywords if has_splat(facts, ref) else ():
                if name is None:
                    held = [_held(one, selector.keywords) for one in self._resolver.values(ref.path, splat)]
                    return tuple(dict.fromkeys(one for values in held for one in values))
        return ()

    def _documents(self, value: Value, module: str, pipeline: FunctionRef) -> tuple[str, ...]:
        if is_none(value):
            return ()
        is_text = isinstance(value, Template) or (isinstance(value, Literal) and isinstance(value.value, str))
        is_firm = isinstance(value, (Literal, Template)) and is_text and value.provenance in _FIRM
        if is_firm and not _holes(value):
            names = (self._configs.file_named(module, name) for name in self._configs.names(value))
            return tuple(path for path in names if path is not None and not self._is_of_others(path, pipeline))
        pattern = re.compile(_expression(value)) if is_firm else None
        project = self._resolver.program.modules.project_of(module)
        return tuple(
            path
            for path in self._resolver.program.documents_inside(project)
            if path.endswith(_FORMATS)
            and not is_test(path[len(project) :])
            and (pattern is None or pattern.search(path))
            and self._fits(path, pipeline)
        )

    def _is_of_others(self, path: str, pipeline: FunctionRef) -> bool:
        """Whether a document configures steps, and none of a pipeline."""
        steps = self._steps(path, pipeline)
        return bool(steps) and not self._has_any(pipeline, steps)

    def _fits(self, path: str, pipeline: FunctionRef) -> bool:
        """Whether a document configures a step of a pipeline, or nothing but parameters that the pipeline has."""
        steps = self._steps(path, pipeline)
        if steps:
            return self._has_any(pipeline, steps)
        mark, root = self.marked(pipeline), self.root(path)
        held = root.get(mark.row.literal("parameters")) if mark is not None and root is not None else None
        names = {one.name for one in self._resolver.scope(pipeline).parameters}
        return held is not None and bool(held.entries) and {name for name, _, _ in held.entries} <= names

    def _steps(self, path: str, pipeline: FunctionRef) -> tuple[str, ...]:
        mark, root = self.marked(pipeline), self.root(path)
        held = root.get(mark.row.literal("steps")) if mark is not None and root is not None else None
        return tuple(name for name, _, _ in held.entries) if held is not None else ()

    def _has_any(self, pipeline: FunctionRef, steps: tuple[str, ...]) -> bool:
        own = self._resolver.program.ask("run-steps", pipeline, lambda: self._own_steps(pipeline))
        return any(is_key(step, one) for step in steps for one in own)

    def _own_steps(self, pipeline: FunctionRef) -> tuple[str, ...]:
        """The keys of all steps that a pipeline runs, also in the functions and pipelines that it calls."""
        found: dict[str, None] = {}
        pending, seen = [pipeline], {pipeline}
        while pending and len(seen) < MAX_NESTED:
            function = pending.pop()
            facts = self._resolver.facts(function.path)
            for number, call in enumerate(facts.calls):
                site = CallRef(function.path, number)
                if self.around(site) != function:
                    continue
                for value in self._resolver.values(site.path, call.function):
                    mark = self.marked(value.ref) if isinstance(value, Function) else None
                    if mark is not None and mark.kind == "step":
                        found.update(dict.fromkeys(self.keys(site, mark)))
                    elif isinstance(value, Function) and value.ref not in seen:
                        seen.add(value.ref)
                        pending.append(value.ref)
        return tuple(found)


def _path(value: Value) -> str:
    return value.path if isinstance(value, Library) else ""


def _held(value: Value, names: tuple[str, ...]) -> Values:
    """What `**value` passes under a keyword; None where it passes nothing of that name."""
    if not isinstance(value, Mapping):
        return unknown(UNSEEN_ARGUMENTS)
    for name in names:
        held = value.get(name)
        if held:
            return held
    return unknown(UNSEEN_ARGUMENTS) if value.is_open else (Literal(None),)


def _is_plain(facts: PythonFacts, function: int) -> bool:
    """Whether a call names a function itself, and not what another call made of it."""
    expr = facts.exprs[function]
    if expr[0] != "name":
        return bool(expr[0] == "attr")
    definitions = [facts.definitions[number] for number in expr[2]]
    return not any(
        one.value != NONE and facts.exprs[one.value][0] == "call" for one in definitions if one.kind == "assign"
    )


def _holes(value: Value) -> tuple[str, ...]:
    """The open parts of a path, the repository's own place aside."""
    parts = value.parts if isinstance(value, Template) else ()
    return tuple(part.name for part in parts if isinstance(part, Hole) and part.name != REPOSITORY)


def _is_told(value: Value) -> bool:
    """Whether a text says more than that there is one."""
    if isinstance(value, Template):
        return any(isinstance(part, str) and part.strip("_-") for part in value.parts)
    return isinstance(value, Literal) and isinstance(value.value, str)


def _pattern(value: Value) -> str:
    parts = value.parts if isinstance(value, Template) else (value.value,) if isinstance(value, Literal) else ()
    return "".join(str(part) if not isinstance(part, Hole) else "*" for part in parts)


def _expression(value: Value) -> str:
    """The paths from the repository's root that a text with open parts may name."""
    parts = value.parts if isinstance(value, Template) else ()
    if parts and parts[0] == Hole(REPOSITORY):
        inside = [part if isinstance(part, Hole) else re.escape(part) for part in parts[1:]]
        start = "^" + str(inside[0]).removeprefix("/") if inside and isinstance(inside[0], str) else "^"
        return start + "".join(one if isinstance(one, str) else ".*" for one in inside[1:]) + "$"
    text = "".join(re.escape(part) if isinstance(part, str) else ".*" for part in parts)
    return f"(?:^|/){text.removeprefix(re.escape('./'))}$"
