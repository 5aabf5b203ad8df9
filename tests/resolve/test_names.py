"""Which module an import means, and what a name stands for across modules."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mltradeoff_lint.resolve.modules import Modules
from tests.resolve.sample import probe


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app.py": "from conf import X\nprobe(X)", "conf.py": "X = 'a'"}, "'a'"),
        ({"app.py": "import conf\nprobe(conf.X)", "conf.py": "X = 'a'"}, "'a'"),
        ({"app.py": "import pkg.conf\nprobe(pkg.conf.X)", "pkg/__init__.py": "", "pkg/conf.py": "X = 'a'"}, "'a'"),
        ({"app.py": "import pkg.conf as c\nprobe(c.X)", "pkg/conf.py": "X = 'a'"}, "'a'"),
        ({"app.py": "from pkg import conf\nprobe(conf.X)", "pkg/conf.py": "X = 'a'"}, "'a'"),
        ({"app.py": "from pkg import X as P\n"
        "probe(P)", "pkg/__init__.py": "from .conf import X", "pkg/conf.py": "X = 'a'"}, "'a'"),
        ({"app.py": "from pkg import *\n"
        "probe(X)", "pkg/__init__.py": "from .conf import *", "pkg/conf.py": "X = 'a'"}, "'a'"),
        ({"app.py": "from src.conf import X\nprobe(X)", "src/conf.py": "X = 'a'"}, "'a'"),
        ({"app.py": "from conf import X\nprobe(X)", "src/conf.py": "X = 'a'"}, "'a'"),
        ({"app.py": "try:\n from conf import X\nexcept ImportError:\n X = 'b'\n"
        "probe(X)", "conf.py": "X = 'a'"}, "'a' 'b'"),
        ({"app.py": "import conf\nfrom conf import *\nprobe(X)", "conf.py": "_X = 1\nX = 'a'"}, "'a'"),
        ({"app.py": "import missing\nprobe(missing.x.Y)"}, "missing.x.Y"),
        ({"app.py": "from missing.x import Y as Z\nprobe(Z)"}, "missing.x.Y"),
        ({"app.py": "import conf\nprobe(conf)", "conf.py": ""}, "module conf.py"),
        ({"app.py": "from conf import nothing\nprobe(nothing)", "conf.py": ""}, "?"),
        ({"app.py": "from . import missing\nprobe(missing)"}, "?"),
    ],
)  # fmt: skip
def test_a_name_is_followed_through_imports(files: dict[str, str], expected: str) -> None:
    assert " ".join(probe(files)) == expected


def test_relative_imports_start_at_the_folder_of_the_file() -> None:
    files = {
        "pkg/__init__.py": "", "pkg/conf.py": "X = 'near'", "conf.py": "X = 'far'", "pkg/sub/__init__.py": "",
        "pkg/sub/mod.py": "from ..conf import X\nprobe(X)",
    }  # fmt: skip
    assert probe(files, "pkg/sub/mod.py") == ["'near'"]


def test_the_nearest_project_of_several_answers() -> None:
    files = {
        "one/pyproject.toml": "", "one/conf.py": "X = 'one'", "one/app.py": "from conf import X\nprobe(X)",
        "two/pyproject.toml": "", "two/conf.py": "X = 'two'", "two/app.py": "from conf import X\nprobe(X)",
    }  # fmt: skip
    assert probe(files, "one/app.py") == ["'one'"]
    assert probe(files, "two/app.py") == ["'two'"]


def test_a_module_named_like_a_library_is_the_library_inside_a_package_and_the_module_beside_a_script() -> None:
    source = "import openai\nprobe(openai.OpenAI())"
    inside = {"pkg/__init__.py": "", "pkg/openai.py": "class OpenAI: pass", "pkg/app.py": source}
    beside = {"scripts/openai.py": "class OpenAI: pass", "scripts/app.py": source}
    assert probe(inside, "pkg/app.py") == ["openai.OpenAI()"]
    assert probe(beside, "scripts/app.py") == ["OpenAI()"]


def test_a_module_does_not_import_itself() -> None:
    assert probe({"scripts/openai.py": "import openai\nprobe(openai.OpenAI())"}, "scripts/openai.py") == [
        "openai.OpenAI()"
    ]


def test_a_namespace_package_is_its_folder() -> None:
    files = {
        "app.py": "import space.one.conf as c\nimport space\nprobe(space.one.conf.X)",
        "space/one/conf.py": "X = 'a'",
    }
    assert probe(files) == ["'a'"]


@pytest.mark.parametrize(
    "files",
    [
        {"app.py": "from b import X\nprobe(X)", "b.py": "from app import X"},
        {"app.py": "from b import *\nprobe(X)", "b.py": "from app import *"},
        {"app.py": "import app\nprobe(app.X)", "b.py": ""},
        {"app.py": "from b import X\nprobe(X)", "b.py": "from c import X", "c.py": "from b import X"},
        {"app.py": "X = X\nprobe(X)"},
        {"app.py": "def f(): return f()\nprobe(f())"},
        {"app.py": "def f(x): return g(x)\ndef g(x): return f(x)\nprobe(f(1))"},
        {"app.py": "class A:\n def __init__(self): self.x = self.x\nprobe(A().x)"},
        {"app.py": "class A(B): pass\nclass B(A): pass\nprobe(A().x)"},
    ],
)  # fmt: skip
def test_cycles_end_without_an_answer(files: dict[str, str]) -> None:
    assert set(probe(files)) <= {"?", "builtins.X", "app.X"}


def test_an_import_behind_a_cycle_is_still_found() -> None:
    files = {"app.py": "from b import X\nprobe(X)", "b.py": "import app\nX = 'a'\nY = app.Y"}
    assert probe(files) == ["'a'"]


def test_a_name_of_the_module_hides_that_of_a_library_star_import() -> None:
    assert probe("from os.path import *\njoin = 'own'\nprobe(join)") == ["'own'"]


def test_a_global_set_by_a_function_counts_as_one_of_its_module() -> None:
    files = {
        "app.py": "import state\nprobe(state.MODEL)",
        "state.py": "MODEL = None\ndef load():\n global MODEL\n MODEL = 'a'\n",
    }
    assert probe(files) == ["'a'"]


def test_a_counter_that_a_function_raises_keeps_its_first_value() -> None:
    files = {"app.py": "import state\nprobe(state.N)", "state.py": "N = 7\ndef up():\n global N\n N += 1\n"}
    assert probe(files) == ["7"]


def test_a_name_of_an_enclosing_function_is_seen_and_one_of_an_enclosing_class_is_not() -> None:
    assert probe("def f():\n x = 'outer'\n def g(): probe(x)") == ["'outer'"]
    assert probe("x = 'module'\nclass A:\n x = 'class'\n def g(self): probe(x)") == ["'module'"]


# -- the module map against trying every place

SEGMENTS = ("a", "b", "src")


def brute(paths: Sequence[str], importer: str, dotted: str) -> str | None:
    """The rule, tried place by place: from the file's folder outwards, each folder and its `src`."""
    files = set(paths)
    folders = {"/".join(path.split("/")[:depth]) for path in paths for depth in range(1, path.count("/") + 1)}
    start = importer.split("/")[:-1]
    ways = ["/".join(start[:depth]) for depth in range(len(start), -1, -1)]
    inside = [way for way in ways if way and f"{way}/__init__.py" in files]
    relative = dotted.replace(".", "/")
    for way in [way for way in ways if way not in inside] + inside:
        for base in (way, f"{way}/src" if way else "src") if way not in inside else (way,):
            stem = f"{base}/{relative}" if base else relative
            found = [one for one in (f"{stem}.py", f"{stem}/__init__.py") if one in files]
            if found and (found[0] != importer or importer.endswith("__init__.py")):
                return found[0]
            if not found and stem in folders:
                return stem
    return None


