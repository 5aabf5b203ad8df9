"""Ties the parts of the resolver together behind memoised, bounded questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from mltradeoff_lint.model.declarations import EnvBinding
from mltradeoff_lint.model.facts import NONE, Call, ClassFact, Expr, PythonFacts, Scope
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.bounds import bounded
from mltradeoff_lint.resolve.calls.callers import Callers
from mltradeoff_lint.resolve.calls.invocations import Invocations
from mltradeoff_lint.resolve.command_line.option_values import Written
from mltradeoff_lint.resolve.command_line.options import Options
from mltradeoff_lint.resolve.configuration.composed_configs import ComposedConfigs
from mltradeoff_lint.resolve.configuration.configs import Configs
from mltradeoff_lint.resolve.configuration.instantiated import Instantiated
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Class,
    ClassRef,
    Frame,
    FunctionRef,
    Instance,
    Library,
    Literal,
    Value,
    Values,
    union,
    unknown,
)
from mltradeoff_lint.resolve.environment.environment_writes import EnvironmentWrites
from mltradeoff_lint.resolve.environment.variables import Variables
from mltradeoff_lint.resolve.notebooks import given_names
from mltradeoff_lint.resolve.objects.annotations import Annotations
from mltradeoff_lint.resolve.objects.members import MAX_LINEAGE, Members
from mltradeoff_lint.resolve.program import Program
from mltradeoff_lint.resolve.questions import ATTRIBUTE_OF_ITSELF, MAX_DEPTH, TOO_DEEP, Key, Questions
from mltradeoff_lint.resolve.running.deployments import Deployments
from mltradeoff_lint.resolve.values.bindings import Bindings
from mltradeoff_lint.resolve.values.rows import Rowwise


class WholeProgram:
    """The resolver; it implements `interface.Resolver`."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._is_recorded = program.is_recorded
        self._bindings = bindings = Bindings(self)
        self._narrowing = bindings.narrowing
        self.expressions = Rowwise(self, bindings)
        self.members = Members(self, bindings)
        self._invocations = Invocations(self)
        self._callers = Callers(self)
        self._annotations = Annotations(self)
        self._options = Options(self)
        self._variables = Variables(self)
        self._composed = ComposedConfigs(self, Configs(self))
        self._deployments = Deployments(self)
        self._variable_writes = EnvironmentWrites(self)
        self._instantiated = Instantiated(self)
        self._facts = _Facts(program)
        self.facts: Callable[[str], PythonFacts] = self._noted_facts if program.is_recorded else self._facts.__getitem__
        """The facts of a module that is known to exist; raises KeyError for any other path."""
        self._questions = Questions(program, self._evaluated)
        self._memo = self._questions.answers
        self._exports: dict[tuple[str, str], Values | None] = {}
        self._open_members: dict[tuple[Value, str], int] = {}
        # what objects hold under a name, once that is known for good; see `is_firm`
        self._fields: dict[tuple[Value, str], Values] = {}
        self._open_exports: dict[tuple[str, str], int] = {}

    # -- facts

    def _noted_facts(self, path: str) -> PythonFacts:
        """The same, noted by what is being computed."""
        if path in self._facts and path != self.program.here:
            self.program.needs(("python", path))
        return self._facts[path]

    def scope(self, function: FunctionRef) -> Scope:
        """The scope of a function."""
        return self.facts(function.path).scopes[function.scope]

    def class_fact(self, ref: ClassRef) -> ClassFact:
        """The class statement."""
        return self.facts(ref.path).classes[ref.number]

    def call(self, ref: CallRef) -> Call:
        """The call site."""
        return self.facts(ref.path).calls[ref.call]

    # -- values

    def values(self, path: str, expr: int, frame: Frame | None = None) -> Values:
        """What an expression of a module can be."""
        key = (path, expr, frame)
        known = self._memo.get(key)
        if known is not None:
            if self._is_recorded:
                self.program.needs(key)
            return known
        if expr == NONE:
            return unknown("nothing")
        facts = self.facts(path)
        one = facts.exprs[expr]
        if one[0] == "const":
            return (Literal(one[1]),)
        if frame is not None and (relevant := _relevant(facts, path, expr, frame)) is not frame:
            return self.values(path, expr, relevant)
        return self._questions.answer(key)

    def _evaluated(self, key: Key) -> Values:
        """What an expression is found to be when it is looked at anew."""
        path, expr, frame = key
        facts = self.facts(path)
        one = facts.exprs[expr]
        if self._is_recorded:
            found = self.program.compute(key, path, lambda: self._of(path, facts, expr, frame))
        else:
            found = self._of(path, facts, expr, frame)
        if one[0] == "name" or one[0] == "attr":
            found = self._narrowing.read(path, facts, expr, found, frame)
        return bounded(found)

    def _of(self, path: str, facts: PythonFacts, expr: int, frame: Frame | None) -> Values:
        one = facts.exprs[expr]
        if one[0] == "name" and (len(one[2]) > 1 or (one[2] and facts.definitions[one[2][0]].kind == "phi")):
            # which of several bindings hold depends on where the name is read
            return self._bindings.reaching(path, one[2], frame, expr)
        return self.expressions.of(path, facts, one, frame)

    def is_final(self, path: str, expr: int) -> bool:
        """Whether what an expression can be was worked out and stays so for the rest of the run."""
        return (path, expr, None) in self._memo

    def global_name(self, path: str, name: str) -> Values | None:
        """What a module exports under a name; None when it has no such name."""
        if not self._is_recorded and not self.members.modules.is_exporting(path, name):
            return None
        key = (path, name)
        if key in self._exports:
            self.program.needs(("export", key))
            return self._exports[key]
        if key in self._open_exports:
            self.program.cycles.met(self._open_exports[key])
            return None
        if len(self._open_exports) > MAX_DEPTH:
            return (TOO_DEEP,)
        self._open_exports[key] = self.program.cycles.depth
        try:
            found = self.program.ask("export", key, lambda: self._exported(path, name))
            if not self.program.cycles.is_held(("export", key)):
                self._exports[key] = found
            return found
        finally:
            del self._open_exports[key]

    def _exported(self, path: str, name: str) -> Values | None:
        return None if self.program.python(path) is None else self.members.modules.exported(path, name)

    def member(self, value: Value, name: str) -> Values:
        """What `value.name` can be."""
        if value.__class__ is Library:
            # what leads back to it does so through values
            return self.members.of_library(value, name)
        key = (value, name)
        known = self._fields.get(key)
        if known is not None:
            return known
        if key in self._open_members:
            self.program.cycles.met(self._open_members[key])
        if key in self._open_members or len(self._open_members) > MAX_DEPTH:
            return (ATTRIBUTE_OF_ITSELF,)
        self._open_members[key] = self.program.cycles.depth - 1
        try:
            found = self.members.member(value, name)
        finally:
            del self._open_members[key]
        if isinstance(value, Instance) and self.is_firm():
            self._fields[key] = found
        return found

    def is_firm(self) -> bool:
        """Whether an answer may be kept outside of `values`: nothing that the open question rests on is a stop-gap.

        A program that is recorded keeps none, since each user of an answer is to rest on its questions.
        """
        return self.program.cycles.is_free and not self._is_recorded

    def called(self, value: Value, site: CallRef, frame: Frame | None) -> Values:
        """What calling a value at a site gives."""
        return self._invocations.called(value, site, frame)

    def parameter(
        self, function: FunctionRef, position: int, frame: Frame | None, away: Sequence[CallRef] = ()
    ) -> Values:
        """What a parameter can be, without what some calls pass that do not come to the place where it is read."""
        return self._callers.parameter(function, position, frame, away)

    def is_reached(self, path: str, region: int, frame: Frame | None) -> bool:
        """Whether a region may run in the call that is looked at: what that passes can decide against it."""
        return self._narrowing.is_reached(path, region, frame)

    def callers(self, function: FunctionRef) -> tuple[CallRef, ...]:
        """The call sites that can run a function."""
        return self.program.ask("callers", function, lambda: self._callers.callers(function))

    def calls_of(self, name: str) -> Sequence[CallRef]:
        """The calls of what a name may stand for that some run reaches, in path and source order."""
        return self._callers.by_name(name)

    def constructions(self, ref: ClassRef) -> tuple[Instance, ...] | None:
        """The objects of a class without a constructor of its own, by the calls that make them."""
        return self.program.ask("constructions", ref, lambda: self._callers.constructions.of(ref))

    def argument(self, call: CallRef, function: FunctionRef, position: int) -> tuple[str, int] | None:
        """The (path, expression) a call passes for a parameter."""
        return self._callers.argument(call, function, position)

    def passed(self, call: CallRef, function: FunctionRef, position: int) -> Values:
        """What one call gives a parameter of a function that it runs."""
        return self._callers.given(call, function, position)

    def option(self, function: FunctionRef, position: int) -> Values | None:
        """What a parameter of a command is given on a command line or by default."""

        def find() -> Values | None:
            composed = self._composed.of_parameter(function, position)
            found = composed if composed is not None else self._options.of_parameter(function, position)
            return union(self._deployments.given(function, position), found or ()) or None

        return self.program.ask("option", (function, position), find)

    def instantiated(self, function: FunctionRef, position: int) -> Values | None:
        """What configurations that name a function or its class pass for a parameter; None when none does."""
        return self._instantiated.given(function, position)

    def configured_object(self, value: Library, site: CallRef, frame: Frame | None) -> Values:
        """What a call makes that takes the thing to make from a configuration; empty for any other call."""
        return self._instantiated.called(value, site, frame)

    def contents(self, value: Value) -> Values:
        """What an object of a library holds of a configuration file that fills it; empty for any other value."""
        return self._invocations.contents(value)

    def option_sites(self, function: FunctionRef, position: int) -> tuple[Site, ...]:
        """The command lines of the repository that pass a parameter of a command."""
        return self._options.sites(function, position)

    def namespace_option(self, value: Library, name: str) -> Values | None:
        """What an attribute of parsed command-line arguments is given."""
        return self._options.parsers.of_namespace(value, name)

    def namespaces_by_line(self, value: Library) -> tuple[Library, ...]:
        """Parsed arguments as each command line fills them, and with defaults alone; empty where no line is known."""
        return self._options.parsers.by_line(value)

    def command_by_line(self, function: FunctionRef) -> tuple[Frame, ...]:
        """A command as each command line runs it, or a step as each configuration does; else empty."""

        def find() -> tuple[Frame, ...]:
            return self._options.by_line(function) or self._callers.run_parameters.by_document(function)

        return self.program.ask("command-by-line", function, find)

    def given_options(self) -> Iterator[tuple[Site, Values]]:
        """Every command-line option outside tests, with what command lines and its default give it."""
        return self._options.given()

    def namespace_mapping(self, value: Library) -> Values:
        """What `vars(...)` of parsed command-line arguments gives."""
        return self._options.parsers.mapping(value)

    def parsed_objects(self, value: Library, site: CallRef, frame: Frame | None) -> Values | None:
        """The objects that a parser of command lines gives; None when the call is no such parser."""
        return self._options.objects.made(value, site, frame)

    def field_option(self, value: Instance, name: str) -> Values | None:
        """What command lines give a field of an object that a parser fills; None for an object of another origin."""
        return self._options.objects.field(value, name)

    def notebook_parameter(self, path: str, name: str) -> Values:
        """What the runs of a notebook give a name in place of its default; empty when none gives any."""
        notebooks = self._options.notebooks
        return self.program.ask("notebook-parameter", (path, name), lambda: notebooks.values(path, name))

    def notebook_runs(self, path: str, name: str) -> tuple[Site, ...]:
        """The command lines and calls that give a parameter of a notebook."""
        return (*given_names.sites(self, path, name), *self._options.notebooks.sites(path, name))

    def runner_gives(self, path: str, name: str) -> Values:
        """What a runner sets a name of a script to, whatever its code says; empty when none sets it."""
        return given_names.values(self, path, name)

    def program_arguments(self, path: str) -> Values:
        """What `sys.argv` holds in a module; empty when no command line of the repository starts it."""
        return self.program.ask("program-arguments", path, lambda: self._options.program_arguments(path))

    def option_written(self, function: FunctionRef, position: int, text: str) -> Written | None:
        """Where the text that a command line passes for a parameter is written."""
        return self._options.written(function, position, text)

    def attribute_written(self, value: Library, name: str, text: str) -> Written | None:
        """Where the text that a command line passes for an attribute of parsed arguments is written."""
        return self._options.parsers.written(value, name, text)

    def variable(self, name: str, path: str) -> tuple[EnvBinding, ...]:
        """What the repository sets an environment variable to where a module runs."""
        return self._variables.bound(name, path)

    def variable_writes(self, name: str, path: str) -> tuple[tuple[str, int], ...]:
        """The (module, expression) of what code of a module's project puts into the environment under a name."""
        return self._variable_writes.of(name, path)

    def variables(self, prefix: str, path: str) -> tuple[str, ...]:
        """The names of the variables with a prefix that are set where a module runs."""
        return self._variables.prefixed(prefix, path)

    # -- types

    def annotated(self, path: str, annotation: int) -> Values:
        """An object of the annotated type; unknown for types nothing is known of."""
        return self._annotations.of(path, annotation)

    def bases(self, ref: ClassRef) -> Values:
        """The direct base classes."""
        one = self.class_fact(ref)
        return union(*(self.values(ref.path, base) for base in one.bases))

    def lineage(self, ref: ClassRef) -> tuple[ClassRef, ...]:
        """A class and its bases inside the repository, in lookup order."""
        return self.program.ask("lineage", ref, lambda: self._lineage(ref)[0])

    def library_bases(self, ref: ClassRef) -> tuple[str, ...]:
        """The library classes that a class derives from, directly or not, as access paths."""
        return self.program.ask("library-bases", ref, lambda: self._lineage(ref)[1])

    def _lineage(self, ref: ClassRef) -> tuple[tuple[ClassRef, ...], tuple[str, ...]]:
        line: dict[ClassRef, None] = {}
        outside: dict[str, None] = {}
        pending = [ref]
        while pending and len(line) < MAX_LINEAGE:
            one = pending.pop(0)
            if one in line:
                continue
            line[one] = None
            facts = self.facts(one.path)
            for base in self.class_fact(one).bases:
                expr = facts.exprs[base]
                # `Generic[T]`, `Base[Config]`: the subscripted class is the base
                for value in self.values(one.path, expr[1] if expr[0] == "item" else base):
                    if isinstance(value, Class):
                        pending.append(value.ref)
                    elif isinstance(value, Library):
                        outside[value.path] = None
        return tuple(line), tuple(outside)


