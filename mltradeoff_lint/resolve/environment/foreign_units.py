"""Units that run no Python of the repository: databases, proxies, pages that are built from a folder of their own.

A unit is foreign only where that is certain: its image is a known piece of infrastructure, or its Dockerfile builds on
a bare system or another language, installs no Python package, and neither the folder it is built from nor one that is
mounted into it holds Python. Any other unit may run code of the repository.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator

from mltradeoff_lint.catalog.infrastructure_images import is_bare_base, is_infrastructure
from mltradeoff_lint.model.declarations import Unit
from mltradeoff_lint.model.facts import Dockerfile, Instruction
from mltradeoff_lint.model.repository_path import folder_of, from_folder, upwards
from mltradeoff_lint.resolve.interface import Resolver

_BRINGS_PYTHON = re.compile(
    r"\b(?:pip3?|pipx|uv|uvx|poetry|conda|mamba|micromamba|pdm|pipenv|git|python3? -m|easy_install)\b|\.(?:py|whl)\b"
)
"""Words of a build or a start that put Python packages or a repository into an image, or run them."""

_STAGE = re.compile(r"(\S+)(?:\s+as\s+(\S+))?", re.IGNORECASE)
_OWN = re.compile(r"(?:.*\.)?(?:docker|container)file(?:\..*)?|.*\.(?:env|ya?ml)|\.env.*", re.IGNORECASE)
"""Files that stand beside a Dockerfile and say nothing of what the folder around it holds."""


class ForeignUnits:
    """Answers whether a unit is known to run no Python of the repository."""

    def __init__(self, resolver: Resolver, folders: Collection[str]) -> None:
        """Take the folders that hold Python, those around them included."""
        self._resolver = resolver
        unread = {above for path in resolver.program.unread_modules() for above in upwards(folder_of(path))}
        self._with_code = frozenset({*folders, *unread})

    def is_foreign(self, unit: Unit) -> bool:
        """Whether a unit runs an image of infrastructure, or one that is built without any Python of the repository."""
        if not unit.folders:
            return is_infrastructure(unit.image)
        path = unit.dockerfile or (unit.site.path if unit.platform == "dockerfile" else "")
        file = self._resolver.program.file(path) if path else None
        if file is None or not isinstance(file.content, Dockerfile):
            return False
        is_told = bool(unit.dockerfile)
        built = [from_folder(folder_of(unit.site.path), one) for one in unit.folders] if is_told else [folder_of(path)]
        if any(one is None or one in self._with_code for one in built) or not self._is_bare(file.content):
            return False
        return not self._is_mounted(unit) and (is_told or self._stands_alone(path, file.content))

    def _is_bare(self, dockerfile: Dockerfile) -> bool:
        """Whether every stage builds on a known base, and none installs Python packages."""
        stages: set[str] = set()
        for one in dockerfile.instructions:
            text = " ".join(one.words)
            if one.keyword.upper() == "FROM":
                named = _STAGE.match(" ".join(word for word in text.split() if not word.startswith("--")))
                base = named[1] if named else ""
                if base.lower() not in stages and not is_bare_base(base) and not is_infrastructure(base):
                    return False
                stages.add((named[2] or "").lower() if named else "")
            elif one.keyword.upper() in ("RUN", "CMD", "ENTRYPOINT", "COPY", "ADD") and _BRINGS_PYTHON.search(text):
                return False
        return bool(stages)

    def _is_mounted(self, unit: Unit) -> bool:
        """Whether a folder that may hold Python of the repository is mounted into a unit."""
        start = folder_of(unit.site.path)
        for written in unit.mounts:
            folder = from_folder(start, written)
            if not written or folder in self._with_code or (folder is not None and self._is_python(folder)):
                return True
        return False

    def _is_python(self, path: str) -> bool:
        return path.endswith((".py", ".ipynb"))

    def _stands_alone(self, path: str, dockerfile: Dockerfile) -> bool:
        """Whether a Dockerfile is built from its own folder: no copy of it can mean Python of a folder above."""
        own = folder_of(path)
        for source in (source for one in dockerfile.instructions for source in _copied(one)):
            if from_folder(own, source) == own:
                if not self._has_files(own):
                    return False
                continue
            outer = (from_folder(above, source) for above in upwards(own)[1:])
            if any(one in self._with_code or (one and self._resolver.program.python(one)) for one in outer):
                return False
        return True

    def _has_files(self, folder: str) -> bool:
        """Whether a folder holds settings of a program, so that copying all of it makes one."""
        documents = self._resolver.program.documents_inside(folder) if folder else ()
        return any(not _OWN.fullmatch(posixpath.basename(one)) for one in documents)


def _copied(one: Instruction) -> Iterator[str]:
    """What an instruction copies out of the build context; of a pattern, the folder it looks in."""
    words = list(one.words) if one.is_exec else " ".join(one.words).split()
    if one.keyword.upper() not in ("COPY", "ADD") or any(word.startswith("--from") for word in words):
        return
    for source in [word for word in words if not word.startswith("--")][:-1]:
        if "://" not in source:
            yield (posixpath.dirname(source) if re.search(r"[*?\[]", source) else source).lstrip("/") or "."
