"""What a catalogued call is to the function it stands in: a result, an effect, and roles for what it is given."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Literal, is_none
from mltradeoff_lint.resolve.flow.flow_steps import arguments
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.sites import Sites, Use

_OPERATIONS = {
    "chat": "text", "agent": "text", "embed": "vector", "image": "media", "audio": "media", "rerank": "score",
}  # fmt: skip
_HOLDS = {"config": "file", "prompt": "file", "document": "file", "model": "model"}
_RESULTS = {
    "prediction": "score", "model-load": "model", "estimator": "model", "client": "client", "feature-read": "data",
}  # fmt: skip
_EFFECTS = {
    "prediction": "prediction", "training": "training", "model-load": "load", "client": "client",
    "dataset-write": "write", "model-save": "write", "feature-read": "read", "sink": "record", "action": "action",
}  # fmt: skip
_ROLES: dict[str, tuple[tuple[str, str], ...]] = {
    "dataset-write": (("location", "write-location"), ("value", "written-data")),
    "model-save": (("location", "write-location"), ("model", "written-data")),
    "model-load": (("location", "artefact-location"),),
    "prediction": (("input", "prediction-input"),),
    "training": (("data", "training-data"),),
    "model-call": (("prompt", "prompt"), ("model", "model-id")),
    "client": (("model", "model-id"),),
    "action": (("target", "action"),),
}
MAX_MAKING = 12
"""Expressions followed from a handle back to the names it was made with."""

_NO_RETURN = frozenset({"no-flow", "sink", "dataset-write", "model-save"})


class CallMeanings:
    """Reads the catalog rows of calls, with the few settings that change what a call is."""

    def __init__(self, resolver: Resolver, sites: Sites) -> None:
        self._resolver = resolver
        self._sites = sites

    def result(self, use: Use) -> str:
        """The kind of result a call gives, of `RESULTS`; empty when its row says nothing of that."""
        meaning = use.meaning
        if meaning.kind == "model-call":
            return self._model_output(use) if is_counted(use) else ""
        if meaning.kind == "dataset-read":
            return "" if self._sites.writes(use) is not False else _HOLDS.get(meaning.literal("holds"), "data")
        if meaning.kind == "model-load" and meaning.literal("family") == "tokenizer":
            return "tokenizer"
        if meaning.kind == "training":
            return "model" if meaning.literal("model") == "return" or self._fits_itself(use) else ""
        return _RESULTS.get(meaning.kind, "")

    def is_end(self, use: Use) -> bool:
        """Whether what a call gives is told by its row alone, and not by what it is given."""
        return use.meaning.kind in _NO_RETURN or bool(self.result(use))

    def _fits_itself(self, use: Use) -> bool:
        return any(selector.role in ("self", "return") for selector in use.meaning.selectors("model"))

    def _model_output(self, use: Use) -> str:
        kind = _OPERATIONS.get(use.meaning.literal("operation", "chat"), "")
        if kind != "text":
            return kind
        streams = self._sites.setting(use, "stream")
        is_stream = bool(streams) and all(isinstance(one, Literal) and one.value is True for one in streams)
        if use.meaning.literal("stream") == "always" or is_stream:
            return "stream"
        if use.meaning.literal("structured") == "always":
            return "structured"
        schema = self._sites.setting(use, "structured")
        return "structured" if any(not is_none(value) and not isinstance(value, Unknown) for value in schema) else kind

    def effects(self, use: Use) -> Iterator[tuple[str, str]]:
        """(kind, what) of the effects of a call; `what` names the library call and what its row adds."""
        meaning, path = use.meaning, use.value.path
        if meaning.kind == "model-call" and is_counted(use):
            yield "model-call", path
        elif meaning.kind == "dataset-read":
            writes = self._sites.writes(use)
            if writes is not None and not self._is_load(use):
                yield "write" if writes else "read", path
        elif meaning.kind in ("instrument", "usage"):
            facets = meaning.literal("facets")
            if facets and meaning.literal("reach") != "off":
                yield "meter", f"{', '.join(one.strip() for one in facets.split(','))} by {path}"
        elif meaning.kind == "sink" and meaning.literal("what") != "log":
            yield "record", f"{meaning.literal('what')} by {path}"
        elif meaning.kind == "action":
            yield "action", f"{meaning.literal('what')}, class {meaning.literal('class')}, by {path}"
        elif meaning.kind in _EFFECTS and meaning.kind != "sink":
            yield _EFFECTS[meaning.kind], path

    def roles(self, use: Use) -> Iterator[tuple[str, int]]:
        """(role, expression) of what a call is given."""
        if use.meaning.kind == "model-call" and not is_counted(use):
            return
        for setting, role in _ROLES.get(use.meaning.kind, ()):
            yield from self._selected(use, setting, role)
        if use.meaning.kind == "dataset-read":
            yield from () if self._is_load(use) else self._roles_of_read(use)
        elif use.meaning.kind == "sink" and use.meaning.literal("what") != "log":
            call = self._resolver.call(use.ref)
            yield from (("record", expr) for expr in (*call.arguments, *(expr for _, expr in call.keywords)))
        elif use.meaning.kind == "dataset-write" and not use.meaning.selectors("value"):
            function = self._resolver.facts(use.ref.path).exprs[self._resolver.call(use.ref).function]
            if function[0] == "attr" and function[1] != NONE:
                yield "written-data", function[1]

    def keyed(self, use: Use) -> Iterator[tuple[str, str, int]]:
        """(role, keyword, expression of `**value`) of what a call may be given inside a mapping."""
        keywords = self._resolver.call(use.ref).keywords
        splats = [expr for name, expr in keywords if name is None]
        if not splats or (use.meaning.kind == "model-call" and not is_counted(use)):
            return
        for setting, role in _ROLES.get(use.meaning.kind, ()):
            selectors = use.meaning.selectors(setting)
            if not self._sites.select(use.ref, selectors):
                for name in dict.fromkeys(name for selector in selectors for name in selector.keywords):
                    yield from ((role, name, expr) for expr in splats)

    def _is_load(self, use: Use) -> bool:
        """Whether another row says that what is read is a model: then that one tells of the call."""
        return any(one.meaning.kind == "model-load" for one in self._sites.at(use.ref))

    def _roles_of_read(self, use: Use) -> Iterator[tuple[str, int]]:
        writes = self._sites.writes(use)
        if writes is not None:
            role = "write-location" if writes else "read-location"
            for setting in ("location", "files"):
                yield from self._selected(use, setting, role)
        yield from self._selected(use, "into", "write-location")

    def _selected(self, use: Use, setting: str, role: str) -> Iterator[tuple[str, int]]:
        """What a setting selects; a location that is the receiver is named by what the receiver was made with."""
        selectors = use.meaning.selectors(setting)
        yield from ((role, expr) for expr in self._sites.select(use.ref, selectors))
        if setting == "location" and any(selector.role == "self" for selector in selectors):
            facts = self._resolver.facts(use.ref.path)
            yield from ((role, expr) for expr in _made_with(facts, facts.calls[use.ref.call].function))


def _made_with(facts: PythonFacts, expr: int) -> Iterator[int]:
    """The arguments of the calls that an expression is made by, also over variables: `name` in `bucket.blob(name)`."""
    pending, seen = [expr], {expr}
    while pending and len(seen) < MAX_MAKING:
        one = facts.exprs[pending.pop()]
        following: list[int] = []
        if one[0] == "attr":
            following.append(one[1])
        elif one[0] == "call":
            yield from arguments(facts.calls[one[1]])
            following.append(facts.calls[one[1]].function)
        elif one[0] == "name":
            definitions = (facts.definitions[index] for index in one[2])
            following += [each.value for each in definitions if each.kind in ("assign", "enter") and each.value != NONE]
        pending += [each for each in following if each not in seen]
        seen.update(following)


def is_counted(use: Use) -> bool:
    """Whether a call is surely one of a model: a plain HTTP call is one by its address alone, which others judge."""
    return not use.meaning.selectors("url")
