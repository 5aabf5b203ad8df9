"""What flows into what by syntax alone: operands, items, projections, and the tests that decide a constant."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from mltradeoff_lint.model.facts import NONE, Call, Definition, Expr, PythonFacts

Route = tuple[Any, ...]
"""The keys and positions of a value that are still wanted, outermost first."""

MAX_WALKED = 5
"""Calls one behind the other that a slice keeps apart.

Between what wants some data and the line that reads it stand a helper or two, what opens the file, and the object that
reads it: a chain that is cut there ends at every file that anybody opens in this way.
"""

FRAME_SELECTIONS = frozenset(
    f"pandas.DataFrame().{name}"
    for name in ("query", "filter", "xs", "isin", "get_group", "eq", "ne", "ge", "le", "gt", "lt", "sample", "head")
)
"""Methods whose arguments choose rows or columns and do not flow into the result."""

LOOKUPS = frozenset(
    {"get", "query", "filter", "xs", "get_group", "loc", "lookup", "where", "head", "tail", "sample", "take"}
)
"""Methods that, on stored data, take their arguments as keys."""

MERGES = frozenset({"pandas.merge", "pandas.DataFrame().merge", "pandas.DataFrame().join"})

_PURE = """
attr attrs builtins math cmath statistics json copy itertools collections functools operator re string decimal fractions
datetime calendar dataclasses enum typing pydantic pathlib os posixpath io csv pickle base64 hashlib asyncio concurrent
anyio contextlib logging warnings inspect numpy pandas polars pyarrow scipy sklearn torch torchvision tensorflow keras
jax xgboost lightgbm catboost onnxruntime joblib cloudpickle category_encoders feature_engine imblearn feast hsfs
hopsworks hsml mlflow fastapi starlette PIL cv2 skimage spacy nltk transformers tokenizers sentence_transformers gensim
"""
PURE_ROOTS = frozenset(_PURE.split())
"""Libraries whose calls give nothing but what they are given, unless the catalog says otherwise."""

SAY_NOTHING_OF_RESULTS = frozenset({"action", "command", "cache-look-up", "cache-write"})
"""Kinds of rows that do not tell where the result of a call comes from."""

_OF_LISTS = frozenset(dir(list)) | frozenset(dir(set)) - {"copy"}

_BRANCHES = frozenset({"then", "else", "case"})


def is_pure(path: str) -> bool:
    """Whether a library call gives nothing but what it is given."""
    return path.partition(".")[0] in PURE_ROOTS


def is_promised(paths: Collection[str], method: str, call: Call) -> bool:
    """Whether a call hands on what it is called on: `f(x).result()` of a list, which has no such method itself."""
    own = {f"builtins.list().{method}", f"builtins.set().{method}"}
    is_of_list = bool(paths) and own.issuperset(paths)
    return is_of_list and not (call.arguments or call.keywords) and method not in _OF_LISTS


def arguments(call: Call) -> Iterator[int]:
    """All argument expressions of a call."""
    yield from call.arguments
    yield from (expr for _, expr in call.keywords)


def splats(facts: PythonFacts, call: Call) -> Iterator[int]:
    """What a call passes as `*values` or `**values`."""
    yield from (facts.exprs[one][1] for one in call.arguments if facts.exprs[one][0] == "star")
    yield from (expr for name, expr in call.keywords if name is None)


def binding_scope(facts: PythonFacts, name: Expr) -> int | None:
    """The scope that binds a loaded name; None when the module does not."""
    scope = int(name[3])
    if name[2]:
        return scope
    while scope >= 0:
        one = facts.scopes[scope]
        if name[1] in one.finals and (one.kind != "class" or scope == name[3]):
            return scope
        scope = one.parent
    return 0 if any(write.kind == "global" and write.key == name[1] for write in facts.writes) else None


def source_of(definition: Definition, route: Route) -> tuple[int, Route]:
    """The expression a definition takes its value from, and the projection still wanted of it."""
    if definition.kind in ("assign", "loop", "enter"):
        steps = tuple(step for step in definition.path if not isinstance(step, (tuple, str)))
        return definition.value, (*steps, *route)
    if definition.kind in ("augment", "item", "attribute", "method", "match"):
        return definition.value, ()
    return NONE, ()


def operands(facts: PythonFacts, expr: Expr, route: Route, *, cautious: bool) -> Iterator[tuple[int, Route]]:
    """The parts of an expression that flow into it; `cautious` adds the tests and keys that decide what it is."""
    kind = expr[0]
    if kind in ("tuple", "list", "set"):
        yield from _of_display(expr, route)
    elif kind == "dict":
        yield from _of_dict(facts, expr, route, cautious)
    elif kind == "item":
        key = constant_key(facts, expr)
        yield expr[1], ((key, *route) if key is not None else ())
    elif kind in ("await", "star", "yield", "yieldfrom"):
        yield expr[1], route
    elif kind == "unary":
        yield expr[2], ()
    elif kind == "ifexp":
        yield from ((one, route) for one in expr[2:4])
        if cautious and any(_is_value(facts, one) for one in expr[2:4]):
            yield expr[1], ()
    elif kind == "boolop":
        yield from ((one, route) for one in expr[2])
    elif kind == "comp":
        yield from ((one, ()) for one in (expr[2], *expr[4]))
    elif kind == "binop":
        yield from ((one, ()) for one in expr[2:4])
    elif kind in ("compare", "other"):
        yield from ((one, ()) for one in expr[2])
    elif kind == "fstring":
        yield from ((one, ()) for one in expr[1])


def _of_display(expr: Expr, route: Route) -> Iterator[tuple[int, Route]]:
    if route and isinstance(route[0], int) and -len(expr[1]) <= route[0] < len(expr[1]):
        yield expr[1][route[0]], route[1:]
    else:
        yield from ((one, ()) for one in expr[1])


def _of_dict(facts: PythonFacts, expr: Expr, route: Route, cautious: bool) -> Iterator[tuple[int, Route]]:
    wanted = route[0] if route else None
    named = [value for key, value in expr[1] if key != NONE and facts.exprs[key] == ("const", wanted)]
    yield from ((value, route[1:] if named else ()) for value in named or [value for _, value in expr[1]])
    if cautious and not named:
        yield from ((key, ()) for key, _ in expr[1] if key != NONE)


def paired(path: str, call: Call, route: Route) -> Iterator[tuple[int, Route]]:
    """The argument of `zip` or `enumerate` that a wanted part of an element comes from."""
    first, rest = route[0], route[1:]
    if path == "builtins.enumerate":
        if first == 1 and call.arguments:
            yield call.arguments[0], rest
    elif isinstance(first, int) and first < len(call.arguments):
        yield call.arguments[first], rest


def constant_key(facts: PythonFacts, expr: Expr) -> int | str | None:
    """The key of `value[key]` when it is written out."""
    index = facts.exprs[expr[2]] if expr[2] != NONE else ("const", None)
    is_key = index[0] == "const" and isinstance(index[1], (int, str)) and not isinstance(index[1], bool)
    return index[1] if is_key else None


def deciding_tests(facts: PythonFacts, value: int, region: int) -> Iterator[int]:
    """The tests of the branches around a constant: they are what it tells (`smoker = 1` behind `if form["smoker"]`)."""
    if value == NONE or not _is_value(facts, value):
        return
    scope = facts.regions[region].scope
    while region != NONE and facts.regions[region].scope == scope:
        one = facts.regions[region]
        if one.kind in _BRANCHES and one.test != NONE:
            yield one.test
        region = one.parent


def _is_value(facts: PythonFacts, index: int) -> bool:
    """Whether an expression is a constant that says something."""
    expr = facts.exprs[index]
    if expr[0] in ("list", "tuple"):
        return any(_is_value(facts, one) for one in expr[1])
    return bool(expr[0] == "const" and expr[1] is not None)
