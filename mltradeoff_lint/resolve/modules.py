"""Which file is which module: project roots, dotted names, packages and imports inside the repository."""

from __future__ import annotations

import posixpath
import sys
from collections.abc import Collection

from mltradeoff_lint.model.repository_path import upwards

_ROOT_MARKERS = frozenset(
    {"pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "Pipfile", "environment.yml", "dvc.yaml"}
)

_RUN_FROM_ROOT = _ROOT_MARKERS | {"Makefile", "Dockerfile", "docker-compose.yml", "docker-compose.yaml", "compose.yaml"}
"""Files in the root that say that its code is run from there."""


class Modules:
    """The module map of a repository.

    An import is looked for relative to every folder on the way from the importing file up to the root, and to
    their `src` folders: this is where tests, scripts, notebooks and services put their own folder on the path.
    The nearest match wins, so that projects of one repository do not see each other's modules first.
    """

    def __init__(
        self, paths: Collection[str], other_files: Collection[str] = (), external: Collection[str] = ()
    ) -> None:
        self._paths = frozenset(paths)
        self._external = frozenset(external) | sys.stdlib_module_names
        self._folders = {folder for path in paths for folder in upwards(posixpath.dirname(path))}
        marked = {posixpath.dirname(path) for path in other_files if posixpath.basename(path) in _ROOT_MARKERS}
        # a marker in `src` is that of the folder around it
        roots = {posixpath.dirname(one) if posixpath.basename(one) == "src" else one for one in marked}
        self.project_roots = frozenset(roots | {""})
        at_root = {path for path in (*paths, *other_files) if "/" not in path}
        self.is_run_from_root = any(path.endswith(".py") or path in _RUN_FROM_ROOT for path in at_root)
        """Whether anything in the root says that scripts of folders that are no projects are started there."""
        self._found: dict[tuple[str, str], str | None] = {}
        self._by_tail: dict[str, list[str]] = {}
        for path in sorted(paths):
            tail = posixpath.splitext(path)[0].removesuffix("/__init__")
            self._by_tail.setdefault(posixpath.basename(tail), []).append(path)
        # a first name of an import that no file or folder has is one of a library
        self._names = {posixpath.basename(folder) for folder in self._folders} | set(self._by_tail)

    def project_of(self, path: str) -> str:
        """The nearest folder above a file that looks like a project of its own."""
        for folder in upwards(posixpath.dirname(path)):
            if folder in self.project_roots:
                return folder
        return ""

    def find(self, importer: str, dotted: str) -> str | None:
        """The file of an absolute import: a module, or a package's `__init__` (or its folder when it has none)."""
        start, relative = posixpath.dirname(importer), dotted.replace(".", "/")
        key = (start, dotted)
        if key not in self._found:
            self._found[key] = self._search(start, relative)
        found = self._found[key]
        if found == importer and posixpath.basename(found) != "__init__.py":
            # a script `openai.py` that imports openai means the library, or it would not run
            return self._search(start, relative, importer)
        return found

    def _search(self, start: str, relative: str, importer: str = "") -> str | None:
        root = relative.partition("/")[0]
        if root not in self._names:
            return None
        folders = upwards(start)
        # the inside of a package is on nobody's path: `import openai` beside an `openai.py` there is the library
        inside = [folder for folder in folders if f"{folder}/__init__.py" in self._paths]
        for folder in [folder for folder in folders if folder not in inside]:
            for base in (folder, _inside(folder, "src")):
                found = self.at(_inside(base, relative))
                if found not in (None, importer) and (found in self._paths or root not in self._external):
                    return found
        if root in self._external:
            return None
        for folder in inside:
            found = self.at(_inside(folder, relative))
            if found not in (None, importer):
                return found
        return self._elsewhere(start, relative)

    def _elsewhere(self, start: str, relative: str) -> str | None:
        """A package whose source folder has another name, or of another project: the only module, or the nearest."""
        last = posixpath.basename(relative)
        found = [path for path in self._by_tail.get(last, ()) if _tail_matches(path, relative)]
        if "/" not in relative:
            # a bare name is that of a package only where a project keeps its packages
            found = [path for path in found if path.endswith("/__init__.py") and self._is_installed(path)]
        near = [path for path in found if self.project_of(path) == self.project_of(posixpath.join(start, "x"))]
        found = near or _sharing_most(found, start)
        return found[0] if len(found) == 1 else None

    def _is_installed(self, package: str) -> bool:
        """Whether a package stands where installing its project finds it: in the project's folder or its `src`."""
        above = posixpath.dirname(posixpath.dirname(package))
        root = self.project_of(package)
        return root != "" and above in (root, f"{root}/src")

    def relative(self, importer: str, level: int, dotted: str) -> str | None:
        """The file of a relative import; None when it leads out of the repository."""
        folder = posixpath.dirname(importer)
        for _ in range(level - 1):
            if not folder:
                return None
            folder = posixpath.dirname(folder)
        return self.at(posixpath.join(folder, dotted.replace(".", "/")) if dotted else folder)

    def at(self, stem: str) -> str | None:
        """The module at a path without its suffix; a namespace package is its folder."""
        stem = posixpath.normpath(stem) if "//" in stem or "." in stem or stem.endswith("/") else stem
        for candidate in (f"{stem}.py", _inside(stem, "__init__.py"), f"{stem}.ipynb"):
            if candidate in self._paths:
                return candidate
        return stem if stem in self._folders and stem not in ("", ".") else None

    def child(self, package: str, name: str) -> str | None:
        """A submodule of a package (its `__init__` file or its folder)."""
        folder = posixpath.dirname(package) if package.endswith("__init__.py") else package
        return None if folder.endswith((".py", ".ipynb")) else self.at(posixpath.join(folder, name))

    def name_of(self, path: str) -> str:
        """The dotted name a reader knows a module by, relative to its project."""
        root = self.project_of(path)
        inside = path[len(root) + 1 :] if root else path
        stem = posixpath.splitext(inside)[0].removesuffix("/__init__").removeprefix("src/")
        return stem.replace("/", ".")


def _inside(folder: str, name: str) -> str:
    """A path inside a folder, the root being empty; much cheaper than `posixpath.join` on this hot path."""
    return f"{folder}/{name}" if folder else name


def _sharing_most(paths: list[str], start: str) -> list[str]:
    """Of several copies of a module, those that share the most folders with a place; all when none shares any."""
    above = upwards(start)[:-1]
    for folder in above:
        shared = [path for path in paths if path.startswith(f"{folder}/")]
        if shared:
            return shared
    return paths


def _tail_matches(path: str, relative: str) -> bool:
    tail = posixpath.splitext(path)[0].removesuffix("/__init__")
    return tail == relative or tail.endswith("/" + relative)
