"""Parameters of Databricks notebooks: what `dbutils.widgets.get(NAME)` gives.

A run gives a value, by `dbutils.notebook.run` or a job's `base_parameters`; else the call that makes the widget does.
Source: https://docs.databricks.com/notebooks/widgets.html
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.command_line.argument_parsers import as_default
from mltradeoff_lint.resolve.domain import CallRef, Frame, Hole, Library, Template, Values, known_texts, union, unknown
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.selectors import pick


def read(resolver: Resolver, meaning: Meaning, site: CallRef, frame: Frame | None) -> Values:
    """What a call gives that reads a parameter; one that nobody gives and no widget has a default for is a hole."""
    names = known_texts(_picked(resolver, meaning, "name", site, frame))
    if not names:
        return unknown("a parameter with a computed name")
    return union(*(_value(resolver, site.path, name) for name in names))


def _value(resolver: Resolver, path: str, name: str) -> Values:
    given = resolver.notebook_parameter(path, name)
    defaults = dict(resolver.program.ask("widgets", path, lambda: tuple(_defaults(resolver, path))))
    return union(given, as_default(defaults.get(name, ()))) or (Template((Hole(f"option:{name}"),)),)


def _defaults(resolver: Resolver, path: str) -> Iterator[tuple[str, Values]]:
    """The widgets that a module makes, each with its default."""
    facts = resolver.facts(path)
    for number, call in enumerate(facts.calls):
        function = facts.exprs[call.function]
        if function[0] != "attr" or facts.exprs[function[1]][2:] != ("widgets",):
            continue
        for value in resolver.values(path, call.function):
            for meaning in resolver.program.meanings("calls", value.path) if isinstance(value, Library) else ():
                if meaning.kind == "notebook-parameter" and meaning.selectors("default"):
                    site = CallRef(path, number)
                    for name in known_texts(_picked(resolver, meaning, "name", site, None)):
                        yield name, _picked(resolver, meaning, "default", site, None)


def _picked(resolver: Resolver, meaning: Meaning, setting: str, site: CallRef, frame: Frame | None) -> Values:
    picked = (pick(resolver.facts(site.path), site, selector) for selector in meaning.selectors(setting))
    return union(*(resolver.values(site.path, expr, frame) for expr in picked if expr != NONE))
