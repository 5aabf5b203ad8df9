"""What `value.name` can be: module exports, library members, attributes and methods of repository classes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mltradeoff_lint.model.facts import NONE, PythonFacts, Scope, Write
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls import decorated
from mltradeoff_lint.resolve.calls.decorations import Decorations
from mltradeoff_lint.resolve.command_line.parsed_objects import or_left_to_caller, unless_passed
from mltradeoff_lint.resolve.configuration.settings_classes import settings_field
from mltradeoff_lint.resolve.domain import (
    Class,
    ClassRef,
    Frame,
    Function,
    FunctionRef,
    Instance,
    Items,
    Library,
    Literal,
    Mapping,
    Module,
    Template,
    Value,
    Values,
    is_none,
    is_text,
    union,
    unknown,
)
from mltradeoff_lint.resolve.environment.environment import field_default
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects import inherited, kept_arguments, session_state
from mltradeoff_lint.resolve.objects.alike import in_common
from mltradeoff_lint.resolve.objects.annotations import class_annotation, field_annotation
from mltradeoff_lint.resolve.objects.app_state import STATES, AppState
from mltradeoff_lint.resolve.objects.attribute_writes import own_class
from mltradeoff_lint.resolve.objects.brought_objects import field_of_brought
from mltradeoff_lint.resolve.objects.class_state import class_of, name_of_class, set_on_class
from mltradeoff_lint.resolve.objects.columns import of_row
from mltradeoff_lint.resolve.objects.construction import Construction
from mltradeoff_lint.resolve.objects.declared import Said, is_declared, told, without_none
from mltradeoff_lint.resolve.objects.delegation import Delegation
from mltradeoff_lint.resolve.objects.dynamic_fields import set_by_name
from mltradeoff_lint.resolve.objects.given_fields import given_field
from mltradeoff_lint.resolve.objects.hyperparameters import saved
from mltradeoff_lint.resolve.objects.left_out import left_to_class
from mltradeoff_lint.resolve.objects.module_names import ModuleNames
from mltradeoff_lint.resolve.objects.outside import set_outside
from mltradeoff_lint.resolve.objects.overrides import MAX_OVERRIDES, Overrides
from mltradeoff_lint.resolve.objects.own_constructions import OwnConstructions
from mltradeoff_lint.resolve.objects.preserving_writes import without_itself
from mltradeoff_lint.resolve.objects.properties import getter, is_property, method
from mltradeoff_lint.resolve.objects.unmade import NEVER_MADE, is_never_made
from mltradeoff_lint.resolve.values import paths
from mltradeoff_lint.resolve.values.bindings import Bindings
from mltradeoff_lint.resolve.values.filled import Filled
from mltradeoff_lint.resolve.values.operators import project
from mltradeoff_lint.resolve.values.source_parts import attribute_of

ENUM_BASES = ("enum.Enum", "enum.StrEnum", "enum.IntEnum")
PARSED = ("argparse.Namespace()", "optparse.Values()", "absl.flags.")
"""Parsed command-line arguments: their attributes are options."""

MAX_LINEAGE = 12


class Members:
    """Attribute access on abstract values."""

    def __init__(self, resolver: Resolver, bindings: Bindings) -> None:
        self._resolver = resolver
        self._bindings = bindings
        self._writes: dict[str, dict[tuple[int, str], list[Write]]] = {}
        self.state = AppState(resolver)
        self._construction = Construction(resolver)
        self._own_constructions = OwnConstructions(resolver)
        self._delegation = Delegation(resolver)
        self._filled = Filled(resolver, Decorations(resolver))
        self.modules = ModuleNames(resolver, bindings, self._filled, self._delegation, self._index)
        self.overrides = Overrides(resolver)

    def member(self, value: Value, name: str) -> Values:
        """What `value.name` can be."""
        match value:
            case Module():
                return self.modules.member(value, name)
            case Instance():
                return self._of_instance(value, name)
            case Class():
                return self._of_class(value, name)
            case Unknown():
                return (attribute_of(value, name),)
            case Literal() if name == "value":
                # a member of an enumeration stands for its value; nothing else written as a literal has one
                return (value,)
            case Literal() | Template() if (part := paths.attribute(value, name)) is not None:
                return part
            case Literal() | Template():
                return (Library(f"builtins.str().{name}"),) if is_text(value) else unknown("an attribute of a number")
            case Items():
                return (Library(f"builtins.{'set' if value.is_set else 'list'}().{name}"),)
            case Mapping():
                # configuration objects read their keys as attributes
                found = value.attribute(name) if not hasattr(dict, name) else None
                return found if found is not None else (Library(f"builtins.dict().{name}"),)
            case Function():
                return decorated.member(self._resolver, value, name) or unknown(f"attribute {name} of a function")
        return unknown(f"attribute {name}")

    # -- libraries

    def of_library(self, value: Library, name: str) -> Values:
        """What `value.name` of a thing of a library can be."""
        path = value.path
        if path.startswith(PARSED):
            given = self._resolver.namespace_option(value, name)
            if given is not None:
                return given
        written = self.state.written(value, name) if path in STATES else ()
        if written:
            return union(*without_none([self._resolver.values(*one) for one in written]))
        outside = Library(self._resolver.program.catalog.member(path, name), value.made, value.key)
        kept = kept_arguments.attribute(self._resolver, outside)
        return kept or session_state.attribute(self._resolver, value, name) or (outside,)

    # -- classes

    def _of_class(self, value: Class, name: str) -> Values:
        for ref in self._resolver.lineage(value.ref):
            found = self._class_binding(ref, name)
            if found is not None:
                found = union(*without_none([found, set_on_class(self._resolver, value.ref, name)]))
                found = self._filled.of_attribute(value.ref, self._resolver.lineage(value.ref), name, found)
                return tuple(
                    Function(one.ref, value) if isinstance(one, Function) and self._is_classmethod(one.ref) else one
                    for one in found
                )
        found = set_on_class(self._resolver, value.ref, name) or name_of_class(self._resolver, value.ref, name)
        for base in () if found else self._resolver.library_bases(value.ref):
            return (Library(self._resolver.program.catalog.member(base, name)),)
        return found or decorated.member(self._resolver, value, name) or unknown(f"class attribute {name}")

    def _class_binding(self, ref: ClassRef, name: str) -> Values | None:
        facts = self._resolver.facts(ref.path)
        scope: Scope = facts.scopes[facts.classes[ref.number].scope]
        if name not in scope.finals:
            return None
        return union(*(self._bindings.held(ref.path, index, None) for index in scope.finals[name]))

    def _is_classmethod(self, ref: FunctionRef) -> bool:
        return "classmethod" in self.decorator_names(ref)

    def decorator_names(self, ref: FunctionRef) -> tuple[str, ...]:
        """The plain names of a function's decorators, such as `property` or `staticmethod`."""
        facts = self._resolver.facts(ref.path)
        names = []
        for index in facts.scopes[ref.scope].decorators:
            expr = facts.exprs[index]
            if expr[0] == "call":
                expr = facts.exprs[facts.calls[expr[1]].function]
            names.append(str(expr[1] if expr[0] == "name" else expr[2] if expr[0] == "attr" else ""))
        return tuple(names)

    # -- instances

    def _of_instance(self, value: Instance, name: str) -> Values:
        if name == "value" and self._is_enum(value.ref):
            return unknown("an enum member")
        if name == "__class__":
            return class_of(value, self.overrides) or unknown("a class with many subclasses")
        own = self._own(value, name)
        if value.is_derived and not name.startswith("__"):
            own = self._dispatched(value, name, own)
        if own is not None:
            return own
        above = value.above or value.ref
        by_name = set_by_name(self._resolver, self._construction, value, name)
        if by_name:
            return by_name
        from_library = saved(self._resolver, self._construction, value) if name == "hparams" else ()
        from_library = from_library or inherited.member(self._resolver, value, name)
        if from_library:
            return from_library
        delegate = None if name.startswith("__") else self._method_of_lineage(above, "__getattr__")
        found = () if delegate is None else self._delegation.of_object(value, delegate.ref, name)
        return found or unknown(f"attribute {name} is not set in its class")

    def _dispatched(self, value: Instance, name: str, own: Values | None) -> Values | None:
        """What a name is when the object may be of a class that derives from the known one."""
        owners = self._redefining(value.ref, name, own is None)
        if not owners:
            return own
        is_open = own is None or self._is_abstract(value.ref, name)
        if len(owners) > MAX_OVERRIDES:
            shared = in_common(self._own(Instance(ref, is_derived=True), name) for ref in owners) if is_open else ()
            return shared or (unknown(f"{name} is defined in many classes") if is_open else own)
        sets = [] if own is None or is_open else [own]
        for ref in owners:
            found = None if self._is_abstract(ref, name) else self._own(Instance(ref, is_derived=True), name)
            sets += [found] if found is not None else []
        return union(*without_none(sets)) or own

    def _is_abstract(self, ref: ClassRef, name: str) -> bool:
        """Whether a class has a method or property of a name that only stands for those that override it."""
        found = self._method_of_lineage(ref, name)
        return found is not None and self.overrides.is_abstract(found.ref)

    def _redefining(self, ref: ClassRef, name: str, is_missing: bool) -> tuple[ClassRef, ...]:
        """The classes below a class that define a name anew; all that have it when the class itself does not."""
        found: dict[ClassRef, None] = {}
        for one in self.overrides.subclasses(ref):
            line = self._resolver.lineage(one) if is_missing else (one,)
            definer = next((owner for owner in line if self._defines(owner, name)), None)
            if definer is not None:
                found[definer] = None
        return tuple(found)

    def _defines(self, ref: ClassRef, name: str) -> bool:
        facts = self._resolver.facts(ref.path)
        body = facts.scopes[facts.classes[ref.number].scope]
        return name in body.finals or (ref.number, name) in self._index(ref.path)

    def _own(self, value: Instance, name: str) -> Values | None:
        """What the classes of an object themselves say of a name; None when none of them defines it."""
        option = self._resolver.field_option(value, name)
        passed = given_field(self._resolver, self._construction, value, name) if option is None else None
        said: list[Said] = []
        is_bound = passed is not None
        receiver = value if value.above is None else replace(value, above=None)
        for ref in self._resolver.lineage(value.above or value.ref):
            read = None if is_bound else self._method(ref, name)
            if read is not None:
                if is_property(self._resolver, read.ref):
                    return self._property(read.ref, value)
                return (Function(read.ref, receiver),)
            said += self._written(ref, name, value)
            bound = None if is_bound else self._class_binding(ref, name)
            if bound is not None:
                own = bound if option is None else unless_passed(self._resolver, bound)
                said.append(Said(own, self._is_only_declared(ref, name)))
                said.append(Said(set_on_class(self._resolver, value.ref, name)))
                is_bound = True
        if said and value.made is None and value.is_derived and is_never_made(self._resolver, value.ref):
            return unknown(NEVER_MADE)
        sets = [field_default(self._resolver, of_row(self._resolver, value, name, one)) for one in told(said)]
        if passed is None:
            sets = [left_to_class(self._resolver, self._construction, value, one) for one in sets]
        sets = [option, *sets] if option else sets
        if passed is not None:
            sets.insert(0, passed)
        else:
            setting = settings_field(self._resolver, value.ref, name, union(*sets))
            if setting is not None:
                return setting
        sets = self._annotated(value.ref, name, sets, is_passed=passed is not None)
        if not any(sets):
            return None
        lineage = self._resolver.lineage(value.ref)
        writes = ((ref.path, one) for ref in lineage for one in self._index(ref.path).get((ref.number, name), []))
        kept = without_itself(self._resolver, union(*without_none(sets)), writes)
        found = self._filled.of_attribute(value.ref, lineage, name, kept)
        return field_of_brought(self._resolver, value, name, or_left_to_caller(option, name, found))

    def _annotated(self, ref: ClassRef, name: str, sets: list[Values], *, is_passed: bool) -> list[Values]:
        """What is said of a name, and what its annotation says where that is not known, or only a placeholder."""
        if is_passed and all(isinstance(one, Unknown) for values in sets for one in values):
            # as the annotation of a parameter does
            sets = [field_annotation(self._resolver, ref, name) or union(*sets)]
        if all(is_none(one) for values in sets for one in values):
            # whoever fills the placeholder says what it stands for as well
            written = class_annotation(self._resolver, self._resolver.lineage(ref), name)
            sets = [*sets, written, set_outside(self._resolver, ref, name)]
        return sets

    def _method_of_lineage(self, ref: ClassRef, name: str) -> Function | None:
        return next((found for one in self._resolver.lineage(ref) if (found := self._method(one, name))), None)

    def _is_enum(self, ref: ClassRef) -> bool:
        return any(base in ENUM_BASES for base in self._resolver.library_bases(ref))

    def _method(self, ref: ClassRef, name: str) -> Function | None:
        found = method(self._resolver, ref, name)
        return Function(found) if found is not None else None

    def _property(self, method: FunctionRef, receiver: Instance) -> Values:
        scope = self._resolver.scope(method)
        frame = self._construction.of_receiver(receiver, method)
        results = [self._resolver.values(method.path, one.value, frame) for one in scope.returns if one.value != NONE]
        return union(*results) or unknown("a property")

    def _written(self, ref: ClassRef, name: str, receiver: Instance) -> Iterator[Said]:
        facts = self._resolver.facts(ref.path)
        for write in self._index(ref.path).get((ref.number, name), []):
            if not self._bindings.narrowing.is_open_to(ref.path, write.region, receiver, name):
                continue
            if write.kind == "declare":
                yield Said(self._resolver.annotated(ref.path, write.value), is_note=True)
                continue
            frame = self._constructing(facts, write, ref, receiver)
            found = self._own_constructions.written(receiver, ref, write, frame)
            yield Said(project(self._resolver, found, write.path))

    def _is_only_declared(self, ref: ClassRef, name: str) -> bool:
        """Whether a class body has no value for a name, and no constructor is made of its annotations."""
        facts = self._resolver.facts(ref.path)
        finals = facts.scopes[facts.classes[ref.number].scope].finals[name]
        return is_declared(facts, finals) and self._construction.constructor(ref) is not None

    def sources(self, receiver: Instance, name: str) -> Iterator[tuple[str, int, Frame | None, tuple[Any, ...]]]:
        """The expressions that are written to an attribute of an object: (path, expression, frame, projection)."""
        given = self._construction.passed(receiver, name)
        if given is not None:
            yield (*given, ())
        for ref in self._resolver.lineage(receiver.ref):
            facts = self._resolver.facts(ref.path)
            for write in self._index(ref.path).get((ref.number, name), []):
                if write.kind == "attribute":
                    frame = self._constructing(facts, write, ref, receiver)
                    yield ref.path, write.value, frame, tuple(step for step in write.path if not isinstance(step, str))
            for index in facts.scopes[facts.classes[ref.number].scope].finals.get(name, ()):
                definition = facts.definitions[index]
                if definition.kind == "assign":
                    yield ref.path, definition.value, None, ()
                elif definition.kind == "function":
                    read = getter(self._resolver, FunctionRef(ref.path, definition.value))
                    returns = self._resolver.scope(read).returns
                    yield from ((read.path, one.value, None, ()) for one in returns if one.value != NONE)

    def _constructing(self, facts: PythonFacts, write: Write, ref: ClassRef, receiver: Instance) -> Frame | None:
        if facts.scopes[write.scope].name == "__post_init__":
            return self._construction.of_receiver(receiver, FunctionRef(ref.path, write.scope))
        if receiver.made is None or facts.scopes[write.scope].name != "__init__":
            return None
        return self._construction.frame(receiver, FunctionRef(ref.path, write.scope))

    def _index(self, path: str) -> dict[tuple[int, str], list[Write]]:
        """Writes to `self.name` by (class, name), and writes to globals from functions under class NONE."""
        if path not in self._writes:
            facts = self._resolver.facts(path)
            index: dict[tuple[int, str], list[Write]] = {}
            for write in facts.writes:
                owner = own_class(facts, write)
                if owner is not None and self._resolver.is_reached(path, write.region, None):
                    index.setdefault((owner, str(write.key)), []).append(write)
            self._writes[path] = index
        return self._writes[path]
