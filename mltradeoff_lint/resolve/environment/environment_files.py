"""Environment files that code names: which file a name means, what it sets, and which files code loads."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.declarations import EnvBinding
from mltradeoff_lint.model.environment import in_order
from mltradeoff_lint.model.facts import NONE, Shell
from mltradeoff_lint.model.repository_path import from_folder, upwards
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import CallRef, Frame, Library, text_of
from mltradeoff_lint.resolve.environment.units import UnitFolders
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.selectors import pick

USUAL = ".env"
"""The file that is loaded when none is named (python-dotenv, decouple and pydantic's documentation agree on it)."""

STAND_INS = (".env", ".env.local", ".env.default", ".env.defaults", ".env.example", ".env.sample", ".env.template")
"""Where a private `.env` is kept out of git, the committed file that is copied to it; the first that exists counts."""


class EnvironmentFiles:
    """Finds environment files and what they set."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def bindings(self, path: str, provenance: str) -> tuple[EnvBinding, ...]:
        """What a file sets, in order; empty when there is no such environment file."""
        file = self._resolver.program.file(path)
        if file is None or not isinstance(file.content, Shell):
            return ()
        return tuple(
            EnvBinding(
                one.name,
                value,
                Site(path, one.span),
                "dotenv",
                provenance,
                text,
            )
            for one, value, text in in_order(file.content.assignments)
        )

    def find(self, name: str, seen_from: str) -> str | None:
        """The file a name means in a module: beside it or in a folder above, as the loaders search; None when none is.

        A name that is absolute or has open parts means the nearest file that its last part fits: an image or a
        deployment gives the folder another name than the repository does.
        """
        tail = name.rpartition("}")[2].lstrip("/")
        wanted = name if tail == name and not posixpath.isabs(name) else posixpath.basename(tail)
        for folder in upwards(posixpath.dirname(seen_from)):
            path = from_folder(folder, wanted) if wanted else None
            file = self._resolver.program.file(path) if path else None
            if file is not None and isinstance(file.content, Shell):
                return path
        return None

    def nearest(self, seen_from: str) -> str | None:
        """The environment file that is loaded when none is named, or the committed one that stands in for it."""
        for folder in upwards(posixpath.dirname(seen_from)):
            for name in STAND_INS:
                path = f"{folder}/{name}" if folder else name
                file = self._resolver.program.file(path)
                if file is not None and isinstance(file.content, Shell):
                    return path
        return None

    # -- files that code loads

    def loaded(self) -> tuple[tuple[str, str], ...]:
        """(folder, file) of each environment file that code loads by name; the folder's code runs with it."""
        found: dict[tuple[str, str], None] = {}
        units = UnitFolders(self._resolver)
        for ref, meaning in self._loads():
            facts = self._resolver.facts(ref.path)
            for selector in meaning.selectors("file"):
                expr = pick(facts, ref, selector)
                for name in self._names(ref.path, expr, None) if expr != NONE else ():
                    file = self.find(name, ref.path)
                    if file is not None:
                        project = self._resolver.program.modules.project_of(ref.path)
                        found[project or units.outside(ref.path), file] = None
        return tuple(found)

    def _loads(self) -> Iterator[tuple[CallRef, Meaning]]:
        """The calls that load a named file into the environment, tests left out."""
        program = self._resolver.program
        rows = [one for one in program.catalog.rows("calls") if one.selectors("file")]
        names = {one.path.removesuffix("()").rpartition(".")[2] for one in rows if one.kind == "environment"}
        for path in program.python_paths() if names else ():
            if is_test(path):
                continue
            facts = self._resolver.facts(path)
            for number, call in enumerate(facts.calls):
                expr = facts.exprs[call.function]
                last = expr[2] if expr[0] == "attr" else expr[1] if expr[0] == "name" else ""
                if last not in names or not (call.arguments or call.keywords):
                    continue
                for value in self._resolver.values(path, call.function):
                    if isinstance(value, Library):
                        yield from (
                            (CallRef(path, number), one)
                            for one in program.meanings("calls", value.path)
                            if one.kind == "environment" and one.selectors("file")
                        )

    def _names(self, path: str, expr: int, frame: Frame | None) -> Iterator[str]:
        for value in self._resolver.values(path, expr, frame):
            name = text_of(value)
            if name:
                yield name
