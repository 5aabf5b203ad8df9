"""Counts how much of what a repository says about its data and models resolves, and why the rest does not.

A **site** is every call outside tests that the catalog knows as a data read, a model call or a model client, and
every call whose receiver did not resolve and whose method name is one of a model call in a library that the
repository imports, so that an unresolved receiver cannot leave the count. Of a method below the client, such as
`chat.completions.create`, the member before it has to be written too. Each site is *known* (every value is), a
*template* (a part is known, or the variable or key that fills it) or *unknown* with a reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.facts import Expr, PythonFacts
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Hole,
    Items,
    Library,
    Literal,
    Template,
    Value,
    Values,
    is_none,
    union,
)
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.sites import Sites, Use
from mltradeoff_lint.resolve.values.brought import is_source, source_of
from mltradeoff_lint.resolve.values.parameters import parameters_of
from mltradeoff_lint.resolve.values.strings import REPOSITORY
from mltradeoff_lint.resolve.values.unpassed import is_unpassed

STATES = ("known", "template", "unknown")
DATA, PARAMETER, UNPASSED = "data arguments", "data parameters", "unpassed parameters"
MODEL, SDK, RUNNABLE, OTHER = "model ids", "sdk receivers", "runnables", "other receivers"
OPTION = "command values"

RUNNABLES = frozenset({"invoke", "ainvoke", "stream", "astream", "astream_events", "astream_log", "batch", "abatch"})
"""The methods of LangChain's `Runnable` interface (langchain_core.runnables.base)."""

SDKS = frozenset({"openai", "anthropic", "google", "vertexai", "boto3", "aioboto3", "litellm", "cohere", "mistralai",
                  "ollama", "groq", "together", "fireworks", "replicate", "zhipuai", "dashscope",
                  "huggingface_hub"})  # fmt: skip
"""Import roots of the libraries by which a program calls a model provider directly."""

_NOT_DATA = ("config", "model", "prompt")
_BUFFERS = ("io.BytesIO()", "io.StringIO()")
MAX_HANDLES = 3


class Resolution(NamedTuple):
    """What became of one site: its kind, `known`, `template` or `unknown`, the reason of the last, and the values."""

    kind: str
    site: Site
    state: str
    reason: str = ""
    values: Values = ()