class _Facts(dict[str, PythonFacts]):
    """The facts of the modules that somebody asked for. Everything asks for them, a few million times in a run."""

    def __init__(self, program: Program) -> None:
        super().__init__()
        self._program = program

    def __missing__(self, path: str) -> PythonFacts:
        facts = self._program.python(path)
        if facts is None:
            raise KeyError(path)
        self[path] = facts
        return facts


def _relevant(facts: PythonFacts, path: str, expr: int, frame: Frame | None) -> Frame | None:
    """The frame without the calls that cannot matter to an expression: those of functions it does not stand in."""
    if _is_of_module(facts, facts.exprs[expr]):
        return None
    while frame is not None:
        function = frame.function
        scope = facts.expr_scopes[expr] if function.path == path else NONE
        while scope > function.scope:
            # an inner scope has a higher number than the one it stands in
            scope = facts.scopes[scope].parent
        if scope == function.scope:
            return frame
        frame = frame.outer
    return None


def _is_of_module(facts: PythonFacts, expr: Expr) -> bool:
    """Whether an expression is a name that no function around it binds, or an attribute of one."""
    while expr[0] == "attr":
        expr = facts.exprs[expr[1]]
    if expr[0] != "name" or expr[2]:
        return False
    around = facts.scopes[facts.scopes[expr[3]].parent]
    return around.parent == NONE or (around.kind == "class" and facts.scopes[around.parent].parent == NONE)
