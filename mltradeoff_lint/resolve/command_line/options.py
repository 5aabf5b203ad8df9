"""Command-line options that reach functions: parameters of typer, click and fire commands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.catalog.index import Section
from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.command_line.argument_parsers import ArgumentParsers, as_default, described
from mltradeoff_lint.resolve.command_line.choices import beside, of_annotation
from mltradeoff_lint.resolve.command_line.cli_commands import CliCommand, CliCommands
from mltradeoff_lint.resolve.command_line.option_values import Option, OptionValues, Written
from mltradeoff_lint.resolve.command_line.parsed_objects import ParsedObjects
from mltradeoff_lint.resolve.command_line.signatures import MANY, Signature
from mltradeoff_lint.resolve.domain import (
    NO_LINE,
    CallRef,
    Frame,
    Function,
    FunctionRef,
    Library,
    Literal,
    Values,
    known_texts,
    union,
    unknown,
)
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.notebooks.parameters import NotebookParameters

_NUMBERS = frozenset({"int", "float"})
_POSITIONAL = ("typer.Argument", "click.argument")


class _Described(NamedTuple):
    """How a parameter is passed, and its default."""

    option: Option
    default: Values


class Options:
    """Options of functions and of parsers, with the values that command lines pass."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._passed = OptionValues(resolver)
        self._commands = CliCommands(resolver)
        self.parsers = ArgumentParsers(resolver, self._passed)
        self.objects = ParsedObjects(resolver, self._passed)
        self.notebooks = NotebookParameters(resolver, self._passed)
        self._signatures: dict[FunctionRef, Signature] = {}

    def of_parameter(self, function: FunctionRef, position: int) -> Values | None:
        """What a parameter of a command is given on the command line or by default; None when it is no option."""
        found = self._found(function, position)
        if found is None:
            return None
        command, one = found
        given = self._passed.values(command.path, one.option, self._signature(function, command))
        return union(given, as_default(one.default)) or None

    def by_line(self, function: FunctionRef) -> tuple[Frame, ...]:
        """A command as each command line runs it, and once with defaults alone; empty where no line is known."""
        command = self._commands.of(function)
        lines = self._passed.told_apart(command.path) if command is not None else ()
        if command is None or command.call is None or not lines:
            return ()
        signature = self._signature(function, command)
        definitions = enumerate(self._resolver.facts(function.path).definitions)
        own = [(n, one) for n, one in definitions if one.kind == "param" and one.scope == function.scope]
        found = {(n,): (one.name, self._found(function, one.value)) for n, one in own}
        options = {versions: (name, one[1]) for versions, (name, one) in found.items() if one is not None}
        frames: list[Frame] = []
        for line in (one for one in (*lines, NO_LINE) if self._passed.is_run(command.path, signature, one)):
            row: list[tuple[tuple[int, ...], Values]] = []
            for versions, (name, (option, default)) in options.items():
                given = self._passed.in_line(command.path, option, signature, line, default)
                row.append((versions, given or unknown("no command line passes it", f"option:{name}")))
            frames.append(Frame(function, command.call, None, None, tuple(row), line))
        return tuple(frames) if len(frames) > 1 else ()

    def sites(self, function: FunctionRef, position: int) -> tuple[Site, ...]:
        """The command lines that pass a parameter of a command."""
        found = self._found(function, position)
        if found is None:
            return ()
        passed = self._passed.passed(found[0].path, found[1].option, self._signature(function, found[0]))
        return tuple(dict.fromkeys(one.line.site for one in passed))

    def written(self, function: FunctionRef, position: int, text: str) -> Written | None:
        """Where the text that a command line passes for a parameter is written; None when none passes it."""
        found = self._found(function, position)
        if found is None:
            return None
        return self._passed.written(found[0].path, found[1].option, self._signature(function, found[0]), text)

    def program_arguments(self, path: str) -> Values:
        """`sys.argv` of a module; empty when no command line starts it."""
        return self._passed.program_arguments(path)

    def given(self) -> Iterator[tuple[Site, Values]]:
        """Every option outside tests, with what command lines and its default give it."""
        yield from self.parsers.given()
        yield from self.notebooks.given()
        for path in self._resolver.program.python_paths():
            facts = self._resolver.facts(path)
            for number, scope in enumerate(facts.scopes):
                function = FunctionRef(path, number)
                if scope.kind != "function" or is_test(path) or self._commands.of(function) is None:
                    continue
                first = int(scope.owner != NONE)
                for position in range(first, len(scope.parameters)):
                    found = self._found(function, position)
                    if found is not None:
                        passed = self._passed.values(
                            found[0].path, found[1].option, self._signature(function, found[0])
                        )
                        default = found[1].default or unknown("no command line passes it and it has no default")
                        yield Site(path, scope.name_span), passed or default

    # -- parameters

    def _found(self, function: FunctionRef, position: int) -> tuple[CliCommand, _Described] | None:
        command, call = self._commands.of(function), self._option_call(function, position)
        parameter = self._resolver.scope(function).parameters[position]
        if (command is None and call is None) or parameter.kind in ("*", "**"):
            return None
        command = command or CliCommand(function.path)
        found = self._described(function, position, command, call)
        if command.kind == "typer" and not found.option.choices and found.option.takes == 1:
            members = of_annotation(self._resolver, function.path, parameter.annotation)
            found = found._replace(option=found.option._replace(choices=beside(members, found.default)))
        return command, found

    def _signature(self, function: FunctionRef, command: CliCommand) -> Signature:
        if function not in self._signatures:
            takes: dict[str, int] = {}
            for position, parameter in enumerate(self._resolver.scope(function).parameters):
                if parameter.kind not in ("*", "**"):
                    call = self._option_call(function, position)
                    option = self._described(function, position, command, call).option
                    takes.update(dict.fromkeys(option.flags, option.takes))
                    takes.update(dict.fromkeys(option.off, 0))
            self._signatures[function] = Signature(takes, command.names, command.name)
        return self._signatures[function]

    def _described(
        self, function: FunctionRef, position: int, command: CliCommand, call: tuple[CallRef, Meaning] | None
    ) -> _Described:
        """The flags or position of a parameter, and its default."""
        facts = self._resolver.facts(function.path)
        parameter = facts.scopes[function.scope].parameters[position]
        written = self._resolver.values(function.path, parameter.default) if parameter.default != NONE else ()
        names = (f"--{parameter.name.replace('_', '-')}", f"--{parameter.name}")
        is_number = _last_name(facts, parameter.annotation) in _NUMBERS
        if call is None:
            is_switch = command.kind != "fire" and _last_name(facts, parameter.annotation) == "bool"
            if command.kind == "typer" and parameter.default == NONE:
                return _Described(Option((), 1, self._place(function, position, command), is_number), ())
            if command.kind == "click":
                # a parameter without a decorator of its own is passed by another decorator
                return _Described(Option(), ())
            off: tuple[str, ...] = (f"--no-{names[0][2:]}",) if is_switch else ()
            return _Described(Option(names, 0 if is_switch else 1, None, is_number, off=off), written)
        option, default = described(self._resolver, *call)
        default = self._made(call[0], default)
        if call[1].path in _POSITIONAL:
            place = self._place(function, position, command)
            option = option._replace(flags=(), position=place, is_number=option.is_number or is_number)
        else:
            is_switch = command.kind == "typer" and _last_name(facts, parameter.annotation) == "bool"
            off = (*option.off, f"--no-{names[0][2:]}") if is_switch else option.off
            count = 0 if is_switch else option.takes
            is_number = option.is_number or is_number
            option = option._replace(flags=(*option.flags, *names), takes=count, off=off, is_number=is_number)
        is_noted = parameter.default != NONE and facts.exprs[parameter.default] != ("call", call[0].call)
        # a variable that the option reads comes before the default of the parameter
        bound = tuple(one for one in default if isinstance(one, Literal) and not _is_flag(one)) if is_noted else ()
        return _Described(option, union(bound, written) if is_noted else default)

    def _made(self, declared: CallRef, default: Values) -> Values:
        """A default that is a function is called for the value."""
        functions = [one for one in default if isinstance(one, Function)]
        if not functions:
            return default
        return union(
            tuple(one for one in default if not isinstance(one, Function)),
            *(self._resolver.called(one, declared, None) for one in functions),
        )

    def _place(self, function: FunctionRef, position: int, command: CliCommand) -> int | None:
        """The place of a parameter among those that are passed by position."""
        before = 0
        facts = self._resolver.facts(function.path)
        for number, parameter in enumerate(facts.scopes[function.scope].parameters[: position + 1]):
            call = self._option_call(function, number)
            if call is not None:
                is_positional = call[1].path in _POSITIONAL
            else:
                is_positional = command.kind == "typer" and parameter.default == NONE
            if number == position:
                return before
            if is_positional and call is not None and described(self._resolver, *call)[0].takes == MANY:
                return None
            before += is_positional
        return None

    def _option_call(self, function: FunctionRef, position: int) -> tuple[CallRef, Meaning] | None:
        """The option a parameter is declared by: its default, its annotation's metadata, or a click decorator."""
        facts = self._resolver.facts(function.path)
        parameter = facts.scopes[function.scope].parameters[position]
        candidates = [parameter.default]
        if parameter.annotation != NONE and facts.exprs[parameter.annotation][0] == "item":
            inner = facts.exprs[facts.exprs[parameter.annotation][2]]
            candidates += inner[1] if inner[0] == "tuple" else ()
        for index in candidates:
            found = self._as_option(function.path, facts, index, "calls")
            if found is not None:
                return found
        for index in facts.scopes[function.scope].decorators:
            found = self._as_option(function.path, facts, index, "decorators")
            if found is not None and parameter.name in self._bound(found[0]):
                return found
        return None

    def _as_option(self, path: str, facts: PythonFacts, index: int, section: Section) -> tuple[CallRef, Meaning] | None:
        if index == NONE or facts.exprs[index][0] != "call":
            return None
        ref = CallRef(path, facts.exprs[index][1])
        for value in self._resolver.values(path, facts.calls[ref.call].function):
            if isinstance(value, Library):
                for meaning in self._resolver.program.meanings(section, value.path):
                    if meaning.kind == "cli-option":
                        return ref, meaning
        return None

    def _bound(self, ref: CallRef) -> tuple[str, ...]:
        """The parameter names a decorator binds: its own bare name, else its longest flag."""
        texts: list[str] = []
        for expr in self._resolver.call(ref).arguments:
            texts += known_texts(self._resolver.values(ref.path, expr))
        bare = [text for text in texts if text and not text.startswith("-")]
        longest = sorted((text.partition("/")[0] for text in texts if text.startswith("-")), key=len)
        return tuple(name.lstrip("-").replace("-", "_").lower() for name in (bare or longest[-1:]))


def _is_flag(value: Literal) -> bool:
    """Whether a text is the flag that stands first in an annotation, where a default would stand beside the name."""
    return isinstance(value.value, str) and value.value.startswith("-")


def _last_name(facts: PythonFacts, index: int) -> str:
    """The last name of an annotation: `int` of `int`, `Annotated[int, ...]` and `Optional[int]`."""
    if index == NONE:
        return ""
    expr = facts.exprs[index]
    if expr[0] == "item" and expr[2] != NONE:
        inner = facts.exprs[expr[2]]
        return _last_name(facts, inner[1][0] if inner[0] == "tuple" and inner[1] else expr[2])
    return str(expr[1] if expr[0] == "name" else expr[2] if expr[0] == "attr" else "")
