"""S5: the constructions of a client that reach a call, and what each records by itself."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from mltradeoff_lint.graph.facets.metering.arguments import SPLAT, Arguments, has_open_splat
from mltradeoff_lint.graph.facets.metering.attached import Attached
from mltradeoff_lint.graph.facets.metering.default_clients import addresses_set, goes_through_module
from mltradeoff_lint.graph.facets.metering.event_hooks import event_hooks
from mltradeoff_lint.graph.facets.metering.model_addresses import ModelAddresses
from mltradeoff_lint.graph.facets.metering.search import Branch, Search
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.graph.wrapped_parts import MAX_WRAPS, SET_ELSEWHERE, arguments, last, receivers
from mltradeoff_lint.model.facts import NONE, Expr
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import CallRef, Instance, Library, Made, Mapping, Values
from mltradeoff_lint.resolve.shown_places import shown
from mltradeoff_lint.resolve.sites import Use

HANDED_IN = "the client is handed in from code that is not in the repository"

DECLARED = "which class of the repository holds the client did not resolve, and not every one of them is unmetered"

SET_UNSURELY = "the address of a gateway is set for the library, and whether it holds for the call did not resolve"

CONFIGURING = frozenset(
    {"with_config", "bind", "with_listeners", "with_retry", "with_fallbacks", "configurable_fields"}
)
"""Methods that give the same client back with more settings, so that the constructor alone says too little."""


class Constructors:
    """Judges the clients of a call."""

    def __init__(self, work: Workspace, attached: Attached, arguments: Arguments, addresses: ModelAddresses) -> None:
        self._addresses = addresses
        self._work = work
        self._attached = attached
        self._arguments = arguments

    def judge(self, use: Use, search: Search) -> tuple[str, ...]:
        """Add the verdict of the clients; returns the names of unmetered ones where others are not.

        The call is metered when every construction that reaches it is, and in doubt when no other is left.
        """
        self._configured(use, search)
        self._default_client(use, search)
        clients = [branch for made in last(self._work, use.value.made) for branch in self._branches(made)]
        branches = clients or [self._branch(made) for made in use.value.made if self._constructs(made)]
        if branches and all(one.search.is_satisfied for one in branches):
            for one in branches:
                search.facets.update(one.search.facets)
        elif branches and all(one.is_open for one in branches):
            for one in branches:
                search.doubts.update(one.search.doubts)
        elif not branches and "()" in use.value.path and not goes_through_module(self._work, use):
            search.doubt(HANDED_IN, self._work.site(use.ref))
        metered = {one.label for one in branches if one.is_open}
        names = tuple(
            dict.fromkeys(one.place if one.label in metered else one.label for one in branches if not one.is_open)
        )
        if metered and names and self._is_declared_only(use):
            search.doubt(DECLARED, self._work.site(use.ref))
            return ()
        return names if metered else ()

    def _default_client(self, use: Use, search: Search) -> None:
        """What the addresses tell that code sets for the client that the library's own module is."""
        for one in addresses_set(self._work, use):
            told = search if one.is_sure else Search()
            self._arguments.address(one.values, one.site, told)
            if told.is_satisfied and not search.is_satisfied:
                search.doubt(SET_UNSURELY, one.site)
            search.doubts.update(told.doubts)

    def _is_declared_only(self, use: Use) -> bool:
        """Whether the object that holds the client is known by its declared class alone, and may be of any below."""
        facts = self._work.resolver.facts(use.ref.path)
        scope = self._work.resolver.scope(self._work.reach.holder(use.ref))
        own = scope.parameters[0].name if scope.parameters and scope.owner != NONE else ""
        index = facts.calls[use.ref.call].function
        while facts.exprs[index][0] == "attr":
            index = facts.exprs[index][1]
            if facts.exprs[index][:2] == ("name", own):
                return False
            values = self._work.resolver.values(use.ref.path, index)
            if any(isinstance(one, Instance) and one.is_derived and one.made is None for one in values):
                return True
        return False

    def _constructs(self, made: Made) -> bool:
        """Whether a call makes an object, and is no method of one that somebody else made."""
        function = self._work.resolver.call(made.call).function
        values = self._work.resolver.values(made.call.path, function, made.frame)
        return any(isinstance(value, Library) and "()" not in value.path for value in values)

    def _branches(self, made: Made, hops: int = MAX_WRAPS) -> list[Branch]:
        """What a construction comes to: itself, the clients it wraps, or what it is called on where these say less."""
        if not any(use.meaning.kind in ("client", "instrument") for use in self._work.sites.at(made.call)):
            return []
        outer = self._branch(made)
        if outer.search.is_satisfied or not hops:
            return [outer]
        inner = self._wrapped(arguments(self._work, made), made, hops)
        if not inner or not all(one.is_open for one in inner):
            inner = self._wrapped(receivers(self._work, made), made, hops) or inner
        for one in inner:
            one.search.doubts.update(outer.search.doubts)
        return inner or [outer]

    def _branch(self, made: Made) -> Branch:
        search = Search()
        search.note(self._attached.at_call(made.call))
        search.note(self._attached.managers_at(made))
        self._arguments.keywords(made.call, search, made.frame)
        for use in self._work.sites.at(made.call):
            for expr in self._work.sites.select(made.call, use.meaning.selectors("base_url")):
                values = self._work.resolver.values(made.call.path, expr, made.frame)
                self._arguments.address(values, self._work.site(made.call), search)
        if has_open_splat(self._work, made.call, made.frame) and not search.is_satisfied:
            search.doubt(f"the client {SPLAT}", self._work.site(made.call))
        for reason, site in event_hooks(self._work, made):
            search.doubt(reason, site)
        hosting = self._addresses.of_client(self._work, made)
        if isinstance(hosting, Unknown):
            search.doubt(hosting.reason, self._work.site(made.call))
        return self._named(made, search, hosting == "self-hosted")

    def _named(self, made: Made, search: Search, is_self_hosted: bool = False) -> Branch:
        label, site = self._label(made), self._work.site(made.call)
        place = f"{label} of {posixpath.basename(shown(self._work.resolver, site))}"
        return Branch(label, place, search, is_self_hosted)

    def _wrapped(self, parts: Iterable[Values], made: Made, hops: int) -> list[Branch]:
        """The clients inside; one that nobody saw made is in doubt, and a plain text is the name of a model."""
        found: list[Branch] = []
        for value in (value for values in parts for value in values):
            if isinstance(value, Library) and value.made and self._is_known(value):
                found += [each for one in last(self._work, value.made) for each in self._branches(one, hops - 1)]
            elif isinstance(value, Unknown | Instance) or (isinstance(value, Library) and "()" in value.path):
                search = Search()
                search.doubt(SET_ELSEWHERE.reason if value == SET_ELSEWHERE else HANDED_IN, self._work.site(made.call))
                found.append(self._named(made, search))
        return found

    def _is_known(self, value: Library) -> bool:
        """Whether the catalog knows the library of a value; what another one makes may record its calls."""
        return value.path.partition(".")[0] in self._work.resolver.program.catalog.roots

    def _label(self, made: Made) -> str:
        facts = self._work.resolver.facts(made.call.path)
        expr = facts.exprs[facts.calls[made.call.call].function]
        if expr[0] == "attr" and facts.exprs[expr[1]][0] == "name" and str(facts.exprs[expr[1]][1])[:1].isupper():
            return f"{facts.exprs[expr[1]][1]}.{expr[2]}"
        return str(expr[1] if expr[0] == "name" else expr[2] if expr[0] == "attr" else "client")

    # -- settings added after the construction

    def _configured(self, use: Use, search: Search) -> None:
        """`with_config(callbacks=...)` and `bind(callbacks=...)` on the way from the constructor to the call."""
        if not use.value.path.startswith("langchain"):
            return
        facts = self._work.resolver.facts(use.ref.path)
        function = facts.exprs[facts.calls[use.ref.call].function]
        for ref in self._chain(use.ref.path, function[1] if function[0] == "attr" else -1):
            self._arguments.keywords(ref, search)
            call = self._work.resolver.call(ref)
            expr = self._work.resolver.facts(ref.path).exprs[call.function]
            configs = [value for name, value in call.keywords if name == "config"]
            if expr[2] == "with_config":
                configs += call.arguments[:1]
            for config in configs:
                values = self._work.resolver.values(ref.path, config)
                # what `with_config` is given is nearly always a name or tags: only a dict that is seen counts
                known = tuple(value for value in values if isinstance(value, Mapping))
                self._arguments.config(known, self._work.site(ref), search)

    def _chain(self, path: str, index: int) -> Iterator[CallRef]:
        """The configuring calls that a receiver is made of, through variables of the same scope."""
        facts = self._work.resolver.facts(path)
        pending, seen = [index], set[int]()
        while pending:
            at = pending.pop()
            if at < 0 or at in seen:
                continue
            seen.add(at)
            expr: Expr = facts.exprs[at]
            if expr[0] == "call":
                function = facts.exprs[facts.calls[expr[1]].function]
                if function[0] == "attr":
                    if function[2] in CONFIGURING:
                        yield CallRef(path, expr[1])
                    pending.append(function[1])
            elif expr[0] == "name":
                definitions = expr[2] or facts.scopes[0].finals.get(expr[1], ())
                found = (facts.definitions[one] for one in definitions)
                pending += [one.value for one in found if one.kind == "assign" and not one.path]
            elif expr[0] == "attr":
                written = [one.value for one in facts.writes if one.kind == "attribute" and one.key == expr[2]]
                pending += written or [expr[1]]
            elif expr[0] == "await":
                pending.append(expr[1])
            elif expr[0] == "binop" and expr[1] == "|":
                pending += [expr[2], expr[3]]
