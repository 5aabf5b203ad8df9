"""What a summary says of a function, in closed words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import ClassRef, FunctionRef

MAX_HOPS = 4
"""Calls between a function and what its summary tells of; wrappers in real code need three at most."""

RESULTS: dict[str, str] = {
    "text": "text of a model",
    "structured": "structured output of a model",
    "stream": "a stream of a model",
    "score": "a prediction",
    "vector": "embeddings",
    "media": "an image or audio of a model",
    "data": "data of a dataset",
    "file": "content of a file",
    "model": "a model",
    "tokenizer": "a tokenizer or processor",
    "client": "a client",
}
"""What a function can give back, with the words for it."""

ROLES: dict[str, str] = {
    "read-location": "says what is read",
    "artefact-location": "says which artefact is loaded",
    "write-location": "says where is written",
    "written-data": "is written",
    "prompt": "is sent to a model",
    "model-id": "says which model is called",
    "prediction-input": "is predicted from",
    "training-data": "is learned from",
    "record": "is recorded",
    "action": "decides on an action",
    "gate": "is compared before going on",
    "called": "is called",
    "attribute": "is kept as",
}
"""What a parameter can reach, with the words for it."""

EFFECTS: dict[str, str] = {
    "model-call": "calls a model",
    "prediction": "predicts",
    "training": "trains",
    "load": "loads an artefact",
    "client": "builds a client",
    "read": "reads",
    "write": "writes",
    "action": "acts",
    "record": "records",
    "meter": "meters",
}
"""What a function can do whatever it is given, with the words for it."""


class Input(NamedTuple):
    """What a function is given: a parameter, or a part of one.

    `attribute` is an attribute of the own object for the first parameter of a method, and else the key of a mapping.
    """

    function: FunctionRef
    position: int
    attribute: str = ""


class Given(NamedTuple):
    """Expressions of a function, and inputs of it that are meant as they are."""

    exprs: tuple[int, ...] = ()
    inputs: tuple[Input, ...] = ()


class Source(NamedTuple):
    """Where a result comes from: the kind, the library call, its place, and the calls that lead there.

    Of this and the two below, `of` is the class whose objects alone do it, None where every own object does.
    """

    kind: str
    site: Site
    what: str
    way: tuple[Site, ...] = ()
    of: ClassRef | None = None


class Reached(NamedTuple):
    """What a parameter reaches: a role, the library call or operator, its place, and the calls that lead there."""

    input: Input
    role: str
    site: Site
    what: str
    way: tuple[Site, ...] = ()
    of: ClassRef | None = None


class Effect(NamedTuple):
    """What a function does: the kind, the place, the library call with what it names, and the calls that lead there."""

    kind: str
    site: Site
    what: str
    way: tuple[Site, ...] = ()
    of: ClassRef | None = None


Fact: TypeAlias = Source | Reached | Effect


class Gap(NamedTuple):
    """Why something may be missing, and where."""

    reason: str
    site: Site


@dataclass(frozen=True, slots=True)
class Summary:
    """What one function does; every list is sorted, nearest first, and keeps the nearest of many."""

    function: FunctionRef
    returned: tuple[Source, ...] = ()
    passed: tuple[Input, ...] = ()
    """The inputs that reach the result."""
    reached: tuple[Reached, ...] = ()
    effects: tuple[Effect, ...] = ()
    gives: tuple[FunctionRef, ...] = ()
    """The functions it gives back, as a factory or decorator does."""
    gaps: tuple[Gap, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known that a caller would care for."""
        return not (self.returned or self.reached or self.effects or self.gives)

    def does(self, kind: str) -> tuple[Effect, ...]:
        """The effects of one kind, nearest first."""
        return tuple(one for one in self.effects if one.kind == kind)
