"""Loads rules: `<folder>/<rule-name>/rule.yaml` and the page `rule.md` beside it, checked as they are read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import mltradeoff_lint
from mltradeoff_lint.model.finding import Confidence, Persona, Severity
from mltradeoff_lint.model.rule import GROUPS, EdgeClause, Need, PathClause, Relation, Rule
from mltradeoff_lint.model.value import Scalar
from mltradeoff_lint.model.vocabulary import EVIDENCE_KINDS
from mltradeoff_lint.query import checks
from mltradeoff_lint.query.clauses import (
    Scope,
    read_edges,
    read_match,
    read_paths,
    read_relations,
    read_unless,
)
from mltradeoff_lint.query.report_clause import read_report
from mltradeoff_lint.query.schema import MAX_BYTES, Item, RuleError, listed, read_items

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_SINCE = re.compile(r"\d+\.\d+\.\d+")
_REQUIRED = ("name", "group", "severity", "confidence", "persona", "since", "summary", "match", "report")
_OPTIONAL = ("options", "needs", "path", "edge", "relate", "unless", "check", "on_unknown")


def bundled_folder() -> Path:
    """Where our own rules are: inside the package when it was installed, beside it in a checkout."""
    package = Path(mltradeoff_lint.__file__).parent
    inside = package / "_rules"
    return inside if inside.is_dir() else package.parent / "rules"


def load_rules(folders: Sequence[Path]) -> tuple[Rule, ...]:
    """All rules of the folders, sorted by name; a folder that does not exist holds none.

    A rule is a subfolder named as the rule; one that starts with `.` or `_` is none. Raises RuleError at the
    first thing that is wrong, also when two folders hold a rule of one name, or when a link leads out of a folder
    that is not our own.
    """
    found: dict[str, Rule] = {}
    for folder in folders:
        for home in _rule_folders(folder):
            rule = load_rule(home)
            if rule.name in found:
                raise RuleError(rule.origin, 1, 1, f"rule `{rule.name}` exists already in {found[rule.name].origin}")
            found[rule.name] = rule
    return tuple(found[name] for name in sorted(found))


def load_rule(home: Path) -> Rule:
    """The rule of one folder; RuleError when it is wrong. The page may be absent."""
    path = home / "rule.yaml"
    rule = read_rule(str(path), _bytes(path), home.name)
    page = home / "rule.md"
    if not page.is_file():
        return rule
    try:
        return replace(rule, page=_bytes(page).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"))
    except UnicodeDecodeError:
        raise RuleError(str(page), 1, 1, "not UTF-8") from None


def read_rule(path: str, data: bytes, folder: str) -> Rule:
    """The rule in the bytes of a rule.yaml; `path` is for errors and `folder` is the name it must have."""
    root = read_items(path, data).expect("map", "a rule")
    fields = root.fields("a rule", _REQUIRED, _OPTIONAL)
    scope = Scope(_options(fields))
    match = read_match(fields["match"], scope)
    paths = read_paths(fields["path"], scope) if "path" in fields else ()
    edges = read_edges(fields["edge"], scope, (each.name for each in paths)) if "edge" in fields else ()
    relations = read_relations(fields["relate"], scope) if "relate" in fields else ()
    check = _check(fields)
    if not check:
        _require_connected(fields["match"], scope, paths, edges, relations)
    traces = {*(each.name for each in paths), *(each.name for each in edges if each.name)}
    report = read_report(fields["report"], scope, traces)
    return Rule(
        name=_name(fields["name"], folder),
        group=fields["group"].word("group", GROUPS),
        severity=Severity[fields["severity"].word("severity", (each.word for each in Severity)).upper()],
        confidence=Confidence[fields["confidence"].word("confidence", (each.word for each in Confidence)).upper()],
        persona=Persona(fields["persona"].word("persona", (each.value for each in Persona))),
        since=_since(fields["since"]),
        summary=_summary(fields["summary"]),
        match=match,
        paths=paths,
        edges=edges,
        relations=relations,
        unless=read_unless(fields["unless"], scope) if "unless" in fields else (),
        needs=tuple(_need(each) for each in fields["needs"].members("`needs`")) if "needs" in fields else (),
        report=report,
        check=check,
        options=scope.options,
        on_unknown=fields["on_unknown"].word("`on_unknown`", ("drop", "low")) if "on_unknown" in fields else "drop",
        origin=path,
    )


def _rule_folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    root = folder.resolve()
    is_ours = folder == bundled_folder()
    found = []
    for home in sorted(folder.iterdir()):
        if not home.is_dir() or home.name.startswith((".", "_")):
            continue
        for path in (home / "rule.yaml", home / "rule.md"):
            if not is_ours and not path.resolve().is_relative_to(root):
                raise RuleError(str(path), 1, 1, "a link leads out of the rules folder")
        found.append(home)
    return found


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise RuleError(str(path), 1, 1, f"cannot be read: {error.strerror}") from None
    if len(data) > MAX_BYTES:
        raise RuleError(str(path), 1, 1, f"larger than {MAX_BYTES // 1024} KiB")
    return data


def _name(item: Item, folder: str) -> str:
    name = item.text("`name`")
    if not NAME.fullmatch(name):
        raise item.error(f"`{name}` is no rule name: lower-case words joined with `-`")
    if name != folder:
        raise item.error(f"rule `{name}` stands in the folder `{folder}`; both must have one name")
    return name


def _since(item: Item) -> str:
    if item.kind == "number" or not _SINCE.fullmatch(str(item.value)):
        raise item.error("`since` must be a version of three numbers, such as 0.1.0")
    return str(item.value)


def _summary(item: Item) -> str:
    text = " ".join(item.text("`summary`").split())
    if not text.endswith("."):
        raise item.error("`summary` must be one sentence that ends with a full stop")
    return text


def _options(fields: Mapping[str, Item]) -> dict[str, Scalar]:
    if "options" not in fields:
        return {}
    found: dict[str, Scalar] = {}
    for name, key, value in fields["options"].pairs("`options`"):
        if not name.isidentifier() or not name.islower():
            raise key.error(f"`{name}` is no option name: lower-case letters, digits and `_`")
        if value.kind in ("map", "list"):
            raise value.error(f"option `{name}` must be a text, a number, true or false")
        found[name] = value.value
    return found


def _need(item: Item) -> Need:
    fields = item.fields("a need", ("evidence", "note"))
    return Need(fields["evidence"].word("evidence", EVIDENCE_KINDS), fields["note"].text("`note`"))


def _check(fields: Mapping[str, Item]) -> str:
    if "check" not in fields:
        return ""
    return fields["check"].word("check", checks.names())


def _require_connected(
    match: Item,
    scope: Scope,
    paths: Sequence[PathClause],
    edges: Sequence[EdgeClause],
    relations: Sequence[Relation],
) -> None:
    """RuleError when the variables fall apart: every pair of their nodes would then be a candidate."""
    pairs: list[tuple[object, object]] = [(path.source, path.target) for path in paths if not path.optional]
    pairs += [(edge.source, edge.target) for edge in edges]
    pairs += [(each.left.partition(".")[0], each.right.partition(".")[0]) for each in relations if each.kind == "same"]
    names = list(scope.kinds)
    joined = {names[0]}
    for _ in names:
        for left, right in pairs:
            if isinstance(left, str) and isinstance(right, str) and (left in joined or right in joined):
                joined |= {left, right}
    apart = [f"`{name}`" for name in names if name not in joined]
    if apart:
        raise match.error(f"nothing connects {listed(apart)} with `{names[0]}`: add a path, an edge or `same`")
