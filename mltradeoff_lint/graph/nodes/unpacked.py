"""Archives that are unpacked into one folder, told apart by their names: which of them a file there is from."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mltradeoff_lint.graph.nodes.local_files import tail_of
from mltradeoff_lint.graph.nodes.locations import Places
from mltradeoff_lint.graph.nodes.places import Place
from mltradeoff_lint.resolve.domain import Frame
from mltradeoff_lint.resolve.sites import Use

_ENDINGS = re.compile(r"(?:\.(?:zip|tar|gz|tgz|bz2|tbz2|xz|txz|7z|rar))+$", re.IGNORECASE)
_SEVERAL = re.compile(r"\.(?:zip|tar|tgz|tbz2|txz|7z|rar|tar\.(?:gz|bz2|xz|zst))$", re.IGNORECASE)
_INTO_HERE = "kaggle.api."
"""The client of Kaggle's API, whose `path` is the working directory by default."""

_NAMED_BY_ADDRESS = frozenset({"wget.download"})

_BETWEEN = re.compile(r"[\W_]+")


class Writing(NamedTuple):
    """One write of a place, seen through one call of the function that holds it."""

    use: Use
    frame: Frame | None
    is_download: bool = False
    """Whether it copies what the same call reads."""


def is_unpacking(use: Use) -> bool:
    """Whether a call takes the files of an archive out of it."""
    return use.meaning.literal("format") == "archive" and bool(use.meaning.selectors("into"))


def is_named(place: Place) -> bool:
    """Whether a place has a name of its own, and is not the folder that the code runs in."""
    return place.is_known and bool(place.text.strip("./"))


def brings_folders(use: Use) -> bool:
    """Whether what a call brings may hold folders of its own, and is no single file."""
    return is_unpacking(use) or use.meaning.literal("scheme") == "hub"


def fills_here(use: Use) -> bool:
    """Whether a call that is told no folder brings its files into the one that the code runs in."""
    return is_unpacking(use) or use.value.path.startswith(_INTO_HERE)


def is_named_by_address(use: Use) -> bool:
    """Whether a call that is told no name gives its download the one that the address ends in."""
    return use.value.path in _NAMED_BY_ADDRESS


def is_copying(use: Use) -> bool:
    """Whether a call copies a local file or folder as it is to another place on the machine."""
    is_local = use.meaning.literal("scheme") in ("", "file") and use.meaning.literal("gives") != "path"
    return is_local and bool(use.meaning.selectors("into")) and not is_unpacking(use)


class Unpacked:
    """Tells by name which of several archives a file was taken from."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def is_open(self, place: Place, writings: Sequence[Writing]) -> bool:
        """Whether a file may come from any of several archives, none of which goes by its name."""
        unpackings = [one for one in self._others(place, writings) if is_unpacking(one.use)]
        archives = {one.identity or str(one) for writing in unpackings for one in self._archives(writing)}
        return len(archives) > 1 and not any(self._fits(place, one) for one in unpackings)

    def told_apart(self, place: Place, writings: Sequence[Writing]) -> tuple[Writing, ...]:
        """The writes without the unpackings of other archives, where one goes by the name of the file."""
        if self.is_open(place, writings):
            return ()
        others = self._others(place, writings)
        fitting = [one for one in others if is_unpacking(one.use) and self._fits(place, one)]
        return tuple(one for one in others if not fitting or one in fitting or not is_unpacking(one.use))

    def fitting(self, place: Place, writing: Writing, sources: Sequence[Place]) -> tuple[Place, ...]:
        """Of the archives that one call unpacks in a loop, those that go by the name of a file; else all of them."""
        if not is_unpacking(writing.use) or len(sources) < 2:
            return tuple(sources)
        parts = self._parts(place, writing)
        return tuple(one for one in sources if stem_of(one) in parts) or tuple(sources)

    def _others(self, place: Place, writings: Sequence[Writing]) -> tuple[Writing, ...]:
        """The writes without the unpackings of the very place: an archive is not taken out of itself."""
        return tuple(
            one
            for one in writings
            if not is_unpacking(one.use) or all(other.identity != place.identity for other in self._archives(one))
        )

    def _archives(self, writing: Writing) -> Iterable[Place]:
        return self._places.at(writing.use, writing.frame)

    def _fits(self, place: Place, writing: Writing) -> bool:
        parts = self._parts(place, writing)
        return any(stem_of(one) in parts for one in self._archives(writing))

    def _parts(self, place: Place, writing: Writing) -> frozenset[str]:
        return parts_below(place.text, *(one.text for one in self._places.at(writing.use, writing.frame, "into")))


def parts_below(text: str, *unpacked: str) -> frozenset[str]:
    """The name of a file, with its ending and without, and those of its folders below the one it was unpacked into."""
    path = tail_of(text)
    for folder in unpacked:
        path = path.removeprefix(f"{tail_of(folder)}/")
    *folders, name = path.split("/")
    return frozenset(_plain(one) for one in (*folders, name, posixpath.splitext(name)[0]))


def stem_of(archive: Place) -> str:
    """The name of an archive without its endings, in the form of `parts_below`."""
    return stem_of_name(archive.text.partition("?")[0].rstrip("/"))


def stem_of_name(path: str) -> str:
    """The same of the path of an archive."""
    return _plain(_ENDINGS.sub("", path.rpartition("/")[2]))


def is_archive(path: str) -> bool:
    """Whether a file goes by the ending of an archive of several files."""
    return _SEVERAL.search(path) is not None


def _plain(name: str) -> str:
    return _BETWEEN.sub("_", name).strip("_").lower()
