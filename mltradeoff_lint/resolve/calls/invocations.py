"""What a call gives: results of repository functions and classes, of library paths, and of the built-ins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mltradeoff_lint.model.catalog import Meaning, Selector
from mltradeoff_lint.model.facts import NONE, Call
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls import decorated
from mltradeoff_lint.resolve.calls.callers import MAX_FRAMES
from mltradeoff_lint.resolve.calls.closures import frame_around
from mltradeoff_lint.resolve.calls.declared_results import with_declared
from mltradeoff_lint.resolve.calls.flat_frames import FlatFrames
from mltradeoff_lint.resolve.calls.lookups import is_same, looked_up
from mltradeoff_lint.resolve.calls.named_attributes import COMPUTED_NAME, attribute
from mltradeoff_lint.resolve.calls.relayed import relayed
from mltradeoff_lint.resolve.calls.stored_results import StoredResults
from mltradeoff_lint.resolve.command_line.option_values import as_number
from mltradeoff_lint.resolve.command_line.parsed_objects import dictionary
from mltradeoff_lint.resolve.configuration.config_objects import ConfigObjects
from mltradeoff_lint.resolve.configuration.configs import Configs
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Class,
    Frame,
    Function,
    FunctionRef,
    Hole,
    Instance,
    Items,
    Library,
    Literal,
    Made,
    Mapping,
    Template,
    Value,
    Values,
    frame_of,
    known_texts,
    marked_default,
    union,
    unknown,
    weakest,
)
from mltradeoff_lint.resolve.environment.process_environment import is_environment, variables
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.notebooks import widgets
from mltradeoff_lint.resolve.objects import module_tables
from mltradeoff_lint.resolve.objects.class_state import type_of
from mltradeoff_lint.resolve.objects.delegation import imported_modules
from mltradeoff_lint.resolve.objects.field_data import unfolded
from mltradeoff_lint.resolve.objects.held_objects import held, is_provided
from mltradeoff_lint.resolve.objects.new_rows import made_row
from mltradeoff_lint.resolve.objects.overrides import seen_from_above
from mltradeoff_lint.resolve.selectors import pick
from mltradeoff_lint.resolve.values import iterables, paths, strings, texts
from mltradeoff_lint.resolve.values.brought import stands_for, taken_keys
from mltradeoff_lint.resolve.values.hole_names import hints_of, piece_names, result_name
from mltradeoff_lint.resolve.values.lists import as_sets
from mltradeoff_lint.resolve.values.merging import laid, of_pairs
from mltradeoff_lint.resolve.values.operators import element
from mltradeoff_lint.resolve.values.runnables import composed
from mltradeoff_lint.resolve.values.source_parts import called_of
from mltradeoff_lint.resolve.values.starred import pieces

_FILES = frozenset({"open", "read_text", "read_bytes", "write_text", "write_bytes", "exists", "mkdir"})
"""Methods by which a path gets at its file."""

_OF_CONTAINERS = ("builtins.dict().", "builtins.list().", "builtins.set().")

MAX_MADE = 4
MAX_FRAMES_OF_ONE = 40
"""A function looked at through more calls than this is looked at once for all further ones."""


class Invocations:
    """Calls of abstract values."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._configs = Configs(resolver)
        self._config_objects = ConfigObjects(resolver, self._configs)
        self._stored = StoredResults(resolver)
        self._frames: dict[FunctionRef, set[Frame]] = {}
        self._flat = FlatFrames(resolver)
        self._builtins: dict[str, Callable[[CallRef, Call, Frame | None], Values]] = {
            "builtins.str": lambda *call: texts.as_text(self._first(*call)),
            "builtins.list": self._as_items,
            "builtins.tuple": self._as_items,
            "builtins.set": lambda *call: as_sets(self._as_items(*call), True),
            "builtins.sorted": self._as_items,
            "builtins.reversed": self._as_items,
            "builtins.iter": self._as_items,
            "builtins.next": self._element,
            "builtins.dict": self._as_mapping,
            "builtins.int": self._number,
            "builtins.float": self._number,
            "builtins.super": self._super,
            "builtins.type": lambda *call: type_of(resolver, self._argument(call[0], call[1], 0, call[2])),
            "builtins.getattr": self._getattr,
            "builtins.zip": self._zip,
            "builtins.enumerate": self._enumerate,
            **dict.fromkeys((path.removesuffix("()") for path in iterables.MAKERS), self._iterable),
            "os.path.join": self._join,
            "posixpath.join": self._join,
            "pathlib.Path": self._path,
            "pathlib.PurePosixPath": self._path,
            **module_tables.calls(
                resolver, lambda *call: dictionary(resolver, self._argument(call[0], call[1], 0, call[2]))
            ),
            "os.fspath": self._first,
            "os.path.expanduser": self._first,
            "os.path.normpath": self._first,
            "typing.cast": self._second,
            "copy.deepcopy": self._first,
            "copy.copy": self._first,
            "functools.partial": self._partial,
            "importlib.import_module": self._import_module,
            "builtins.__import__": self._import_module,
        }

    def contents(self, value: Value) -> Values:
        """What an object of a library holds of a configuration file that fills it; empty for any other value."""
        return self._config_objects.contents(value)

    def called(self, value: Value, site: CallRef, frame: Frame | None) -> Values:
        """What calling a value at a site gives."""
        match value:
            case Library() | Instance() if is_provided(self._resolver, value):
                return (value,)
            case Function():
                return self._function(value, site, frame)
            case Class():
                return self._class(value, site, frame)
            case Library():
                return self._library(value, site, frame)
            case Instance():
                methods = self._resolver.member(value, "__call__")
                return union(*(self.called(one, site, frame) for one in methods if not isinstance(one, Unknown))) or (
                    unknown("a call of an object")
                )
            case Unknown():
                return called_of(self._resolver, value, site, frame)
        return unknown("a call of something that is no function")

    # -- repository code

    def _function(self, value: Function, site: CallRef, frame: Frame | None) -> Values:
        scope = self._resolver.scope(value.ref)
        if frame_of(frame, value.ref) is not None:
            return unknown("a recursive call")
        is_passed = bool(scope.parameters) and value.bound is None
        inner = self._frame(value.ref, site, frame) if is_passed else frame_around(self._resolver, value.ref, frame)
        if scope.yields:
            yielded = union(
                *(self._resolver.values(value.ref.path, one.value, inner) for one in scope.yields if one.value != NONE)
            )
            return (Items((yielded or unknown("a generator"),), True),)
        results = [
            self._resolver.values(value.ref.path, one.value, inner)
            for one in scope.returns
            if one.value != NONE and self._resolver.is_reached(value.ref.path, one.region, inner)
        ]
        found = union(*results)
        if scope.decorators:
            found = self._stored.handed_on(value.ref, found, site)
        return with_declared(self._resolver, value.ref, found) or (Literal(None),)

    def _frame(self, function: FunctionRef, site: CallRef, outer: Frame | None) -> Frame | None:
        """The frame in which a call looks at a function; None when it is deep or has been looked at often enough."""
        is_deep = outer is not None and outer.depth >= MAX_FRAMES
        frame = self._flat.of(function, site, outer) if outer and is_deep else Frame(function, site, outer)
        if frame is None:
            return None
        known = self._frames.setdefault(function, set())
        if frame not in known and len(known) >= MAX_FRAMES_OF_ONE:
            # what the call itself passes still tells it from the others
            frame = Frame(function, site)
            if frame not in known and len(known) >= 2 * MAX_FRAMES_OF_ONE:
                return None
        known.add(frame)
        return frame

    def _class(self, value: Class, site: CallRef, frame: Frame | None) -> Values:
        for base in self._resolver.library_bases(value.ref):
            if base in ("enum.Enum", "enum.StrEnum", "enum.IntEnum"):
                call = self._resolver.call(site)
                return self._resolver.values(site.path, call.arguments[0], frame) if call.arguments else unknown("enum")
        return (Instance(value.ref, Made(site, frame)),)

    # -- libraries

    def _library(self, value: Library, site: CallRef, frame: Frame | None) -> Values:
        call = self._resolver.call(site)
        special = self._builtins.get(value.path)
        if special is not None:
            return special(site, call, frame)
        if value.path in paths.CALLS:
            given = [self._resolver.values(site.path, expr, frame) for expr in call.arguments[:2]]
            found = paths.called(value.path, given)
            if found is not None:
                return found
        for meaning in self._resolver.program.meanings("calls", value.path):
            if meaning.kind == "environment" and meaning.selectors("name"):
                return self._environment(meaning, site, call, frame)
            if meaning.kind == "notebook-parameter" and not meaning.selectors("default"):
                return widgets.read(self._resolver, meaning, site, frame)
            if meaning.kind == "stands-for":
                ending = self._selected(site, call, frame, meaning.selectors("ending"))
                stood = stands_for(self._resolver, value.path, ending)
                stood = stood or self._selected(site, call, frame, meaning.selectors("of"))
                stood = marked_default(stood) if meaning.literal("as") == "default" else stood
                if stood:
                    return stood
            if meaning.kind in ("from-data", "lookup", "config-tree"):
                made_of_data = self._config_objects.called(value, meaning, site, frame)
                if made_of_data is not None:
                    return made_of_data
            if meaning.kind == "new-row":
                rows = made_row(self._resolver, meaning, site, frame)
                if rows:
                    return rows
            if meaning.kind == "composition":
                return (composed(self._resolver, value, meaning, Made(site, frame)),)
        if value.path.startswith("builtins.str()."):
            return self._string_method(value, site, call, frame)
        if value.path.startswith("pathlib."):
            return self._path_method(value, site, call, frame)
        if value.path.startswith(_OF_CONTAINERS):
            return self._container_method(value, site, call, frame)
        got = relayed(self._resolver, value, site, frame) or held(self._resolver, value, site, frame)
        parsed = got or self._resolver.configured_object(value, site, frame) or self._configs.parsed(value, site, frame)
        parsed = self._resolver.parsed_objects(value, site, frame) if parsed is None else parsed
        if parsed is not None:
            return parsed
        made = (*value.made, Made(site, frame))[-MAX_MADE:]
        catalog = self._resolver.program.catalog
        telling = catalog.told_by(value.path)
        if telling is not None:
            told = self._selected(site, call, frame, (telling,))
            if told:
                words = known_texts(told) or ("?",)
                return union(tuple(Library(catalog.made_with(value.path, word), made) for word in words))
        path = catalog.called(value.path)
        receiver = value.path.rpartition(".")[0]
        own = decorated.called(self._resolver, value, Made(site, frame), is_same=path == receiver)
        made = value.made if path == receiver and value.made else made
        return own or tuple(Library(path, made, key) for key in taken_keys(self._resolver, value, site, frame))

    def _environment(self, meaning: Meaning, site: CallRef, call: Call, frame: Frame | None) -> Values:
        """`os.getenv(NAME, default)`: what the repository's configuration sets, else the default, else a hole."""
        names = self._selected(site, call, frame, meaning.selectors("name"))
        return variables(
            self._resolver, names, self._selected(site, call, frame, meaning.selectors("default")), site.path
        )

    def _selected(self, site: CallRef, call: Call, frame: Frame | None, selectors: tuple[Selector, ...]) -> Values:
        """The values of the arguments that selectors pick."""
        picked = (pick(self._resolver.facts(site.path), site, selector) for selector in selectors)
        return union(*(self._resolver.values(site.path, expr, frame) for expr in picked if expr != NONE))

    def _argument(self, site: CallRef, call: Call, position: int, frame: Frame | None, keyword: str = "") -> Values:
        for name, expr in call.keywords:
            if name == keyword and keyword:
                return self._resolver.values(site.path, expr, frame)
        if position < len(call.arguments):
            return self._resolver.values(site.path, call.arguments[position], frame)
        return ()

    # -- built-ins

    def _first(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        return self._argument(site, call, 0, frame) or unknown("an empty call")

    def _number(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        return union(tuple(as_number(value) for value in self._first(site, call, frame)))

    def _second(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        return self._argument(site, call, 1, frame) or unknown("an empty call")

    def _as_items(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        values = self._argument(site, call, 0, frame)
        if not values:
            return (Items((), False),)
        return as_sets(tuple(v if isinstance(v, Items) else Items((element(v),), True) for v in values), False)

    def _element(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        return union(*(element(value) for value in self._argument(site, call, 0, frame)))

    def _as_mapping(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        given = self._argument(site, call, 0, frame)
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
        default = self._argument(site, call, 2, frame)
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
        return iterables.numbered(self._argument(site, call, 0, frame), self._argument(site, call, 1, frame, "start"))

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
        names = self._argument(site, call, 0, frame, "name")
        if self._argument(site, call, 1, frame, "package"):
            # a relative name starts at the package that is passed, wherever the call stands
            names = tuple(one for one in names if not any(text.startswith(".") for text in known_texts((one,))))
        return imported_modules(self._resolver, site.path, names) or unknown("a module with a computed name")

    def _partial(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        values = self._argument(site, call, 0, frame) or unknown("an empty partial")
        before = len(call.arguments) - 1
        return tuple(replace(v, bound=(v.bound or 0) + before) if isinstance(v, Function) else v for v in values)

    # -- strings, paths and containers

    def _join(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        names = piece_names(self._resolver.facts(site.path), call.arguments)
        return union(*(strings.join_path(one) for one in pieces(self._resolver, site, frame, names)))

    def _path(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        if not call.arguments:
            return (Literal("."),)
        return self._join(site, call, frame)

    def _receiver(self, site: CallRef, call: Call, frame: Frame | None) -> Values:
        expr = self._resolver.facts(site.path).exprs[call.function]
        return self._resolver.values(site.path, expr[1], frame) if expr[0] == "attr" else ()

    def _string_method(self, value: Library, site: CallRef, call: Call, frame: Frame | None) -> Values:
        name = value.path.rpartition(".")[2]
        receiver = self._receiver(site, call, frame)
        facts = self._resolver.facts(site.path)
        ways = pieces(self._resolver, site, frame, hints_of(facts, call.arguments))
        keywords = {key: self._resolver.values(site.path, expr, frame) for key, expr in call.keywords if key}
        spread_in = [self._resolver.values(site.path, expr, frame) for key, expr in call.keywords if key is None]
        held = [([values for values, _ in way], [hint for _, hint in way]) for way in ways]
        spreads = texts.spreads(spread_in)
        made = [texts.method(name, receiver, given, keywords, one, hints) for given, hints in held for one in spreads]
        if made[0] is not None:
            return union(*(one or () for one in made))
        if name in _FILES:
            return (Library(f"pathlib.Path().{name}()", (Made(site, frame),)),)
        if not receiver:
            return unknown(f"str.{name}")
        firmness = weakest(*map(strings.provenance_of, receiver))
        return (Template((Hole(result_name(facts, site.call)),), firmness),)

    def _path_method(self, value: Library, site: CallRef, call: Call, frame: Frame | None) -> Values:
        made = (*value.made, Made(site, frame))[-MAX_MADE:]
        return (Library(self._resolver.program.catalog.called(value.path), made),)

    def _container_method(self, value: Library, site: CallRef, call: Call, frame: Frame | None) -> Values:
        name = value.path.rpartition(".")[2]
        receiver = self._receiver(site, call, frame)
        if name in ("get", "pop", "setdefault"):
            keys, default = self._argument(site, call, 0, frame), self._argument(site, call, 1, frame)
            is_key = len(call.arguments) == 2 and is_same(self._resolver.facts(site.path), *call.arguments)
            return looked_up(self._resolver, site.path, receiver, keys, default, is_key=is_key)
        if name in iterables.VIEWS:
            return iterables.view(name, [unfolded(self._resolver, one) for one in receiver])
        if name == "copy":
            return receiver
        return unknown(f"result of {name}")
