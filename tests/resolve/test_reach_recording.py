"""Questions about the call graph are recorded like any other, end on every graph, and say what a closure says."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mltradeoff_lint.resolve.program import Question
from mltradeoff_lint.resolve.running.reach import MAX_HOPS
from tests.resolve.prepared import Prepared, prepared

FILES = {"app.py": "def f(): ...", "user.py": "from app import f\ndef g(): f()", "other.py": "X = 1"}


def asked(files: dict[str, str]) -> tuple[Question, ...]:
    """The questions behind the role of `f`, asked twice, so that the second answer comes from memory."""
    found = prepared(files)
    function = found.function("app.py", "f")
    found.roles.of(function)
    with found.resolver.program.recording() as questions:
        found.reach.incoming(function)
        found.reach.ancestors(function)
        found.roles.of(function)
        return questions()


def test_callers_ancestors_and_roles_are_recorded_also_when_answered_from_memory() -> None:
    kinds = {question.kind for question in asked(FILES)}
    assert {"incoming", "ancestors", "role"} <= kinds


def test_a_new_caller_anywhere_changes_a_digest_and_an_unrelated_edit_none() -> None:
    before = asked(FILES)
    assert asked({**FILES, "other.py": "X = 2"}) == before
    assert asked({**FILES, "other.py": "from app import f\ndef h(): f()"}) != before


def _program(edges: list[tuple[int, int]], size: int) -> Prepared:
    """Functions `f0 ...` in modules of their own that import and call one another."""
    files = {}
    for number in range(size):
        called = sorted({after for before, after in edges if before == number})
        imports = "".join(f"from m{one} import f{one}\n" for one in called if one != number)
        body = "".join(f"    f{one}()\n" for one in called) or "    ...\n"
        files[f"m{number}.py"] = f"{imports}def f{number}():\n{body}"
    return prepared(files)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=14))
def test_ancestors_are_the_closure_of_the_calls_on_any_graph(edges: list[tuple[int, int]]) -> None:
    found = _program(edges, 7)
    wanted = {0}
    for _ in range(MAX_HOPS):
        wanted |= {before for before, after in edges if after in wanted}
    above = found.reach.ancestors(found.function("m0.py", "f0"))
    assert {f"m{number}.py" for number in wanted} == {one.path for one in above}
    for one in above:
        hops = found.reach.path_down(one, found.function("m0.py", "f0"))
        assert len(hops) <= MAX_HOPS
        assert [caller for caller, _ in hops] == list(dict.fromkeys(caller for caller, _ in hops))
