"""The lowering of libcst trees gives what `ast` gives, for source that both read."""

from __future__ import annotations

import ast
import importlib.util
import json
import textwrap
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mltradeoff_lint.readers.newer_syntax_lowering.child import decode_source, lower
from mltradeoff_lint.readers.newer_syntax_lowering.wire import MalformedTree, TooDeep, decode, encode

POSITION = ("lineno", "col_offset", "end_lineno", "end_col_offset")


def dumped(tree: ast.Module) -> str:
    """A tree as text with positions, save inside f-strings, where those of 3.11 are wrong."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            for inner in ast.walk(node):
                if inner is not node and hasattr(inner, "lineno"):
                    for name in POSITION:
                        setattr(inner, name, 0)
    return ast.dump(tree, include_attributes=True, indent=0)


def parsed(source: bytes) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)


def is_read(source: str) -> bool:
    try:
        parsed(source.encode())
    except SyntaxError:
        return False
    return True


def assert_same(source: str | bytes) -> None:
    raw = source.encode() if isinstance(source, str) else source
    lowered = lower(decode_source(raw))
    sent = decode(json.loads(json.dumps(encode(lowered.tree))))
    assert dumped(lowered.tree) == dumped(parsed(raw))
    assert dumped(sent) == dumped(parsed(raw))
    assert lowered.newer == ()


SAMPLES = Path(__file__).with_name("lowering_samples")
EXPRESSIONS = SAMPLES.joinpath("expressions.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
STATEMENTS = SAMPLES.joinpath("statements.txt").read_text(encoding="utf-8").split("---\n")


@pytest.mark.parametrize("source", EXPRESSIONS)
def test_an_expression_is_lowered_as_ast_reads_it(source: str) -> None:
    assert_same(source)


@pytest.mark.parametrize("source", STATEMENTS)
def test_a_statement_is_lowered_as_ast_reads_it(source: str) -> None:
    assert_same(source)


@pytest.mark.parametrize("source", [source for source in STATEMENTS if "\t" not in source])
def test_a_statement_inside_a_function_is_lowered_as_ast_reads_it(source: str) -> None:
    assert_same("async def outer():\n" + textwrap.indent(source, "  ") + "\n  pass\n")


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\n\n",
        b"# only a comment",
        b"x = 1",
        b"x = 1\r\nif y:\r\n    z = '''a\r\nb'''\r\n",
        b"x = 1\ry = 2\rif z:\r    w\r",
        b"x = 1\r\ny = 2\nz = 3\rw\n",
        b"\xef\xbb\xbfx = 1\n",
        b"\x0cx = 1\n\x0c\nif x:\n    y\n\x0c    z\n",
        b"if x:\n    y\n    \x0cz = '''\n\x0c''' ; w\n\x0cdef f(\n\x0ca): pass\n",
        b"# -*- coding: latin-1 -*-\nx = '\xe9'; y\n",
        b"#!/usr/bin/python\n# vim: set fileencoding=gbk :\nx = '\xc4\xe3'; y\n",
        "x = 'a\u2028b'; y\nz = '\x1c\x85'; w\n".encode(),
        b"if x:\n    y\n   # odd comment\nz\n\n   \n",
        b"if x:\n    y\n\n\n\n",
        b"x = 1 \\\n\n",
    ],
)
def test_line_ends_encodings_and_blank_space_do_not_move_positions(source: bytes) -> None:
    assert_same(source)


@pytest.mark.parametrize("name", ["argparse", "ast", "dataclasses", "json.decoder", "asyncio.tasks", "asyncio.streams"])
def test_modules_of_the_standard_library_are_lowered_as_ast_reads_them(name: str) -> None:
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    assert_same(Path(spec.origin).read_bytes())


ATOMS = st.sampled_from(
    ["a", "é", "1", "2.5", "'s'", "b'b'", "None", "...", "f'{a}'", "'x' 'ÿ'", "()", "[]", "{}", "a.b", "(c)"]
)
SHAPES = (
    "({} + {})", "-{}", "(not {})", "({} and {} and {})", "({} or ({} or {}))", "({} < {} in {})", "({} if {} else {})",
    "[{}, *{}]", "({}, {},)", "({},)", "{{{}, {}}}", "{{{}: {}, **{}}}", "f({}, *{}, k={}, **{})", "f({} for é in {})",
    "a[{}:{}]", "a[{}, {}:{}:{}]", "(lambda x={}, *, y={}: {})", "[{} for a, b in {} if {}]", "{{{}: {} for a in {}}}",
    "(n := {})", "({}\n # 🙂\n  , {})", "( {} )", "({} ** {})", "(yield {})", "(await {})", "({}).attr",
    "f'é{{({})!r:>{{({})}}}}'",
)  # fmt: skip
BLOCKS = (
    "if {e}:\n{b}", "if {e}:\n{b}\nelif {e}:\n{b}\nelse:\n{b}", "while {e}:\n{b}\nelse:\n{b}", "for a, *b in {e}:\n{b}",
    "try:\n{b}\nexcept A as e:\n{b}\nfinally:\n{b}", "with {e} as a, {e}:\n{b}", "def f(a={e}) -> {e}:\n{b}",
    "class C(A, k={e}):\n{b}", "match {e}:\n  case [a, *_] if {e}:\n  {b}", "@f({e})\nasync def f():\n{b}",
)  # fmt: skip
LINES = ("{e}", "a = b = {e}", "a: int = {e}", "a += {e}; b ;", "del a[{e}]", "return {e}", "assert {e}, {e}")


def expressions() -> st.SearchStrategy[str]:
    return st.recursive(
        ATOMS,
        lambda inner: st.sampled_from(SHAPES).flatmap(
            lambda shape: st.tuples(*[inner] * (shape.count("{}"))).map(lambda parts: shape.format(*parts))
        ),
        max_leaves=12,
    )


@st.composite
def statements(draw: st.DrawFn, depth: int = 2) -> str:
    shape = draw(st.sampled_from(LINES + BLOCKS if depth else LINES))
    while "{b}" in shape:
        block = draw(statements(depth=depth - 1)) + "\n" + draw(statements(depth=0))
        shape = shape.replace("{b}", textwrap.indent(block, "  " if "case" not in shape else "    "), 1)
    while "{e}" in shape:
        shape = shape.replace("{e}", draw(expressions()), 1)
    return shape


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(statements(), min_size=1, max_size=3))
def test_any_nesting_of_statements_and_expressions_is_lowered_as_ast_reads_it(blocks: list[str]) -> None:
    source = "\n".join(blocks) + "\n"
    assume(is_read(source))
    assert_same(source)


@given(
    st.text(alphabet=st.sampled_from(list("aé🙂\\{}\"'nxNu0\n\t ")), max_size=12), st.sampled_from(["f", "rf", "", "b"])
)
@settings(max_examples=300, deadline=None)
def test_any_string_that_the_interpreter_reads_has_the_same_value(body: str, prefix: str) -> None:
    source = f'x = {prefix}"""{body}"""\n'
    assume(is_read(source))
    assert_same(source)


@pytest.mark.parametrize("value", [2**70, -0.0, 1e999, 3 + 4j, b"\x00\xff", ..., "\ud800", True, None, 7])
def test_every_kind_of_constant_survives_the_wire(value: object) -> None:
    tree = ast.parse("x = 1")
    tree.body[0].value = ast.copy_location(ast.Constant(value=value), tree.body[0].value)
    sent = decode(json.loads(json.dumps(encode(tree))))
    assert repr(sent.body[0].value.value) == repr(value)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [["Import", [[]], [1, 0, 1, 1]]],
        [["eval", [], None]],
        [["Expr", [0], [1, 0, 1, 1]]],
        [["Module", [[1], []], None]],
        [["Name", ["x", "system"], [1, 0, 1, 1]]],
        [["Module", [[]], None]],
        [["Module", [[], []], [1]]],
    ],
)
def test_a_malformed_table_is_refused(rows: list[list[object]]) -> None:
    with pytest.raises(MalformedTree):
        decode(rows)


def test_a_tree_deeper_than_the_limit_is_refused() -> None:
    value: ast.expr = ast.parse("1", mode="eval").body
    for _ in range(2_100):
        value = ast.copy_location(ast.UnaryOp(op=ast.USub(), operand=value), value)
    tree = ast.Module(body=[ast.copy_location(ast.Expr(value=value), value)], type_ignores=[])
    with pytest.raises(TooDeep):
        encode(tree)
