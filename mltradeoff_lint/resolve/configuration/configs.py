"""Values of configuration files: what `yaml.safe_load(open(path))` and its kin give."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.facts import NONE, Documents, Shell
from mltradeoff_lint.model.repository_path import from_folder, upwards
from mltradeoff_lint.resolve.configuration.config_documents import document, provenance_of_file
from mltradeoff_lint.resolve.configuration.ini_files import with_defaults
from mltradeoff_lint.resolve.configuration.interpolation import interpolated
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Frame,
    Items,
    Library,
    Literal,
    Mapping,
    Template,
    Value,
    Values,
    union,
)
from mltradeoff_lint.resolve.environment.environment_files import EnvironmentFiles
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.selectors import pick
from mltradeoff_lint.resolve.values.merging import merged
from mltradeoff_lint.resolve.values.paths import inside_repository

FORMATS = frozenset({"yaml", "json", "toml", "ini", "dotenv", "settings"})
"""Formats whose files are read; `settings` takes several files, the later ones over the earlier."""

_INTERPOLATING = "omegaconf"
_PACKAGE = re.compile(r"@package\s+([\w.]+)")
_OPENERS = ("builtins.open()", "pathlib.Path().open()", "io.open()", "codecs.open()")
_TEXTS = ("pathlib.Path().read_text()", "pathlib.Path().read_bytes()")
_READ = (".read()", ".read_text()")


class Configs:
    """Finds the file a parser reads and gives its content as values."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._files = EnvironmentFiles(resolver)
        self._raw: dict[Values, Values] = {}

    def parsed(self, value: Library, site: CallRef, frame: Frame | None) -> Values | None:
        """What a call of a configuration parser gives; None when the call is no such parser or no file is found."""
        for meaning in self._resolver.program.meanings("calls", value.path):
            is_read = meaning.kind == "dataset-read" and meaning.literal("holds") == "config"
            if (is_read or meaning.kind == "parse") and meaning.literal("format") in FORMATS:
                return self._of_row(meaning, site, frame)
        return None

    def _of_row(self, meaning: Meaning, site: CallRef, frame: Frame | None) -> Values | None:
        values = self._located(meaning, site, frame)
        if meaning.literal("format") == "dotenv":
            return self._environment_file(values, site.path)
        layers: list[Values] = []
        for value in values:
            # a list of files is read in order, each over those before it
            several = value.items if isinstance(value, Items) else ((value,),)
            found = [
                content
                for one in several
                for each in one
                for name in self.names(each)
                if (content := self.content(site.path, name)) is not None
            ]
            if isinstance(value, Items) and found:
                whole: Values = ()
                for content in found:
                    whole = merged(whole, content)
                layers.append(whole)
            else:
                layers += found
        if not layers:
            return None
        content = union(*layers)
        if meaning.literal("wrapped"):
            return _wrapped(content, meaning.literal("wrapped"))
        return self.filled(content, site.path) if _INTERPOLATING in meaning.path else content

    def _located(self, meaning: Meaning, site: CallRef, frame: Frame | None) -> Values:
        facts = self._resolver.facts(site.path)
        selectors = meaning.selectors("location") or meaning.selectors("text")
        picked = (pick(facts, site, selector) for selector in selectors)
        return union(*(self._resolver.values(site.path, expr, frame) for expr in picked if expr != NONE))

    def names(self, value: Value) -> Iterator[str]:
        """The file names a value means: a text, the name of an opened handle, or of a file that was read whole."""
        if isinstance(value, Literal) and isinstance(value.value, str):
            yield value.value
        elif isinstance(value, Template):
            yield value.text
        elif isinstance(value, Library) and value.made:
            made = value.made[-1]
            path = value.path
            if path.endswith(_READ) and path.startswith(_OPENERS) and len(value.made) > 1:
                made = value.made[-2]
            elif not path.startswith((*_OPENERS, *_TEXTS)):
                return
            call = self._resolver.call(made.call)
            function = self._resolver.facts(made.call.path).exprs[call.function]
            of_path = path.startswith("pathlib.") and function[0] == "attr"
            for expr in (function[1],) if of_path else call.arguments[:1]:
                for inner in self._resolver.values(made.call.path, expr, made.frame):
                    if not isinstance(inner, Library):
                        yield from self.names(inner)

    # -- files

    def content(self, importer: str, name: str) -> Values | None:
        """The content of a configuration file named in a module; None when it is not in the repository."""
        for path in self._candidates(importer, name):
            found = self.of_file(path)
            if found is not None:
                return found
        return None

    def file_named(self, importer: str, name: str) -> str | None:
        """The configuration file that a name in a module means; None when it is not in the repository."""
        for path in self._candidates(importer, name):
            file = self._resolver.program.file(path)
            if file is not None and isinstance(file.content, Documents):
                return path
        return None

    def of_file(self, path: str) -> Values | None:
        """The content of a configuration file of the repository; None when there is no such file."""
        file = self._resolver.program.file(path)
        if file is None or not isinstance(file.content, Documents) or not file.content.roots:
            return None
        found = document(file.content.roots[0], provenance_of_file(path))
        return with_defaults(found) if file.language == "ini" else found

    def package_of(self, path: str) -> str | None:
        """The package that a comment at the head of a file gives its content (`# @package _global_`); None without."""
        file = self._resolver.program.file(path)
        found = (_PACKAGE.match(one.text) for one in file.comments) if file is not None else ()
        return next((match[1] for match in found if match), None)

    def _candidates(self, importer: str, name: str) -> Iterator[str]:
        """Where a relative name may lie: beside the module, in a folder above it, or at the only place its end fits."""
        exact = inside_repository(name)
        if exact is not None:
            yield exact
            return
        tail = name.rpartition("}")[2].lstrip("/")
        if tail == name:
            for folder in upwards(posixpath.dirname(importer)):
                path = from_folder(folder, name)
                if path:
                    yield path
        if not tail or ("/" not in tail and tail == name):
            return
        project = self._resolver.program.modules.project_of(importer)
        fitting = self._resolver.program.documents_ending(tail.removeprefix("./"), project)
        if len(fitting) == 1:
            yield fitting[0]

    def _environment_file(self, values: Values, importer: str) -> Values | None:
        """What `dotenv_values` gives: the variables of the file that is named, or of the nearest one."""
        names = [name for value in values for name in self.names(value) if name]
        paths = [self._files.find(name, importer) for name in names] if names else [self._files.nearest(importer)]
        found: list[Value] = []
        for path in paths:
            file = self._resolver.program.file(path) if path is not None else None
            if path is not None and file is not None and isinstance(file.content, Shell):
                held = self._files.bindings(path, provenance_of_file(path))
                entries = ((one.name, (Literal(one.value, one.provenance),)) for one in held if one.value is not None)
                found.append(Mapping(tuple(entries), is_open=any(one.value is None for one in held)))
        return tuple(dict.fromkeys(found)) or None

    # -- references

    def filled(self, content: Values, path: str) -> Values:
        """Content with its references filled, as a module sees it; what they were is kept for a later merge."""
        found = interpolated(self._resolver, content, path)
        self._raw.setdefault(found, content)
        return found

    def unfilled(self, content: Values) -> Values:
        """Content as it was before its references were filled."""
        return self._raw.get(content, content)


def _wrapped(content: Values, name: str) -> Values:
    """Content that its parser hands out under an attribute: `strictyaml.load(text).data` is the plain mapping."""
    return union(
        *(
            (Mapping((*one.entries, (f".{name}", (one,))), one.is_open, one.rest),)
            if isinstance(one, Mapping)
            else (one,)
            for one in content
        )
    )
