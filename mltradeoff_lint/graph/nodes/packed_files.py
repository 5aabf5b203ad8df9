"""Archives that are committed beside the code, where the data may lie that is not committed as files of its own."""

from __future__ import annotations

import posixpath

from mltradeoff_lint.graph.nodes.local_files import is_seen_from_here
from mltradeoff_lint.graph.nodes.places import Place
from mltradeoff_lint.graph.nodes.unpacked import is_archive, parts_below, stem_of_name
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.repository_path import folder_of, upwards
from mltradeoff_lint.resolve.values.paths import inside_repository

_ROWS = frozenset(
    {".arff", ".arrow", ".avro", ".csv", ".db", ".feather", ".h5", ".hdf5", ".jsonl", ".npy", ".npz", ".orc",
     ".parquet", ".pickle", ".pkl", ".sqlite", ".svm", ".tfrecord", ".tsv", ".xls", ".xlsx"}
)  # fmt: skip
"""Endings of files that hold rows of data, and neither words about the code nor pictures of it."""


class PackedFiles:
    """Answers whether an archive of the repository may hold a file of which the repository has no copy."""

    def __init__(self, work: Workspace) -> None:
        self._archives: dict[str, list[str]] = {}
        for path in sorted(work.repository.tracked):
            if is_archive(path):
                self._archives.setdefault(folder_of(path), []).append(path)
        self._with_rows = frozenset(
            folder_of(path)
            for path in (work.repository.tracked if self._archives else ())
            if posixpath.splitext(path)[1].lower() in _ROWS and folder_of(path) in self._archives
        )

    def may_hold(self, place: Place, reader: str) -> bool:
        """Whether an archive lies in the folder of a file, or in one above it as far as that of the code.

        It goes by the name of the file or of a folder of it, or holds what data its folder has.
        """
        if not self._archives or place.is_remote or place.is_convention or not self._is_near(place):
            return False
        own = folder_of(reader)
        for path in place.candidates:
            for folder in upwards(folder_of(path)):
                names = [stem_of_name(one) for one in self._archives.get(folder, ())]
                if names and (folder not in self._with_rows or parts_below(path, folder).intersection(names)):
                    return True
                if folder == own:
                    break
        return False

    def _is_near(self, place: Place) -> bool:
        text = place.text
        return inside_repository(text) is not None or is_seen_from_here(text) or text.startswith("..")
