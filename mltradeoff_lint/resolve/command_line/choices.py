"""The words of which an option takes one: `choices=["train", "test"]`, `click.Choice([...])`, an enumeration.

Where no command line of the repository passes the option, it may be any of them.
"""

from __future__ import annotations

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.domain import MAX_VALUES, CallRef, Class, Items, Library, Literal, Value, Values
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects import enumerations
from mltradeoff_lint.resolve.selectors import pick

_TYPE = "click.Choice()"
_ARGUMENT = "choices"
"""The first parameter of that type."""

_WRAPPING = frozenset({"Annotated", "Optional"})

_REPEATING = ("multiple", "append", "extend")
"""By which word or action an option is told to be a list of what is passed."""


def choices_of(resolver: Resolver, ref: CallRef, meaning: Meaning) -> Values:
    """What the declaration of an option lists; empty where it lists nothing, or not all of it is known."""
    facts = resolver.facts(ref.path)
    for selector in meaning.selectors("choices"):
        expr = pick(facts, ref, selector)
        if expr != NONE and not _is_repeated(facts, ref):
            found = [one for value in resolver.values(ref.path, expr) for one in _listed(resolver, value)]
            return _known(resolver, found)
    return ()


def of_annotation(resolver: Resolver, path: str, annotation: int) -> Values:
    """The members of an enumeration that a parameter is annotated with; empty for any other annotation."""
    expr = resolver.facts(path).exprs[annotation] if annotation != NONE else ("none",)
    if expr[0] == "item" and expr[2] != NONE and last_name(resolver.facts(path).exprs[expr[1]]) in _WRAPPING:
        inner = resolver.facts(path).exprs[expr[2]]
        return of_annotation(resolver, path, inner[1][0] if inner[0] == "tuple" else expr[2])
    if expr[0] not in ("name", "attr"):
        return ()
    return _known(resolver, [one for one in resolver.values(path, annotation) if _is_enumeration(resolver, one)])


def beside(choices: Values, default: Values) -> Values:
    """Choices as what a command line may pass, without those that are the default."""
    usual = [one.value for one in default if isinstance(one, Literal)]
    return tuple(
        Literal(one.value, "configured") for one in choices if isinstance(one, Literal) and one.value not in usual
    )


def _listed(resolver: Resolver, value: Value) -> Values:
    """The lists that are meant: one itself, or those that a type of choices is made with."""
    if not isinstance(value, Library) or value.path != _TYPE or not value.made:
        return (value,)
    made = value.made[-1]
    call = resolver.call(made.call)
    given = [expr for name, expr in call.keywords if name == _ARGUMENT] or list(call.arguments[:1])
    return resolver.values(made.call.path, given[0], made.frame) if given else (value,)


def _known(resolver: Resolver, lists: list[Value]) -> Values:
    """The members of the only list, each one a word or number, and not too many of them to be told apart."""
    opened = enumerations.opened(resolver, tuple(lists))
    if len(opened) != 1 or not isinstance(opened[0], Items) or opened[0].is_open:
        return ()
    found: dict[Value, None] = {}
    for item in opened[0].items:
        if len(item) != 1 or not isinstance(item[0], Literal) or item[0].value is None:
            return ()
        found[item[0]] = None
    return tuple(found) if len(found) <= MAX_VALUES else ()


def _is_enumeration(resolver: Resolver, value: Value) -> bool:
    return isinstance(value, Class) and enumerations.is_enumeration(resolver, value.ref)


def _is_repeated(facts: PythonFacts, ref: CallRef) -> bool:
    """Whether an option gives a list, or may: it is passed more than once, or takes a number of words."""
    words = dict(facts.calls[ref.call].keywords)
    action = facts.exprs[words["action"]] if "action" in words else ("const", "store")
    is_one = "nargs" not in words or facts.exprs[words["nargs"]] in (("const", "?"), ("const", None))
    is_many = _REPEATING[0] in words and facts.exprs[words[_REPEATING[0]]] != ("const", False)
    return is_many or not is_one or action != ("const", "store")