class Resolutions:
    """Judges every site of a repository."""

    def __init__(self, resolver: Resolver, sites: Sites) -> None:
        self._resolver = resolver
        self._sites = sites
        self._members = _members(resolver.program.catalog.rows("calls"))

    def all(self) -> Iterator[Resolution]:
        """Every site outside tests."""
        called: set[tuple[str, int]] = set()
        for use in self._sites.uses:
            if is_test(use.ref.path):
                continue
            yield from self._settings(use)
            if use.meaning.kind == "model-call" and (use.ref.path, use.ref.call) not in called:
                called.add((use.ref.path, use.ref.call))
                yield Resolution(self._receiver_kind(use), self._site(use.ref), "known")
        for path in self._resolver.program.python_paths():
            if not is_test(path):
                yield from self._receivers(path, called)

    def options(self, given: Iterable[tuple[Site, Values]]) -> Iterator[Resolution]:
        """Command-line options, judged by what command lines and defaults give them."""
        for site, values in given:
            yield Resolution(OPTION, site, *self._state(values, MAX_HANDLES), values)

    def _site(self, ref: CallRef) -> Site:
        return Site(ref.path, self._resolver.call(ref).span)

    def _settings(self, use: Use) -> Iterator[Resolution]:
        meaning = use.meaning
        if meaning.kind == "dataset-read" and meaning.literal("holds") not in _NOT_DATA:
            if self._sites.select(use.ref, meaning.selectors("location")) and not self._sites.writes(use):
                yield self._judged(DATA, use, self._sites.setting(use, "location"))
                yield from self._parameters(use)
        elif meaning.kind in ("model-call", "client") and meaning.selectors("model"):
            values = self._sites.setting(use, "model")
            if values:
                yield self._judged(MODEL, use, values)

    def _parameters(self, use: Use) -> Iterator[Resolution]:
        """A location that hangs on parameters of its function is followed when it is known, or each of them is.

        What nobody passes, neither code of the repository nor who enters it, is counted apart: a public function.
        """
        path = use.ref.path
        exprs = self._sites.select(use.ref, use.meaning.selectors("location"))
        passed = [one for expr in exprs for one in parameters_of(self._resolver, path, expr)]
        if not passed:
            return
        whole = self._judged(PARAMETER, use, self._sites.setting(use, "location"))
        judged = [(self._judged(PARAMETER, use, self._resolver.values(path, one)), one) for one in passed]
        if whole.state != "unknown":
            # which names a folder holds when it is listed is no part of a location that is missing
            judged = [(one, expr) for one, expr in judged if not _is_listed(one.values)]
        open_parts = [(one, expr) for one, expr in judged if one.state == "unknown"]
        if not judged or (whole.state != "unknown" and all(self._is_told(value) for value in whole.values)):
            yield whole
        elif not open_parts:
            yield max((one for one, _ in judged), key=lambda one: STATES.index(one.state))
        else:
            is_public = all(_is_left_out(one) or is_unpassed(self._resolver, path, expr) for one, expr in open_parts)
            yield open_parts[0][0]._replace(kind=UNPASSED) if is_public else open_parts[0][0]

    def _is_told(self, value: Value) -> bool:
        """Whether a value is known to the last letter, or somebody brings it: what decides for it does not matter."""
        if isinstance(value, Template):
            return all(isinstance(part, str) or is_source(part.name) for part in value.parts)
        return _is_written(value) or bool(source_of(self._resolver, value))

    def _judged(self, kind: str, use: Use, values: Values) -> Resolution:
        state, reason = self._state(values, MAX_HANDLES)
        return Resolution(kind, self._site(use.ref), state, reason, values)

    def _state(self, values: Values, depth: int) -> tuple[str, str]:
        """The state of a set: known only when all of it is, template when a part is."""
        states = [self._state_of(value, depth) for value in values if not is_none(value)]
        if not states:
            return "unknown", "no value is passed"
        if all(state == "known" for state, _ in states):
            return "known", ""
        if any(state != "unknown" for state, _ in states):
            return "template", ""
        return states[0]

    def _state_of(self, value: Value, depth: int) -> tuple[str, str]:
        if isinstance(value, Literal):
            return "known", ""
        if isinstance(value, Template):
            return _template_state(value)
        if isinstance(value, Items) and value.items and depth:
            return self._state(value.every, depth - 1)
        if isinstance(value, Library) and depth:
            return self._handle_state(value, depth - 1)
        if source_of(self._resolver, value):
            return "template", ""
        return "unknown", value.reason if isinstance(value, Unknown) else "no text"

    def _handle_state(self, value: Library, depth: int) -> tuple[str, str]:
        """A handle or response is as known as what the call that made it was pointed at, a buffer as what it holds."""
        if source_of(self._resolver, value):
            return "template", ""
        if value.path in _BUFFERS and value.made:
            made = value.made[-1]
            held = self._resolver.call(made.call).arguments[:1]
            inner = union(*(self._resolver.values(made.call.path, expr, made.frame) for expr in held))
            return self._state(inner, depth) if inner else ("unknown", "an empty buffer")
        for made in value.made:
            for use in self._sites.at(made.call):
                located = [
                    self._resolver.values(made.call.path, expr, made.frame)
                    for expr in self._sites.select(made.call, use.meaning.selectors("location"))
                ]
                if located:
                    return self._state(union(*located), depth)
        for made in reversed(value.made):
            # an object of a bucket, a table, an address: it is what its names say
            given = self._resolver.call(made.call)
            named = [*given.arguments, *(expr for _, expr in given.keywords)]
            values = [self._resolver.values(made.call.path, expr, made.frame) for expr in named]
            texts = union(*(tuple(one for one in each if isinstance(one, (Literal, Template))) for each in values))
            state, reason = self._state(texts, depth)
            if state != "unknown":
                return state, reason
        return "unknown", f"`{value.path.replace('[]', '[...]')}` has no known value"

    # -- receivers

    def _receiver_kind(self, use: Use) -> str:
        expr = self._function(use.ref.path, use.ref.call)
        root = use.value.path.partition(".")[0]
        if expr[0] == "attr" and expr[2] in RUNNABLES and root not in SDKS:
            return RUNNABLE
        return SDK if root in SDKS else OTHER

    def _function(self, path: str, call: int) -> Expr:
        facts = self._resolver.facts(path)
        return facts.exprs[facts.calls[call].function]

    def _receivers(self, path: str, called: set[tuple[str, int]]) -> Iterator[Resolution]:
        facts = self._resolver.facts(path)
        for number, call in enumerate(facts.calls):
            expr = facts.exprs[call.function]
            if expr[0] != "attr" or (path, number) in called:
                continue
            kind = self._members_kind(facts, expr)
            if kind is None:
                continue
            reason = self._unresolved(path, call.function, expr[1])
            site = Site(path, call.span)
            if reason is not None:
                yield Resolution(kind, site, "unknown", reason)
            elif kind == RUNNABLE:
                yield Resolution(kind, site, "known")

    def _members_kind(self, facts: PythonFacts, expr: Expr) -> str | None:
        """The kind of model call a method name can be; None for a name or chain of names that no row has."""
        if expr[2] not in self._members:
            return None
        written = _chain(facts, expr)
        fitting = [
            (kind, members)
            for kind, members in self._members[written[-1]]
            if written[-2:][-len(members) :] == members[-2:]
        ]
        if written[-1] in RUNNABLES and any(len(members) == 1 for _, members in fitting):
            return RUNNABLE
        kinds = {kind for kind, _ in fitting}
        return SDK if SDK in kinds else OTHER if kinds else None

    def _unresolved(self, path: str, function: int, receiver: int) -> str | None:
        """Why neither a method nor its receiver resolved; None when one did."""
        for expr in (function, receiver):
            values = self._resolver.values(path, expr)
            if any(not isinstance(value, Unknown) for value in values):
                return None
        return next((value.reason for value in values if isinstance(value, Unknown)), "nothing")


