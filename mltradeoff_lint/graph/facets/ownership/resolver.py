"""The owner of any place of the repository, by the first source that names one."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mltradeoff_lint.graph.facets.ownership.codeowners import PLACES, Codeowners, OwnerRule, is_gitlab_file
from mltradeoff_lint.graph.facets.ownership.patterns import compile_pattern
from mltradeoff_lint.graph.facets.ownership.placeholders import is_placeholder, real_owners
from mltradeoff_lint.graph.facets.ownership.written import WrittenOwners
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.declarations import OwnerDeclaration
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents, OwnersFile
from mltradeoff_lint.model.source import WHOLE_FILE, Site
from mltradeoff_lint.model.vocabulary import OWNER_STRENGTHS
from mltradeoff_lint.resolve.folders import is_test, is_tutorial

OWNERS_FILES = ("OWNERS", "MAINTAINERS", "OWNERS.md", "MAINTAINERS.md")
"""Files that name the owners of their folder; only their presence is known."""


class Owned(NamedTuple):
    """Who is named for a place, how directly, by what, and where that is written."""

    owner: str
    strength: str
    how: str
    site: Site | None = None
    rules: tuple[OwnerRule, ...] = ()
    """The CODEOWNERS rules that decide, when they do."""

    def is_at_least(self, strength: str) -> bool:
        """Whether the owner is named as directly as `strength`, or more so."""
        return OWNER_STRENGTHS.index(self.strength) <= OWNER_STRENGTHS.index(strength)


NOBODY = Owned("", "none", "nobody is named")


class Ownership:
    """Owners from settings, keys on nodes, CODEOWNERS, OWNERS files, author headers and package authors."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self.codeowners = _codeowners(work)
        self._settings = tuple((compile_pattern(key), key, owner) for key, owner in work.declared.owners.items())
        declared = [one for one in work.resolver.program.declarations() if isinstance(one, OwnerDeclaration)]
        self._declared = [one for one in declared if not is_placeholder(one.owner)]
        self._written = WrittenOwners(work)
        self._packages: dict[str, Owned] = {}

    @property
    def is_declared(self) -> bool:
        """Whether the repository names owners anywhere; the authors of a package alone are no owners."""
        rules = self.codeowners.rules if self.codeowners else ()
        declared = (one.site.path for one in self._declared)
        return (
            any(real_owners(rule.line.owners) for rule in rules)
            or bool(self._settings or self._written)
            or any(not is_test(path) and not is_tutorial(path) for path in declared)
            or any(posixpath.basename(path) in OWNERS_FILES for path in self._work.repository.present)
        )

    def of(self, path: str, line: int | None = None, names: Sequence[str] = ()) -> Owned:
        """The owner of a place: a file, a line of it, or a node that has `names` of its own.

        The first source that names one counts; the default of the whole repository waits for the other files that
        name owners of paths, since one of them may name the folder.
        """
        default: Owned | None = None
        for owned in self._named(path, line, names):
            if owned.strength != "catch-all":
                return owned
            default = default or owned
        return default or next(self._written_by(path), NOBODY)

    def _named(self, path: str, line: int | None, names: Sequence[str]) -> Iterator[Owned]:
        yield from self._set(path, names)
        yield from self._keyed(path, line, names)
        yield from self._reviewed(path)
        yield from self._kept(path)

    def _written_by(self, path: str) -> Iterator[Owned]:
        author = self._written.author(path)
        if author is not None:
            yield Owned(author.owner, "directory", author.how, author.site)
        yield from self._packaged(path)

    # -- settings, and keys on the node

    def _set(self, path: str, names: Sequence[str]) -> Iterator[Owned]:
        for pattern, key, owner in self._settings:
            if key in names:
                yield Owned(owner, "node", "the settings name it")
            elif pattern.matches(path):
                yield Owned(owner, pattern.strength(path), f"the settings name `{key}`")

    def _keyed(self, path: str, line: int | None, names: Sequence[str]) -> Iterator[Owned]:
        for one in self._declared:
            if one.strength == "node" and one.subject in names:
                yield Owned(one.owner, "node", f"{one.platform} names the owner of `{one.subject}`", one.site)
        claim = self._written.at(path, line)
        if claim is not None:
            yield Owned(claim.owner, "node", claim.how, claim.site)
        for folder in _upwards(path):
            for one in self._declared:
                if one.strength != "node" and posixpath.dirname(one.site.path) == folder:
                    how = f"{one.platform} names the owner of `{one.subject}`"
                    yield Owned(one.owner, one.strength if folder else "catch-all", how, one.site)

    # -- files that name owners of paths

    def _reviewed(self, path: str) -> Iterator[Owned]:
        if self.codeowners is None:
            return
        rules = tuple(
            rule for rule in self.codeowners.deciding(path)
            if not rule.pattern.excludes and real_owners(rule.line.owners)
        )  # fmt: skip
        if rules:
            owners = dict.fromkeys(owner for rule in rules for owner in real_owners(rule.line.owners))
            strength = min((rule.pattern.strength(path) for rule in rules), key=OWNER_STRENGTHS.index)
            where = f"line {rules[0].line.span.line} of {self.codeowners.path}"
            yield Owned(", ".join(owners), strength, where, Site(self.codeowners.path, rules[0].line.span), rules)

    def _kept(self, path: str) -> Iterator[Owned]:
        for folder in _upwards(path):
            for name in OWNERS_FILES:
                file = posixpath.join(folder, name)
                if file in self._work.repository.present:
                    strength = "directory" if folder else "catch-all"
                    yield Owned(f"see {file}", strength, f"{file} is the nearest owners file", Site(file, WHOLE_FILE))

    def _packaged(self, path: str) -> Iterator[Owned]:
        for folder in _upwards(path):
            if folder not in self._packages:
                self._packages[folder] = self._package(folder)
            if self._packages[folder] is not NOBODY:
                yield self._packages[folder]

    def _package(self, folder: str) -> Owned:
        file = posixpath.join(folder, "pyproject.toml")
        facts = self._work.repository.facts.get(file)
        if facts is not None and isinstance(facts.content, Documents) and facts.content.roots:
            for author, entry in _authors(facts.content.roots[0]):
                if not is_placeholder(author):
                    how = f"{file} names an author of the code in its folder"
                    return Owned(author, "package-author", how, Site(file, entry.span))
        citation = posixpath.join(folder, "CITATION.cff")
        if citation in self._work.repository.present:
            how = f"{citation} names authors of the code in its folder"
            return Owned(f"see {citation}", "package-author", how, Site(citation, WHOLE_FILE))
        return NOBODY


def _codeowners(work: Workspace) -> Codeowners | None:
    """The CODEOWNERS file that counts; None when there is none or it could not be read."""
    for path in PLACES:
        file = work.repository.facts.get(path)
        if file is not None and isinstance(file.content, OwnersFile):
            lines = file.content.rules
            return Codeowners(path, lines, is_gitlab_file(path, lines, work.repository.present))
        if path in work.repository.present:
            return None
    return None


def _upwards(path: str) -> Iterator[str]:
    """The folders of a path, the nearest first, the root (empty) last."""
    folder = path.rpartition("/")[0]
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""


def _authors(root: Entry) -> Iterator[tuple[str, Entry]]:
    """Authors and maintainers of a pyproject.toml, of PEP 621 and of Poetry."""
    for route in (("project", "maintainers"), ("project", "authors"), ("tool", "poetry", "authors")):
        listed = root.get(*route)
        for item in listed.items if listed is not None else ():
            name = item.value if item.kind == "str" else item.text("name") or item.text("email") or ""
            if name:
                yield name, item
