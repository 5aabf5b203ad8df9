"""Where the client of a model call is made: one change there would meter all calls that use it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import Write
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls.hanging import method_around
from mltradeoff_lint.resolve.domain import CallRef, ClassRef, FunctionRef, Library, Made
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.sites import Use


class Unit(NamedTuple):
    """The cause of a call: its identity, free of lines, and its name as a reader knows it."""

    key: str
    label: str


class ClientPlaces:
    """Finds the names and classes that hold the clients of calls."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._kept = {one.function for one in work.sites.marked if one.meaning.literal("keeps") == "object"}

    def of_class(self, ref: ClassRef) -> Unit:
        """The class as a cause."""
        name = self._work.resolver.class_fact(ref).qualname
        return Unit(f"{self._work.module_name(ref.path)}:{name}", name)

    def making_class(self, use: Use, method: FunctionRef) -> ClassRef:
        """The one class among that of a method and its bases whose methods make the client, else that of the method."""
        own = ClassRef(method.path, self._work.resolver.scope(method).owner)
        lineage = self._work.resolver.lineage(own)
        found = {next((one for one in self._classes(made) if one in lineage), None) for made in use.value.made}
        first = found.pop() if len(found) == 1 else None
        return first or own

    def _classes(self, made: Made) -> Iterator[ClassRef]:
        """The classes in whose code an object is made, and from where, the inner one first."""
        for ref in _calls(made):
            owner = self._owner(ref)
            if owner is not None:
                yield owner

    def _owner(self, ref: CallRef) -> ClassRef | None:
        facts = self._work.resolver.facts(ref.path)
        scope = method_around(facts, self._work.resolver.call(ref).scope)
        return ClassRef(ref.path, facts.scopes[scope].owner) if scope > 0 else None

    def shared(self, use: Use) -> Unit | None:
        """The one client a call surely goes to, by the name or class that holds it; None where there is no such."""
        return self._named(use) or self._single(use)

    def _named(self, use: Use) -> Unit | None:
        """The module-level client that several functions may call, in this module or the one it is imported from."""
        facts = self._work.resolver.facts(use.ref.path)
        root = facts.exprs[facts.calls[use.ref.call].function]
        while root[0] in ("attr", "item", "await"):
            root = facts.exprs[root[1]]
        if root[0] != "name" or root[2] or not use.value.made:
            return None
        path, name = use.ref.path, str(root[1])
        for _ in range(2):
            module = self._work.resolver.facts(path)
            if name not in module.scopes[0].finals:
                return None
            definition = module.definitions[module.scopes[0].finals[name][0]]
            if definition.kind == "assign":
                return Unit(f"{self._work.module_name(path)}:{name}", name)
            if definition.kind != "import":
                return None
            one = module.imports[definition.value]
            target = self._work.resolver.program.module(path, one.module, one.level) if one.name else None
            if target is None or self._work.resolver.program.python(target) is None:
                return None
            path, name = target, str(one.name)
        return None

    def _single(self, use: Use) -> Unit | None:
        """The client that is made at one place and handed to the call, where nothing else may be."""
        if len(use.value.made) != 1 or self._may_be_another(use):
            return None
        user = self._work.reach.holder(use.ref)
        for ref in _calls(use.value.made[0]):
            maker = self._work.reach.holder(ref)
            if maker == user:
                return None
            if maker in self._kept:
                name = self._work.cause_name(maker)
                return Unit(f"{self._work.module_name(ref.path)}:{name}", name)
            held = self._held(ref, maker)
            if held is not None or not self._gives(maker, ref):
                return held
        return None

    def _may_be_another(self, use: Use) -> bool:
        """Whether the receiver can be another client than the one that is looked at, or one that nobody knows."""
        resolver, ref = self._work.resolver, use.ref
        facts = resolver.facts(ref.path)
        values = resolver.values(ref.path, facts.calls[ref.call].function)
        if any(isinstance(one, Unknown) or (isinstance(one, Library) and one.made != use.value.made) for one in values):
            return True
        root = facts.exprs[facts.calls[ref.call].function]
        while root[0] == "attr":
            root = facts.exprs[root[1]]
        bound = [facts.definitions[one] for one in root[2]] if root[0] == "name" else []
        taken = [(FunctionRef(ref.path, one.scope), one.value) for one in bound if one.kind == "param"]
        # a caller of whose client nothing is known adds no value
        return any(
            not resolver.passed(call, function, position)
            for function, position in taken
            for call in resolver.callers(function)
            if not is_test(call.path)
        )

    def _held(self, ref: CallRef, maker: FunctionRef) -> Unit | None:
        """The name that keeps what a call gives, or the class of the object that does; None where it is given back."""
        facts = self._work.resolver.facts(ref.path)
        given = ("call", ref.call)
        module = self._work.module_name(ref.path)
        for write in facts.writes:
            if write.kind in ("attribute", "global") and not write.path and facts.exprs[write.value][:2] == given:
                owner = self._owner(ref) if write.kind == "attribute" else None
                return self.of_class(owner) if owner is not None else self._of_module(write, module)
        for one in facts.definitions:
            if one.kind == "assign" and not one.path and facts.exprs[one.value][:2] == given:
                if one.scope == 0:
                    return Unit(f"{module}:{one.name}", one.name)
                if not self._gives(maker, ref, one.name):
                    return Unit(f"{module}:{self._work.cause_name(maker)}.{one.name}", one.name)
        return None

    def _of_module(self, write: Write, module: str) -> Unit | None:
        return Unit(f"{module}:{write.key}", str(write.key)) if write.kind == "global" else None

    def _gives(self, maker: FunctionRef, ref: CallRef, name: str = "") -> bool:
        """Whether a function gives back what a call of its code made, by the call itself or by a name."""
        facts = self._work.resolver.facts(ref.path)
        returned = [facts.exprs[one.value] for one in self._work.resolver.scope(maker).returns if one.value >= 0]
        return any(expr[:2] == ("call", ref.call) or (name and expr[:2] == ("name", name)) for expr in returned)


def _calls(made: Made) -> Iterator[CallRef]:
    """The call that makes an object and those through which its function is entered, the inner one first."""
    yield made.call
    frame = made.frame
    while frame is not None:
        yield frame.call
        frame = frame.outer
