"""What the graph builders and facets work with: the resolved program and what is known of the repository."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field

from mltradeoff_lint.graph.function_names import FunctionNames
from mltradeoff_lint.model.declared import Declarations
from mltradeoff_lint.model.facts import FileFacts
from mltradeoff_lint.model.graph import Graph
from mltradeoff_lint.model.source import Site, Span
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef
from mltradeoff_lint.resolve.flow.dataflow import Dataflow
from mltradeoff_lint.resolve.resolver import WholeProgram
from mltradeoff_lint.resolve.running.entries import Entries
from mltradeoff_lint.resolve.running.reach import Reach
from mltradeoff_lint.resolve.running.roles import Roles
from mltradeoff_lint.resolve.sites import Sites
from mltradeoff_lint.resolve.summaries.deciders import Deciders
from mltradeoff_lint.resolve.summaries.fixpoint import Summaries


@dataclass(frozen=True, slots=True)
class Repository:
    """What is known of the files without reading them."""

    tracked: frozenset[str]
    present: frozenset[str]
    facts: Mapping[str, FileFacts]
    mentions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Identifiers of Python files that could not be parsed: what they could refute is unknown."""
    attributes: str = ""
    """The text of .gitattributes."""
    has_git: bool = True
    extra: Mapping[str, list[FileFacts]] = field(default_factory=dict)
    """Further contents of a path, such as the requirements inside a pyproject.toml."""
    left_out: frozenset[str] = frozenset()
    """Paths that the tree does not list although they exist, such as submodules."""


@dataclass(slots=True)
class Workspace:
    """Everything a builder may ask, and the graph it builds."""

    resolver: WholeProgram
    sites: Sites
    flow: Dataflow
    reach: Reach
    entries: Entries
    roles: Roles
    repository: Repository
    declared: Declarations
    graph: Graph = field(default_factory=Graph)
    summaries: Summaries = field(init=False)
    deciders: Deciders = field(init=False)
    _names: FunctionNames = field(init=False)

    def __post_init__(self) -> None:
        self.summaries = Summaries(self.resolver, self.sites)
        self.deciders = Deciders(self.resolver, self.summaries)
        self._names = FunctionNames(self.resolver)

    def site(self, ref: CallRef) -> Site:
        """The place of a call."""
        return Site(ref.path, self.resolver.call(ref).span)

    def function_site(self, function: FunctionRef) -> Site:
        """The place of a function's name; the first line of a module."""
        return Site(function.path, self.resolver.scope(function).name_span)

    def module_name(self, path: str) -> str:
        """The dotted name of a module, with its project in front when the repository holds several.

        A notebook beside a script of the same name keeps its ending, since the two are two programs.
        """
        project = self.resolver.program.modules.project_of(path)
        name = self.resolver.program.modules.name_of(path)
        stem, ending = posixpath.splitext(path)
        if ending == ".ipynb" and self.resolver.program.python(f"{stem}.py") is not None:
            name += ending
        return f"{project}/{name}" if project else name

    def function_name(self, function: FunctionRef) -> str:
        """The name of a function as a reader knows it."""
        if self.resolver.scope(function).kind == "module":
            return posixpath.basename(function.path)
        return self._names.of(function)

    def function_key(self, function: FunctionRef) -> str:
        """The identity of a function, or of a module's own code, in the graph."""
        return f"{self.module_name(function.path)}:{self._names.of(function) or '<module>'}"

    def cause_name(self, function: FunctionRef) -> str:
        """The name of a function where it stands for what has to change; empty for a module's own code."""
        return self._names.of_cause(function)

    def line_site(self, path: str, expr: int) -> Site:
        """The line an expression starts on."""
        line = self.resolver.facts(path).lines[expr]
        return Site(path, Span(line, 0, line, 0))
