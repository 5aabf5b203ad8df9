"""Owners written into the code itself: keys of catalogued definitions, `# owner:` comments, author headers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.graph.facets.ownership.placeholders import is_placeholder
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.facts import ClassFact, FileFacts, PythonFacts, Scope
from mltradeoff_lint.model.source import Site, Span
from mltradeoff_lint.resolve.domain import CallRef, Items, Library, Mapping, Values, known_texts
from mltradeoff_lint.resolve.selectors import pick
from mltradeoff_lint.resolve.sites import Use

HEAD_LINES = 15
"""How far down a file its header comment may stand."""

MAX_OWNER = 80
_OWNER = re.compile(r"@?owners?\s*[:=]\s*(\S.*)", re.IGNORECASE)
_AUTHOR = re.compile(r"\s*(?:#\s*)?[@:]?(?:code\s+)?authors?\s*[:=]\s*(\S.*)", re.IGNORECASE)
_KEEPER = re.compile(r"\s*(?:#\s*)?@?(?:(?:maintainers?|contact)\s*:|maintained by:?)\s*(\S.*)", re.IGNORECASE)
"""Words that name whoever answers for a file, and as well what the file is about; so that what follows has to be a
name, a handle or an address."""

_ADDRESS = re.compile(r"@[\w./-]+|\S+@\S+\.\w+")
_PERSON = re.compile(r"(?!(?:See|The|Please|Ask|Use|This)\b)[A-Z][\w.'-]*[a-z.](?: [A-Z][\w.'-]*){1,3}")
_WHOLE_FILE_KINDS = ("schedule",)


class Claim(NamedTuple):
    """An owner named for some lines of a file."""

    first: int
    last: int
    owner: str
    how: str
    site: Site

    @property
    def size(self) -> int:
        """How many lines it covers; the smallest claim is the nearest."""
        return self.last - self.first


class WrittenOwners:
    """The owners that Python files name, by file."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._claims: dict[str, list[Claim]] = {}
        for path, claim in (*self._keys(), *self._comments()):
            if not is_placeholder(claim.owner):
                self._claims.setdefault(path, []).append(claim)

    def __bool__(self) -> bool:
        return bool(self._claims)

    def at(self, path: str, line: int | None) -> Claim | None:
        """The nearest claim that covers a line, or one for the whole file."""
        found = [
            claim
            for claim in self._claims.get(path, ())
            if (line is not None and claim.first <= line <= claim.last) or claim.first == 0
        ]
        return min(found, key=lambda claim: (claim.size, claim.site), default=None)

    def author(self, path: str) -> Claim | None:
        """The person whom the header of a file names as its author."""
        file = self._work.repository.facts.get(path)
        if file is None or not isinstance(file.content, PythonFacts):
            return None
        found = [
            Claim(0, _END, _name(match[1]), f"the header of {path}", Site(path, _line(line)))
            for line, text in _header(file, file.content)
            if (match := _AUTHOR.match(text) or _keeper(text))
        ]
        return next((claim for claim in found if claim.owner and not is_placeholder(claim.owner)), None)

    # -- keys of catalogued definitions

    def _keys(self) -> Iterator[tuple[str, Claim]]:
        work = self._work
        for use in work.sites.uses:
            if _names_owner(use.meaning):
                span = work.resolver.call(use.ref).statement
                whole = use.meaning.kind in _WHOLE_FILE_KINDS
                for claim in self._claimed(use, Span(0, 0, _END, 0) if whole else span):
                    yield use.ref.path, claim
                    for function in work.sites.functions(work.sites.setting(use, "handler")):
                        inner = work.resolver.scope(function).span
                        yield function.path, claim._replace(first=inner.line, last=inner.end_line)
        for mark in work.sites.marked:
            if _names_owner(mark.meaning) and mark.decorator is not None:
                if mark.function is not None:
                    span = work.resolver.scope(mark.function).span
                elif mark.owner is not None:
                    span = work.resolver.class_fact(mark.owner).span
                else:
                    continue
                for claim in self._claimed(Use(mark.decorator, mark.meaning, Library(mark.meaning.path)), span):
                    yield mark.decorator.path, claim

    def _claimed(self, use: Use, span: Span) -> Iterator[Claim]:
        site = self._work.site(use.ref)
        key, values = "owner", self._work.sites.setting(use, "owner")
        if use.meaning.kind == "owned-keyword":
            key = use.meaning.literal("keyword", "owner")
            values = self._keyword(use.ref, key)
        for owner in _owner_texts(values):
            yield Claim(span.line, span.end_line, owner, f"`{key}=` on its definition", site)

    def _keyword(self, ref: CallRef, dotted: str) -> Values:
        """The values of a keyword, or of a key inside the dict it is given: `labels.owner`."""
        from mltradeoff_lint.model.catalog import Selector

        name, _, inner = dotted.partition(".")
        index = pick(self._work.resolver.facts(ref.path), ref, Selector(keywords=(name,)))
        values = self._work.resolver.values(ref.path, index) if index >= 0 else ()
        if not inner:
            return values
        return tuple(one for value in values if isinstance(value, Mapping) for one in value.get(inner) or ())

    # -- comments

    def _comments(self) -> Iterator[tuple[str, Claim]]:
        for path in self._work.resolver.program.python_paths():
            file = self._work.repository.facts[path]
            if not file.comments or not isinstance(file.content, PythonFacts):
                continue
            starts = _definition_spans(file.content)
            for comment in file.comments:
                found = _OWNER.match(comment.text)
                owner = _name(found[1]) if found else ""
                if not owner:
                    continue
                span = starts.get(comment.line + 1)
                if span is None and comment.line <= HEAD_LINES and comment.column == 0:
                    span = Span(0, 0, _END, 0)
                if span is None:
                    span = _line(comment.line + 1)
                site = Site(path, Span(comment.line, comment.column, comment.line, comment.column + len(comment.text)))
                yield path, Claim(span.line, span.end_line, owner, "an `owner:` comment", site)


