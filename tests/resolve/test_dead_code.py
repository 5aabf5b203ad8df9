"""Code behind a test that a constant decides is not run: nothing comes out of it."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe, repository

NEVER = ["if False:", "if 0:", "if flag and False:", "if not True:", "while False:", "if flag and (False or None):"]


@pytest.mark.parametrize("test", NEVER)
def test_a_call_that_is_never_run_is_no_caller(test: str) -> None:
    source = f"def f(x):\n    probe(x)\nf('a')\ndef g(flag):\n    {test}\n        f('b')\n"

    assert probe(source) == ["'a'"]


@pytest.mark.parametrize("test", ["if flag:", "if flag or False:", "while True:", "if not False:", "if FLAG:"])
def test_a_call_that_may_be_run_is_a_caller(test: str) -> None:
    source = f"FLAG = False\ndef f(x):\n    probe(x)\nf('a')\ndef g(flag):\n    {test}\n        f('b')\n"

    assert probe(source) == ["'a'", "'b'"]


def test_the_branches_beside_one_that_is_never_run_are_run() -> None:
    source = (
        "def f(x):\n    probe(x)\n"
        "def g(flag):\n    if flag == 1:\n        f('a')\n    elif flag and False:\n        f('b')\n"
        "    elif True:\n        f('c')\n    else:\n        f('d')\n"
    )

    assert probe(source) == ["'a'", "'c'"]


@pytest.mark.parametrize("test", NEVER[:-2])
def test_a_name_keeps_what_a_branch_that_is_never_run_would_bind(test: str) -> None:
    assert probe(f"def f(flag):\n    x = 'a'\n    {test}\n        x = 'b'\n    probe(x)\n") == ["'a'"]
    assert probe(f"x = 'a'\nflag = 1\n{test}\n    x = 'b'\nprobe(x)\n") == ["'a'"]


def test_a_loop_keeps_what_a_branch_that_is_never_run_would_bind() -> None:
    source = "x = 'a'\nfor i in range(3):\n    probe(x)\n    if False:\n        x = 'b'\n"

    assert probe(source) == ["'a'"]


def test_a_function_gives_nothing_of_a_return_that_is_never_run() -> None:
    source = "def f(flag):\n    if flag and False:\n        return 'a'\n    return 'b'\nprobe(f(1))\nf(2)\n"

    assert probe(source) == ["'b'"]
    assert probe("def f():\n    if True:\n        return 'a'\n    return 'b'\nprobe(f())\n") == ["'a'"]


def test_an_object_has_no_attribute_that_only_code_that_is_never_run_writes() -> None:
    source = (
        "class A:\n    def __init__(self):\n        self.x = 'a'\n        if False:\n            self.x = 'b'\n"
        "probe(A().x)\n"
    )

    assert probe(source) == ["'a'"]


def test_a_function_of_code_that_is_never_run_calls_nobody() -> None:
    found = repository("def f(x):\n    probe(x)\nf('a')\nif False:\n    def g():\n        f('b')\n")

    assert len(found.resolver.callers(found.function("app.py", "f"))) == 1


def test_values_of_code_that_is_never_run_can_still_be_read_there() -> None:
    source = (
        "def f(flag):\n    if False:\n        if flag:\n            x = 'a'\n        else:\n            x = 'b'\n"
        "        probe(x)\n"
    )

    assert probe(source) == ["'a'", "'b'"]


def test_a_constant_decides_which_side_of_an_expression_counts() -> None:
    assert probe("x = 'a' if False else 'b'\nprobe(x)\n") == ["'b'"]
    assert probe("x = 'a' if flag or True else 'b'\nprobe(x)\n") == ["'a'"]
    assert probe("FLAG = False\nx = 'a' if FLAG else 'b'\nprobe(x)\n") == ["'a'", "'b'"]


def test_an_object_that_is_made_where_nothing_runs_passes_nothing_to_its_methods() -> None:
    source = (
        "class A:\n    def __init__(self, x):\n        self.x = x\n    def run(self, y):\n        probe([self.x, y])\n"
        "def f(flag):\n    if flag:\n        pass\n    elif flag and False:\n        a = A('b')\n        a.run('c')\n"
    )

    assert probe(source) == ["[?, ?]"]


ALWAYS = "def is_new(db):\n    if isinstance(db, dict):\n        return True\n    raise ValueError\n\n\n"
ALWAYS_ELSE = "def is_new(db):\n    if db:\n        return True\n    else:\n        raise ValueError\n\n\n"
USE = "def f(x):\n    probe(x)\ndef g(db):\n    {test}\n        return f('a')\n    f('b')\ng(1)\n"


@pytest.mark.parametrize("known", [ALWAYS, ALWAYS_ELSE])
@pytest.mark.parametrize("test", ["if is_new(db):", "if db or is_new(db):"])
def test_what_follows_a_test_that_holds_or_raises_is_not_run(known: str, test: str) -> None:
    assert probe(known + USE.format(test=test)) == ["'a'"]


@pytest.mark.parametrize(
    "known",
    [
        # a setting that somebody may change
        "def is_new(db):\n    return True\n\n\n",
        # it may come to its end, which gives None
        "def is_new(db):\n    if db:\n        return True\n\n\n",
        "def is_new(db):\n    if db:\n        return True\n    return False\n\n\n",
        "def is_new(db):\n    if db:\n        return True\n    return db.is_new\n\n\n",
        "def is_new(db):\n    try:\n        return db.is_new\n    except ValueError:\n        raise\n\n\n",
        "def is_new(db):\n    with quiet(E):\n        if db:\n            return True\n        raise E\n\n\n",
        ALWAYS.replace("def", "@wrapped\ndef"),
        ALWAYS.replace("def", "async def"),
        ALWAYS + "is_new = other\n",
        "try:\n    from a import is_new\nexcept ImportError:\n    " + ALWAYS.replace("\n", "\n    ").rstrip() + "\n",
        ALWAYS + "def change(one):\n    global is_new\n    is_new = one\n\n\n",
    ],
)
def test_what_follows_a_test_that_may_fail_is_run(known: str) -> None:
    assert probe(known + USE.format(test="if is_new(db):")) == ["'a'", "'b'"]


def test_a_name_of_the_function_around_is_no_function_of_the_module() -> None:
    use = USE.format(test="if is_new(db):").replace("g(db)", "g(db, is_new)")
    assert probe(ALWAYS + use) == ["'a'", "'b'"]


def test_a_function_that_is_imported_decides_like_one_of_the_module() -> None:
    use = "from stores import is_new\n" + USE.format(test="if is_new(db):")
    assert probe({"app.py": use, "stores.py": ALWAYS}) == ["'a'"]
    assert probe({"app.py": use, "stores.py": "from checks import is_new\n", "checks.py": ALWAYS}) == ["'a'"]
