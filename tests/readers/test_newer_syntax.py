"""Files that `ast.parse` refuses are read through a child process, or fail with the reason."""

from __future__ import annotations

import ast
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mltradeoff_lint.readers import newer_syntax
from mltradeoff_lint.readers.newer_syntax import Failure, diagnose, parse_newer, parse_newer_many
from mltradeoff_lint.readers.newer_syntax_diagnosis import bracket_depth

NEWER = {
    'x = f"{d["a"]}"': "x = f\"{d['a']}\"",
    'x = f"{"\\n".join(a)}"': 'x = f"{nl.join(a)}"'.replace("nl", "'\\n'", 1) if sys.version_info >= (3, 12) else None,
    'x = f"{\n  a  # why\n}!"': 'x = f"{a}!"',
    'x = f"{f"{f"{a}"}"}"': "x = f\"{f'{a}'}\"" if sys.version_info >= (3, 12) else None,
    'x = f"{a[\n"b"\n]!r:>{c["w"]}}" "t"': "x = f\"{a['b']!r:>{c['w']}}\" \"t\"",
    "def f[T](a: T) -> T: return a": "def f(a: T) -> T: return a",
    "async def f[T: int, *Ts, **P](*a: *Ts): pass": "async def f(*a: *Ts): pass",
    "class C[T = int, *Ts = *tuple[int]](B[T], k=1): pass": "class C(B[T], k=1): pass",
    "type X = list[int]": "X = list[int]",
    "type X[T: (int, str) = int] = list[T]; y": "X = list[T]; y",
    "try: a\nexcept A, b.C: d": "try: a\nexcept (A, b.C): d",
    "try: a\nexcept* A, B, C,: d": "try: a\nexcept* (A, B, C,): d",
    'x = t"a{b!r:>{c}}d"': 'x = f"a{b!r:>{c}}d"',
    "lazy import a.b as c, d": "import a.b as c, d",
    "lazy from .a import b": "from .a import b",
    "x = [*a for a in b]": None,
    "x = {**a for a in b}": "x = {**(a for a in b)}",
    "x = " + "1" * 5000: "x = ...",
}


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module | Failure]:
    return parse_newer_many([(source, source.encode()) for source in NEWER])


@pytest.mark.parametrize(("source", "older"), [(source, older) for source, older in NEWER.items() if older])
def test_newer_syntax_reads_like_the_older_syntax_it_replaces(
    source: str, older: str, trees: dict[str, ast.Module | Failure]
) -> None:
    tree = trees[source]
    assert isinstance(tree, ast.Module), tree
    assert ast.dump(tree) == ast.dump(ast.parse(older))


def test_quotes_backslashes_and_nesting_inside_an_fstring_are_real_expressions(
    trees: dict[str, ast.Module | Failure],
) -> None:
    joined = trees['x = f"{"\\n".join(a)}"'].body[0].value.values[0].value
    assert ast.unparse(joined.func) == "'\\n'.join"
    nested = trees['x = f"{f"{f"{a}"}"}"'].body[0].value
    assert [type(node).__name__ for node in ast.walk(nested)].count("JoinedStr") == 3
    assert "a" in {node.id for node in ast.walk(nested) if isinstance(node, ast.Name)}


def test_an_unpacked_comprehension_keeps_a_starred_element(trees: dict[str, ast.Module | Failure]) -> None:
    comprehension = trees["x = [*a for a in b]"].body[0].value
    assert isinstance(comprehension, ast.ListComp)
    assert isinstance(comprehension.elt, ast.Starred)


def test_positions_are_those_of_the_source_in_utf8_bytes() -> None:
    source = 'é = "🙂"; x = f"é{d["k"].name}é" + y\ntype Z = y\n'.encode()
    tree = parse_newer(source, "a.py")
    for kind, text in (
        (ast.Attribute, b'd["k"].name'),
        (ast.JoinedStr, 'f"é{d["k"].name}é"'.encode()),
        (ast.BinOp, b"f"),
    ):
        (node,) = (node for node in ast.walk(tree) if isinstance(node, kind))
        assert (node.lineno, node.col_offset) == (1, source.index(text))
        if kind is not ast.BinOp:
            assert node.end_col_offset == source.index(text) + len(text)
    assert (tree.body[2].lineno, tree.body[2].col_offset, tree.body[2].end_col_offset) == (2, 0, 10)


def test_the_tree_compiles_like_one_of_ast() -> None:
    source = b'def f[T](a: int) -> int:\n    d = {"k": a}\n    return int(f"{d["k"]}1")\n'
    compile(parse_newer(source, "a.py"), "a.py", "exec")


