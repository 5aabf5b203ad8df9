"""Who calls a function, what reaches it over several hops, and that every question ends."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mltradeoff_lint.resolve.running.reach import Reach
from tests.resolve.sample import Repository, repository
from tests.resolve.words import resolved, say


def callers(made: Repository, path: str, qualname: str) -> list[str]:
    """The functions that hold a call of a function, by name."""
    reach = Reach(made.resolver)
    refs = made.resolver.callers(made.function(path, qualname))
    return [made.resolver.scope(reach.holder(ref)).qualname or ref.path for ref in refs]


def leads_to(made: Repository, path: str, qualname: str) -> set[str]:
    """Everything that can lead to a function."""
    reach = Reach(made.resolver)
    return {made.resolver.scope(one).qualname or one.path for one in reach.ancestors(made.function(path, qualname))}


@pytest.mark.parametrize(
    ("source", "qualname", "expected"),
    [
        ("def f(): pass\ndef g(): f()", "f", ["g"]),
        ("def f(): pass\nf()", "f", ["app.py"]),
        ("class A:\n def f(self): pass\n def g(self): self.f()", "A.f", ["A.g"]),
        ("class A:\n def f(self): pass\nclass B(A):\n def g(self): self.f()", "A.f", ["B.g"]),
        ("class A:\n def f(self): pass\nclass B(A):\n def f(self): super().f()", "A.f", ["B.f"]),
        ("class A:\n def f(self): pass\ndef g(): A().f()", "A.f", ["g"]),
        ("class A:\n def f(self): pass\ndef g(a: A): a.f()", "A.f", ["g"]),
        ("class A:\n def __init__(self): pass\ndef g(): A()", "A.__init__", ["g"]),
        ("class A:\n def __init__(self): pass\nclass B(A): pass\ndef g(): B()", "A.__init__", ["g"]),
        ("class A:\n def __init__(self): pass\nclass B(A):\n"
        " def __init__(self): super().__init__()", "A.__init__", ["B.__init__"]),
        ("class A:\n def __init__(self): pass\nclass B(A):\n"
        " def __init__(self): A.__init__(self)", "A.__init__", ["B.__init__"]),
        ("class A:\n def __call__(self): pass\ndef g(): A()()", "A.__call__", ["g"]),
        ("class A:\n def __call__(self): pass\na = A()\ndef g(): a()", "A.__call__", ["g"]),
        ("class A:\n @classmethod\n def f(cls): pass\ndef g(): A.f()", "A.f", ["g"]),
        ("def f(): pass\nh = f\ndef g(): h()", "f", ["g"]),
        ("def f(): pass\nTABLE = {'f': f}\ndef g(k): TABLE[k]()", "f", ["g"]),
        ("def f(): pass\nTABLE = [f]\ndef g():\n for one in TABLE: one()", "f", ["g"]),
        ("def f(): pass\nTABLE = {}\nTABLE['f'] = f\ndef g(k): TABLE.get(k)()", "f", ["g"]),
        ("from functools import partial\ndef f(x): pass\nh = partial(f, 1)\ndef g(): h()", "f", ["g"]),
        ("class A:\n def f(self): pass\n def __init__(self): self.h = self.f\n def g(self): self.h()", "A.f", ["A.g"]),
        ("class A:\n def __init__(self): pass\nclass B(A): pass\nclass C(B): pass\ndef g(): C()", "A.__init__", ["g"]),
        ("def f(): pass\nclass A:\n def f(self): pass\ndef g(): A().f()", "f", []),
    ],
)  # fmt: skip
def test_the_callers_of_a_function_are_the_calls_that_run_it(source: str, qualname: str, expected: list[str]) -> None:
    assert callers(repository(source), "app.py", qualname) == expected


def test_a_caller_in_another_module_is_found_under_the_name_it_gives() -> None:
    files = {
        "lib.py": "def f(): pass", "a.py": "from lib import f as run\n"
        "def one(): run()", "b.py": "import lib\ndef two(): lib.f()",
        "c.py": "from d import *\n"
        "def three(): f()", "d.py": "from lib import f", "e.py": "def f(): pass\ndef four(): f()",
    }  # fmt: skip
    assert callers(repository(files), "lib.py", "f") == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(): pass\ndef g(): f()\ndef h(): g()", {"f", "g", "h"}),
        ("def f(): pass\ndef g(pool): pool.submit(f)", {"f", "g"}),
        ("import threading\ndef f(): pass\ndef g(): threading.Thread(target=f).start()", {"f", "g"}),
        ("from functools import partial\ndef f(x): pass\ndef g(pool): pool.submit(partial(f, 1))", {"f", "g"}),
        ("import asyncio\nasync def f(): pass\ndef g(): asyncio.run(f())", {"f", "g"}),
        ("def f(): pass\ndef g(): f()\ndef h(): h()", {"f", "g"}),
        ("def f(): g()\ndef g(): f()\ndef h(): g()", {"f", "g", "h"}),
    ],
)
def test_what_leads_to_a_function_goes_over_calls_and_over_functions_handed_on(source: str, expected: set[str]) -> None:
    assert leads_to(repository(source), "app.py", "f") == expected


@pytest.mark.parametrize(
    "base",
    ["class Base:\n def run(self): raise NotImplementedError\n", "from typing import Protocol\n"
    "class Base(Protocol):\n def run(self): ...\n"],
)  # fmt: skip
def test_a_call_through_a_base_class_or_protocol_leads_to_its_implementations(base: str) -> None:
    derived = "(Base)" if "Protocol" not in base else ""
    source = base + f"class Real{derived}:\n def run(self): pass\ndef g(one: Base): one.run()\n"
    assert leads_to(repository(source), "app.py", "Real.run") == {"Real.run", "g"}


# -- every question ends

NAMES = ("f", "g", "h", "k")
calls = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from(("x", "1", "y"))), max_size=10
)


def program(edges: list[tuple[str, str, str]]) -> str:
    """Functions that call one another as the edges say, cycles and all, and a probe of one result."""
    bodies: dict[str, list[str]] = {name: [] for name in NAMES}
    for caller, callee, argument in edges:
        bodies[caller].append(f" y = {callee}({argument})")
    text = "".join(
        f"def {name}(x):\n y = x\n" + "".join(f"{line}\n" for line in lines) + " return y\n"
        for name, lines in bodies.items()
    )
    return text + "probe(f('start'))\n"


@given(calls)
@settings(max_examples=100, deadline=None)
def test_functions_that_call_one_another_in_any_way_have_an_answer(edges: list[tuple[str, str, str]]) -> None:
    made = repository(program(edges))
    assert made.probe()
    for name in NAMES:
        leads_to(made, "app.py", name)


def test_a_dense_net_of_functions_is_answered_soon() -> None:
    names = [f"f{number}" for number in range(30)]
    text = "".join(
        f"def {one}(x):\n " + "\n ".join(f"x = {other}(x)" for other in names) + "\n return x\n" for one in names
    )
    started = time.process_time()
    made = repository(text + "probe(f0('a'))")
    made.probe()
    assert time.process_time() - started < 20


def test_a_long_chain_of_functions_is_answered() -> None:
    text = "def f0(x): return x\n" + "".join(f"def f{n}(x): return f{n - 1}(x)\n" for n in range(1, 300))
    assert repository(text + "probe(f299('a'))").probe()


def test_a_long_chain_of_names_and_of_classes_is_answered() -> None:
    names = "x0 = 'a'\n" + "".join(f"x{n} = x{n - 1}\n" for n in range(1, 2000))
    assert repository(names + "probe(x1999)").probe()
    classes = "class A0:\n x = 'a'\n" + "".join(f"class A{n}(A{n - 1}): pass\n" for n in range(1, 200))
    assert repository(classes + "probe(A199().x)").probe()


def test_a_function_that_is_looked_at_through_many_calls_still_gives_what_each_call_passes() -> None:
    inner = "".join(f'def g{i}(x):\n    return pick("a", x)\n\nprobe{i} = g{i}("v{i}")\n' for i in range(50))
    code = f'def pick(*paths):\n    return paths[-1]\n\n{inner}probe(pick("a", "here"))\n'
    resolver = resolved({"app.py": code})
    facts = resolver.facts("app.py")
    for number, _ in enumerate(facts.calls):
        resolver.values("app.py", facts.calls[number].function)
    found = [resolver.global_name("app.py", f"probe{i}") or () for i in range(50)]

    assert [[say(one) for one in values] for values in found[:40]] == [[f"'v{i}'"] for i in range(40)]
    (call,) = [one for one in facts.calls if facts.exprs[one.function][:2] == ("name", "probe")]
    assert [say(one) for one in resolver.values("app.py", call.arguments[0])] == ["'here'"]