_END = 1 << 30


def _line(number: int) -> Span:
    return Span(number, 0, number, 0)


def _names_owner(meaning: Meaning) -> bool:
    return meaning.kind == "owned-keyword" or "owner" in meaning.settings


def _owner_texts(values: Values) -> Iterator[str]:
    """The literal owners of a setting: a text, a list of them, or the `owner` key of default arguments."""
    for value in values:
        if isinstance(value, Mapping):
            yield from known_texts(value.get("owner") or ())
        elif isinstance(value, Items):
            yield from (text for item in value.items for text in known_texts(item))
        else:
            yield from known_texts((value,))


def _keeper(text: str) -> re.Match[str] | None:
    """The line of a header that names a maintainer or a contact; None where it says something else."""
    found = _KEEPER.match(text)
    name = _name(found[1]) if found else ""
    return found if _ADDRESS.search(name) or _PERSON.fullmatch(name) else None


def _name(text: str) -> str:
    """The owner a comment names; empty when it is a sentence and no name."""
    name = text.strip().strip("*/").strip().rstrip(".,;").strip("\"'`")
    return name if name and len(name) <= MAX_OWNER and len(name.split()) <= 8 else ""


def _definition_spans(facts: PythonFacts) -> dict[int, Span]:
    """The span of each function and class by the line it starts on, decorators included."""
    spans: dict[int, Span] = {}
    functions: list[Scope | ClassFact] = [scope for scope in facts.scopes if scope.kind == "function"]
    for one in (*functions, *facts.classes):
        first = facts.first_line(one)
        spans[first] = Span(first, 0, one.span.end_line, one.span.end_column)
    return spans


def _header(file: FileFacts, facts: PythonFacts) -> Iterator[tuple[int, str]]:
    """The comments and docstring lines at the top of a file."""
    yield from ((one.line, one.text) for one in file.comments if one.line <= HEAD_LINES)
    docstring = facts.scopes[0].docstring
    for line, text in enumerate(docstring.split("\n")[:HEAD_LINES], 1):
        owner = _OWNER.match(text.strip())
        # above a definition an owner in a comment is that of the definition alone
        yield line, f"maintainer: {owner[1]}" if owner else text
    for index in facts.scopes[0].finals.get("__author__", ()):
        definition = facts.definitions[index]
        value = facts.exprs[definition.value] if definition.kind == "assign" else ("", None)
        if value[0] == "const" and isinstance(value[1], str):
            yield definition.span.line, f"author: {value[1]}"
