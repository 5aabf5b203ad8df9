"""Which calls of a common method name may be on objects of one class, by the name of the receiver alone.

A method called `get` or `run` shares its name with thousands of calls. Those on an object of its class are the ones
whose receiver goes by a name that may hold such an object: a variable it is bound to, an annotated parameter, a
function that gives it, or `self` in a class of the family.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.calls.call_names import CallNames, called_name, mentioned
from mltradeoff_lint.resolve.calls.hanging import method_around
from mltradeoff_lint.resolve.domain import CallRef, ClassRef
from mltradeoff_lint.resolve.interface import Resolver


def on_objects(resolver: Resolver, names: CallNames, owner: ClassRef, candidates: Iterable[CallRef]) -> set[CallRef]:
    """The calls of a method whose receiver may be an object of the class that defines it, or of one below."""
    own = resolver.class_fact(owner).name
    family = {own, *names.subclasses(own)}
    typed = resolver.program.ask("typed-names", "", lambda: _typed(resolver))
    holding = family | names.objects(family)
    holding |= {name for one in holding for name in typed.get(one, ())}
    family |= {resolver.class_fact(one).name for one in resolver.lineage(owner)}
    return {ref for ref in candidates if _may_be_on(resolver.facts(ref.path), ref, holding, family)}


def _may_be_on(facts: PythonFacts, ref: CallRef, holding: set[str], family: set[str]) -> bool:
    expr = facts.exprs[facts.calls[ref.call].function]
    if expr[0] != "attr":
        return False
    name = called_name(facts, expr[1])
    if name not in ("self", "cls", "super"):
        return name in holding
    scope = method_around(facts, facts.calls[ref.call].scope)
    return scope > 0 and facts.classes[facts.scopes[scope].owner].name in family


def _typed(resolver: Resolver) -> dict[str, frozenset[str]]:
    """Name of a class or variable -> parameters annotated with it, and functions that say or show that they give it."""
    index: dict[str, set[str]] = {}
    for path in resolver.program.python_paths():
        facts = resolver.facts(path)
        for scope in facts.scopes:
            for parameter in scope.parameters:
                for name in _types(facts, parameter.annotation) if parameter.annotation != NONE else ():
                    index.setdefault(name, set()).add(parameter.name)
            for name in _types(facts, scope.annotation):
                index.setdefault(name, set()).add(scope.name)
            for one in scope.returns:
                name = called_name(facts, one.value) if one.value != NONE else ""
                if name:
                    index.setdefault(name, set()).add(scope.name)
    return {name: frozenset(held) for name, held in index.items()}


def _types(facts: PythonFacts, annotation: int) -> Iterator[str]:
    """The names of an annotation: `Cache` of `Cache`, `"Cache"`, `Optional[Cache]`, `Cache | None`."""
    pending = [annotation] if annotation != NONE else []
    for _ in range(20):
        if not pending:
            return
        index = pending.pop()
        expr = facts.exprs[index]
        if expr[0] == "const":
            yield str(expr[1]).rpartition(".")[2]
        elif expr[0] == "item":
            pending += [expr[1], expr[2]]
        elif expr[0] == "binop":
            pending += [expr[2], expr[3]]
        else:
            yield from mentioned(facts, index)
