"""What a field holds that an inherited constructor sets, by the calls that can make this class.

A constructor that classes share is called for each of them: `Cat("a")` and `Dog("b")` both run `Animal.__init__`. The
object of a method of `Dog` is no cat, and what only the calls for cats and for bare animals pass never comes to it.
A call is left out only where all that it may make is known and nothing of it is the class or derives from it.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.facts import NONE, PythonFacts, Write
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls import handed
from mltradeoff_lint.resolve.calls.call_names import is_own_class, is_super
from mltradeoff_lint.resolve.calls.hanging import holds, versions_of
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Class,
    ClassRef,
    Frame,
    FunctionRef,
    Instance,
    Values,
    union,
    unknown,
)
from mltradeoff_lint.resolve.folders import in_use
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.construction import Construction
from mltradeoff_lint.resolve.objects.overrides import Overrides
from mltradeoff_lint.resolve.objects.passed_objects import is_plain

MAX_SITES = 12
"""Calls of a constructor that are looked at one by one; with more, all of them are looked at together."""

MAX_HANDING = 3
"""Constructors that hand on to one another further than this are looked at together."""

UNMADE = "no construction in the repository"


class OwnConstructions:
    """Answers what constructions of one class, and of those below it, bring to a field."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._construction = Construction(resolver)
        self._overrides = Overrides(resolver)
        self._passed: dict[tuple[str, int], bool] = {}

    def written(self, receiver: Instance, owner: ClassRef, write: Write, frame: Frame | None) -> Values:
        """What a write to a field of an object gives; `owner` is the class in which it stands."""
        path, value = owner.path, write.value
        # what all constructions bring is asked first, so that the calls of the constructor are known by then
        found = self._resolver.values(path, value, frame)
        is_inherited = frame is None and receiver.is_derived and receiver.made is None and owner != receiver.ref
        constructor = FunctionRef(path, write.scope)
        if not is_inherited or not self._is_passed(constructor, value) or _is_unknown(found):
            return found
        frames = self._frames(receiver.ref, constructor)
        if frames is None:
            return found
        own = union(*(self._resolver.values(path, value, one) for one in frames))
        if len(own) > len(found) and len(frames) > 1:
            # an object that the constructor itself makes, once for each frame: nothing of it is left out
            return found
        return own or self._unmade(constructor, value)

    def _is_passed(self, function: FunctionRef, value: int) -> bool:
        """Whether a value is made of what a constructor is given."""
        key = (function.path, value)
        found = self._passed.get(key)
        if found is None:
            is_constructor = self._resolver.scope(function).name == "__init__"
            found = self._passed[key] = is_constructor and self._hangs_on(function, (value,))
        return found

    def _frames(self, ref: ClassRef, constructor: FunctionRef) -> tuple[Frame, ...] | None:
        """The frames in which a constructor runs for a class; None when all of its calls count."""
        key = (ref, constructor)
        return self._resolver.program.ask("own-constructions", key, lambda: self._found(ref, constructor))

    def _found(self, ref: ClassRef, constructor: FunctionRef) -> tuple[Frame, ...] | None:
        sites = self._sites(constructor)
        own = [site for site in sites if self._may_make(site, ref)]
        if len(own) > MAX_SITES:
            return None
        frames = tuple(self._entered(ref, constructor, own, 1))
        is_apart = len(own) < len(sites) or any(one.outer is not None for one in frames)
        if not is_apart or self._is_filled(constructor):
            return None
        # what is left out can never come to the class; whether anything else makes it counts where nothing is left
        further = () if own else self._further(ref, constructor)
        if further is None or len(frames) + len(further) > MAX_SITES:
            return None
        return (*frames, *(Frame(constructor, site) for site in further))

    def _sites(self, constructor: FunctionRef) -> tuple[CallRef, ...]:
        """The calls of a constructor that count."""
        return in_use(constructor.path, self._resolver.callers(constructor))

    def _may_make(self, site: CallRef, ref: ClassRef) -> bool:
        """Whether a call may run a constructor for an object of a class or of one below it."""
        facts, call = self._resolver.facts(site.path), self._resolver.call(site)
        inside = facts.scopes[call.scope].owner
        if inside != NONE and (is_own_class(facts, call.function) or _is_of_super(facts, call.function)):
            return self._is_related(ClassRef(site.path, inside), ref)
        made = self._resolver.values(site.path, call.function)
        return not made or any(not isinstance(one, Class) or ref in self._resolver.lineage(one.ref) for one in made)

    def _is_related(self, one: ClassRef, ref: ClassRef) -> bool:
        """Whether an object of one class may be of another as well, also as one that derives from both."""
        family = (ref, *self._overrides.subclasses(ref))
        return any(one in self._resolver.lineage(each) for each in family) or ref in self._resolver.lineage(one)

    def _entered(self, ref: ClassRef, constructor: FunctionRef, own: list[CallRef], depth: int) -> Iterator[Frame]:
        """The frames of the calls of a constructor; a call in the constructor of a base between is told apart too."""
        for site in own:
            between = self._between(ref, site)
            frames = self._frames(ref, between) if between is not None and depth < MAX_HANDING else None
            if frames is None or between is None:
                yield Frame(constructor, site)
            elif frames:
                yield from (Frame(constructor, site, one) for one in frames)
            elif not self._hands_on(between, site):
                yield Frame(constructor, site)

    def _between(self, ref: ClassRef, site: CallRef) -> FunctionRef | None:
        """The constructor of a base of a class in which a call stands."""
        scope = self._resolver.call(site).scope
        one = self._resolver.facts(site.path).scopes[scope]
        owner = ClassRef(site.path, one.owner)
        is_above = one.name == "__init__" and one.owner != NONE and owner != ref
        return FunctionRef(site.path, scope) if is_above and owner in self._resolver.lineage(ref) else None

    def _hands_on(self, function: FunctionRef, site: CallRef) -> bool:
        """Whether a call passes on what the function around it is given."""
        call, exprs = self._resolver.call(site), self._resolver.facts(site.path).exprs
        is_open = any(name is None for name, _ in call.keywords) or any(
            exprs[one][0] == "star" for one in call.arguments
        )
        return is_open or self._hangs_on(function, (*call.arguments, *(expr for _, expr in call.keywords)))

    def _hangs_on(self, function: FunctionRef, roots: tuple[int, ...]) -> bool:
        found = holds(self._resolver.facts(function.path), roots)
        return any(scope == function.scope and isinstance(what, int) for scope, what in found)

    # -- whether the calls say everything

    def _is_filled(self, constructor: FunctionRef) -> bool:
        """Whether anything but a call gives parameters of a constructor."""
        count = len(self._resolver.scope(constructor).parameters)
        return any(
            self._resolver.instantiated(constructor, one) or handed.given(self._resolver, constructor, one)
            for one in range(1, count)
        )

    def _further(self, ref: ClassRef, constructor: FunctionRef) -> tuple[CallRef, ...] | None:
        """The calls that make objects of a class by another name; None when not all of them show."""
        objects = self._resolver.constructions(ref) if is_plain(self._resolver, ref) else None
        if objects is None:
            return None
        direct = [one for one in objects if self._construction.constructor(one.ref) == constructor]
        return tuple(dict.fromkeys([one.made.call for one in direct if one.made is not None]))

    # -- without any call

    def _unmade(self, constructor: FunctionRef, value: int) -> Values:
        """What a field holds of an object that nobody makes: the default, or what the annotation says."""
        facts = self._resolver.facts(constructor.path)
        expr = facts.exprs[value]
        versions = [facts.definitions[one] for one in versions_of(facts, expr)] if expr[0] == "name" else []
        if len(versions) != 1 or versions[0].kind != "param" or versions[0].scope != constructor.scope:
            return unknown(UNMADE)
        away = self._resolver.callers(constructor)
        found = self._resolver.parameter(constructor, versions[0].value, None, away)
        return unknown(UNMADE) if _is_unknown(found) else found


def _is_of_super(facts: PythonFacts, function: int) -> bool:
    """Whether a called expression is `super().__init__`."""
    expr = facts.exprs[function]
    return is_super(facts, expr[1] if expr[0] == "attr" and expr[2] == "__init__" else function)


def _is_unknown(values: Values) -> bool:
    return all(isinstance(one, Unknown) for one in values)
