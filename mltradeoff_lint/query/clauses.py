"""The clauses of a rule file: node patterns, property tests, paths, edges, relations and `unless`.

Everything is checked against the vocabulary while it is read, so that a rule that loads can be evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mltradeoff_lint.model.rule import EdgeClause, EdgePattern, NodePattern, PathClause, Relation, Test, UnlessClause
from mltradeoff_lint.model.value import Scalar
from mltradeoff_lint.model.vocabulary import EDGE_KINDS, EDGE_PROPERTIES, NODE_KINDS, PropertyKind
from mltradeoff_lint.query.schema import Item, suggest

DEFAULT_HOPS = 8
MAX_HOPS = 32
OPERATORS: dict[str, str] = {
    "in": "the value is one of a list",
    "not": "the value is known and is none of these",
    "present": "there is a known value",
    "missing": "there is no value",
    "unknown": "there is a value that could not be told",
    "at_least": "the number is this or more",
    "below": "the number is less than this",
    "includes_all": "the texts hold all of these",
}
"""The operators of a property test; a bare value tests equality."""

RESERVED = ("edge", "path", "because", "options")
"""Words that name no variable."""

RELATIONS = ("same", "differ", "distinct")
_VARIABLE = re.compile(r"[a-z][a-z0-9_]*")
_OPTION = re.compile(r"\$\{([a-z][a-z0-9_]*)\}")


@dataclass(slots=True)
class Scope:
    """What names mean in one rule file: its options, and the kind of each variable of `match`."""

    options: Mapping[str, Scalar] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def variable(self, item: Item, what: str) -> str:
        """A text that names a variable of `match`."""
        return item.word(what, self.kinds)

    def property_of(self, item: Item, what: str) -> tuple[str, str]:
        """A text `variable.property`, both known."""
        variable, dot, name = item.text(what).partition(".")
        if not dot:
            raise item.error(f"{what} must be `variable.property`")
        if variable not in self.kinds:
            raise item.error(f"unknown variable `{variable}`" + suggest(variable, self.kinds))
        check_property(item, self.kinds[variable], name)
        return variable, name


def check_property(item: Item, kind: str, name: str) -> PropertyKind:
    """The property of a node kind; RuleError when the kind has none of that name."""
    known = NODE_KINDS[kind]
    if name not in known:
        raise item.error(f"unknown property `{name}` of {kind}" + suggest(name, known))
    return known[name]


def read_match(item: Item, scope: Scope) -> dict[str, NodePattern]:
    """`match`: each variable with its pattern; fills the scope as it goes."""
    found: dict[str, NodePattern] = {}
    for name, key, value in item.pairs("`match`"):
        if not _VARIABLE.fullmatch(name):
            raise key.error(f"`{name}` is no variable name: lower-case letters, digits and `_`")
        if name in RESERVED:
            raise key.error(f"`{name}` is a reserved word and names no variable")
        found[name] = read_pattern(value, scope)
        scope.kinds[name] = found[name].kind
    if not found:
        raise item.error("`match` is empty")
    return found


def read_pattern(item: Item, scope: Scope) -> NodePattern:
    """A node pattern: `kind`, and tests; a property that is itself called `kind` is written `.kind`."""
    fields = {name: (key, value) for name, key, value in item.pairs("a node pattern")}
    if "kind" not in fields:
        raise item.error("a node pattern has no `kind`")
    kind = fields.pop("kind")[1].word("node kind", NODE_KINDS)
    return NodePattern(kind, _read_tests(fields.values(), NODE_KINDS[kind], kind, scope))


def read_edge_pattern(item: Item, scope: Scope) -> EdgePattern:
    """An edge kind, or one kind with tests: `handles`, `{loads: {scope: request}}`."""
    if item.kind != "map":
        return EdgePattern(item.word("edge kind", EDGE_KINDS))
    if len(item.entries) != 1:
        raise item.error("an edge pattern has one edge kind")
    key, value = item.entries[0]
    kind = key.word("edge kind", EDGE_KINDS)
    pairs = [(name, test) for _, name, test in value.pairs("the tests of an edge")]
    return EdgePattern(kind, _read_tests(pairs, EDGE_PROPERTIES.get(kind, {}), f"edge `{kind}`", scope))


def read_paths(item: Item, scope: Scope) -> tuple[PathClause, ...]:
    """`path`: the named paths of a rule."""
    found = []
    for name, key, value in item.pairs("`path`"):
        if not _VARIABLE.fullmatch(name):
            raise key.error(f"`{name}` is no path name: lower-case letters, digits and `_`")
        if name in scope.kinds:
            raise key.error(f"path `{name}` has the name of a variable")
        found.append(read_path(value, scope, name))
    return tuple(found)


def read_path(item: Item, scope: Scope, name: str) -> PathClause:
    """One path clause: `from`, `to`, `along`, and `hops`, `avoiding`, `optional` (not in `unless`)."""
    optional = ("hops", "avoiding", "optional") if name else ("hops", "avoiding")
    fields = item.fields("a path", ("from", "to", "along"), optional)
    source, target = _ends(item, fields, scope)
    along = tuple(read_edge_pattern(step, scope) for step in fields["along"].members("`along`"))
    hops = DEFAULT_HOPS
    if "hops" in fields:
        value = fields["hops"].expect("number", "`hops`").value
        if not isinstance(value, int) or not 1 <= value <= MAX_HOPS:
            raise fields["hops"].error(f"`hops` must be a whole number from 1 to {MAX_HOPS}")
        hops = value
    avoiding: tuple[NodePattern, ...] = ()
    if "avoiding" in fields:
        avoiding = tuple(read_pattern(each, scope) for each in fields["avoiding"].members("`avoiding`"))
    is_optional = "optional" in fields and bool(fields["optional"].expect("flag", "`optional`").value)
    return PathClause(name, source, target, along, hops, avoiding, is_optional)


def read_edges(item: Item, scope: Scope, taken: Iterable[str]) -> tuple[EdgeClause, ...]:
    """`edge`: the edges of a rule; a `name` lets `report.trace` show one."""
    found: list[EdgeClause] = []
    names = {*taken, *scope.kinds}
    for value in item.members("`edge`"):
        clause = read_edge(value, scope, ("name",))
        if clause.name and clause.name in names:
            raise value.error(f"the name `{clause.name}` is taken")
        names.add(clause.name)
        found.append(clause)
    return tuple(found)


def read_edge(item: Item, scope: Scope, optional: Iterable[str] = ()) -> EdgeClause:
    """One edge clause: `from`, `to`, `type`."""
    fields = item.fields("an edge", ("from", "to", "type"), optional)
    source, target = _ends(item, fields, scope)
    name = fields["name"].text("`name`") if "name" in fields else ""
    return EdgeClause(source, target, read_edge_pattern(fields["type"], scope), name)


def read_relations(item: Item, scope: Scope) -> tuple[Relation, ...]:
    """`relate`: `same` and `differ` compare two properties, `distinct` two variables."""
    found = []
    for value in item.members("`relate`"):
        value.expect("map", "a relation")
        if len(value.entries) != 1:
            raise value.error("a relation has one of `same`, `differ`, `distinct`")
        key, sides = value.entries[0]
        kind = key.word("relation", RELATIONS)
        members = sides.members(f"`{kind}`")
        if len(members) != 2:
            raise sides.error(f"`{kind}` compares two things, not {len(members)}")
        for side in members:
            if kind == "distinct":
                scope.variable(side, "variable")
            else:
                scope.property_of(side, f"a side of `{kind}`")
        found.append(Relation(kind, str(members[0].value), str(members[1].value)))
    return tuple(found)


def read_unless(item: Item, scope: Scope) -> tuple[UnlessClause, ...]:
    """`unless`: each clause tests variables, or asks for an edge or a path, and says why in `because`."""
    return tuple(_read_unless(value, scope, at) for at, value in enumerate(item.members("`unless`"), 1))


def read_variable_tests(item: Item, scope: Scope, what: str) -> tuple[tuple[str, Test], ...]:
    """Tests by variable, as `when` and `unless` hold them: `{call: {reach: request}}`."""
    found = []
    for name, key, value in item.pairs(what):
        if name == "because":
            continue
        if name not in scope.kinds:
            raise key.error(f"unknown variable `{name}`" + suggest(name, scope.kinds))
        kind = scope.kinds[name]
        pairs = [(test_key, test) for _, test_key, test in value.pairs(f"the tests of `{name}`")]
        found += [(name, test) for test in _read_tests(pairs, NODE_KINDS[kind], kind, scope)]
    if not found:
        raise item.error(f"{what} tests nothing")
    return tuple(found)


def _read_unless(item: Item, scope: Scope, position: int) -> UnlessClause:
    fields = {name: value for name, _, value in item.pairs("a clause of `unless`")}
    text = fields["because"].text("`because`") if "because" in fields else ""
    parts = [name for name in fields if name != "because"]
    if len(parts) != 1 and ("edge" in parts or "path" in parts):
        raise item.error("a clause of `unless` is tests, one edge, or one path; write two clauses")
    if "edge" in fields:
        return UnlessClause(position, edge=read_edge(fields["edge"], scope), text=text)
    if "path" in fields:
        return UnlessClause(position, path=read_path(fields["path"], scope, ""), text=text)
    return UnlessClause(position, read_variable_tests(item, scope, "a clause of `unless`"), text=text)


def _ends(item: Item, fields: Mapping[str, Item], scope: Scope) -> tuple[str | NodePattern, str | NodePattern]:
    ends: list[str | NodePattern] = []
    for name in ("from", "to"):
        end = fields[name]
        ends.append(read_pattern(end, scope) if end.kind == "map" else scope.variable(end, "variable"))
    if not any(isinstance(end, str) for end in ends):
        raise item.error("one of `from` and `to` must be a variable")
    return ends[0], ends[1]


def _read_tests(
    pairs: Iterable[tuple[Item, Item]], known: Mapping[str, PropertyKind], of: str, scope: Scope
) -> tuple[Test, ...]:
    found: list[Test] = []
    seen: set[str] = set()
    for key, value in pairs:
        name = str(key.value).removeprefix(".")
        if name in seen:
            raise key.error(f"property `{name}` is tested twice; put both operators under one key")
        seen.add(name)
        if name not in known:
            hint = suggest(name, known) if known else ", which has none"
            raise key.error(f"unknown property `{name}` of {of}{hint}")
        found += _read_test(name, value, known[name], scope)
    return tuple(found)


def _read_test(name: str, item: Item, kind: PropertyKind, scope: Scope) -> list[Test]:
    if item.kind == "list":
        raise item.error("a list needs an operator: `{in: [...]}` or `{includes_all: [...]}`")
    if item.kind != "map":
        if item.value in ("present", "missing") and item.value not in kind.values:
            return [Test(name, str(item.value))]
        if item.value == "unknown" and item.value not in kind.values:
            raise item.error("to test for an unknown value write `{unknown: true}`")
        return [_value_test(name, "is", item, kind, scope)]
    if not item.entries:
        raise item.error(f"the test of `{name}` is empty")
    return [_operator_test(name, key, value, kind, scope) for key, value in item.entries]


def _operator_test(name: str, key: Item, value: Item, kind: PropertyKind, scope: Scope) -> Test:
    operator = key.word("operator", OPERATORS)
    if operator in ("present", "missing", "unknown"):
        if value.value is not True:
            raise value.error(f"`{operator}` takes `true`")
        return Test(name, operator)
    if operator in ("at_least", "below") and kind.type != "number":
        raise key.error(f"`{operator}` needs a number, and `{name}` is a {kind.type}")
    if operator == "includes_all":
        if kind.type != "texts":
            raise key.error(f"`includes_all` needs texts, and `{name}` is a {kind.type}")
        return Test(name, operator, _values(name, operator, value, kind))
    if operator == "in" or (operator == "not" and value.kind == "list"):
        return Test(name, operator, _values(name, operator, value, kind))
    return _value_test(name, operator, value, kind, scope)


def _value_test(name: str, operator: str, item: Item, kind: PropertyKind, scope: Scope) -> Test:
    if kind.type == "texts":
        raise item.error(f"`{name}` holds texts: use `includes_all`, `present`, `missing` or `unknown`")
    option = _OPTION.fullmatch(str(item.value)) if item.kind == "text" else None
    if option is None:
        return Test(name, operator, _value(name, item, kind))
    wanted = option[1]
    if wanted not in scope.options:
        raise item.error(f"unknown option `{wanted}`" + suggest(wanted, scope.options))
    default = scope.options[wanted]
    check_value(item, name, default, kind)
    return Test(name, operator, default, wanted)


def _values(name: str, operator: str, item: Item, kind: PropertyKind) -> tuple[Scalar, ...]:
    return tuple(_value(name, each, kind) for each in item.members(f"`{operator}`"))


def _value(name: str, item: Item, kind: PropertyKind) -> Scalar:
    if item.kind in ("map", "list"):
        raise item.error(f"`{name}` is compared with one value")
    if item.kind == "text" and "${" in str(item.value):
        raise item.error("an option stands for a whole value of its own: `at_least: ${name}`")
    check_value(item, name, item.value, kind)
    return item.value


def check_value(item: Item, name: str, value: Scalar, kind: PropertyKind) -> None:
    """RuleError when a value has not the type of a property, or is none of its words."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    fits = {"flag": isinstance(value, bool), "number": is_number}.get(kind.type, isinstance(value, str))
    if not fits:
        wanted = {"flag": "true or false", "number": "a number"}.get(kind.type, "a text")
        raise item.error(f"`{name}` is {wanted}, and `{_written(value)}` is not")
    if kind.values and value not in kind.values:
        raise item.error(f"`{name}` is never `{value}`" + suggest(str(value), kind.values))


def _written(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