@pytest.mark.parametrize(
    "source",
    [
        "try: a\nexcept E, e: print(e)",
        "try: a\nexcept (A, B), err: raise err",
        "try: a\nexcept socket.error, e: pass",
        "import x\ne = 1\ntry: a\nexcept x.E, e: log(e)",
        "from m import *\ntry: a\nexcept E, e: log(e)",
        "e = 1\ntry: a\nexcept E, e: print >>err, 1",
        "print 'x'",
        "print x, y",
        "exec 'x'",
        "x = `a`",
        "a <> b",
        "x = 0777",
        "x = 10L",
        "x = ur'a'",
        "raise E, 'x'",
    ],
)
def test_python_2_is_named_as_such(source: str) -> None:
    result = parse_newer(source.encode(), "a.py")
    assert isinstance(result, Failure)
    assert result.reason == "Python 2 syntax"


@pytest.mark.parametrize(
    "source",
    [
        "from socket import timeout\ntry: a\nexcept OSError, timeout: pass",
        "class error(Exception): pass\ntry: a\nexcept OSError, error: raise error",
        "timeout = m.timeout\ntry: a\nexcept OSError, timeout: pass",
        "from m import *\ntry: a\nexcept OSError, timeout: pass",
        "try: a\nexcept OSError, ValueError: pass",
        "try: a\nexcept OSError, ValueError, err: pass",
    ],
)
def test_several_exception_types_without_parentheses_are_no_python_2(source: str) -> None:
    assert isinstance(parse_newer(source.encode(), "a.py"), ast.Module)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"from {{ cookiecutter.name }} import a\n", "template placeholders ({{ }})"),
        (b"{% if x %}\nimport a\n{% endif %}\n", "template placeholders ({{ }})"),
        (b"def f(:\n", "invalid syntax"),
        (b"x = 'a\n", "unterminated string literal (detected at line 1)"),
        (b"x = 1\n", ""),
    ],
)
def test_a_diagnosis_says_why_a_file_does_not_parse(source: bytes, reason: str) -> None:
    assert diagnose(source) == reason


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="the interpreter reads these itself")
@pytest.mark.parametrize(
    ("source", "construct"),
    [
        (b'x = f"{d["a"]}"\n', "f-string: unmatched '['"),
        (b'x = f"{\n a}"\n', "f-string with a replacement field over several lines"),
        (b"def f[T](a): pass\n", "type parameters"),
        (b"class C[T]: pass\n", "type parameters"),
        (b"type X[T] = int\n", "type alias"),
        (b'x = t"a"\n', "template string"),
        (b"try: a\nexcept A, B: c\n", "except without parentheses"),
    ],
)
def test_a_diagnosis_names_the_newer_construct(source: bytes, construct: str) -> None:
    assert diagnose(source) == f"syntax newer than 3.11 ({construct})"


@pytest.mark.parametrize(
    ("source", "failure"),
    [
        (b"x = 1\n# \0\n", Failure("null byte", 2, 2)),
        (b"x = 1\ny = (\n", Failure("'(' was never closed", 2, 4)),
        (b"type X = 1\nfor:\n", Failure("invalid syntax", 2)),
        (b"# coding: nonsense\ntype X = 1\n", Failure("not text in the encoding it declares")),
        (b"\xef\xbb\xbf# coding: latin-1\ntype X = 1\n", Failure("not text in the encoding it declares")),
        (b"type X = '\xff'\n", Failure("not text in the encoding it declares")),
        (b"x = " + b"(" * 3000 + b")" * 3000, Failure("brackets nested more than 100 deep")),
        (b"#" * (newer_syntax.MAX_BYTES + 1), Failure("larger than 1,048,576 bytes")),
    ],
)
def test_what_cannot_be_read_fails_with_a_reason_and_a_place(source: bytes, failure: Failure) -> None:
    assert parse_newer(source, "a.py") == failure


def test_a_tree_of_a_file_without_newer_syntax_does_not_hide_the_error_of_the_interpreter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = '{"nodes": [["Module", [[], []], null]], "newer": []}'
    child = f"import sys; sys.stdin.readline(); print('ready', flush=True); sys.stdin.readline(); print({answer!r})"
    monkeypatch.setattr(newer_syntax, "_CHILD", child)
    assert parse_newer(b"x = 1\ndef f(:\n", "a.py") == Failure("invalid syntax", 2, 6)


