"""What `*values` and `**values` of calls bring to parameters, and what `*args` and `**kwargs` parameters collect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mltradeoff_lint.model.facts import Call
from mltradeoff_lint.resolve.calls.binding import Binding
from mltradeoff_lint.resolve.domain import CallRef, Frame, FunctionRef, Items, Mapping, Values, union, unknown
from mltradeoff_lint.resolve.folders import in_use
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.field_data import at_key


class Splatted:
    """Arguments that a call passes without naming them one by one."""

    def __init__(self, resolver: Resolver, binding: Binding) -> None:
        self._resolver = resolver
        self._binding = binding

    def whole(self, ref: CallRef) -> tuple[int, ...]:
        """What a call passes in `*values` and `**values`, as expressions."""
        call, exprs = self._resolver.call(ref), self._resolver.facts(ref.path).exprs
        starred = (exprs[one][1] for one in call.arguments if exprs[one][0] == "star")
        return (*starred, *(expr for name, expr in call.keywords if name is None))

    def given(self, ref: CallRef, function: FunctionRef, position: int, frame: Frame | None) -> Values:
        """What the splats of a call hold for a parameter; empty when they hold nothing that is known."""
        scope, call = self._resolver.scope(function), self._resolver.call(ref)
        parameter = scope.parameters[position]
        if parameter.kind in ("*", "**"):
            return ()
        for name, expr in call.keywords:
            if name is None and parameter.kind != "positional":
                held = [
                    at_key(self._resolver, value, parameter.name)
                    for value in self._resolver.values(ref.path, expr, frame)
                    if isinstance(value, Mapping)
                ]
                found = [values for values in held if values is not None]
                if found:
                    return union(*found)
        return (
            ()
            if parameter.kind == "keyword"
            else self._item(ref, call, position - self._binding.offset(ref, function), frame)
        )

    def may_give(self, ref: CallRef, function: FunctionRef, position: int, frame: Frame | None) -> bool:
        """Whether a call that writes nothing for a parameter may still pass it in `*values` or `**values`."""
        scope, call = self._resolver.scope(function), self._resolver.call(ref)
        parameter = scope.parameters[position]
        if parameter.kind in ("*", "**"):
            return False
        for name, expr in call.keywords:
            if name is None and parameter.kind != "positional":
                held = self._resolver.values(ref.path, expr, frame)
                if any(not isinstance(value, Mapping) or value.is_open for value in held):
                    return True
        if parameter.kind == "keyword":
            return False
        exprs = self._resolver.facts(ref.path).exprs
        index = position - self._binding.offset(ref, function)
        for argument in call.arguments[: max(index + 1, 0)]:
            if exprs[argument][0] == "star":
                held = self._resolver.values(ref.path, exprs[argument][1], frame)
                return any(not isinstance(value, Items) or value.is_open for value in held)
        return False

    def is_only_handed_on(self, ref: CallRef) -> bool:
        """Whether the splats of a call are those of the function around it, and nothing in use calls that."""
        facts, scope, splats = self._resolver.facts(ref.path), self._resolver.call(ref).scope, self.whole(ref)
        for index in splats:
            expr = facts.exprs[index]
            versions = [facts.definitions[one] for one in expr[2]] if expr[0] == "name" else []
            if len(versions) != 1 or versions[0].kind != "param" or versions[0].scope != scope:
                return False
            if facts.scopes[scope].parameters[versions[0].value].kind not in ("*", "**"):
                return False
        return bool(splats) and not in_use(ref.path, self._resolver.callers(FunctionRef(ref.path, scope)))

    def _item(self, ref: CallRef, call: Call, index: int, frame: Frame | None) -> Values:
        exprs = self._resolver.facts(ref.path).exprs
        for place, argument in enumerate(call.arguments[: index + 1]):
            if exprs[argument][0] == "star":
                held = self._resolver.values(ref.path, exprs[argument][1], frame)
                known = (value.items for value in held if isinstance(value, Items) and not value.is_open)
                return union(*(items[index - place] for items in known if index - place < len(items)))
        return ()

    def further(self, ways: Sequence[tuple[CallRef, Frame | None]], function: FunctionRef, position: int) -> Values:
        """What a `*args` or `**kwargs` parameter collects over some calls, each with its frame."""
        if self._resolver.scope(function).parameters[position].kind == "**":
            return union(*(self._keywords(ref, function, frame) for ref, frame in ways)) or (Mapping((), True),)
        collected = [(Items(*self._arguments(ref, function, position, frame)),) for ref, frame in ways]
        return union(*collected) or (Items((unknown("further arguments"),), True),)

    def _keywords(self, ref: CallRef, function: FunctionRef, frame: Frame | None) -> Values:
        named = {one.name for one in self._resolver.scope(function).parameters if one.kind in ("both", "keyword")}
        entries: list[tuple[str, Values]] = []
        is_open = False
        for name, expr in self._resolver.call(ref).keywords:
            values = self._resolver.values(ref.path, expr, frame)
            if name is None:
                is_open = is_open or any(not isinstance(value, Mapping) or value.is_open for value in values)
                entries += [entry for value in values if isinstance(value, Mapping) for entry in value.entries]
            else:
                entries.append((name, values))
        return (Mapping(tuple(entry for entry in entries if entry[0] not in named), is_open),)

    def _arguments(
        self, ref: CallRef, function: FunctionRef, position: int, frame: Frame | None
    ) -> tuple[tuple[Values, ...], bool]:
        call, exprs = self._resolver.call(ref), self._resolver.facts(ref.path).exprs
        start = position - self._binding.offset(ref, function)
        items: list[Values] = []
        for argument in self._from(exprs, call, start):
            if exprs[argument][0] != "star":
                items.append(self._resolver.values(ref.path, argument, frame))
                continue
            held = self._resolver.values(ref.path, exprs[argument][1], frame)
            one = held[0] if len(held) == 1 and argument in call.arguments[max(start, 0) :] else None
            if not isinstance(one, Items) or one.is_open:
                return (*items, unknown("further arguments")), True
            items += one.items
        return tuple(items), False

    def _from(self, exprs: Sequence[Sequence[object]], call: Call, start: int) -> Iterator[int]:
        before = call.arguments[: max(start, 0)]
        # a splat in front may reach into what is collected, and so stands for all of it
        yield from (argument for argument in before if exprs[argument][0] == "star")
        yield from call.arguments[max(start, 0) :]
