"""Libraries whose functions the repository replaces: what its own wrapper records is not followed."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.graph.facets.metering.recorded import Recorded
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import Library, known_texts

WRAPPERS = frozenset({"wrap_function_wrapper", "patch_function_wrapper", "wrap_object", "wrap_object_attribute"})
"""Functions of wrapt that replace a function of another module by name."""


def patched_libraries(work: Workspace, path: str) -> Iterator[tuple[str, Recorded]]:
    """The roots of the libraries that a module patches."""
    facts = work.resolver.facts(path)
    for root, site in (*_wrapped(work, path, facts), *_replaced(work, path, facts)):
        yield root, Recorded(root, ("tokens",), f"`{root}` is patched by code of the repository", site)


def _wrapped(work: Workspace, path: str, facts: PythonFacts) -> Iterator[tuple[str, Site]]:
    """`wrap_function_wrapper("openai.resources.chat.completions", "Completions.create", ours)`."""
    for call in facts.calls:
        function = facts.exprs[call.function]
        name = function[1] if function[0] == "name" else function[2] if function[0] == "attr" else ""
        if name in WRAPPERS:
            targets = [value for key, value in call.keywords if key in ("module", "target")]
            for expr in (*call.arguments[:1], *targets):
                for text in known_texts(work.resolver.values(path, expr)):
                    yield text.partition(".")[0], Site(path, call.span)


def _replaced(work: Workspace, path: str, facts: PythonFacts) -> Iterator[tuple[str, Site]]:
    """`openai.ChatCompletion.create = ours`."""
    catalog = work.resolver.program.catalog
    for write in facts.writes:
        if write.kind != "attribute" or not catalog.is_member(str(write.key)):
            continue
        for value in work.resolver.values(path, write.base):
            if isinstance(value, Library) and not value.made:
                meanings = catalog.meanings("calls", catalog.member(value.path, str(write.key)))
                if any(meaning.kind == "model-call" for meaning in meanings):
                    yield value.path.partition(".")[0], Site(path, write.span)
