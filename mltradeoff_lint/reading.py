"""The read step over a whole tree: files through their readers, embedded texts dispatched, nothing lost in silence."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from mltradeoff_lint.model.collector import collector_at_rest
from mltradeoff_lint.model.facts import Content, FileFacts, Reading
from mltradeoff_lint.model.problem import Problem, ProblemKind
from mltradeoff_lint.model.repository_path import from_folder
from mltradeoff_lint.model.source import ParameterCells
from mltradeoff_lint.readers import language_of, oversize_problem, python, read_text, size_limit
from mltradeoff_lint.tree import Tree, TreeFile

_WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_]{2,60}")


@dataclass(slots=True)
class ReadResult:
    """The facts of all files, what went wrong, and the words of Python files that could not be parsed."""

    facts: dict[str, FileFacts] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    mentions: dict[str, frozenset[str]] = field(default_factory=dict)
    extra: dict[str, list[FileFacts]] = field(default_factory=dict)
    """Further contents of a path, such as the requirements inside a pyproject.toml."""
    files: dict[str, int] = field(default_factory=dict)
    """How many files of each language were read."""


def read_tree(tree: Tree, is_excluded: Callable[[str], bool]) -> ReadResult:
    """Read every file of a known language."""
    result = ReadResult(problems=list(tree.problems))
    refused: list[tuple[str, bytes]] = []
    with collector_at_rest():
        for file in tree.files():
            language = language_of(file.path)
            if language is not None and not is_excluded(file.path):
                _read_file(tree, file, language, result, refused)
        _read_refused(refused, result)
    return result


def _read_file(tree: Tree, file: TreeFile, language: str, result: ReadResult, refused: list[tuple[str, bytes]]) -> None:
    if file.size > size_limit(language):
        problem = oversize_problem(language, file.path, file.size)
        result.problems.extend([problem] if problem else [])
        if language == "python":
            result.unread.add(file.path)
        return
    try:
        data = tree.read(file.path)
    except OSError as error:
        words = f"cannot be read: {error.strerror or type(error).__name__}"
        result.problems.append(Problem.of_file(ProblemKind.UNREADABLE, file.path, words))
        return
    result.files[language] = result.files.get(language, 0) + 1
    if language == "python":
        reading = _read_python(data, file.path)
        if reading is None:
            refused.append((file.path, data))
            return
    else:
        reading = read_text(language, data, file.path)
    _keep(FileFacts(file.path, language, None, digest=_digest(data)), reading, result, data)


def _read_python(data: bytes, path: str, parameters: ParameterCells | None = None) -> Reading | None:
    try:
        return python.read(data, path, parameters)
    except Exception as error:
        words = f"the Python reader failed: {type(error).__name__}"
        return Reading(None, problems=(Problem.of_file(ProblemKind.CRASH, path, words),))


def _read_refused(refused: Sequence[tuple[str, bytes]], result: ReadResult) -> None:
    """Files whose syntax the running interpreter does not know get a second reader, all in one child process."""
    if not refused:
        return
    readings = python.read_newer(refused)
    for path, data in refused:
        missing = Problem.of_file(ProblemKind.UNREADABLE, path, "cannot be parsed")
        reading = readings.get(path) or Reading(None, problems=(missing,))
        _keep(FileFacts(path, "python", None, digest=_digest(data)), reading, result, data)


def _keep(blank: FileFacts, reading: Reading, result: ReadResult, data: bytes) -> None:
    result.problems.extend(reading.problems)
    if blank.language == "python" and reading.content is None:
        result.unread.add(blank.path)
        result.mentions[blank.path] = frozenset(word.decode() for word in _WORD.findall(data[:1_000_000]))
    contents: list[Content] = [reading.content, *reading.extra]
    for position, content in enumerate(contents):
        facts = FileFacts(
            blank.path,
            blank.language,
            content,
            reading.comments if position == 0 else (),
            blank.lines,
            blank.host,
            blank.digest,
        )
        if position == 0 and not (content is None and reading.embedded):
            result.facts[blank.path] = facts
        elif position:
            result.extra.setdefault(blank.path, []).append(facts)
    for inner in _embedded(blank, reading, result):
        existing = result.facts.get(inner.path)
        if existing is None:
            result.facts[inner.path] = inner
        else:
            result.extra.setdefault(inner.path, []).append(inner)


def _embedded(host: FileFacts, reading: Reading, result: ReadResult) -> Iterator[FileFacts]:
    for number, one in enumerate(reading.embedded):
        folder = posixpath.dirname(host.path)
        if one.path:
            # a file outside the repository is known by its host: absolute paths have no folders to be found in
            path = from_folder(folder, one.path) or f"{host.path}#{number}/{posixpath.basename(one.path)}"
        elif one.language == "python":
            path = host.path
        else:
            path = f"{host.path}#{one.language}{number}"
        text = one.text.encode("utf-8", "surrogatepass")
        if one.language == "python":
            inner = _read_python(text, path, one.parameters)
            if inner is None:
                words = "a cell could not be parsed"
                result.problems.append(Problem.of_file(ProblemKind.PARTIAL, host.path, words))
                yield FileFacts(path, one.language, None, (), one.lines, host.path, _digest(text))
                continue
        else:
            inner = read_text(one.language, text, path)
        result.problems.extend(inner.problems)
        yield FileFacts(path, one.language, inner.content, inner.comments, one.lines, host.path, _digest(text))


def _digest(data: bytes) -> str:
    """The git blob id of the content, which is how a tree names it as well."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
