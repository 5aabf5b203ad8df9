"""What arrives behind the tests of other parameters, and what a test that names its constants leaves of a name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mltradeoff_lint.analysis import linked
from mltradeoff_lint.resolve.domain import Literal, Template
from mltradeoff_lint.resolve.resolver import WholeProgram
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree import MemoryTree


def seen(source: str, path: str = "app.py", more: dict[str, str] | None = None) -> tuple[str, ...]:
    """What the argument of the one call of `see` in a module can be, in its region; a name for what is no text."""
    resolver = WholeProgram(linked(MemoryTree({path: source, **(more or {})}), Settings()))
    facts = resolver.facts(path)
    sinks = [one for one in facts.calls if facts.exprs[one.function][:2] == ("name", "see")]
    assert len(sinks) == 1
    return tuple(
        repr(one.value) if isinstance(one, Literal) else one.text if isinstance(one, Template) else type(one).__name__
        for one in resolver.values(path, sinks[0].arguments[0])
    )


BRANCHES = "def f(model, cut='end'):\n    if cut is not None:\n        {0}\n    else:\n        {1}\n"


def test_what_a_call_passes_stays_out_of_a_branch_that_another_argument_of_it_closes() -> None:
    calls = "f('a', cut='end')\nf('b', cut=None)\n"

    assert seen(BRANCHES.format("see(model)", "pass") + calls) == ("'a'",)
    assert seen(BRANCHES.format("pass", "see(model)") + calls) == ("'b'",)


def test_a_default_that_a_call_leaves_out_closes_a_branch_like_an_argument() -> None:
    calls = "f('a')\nf('b', None)\n"

    assert seen(BRANCHES.format("see(model)", "pass") + calls) == ("'a'",)
    assert seen(BRANCHES.format("pass", "see(model)") + calls) == ("'b'",)


def test_where_no_call_arrives_a_parameter_is_what_an_outside_caller_brings() -> None:
    source = BRANCHES.format("pass", "see(model)") + "f('a')\nf('b')\n"

    assert seen(source) == ("Unknown",)
    assert seen(source.replace("see(model)", "see(f'x/{model}.csv')")) == ("x/{model}.csv",)


def test_a_branch_that_an_unknown_argument_may_open_holds_what_its_call_passes() -> None:
    source = BRANCHES.format("pass", "see(model)") + "import os\nf('a', os.environ.get('CUT'))\nf('b')\n"

    assert seen(source) == ("'a'",)


@pytest.mark.parametrize("call", ["f('a', *rest)", "f('a', **rest)"])
def test_a_call_whose_splat_may_hold_the_argument_may_arrive(call: str) -> None:
    source = BRANCHES.format("pass", "see(model)") + f"def g(*rest):\n    pass\nimport sys\nrest = sys.path\n{call}\n"

    assert seen(source) == ("'a'",)


def test_an_option_of_a_command_line_may_open_a_branch() -> None:
    source = (
        "import typer\napp = typer.Typer()\n@app.command()\ndef f(model: str = 'a', cut: str = None):\n"
        "    if cut:\n        see(model)\n"
    )

    assert seen(source) == ("'a'",)


def test_a_caller_that_hands_its_own_parameter_on_may_arrive() -> None:
    source = (
        BRANCHES.format("pass", "see(model)")
        + "def g(model, cut=None):\n    f(model, cut)\ng('a')\ng('b', cut='start')\n"
    )

    assert "'a'" in seen(source)


def test_a_test_that_left_the_function_keeps_the_calls_back_that_fail_it() -> None:
    source = "def f(model, is_dry=False):\n    if is_dry:\n        return\n    see(model)\nf('a', True)\nf('b')\n"

    assert seen(source) == ("'b'",)


def test_all_tests_around_a_place_are_asked() -> None:
    source = (
        "def f(model, kind, cut=None):\n    if kind == 'x':\n        if cut:\n            see(model)\n"
        "f('a', 'x')\nf('b', 'y', 1)\nf('c', 'x', 1)\n"
    )

    assert seen(source) == ("'c'",)


def test_a_test_of_a_name_that_was_bound_anew_says_nothing_of_the_calls() -> None:
    source = "def f(model, cut=None):\n    cut = cut or load()\n    if cut:\n        see(model)\nf('a')\n"

    assert seen(source) == ("'a'",)


def test_a_name_that_hangs_on_no_parameter_is_the_same_behind_a_test() -> None:
    source = "def f(name, is_big=False):\n    path = 'data.csv'\n    if is_big:\n        see(path)\nf('a')\n"

    assert seen(source) == ("'data.csv'",)


def test_a_text_that_names_a_parameter_twice_holds_what_arrives() -> None:
    source = BRANCHES.format("pass", "see(f'{model}/{model}.bin')") + "f('a')\nf('b', None)\nf('c', None)\n"

    assert seen(source) == ("'b/b.bin'", "'c/c.bin'")


def test_a_method_is_looked_at_like_a_function() -> None:
    source = (
        "class Reader:\n    def read(self, name, limit=None):\n        if limit is None:\n            return ''\n"
        "        see(name)\nreader = Reader()\nreader.read('a')\nreader.read('b', limit=3)\n"
    )

    assert seen(source) == ("'b'",)


def test_calls_of_tests_do_not_arrive() -> None:
    source = BRANCHES.format("pass", "see(model)") + "f('a')\n"

    assert seen(source, more={"tests/test_app.py": "from app import f\nf('double', None)\n"}) == ("Unknown",)


def test_a_function_that_calls_itself_comes_to_an_end() -> None:
    source = "def f(name, deep=False):\n    if deep:\n        see(name)\n    f(name + 'x', deep=deep)\nf('a')\n"

    assert seen(source)


def test_a_binding_in_a_branch_that_no_call_opens_is_not_read_behind_it() -> None:
    source = (
        "import os\ndef f(paths):\n    if isinstance(paths, str):\n        paths = [os.path.join(paths, 'x')]\n"
        "    for path in paths:\n        see(path)\nf(['a', 'b'])\n"
    )

    assert seen(source) == ("'a'", "'b'")


def test_a_binding_in_a_branch_that_some_call_opens_is_read_behind_it() -> None:
    source = (
        "def f(paths):\n    if isinstance(paths, str):\n        paths = [paths + '/x']\n"
        "    for path in paths:\n        see(path)\nf(['a'])\nf('b')\n"
    )

    assert set(seen(source)) == {"'a'", "'b/x'"}


def test_a_binding_in_a_branch_of_a_function_that_nobody_calls_is_read_behind_it() -> None:
    source = "def f(is_small=False):\n    path = 'big'\n    if is_small:\n        path = 'small'\n    see(path)\n"

    assert set(seen(source)) == {"'big'", "'small'"}


def test_a_caller_without_a_value_for_none_may_pass_none() -> None:
    source = (
        "def f(path):\n    if path is None:\n        path = 'made'\n    see(path)\n"
        "def g(path=None):\n    f(path)\ng()\ng('a')\n"
    )

    assert set(seen(source)) == {"'made'", "'a'"}


@pytest.mark.parametrize(
    "test",
    [
        "branch in ['main', 'try']",
        "branch in ('main', 'try') and other()",
        "branch == 'main' or branch == 'try'",
        "not (branch != 'main' and branch not in {'try'})",
    ],
)
def test_a_test_that_names_its_constants_leaves_these_of_a_name_that_is_not_known(test: str) -> None:
    source = f"branch = load().split('/')[-1]\nif {test}:\n    see(branch)\n"

    assert seen(source) == ("'main'", "'try'")
    assert seen(source.replace("see(branch)", "see(f'push/{branch}')")) == ("'push/main'", "'push/try'")


@pytest.mark.parametrize(
    "test",
    [
        "branch not in ['main', 'try']",
        "branch in [MAIN, 'try']",
        "branch in 'main'",
        "branch == 'main' or other()",
        "branch.lower() == 'main'",
        "branch != 'main'",
        "branch['kind'] == 'main'",
        "branch > 'main'",
    ],
)
def test_any_other_test_leaves_a_name_that_is_not_known_open(test: str) -> None:
    assert seen(f"branch = load()\nif {test}:\n    see(branch)\n") == ("Unknown",)


def test_code_behind_a_branch_that_left_knows_the_constants_too() -> None:
    assert seen("def f(mode):\n    if mode != 'fast':\n        return\n    see(mode)\n") == ("'fast'",)


def test_all_tests_around_a_name_leave_what_they_agree_on() -> None:
    source = (
        "branch = load()\nif branch in ('a', 'b', 'c'):\n    if branch != 'a' and branch in ('a', 'b'):\n"
        "        see(branch)\n"
    )

    assert seen(source) == ("'b'",)


def test_a_name_that_is_bound_anew_behind_the_test_is_open_again() -> None:
    source = "branch = load()\nif branch in ['main', 'try']:\n    branch = load()\n    see(branch)\n"

    assert seen(source) == ("Unknown",)


def test_a_text_with_a_hole_becomes_the_constants_that_fit_it() -> None:
    source = "import os\nstage = 's-' + os.environ['STAGE']\nif stage in ('s-a', 't-b'):\n    see(stage)\n"

    assert seen(source) == ("'s-a'",)


def test_a_value_that_is_known_is_not_multiplied_by_the_constants() -> None:
    source = "def f(mode):\n    if mode in ('a', 'b'):\n        see(mode)\nf('a')\nf('c')\n"

    assert seen(source) == ("'a'",)


def test_a_part_of_a_text_is_in_it() -> None:
    assert seen("name = 'a'\nif name in 'abc':\n    see(name)\n") == ("'a'",)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["x", "y", None])), min_size=1, max_size=4))
def test_what_arrives_is_what_python_sees(passed: list[tuple[str, str | None]]) -> None:
    source = "def f(name, kind):\n    if kind == 'x':\n        see(name)\n"
    source += "".join(f"f({name!r}, {kind!r})\n" for name, kind in passed)

    expected = {repr(name) for name, kind in passed if kind == "x"}
    assert set(seen(source)) == (expected or {"Unknown"})


@pytest.mark.parametrize("passed", ["Path('data')", "f'data/{day}'", "'data/' + day"])
def test_what_a_call_puts_together_leaves_no_room_for_what_stands_for_nothing_passed(passed: str) -> None:
    source = (
        "from pathlib import Path\ndef f(folder=None):\n    if folder is None:\n        folder = 'own'\n"
        "    see(folder)\n"
        f"def main(day):\n    f({passed})\n"
    )
    found = seen(source)
    assert found
    assert "'own'" not in found


def test_a_result_of_our_own_may_be_nothing() -> None:
    source = (
        "def pick(day):\n    return 'data' if day else unknown(day)\n"
        "def f(folder=None):\n    if folder is None:\n        folder = 'own'\n    see(folder)\n"
        "def main(day):\n    f(pick(day))\n"
    )
    assert "'own'" in seen(source)


def test_a_test_of_an_option_that_a_function_is_given_leaves_the_constant() -> None:
    source = (
        "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--model')\n"
        "def f(name):\n    if name == 'small':\n        see(f'{name}.pkl')\nf(parser.parse_args().model)\n"
    )
    assert seen(source) == ("'small.pkl'",)


def test_a_test_of_an_object_leaves_the_object() -> None:
    source = "import numpy as np\ndef f(x):\n    if x == 'small':\n        see(x)\nf(np.zeros(3))\n"
    assert seen(source) == ("Library",)


FETCH = """
def fetch(url, path=None):
    if path is None:
        path = url.split("/")[-1]
    see(f"{path}.etag")
