"""Which model an object is: the artefact it was loaded from, or the class it was made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Frame,
    Instance,
    Items,
    Library,
    Literal,
    Made,
    Mapping,
    Template,
    Value,
    Values,
)
from mltradeoff_lint.resolve.sites import Use

MAX_WRAPPERS = 4
"""Wrappers around one estimator: a search over a pipeline over a calibrated classifier has three."""

_REPEAT = re.compile(
    r"fold|seed|split|repeat|bag|epoch|iter|step|snapshot|checkpoint|ckpt|\bcv|\bi\b|\bj\b|\bk\b|\bn\b|idx|index|num|version"
)
_HOLE = re.compile(r"\{([^{}]*)\}")
_OPENERS = ("builtins.open", "pathlib.Path().open", "io.open", "gzip.open")


class Member(NamedTuple):
    """One model of a combination; members with one identity are folds, seeds or copies of one model."""

    identity: str
    label: str
    family: str
    kind: str
    """`artefact` or `class`."""
    site: Site | None


class Identities:
    """Tells models apart."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._filled: dict[CallRef, list[Use]] | None = None

    def of(self, values: Values) -> tuple[Member, ...]:
        """The models that some values can be; empty as soon as one of them is none that can be told."""
        found: dict[str, Member] = {}
        for value in values:
            if isinstance(value, Literal) and value.value is None:
                continue
            member = self.of_value(value)
            if member is None:
                return ()
            found.setdefault(member.identity, member)
        return tuple(found.values())

    def of_value(self, value: Value, depth: int = 0) -> Member | None:
        """The model that one value is."""
        if isinstance(value, Instance):
            fact = self._work.resolver.class_fact(value.ref)
            name = f"{self._work.module_name(value.ref.path)}:{fact.qualname}"
            return Member(
                f"class {name}", fact.name, self._family(value), "class", Site(value.ref.path, fact.name_span)
            )
        if not isinstance(value, Library) or depth > MAX_WRAPPERS:
            return None
        for made in reversed(value.made):
            for use in (*self._loaded_into(made.call), *self._making(made.call, value)):
                member = self._made(use, made.frame, depth)
                if member is not None:
                    return member
        return self._typed(value)

    def _family(self, value: Instance) -> str:
        """The algorithm family a repository class inherits."""
        for base in self._work.resolver.library_bases(value.ref):
            for section in ("classes", "calls"):
                for meaning in self._work.resolver.program.meanings(section, base):
                    if meaning.kind == "estimator":
                        return meaning.literal("family")
        return ""

    def is_network(self, value: Value) -> bool:
        """Whether a value is an object of a neural network class of the repository, or a network that was loaded."""
        if isinstance(value, Instance):
            return self._family(value) == "neural"
        member = self.of_value(value)
        return member is not None and member.family == "neural"

    def _typed(self, value: Library) -> Member | None:
        """A model of which only the class is known, from an annotation; nothing says where it is made."""
        if not value.path.endswith("()"):
            return None
        for meaning in self._work.resolver.program.meanings("calls", value.path[:-2]):
            if meaning.kind == "estimator" and meaning.literal("family") not in ("transformer", "pipeline", ""):
                name = value.path[:-2]
                return Member(f"class {name}", name.rpartition(".")[2], meaning.literal("family"), "class", None)
        return self._of_other_library(value)

    def _of_other_library(self, value: Library) -> Member | None:
        """An object of a class of a library that the catalog does not know; a class is told by its capital."""
        name = value.path[:-2]
        label = name.rpartition(".")[2]
        if not label[:1].isupper() or len(value.made) != 1 or self._work.resolver.program.meanings("calls", name):
            return None
        return Member(f"class {name}", label, "", "class", self._work.site(value.made[0].call))

    def _made(self, use: Use, frame: Frame | None, depth: int) -> Member | None:
        kind, family = use.meaning.kind, use.meaning.literal("family")
        site = self._work.site(use.ref)
        name = use.value.path
        label = name.rpartition(".")[2]
        if kind == "model-load":
            artefact = self._artefact(use, frame)
            if artefact is None:
                return None
            identity, shown = artefact
            return Member(f"artefact {identity}", shown, family, "artefact", site)
        if kind == "training" and use.meaning.literal("model") == "" and self._returns(use):
            return Member(f"class {name}", _fitted_by(name), family, "class", site)
        if kind != "estimator":
            return None
        is_wrapper = "base" in use.meaning.settings and "combine" not in use.meaning.settings
        if is_wrapper and family in ("", "pipeline"):
            return self._wrapped(use, frame, depth)
        return None if family == "transformer" else Member(f"class {name}", label, family, "class", site)

    def _loaded_into(self, made: CallRef) -> Sequence[Use]:
        """The load that fills the object which a call makes: `model = XGBClassifier()`, `model.load_model(path)`.

        An object that several calls fill is any of them, and no artefact that can be told.
        """
        if self._filled is None:
            self._filled = {}
            for use in self._work.sites.of_kind("model-load"):
                if use.value.path.rpartition(".")[0].endswith("()"):
                    for one in dict.fromkeys(each.call for each in use.value.made):
                        self._filled.setdefault(one, []).append(use)
        found = self._filled.get(made, [])
        return found if len(found) == 1 else ()

    def _making(self, made: CallRef, value: Library) -> Sequence[Use]:
        """What a call that makes an object means: of a call of several classes only that of the class it is of."""
        found = self._work.sites.at(made)
        return [one for one in found if f"{one.value.path}()" == value.path] or found

    def _returns(self, use: Use) -> bool:
        return any(one.role == "return" for one in use.meaning.selectors("model"))

    # -- estimators inside estimators

    def _wrapped(self, use: Use, frame: Frame | None, depth: int) -> Member | None:
        """The estimator that a pipeline ends in, or that a search or calibration wraps."""
        for value in reversed(tuple(self.parts(use, "base", frame))):
            member = self.of_value(value, depth + 1)
            if member is not None:
                return member
        return None

    def parts(self, use: Use, setting: str, frame: Frame | None) -> Iterator[Value]:
        """The estimators that a setting of a row selects: one, a list of them, or of (name, estimator) pairs."""
        for part in self.listed(use, setting, frame):
            yield from part

    def listed(self, use: Use, setting: str, frame: Frame | None) -> Iterator[Values]:
        """The same, with the alternatives of each part kept together."""
        for expr in self._work.sites.select(use.ref, use.meaning.selectors(setting)):
            for value in self._work.resolver.values(use.ref.path, expr, frame):
                if isinstance(value, Items):
                    yield from (tuple(_unpaired(item)) for item in value.items)
                elif isinstance(value, Mapping):
                    yield from (values for _, values in value.entries)
                else:
                    yield (value,)

    def is_open(self, use: Use, setting: str, frame: Frame | None) -> bool:
        """Whether a list of members may hold more than what is known of it."""
        exprs = self._work.sites.select(use.ref, use.meaning.selectors(setting))
        values = [value for expr in exprs for value in self._work.resolver.values(use.ref.path, expr, frame)]
        return not values or any(not isinstance(value, Items) or value.is_open for value in values)

    # -- artefacts

    def _artefact(self, use: Use, frame: Frame | None) -> tuple[str, str] | None:
        """Identity and name of what a load reads, without the numbers of folds, seeds and versions."""
        exprs = self._work.sites.select(use.ref, use.meaning.selectors("location"))
        if not exprs:
            return (use.value.path, use.value.path.rpartition(".")[2])
        texts = list(
            dict.fromkeys(self._texts(v for e in exprs for v in self._work.resolver.values(use.ref.path, e, frame)))
        )
        if not texts or any(normal_name(text) is None for text in texts):
            return None
        names = sorted({normal_name(text) or "" for text in texts})
        return (" | ".join(names), texts[0]) if len(names) == 1 else None

    def _texts(self, values: Iterable[Value], depth: int = 0) -> Iterator[str]:
        for value in values:
            if isinstance(value, Literal) and isinstance(value.value, str):
                yield value.value
            elif isinstance(value, Template):
                yield value.text
            elif isinstance(value, Library) and value.path.startswith(_OPENERS) and value.made and depth < 2:
                yield from self._texts(self._opened(value.made[-1]), depth + 1)
            else:
                yield "{unresolved}"

    def _opened(self, made: Made) -> Values:
        """The path that `open(path)` or `path.open()` was given."""
        call = self._work.resolver.call(made.call)
        function = self._work.resolver.facts(made.call.path).exprs[call.function]
        expr = call.arguments[0] if call.arguments and function[0] == "name" else NONE
        if function[0] == "attr":
            base = self._work.resolver.values(made.call.path, function[1], made.frame)
            is_path = any(isinstance(one, Literal | Template) for one in base)
            expr = function[1] if is_path else call.arguments[0] if call.arguments else NONE
        return self._work.resolver.values(made.call.path, expr, made.frame) if expr != NONE else ()


