"""The version that a read names: by an argument, by what its receiver was made with, or by the options of a reader."""

from __future__ import annotations

from mltradeoff_lint.graph.facets import pins
from mltradeoff_lint.graph.facets.pins import Pin
from mltradeoff_lint.graph.nodes.location_values import LocationValues, flat
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Frame,
    Literal,
    Mapping,
    Value,
    Values,
    is_none,
    known_texts,
    text_of,
    union,
)
from mltradeoff_lint.resolve.selectors import has_splat
from mltradeoff_lint.resolve.sites import Use

OBJECT_STORES = ("s3", "gs", "azure")
"""Stores that keep the versions of an object, so that the number of one is its content."""

_TRAVEL = ("versionAsOf", "timestampAsOf", "snapshot-id", "as-of-timestamp", "tag", "version")
"""Options of Spark readers that name a version or a point in time (Delta Lake and Apache Iceberg documentation)."""
_AS_KEYWORDS = _TRAVEL[:2]
"""Those of them that can be written as a keyword and mean nothing else."""

_MOST_OPTIONS = 12
_OPEN = Unknown("settings that did not resolve")


class NamedVersions:
    """Answers how firmly the version that a read names fixes what is read."""

    def __init__(self, work: Workspace, values: LocationValues, reads: frozenset[str]) -> None:
        self._work = work
        self._values = values
        self._reads = reads

    def pin(self, use: Use, frame: Frame | None, name: str = "") -> Pin | None:
        """The pin that a version gives a name, None without one; a variable one is configurable, and no absence."""
        told = (*self._made_with(use, frame), *self._travel(use, frame))
        row = use.meaning
        if not row.selectors("version") and not told:
            return None
        values = (*self._argument(use, frame), *told)
        said = [value for value in values if _says_something(value)]
        if said and row.literal("scheme") in OBJECT_STORES and isinstance(said[0], Literal):
            return Pin("content-pinned", "the object version is named")
        if said:
            return self._judged(use, frame, self._met(use, frame, name, values))
        if has_splat(self._work.resolver.facts(use.ref.path), use.ref):
            return Pin("unknown", "the version may come with `**` arguments")
        return None

    def _judged(self, use: Use, frame: Frame | None, values: Values) -> Pin:
        """The pin of what one of some versions fixes; it is not told where they fix it differently."""
        said = [value for value in values if _says_something(value)]
        if not isinstance(said[0], Literal):
            return self._bound(use, frame)
        found = [pins.revision_pin(str(one.value)) for one in said if isinstance(one, Literal)]
        moving = [one for one in found if one.state.startswith("mutable")]
        is_fixed = not moving and len(found) == len(values)
        is_one_name = len(flat(self._values.of(use, frame))) < 2
        if is_fixed or len(moving) == len(values) or (moving and is_one_name):
            return (moving or found)[0]
        return Pin("unknown", "which of several versions is read is not known")

    def _met(self, use: Use, frame: Frame | None, name: str, values: Values) -> Values:
        """The versions that a name meets where branches choose both; all of them where that does not show."""
        named, versions = self._values.exprs(use), self._values.exprs(use, "version")
        is_told = len(values) > 1 and len(named) == len(versions) == 1 and len(flat(self._values.of(use, frame))) > 1
        if not is_told or not all(isinstance(one, Literal) and isinstance(one.value, str) for one in values):
            return values
        joined = self._work.resolver.expressions.joined(use.ref.path, (*named, *versions), frame)
        texts = {text_of(one) for one in joined if isinstance(one, Literal)}
        met = tuple(one for one in values if f"{name}{text_of(one)}" in texts)
        return met if met and len(texts) == len(joined) and any(map(_says_something, met)) else values

    def _bound(self, use: Use, frame: Frame | None) -> Pin:
        """A version that is read from what an earlier step wrote is bound to the run; any other is configured."""
        exprs = self._values.exprs(use, "version")
        piece = self._work.flow.backward(use.ref.path, exprs, self._reads, frame=frame)
        for one in piece.uses:
            if one.meaning.kind == "dataset-read":
                return Pin("run-bound", f"the version is read at {one.ref.path}")
        return Pin("unknown", "the version is configured elsewhere")

    def _argument(self, use: Use, frame: Frame | None) -> Values:
        """The values of the version argument; of one that is a mapping what it holds under the key of the row."""
        values, key = self._values.of(use, frame, "version"), use.meaning.literal("version_key")
        return union(*(_under(value, (key,)) if key else (value,) for value in values))

    def _made_with(self, use: Use, frame: Frame | None) -> Values:
        """The version that the calls were passed which made the receiver: `blob(name, generation=3)`."""
        selectors = use.meaning.selectors("made_with")
        values = self._work.resolver.values
        return union(
            *(
                values(made.call.path, expr, made.frame or frame)
                for made in (use.value.made if selectors else ())
                for expr in self._work.sites.select(made.call, selectors)
            )
        )

    # -- options of a reader

    def _travel(self, use: Use, frame: Frame | None) -> Values:
        """The version or point in time that the options of a Spark read name; empty when none does."""
        facts = self._work.resolver.facts(use.ref.path)
        expr = facts.exprs[facts.calls[use.ref.call].function]
        for _ in range(_MOST_OPTIONS):
            if expr[0] == "attr":
                expr = facts.exprs[expr[1]]
            elif expr[0] == "call":
                call = facts.calls[expr[1]]
                found = self._option(CallRef(use.ref.path, expr[1]), frame)
                if found:
                    return found
                expr = facts.exprs[call.function]
            else:
                break
        return ()

    def _option(self, ref: CallRef, frame: Frame | None) -> Values:
        call, values = self._work.resolver.call(ref), self._work.resolver.values
        for name, expr in call.keywords:
            if name in _AS_KEYWORDS:
                return values(ref.path, expr, frame)
            if name is None and self._is_options(call.function, ref.path):
                found = union(*(_under(value, _AS_KEYWORDS) for value in values(ref.path, expr, frame)))
                if found:
                    return found
        if len(call.arguments) == 2:
            key = known_texts(values(ref.path, call.arguments[0], frame))
            if key and key[0] in _TRAVEL:
                return values(ref.path, call.arguments[1], frame)
        return ()

    def _is_options(self, function: int, path: str) -> bool:
        """Whether a method is the one of a reader that is passed all its options at once."""
        expr = self._work.resolver.facts(path).exprs[function]
        return bool(expr[0] == "attr" and expr[2] == "options")


def _says_something(value: Value) -> bool:
    """Whether a value is a version, or may be one: None, an empty text and a flag are none."""
    return not isinstance(value, Literal) or not (value.value in (None, "") or isinstance(value.value, bool))


def _under(value: Value, keys: tuple[str, ...]) -> Values:
    """What a mapping holds under some keys; something unknown where it may hold more than is seen."""
    if not isinstance(value, Mapping):
        return () if is_none(value) else (_OPEN,)
    found = union(*(value.get(key) or () for key in keys))
    return found or value.rest or ((_OPEN,) if value.is_open else ())
