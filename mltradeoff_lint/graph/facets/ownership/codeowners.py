"""The CODEOWNERS file of a repository, evaluated over its tracked files: the last matching line decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from mltradeoff_lint.graph.facets.ownership.patterns import OwnerPattern, compile_pattern
from mltradeoff_lint.model.facts import OwnerLine

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
"""Where the file may stand; the first one that exists counts."""


@dataclass(frozen=True, slots=True)
class OwnerRule:
    """One line of the file; `position` is its place among the rules."""

    position: int
    line: OwnerLine
    pattern: OwnerPattern


@dataclass(frozen=True, slots=True)
class Use:
    """What one line does to the tracked files."""

    rule: OwnerRule
    matches: int
    wins: int
    state: str
    """`live`, `shadowed` or `stale`."""
    winner: OwnerRule | None = None
    """The later line that takes most of its files, for a shadowed one."""
    fallback: bool = False
    """Whether it still decides files that nobody has written yet: the default below narrower lines."""
    is_wider: bool = False
    """Whether the winner matches more than this line does, so that the order of the two is what is wrong."""


class Codeowners:
    """The rules of one file, by section; GitHub knows only the nameless section."""

    def __init__(self, path: str, lines: Sequence[OwnerLine], is_gitlab: bool) -> None:
        self.path = path
        self.is_gitlab = is_gitlab
        self.rules = tuple(
            OwnerRule(position, line, compile_pattern(line.pattern, is_gitlab)) for position, line in enumerate(lines)
        )
        self._sections: dict[str, list[OwnerRule]] = {}
        for rule in self.rules:
            self._sections.setdefault(rule.line.section.casefold() if is_gitlab else "", []).append(rule)
        self._decided: dict[str, tuple[OwnerRule, ...]] = {}

    def deciding(self, path: str) -> tuple[OwnerRule, ...]:
        """The rule that decides a path, of each section that has one; a rule may name nobody."""
        known = self._decided.get(path)
        if known is None:
            found = (_last(rules, path) for rules in self._sections.values())
            known = self._decided[path] = tuple(rule for rule in found if rule is not None)
        return known

    def uses(self, files: Collection[str]) -> tuple[Use, ...]:
        """What every rule does to the files of a repository, in the order of the file."""
        ordered = sorted(files)
        folders = _folders(ordered)
        found = [use for rules in self._sections.values() for use in _uses(rules, ordered, folders)]
        return tuple(sorted(found, key=lambda use: use.rule.position))


def is_gitlab_file(path: str, lines: Iterable[OwnerLine], files: Collection[str]) -> bool:
    """Whether a CODEOWNERS file speaks GitLab's dialect: by its folder, its sections, or the CI of the repository."""
    if path.startswith(".github/"):
        return False
    if path.startswith(".gitlab/") or any(line.section for line in lines):
        return True
    return ".gitlab-ci.yml" in files and not any(file.startswith(".github/") for file in files)


def _last(rules: Sequence[OwnerRule], path: str) -> OwnerRule | None:
    """The last rule that matches; an exclusion takes a path out for good."""
    found: OwnerRule | None = None
    for rule in reversed(rules):
        if (found is None or rule.pattern.excludes) and rule.pattern.matches(path):
            if rule.pattern.excludes:
                return rule
            found = rule
    return found


def _uses(rules: Sequence[OwnerRule], files: Sequence[str], folders: Collection[str]) -> Iterable[Use]:
    matched = [list(rule.pattern.among(files)) for rule in rules]
    decided: dict[int, int] = {}
    for number, positions in enumerate(matched):
        for position in positions:
            before = decided.get(position)
            if before is None or not rules[before].pattern.excludes:
                decided[position] = number
    wins = Counter(decided.values())
    for number, rule in enumerate(rules):
        if wins[number]:
            yield Use(rule, len(matched[number]), wins[number], "live")
        elif not matched[number]:
            yield Use(rule, 0, 0, "stale")
        else:
            takers = Counter(decided[position] for position in matched[number])
            most = min(takers, key=lambda taker: (-takers[taker], taker))
            fallback = _is_fallback(rule, rules[number + 1 :], folders)
            wider = _is_wider(rules[most], rule, folders)
            yield Use(rule, len(matched[number]), 0, "shadowed", rules[most], fallback, wider)


def _is_fallback(rule: OwnerRule, later: Sequence[OwnerRule], folders: Collection[str]) -> bool:
    examples = rule.pattern.examples(rule.pattern.prefix in folders)
    return any(not any(other.pattern.matches(path) for other in later) for path in examples)


def _is_wider(rule: OwnerRule, other: OwnerRule, folders: Collection[str]) -> bool:
    examples = rule.pattern.examples(rule.pattern.prefix in folders)
    return any(not other.pattern.matches(path) for path in examples)


def _folders(files: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for path in files:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return frozenset(found)
