"""Programs that lead back to themselves: every question is answered, in work that grows with the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mltradeoff_lint.analysis import analyse
from mltradeoff_lint.resolve.domain import FunctionRef
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree.memory import MemoryTree
from tests.resolve.prepared import prepared
from tests.resolve.work import counted

PER_WORD = 7_000
"""Calls for one word of a program in which everything is looked at through every way around a cycle."""

FIXED = 500_000
"""Calls that every program takes, and those of the first few ways around a cycle."""


def ask_everything(files: Mapping[str, str]) -> None:
    """Every question about every expression, function and call."""
    made = prepared(files)
    for path in made.resolver.program.python_paths():
        facts = made.resolver.facts(path)
        for expr in range(len(facts.exprs)):
            made.resolver.values(path, expr)
        for scope in range(len(facts.scopes)):
            made.reach.ancestors(FunctionRef(path, scope))
        for call in facts.calls[:8]:
            made.flow.backward(path, (call.function, *call.arguments), cautious=True)


def size(files: Mapping[str, str]) -> int:
    """How many words and signs a program has, which bounds its expressions."""
    return sum(len(text.split()) + text.count("(") + text.count(".") for text in files.values())


# -- random programs

MODULES = ("m0", "m1", "m2")
NAMES = st.sampled_from(["a", "b", "f0", "f1", "f2", "K0", "K1", "m0", "m1"])
ATTRIBUTES = st.sampled_from(["a", "b", "f0", "run", "client"])


def _expression(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("{}.{}".format, inner, ATTRIBUTES),
        st.builds("{}({})".format, inner, inner),
        st.builds("{}(a={}, *{})".format, inner, inner, inner),
        st.builds("{}[{}]".format, inner, inner),
        st.builds("({} + {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("({} if a else {})".format, inner, inner),
        st.builds("[{}, *{}]".format, inner, inner),
        st.builds("{{'k': {}, **{}}}".format, inner, inner),
        st.builds("f'{{{}}}/{{{}}}'".format, inner, inner),
        st.builds("(lambda a: {})".format, inner),
        st.builds("[{} for a in {}]".format, inner, inner),
        st.builds("super().{}".format, ATTRIBUTES),
        st.builds("getattr({}, 'a')".format, inner),
    )


EXPRESSIONS = st.recursive(NAMES | st.sampled_from(["1", "'data.csv'", "None"]), _expression, max_leaves=5)
STATEMENTS = st.one_of(
    st.builds("{} = {}".format, NAMES, EXPRESSIONS),
    st.builds("{} += {}".format, NAMES, EXPRESSIONS),
    st.builds("{}.{} = {}".format, NAMES, ATTRIBUTES, EXPRESSIONS),
    st.builds("{}['k'] = {}".format, NAMES, EXPRESSIONS),
    st.builds("{}.append({})".format, NAMES, EXPRESSIONS),
    st.builds("for {} in {}:\n    {} = {}".format, NAMES, EXPRESSIONS, NAMES, EXPRESSIONS),
    st.builds("with {} as {}:\n    {} = {}".format, EXPRESSIONS, NAMES, NAMES, EXPRESSIONS),
    st.builds("def {}(a, b=None):\n    global f0\n    f0 = {}\n    return {}".format, NAMES, EXPRESSIONS, EXPRESSIONS),
    st.builds("@{}\ndef {}(*a, **b):\n    yield {}".format, NAMES, NAMES, EXPRESSIONS),
    st.builds(
        "class {}({}):\n    def __init__(self, a):\n        self.a = {}\n        self.b = self.{}\n"
        "    def run(self, b):\n        self.client = {}\n        return self.{}".format,
        NAMES, NAMES, EXPRESSIONS, ATTRIBUTES, EXPRESSIONS, ATTRIBUTES,
    ),
    st.builds("from {} import {}".format, st.sampled_from(MODULES), NAMES),
    st.builds("from {} import *".format, st.sampled_from(MODULES)),
    st.builds("import {}".format, st.sampled_from(MODULES)),
)  # fmt: skip
PROGRAMS = st.fixed_dictionaries(
    {f"{name}.py": st.lists(STATEMENTS, min_size=1, max_size=6).map("\n".join) for name in MODULES}
)


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=30)
@given(PROGRAMS)
def test_every_question_about_a_random_program_is_answered(files: dict[str, str]) -> None:
    with counted(FIXED + PER_WORD * size(files)):
        ask_everything(files)


# -- cycles of every kind, small and large


def ring(count: int) -> dict[str, str]:
    """Functions that each call the next one, the last one the first."""
    lines = [f"def f{n}(a):\n    return f{(n + 1) % count}(a)\n" for n in range(count)]
    return {"app.py": "".join(lines) + "f0('x')\n"}


def dense(count: int) -> dict[str, str]:
    """Functions that each call four others, near and far, and hand on what they are given."""
    lines = []
    for n in range(count):
        others = [(n * factor + factor) % count for factor in (1, 3, 7, 11)]
        lines.append(f"def f{n}(a):\n    return [{', '.join(f'f{other}(a)' for other in others)}]\n")
    return {"app.py": "".join(lines) + "f0('x')\n"}


def modules(count: int) -> dict[str, str]:
    """Modules that import everything from the next one, and a name that none of them binds."""
    return {
        f"m{n}.py": f"from m{(n + 1) % count} import *\nfrom m{(n + 1) % count} import x as y\nz = y\nprint(x, y, w)\n"
        for n in range(count)
    }


def wrappers(count: int) -> dict[str, str]:
    """Two families of wrappers that hand their arguments to one another."""
    lines = ["def left0(*a, **k):\n    return right0(*a, **k)\ndef right0(*a, **k):\n    return left0(*a, **k)\n"]
    lines += [
        f"def left{n}(*a, **k):\n    return right{n - 1}(*a, **k)\n"
        f"def right{n}(a, b=None):\n    return left{n}(a, b=b)\n"
        for n in range(1, count)
    ]
    return {"app.py": "".join(lines) + f"left{count - 1}('x', b=right{count - 1})\n"}


def objects(count: int) -> dict[str, str]:
    """Classes whose objects hold one another and answer with one another's attributes."""
    lines = [
        f"class K{n}:\n    def __init__(self, a):\n        self.a = K{(n + 1) % count}(self)\n"
        f"        self.b = self.a.b\n"
        f"    def __getattr__(self, name):\n        return getattr(self.a, name)\n"
        for n in range(count)
    ]
    return {"app.py": "".join(lines) + "x = K0(None)\nprint(x.b.b, x.c)\n"}


