"""Joins the facts of all files with the catalog and the declarations of configuration into one program."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mltradeoff_lint.catalog.load import load_catalog
from mltradeoff_lint.graph.workspace import Repository
from mltradeoff_lint.model.declarations import DatasetDeclaration, Declaration
from mltradeoff_lint.model.facts import FileFacts, PythonFacts
from mltradeoff_lint.platforms import declarations
from mltradeoff_lint.reading import ReadResult
from mltradeoff_lint.resolve.command_line.image_commands import with_images
from mltradeoff_lint.resolve.modules import Modules
from mltradeoff_lint.resolve.notebooks.provided import SESSION_PATH, reads_session
from mltradeoff_lint.resolve.program import Program
from mltradeoff_lint.tree import Tree

OWN_CATALOG = ".mltradeoff/catalog/"
"""Where a repository keeps library models of its own."""


def excluder(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """Whether a path is left out by the `exclude` setting."""
    if not patterns:
        return lambda path: False
    import pathspec

    return pathspec.GitIgnoreSpec.from_lines(patterns).match_file


def link(tree: Tree, read: ReadResult, *, is_recorded: bool = False) -> Program:
    """The program behind the facts of a tree; what platforms fail on is added to the problems.

    `is_recorded` keeps note of every question that is asked of it.
    Raises CatalogError for a library model of the repository's own that breaks the format.
    """
    declared: list[Declaration] = []
    for path in sorted(read.facts):
        for facts in (read.facts[path], *read.extra.get(path, ())):
            more, problems = declarations(facts)
            declared += more
            read.problems += problems
    extra = [
        (file.path, tree.read(file.path))
        for file in tree.files()
        if file.path.startswith(OWN_CATALOG) and file.path.endswith((".yaml", ".yml"))
    ]
    imported = _imported_roots(read.facts.values()) | _loading_roots(declared) | _given_roots(read.facts.values())
    catalog = load_catalog(imported, extra)
    python = [path for path, facts in read.facts.items() if isinstance(facts.content, PythonFacts)]
    modules = Modules([*python, *read.unread], [file.path for file in tree.files()], catalog.roots)
    joined = with_images(declared, read.facts.values())
    return Program(read.facts, catalog, modules, joined, frozenset(read.unread), is_recorded=is_recorded)


def _imported_roots(files: Iterable[FileFacts]) -> set[str]:
    contents = [file.content for file in files]
    return {
        one.module.partition(".")[0]
        for content in contents
        if isinstance(content, PythonFacts)
        for one in content.imports
        if not one.level
    }


def _given_roots(files: Iterable[FileFacts]) -> set[str]:
    """The roots of the libraries whose objects a notebook server gives."""
    given = (isinstance(one.content, PythonFacts) and reads_session(one.path, one.content) for one in files)
    return {SESSION_PATH.partition(".")[0]} if any(given) else set()


def _loading_roots(declared: Iterable[Declaration]) -> set[str]:
    """The import roots of the classes that data catalogues name."""
    return {one.loads.partition(".")[0] for one in declared if isinstance(one, DatasetDeclaration)} - {""}


def repository(tree: Tree, read: ReadResult) -> Repository:
    """What is known of the files of a tree without reading them."""
    files = tree.files()
    attributes = next((tree.read(file.path) for file in files if file.path == ".gitattributes"), b"")
    return Repository(
        tracked=frozenset(file.path for file in files if file.is_tracked),
        present=frozenset(file.path for file in files),
        facts=read.facts,
        mentions=read.mentions,
        attributes=attributes.decode("utf-8", "replace"),
        has_git=tree.knows_tracking,
        extra=read.extra,
        left_out=frozenset(problem.site.path for problem in tree.problems),
    )
