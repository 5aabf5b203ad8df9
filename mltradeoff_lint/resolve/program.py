"""The one interface through which cross-file knowledge is asked, and the record of what was asked.

Every question has a kind and a key. Its answer is computed once; while a recording is open, each question is
noted with the digest of its answer, also when there was none. A stored result is valid for as long as the
digests of its questions are, which is what makes incremental runs sound.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from mltradeoff_lint.catalog.index import Catalog
from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.declarations import Declaration, EnvBinding
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents, FileFacts, PythonFacts, Shell
from mltradeoff_lint.resolve.cycles import FREE, Cycles
from mltradeoff_lint.resolve.modules import Modules

Answer = TypeVar("Answer")


class Question(NamedTuple):
    """One thing a result depends on: its kind, its key, and the digest of the answer it got."""

    kind: str
    key: str
    digest: str


class Program:
    """Facts, catalog and declarations of a repository, behind recorded questions."""

    def __init__(
        self,
        facts: Mapping[str, FileFacts],
        catalog: Catalog,
        modules: Modules,
        declarations: tuple[Declaration, ...] = (),
        unread: frozenset[str] = frozenset(),
        *,
        is_recorded: bool = True,
    ) -> None:
        """Take what was read; `is_recorded` says whether anybody will open a `recording`, which costs time."""
        self._facts = facts
        self._catalog = catalog
        self.modules = modules
        self._declarations = declarations
        self._unread = unread
        self.is_recorded = is_recorded
        self._answers: dict[Hashable, Any] = {}
        self._stamps: dict[Hashable, Callable[[Any], object]] = {}
        self._digests: dict[Hashable, Question] = {}
        self._needs: dict[Hashable, set[Hashable]] = {}
        self._computing: list[set[Hashable]] = []
        self.here = ""
        """The module whose facts the current computation is known to rest on."""
        self._recordings: list[set[Hashable]] = []
        self.cycles = Cycles()
        self._stopgaps: set[Hashable] = set()
        """Questions that had an answer for a while which was no final one: who used it rests on what it was made of."""

    # -- recording

    def ask(
        self,
        kind: str,
        key: Hashable,
        compute: Callable[[], Answer],
        stamp: Callable[[Answer], object] | None = None,
    ) -> Answer:
        """The answer to a question, computed once and noted in every open recording.

        `stamp` reduces an answer to what identifies it, such as the blob id of a file's facts.
        """
        question = (kind, key)
        if self.is_recorded:
            self.needs(question)
        if question in self._answers:
            answer: Answer = self._answers[question]
            return answer
        kept = self.cycles.held(question)
        if kept is not None:
            answer = kept[0]
            return answer
        position, outer, lowest = self.cycles.depth, self.cycles.enter(question), FREE
        try:
            answer = compute() if not self.is_recorded else self._recorded(question, compute)
        finally:
            lowest = self.cycles.leave(outer)
        if stamp is not None:
            self._stamps[question] = stamp
        if lowest < position:
            self.cycles.hold(question, answer, lowest)
            self._stopgaps.add(question)
            return answer
        if lowest == position:
            self.cycles.drop_users(self.cycles.release(position))
        self._answers[question] = answer
        return answer

    def _recorded(self, question: Hashable, compute: Callable[[], Answer]) -> Answer:
        rests_on: set[Hashable] = set()
        self._computing.append(rests_on)
        here, self.here = self.here, ""
        try:
            return compute()
        finally:
            self._computing.pop()
            self.here = here
            self._needs.setdefault(question, set()).update(rests_on)

    def needs(self, node: Hashable) -> None:
        """Note that what is being computed rests on a question or on another computation."""
        if not self.is_recorded:
            return
        if self._computing:
            self._computing[-1].add(node)
        else:
            for recording in self._recordings:
                recording.add(node)

    def compute(self, node: Hashable, path: str, evaluate: Callable[[], Answer]) -> Answer:
        """Run a computation over a module whose result the caller keeps, and remember what it rests on.

        Whoever uses the kept result calls `needs(node)`, and so rests on the same questions as the first user.
        """
        if not self.is_recorded:
            return evaluate()
        self.needs(node)
        rests_on: set[Hashable] = {("python", path)}
        self._computing.append(rests_on)
        here, self.here = self.here, path
        try:
            return evaluate()
        finally:
            self._computing.pop()
            self.here = here
            self._needs[node] = rests_on

    @contextmanager
    def recording(self) -> Iterator[Callable[[], tuple[Question, ...]]]:
        """Note all questions asked inside; the yielded function gives them, sorted, with digests.

        A program that is not recorded gives none.
        """
        noted: set[Hashable] = set()
        self._recordings.append(noted)
        try:
            yield lambda: self._questions(noted)
        finally:
            self._recordings = [one for one in self._recordings if one is not noted]

    def _questions(self, noted: set[Hashable]) -> tuple[Question, ...]:
        pending, seen = list(noted), set(noted)
        found: list[Question] = []
        while pending:
            node = pending.pop()
            if node in self._answers:
                found.append(self._digested(node))
                if node not in self._stopgaps:
                    # what an answer is made of is no matter of who asks: its digest stands for all of it
                    continue
            following = self._needs.get(node, set()) - seen
            seen |= following
            pending.extend(following)
        return tuple(sorted(found))

    def _digested(self, question: Any) -> Question:
        found = self._digests.get(question)
        if found is None:
            answer, stamp = self._answers[question], self._stamps.get(question)
            kind, key = question
            found = self._digests[question] = _question(kind, key, answer if stamp is None else stamp(answer))
        return found

    # -- questions about files

    def python_paths(self) -> tuple[str, ...]:
        """Every Python module and notebook that was read, sorted."""
        return self.ask("python-paths", "", self._python_paths)

    def _python_paths(self) -> tuple[str, ...]:
        return tuple(sorted(path for path, file in self._facts.items() if isinstance(file.content, PythonFacts)))

    def python(self, path: str) -> PythonFacts | None:
        """The facts of a Python module; None when it is not there or could not be read."""

        def find() -> PythonFacts | None:
            file = self._facts.get(path)
            return file.content if file is not None and isinstance(file.content, PythonFacts) else None

        return self.ask("python", path, find, lambda _: self._digest(path))

    def file(self, path: str) -> FileFacts | None:
        """All facts of a path."""
        return self.ask("file", path, lambda: self._facts.get(path), lambda _: self._digest(path))

    def roots(self, path: str) -> tuple[Entry, ...]:
        """What the documents of a file say, one entry each; none for a file of another kind."""
        file = self.file(path)
        return file.content.roots if file is not None and isinstance(file.content, Documents) else ()

    def _digest(self, path: str) -> str:
        file = self._facts.get(path)
        return "" if file is None else file.digest

    def is_unread(self, path: str) -> bool:
        """Whether a module exists and could not be read; what it would say is unknown."""
        return self.ask("unread", path, lambda: path in self._unread)

    def unread_modules(self) -> tuple[str, ...]:
        """All Python files that exist and could not be read."""
        return self.ask("unread-modules", "", lambda: tuple(sorted(self._unread)))

    # -- questions about imports and libraries

    def module(self, importer: str, dotted: str, level: int = 0) -> str | None:
        """The file of an import, None when it is not in the repository."""

        def find() -> str | None:
            if level:
                return self.modules.relative(importer, level, dotted)
            return self.modules.find(importer, dotted)

        return self.ask("module", (importer, dotted, level), find)

    @property
    def catalog(self) -> Catalog:
        """The library models; they belong to the run, so reading them is no recorded question."""
        return self._catalog

    def meanings(self, section: Any, path: str) -> tuple[Meaning, ...]:
        """What the catalog says of an access path."""
        return self._catalog.meanings(section, path)

    # -- questions about configuration

    def declarations(self) -> tuple[Declaration, ...]:
        """Everything configuration files declare, in path order."""
        return self.ask("declarations", "", lambda: self._declarations)

    def documents_in(self, folder: str) -> tuple[str, ...]:
        """Configuration files that lie anywhere in a folder, in path order."""

        def find() -> tuple[str, ...]:
            inside = f"{folder}/" if folder else ""
            found = (path for path, file in self._facts.items() if isinstance(file.content, Documents))
            return tuple(sorted(path for path in found if path.startswith(inside)))

        return self.ask("documents-in", folder, find)

    def documents_ending(self, tail: str, project: str) -> tuple[str, ...]:
        """Configuration files of a project whose path ends in `tail`."""

        def find() -> tuple[str, ...]:
            inside = f"{project}/" if project else ""
            return tuple(
                sorted(
                    path
                    for path, file in self._facts.items()
                    if isinstance(file.content, Documents)
                    and path.startswith(inside)
                    and (path == tail or path.endswith(f"/{tail}"))
                )
            )

        return self.ask("documents-ending", (tail, project), find)

    def documents_inside(self, folder: str) -> tuple[str, ...]:
        """Configuration files that lie somewhere in a folder, in path order."""

        def find() -> tuple[str, ...]:
            start = f"{folder}/" if folder else ""
            inside = ((path, file) for path, file in self._facts.items() if path.startswith(start))
            return tuple(sorted(path for path, file in inside if isinstance(file.content, Documents)))

        return self.ask("documents-inside", folder, find)

    def shells(self) -> tuple[tuple[str, Shell], ...]:
        """All shell scripts, with what they hold, in path order."""

        def find() -> tuple[tuple[str, Shell], ...]:
            return tuple(
                (path, file.content) for path, file in sorted(self._facts.items()) if isinstance(file.content, Shell)
            )

        return self.ask("shells", "", find)

    def env(self, name: str) -> tuple[EnvBinding, ...]:
        """The bindings of an environment variable in the repository's configuration."""

        def find() -> tuple[EnvBinding, ...]:
            return tuple(one for one in self._declarations if isinstance(one, EnvBinding) and one.name == name)

        return self.ask("env", name, find)


def _question(kind: str, key: Hashable, answer: Any) -> Question:
    digest = hashlib.blake2b(repr(answer).encode("utf-8", "replace"), digest_size=16).hexdigest()
    return Question(kind, key if isinstance(key, str) else repr(key), digest)
