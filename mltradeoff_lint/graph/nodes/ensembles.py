"""Ensembles: predictions that combine several models, in code and in the configuration of model servers.

A node is made for every combination of predictions, also of folds and seeds of one model: `members` says how many
models it combines. Blends of prediction files and juries of language models are not looked for: which model wrote a
file, or which answer is voted on, cannot be told well enough.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from mltradeoff_lint.graph.facets.combination import words
from mltradeoff_lint.graph.facets.combination.identity import Identities, Member
from mltradeoff_lint.graph.facets.combination.kept import Kept
from mltradeoff_lint.graph.facets.combination.origins import Origin, Origins, Point, distinct, versions
from mltradeoff_lint.graph.facets.combination.targets import are_different_goals
from mltradeoff_lint.graph.facets.combination.terms import Mark, Terms
from mltradeoff_lint.graph.nodes.functions import add_entries, add_function
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import Import, PythonFacts
from mltradeoff_lint.model.finding import Certainty
from mltradeoff_lint.model.graph import Evidence, Node
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.model.value import Property, Unknown
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef
from mltradeoff_lint.resolve.sites import Use
from mltradeoff_lint.resolve.values.standing import regions_around

ENSEMBLE_FAMILIES = frozenset({"forest", "gradient-boosting", "boosting"})
"""Families that are ensembles of their own, so that a bag of one is an ensemble of ensembles."""

IMPORT_HOPS = 2
"""How many imports a score is followed through as an argument before it is added to another."""


WEIGHED = frozenset({"weighted sum", "weighted mean"})
"""Combinations that as well balance several goals in one score."""


@dataclass(slots=True)
class Combination:
    """A place where predictions are combined, before it is a node."""

    path: str
    scope: int
    site: Site
    combine: str
    origins: list[Origin]
    mark: Mark
    included: set[Mark] = field(default_factory=set)
    call: CallRef | None = None
    is_repeated: bool = False
    """Whether a loop combines several predictions of one expression."""

    @property
    def members(self) -> list[Member]:
        """The models, in the order in which they are combined."""
        found = {one.identity: one for origin in self.origins for one in origin.members.values()}
        return list(found.values())

    def count(self) -> int | Unknown | None:
        """How many distinct models are combined; None when nothing is combined at all."""
        predicting = [origin for origin in self.origins if origin.is_prediction]
        known = len(distinct(predicting))
        if known >= 2 and self.combine in WEIGHED and are_different_goals(self.members):
            return Unknown("the models are named after different goals, which may be weighed and not averaged")
        if known >= 2:
            return known
        if any(origin.is_unknown for origin in predicting) and (len(predicting) >= 2 or self.is_repeated):
            return Unknown("a model that is combined did not resolve")
        return 1 if len(predicting) >= 2 or (predicting and self.is_repeated) else None


class Ensembles:
    """Adds Ensemble nodes for combinations in Python code."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._identities = Identities(work)
        self._origins = Origins(work, self._identities)
        self._kept: Kept | None = None

    def add(self) -> None:
        """Add every combination; one that is part of another in the same function is told once."""
        found = list(self._estimators())
        found += _outermost([*self._means(), *self._sums()])
        for one in found:
            self._add(one)

    # -- estimators that hold others

    def _estimators(self) -> Iterator[Combination]:
        for use in self._work.sites.of_kind("estimator"):
            combine = use.meaning.literal("combine")
            origins: list[Origin] = []
            if "members" in use.meaning.settings:
                origins = [self._origin(values) for values in self._identities.listed(use, "members", None)]
                if self._identities.is_open(use, "members", None):
                    origins.append(Origin(is_unknown=True))
            elif combine == "bagging":
                origins = self._bagged(use)
            if origins:
                ref = use.ref
                scope = self._work.resolver.call(ref).scope
                mark = ("c", ref.path, ref.call)
                yield Combination(ref.path, scope, self._work.site(ref), combine, origins, mark, call=ref)

    def _origin(self, values: Sequence[object]) -> Origin:
        members = self._identities.of(tuple(values))  # type: ignore[arg-type]
        return Origin({one.identity: one for one in members}, not members)

    def _bagged(self, use: Use) -> list[Origin]:
        """A bag of forests or boosters is two ensembles in one; a bag of anything else is one model."""
        bases = [self._origin(values) for values in self._identities.listed(use, "base", None)]
        if not bases:
            return []
        label = use.value.path.rpartition(".")[2]
        bag = Member(f"class {use.value.path}", label, "bagging", "class", self._work.site(use.ref))
        families = {one.family for base in bases for one in base.members.values()}
        outer = Origin({bag.identity: bag})
        return [outer, *bases] if families and families <= ENSEMBLE_FAMILIES else [outer, outer]

    # -- averages, votes and sums of predictions

    def _means(self) -> Iterator[Combination]:
        for use in self._work.sites.of_kind("combine"):
            combine = use.meaning.literal("combine")
            if combine in ("stack", "rank mean") or not self._is_across(use):
                continue
            facts = self._work.resolver.facts(use.ref.path)
            terms = Terms(self._work, self._origins)
            exprs = self._work.sites.select(use.ref, use.meaning.selectors("operands"))
            origins = [one for expr in exprs for one in terms.of_elements(Point(use.ref.path, expr))]
            if origins:
                call = facts.calls[use.ref.call]
                index = facts.exprs.index(("call", use.ref.call))
                mark = ("e", use.ref.path, index)
                if use.value.path.endswith("sum"):
                    combine = words.of_sum_call(facts, index, exprs[0], origins)
                yield Combination(
                    use.ref.path, call.scope, self._work.site(use.ref), combine, origins, mark, terms.included, use.ref,
                    is_repeated=True,
                )  # fmt: skip

    def _is_across(self, use: Use) -> bool:
        """Whether a mean goes across models: one of a table without an axis describes each column, and a sum that
        starts from a list joins batches."""
        facts = self._work.resolver.facts(use.ref.path)
        call = facts.calls[use.ref.call]
        if use.value.path == "builtins.sum":
            return len(call.arguments) < 2 or facts.exprs[call.arguments[1]][0] == "const"
        if not use.value.path.startswith("pandas."):
            return True
        given = [*call.arguments[:1], *(expr for name, expr in call.keywords if name == "axis")]
        return any(facts.exprs[expr] in (("const", 1), ("const", "columns")) for expr in given)

    def _sums(self) -> Iterator[Combination]:
        for path in sorted(self._near_predictions()):
            facts = self._work.resolver.facts(path)
            inner = {one for expr in facts.exprs if expr[0] == "binop" and expr[1] == "+" for one in expr[2:4]}
            for index, expr in enumerate(facts.exprs):
                if expr[0] == "binop" and expr[1] == "+" and index not in inner and _may_be_scores(facts, index):
                    yield from self._sum(path, facts, index)
            for index, definition in enumerate(facts.definitions):
                if (
                    definition.kind == "augment"
                    and definition.path == ("Add",)
                    and _may_be_scores(facts, definition.value)
                ):
                    yield from self._augment(path, facts, index)

    def _near_predictions(self) -> set[str]:
        """The files that scores can reach: those of functions above a prediction, and what these import."""
        work = self._work
        holders = {work.reach.holder(use.ref) for use in work.sites.of_kind("prediction")}
        near = {function.path for holder in holders for function in work.reach.ancestors(holder)}
        level = near
        for _ in range(IMPORT_HOPS):
            named = ((path, one) for path in level for one in work.resolver.facts(path).imports)
            found = {self._imported(path, one) for path, one in named} - near - {None}
            level = {path for path in found if path is not None}
            near = near | level
        return near

    def _imported(self, path: str, one: Import) -> str | None:
        """The file of the repository that an import reads."""
        program = self._work.resolver.program
        for dotted in (f"{one.module}.{one.name}".strip("."), one.module) if one.name else (one.module,):
            found = program.module(path, dotted, one.level)
            if found is not None and program.python(found) is not None:
                return found
        return None

    def _sum(self, path: str, facts: PythonFacts, index: int) -> Iterator[Combination]:
        leaves = words.leaves(facts, index)
        own = [number for number, one in enumerate(facts.definitions) if one.kind == "assign" and one.value == index]
        running = [number for number in own if _feeds(facts, leaves, number)]
        terms = Terms(self._work, self._origins)
        origins = terms.of_running_sum(path, running[0], leaves) if running else terms.of_sum(Point(path, index))
        if any(one.is_prediction for one in origins):
            combine = words.of_terms(facts, index, own, origins, bool(running))
            yield Combination(
                path, facts.expr_scopes[index], self._work.line_site(path, index), combine, origins, ("e", path, index),
                terms.included, is_repeated=bool(running),
            )  # fmt: skip

    def _augment(self, path: str, facts: PythonFacts, index: int) -> Iterator[Combination]:
        definition = facts.definitions[index]
        terms = Terms(self._work, self._origins)
        origins = terms.of_augment(path, index, None)
        earlier = [one for one in versions(facts, index) if one.number != index]
        for one in earlier:
            if one.definition.kind == "augment" and one.definition.path == ("Add",):
                origins += terms.of_augment(path, one.number, None)
            elif one.definition.kind == "assign" and not one.definition.path:
                origins += terms.of_sum(Point(path, one.definition.value))
        if any(origin.is_prediction for origin in origins):
            firsts = [one.definition.region for one in earlier if one.definition.kind == "assign"]
            around = set(regions_around(facts, definition.region))
            shared = {region for first in firsts for region in regions_around(facts, first)}
            repeated = any(facts.regions[region].kind in ("loop", "while") for region in around - shared)
            combine = words.of_terms(facts, definition.value, [index], origins, repeated)
            site = Site(path, definition.span)
            mark = ("d", path, index)
            yield Combination(
                path, definition.scope, site, combine, origins, mark, terms.included, is_repeated=repeated
            )

    # -- nodes

    def _add(self, one: Combination) -> None:
        count = one.count()
        if count is None:
            return
        work = self._work
        holder = work.reach.function_of(one.path, one.scope)
        name = work.cause_name(holder) or "<module>"
        identities = sorted(member.identity for member in one.members) or ["unresolved"]
        digest = hashlib.blake2b("\n".join(identities).encode(), digest_size=6).hexdigest()
        key = f"{work.module_name(one.path)}:{name}:{digest}"
        node = work.graph.add("Ensemble", key, self._label(one, holder), one.site)
        properties = self._properties(one, count, holder)
        if isinstance(count, int) and count > 1 and node.properties.get("live") is not True:
            # asked only of what is an ensemble: it takes a walk back from everything that is kept
            node.properties["live"] = self._live(one, holder)
        for prop, value in properties.items():
            node.properties.setdefault(prop, value)
        self._draw(node, one, holder)

    def _label(self, one: Combination, holder: FunctionRef) -> str:
        """The function that combines, or in a module's own code the name that is assigned."""
        facts = self._work.resolver.facts(one.path)
        if self._work.resolver.scope(holder).kind != "module":
            return self._work.function_name(holder)
        line = facts.calls[one.call.call].statement.line if one.call is not None else one.site.span.line
        kinds = ("assign", "augment")
        names = [each.name for each in facts.definitions if each.kind in kinds and each.span.line == line]
        return names[0] if names else self._work.function_name(holder)

    def _properties(self, one: Combination, count: int | Unknown, holder: FunctionRef) -> dict[str, Property]:
        members = one.members
        return {
            "combine": one.combine,
            "does": "combines",
            "members": count,
            "member_names": tuple(dict.fromkeys(member.label for member in members)),
            "families": len({m.identity if m.kind == "artefact" else m.family or m.identity for m in members}),
            "role": self._work.roles.of(holder),
            "path": one.path,
        }

    def _live(self, one: Combination, holder: FunctionRef) -> bool | Unknown:
        """Whether the combined prediction or the fitted ensemble lasts; unknown when callers elsewhere may keep it."""
        if self._kept is None:
            self._kept = Kept(self._work)
        kind, path, index = one.mark
        kept = self._kept
        if one.call in kept.calls or (kind == "e" and (path, index) in kept.expressions):
            return True
        if kind == "d" and (path, index) in kept.definitions:
            return True
        scope = self._work.resolver.scope(holder)
        if scope.kind == "module" or not scope.returns or self._work.resolver.callers(holder):
            return False
        if self._work.reach.incoming(holder):
            return Unknown(f"what `{scope.name}` gives back goes through a library")
        return Unknown(f"nothing in the repository calls `{scope.name}`, so its callers are elsewhere")

    def _draw(self, node: Node, one: Combination, holder: FunctionRef) -> None:
        """The way from every entry down to the combination, and the models it combines."""
        work = self._work
        add_entries(work, holder)
        how = f"`{work.function_name(holder)}` combines the predictions"
        certainty = Certainty.LIKELY if one.combine == "mean" and _is_guessed(one) else Certainty.RESOLVED
        node.evidence["members"] = Evidence(one.site, how, certainty)
        work.graph.link(add_function(work, holder), node.id, "performs", Evidence(one.site, how))
        for member in one.members:
            identity = member.identity.partition(" ")[2]
            model = work.graph.add(
                "Model", identity, member.label, member.site, identity=identity, family=member.family
            )
            evidence = Evidence(member.site or one.site, f"`{member.label}` is one of the members", certainty)
            work.graph.link(node.id, model.id, "combines", evidence)