def bases(count: int) -> dict[str, str]:
    """Classes that derive from one another in a ring."""
    lines = [
        f"class K{n}(K{(n + 1) % count}):\n    def run(self):\n        return super().run()\n" for n in range(count)
    ]
    return {"app.py": "".join(lines) + "K0().run()\n"}


def references(count: int) -> dict[str, str]:
    """A configuration whose entries refer to one another in a ring, and one of which doubles what it refers to."""
    entries = [f"k{n}: ${{k{(n + 1) % count}}}/${{k{(n + 7) % count}}}" for n in range(count)]
    return {
        "conf.yaml": "\n".join(entries) + "\n",
        "app.py": "from omegaconf import OmegaConf\nconf = OmegaConf.load('conf.yaml')\nopen(conf.k0)\n",
    }


def variables(count: int) -> dict[str, str]:
    """Environment variables that are set from one another in a ring, in every place that sets them."""
    pairs = [(f"V{n}", f"V{(n + 1) % count}") for n in range(count)]
    return {
        ".env": "".join(f"{name}=${{{other}}}/x\n" for name, other in pairs),
        "run.sh": "".join(f"export {name}=${other}/x\n" for name, other in pairs) + "python app.py --data $V0\n",
        "Makefile": "".join(f"{name} = $({other})/x\n" for name, other in pairs) + "run:\n\tpython app.py $(V0)\n",
        "Dockerfile": "FROM python:3.11\n" + "".join(f"ENV {name}=${other}\n" for name, other in pairs)
        + "CMD [\"python\", \"app.py\"]\n",
        "app.py": "import os\n" + "".join(f"os.environ['{name}'] = os.environ['{other}']\n" for name, other in pairs)
        + "open(os.environ['V0'])\n",
    }  # fmt: skip


def versions(count: int) -> dict[str, str]:
    """Loops in loops that give every name the value of another one."""
    lines = ["a = b = c = []"]
    for n in range(count):
        lines.append(f"for i{n} in c:\n    a = b + [a]\n    b = c or b\n    c.append(a)\n    c = a if b else c")
    return {"app.py": "\n".join(lines) + "\nprint(a, b, c)\n"}


SHAPES: tuple[Callable[[int], dict[str, str]], ...] = (
    ring, dense, modules, wrappers, objects, bases, references, variables, versions,
)  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_work_grows_with_a_cyclic_program_and_not_with_the_ways_through_it(
    shape: Callable[[int], dict[str, str]],
) -> None:
    files = shape(60 if shape is versions else 200)
    with counted(FIXED + PER_WORD * size(files)):
        ask_everything(files)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_a_run_over_a_cyclic_program_ends_without_a_crash(shape: Callable[[int], dict[str, str]]) -> None:
    run = analyse(MemoryTree(shape(60 if shape is versions else 200)), Settings()).run
    assert not run.has_internal_error
    assert not [note.message for note in run.notifications if "failed" in note.message]


# -- rows

ROUNDS = """
def block(body):
    ends = {}
    for one in body:
        result = step(one)
        ends = {way: ends.get(way, "") + result.get(way, "") for way in {*ends, *result}}
    return {**ends}
def step(node):
    return {way: text.get(way, "") for way in ("on", "off")}
probe(block(["a", "b"]))
"""


def test_a_call_of_a_comprehension_that_leads_to_itself_is_looked_at_in_one_row() -> None:
    files = {"app.py": ROUNDS}
    with counted(FIXED + PER_WORD * size(files)):
        ask_everything(files)
