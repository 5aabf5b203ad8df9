"""How an object of a repository class comes about: what its fields are given, and in which frame a constructor runs."""

from __future__ import annotations

from mltradeoff_lint.resolve.domain import CallRef, ClassRef, Frame, Function, FunctionRef, Instance
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.class_fields import fields

MAX_CONSTRUCTING = 5
"""Constructors that call one another deeper than this are looked at without their arguments."""


class Construction:
    """Answers how an object was made."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def constructor(self, ref: ClassRef) -> FunctionRef | None:
        """The `__init__` that runs for a class, its own or inherited; None when no class of the repository has one."""

        def find() -> FunctionRef | None:
            for one in self._resolver.lineage(ref):
                facts = self._resolver.facts(one.path)
                for index in facts.scopes[facts.classes[one.number].scope].finals.get("__init__", ()):
                    if facts.definitions[index].kind == "function":
                        return FunctionRef(one.path, facts.definitions[index].value)
            return None

        return self._resolver.program.ask("constructor", ref, find)

    def passed(self, receiver: Instance, name: str) -> tuple[str, int, Frame | None] | None:
        """The (path, expression, frame) a call gives a field of a class that has no constructor of its own."""
        if receiver.made is None or self.constructor(receiver.ref) is not None:
            return None
        made = receiver.made
        call = self._resolver.call(made.call)
        for keyword, expr in call.keywords:
            if keyword == name:
                return made.call.path, expr, made.frame
        if not call.arguments:
            return None
        fields = self.fields(receiver.ref)
        position = fields.index(name) if name in fields else len(call.arguments)
        exprs = self._resolver.facts(made.call.path).exprs
        if position < len(call.arguments) and all(exprs[one][0] != "star" for one in call.arguments[: position + 1]):
            return made.call.path, call.arguments[position], made.frame
        return None

    def fields(self, ref: ClassRef) -> tuple[str, ...]:
        """The annotated names of a class body and its bases, in the order in which a dataclass takes them."""
        return fields(self._resolver, ref)

    def frame(self, receiver: Instance, constructor: FunctionRef) -> Frame | None:
        """The frame in which a constructor of the object's class or a base runs, also from `super().__init__(...)`."""
        if receiver.made is None:
            return None
        first = self.constructor(receiver.ref)
        outer = receiver.made.frame
        if first is None or (outer is not None and outer.depth >= MAX_CONSTRUCTING):
            return None
        frame = Frame(first, receiver.made.call, outer)
        while frame.function != constructor:
            inner = self._delegated(frame)
            if inner is None or inner.depth > MAX_CONSTRUCTING:
                return None
            frame = inner
        return frame

    def of_receiver(self, receiver: Instance, method: FunctionRef) -> Frame | None:
        """The frame in which a property or `__post_init__` sees this very object; None when any will do."""
        made = receiver.made
        if made is None or (made.frame is not None and made.frame.depth >= MAX_CONSTRUCTING):
            return None
        call = self._resolver.call(made.call)
        is_told = bool(call.arguments or call.keywords)
        return Frame(method, made.call, made.frame, receiver) if is_told else None

    def _delegated(self, frame: Frame) -> Frame | None:
        """The frame of the constructor that one constructor hands on to."""
        path = frame.function.path
        facts = self._resolver.facts(path)
        for number, call in enumerate(facts.calls):
            function = facts.exprs[call.function]
            if call.scope != frame.function.scope or function[0] != "attr" or function[2] != "__init__":
                continue
            for value in self._resolver.values(path, call.function):
                if isinstance(value, Function) and value.ref != frame.function:
                    return Frame(value.ref, CallRef(path, number), frame)
        return None
