"""Summaries of any call graph: they end, agree with what can be reached, and do not depend on who asks first."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mltradeoff_lint.resolve.summaries.components import components
from mltradeoff_lint.resolve.summaries.composing import Composer
from mltradeoff_lint.resolve.summaries.merging import joined
from mltradeoff_lint.resolve.summaries.model import MAX_HOPS
from mltradeoff_lint.resolve.summaries.readings import readings_of
from tests.resolve.summarised import Summarised, summarised

SIZE = 7
graphs = st.lists(st.frozensets(st.integers(0, SIZE - 1), max_size=3), min_size=SIZE, max_size=SIZE)
leaves = st.frozensets(st.integers(0, SIZE - 1), min_size=1, max_size=2)


def reachable(graph: list[frozenset[int]], start: int) -> dict[int, int]:
    """The nodes that lead on from one, with the number of edges."""
    distance = {start: 0}
    pending = [start]
    for node in pending:
        for one in graph[node]:
            if one not in distance:
                distance[one] = distance[node] + 1
                pending.append(one)
    return distance


@given(graphs)
def test_components_are_the_groups_that_lead_to_one_another_and_come_after_what_they_lead_to(
    graph: list[frozenset[int]],
) -> None:
    found = list(components(range(SIZE), lambda node: sorted(graph[node])))
    assert sorted(one for members in found for one in members) == list(range(SIZE))
    position = {one: number for number, members in enumerate(found) for one in members}
    reach = [reachable(graph, node) for node in range(SIZE)]
    for one in range(SIZE):
        for other in graph[one]:
            assert position[other] <= position[one]
        for other in range(SIZE):
            assert (position[one] == position[other]) == (other in reach[one] and one in reach[other])


def test_a_long_chain_of_components_needs_no_recursion() -> None:
    found = list(components([0], lambda node: [node + 1] if node < 50_000 else [0] if node == 50_000 else []))
    assert [len(members) for members in found] == [50_001]


def program(graph: list[frozenset[int]], calling: frozenset[int], *, apart: bool) -> dict[str, str]:
    """Functions that call one another as a graph says; those of `calling` call a model with what they are given."""
    bodies = []
    for node, following in enumerate(graph):
        lines = [f"def f{node}(text):"]
        if node in calling:
            lines.append("    text = litellm.completion('gpt-4o', [text])")
        lines += [f"    text = f{one}(text)" for one in sorted(following)]
        lines.append("    return text")
        bodies.append("\n".join(lines) + "\n")
    if not apart:
        return {"app.py": "import litellm\n" + "".join(bodies)}
    imports = "".join(f"from m{node} import f{node}\n" for node in range(SIZE))
    files = {
        f"m{node}.py": f"import litellm\n{imports.replace(f'from m{node} import f{node}{chr(10)}', '')}{body}"
        for node, body in enumerate(bodies)
    }
    return files


def summaries_of(found: Summarised, order: list[int], *, apart: bool) -> list[str]:
    by_node = {node: repr(found.of(f"f{node}", f"m{node}.py" if apart else "app.py")) for node in order}
    return [by_node[node] for node in range(SIZE)]


@settings(max_examples=40, deadline=None)
@given(graphs, leaves, st.booleans())
def test_a_function_calls_a_model_exactly_when_one_is_near_enough_in_any_call_graph(
    graph: list[frozenset[int]], calling: frozenset[int], apart: bool
) -> None:
    found = summarised(program(graph, calling, apart=apart))
    for node in range(SIZE):
        summary = found.of(f"f{node}", f"m{node}.py" if apart else "app.py")
        near = {one for one, hops in reachable(graph, node).items() if hops <= MAX_HOPS}
        assert bool(summary.does("model-call")) == bool(near & calling)
        assert all(len(one.way) <= MAX_HOPS for one in summary.effects)
        shortest = min((len(one.way) for one in summary.does("model-call")), default=None)
        wanted = min((hops for one, hops in reachable(graph, node).items() if one in calling), default=None)
        assert shortest == (wanted if wanted is not None and wanted <= MAX_HOPS else None)


@settings(max_examples=25, deadline=None)
@given(graphs, leaves, st.permutations(range(SIZE)), st.booleans())
def test_summaries_do_not_depend_on_which_function_is_asked_first(
    graph: list[frozenset[int]], calling: frozenset[int], order: list[int], apart: bool
) -> None:
    files = program(graph, calling, apart=apart)
    first = summaries_of(summarised(files), list(range(SIZE)), apart=apart)
    assert summaries_of(summarised(files), order, apart=apart) == first


@settings(max_examples=25, deadline=None)
@given(graphs, leaves)
def test_a_further_look_at_a_component_finds_nothing_new(graph: list[frozenset[int]], calling: frozenset[int]) -> None:
    found = summarised(program(graph, calling, apart=False))
    readings = readings_of(found.program.resolver, found.program.sites)
    for node in range(SIZE):
        summary = found.of(f"f{node}")
        again = Composer(summary.function, readings, found.summaries.of).compose()
        assert joined(summary, again) == summary


def test_what_a_summary_says_is_a_recorded_question() -> None:
    found = summarised({"llm.py": "import litellm\ndef ask(t):\n    return litellm.completion('gpt-4o', [t])\n",
                        "app.py": "from llm import ask\ndef plan(t):\n    return ask(t)\n"})  # fmt: skip
    function = found.program.function("app.py", "plan")
    with found.program.resolver.program.recording() as asked:
        found.summaries.of(function)
        found.summaries.of(function)
    assert [question.kind for question in asked()].count("summary") == 1


def test_a_summary_asked_again_is_recorded_again() -> None:
    found = summarised("def plan(t):\n    return t\n")
    function = found.program.function("app.py", "plan")
    found.summaries.of(function)
    with found.program.resolver.program.recording() as asked:
        found.summaries.of(function)
    assert "summary" in {question.kind for question in asked()}