def _is_guessed(one: Combination) -> bool:
    """Whether members are told apart by the classes of networks alone, which may as well be branches of one network."""
    return any(not origin.calls and origin.members for origin in one.origins) and one.call is not None


def _outermost(found: Iterable[Combination]) -> list[Combination]:
    """Combinations without those that are a part of another one; of two that hold each other, the later one stays."""
    counted = [one for one in found if one.count() is not None]
    kept: list[Combination] = []
    for position, one in enumerate(counted):
        absorbed = any(
            one.mark in other.included and (other.mark not in one.included or place > position)
            for place, other in enumerate(counted)
            if other is not one and other.path == one.path
        )
        if not absorbed:
            kept.append(one)
    return kept


def _feeds(facts: PythonFacts, leaves: Sequence[int], number: int) -> bool:
    """Whether a sum adds to the name it is assigned to, as a loop does."""
    name = facts.definitions[number].name
    return any(facts.exprs[leaf][:2] == ("name", name) and words.holds(facts, leaf, number) for leaf in leaves)


def _may_be_scores(facts: PythonFacts, index: int) -> bool:
    """Whether a sum could be one of predictions: no term is a text, a list or only constants."""
    leaves = [facts.exprs[one] for one in words.leaves(facts, index)]
    if any(leaf[0] in ("fstring", "list", "tuple", "dict", "compare", "lambda") for leaf in leaves):
        return False
    if any(leaf[0] == "const" and not isinstance(leaf[1], int | float) for leaf in leaves):
        return False
    return any(leaf[0] in ("name", "call", "item", "attr", "binop") for leaf in leaves)
