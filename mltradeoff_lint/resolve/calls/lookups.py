"""What `table.get(key, default)` and its kin give."""

from __future__ import annotations

from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.resolve.domain import Literal, Mapping, Values, is_none, known_texts, union, unknown
from mltradeoff_lint.resolve.environment.process_environment import named
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.field_data import at_key


def looked_up(
    resolver: Resolver, path: str, tables: Values, keys: Values, default: Values, *, is_key: bool = False
) -> Values:
    """What a lookup with a default gives in a module; `is_key` says that the default is the key itself.

    The default counts unless every table holds every key that is known, and a key that is not known may be any. As
    its own default a key comes out only where a table does not hold it.
    """
    texts = known_texts(keys)
    held = [one for one in tables if isinstance(one, Mapping)]
    found = {key: [at_key(resolver, one, key) for one in held] for key in texts}
    sets = [one for each in found.values() for one in each if one is not None]
    if not texts or not all(is_none(key) or known_texts((key,)) for key in keys):
        sets += [one.every for one in held]
    surely = {key for key, each in found.items() if len(each) == len(tables) and None not in each}
    if texts and len(surely) == len(keys):
        # the key is there, so the default never counts
        return union(*sets)
    sets += [named(resolver, one.rest, key, path) for one in held for key in texts[:1]]
    if is_key:
        default = tuple(one for one in default if not (isinstance(one, Literal) and one.value in surely))
    return union(*sets, default) or unknown("a key of a dict")


def is_same(facts: PythonFacts, one: int, other: int) -> bool:
    """Whether two expressions of one statement surely are one value: the same name, or part of one."""
    left, right = facts.exprs[one], facts.exprs[other]
    if left[0] != right[0]:
        return False
    if left[0] in ("name", "const"):
        return left == right
    if left[0] == "attr":
        return bool(left[2] == right[2]) and is_same(facts, left[1], right[1])
    return left[0] == "item" and is_same(facts, left[1], right[1]) and is_same(facts, left[2], right[2])
