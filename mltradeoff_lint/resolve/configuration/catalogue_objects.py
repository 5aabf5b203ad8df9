"""Objects that entries of a data catalogue stand for: `type: langchain.ChatOpenAIDataset` hands a client to the steps.

What a class of data sets loads, and who is paid for its calls, are rows of the catalog; the entry says which model.
An entry that goes to an address of its own, or has callbacks, is not told: what it is given may record its calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.resolve.configuration.data_catalogue import CatalogueEntry, DataCatalogue, catalogue_of
from mltradeoff_lint.resolve.domain import CallRef, Library, Made, known_texts
from mltradeoff_lint.resolve.interface import Resolver

_MODEL = (("kwargs", "model"), ("kwargs", "model_name"))
_OPEN = (
    "callbacks", "base_url", "openai_api_base", "anthropic_api_url", "cohere_api_url", "api_base", "openai_proxy",
    "http_client", "http_async_client", "default_headers",
)  # fmt: skip
"""Arguments of a client by which somebody else may see its calls."""


class Loaded(NamedTuple):
    """What an entry gives to a step: the object, and what the catalog says of the call that makes it."""

    value: Library
    meanings: tuple[Meaning, ...]


def loaded(resolver: Resolver, name: str, wiring: CallRef) -> tuple[Loaded, ...]:
    """The objects of the entries of a name, as made by the call that hands them to a step; none for other data."""
    catalogue = catalogue_of(resolver)
    entries = catalogue.entries(name, wiring.path)
    return tuple(one for entry in entries for one in _loaded(resolver, catalogue, entry, wiring))


def _loaded(resolver: Resolver, catalogue: DataCatalogue, entry: CatalogueEntry, wiring: CallRef) -> Iterator[Loaded]:
    if not entry.declaration.loads or _may_be_seen(catalogue, entry):
        return
    library = resolver.program.catalog
    maker = library.canonical(entry.declaration.loads)
    load = library.member(library.called(maker), "load")
    given = library.called(load)
    if given == f"{load}()":
        return
    models = {text for route in _MODEL for text in known_texts(catalogue.text(entry, *route))}
    model = {"model": models.pop()} if len(models) == 1 else {}
    rows = [one for one in library.meanings("calls", maker) if one.kind == "client"]
    told = [Meaning(one.path, one.kind, one.library, {"provider": one.literal("provider")} | model) for one in rows]
    yield Loaded(Library(given, (Made(wiring),)), tuple(told))


def _may_be_seen(catalogue: DataCatalogue, entry: CatalogueEntry) -> bool:
    """Whether an entry or its credentials say an address or callbacks, or what they say is not written there."""
    for name in ("kwargs", "credentials"):
        held = catalogue.entry_at(entry, name)
        if held is not None and any(held.get(key) is not None for key in _OPEN):
            return True
    settings = catalogue.entry_at(entry, "kwargs")
    if settings is not None and settings.kind == "str":
        return True
    return any(held.get(key) is not None for held, _ in catalogue.credentials(entry) for key in _OPEN)
