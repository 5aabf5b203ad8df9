"""What is put in place of the parameters of a notebook: by command lines of papermill, and by code that runs it.

A parameter is a name that the cell tagged `parameters` sets; the value there is its default. What a run gives stands
behind that cell, so a name that no cell sets has it too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.model.facts import Documents
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.readers import read_text
from mltradeoff_lint.resolve.command_line.command_lines import CommandLine
from mltradeoff_lint.resolve.command_line.option_values import OptionValues, as_number
from mltradeoff_lint.resolve.configuration.config_documents import document
from mltradeoff_lint.resolve.configuration.configs import Configs
from mltradeoff_lint.resolve.domain import Literal, Mapping, Value, Values, known_texts, union, unknown
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.notebooks import papermill

SUFFIX = ".ipynb"


class _Passed(NamedTuple):
    """What one run gives a parameter."""

    values: Values
    line: CommandLine


class NotebookParameters:
    """Answers what the runs of a notebook give its parameters."""

    def __init__(self, resolver: Resolver, passed: OptionValues) -> None:
        self._resolver = resolver
        self._options = passed
        self._configs = Configs(resolver)

    def values(self, path: str, name: str) -> Values:
        """All that is given, each once; empty when no run gives the parameter."""
        return union(*(one.values for one in self._passed(path, name)))

    def sites(self, path: str, name: str) -> tuple[Site, ...]:
        """The command lines and calls that give a parameter."""
        return tuple(dict.fromkeys(one.line.site for one in self._passed(path, name)))

    def given(self) -> Iterator[tuple[Site, Values]]:
        """Every parameter of a notebook outside tests, with what its runs and its default give it."""
        for path in self._resolver.program.python_paths():
            facts = self._resolver.facts(path)
            for one in facts.definitions if path.endswith(SUFFIX) and not is_test(path) else ():
                if one.kind == "injected":
                    set_by = [facts.definitions[index] for index in one.previous]
                    defaults = [self._resolver.values(path, each.value) for each in set_by if each.kind == "assign"]
                    yield Site(path, one.span), self.values(path, one.name) or union(*defaults) or unknown("no default")

    def _passed(self, path: str, name: str) -> Iterator[_Passed]:
        for line in self._options.lines.of(path):
            found = [values for one in papermill.given(line.words) if (values := self._one(one, name, line, path))]
            if found:
                yield _Passed(found[-1], line)

    def _one(self, one: papermill.Given, name: str, line: CommandLine, path: str) -> Values:
        """What one option gives a parameter; empty when it gives others."""
        if one.name:
            if one.name != name:
                return ()
            values = self._options.word(one.word, line, path)
            return values if one.flag == "-r" else tuple(_typed(value) for value in values)
        return union(*(_entry(held, name) for held in self._mappings(one, line, path)))

    def _mappings(self, one: papermill.Given, line: CommandLine, path: str) -> Iterator[Values]:
        """The mappings that a text, a file or an expression gives."""
        for value in self._options.word(one.word, line, path):
            texts = known_texts((value,))
            if not texts:
                yield (value,)
            for text in texts:
                if one.flag == "-f":
                    yield self._configs.content(line.site.path, text) or unknown("a file of parameters that is missing")
                else:
                    yield _parsed(papermill.decoded(text) if one.flag == "-b" else text, path)


def _parsed(text: str, path: str) -> Values:
    content = read_text("yaml", text, path).content
    roots = content.roots if isinstance(content, Documents) else ()
    return document(roots[0], "configured") if roots else unknown("parameters that cannot be read")


def _entry(values: Values, name: str) -> Values:
    """What mappings hold under a name; what may hold it and does not say so is unknown."""
    found: list[Values] = []
    for value in values:
        held = value.at(name) if isinstance(value, Mapping) else None
        is_open = value.is_open if isinstance(value, Mapping) else value != Literal(None)
        found.append(held or (unknown("parameters that did not resolve") if is_open else ()))
    return union(*found)


def _typed(value: Value) -> Value:
    if isinstance(value, Literal) and isinstance(value.value, str):
        constant = papermill.constant(value.value)
        return as_number(value) if isinstance(constant, str) else Literal(constant, value.provenance)
    return value
