"""The abstract values of the resolver: what an expression can be, without running it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeAlias, TypeGuard

from mltradeoff_lint.model.value import Unknown

MAX_VALUES = 8
"""A set of values larger than this is not worth telling apart."""

TOO_MANY = Unknown("too many values")
"""Stands for the rest of a set that is too large."""

NO_LINE = -1
"""Stands for a start of a program that leaves all its options out."""

MAX_ITEMS = 200
MAX_ENTRIES = 1000
"""A longer list or dict keeps its head and is open."""


class FunctionRef(NamedTuple):
    """A function, lambda or method: its module's path and its scope index there."""

    path: str
    scope: int


class ClassRef(NamedTuple):
    """A class: its module's path and its index there."""

    path: str
    number: int


class CallRef(NamedTuple):
    """A call site: its module's path and its index there."""

    path: str
    call: int


class Frame(NamedTuple):
    """The call through which a function is being looked at, so that a factory returns what this call makes."""

    function: FunctionRef
    call: CallRef
    outer: Frame | None = None
    receiver: Value | None = None
    """The object whose method is looked at: the one of several that the call is one of, or that it constructs."""
    row: tuple[tuple[tuple[int, ...], Values], ...] = ()
    """What names of the function hold, by their versions, where the call stands in it and does not run it."""
    line: int | None = None
    """The number of the command line, or of the configuration of a run, that the row is of."""

    @property
    def is_construction(self) -> bool:
        """Whether the call makes the object: what it passes are fields, and no arguments of the method."""
        made = self.receiver.made if isinstance(self.receiver, Instance) else None
        return made is not None and made.call == self.call

    def bound(self, path: str, versions: tuple[int, ...]) -> Values | None:
        """What a name of a module holds in the row of this frame; None where the row has no such name."""
        names = self.row if self.function.path == path else ()
        return next((values for bound, values in names if bound == versions), None)

    @property
    def depth(self) -> int:
        """How many calls deep this frame is."""
        return 1 if self.outer is None else 1 + self.outer.depth


class Made(NamedTuple):
    """The call that constructed a value, and the frame in which its arguments are to be read."""

    call: CallRef
    frame: Frame | None = None


def _remember(value: object, found: int) -> int:
    """Keep the hash of a value that may hold many others; they are asked for it again and again."""
    object.__setattr__(value, "_hash", found or 1)
    return found or 1


@dataclass(frozen=True, slots=True)
class Hole:
    """A part of a template that did not resolve; `name` says what fills it at run time.

    In a path that a listing of a folder gives, the wildcards `*` and `**` fill it.
    """

    name: str

    @property
    def is_wildcard(self) -> bool:
        """Whether it stands for any name, and not for one that is missing."""
        return self.name in ("*", "**")

    @property
    def text(self) -> str:
        """The hole as a reader sees it."""
        return self.name if self.is_wildcard else f"{{{self.name}}}"


@dataclass(frozen=True, slots=True)
class Literal:
    """A known constant; provenance is `literal`, `configured`, `default` or `example`, weakest of its parts."""

    value: str | int | float | bool | None
    provenance: str = "literal"

    def __eq__(self, other: object) -> bool:
        # Python calls 1, 1.0 and True equal; written down they are three things
        return (
            other.__class__ is Literal
            and self.value == other.value
            and self.value.__class__ is other.value.__class__
            and self.provenance == other.provenance
        )


