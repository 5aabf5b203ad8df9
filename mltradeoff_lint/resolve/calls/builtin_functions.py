"""What functions of Python and of its standard library give by what they are passed: `dict`, `getattr`, `join`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mltradeoff_lint.model.facts import Call
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls.named_attributes import COMPUTED_NAME, attribute
from mltradeoff_lint.resolve.command_line.option_values import as_number
from mltradeoff_lint.resolve.command_line.parsed_objects import dictionary
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Frame,
    Function,
    Items,
    Library,
    Literal,
    Made,
    Mapping,
    Values,
    known_texts,
    union,
    unknown,
)
from mltradeoff_lint.resolve.environment.process_environment import is_environment
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects import module_tables
from mltradeoff_lint.resolve.objects.class_state import type_of
from mltradeoff_lint.resolve.objects.delegation import imported_modules
from mltradeoff_lint.resolve.objects.overrides import seen_from_above
from mltradeoff_lint.resolve.values import iterables, paths, strings, texts
from mltradeoff_lint.resolve.values.hole_names import piece_names
from mltradeoff_lint.resolve.values.lists import as_sets
from mltradeoff_lint.resolve.values.merging import laid, of_pairs
from mltradeoff_lint.resolve.values.operators import element
from mltradeoff_lint.resolve.values.starred import pieces

_TO_ITEMS = ("builtins.list", "builtins.tuple", "builtins.sorted", "builtins.reversed", "builtins.iter")
_GIVEN_BACK = ("os.fspath", "os.path.expanduser", "os.path.normpath", "copy.deepcopy", "copy.copy")
"""Functions that give their first argument, as far as a repository tells."""


class BuiltinFunctions:
    """Calls of the functions that are told from their arguments alone."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._by_path: dict[str, Callable[[CallRef, Call, Frame | None], Values]] = {
            "builtins.str": lambda *call: texts.as_text(self._first(*call)),
            **dict.fromkeys(_TO_ITEMS, self._as_items),
            "builtins.set": lambda *call: as_sets(self._as_items(*call), True),
            "builtins.next": self._element,
            "builtins.dict": self._as_mapping,
            "builtins.int": self._number,
            "builtins.float": self._number,
            "builtins.super": self._super,
            "builtins.type": lambda *call: type_of(resolver, argument(resolver, call[0], call[1], 0, call[2])),
            "builtins.getattr": self._getattr,
            "builtins.zip": self._zip,
            "builtins.enumerate": self._enumerate,
            **dict.fromkeys((path.removesuffix("()") for path in iterables.MAKERS), self._iterable),
            "os.path.join": self._join,
            "posixpath.join": self._join,
            "pathlib.Path": self._path,
            "pathlib.PurePosixPath": self._path,
            **module_tables.calls(
                resolver, lambda *call: dictionary(resolver, argument(resolver, call[0], call[1], 0, call[2]))
            ),
            **dict.fromkeys(_GIVEN_BACK, self._first),
            "typing.cast": self._second,
            "functools.partial": self._partial,
            "importlib.import_module": self._import_module,
            "builtins.__import__": self._import_module,
        }

    def called(self, value: Library, site: CallRef, frame: Frame | None) -> Values | None:
        """What a call of a function gives; None where it is none of these."""
        give = self._by_path.get(value.path)
        if give is not None:
            return give(site, self._resolver.call(site), frame)
        if value.path in paths.CALLS:
            arguments = self._resolver.call(site).arguments[:2]
            return paths.called(value.path, [self._resolver.values(site.path, expr, frame) for expr in arguments])
        return None

    def _first(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        return argument(self._resolver, site, call, 0, frame) or unknown("an empty call")

    def _second(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        return argument(self._resolver, site, call, 1, frame) or unknown("an empty call")

    def _number(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        return union(tuple(as_number(value) for value in self._first(site, call, frame)))

    def _as_items(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        values = argument(self._resolver, site, call, 0, frame)
        if not values:
            return (Items((), False),)
        return as_sets(tuple(v if isinstance(v, Items) else Items((element(v),), True) for v in values), False)

    def _element(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        return union(*(element(value) for value in argument(self._resolver, site, call, 0, frame)))

    def _as_mapping(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        given = argument(self._resolver, site, call, 0, frame)
        if not call.keywords and any(is_environment(value) for value in given):
            return tuple(value for value in given if is_environment(value))
        whole = Mapping(())
        for value in given:
            whole = laid(whole, of_pairs(value))
        for name, expr in call.keywords:
            held = self._resolver.values(site.path, expr, frame)
            for inner in held if name is None else (Mapping(((str(name), held),)),):
                whole = laid(whole, inner)
        return (whole,)

    def _super(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        return seen_from_above(self._resolver, site, frame)

    def _getattr(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        if len(call.arguments) < 2:
            return COMPUTED_NAME
        default = argument(self._resolver, site, call, 2, frame)
        found = attribute(self._resolver, site, call.arguments[0], call.arguments[1], frame)
        # an attribute that is there needs no default
        return union(found, default if any(isinstance(one, (Unknown, Library)) for one in found) else ())

    def _zip(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        columns = [self._resolver.values(site.path, expr, frame) for expr in call.arguments]
        literal = [one[0] for one in columns if len(one) == 1 and isinstance(one[0], Items) and not one[0].is_open]
        if len(literal) == len(columns) and columns:
            rows = zip(*(one.items for one in literal), strict=False)
            return (Items(tuple((Items(tuple(row)),) for row in rows)),)
        row = Items(tuple(union(*(element(value) for value in values)) for values in columns))
        return (Items(((row,),), True),)

    def _enumerate(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        start = argument(self._resolver, site, call, 1, frame, "start")
        return iterables.numbered(argument(self._resolver, site, call, 0, frame), start)

    def _iterable(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        """`range`, `itertools.chain` and `itertools.product` of arguments that are written one by one."""
        exprs = self._resolver.facts(site.path).exprs
        path = next(iter(self._resolver.values(site.path, call.function, frame)))
        made = (Library(f"{path.path}()" if isinstance(path, Library) else "", (Made(site, frame),)),)
        if call.keywords or any(exprs[one][0] == "star" for one in call.arguments):
            return made
        given = [self._resolver.values(site.path, expr, frame) for expr in call.arguments]
        return iterables.MAKERS[made[0].path](given) or made

    def _import_module(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        names = argument(self._resolver, site, call, 0, frame, "name")
        if argument(self._resolver, site, call, 1, frame, "package"):
            # a relative name starts at the package that is passed, wherever the call stands
            names = tuple(one for one in names if not any(text.startswith(".") for text in known_texts((one,))))
        return imported_modules(self._resolver, site.path, names) or unknown("a module with a computed name")

    def _partial(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        values = argument(self._resolver, site, call, 0, frame) or unknown("an empty partial")
        before = len(call.arguments) - 1
        return tuple(replace(v, bound=(v.bound or 0) + before) if isinstance(v, Function) else v for v in values)

    def _join(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        names = piece_names(self._resolver.facts(site.path), call.arguments)
        return union(*(strings.join_path(one) for one in pieces(self._resolver, site, frame, names)))

    def _path(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        if not call.arguments:
            return (Literal("."),)
        return self._join(site, call, frame)


def argument(
    resolver: Resolver, site: CallRef, call: Call, position: int, frame: Frame | None, keyword: str = ""
) -> Values:
    """What a call passes at a position or by a keyword; empty where it passes nothing there."""
    for name, expr in call.keywords:
        if name == keyword and keyword:
            return resolver.values(site.path, expr, frame)
    if position < len(call.arguments):
        return resolver.values(site.path, call.arguments[position], frame)
    return ()
