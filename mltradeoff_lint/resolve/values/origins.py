"""Where the text behind a value is written down: a constant, a variable of a script, a line of configuration.

It is the line where the text is changed, so a finding about it stands there, and the way from the place of use is its
trace: function by function, through the option and the command line that passes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mltradeoff_lint.model.source import Site, Span
from mltradeoff_lint.resolve.command_line.option_values import Written
from mltradeoff_lint.resolve.configuration.composed_configs import ComposedConfigs
from mltradeoff_lint.resolve.configuration.configs import Configs
from mltradeoff_lint.resolve.domain import Frame, known_texts
from mltradeoff_lint.resolve.flow.dataflow import Dataflow
from mltradeoff_lint.resolve.flow.read_lines import read_site
from mltradeoff_lint.resolve.flow.slices import Hop, Slice
from mltradeoff_lint.resolve.resolver import WholeProgram
from mltradeoff_lint.resolve.shown_places import ANYWHERE
from mltradeoff_lint.resolve.sites import Use

MIN_TEXT = 4
"""Shorter texts stand in too many places to say where a value comes from."""

MIN_PARTS = 2
"""Parts of a template around its fields."""

_FIELD = re.compile(r"\{\w*\}")

Way = tuple[Hop, ...]


class Origins:
    """Answers where a text that some expressions give is written."""

    def __init__(self, resolver: WholeProgram, flow: Dataflow) -> None:
        self._resolver = resolver
        self._flow = flow
        self._configs = Configs(resolver)
        self._composed = ComposedConfigs(resolver, self._configs)
        self._slices: dict[tuple[str, tuple[int, ...], Frame | None], Slice] = {}

    def of(
        self, path: str, exprs: tuple[int, ...], text: str, inside: Span = ANYWHERE, frame: Frame | None = None
    ) -> Way:
        """The hops from expressions to where their text is written, which is the last one; empty if it is not found.

        A text in the code itself comes first, then what command lines pass, then environment and configuration.
        `inside` is what the expressions stand in, such as the call that reads the place they name, and `frame` the call
        through which they are looked at: what another call passes is no origin of theirs.
        """
        if len(text) < MIN_TEXT:
            return ()
        key = (path, exprs, frame)
        if key not in self._slices:
            self._slices[key] = self._flow.backward(path, exprs, frame=frame)
        piece = self._slices[key]
        found = next(self._constants(piece, text, inside), None) or self._template(piece, text)
        if found is not None:
            return found
        for ways in (self._options, self._environment, self._configuration, self._composition):
            found = next(ways(piece, text), None)
            if found is not None:
                return found
        return ()

    def _constants(self, piece: Slice, text: str, inside: Span) -> Iterator[Way]:
        for (path, expr), hops in piece.constants.items():
            facts = self._resolver.facts(path)
            if _same(str(facts.exprs[expr][1]), text):
                steps = piece.repeated.get((path, expr))
                site = read_site(self._resolver, steps, inside) if steps else _line(path, facts.lines[expr])
                yield (*hops, _written(site, text))

    def _template(self, piece: Slice, text: str) -> Way | None:
        """The only constant that is a text with fields to fill in, of which this one is made."""
        found = {
            (path, expr): hops
            for (path, expr), hops in piece.constants.items()
            if _may_become(str(self._resolver.facts(path).exprs[expr][1]), text)
        }
        if len(found) != 1:
            return None
        (((path, expr), hops),) = found.items()
        facts = self._resolver.facts(path)
        return (*hops, _written(_line(path, facts.lines[expr]), str(facts.exprs[expr][1])))

    def _options(self, piece: Slice, text: str) -> Iterator[Way]:
        for (function, position), hops in piece.options.items():
            written = self._resolver.option_written(function, position, text)
            if written is not None:
                scope = self._resolver.scope(function)
                words = f"`{scope.parameters[position].name}` of `{scope.qualname}` is an option of the command line"
                yield (*hops, Hop(Site(function.path, scope.name_span), words), *_passed(written, text))
        for (value, name), hops in piece.attributes.items():
            written = self._resolver.attribute_written(value, name, text)
            if written is not None:
                call = self._resolver.call(value.made[0].call)
                option = Hop(Site(value.made[0].call.path, call.span), f"`{name}` is an option of the command line")
                yield (*hops, option, *_passed(written, text))

    def _environment(self, piece: Slice, text: str) -> Iterator[Way]:
        for use, hops in piece.of_kind("environment"):
            names = known_texts(self._flow.sites.setting(use, "name"))
            for binding in self._resolver.variable(names[0], use.ref.path) if len(names) == 1 else ():
                if binding.value is not None and _same(binding.value, text):
                    read = Hop(
                        Site(use.ref.path, self._resolver.call(use.ref).span), f"reads the variable `{names[0]}`"
                    )
                    yield (*hops, read, _written(binding.site, text))

    def _configuration(self, piece: Slice, text: str) -> Iterator[Way]:
        """The only line of a configuration file that is read on the way and that holds the text."""
        for use, hops in piece.of_kind("dataset-read"):
            if use.meaning.literal("holds") != "config":
                continue
            read = Hop(Site(use.ref.path, self._resolver.call(use.ref).span), "reads a configuration file")
            for path in self._files(use):
                places = tuple(self._places(path, text))
                if len(places) == 1:
                    yield (*hops, read, _written(places[0], text))

    def _composition(self, piece: Slice, text: str) -> Iterator[Way]:
        """The only line of the files that a configuration is composed of which holds the text."""
        for (function, position), hops in piece.options.items():
            folder = self._composed.folder(function) if position == 0 else None
            if folder is None:
                continue
            files = self._resolver.program.documents_in(folder)
            places = [site for path in files for site in self._places(path, text)]
            if len(places) == 1:
                scope = self._resolver.scope(function)
                words = f"`{scope.parameters[position].name}` of `{scope.qualname}` is composed of files"
                yield (*hops, Hop(Site(function.path, scope.name_span), words), _written(places[0], text))

    def _files(self, use: Use) -> tuple[str, ...]:
        """The configuration files that a call reads."""
        names = [name for value in self._flow.sites.setting(use, "location") for name in self._configs.names(value)]
        found = (self._configs.file_named(use.ref.path, name) for name in names)
        return tuple(dict.fromkeys(path for path in found if path is not None))

    def _places(self, path: str, text: str) -> Iterator[Site]:
        for root in self._resolver.program.roots(path):
            for _, entry in root.walk():
                if entry.kind == "str" and _same(entry.value, text):
                    yield Site(path, entry.span)


def _passed(written: Written, text: str) -> Iterator[Hop]:
    """The command line that passes an option, what runs it, and the variables behind the word."""
    command, *above = written.commands or (None,)
    if command is not None and written.places:
        yield Hop(command, "the command line passes it")
    for site in above:
        if site is not None:
            yield Hop(site, "runs the script with the command line")
    for site in written.places[:-1]:
        yield Hop(site, "a variable hands it on")
    last = written.places[-1] if written.places else command
    if last is not None:
        yield _written(last, text)


def _written(site: Site, text: str) -> Hop:
    return Hop(site, f"`{text if len(text) <= 80 else text[:38] + '...' + text[-38:]}` is spelled out here")


def _same(text: str, wanted: str) -> bool:
    return len(text) >= MIN_TEXT and _plain(text) == _plain(wanted)


def _may_become(template: str, text: str) -> bool:
    """Whether a text is what `str.format` makes of a template, whatever the fields are filled with."""
    parts = _FIELD.split(template)
    if len(parts) < MIN_PARTS or sum(map(len, parts)) < MIN_TEXT:
        return False
    if not text.startswith(parts[0]) or not text.endswith(parts[-1]):
        return False
    at, end = len(parts[0]), len(text) - len(parts[-1])
    for part in parts[1:-1]:
        # a field is filled with something
        found = text.find(part, at + 1, end)
        if found < 0:
            return False
        at = found + len(part)
    return at < end


def _plain(text: str) -> str:
    return text.rstrip("/").removeprefix("./")


def _line(path: str, line: int) -> Site:
    return Site(path, Span(line, 0, line, 0))