@dataclass(frozen=True, slots=True)
class Template:
    """A string with holes; adjacent texts are joined."""

    parts: tuple[str | Hole, ...]
    provenance: str = "literal"

    @property
    def text(self) -> str:
        """The template with `{name}` for each hole, and the wildcard itself for what a listing gives."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Library:
    """A thing of a library by its canonical access path, with the calls that made it (outermost last)."""

    path: str
    made: tuple[Made, ...] = ()
    key: str = ""
    """By which keys it was taken out of what a request brings."""
    line: int | None = None
    """Of parsed arguments, the number of the command line that fills them where they are told apart."""
    _hash: int = field(default=0, init=False, repr=False, compare=False)

    def __hash__(self) -> int:
        return self._hash or _remember(self, hash((self.path, self.made)))

    @property
    def is_of_line(self) -> bool:
        """Whether it is parsed arguments as one command line that is written down fills them."""
        return self.line is not None and self.line != NO_LINE


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the repository; a bound method has its receiver.

    `bound` is how many arguments `functools.partial` put in front of those of a call, None without it.
    """

    ref: FunctionRef
    receiver: Value | None = None
    bound: int | None = None
    _hash: int = field(default=0, init=False, repr=False, compare=False)

    def __hash__(self) -> int:
        return self._hash or _remember(self, hash((self.ref, self.receiver, self.bound)))


@dataclass(frozen=True, slots=True)
class Class:
    """A class of the repository."""

    ref: ClassRef