def coverage_line(resolutions: Iterable[Resolution]) -> str:
    """One sentence with the counts of all kinds and the three commonest reasons; empty without a site."""
    states: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for one in resolutions:
        if one.kind in (DATA, MODEL, SDK, RUNNABLE):
            states[one.state] += 1
            reasons.update([one.reason] if one.reason else [])
    if not states.total():
        return ""
    top = ", ".join(f"{reason} ({count})" for reason, count in sorted(reasons.items(), key=_most)[:3])
    counts = ", ".join(f"{states[state]} {state}" for state in ("known", "template", "unknown"))
    why = f"; most common reasons: {top}" if top else ""
    return f"values: {counts} of {states.total()} data locations, model names and receivers{why}"


def _is_written(value: Value) -> bool:
    """Whether a value is a text, or a list of texts, that is known to the last letter."""
    return isinstance(value, Literal) or (
        isinstance(value, Items) and all(isinstance(one, Literal) for item in value.items for one in item)
    )


def _is_listed(values: Values) -> bool:
    """Whether values are names that a listing of a folder gives, and nothing else."""
    return bool(values) and all(
        isinstance(value, Template)
        and all(isinstance(part, Hole) and part.is_wildcard for part in value.parts if part != "/")
        for value in values
    )


def _is_left_out(one: Resolution) -> bool:
    """Whether only the default None of a parameter is known."""
    return bool(one.values) and all(is_none(value) for value in one.values)


def _most(item: tuple[str, int]) -> tuple[int, str]:
    return (-item[1], item[0])


def _template_state(value: Template) -> tuple[str, str]:
    """A text with holes tells something when a part of it is written, or when its one hole is a named setting."""
    texts = "".join(part for part in value.parts if isinstance(part, str))
    if any(letter.isalnum() for letter in texts):
        return "template", ""
    names = [part.name for part in value.parts if not isinstance(part, str)]
    if any(is_source(name) or name == REPOSITORY for name in names):
        return "template", ""
    return "unknown", "a string with no known part" if names else "an empty text"


def _members(rows: Iterable[Meaning]) -> dict[str, set[tuple[str, tuple[str, ...]]]]:
    """The kinds and member chains (`chat`, `completions`, `create`) of model calls, by their last name."""
    found: dict[str, set[tuple[str, tuple[str, ...]]]] = {}
    for row in rows:
        if row.kind != "model-call" or "()" not in row.path or row.path.endswith(("()", "]")):
            continue
        members = tuple(row.path.rpartition("()")[2].strip(".").split("."))
        if not members[-1] or "*" in row.path.rpartition(".")[2]:
            continue
        root = row.path.partition(".")[0]
        kind = SDK if root in SDKS else RUNNABLE if members[-1] in RUNNABLES else OTHER
        found.setdefault(members[-1], set()).add((kind, members))
    return found


def _chain(facts: PythonFacts, expr: Expr) -> tuple[str, ...]:
    """The names of an attribute chain: `client`, `completions`, `create` of `self.client.completions.create`."""
    names = [str(expr[2])]
    inner = facts.exprs[expr[1]]
    while inner[0] == "attr":
        names.append(str(inner[2]))
        inner = facts.exprs[inner[1]]
    return tuple(reversed(names))