def download(name, url):
    packed = %s
    fetch(url, packed)
fetch("https://a.org/x/model.zip")
"""


@pytest.mark.parametrize("text", ['f"{name}.zst"', 'name + ".zst"', '"%s.zst" % name'])
def test_a_name_for_a_text_that_is_put_together_leaves_no_room_for_nothing_passed(text: str) -> None:
    many = "".join(f'download("data/{number}", "https://a.org/{number}.json")\n' for number in range(3))
    found = seen(FETCH % text + many)
    assert "'model.zip.etag'" in found
    assert not any(one.endswith(".json.etag'") for one in found)


def test_a_name_for_a_text_that_may_be_missing_leaves_the_room() -> None:
    call = 'download("data/1", "https://a.org/1.json")\n'
    assert "'1.json.etag'" in seen(FETCH % 'f"{name}.zst" if name != "data/1" else None' + call)


LEFT = """
KINDS = {"csv": "csv", "tsv": "tsv"}
def load(kind, name):
    if kind == "file":
        path = KINDS.get(name, None)
        %s
    else:
        path = "hub"
    see(path)
load(kind, name)
"""


def test_what_left_the_branch_it_was_bound_in_does_not_reach_what_follows() -> None:
    known = ("'csv'", "'tsv'", "'hub'")
    assert seen(LEFT % "if path is None:\n            return") == known
    assert "None" in seen(LEFT % "if path is None:\n            log(path)")


ABSENT = "def run(model, url=None):\n    if not url:\n        see(model)\n"


@pytest.mark.parametrize("text", ["'%s' % given()", "'%(a)s%s' % given()", "f'{given()}'", "given() + ''"])
def test_a_text_of_which_nothing_is_written_may_be_empty(text: str) -> None:
    assert set(seen(f"{ABSENT}run('a', {text})\nrun('b')\n")) == {"'a'", "'b'"}


@pytest.mark.parametrize("text", ["'x%s' % given()", "'%s%%' % given()", "f'{given()}/'", "given() + '/'"])
def test_a_text_with_a_written_part_is_there(text: str) -> None:
    assert seen(f"{ABSENT}run('a', {text})\nrun('b')\n") == ("'b'",)


RENDER = """
def render(rows=None, folder=None):
    if folder is None:
        folder = "own"
    if TEST:
        see(folder)
