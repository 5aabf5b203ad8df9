"""What the facts of a Python module say: reaching definitions, scopes, regions, writes, spans."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.facts import NONE
from tests.readers.python_sample import call_of, leaves, lines, read, scope_named, shape, used


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1\nx = 2\nuse(x)", [2]),
        ("if a:\n x = 1\nelif b:\n x = 2\nelse:\n x = 3\nuse(x)", [2, 4, 6]),
        ("x = 0\nif a:\n x = 1\nuse(x)", [1, 3]),
        ("x = 0\nfor i in y:\n use(x)\n x = 1", [1, 4]),
        ("x = 0\nwhile a:\n x = 1\n if b: break\n x = 2\nelse:\n x = 3\nuse(x)", [3, 7]),
        ("while True:\n x = 1\n if a: break\n x = 2\nuse(x)", [2]),
        ("for x in y: pass\nuse(x)", [1]),
        ("x = 0\ntry:\n x = 1\n x = 2\nexcept E:\n use(x)", [1, 3, 4]),
        ("x = 0\ntry:\n x = 1\nfinally:\n x = 2\nuse(x)", [5]),
        ("try:\n x = 1\nexcept E:\n x = 2\nelse:\n x = 3\nuse(x)", [4, 6]),
        ("try:\n x = 1\nexcept E:\n raise\nuse(x)", [2]),
        ("with open(a) as x: pass\nuse(x)", [1]),
        ("match a:\n case [x]: pass\n case {'k': _, **x}: pass\n case _:\n  x = 1\nuse(x)", [2, 3, 5]),
        ("match a:\n case 1:\n  x = 1\nuse(x)", [3]),
        ("if (x := f()):\n use(x)", [1]),
        ("x = 0\nwhile (x := f()):\n use(x)", [2]),
        ("x = 0\nif a and (x := f()): pass\nuse(x)", [1, 2]),
        ("x = 0\ny = [x for x in z]\nuse(x)", [1]),
        ("x = 0\ny = [(x := i) for i in z]\nuse(x)", [1, 2]),
        ("import x\nuse(x)", [1]),
        ("for i in y:\n use(x)\n from m import x", [3]),
        ("x = 0\nif a:\n raise E\nelse:\n x = 1\nuse(x)", [5]),
        ("x = 0\nx: int\nuse(x)", [1]),
        ("x: int = 0\nuse(x)", [1]),
        ("x = 0\ndel x\nuse(x)", []),
        ("try: pass\nexcept E as x: pass\nuse(x)", []),
        ("a, (x, *b) = y\nuse(x)", [1]),
        ("def x(): pass\nuse(x)", [1]),
        ("class x: pass\nuse(x)", [1]),
        ("x = 0\ndef f():\n x = 1\nuse(x)", [1]),
    ],
)
def test_a_load_lists_the_definitions_that_reach_it(source: str, expected: list[int]) -> None:
    assert lines(source) == expected


@pytest.mark.parametrize(
    ("change", "kind", "path"),
    [
        ("x += [2]", "augment", ("Add",)),
        ("x.name = 2", "attribute", ("name",)),
        ("x.append(2)", "method", ("append",)),
        ("await x.add(2)", "method", ("add",)),
        ("x.drop(columns, inplace=True)", "method", ("drop",)),
    ],
)
def test_a_change_of_what_a_name_holds_is_a_version_that_knows_the_one_before(
    change: str, kind: str, path: tuple[str, ...]
) -> None:
    (one,) = used(f"async def f():\n x = make()\n {change}\n use(x)")
    assert (one.kind, one.path) == (kind, path)
    facts = read(f"async def f():\n x = make()\n {change}\n use(x)")
    assert [facts.definitions[index].kind for index in one.previous] == ["assign"]


def test_an_item_that_is_written_keeps_its_key() -> None:
    (one,) = used("x = {}\nx['model'] = name\nuse(x)")
    facts = read("x = {}\nx['model'] = name\nuse(x)")
    assert one.kind == "item"
    assert facts.exprs[one.path[0]] == ("const", "model")


def test_a_call_that_changes_nothing_makes_no_version() -> None:
    assert [one.kind for one in used("x = make()\nx.get(1)\nx.drop(columns)\nuse(x)")] == ["assign"]


def test_a_list_of_another_scope_that_is_changed_is_a_write() -> None:
    facts = read("def f():\n ITEMS.append(1)\n self.items.append(2)")
    assert [(one.kind, shape(facts, one.base), one.key) for one in facts.writes] == [
        ("method", "ITEMS", "append"),
        ("method", ("attr", "self", "items"), "append"),
    ]


def test_many_definitions_are_joined_into_one() -> None:
    source = (
        "if a: x = 0\n" + "".join(f"elif a == {number}: x = {number}\n" for number in range(20)) + "else: x = 1\nuse(x)"
    )
    facts = read(source)
    reaching = facts.exprs[call_of(facts, "use").arguments[0]][2]
    assert len(reaching) == 1
    assert facts.definitions[reaching[0]].kind == "phi"
    assert len(leaves(facts, reaching)) == 22


def test_a_global_that_a_function_binds_is_a_write_and_loads_look_outward() -> None:
    facts = read("def f():\n global model\n model = load()\n model += 1\n use(model)")
    assert [(one.kind, one.key, one.operator) for one in facts.writes] == [
        ("global", "model", ""),
        ("global", "model", "Add"),
    ]
    assert facts.exprs[call_of(facts, "use").arguments[0]][2] == ()
    assert "model" not in scope_named(facts, "f").finals


def test_a_nonlocal_is_no_global() -> None:
    facts = read("def f():\n x = 1\n def g():\n  nonlocal x\n  x = 2")
    assert [(one.kind, one.key) for one in facts.writes] == [("nonlocal", "x")]


def test_the_finals_of_a_scope_are_what_is_alive_at_its_end() -> None:
    facts = read("x = 1\nx = 2\nif a: y = 1\ndel x\ndef f(): pass")
    finals = facts.scopes[0].finals
    assert sorted(finals) == ["f", "y"]
    assert [facts.definitions[index].kind for index in finals["f"]] == ["function"]


def test_functions_and_classes_nest_with_qualified_names_and_owners() -> None:
    facts = read("class A:\n def f(self):\n  def g(): pass\n  class B:\n   def h(self): pass\n")
    assert [(one.kind, one.qualname) for one in facts.scopes] == [
        ("module", ""), ("class", "A"), ("function", "A.f"), ("function", "A.f.g"), ("class", "A.f.B"),
        ("function", "A.f.B.h"),
    ]  # fmt: skip
    assert [facts.classes[one.owner].qualname if one.owner != NONE else None for one in facts.scopes] == [
        None, "A", "A", None, "A.f.B", "A.f.B",
    ]  # fmt: skip


def test_decorators_defaults_and_annotations_belong_to_the_scope_around() -> None:
    facts = read("def f():\n @d(1)\n def g(x: T = e()) -> R: pass")
    outer = facts.scopes.index(scope_named(facts, "f"))
    inner = scope_named(facts, "f.g")
    (parameter,) = inner.parameters
    for index in (*inner.decorators, parameter.default, parameter.annotation, inner.annotation):
        assert facts.expr_scopes[index] == outer
    assert {call.scope for call in facts.calls} == {outer}


def test_parameters_keep_their_kinds() -> None:
    (scope,) = [one for one in read("def f(a, /, b, *c, d, **e): pass").scopes if one.kind == "function"]
    assert [(one.name, one.kind) for one in scope.parameters] == [
        ("a", "positional"), ("b", "both"), ("c", "*"), ("d", "keyword"), ("e", "**"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ('"Client"', "Client"),
        ('"lib.Client"', ("attr", "lib", "Client")),
        ('Optional["Client"]', ("item", "Optional", "Client")),
        ('Dict[str, "Client"]', ("item", "Dict", ("tuple", "str", "Client"))),
        ('"Client" | None', ("binop", "|", "Client", ("const", None))),
        ('Literal["a"]', ("item", "Literal", ("const", "a"))),
        ('Annotated["Client", "words"]', ("item", "Annotated", ("tuple", "Client", ("const", "words")))),
        ('"not a type"', ("const", "not a type")),
    ],
)
def test_a_quoted_type_is_read_as_what_it_quotes(annotation: str, expected: object) -> None:
    facts = read(f"def f(x: {annotation}): pass")
    (scope,) = [one for one in facts.scopes if one.kind == "function"]
    assert shape(facts, scope.parameters[0].annotation) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a.b(1)[2]", ("item", ("call", ("attr", "a", "b"), ("const", 1)), ("const", 2))),
        ("a[1:]", ("item", "a", ("slice", ("const", 1), None, None))),
        ("f'{a}/x{b!r}'", ("fstring", "a", ("const", "/x"), ("other", "format", "b"))),
        ("{**a, 'k': b}", ("dict", (None, "a"), (("const", "k"), "b"))),
        ("lambda x: x.y", ("lambda", ("attr", "x", "y"))),
        ("a if b else c", ("ifexp", "b", "a", "c")),
        ("a < b <= c", ("compare", "<", "<=", "a", "b", "c")),
        ("not a", ("unary", "not", "a")),
        ("(a, *b)", ("tuple", "a", ("star", "b"))),
        ("[x.y for x in z]", ("comp", "list", ("attr", "x", "y"), "z")),
        ("a or b", ("boolop", "or", "a", "b")),
        ("b'bytes'", ("other", "bytes")),
    ],
)
def test_expressions_keep_their_form(source: str, expected: object) -> None:
    facts = read(source)
    assert shape(facts, facts.discarded[0]) == expected


def test_returns_yields_and_awaits_are_kept() -> None:
    facts = read("async def f():\n x = await g()\n yield x\n return\ndef h():\n yield from i\n return 1")
    first, second = scope_named(facts, "f"), scope_named(facts, "h")
    assert first.is_async
    assert [shape(facts, one.value) for one in first.yields] == ["x"]
    assert [one.value for one in first.returns] == [NONE]
    assert [shape(facts, one.value) for one in second.yields] == [("item", "i", None)]
    assert [shape(facts, one.value) for one in second.returns] == [("const", 1)]


def test_what_a_raise_and_an_assert_compute_is_read() -> None:
    facts = read("raise a() from b()\nassert c(), d()")
    assert [shape(facts, call.function) for call in facts.calls] == ["a", "b", "c", "d"]


def regions(source: str) -> list[str]:
    """The kinds of the regions around the only `use(...)`, innermost first."""
    facts = read(source)
    kinds = []
    region = call_of(facts, "use").region
    while region != NONE:
        kinds.append(facts.regions[region].kind)
        region = facts.regions[region].parent
    return kinds


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("if a: use(x)", ["then", "scope"]),
        ("if a: pass\nelse: use(x)", ["else", "scope"]),
        ("def f():\n if a: return\n use(x)", ["after", "scope", "scope"]),
        ("def f():\n if a: pass\n use(x)", ["scope", "scope"]),
        ("for i in y:\n if a: continue\n use(x)", ["after", "loop", "scope"]),
        ("while a: use(x)", ["while", "scope"]),
        ("for i in y: pass\nelse: use(x)", ["loopelse", "scope"]),
        ("while True: pass\nelse: use(x)", ["loopelse", "scope"]),
        ("try: use(x)\nexcept E: pass", ["try", "scope"]),
        ("try: pass\nexcept E: use(x)", ["except", "scope"]),
        ("try: pass\nexcept E: pass\nelse: use(x)", ["tryelse", "scope"]),
        ("try: pass\nfinally: use(x)", ["finally", "scope"]),
        ("with a, b: use(x)", ["with", "with", "scope"]),
        ("match a:\n case 1: use(x)", ["case", "scope"]),
        ("if a: raise E\nfor i in y: use(x)", ["loop", "after", "scope"]),
        ("while True:\n pass\nuse(x)", ["scope"]),
    ],
)
def test_a_call_stands_in_the_region_that_decides_whether_it_runs(source: str, expected: list[str]) -> None:
    assert regions(source) == expected


def test_the_region_behind_an_early_exit_keeps_its_test() -> None:
    facts = read("def f():\n if not allowed: return\n act()")
    region = facts.regions[call_of(facts, "act").region]
    assert shape(facts, region.test) == ("unary", "not", "allowed")
    assert [one.exits for one in facts.regions if one.kind == "then"] == [True]


@pytest.mark.parametrize(
    ("body", "leaves"),
    [
        ("return 1", True),
        ("if a: return 1\n raise E", True),
        ("if a: return 1\n else: raise E", True),
        ("if a: return 1", False),
        ("for one in a: return one", False),
        ("with a: return 1", True),
    ],
)
def test_the_region_of_a_function_tells_whether_a_run_comes_to_its_end(body: str, leaves: bool) -> None:
    facts = read(f"def f(a):\n {body}")
    assert facts.regions[facts.scopes[1].region].exits is leaves


def test_imports_keep_module_name_level_and_what_they_bind() -> None:
    facts = read("import a.b\nimport a.b as c\nfrom . import d\nfrom ..e import f as g\nfrom h import *")
    assert [(one.module, one.name, one.bound, one.level) for one in facts.imports] == [
        ("a.b", None, "a", 0), ("a.b", None, "c", 0), ("", "d", "d", 1), ("e", "f", "g", 2), ("h", "*", "*", 0),
    ]  # fmt: skip
    assert "*" not in facts.scopes[0].finals


def test_the_names_of_a_literal_all_are_kept() -> None:
    assert read("__all__ = ['a', 'b']").module_all == ("a", "b")
    assert read("x = 1").module_all is None


def test_a_write_to_an_attribute_keeps_value_path_and_operator() -> None:
    facts = read("class A:\n def f(self):\n  self.a, self.b = x\n  self.c += 1\n  self.d: int = 2")
    assert [(one.kind, one.key, one.path, one.operator) for one in facts.writes] == [
        ("attribute", "a", (0,), ""), ("attribute", "b", (1,), ""), ("attribute", "c", (), "Add"),
        ("attribute", "d", (), ""), ("declare", "d", (), ""),
    ]  # fmt: skip


def test_a_call_knows_its_statement_and_its_keywords() -> None:
    facts = read("x = make(\n    1,\n    *more,\n    key=2,\n    **rest,\n)\n")
    call = call_of(facts, "make")
    assert [shape(facts, one) for one in call.arguments] == [("const", 1), ("star", "more")]
    assert [(name, shape(facts, one)) for name, one in call.keywords] == [("key", ("const", 2)), (None, "rest")]
    assert (call.statement.line, call.statement.end_line) == (1, 6)


def test_columns_count_utf_8_bytes() -> None:
    (call,) = read("naïve = 'é'; use(1)").calls
    assert call.span.column == len("naïve = 'é'; ".encode())


def test_a_definition_has_the_span_of_its_name() -> None:
    facts = read("async def tâche():\n    class Inner: pass")
    assert [(one.name_span.column, one.name_span.end_column) for one in facts.scopes[1:]] == [(10, 16), (10, 15)]
