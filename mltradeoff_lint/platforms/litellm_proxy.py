"""LiteLLM: what its proxy, or an application that passes its settings on, records of each model call."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.declarations import Declaration, Instrumentation
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents, FileFacts
from mltradeoff_lint.model.source import Site

PRODUCT = "LiteLLM"
_CALLBACKS = ("success_callback", "callbacks")
_CALL_FACETS = ("tokens", "cost", "latency")
_SPEND_FACETS = ("tokens", "cost", "latency", "tenant")


def applies(path: str, facts: FileFacts) -> bool:
    """Whether a document has the tables of a LiteLLM proxy, or a `litellm` table of callbacks."""
    return isinstance(facts.content, Documents) and any(
        _is_proxy(root) or root.get("litellm") is not None for root in facts.content.roots
    )


def read(facts: FileFacts) -> tuple[Declaration, ...]:
    """Metering of the proxy: a callback or a database is on, an empty list is off.

    A `litellm` table belongs to an application that reads it itself: callbacks in it are `unknown`.
    """
    if not isinstance(facts.content, Documents):
        return ()
    found: list[Declaration] = []
    for root in facts.content.roots:
        if _is_proxy(root):
            found += _callbacks(facts.path, root, "litellm_settings", "gateway", "on")
            found += _database(facts.path, root)
        elif root.get("litellm") is not None:
            found += _callbacks(facts.path, root, "litellm", "litellm", "unknown")
    return tuple(found)


def _is_proxy(root: Entry) -> bool:
    models = root.get("model_list")
    return (models is not None and models.kind == "seq") or root.get("litellm_settings") is not None


def _callbacks(path: str, root: Entry, table: str, reach: str, state: str) -> Iterator[Instrumentation]:
    for key in _CALLBACKS:
        entry = root.get(table, key)
        if entry is None or entry.kind == "map":
            continue
        names = [item.value for item in entry.items] if entry.kind == "seq" else [entry.value]
        named = [name for name in names if name]
        how = f"{table}.{key} = [{', '.join(named)}]"
        seen = state if not named or any("." not in name and "${" not in name for name in named) else "unknown"
        yield Instrumentation(PRODUCT, seen if named else "off", _CALL_FACETS, reach, how, Site(path, entry.span))


def _database(path: str, root: Entry) -> Iterator[Instrumentation]:
    entry = root.get("general_settings", "database_url")
    if entry is not None and entry.kind == "str" and entry.value:
        how = "general_settings.database_url: the proxy logs spend by key"
        state = "off" if root.is_true("general_settings", "disable_spend_logs") else "on"
        yield Instrumentation(PRODUCT, state, _SPEND_FACETS, "gateway", how, Site(path, entry.span))
