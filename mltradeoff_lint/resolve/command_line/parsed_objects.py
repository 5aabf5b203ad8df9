"""Objects that a parser fills from the command line, as `HfArgumentParser(Args).parse_args_into_dataclasses()` does.

Their fields are options of the program: what a command line passes under `--field`, or a configuration file it names.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.command_line.option_values import Option, OptionValues, as_number
from mltradeoff_lint.resolve.command_line.signatures import MANY, Signature, parse
from mltradeoff_lint.resolve.configuration.configs import Configs
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Class,
    Frame,
    Instance,
    Items,
    Library,
    Made,
    Mapping,
    Value,
    Values,
    is_none,
    known_texts,
    marked_default,
    union,
    unknown,
)
from mltradeoff_lint.resolve.environment.environment import field_default
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.selectors import pick

_CONFIGURATIONS = (".yaml", ".yml", ".json")


class ParsedObjects:
    """Answers which objects a parser gives, and what their fields are given."""

    def __init__(self, resolver: Resolver, passed: OptionValues) -> None:
        self._resolver = resolver
        self._passed = passed
        self._configs = Configs(resolver)
        self._rows: dict[str, Meaning] | None = None

    def made(self, value: Library, site: CallRef, frame: Frame | None) -> Values | None:
        """What calling a parser gives; None when the call is no such parser."""
        meaning = self._known().get(value.path)
        if meaning is None:
            return None
        objects = [self._object(one, Made(site, frame)) for one in self._classes(meaning, value, site, frame)]
        if meaning.literal("gives") == "each":
            return (Items(tuple(objects), not objects),)
        return union(*objects) or unknown("an object of an unresolved class")

    def field(self, value: Instance, name: str) -> Values | None:
        """What command lines and the files they name give a field; None when no parser fills the object."""
        if value.made is None or not self._known() or not self._is_parsed(value.made):
            return None
        path = value.made.call.path
        flags = (f"--{name}", f"--{name.replace('_', '-')}")
        given = self._passed.values(path, Option(flags), Signature())
        numbers = tuple(as_number(one) for one in given)
        return union(numbers, *self._configured(path, name))

    # -- parsers

    def _known(self) -> dict[str, Meaning]:
        if self._rows is None:
            rows = self._resolver.program.catalog.rows("calls")
            self._rows = {row.path: row for row in rows if row.kind == "cli-objects"}
        return self._rows

    def _is_parsed(self, made: Made) -> bool:
        functions = self._resolver.values(made.call.path, self._resolver.call(made.call).function, made.frame)
        return any(isinstance(one, Library) and one.path in self._known() for one in functions)

    def _classes(self, meaning: Meaning, value: Library, site: CallRef, frame: Frame | None) -> Iterator[Values]:
        """The classes a parser is told, one set for each place in its list."""
        call, frame = (
            (value.made[0].call, value.made[0].frame) if value.made and meaning.literal("told") else (site, frame)
        )
        for selector in meaning.selectors("classes"):
            expr = pick(self._resolver.facts(call.path), call, selector)
            for one in self._resolver.values(call.path, expr, frame) if expr >= 0 else ():
                yield from one.items if isinstance(one, Items) else ((one,),)

    def _object(self, classes: Values, made: Made) -> Values:
        return union(*(self._instance(one, made) for one in classes))

    def _instance(self, value: Value, made: Made) -> Values:
        if isinstance(value, Class):
            return (Instance(value.ref, made),)
        if isinstance(value, Library):
            return (Library(self._resolver.program.catalog.called(value.path), (made,)),)
        return unknown("an object of an unresolved class")

    # -- configuration files named on the command line

    def _configured(self, path: str, name: str) -> Iterator[Values]:
        for line in self._passed.of_program(path):
            parsed = parse(line.words, Signature({"--config": 1, "--config_file": MANY}))
            named = (*parsed.options.get("--config", ()), *parsed.positionals) if parsed is not None else ()
            for word in named:
                for text in known_texts(self._passed.word(word, line, path)):
                    if text.endswith(_CONFIGURATIONS):
                        for content in self._configs.content(path, text) or ():
                            yield (content.get(name) or ()) if isinstance(content, Mapping) else ()


def dictionary(resolver: Resolver, values: Values) -> Values:
    """`vars(args)` of parsed arguments: a dict of the options."""
    parsed = [one for one in values if isinstance(one, Library) and one.path == "argparse.Namespace()"]
    return union(*(resolver.namespace_mapping(one) for one in parsed)) or unknown("the attributes of an object")


def unless_passed(resolver: Resolver, values: Values) -> Values:
    """What the class of a parsed object says of a field: its default, which a command line may replace."""
    return marked_default(field_default(resolver, values))


def or_left_to_caller(option: Values | None, name: str, found: Values) -> Values:
    """A field of a parsed object: what is known of it, else whatever the caller of the program passes."""
    if option is None or any(not isinstance(value, Unknown) and not is_none(value) for value in found):
        return found
    left_out = tuple(value for value in found if is_none(value))
    return union(left_out, unknown("no command line of the repository passes it", f"option:{name}"))