def _fitted_by(name: str) -> str:
    """The label of a model that a call trains and gives back: `lightgbm.train`, the class whose `fit` does it."""
    owner, _, method = name.rpartition(".")
    last = owner.rpartition(".")[2]
    return last.removesuffix("()") if last.endswith("()") else f"{last}.{method}"


def _unpaired(item: Values) -> Iterator[Value]:
    """The estimator of a `(name, estimator)` pair; anything else is itself."""
    for value in item:
        if isinstance(value, Items) and len(value.items) == 2:
            yield from value.items[1]
        else:
            yield value


def normal_name(text: str) -> str | None:
    """A location without what tells the folds, seeds and versions of one model apart; None when it did not resolve."""
    folded = text.lower()
    for hole in _HOLE.findall(folded):
        # of a part the last word is its name: the path of a checkpoint is no number of one
        if not _REPEAT.search(hole.rpartition(".")[2]):
            return None
    plain = re.sub(r"\d+", "", _HOLE.sub("", folded))
    words = re.sub(
        r"(?:^|(?<=[-_./\s]))(?:fold|seed|split|rep|repeat|bag|run|iter|epoch|cv|best|last)(?=[-_./\s]|$)", "", plain
    )
    return re.sub(r"[-_\s]+", "-", words).strip("-")