def main(day):
    rows = make(day)
    render(rows, "docs")
def make(day):
"""


@pytest.mark.parametrize(
    "body",
    [
        "rows = {}\n    for one in source(day):\n        rows[one] = 1\n    return rows",
        "rows = []\n    rows.append(day)\n    return rows",
        "return [one for one in day]",
        "return {'a': 1} if day else {}",
        "if not day:\n        raise ValueError(day)\n    return other(day)\ndef other(day):\n    return {'day': day}",
        "rows = {}\n    return fill(rows, day)\ndef fill(rows, day):\n    rows[day] = 1\n    return rows",
    ],
)
def test_a_dict_or_list_that_is_always_given_leaves_no_room_for_nothing_passed(body: str) -> None:
    source = RENDER.replace("TEST", "rows is None") + f"    {body}\n"

    assert seen(source) == ("Unknown",)
    assert seen(source.replace('render(rows, "docs")', 'render(make(day), "docs")')) == ("Unknown",)
    assert seen(f"{source}render()\n") == ("'own'",)
    assert "'kept'" in seen(f"{source}render(folder='kept')\n")
    assert "'docs'" not in seen(f"{source}render(folder='kept')\n")
    assert "'docs'" in seen(source.replace("rows is None", "rows is not None"))


@pytest.mark.parametrize(
    "body",
    [
        "if day:\n        return {'a': 1}",
        "if not day:\n        return\n    return {'a': 1}",
        "return other(day)\ndef other(day):\n    if day:\n        return {'day': day}",
        "return source(day)",
        "rows = {}\n    rows = source(day)\n    return rows",
        "return {} or source(day)",
        "return fill(source(day))\ndef fill(rows):\n    rows['a'] = 1\n    return rows",
    ],
)
def test_a_result_that_may_be_missing_leaves_the_room(body: str) -> None:
    assert "'docs'" in seen(RENDER.replace("TEST", "rows is None") + f"    {body}\n")


def test_a_dict_that_may_be_empty_leaves_the_room_of_a_test_of_its_truth() -> None:
    filled = RENDER.replace("TEST", "not rows")

    assert "'docs'" in seen(
        filled + "    rows = {}\n    for one in source(day):\n        rows[one] = 1\n    return rows\n"
    )
    assert "'docs'" not in seen(filled + "    return {'a': day}\n")


def test_a_result_that_a_decorator_may_change_leaves_the_room() -> None:
    source = RENDER.replace("TEST", "rows is None").replace("def make", "@kept\ndef make")

    assert "'docs'" in seen(f"{source}    return {{'a': 1}}\n")