@pytest.mark.parametrize(
    "source",
    [
        b"type X = 1\nx = " + b"lambda: " * 3000 + b"1\n",
        b"type X = 1\nx = " + b"-" * 20_000 + b"1\n",
        b"type X = 1\nif a: pass\n" + b"elif b: pass\n" * 2_500,
        b"type X = a" + b".b" * 2_500 + b"\n",
    ],
)
def test_deep_nesting_without_brackets_fails_cleanly(source: bytes) -> None:
    assert isinstance(parse_newer(source, "a.py"), Failure)


def test_a_crash_loses_only_the_file_at_hand() -> None:
    crashing = b"type X = 1\nx = " + b"-" * 20_000 + b"1\n"
    files = [("a.py", b"type A = 1\n"), ("b.py", crashing), ("c.py", b"type C = 1\n")]
    results = parse_newer_many(files)
    assert list(results) == ["a.py", "b.py", "c.py"]
    assert isinstance(results["a.py"], ast.Module)
    assert results["b.py"] == Failure("the fallback parser crashed or ran out of memory")
    assert isinstance(results["c.py"], ast.Module)


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read() -> None:
    slow = b"type X = a" + b"()" * 1_900 + b"\n"
    started = time.monotonic()
    results = parse_newer_many([("slow.py", slow), ("quick.py", b"type X = 1\n")], timeout_seconds=0.5)
    assert results["slow.py"] == Failure("parsing takes longer than 0.5 s")
    assert isinstance(results["quick.py"], ast.Module)
    assert time.monotonic() - started < 30


def test_line_ends_and_byte_order_marks_are_those_of_ast() -> None:
    sources = [
        b"type X = 1\r\nx = '''a\r\nb'''\r\n",
        b"type X = 1\rx = '''a\rb'''\r",
        b"\xef\xbb\xbftype X = 1\nx = '''a\nb'''",
    ]
    for tree in parse_newer_many([(str(index), source) for index, source in enumerate(sources)]).values():
        assert isinstance(tree, ast.Module)
        value = tree.body[1].value
        assert (value.value, value.lineno, value.end_lineno, value.end_col_offset) == ("a\nb", 2, 3, 4)


def test_modules_of_the_working_directory_are_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("libcst", "json", "tokenize", "mltradeoff_lint"):
        (tmp_path / f"{name}.py").write_text("import os; open(os.path.join(os.path.dirname(__file__), 'ran'), 'w')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", str(tmp_path), *sys.path])
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert isinstance(parse_newer(b"type X = 1\n", "a.py"), ast.Module)
    assert not (tmp_path / "ran").exists()


def test_a_child_that_does_not_start_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newer_syntax, "_CHILD", "raise SystemExit(1)")
    assert parse_newer(b"type X = 1\n", "a.py") == Failure("the fallback parser (libcst) does not start")


@pytest.mark.parametrize("answer", ["nonsense", "{}", "[]", '{"nodes": [["system", [], null]], "newer": []}'])
def test_an_answer_that_makes_no_sense_is_a_failure(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    child = f"import sys; sys.stdin.readline(); print('ready', flush=True); sys.stdin.readline(); print({answer!r})"
    monkeypatch.setattr(newer_syntax, "_CHILD", child)
    assert parse_newer(b"type X = 1\n", "a.py") == Failure("the fallback parser gave no usable answer")


def test_libcst_is_not_imported_in_this_process() -> None:
    code = (
        "import sys; from mltradeoff_lint.readers.newer_syntax import parse_newer; "
        "parse_newer(b'type X = 1', 'a.py'); print('libcst' in sys.modules)"
    )
    root = Path(newer_syntax.__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("source", "depth"),
    [(b"f(a[{1}])", 3), (b"')))((('", 0), (b"# ((((\n(", 1), (b")))(", 1), (b'"""((("""[]', 1), (b"'a\\'((' + ()", 1)],
)
def test_bracket_depth_counts_outside_strings_and_comments(source: bytes, depth: int) -> None:
    assert bracket_depth(source) == depth


@pytest.mark.parametrize(
    "piece", [b"'''", b'"""', b"\\'", b"'\\", b"{{a", b"0", b"{{ a ", b"x ", b"raise a ", b"type a ["]
)
def test_a_diagnosis_of_a_hostile_file_takes_linear_time(piece: bytes) -> None:
    source = piece * 60_000 + b"$"
    started = time.monotonic()
    diagnose(source)
    bracket_depth(source)
    assert time.monotonic() - started < 10
