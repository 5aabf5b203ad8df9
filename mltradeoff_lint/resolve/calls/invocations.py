"""What a call gives: results of repository functions and classes, and of library paths."""

from __future__ import annotations

from mltradeoff_lint.model.catalog import Meaning, Selector
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls import decorated
from mltradeoff_lint.resolve.calls.builtin_functions import BuiltinFunctions
from mltradeoff_lint.resolve.calls.builtin_methods import BuiltinMethods
from mltradeoff_lint.resolve.calls.callers import MAX_FRAMES
from mltradeoff_lint.resolve.calls.closures import frame_around
from mltradeoff_lint.resolve.calls.declared_results import with_declared
from mltradeoff_lint.resolve.calls.flat_frames import FlatFrames
from mltradeoff_lint.resolve.calls.relayed import relayed
from mltradeoff_lint.resolve.calls.stored_results import StoredResults
from mltradeoff_lint.resolve.configuration.config_objects import ConfigObjects
from mltradeoff_lint.resolve.configuration.configs import Configs
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Class,
    Frame,
    Function,
    FunctionRef,
    Instance,
    Items,
    Library,
    Literal,
    Made,
    Value,
    Values,
    frame_of,
    known_texts,
    marked_default,
    union,
    unknown,
)
from mltradeoff_lint.resolve.environment.process_environment import variables
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.notebooks import widgets
from mltradeoff_lint.resolve.objects.held_objects import held, is_provided
from mltradeoff_lint.resolve.objects.new_rows import made_row
from mltradeoff_lint.resolve.selectors import pick
from mltradeoff_lint.resolve.values.brought import stands_for, taken_keys
from mltradeoff_lint.resolve.values.runnables import composed
from mltradeoff_lint.resolve.values.source_parts import called_of

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
        self._functions = BuiltinFunctions(resolver)
        self._methods = BuiltinMethods(resolver)

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
            frame = (self._flat.of(function, site, outer) if outer else None) or Frame(function, site)
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
        for told in (self._functions.called, self._meant, self._methods.called):
            found = told(value, site, frame)
            if found is not None:
                return found
        made = (*value.made, Made(site, frame))[-MAX_MADE:]
        if value.path.startswith("pathlib."):
            return (Library(self._resolver.program.catalog.called(value.path), made),)
        handed = self._handed(value, site, frame)
        return self._thing(value, made, site, frame) if handed is None else handed

    def _meant(self, value: Library, site: CallRef, frame: Frame | None) -> Values | None:
        """What a call gives by a row of the catalog that says so; None where no row does, or nothing is known of it."""
        for meaning in self._resolver.program.meanings("calls", value.path):
            if meaning.kind == "environment" and meaning.selectors("name"):
                return self._environment(meaning, site, frame)
            if meaning.kind == "notebook-parameter" and not meaning.selectors("default"):
                return widgets.read(self._resolver, meaning, site, frame)
            if meaning.kind == "stands-for":
                ending = self._selected(site, frame, meaning.selectors("ending"))
                stood = stands_for(self._resolver, value.path, ending)
                stood = stood or self._selected(site, frame, meaning.selectors("of"))
                stood = marked_default(stood) if meaning.literal("as") == "default" else stood
                if stood:
                    return stood
            if meaning.kind in ("from-data", "lookup", "config-tree"):
                made_of_data = self._config_objects.called(meaning, site, frame)
                if made_of_data is not None:
                    return made_of_data
            if meaning.kind == "new-row":
                rows = made_row(self._resolver, meaning, site, frame)
                if rows:
                    return rows
            if meaning.kind == "composition":
                return (composed(self._resolver, value, meaning, Made(site, frame)),)
        return None

    def _handed(self, value: Library, site: CallRef, frame: Frame | None) -> Values | None:
        """What a call hands on of a function or holder, or fills from data or the command line; None for any other."""
        got = relayed(self._resolver, value, site, frame) or held(self._resolver, value, site, frame)
        parsed = got or self._resolver.configured_object(value, site, frame) or self._configs.parsed(value, site, frame)
        return self._resolver.parsed_objects(value, site, frame) if parsed is None else parsed

    def _thing(self, value: Library, made: tuple[Made, ...], site: CallRef, frame: Frame | None) -> Values:
        """The thing of its library that a call makes, by a name that is passed where that tells its kind."""
        catalog = self._resolver.program.catalog
        telling = catalog.told_by(value.path)
        if telling is not None:
            told = self._selected(site, frame, (telling,))
            if told:
                words = known_texts(told) or ("?",)
                return union(tuple(Library(catalog.made_with(value.path, word), made) for word in words))
        path = catalog.called(value.path)
        receiver = value.path.rpartition(".")[0]
        own = decorated.called(self._resolver, value, Made(site, frame), is_same=path == receiver)
        made = value.made if path == receiver and value.made else made
        return own or tuple(Library(path, made, key) for key in taken_keys(self._resolver, value, site, frame))

    def _environment(self, meaning: Meaning, site: CallRef, frame: Frame | None) -> Values:
        """`os.getenv(NAME, default)`: what the repository's configuration sets, else the default, else a hole."""
        names = self._selected(site, frame, meaning.selectors("name"))
        return variables(self._resolver, names, self._selected(site, frame, meaning.selectors("default")), site.path)

    def _selected(self, site: CallRef, frame: Frame | None, selectors: tuple[Selector, ...]) -> Values:
        """The values of the arguments that selectors pick."""
        picked = (pick(self._resolver.facts(site.path), site, selector) for selector in selectors)
        return union(*(self._resolver.values(site.path, expr, frame) for expr in picked if expr != NONE))