@dataclass(frozen=True, slots=True)
class Instance:
    """An object of a repository class, with the call that made it when one is known.

    `is_derived` says that it may be of a class that derives from this one: `self` without a call, an annotation.
    `above` is the class from which names are looked up: `super()` is the object itself, seen from a base class.
    `given` are the fields it was filled with, where they came as data and not as arguments.
    `copy_of` is the object whose fields it has where `given` names no other.
    """

    ref: ClassRef
    made: Made | None = None
    is_derived: bool = False
    above: ClassRef | None = None
    given: Mapping | None = None
    copy_of: Instance | None = None
    _hash: int = field(default=0, init=False, repr=False, compare=False)

    def __hash__(self) -> int:
        key = (self.ref, self.made, self.is_derived, self.above, self.given, self.copy_of)
        return self._hash or _remember(self, hash(key))


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the repository, by path (of the file, or of the package folder)."""

    path: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list, tuple or set; `open` when there may be more elements of the same kinds, or fewer.

    `least` is how many elements an open one has at least. `is_set` tells whose methods it has.
    """

    items: tuple[Values, ...]
    is_open: bool = False
    least: int = 0
    is_set: bool = False
    weight: int = field(default=0, init=False, repr=False, compare=False)
    """How many values it is made of, once somebody has asked."""
    _hash: int = field(default=0, init=False, repr=False, compare=False)

    def __hash__(self) -> int:
        return self._hash or _remember(self, hash((self.items, self.is_open)))

    @property
    def fewest(self) -> int:
        """How many elements there are at least."""
        return self.least if self.is_open else len(self.items)

    @property
    def every(self) -> Values:
        """Any element."""
        return union(*self.items)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A dict with literal keys; `open` when it may hold more keys, whose values are `rest` where they are known.

    `of` is the object whose fields it holds beside the entries; they are looked up when a key is asked for.
    """

    entries: tuple[tuple[str, Values], ...]
    is_open: bool = False
    rest: Values = ()
    of: Instance | None = None
    weight: int = field(default=0, init=False, repr=False, compare=False)
    """How many values it is made of, once somebody has asked."""
    _hash: int = field(default=0, init=False, repr=False, compare=False)

    def __hash__(self) -> int:
        return self._hash or _remember(self, hash((self.entries, self.is_open, self.rest, self.of)))

    def get(self, key: str) -> Values | None:
        """The values written under a key; the last write wins."""
        for name, values in reversed(self.entries):
            if name == key:
                return values
        return None

    def attribute(self, name: str) -> Values | None:
        """What `mapping.name` reads: an attribute of its own, which is kept under `.name`, else the key."""
        return self.get(f".{name}") or self.get(name)

    def at(self, key: str) -> Values | None:
        """What a lookup of a key finds: a key that nobody wrote has what the unnamed keys have."""
        return self.get(key) or self.rest or None

    @property
    def every(self) -> Values:
        """Any value."""
        return union(*(values for _, values in self.entries), self.rest)


Value: TypeAlias = Literal | Template | Library | Function | Class | Instance | Module | Items | Mapping | Unknown
Values: TypeAlias = tuple[Value, ...]

_PROVENANCE = ("literal", "configured", "default", "example")


def weakest(*provenances: str) -> str:
    """The weakest provenance of several."""
    return max(provenances, key=_PROVENANCE.index, default="literal")


def marked_default(values: Values) -> Values:
    """Values that hold where nothing else is set: what is written of them is no firmer than a default.

    None says nothing, and in a template of holes alone nothing is written.
    """
    return tuple(
        replace(value, provenance=weakest(value.provenance, "default")) if _says_something(value) else value
        for value in values
    )


def _says_something(value: Value) -> TypeGuard[Literal | Template]:
    if isinstance(value, Template):
        return any(isinstance(part, str) for part in value.parts)
    return isinstance(value, Literal) and value.value is not None


UNSEEN_ARGUMENTS = "arguments in a `*args` or `**kwargs` that is not visible here"
"""Why a parameter is unknown that a call may fill by unpacking what did not resolve."""


def unknown(reason: str, source: str = "") -> Values:
    """The answer that there is none, with its reason and with what brings the value at run time."""
    return (Unknown(reason, source),)


def union(*sets: Values) -> Values:
    """All values of several sets, each once, in order; a set that is too large keeps what it knows and says so."""
    filled = sets if len(sets) == 1 else [values for values in sets if values]
    if len(filled) > 1:
        merged = tuple(dict.fromkeys([value for values in filled for value in values]))
    elif not filled or len(filled[0]) < 2:
        return filled[0] if filled else ()
    else:
        merged = tuple(dict.fromkeys(filled[0]))
    if len(merged) > MAX_VALUES:
        return (*_first(merged), TOO_MANY)
    return merged


def _first(values: Values) -> list[Value]:
    """What is kept of a set that is too large: things of different kinds before a second one of the same kind."""
    seen: set[object] = set()
    ranked: list[tuple[int, bool, Value]] = []
    for value in values:
        kind = _kind(value)
        ranked.append((_rank(value), kind in seen, value))
        seen.add(kind)
    return [value for _, _, value in sorted(ranked, key=lambda one: one[:2])[: MAX_VALUES - 1]]


def _kind(value: Value) -> object:
    """What things that differ in the call that made them, or in the object they belong to, have in common."""
    if isinstance(value, (Function, Instance)):
        return value.__class__, value.ref
    return value.path if isinstance(value, Library) else value


def _rank(value: Value) -> int:
    """What is kept of a set that is too large: what is known, then what somebody brings, then why it is not known."""
    if isinstance(value, Template):
        is_written = any(isinstance(part, str) and any(map(str.isalnum, part)) for part in value.parts)
        return 0 if is_written else 1
    return 0 if not isinstance(value, Unknown) else 1 if value.source else 2


def is_none(value: Value) -> bool:
    """Whether a value is None, however firmly that is written down."""
    return isinstance(value, Literal) and value.value is None


def is_written(value: Value) -> TypeGuard[Literal]:
    """Whether a value stands in the code, so that no setting makes it another."""
    return isinstance(value, Literal) and value.provenance == "literal"


def frame_of(frame: Frame | None, function: FunctionRef) -> Frame | None:
    """The frame among one and those around it in which a function is looked at; None when it is in none."""
    while frame is not None and frame.function != function:
        frame = frame.outer
    return frame


def known_texts(values: Values) -> tuple[str, ...]:
    """The literal strings among values."""
    return tuple(value.value for value in values if isinstance(value, Literal) and isinstance(value.value, str))


def is_text(value: Value) -> bool:
    """Whether a value is a text, written out or with holes."""
    return isinstance(value, Template) or (isinstance(value, Literal) and isinstance(value.value, str))


def text_of(value: Value) -> str:
    """The text of a string value, with `{name}` for what does not resolve; empty when it is no text."""
    if isinstance(value, Literal) and isinstance(value.value, str):
        return value.value
    return value.text if isinstance(value, Template) else ""


def texts_of(values: Values) -> tuple[str, ...]:
    """The texts among values, with their holes."""
    return tuple(text for text in map(text_of, values) if text)
