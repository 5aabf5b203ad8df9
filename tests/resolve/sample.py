"""Small repositories for the resolver, and its answers in words."""

from __future__ import annotations

from collections.abc import Mapping as Files
from dataclasses import dataclass
from functools import lru_cache

from mltradeoff_lint.catalog.index import Catalog
from mltradeoff_lint.catalog.load import load_catalog
from mltradeoff_lint.model.declarations import Declaration
from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.reading import read_tree
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Class,
    Function,
    FunctionRef,
    Instance,
    Items,
    Library,
    Literal,
    Mapping,
    Module,
    Template,
    Value,
    Values,
)
from mltradeoff_lint.resolve.modules import Modules
from mltradeoff_lint.resolve.program import Program
from mltradeoff_lint.resolve.resolver import WholeProgram
from mltradeoff_lint.tree.memory import MemoryTree


@lru_cache
def catalog_of(imports: frozenset[str]) -> Catalog:
    """The catalog of some import roots, loaded once."""
    return load_catalog(imports)


@dataclass(frozen=True)
class Repository:
    """A resolved repository in memory."""

    program: Program
    resolver: WholeProgram

    def call(self, path: str, name: str) -> CallRef:
        """The only call of a plain name in a file."""
        facts = self.resolver.facts(path)
        (number,) = [
            number for number, call in enumerate(facts.calls) if facts.exprs[call.function][:2] == ("name", name)
        ]
        return CallRef(path, number)

    def values(self, path: str = "app.py", name: str = "probe") -> Values:
        """What the argument of the only call of `probe` in a file can be."""
        ref = self.call(path, name)
        return self.resolver.values(path, self.resolver.call(ref).arguments[0])

    def probe(self, path: str = "app.py", name: str = "probe") -> list[str]:
        """The same in words, sorted."""
        return sorted(self.say(value) for value in self.values(path, name))

    def function(self, path: str, qualname: str) -> FunctionRef:
        """A function by its qualified name."""
        scopes = self.resolver.facts(path).scopes
        (number,) = [number for number, one in enumerate(scopes) if one.qualname == qualname]
        return FunctionRef(path, number)

    def say(self, value: Value) -> str:
        """A value in words: `'text'`, `lib.path`, `Name()` for an object, `def name`, `class Name`, `?` for unknown."""
        match value:
            case Literal():
                return repr(value.value)
            case Template():
                return f"f{value.text!r}"
            case Library():
                return value.path
            case Function():
                return f"def {self.resolver.scope(value.ref).qualname}"
            case Class():
                return f"class {self.resolver.class_fact(value.ref).qualname}"
            case Instance():
                return f"{self.resolver.class_fact(value.ref).qualname}()"
            case Module():
                return f"module {value.path}"
            case Items():
                inner = ", ".join("|".join(map(self.say, item)) for item in value.items)
                return f"[{inner}{', ...' if value.is_open else ''}]"
            case Mapping():
                pairs = ", ".join(f"{key}: {'|'.join(map(self.say, item))}" for key, item in value.entries)
                return f"{{{pairs}{', ...' if value.is_open else ''}}}"
            case Unknown():
                return "?"
        return type(value).__name__


def repository(
    files: Files[str, str] | str, declarations: tuple[Declaration, ...] = (), imports: frozenset[str] | None = None
) -> Repository:
    """Read and resolve files; one text alone is `app.py`."""
    tree = MemoryTree({"app.py": files} if isinstance(files, str) else files)
    read = read_tree(tree, lambda path: False)
    contents = {path: file.content for path, file in read.facts.items()}
    python = {path: content for path, content in contents.items() if isinstance(content, PythonFacts)}
    if imports is None:
        imported = (one for content in python.values() for one in content.imports if not one.level)
        imports = frozenset(one.module.partition(".")[0] for one in imported)
    catalog = catalog_of(imports)
    modules = Modules([*python, *read.unread], [file.path for file in tree.files()], catalog.roots)
    program = Program(read.facts, catalog, modules, declarations, frozenset(read.unread))
    return Repository(program, WholeProgram(program))


def probe(files: Files[str, str] | str, path: str = "app.py", name: str = "probe") -> list[str]:
    """What the argument of the only `probe(...)` of a file can be, in words."""
    return repository(files).probe(path, name)
