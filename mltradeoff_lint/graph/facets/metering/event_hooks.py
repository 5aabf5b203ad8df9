"""Hooks of the HTTP client that an SDK sends its requests with: one that reads the answers may record their usage."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import (
    Function,
    FunctionRef,
    Instance,
    Items,
    Library,
    Literal,
    Made,
    Mapping,
    Value,
)

_GIVEN = frozenset({"http_client", "http_async_client", "httpx_client", "async_client"})
"""Keywords by which SDKs take the HTTP client that they send their requests with."""

_CLIENTS = ("httpx.", "openai.DefaultHttpxClient", "openai.DefaultAsyncHttpxClient", "anthropic.Default")

_BODY = frozenset({"json", "read", "aread", "text", "content", "iter_bytes", "iter_text", "iter_lines", "iter_raw"})
"""What gives the body of an answer."""


def event_hooks(work: Workspace, made: Made) -> Iterator[tuple[str, Site]]:
    """Why the HTTP client of a construction may record what its calls use, with the places; nothing where it cannot."""
    yield from _of_client(work, made)
    for name, expr in work.resolver.call(made.call).keywords:
        for value in work.resolver.values(made.call.path, expr, made.frame) if name in _GIVEN else ():
            if isinstance(value, Library) and value.path.startswith(_CLIENTS):
                for inner in value.made:
                    yield from _of_client(work, inner)


def _of_client(work: Workspace, made: Made) -> Iterator[tuple[str, Site]]:
    for name, expr in work.resolver.call(made.call).keywords:
        if name not in ("event_hooks", "transport"):
            continue
        for value in work.resolver.values(made.call.path, expr, made.frame):
            reason = _transport(work, value) if name == "transport" else _hooks(work, value)
            if reason:
                yield reason, work.site(made.call)


def _transport(work: Workspace, value: Value) -> str:
    """Why a transport of the repository may record."""
    if not isinstance(value, Instance):
        return ""
    return f"the transport `{work.resolver.class_fact(value.ref).name}` of the HTTP client sees every answer"


def _hooks(work: Workspace, value: Value) -> str:
    """Why the hooks that are called with answers may record; empty where none of them reads one."""
    if value == Literal(None):
        return ""
    given = value.get("response") if isinstance(value, Mapping) else None
    if given is None:
        is_told = isinstance(value, Mapping) and not value.is_open
        return "" if is_told else "the hooks of the HTTP client did not resolve"
    for one in given:
        for hook in [each for item in one.items for each in item] if isinstance(one, Items) else [one]:
            if not isinstance(hook, Function):
                return "a hook of the HTTP client did not resolve"
            if _reads(work, hook.ref):
                return f"the hook `{work.function_name(hook.ref)}` of the HTTP client reads every answer"
    return ""


def _reads(work: Workspace, function: FunctionRef) -> bool:
    """Whether a hook reads the body of the answer it is called with, or hands the answer on."""
    facts = work.resolver.facts(function.path)
    names = {one.name for one in work.resolver.scope(function).parameters}
    inside = (expr for at, expr in enumerate(facts.exprs) if facts.expr_scopes[at] == function.scope)
    if any(expr[0] == "attr" and expr[2] in _BODY for expr in inside):
        return True
    calls = (call for call in facts.calls if call.scope == function.scope)
    given = (expr for call in calls for expr in (*call.arguments, *(one for _, one in call.keywords)))
    return any(facts.exprs[expr][0] == "name" and facts.exprs[expr][1] in names for expr in given)
