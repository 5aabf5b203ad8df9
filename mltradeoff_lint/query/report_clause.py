"""The `report` clause of a rule file: where a finding stands, what it says, and what makes two of them one."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from mltradeoff_lint.model.finding import Severity
from mltradeoff_lint.model.rule import Case, ReportSpec
from mltradeoff_lint.model.vocabulary import NODE_KINDS, ROLES
from mltradeoff_lint.query.clauses import Scope, check_property, read_variable_tests
from mltradeoff_lint.query.fields import FORMATS, OPTIONS, Field, parse
from mltradeoff_lint.query.schema import Item, suggest

_FORMAT_TYPES = {"duration": "number", "percent": "number", "count": "texts"}


def read_report(item: Item, scope: Scope, traces: Collection[str]) -> ReportSpec:
    """The report of a rule; `traces` are the names of its paths and edges. The cause is `at` when none is given."""
    optional = ("trace", "related", "cause", "cases", "role", "owner")
    fields = item.fields("`report`", ("at", "message", "remedy"), optional)
    at = scope.variable(fields["at"], "variable")
    names = (*traces, *scope.kinds)
    return ReportSpec(
        at=at,
        message=_message(fields["message"], scope, "`message`"),
        remedy=_message(fields["remedy"], scope, "`remedy`"),
        trace=_words(fields, "trace", "path, edge or variable", names),
        related=_words(fields, "related", "path, edge or variable", names),
        cause=_cause(fields["cause"], scope) if "cause" in fields else (at,),
        cases=_cases(fields["cases"], scope) if "cases" in fields else (),
        role=_role(fields["role"], scope) if "role" in fields else "",
        owner=scope.variable(fields["owner"], "variable") if "owner" in fields else "",
    )


def _words(fields: dict[str, Item], name: str, what: str, allowed: Iterable[str]) -> tuple[str, ...]:
    if name not in fields:
        return ()
    words = tuple(allowed)
    return tuple(each.word(what, words) for each in fields[name].members(f"`{name}`"))


def _message(item: Item, scope: Scope, what: str) -> str:
    text = item.text(what)
    try:
        parts = parse(text)
    except ValueError as error:
        raise item.error(f"{what} has {error}") from None
    for part in parts:
        if isinstance(part, Field):
            _check_field(item, part, scope)
    return text


def _check_field(item: Item, part: Field, scope: Scope) -> None:
    if part.format and part.format not in FORMATS:
        raise item.error(f"unknown format `{part.format}`" + suggest(part.format, FORMATS))
    if part.variable == OPTIONS:
        if part.property not in scope.options:
            raise item.error(f"unknown option `{part.property}`" + suggest(part.property, scope.options))
        return
    if part.variable not in scope.kinds:
        raise item.error(f"unknown variable `{part.variable}`" + suggest(part.variable, scope.kinds))
    kind = scope.kinds[part.variable]
    if part.property == "label":
        return
    if part.property not in NODE_KINDS[kind]:
        known = (*NODE_KINDS[kind], "label")
        raise item.error(f"unknown property `{part.property}` of {kind}" + suggest(part.property, known))
    found = NODE_KINDS[kind][part.property].type
    if part.format and found != _FORMAT_TYPES[part.format]:
        wanted = _FORMAT_TYPES[part.format]
        raise item.error(f"`|{part.format}` is for a {wanted}, and `{part.property}` is a {found}")


def _cause(item: Item, scope: Scope) -> tuple[str, ...]:
    found = []
    for each in item.members("`cause`"):
        if "." in each.text("a cause"):
            scope.property_of(each, "a cause")
        else:
            scope.variable(each, "variable")
        found.append(str(each.value))
    return tuple(found)


def _role(item: Item, scope: Scope) -> str:
    variable, name = scope.property_of(item, "`role`")
    if check_property(item, scope.kinds[variable], name).values != ROLES:
        raise item.error(f"`{variable}.{name}` holds no role")
    return f"{variable}.{name}"


def _cases(item: Item, scope: Scope) -> tuple[Case, ...]:
    found: list[Case] = []
    for each in item.members("`cases`"):
        optional = ("severity", "message", "remedy", "step_down")
        fields = each.fields("a case", ("variant", "when"), optional)
        variant = fields["variant"].text("`variant`")
        if variant in {case.variant for case in found}:
            raise fields["variant"].error(f"variant `{variant}` exists twice")
        severity = None
        if "severity" in fields:
            word = fields["severity"].word("severity", (level.word for level in Severity))
            severity = Severity[word.upper()]
        found.append(
            Case(
                variant=variant,
                tests=read_variable_tests(fields["when"], scope, "`when`"),
                severity=severity,
                message=_message(fields["message"], scope, "`message`") if "message" in fields else "",
                remedy=_message(fields["remedy"], scope, "`remedy`") if "remedy" in fields else "",
                step_down="step_down" not in fields or bool(fields["step_down"].expect("flag", "`step_down`").value),
            )
        )
    return tuple(found)
