"""What the parts of the resolver ask of one another; `resolver.WholeProgram` implements it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from mltradeoff_lint.model.declarations import EnvBinding
from mltradeoff_lint.model.facts import Call, ClassFact, PythonFacts, Scope
from mltradeoff_lint.resolve.domain import CallRef, ClassRef, Frame, FunctionRef, Instance, Library, Value, Values
from mltradeoff_lint.resolve.program import Program


class Resolver(Protocol):
    """Values, members, calls and callers of the whole program."""

    program: Program

    def facts(self, path: str) -> PythonFacts:
        """The facts of a module that is known to exist."""

    def scope(self, function: FunctionRef) -> Scope:
        """The scope of a function."""

    def class_fact(self, ref: ClassRef) -> ClassFact:
        """The class statement."""

    def call(self, ref: CallRef) -> Call:
        """The call site."""

    def variable(self, name: str, path: str) -> tuple[EnvBinding, ...]:
        """What the repository sets an environment variable to where a module runs."""

    def variable_writes(self, name: str, path: str) -> tuple[tuple[str, int], ...]:
        """The (module, expression) of what code of a module's project puts into the environment under a name."""

    def variables(self, prefix: str, path: str) -> tuple[str, ...]:
        """The names of the variables with a prefix that are set where a module runs."""

    def values(self, path: str, expr: int, frame: Frame | None = None) -> Values:
        """What an expression of a module can be."""

    def is_final(self, path: str, expr: int) -> bool:
        """Whether what an expression can be was worked out and stays so for the rest of the run."""

    def is_firm(self) -> bool:
        """Whether an answer may be kept: nothing that the open question rests on is a stop-gap."""

    def calls_of(self, name: str) -> Sequence[CallRef]:
        """The calls of what a name may stand for that some run reaches, in path and source order."""

    def global_name(self, path: str, name: str) -> Values | None:
        """What a module exports under a name; None when it has no such name."""

    def member(self, value: Value, name: str) -> Values:
        """What `value.name` can be."""

    def called(self, value: Value, site: CallRef, frame: Frame | None) -> Values:
        """What calling a value at a site gives."""

    def annotated(self, path: str, annotation: int) -> Values:
        """An object of the annotated type; unknown for types nothing is known of."""

    def parameter(
        self, function: FunctionRef, position: int, frame: Frame | None, away: Sequence[CallRef] = ()
    ) -> Values:
        """What a parameter can be: the frame's argument, else those of all call sites, else default and annotation.

        `away` are call sites that do not come to the place where it is read.
        """

    def is_reached(self, path: str, region: int, frame: Frame | None) -> bool:
        """Whether a region may run in the call that is looked at."""

    def callers(self, function: FunctionRef) -> tuple[CallRef, ...]:
        """The call sites that can run a function."""

    def constructions(self, ref: ClassRef) -> tuple[Instance, ...] | None:
        """The objects of a class and those below it, by the calls that make them; None when not all of them show."""

    def argument(self, call: CallRef, function: FunctionRef, position: int) -> tuple[str, int] | None:
        """The (path, expression) a call passes for a parameter; None when it passes none that can be told."""

    def option(self, function: FunctionRef, position: int) -> Values | None:
        """What a parameter of a command is given on a command line or by default; None when it is no option."""

    def instantiated(self, function: FunctionRef, position: int) -> Values | None:
        """What configurations that name a function or its class pass for a parameter; None when none does."""

    def configured_object(self, value: Library, site: CallRef, frame: Frame | None) -> Values:
        """What a call makes that takes the thing to make from a configuration; empty for any other call."""

    def contents(self, value: Value) -> Values:
        """What an object of a library holds of a configuration file that fills it; empty for any other value."""

    def namespace_option(self, value: Library, name: str) -> Values | None:
        """What an attribute of parsed command-line arguments is given; None when there is no such argument."""

    def namespaces_by_line(self, value: Library) -> tuple[Library, ...]:
        """Parsed arguments as each command line fills them, and with defaults alone; empty where no line is known."""

    def command_by_line(self, function: FunctionRef) -> tuple[Frame, ...]:
        """A command as each command line runs it, or a step as each configuration does; else empty."""

    def namespace_mapping(self, value: Library) -> Values:
        """What `vars(...)` of parsed command-line arguments gives."""

    def parsed_objects(self, value: Library, site: CallRef, frame: Frame | None) -> Values | None:
        """The objects that a parser of command lines gives; None when the call is no such parser."""

    def field_option(self, value: Instance, name: str) -> Values | None:
        """What command lines give a field of an object that a parser fills; None for an object of another origin."""

    def notebook_parameter(self, path: str, name: str) -> Values:
        """What the runs of a notebook give a name in place of its default; empty when none gives any."""

    def runner_gives(self, path: str, name: str) -> Values:
        """What a runner sets a name of a script to, whatever its code says; empty when none sets it."""

    def program_arguments(self, path: str) -> Values:
        """What `sys.argv` holds in a module; empty when no command line of the repository starts it."""

    def bases(self, ref: ClassRef) -> Values:
        """The direct base classes."""

    def lineage(self, ref: ClassRef) -> tuple[ClassRef, ...]:
        """A class and its bases inside the repository, in lookup order."""

    def library_bases(self, ref: ClassRef) -> tuple[str, ...]:
        """The library classes that a class derives from, directly or not, as access paths."""
