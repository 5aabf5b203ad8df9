"""Handlers and what they reach, as plain lines: which function calls which, where, and how each hop is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mltradeoff_lint.model.finding import Certainty
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef, Literal, Values, known_texts
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.running.entries import Entry
from mltradeoff_lint.resolve.running.handlers import REACHED, Handler, Handlers, Reached, definition_lines
from mltradeoff_lint.resolve.running.unseen_calls import UnseenCalls
from mltradeoff_lint.resolve.shown_places import shown
from mltradeoff_lint.resolve.sites import Sites, Use
from mltradeoff_lint.resolve.summaries.callees import Callees
from mltradeoff_lint.resolve.written import written

MAX_TOLD = 25
"""Calls told for one handler; the rest is counted."""

MAX_EXAMPLES = 2
"""Calls that did not resolve that are named; the rest is counted."""

MAX_NAMES = 2
"""Names of models or locations told for one call; the rest is counted."""

_LABEL = 60


def lines_at(handlers: Handlers, write: HandlerLines, path: str, line: int) -> tuple[str, ...]:
    """The handlers whose decorators or `def` stand on a line, with what each reaches."""
    return tuple(text for one in handlers.at(path, line) for text in write.of(one))


def lines_below(handlers: Handlers, write: HandlerLines, path: str) -> tuple[str, ...]:
    """The handlers of a file, or those below a folder (the root being empty) that reach something."""
    found = [one for one in handlers.all() if _is_below(one.entry.function.path, path)]
    reaching = [one for one in found if one.reached]
    total = f"{len(reaching)} of {len(found)} handlers reach a model call, a prediction, an artefact or a client"
    left = sum(not one.reached and write.is_open(one) for one in found)
    total += f"; {left} of the others run calls that may do more than is known" if left else ""
    told = found if path.endswith((".py", ".ipynb")) else reaching
    return (total, *(text for one in told for text in write.of(one)))


def is_definition(resolver: Resolver, path: str, line: int) -> bool:
    """Whether a decorator or the `def` of a function stands on a line."""
    facts = resolver.program.python(path)
    return facts is not None and any(first <= line <= last for first, last in definition_lines(facts))


def _is_below(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")


class HandlerLines:
    """Writes handlers down."""

    def __init__(self, resolver: Resolver, sites: Sites, callees: Callees | None = None) -> None:
        self._resolver = resolver
        self._sites = sites
        self._unseen = UnseenCalls(resolver, sites, callees or Callees(resolver))

    def of(self, handler: Handler) -> Iterator[str]:
        """The lines of one handler: what it is, and each thing it reaches with the way there."""
        entry = handler.entry
        function = self._function(entry.function)
        # what has no route goes by the name of its function or file
        is_itself = f"`{entry.label.removesuffix('()')}`" == function and not entry.method
        what = "is a handler" if is_itself else f"is handled by {function}"
        yield f"{_named(entry)} {what} ({shown(self._resolver, entry.site)})"
        if not handler.reached:
            yield f"  {self._nothing(entry.function)}"
        for one in handler.reached[:MAX_TOLD]:
            yield from self._reached(one)
        if len(handler.reached) > MAX_TOLD:
            yield f"  and {len(handler.reached) - MAX_TOLD} more"

    def is_open(self, handler: Handler) -> bool:
        """Whether a handler may run more than is known."""
        return bool(self._unseen.below(handler.entry.function))

    def _nothing(self, function: FunctionRef) -> str:
        """That a handler reaches nothing: surely where all resolved that it runs, else as far as is known."""
        unseen = self._unseen.below(function)
        if not unseen:
            return "reaches no model call, no prediction, and loads and builds nothing"
        told = ["reaches no model call, prediction, artefact or client that is known"]
        if unseen.unresolved:
            count = len(unseen.unresolved)
            told.append(f"{count} call{'s'[: count > 1]} on the way did not resolve ({self._some(unseen.unresolved)})")
        if unseen.inherited:
            count = len(unseen.inherited)
            what = "1 inherited method" if count == 1 else f"{count} inherited methods"
            told.append(f"{what} of a library may run more ({self._some(unseen.inherited)})")
        return "; ".join(told)

    def _some(self, calls: Sequence[CallRef]) -> str:
        """The first of some calls, as they are written, with their places."""
        words: dict[str, None] = {}
        for ref in calls:
            call = self._resolver.call(ref)
            text = written(self._resolver.facts(ref.path), call.function)
            words[f"`{text}(...)` at {shown(self._resolver, Site(ref.path, call.span))}"] = None
        return ", ".join([*words][:MAX_EXAMPLES] + ["..."] * (len(words) > MAX_EXAMPLES))

    def _reached(self, one: Reached) -> Iterator[str]:
        site = Site(one.use.ref.path, self._resolver.call(one.use.ref).span)
        when = f", {one.kept}" if one.kept else ""
        if one.kind in ("model-load", "client") and not one.kept:
            when = ", on each request"
        doubt = "" if all(way.certainty >= Certainty.RESOLVED for _, way in one.hops) else " (likely)"
        is_lookup = one.kind == "model-load" and one.use.meaning.literal("scheme") == "registry"
        what = "asks the registry for a model" if is_lookup else REACHED[one.kind]
        what = what if one.is_model else "reads a file of objects"
        more = f" and {len(one.uses) - 1} more there" if len(one.uses) > 1 else ""
        yield f"  {what}{when}{doubt}: {self._called(one.use)} ({shown(self._resolver, site)}){more}"
        for caller, way in one.hops:
            name = self._resolver.scope(way.caller).qualname
            yield f"    {self._function(caller)} {way.words(name)} ({shown(self._resolver, way.site)})"

    def _function(self, function: FunctionRef) -> str:
        return f"`{self._resolver.scope(function).qualname or function.path}`"

    def _called(self, use: Use) -> str:
        """The library's name of a call, with the model or location it names, or some of those it may name."""
        setting = "model" if use.meaning.kind in ("model-call", "client") else "location"
        is_named = bool(use.meaning.selectors(setting)) and use.meaning.kind != "prediction"
        names = _names(self._sites.setting(use, setting)) if is_named else ""
        return f"`{use.value.path}`" + (f" of {names}" if names else "")


def _names(values: Values) -> str:
    """The first known texts of values, and whether there are more; empty where none is known."""
    texts = tuple(dict.fromkeys(known_texts(values)))
    named = [f"`{text[:_LABEL]}`" for text in texts[:MAX_NAMES]]
    if not named:
        return ""
    if any(value.__class__ is not Literal for value in values):
        return f"{', '.join(named)} or others"
    if len(texts) > MAX_NAMES:
        return f"{', '.join(named)} or {len(texts) - MAX_NAMES} more"
    return " or ".join(named)


def _named(entry: Entry) -> str:
    words: Sequence[str] = [word for word in (entry.method, entry.label) if word]
    kind = "" if entry.kind == "endpoint" and entry.interface in ("", "api") else f", {entry.interface or entry.kind}"
    return f"{' '.join(words)} ({entry.framework}{kind})"
