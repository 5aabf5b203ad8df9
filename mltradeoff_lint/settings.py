"""What the user asked for: `[tool.mltradeoff-lint]` in pyproject.toml, or a `mltradeoff.toml` at the root.

Settings are checked as a whole before anything runs: an unknown key, rule or word is an error that names the
file, the key and the nearest name that exists, because a misspelt setting otherwise looks like a decision.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mltradeoff_lint.model.declared import Declarations, Gateway, Meter, RolePath
from mltradeoff_lint.model.finding import Confidence, Severity
from mltradeoff_lint.model.problem import UsageError
from mltradeoff_lint.model.rule import GROUPS
from mltradeoff_lint.model.schedule import duration_seconds
from mltradeoff_lint.model.spelling import did_you_mean
from mltradeoff_lint.model.suppression import SUPPRESSION_RULES
from mltradeoff_lint.model.value import Scalar
from mltradeoff_lint.model.vocabulary import METERING_FACETS, ROLES

OWN_FILE = "mltradeoff.toml"
PROJECT_FILE = "pyproject.toml"
TABLE = "mltradeoff-lint"
_LIKENESS = 0.5
NEVER = "never"
"""The word for `fail-on` that makes no finding fail a run."""


@dataclass(frozen=True, slots=True)
class PathIgnore:
    """Rules that are not reported under a path pattern (gitignore syntax), with the reason; no rules mean all."""

    pattern: str
    rules: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a run, defaults filled in."""

    select: tuple[str, ...] = ()
    """Rules and groups that run; empty means all."""
    ignore: tuple[str, ...] = ()
    fail_on: Severity | None = Severity.HIGH
    """The lowest severity that fails a run; None when nothing does."""
    min_confidence: Confidence = Confidence.MEDIUM
    pedantic: bool = False
    include_examples: bool = False
    exclude: tuple[str, ...] = ()
    """Patterns in gitignore syntax, from the root."""
    per_path_ignores: tuple[PathIgnore, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    rules: Mapping[str, Mapping[str, Scalar]] = field(default_factory=dict)
    """Options of rules, by rule name; only what was set."""
    declare: Declarations = field(default_factory=Declarations)
    origins: Mapping[str, str] = field(default_factory=dict)
    """Where a value was set, by key (`fail-on`, `declare.gateway`): a file name or `command line`; else the default."""
    notes: tuple[str, ...] = ()
    """Things the user should hear once, such as a settings file that was passed over."""
    known_rules: Mapping[str, Mapping[str, Scalar]] = field(default_factory=dict)
    """The rules that exist, with their options and defaults; what names are checked against."""

    def origin(self, key: str) -> str:
        """Where the value of a key comes from."""
        return self.origins.get(key, "default")

    def selects(self, rule: str, group: str) -> bool:
        """Whether a rule runs: selected by name or group, or nothing is; a name wins over a group."""
        if rule in self.ignore:
            return False
        if rule in self.select:
            return True
        return group not in self.ignore and (not self.select or group in self.select)

    def with_options(self, **options: object) -> Settings:
        """These settings with the given command-line options on top; None means not given.

        Options are the top-level keys with underscores, as texts, flags or sequences of texts; `ignore` and
        `exclude` are added to those of the file, all others replace them. Raises UsageError as `load` does.
        """
        given = {name.replace("_", "-"): value for name, value in options.items() if value is not None}
        table = {key: list(value) if isinstance(value, tuple) else value for key, value in given.items()}
        changed = _Reader("command line", self.known_rules).top_level(table)
        for key in ("ignore", "exclude"):
            if key in changed:
                changed[key] = (*getattr(self, key), *changed[key])
        origins = {**self.origins, **dict.fromkeys(table, "command line")}
        return replace(self, **changed, origins=origins)


def load(
    read: Callable[[str], bytes | None], explicit: str | None, known_rules: Mapping[str, Mapping[str, Scalar]]
) -> Settings:
    """The settings of a repository.

    `read` gives the bytes of a path from the root, or None; `explicit` is a settings file the user named (either
    format); `known_rules` maps each rule to its options with their defaults. Raises UsageError for invalid TOML,
    a file that is not there, and any unknown key, rule, word or type.
    """
    known = {**{info.name: {} for info in SUPPRESSION_RULES}, **known_rules}
    notes: list[str] = []
    if explicit is not None:
        data = read(explicit)
        if data is None:
            raise UsageError(f"settings file {explicit} does not exist")
        table = _own_table(explicit, data)
        return _build(explicit, table or {}, known, notes)
    own, project = read(OWN_FILE), read(PROJECT_FILE)
    in_project = project is not None and TABLE.encode() in project
    if own is not None:
        if project is not None and in_project and _project_table(PROJECT_FILE, project, strict=False) is not None:
            notes.append(f"{OWN_FILE} is used; [tool.{TABLE}] in {PROJECT_FILE} is passed over")
        return _build(OWN_FILE, _parse(OWN_FILE, own), known, notes)
    table = _project_table(PROJECT_FILE, project, strict=True) if project is not None and in_project else None
    if table is None:
        return Settings(known_rules=known)
    return _build(PROJECT_FILE, table, known, notes)


def _own_table(path: str, data: bytes) -> dict[str, Any] | None:
    """The settings of a file the user named: those under `tool` when it is a pyproject.toml."""
    if path.rsplit("/", 1)[-1] == PROJECT_FILE:
        return _project_table(path, data, strict=True)
    return _parse(path, data)


def _project_table(path: str, data: bytes, *, strict: bool) -> dict[str, Any] | None:
    try:
        tool = _parse(path, data).get("tool", {})
    except UsageError:
        if strict:
            raise
        return None
    table = tool.get(TABLE) if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise UsageError(f"{path}: tool.{TABLE} must be a table")
    return table


def _parse(path: str, data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{path}:{line}: not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at (?:line (\d+), column \d+|end of document)\)", str(error))
        line = int(place[1]) if place and place[1] else data.count(b"\n") + 1
        reason = str(error)[: place.start()].strip() if place else str(error)
        raise UsageError(f"{path}:{line}: invalid TOML: {reason}") from None
    except RecursionError:
        raise UsageError(f"{path}: nested too deeply") from None


def _build(path: str, table: dict[str, Any], known: Mapping[str, Mapping[str, Scalar]], notes: list[str]) -> Settings:
    values = _Reader(path, known).top_level(table)
    origins = dict.fromkeys(table, path)
    for section in ("declare", "rules", "severity"):
        for key in table.get(section, {}):
            origins[f"{section}.{key}"] = path
    return Settings(**values, origins=origins, notes=tuple(notes), known_rules=known)


class _Reader:
    """Checks the tables of one settings file; every error names the file and the key."""

    def __init__(self, path: str, known: Mapping[str, Mapping[str, Scalar]]) -> None:
        self._path = path
        self._known = known

    def top_level(self, table: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of `Settings` that the table sets."""
        readers: dict[str, Callable[[str, Any], Any]] = {
            "select": self._selectors,
            "ignore": self._selectors,
            "fail-on": self._fail_on,
            "min-confidence": lambda key, value: Confidence[self._word(key, value, _words(Confidence)).upper()],
            "pedantic": self._flag,
            "include-examples": self._flag,
            "exclude": self._texts,
            "per-path-ignores": self._path_ignores,
            "severity": self._severities,
            "rules": self._rule_options,
            "declare": self._declare,
        }
        return {key.replace("-", "_"): value for key, value in self._read(table, readers, "").items()}

    def _read(
        self, table: Mapping[str, Any], readers: Mapping[str, Callable[[str, Any], Any]], prefix: str
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in table.items():
            if key not in readers:
                raise self._unknown(f"key {prefix}{key}", key, readers)
            found[key] = readers[key](prefix + key, value)
        return found

    def _error(self, key: str, expected: str) -> UsageError:
        return UsageError(f"{self._path}: {key} must be {expected}")

    def _unknown(self, what: str, name: str, known: Iterable[str]) -> UsageError:
        return UsageError(f"{self._path}: unknown {what}{did_you_mean(name, known, _LIKENESS)}")

    def _flag(self, key: str, value: Any) -> bool:
        if not isinstance(value, bool):
            raise self._error(key, "true or false")
        return value

    def _text(self, key: str, value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self._error(key, "a text that is not empty")
        return value

    def _texts(self, key: str, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._error(key, "a list of texts")
        return tuple(value)

    def _table(self, key: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self._error(key, "a table")
        return value

    def _word(self, key: str, value: Any, words: Sequence[str]) -> str:
        if not isinstance(value, str):
            raise self._error(key, "one of " + ", ".join(words))
        if value not in words:
            near = did_you_mean(value, words, _LIKENESS)
            raise UsageError(f"{self._path}: {key} is {value!r}, which is none of {', '.join(words)}{near}")
        return value

    def _rule(self, key: str, value: Any) -> str:
        if not isinstance(value, str):
            raise self._error(key, "a list of rule names")
        if value not in self._known:
            raise self._unknown(f"rule {value!r} in {key}", value, self._known)
        return value

    def _selectors(self, key: str, value: Any) -> tuple[str, ...]:
        for name in self._texts(key, value):
            if name not in self._known and name not in GROUPS:
                raise self._unknown(f"rule or group {name!r} in {key}", name, (*self._known, *GROUPS))
        return tuple(value)

    def _fail_on(self, key: str, value: Any) -> Severity | None:
        word = self._word(key, value, (*_words(Severity), NEVER))
        return None if word == NEVER else Severity[word.upper()]

    def _severities(self, key: str, value: Any) -> dict[str, Severity]:
        table = self._table(key, value)
        words = _words(Severity)
        return {
            self._rule(key, rule): Severity[self._word(f"{key}.{rule}", word, words).upper()]
            for rule, word in table.items()
        }

    def _path_ignores(self, key: str, value: Any) -> tuple[PathIgnore, ...]:
        found: list[PathIgnore] = []
        for pattern, entry in self._table(key, value).items():
            place = f'{key}."{pattern}"'
            if not isinstance(entry, dict):
                raise self._error(place, 'a table {rules = ["rule-name"], reason = "why"}')
            readers: dict[str, Callable[[str, Any], Any]] = {"rules": self._texts, "reason": self._text}
            parts = self._read(entry, readers, f"{place}.")
            if "reason" not in parts:
                raise self._error(place, "given a reason")
            names = tuple(self._rule(f"{place}.rules", name) for name in parts.get("rules", ()))
            found.append(PathIgnore(pattern, names, parts["reason"]))
        return tuple(found)

    def _rule_options(self, key: str, value: Any) -> dict[str, dict[str, Scalar]]:
        found: dict[str, dict[str, Scalar]] = {}
        for rule, options in self._table(key, value).items():
            known = self._known[self._rule(key, rule)]
            found[rule] = {}
            for name, option in self._table(f"{key}.{rule}", options).items():
                if name not in known:
                    raise self._unknown(f"option {key}.{rule}.{name}", name, known)
                found[rule][name] = self._scalar_like(f"{key}.{rule}.{name}", option, known[name])
        return found

    def _scalar_like(self, key: str, value: Any, default: Scalar) -> Scalar:
        """An option of the type of its default; a whole number may stand for a float."""
        if type(value) is type(default) and isinstance(value, str | int | float | bool):
            return value
        if isinstance(default, float) and type(value) is int:
            return float(value)
        raise self._error(key, _TYPE_WORDS[type(default)])

    def _declare(self, key: str, value: Any) -> Declarations:
        readers: dict[str, Callable[[str, Any], Any]] = {
            "gateway": lambda place, items: tuple(
                Gateway(part["base-url"], part["meters"])
                for part in self._rows(place, items, {"base-url": self._text, "meters": self._facets})
            ),
            "meters": lambda place, items: tuple(
                Meter(part["function"], part["facets"])
                for part in self._rows(place, items, {"function": self._text, "facets": self._facets})
            ),
            "roles": lambda place, items: tuple(
                RolePath(part["path"], part["role"])
                for part in self._rows(place, items, {"path": self._text, "role": self._role})
            ),
            "freshness": self._durations,
            "owners": lambda place, table: {
                name: self._text(f"{place}.{name}", owner) for name, owner in self._table(place, table).items()
            },
            "evals": self._text,
            "tenancy": lambda place, word: self._word(place, word, ("single", "multi")),
            "domain": self._text,
            "risk": self._text,
            "daily-requests": self._count,
        }
        parts = self._read(self._table(key, value), readers, f"{key}.")
        return Declarations(**{name.replace("-", "_"): part for name, part in parts.items()})

    def _rows(self, key: str, value: Any, readers: Mapping[str, Callable[[str, Any], Any]]) -> list[dict[str, Any]]:
        if not isinstance(value, list):
            raise self._error(key, "a list of tables")
        rows: list[dict[str, Any]] = []
        for index, item in enumerate(value):
            place = f"{key}[{index}]"
            row = self._read(self._table(place, item), readers, f"{place}.")
            for name in readers:
                if name not in row:
                    raise self._error(place, f"given {name}")
            rows.append(row)
        return rows

    def _facets(self, key: str, value: Any) -> tuple[str, ...]:
        return tuple(self._word(key, word, METERING_FACETS) for word in self._texts(key, value))

    def _role(self, key: str, value: Any) -> str:
        return self._word(key, value, ROLES)

    def _durations(self, key: str, value: Any) -> dict[str, int]:
        found: dict[str, int] = {}
        for name, text in self._table(key, value).items():
            seconds = duration_seconds(text) if isinstance(text, str) else None
            if seconds is None:
                raise self._error(f"{key}.{name}", "a duration such as 5s, 10m, 1h or 2d")
            found[name] = seconds
        return found

    def _count(self, key: str, value: Any) -> int:
        if type(value) is not int or value < 0:
            raise self._error(key, "a whole number of at least 0")
        return value


_TYPE_WORDS = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


def _words(levels: type[Severity] | type[Confidence]) -> tuple[str, ...]:
    return tuple(level.word for level in levels)