paths = st.lists(
    st.builds(
        lambda folder, name: "/".join((*folder, name)) + ".py",
        st.lists(st.sampled_from(SEGMENTS), max_size=3),
        st.sampled_from(("a", "b", "__init__")),
    ),
    min_size=1,
    max_size=8,
    unique=True,
)


@given(paths, st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=1).map(".".join), st.data())
@settings(max_examples=400, deadline=None)
def test_finding_a_module_is_trying_every_place(files: list[str], dotted: str, data: st.DataObject) -> None:
    importer = data.draw(st.sampled_from(files))
    assert Modules(files).find(importer, dotted) == brute(files, importer, dotted)


@given(paths, st.integers(1, 3), st.sampled_from(("", "a", "a.b")), st.data())
@settings(max_examples=200, deadline=None)
def test_a_relative_import_is_a_path_from_the_file(
    files: list[str], level: int, dotted: str, data: st.DataObject
) -> None:
    importer = data.draw(st.sampled_from(files))
    folder = importer.split("/")[:-1]
    modules = Modules(files)
    found = modules.relative(importer, level, dotted)
    if level - 1 > len(folder):
        assert found is None
        return
    stem = "/".join([*folder[: len(folder) - level + 1], *dotted.split(".")]).rstrip("/")
    assert found in (None, f"{stem}.py", f"{stem}/__init__.py" if stem else "__init__.py", stem or None)
