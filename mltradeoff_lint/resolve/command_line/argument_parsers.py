"""Options that are added to a parser: argparse, optparse, absl flags, and the attributes they are read by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.source import Site, Span
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.command_line.choices import beside, choices_of
from mltradeoff_lint.resolve.command_line.option_values import Option, OptionValues, Written
from mltradeoff_lint.resolve.command_line.parser_settings import (
    default_of,
    names_set,
    own_words,
    passed_in,
    set_defaults,
)
from mltradeoff_lint.resolve.command_line.signatures import MANY, Signature
from mltradeoff_lint.resolve.domain import (
    NO_LINE,
    CallRef,
    Library,
    Literal,
    Mapping,
    Values,
    known_texts,
    marked_default,
    union,
    unknown,
)
from mltradeoff_lint.resolve.environment.environment import environment_value
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.selectors import pick

FLAGS = "absl.flags.FLAGS"
_NAMESPACES = ("argparse.Namespace()", "optparse.Values()")

_SWITCHES = {
    "store_true": (Literal(True),), "store_false": (Literal(False),), "count": (), "store_const": (), "help": (),
    "version": (), "append_const": (),
}  # fmt: skip
_DEFAULTS = {"store_true": (Literal(False),), "store_false": (Literal(True),)}


class _Added(NamedTuple):
    """One option of a parser: the attribute it is read by, how it is passed, its default, and its sub-command."""

    ref: CallRef
    name: str
    option: Option
    default: Values
    command: str


class _Parser(NamedTuple):
    """The options of a parser by attribute, and what its sub-commands take."""

    options: dict[str, list[_Added]]
    signatures: dict[str, Signature]


class ArgumentParsers:
    """Answers what an attribute of parsed arguments is given."""

    def __init__(self, resolver: Resolver, passed: OptionValues) -> None:
        self._resolver = resolver
        self._passed = passed
        self._calls: tuple[CallRef, ...] | None = None
        self._parsers: dict[CallRef, _Parser] = {}
        self._flags: dict[str, list[tuple[CallRef, Meaning]]] | None = None

    def of_namespace(self, value: Library, name: str) -> Values | None:
        """What an attribute of parsed arguments is given; None when no option of that name is added to its parser."""
        if value.path == FLAGS or value.path.startswith("absl.flags.DEFINE_"):
            return self._of_flag(value, name)
        if not value.made:
            return None
        if name == "__dict__":
            return self.mapping(value)
        direct = self._keyword(value, name)
        if direct is not None:
            return direct
        call = value.made[0].call
        parser = self._parser(call)
        settings = set_defaults(self._resolver, call, name)
        if name not in parser.options:
            return union(*(values for _, values in settings)) or None
        written = own_words(self._resolver, value)
        found: list[Values] = []
        for one in parser.options[name]:
            signature = parser.signatures[one.command]
            default = default_of(self._resolver, one.ref, one.default, settings)
            if written is None and value.line is not None:
                found.append(self._passed.in_line(call.path, one.option, signature, value.line, default))
            elif written is None:
                found += [self._passed.values(call.path, one.option, signature), as_default(default)]
            else:
                # what code passes itself is all there is: the default counts where it leaves the option out
                found += [passed_in(words, one.option, signature) or default for words in written]
        return union(*found) or None

    def by_line(self, value: Library) -> tuple[Library, ...]:
        """Parsed arguments once for each command line, and once with defaults alone; empty where no line is known."""
        if value.path not in _NAMESPACES or not value.made or value.line is not None:
            return ()
        lines = self._passed.told_apart(value.made[0].call.path)
        if not lines or self._is_made_in_code(value) or own_words(self._resolver, value) is not None:
            return ()
        return tuple(replace(value, line=one) for one in (*lines, NO_LINE))

    def mapping(self, value: Library) -> Values:
        """`vars(args)`: every option of the parser under its name."""
        if not value.made:
            return (Mapping((), True),)
        parser = value.made[0].call
        options = self._parser(parser).options
        entries = [(name, self.of_namespace(value, name) or self._unpassed(value, name)) for name in options]
        further = ((name, self.of_namespace(value, name)) for name in names_set(self._resolver, parser))
        entries += [(name, given) for name, given in further if given and name not in options]
        return (Mapping(tuple(entries), True),)

    def _unpassed(self, value: Library, name: str) -> Values:
        """An option that no command line of the repository passes, as its attribute reads."""
        return (Library(self._resolver.program.catalog.member(value.path, name), value.made),)

    def written(self, value: Library, name: str, text: str) -> Written | None:
        """Where the text that a command line passes for an attribute is written, else where it is the default."""
        if not value.made:
            return None
        call = value.made[0].call
        parser = self._parser(call)
        for one in parser.options.get(name, ()):
            found = self._passed.written(call.path, one.option, parser.signatures[one.command], text)
            if found is not None:
                return found
            added = self._resolver.call(one.ref)
            for keyword, expr in added.keywords:
                if keyword == "default" and text in known_texts(self._resolver.values(one.ref.path, expr)):
                    line = self._resolver.facts(one.ref.path).line_in(expr, added.span)
                    return Written((), (Site(one.ref.path, Span(line, 0, line, 0)),))
        return None

    def given(self) -> Iterator[tuple[Site, Values]]:
        """Every option added to a parser outside tests, with what command lines and its default give it."""
        for ref in self._all_added():
            if is_test(ref.path):
                continue
            call = self._resolver.call(ref)
            function = self._resolver.facts(ref.path).exprs[call.function]
            receivers = self._resolver.values(ref.path, function[1])
            parsers = dict.fromkeys(one.made[0].call for one in receivers if isinstance(one, Library) and one.made)
            for parser in parsers:
                table = self._parser(parser)
                for one in (one for added in table.options.values() for one in added if one.ref == ref):
                    passed = self._passed.values(parser.path, one.option, table.signatures[one.command])
                    default = one.default or unknown("no command line passes it and it has no default")
                    yield Site(ref.path, call.span), passed or default
            if not parsers and any(isinstance(one, Unknown) for one in receivers):
                yield Site(ref.path, call.span), unknown("a parser that did not resolve")
        for name, defined in self._defined().items():
            for ref, _ in defined:
                values = self._of_flag(Library(FLAGS), name)
                yield Site(ref.path, self._resolver.call(ref).span), values or unknown("no default")

    # -- parsers

    def _parser(self, call: CallRef) -> _Parser:
        """The options added to a parser, its groups and its sub-commands."""
        if call not in self._parsers:
            self._parsers[call] = _Parser({}, {})
            added = [one for ref in self._all_added() for one in self._added(ref, call)]
            commands = frozenset(one.command for one in added) - {""}
            takes: dict[str, dict[str, int]] = {command: {} for command in ("", *commands)}
            places = dict.fromkeys(takes, 0)
            options: dict[str, list[_Added]] = {}
            for one in added:
                if not one.option.flags:
                    one = one._replace(option=one.option._replace(position=places[one.command]))
                    places[one.command] += 1
                takes[one.command].update(dict.fromkeys(one.option.flags, one.option.takes))
                options.setdefault(one.name, []).append(one)
            signatures = {command: Signature({**takes[""], **its}, commands, command) for command, its in takes.items()}
            self._parsers[call] = _Parser(options, signatures)
        return self._parsers[call]

    def _added(self, ref: CallRef, parser: CallRef) -> Iterator[_Added]:
        """The option that a call adds to a parser; none when it adds it to another one."""
        function = self._resolver.facts(ref.path).exprs[self._resolver.call(ref).function]
        meanings = self._resolver.program.meanings("calls", _ADDERS[function[2:]])
        for value in self._resolver.values(ref.path, function[1]) if meanings else ():
            if isinstance(value, Library) and value.made and value.made[0].call == parser:
                option, default = described(self._resolver, ref, meanings[0])
                for name in self._bound(ref):
                    yield _Added(ref, name, option, default, self._command(value))
                return

    def _command(self, value: Library) -> str:
        """The sub-command a parser is for; empty for the program itself."""
        for made in reversed(value.made):
            call = self._resolver.call(made.call)
            function = self._resolver.facts(made.call.path).exprs[call.function]
            if function[0] == "attr" and function[2] == "add_parser" and call.arguments:
                texts = known_texts(self._resolver.values(made.call.path, call.arguments[0], made.frame))
                return texts[0] if len(texts) == 1 else "?"
        return ""

    def _all_added(self) -> tuple[CallRef, ...]:
        """Calls of `add_argument` and its kin, in path and source order."""
        if self._calls is None:
            found: list[CallRef] = []
            for path in self._resolver.program.python_paths():
                facts = self._resolver.facts(path)
                for number, call in enumerate(facts.calls):
                    expr = facts.exprs[call.function]
                    if expr[0] == "attr" and expr[2:] in _ADDERS:
                        found.append(CallRef(path, number))
            self._calls = tuple(found)
        return self._calls

    def _bound(self, ref: CallRef) -> tuple[str, ...]:
        """The attribute an option is read by."""
        for name, expr in self._resolver.call(ref).keywords:
            if name == "dest":
                return known_texts(self._resolver.values(ref.path, expr))
        texts = flag_texts(self._resolver, ref)
        long = [text for text in texts if text.startswith("--")]
        chosen = [text for text in texts if not text.startswith("-")][:1] or long[:1] or texts[:1]
        return tuple(name.lstrip("-").replace("-", "_") for name in chosen)

    def _keyword(self, value: Library, name: str) -> Values | None:
        """`argparse.Namespace(path=...)` holds what it is given."""
        made = value.made[-1]
        call = self._resolver.call(made.call)
        if not self._is_made_in_code(value):
            return None
        for keyword, expr in call.keywords:
            if keyword == name:
                return self._resolver.values(made.call.path, expr, made.frame)
        return None

    def _is_made_in_code(self, value: Library) -> bool:
        made = value.made[-1]
        function = self._resolver.facts(made.call.path).exprs[self._resolver.call(made.call).function]
        return bool((function[2] if function[0] == "attr" else function[1]) == "Namespace")

    # -- absl

    def _of_flag(self, value: Library, name: str) -> Values | None:
        """`FLAGS.name`, and `.value` of what a definition returns."""
        if value.path != FLAGS:
            if name != "value" or not value.made:
                return None
            refs = [value.made[-1].call]
        else:
            refs = [ref for ref, _ in self._defined().get(name, ())]
        meanings = {ref: meaning for known in self._defined().values() for ref, meaning in known}
        found: list[Values] = []
        for ref in refs:
            if ref in meanings:
                texts = flag_texts(self._resolver, ref)
                option, default = described(self._resolver, ref, meanings[ref])
                is_switch = meanings[ref].path.rpartition("_")[2] in ("bool", "boolean")
                flags = tuple(f"{dash}{text}" for text in texts[:1] for dash in ("--", "-"))
                off = tuple(f"{dash}no{text}" for text in texts[:1] for dash in ("--", "-")) if is_switch else ()
                option = option._replace(flags=flags, takes=0 if is_switch else 1, off=off)
                signature = Signature({**dict.fromkeys(flags, option.takes), **dict.fromkeys(off, 0)})
                found.append(union(self._passed.values(ref.path, option, signature), as_default(default)))
        return union(*found) or None if found else None

    def _defined(self) -> dict[str, list[tuple[CallRef, Meaning]]]:
        """Definitions of flags by name."""
        if self._flags is None:
            self._flags = {}
            for path in self._resolver.program.python_paths():
                facts = self._resolver.facts(path)
                for number, call in enumerate(facts.calls):
                    function = facts.exprs[call.function]
                    last = function[2] if function[0] == "attr" else function[1] if function[0] == "name" else ""
                    if not str(last).startswith("DEFINE_"):
                        continue
                    for value in self._resolver.values(path, call.function):
                        known = (
                            self._resolver.program.meanings("calls", value.path) if isinstance(value, Library) else ()
                        )
                        for meaning in known:
                            for text in flag_texts(self._resolver, CallRef(path, number))[:1]:
                                self._flags.setdefault(text, []).append((CallRef(path, number), meaning))
        return self._flags


_ADDERS = {
    ("add_argument",): "argparse.ArgumentParser().add_argument",
    ("add_option",): "optparse.OptionParser().add_option",
}
"""How a parser is given an option, by the end of an attribute expression."""


def flag_texts(resolver: Resolver, ref: CallRef) -> tuple[str, ...]:
    """The literal names among the positional arguments of an option, flags with what switches them off cut away."""
    texts: list[str] = []
    for expr in resolver.call(ref).arguments:
        texts += known_texts(resolver.values(ref.path, expr))
    return tuple(text.partition("/")[0].strip() for text in texts)


def described(resolver: Resolver, ref: CallRef, meaning: Meaning) -> tuple[Option, Values]:
    """An option as its declaration describes it, and its default or environment variable."""
    facts = resolver.facts(ref.path)
    call = resolver.call(ref)
    words = {name: expr for name, expr in call.keywords if name}
    default: Values = ()
    for selector in meaning.selectors("default"):
        expr = pick(facts, ref, selector)
        if expr != NONE and facts.exprs[expr][0] != "other":
            default = resolver.values(ref.path, expr)
    for selector in meaning.selectors("env"):
        expr = pick(facts, ref, selector)
        names = known_texts(resolver.values(ref.path, expr)) if expr != NONE else ()
        if len(names) == 1:
            default = environment_value(resolver, names[0], default, ref.path)
    texts: list[str] = []
    for expr in call.arguments:
        texts += known_texts(resolver.values(ref.path, expr))
    flags = tuple(text.partition("/")[0].strip() for text in texts if text.startswith("-"))
    off = tuple(text.partition("/")[2].strip() for text in texts if text.startswith("-") and "/" in text)
    action = _word(resolver, ref, words.get("action"))
    is_number = _is_number(resolver, ref, words.get("type"))
    option = Option(flags, _count(resolver, ref, words, action, bool(off)), None, is_number, off=off)
    if not default and _is_true(resolver, ref, words.get("is_flag")):
        default = (Literal(False),)
    if action in _SWITCHES:
        option = option._replace(present=_SWITCHES[action] or _const(resolver, ref, words.get("const")))
        default = default or _DEFAULTS.get(action, ())
    return option._replace(choices=beside(choices_of(resolver, ref, meaning), default)), default


def _word(resolver: Resolver, ref: CallRef, expr: int | None) -> str:
    texts = known_texts(resolver.values(ref.path, expr)) if expr is not None else ()
    return texts[0] if len(texts) == 1 else ""


def _const(resolver: Resolver, ref: CallRef, expr: int | None) -> Values:
    return resolver.values(ref.path, expr) if expr is not None else ()


def _is_number(resolver: Resolver, ref: CallRef, expr: int | None) -> bool:
    facts = resolver.facts(ref.path)
    return expr is not None and facts.exprs[expr][:2] in (("name", "int"), ("name", "float"))


def _is_true(resolver: Resolver, ref: CallRef, expr: int | None) -> bool:
    return expr is not None and resolver.values(ref.path, expr) == (Literal(True),)


def _count(resolver: Resolver, ref: CallRef, words: dict[str, int], action: str, has_off: bool) -> int:
    """How many values an option takes."""
    if (
        action in _SWITCHES
        or has_off
        or any(
            resolver.values(ref.path, words[name]) == (Literal(True),) for name in ("is_flag", "count") if name in words
        )
    ):
        return 0
    if "action" in words and not action:
        # `argparse.BooleanOptionalAction`, or an action of the program's own
        return 0
    for value in resolver.values(ref.path, words["nargs"]) if "nargs" in words else ():
        if isinstance(value, Literal) and isinstance(value.value, int):
            return value.value if value.value != 1 else MANY
        return 1 if isinstance(value, Literal) and value.value == "?" else MANY
    return 1


def as_default(values: Values) -> Values:
    """Values that hold where no command line says otherwise; a default of None says nothing."""
    return marked_default(tuple(value for value in values if value != Literal(None)))
