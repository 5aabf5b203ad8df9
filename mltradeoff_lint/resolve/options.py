"""Command-line options: what a parameter of a command or an attribute of a parsed namespace is given."""

from __future__ import annotations

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.command_values import CommandValues
from mltradeoff_lint.resolve.domain import (
    CallRef,
    FunctionRef,
    Library,
    Literal,
    Values,
    known_texts,
    union,
)
from mltradeoff_lint.resolve.environment import environment_value
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.sites import pick

_ADD_ARGUMENT = "argparse.ArgumentParser().add_argument"


class Options:
    """Options of typer and click commands and of argparse parsers, with the values that command lines pass."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._passed = CommandValues(resolver)
        self._added: dict[str, list[tuple[CallRef, Meaning]]] = {}

    # -- parameters of commands

    def of_parameter(self, function: FunctionRef, position: int) -> Values | None:
        """What a parameter of a command is given on the command line or by default; None when it is no option."""
        described = self._parameter_option(function, position)
        if described is None:
            return None
        flags, default = described
        return union(self._passed.option(function.path, flags), _as_default(default)) or None

    def sites(self, function: FunctionRef, position: int) -> tuple[Site, ...]:
        """The command lines that pass a parameter of a command."""
        described = self._parameter_option(function, position)
        return () if described is None else self._passed.option_sites(function.path, described[0])

    def _parameter_option(self, function: FunctionRef, position: int) -> tuple[tuple[str, ...], Values] | None:
        """The flags of a parameter and its default; None when it is no option."""
        parameter = self._resolver.scope(function).parameters[position]
        option = self._option_call(function, position)
        if option is None and not self._is_command(function):
            return None
        flags = (f"--{parameter.name.replace('_', '-')}", f"--{parameter.name}")
        if option is not None:
            own, default = self._described(*option)
            return (*own, *flags), default
        return flags, self._resolver.values(function.path, parameter.default) if parameter.default != NONE else ()

    def _is_command(self, function: FunctionRef) -> bool:
        facts = self._resolver.facts(function.path)
        for index in facts.scopes[function.scope].decorators:
            expr = facts.exprs[index]
            called = facts.calls[expr[1]].function if expr[0] == "call" else index
            for value in self._resolver.values(function.path, called):
                if isinstance(value, Library):
                    meanings = self._resolver.program.meanings("decorators", value.path)
                    if any(one.kind == "entry" and one.literal("kind") == "cli" for one in meanings):
                        return True
        return False

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
            if found is not None and parameter.name in self._names(found[0]):
                return found
        return None

    def _as_option(self, path: str, facts: PythonFacts, index: int, section: str) -> tuple[CallRef, Meaning] | None:
        if index == NONE or facts.exprs[index][0] != "call":
            return None
        ref = CallRef(path, facts.exprs[index][1])
        for value in self._resolver.values(path, facts.calls[ref.call].function):
            if isinstance(value, Library):
                for meaning in self._resolver.program.meanings(section, value.path):
                    if meaning.kind == "cli-option":
                        return ref, meaning
        return None

    def _flags(self, ref: CallRef) -> tuple[str, ...]:
        texts: list[str] = []
        for expr in self._resolver.call(ref).arguments:
            texts += known_texts(self._resolver.values(ref.path, expr))
        return tuple(text.partition("/")[0] for text in texts if text.startswith("-"))

    def _names(self, ref: CallRef) -> tuple[str, ...]:
        """The parameter names an option binds: its own bare name, else its long flag."""
        texts: list[str] = []
        for expr in self._resolver.call(ref).arguments:
            texts += known_texts(self._resolver.values(ref.path, expr))
        bare = [text for text in texts if text and not text.startswith("-")]
        longest = sorted((text for text in texts if text.startswith("-")), key=len)
        return tuple(name.lstrip("-").replace("-", "_") for name in (*bare, *longest[-1:]))

    def _described(self, ref: CallRef, meaning: Meaning) -> tuple[tuple[str, ...], Values]:
        """The flags of an option, and its default or environment variable."""
        facts = self._resolver.facts(ref.path)
        default: Values = ()
        for selector in meaning.selectors("default"):
            expr = pick(facts, ref, selector)
            default = self._resolver.values(ref.path, expr) if expr != NONE else default
        for selector in meaning.selectors("env"):
            expr = pick(facts, ref, selector)
            names = known_texts(self._resolver.values(ref.path, expr)) if expr != NONE else ()
            if len(names) == 1:
                default = environment_value(self._resolver, names[0], default)
        return self._flags(ref), default

    # -- argparse

    def of_namespace(self, value: Library, name: str) -> Values | None:
        """What an attribute of parsed arguments is given; None when no such argument is added in its module."""
        if not value.made:
            return None
        parser = value.made[0].call
        for ref, meaning in self._arguments(parser.path):
            if name not in self._bound(ref) or not self._is_of(ref, parser):
                continue
            flags, default = self._described(ref, meaning)
            passed = self._passed.option(parser.path, flags) if flags else self._positional(parser, ref)
            return union(passed, _as_default(default)) or None
        return None

    def _positional(self, parser: CallRef, ref: CallRef) -> Values:
        before = [one for one, _ in self._arguments(parser.path) if not self._flags(one) and one.call < ref.call]
        return self._passed.positional(parser.path, len(before))

    def _bound(self, ref: CallRef) -> tuple[str, ...]:
        for name, expr in self._resolver.call(ref).keywords:
            if name == "dest":
                return known_texts(self._resolver.values(ref.path, expr))
        return self._names(ref)

    def _is_of(self, ref: CallRef, parser: CallRef) -> bool:
        values = self._resolver.values(ref.path, self._resolver.call(ref).function)
        return any(isinstance(one, Library) and one.made and one.made[0].call == parser for one in values)

    def _arguments(self, path: str) -> list[tuple[CallRef, Meaning]]:
        if path not in self._added:
            found: list[tuple[CallRef, Meaning]] = []
            facts = self._resolver.facts(path)
            for number, call in enumerate(facts.calls):
                expr = facts.exprs[call.function]
                if expr[0] == "attr" and expr[2] == "add_argument":
                    for meaning in self._resolver.program.meanings("calls", _ADD_ARGUMENT)[:1]:
                        found.append((CallRef(path, number), meaning))
            self._added[path] = found
        return self._added[path]


def _as_default(values: Values) -> Values:
    return tuple(
        Literal(value.value, "default") if isinstance(value, Literal) else value
        for value in values
        if value != Literal(None)
    )
